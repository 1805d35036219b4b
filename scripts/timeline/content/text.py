"""The text of entries and pages: sentences, Chinese runs, links, plain text and HTML.

`MarkdownBlocks` is an extension for pages that hold the generator's HTML beside what people wrote.
It stores the HTML as Python-Markdown's own fenced code does, and it comes back as it was: the
parser would leave it unchanged too, after reading every tag of it, which takes half of the time of
a build. `page_html` does the same for pages with links to entries alone, ten times as fast.
"""

import functools
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import Any

import markdown
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup
from slugify import slugify

# Radicals, marks of repetition, the ideographs of the basic plane, compatibility ideographs.
CHARACTERS = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CHARACTER = re.compile(f"[{CHARACTERS}]")
MAX_SLUG = 60
STOPWORDS = (
    "a", "an", "the", "of", "on", "in", "for", "to", "and", "its", "with", "by", "from", "at",
)  # fmt: skip

_PUNCTUATION = (
    "[\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01-\uff60\u2014\u2018-\u201d\u2026\u00b7]"
)
# Between two characters, what belongs to a Chinese title: its punctuation, digits, Latin words.
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
    """A title as part of an address: a few ASCII words in lower case, or nothing."""
    return slugify(title, max_length=MAX_SLUG, word_boundary=True, stopwords=STOPWORDS)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if not ABBREVIATION.search(text[start : match.start() + 1]):
            found.append(text[start : match.end()].strip())
            start = match.end()
    return [*found, text[start:].strip()] if text[start:].strip() else found


