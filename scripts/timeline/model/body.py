"""What the Markdown of an entry or a vocabulary page may hold, and its links to other files."""

import functools
import html
import re
from collections.abc import Callable, Iterator

from timeline.model.addresses import is_web_address
from timeline.model.document import Complaint
from timeline.model.problems import shown
from timeline.model.wording import Wording

HTML = re.compile(r"<(?!https?://[^\s<>]+>)[A-Za-z/!?][^\n]{0,30}")
MOST_TEXT = 20_000
MOST_BRACKETS = 400  # more are no links, and take Python-Markdown long
NESTED = re.compile(r"(?m)^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+){6,}|\[{6,}")
IMAGE = re.compile(r"!\[")
# Inline links and link definitions alike, up to the end of the target.
LINK = re.compile(
    r"(?P<before>\]\(\s*|\]:\s*)"
    r"(?P<target><[^>\n]*>|[^\s()\[\]]*(?:\([^\s()\[\]]*\)[^\s()\[\]]*)*)"
)
ENTRY = re.compile(r"(?:\.\./)+(?:entries/)?(?P<year>\d{4})/(?P<id>[a-z0-9-]+)\.md")
_VERBATIM = re.compile(
    r"(`[^`\n]*`|<https?://[^\s<>]*>|\]\([^)\n]*\)|^(?:    |\t).*$)", re.MULTILINE
)
_PAGE = re.compile(r"(?:\.\./)*[a-z0-9/-]+\.md(?:#[a-z0-9-]+)?")
_CJK = "[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_PUNCTUATION = (
    "[\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01-\uff60\u2014\u2018-\u201d\u2026\u00b7]"
)
# Between two Han characters, what belongs to a Chinese title: its punctuation, digits, Latin words.
_HAN_RUN = re.compile(
    f"[\u300a\u3008\u201c\u3010\uff08]{{0,3}}{_CJK}"
    f"(?:(?:{_CJK}|{_PUNCTUATION}|[0-9A-Za-z+.-])*(?:{_CJK}|[\u300b\u3009\u3011\u201d\uff09]))?"
)


@functools.lru_cache(maxsize=100_000)
def plain(body: str) -> str:
    """The first paragraph without its Markdown, for previews and lists."""
    return plain_text(next((part for part in re.split(r"\n\s*\n", body) if part.strip()), ""))


def plain_text(body: str) -> str:
    """The whole text without its Markdown, in one line, for the search."""
    text = re.sub(r"!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])", r"\1", body)
    text = re.sub(r"(?m)^\s*([-*+>]|\d+\.|#+)\s+", "", text)
    text = re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", text)
    return " ".join(html.unescape(text).split())


def complaints(
    body: str, first_line: int, entries: frozenset[str], *, pages: bool = False
) -> Iterator[Complaint]:
    """What may not stand in a body: raw HTML, images, links elsewhere than the web and entries.

    Raw HTML could run a script, an image would be fetched from another host. With `pages`, links
    to other pages of docs/ are allowed too; MkDocs says where one is dead.
    """
    if not re.search(r"\w", body):
        yield max(first_line - 1, 1), Wording.NO_TEXT
    for count, most, what in (
        (len(body), MOST_TEXT, "characters"),
        (body.count("["), MOST_BRACKETS, "brackets"),
    ):
        if count > most:
            told = Wording.LONG_TEXT.format(count=f"{count:,}", what=what, most=f"{most:,}")
            yield first_line, told
            return

    def line(match: re.Match[str]) -> int:
        return first_line + body.count("\n", 0, match.start())

    for match in HTML.finditer(body):
        yield line(match), Wording.HTML.format(found=repr(match[0]))
    for match in NESTED.finditer(body):
        yield line(match), Wording.NESTED
    for match in IMAGE.finditer(body):
        yield line(match), Wording.PICTURE
    for match in LINK.finditer(body):
        wrong = _wrong_target(match["target"], entries)
        if wrong and not (pages and _PAGE.fullmatch(match["target"])):
            yield line(match), wrong


def _wrong_target(target: str, entries: frozenset[str]) -> str | None:
    entry = ENTRY.fullmatch(target)
    if entry is None:
        if is_web_address(target):
            return None
        return Wording.DEAD_LINK.format(target=shown(target))
    if entry["id"] not in entries or not entry["id"].startswith(entry["year"]):
        return Wording.LINK_TO_NOTHING.format(target=shown(target))
    return None


def linked(body: str, address: Callable[[str], str]) -> str:
    """The body with links to entry files turned into `address(id)`."""

    def replace(match: re.Match[str]) -> str:
        entry = ENTRY.fullmatch(match["target"])
        if entry is None:
            return match[0]
        return match["before"] + address(entry["id"])

    return LINK.sub(replace, body)


def han_runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is Chinese."""
    end = 0
    for match in _HAN_RUN.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], False
        yield match[0], True
        end = match.end()
    if end < len(text):
        yield text[end:], False


def marked(body: str) -> str:
    """Markdown with each Chinese run marked with its language, but not in code, links' targets."""
    parts = _VERBATIM.split(body)
    return "".join(part if place % 2 else _spans(part) for place, part in enumerate(parts))


def _spans(text: str) -> str:
    return "".join(
        f'<span lang="zh-Hans">{piece}</span>' if chinese else piece
        for piece, chinese in han_runs(text)
    )
