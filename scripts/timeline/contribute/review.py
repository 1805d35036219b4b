"""Compare an entry with its sources: find the words that support each date, figure, body and title.

The result only shows a reviewer where to look; the reviewer still has to open the sources.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ruamel.yaml.comments import CommentedMap

from timeline.content.collection import Collection
from timeline.content.dates import dates_in, plain_numbers
from timeline.content.front_matter import UnreadableError, edited
from timeline.schema.dates import MONTHS, PartialDate
from timeline.schema.entry import Entry, OtherDates, Source, Step

_FIGURE = re.compile(r"(?<![\w.])[0-9]+(?:[,. ][0-9]+)*(?: (?:m|b)illion)?(?![\w])")


@dataclass(frozen=True)
class Fact:
    """A claim of an entry, and the support for it: the publisher and the words of each source."""

    kind: str  # date, figure, body or title
    value: str
    support: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """The results of the comparison. `differences` are from other files on its instruments."""

    entry: Entry
    facts: tuple[Fact, ...]
    differences: tuple[str, ...]
    other_dates: tuple[str, ...] = ()  # dates in quotations that the entry does not mention

    @property
    def unsupported(self) -> tuple[Fact, ...]:
        """The facts that no source supports by its quotation, title or publisher."""
        return tuple(fact for fact in self.facts if not fact.support)


def review(entry: Entry, collection: Collection) -> Review:
    """Compare an entry with its sources and with other files on its instruments."""
    facts = (
        Fact(kind, value, tuple(_supporting(entry.sources, spellings)))
        for kind, value, spellings in (*_dates(entry), *_figures(entry), *_names(entry, collection))
    )
    others = tuple(_other_dates(entry))
    return Review(entry, tuple(facts), tuple(_differences(entry, collection)), others)


def _other_dates(entry: Entry) -> Iterator[str]:
    """Yield the days in quotations that are in neither the keys nor the text of the entry."""
    known = {value.partition(" ")[0] for _, value, _ in _dates(entry)}
    known |= set(map(str, dates_in(f"{entry.title}\n{entry.body}\n{entry.date_note}")))
    for source in entry.sources:
        for date in dates_in(source.quote or ""):
            if date.day and str(date) not in known:
                yield f"{date}: {source.publisher}: {source.quote}"


def _supporting(sources: Iterable[Source], spellings: set[str]) -> Iterator[str]:
    """Yield the words of each source whose quotation, title or publisher has a spelling."""
    any_of = "|".join(map(re.escape, sorted(spellings - {""}))) or "(?!)"
    pattern = re.compile(
        rf"(?<![a-z0-9])(?<![0-9]\.)(?:{any_of})(?![a-z0-9]|\.[0-9])"  # 1 does not match in 1.2
    )
    for source in sources:
        for words in (source.quote, source.title, source.publisher):
            if words and pattern.search(_folded(words)):
                yield f"{source.publisher}: {words}"
                break


def _folded(text: str) -> str:
    """Return the text in lower case, with numbers and dates in plain digits."""
    return plain_numbers(text.lower())


def _dates(entry: Entry) -> Iterator[tuple[str, str, set[str]]]:
    found: list[tuple[str, PartialDate]] = [("became public", entry.date)]
    if entry.dates:
        others = ((name, getattr(entry.dates, name)) for name in OtherDates.model_fields)
        found += [(name, date) for name, date in others if date]
    days: list[tuple[str, datetime.date]] = []
    for step in entry.instruments:
        if step.comments_close:
            days.append((f"comments on {step.id} close", step.comments_close))
        days += [(f"{step.id} takes effect", effect.date) for effect in step.effective]
    days += [(deadline.what, deadline.date) for deadline in entry.deadlines]
    found += [(what, PartialDate.of(day)) for what, day in days]
    for what, date in found:
        yield "date", f"{date} ({what})", _spellings(date)


def _spellings(date: PartialDate) -> set[str]:
    """Return the spellings of a date.

    They are 2022-04-29, 29 April 2022, April 29, 2022年4月29日, 4月29日, 2022/4/29, 2022.4.29.
    """
    spellings = {str(date), date.long.lower(), date.short.lower()}
    if date.month:
        month = MONTHS[date.month - 1].lower()
        chinese = f"{date.month}月" + (f"{date.day}日" if date.day else "")
        spellings.add(f"{date.year}年{chinese}")
        if date.day:
            spellings |= {chinese, f"{month} {date.day}", f"{date.day} {month}"}
            numbers = (date.year, date.month, date.day)
            spellings |= {separator.join(map(str, numbers)) for separator in "/."}
    return spellings


def _figures(entry: Entry) -> Iterator[tuple[str, str, set[str]]]:
    """Yield the numbers in the title, the text and the penalties, except years."""
    text = re.sub(r"\]\([^)]*\)", "]", f"{entry.title}\n{entry.body}")
    undated = re.sub(rf"\b\d{{1,2}} (?={'|'.join(MONTHS)})", "", text)
    found = [match[0] for match in _FIGURE.finditer(undated)]
    found += [f"{p.amount:f}" for p in entry.penalties if p.amount is not None]
    for figure in dict.fromkeys(found):
        if not re.fullmatch(r"(19|20)\d\d", figure):
            yield "figure", figure, {_folded(figure)}


def _names(entry: Entry, collection: Collection) -> Iterator[tuple[str, str, set[str]]]:
    for name in entry.regulators:
        body = collection.regulators[name]
        spellings = (body.name, body.abbreviation, body.name_zh, *body.aliases)
        yield "body", body.name, {spelling.lower() for spelling in spellings if spelling}
    for step in entry.instruments:
        law = collection.instruments[step.id]
        titles = (law.name, law.short, law.name_zh, *law.former_titles, *law.aliases)
        yield "title", law.name_zh or law.name, {title.lower() for title in titles if title}


def _differences(entry: Entry, collection: Collection) -> Iterator[str]:
    for step in entry.instruments:
        if step.stage is None:
            continue
        issuers = set(collection.instruments[step.id].issuers)
        if issuers and entry.regulators and not issuers & set(entry.regulators):
            yield f"{step.id}: its page says that it is issued by {', '.join(sorted(issuers))}"
        for other in collection.steps(step.id):
            if other.entry.id != entry.id and other.step.stage is not None:
                yield from _between(step, other.entry, other.step)


def _between(step: Step, other: Entry, theirs: Step) -> Iterator[str]:
    """Yield the differences between two entries on the same instrument."""
    if step.stage is theirs.stage and step.round == theirs.round:
        yield f"{step.id}: {other.id} reports the same stage, {step.stage}, on {other.date}"
    mine, others = ([str(effect.date) for effect in one.effective] for one in (step, theirs))
    moved = {str(effect.instead_of) for effect in (*step.effective, *theirs.effective)}
    if mine and others and mine != others and not moved & {*mine, *others}:
        dates = f"{', '.join(others)}, not on {', '.join(mine)}"
        yield f"{step.id}: {other.id} says that it takes effect on {dates}"


def mark_checked(text: str, day: datetime.date, numbers: set[int]) -> str:
    """Return the file's text with `checked: day` set in the sources of these numbers, from 1.

    Nothing else changes. Raises ValueError if a source is missing or the file cannot be edited.
    """

    def mark(front: CommentedMap) -> None:
        sources = front.get("sources") or []
        wrong = sorted(number for number in numbers if not 1 <= number <= len(sources))
        if wrong or not numbers:
            missing = wrong[0] if wrong else 1
            raise ValueError(f"there is no source {missing}; the entry has {len(sources)}")
        for number in numbers:
            # A copy each, since YAML would write an alias for a repeated object.
            sources[number - 1]["checked"] = day.replace()

    try:
        return edited(text, mark)
    except UnreadableError as error:
        raise ValueError(f"line {error.line}: {error}") from None
