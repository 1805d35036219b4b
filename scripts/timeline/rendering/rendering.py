"""Pages -> the Markdown that MkDocs renders."""

import datetime
import functools
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import jinja2
import yaml
from markupsafe import Markup, escape

from timeline.model import body, outputs
from timeline.model.anchors import anchor
from timeline.model.dates import PartialDate, long_day, parse_date
from timeline.model.locale_names import language, territory
from timeline.model.site import Site
from timeline.rendering.body_html import body_html
from timeline.search.search_records import Record
from timeline.standing.due_names import due_name
from timeline.standing.status import segments
from timeline.views.activity import month_chart
from timeline.views.page import Names, Page

TEMPLATES = Path(__file__).parent.parent / "templates"


class Renderer:
    """Renders pages, and remembers them: a page equal to the one before is not rendered again.

    `site` is None in a preview, which has nothing to subscribe to.
    """

    def __init__(self, site: Site | None) -> None:
        self._site = site
        self._environment = environment()
        self._rendered: dict[str, tuple[Page, bytes]] = {}
        self._names: Names = {}

    def render(self, pages: Iterable[Page], names: Names) -> dict[str, bytes]:
        """Path below build/docs -> Markdown with front matter."""
        if names != self._names:
            self._rendered = {}
            self._names = names
        rendered: dict[str, tuple[Page, bytes]] = {}
        for page in pages:
            before = self._rendered.get(page.path)
            known = before is not None and before[0] == page
            rendered[page.path] = before if before and known else (page, self._markdown(page))
        self._rendered = rendered
        return {path: text for path, (_, text) in rendered.items()}

    def records(self, found: Iterable[Record]) -> dict[str, bytes]:
        """Path -> HTML of what the search indexes."""
        template = self._environment.get_template("record.html.j2")
        return {
            f"{record.url}index.html": template.render(record=record).encode() for record in found
        }

    def _markdown(self, page: Page) -> bytes:
        template = self._environment.get_template(page.template)
        text = template.render(
            page.context,
            page=page,
            href=page.href,
            markdown=_markdown_of(page),
            html=lambda text: body_html(text, page.href("")),
            names=self._names,
            site=self._site,
        )
        head = self._environment.get_template("head.html.j2").render(page=page) if page.head else ""
        return (_front_matter(page) + head + text).encode()


def _front_matter(page: Page) -> str:
    """What MkDocs and the theme read; escaped, since MkDocs' templates do not escape."""
    meta: dict[str, object] = {
        "title": str(escape(page.title)),
        "description": str(escape(page.description)),
    }
    optional = {"source": page.source, "scripts": list(page.scripts), "feeds": page.feeds}
    meta |= {key: value for key, value in optional.items() if value not in (None, [])}
    text = yaml.dump(meta, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{text}---\n"


def _markdown_of(page: Page) -> Callable[[str], Markup]:
    """The filter for bodies: links to entry files become links that MkDocs follows."""
    depth = page.path.count("/")

    def render(text: str) -> Markup:
        # Checked to hold no raw HTML, so it may stand beside the templates' own.
        linked = body.linked(text, lambda entry: f"{'../' * depth}entries/{entry}.md")
        return Markup(body.marked(linked))  # noqa: S704

    return render


@functools.cache
def environment() -> jinja2.Environment:
    """The templates, with what they all may use; only plain text is not escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt.j2",), default=True),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    # What takes long is computed here, for pages that have changed, and not for every page.
    environment.globals |= {
        "segments": segments,
        "month_chart": month_chart,
        "outputs": outputs,
    }
    environment.filters |= {
        "han": han,
        "amount": amount,
        "day": long_day,
        "when": when,
        "plain": body.plain,
        "counted": counted,
        "anchor": anchor,
        "due_name": due_name,
        "language": language,
        "territory": territory,
        "month": month,
    }
    return environment


@functools.lru_cache(maxsize=200_000)
def han(text: str) -> Markup:
    """Text escaped, each Chinese run marked with its language."""
    return Markup("").join(
        Markup('<span lang="zh-Hans">{}</span>').format(piece) if chinese else escape(piece)
        for piece, chinese in body.han_runs(text)
    )


@functools.lru_cache(maxsize=50_000)
def when(date: PartialDate | datetime.date, style: str = "long") -> Markup:
    """A date as a time element: `long`, `short` or `day` (the day and month alone)."""
    partial = date
    if isinstance(date, datetime.date):
        partial = PartialDate(date.year, date.month, date.day)
    assert isinstance(partial, PartialDate)
    shown = partial.long if style == "long" else partial.short
    if style == "day" and partial.month:
        shown = shown.removesuffix(f" {partial.year}")
    return Markup('<time datetime="{}">{}</time>').format(str(partial), shown)


def month(text: str) -> str:
    """`April 2022` for `2022-04`."""
    return parse_date(text).long


def amount(value: Decimal) -> str:
    """`106,859.84`."""
    return f"{value:,}"


def counted(count: int, unit: str) -> str:
    """`1 development`, `29 developments`, `4 bodies`, `2 days`."""
    if count == 1:
        return f"1 {unit}"
    ies = unit.endswith("y") and not unit.endswith(("ay", "ey", "oy", "uy"))
    plural = f"{unit[:-1]}ies" if ies else f"{unit}s"
    return f"{count:,} {plural}"
