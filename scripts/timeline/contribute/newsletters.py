"""A newsletter -> its developments with their entries, if any; the others -> files of drafts.

A draft has its front matter filled in, and the facts to write from. Nothing of the bulletin's own
sentences goes in: names, dates, figures and addresses only.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from timeline.checks.duplicates import Duplicates, Fingerprint, Match, assigned
from timeline.checks.rules import DRAFT_NOTES
from timeline.content.collection import Collection
from timeline.content.dates import Role, chinese_number
from timeline.content.front_matter import Value, file_text
from timeline.content.loader import spellings
from timeline.content.text import sentences, slug
from timeline.contribute.drafts import Draft
from timeline.documents.lines import Line
from timeline.importer.developments import Bulletin, Development, read_bulletin
from timeline.importer.layout import Item
from timeline.importer.vocabulary import LISTS, Span, pattern
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.vocabulary import EFFECT_STAGES, EntryType, Measure, Rank, Stage

_MEASURES = {kind: pattern(kind) for kind in Measure if kind in LISTS}
_NUMBERS = r"\d+(?:(?:,| and|, and) \d+)*"
_MARKUP = re.compile(r"[<>\[\]\\`*_!]")  # the check would take it for HTML, links or images


@dataclass(frozen=True)
class Source:
    """The bulletin: its file, its page in docs/newsletters/ if it has one, and today's date."""

    file: str
    newsletter: str | None
    today: str


def read_newsletter(
    lines: list[Line],
    collection: Collection,
    issue: PartialDate | None = None,
    progress: Callable[[list[Item]], Iterable[Item]] = iter,
) -> Bulletin:
    """Read a bulletin, and match its developments to the entries of the site."""
    bulletin = read_bulletin(lines, collection, issue, progress)
    found = _matched([*bulletin.developments], collection, bulletin.issue)
    return replace(bulletin, developments=tuple(found))


def _matched(
    found: list[Development], collection: Collection, issue: PartialDate | None
) -> list[Development]:
    """The developments with the entries that report the same; no entry is given twice."""
    duplicates = Duplicates(collection)
    near = (_near(one, duplicates, collection, issue) for one in found)
    entries = assigned((match, place) for place, x in enumerate(near) for match in x)
    known = {entry.id: entry for entry in collection.entries}
    told = ((one, known.get(entries.get(place, ""))) for place, one in enumerate(found))
    return [_as_entered(one, entry, collection) if entry else one for one, entry in told]


def _as_entered(one: Development, entry: Entry, collection: Collection) -> Development:
    """A development with what its entry says better: nature, topics, all bodies, instruments.

    Where it tells of a stage that its words cannot mean, the two may be different: it is left.
    """
    one = replace(one, duplicate_of=entry.id)
    found = {law.id: law for law in one.instruments}
    laws = []
    for step in entry.instruments:
        page = collection.instruments[step.id]
        law = found.pop(step.id, None) or Span(0, 0, page.name, page.id, page.name_zh)
        if step.stage and law.stages and step.stage not in law.stages:
            return one
        laws.append(replace(law, stages=(step.stage,) if step.stage else (), round=step.round))
    laws += [replace(law, stages=(), round=None) for name, law in found.items() if name]
    bodies = tuple(dict.fromkeys([*one.regulators, *entry.regulators]))
    told = replace(one, type=entry.type, topics=entry.topics, regulators=bodies)
    return replace(told, instruments=tuple(laws))


def _near(
    one: Development, duplicates: Duplicates, collection: Collection, issue: PartialDate | None
) -> Iterator[Match]:
    """Entries near it by each stage that it can mean, and those of the day; topics are a guess."""
    acting = [collection.regulators[name] for name in one.regulators]
    base = Fingerprint(
        id="",
        title=one.heading or one.text[:200],
        text=one.text,
        bodies=" ".join(name for body in acting for name in (body.name, body.short)),
        date=one.date or issue,
        regulators=frozenset(one.regulators),
    )
    laws = [law for law in one.instruments if law.id]
    rounds = {law.id or "": law.round for law in laws if law.round}
    for place in range(max([1, *(len(law.stages) for law in laws)])):
        stages = {x.id or "": (x.stages[place:] or x.stages or (None,))[0] for x in laws}
        yield from duplicates.near(replace(base, stages=stages, rounds=rounds))
    yield from (duplicates.compare(base, x) for x in duplicates.fingerprints if x.date == one.date)


