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
    """A bar chart. Each bar is a link with a title; the whole has a text alternative."""
    ticks = any(bar.tick for bar in found)
    total = len(found) * (width + GAP)
    box = f"0 0 {max(total, 1)} {HEIGHT + (14 if ticks else 0)}"
    look = "chart long" if total > 400 else "chart"  # long ones have no room for text on phones
    svg = ET.Element("svg", {"class": look, "viewBox": box, "role": "group"})
    svg.set("aria-label", title)
    svg.set("style", f"max-width: {total}px")
    highest = max((bar.value for bar in found), default=0) or 1
    for place, bar in enumerate(found):
        left = place * (width + GAP)
        if bar.value:
            tall = max(2, round(HEIGHT * bar.value / highest))
            link = ET.SubElement(svg, "a", {"href": href(bar.url)})
            ET.SubElement(link, "title").text = bar.label
            place_of = {"x": str(left), "y": str(HEIGHT - tall)}
            ET.SubElement(link, "rect", {**place_of, "width": str(width), "height": str(tall)})
        if bar.tick:
            at = {"x": str(left), "y": str(HEIGHT + 12), "class": "tick"}
            ET.SubElement(svg, "text", at).text = bar.tick
    return _figure(svg, title)


def lines(found: Sequence[Bar], title: str, href: Callable[[str], str]) -> Markup:
    """A chart of horizontal bars, each with its label above it."""
    row, width = 30, 400
    svg = ET.Element(
        "svg", {"class": "chart", "viewBox": f"0 0 {width} {max(1, row * len(found))}"}
    )
    svg.set("role", "group")
    svg.set("aria-label", title)
    svg.set("style", f"max-width: {width}px")
    highest = max((bar.value for bar in found), default=0) or 1
    for place, bar in enumerate(found):
        link = ET.SubElement(svg, "a", {"href": href(bar.url)})
        ET.SubElement(link, "title").text = bar.label
        at = {"x": "0", "y": str(place * row + 11), "class": "tick"}
        ET.SubElement(link, "text", at).text = bar.tick
        long = max(2, round(width * bar.value / highest))
        box = {"x": "0", "y": str(place * row + 15), "width": str(long), "height": "8"}
        ET.SubElement(link, "rect", box)
    return _figure(svg, title)


def _figure(svg: ET.Element, title: str) -> Markup:
    figure = ET.Element("figure", {"class": "picture"})
    ET.SubElement(figure, "figcaption").text = title
    figure.append(svg)
    return Markup(ET.tostring(figure, encoding="unicode"))  # noqa: S704  # a serialiser escaped it
