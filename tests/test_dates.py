"""Dates of known and unknown precision."""

import datetime

import pytest
from timeline.model.dates import PartialDate, parse_date, parse_day


@pytest.mark.parametrize(
    ("text", "long", "short", "precision"),
    [
        ("2022-04-09", "9 April 2022", "9 Apr 2022", "day"),
        ("2022-04", "April 2022", "Apr 2022", "month"),
        (2022, "2022", "2022", "year"),
        ("2024-02-29", "29 February 2024", "29 Feb 2024", "day"),
    ],
)
def test_shown(text: str | int, long: str, short: str, precision: str) -> None:
    date = parse_date(text)
    assert (date.long, date.short, date.precision, str(date)) == (long, short, precision, str(text))


@pytest.mark.parametrize(
    "value",
    [
        *("2018-09-31", "2023-02-29", "2022-13", "2022-00", "2022-04-00", "22-04-29", "", True),
        *(None, "2022-4-29", "2022-04-29T10:00", 20220429, "0000", "２０２２"),
    ],
)
def test_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"calendar|year|is not a date; write"):
        parse_date(value)


def test_order() -> None:
    texts = ["2021", "2021-03", "2021-03-01", "2021-03-02", "2021-04"]
    assert sorted(map(parse_date, reversed(texts))) == [parse_date(text) for text in texts]


def test_day() -> None:
    assert parse_day("2022-04-29") == datetime.date(2022, 4, 29)
    assert PartialDate(2022, 4).first_day == datetime.date(2022, 4, 1)
    for value, said in {
        "2022-04": "lacks the day",
        "soon": "is not a day",
        "2022-02-30": "calendar",
    }.items():
        with pytest.raises(ValueError, match=said):
            parse_day(value)
