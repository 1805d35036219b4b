"""Where each development of a bulletin begins and ends, however the bulletin is laid out.

Lines become blocks (headings and paragraphs), blocks become items. An item begins with a heading,
or with a paragraph that reads like the start of a report: a date, a body that acts, an instrument.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from timeline.content.dates import Role, chinese_number, event_mentions, mentions
from timeline.content.text import ABBREVIATION, sentences
from timeline.documents.lines import Line
from timeline.importer.names import ACTION, Names
from timeline.importer.vocabulary import LISTS, alternatives, pattern

MAX_HEADING = 260  # characters
TOP = 4  # blocks in which a title can be
SHORT = 60  # characters of a sentence that stands for a heading
STRONG = 4  # the score of a paragraph that starts a report even without a heading
INLINE_LEVEL = 9  # of a heading that shares its line with the body
_AROUND_NAME = " .:：。【】"
_NUMBER = re.compile(
    r"(?:(?:\d{1,2}\.(?=\d\d?\s[A-Z“]))?(?P<number>\d{1,2})(?:[.)、．](?!\d)|\s[|–—-]\s|(?<=0\d)\s|(?<=\.\d)\s)|[(（](?P<inner>\d{1,2})[)）]|[（(]?"
    r"(?P<chinese>[一二三四五六七八九十]{1,3})[)）、]|[IVX]{1,4}[.)]\s|[A-H][.)](?:\d{1,2})?\s|"
    r"(?P<bullet>[•·▪●◆■►➢✓*–—-](?=\s)))\s*"
)
_NOT_TEXT = re.compile(  # footnotes, and the day of the week before a date
    r"(?<=[.)”’,;])(?<!No\.)(?<!Art\.)\d{1,2}(?=$|\s+[A-Z“])|(?<=[a-z]{4})\d{1,2}(?=[\s.,;]|$)|"
    r"\[\d{1,3}\]|(?<=[.。”])\s\d{1,3}$|^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+(?=\d)"
)
# A line that holds both: the heading is in brackets, or ends where a date begins a sentence.
_HEADING_AND_BODY = re.compile(
    r"【(?P<title>[^【】]{8,100})】|(?P<heading>[^.。]{8,200}?)(?:[.:：。]|\s[–—-])\s*"
    r"(?=(?:On|In) (?:\d|[A-Z]|mid|early|late)|\d{1,2} [A-Z]|\d+月)"
)
_SECTION = re.compile(
    rf"(?:(?:{alternatives(*(name for name in LISTS if 'section' in name))})(?![a-z])|"
    r"[\s&/,、:：|·.–—-])+",
    re.IGNORECASE,
)
HIGHLIGHTS, _OUTSIDE, _TITLE, _PLUG = map(pattern, ("highlights", "outside", "title", "plug"))
KEYED, SIDE_HEADING, _NAVIGATION = map(pattern, ("keyed", "side_heading", "navigation"))
SAME_DAY, NEXT_DAY, ALSO = map(pattern, ("same_day", "next_day", "also"))


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or paragraph: one line, or the lines into which it was broken."""

    lines: range
    text: str
    level: int = 0
    number: int = 0
    is_listed: bool = False  # in a list or table
    urls: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether it is nothing but a day, on a line of its own."""
        text = self.text.strip(" ()（）[]【】")
        return len(text) < 40 and any(m.text == text and m.day for m in mentions(text))

    @property
    def is_heading(self) -> bool:
        """Whether it is marked as a heading, or short and no sentence."""
        if not self.text or self.is_date or KEYED.match(self.text):
            return False
        is_short = len(self.text) <= MAX_HEADING and "。" not in self.text
        return self.level > 0 or (is_short and not self.is_listed and not _is_sentence(self.text))


@dataclass(frozen=True)
class Item:
    """A development as it is laid out."""

    section: str | None = None
    month: str = ""  # that of the section, where it is one
    heading: Block | None = None
    paragraphs: tuple[Block, ...] = ()

    @property
    def number(self) -> int:
        """That of its heading."""
        return self.heading.number if self.heading else 0

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its heading and its paragraphs."""
        return ((self.heading,) if self.heading else ()) + self.paragraphs


