"""Combine the lines of a document into headings and paragraphs, without numbers and footnotes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from timeline.content.dates import chinese_number, mentions
from timeline.content.text import ABBREVIATION, sentences
from timeline.documents.lines import Line

MAX_HEADING = 260  # characters
MAX_QUESTION = 120
INLINE_LEVEL = 9  # level of a heading that is on the same line as the body
_NUMBER = re.compile(
    r"(?:(?:\d{1,2}\.(?=\d\d?\s[A-Z“]))?(?P<number>\d{1,2})(?:[.)、．](?!\d)|\s[|–—-]\s|(?<=0\d)\s|(?<=\.\d)\s)|[(（](?P<inner>\d{1,2})[)）]|[（(]?"
    r"(?P<chinese>[一二三四五六七八九十]{1,3})[)）、]|[IVX]{1,4}[.)]\s|(?:PART|Part|Section)\s\d{1,2}[.:：]?\s|[A-H][.)](?:\d{1,2})?\s|"
    r"(?P<bullet>[•·▪●◆■►➢✓*–—-](?=\s)))\s*"
)
_HYPHEN = re.compile(r"(?<=[a-z])- (?=[a-z])(?!(?:and|or)\b)")  # of a word broken at a line's end
_NOT_TEXT = re.compile(  # footnote numbers, and the day of the week before a date
    r"(?<=[.)”’,;])(?<!No\.)(?<!Art\.)\d{1,2}(?=$|\s+[A-Z“])|(?<=[a-z]{4})\d{1,2}(?=[\s.,;]|$)|"
    r"\[\d{1,3}\]|(?<=[.。”])\s\d{1,3}$|^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+(?=\d)"
)
# A line with a heading and body: the heading is in brackets, or is followed by a date that begins
# a sentence.
_HEADING_AND_BODY = re.compile(
    r"【(?P<title>[^【】]{8,100})】|(?P<heading>[^.。]{8,200}?)(?:[.:：。]|\s[–—-])\s*"
    r"(?=(?:On|In) (?:\d|[A-Z]|mid|early|late)|\d{1,2} [A-Z]|\d+月)"
)
_LABEL = re.compile(r"[A-Z][\w ]{2,20}: |[\u4e00-\u9fff]{2,6}：")
_SPEAKER = re.compile(r"[A-Z]\w{0,15}(?: [A-Z]\w{0,15})?: (?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or paragraph, which may have been broken into several lines."""

    lines: range
    text: str
    level: int = 0
    number: int = 0
    is_listed: bool = False  # is in a list or table
    is_keyed: bool = False  # begins with a label, as `Date: 5 May` does
    urls: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether the block consists of nothing but a day."""
        text = self.text.strip(" ()（）[]【】")
        return len(text) < 40 and any(m.text == text and m.day for m in mentions(text))

    @property
    def is_heading(self) -> bool:
        """Whether the block is marked as a heading, asks a short question or is not a sentence."""
        if not self.text or self.is_date or self.is_keyed:
            return False
        is_short = len(self.text) <= MAX_HEADING and "。" not in self.text
        if len(self.text) < MAX_QUESTION and re.search("[?？]", self.text):
            return True
        return self.level > 0 or (is_short and not self.is_listed and not is_sentence(self.text))


def blocks_of(lines: list[Line], keyed: re.Pattern[str]) -> list[Block]:
    """Combine lines into blocks: join broken lines; remove numbers, footnotes and contents.

    `keyed` matches the labels of lines that belong to the item above, such as `Date:`.
    """
    lines = _without_speakers(lines, keyed)
    lengths = sorted(_length(line.text) for line in lines)
    width = lengths[len(lines) * 9 // 10]
    edge = width if lengths[-1] - width < 4 else 0.85 * width
    full = sum(line.text[0].islower() or width - _length(line.text) in {0, 1} for line in lines)
    is_broken = 6 * full > len(lines)
    groups: list[list[Line]] = []
    was_title = True
    for line, after in pairwise([*lines, Line(0, " ")]):
        before = groups[-1][-1] if groups else line
        is_title = not (is_sentence(line.text) or _is_full(line, after, edge))
        is_title &= is_sentence(_NOT_TEXT.sub("", before.text)) or was_title
        is_title &= not line.text[0].islower()
        is_cut, was_title = is_title or was_title, is_title and not after.text[0].islower()
        if groups and is_broken and not is_cut and _continues(before, line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    _fill_in_days(groups)
    blocks = [block for group in groups for block in _blocks(group, keyed)]
    for place, (block, below) in enumerate(pairwise([*blocks, Block(range(0), "")])):
        if not (below.is_listed or " | " in block.text or is_sentence(block.text)):
            blocks[place] = replace(block, is_listed=False)  # a heading, although it has a bullet
    return [*_without_contents(_mark_keyed(blocks))]


def _mark_keyed(blocks: list[Block]) -> list[Block]:
    """Mark as keyed the blocks with an unknown label directly below a line with a known one."""
    for place, (above, block) in enumerate(pairwise(blocks), 1):
        if above.is_keyed and above.lines[-1] + 1 == block.lines[0] and _LABEL.match(block.text):
            blocks[place] = replace(block, is_keyed=True)
    return blocks


def _without_contents(blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks except tables of contents: adjacent headings that all occur again below."""
    last = {block.text: place for place, block in enumerate(blocks) if block.is_heading}
    recurs = [last.get(block.text, 0) > place for place, block in enumerate(blocks)]
    in_contents = False
    for place, block in enumerate(blocks):
        in_contents = recurs[place] and (in_contents or any(recurs[place + 1 : place + 2]))
        if not in_contents:
            yield block


