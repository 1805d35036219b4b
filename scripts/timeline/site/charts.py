"""Charts as SVG, drawn at build time; colours come from the page's style sheet."""

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

BAR, GAP, HEIGHT = 6, 2, 64

Href = Callable[[str], str]
MonthRow = tuple[int, str, tuple[tuple[int, str, int], ...], int]


@dataclass(frozen=True)
class Bar:
    """One bar: its value, its text, and the address it leads to."""

    value: int | Decimal
    label: str
    url: str
    tick: str = ""  # text under it


def bars(found: Sequence[Bar], title: str, href: Href, width: int = BAR) -> Markup:
    """A bar chart. Each bar is a link with a title, for the pointer.

    The keyboard would stop at each of a hundred bars; it finds the same links in tables and on the
    timeline.
    """
    ticks = any(bar.tick for bar in found)
    total = len(found) * (width + GAP)
    box = f"0 0 {max(total, 1)} {HEIGHT + (14 if ticks else 0)}"
    look = "chart long" if total > 400 else "chart"  # long ones have no room for text on phones
    svg = ET.Element("svg", {"class": look, "viewBox": box})
    svg.set("style", f"max-width: {total}px")
    highest = max((bar.value for bar in found), default=0) or 1
    for place, bar in enumerate(found):
        left = place * (width + GAP)
        if bar.value:
            tall = max(2, round(HEIGHT * bar.value / highest))
            link = ET.SubElement(svg, "a", {"href": href(bar.url), "tabindex": "-1"})
            ET.SubElement(link, "title").text = bar.label
            position = {"x": str(left), "y": str(HEIGHT - tall)}
            ET.SubElement(link, "rect", {**position, "width": str(width), "height": str(tall)})
        if bar.tick:
            position = {"x": str(left), "y": str(HEIGHT + 12), "class": "tick"}
            ET.SubElement(svg, "text", position).text = bar.tick
    return _figure(svg, title)


def lines(found: Sequence[Bar], title: str, href: Href) -> Markup:
    """Horizontal bars, each with its label above it; as a list, in which long labels wrap."""
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
    """A chart under its title, which is its name for those who cannot see it."""
    figure = ET.Element("figure", {"class": "picture"})
    ET.SubElement(figure, "figcaption").text = title
    figure.append(drawn)
    # In HTML an empty span needs its end tag; in SVG it is only longer.
    is_svg = drawn.tag == "svg"
    text = ET.tostring(figure, encoding="unicode", short_empty_elements=is_svg)
    return Markup(text)  # noqa: S704  # a serialiser escaped it


def month_chart(entries: tuple[Entry, ...], title: str, href: Href) -> Markup | str:
    """Developments by month, from the first year to the last.

    It says what it counts: a peak is often a month that was read more closely than others.
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
    return bars(drawn, f"{title}, {period} (entries on this site, not all acts)", href)


def month_table(collection: Collection) -> Iterator[MonthRow]:
    """Rows of (year, address, twelve of (month, address, count), total), newest year first."""
    for year, months in collection.by_month.items():
        cells = tuple((m, month_url(year, m), len(months.get(m, ()))) for m in range(1, 13))
        yield year, year_url(year), cells, sum(map(len, months.values()))
