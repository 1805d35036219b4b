"""A development -> the file of a draft: front matter filled in, and the facts to write from.

Nothing of the bulletin's own sentences goes in: names, dates, figures and addresses only.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from timeline.checks.rules import DRAFT_NOTES
from timeline.content.dates import Role
from timeline.content.front_matter import Value, file_text
from timeline.contribute.drafts import Draft, slug
from timeline.importer.developments import Bulletin, Development
from timeline.importer.vocabulary import Span
from timeline.schema.entry import Entry
from timeline.schema.vocabulary import EFFECT_STAGES, EntryType, Measure, Stage

_MARKUP = re.compile(r"[<>\[\]\\`*_!]")  # the check would take it for HTML, links or images


@dataclass(frozen=True)
class Source:
    """The bulletin: its file, its page in docs/newsletters/ if it has one, and today's date."""

    file: str
    newsletter: str | None
    today: str


def drafts(bulletin: Bulletin, source: Source) -> Iterator[Draft]:
    """The draft of each development that the site does not have, in the order of the text."""
    names = Counter[str]()
    for one in bulletin.developments:
        if one.duplicate_of is None:
            name = _name(one)
            names[name] += 1
            number = f"-{names[name]}" if names[name] > 1 else ""
            yield Draft(f"{name}{number}.md", _text(one, source))


def _name(one: Development) -> str:
    """The file's name: the date, the body that acted, and the instrument or the nature."""
    staged = next((law for law in one.instruments if law.stage), None)
    what = f"{staged.id or staged.name} {staged.stage}" if staged else one.type
    words = " ".join([*[*one.regulators, *one.unknown_bodies][:1], what])
    return f"{one.date or 'undated'}-{slug(words) or one.type}"


def _text(one: Development, source: Source) -> str:
    known = [law for law in one.instruments if law.id]
    values: dict[str, Value] = {
        "title": None,
        "date": str(one.date) if one.date else None,
        "type": str(one.type),
        "regulators": [*one.regulators] or None,  # to be answered, if only with an empty list
        "topics": [*one.topics] or None,
        "newsletters": [source.newsletter] if source.newsletter else None,
        "instruments": _steps(one, known),
        "parties": [_plain(name) for name in one.parties],
        "added": source.today,
    }
    sums = [x for x in one.amounts if x.unit.isupper()]  # the others are counts
    if one.type is EntryType.ENFORCEMENT and len(one.parties) == len(sums) == 1:
        fine: dict[str, Value] = {"amount": round(sums[0].value), "currency": sums[0].unit}
        party: dict[str, Value] = {
            "party": _plain(one.parties[0]),
            "measure": str(Measure.ADMINISTRATIVE_FINE),
        }
        values |= {"parties": None, "penalties": [party | fine]}
    asked = {"title", "date", "regulators", "topics"}
    values = {key: value for key, value in values.items() if value or key in asked}
    notes = [f"- {_plain(note)}" for note in _notes(one, source)]
    notes += [f"- Address: <{url}>" for url in one.urls]
    return file_text(Entry, values, "\n".join([DRAFT_NOTES, "", *notes]))


def _steps(one: Development, laws: list[Span]) -> list[Value]:
    """Each instrument; dates of comments and effect belong to the first that can have them."""
    steps: list[Value] = []
    later = {other.role: str(other.date) for other in reversed(one.other_dates) if other.date.day}
    for law in laws:
        step: dict[str, Value] = {"id": law.id}
        step |= {"stage": str(law.stage)} if law.stage else {}
        if law.stage is Stage.CONSULTATION and Role.COMMENTS in later:
            step["comments_close"] = later.pop(Role.COMMENTS)
        elif law.stage in EFFECT_STAGES and Role.EFFECT in later:
            step["effective"] = later.pop(Role.EFFECT)
        steps.append(step)
    return steps


def _notes(one: Development, source: Source) -> Iterator[str]:
    """The facts, and what is doubtful about them."""
    first, last = one.lines
    place = f"line {first}" if first == last else f"lines {first} to {last}"
    section = f", section “{one.section}”" if one.section else ""
    yield f"Read: {source.file}, {place}{section}; confidence {one.confidence:.0%}"
    for note in one.notes:
        yield note[0].upper() + note[1:]
    if one.type is EntryType.INTERNATIONAL:
        yield "Give the jurisdiction: a country’s ISO code, EU or INT"
    for name in one.unknown_bodies:
        yield f"Body without a page: {name}; add one in docs/regulators/, or leave it to the text"
    for law in one.instruments:
        if law.id is None:
            stage = f", {law.stage}" if law.stage else ""
            names = " ".join(dict.fromkeys(filter(None, [law.name, law.name_zh])))
            what = "; add one in docs/instruments/, or leave it to the text" if stage else ""
            yield f"Instrument without a page: {names}{stage}{what}"
    for other in one.other_dates:
        doubt = f" ({other.note})" if other.note else ""
        yield f"Date: {other.date}, {other.role}{doubt}"
    for amount in one.amounts:
        yield f"Figure: {amount.text}"


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