def blocks_of(lines: list[Line]) -> list[Block]:
    """Lines as blocks: broken lines are joined, numbers and footnote digits taken off."""
    width = sorted(len(line.text) for line in lines)[len(lines) * 9 // 10]
    full = sum(line.text[0].islower() or width - len(line.text) in {0, 1} for line in lines)
    is_broken = 6 * full > len(lines)
    long = [line.text for line in lines if len(line.text) > 100]
    runs_on = 2 * sum(_HEADING_AND_BODY.match(text) is not None for text in long) > len(long)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and is_broken and _goes_on(groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    blocks = [block for group in groups for block in _blocks(group, runs_on=runs_on)]
    for place, (block, after) in enumerate(pairwise([*blocks, Block(range(0), "")])):
        if not (after.is_listed or " | " in block.text or _is_sentence(block.text)):
            blocks[place] = replace(block, is_listed=False)  # a heading, though it has a bullet
    return blocks


def _goes_on(before: Line, line: Line, width: int) -> bool:
    """Whether a line continues the one before, which was broken at the edge of the text."""
    is_other = line.after_blank or before.level or line.level or " | " in line.text
    is_full = len(before.text) >= 0.7 * width or line.text[0].islower()
    return not is_other and is_full and not _NUMBER.match(line.text)


def _blocks(group: list[Line], *, runs_on: bool) -> Iterator[Block]:
    """The block of a group of lines, or the heading and the body that a line holds.

    Such a line is numbered, or it `runs_on` as most lines of its bulletin do.
    """
    text = ("" if re.match(r"[\u4e00-\u9fff]", group[-1].text) else " ").join(x.text for x in group)
    found = _NUMBER.match(text)
    text = _NOT_TEXT.sub("", text[found.end() if found else 0 :]).strip()
    mark = chinese_number(found[found.lastgroup]) if found and found.lastgroup else ""
    number = int(mark) if mark.isdigit() else 0
    is_listed = " | " in text or (mark != "" and not number)
    urls = tuple(dict.fromkeys(url for line in group for url in line.urls))
    lines = range(group[0].number, group[-1].number + 1)
    may_hold_both = runs_on or number or text.startswith("【")
    both = _HEADING_AND_BODY.match(text) if may_hold_both else None
    if both and (both["title"] or not mentions(both["heading"])):
        yield Block(lines, both["title"] or both["heading"], INLINE_LEVEL, number)
        yield Block(lines, text[both.end() :], urls=urls)
    elif text:
        yield Block(lines, text, group[0].level, number, is_listed, urls)


def _is_sentence(text: str) -> bool:
    ends = re.search(r"[.。;；:：,，][”\"]?$", text) and not ABBREVIATION.search(text)
    return bool(ends) or len(sentences(text)) > 1


class Layout:
    """The items of a bulletin."""

    def __init__(self, blocks: list[Block], names: Names) -> None:
        self.names = names
        self._scores: dict[str, int] = {}
        self._usual: set[int] = set()  # levels of the headings of most reports
        blocks = [block for block in blocks if not _NAVIGATION.fullmatch(block.text)]
        starts = [self.score(b.text) for b in blocks if not b.is_heading]
        self._strong = STRONG if max(starts, default=0) >= STRONG else STRONG - 1
        runs = [run for run in self._runs(blocks) if run.blocks]
        headed = [run for run in runs if run.heading and run.paragraphs]
        told = Counter(run.heading.level for run in headed if run.heading and self._is_report(run))
        levels = Counter(run.heading.level for run in headed if run.heading)
        self._usual = {x for x, n in told.items() if n > 2 and n >= 0.6 * levels[x]}
        single = sum(len(run.paragraphs) == 1 for run in headed)
        self._is_terse = 2 * single >= len(headed)  # most items have but one paragraph
        self.items = list(self._reports(part for run in runs for part in self._parts(run)))

    def score(self, text: str) -> int:
        """How much a paragraph reads like the start of a report, from 0 to 6."""
        return self._points(self.lead(text))

    def lead(self, text: str, least: int = 0) -> str:
        """The first sentence; the second too after a few words, or instead of one of no weight."""
        first, second = [*sentences(text)[:2], "", ""][:2]
        if len(first) < SHORT and not (mentions(first) and ACTION.search(first)):
            return f"{first} {second}"
        is_weak = self._points(first) < least and self.names.bodies(second)
        return second if is_weak and self._points(second) >= STRONG else first

    def _points(self, first: str) -> int:
        if first not in self._scores:
            days = [m.start for m in event_mentions(first) if m.role is Role.EVENT]
            days += [
                told.start() for told in (SAME_DAY.search(first), NEXT_DAY.search(first)) if told
            ]
            points = (3 if min(days) < 12 else 2) if days else 0
            signs = self.names.bodies(first), self.names.titles(first), ACTION.search(first)
            self._scores[first] = points + sum(map(bool, signs))
        return self._scores[first]

    def _least(self, run: Item) -> int:
        """The score of a report without a heading; under a month its date may be left out."""
        return 2 if run.month and not run.heading else self._strong - self._is_place(run.section)

    def _is_place(self, section: str | None) -> bool:
        """Whether a section is that of a body or a country."""
        text, lengths = section or "", {x.end - x.start for x in self.names.bodies(section or "")}
        return len(text) in lengths or text.lower() in self.names.vocabulary.territories

    def _runs(self, blocks: list[Block]) -> Iterator[Item]:
        """The blocks under each heading; what can be no report is put aside."""
        run, is_outside = Item(), False
        for place, (block, after) in enumerate(pairwise([*blocks, Block(range(0), "")])):
            is_above = after.is_listed or not (run.heading or after.is_heading)
            is_section = block.is_heading and self._is_section(block, after)
            if (block.is_date and is_above) or is_section:
                yield run
                name = block.text.strip(_AROUND_NAME)
                is_outside = _OUTSIDE.fullmatch(name) is not None
                is_month = any(m.text == name for m in mentions(name))
                run = Item(None if is_month else name, name if is_month else run.month)
            elif (is_outside and not self._is_return(block, after)) or self._is_aside(
                block, is_top=place < TOP and not run.paragraphs
            ):
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
        if is_top and is_title and not (_is_sentence(block.text) or KEYED.match(block.text)):
            return True
        is_report = not block.is_heading and self.score(block.text) >= STRONG
        return _PLUG.search(block.text) is not None and not is_report

    def _is_section(self, block: Block, after: Block) -> bool:
        """Whether it heads lesser headings, or is the usual name of a section, country or month."""
        is_above = after.number == 1 != block.number or 0 < block.level < after.level < INLINE_LEVEL
        text = block.text.strip(_AROUND_NAME)
        is_named = any(words.fullmatch(text) for words in (HIGHLIGHTS, _OUTSIDE, _SECTION))
        is_month = any(m.text == text for m in mentions(text))
        is_above |= text.isupper() and not after.text.isupper() and not _TITLE.search(text)
        is_above &= after.is_heading and not _PLUG.search(text)
        return is_above or is_named or is_month or self._is_place(text)

    def _parts(self, run: Item) -> Iterator[Item]:
        """The run, or the reports into which it falls where headings were lost."""
        dates = sum(block.is_date for block in run.paragraphs)
        first = next((b for b in run.paragraphs if not b.is_date), Block(range(0), ""))
        is_weak = not self._is_report(replace(run, paragraphs=run.paragraphs[: 1 + dates]))
        may_start = self._is_terse or not run.heading or is_weak
        groups: list[list[Block]] = []
        for block in run.paragraphs:
            is_start = self.score(block.text) + (block.number > 0) >= self._least(run)
            is_start &= may_start or self._is_other(first, block)
            if (is_start and not KEYED.match(block.text)) or not groups:
                groups.append([block])
            else:
                groups[-1].append(block)
        yield replace(run, paragraphs=tuple(groups[0] if groups else ()))
        yield from (replace(run, heading=None, paragraphs=tuple(group)) for group in groups[1:])

    def _is_other(self, first: Block, block: Block) -> bool:
        """Whether a paragraph tells what other bodies did, on a day of its own."""
        texts = first.text, self.lead(block.text)
        others, acting = ({body.id or body.name for body in self.names.bodies(x)} for x in texts)
        told, days = ({(m.month, m.day) for m in event_mentions(x) if m.day} for x in texts)
        is_other = ALSO.search(texts[1]) or (acting and not acting & others)
        return bool(is_other and days - told)

    def _reports(self, runs: Iterable[Item]) -> Iterator[Item]:
        """The runs that report something; one under a lesser heading joins the run before it."""
        before: Item | None = None
        lone: tuple[Block, ...] = ()  # headings without a text, between the parts of an item
        for run in runs:
            is_next = run.paragraphs and run.number == (before.number if before else 0) + 1
            if self._is_report(run) or is_next:
                yield from [before] if before else []
                before, lone = run, ()
            elif before and before.section == run.section and len(run.blocks) > 1:
                before, lone = replace(before, paragraphs=before.paragraphs + lone + run.blocks), ()
            elif run.heading:
                lone += run.blocks
        yield from [before] if before else []

    def _is_report(self, run: Item) -> bool:
        told = [block.text for block in run.blocks if not block.is_date]
        score = max(map(self.score, told[:2]), default=0) + (len(told) < len(run.blocks))
        if run.heading and run.paragraphs:
            return score + (run.number > 0 or run.heading.level in self._usual) > 2
        return score + any(block.number for block in run.blocks[:1]) >= self._least(run)
