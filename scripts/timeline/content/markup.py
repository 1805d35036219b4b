"""Render Markdown as HTML: bodies of entries, and pages that also contain generated HTML.

`MarkdownBlocks` is a Python-Markdown extension for pages that contain generated HTML as well as
text that people wrote. It stores the HTML as Python-Markdown's fenced code extension does, and
restores it unchanged. The parser would leave the HTML unchanged too, but reading every tag takes
half of the time of a build. `page_html` does the same for pages that link only to entries, ten
times as fast.
"""

import functools
import re
import xml.etree.ElementTree as ET
from typing import Any

import markdown
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from timeline.content.text import link_entries, mark_chinese


@functools.lru_cache(maxsize=100_000)
def body_html(body: str, base: str) -> Markup:
    """Render a body as MkDocs does.

    `base` is the site's address, absolute or relative, ending in a slash. The check refuses bodies
    with raw HTML, so the result is safe to insert into templates.
    """
    linked = link_entries(body, lambda entry: f"{base}entries/{entry}/")
    return _rendered(mark_chinese(linked))


@functools.lru_cache(maxsize=100_000)  # most bodies have no links, so any base gives the same text
def _rendered(text: str) -> Markup:
    return Markup(_renderer().reset().convert(text))  # noqa: S704


@functools.cache
def _renderer() -> markdown.Markdown:
    return markdown.Markdown(extensions=["fenced_code", "tables"])


BLOCK, END_BLOCK = "<!-- block -->", "<!-- /block -->"  # the check refuses them in entries

_ID = re.compile(r'\bid="([^"]+)"')
_SAFE_LINK = re.compile(r"(?!(?:javascript|data|vbscript):)", re.IGNORECASE)
_FORBIDDEN = frozenset({"script", "img", "iframe", "object", "embed", "style"})


# HTML that the extension would not change: without headings, tables or anything unsafe.
_PLAIN = re.compile(
    r'(?:[^<]++|</?(?:p|em|strong|ul|ol|li|code|blockquote)>|<span lang="zh-Hans">|</span>|'
    r'<a href="(?:https?:|\.\./)[^"<]*+">|</a>)*+'
)
_STAGED_LINK = re.compile(r'(?<=<a href=")((?:\.\./)+entries/[^"/]+)\.md(?=")')


def page_html(page: str) -> str:
    """Render a page of blocks and Markdown in which all relative links lead to entries."""
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
    """Raised when Markdown that people wrote produces a forbidden element or link."""


class MarkdownBlocks(Extension):
    """Stores the blocks of a page, and gives the headings in its text unique anchors.

    `own_names`: on pages of docs/ outside the vocabulary, headings have anchors without a prefix
    unless a block or the theme, whose ids begin with an underscore, uses the same one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.own_names = False
        self.ids: set[str] = set()  # in the blocks of the current page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the processors: after white space is normalised, before HTML and code."""
        md.preprocessors.register(_StoreBlocks(md, self), "blocks", 28)
        md.treeprocessors.register(_RefuseUnsafe(md), "unsafe", 0)
        md.treeprocessors.register(_ScrollTables(md), "scroll", 1)

    def heading_id(self, text: str, separator: str) -> str:
        """Return the anchor of a heading, made of its words, Chinese ones included.

        A number by position would change whenever a heading is added above.
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
    """Makes wide tables scroll by themselves, with the keyboard too (WCAG 2.2, 2.1.1)."""

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
    """Refuses unsafe elements and links as a second line of defence, after the check."""

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            attributes: dict[str, Any] = element.attrib
            links = (attributes.get(name, "") for name in ("href", "src"))
            is_unsafe = element.tag in _FORBIDDEN or any(n.startswith("on") for n in attributes)
            if is_unsafe or not all(_SAFE_LINK.match(link.strip()) for link in links):
                raise UnsafeMarkupError(f"<{element.tag}> is not allowed here")
