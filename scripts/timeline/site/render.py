"""Pages -> the Markdown that MkDocs renders, and statuses in words.

The Markdown of a page consists of front matter, text by people, and HTML between the lines `BLOCK`
and `END_BLOCK`, which `MarkdownBlocks` hides from Python-Markdown.
"""

import datetime
import functools
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape
from pydantic_core import from_json, to_json

from timeline import urls
from timeline.analysis.deadlines import key_date_id
from timeline.analysis.snapshot import Snapshot
from timeline.analysis.status import segments
from timeline.config import Site
from timeline.content.markup import body_html
from timeline.content.text import (
    first_paragraph,
    link_entries,
    mark_chinese,
    split_chinese,
)
from timeline.schema.codes import language_name, territory_name
from timeline.schema.dates import PartialDate, long_day, parse_date
from timeline.schema.entry import Entry
from timeline.schema.terms import RELATIONS
from timeline.schema.vocabulary import force_label, standing, state_label
from timeline.site.charts import month_chart
from timeline.site.page import Names, Page, names

TEMPLATES = Path(__file__).parent / "templates"


class Renderer:
    """A renderer of pages. `site` is None in a preview, which has no feeds or calendars.

    A preview is rendered repeatedly, so its pages are cached and rendered again only if they
    changed. A site's pages are not cached, since with their heads they need much memory.
    """

    def __init__(self, site: Site | None) -> None:
        self._site = site
        self._rendered: dict[str, tuple[Page, bytes]] = {}
        self._names: Names = {}
        self._rows: dict[tuple[str, str, str, bool], Markup] = {}

    def render(self, pages: Iterable[Page], names: Names) -> dict[str, bytes]:
        """Return path below build/docs -> Markdown with front matter."""
        if names != self._names:
            self._rendered = {}
            self._names = names
        self._rows = {}
        if self._site:
            return {page.path: self._markdown(page) for page in pages}
        before, self._rendered = self._rendered, {}
        for page in pages:
            known, text = before.get(page.path, (None, b""))
            self._rendered[page.path] = (page, text if known == page else self._markdown(page))
        return {path: text for path, (_, text) in self._rendered.items()}

    def _markdown(self, page: Page) -> bytes:
        text = (
            environment()
            .get_template(page.template)
            .render(
                page.context,
                page=page,
                href=page.href,
                markdown=_markdown_of(page),
                html=lambda body: body_html(body, page.href("")),
                row=functools.partial(self._row, page),
                names=self._names,
                site=self._site,
            )
        )
        return (_front_matter(page) + text).encode()

    def _row(self, page: Page, entry: Entry, style: str = "short", body: str = "") -> Markup:
        """Return the row of an entry in a list, cached since many pages list the same entry."""
        by_predecessor = bool(body) and body not in entry.regulators
        key = (entry.id, page.href(""), style, by_predecessor)
        if key not in self._rows:
            macros: Any = environment().get_template("macros.html.j2").module
            self._rows[key] = macros.row(
                entry, self._names, page.href, style, by_predecessor
            ).strip()
        return self._rows[key]


_HEAD = "head: |\n"  # the last key of the front matter, a block of lines


def _front_matter(page: Page) -> str:
    """Return the front matter for MkDocs and the theme, escaped, since its templates do not."""
    values: dict[str, object] = {
        "title": str(escape(page.title)),
        "description": str(escape(page.description)),
        "source": page.source,
        "scripts": list(page.scripts),
        "feeds": page.feeds,
    }
    meta = {key: value for key, value in values.items() if value not in (None, [])}
    lines = [f"{key}: {to_json(value).decode()}\n" for key, value in meta.items()]
    if page.head:
        head = environment().get_template("head.html.j2").render(page=page)
        lines += [_HEAD, "  ", head.strip().replace("\n", "\n  "), "\n"]
    return f"---\n{''.join(lines)}---\n"


def front_matter_and_text(page: str) -> tuple[dict[str, Any], str]:
    """Parse a rendered page into front matter and text, faster than MkDocs' YAML parser."""
    front, _, text = page.removeprefix("---\n").partition("\n---\n")
    values, _, head = front.partition(f"\n{_HEAD}")
    pairs = (line.partition(": ") for line in values.split("\n"))
    meta = {key: from_json(value) for key, _, value in pairs}
    return meta | ({"head": f"\n{head}\n".replace("\n  ", "\n")[1:]} if head else {}), text


