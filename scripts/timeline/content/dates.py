"""Find dates in English or Chinese text, with the year of each and its role (deadline, effect, …).

Libraries that search for dates in text take any number for a date, complete vague dates and ignore
errors. Here a date is as exact as it is printed, and a note says what was added to it.
"""

import calendar
import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from timeline.schema.dates import ISO_DATE, MONTHS, YEARS, PartialDate, parse_date

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
    r"(?<![\w/.])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\w/%]|\.\d)",
    r"\b(?i:end of) (?:(?:the|this) (?P<part>year)|<YEAR>)",
    r"(?:(?P<year>[12]\d{3})\s?年\s?)?(?<!\d)(?P<month>\d{1,2})\s?月(?:\s?<DAY_ZH>|<PART_ZH>)?",
    r"(?:(?<!\d)(?P<year>[12]\d{3})\s?)?(?P<part>年[底末内])",
    r"\bon the (?P<day>\d{1,2})(?:st|nd|rd|th)(?=[,.;)]| that\b)",
    r"(?<![\d年月日期])(?P<day>\d{1,2})[日号](?=[，,上下召公发印举宣通正联])",
)
_AT_THE_END = {"end of", "底", "year", "年底", "年末", "年内"}


def _compiled(written: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        written = written.replace(name, part)
    return re.compile(written)


_COMPILED = [_compiled(written) for written in _PATTERNS]


class Role(StrEnum):
    """The meaning of a date in a text."""

    EVENT = "mentioned"
    COMMENTS = "comments close"
    EFFECT = "takes effect"
    DEADLINE = "deadline"
    DATED = "dated"
    PERIOD = "start or end"


_FUTURE = {Role.COMMENTS, Role.EFFECT, Role.DEADLINE}
# Patterns of a date (shown as •) and the words around it that give it a role other than EVENT.
_CONTEXTS = {
    Role.COMMENTS: (
        r"\b(?:comment|(?-i:opinion)|opinions\s(?!on|of|for|concerning|regarding)|feedback|consult|views\b|submission)[^.;]{0,110}\b(?:by|until|till|to|before|end\w*|clos\w+|through|deadline|is)\b(?!\s(?-i:[A-Z]))[^,.;]{0,25}•",
        r"\bclos(?:es|ed|ing)\b(?: on)?\s*•",
        r"(?:意见|反馈)[^。；]{0,30}截[至止][^，。]{0,6}•",
        r"意见[^，。；]{0,4}至\s*•",
        r"(?:意见|反馈).*•\s*(?:之?前|截止|为止|止)",
    ),
    Role.EFFECT: (
        r"\bappl(?:y|ies|icable)\b[^,.;|]{0,12}•",
        (
            r"\b(?:effect|effective|(?:into|in) force|implement(?:ed|ation)|commenc\w+)\b"
            r"[^,.;|)]{0,30}•"
        ),
        r"(?:施行|生效|实施)(?:日期|时间)?[:：]?\s*•",
        r"•\s*起?(?:正式)?(?:施行|实施|生效)",
    ),
    Role.DEADLINE: (
        (
            r"\b(?:by|before|until|till|no later than|not later than|prior to|due(?: on)?|"
            r"deadline(?: is| of|:)?)(?: the)?\s*•"
        ),
        r"到\s*•",
        r"•\s*(?:之?前|截止|为止|止)",
    ),
    Role.DATED: (
        r"\b(?:dated|signed on)\s*•",
        r"(?-i:[A-Z])(?!eek)\w+,? of •",
        r"\b(?:notice|circular|announcement|opinions|measures|provisions)\b[^,.;]{0,50}\bof •",
        r"成文日期[:：]?\s*•",
    ),
    Role.PERIOD: (
        r"\b(?:from|since|as of|starting|beginning|to|through|weeks? of)(?: the)?\s*•",
        r"[自从至]\s*•",
        r"•\s*起",
    ),
}
_ROLES = {role: re.compile("|".join(words), re.IGNORECASE) for role, words in _CONTEXTS.items()}


@dataclass(frozen=True, slots=True)
class Mention:
    """A date as printed.

    `year` is None if no year is printed. `last` is the last day of a range; `part` is the part of
    a month or year, such as `early`. Months and days that are not printed are 0.
    """

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
        """Return the date in a year, and what is wrong or vague about it."""
        length = calendar.monthrange(year, self.month or 12)[1]
        vague = f"“{self.text}”" if self.part or self.last else ""
        if self.day > length:
            return PartialDate(year, self.month), f"{self.text} does not exist"
        if self.role is not Role.EVENT and (not self.month or self.part in _AT_THE_END):
            return PartialDate(year, self.month or 12, length), vague
        return PartialDate(year, self.month, self.day), vague


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date with its year. `note` says what was added to the printed date or is wrong with it."""

    date: PartialDate
    role: Role
    start: int
    note: str = ""


def mentions(text: str) -> list[Mention]:
    """Return the dates in a text, in order."""
    matches = [match for compiled in _COMPILED for match in compiled.finditer(text)]
    found: list[Mention] = []
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        mention = _mention(match)
        if mention and (not found or match.start() >= found[-1].end):
            found.append(mention)
    return found


def event_mentions(text: str) -> list[Mention]:
    """Return the dates in a first sentence.

    If none of them is the date of an event, the date of a document counts as one.
    """
    found = mentions(text)
    if any(mention.role is Role.EVENT for mention in found):
        return found
    return [replace(m, role=Role.EVENT) if m.role is Role.DATED else m for m in found]


_COUNTS = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
APPOSITION = 40  # characters between a relative date and the same day in numbers
# `same`, `next` and `later` count from the event before, the others from the text's own day.
_RELATIVE = {
    "same": (
        r"\b(?:the|that|of) (?:same|very) (?:day|date)\b(?! (?:as|that|on|when)\b)|同日|同一天|当天"
    ),
    "next": r"\b(?:the (?:next|following) day|the day after)\b|次日|第二天|翌日",
    "later": (
        rf"(?:\b|(?<=[，。]))(?P<count>an?|\d+{'|'.join(_COUNTS)}|[一二三两])\s?"
        r"(?P<unit>day|week|month|天|日|周)s?\s?"
        r"(?:later|afterwards|(?<!month )(?<!months )after|后)(?![a-z])"
    ),
    "on": (
        rf"(?:(?:\b(?:on|late|this)|(?P<last>\blast)|week \(|^)\s*)"
        rf"(?P<weekday>{'|'.join(_WEEKDAYS)})"
        r"\b(?P<past> last week)?(?!,? \d|,? [A-Z][a-z]+ \d| of| next)"
    ),
    "week": r"(?P<which>[上本])周(?P<weekday_zh>[一二三四五六日])",
    "yesterday": r"\byesterday\b|昨[日天]",
    "today": (
        r"(?<!by )(?<!until )(?<!to )(?<!of )(?<!than )"
        r"(?:\b(?:today|this (?:morning|afternoon|evening))\b|今[日天])"
    ),
}
RELATIVE = re.compile("|".join(f"(?P<{x}>{_RELATIVE[x]})" for x in _RELATIVE), re.IGNORECASE)


def relative_days(
    text: str, before: PartialDate | None, own: PartialDate | None
) -> Iterator[FoundDate]:
    """Yield the relative dates in a text, counted from the event `before` or the `own` day."""
    for match in RELATIVE.finditer(text):
        origin = before if match["same"] or match["next"] or match["later"] else own
        if origin and origin.day and match["unit"] != "month":
            start = datetime.date.fromisoformat(str(origin))
            day = start + datetime.timedelta(_days_after(match, start.weekday()))
            note = f"“{match[0].strip()}”, counted from {origin.long}"
            yield FoundDate(parse_date(str(day)), Role.EVENT, match.start(), note)


def events(
    text: str, issue: PartialDate | None, before: PartialDate | None, own: PartialDate | None
) -> list[FoundDate]:
    """Return the dates of events in a first sentence; `a week later, on 3 May` is a single date."""
    printed = [x for x in resolve(event_mentions(text), own or issue) if x.role is Role.EVENT]
    relative = (
        one
        for one in relative_days(text, before, own)
        if not any(0 < day.start - one.start < APPOSITION for day in printed)
    )
    return sorted([*printed, *relative], key=lambda one: one.start)


def _days_after(match: re.Match[str], weekday: int) -> int:
    """Return the days from the origin, which falls on `weekday`, to a relative date."""
    if match["later"]:
        count = chinese_number(match["count"].lower()).replace("两", "2")
        number = _COUNTS.index(count) if count in _COUNTS else int(re.sub("an?", "1", count))
        return number * (7 if match["unit"].lower() in {"week", "周"} else 1)
    if match["on"]:
        back = (weekday - _WEEKDAYS.index(match["weekday"].capitalize())) % 7
        is_week_before = match["past"] and back <= weekday
        return -back - 7 * bool(is_week_before or (match["last"] and not back))
    if match["week"]:
        day = "一二三四五六日".index(match["weekday_zh"])
        return day - weekday - 7 * (match["which"] == "上")
    return 1 if match["next"] else -1 if match["yesterday"] else 0


def day_of_issue(title: str, issue: PartialDate) -> PartialDate | None:
    """Return the last day, in or near the month of issue, in a title or the head of an e-mail."""
    found = (one.date for one in resolve(mentions(title), issue) if one.date.day)
    return max((day for day in found if abs(months_between(issue, day)) < 2), default=None)


def _mention(match: re.Match[str]) -> Mention | None:
    parts = match.groupdict("")
    year = int(re.sub("[oO]", "0", parts["year"])) if parts.get("year") else None
    name, day = parts.get("month", ""), int(parts.get("day") or 0)
    month = int(name) if name.isdigit() else _SHORT.index(name[:3].capitalize()) + 1 if name else 0
    if day and not name:  # `in the last days of June, on the 26th`
        named = re.findall(rf"\b{MONTH}", match.string[max(0, match.start() - 40) : match.start()])
        month = _SHORT.index(named[-1][:3].capitalize()) + 1 if named else 0
    if month > 12 >= day > 0:  # month first
        month, day = day, month
    if month > 12 or day > 31 or (year is not None and year not in YEARS):
        return None
    part = parts.get("part", "").lower() or ("" if month or day else "end of")
    last = int(parts.get("last") or 0)
    return Mention(*match.span(), match[0].strip(), _role(match), year, month, day, last, part)


def _role(match: re.Match[str]) -> Role:
    text, start = match.string, match.start()
    before = re.split(r"[。；;\n]|\.\s", text[max(0, start - 120) : start])[-1]
    around = f"{before}•{text[match.end() :][:12]}"
    return next((role for role, words in _ROLES.items() if words.search(around)), Role.EVENT)


def month_of_issue(title: str, text: str) -> PartialDate | None:
    """Return the month in a newsletter's title, else the month that its text names most often.

    For a review of a whole year, return the year.
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
    """Yield the dates with their years.

    Deadlines and effective dates follow `after`, the date of the event. A date is left out if
    neither the text nor the month of issue gives its year.
    """
    for printed in found:
        mention = _completed(printed, issue) if issue else printed
        if mention.day and not mention.month:
            continue
        year, notes = mention.year, [""]
        if year is None and issue:
            month, origin = mention.month or 12, after or issue
            is_future = mention.role in _FUTURE
            year = origin.year + (month < origin.month) if is_future else nearest_year(month, issue)
            notes = [f"year from {origin.long if is_future else issue.long}"]
        if year is not None:
            date, warning = mention.in_year(year)
            note = "; ".join(filter(None, [warning, *notes]))
            yield FoundDate(date, mention.role, mention.start, note)


def _completed(mention: Mention, issue: PartialDate) -> Mention:
    """Add the month of issue to a day alone, and order day and month as is nearer to the issue."""
    if mention.day and not mention.month:
        is_before = 0 < issue.day < mention.day
        return replace(mention, month=(issue.month - is_before - 1) % 12 + 1)
    is_clear = mention.day > 12 or not re.fullmatch(r"\d\d?/\d\d?/\d{4}", mention.text)
    if is_clear or not issue.month or mention.year is None:
        return mention
    first, second = PartialDate(mention.year, mention.month), PartialDate(mention.year, mention.day)
    is_nearer = abs(months_between(issue, second)) < abs(months_between(issue, first))
    return replace(mention, month=mention.day, day=mention.month) if is_nearer else mention


def nearest_year(month: int, issue: PartialDate) -> int:
    """Return the year in which a month is nearest to the issue, which reports on the past."""
    years = (issue.year - 1, issue.year, issue.year + 1) if issue.month else (issue.year,)
    return min(years, key=lambda year: abs(months_between(issue, PartialDate(year, month)) + 0.5))


def months_between(one: PartialDate, other: PartialDate) -> int:
    """Return the number of months from one date to the other."""
    return (other.year - one.year) * 12 + other.month - one.month


def corrected(found: FoundDate, issue: PartialDate) -> FoundDate:
    """Return the date in the year nearest to the issue, if the printed year must be a misprint.

    An event that is still to come has a wrong year, and so has one long ago if the nearest year
    differs in one digit.
    """
    near = replace(found.date, year=nearest_year(found.date.month, issue))
    gap = months_between(issue, found.date)
    digits = sum(a != b for a, b in zip(str(found.date.year), str(near.year), strict=True))
    is_wrong = gap > 2 or (gap < -9 and digits == 1)
    if not is_wrong or abs(months_between(issue, near)) > 2:
        return found
    note = f"{found.date.long} is printed, which does not fit the issue of {issue.long}"
    return replace(found, date=near, note=note)


_ONES = "〇零○一二三四五六七八九"
_DIGITS = str.maketrans(_ONES, "000123456789")
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_CHINESE = re.compile(rf"[{_ONES}十]{{1,4}}(?=[年月日])")
_NUMERAL = re.compile(
    rf"(?=[{_ONES}]*[{''.join(_UNITS)}])[{_ONES}十][{_ONES}{''.join(_UNITS)}]+"
    rf"|[{_ONES}十](?=[月日条款项个家名元])"
)
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s?(万亿|万|亿|million|billion|m\b|bn\b)")
_SCALES = {"万": 4, "亿": 8, "万亿": 12, "million": 6, "m": 6, "billion": 9, "bn": 9}
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? ", re.IGNORECASE)
# Formats of a date alone, in addition to those in running text: pattern -> replacement.
_REWRITTEN = {
    r"(?i)^the\s|T\d\d:.*|\s\d\d:\d\d.*|^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?|on)\s"
    r"|\s*\([^()]*\)$": "",
    "[‐‑–—−－]": "-",
    r"^(\d\d?[/.]\d\d?[/.]|\D*\d\d?[^\d'’]+)['’]?(\d\d)$": r"\g<1>20\2",
    r"^(\d\d?)[- ]([A-Za-z]+)[- ](\d{4})$": r"\1 \2 \3",
    r"^(\d\d?)-(\d\d?)-(\d{4})$": r"\1/\2/\3",
    r"^(20\d\d)(\d\d)(\d\d)$": r"\1-\2-\3",
    r"^(\d{4}) (\d\d?) (\d\d?)$": r"\1-\2-\3",
    r"^(\d\d?)[/.](\d{4})$": r"\2年\1月",
    r"^(\d{4})[/.](\d\d?)$": r"\1年\2月",
}


def plain_digits(text: str) -> str:
    """Return a text with the full-width and Chinese digits of dates in ASCII, without spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=\d)\s+(?=[年月日号])|(?<=[年月])\s+(?=\d)", "", text)
    return _CHINESE.sub(lambda match: chinese_number(match[0]), text)


def chinese_number(text: str) -> str:
    """Return `24` for `二十四`, `1050000` for `一百零五万`, `2026` for `二〇二六`, or the text."""
    if not re.fullmatch(rf"[{_ONES}{''.join(_UNITS)}]+", text):
        return text
    whole = part = 0
    digits = ""
    for character in text:
        unit = _UNITS.get(character)
        if unit is None:
            digits += character.translate(_DIGITS)
        elif unit < 10_000:
            part, digits = part + int(digits or 1) * unit, ""
        else:
            before = whole if unit > 10_000 else 0
            whole += (before + part + int(digits or 0)) * unit - before
            part, digits = 0, ""
    return str(whole + part + int(digits or 0))


def plain_numbers(text: str) -> str:
    """Return a text with all numbers in digits, without thousands separators, `万` or `million`."""
    text = re.sub(r"(?<=\d)[, ](?=\d{3}(?!\d))", "", plain_digits(text))
    text = _NUMERAL.sub(lambda match: chinese_number(match[0]), text)
    return _SCALED.sub(
        lambda match: f"{Decimal(match[1]).scaleb(_SCALES[match[2]]).normalize():f}", text
    )


def dates_in(text: str) -> list[PartialDate]:
    """Return the dates in a text that have a year."""
    return [m.in_year(m.year)[0] for m in mentions(plain_digits(text)) if m.year]


def read_dates(text: str) -> list[PartialDate]:
    """Return the possible readings of a text as a date.

    There are two if it is unclear which number is the day, and none if the text is not a date.
    """
    if ISO_DATE.fullmatch(text):
        return []  # already in the required form, although the date may not exist
    plain = plain_digits(text.strip(" .。"))
    for pattern, new in _REWRITTEN.items():
        plain = re.sub(pattern, new, plain)
    plain = re.sub(r"\b[a-z](?=[a-z]{2})", lambda match: match[0].upper(), plain)
    found = mentions(plain)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(plain)):
        return []
    mention, dates = found[0], dates_in(plain)
    if not dates or dates[0].day != mention.day or mention.part or mention.last:
        return []
    weekday = _WEEKDAY.match(text.strip())
    if weekday and dates[0].day and f"{dates[0].first_day:%a}" != weekday[1].capitalize():
        return []  # the weekday or the date is wrong
    if "/" in plain and mention.day <= 12 and not plain.startswith(str(mention.year)):
        dates.append(PartialDate(dates[0].year, mention.day, mention.month))
    return list(dict.fromkeys(dates))
