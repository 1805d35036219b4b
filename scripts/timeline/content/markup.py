"""Markdown -> HTML: the bodies of entries, and the pages that also hold the generator's own HTML.

`MarkdownBlocks` is an extension for pages that hold the generator's HTML beside what people wrote.
It stores the HTML as Python-Markdown's own fenced code does, and it comes back as it was: the
parser would leave it unchanged too, after reading every tag of it, which takes half of the time of
a build. `page_html` does the same for pages with links to entries alone, ten times as fast.
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
    """The body as MkDocs renders it. `base` is the site's address, whole or relative, with a slash.

    Bodies are checked to hold no HTML of their own, so theirs may be put beside that of templates.
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