def _fill_in_days(rows: list[list[Line]]) -> None:
    """Add the day to each table row that leaves it out because a row above has it."""
    day, cells = "", 0
    for row in rows:
        first, *others = row[0].text.split(" | ")
        if others and Block(range(0), first).is_date:
            day, cells = first, len(others)
        elif not others:
            day = ""
        elif day and len(others) + 1 == cells:
            row[0] = replace(row[0], text=f"{day} | {row[0].text}")


def _without_speakers(lines: list[Line], keyed: re.Pattern[str]) -> list[Line]:
    """Return the lines of an interview without the names before questions and answers."""
    names = [(_SPEAKER.match(x.text) or [""])[0] for x in lines]
    asked = sum(name != "" and "?" in x.text for name, x in zip(names, lines, strict=True))
    counts = Counter(names) if asked > 1 else {}
    speakers = {name for name, count in counts.items() if count > 2 and not keyed.match(name)}
    ends = [len(name) if name in speakers else 0 for name in names]
    return [replace(x, text=x.text[end:]) for x, end in zip(lines, ends, strict=True)]


def _is_full(line: Line, after: Line, edge: float) -> bool:
    """Return whether the first word of the next line would not have fitted on a line."""
    word = re.match(r"[\u4e00-\u9fff]|\S+", after.text)
    return _length(line.text) + (_length(word[0]) if word else 0) + 1 > edge


def _length(text: str) -> int:
    """Return the width of a text in columns, two for a Chinese character."""
    return len(text) + sum(character > "\u2e80" for character in text)


def _continues(before: Line, line: Line, width: int) -> bool:
    """Return whether a line continues the one before, which was broken at the margin."""
    is_other = line.after_blank or before.level or line.level or " | " in line.text
    is_full = _length(before.text) >= 0.7 * width or line.text[0].islower()
    return not is_other and is_full and not _NUMBER.match(line.text)


def _blocks(group: list[Line], keyed: re.Pattern[str]) -> Iterator[Block]:
    """Yield the block of a group of lines, or the heading and the body of a numbered line."""
    text = ("" if re.match(r"[\u4e00-\u9fff]", group[-1].text) else " ").join(x.text for x in group)
    text = _HYPHEN.sub("", text) if len(group) > 1 else text
    found = _NUMBER.match(text)
    text = _NOT_TEXT.sub("", text[found.end() if found else 0 :]).strip()
    mark = chinese_number(found[found.lastgroup]) if found and found.lastgroup else ""
    number = int(mark) if mark.isdigit() else 0
    is_listed = " | " in text or (mark != "" and not number)
    urls = tuple(dict.fromkeys(url for line in group for url in line.urls))
    lines = range(group[0].number, group[-1].number + 1)
    both = _HEADING_AND_BODY.match(text) if number or text.startswith("【") else None
    if both and (both["title"] or not mentions(both["heading"])):
        yield Block(lines, both["title"] or both["heading"], INLINE_LEVEL, number)
        text = text[both.end() :]
        yield Block(lines, text, is_keyed=keyed.match(text) is not None, urls=urls)
    elif text:
        is_keyed = keyed.match(text) is not None
        yield Block(lines, text, group[0].level, number, is_listed, is_keyed, urls)


def is_sentence(text: str) -> bool:
    """Return whether a text ends like a sentence or has several sentences."""
    ends = re.search(r"[.。;；:：,，][”\"]?$", text) and not ABBREVIATION.search(text)
    return bool(ends) or len(sentences(text)) > 1
