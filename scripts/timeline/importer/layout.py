"""Find where each development of a newsletter begins and ends, whatever the layout.

Lines become blocks (headings and paragraphs), and blocks become items. An item begins with a
heading, or with a paragraph that reads like the start of a report, with a date, an acting body and
an instrument. Each of them raises the score of the paragraph.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from timeline.content.dates import RELATIVE, Role, event_mentions, mentions
from timeline.content.paragraphs import INLINE_LEVEL, Block, is_sentence
from timeline.content.text import sentences
from timeline.importer.names import ACTION, Names, described
from timeline.importer.vocabulary import LISTS, alternatives, pattern

NEAR = 40  # characters at the start of a sentence, in which the day of another event is sought
MIN_GROUP = 3  # fewer paragraphs or items show no pattern
TITLE_BLOCKS = 4  # blocks at the top that may be the title
MAX_LEAD = 4  # sentences at the start of a paragraph that may be the lead
SHORT = 60  # characters of a sentence that serves as a heading
STRONG = 4  # the score of a paragraph that starts a report even without a heading
WEAK = 2  # the score of a report in the usual style of the newsletter
_AROUND_NAME = " .:：。【】"
_SECTION = re.compile(
    rf"(?:(?:{alternatives(*(name for name in LISTS if 'section' in name))})(?![a-z])|"
    r"[\s&/,、:：|·.–—-])+",
    re.IGNORECASE,
)
HIGHLIGHTS, _OUTSIDE, _TITLE, _PLUG = map(pattern, ("highlights", "outside", "title", "plug"))
KEYED, SIDE_HEADING = map(pattern, ("keyed", "side_heading"))
_NAVIGATION, _LETTER = map(pattern, ("navigation", "letter"))
_LABEL = re.compile(r"[^.:：。]+[:：](?=.{30})")
_CLAUSE = re.compile(r"[:;：；。]")
_PAST, _SOME_BODY, _APART, _ASIDE = map(pattern, ("background", "some_body", "apart", "aside"))


@dataclass(frozen=True)
class Item:
    """The blocks of a newsletter that report one development."""

    section: str | None = None  # the heading of the section
    month: str = ""  # the heading of the section if it is a month
    heading: Block | None = None
    paragraphs: tuple[Block, ...] = ()
    is_typical: bool = False  # starts in the usual style of reports
    is_continuation: bool = False  # split off from the text of the item before

    @property
    def number(self) -> int:
        """The number printed before the first words, or 0."""
        return self.blocks[0].number if self.blocks else 0

    @property
    def first_paragraph(self) -> str:
        """The text of the first paragraph that is not only a date."""
        return next((block.text for block in self.paragraphs if not block.is_date), "")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The heading, if any, and the paragraphs."""
        return ((self.heading,) if self.heading else ()) + self.paragraphs


def _style(block: Block) -> str:
    """Return `listed` for a paragraph with a bullet, `led` for one with a short lead-in, or ``."""
    first, *others = sentences(block.text) or [""]
    label = _LABEL.match(first)
    words = label[0] if label and not block.is_keyed else first if others else ""
    is_led = 0 < len(words) < SHORT and not mentions(words)
    return "listed" if block.is_listed else "led" if is_led else ""


def _are_most(flags: list[bool]) -> bool:
    return len(flags) >= MIN_GROUP and sum(flags) >= 0.6 * len(flags)


