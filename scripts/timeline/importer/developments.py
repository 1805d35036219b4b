"""A bulletin -> its developments: what each is, how sure that is and why, and its entry if any."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, groupby

from timeline.content import dates
from timeline.content.collection import Collection
from timeline.content.dates import FoundDate, Role
from timeline.content.paragraphs import blocks_of
from timeline.content.text import CHARACTER, sentences
from timeline.documents.lines import Line
from timeline.importer import facts, layout
from timeline.importer.layout import Item, Layout
from timeline.importer.names import ACTION, Names, before, described
from timeline.importer.vocabulary import Span, Vocabulary, numbers, pattern, stems
from timeline.schema.dates import PartialDate
from timeline.schema.vocabulary import CAMPAIGN_STAGES, EntryType, Rank, Stage

_CITED, _OTHERS, _DOCUMENT = map(pattern, ("cited", "others", "document"))
_ANNUAL, _JOINT, _RECENT, GENERIC = map(pattern, ("annual", "joint", "recent", "generic"))
_NUMBERED = {Stage.CONSULTATION, Stage.READING, Stage.BATCH}
_ENTERED = " issued"
_LABEL = re.compile(r"(?:Who|When|What|Where|Status|Title|Reference)\s*[:：]\s*")


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
    instruments: tuple[Span, ...]
    topics: tuple[str, ...]
    other_dates: tuple[FoundDate, ...]
    amounts: tuple[facts.Sum, ...]
    parties: tuple[str, ...]
    urls: tuple[str, ...]
    duplicate_of: str | None
    confidence: float
    notes: tuple[str, ...]
    text: str


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
    """Read a bulletin; which developments the site has already is not asked."""
    blocks = blocks_of(lines, layout.KEYED)
    names = Names(Vocabulary(collection), (block.text for block in blocks))
    short = (b.text for b in blocks[:4] if len(b.text) < 120 and len(sentences(b.text)) == 1)
    title = "\n".join([*short, *(block.text for block in blocks[4:10] if block.is_date)])
    issue = issue or dates.month_of_issue(title, "\n".join(block.text for block in blocks))
    laid_out = Layout(blocks, names)
    if annual := _ANNUAL.search(title):
        issue = PartialDate(int(annual[annual.lastgroup or 0]))  # it comes out when that is over
    keyed = (block.text for block in blocks[: layout.TOP] if layout.KEYED.match(block.text))
    own = dates.day_of_issue("\n".join([title, *keyed]), issue) if issue else None
    items, reader = laid_out.items, _Reader(laid_out, issue, own)
    found = [reader.development(item) for item in progress(items)]
    kept = tuple(_told_once(found))
    told = {number for one in kept for number in range(one.lines[0], one.lines[1] + 1)}
    rest = tuple(line for line in lines if line.number not in told)
    return Bulletin(kept, rest, issue)


class _Reader:
    """Reads the items of one bulletin."""

    def __init__(
        self, laid_out: Layout, issue: PartialDate | None, own: PartialDate | None
    ) -> None:
        self.layout, self.names, self.issue, self.own = laid_out, laid_out.names, issue, own
        self.vocabulary = laid_out.names.vocabulary
        self.collection = self.vocabulary.collection
        self.before: PartialDate | None = None  # the date of the development before
        self.acting: list[Span] = []  # its bodies

    def development(self, item: Item) -> Development:
        """What an item tells."""
        heading = item.heading.text if item.heading else ""
        paragraphs = [block.text for block in item.paragraphs if not block.is_date]
        keyed = [_LABEL.sub("", text) for text in paragraphs if layout.KEYED.match(text)]
        lead = self.layout.lead(paragraphs[0], 3) if paragraphs else ""
        more = [text for text in paragraphs if not layout.KEYED.match(text)][:1]
        if layout.KEYED.match(lead):
            lead = ". ".join([*keyed, *map(self.layout.lead, more)])
        parts = [block.text for block in item.blocks]
        marked = [block.text for block in item.blocks if block.is_heading]
        headings = [text for text in marked if not layout.SIDE_HEADING.fullmatch(text)]
        told, text = f"{lead}. {heading}", "\n".join(parts)
        if " | " in lead and not facts.stages(told):
            told += _ENTERED  # in a table, which names without a verb
        section = item.section or ""
        places = [heading, heading, heading, section, section]
        days = [block.text for block in item.paragraphs if block.is_date]
        notes: list[str] = []
        date = self._date(item, [heading, *days, lead], paragraphs[:3], notes)
        self.before = day = date.date if date else None
        acting = self._acting(item, section, told, paragraphs)
        regulators = list(dict.fromkeys(body.id for body in acting if body.id))
        unknown = dict.fromkeys(body.name for body in acting if not body.id)
        first = paragraphs[0] if paragraphs and _DOCUMENT.search(told) else ""
        laws, pages = self._laws(told, first, parts, acting), self.collection.instruments
        staged = [law for law in laws if law.stage]
        main, others = [law.id for law in staged], _OTHERS.search(told)
        if others:
            notes.append(f"bodies: “{others[0]}”; name each, the Chinese 等N部门 counts them all")
        if (others or not acting) and staged and staged[0].id:
            regulators = [*dict.fromkeys([*regulators, *pages[staged[0].id].issuers])]
            notes.append(f"bodies: not all are named; added are those that issue {staged[0].id}")
        doubts = {
            "no day": 0.2 * (not day or not day.day),
            "no body": 0.15 * (not regulators and not acting),
            "no instrument": 0.15 * (not laws),
            "no action": 0.1 * (not ACTION.search(told)),
            "no heading": 0.1 * (not heading),
            "two headings": 0.3 * (len(headings) > 1),
        }
        reasons = ", ".join(reason for reason, weight in doubts.items() if weight)
        notes += [f"confidence: {reasons}"] if reasons else []
        later = dates.resolve(dates.mentions(text), self.issue, day)
        other_dates = {(x.date, x.role): x for x in later if x.role != Role.EVENT or x.date != day}
        names = [*self.names.bodies(text), *self.names.titles(text)]
        return Development(
            lines=(min(b.lines[0] for b in item.blocks), max(b.lines[-1] for b in item.blocks)),
            section=item.section,
            heading=heading or None,
            date=day,
            date_precision=day.precision if day else None,
            type=facts.nature(self.vocabulary, section, told, staged, [*regulators, *unknown]),
            regulators=tuple(regulators),
            unknown_bodies=tuple(unknown),
            instruments=tuple(laws),
            topics=tuple(facts.topics(self.vocabulary, [text, *places], main)),
            other_dates=tuple(other_dates.values()),
            amounts=tuple(facts.sums(text)),
            parties=tuple(facts.parties(text, names)),
            urls=tuple(dict.fromkeys(url for block in item.blocks for url in block.urls)),
            duplicate_of=None,
            confidence=round(1 - sum(doubts.values()), 2),
            notes=tuple(notes),
            text=text,
        )

    def _date(
        self, item: Item, places: list[str], later: list[str], notes: list[str]
    ) -> FoundDate | None:
        """The date of the event: from the heading, the first sentence, else what comes later."""
        issue = self.issue
        told = [*map(dates.event_mentions, places), *map(dates.mentions, later)]
        found = [[*dates.resolve(dated, issue)] for dated in told]
        events = [one for dated in found[len(places) :] for one in dated if one.role is Role.EVENT]
        first = (dates.events(text, issue, self.before, self.own) for text in places)
        section = [*dates.resolve(dates.mentions(item.month), issue)]
        flat = [*chain.from_iterable(first), *(x for x in section if x.date.day), *events]
        days = [one for one in flat if one.date.day]
        lead = [x for dated in found for x in dated if x.role is Role.PERIOD and x.start < 12]
        dated = [x for one in found for x in one if x.role is Role.DATED]
        chosen = next(iter([*days, *flat, *lead, *dated, *section]), None)
        if not chosen and issue and (match := _RECENT.search(" ".join(places))):
            month = PartialDate(issue.year, issue.month)
            chosen = FoundDate(month, Role.EVENT, 0, f"“{match[0]}”, in an issue of {month.long}")
        if chosen and issue:
            chosen = dates.corrected(chosen, issue)
        if chosen and chosen.note:
            notes.append(f"date: {chosen.note}")
        elif chosen is None:
            is_printed = any(told) and issue is None
            notes.append("date: no year; give --month" if is_printed else "date: none is printed")
        return chosen

    def _acting(self, item: Item, section: str, told: str, paragraphs: list[str]) -> list[Span]:
        """The bodies that acted; those of the section or of the text before where none is named."""
        owners, named = self.names.owners(section), self.names.bodies(told)
        is_meant = GENERIC.search("".join(paragraphs[:1])) or not named
        relative = dates.RELATIVE.search(told)
        is_same = relative and relative["same"]
        follows = item.is_further or is_same or GENERIC.search(told)
        found = [*(owners if is_meant else []), *self._actors(told, paragraphs)]
        if follows and not (named or owners):
            found = self.acting or found
        self.acting = found
        return found

    def _actors(self, told: str, paragraphs: list[str]) -> list[Span]:
        """The bodies that acted: those of the heading and the first sentence.

        Where there are none, those of the first paragraph, and by whom it was done.
        """
        found = self.names.bodies(told)
        for place, paragraph in enumerate(paragraphs):
            for sentence in sentences(paragraph) if not found else ():
                acting = self.names.bodies(sentence)
                found += [body for body in acting if not place or "by " in sentence[: body.start]]
        joint = [x for x in sentences(paragraphs[0])[1:3] if _JOINT.search(x)] if paragraphs else []
        return [*found, *(body for sentence in joint for body in self.names.bodies(sentence))]

    def _laws(self, told: str, first: str, parts: list[str], acting: list[Span]) -> list[Span]:
        """The instruments: those that it is about, with their stage, then those that it cites."""
        found: list[Span] = []
        titles, actors = self.names.titles, [body.id for body in acting if body.id]
        for find, text in ((titles, told), (titles, first), (described, told)):
            for span in find(text) if not any(law.stage for law in found) else ():
                if not _CITED.search(before(text, span.start)):
                    self._add(found, span, told, acting)
        cited, pages = {law.id for law in found}, self.collection.instruments
        for number, part in enumerate(parts):
            for span in (x for x in self.names.titles(part) if x.id and x.id not in cited):
                cited.add(span.id)
                page = pages[span.id or ""]
                is_main = page.rank is Rank.CAMPAIGN and number < 2
                stages = facts.stages(told, page) if is_main else []
                found.append(replace(span, name_zh=page.name_zh, stages=tuple(stages)))
        batch = tuple(stage for stage in facts.stages(told) if stage in CAMPAIGN_STAGES)[:1]
        name = self.vocabulary.campaign(told, actors) if batch else None
        if name and name not in cited and not any(law.stage and law.id for law in found):
            told_of = Span(0, 0, pages[name].name, name, pages[name].name_zh, stages=batch)
            found = [told_of, *(x for x in found if x.id or x.stage not in CAMPAIGN_STAGES)]
        rounds = next(iter(sorted(numbers(told, "round"))), None)
        return [replace(x, round=rounds if x.stage in _NUMBERED else None) for x in found]

    def _add(self, found: list[Span], span: Span, told: str, acting: list[Span]) -> None:
        """Add an instrument, or to one that is there what another of its names adds."""
        names, known = (span.name, span.name.partition(" (")[0]), self.vocabulary
        actors = [body.id for body in acting if body.id]
        pages = (known.instrument(name, actors) for name in dict.fromkeys(names))
        page, other = span.id or next(filter(None, pages), None), span.other
        if page and known.is_elsewhere(page, acting):
            page = None
        elif page and known.is_other_edition(page, span.name, told):
            page, other = None, page
        law = self.collection.instruments.get(page or "")
        stages = tuple(facts.stages(told, law, is_draft=span.is_draft))
        name_zh = span.name_zh or (law.name_zh if law else None)
        new = replace(span, id=page, other=other, name_zh=name_zh, stages=stages)
        same = next((n for n, old in enumerate(found) if _is_same(old, new)), -1)
        is_short = page is None and len(stems(span.name)) < 3  # for one that is there already
        if same < 0 and not (found and is_short and not CHARACTER.match(span.name)):
            found.append(new)
        elif page and not found[same].id:
            found[same] = replace(new, name=found[same].name)


def _is_same(one: Span, other: Span) -> bool:
    words, others = stems(one.name), stems(other.name)
    fewer = min(len(words), len(others))
    if (one.id and other.id) or (CHARACTER.match(one.name) and fewer > 2):
        return (one.id or one.name) == (other.id or other.name)
    return len(words & others) >= 0.6 * max(1, fewer)


def _told_once(found: list[Development]) -> Iterator[Development]:
    """The developments without highlights and summaries, which others tell at length."""
    features, acts = [*map(_features, found)], [*map(_acts, found)]
    for section, items in groupby(range(len(found)), key=lambda place: found[place].section):
        group = [*items]
        others = [(n, len(x.text)) for n, x in enumerate(found) if x.section != section]
        longer = {one: [n for n, size in others if size > len(found[one].text)] for one in group}
        repeated = {one for one in group if any(features[one] & features[n] for n in longer[one])}
        is_highlight = layout.HIGHLIGHTS.fullmatch(section or "") is not None
        is_summary = len(group) >= layout.MANY and len(repeated) >= 0.6 * len(group)
        for place in group:
            one = found[place]
            is_told = one.regulators or one.unknown_bodies or one.instruments
            is_own = not is_highlight or (one.date and one.date.day and is_told)
            is_again = any(acts[place] & acts[n] for n in longer[place])
            is_again |= place in repeated and (is_highlight or is_summary)
            if is_own and not is_again:
                yield one


def _acts(one: Development) -> set[object]:
    """What two developments share only where they are the same: a stage reached on a day."""
    laws = [law for law in one.instruments if law.id and law.stage]
    return {(law.id, law.stage, one.date) for law in laws if one.date and one.date.day}


def _features(one: Development) -> set[object]:
    """Of which two developments share none: affected instruments, the acts of a body on a day."""
    days = [one.date if one.date and one.date.day else one]
    days += [told.date for told in one.other_dates if told.date.day]
    laws = {law.id or law.name for law in one.instruments if law.stage}
    return {*laws, *((day, body) for day in days for body in one.regulators + one.unknown_bodies)}
