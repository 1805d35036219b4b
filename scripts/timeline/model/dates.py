"""Dates as sources give them: to the day, to the month or to the year."""

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from timeline.model.problems import shown
from timeline.model.wording import Wording

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip  # calendar.month_name follows the reader's locale

YEARS = range(1900, 2200)
ONE_DAY = datetime.timedelta(days=1)
FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, order=True, slots=True)
class PartialDate:
    """A date of known precision; an unknown month or day is 0, and so sorts first."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        """How exactly the date is known."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first_day(self) -> datetime.date:
        """The earliest day it can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> datetime.date:
        """The latest day it can mean."""
        if self.day:
            return self.first_day
        year, month = (self.year, self.month + 1) if self.month else (self.year + 1, 1)
        year, month = (year + 1, 1) if month > 12 else (year, month)
        return datetime.date(year, month, 1) - ONE_DAY

    @property
    def long(self) -> str:
        """`29 April 2022`, `April 2022` or `2022`."""
        return " ".join([*([str(self.day)] if self.day else []), *self._month(), str(self.year)])

    @property
    def short(self) -> str:
        """The same with the month in three letters."""
        month = [name[:3] for name in self._month()]
        return " ".join([*([str(self.day)] if self.day else []), *month, str(self.year)])

    def _month(self) -> list[str]:
        return [MONTHS[self.month - 1]] if self.month else []

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}"
        return text + f"-{self.day:02}" if self.day else text


def parse_date(value: object) -> PartialDate:
    """Read `2022-04-29`, `2022-04` or `2022` (text, or a year as a number).

    Raises ValueError, with what is allowed, for anything else and for days that do not exist.
    """
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    match = FORM.fullmatch(text)
    if match is None:
        raise ValueError(Wording.DATE.format(value=shown(value)))
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if year not in YEARS:
        raise ValueError(Wording.YEAR.format(value=text, first=YEARS[0], last=YEARS[-1]))
    if match[2] and month not in range(1, 13):
        raise ValueError(Wording.NO_SUCH_MONTH.format(value=text))
    if match[3] and day not in range(1, calendar.monthrange(year, month)[1] + 1):
        raise ValueError(Wording.NO_SUCH_DAY.format(value=text))
    return PartialDate(year, month, day)


def parse_day(value: object) -> datetime.date:
    """Read `2022-04-29`. Raises ValueError for anything else."""
    try:
        partial = parse_date(value)
    except ValueError as error:
        if "calendar" in str(error) or "year" in str(error):
            raise
        raise ValueError(Wording.DAY.format(value=shown(value))) from None
    if partial.precision != "day":
        raise ValueError(Wording.LACKS_DAY.format(value=value))
    return partial.first_day


def month_of(day: datetime.date) -> PartialDate:
    """The month in which a day falls."""
    return PartialDate(day.year, day.month)


def long_day(day: datetime.date) -> str:
    """`29 April 2022`."""
    return PartialDate(day.year, day.month, day.day).long


def long_days(days: Sequence[datetime.date]) -> str:
    """`1 June 2021, 2 July 2021 and 3 August 2021`."""
    *first, last = map(long_day, days)
    return f"{', '.join(first)} and {last}" if first else last


def moment(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """The moment at which a day begins in a time zone."""
    return datetime.datetime.combine(day, datetime.time(), zone)


def today(zone: datetime.tzinfo) -> datetime.date:
    """The day it is in the site's time zone, whatever the machine's."""
    return datetime.datetime.now(zone).date()
