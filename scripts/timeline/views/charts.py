"""Pictures as SVG, drawn at build time; colours come from the page's style sheet."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

BAR, GAP, HEIGHT = 6, 2, 64


@dataclass(frozen=True)
class Bar:
    """One bar: its height's value, its text, and the address it leads to."""

    value: int | Decimal
    label: str
    url: str
    tick: str = ""  # text under it


def bars(found: Sequence[Bar], title: str, href: Callable[[str], str], width: int = BAR) -> Markup:
    """A bar chart. Each bar is a link with a title, for the pointer.

    The keyboard would stop at each of a hundred bars; it finds the same links in tables and on
    the timeline.
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
            place_of = {"x": str(left), "y": str(HEIGHT - tall)}
            ET.SubElement(link, "rect", {**place_of, "width": str(width), "height": str(tall)})
        if bar.tick:
            at = {"x": str(left), "y": str(HEIGHT + 12), "class": "tick"}
            ET.SubElement(svg, "text", at).text = bar.tick
    return _figure(svg, title)


def lines(found: Sequence[Bar], title: str, href: Callable[[str], str]) -> Markup:
    """A chart of horizontal bars, each with its label above it; as a list, where long ones wrap."""
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
    """A picture under its title, which is its name for those who cannot see it."""
    figure = ET.Element("figure", {"class": "picture"})
    ET.SubElement(figure, "figcaption").text = title
    figure.append(drawn)
    # In HTML an empty span needs its end tag; in SVG it is only longer.
    short = drawn.tag == "svg"
    made = ET.tostring(figure, encoding="unicode", short_empty_elements=short)
    return Markup(made)  # noqa: S704  # a serialiser escaped it
