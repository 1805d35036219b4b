"""Read a document as lines of text: Markdown markup becomes heading levels and link addresses."""

import calendar
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 20_000_000  # of a file; scanned newsletters are large
MAX_CHARACTERS = 300_000  # of the text; a newsletter has 10,000 to 100,000
MAX_LINE = 10_000  # characters
SECONDS = 30  # for converting a file
CONVERTER = Path(__file__).with_name("convert.py")  # run as a separate program
BOLD_LEVEL = 7  # of a line in bold type, below the six heading levels of HTML
_LINE_ENDING = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_HTML = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html)\b", re.IGNORECASE)
_HEADING = re.compile(r"(?P<marks>#{1,6}) +(?P<text>.*)")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>(?!\s)[^*]{4,}?)(?P=mark)(?P<rest>.*)")
_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\((?P<url>[^()\s]*)[^()]*\)")
_ADDRESS = re.compile(r"https?://[!#-;=?-Z_a-z~]+")
_BRACKETED = re.compile(rf"\s*[\[(<]{_ADDRESS.pattern}[\])>]")
_CELL_END = re.compile(r"(?<=\S)[ \t]*\t[ \t]*(?=\S)")  # in a pasted table
_RULE = re.compile(r"[|\s:=_*-]+")
_FOOTER = re.compile(r"(?P<text>.*?\S)\s(?P<page>\d{1,3})(?: of \d{1,3})?")
_FOOTNOTE = re.compile(rf"(?P<number>\d{{1,2}})\s(?!{'|'.join(calendar.month_abbr[1:])})[A-Z“]")
_MAX_NOTES = 15  # lines of footnotes on a page
_MARKUP = re.compile(  # of Markdown, rules around a heading, emoji before a heading
    r"\*\*|(?<!\S)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)__|__(?!\w)|^[>:] ?|"
    r"^[-=~—]{2,}\s|\s[-=~—]{2,}$|^[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?\s*"
)


class DocumentError(Exception):
    """A file cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with text. `level` is the level of a marked heading, or 0."""

    number: int
    text: str
    level: int = 0
    urls: tuple[str, ...] = ()
    after_blank: bool = False


def read_lines(name: str, data: bytes) -> list[Line]:
    """Return the lines of a file that have text. Raises DocumentError."""
    if len(data) > MAX_BYTES:
        raise DocumentError(f"has more than {MAX_BYTES:,} bytes; give the newsletter alone")
    is_html = _HTML.match(data) or name.lower().endswith((".html", ".htm"))
    kind = {b"%PDF": "pdf", b"PK\x03\x04": "docx"}.get(data[:4], "html" if is_html else "")
    text = _convert(kind, data) if kind else _decode(data)
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"has more than {MAX_CHARACTERS:,} characters of text; divide it")
    lines = list(_parse_lines(text))
    if not lines:
        raise DocumentError("has no text; a scanned document needs text recognition first")
    long = next((line.number for line in lines if len(line.text) > MAX_LINE), None)
    if long:
        message = "characters; put each paragraph on a line of its own"
        raise DocumentError(f"line {long} has more than {MAX_LINE:,} {message}")
    return _without_page_breaks(lines)


def _without_page_breaks(lines: list[Line]) -> list[Line]:
    """Return the lines without page footers, page headers and footnotes.

    A footer is a line that recurs with consecutive page numbers. A header is a line that follows
    footers at least twice. Footnotes are numbered consecutively and stand above a footer.
    """
    matches = [_FOOTER.fullmatch(line.text) for line in lines]
    pages = defaultdict[str, list[int]](list)
    for match in filter(None, matches):
        pages[match["text"]].append(int(match["page"]))
    footers = {x for x, n in pages.items() if len(n) > 2 and n == [*range(n[0], n[0] + len(n))]}
    are_footers = [match is not None and match["text"] in footers for match in matches]
    follows = zip(are_footers, lines[1:], strict=False)
    headers = Counter(line.text for is_after_footer, line in follows if is_after_footer)
    kept: list[Line] = []
    last_note = 0
    for line, is_footer in zip(lines, are_footers, strict=True):
        if is_footer:
            notes = [(x, m) for x in kept[-_MAX_NOTES:] if (m := _FOOTNOTE.match(x.text))]
            first = next((x for x, m in notes if int(m["number"]) == last_note + 1), None)
            last_note = int(notes[-1][1]["number"]) if first else last_note
            kept = kept[: kept.index(first)] if first else kept
        elif headers[line.text] < 2:
            kept.append(line)
    return kept


def _convert(kind: str, data: bytes) -> str:
    command = [sys.executable, "-P", str(CONVERTER), kind]
    try:
        ran = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        message = f"takes more than {SECONDS} seconds to read; save it as plain text"
        raise DocumentError(message) from None
    if b"ModuleNotFoundError" in ran.stderr:
        raise DocumentError("requires packages that are not installed; run `make import`")
    if ran.returncode:
        why = ran.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise DocumentError(why or "cannot be read; save it as plain text")
    return ran.stdout.decode("utf-8")


def _decode(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise DocumentError("is not UTF-8; save it as UTF-8, HTML, Word or PDF") from None
    if _CONTROL.search(text):
        raise DocumentError("is not text; give plain text, Markdown, HTML, Word or PDF")
    return text


def _parse_lines(text: str) -> Iterator[Line]:
    after_blank = True
    for number, raw in enumerate(_LINE_ENDING.split(text), 1):
        cells = _CELL_END.sub(" | ", raw.translate(_INVISIBLE))
        line = " ".join(cells.split())
        if not line or _RULE.fullmatch(line):
            after_blank = True
            continue
        urls = [m["url"] for m in _LINK.finditer(line)]
        line = _LINK.sub(lambda match: match["text"], line)
        urls += [url.rstrip(".,;:)") for url in _ADDRESS.findall(line)]
        line = _BRACKETED.sub("", line)
        addresses = tuple(dict.fromkeys(url for url in urls if url.startswith("http")))
        for part, level in _split_heading(line):
            yield Line(number, _MARKUP.sub("", part).strip("| "), level, addresses, after_blank)
            after_blank = False


def _split_heading(line: str) -> Iterator[tuple[str, int]]:
    """Yield a line and its heading level, split if it begins with a heading in bold type."""
    heading, bold = _HEADING.fullmatch(line), _BOLD.match(line)
    if heading:
        yield heading["text"], len(heading["marks"])
    elif bold and re.search(r".{25}|[.。]$", bold["text"]) and len(bold["rest"]) > 40:
        yield bold["text"], BOLD_LEVEL
        yield bold["rest"].lstrip(" :."), 0
    else:
        yield line, BOLD_LEVEL if bold and len(bold["rest"]) < 5 else 0
