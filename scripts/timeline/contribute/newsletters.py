"""Match the developments in a newsletter to the entries of the site, and draft entries for others.

A draft has its front matter filled in, with notes of the facts to write from. It contains none of
the newsletter's own sentences: only names, dates, figures and addresses.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from timeline.checks.duplicates import Duplicates, Fingerprint, Match, assign_matches
from timeline.checks.rules import DRAFT_NOTES
from timeline.content.collection import Collection
from timeline.content.dates import Role, chinese_number
from timeline.content.front_matter import Value, file_text
from timeline.content.loader import spellings
from timeline.content.text import sentences, slug
from timeline.contribute.drafts import Draft
from timeline.documents.lines import Line
from timeline.importer.developments import Development, ParsedNewsletter, parse_newsletter
from timeline.importer.layout import Item
from timeline.importer.vocabulary import LISTS, Span, pattern
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.vocabulary import EFFECT_STAGES, EntryType, Measure, Rank, Stage

_MEASURES = {kind: pattern(kind) for kind in Measure if kind in LISTS}
_NUMBERS = r"\d+(?:(?:,| and|, and) \d+)*"
_MARKUP = re.compile(r"[<>\[\]\\`*_!]")  # the check would read it as HTML, links or images


@dataclass(frozen=True)
class Source:
    """The newsletter's file, the id of its page in docs/newsletters/, if any, and today's date."""

    file: str
    newsletter: str | None
    today: str


def read_newsletter(
    lines: list[Line],
    collection: Collection,
    issue: PartialDate | None = None,
    progress: Callable[[list[Item]], Iterable[Item]] = iter,
) -> ParsedNewsletter:
    """Read a newsletter, and match its developments to the entries of the site."""
    bulletin = parse_newsletter(lines, collection, issue, progress)
    found = _matched([*bulletin.developments], collection, bulletin.issue)
    return replace(bulletin, developments=tuple(found))


def _matched(
    found: list[Development], collection: Collection, issue: PartialDate | None
) -> list[Development]:
    """Match developments to the entries that report the same; each entry is matched only once."""
    duplicates = Duplicates(collection)
    candidates = (_candidates(one, duplicates, collection, issue) for one in found)
    entry_ids = assign_matches((match, place) for place, x in enumerate(candidates) for match in x)
    known = {entry.id: entry for entry in collection.entries}
    pairs = ((one, known.get(entry_ids.get(place, ""))) for place, one in enumerate(found))
    return [_merged(one, entry, collection) if entry else one for one, entry in pairs]


def _merged(one: Development, entry: Entry, collection: Collection) -> Development:
    """Return a development with the type, topics, bodies and instruments of its entry.

    If the entry has a stage that the newsletter's words cannot mean, the two may be different, and
    only the id of the entry is set.
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
    return replace(
        one, type=entry.type, topics=entry.topics, regulators=bodies, instruments=tuple(laws)
    )


def _candidates(
    one: Development, duplicates: Duplicates, collection: Collection, issue: PartialDate | None
) -> Iterator[Match]:
    """Yield likely duplicates by each possible stage, and all entries of the same day.

    Topics are not compared, since those of a development are only guesses.
    """
    acting = [collection.regulators[name] for name in one.regulators]
    base = Fingerprint(
        id="",
        title=one.heading or one.text[:200],
        text=one.text,
        regulator_names=" ".join(name for body in acting for name in (body.name, body.short)),
        date=one.date or issue,
        regulators=frozenset(one.regulators),
    )
    laws = [law for law in one.instruments if law.id]
    rounds = {law.id or "": law.round for law in laws if law.round}
    for place in range(max([1, *(len(law.stages) for law in laws)])):
        stages = {x.id or "": (x.stages[place:] or x.stages or (None,))[0] for x in laws}
        yield from duplicates.near(replace(base, stages=stages, rounds=rounds))
    yield from (duplicates.compare(base, x) for x in duplicates.fingerprints if x.date == one.date)


