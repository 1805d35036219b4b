"""Extract the developments of a newsletter: the facts of each, with a confidence and reasons."""

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
_ANNUAL, _JOINT, _RECENT, _GENERIC = map(pattern, ("annual", "joint", "recent", "generic"))
_NUMBERED = {Stage.CONSULTATION, Stage.READING, Stage.BATCH}
_LABEL = re.compile(r"(?:Who|When|What|Where|Status|Title|Reference)\s*[:：]\s*")


@dataclass(frozen=True)
class Development:
    """A development reported in a newsletter, as far as rules can extract its facts."""

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
    amounts: tuple[facts.Amount, ...]
    parties: tuple[str, ...]
    urls: tuple[str, ...]
    duplicate_of: str | None
    confidence: float
    notes: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class ParsedNewsletter:
    """The developments of a newsletter, the lines that belong to none, and the month of issue."""

    developments: tuple[Development, ...]
    rest: tuple[Line, ...]
    issue: PartialDate | None


def parse_newsletter(
    lines: list[Line],
    collection: Collection,
    issue: PartialDate | None = None,
    progress: Callable[[list[Item]], Iterable[Item]] = iter,
) -> ParsedNewsletter:
    """Parse a newsletter, without matching its developments to entries.

    Without `issue`, the month of issue is taken from the text. `progress` wraps the items.
    """
    blocks = blocks_of(lines, layout.KEYED)
    names = Names(Vocabulary(collection), (block.text for block in blocks))
    short = (b.text for b in blocks[:4] if len(b.text) < 120 and len(sentences(b.text)) == 1)
    title = "\n".join([*short, *(block.text for block in blocks[4:10] if block.is_date)])
    issue = issue or dates.month_of_issue(title, "\n".join(block.text for block in blocks))
    laid_out = Layout(blocks, names)
    if annual := _ANNUAL.search(title):
        issue = PartialDate(int(annual[annual.lastgroup or 0]))  # the year under review
    title_blocks = blocks[: layout.TITLE_BLOCKS]
    keyed = (block.text for block in title_blocks if layout.KEYED.match(block.text))
    day_of_issue = dates.day_of_issue("\n".join([title, *keyed]), issue) if issue else None
    parser = _Parser(laid_out, issue, day_of_issue)
    found = [parser.development(item) for item in progress(laid_out.items)]
    developments = tuple(_without_summaries(found))
    used = {number for x in developments for number in range(x.lines[0], x.lines[1] + 1)}
    rest = tuple(line for line in lines if line.number not in used)
    return ParsedNewsletter(developments, rest, issue)