class Layout:
    """The items of a newsletter, found by the layout that most of them share."""

    def __init__(self, blocks: list[Block], names: Names) -> None:
        self.names = names
        self._scores: dict[str, int] = {}
        self._report_levels: set[int] = set()  # heading levels under which most items are reports
        blocks = [block for block in blocks if not _NAVIGATION.fullmatch(block.text)]
        starts = [self.score(b.text) for b in blocks if not b.is_heading]
        self._strong = STRONG if max(starts, default=0) >= STRONG else STRONG - 1
        starts_report = defaultdict[str, list[bool]](list)
        for block in blocks:
            if is_sentence(block.text):
                starts_report[_style(block)].append(self.score(block.text) >= STRONG - 1)
        total = sum(map(sum, starts_report.values()))
        usual = (style for style, flags in starts_report.items() if style and _are_most(flags))
        self._report_styles = {style for style in usual if 2 * sum(starts_report[style]) > total}
        runs = [run for run in self._by_heading(blocks) if run.blocks]
        headed = [run for run in runs if run.heading and run.paragraphs]
        levels = Counter(x.heading.level for x in headed if x.heading)
        of_reports = Counter(x.heading.level for x in headed if x.heading and self._is_report(x))
        self._report_levels = {x for x, n in of_reports.items() if n > 2 and n >= 0.6 * levels[x]}
        single = sum(len(run.paragraphs) == 1 for run in headed)
        self._is_terse = 2 * single >= len(headed)  # at least half have one paragraph
        reports = [*self._merge(part for run in runs for part in self._split_at_starts(run))]
        leads = (self.lead(report.first_paragraph) for report in reports)
        days = (m for lead in leads for m in event_mentions(lead) if m.day)
        self._months = {(m.year, m.month) for m in days if m.role is Role.EVENT}
        self._months |= {(None, month) for _, month in self._months}
        # A newsletter on one or two developments also recounts earlier events.
        is_short = len(reports) < MIN_GROUP
        self.items = reports if is_short else [y for x in reports for y in self._split_at_events(x)]

    def score(self, text: str) -> int:
        """Return how much a paragraph reads like the start of a report, from 0 to 6."""
        return self._score_lead(self.lead(text, WEAK))

    def lead(self, text: str, min_score: int = 0) -> str:
        """Return the first sentence of a text, with the second one if the first is short.

        If its score is below `min_score`, a strong sentence shortly after takes its place.
        """
        first, *others = [*sentences(text)[:MAX_LEAD], ""]
        if len(first) < SHORT and not (mentions(first) and ACTION.search(first)):
            first = f"{first} {others[0] if others else ''}"
        is_weak = self._score_lead(first) < min_score
        strong = (x for x in others if self._score_lead(x) >= STRONG)
        named = (x for x in strong if self.names.bodies(x) or self.names.titles(x))
        return next(named, first) if is_weak else first

    def _score_lead(self, lead: str) -> int:
        """Return the score of a sentence: 3 for an early date, else 2; 1 for each other sign."""
        if lead not in self._scores:
            days = [m.start for m in event_mentions(lead) if m.role is Role.EVENT]
            days += [match.start() for match in RELATIVE.finditer(lead)]
            points = (3 if min(days) < 12 else 2) if days else 0
            bodies = self.names.bodies(lead) or _SOME_BODY.search(lead)
            signs = bodies, self.names.titles(lead), ACTION.search(lead)
            self._scores[lead] = points + sum(map(bool, signs))
        return self._scores[lead]

    def _min_score(self, run: Item) -> int:
        """Return the lowest score of a report; in a section for a month, it may have no date."""
        is_undated = run.month and not run.heading
        return 2 if is_undated else self._strong - self._is_body_or_country(run.section)

    def _is_body_or_country(self, section: str | None) -> bool:
        """Return whether the heading of a section is the name of a body or country."""
        is_country = (section or "").lower() in self.names.vocabulary.territories
        return is_country or bool(self.names.owners(section or ""))

    def _by_heading(self, blocks: list[Block]) -> Iterator[Item]:
        """Yield the blocks under each heading, leaving out what cannot be a report.

        Blocks outside the reports, such as contents or contacts, are left out from their heading
        up to the next report.
        """
        run, is_outside, outside = Item(), False, Block(range(0), "")
        for position, (block, after) in enumerate(pairwise([*blocks, Block(range(0), "")])):
            is_above = after.is_listed or not (run.heading or after.is_heading)
            is_above |= 0 < block.level < after.level
            is_below = is_outside and 0 < outside.level < block.level
            is_section = block.is_heading and not is_below and self._heads_section(block, after)
            is_apart = _APART.fullmatch(outside.text.strip(_AROUND_NAME)) is not None
            may_return = not is_apart or (block.is_heading and not is_below)
            if (block.is_date and is_above) or is_section:
                yield run
                name = block.text.strip(_AROUND_NAME)
                is_outside = any(words.fullmatch(name) for words in (_OUTSIDE, _APART))
                outside = block
                is_month = any(m.text == name for m in mentions(name))
                run = Item(None if is_month else name, name if is_month else run.month)
            elif _LETTER.match(block.text):
                yield run
                run, is_outside, outside = replace(run, heading=None, paragraphs=()), True, block
            elif (
                is_outside and not (may_return and self._resumes_reports(block, after))
            ) or self._is_aside(block, is_top=position < TITLE_BLOCKS and not run.paragraphs):
                yield run
                run = replace(run, heading=None, paragraphs=())
                is_outside |= block.is_heading and _PLUG.search(block.text) is not None
            elif run.heading and not run.paragraphs and 0 < block.number == run.number:
                text = f"{run.heading.text} {block.text}"  # one heading in two languages
                lines = range(run.heading.lines[0], block.lines[-1] + 1)
                run = replace(run, heading=replace(run.heading, lines=lines, text=text))
            elif block.is_heading and not (run.blocks and SIDE_HEADING.fullmatch(block.text)):
                is_dated = len(run.blocks) == 1 and run.blocks[0].is_date
                if not is_dated:
                    yield run
                run = replace(run, heading=block, paragraphs=run.paragraphs if is_dated else ())
            elif (block.is_date and run.paragraphs) or 1 < block.number == run.number + 1:
                yield run
                run = replace(run, heading=None, paragraphs=(block,))
            else:
                run = replace(run, paragraphs=(*run.paragraphs, block))
                is_outside = False
        yield run

    def _resumes_reports(self, block: Block, after: Block) -> bool:
        """Return whether reports resume after contents or a list of articles."""
        start = after if block.is_heading else block
        is_report = not start.is_heading and self.names.bodies(start.text)
        return bool(is_report) and self.score(start.text) > self._strong - bool(block.level)

    def _is_aside(self, block: Block, *, is_top: bool) -> bool:
        """Return whether a block is an advertisement, a remark or the newsletter's own title."""
        is_title = _TITLE.search(block.text) or any(not m.day for m in mentions(block.text))
        if is_top and is_title and not (is_sentence(block.text) or block.is_keyed):
            return True
        is_report = not block.is_heading and self.score(block.text) >= STRONG
        is_plug = _PLUG.search(block.text) is not None and not is_report
        is_aside = block.is_listed and _ASIDE.search(block.text) is not None
        return is_plug or is_aside

    def _heads_section(self, block: Block, after: Block) -> bool:
        """Return whether a heading is that of a section.

        It is followed by headings or reports of a lower level, or names a usual section, a body, a
        country or a month.
        """
        is_above = after.number == 1 != block.number or 0 < block.level < after.level < INLINE_LEVEL
        text = block.text.strip(_AROUND_NAME)
        is_named = any(words.fullmatch(text) for words in (HIGHLIGHTS, _OUTSIDE, _APART, _SECTION))
        is_month = any(m.text == text for m in mentions(text))
        is_above |= text.isupper() and not after.text.isupper() and not _TITLE.search(text)
        is_above &= after.is_heading and not _PLUG.search(text)
        is_usual = _style(after) in self._report_styles
        is_above |= is_usual and not (block.is_listed or after.is_heading)
        return is_above or is_named or is_month or self._is_body_or_country(text)

    def _split_at_starts(self, run: Item) -> Iterator[Item]:
        """Yield the blocks under a heading, split into reports if their headings were lost."""
        min_score = self._min_score(run)
        scores = [self.score(b.text) >= min_score for b in run.paragraphs if not b.is_date]
        are_most = _are_most(scores)
        rows = [self.score(b.text) >= STRONG - 1 for b in run.paragraphs if " | " in b.text]
        are_rows = _are_most(rows)
        keys = [block.is_date or block.is_keyed for block in run.paragraphs]
        first = keys.index(False) if False in keys else len(keys)
        is_weak = not self._is_report(replace(run, paragraphs=run.paragraphs[: 1 + first]))
        may_start = self._is_terse or not run.heading or is_weak
        groups: list[list[Block]] = []
        for position, block in enumerate(run.paragraphs):
            is_start = self.score(block.text) + (block.number > 0) >= min_score
            are_reports = are_most or (are_rows and " | " in block.text)
            is_typical = self._is_typical(block, are_most=are_reports)
            is_start = (is_start and may_start) or is_typical
            is_start &= position > first or not (run.heading and first)
            is_start &= not (block.is_keyed or SIDE_HEADING.match(block.text))
            if is_start or not groups:
                groups.append([block])
            else:
                groups[-1].append(block)
        for group in groups or [[]]:
            are_reports = are_most or (are_rows and " | " in "".join(b.text for b in group[:1]))
            is_typical = any(self._is_typical(block, are_most=are_reports) for block in group[:1])
            yield replace(run, paragraphs=tuple(group), is_typical=is_typical)
            run = replace(run, heading=None)

    def _is_typical(self, block: Block, *, are_most: bool) -> bool:
        """Return whether a block starts a report in the usual style of the newsletter.

        `are_most` says that most blocks under its heading start reports.
        """
        if _style(block) in self._report_styles:
            return self.score(block.text) >= WEAK
        return are_most and self.score(block.text) >= STRONG - 1

    def _split_at_events(self, item: Item) -> Iterator[Item]:
        """Yield an item, split where its text goes on to report another development."""
        groups: list[list[Block]] = [[]]
        days = self._days(item.heading.text if item.heading else "")
        is_begun, is_dated = False, bool(days) or any(x.is_date for x in item.paragraphs)
        for block in item.paragraphs:
            text, end, lead = block.text, 0, self.lead(block.text)
            for sentence in [] if block.is_date or block.is_keyed else sentences(text):
                start = text.index(sentence, end)
                words = lead if start == 0 else sentence
                if is_begun and self._is_other_event(words, days, NEAR if start else len(words)):
                    groups[-1] += [replace(block, text=text[:start])] if start else []
                    groups.append([])
                    text, end, days = text[start:], 0, set()
                end = text.index(sentence, end) + len(sentence)
                days |= self._days(sentence)
                is_begun |= is_dated or self._score_lead(sentence) >= STRONG - 1
            groups[-1].append(replace(block, text=text))
        for group in groups:
            yield replace(item, paragraphs=tuple(group))
            item = replace(item, heading=None, is_continuation=True)

    def _days(self, text: str) -> set[tuple[int, int]]:
        return {(m.month, m.day) for m in mentions(text) if m.day}

    def _is_other_event(self, sentence: str, days: set[tuple[int, int]], near: int) -> bool:
        """Return whether a sentence reports an event on a day other than `days`.

        The day is within the first `near` characters of its clause.
        """
        starts = [m.start() for m in RELATIVE.finditer(sentence)]
        for m in mentions(sentence):
            if m.role is Role.EVENT and (m.day or m.part) and (m.month, m.day) not in days:
                is_near = not m.month or (m.year, m.month) in self._months
                starts += [m.start] if is_near else []
        is_near = any(len(_CLAUSE.split(sentence[:start])[-1]) < near for start in starts)
        points = self._score_lead(sentence) + bool(described(sentence))
        is_past = _PAST.search(sentence[: min(starts, default=0) + NEAR])
        return is_near and points >= STRONG and not is_past

    def _merge(self, runs: Iterable[Item]) -> Iterator[Item]:
        """Yield the items that are reports; others in the section join the report before them."""
        before: Item | None = None
        for run in runs:
            is_next = run.paragraphs and run.number == (before.number if before else 0) + 1
            if self._is_report(run) or is_next:
                yield from [before] if before else []
                before = run
            elif before and before.section == run.section and len(run.blocks) > 1:
                before = replace(before, paragraphs=before.paragraphs + run.blocks)
        yield from [before] if before else []

    def _is_report(self, run: Item) -> bool:
        """Return whether blocks report a development; a usual heading or a number helps."""
        first_paragraph = run.first_paragraph
        if run.is_typical and not _PLUG.search(first_paragraph):
            return True
        texts = [block.text for block in run.blocks if not (block.is_date or block.is_keyed)]
        is_dated = any(b.is_date for b in run.blocks) or any(m.day for m in mentions(run.month))
        is_usual = bool(run.heading and run.heading.level in self._report_levels)
        score = max(map(self.score, texts[:2]), default=0) + is_dated
        is_owned = not run.heading and self._is_body_or_country(run.section)
        keyed = ", ".join(block.text for block in run.blocks if block.is_keyed)
        later = sentences(first_paragraph)[1:3] if is_usual or is_owned else []
        strong = (score for score in map(self._score_lead, later) if score >= STRONG - 1)
        score = max([score, self._score_lead(keyed), *strong])
        if run.heading and run.paragraphs:
            return score + (run.number > 0 or is_usual) > 2
        return score + (run.number > 0) >= self._min_score(run)
