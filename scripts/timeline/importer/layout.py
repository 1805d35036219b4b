"""Where each development of a bulletin begins and ends, however the bulletin is laid out.

Lines become blocks (headings and paragraphs), blocks become items. An item begins with a heading,
or with a paragraph that reads like the start of a report: a date, a body that acts, an instrument.
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

NEAR = 40  # characters before the day of another event
MANY = 3  # items of a bulletin that is no report of a single development
TOP = 4  # blocks in which a title can be
MAX_LEAD = 4  # sentences, in one of which a report starts
SHORT = 60  # characters of a sentence that stands for a heading
STRONG = 4  # the score of a paragraph that starts a report even without a heading
WEAK = 2  # that of one of a kind most of which start a report
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
    """A development as it is laid out."""

    section: str | None = None
    month: str = ""  # that of the section, where it is one
    heading: Block | None = None
    paragraphs: tuple[Block, ...] = ()
    is_unit: bool = False  # of a kind most of which are reports
    is_further: bool = False  # told in the text of another

    @property
    def number(self) -> int:
        """That before its first words."""
        return self.blocks[0].number if self.blocks else 0

    @property
    def told(self) -> str:
        """Its first paragraph."""
        return next((block.text for block in self.paragraphs if not block.is_date), "")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its heading and its paragraphs."""
        return ((self.heading,) if self.heading else ()) + self.paragraphs


def _kind(block: Block) -> str:
    """By what a paragraph is told from others, if by anything: its mark, or a few words first."""
    first, *others = sentences(block.text) or [""]
    label = _LABEL.match(first)
    words = label[0] if label and not block.is_keyed else first if others else ""
    is_led = 0 < len(words) < SHORT and not mentions(words)
    return "listed" if block.is_listed else "led" if is_led else ""


def _are_most(told: list[bool]) -> bool:
    return len(told) >= MANY and sum(told) >= 0.6 * len(told)


