"""The site in a browser: a reader's way, no errors, no other host, and hostile entries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WORLD, build, copy_checkout, serve
from playwright.sync_api import Browser, Page, expect
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
    assert names[:6] == ["Highlights", "Regulatory", "Policy", "Enforcement", "Courts", "Industry"]
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


def test_feeds_are_not_taken_for_the_site_in_another_language(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + "instruments/pipl/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "sitemap" in url] == []
    assert page.locator("head link[rel~=alternate][type='application/atom+xml']").count() == 2


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
        if path.endswith("/2021-05-01-tide-watch/"):  # a former address
            page.wait_for_url("**/2021-05-tide-watch-starts/")
        assert page.evaluate("window.trapped") is None, path
        seen += page.locator("main").inner_text() + page.title()
    server.shutdown()
    server.server_close()
    fields = (
        "title publisher quote date_note number what who party text note reason applies_to name"
    )
    for field in [*fields.split(), "abbreviation", "name_zh", "place", "do", "parties", "articles"]:
        assert f"{HOSTILE} {field}" in seen, field


SHOWN = "[data-validity]"


def test_the_status_on_a_day_is_in_the_address(page: Page, address: str) -> None:
    watch = Watch(page, address)
    page.goto(address + "instruments/pipl/")
    assert page.locator(SHOWN).inner_text() == "In force since 1 November 2021"
    page.locator(".on-day input").fill("2021-10-31")
    assert page.locator(SHOWN).inner_text() == "Not yet in force; from 1 November 2021"
    assert page.url.endswith("/instruments/pipl/?on=2021-10-31")
    page.locator(".on-day input").fill("2021-05-28")
    assert page.locator(SHOWN).inner_text() == "Not yet adopted"
    pending = page.locator("[data-pending]").inner_text()
    assert pending.startswith("Open for comments until 28 May 2021")
    page.go_back()
    assert page.locator(SHOWN).inner_text() == "Not yet in force; from 1 November 2021"
    page.goto(address + "instruments/pipl/?on=2021-11-01")
    assert page.locator(SHOWN).inner_text() == "In force since 1 November 2021"
    page.goto(address + "instruments/pipl/?on=2001-01-01")
    assert page.locator(SHOWN).inner_text() == "Unknown: no entry is as old as that"
    page.goto(address + "instruments/pipl/?on=%3Cimg%20src=x%3E")
    assert page.locator(SHOWN).inner_text() == "In force since 1 November 2021"
    assert (watch.errors, watch.others) == ([], [])


@pytest.fixture(scope="session")
def september(earlier_site: Path) -> Iterator[str]:
    """The real site as of 15 September 2021, served."""
    server, url = serve(earlier_site)
    yield url
    server.shutdown()
    server.server_close()


def test_as_of_an_earlier_day(page: Page, september: str) -> None:
    page.clock.set_fixed_time("2026-11-22T10:00:00+08:00")
    page.goto(september + "instruments/pipl/")
    assert page.locator(SHOWN).inner_text() == "Not yet in force; from 1 November 2021"
    assert "15 September 2021" in page.locator(".status").inner_text()
    assert page.locator(".history > li").count() == 6
    later = page.request.get(september + "entries/2025-10-28-csl-amendment-passed/")
    assert later.status == 404


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_days_are_counted_in_shanghai(chromium: Browser, september: str, zone: str) -> None:
    """One second before and at midnight in China, wherever the reader is."""
    before, after = "2021-10-31T15:59:59Z", "2021-10-31T16:00:00Z"
    for instant, validity in [(before, "Not yet in force"), (after, "In force")]:
        context = chromium.new_context(timezone_id=zone)
        page = context.new_page()
        page.clock.set_fixed_time(instant)
        page.goto(september + "instruments/pipl/")
        assert page.locator(SHOWN).inner_text().startswith(validity)
        page.goto(september + "deadlines/")
        row = page.locator(".row", has_text="Personal Information Protection Law").first
        expected = "in 1 day" if instant == before else "today"
        assert row.locator(".days").inner_text().strip() == expected
        context.close()


def test_without_script_the_date_alone_stands(chromium: Browser, september: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(september + "deadlines/")
    row = page.locator(".row", has_text="Personal Information Protection Law").first
    assert row.locator("time").inner_text() == "1 Nov 2021"
    assert row.locator(".days").inner_text() == ""
    page.goto(september + "instruments/pipl/")
    assert page.locator(SHOWN).inner_text() == "Not yet in force; from 1 November 2021"
    context.close()


def test_instruments_are_filtered_and_sorted(page: Page, address: str) -> None:
    page.goto(address + "instruments/")
    field = page.get_by_role("searchbox")
    for asked in ("个保法", "pipl", "个人信息保护法 law in force"):
        field.fill(asked)
        rows = page.locator("table.instruments tbody tr:visible")
        names = rows.locator("td:first-child a:not(.here)").all_inner_texts()
        assert any("Personal Information Protection Law" in name for name in names), asked
        assert page.locator("[data-shown]").inner_text().split()[0] == str(len(names))
    field.fill("<img src=x onerror=alert(1)> \u202e 😀 %E4" + "x" * 10_000)
    assert page.locator("table.instruments tbody tr:visible").count() == 0
    field.fill("")
    page.get_by_role("button", name="Entries").click()
    page.get_by_role("button", name="Entries").click()
    counts = page.locator("table.instruments tbody td.number").all_inner_texts()
    assert [int(text) for text in counts] == sorted(map(int, counts), reverse=True)


def test_the_ledger_is_filtered(page: Page, address: str) -> None:
    page.goto(address + "enforcement/")
    page.get_by_role("searchbox").fill("pboc administrative fine")
    texts = page.locator("table.ledger tbody tr:visible").all_inner_texts()
    assert texts
    assert all("PBoC" in text and "Administrative fine" in text for text in texts)
    assert page.locator("[data-shown]").inner_text() == f"{len(texts)} measures"


def test_pictures_lead_to_months(page: Page, address: str) -> None:
    page.goto(address)
    chart = page.get_by_role("figure", name="Developments by month, 2015 to ").locator("svg")
    bar = chart.locator("a", has=page.locator("title", has_text="April 2022: "))
    assert bar.locator("title").text_content() is not None
    assert bar.get_attribute("href") == "timeline/2022/04/"


def test_the_menu_opens_on_a_phone(chromium: Browser, address: str) -> None:
    """By a tap at the place of the button, so that nothing may lie over it."""
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(address)
    box = page.locator("label.md-header__button[for='__drawer']").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".md-sidebar--primary").get_by_role("link", name="Instruments").click()
    assert page.locator("h1").inner_text() == "Instruments"
    context.close()


def test_the_keyboard_sees_where_it_is_in_the_menu(chromium: Browser, address: str) -> None:
    """Also on a narrow screen, which a wide one is at 200 %, and without JavaScript."""
    page = chromium.new_context(
        viewport={"width": 640, "height": 700}, java_script_enabled=False, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{address}about/")
    menu = page.locator(".md-sidebar--primary")
    link = menu.get_by_role("link", name="Instruments")
    assert (link.bounding_box() or {"x": 0})["x"] < 0
    for _ in range(20):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(link).to_be_in_viewport()
    page.context.close()


def test_paper_shows_no_controls(page: Page, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(f"{address}instruments/cybersecurity-law/")
    for controls in (".on-day", ".cite-files", ".share"):
        expect(page.locator(controls).first).to_be_attached()
        expect(page.locator(controls).first).to_be_hidden()
    page.goto(f"{address}enforcement/")
    expect(page.locator(".filter").first).to_be_hidden()


def test_a_missing_page_leads_on(site: Path) -> None:
    text = (site / "404.html").read_text(encoding="utf-8")
    assert "There is no page at this address" in text
    assert 'href="/timeline/"' in text
