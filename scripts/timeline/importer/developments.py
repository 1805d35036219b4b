"""A bulletin -> its developments: what each is, how sure that is and why, and its entry if any."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

from timeline.checks.duplicates import LIKELY, Duplicates, Fingerprint, Match
from timeline.content import dates
from timeline.content.collection import Collection
from timeline.content.dates import FoundDate, Role
from timeline.content.text import sentences
from timeline.importer import facts
from timeline.importer.layout import KEYED, Item, Layout, blocks_of
from timeline.importer.lines import Line
from timeline.importer.names import ACTION, Names, before, described
from timeline.importer.vocabulary import Span, Vocabulary, stems
from timeline.importer.words import pattern
from timeline.schema.dates import PartialDate
from timeline.schema.vocabulary import CAMPAIGN_STAGES, EntryType, Rank, Stage

NEAR = 4  # months from the issue within which most of what a bulletin reports lies
SAME_NAME = 0.25  # likeness of the names of two instruments
_NOT_ACTING, _CITED, _OTHERS = map(pattern, ("not_acting", "cited", "others"))
_JUDGES = pattern("judges")
_ASKED = re.compile(r"(?:Who|When|What|Where)\s*[:：]\s*")
_NOT_PRINTED = {"text", "in_highlights"}


@dataclass(frozen=True)
class Law:
    """An instrument that a development affects, or only names (no stage)."""

    name: str
    id: str | None = None
    name_zh: str | None = None
    stages: tuple[Stage, ...] = ()  # that the text can mean, the likeliest first

    @property
    def stage(self) -> Stage | None:
        """The stage that it reaches."""
        return self.stages[0] if self.stages else None


@dataclass(frozen=True)
class Development:
    """One development of a bulletin, as far as rules can read it."""

    lines: tuple[int, int]
    section: str | None
    heading: str | None
    date: PartialDate | None
    date_precision: str | None
    type: EntryType
    regulators: tuple[str, ...]
    unknown_bodies: tuple[str, ...]
    instruments: tuple[Law, ...]
    topics: tuple[str, ...]
    other_dates: tuple[FoundDate, ...]
    amounts: tuple[facts.Sum, ...]
    parties: tuple[str, ...]
    urls: tuple[str, ...]
    duplicate_of: str | None
    confidence: float
    notes: tuple[str, ...]
    text: str
    in_highlights: bool

    def as_json(self) -> dict[str, Any]:
        """The development as `--json` prints it."""
        keys = ("id", "name", "name_zh", "stage")
        told = {key: value for key, value in vars(self).items() if key not in _NOT_PRINTED}
        return told | {
            "date": self.date and str(self.date),
            "instruments": [{key: getattr(law, key) for key in keys} for law in self.instruments],
            "other_dates": [{"date": str(x.date), "what": x.role} for x in self.other_dates],
            "amounts": [amount._asdict() for amount in self.amounts],
        }


@dataclass(frozen=True)
class Bulletin:
    """The developments of a bulletin, the lines that belong to none, and its month of issue."""

    developments: tuple[Development, ...]
    rest: tuple[Line, ...]
    issue: PartialDate | None


def read_bulletin(
    lines: list[Line],
    collection: Collection,
    issue: PartialDate | None = None,
    progress: Callable[[list[Item]], Iterable[Item]] = iter,
) -> Bulletin:
    """Read a bulletin, and match its developments to the entries of the site."""
    blocks = blocks_of(lines)
    names = Names(Vocabulary(collection), (block.text for block in blocks))
    title = "\n".join(b.text for b in blocks[:4] if len(b.text) < 120 and "." not in b.text)
    issue = issue or dates.month_of_issue(title, "\n".join(block.text for block in blocks))
    items, reader = Layout(blocks, names).items, _Reader(names, issue)
    found = [reader.development(item) for item in progress(items)]
    below = [one for one in found if not one.in_highlights]
    kept = [not one.in_highlights or not _is_repeated(one, below) for one in found]
    told = {line for item in compress(items, kept) for line in item.line_numbers}
    rest = tuple(line for line in lines if line.number not in told)
    matched = _matched([*compress(found, kept)], names.vocabulary, issue)
    return Bulletin(tuple(matched), rest, issue)


class _Reader:
    """Reads the items of one bulletin."""

    def __init__(self, names: Names, issue: PartialDate | None) -> None:
        self.names, self.issue = names, issue
        self.vocabulary = names.vocabulary
        self.collection = names.vocabulary.collection

    def development(self, item: Item) -> Development:
        """What an item tells."""
        heading = item.heading.text if item.heading else ""
        paragraphs = [block.text for block in item.paragraphs if not block.is_date]
        keyed = [_ASKED.sub("", text) for text in paragraphs if KEYED.match(text)]
        lead = next(iter(sentences(paragraphs[0] if paragraphs else "")), "")
        lead = ". ".join(keyed) if KEYED.match(lead) else lead
        parts = [block.text for block in item.blocks]
        told, text = f"{heading}. {lead}", "\n".join(parts)
        days = [block.text for block in item.paragraphs if block.is_date]
        notes: list[str] = []
        date = self._date(item, [heading, *days, lead, *paragraphs[:3]], notes)
        regulators, unknown = self._actors(heading, lead, paragraphs, notes)
        laws = self._laws(heading, lead, parts, regulators)
        pages = self.collection.instruments
        staged = [law for law in laws if law.stage]
        is_partial = _OTHERS.search(told) is not None or not (regulators or unknown)
        if is_partial and staged and staged[0].id:
            regulators = [*dict.fromkeys([*regulators, *pages[staged[0].id].issuers])]
            notes.append(f"bodies: not all are named; added are those that issue {staged[0].id}")
        doubts = {
            "no day": 0.2 * (date is None or not date.date.day),
            "no body": 0.15 * (not regulators and not unknown),
            "no instrument": 0.15 * (not laws),
            "no action": 0.1 * (not ACTION.search(told)),
            "no heading": 0.1 * (not heading),
        }
        reasons = ", ".join(reason for reason, weight in doubts.items() if weight)
        notes += [f"confidence: {reasons}"] if reasons else []
        dated = (str(date.date), Role.EVENT) if date else None
        later = dates.resolve(dates.mentions(text), self.issue, date.date if date else None)
        others = {(str(one.date), one.role): one for one in later}
        names = [*self.names.bodies(text), *self.names.titles(text)]
        return Development(
            lines=(min(item.line_numbers), max(item.line_numbers)),
            section=item.section,
            heading=heading or None,
            date=date.date if date else None,
            date_precision=date.date.precision if date else None,
            type=facts.nature(
                self._section_type(item.section),
                told,
                [pages[law.id] if law.id else law.name for law in staged],
                next(iter(staged[0].stages if staged else facts.stages(told)), None),
                [self.collection.regulators[name] for name in regulators],
            ),
            regulators=tuple(regulators),
            unknown_bodies=tuple(unknown),
            instruments=tuple(laws),
            topics=tuple(facts.topics(self.vocabulary, heading, text, [x.id for x in staged])),
            other_dates=tuple(d for k, d in others.items() if k != dated),
            amounts=tuple(facts.sums(text)),
            parties=tuple(facts.parties(text, names)),
            urls=tuple(dict.fromkeys(url for block in item.blocks for url in block.urls)),
            duplicate_of=None,
            confidence=round(1 - sum(doubts.values()), 2),
            notes=tuple(notes),
            text=text,
            in_highlights=item.in_highlights,
        )

    def _section_type(self, section: str | None) -> EntryType | None:
        """The nature of what a section tells; that of another country is international."""
        code = self.vocabulary.territories.get((section or "").lower())
        home = self.collection.entries[0].home if self.collection.entries else ""
        is_abroad = code is not None and not home.startswith(code)
        return EntryType.INTERNATIONAL if is_abroad else facts.section_type(section)

    def _date(self, item: Item, places: list[str], notes: list[str]) -> FoundDate | None:
        """The date of the event: from the heading, the first sentence, else what follows."""
        issue = self.issue
        found = [one for place in places for one in dates.resolve(dates.mentions(place), issue)]
        events = [one for one in found if one.role is Role.EVENT]
        days = [one for one in events if one.date.day]
        span = NEAR if issue and issue.month else 12
        near = [x for x in days if not issue or abs(dates.months_between(issue, x.date)) <= span]
        lead = [one for one in found if one.role is Role.PERIOD and one.start < 12]
        section = dates.resolve(dates.mentions(item.month), issue)
        chosen = next(iter([*near, *days, *events, *lead, *section]), None)
        if chosen and issue:
            chosen = dates.corrected(chosen, issue)
        if chosen and chosen.note:
            notes.append(f"date: {chosen.note}")
        elif chosen is None:
            is_printed = any(dates.mentions(place) for place in places)
            notes.append("date: no year; give --month" if is_printed else "date: none is printed")
        return chosen

    def _actors(
        self, heading: str, lead: str, paragraphs: list[str], notes: list[str]
    ) -> tuple[list[str], list[str]]:
        """The bodies that acted, known and unknown: those of the heading and the first sentence.

        Later ones are those that judge or fine and, where there are no others, by whom it was done.
        """
        found = [*self._acting(lead), *self._acting(heading)]
        for place, paragraph in enumerate(paragraphs):
            for sentence in sentences(paragraph.removeprefix(lead)):
                spans = self._acting(sentence)
                if not found:
                    found += [s for s in spans if not place or "by " in sentence[: s.start]]
                elif not place and spans and spans[0].start < 5:
                    found += spans[:1] if _JUDGES.match(sentence[spans[0].end :]) else []
        others = _OTHERS.search(f"{heading}. {lead}")
        if others:
            notes.append(f"bodies: “{others[0]}”; name each, the Chinese 等N部门 counts them all")
        known = dict.fromkeys(span.id for span in found if span.id)
        return list(known), list(dict.fromkeys(span.name for span in found if not span.id))

    def _acting(self, text: str) -> list[Span]:
        bodies, titles = self.names.bodies(text), self.names.titles(text)
        acting = (body for body in bodies if not _NOT_ACTING.search(before(text, body.start)))
        return [body for body in acting if not body.overlaps(titles)]

    def _laws(self, heading: str, lead: str, parts: list[str], actors: list[str]) -> list[Law]:
        """The instruments: those that it is about, with their stage, then those that it cites."""
        found: list[Law] = []
        told, pages = f"{heading}. {lead}", self.collection.instruments
        for place in (lead, heading):
            for span in self.names.titles(place):
                is_cited = _CITED.search(before(place, span.start))
                is_known = any(_is_same(law, span.name, span.id) for law in found)
                if not is_cited and (is_known or span.id or place is lead or not found):
                    self._add(found, span, told, actors)
        for place in (lead, heading):
            told_of = described(place) if not any(law.stage for law in found) else None
            if told_of and not _CITED.search(before(place, told_of.start)):
                self._add(found, told_of, told, actors)
        cited = {law.id for law in found}
        for number, part in enumerate(parts):
            for span in (x for x in self.names.titles(part) if x.id and x.id not in cited):
                cited.add(span.id)
                page = pages[span.id or ""]
                is_main = page.rank is Rank.CAMPAIGN and number < 1 + bool(heading)
                stages = facts.stages("\n".join(parts[: number + 1]), page) if is_main else []
                found.append(Law(span.name, page.id, page.name_zh, tuple(stages)))
        batch = [stage for stage in facts.stages(told) if stage in CAMPAIGN_STAGES][:1]
        name = self.vocabulary.campaign(told, actors) if batch else None
        if name and name not in cited and not any(law.stage and law.id for law in found):
            found.insert(0, Law(pages[name].name, name, pages[name].name_zh, tuple(batch)))
        return found

    def _add(self, found: list[Law], span: Span, told: str, actors: list[str]) -> None:
        """Add an instrument, or to one that is there what another of its names adds."""
        page = span.id or self.vocabulary.instrument(span.name, actors)
        law = self.collection.instruments.get(page or "")
        stages = tuple(facts.stages(told, law, is_draft=span.is_draft))
        new = Law(span.name, page, span.name_zh or (law.name_zh if law else None), stages)
        same = next((n for n, old in enumerate(found) if _is_same(old, span.name, page)), -1)
        if same < 0:
            found.append(new)
        elif page and not found[same].id:
            found[same] = replace(new, name=found[same].name)


def _is_same(law: Law, name: str, page: str | None) -> bool:
    if law.id and page:
        return law.id == page
    one, other = stems(law.name), stems(name)
    return len(one & other) >= 0.6 * max(1, min(len(one), len(other)))


def _is_repeated(one: Development, items: list[Development]) -> bool:
    """Whether a highlight is no development of its own, or one that an item tells of too."""
    names, words = {law.id or law.name for law in one.instruments if law.stage}, stems(one.text)
    for other in items:
        shared = len(words & stems(other.text)) / max(1, len(words))
        if shared > 0.6 or names & {law.id or law.name for law in other.instruments if law.stage}:
            return True
    is_told = one.regulators or one.unknown_bodies or one.instruments
    return not (one.date and one.date.day and is_told)


def _matched(
    found: list[Development], vocabulary: Vocabulary, issue: PartialDate | None
) -> Iterator[Development]:
    """The developments with the entries that report the same; no entry is given twice."""
    collection = vocabulary.collection
    duplicates, known = (
        Duplicates(collection),
        defaultdict[PartialDate | None, list[Fingerprint]](list),
    )
    abroad = {entry.id for entry in collection.entries if entry.type is EntryType.INTERNATIONAL}
    for other in duplicates.fingerprints:
        known[other.date].append(other)
    pairs = []
    for place, one in enumerate(found):
        is_abroad = one.type is EntryType.INTERNATIONAL
        same_day = [x for x in known[one.date] if one.date and (x.id in abroad) == is_abroad]
        near = _near(one, same_day, duplicates, vocabulary, issue)
        pairs += [(-match.score, place, match.id) for match in near]
    entries: dict[int, str] = {}
    for _, place, name in sorted(pairs):
        if place not in entries and name not in entries.values():
            entries[place] = name
    for place, one in enumerate(found):
        yield replace(one, duplicate_of=entries.get(place))


def _near(
    one: Development,
    same_day: list[Fingerprint],
    duplicates: Duplicates,
    vocabulary: Vocabulary,
    issue: PartialDate | None,
) -> Iterator[Match]:
    """Likely entries, for each stage that the text can mean, and the likeliest of the very day.

    Topics are not compared, since those of the development are a guess.
    """
    acting = [vocabulary.collection.regulators[name] for name in one.regulators]
    base = Fingerprint(
        id="",
        title=one.heading or one.text[:200],
        text=one.text,
        bodies=" ".join(name for body in acting for name in (body.name, body.short)),
        date=one.date or issue,
        regulators=frozenset(one.regulators),
    )
    laws = [law for law in one.instruments if law.id]
    for place in range(max([1, *(len(law.stages) for law in laws)])):
        stages = {x.id or "": x.stages[place] if place < len(x.stages) else x.stage for x in laws}
        yield from duplicates.near(replace(base, stages=stages))
    staged = [law for law in one.instruments if law.stage]
    for other in same_day:
        pairs = [x.id == y or vocabulary.likeness(x.name, y) for x in staged for y in other.staged]
        match = duplicates.compare(base, other)
        if max(pairs, default=1.0) >= SAME_NAME and match.score >= LIKELY:
            yield match