class Layout:
    """The items of a bulletin."""

    def __init__(self, blocks: list[Block], names: Names) -> None:
        self.names = names
        self._scores: dict[str, int] = {}
        self._usual: set[int] = set()  # levels of the headings of most reports
        blocks = [block for block in blocks if not _NAVIGATION.fullmatch(block.text)]
        starts = [self.score(b.text) for b in blocks if not b.is_heading]
        self._strong = STRONG if max(starts, default=0) >= STRONG else STRONG - 1
        scores = defaultdict[str, list[bool]](list)
        for block in blocks:
            if is_sentence(block.text):
                scores[_kind(block)].append(self.score(block.text) >= STRONG - 1)
        all_told = sum(map(sum, scores.values()))
        usual = (kind for kind, told in scores.items() if kind and _are_most(told))
        self._kinds = {kind for kind in usual if 2 * sum(scores[kind]) > all_told}
        runs = [run for run in self._runs(blocks) if run.blocks]
        headed = [run for run in runs if run.heading and run.paragraphs]
        told = Counter(run.heading.level for run in headed if run.heading and self._is_report(run))
        levels = Counter(run.heading.level for run in headed if run.heading)
        self._usual = {x for x, n in told.items() if n > 2 and n >= 0.6 * levels[x]}
        single = sum(len(run.paragraphs) == 1 for run in headed)
        self._is_terse = 2 * single >= len(headed)  # most items have but one paragraph
        reports = [*self._reports(part for run in runs for part in self._parts(run))]
        leads = (m for x in reports for m in event_mentions(self.lead(x.told)) if m.day)
        self._months = {(m.year, m.month) for m in leads if m.role is Role.EVENT}
        self._months |= {(None, month) for _, month in self._months}
        is_one = len(reports) < MANY  # whose text tells of the past
        self.items = reports if is_one else [y for x in reports for y in self._divided(x)]

    def score(self, text: str) -> int:
        """How much a paragraph reads like the start of a report, from 0 to 6."""
        return self._points(self.lead(text, WEAK))

    def lead(self, text: str, least: int = 0) -> str:
        """The first sentence; the second too after a few words, or instead of one of no weight."""
        first, *others = [*sentences(text)[:MAX_LEAD], ""]
        if len(first) < SHORT and not (mentions(first) and ACTION.search(first)):
            first = f"{first} {others[0] if others else ''}"
        is_weak = self._points(first) < least
        strong = (x for x in others if self._points(x) >= STRONG)
        told = (x for x in strong if self.names.bodies(x) or self.names.titles(x))
        return next(told, first) if is_weak else first

    def _points(self, first: str) -> int:
        if first not in self._scores:
            days = [m.start for m in event_mentions(first) if m.role is Role.EVENT]
            days += [told.start() for told in RELATIVE.finditer(first)]
            points = (3 if min(days) < 12 else 2) if days else 0
            bodies = self.names.bodies(first) or _SOME_BODY.search(first)
            signs = bodies, self.names.titles(first), ACTION.search(first)
            self._scores[first] = points + sum(map(bool, signs))
        return self._scores[first]

    def _least(self, run: Item) -> int:
        """The score of a report without a heading; under a month its date may be left out."""
        return 2 if run.month and not run.heading else self._strong - self._is_place(run.section)

    def _is_place(self, section: str | None) -> bool:
        """Whether a section is that of a body or a country."""
        is_country = (section or "").lower() in self.names.vocabulary.territories
        return is_country or bool(self.names.owners(section or ""))

    def _runs(self, blocks: list[Block]) -> Iterator[Item]:
        """The blocks under each heading; what can be no report is put aside."""
        run, is_outside, outside = Item(), False, Block(range(0), "")
        for place, (block, after) in enumerate(pairwise([*blocks, Block(range(0), "")])):
            is_above = after.is_listed or not (run.heading or after.is_heading)
            is_above |= 0 < block.level < after.level
            is_below = is_outside and 0 < outside.level < block.level
            is_section = block.is_heading and not is_below and self._is_section(block, after)
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
                is_outside and not (may_return and self._is_return(block, after))
            ) or self._is_aside(block, is_top=place < TOP and not run.paragraphs):
                yield run
                run = replace(run, heading=None, paragraphs=())
                is_outside |= block.is_heading and _PLUG.search(block.text) is not None
            elif run.heading and not run.paragraphs and 0 < block.number == run.number:
                text = f"{run.heading.text} {block.text}"  # the same in two languages
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

    def _is_return(self, block: Block, after: Block) -> bool:
        """Whether reports go on after contents or a list of articles."""
        told = after if block.is_heading else block
        is_report = not told.is_heading and self.names.bodies(told.text)
        return bool(is_report) and self.score(told.text) > self._strong - bool(block.level)

    def _is_aside(self, block: Block, *, is_top: bool) -> bool:
        """Whether it is a plug, or the bulletin's title."""
        is_title = _TITLE.search(block.text) or any(not m.day for m in mentions(block.text))
        if is_top and is_title and not (is_sentence(block.text) or block.is_keyed):
            return True
        is_report = not block.is_heading and self.score(block.text) >= STRONG
        is_plug = _PLUG.search(block.text) is not None and not is_report
        is_aside = block.is_listed and _ASIDE.search(block.text) is not None
        return is_plug or is_aside

    def _is_section(self, block: Block, after: Block) -> bool:
        """Whether it heads lesser headings, or is the usual name of a section, country or month."""
        is_above = after.number == 1 != block.number or 0 < block.level < after.level < INLINE_LEVEL
        text = block.text.strip(_AROUND_NAME)
        is_named = any(words.fullmatch(text) for words in (HIGHLIGHTS, _OUTSIDE, _APART, _SECTION))
        is_month = any(m.text == text for m in mentions(text))
        is_above |= text.isupper() and not after.text.isupper() and not _TITLE.search(text)
        is_above &= after.is_heading and not _PLUG.search(text)
        is_above |= _kind(after) in self._kinds and not (block.is_listed or after.is_heading)
        return is_above or is_named or is_month or self._is_place(text)

    def _parts(self, run: Item) -> Iterator[Item]:
        """The run, or the reports into which it falls where headings were lost."""
        scores = [self.score(b.text) >= self._least(run) for b in run.paragraphs if not b.is_date]
        are_all = _are_most(scores)
        rows = [self.score(b.text) >= STRONG - 1 for b in run.paragraphs if " | " in b.text]
        are_rows = _are_most(rows)
        keys = [block.is_date or block.is_keyed for block in run.paragraphs]
        first = keys.index(False) if False in keys else len(keys)
        is_weak = not self._is_report(replace(run, paragraphs=run.paragraphs[: 1 + first]))
        may_start = self._is_terse or not run.heading or is_weak
        groups: list[list[Block]] = []
        for place, block in enumerate(run.paragraphs):
            is_start = self.score(block.text) + (block.number > 0) >= self._least(run)
            are_units = are_all or (are_rows and " | " in block.text)
            is_start = (is_start and may_start) or self._is_unit(block, are_all=are_units)
            is_start &= place > first or not (run.heading and first)
            is_start &= not (block.is_keyed or SIDE_HEADING.match(block.text))
            if is_start or not groups:
                groups.append([block])
            else:
                groups[-1].append(block)
        for group in groups or [[]]:
            are_units = are_all or (are_rows and " | " in "".join(b.text for b in group[:1]))
            is_unit = any(self._is_unit(block, are_all=are_units) for block in group[:1])
            yield replace(run, paragraphs=tuple(group), is_unit=is_unit)
            run = replace(run, heading=None)

    def _is_unit(self, block: Block, *, are_all: bool) -> bool:
        """Whether it is of a kind most of which are reports, in its bulletin or in its run."""
        least = WEAK if _kind(block) in self._kinds else STRONG - 1 if are_all else STRONG + STRONG
        return self.score(block.text) >= least

    def _divided(self, item: Item) -> Iterator[Item]:
        """The item, and the further developments of which its text goes on to tell."""
        groups: list[list[Block]] = [[]]
        days = self._days(item.heading.text if item.heading else "")
        is_begun, is_dated = False, bool(days) or any(x.is_date for x in item.paragraphs)
        for block in item.paragraphs:
            text, place, lead = block.text, 0, self.lead(block.text)
            for sentence in [] if block.is_date or block.is_keyed else sentences(text):
                at = text.index(sentence, place)
                told = lead if at == 0 else sentence
                if is_begun and self._is_further(told, days, len(told) if at == 0 else NEAR):
                    groups[-1] += [replace(block, text=text[:at])] if at else []
                    groups.append([])
                    text, place, days = text[at:], 0, set()
                place = text.index(sentence, place) + len(sentence)
                days |= self._days(sentence)
                is_begun |= is_dated or self._points(sentence) >= STRONG - 1
            groups[-1].append(replace(block, text=text))
        for group in groups:
            yield replace(item, paragraphs=tuple(group))
            item = replace(item, heading=None, is_further=True)

    def _days(self, text: str) -> set[tuple[int, int]]:
        return {(m.month, m.day) for m in mentions(text) if m.day}

    def _is_further(self, sentence: str, days: set[tuple[int, int]], near: int) -> bool:
        """Whether a sentence tells of another event, on a day of its own that is near its start."""
        starts = [m.start() for m in RELATIVE.finditer(sentence)]
        for m in mentions(sentence):
            if m.role is Role.EVENT and (m.day or m.part) and (m.month, m.day) not in days:
                is_near = not m.month or (m.year, m.month) in self._months
                starts += [m.start] if is_near else []
        is_near = any(len(_CLAUSE.split(sentence[:start])[-1]) < near for start in starts)
        points = self._points(sentence) + bool(described(sentence))
        is_past = _PAST.search(sentence[: min(starts, default=0) + NEAR])
        return is_near and points >= STRONG and not is_past

    def _reports(self, runs: Iterable[Item]) -> Iterator[Item]:
        """The runs that report something; one under a lesser heading joins the run before it."""
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
        if run.is_unit and not _PLUG.search(run.told):
            return True
        told = [block.text for block in run.blocks if not (block.is_date or block.is_keyed)]
        is_dated = any(b.is_date for b in run.blocks) or any(m.day for m in mentions(run.month))
        is_usual = bool(run.heading and run.heading.level in self._usual)
        score = max(map(self.score, told[:2]), default=0) + is_dated
        is_owned = not run.heading and self._is_place(run.section)
        keyed = ", ".join(block.text for block in run.blocks if block.is_keyed)
        lesser = map(self._points, sentences(run.told)[1:3] if is_usual or is_owned else [])
        strong = (points for points in lesser if points >= STRONG - 1)
        score = max([score, self._points(keyed), *strong])
        if run.heading and run.paragraphs:
            return score + (run.number > 0 or is_usual) > 2
        return score + any(block.number for block in run.blocks[:1]) >= self._least(run)
