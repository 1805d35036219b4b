"""Dates as people and documents write them: in words, with slashes, in Chinese.

>>> read_dates("the 20th of November 2026")
[PartialDate(year=2026, month=11, day=20)]
"""

import re
import unicodedata
from collections.abc import Iterator

from timeline.schema.dates import MONTHS, PartialDate

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_NUMERAL = "〇零○一二三四五六七八九十"
_CHINESE = re.compile(rf"([{_NUMERAL}]{{4}})年|([{_NUMERAL}]{{1,3}})(月|日)")
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]}|t)?" for month in MONTHS)
_SEPARATED = r"(?P<a>\d{1,4})(?P<mark>[-./])(?P<b>\d{1,2})(?:(?P=mark)(?P<c>\d{1,4}))?"
_DATE = re.compile(
    rf"(?<![\w./-])(?:{_SEPARATED}(?![\w/-]|\.\d)"
    r"|(?P<compact>20\d{6})(?!\w))"
    r"|(?P<zy>\d{4})年(?:(?P<zm>\d{1,2})月(?:(?P<zd>\d{1,2})[日号])?)?"
    rf"|\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})\.?,?\s+"
    r"(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{4})\b",
    re.IGNORECASE,
)


def plain_digits(text: str) -> str:
    """Full-width and Chinese digits of dates as ASCII, without the spaces between them."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=\d)\s+(?=[年月日号])|(?<=[年月])\s+(?=\d)", "", text)
    return _CHINESE.sub(lambda m: _number(m[1] or m[2]) + (m[3] or "年"), text)


def _number(numeral: str) -> str:
    """`二〇二六` is 2026, `二十` is 20."""
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return numeral.translate(_DIGITS)
    return (tens.translate(_DIGITS) or "1") + (ones.translate(_DIGITS) or "0")


def chinese_number(text: str) -> str:
    """`24` for `二十四`; `105` for `一百零五`; any other text as it is."""
    match = re.fullmatch(rf"(?:([{_NUMERAL}])百)?零?([{_NUMERAL}]{{0,3}})", text)
    if not text or match is None:
        return text
    hundreds = int((match[1] or "零").translate(_DIGITS)) * 100
    return str(hundreds + int(_number(match[2] or "零")))


def read_dates(text: str) -> list[PartialDate]:
    """What a text that is a date can mean: one date, two where day and month are unclear, none."""
    plain = re.sub(r"T\d\d:.*|\s+\d\d:\d\d.*", "", plain_digits(str(text).strip(" .。")))
    match = _DATE.fullmatch(re.sub(r"^the\s+", "", plain))
    return _meanings(match) if match else []


def dates_in(text: str) -> Iterator[PartialDate]:
    """The certain dates within a text, in its order."""
    for match in _DATE.finditer(plain_digits(text)):
        found = _meanings(match)
        if len(found) == 1:
            yield found[0]


def _meanings(match: re.Match[str]) -> list[PartialDate]:
    part = match.groupdict()
    if part["month"]:
        month = [name[:3].lower() for name in MONTHS].index(part["month"][:3].lower()) + 1
        found = [(part["year"], str(month), part["day"] or part["day2"])]
    elif part["zy"]:
        found = [(part["zy"], part["zm"], part["zd"])]
    elif part["compact"]:
        found = [(part["compact"][:4], part["compact"][4:6], part["compact"][6:])]
    elif len(part["a"]) == 4:
        found = [(part["a"], part["b"], part["c"])]
    elif part["c"] and len(part["c"]) in {2, 4}:
        year = part["c"] if len(part["c"]) == 4 else f"20{part['c']}"
        found = [(year, part["b"], part["a"])]
        found += [(year, part["a"], part["b"])] if part["mark"] == "/" else []
    else:
        return []
    written = (n for n in found if all(part is None or int(part) for part in n))
    dates = (_date(*(int(part or 0) for part in numbers)) for numbers in written)
    return list(dict.fromkeys(filter(None, dates)))


def _date(year: int, month: int, day: int) -> PartialDate | None:
    """A date, where it exists."""
    date = PartialDate(year, month, day)
    try:
        return date if date.first_day and (month or not day) else None
    except ValueError:
        return None