def drafts(bulletin: Bulletin, source: Source, collection: Collection) -> Iterator[Draft]:
    """The draft of each development that the site does not have, in the order of the text."""
    names = Counter[str]()
    for one in bulletin.developments:
        if one.duplicate_of is None:
            name = _name(one)
            names[name] += 1
            number = f"-{names[name]}" if names[name] > 1 else ""
            yield Draft(f"{name}{number}.md", _text(one, source, collection))


def _name(one: Development) -> str:
    """The file's name: the date, the body that acted, and the instrument or the nature."""
    staged = next((law for law in one.instruments if law.stage), None)
    what = f"{staged.id or staged.name} {staged.stage}" if staged else one.type
    words = " ".join([*[*one.regulators, *one.unknown_bodies][:1], what])
    return f"{one.date or 'undated'}-{slug(words) or one.type}"


def _text(one: Development, source: Source, collection: Collection) -> str:
    steps, penalties = _steps(one, collection), list(_penalties(one))
    is_named, jurisdiction = any(x["party"] for x in penalties), _jurisdiction(one, collection)
    dated = next(_others(one, Role.DATED), None)
    values: dict[str, Value] = {
        "title": None,
        "date": str(one.date) if one.date else None,
        "type": str(one.type),
        "regulators": [*one.regulators] or None,  # to be answered, if only with an empty list
        "topics": [*one.topics] or None,
        "newsletters": [source.newsletter] if source.newsletter else None,
        "instruments": [*steps],
        "jurisdiction": jurisdiction,
        "parties": [] if is_named else [_plain(name) for name in one.parties],
        "dates": {"dated": dated} if dated else None,
        "penalties": [*penalties],
        "deadlines": [{"date": date, "what": None} for date in _others(one, Role.DEADLINE)],
        "added": source.today,
    }
    asked = {"title", "date", "regulators", "topics"}
    values = {key: value for key, value in values.items() if value or key in asked}
    written = {str(step.get(key)) for step in steps for key in ("comments_close", "effective")}
    written |= {*_others(one, Role.DATED), *_others(one, Role.DEADLINE)}
    notes = [f"- {_plain(note)}" for note in _notes(one, source, collection)]
    notes += [f"- {note}" for note in _dates(one, written)]
    notes += [f"- Same instrument before: {name}" for name in _before(one, collection)]
    if one.type is EntryType.INTERNATIONAL and not jurisdiction:
        notes.append("- Give the jurisdiction: a country’s ISO code, EU or INT")
    notes += [f"- Address: <{url}>" for url in one.urls]
    return file_text(Entry, values, "\n".join([DRAFT_NOTES, "", *notes]))


def _steps(one: Development, collection: Collection) -> list[dict[str, Value]]:
    """Each instrument that has a page or a stage, with the articles that are cited.

    Dates of comments and effect belong to the first that can have them.
    """
    steps: list[dict[str, Value]] = []
    others = [(x.role, str(x.date)) for x in reversed(one.other_dates) if x.date.day]
    later = {role: day for role, day in others if day >= str(one.date or "")}
    for law in (law for law in one.instruments if law.id or law.stage):
        step: dict[str, Value] = {"id": law.id or _plain(law.name)}
        step |= {"stage": str(law.stage)} if law.stage else {}
        step |= {"round": law.round} if law.round else {}
        if law.stage is Stage.CONSULTATION and Role.COMMENTS in later:
            step["comments_close"] = later.pop(Role.COMMENTS)
        elif law.stage in EFFECT_STAGES and Role.EFFECT in later:
            step["effective"] = later.pop(Role.EFFECT)
        page = collection.instruments.get(law.id or "")
        articles = _articles(one.text, {law.name, *(spellings(page) if page else ())})
        steps.append(step | ({"articles": articles} if articles and not law.stage else {}))
    return steps


def _articles(text: str, names: set[str]) -> list[Value]:
    """The articles that a text cites of a law of these names."""
    law = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    articles = rf"\b(?:Articles?|Arts?\.) ({_NUMBERS}) (?:of|under)"
    cited = rf"{articles} (?:the )?(?:[A-Z]+ )?(?:{law})(?!\w)"
    chinese = rf"《?(?:{law})》?第([\d一二三四五六七八九十百]+)条"
    found = [match[1] for match in re.finditer(cited, text)]
    numbers = [number for run in found for number in re.findall(r"\d+", run)]
    numbers += [chinese_number(match[1]) for match in re.finditer(chinese, text)]
    return [*dict.fromkeys(numbers)]


