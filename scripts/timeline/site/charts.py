"""Charts in SVG and HTML, drawn at build time; the style sheet sets their colours."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from timeline.content.collection import Collection
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.urls import month_url, year_url

BAR_WIDTH, GAP, HEIGHT = 6, 2, 64

Href = Callable[[str], str]
MonthRow = tuple[int, str, tuple[tuple[int, str, int], ...], int]


@dataclass(frozen=True)
class Bar:
    """A bar: its value, its label and the address to which it links."""

    value: int | Decimal
    label: str
    url: str
    tick: str = ""  # text on the axis


def bar_chart(found: Sequence[Bar], title: str, href: Href, width: int = BAR_WIDTH) -> Markup:
    """Return a bar chart. Each bar is a link with a title, for mouse users.

    Bars are not tab stops, since there may be hundreds; tables and the timeline have the same
    links.
    """
    ticks = any(bar.tick for bar in found)
    total = len(found) * (width + GAP)
    box = f"0 0 {max(total, 1)} {HEIGHT + (14 if ticks else 0)}"
    css_class = "chart long" if total > 400 else "chart"  # no room for text on phones
    svg = ET.Element("svg", {"class": css_class, "viewBox": box})
    svg.set("style", f"max-width: {total}px")
    highest = max((bar.value for bar in found), default=0) or 1
    for place, bar in enumerate(found):
        left = place * (width + GAP)
        if bar.value:
            height = max(2, round(HEIGHT * bar.value / highest))
            link = ET.SubElement(svg, "a", {"href": href(bar.url), "tabindex": "-1"})
            ET.SubElement(link, "title").text = bar.label
            position = {"x": str(left), "y": str(HEIGHT - height)}
            ET.SubElement(link, "rect", {**position, "width": str(width), "height": str(height)})
        if bar.tick:
            position = {"x": str(left), "y": str(HEIGHT + 12), "class": "tick"}
            ET.SubElement(svg, "text", position).text = bar.tick
    return _figure(svg, title)


def bar_list(found: Sequence[Bar], title: str, href: Href) -> Markup:
    """Return horizontal bars as a list, each under its label, which may wrap."""
    drawn = ET.Element("ul", {"class": "lines"})
    highest = max((bar.value for bar in found), default=0) or 1
    for bar in found:
        row = ET.SubElement(drawn, "li")
        link = ET.SubElement(row, "a", {"href": href(bar.url), "title": bar.label})
        link.text = bar.tick
        share = f"width: {100 * bar.value / highest:.1f}%"
        ET.SubElement(row, "span", {"class": "bar", "style": share})
    return _figure(drawn, title)


def _figure(drawn: ET.Element, title: str) -> Markup:
    """Return a figure with the title as caption, which names the chart for screen readers."""
    figure = ET.Element("figure", {"class": "picture"})
    ET.SubElement(figure, "figcaption").text = title
    figure.append(drawn)
    # In HTML an empty span needs an end tag; in SVG empty elements do not.
    is_svg = drawn.tag == "svg"
    text = ET.tostring(figure, encoding="unicode", short_empty_elements=is_svg)
    return Markup(text)  # noqa: S704 - escaped by the serialiser


def month_chart(entries: tuple[Entry, ...], title: str, href: Href) -> Markup | str:
    """Return a chart of developments by month, from the first year to the last.

    The title says what is counted, since a peak is often only a month that was read more closely.
    """
    if not entries:
        return ""
    counts = Counter((entry.date.year, entry.date.month) for entry in entries)
    years = range(entries[-1].date.year, entries[0].date.year + 1)
    drawn = [
        Bar(
            counts[year, month],
            f"{PartialDate(year, month).long}: {counts[year, month]}",
            month_url(year, month),
            str(year) if month == 1 else "",
        )
        for year in years
        for month in range(1, 13)
    ]
    period = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    return bar_chart(drawn, f"{title}, {period} (entries on this site, not all acts)", href)


def month_table(collection: Collection) -> Iterator[MonthRow]:
    """Yield rows (year, address, twelve of (month, address, count), total), newest year first."""
    for year, months in collection.by_month.items():
        cells = tuple((m, month_url(year, m), len(months.get(m, ()))) for m in range(1, 13))
        yield year, year_url(year), cells, sum(map(len, months.values()))