class _Parser:
    """A parser for the items of one newsletter, which remembers the last date and bodies."""

    def __init__(
        self, laid_out: Layout, issue: PartialDate | None, day_of_issue: PartialDate | None
    ) -> None:
        self.layout, self.names = laid_out, laid_out.names
        self.issue, self.day_of_issue = issue, day_of_issue
        self.vocabulary = laid_out.names.vocabulary
        self.collection = self.vocabulary.collection
        self.last_date: PartialDate | None = None
        self.last_acting: list[Span] = []

    def development(self, item: Item) -> Development:
        """Return the development that an item reports."""
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
        summary, text = f"{lead}. {heading}", "\n".join(parts)
        if " | " in lead and not facts.stages(summary):
            summary += " issued"  # a table lists instruments without a verb
        section = item.section or ""
        weighted = [text, heading, heading, heading, section, section]  # for the topics
        days = [block.text for block in item.paragraphs if block.is_date]
        notes: list[str] = []
        date = self._date(item, [heading, *days, lead], paragraphs[:3], notes)
        self.last_date = day = date.date if date else None
        acting = self._acting(item, section, summary, paragraphs)
        regulators = list(dict.fromkeys(body.id for body in acting if body.id))
        unknown = dict.fromkeys(body.name for body in acting if not body.id)
        first = paragraphs[0] if paragraphs and _DOCUMENT.search(summary) else ""
        instruments = self._instruments(summary, first, parts, acting)
        affected = [instrument for instrument in instruments if instrument.stage]
        main, others = [instrument.id for instrument in affected], _OTHERS.search(summary)
        if others:
            notes.append(f"bodies: “{others[0]}”; name each; the N in 等N部门 includes those named")
        if (others or not acting) and main and main[0]:
            issuers = self.collection.instruments[main[0]].issuers
            regulators = [*dict.fromkeys([*regulators, *issuers])]
            notes.append(f"bodies: not all are named; the issuers of {main[0]} were added")
        deductions = {
            "no day": 0.2 * (not day or not day.day),
            "no body": 0.15 * (not regulators and not acting),
            "no instrument": 0.15 * (not instruments),
            "no action": 0.1 * (not ACTION.search(summary)),
            "no heading": 0.1 * (not heading),
            "two headings": 0.3 * (len(headings) > 1),
        }
        reasons = ", ".join(reason for reason, deduction in deductions.items() if deduction)
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
            type=facts.entry_type(
                self.vocabulary, section, summary, affected, [*regulators, *unknown]
            ),
            regulators=tuple(regulators),
            unknown_bodies=tuple(unknown),
            instruments=tuple(instruments),
            topics=tuple(facts.topics(self.vocabulary, weighted, main)),
            other_dates=tuple(other_dates.values()),
            amounts=tuple(facts.amounts(text)),
            parties=tuple(facts.parties(text, names)),
            urls=tuple(dict.fromkeys(url for block in item.blocks for url in block.urls)),
            duplicate_of=None,
            confidence=round(1 - sum(deductions.values()), 2),
            notes=tuple(notes),
            text=text,
        )

    def _date(
        self, item: Item, leads: list[str], paragraphs: list[str], notes: list[str]
    ) -> FoundDate | None:
        """Return the date of the event, and add any reservations to the `notes`.

        The date is taken from the `leads` (heading, dates alone on a line, first sentence) or else
        from the first `paragraphs`.
        """
        issue = self.issue
        mentions = [*map(dates.event_mentions, leads), *map(dates.mentions, paragraphs)]
        resolved = [[*dates.resolve(one, issue)] for one in mentions]
        found = [*chain.from_iterable(resolved)]
        later = chain.from_iterable(resolved[len(leads) :])
        first = (dates.events(text, issue, self.last_date, self.day_of_issue) for text in leads)
        section = [*dates.resolve(dates.mentions(item.month), issue)]
        events = [*chain.from_iterable(first), *(x for x in section if x.date.day)]
        events += [x for x in later if x.role is Role.EVENT]
        days = [x for x in events if x.date.day]
        periods = [x for x in found if x.role is Role.PERIOD and x.start < 12]
        dated = [x for x in found if x.role is Role.DATED]
        chosen = next(iter([*days, *events, *periods, *dated, *section]), None)
        if not chosen and issue and (match := _RECENT.search(" ".join(leads))):
            month = PartialDate(issue.year, issue.month)
            chosen = FoundDate(month, Role.EVENT, 0, f"“{match[0]}”, in an issue of {month.long}")
        if chosen and issue:
            chosen = dates.corrected(chosen, issue)
        if chosen and chosen.note:
            notes.append(f"date: {chosen.note}")
        elif chosen is None:
            lacks_year = any(mentions) and issue is None
            notes.append("date: no year; give --month" if lacks_year else "date: none is printed")
        return chosen

    def _acting(self, item: Item, section: str, summary: str, paragraphs: list[str]) -> list[Span]:
        """Return the bodies that acted.

        If the text names none, they are those of the section's heading or of the item before.
        """
        owners, named = self.names.owners(section), self.names.bodies(summary)
        is_by_owner = _GENERIC.search("".join(paragraphs[:1])) or not named
        relative = dates.RELATIVE.search(summary)
        is_same_day = relative and relative["same"]
        follows = item.is_continuation or is_same_day or _GENERIC.search(summary)
        found = [*(owners if is_by_owner else []), *self._actors(summary, paragraphs)]
        if follows and not (named or owners):
            found = self.last_acting or found
        self.last_acting = found
        return found

    def _actors(self, summary: str, paragraphs: list[str]) -> list[Span]:
        """Return the bodies in the heading and the first sentence, and any joint signatories.

        If there are none, the first sentence with a body counts; after the first paragraph, only
        bodies after `by` do.
        """
        found = self.names.bodies(summary)
        for number, paragraph in enumerate(paragraphs):
            for sentence in sentences(paragraph) if not found else ():
                acting = self.names.bodies(sentence)
                found += [body for body in acting if not number or "by " in sentence[: body.start]]
        joint = [x for x in sentences(paragraphs[0])[1:3] if _JOINT.search(x)] if paragraphs else []
        return [*found, *(body for sentence in joint for body in self.names.bodies(sentence))]

    def _instruments(
        self, summary: str, first: str, parts: list[str], acting: list[Span]
    ) -> list[Span]:
        """Return the affected instruments with their stages, then those that are only cited."""
        found: list[Span] = []
        titles, actors = self.names.titles, [body.id for body in acting if body.id]
        for find, text in ((titles, summary), (titles, first), (described, summary)):
            for span in find(text) if not any(x.stage for x in found) else ():
                if not _CITED.search(before(text, span.start)):
                    self._add(found, span, summary, acting)
        known, pages = {x.id for x in found}, self.collection.instruments
        for number, part in enumerate(parts):
            for span in (x for x in self.names.titles(part) if x.id and x.id not in known):
                known.add(span.id)
                page = pages[span.id or ""]
                is_main = page.rank is Rank.CAMPAIGN and number < 2
                stages = facts.stages(summary, page) if is_main else []
                found.append(replace(span, name_zh=page.name_zh, stages=tuple(stages)))
        stage = tuple(x for x in facts.stages(summary) if x in CAMPAIGN_STAGES)[:1]
        name = self.vocabulary.find_campaign(summary, actors) if stage else None
        if name and name not in known and not any(x.stage and x.id for x in found):
            campaign = Span(0, 0, pages[name].name, name, pages[name].name_zh, stages=stage)
            found = [campaign, *(x for x in found if x.id or x.stage not in CAMPAIGN_STAGES)]
        number_of_round = min(numbers(summary, "round"), default=None)
        return [replace(x, round=number_of_round if x.stage in _NUMBERED else None) for x in found]

    def _add(self, found: list[Span], span: Span, summary: str, acting: list[Span]) -> None:
        """Add an instrument, or merge it with one that was found under another name."""
        names, known = (span.name, span.name.partition(" (")[0]), self.vocabulary
        actors = [body.id for body in acting if body.id]
        ids = (known.find_instrument(name, actors) for name in dict.fromkeys(names))
        page_id, other = span.id or next(filter(None, ids), None), span.other_edition
        if page_id and known.is_of_another_place(page_id, acting):
            page_id = None
        elif page_id and known.is_other_edition(page_id, span.name, summary):
            page_id, other = None, page_id
        page = self.collection.instruments.get(page_id or "")
        stages = tuple(facts.stages(summary, page, is_draft=span.is_draft))
        name_zh = span.name_zh or (page.name_zh if page else None)
        new = replace(span, id=page_id, other_edition=other, name_zh=name_zh, stages=stages)
        same = next((n for n, old in enumerate(found) if _is_same(old, new)), -1)
        is_short_form = page_id is None and len(stems(span.name)) < 3
        if same < 0 and not (found and is_short_form and not CHARACTER.match(span.name)):
            found.append(new)
        elif page_id and not found[same].id:
            found[same] = replace(new, name=found[same].name)


