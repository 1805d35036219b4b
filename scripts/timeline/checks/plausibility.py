"""Warnings about implausible entries; they are not errors, since the author may know better.

Dates that a quotation contradicts, dates far in the future, and people who may be private persons.
"""

import datetime
import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from timeline.config import field_words
from timeline.content.dates import Mention, Role, mentions, plain_digits
from timeline.content.parser import ParsedFile
from timeline.problems import BODY, Location, Problem, quoted
from timeline.schema.dates import likely_year
from timeline.schema.entry import Entry, OtherDates

FAR_AHEAD = 10  # years from a development to an effective date or a deadline
MAX_COMMENT_PERIOD = 370  # days
MAX_TYPO = 800  # days between a date and its likely typo

Message = tuple[Location, str]

_WORDS = {
    name: "|".join(words.split())
    for name, words in yaml.safe_load(
        Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    ).items()
}
_COMPANY = re.compile(rf"\b(?:{_WORDS['companies']})\b|{_WORDS['companies_zh']}", re.IGNORECASE)
_TITLED = r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][a-z]+|\b(?:surnamed?|identified as) [A-Z][a-z]+"
_PERSONAL = re.compile(
    r"aged \d{1,3}\b|\(\d{2}\)|\d{1,3}[- ]years?[- ]old|, ?\d{2}(?=[,)\s]|$)|\d{1,3}岁"
    rf"|{_TITLED}|先生$|女士$|某"
)
_BOTH_NAMES = re.compile(r"[^()]+ \([\u4e00-\u9fff]+\)")  # as for companies
_PUBLISHED = re.compile(r"\b[Ii]t (?:was )?(?:published|issued|released|announced)[^.\n]{0,30}on $")


def check_plausibility(parsed: ParsedFile[Entry], entry: Entry) -> Iterator[Problem]:
    """Yield every warning about implausible contents of an entry."""
    found = (
        _contradicted_dates(entry),
        _implausible_dates(entry),
        _people(entry),
        _joined_parties(entry),
    )
    for location, message in itertools.chain(*found):
        yield parsed.problem_at(location, message, warning=True)
    for start, message in (*_people_in_text(entry.body), *_dates_in_text(entry)):
        line = entry.body_line + entry.body.count("\n", 0, start)
        yield Problem(parsed.path, line, message, warning=True, location=BODY)


def _contradicted_dates(entry: Entry) -> Iterator[Message]:
    """Warn of a quotation that gives another date, unless the text or the note names it too."""
    effective = [effect.date for step in entry.instruments for effect in step.effective]
    closing = [step.comments_close for step in entry.instruments if step.comments_close]
    roles = {
        Role.EFFECT: ("effective date", effective),
        Role.COMMENTS: ("closing date for comments", closing),
    }
    known = [*_days(entry), *effective, *closing]
    text = {date for _, date in _full_dates(f"{entry.title}\n{entry.body}")}
    noted = mentions(plain_digits(entry.date_note or ""))
    text |= {m.in_year(m.year or entry.date.year)[0].first_day for m in noted if m.month}
    for place, source in enumerate(entry.sources):
        said = _full_dates(source.quote or "")
        agrees = any(day in known for _, day in said)
        for mention, day in said:
            name, days = roles.get(mention.role, ("", []))
            near = _likely_typo(day, known)
            if days and day not in days:
                written = " and ".join(map(str, days))
                message = f"the quotation gives {day} as the {name}, but the entry has {written}"
            elif near and not (agrees or day in text):
                message = f"the quotation says {day}, but the entry has {near}"
            else:
                continue
            yield ("sources", place, "quote"), f"{message}; check which is right"


def _dates_in_text(entry: Entry) -> Iterator[tuple[int, str]]:
    """Yield (offset, message) for dates in the text that look like typos of those in the entry."""
    due = [deadline.date for deadline in entry.deadlines]
    due += [step.comments_close for step in entry.instruments if step.comments_close]
    for mention, day in _full_dates(entry.body):
        is_due = mention.role in {Role.DEADLINE, Role.COMMENTS}
        near = _likely_typo(day, due if is_due else _days(entry))
        if near and (is_due or _PUBLISHED.search(entry.body[: mention.start])):
            verb = "gives" if is_due else "says that it was published on"
            message = f"the text {verb} {day}, but the entry has {near}; check which is right"
            yield mention.start, message


def _full_dates(text: str) -> list[tuple[Mention, datetime.date]]:
    """Return the dates that a text gives with day and year."""
    dates = [(m, m.in_year(m.year)[0]) for m in mentions(plain_digits(text)) if m.year and m.day]
    return [(mention, date.first_day) for mention, date in dates if date.day]


def _days(entry: Entry) -> list[datetime.date]:
    named = [getattr(entry.dates, name) for name in OtherDates.model_fields] if entry.dates else []
    return [
        *(date.first_day for date in (entry.date, *named) if date and date.day),
        *(deadline.date for deadline in entry.deadlines),
    ]


def _likely_typo(date: datetime.date, days: list[datetime.date]) -> datetime.date | None:
    """Return the day for which a date may be a typo: only year, month or day differs."""
    for day in days if date not in days else ():
        parts = zip(date.timetuple()[:3], day.timetuple()[:3], strict=True)
        if sum(a != b for a, b in parts) == 1 and abs((date - day).days) < MAX_TYPO:
            return day
    return None