def drafts(bulletin: ParsedNewsletter, source: Source, collection: Collection) -> Iterator[Draft]:
    """Yield a draft of each development that the site does not have, in the order of the text."""
    names = Counter[str]()
    for one in bulletin.developments:
        if one.duplicate_of is None:
            name = _file_name(one)
            names[name] += 1
            number = f"-{names[name]}" if names[name] > 1 else ""
            yield Draft(f"{name}{number}.md", _draft_text(one, source, collection))


def _file_name(one: Development) -> str:
    """Return a name of the date, the body that acted, and the instrument's stage or the type."""
    staged = next((law for law in one.instruments if law.stage), None)
    what = f"{staged.id or staged.name} {staged.stage}" if staged else one.type
    words = " ".join([*[*one.regulators, *one.unknown_bodies][:1], what])
    return f"{one.date or 'undated'}-{slug(words) or one.type}"


def _draft_text(one: Development, source: Source, collection: Collection) -> str:
    steps, penalties = _steps(one, collection), list(_penalties(one))
    has_party, jurisdiction = any(x["party"] for x in penalties), _jurisdiction(one, collection)
    dated = next(_days(one, Role.DATED), None)
    values: dict[str, Value] = {
        "title": None,
        "date": str(one.date) if one.date else None,
        "type": str(one.type),
        "regulators": [*one.regulators] or None,  # an empty list must be a deliberate answer
        "topics": [*one.topics] or None,
        "newsletters": [source.newsletter] if source.newsletter else None,
        "instruments": [*steps],
        "jurisdiction": jurisdiction,
        "parties": [] if has_party else [_without_markup(name) for name in one.parties],
        "dates": {"dated": dated} if dated else None,
        "penalties": [*penalties],
        "deadlines": [{"date": date, "what": None} for date in _days(one, Role.DEADLINE)],
        "added": source.today,
    }
    required = {"title", "date", "regulators", "topics"}
    values = {key: value for key, value in values.items() if value or key in required}
    used = {str(step.get(key)) for step in steps for key in ("comments_close", "effective")}
    used |= {*_days(one, Role.DATED), *_days(one, Role.DEADLINE)}
    notes = [f"- {_without_markup(note)}" for note in _notes(one, source, collection)]
    notes += [f"- {note}" for note in _other_dates(one, used)]
    notes += [f"- Earlier entry on the same instrument: {x}" for x in _earlier(one, collection)]
    if one.type is EntryType.INTERNATIONAL and not jurisdiction:
        notes.append("- Give the jurisdiction: a country’s ISO code, EU or INT")
    notes += [f"- Address: <{url}>" for url in one.urls]
    return file_text(Entry, values, "\n".join([DRAFT_NOTES, "", *notes]))


def _steps(one: Development, collection: Collection) -> list[dict[str, Value]]:
    """Return the instruments that have a page or a stage, with the articles that are cited.

    A closing date or effective date is given to the first instrument that can have one.
    """
    steps: list[dict[str, Value]] = []
    others = [(x.role, str(x.date)) for x in reversed(one.other_dates) if x.date.day]
    later = {role: day for role, day in others if day >= str(one.date or "")}
    for law in (law for law in one.instruments if law.id or law.stage):
        step: dict[str, Value] = {"id": law.id or _without_markup(law.name)}
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
    """Return the articles that a text cites of the law with these names."""
    law = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    articles = rf"\b(?:Articles?|Arts?\.) ({_NUMBERS}) (?:of|under)"
    cited = rf"{articles} (?:the )?(?:[A-Z]+ )?(?:{law})(?!\w)"
    chinese = rf"《?(?:{law})》?第([\d一二三四五六七八九十百]+)条"
    found = [match[1] for match in re.finditer(cited, text)]
    numbers = [number for run in found for number in re.findall(r"\d+", run)]
    numbers += [chinese_number(match[1]) for match in re.finditer(chinese, text)]
    return [*dict.fromkeys(numbers)]