def _penalties(one: Development) -> Iterator[dict[str, Value]]:
    """Each sum that was imposed; the party is left to be written where it is not the only one."""
    if one.type not in {EntryType.ENFORCEMENT, EntryType.JUDICIAL}:
        return
    party = _plain(one.parties[0]) if len(one.parties) == 1 else None
    for amount in (x for x in one.amounts if x.unit.isupper()):  # the others are counts
        place = one.text.find(amount.text)
        before = "".join(sentences(one.text[:place])[-1:])
        words = [(m.end(), kind) for kind, word in _MEASURES.items() for m in word.finditer(before)]
        if words:
            penalty: dict[str, Value] = {"party": party, "measure": str(max(words)[1])}
            yield penalty | {"amount": round(amount.value), "currency": amount.unit}


def _jurisdiction(one: Development, collection: Collection) -> str:
    """The place of the bodies that acted, as entries of bodies of that place have it."""
    places = {name: (page.place or "") for name, page in collection.regulators.items()}
    places = {name: place.rpartition(", ")[2] for name, place in places.items()}
    acted = {places[body] for body in one.regulators}
    if len(acted) != 1 or acted == {""}:
        return ""
    local = [name for name, place in places.items() if place in acted]
    entries = [x for name in local for x in collection.of("regulators").get(name, ())]
    codes = Counter(x.jurisdiction for x in entries if x.jurisdiction != x.home)
    return max(codes, key=lambda code: (codes[code], code), default="")


def _before(one: Development, collection: Collection) -> Iterator[str]:
    """The latest earlier entry on each instrument that it is about."""
    for law in (law for law in one.instruments if law.id and law.stage):
        entries = collection.of("instruments").get(law.id or "", ())
        yield from [x.id for x in entries if not one.date or str(x.date) <= str(one.date)][:1]


def _others(one: Development, role: Role) -> Iterator[str]:
    """The other days of a role: of documents, and deadlines that are after the event."""
    for other in one.other_dates:
        is_day = other.date.day and other.role is role
        if is_day and (role is Role.DATED or str(other.date) > str(one.date)):
            yield str(other.date)


def _dates(one: Development, written: set[str]) -> Iterator[str]:
    """The dates that are not in the front matter, and what is doubtful about them."""
    for other in one.other_dates:
        if str(other.date) not in written:
            doubt = f" ({other.note})" if other.note else ""
            yield f"Date: {other.date}, {other.role}{doubt}"


def _notes(one: Development, source: Source, known: Collection) -> Iterator[str]:
    """The facts, and what is doubtful about them."""
    first, last = one.lines
    place = f"line {first}" if first == last else f"lines {first} to {last}"
    section = f", section “{one.section}”" if one.section else ""
    yield f"Read: {source.file}, {place}{section}"
    yield f"Sure of place, day and bodies: {one.confidence:.0%}; type and topics are guesses"
    for note in one.notes:
        yield note[0].upper() + note[1:]
    for name in one.unknown_bodies:
        yield f"Body without a page: {name}; add one in docs/regulators/, or leave it to the text"
    for law in (law for law in one.instruments if law.id is None):
        names = " ".join(dict.fromkeys(filter(None, [law.name, law.name_zh])))
        what = "; give its id, or add a page in docs/instruments/" if law.stage else ""
        what += f"; {law.other} is another edition" if law.other else ""
        yield f"Instrument without a page: {names}{what}"
    if one.type is EntryType.ENFORCEMENT and not any(law.stage for law in one.instruments):
        yield from (
            f"Instrument, if it is part of that campaign: {x}" for x in _campaigns(one, known)
        )
    for amount in one.amounts:
        yield f"Figure: {amount.text}"


def _campaigns(one: Development, collection: Collection) -> list[str]:
    """The campaigns of the bodies that acted which went on that day."""
    day, bodies = str(one.date), {*one.regulators}
    laws = (x for x in collection.instruments.values() if x.rank is Rank.CAMPAIGN)
    theirs = (x for x in laws if x.start and bodies & {*x.issuers})
    return [x.id for x in theirs if str(x.start) <= day <= (str(x.end) if x.end else day)]


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