def _markdown_of(page: Page) -> Callable[[str], Markup]:
    """Return the template filter for bodies, which makes links to entries relative paths."""
    depth = page.path.count("/")

    def render(body: str) -> Markup:
        # The check refuses raw HTML in bodies, so the text needs no escaping.
        linked = link_entries(body, lambda entry: f"{'../' * depth}entries/{entry}.md")
        return Markup(mark_chinese(linked))  # noqa: S704

    return render


@functools.cache
def environment() -> jinja2.Environment:
    """Return the template environment; all templates but those of plain text escape values."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt.j2",), default=True),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,  # would check the template files for each page
    )
    # Slow functions are called by templates, so that they run only for pages that changed.
    env.globals |= {
        "segments": segments,
        "month_chart": month_chart,
        "named": named,
        "urls": urls,
        "RELATIONS": RELATIONS,
        "standing": standing,
        "state_label": state_label,
        "force_label": force_label,
    }
    env.filters |= {
        "chinese": with_chinese,
        "amount": amount,
        "day": long_day,
        "when": when,
        "plain": first_paragraph,
        "counted": counted,
        "anchor": urls.anchor,
        "numbered": urls.numbered,
        "key_date_id": key_date_id,
        "language": language_name,
        "territory": territory_name,
        "month": lambda text: parse_date(text).long,
    }
    return env


@functools.lru_cache(maxsize=200_000)
def with_chinese(text: str) -> Markup:
    """Escape a text, and mark each Chinese run with its language."""
    return Markup("").join(
        Markup('<span lang="zh-Hans">{}</span>').format(piece) if chinese else escape(piece)
        for piece, chinese in split_chinese(text)
    )


@functools.lru_cache(maxsize=50_000)
def named(text: str, text_zh: str | None) -> Markup:
    """Return a name, followed by the Chinese name if there is one."""
    chinese = Markup(' <span class="zh" lang="zh-Hans">{}</span>').format(text_zh or "")
    return with_chinese(text) + chinese if text_zh else with_chinese(text)


@functools.lru_cache(maxsize=50_000)
def when(date: PartialDate | datetime.date, style: str = "long") -> Markup:
    """Return a date as a time element: `long`, `short` or `day` (only day and month)."""
    partial = date if isinstance(date, PartialDate) else PartialDate.of(date)
    shown = partial.long if style == "long" else partial.short
    if style == "day" and partial.month:
        shown = shown.removesuffix(f" {partial.year}")
    return Markup('<time datetime="{}">{}</time>').format(str(partial), shown)


def amount(value: Decimal) -> str:
    """Format an amount: `106,859.84`."""
    return f"{value:,}"


def counted(count: int, unit: str) -> str:
    """Return a count with its unit: `1 development`, `29 developments`, `4 bodies`, `2 days`."""
    if count == 1:
        return f"1 {unit}"
    ies = unit.endswith("y") and not unit.endswith(("ay", "ey", "oy", "uy"))
    return f"{count:,} {unit[:-1]}ies" if ies else f"{count:,} {unit}s"


class StatusWords:
    """Statuses as plain text, from the same template as on the pages."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._names = names(snapshot.collection)
        self._words: dict[str, tuple[str, str]] = {}

    def validity(self, instrument: str) -> str:
        """Return the validity, such as `In force since 1 November 2021`."""
        return self._of(instrument)[0]

    def named(self, instrument: str) -> str:
        """Return short name and validity, such as `Tide Act in force since 1 November 2021`."""
        words = self.validity(instrument)
        return f"{self._names['instruments'][instrument].short} {words[:1].lower()}{words[1:]}"

    def pending(self, instrument: str) -> str:
        """Return pending steps, such as `Open for comments until 13 May 2022`, or nothing."""
        return self._of(instrument)[1]

    def _of(self, instrument: str) -> tuple[str, str]:
        if instrument not in self._words:
            self._words[instrument] = self._rendered(instrument)
        return self._words[instrument]

    def _rendered(self, instrument: str) -> tuple[str, str]:
        status = self._snapshot.statuses[instrument]
        document = self._snapshot.collection.instruments[instrument]
        words = environment().get_template("status.html.j2").module
        validity = words.validity(status, document, self._names, str)  # type: ignore[attr-defined]
        pending = (words.pending(one, self._names, str) for one in status.pending)  # type: ignore[attr-defined]
        return _plain(validity), "; ".join(_plain(one) for one in pending)


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - tags are removed, nothing is marked safe