def _is_same(one: Span, other: Span) -> bool:
    """Return whether two spans stand for the same instrument, by their ids or most of a name."""
    words, others = stems(one.name), stems(other.name)
    fewer = min(len(words), len(others))
    if (one.id and other.id) or (CHARACTER.match(one.name) and fewer > 2):
        return (one.id or one.name) == (other.id or other.name)
    return len(words & others) >= 0.6 * max(1, fewer)


def _without_summaries(found: list[Development]) -> Iterator[Development]:
    """Yield the developments, except highlights and summaries of longer reports elsewhere."""
    features, acts = [*map(_features, found)], [*map(_acts, found)]
    for section, items in groupby(range(len(found)), key=lambda index: found[index].section):
        group = [*items]
        others = [(n, len(x.text)) for n, x in enumerate(found) if x.section != section]
        longer = {one: [n for n, size in others if size > len(found[one].text)] for one in group}
        repeated = {one for one in group if any(features[one] & features[n] for n in longer[one])}
        is_highlight = layout.HIGHLIGHTS.fullmatch(section or "") is not None
        is_summary = len(group) >= layout.MIN_GROUP and len(repeated) >= 0.6 * len(group)
        for index in group:
            one = found[index]
            has_actor = one.regulators or one.unknown_bodies or one.instruments
            is_complete = not is_highlight or (one.date and one.date.day and has_actor)
            is_repeat = any(acts[index] & acts[n] for n in longer[index])
            is_repeat |= index in repeated and (is_highlight or is_summary)
            if is_complete and not is_repeat:
                yield one


def _acts(one: Development) -> set[object]:
    """Return each (instrument, stage, day); two developments that share one are the same."""
    affected = [x for x in one.instruments if x.id and x.stage]
    return {(x.id, x.stage, one.date) for x in affected if one.date and one.date.day}


def _features(one: Development) -> set[object]:
    """Return the affected instruments and each (day, body), which a summary also mentions."""
    days = [one.date if one.date and one.date.day else one]
    days += [other.date for other in one.other_dates if other.date.day]
    names = {x.id or x.name for x in one.instruments if x.stage}
    return {*names, *((day, body) for day in days for body in one.regulators + one.unknown_bodies)}
