"""A bulletin's file -> its lines of text, without Markdown's marks but with what they say."""

import calendar
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 20_000_000  # of a file; scanned bulletins are large
MAX_CHARACTERS = 300_000  # of its text; a bulletin has 10,000 to 100,000
MAX_LINE = 10_000  # characters
SECONDS = 30
CONVERTER = Path(__file__).with_name("convert.py")  # run as a program of its own
BOLD_LEVEL = 7  # of a heading that is only in bold print, below the six of HTML
_LINE_ENDING = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_HTML = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html)\b", re.IGNORECASE)
_HEADING = re.compile(r"(?P<marks>#{1,6}) +(?P<text>.*)")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>(?!\s)[^*]{4,}?)(?P=mark)(?P<rest>.*)")
_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\((?P<url>[^()\s]*)[^()]*\)")
_ADDRESS = re.compile(r"https?://[!#-;=?-Z_a-z~]+")
_BRACKETED = re.compile(rf"\s*[\[(<]{_ADDRESS.pattern}[\])>]")
_CELL_END = re.compile(r"(?<=\S)[ \t]*\t[ \t]*(?=\S)")  # in a table that was pasted
_RULE = re.compile(r"[|\s:=_*-]+")
_PAGE = re.compile(r"(?P<text>.*?\S)\s(?P<page>\d{1,3})(?: of \d{1,3})?")  # at its foot
_FOOTNOTE = re.compile(rf"(?P<number>\d{{1,2}})\s(?!{'|'.join(calendar.month_abbr[1:])})[A-Z“]")
_MAX_NOTES = 15  # lines of footnotes on a page
_MARKS = re.compile(  # of Markdown, rules around a heading, pictures before one
    r"\*\*|(?<!\S)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)__|__(?!\w)|^[>:] ?|"
    r"^[-=~—]{2,}\s|\s[-=~—]{2,}$|^[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?\s*"
)


class BulletinError(Exception):
    """Why nothing can be read from a file, and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with text. `level` is that of a heading that is marked as one, else 0."""

    number: int
    text: str
    level: int = 0
    urls: tuple[str, ...] = ()
    after_blank: bool = False


def read_lines(name: str, data: bytes) -> list[Line]:
    """The lines of a file. Raises BulletinError."""
    if len(data) > MAX_BYTES:
        raise BulletinError(f"has more than {MAX_BYTES:,} bytes; give the newsletter alone")
    is_html = _HTML.match(data) or name.lower().endswith((".html", ".htm"))
    kind = {b"%PDF": "pdf", b"PK\x03\x04": "docx"}.get(data[:4], "html" if is_html else "")
    text = _converted(kind, data) if kind else _decoded(data)
    if len(text) > MAX_CHARACTERS:
        raise BulletinError(f"has more than {MAX_CHARACTERS:,} characters of text; divide it")
    lines = list(_lines(text))
    if not lines:
        raise BulletinError("has no text; a scanned document needs text recognition first")
    long = next((line.number for line in lines if len(line.text) > MAX_LINE), None)
    if long:
        message = "characters; put each paragraph on a line of its own"
        raise BulletinError(f"line {long} has more than {MAX_LINE:,} {message}")
    return _without_furniture(lines)


def _without_furniture(lines: list[Line]) -> list[Line]:
    """The lines without what stands between pages: page numbers, titles, and footnotes."""
    pages = defaultdict[str, list[int]](list)
    for line in lines:
        if foot := _PAGE.fullmatch(line.text):
            pages[foot["text"]].append(int(foot["page"]))
    feet = {x for x, n in pages.items() if len(n) > 2 and n == [*range(n[0], n[0] + len(n))]}
    is_foot = [bool((m := _PAGE.fullmatch(x.text)) and m["text"] in feet) for x in lines]
    heads = Counter(x.text for is_below, x in zip(is_foot, lines[1:], strict=False) if is_below)
    kept: list[Line] = []
    notes = 0  # footnotes so far
    for line, is_below in zip(lines, is_foot, strict=True):
        if is_below:
            found = [(x, m) for x in kept[-_MAX_NOTES:] if (m := _FOOTNOTE.match(x.text))]
            first = next((x for x, m in found if int(m["number"]) == notes + 1), None)
            notes = int(found[-1][1]["number"]) if first else notes
            kept = kept[: kept.index(first)] if first else kept
        elif heads[line.text] < 2:
            kept.append(line)
    return kept


def _converted(kind: str, data: bytes) -> str:
    command = [sys.executable, "-P", str(CONVERTER), kind]
    try:
        ran = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        message = f"takes more than {SECONDS} seconds to read; save it as plain text"
        raise BulletinError(message) from None
    if b"ModuleNotFoundError" in ran.stderr:
        raise BulletinError("requires packages that are not installed; run `make import`")
    if ran.returncode:
        why = ran.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise BulletinError(why or "cannot be read; save it as plain text")
    return ran.stdout.decode("utf-8")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise BulletinError("is not UTF-8; save it as UTF-8, HTML, Word or PDF") from None
    if _CONTROL.search(text):
        raise BulletinError("is not text; give plain text, Markdown, HTML, Word or PDF")
    return text


def _lines(text: str) -> Iterator[Line]:
    after_blank = True
    for number, written in enumerate(_LINE_ENDING.split(text), 1):
        cells = _CELL_END.sub(" | ", written.translate(_INVISIBLE))
        line = " ".join(cells.split())
        if not line or _RULE.fullmatch(line):
            after_blank = True
            continue
        urls = [m["url"] for m in _LINK.finditer(line)]
        line = _LINK.sub(lambda match: match["text"], line)
        urls += [url.rstrip(".,;:)") for url in _ADDRESS.findall(line)]
        line = _BRACKETED.sub("", line)
        addresses = tuple(dict.fromkeys(url for url in urls if url.startswith("http")))
        for part, level in _parts(line):
            yield Line(number, _MARKS.sub("", part).strip("| "), level, addresses, after_blank)
            after_blank = False


def _parts(line: str) -> Iterator[tuple[str, int]]:
    """A line, and the level of a heading; a bold beginning by itself."""
    heading, bold = _HEADING.fullmatch(line), _BOLD.match(line)
    if heading:
        yield heading["text"], len(heading["marks"])
    elif bold and re.search(r".{25}|[.。]$", bold["text"]) and len(bold["rest"]) > 40:
        yield bold["text"], BOLD_LEVEL
        yield bold["rest"].lstrip(" :."), 0
    else:
        yield line, BOLD_LEVEL if bold and len(bold["rest"]) < 5 else 0