def split_chinese(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is Chinese."""
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
# What stands as it is: code, and targets of links.
_VERBATIM = re.compile(
    r"(`[^`\n]*`|<https?://[^\s<>]*>|\]\([^)\n]*\)|^(?:    |\t).*$)", re.MULTILINE
)


@functools.lru_cache(maxsize=100_000)
def first_paragraph(body: str) -> str:
    """The first paragraph without its Markdown, for previews and lists."""
    return plain_text(next((part for part in re.split(r"\n\s*\n", body) if part.strip()), ""))


def plain_text(body: str) -> str:
    """The whole text without its Markdown, on one line."""
    text = re.sub(r"!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])", r"\1", body)
    text = re.sub(r"(?m)^[ \t]*([-*+>]|\d+\.|#+)[ \t]+", "", text)
    if "_" in text:  # few have one, and these patterns try every place
        text = re.sub(r"(?<!\w)_+|(?<!_)_++(?!\w)", "", text)
    text = re.sub("[*`]+", "", text)
    return " ".join(html.unescape(text).split())


def link_entries(body: str, address: Callable[[str], str]) -> str:
    """The body with links to entry files turned into links to `address(id)`."""

    def replace(match: re.Match[str]) -> str:
        entry = ENTRY_LINK.fullmatch(match["target"])
        return match["before"] + address(entry["id"]) if entry else match[0]

    return LINK.sub(replace, body)


def mark_chinese(body: str) -> str:
    """The body with each Chinese run marked with its language, but not in code and targets."""
    parts = _VERBATIM.split(body)
    return "".join(part if place % 2 else _marked(part) for place, part in enumerate(parts))


def _marked(text: str) -> str:
    return "".join(
        f'<span lang="zh-Hans">{piece}</span>' if chinese else piece
        for piece, chinese in split_chinese(text)
    )


@functools.lru_cache(maxsize=100_000)
def body_html(body: str, base: str) -> Markup:
    """The body as MkDocs renders it. `base` is the site's address, whole or relative, with a slash.

    Bodies are checked to hold no HTML of their own, so theirs may stand beside that of templates.
    """
    linked = link_entries(body, lambda entry: f"{base}entries/{entry}/")
    return _rendered(mark_chinese(linked))


@functools.lru_cache(maxsize=100_000)  # few bodies have links, so most are rendered once
def _rendered(text: str) -> Markup:
    return Markup(_renderer().reset().convert(text))  # noqa: S704


@functools.cache
def _renderer() -> markdown.Markdown:
    return markdown.Markdown(extensions=["fenced_code", "tables"])


BLOCK, END_BLOCK = "<!-- block -->", "<!-- /block -->"  # no entry can write them

_ID = re.compile(r'\bid="([^"]+)"')
_SAFE_LINK = re.compile(r"(?!(?:javascript|data|vbscript):)", re.IGNORECASE)
_FORBIDDEN = frozenset({"script", "img", "iframe", "object", "embed", "style"})


# What comes out the same with the extension and without it: no heading, no table, nothing unsafe.
_PLAIN = re.compile(
    r'(?:[^<]++|</?(?:p|em|strong|ul|ol|li|code|blockquote)>|<span lang="zh-Hans">|</span>|'
    r'<a href="(?:https?:|\.\./)[^"<]*+">|</a>)*+'
)
_STAGED_LINK = re.compile(r'(?<=<a href=")((?:\.\./)+entries/[^"/]+)\.md(?=")')


def page_html(page: str) -> str:
    """The HTML of a page that holds blocks, and text whose relative links lead to entries."""
    text, *rest = f"\n{page}".split(f"\n{BLOCK}\n")
    parts = [_text_html(text)]
    for part in rest:
        block, _, text = part.partition(f"\n{END_BLOCK}")
        parts += [block, _text_html(text)]
    return "\n".join(filter(None, parts))


def _text_html(text: str) -> str:
    html: str = _rendered(text.strip("\n"))
    if not _PLAIN.fullmatch(html):
        html = _safe_renderer().reset().convert(text)
    return _STAGED_LINK.sub(r"../\1/", html)


@functools.cache
def _safe_renderer() -> markdown.Markdown:
    blocks = MarkdownBlocks()
    return markdown.Markdown(
        extensions=["toc", "fenced_code", "tables", blocks],
        extension_configs={"toc": {"slugify": blocks.heading_id}},
    )


class UnsafeMarkupError(Exception):
    """The Markdown of a page makes an element that no page of people may hold."""


class MarkdownBlocks(Extension):
    """Stores the blocks of a page, and gives headings in its text anchors that nothing else has.

    `own_names`: on pages of docs/ that are no vocabulary, headings keep their bare names where
    neither a block nor the theme, whose names begin with an underscore, has them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.own_names = False
        self.ids: set[str] = set()  # in the blocks of the page that is being read

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register after white space is normalised, and before HTML and code are looked for."""
        md.preprocessors.register(_StoreBlocks(md, self), "blocks", 28)
        md.treeprocessors.register(_RefuseUnsafe(md), "unsafe", 0)
        md.treeprocessors.register(_ScrollTables(md), "scroll", 1)

    def heading_id(self, text: str, separator: str) -> str:
        """The anchor of a heading: its words, Chinese too.

        Without words it would be its place among the headings, which another heading changes.
        """
        slug = slugify_unicode(text, separator)
        is_free = self.own_names and not slug.startswith("_") and slug not in {*self.ids, "content"}
        return slug if is_free else f"text{separator}{slug}"


class _StoreBlocks(Preprocessor):
    def __init__(self, md: Markdown, extension: MarkdownBlocks) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        self.extension.ids.clear()
        found: list[str] = []
        block: list[str] | None = None
        for line in lines:
            if line == BLOCK:
                block = []
            elif line == END_BLOCK and block is not None:
                html = "\n".join(block)
                self.extension.ids.update(_ID.findall(html))
                found += ["", self.md.htmlStash.store(html), ""]
                block = None
            else:
                (found if block is None else block).append(line)
        return found


class _ScrollTables(Treeprocessor):
    """A table too wide for the screen scrolls by itself, by keyboard too (WCAG 2.2, 2.1.1)."""

    def run(self, root: ET.Element) -> None:
        parents = ((parent, n) for parent in root.iter() for n in range(len(parent)))
        tables = [(parent, n) for parent, n in parents if parent[n].tag == "table"]
        for number, (parent, place) in enumerate(tables, start=1):
            named = {"role": "region", "aria-label": f"Table {number}"}
            scroller = ET.Element("div", {"class": "scroller", "tabindex": "0", **named})
            parent[place].set("class", "figures")
            scroller.append(parent[place])
            parent[place] = scroller


class _RefuseUnsafe(Treeprocessor):
    """The check refuses such text already; this is the second lock."""

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            attributes: dict[str, Any] = element.attrib
            links = (attributes.get(name, "") for name in ("href", "src"))
            is_unsafe = element.tag in _FORBIDDEN or any(n.startswith("on") for n in attributes)
            if is_unsafe or not all(_SAFE_LINK.match(link.strip()) for link in links):
                raise UnsafeMarkupError(f"<{element.tag}> is not allowed here")
