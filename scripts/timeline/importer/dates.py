"""Dates in running text, English or Chinese: the day, where its year comes from, what falls on it.

Libraries that look for dates in text take any number for one, complete what is vague and swallow
what is wrong; here a date is as exact as it is printed, and what was added to it is said.
"""

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from timeline.importer.words import pattern
from timeline.schema.dates import MONTHS, YEARS, PartialDate

_SHORT = [*(name[:3] for name in MONTHS), "Sept"]
_NAMES = "|".join([*MONTHS, *_SHORT])
MONTH = rf"(?:{_NAMES}|{_NAMES.upper()})(?![A-Za-z])\.?"
_PARTS = {
    "<DAY>": r"(?P<day>\d{1,2})(?:st|nd|rd|th)?",
    "<RANGE>": r"(?:\s*(?:-|–|—|to|and|&)\s*(?P<last>\d{1,2})(?:st|nd|rd|th)?)?",
    "<MONTH>": rf"(?P<month>{MONTH})",
    "<YEAR>": r"(?P<year>[12][0-9oO]{3})(?![0-9])",
    "<DAY_ZH>": r"(?P<day>\d{1,2})\s?[日号](?:[至到—–-]+(?P<last>\d{1,2})日)?",
    "<PART_ZH>": r"(?P<part>[初底]|[上中下]旬)",
    "<PART>": r"(?P<part>(?i:early|beginning of|middle of|mid-to-late|mid|late|end of))",
}
_PATTERNS = (
    r"(?<![\d.,/])<DAY><RANGE>\s+(?:of\s+)?<MONTH>(?:,?\s*<YEAR>)?",
    r"\b<MONTH>\s+<DAY>(?![\d,.]*\d)<RANGE>(?:,?\s+<YEAR>)?",
    r"\b<PART>[\s-]+<MONTH>(?:,?\s+<YEAR>)?",
    r"\b<MONTH>(?:,| of)?\s+<YEAR>",
    r"\A<MONTH>\Z",
    r"\b(?i:in|by|since|until|from)\s+<MONTH>(?!\s*(?:of )?\d)",
    r"(?<!\d)<YEAR>[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
    r"(?<![\d/.])<DAY>[/.](?P<month>\d{1,2})[/.]<YEAR>",
    r"\b(?i:end of) (?:(?:the|this) (?P<part>year)|<YEAR>)",
    r"(?:(?P<year>[12]\d{3})\s?年\s?)?(?<!\d)(?P<month>\d{1,2})\s?月(?:\s?<DAY_ZH>|<PART_ZH>)?",
    r"(?P<part>年底|年内)",
)
_AT_THE_END = {"end of", "底", "year", "年底", "年内"}


