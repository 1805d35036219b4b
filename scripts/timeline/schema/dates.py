"""Dates as sources give them: to the day, to the month or to the year."""

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from timeline.problems import quoted

# Not calendar.month_name, which depends on the machine's locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
YEARS = range(1900, 2200)
ONE_DAY = datetime.timedelta(days=1)
ISO_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, order=True, slots=True)
class PartialDate:
    """A date known to the day, month or year. An unknown month or day is 0 and so sorts first."""

    year: int
    month: int = 0
    day: int = 0

    @classmethod
    def of(cls, day: datetime.date) -> "PartialDate":
        """Return a day as a date of full precision."""
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        """The unit to which the date is known."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first_day(self) -> datetime.date:
        """The earliest day that the date can stand for."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> datetime.date:
        """The latest day that the date can stand for."""
        month = self.month or 12
        day = self.day or calendar.monthrange(self.year, month)[1]
        return datetime.date(self.year, month, day)

    @property
    def long(self) -> str:
        """The date in words: `29 April 2022`, `April 2022` or `2022`."""
        return self._text(MONTHS[self.month - 1])

    @property
    def short(self) -> str:
        """The date with a short month: `29 Apr 2022`, `Apr 2022` or `2022`."""
        return self._text(MONTHS[self.month - 1][:3])

    def _text(self, month: str) -> str:
        day = f"{self.day} " if self.day else ""
        return f"{day}{month} {self.year}" if self.month else str(self.year)

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)


def parse_date(value: object) -> PartialDate:
    """Parse `2022-04-29`, `2022-04` or `2022` (text, or a year as a number).

    Raises ValueError, with the accepted forms, for other values and for days that do not exist.
    """
    parts = _parts(value)
    if parts is None:
        raise ValueError(f"{quoted(value)} is not a date; write 2022-04-29, 2022-04 or 2022")
    return _checked(str(value), parts)


def parse_day(value: object) -> datetime.date:
    """Parse `2022-04-29`. Raises ValueError for anything else."""
    parts = _parts(value)
    if parts is None:
        raise ValueError(f"{quoted(value)} is not a day; write it as 2022-04-29")
    date = _checked(str(value), parts)
    if not date.day:
        raise ValueError(f"{value} lacks the day; write it as 2022-04-29")
    return date.first_day


def likely_year(written: int, years: range) -> int | None:
    """Return the first of `years` with the digits of a mistyped year, or None: 2026 for 2062."""
    return next((year for year in years if sorted(str(year)) == sorted(str(written))), None)


def _parts(value: object) -> list[int] | None:
    """Return the year, month and day that are given, or None if the value is not a date."""
    is_text = isinstance(value, str | int) and not isinstance(value, bool)
    match = ISO_DATE.fullmatch(str(value)) if is_text else None
    return [int(part) for part in match.groups() if part] if match else None


def _checked(text: str, parts: list[int]) -> PartialDate:
    year, month, day = (*parts, 1, 1)[:3]
    if year not in YEARS:
        raise ValueError(f"{text}: the year must be between {YEARS[0]} and {YEARS[-1]}")
    if not 1 <= month <= 12:
        raise ValueError(f"{text} does not exist: there is no month {month}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"{text} does not exist: {MONTHS[month - 1]} {year} has {last} days")
    return PartialDate(*parts)


def month_of(day: datetime.date) -> PartialDate:
    """Return the month of a day."""
    return PartialDate(day.year, day.month)


def long_day(day: datetime.date) -> str:
    """Return a day in words: `29 April 2022`."""
    return PartialDate.of(day).long


def long_days(days: Sequence[datetime.date]) -> str:
    """Return a list of days in words: `1 June 2021, 2 July 2021 and 3 August 2021`."""
    *first, last = map(long_day, days)
    return f"{', '.join(first)} and {last}" if first else last


def midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """Return the moment at which a day begins in a time zone."""
    return datetime.datetime.combine(day, datetime.time(), zone)


def today(zone: datetime.tzinfo) -> datetime.date:
    """Return the current day in the given time zone, whatever the machine's."""
    return datetime.datetime.now(zone).date()
