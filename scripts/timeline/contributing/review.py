"""An entry beside its sources: which words bear each date, figure, body and title.

What a machine finds is where to look, not that it is right: a reviewer opens the sources.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from timeline.model.dates import MONTHS, PartialDate
from timeline.model.entry import Entry
from timeline.model.entry_parts import Source, Step
from timeline.source.collection import Collection

_FIGURE = re.compile(r"(?<![\w.])[0-9]+(?:[,. ][0-9]+)*(?![\w])")


@dataclass(frozen=True)
class Fact:
    """One thing that an entry says, and by which of its sources it is borne.

    `borne` holds each source's publisher with the words in which it was found.
    """

    kind: str  # date, figure, body or title
    value: str
    borne: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What another entry, or the instrument's page, says otherwise."""

    instrument: str
    other: str  # the id of an entry, or `page`
    said: str


@dataclass(frozen=True)
class Review:
    """All that a reviewer compares."""

    entry: Entry
    facts: tuple[Fact, ...]
    differences: tuple[Difference, ...]

    @property
    def bare(self) -> tuple[Fact, ...]:
        """The facts that no quoted words and no source's title bear."""
        return tuple(fact for fact in self.facts if not fact.borne)


def review(entry: Entry, collection: Collection) -> Review:
    """Compare an entry with its sources and with the others of its instruments."""
    found = [
        Fact(kind, value, tuple(_bearing(entry.sources, forms)))
        for kind, value, forms in (*_dates(entry), *_figures(entry), *_names(entry, collection))
    ]
    return Review(entry, tuple(found), tuple(_differences(entry, collection)))


def _bearing(sources: Iterable[Source], forms: set[str]) -> Iterator[str]:
    """The sources whose quote, title or publisher has one of the forms."""
    either = "|".join(re.escape(form) for form in sorted(forms) if form)
    whole = rf"(?<![a-z0-9])(?<![0-9]\.)(?:{either})(?![a-z0-9]|\.[0-9])"  # 1 is not in 1.2
    pattern = re.compile(whole if either else "(?!)")
    for source in sources:
        for words in (source.quote, source.title, source.publisher):
            if words and pattern.search(_folded(words)):
                yield f"{source.publisher}: {words}"
                break


def _folded(text: str) -> str:
    """In lower case, without the marks between thousands."""
    return re.sub(r"(?<=\d)[, ](?=\d{3})", "", text).lower()


def _dates(entry: Entry) -> Iterator[tuple[str, str, set[str]]]:
    told: list[tuple[str, PartialDate]] = [("became public", entry.date)]
    if entry.dates:
        others = ((name, getattr(entry.dates, name)) for name in type(entry.dates).model_fields)
        told += [(name, date) for name, date in others if date]
    for step in entry.instruments:
        if step.comments_close:
            told.append((f"comments on {step.id} close", _partial(step.comments_close)))
        told += [(f"{step.id} takes effect", _partial(effect.date)) for effect in step.effective]
    told += [(deadline.what, _partial(deadline.date)) for deadline in entry.deadlines]
    for what, date in told:
        yield "date", f"{date} ({what})", _forms(date)


def _partial(day: datetime.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _forms(date: PartialDate) -> set[str]:
    """How a date is written: 2022-04-29, 29 April 2022, April 29, 2022年4月29日, 4月29日."""
    forms = {str(date), date.long.lower(), date.short.lower()}
    if date.month:
        month = MONTHS[date.month - 1].lower()
        chinese = f"{date.month}月" + (f"{date.day}日" if date.day else "")
        forms |= {f"{date.year}年{chinese}"}
        if date.day:
            forms |= {chinese, f"{month} {date.day}", f"{date.day} {month}"}
            forms |= {
                f"{date.year}/{date.month}/{date.day}",
                f"{date.year}.{date.month}.{date.day}",
            }
    return forms


def _figures(entry: Entry) -> Iterator[tuple[str, str, set[str]]]:
    """The numbers of the title, the text and the penalties, but years."""
    text = re.sub(r"\]\([^)]*\)", "]", f"{entry.title}\n{entry.body}")
    dated = re.sub(rf"\b\d{{1,2}} (?={'|'.join(MONTHS)})", "", text)
    found = [match[0] for match in _FIGURE.finditer(dated)]
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


def _differences(entry: Entry, collection: Collection) -> Iterator[Difference]:
    for step in entry.instruments:
        if step.stage is None:
            continue
        issuers = set(collection.instruments[step.id].issuers)
        if issuers and entry.regulators and not issuers & set(entry.regulators):
            said = f"is issued by {', '.join(sorted(issuers))}"
            yield Difference(step.id, "page", said)
        for other, theirs in collection.steps(step.id):
            if other.id != entry.id and theirs.stage is not None:
                yield from _between(step, other, theirs)


def _between(step: Step, other: Entry, theirs: Step) -> Iterator[Difference]:
    """What two entries of one instrument say otherwise."""
    if step.stage is theirs.stage and step.round == theirs.round:
        said = f"tells of the same stage, {step.stage}, on {other.date}"
        yield Difference(step.id, other.id, said)
    mine, others = _effects(step), _effects(theirs)
    moved = {str(effect.instead_of) for effect in (*step.effective, *theirs.effective)}
    if mine and others and mine != others and not moved & {*mine, *others}:
        said = f"has it take effect on {', '.join(others)}, not on {', '.join(mine)}"
        yield Difference(step.id, other.id, said)


def _effects(step: Step) -> list[str]:
    return [str(effect.date) for effect in step.effective]