def _penalties(one: Development) -> Iterator[dict[str, Value]]:
    """Yield the sums that were imposed, with the party only if the text names exactly one."""
    if one.type not in {EntryType.ENFORCEMENT, EntryType.JUDICIAL}:
        return
    party = _without_markup(one.parties[0]) if len(one.parties) == 1 else None
    for amount in (x for x in one.amounts if x.unit.isupper()):  # others are counts, not money
        place = one.text.find(amount.text)
        before = "".join(sentences(one.text[:place])[-1:])
        words = [(m.end(), kind) for kind, word in _MEASURES.items() for m in word.finditer(before)]
        if words:
            penalty: dict[str, Value] = {"party": party, "measure": str(max(words)[1])}
            yield penalty | {"amount": round(amount.value), "currency": amount.unit}


def _jurisdiction(one: Development, collection: Collection) -> str:
    """Return the code that other entries have for the place of the bodies that acted, or ""."""
    places = {name: (page.place or "") for name, page in collection.regulators.items()}
    places = {name: place.rpartition(", ")[2] for name, place in places.items()}
    acted = {places[body] for body in one.regulators}
    if len(acted) != 1 or acted == {""}:
        return ""
    local = [name for name, place in places.items() if place in acted]
    entries = [x for name in local for x in collection.of("regulators").get(name, ())]
    codes = Counter(x.jurisdiction for x in entries if x.jurisdiction != x.home)
    return max(codes, key=lambda code: (codes[code], code), default="")


def _earlier(one: Development, collection: Collection) -> Iterator[str]:
    """Yield the latest earlier entry on each instrument that reaches a stage."""
    for law in (law for law in one.instruments if law.id and law.stage):
        entries = collection.of("instruments").get(law.id or "", ())
        yield from [x.id for x in entries if not one.date or str(x.date) <= str(one.date)][:1]


def _days(one: Development, role: Role) -> Iterator[str]:
    """Yield the days with a role; except for dates of documents, only those after the event."""
    for other in one.other_dates:
        is_day = other.date.day and other.role is role
        if is_day and (role is Role.DATED or str(other.date) > str(one.date)):
            yield str(other.date)


def _other_dates(one: Development, used: set[str]) -> Iterator[str]:
    """Yield a note of each date that is not in the front matter, with any warning about it."""
    for other in one.other_dates:
        if str(other.date) not in used:
            warning = f" ({other.note})" if other.note else ""
            yield f"Date: {other.date}, {other.role}{warning}"


def _notes(one: Development, source: Source, known: Collection) -> Iterator[str]:
    """Yield notes of the facts other than dates, with any warnings about them."""
    first, last = one.lines
    place = f"line {first}" if first == last else f"lines {first} to {last}"
    section = f", section “{one.section}”" if one.section else ""
    yield f"Read from: {source.file}, {place}{section}"
    yield (
        f"Confidence in the lines, the date and the bodies: {one.confidence:.0%}; type and topics "
        "are guesses"
    )
    for note in one.notes:
        yield note[0].upper() + note[1:]
    for name in one.unknown_bodies:
        yield f"Body without a page: {name}; add one in docs/regulators/, or name it in the text"
    for law in (law for law in one.instruments if law.id is None):
        names = " ".join(dict.fromkeys(filter(None, [law.name, law.name_zh])))
        hint = "; give its id, or add a page in docs/instruments/" if law.stage else ""
        hint += f"; {law.other_edition} is another edition" if law.other_edition else ""
        yield f"Instrument without a page: {names}{hint}"
    if one.type is EntryType.ENFORCEMENT and not any(law.stage for law in one.instruments):
        yield from (f"Perhaps part of this campaign: {x}" for x in _campaigns(one, known))
    for amount in one.amounts:
        yield f"Figure: {amount.text}"


def _campaigns(one: Development, collection: Collection) -> list[str]:
    """Return the campaigns that the bodies that acted were running on that day."""
    day, bodies = str(one.date), {*one.regulators}
    campaigns = (x for x in collection.instruments.values() if x.rank is Rank.CAMPAIGN)
    own = (x for x in campaigns if x.start and bodies & {*x.issuers})
    return [x.id for x in own if str(x.start) <= day <= (str(x.end) if x.end else day)]


def _without_markup(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
