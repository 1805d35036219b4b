"""Process the text of entries and pages: slugs, sentences, Chinese runs, links, plain text."""

import functools
import html
import re
from collections.abc import Callable, Iterator

from slugify import slugify

# Radicals, iteration marks, ideographs of the Basic Multilingual Plane, compatibility ideographs.
CHARACTERS = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CHARACTER = re.compile(f"[{CHARACTERS}]")
MAX_SLUG = 60
STOPWORDS = (
    "a", "an", "the", "of", "on", "in", "for", "to", "and", "its", "with", "by", "from", "at",
)  # fmt: skip

_PUNCTUATION = (
    "[\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01-\uff60\u2014\u2018-\u201d\u2026\u00b7]"
)
# A Chinese title: two Chinese characters with any punctuation, digits and Latin words between them.
CHINESE_RUN = re.compile(
    f"[\u300a\u3008\u201c\u3010\uff08]{{0,3}}[{CHARACTERS}]"
    f"(?:(?:[{CHARACTERS}]|{_PUNCTUATION}|[0-9A-Za-z+.-])*"
    f"(?:[{CHARACTERS}]|[\u300b\u3009\u3011\u201d\uff09]))?"
)

ABBREVIATION = re.compile(
    r"\b(?:Nos?|Arts?|Co|Ltd|Inc|Mr|Ms|Dr|vs?|i\.e|e\.g|approx|[A-Z]|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_SENTENCE_END = re.compile(r"[.!?]+[”\"’)]?\s+(?=[A-Z“\"(《\d])|[。！？]”?")


def slug(title: str) -> str:
    """Return a title as a slug: a few ASCII words in lower case, or an empty string."""
    return slugify(title, max_length=MAX_SLUG, word_boundary=True, stopwords=STOPWORDS)


def sentences(text: str) -> list[str]:
    """Split a paragraph into sentences."""
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if not ABBREVIATION.search(text[start : match.start() + 1]):
            found.append(text[start : match.end()].strip())
            start = match.end()
    return [*found, text[start:].strip()] if text[start:].strip() else found


def split_chinese(text: str) -> Iterator[tuple[str, bool]]:
    """Split a text into runs, and yield each with whether it is Chinese."""
    end = 0
    for match in CHINESE_RUN.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], False
        yield match[0], True
        end = match.end()
    if end < len(text):
        yield text[end:], False


# Inline links and link definitions alike, up to the end of the target.
LINK = re.compile(
    r"(?P<before>\]\(\s*|\]:\s*)"
    r"(?P<target><[^>\n]*>|[^\s()\[\]]*(?:\([^\s()\[\]]*\)[^\s()\[\]]*)*)"
)
ENTRY_LINK = re.compile(r"(?:\.\./)+(?:entries/)?(?P<year>\d{4})/(?P<id>[a-z0-9-]+)\.md")
# Text in which Chinese is not marked: code, and targets of links.
_VERBATIM = re.compile(
    r"(`[^`\n]*`|<https?://[^\s<>]*>|\]\([^)\n]*\)|^(?:    |\t).*$)", re.MULTILINE
)


@functools.lru_cache(maxsize=100_000)
def first_paragraph(body: str) -> str:
    """Return the first paragraph of a body as plain text, for descriptions and lists."""
    return plain_text(next((part for part in re.split(r"\n\s*\n", body) if part.strip()), ""))


def plain_text(body: str) -> str:
    """Return a body without its Markdown, on one line."""
    text = re.sub(r"!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])", r"\1", body)
    text = re.sub(r"(?m)^[ \t]*([-*+>]|\d+\.|#+)[ \t]+", "", text)
    if "_" in text:  # few texts have one, and these patterns are slow
        text = re.sub(r"(?<!\w)_+|(?<!_)_++(?!\w)", "", text)
    text = re.sub("[*`]+", "", text)
    return " ".join(html.unescape(text).split())


def link_entries(body: str, address: Callable[[str], str]) -> str:
    """Return a body in which links to entry files lead to `address(id)`."""

    def replace(match: re.Match[str]) -> str:
        entry = ENTRY_LINK.fullmatch(match["target"])
        return match["before"] + address(entry["id"]) if entry else match[0]

    return LINK.sub(replace, body)


def mark_chinese(body: str) -> str:
    """Return a body with the language of each Chinese run marked, except in code and targets."""
    parts = _VERBATIM.split(body)
    return "".join(part if place % 2 else _marked(part) for place, part in enumerate(parts))


def _marked(text: str) -> str:
    return "".join(
        f'<span lang="zh-Hans">{piece}</span>' if chinese else piece
        for piece, chinese in split_chinese(text)
    )