def _implausible_dates(entry: Entry) -> Iterator[Message]:
    start = entry.date.first_day
    far: list[tuple[Location, datetime.date]] = [
        (("deadlines", place, "date"), one.date) for place, one in enumerate(entry.deadlines)
    ]
    for place, step in enumerate(entry.instruments):
        close = step.comments_close
        if close and (close - start).days > MAX_COMMENT_PERIOD:
            message = f"comments close {(close - start).days:,} days after the entry's date"
            year = start.year + (f"{close:%m%d}" < f"{start:%m%d}")  # in which the day next occurs
            question = f"did you mean {year}-{close:%m-%d}?"
            yield ("instruments", place, "comments_close"), f"{message}; {question}"
        far += [(("instruments", place, "effective"), effect.date) for effect in step.effective]
        early = [effect.date for effect in step.effective if effect.date < start]
        if early and not entry.date_note:  # an announcement may be backdated
            message = (
                f"takes effect on {early[0]}, before the entry's date ({entry.date}); if that is "
                "right, explain it in 'date_note'"
            )
            yield ("instruments", place, "effective"), message
    for place, deadline in enumerate(entry.deadlines):
        if deadline.date < start:
            message = f"the deadline {deadline.date} is before the entry's date ({entry.date})"
            yield ("deadlines", place, "date"), f"{message}; correct one of the two"
    for location, day in far:
        if day.year - start.year > FAR_AHEAD:
            message = f"{day} is {day.year - start.year} years after the entry's date"
            near = likely_year(day.year, range(start.year, start.year + FAR_AHEAD))
            question = f"did you mean {near}-{day:%m-%d}?" if near else "is the year right?"
            yield location, f"{message}; {question}"


@cache
def _surnames() -> tuple[str, str]:
    """Return patterns of the field's common surnames, in Latin letters and in Chinese."""
    words = field_words()
    surname = f"(?:{'|'.join(words.get('surnames', ['(?!)']))})"
    return surname, f"[{words['surnames_zh']}]" if "surnames_zh" in words else "(?!)"


@cache
def _name_alone() -> re.Pattern[str]:
    surname, character = _surnames()
    return re.compile(
        rf"{surname} [A-Z](?:\.|[a-z]+(?:[- ]?[A-Za-z]+)?)|[A-Z][a-z]+(?: [A-Z]\.)? {surname}"
        rf"|{character}[\u4e00-\u9fff]{{1,2}}"
    )


@cache
def _name_in_text() -> re.Pattern[str]:
    surname, character = _surnames()
    return re.compile(
        r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}(?<!Article)(?:, \d{2},|,? \(?(?:aged|born) )"
        rf"|{_TITLED}|\b(?:{_WORDS['persons']})s?,? (?:sur)?named? [A-Z][a-z]+"
        rf"|\b(?:{_WORDS['persons']}|named),? {surname} [A-Z][a-z]+"
        rf"|{character}某{{1,2}}|(?:{_WORDS['persons_zh']}){character}[\u4e00-\u9fff]{{1,2}}\b"
        rf"|\b[A-Z][a-z]+ (?:Mou){{1,2}}\b"
        rf"|\b{surname} [A-Z][a-z]+, (?:a \d{{2}}-year-old|who)\b"
        rf"|\b{surname} [A-Z][a-z]+, (?:the |its )?(?:{_WORDS['persons']})\b"
    )


def _is_likely_person(name: str) -> bool:
    """Return whether a party is likely a person.

    Signs are an age, a title, 某 in place of a name, or a surname and no word of a company's name.
    """
    is_name = not _COMPANY.search(name) and _name_alone().fullmatch(name)
    return bool(_PERSONAL.search(name) or is_name)


def _people(entry: Entry) -> Iterator[Message]:
    named: list[tuple[Location, str]] = [
        (("parties", place), party) for place, party in enumerate(entry.parties)
    ]
    named += [(("penalties", place, "party"), p.party) for place, p in enumerate(entry.penalties)]
    companies = {name.split(" (")[0] for _, name in named if _BOTH_NAMES.fullmatch(name)}
    for location, name in named:
        if name not in companies and _is_likely_person(name):
            message = f"{quoted(name)} may be a private person; name the company, or describe the"
            yield location, f"{message} person, such as 'an employee of the bank'"
    texts: list[tuple[Location, str]] = [(("title",), entry.title)]
    texts += [(("deadlines", n, "who"), one.who or "") for n, one in enumerate(entry.deadlines)]
    for location, text in texts:
        yield from ((location, message) for _, message in _people_in_text(text))


def _joined_parties(entry: Entry) -> Iterator[Message]:
    for place, party in enumerate(entry.parties):
        forms = max(len(re.findall(form, party)) for form in (r"\b(?:Ltd|Inc|LLC)\b", "有限公司"))
        if re.fullmatch(r"(?:Co\.,? ?)?(?:Ltd|Inc|LLC|Co)\.?", party):
            message = "is the end of a name that was split at a comma; put the whole name in quotes"
            yield ("parties", place), f"{quoted(party)} {message}"
        elif forms > 1 or re.search("[;；、•]", party):
            yield (
                ("parties", place),
                f"{quoted(party)} may name several parties; make each a separate item",
            )


def _people_in_text(text: str) -> Iterator[tuple[int, str]]:
    for match in _name_in_text().finditer(text):
        message = "may name a private person; describe the person without the name"
        yield match.start(), f"'{match[0]}' {message}"
