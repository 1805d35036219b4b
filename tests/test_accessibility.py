"""Accessibility of the invented world's site: axe, enlarged text and WCAG's text spacing."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize
from test_browser import kinds_of_page

NARROW = ViewportSize(width=320, height=800)
WIDE = ViewportSize(width=1440, height=900)
LAYOUTS = (
    "",
    "contribute/",
    "enforcement/",
    "entries/2022-02-03-south-harbour-fined/",
    "explore/",
    "timeline/",
)
ENLARGED = "document.documentElement.style.fontSize = '250%'"  # the theme's default size is 125%
# Success criterion 1.4.12 of WCAG 2.2.
SPACED = """
const spaces = {"line-height": 1.5, "letter-spacing": "0.12em", "word-spacing": "0.16em"};
for (const element of document.querySelectorAll("body *"))
  for (const [name, value] of Object.entries(spaces))
    element.style.setProperty(name, value, "important");
"""


@pytest.mark.parametrize(("viewport", "scheme"), [(NARROW, "dark"), (WIDE, "light")])
def test_axe_finds_no_violations(
    chromium: Browser, world_site: Path, world_address: str, viewport: ViewportSize, scheme: Any
) -> None:
    """Test each kind of page on a phone, and those with a wide layout on a wide screen too."""
    page = chromium.new_page(viewport=viewport, color_scheme=scheme)
    found: dict[tuple[str, str], list[Any]] = {}
    for path in LAYOUTS if viewport is WIDE else kinds_of_page(world_site):
        page.goto(world_address + path, wait_until="load")
        results = Axe().run(page, options={"resultTypes": ["violations"]}).response
        found |= {
            (path, one["id"]): [node["target"] for node in one["nodes"]]
            for one in results["violations"]
        }
    page.close()
    assert found == {}


@pytest.mark.parametrize("change", [ENLARGED, SPACED], ids=["enlarged", "spaced"])
def test_enlarged_text_needs_no_horizontal_scrolling(
    chromium: Browser, world_site: Path, world_address: str, change: str
) -> None:
    page = chromium.new_page(viewport=NARROW)
    wide = []
    for path in kinds_of_page(world_site):
        page.goto(world_address + path, wait_until="load")
        page.evaluate(change)
        if page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
            wide.append(path)
    page.close()
    assert wide == []
