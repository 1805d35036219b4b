"""The site in a browser: a reader's way, no errors, no other host, and hostile entries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WORLD, build, copy_checkout, serve
from playwright.sync_api import Browser, Page
from test_site import parsed

HOSTILE = '<img src=x onerror="window.trapped=1"><script>window.trapped=1</script>\'{{ 7*7 }}'


class Watch:
    """Notes what a page complains of and whom it asks."""

    def __init__(self, page: Page, address: str) -> None:
        self.errors: list[str] = []
        self.others: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.note(request.url, address))

    def note(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:")):
            self.others.append(url)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def test_from_home_to_an_entry_and_back(page: Page, address: str) -> None:
    watch = Watch(page, address)
    page.goto(address)
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Regulators").click()
    page.get_by_role("link", name="Cyberspace Administration of China").first.click()
    assert page.locator("h1").inner_text() == "Cyberspace Administration of China"
    page.get_by_role(
        "link", name=re.compile("CAC starts a Qinglang campaign on algorithms")
    ).click()
    assert page.url.endswith("/entries/2022-04-08-cac-qinglang-algorithm-governance-action/")
    page.get_by_role("link", name="April 2022", exact=True).click()
    assert page.locator("h1").inner_text() == "April 2022"
    sections = [text.split("\n")[0] for text in page.locator("h2").all_inner_texts()]
    names = [re.sub(r"\s*\d+$", "", text) for text in sections]
    assert names == ["Highlights", "Regulatory", "Policy", "Enforcement", "Courts", "Industry"]
    page.get_by_role("link", name="China Digital Regulation Timeline").first.click()
    assert page.url == address
    assert (watch.errors, watch.others) == ([], [])


def test_every_kind_of_page_is_quiet(page: Page, address: str, site: Path) -> None:
    """No error in the console (the policy's included), no request to another host."""
    watch = Watch(page, address)
    kinds = {re.sub(r"/[^/]+/?$", "", path): path for path in sorted(parsed(site))}
    for path in kinds.values():
        page.goto(path.replace("https://timeline.example.org/", address))
        page.wait_for_load_state("networkidle")
    assert (watch.errors, watch.others) == ([], [])


WIDE = "entries/2022-04-14-shunyi-court-personal-data-case/"  # it has a table


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("path", ["", "timeline/2022/04/", "instruments/", "regulators/cac/", WIDE])
def test_nothing_is_wider_than_the_screen(page: Page, address: str, width: int, path: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_theme_can_be_switched_and_is_kept(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.locator("label[title='Switch to light mode']").click()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"
    page.goto(address + "timeline/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"


def test_the_keyboard_reaches_the_content(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_reading_needs_no_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Timeline", exact=True).first.click()
    page.get_by_role("link", name="2022", exact=True).first.click()
    assert page.locator("h1").inner_text() == "2022"
    context.close()


def spoil(checkout: Path) -> None:
    """Put the hostile text in every field of every file that takes free text."""
    quoted = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    free = (
        "title|publisher|quote|date_note|number|what|who|party|text|note|reason|applies_to|name"
        "|abbreviation|name_zh|place|short|do|description"
    )
    field = re.compile(rf"\b({free}): (?!\[|\n)(\"[^\"\n]*\"|[^,}}\n]+)")
    lists = re.compile(r"\b(parties|articles|former_titles): \[[^\]]*\]")
    for file in [*checkout.glob("entries/**/*.md"), *checkout.glob("docs/**/*.md")]:
        _, front, text = file.read_text(encoding="utf-8").split("---\n", 2)
        front = field.sub(rf'\1: "{quoted} \1"', front)
        front = lists.sub(rf'\1: ["{quoted} \1"]', front)
        aliases = f'aliases: ["{quoted} {file.stem}"]' if "entries" not in file.parts else None
        front = re.sub(r"aliases: \[[^\]]*\]", aliases, front) if aliases else front
        file.write_text(f"---\n{front}---\n{text}\n{{{{ 7*7 }}}} & `{{% x %}}`\n", encoding="utf-8")


def test_what_entries_say_is_text(page: Page, tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout", WORLD)
    spoil(checkout)
    built = build(checkout, AS_OF="2022-03-01")
    for file in built.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<img[^>]*src=.?x\b", text), file
        assert "<script>window.trapped" not in text, file
        assert ">49<" not in text, file
        assert " 49 " not in text, file
    server, address = serve(built)
    seen = ""
    for path in sorted(parsed(built)):
        page.goto(path.replace("https://timeline.example.org/", address))
        assert page.evaluate("window.trapped") is None, path
        seen += page.locator("main").inner_text() + page.title()
    server.shutdown()
    server.server_close()
    fields = (
        "title publisher quote date_note number what who party text note reason applies_to name"
    )
    for field in [*fields.split(), "abbreviation", "name_zh", "place", "do", "parties", "articles"]:
        assert f"{HOSTILE} {field}" in seen, field