def _compiled(written: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        written = written.replace(name, part)
    return re.compile(written)


_COMPILED = [_compiled(written) for written in _PATTERNS]


class Role(StrEnum):
    """What falls on a date."""

    EVENT = "mentioned"
    COMMENTS = "comments close"
    EFFECT = "takes effect"
    DEADLINE = "deadline"
    DATED = "dated"
    PERIOD = "start or end"


_FUTURE = {Role.COMMENTS, Role.EFFECT, Role.DEADLINE}
_ROLES = {role: pattern(f"{role.name.lower()}_date") for role in Role if role is not Role.EVENT}


@dataclass(frozen=True, slots=True)
class Mention:
    """A date as it is printed. `year` is None where none is; `last` is the last day of a range."""

    start: int
    end: int
    text: str
    role: Role
    year: int | None
    month: int
    day: int = 0
    last: int = 0
    part: str = ""

    def in_year(self, year: int) -> tuple[PartialDate, str]:
        """The date in a year, and what is wrong or vague about it."""
        length = calendar.monthrange(year, self.month or 12)[1]
        vague = f"“{self.text}”" if self.part or self.last else ""
        if self.day > length:
            return PartialDate(year, self.month), f"{self.text} does not exist"
        if self.role is not Role.EVENT and (not self.month or self.part in _AT_THE_END):
            return PartialDate(year, self.month or 12, length), vague
        return PartialDate(year, self.month, self.day), vague


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date with its year. `note` says what was added to what is printed, or is wrong with it."""

    date: PartialDate
    role: Role
    start: int
    note: str = ""


def mentions(text: str) -> list[Mention]:
    """The dates in a text, in its order."""
    matches = [match for compiled in _COMPILED for match in compiled.finditer(text)]
    found: list[Mention] = []
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        mention = _mention(match)
        if mention and (not found or match.start() >= found[-1].end):
            found.append(mention)
    return found


def _mention(match: re.Match[str]) -> Mention | None:
    parts = match.groupdict("")
    year = int(re.sub("[oO]", "0", parts["year"])) if parts.get("year") else None
    name, day = parts.get("month", ""), int(parts.get("day") or 0)
    month = int(name) if name.isdigit() else _SHORT.index(name[:3].capitalize()) + 1 if name else 0
    if month > 12 >= day > 0:  # month first
        month, day = day, month
    if month > 12 or day > 31 or (year is not None and year not in YEARS):
        return None
    part = parts.get("part", "").lower() or ("" if month else "end of")
    last = int(parts.get("last") or 0)
    return Mention(*match.span(), match[0].strip(), _role(match), year, month, day, last, part)


def _role(match: re.Match[str]) -> Role:
    text, start = match.string, match.start()
    before = re.split(r"[。；;\n]|\.\s", text[max(0, start - 120) : start])[-1]
    around = f"{before}•{text[match.end() :][:12]}"
    return next((role for role, words in _ROLES.items() if words.search(around)), Role.EVENT)


def month_of_issue(title: str, text: str) -> PartialDate | None:
    """The month in the bulletin's title, else the one of which most of its text tells.

    Of a review of a whole year it is the year.
    """
    named = [(m.year, m.month) for m in mentions(title) if m.year and m.month]
    past = {Role.EVENT, Role.EFFECT, Role.DATED}
    full = [(m.year, m.month) for m in mentions(text) if m.year and m.month and m.role in past]
    years = [(int(year), 0) for year in re.findall(r"(?<![\d.])20\d\d(?![\d.])", title)]
    most = [month for month, count in Counter(sorted(full)).most_common(1) if count > 2]
    guesses = [*named, *most, *years, *sorted(full)[-1:]]
    return PartialDate(*guesses[0]) if guesses else None


def resolve(
    found: Iterable[Mention], issue: PartialDate | None, after: PartialDate | None = None
) -> Iterator[FoundDate]:
    """The dates with their years. `after` is the event's: deadlines and effective dates follow it.

    A date for which neither the text nor the month of issue gives a year is left out.
    """
    for mention in found:
        year, notes = mention.year, [""]
        if year is None and issue:
            month, origin = mention.month or 12, after or issue
            is_future = mention.role in _FUTURE
            year = origin.year + (month < origin.month) if is_future else nearest_year(month, issue)
            notes = [f"year from {origin.long if is_future else issue.long}"]
        if year is not None:
            date, doubt = mention.in_year(year)
            note = "; ".join(filter(None, [doubt, *notes]))
            yield FoundDate(date, mention.role, mention.start, note)


def nearest_year(month: int, issue: PartialDate) -> int:
    """The year that brings a month nearest to the issue, which reports on the past."""
    years = (issue.year - 1, issue.year, issue.year + 1) if issue.month else (issue.year,)
    return min(years, key=lambda year: abs(months_between(issue, PartialDate(year, month)) + 0.5))


def months_between(one: PartialDate, other: PartialDate) -> int:
    """The months from one date to the other."""
    return (other.year - one.year) * 12 + other.month - one.month


def corrected(found: FoundDate, issue: PartialDate) -> FoundDate:
    """The same, in the year of the issue where the printed one has a wrong digit.

    That is so of an event that is still to come, and of one long ago if one digit brings it near.
    """
    near = replace(found.date, year=nearest_year(found.date.month, issue))
    gap = months_between(issue, found.date)
    digits = sum(a != b for a, b in zip(str(found.date.year), str(near.year), strict=True))
    is_wrong = gap > 2 or (gap < -9 and digits == 1)
    if not is_wrong or abs(months_between(issue, near)) > 2:
        return found
    note = f"{found.date.long} is printed, which does not fit the issue of {issue.long}"
    return replace(found, date=near, note=note)
