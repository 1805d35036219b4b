"""Dates with and without month and day, dates in words, and the current date."""

import datetime
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Self
from zoneinfo import ZoneInfo

import pytest
from timeline.schema import dates
from timeline.schema.dates import PartialDate, long_days, parse_date, parse_day

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2022-04-09", ("9 April 2022", "9 Apr 2022", "day", "2022-04-09", "2022-04-09")),
        ("2022-04-30", ("30 April 2022", "30 Apr 2022", "day", "2022-04-30", "2022-04-30")),
        ("2024-02-29", ("29 February 2024", "29 Feb 2024", "day", "2024-02-29", "2024-02-29")),
        ("2024-02", ("February 2024", "Feb 2024", "month", "2024-02-01", "2024-02-29")),
        ("2023-02", ("February 2023", "Feb 2023", "month", "2023-02-01", "2023-02-28")),
        ("2022-12", ("December 2022", "Dec 2022", "month", "2022-12-01", "2022-12-31")),
        ("2022-01", ("January 2022", "Jan 2022", "month", "2022-01-01", "2022-01-31")),
        (2022, ("2022", "2022", "year", "2022-01-01", "2022-12-31")),
        ("1900", ("1900", "1900", "year", "1900-01-01", "1900-12-31")),
        ("2199", ("2199", "2199", "year", "2199-01-01", "2199-12-31")),
    ],
)
def test_date_is_shown_only_as_precisely_as_known(value: str | int, shown: tuple[str, ...]) -> None:
    date = parse_date(value)
    days = (str(date.first_day), str(date.last_day))
    assert (str(date), date.long, date.short, date.precision, *days) == (str(value), *shown)


ABSENT = "does not exist:"
MALFORMED = [
    *("soon", "next year", "", "2022-4-29", "22-04-29", "2022-04-29T10:00", "2022-04-29 "),
    *("２０２２", 20220429, 2022.5, None, True, datetime.date(2022, 4, 29)),
]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1899", "1899: the year must be between 1900 and 2199"),
        ("2200-01-01", "2200-01-01: the year must be between 1900 and 2199"),
        ("2022-00", f"2022-00 {ABSENT} there is no month 0"),
        ("2022-13", f"2022-13 {ABSENT} there is no month 13"),
        ("2022-04-00", f"2022-04-00 {ABSENT} April 2022 has 30 days"),
        ("2018-09-31", f"2018-09-31 {ABSENT} September 2018 has 30 days"),
        ("2023-02-29", f"2023-02-29 {ABSENT} February 2023 has 28 days"),
        *((value, f"{value!r} is not a date; write 2022-04-29, 2022-04 or 2022")
          for value in MALFORMED),
    ],
)  # fmt: skip
def test_invalid_date_is_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_date(value)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2022", "2022 lacks the day; write it as 2022-04-29"),
        ("2022-04", "2022-04 lacks the day; write it as 2022-04-29"),
        ("2022-02-30", f"2022-02-30 {ABSENT} February 2022 has 28 days"),
        *((value, f"{value!r} is not a day; write it as 2022-04-29") for value in MALFORMED),
    ],
)
def test_invalid_day_is_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_day(value)
    assert str(refused.value) == message


def test_day_is_read_and_written() -> None:
    day = datetime.date(2022, 4, 29)
    assert parse_day("2022-04-29") == day
    assert PartialDate.of(day) == PartialDate(2022, 4, 29)
    assert dates.month_of(day) == PartialDate(2022, 4)
    assert str(dates.midnight(day, SHANGHAI)) == "2022-04-29 00:00:00+08:00"
    days = [day, datetime.date(2022, 5, 1), datetime.date(2023, 6, 30)]
    assert [dates.long_day(day), long_days(days[:1])] == ["29 April 2022"] * 2
    assert long_days(days[:2]) == "29 April 2022 and 1 May 2022"
    assert long_days(days) == "29 April 2022, 1 May 2022 and 30 June 2023"


def test_an_unknown_month_or_day_sorts_first() -> None:
    texts = ["2020-12-31", "2021", "2021-03", "2021-03-01", "2021-03-02", "2021-04", "2022"]
    assert [str(date) for date in sorted(map(parse_date, reversed(texts)))] == texts


@pytest.fixture
def eastern_time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone in which the day begins six hours earlier than in Shanghai."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("hour", "day"), [(15, "2021-10-31"), (16, "2021-11-01")])
def test_today_is_the_day_in_the_time_zone_of_the_site(
    eastern_time_zone: None, monkeypatch: pytest.MonkeyPatch, hour: int, day: str
) -> None:
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Self:
            return cls(2021, 10, 31, hour, tzinfo=datetime.UTC).astimezone(tz)

    monkeypatch.setattr(dates, "datetime", SimpleNamespace(datetime=Clock))
    assert str(dates.today(SHANGHAI)) == day
