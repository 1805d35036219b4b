"""The site of the invented world in a browser: navigation, errors, scripts and hostile entries."""

import html
import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import BASE, ROOT, WORLD, WORLD_DAY, build, copy_checkout, served
from pages import Watch, parsed
from playwright.sync_api import Browser, Page, expect
from timeline.config import read_site
from timeline.schema.vocabulary import Rank

HOSTILE = '<img src=x onerror="window.trapped=1"><script>window.trapped=1</script>\'{{ 7*7 }}'
FREE = {
    "title", "publisher", "quote", "date_note", "number", "what", "who", "party", "text", "note",
    "reason", "applies_to", "name", "abbreviation", "name_zh", "place", "short", "do",
    "description",
}  # fmt: skip
FREE_LISTS = {"parties", "articles", "former_titles"}
VALIDITY, PENDING = "[data-validity]", "[data-pending]"
SIGNAL_RULES = "instruments/signal-rules/"
SHOWN_INSTRUMENTS = "ul.instruments > li:visible a:not(.here)"


def kinds_of_page(site: Path) -> list[str]:
    """Return one page of each kind, and a withdrawn entry."""
    paths = [address.removeprefix(BASE) for address in parsed(site)]
    kinds = {re.sub(r"(?<=/)[^/]+", "*", path): path for path in sorted(paths)}
    return sorted([*kinds.values(), "entries/2022-02-02-duplicate/"])


def test_reader_can_go_from_home_to_an_entry_and_back(page: Page, world_address: str) -> None:
    watch = Watch(page, world_address)
    page.goto(world_address)
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Regulators").click()
    page.get_by_role("link", name="Tide Oversight Agency 潮汐监督局", exact=True).click()
    assert page.locator("h1").inner_text() == "Tide Oversight Agency"
    page.get_by_role("link", name="South Harbour fined over tables").click()
    assert page.url == f"{world_address}entries/2022-02-03-south-harbour-fined/"
    page.get_by_role("link", name="February 2022", exact=True).click()
    assert page.locator("h1").inner_text() == "February 2022"
    headings = page.locator("h2").all_inner_texts()
    assert [re.sub(r"\s*\d+$", "", text) for text in headings] == [
        "Highlights", "Regulatory", "Policy", "Enforcement", "Courts", "International",
        "Took effect in February 2022", "Open for comments at the end of February 2022",
        "Coming up by the end of March 2022",
    ]  # fmt: skip
    page.get_by_role("link", name=read_site(ROOT).name).first.click()
    assert page.url == world_address
    assert (watch.errors, watch.others) == ([], [])


def test_every_kind_of_page_has_no_errors_and_fits_the_screen(
    page: Page, world_address: str, world_site: Path
) -> None:
    """The console shows no errors or policy violations, and no request goes to another host."""
    watch = Watch(page, world_address)
    wide, requests = [], set[str]()
    page.on("request", lambda request: requests.add(request.url))
    kinds = kinds_of_page(world_site)
    assert len(kinds) > 20
    for path in kinds:
        page.goto(world_address + path, wait_until="networkidle")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (320, 1440):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append((path, scheme, width))
    assert (watch.errors, watch.others, wide) == ([], [], [])
    # The theme would load it because it mistakes links to feeds for translations.
    assert f"{world_address}sitemap.xml" not in requests


def test_chosen_colour_scheme_is_remembered(page: Page, world_address: str) -> None:
    scheme = page.locator("body")
    page.emulate_media(color_scheme="dark")
    page.goto(world_address)
    expect(scheme).to_have_attribute("data-md-color-scheme", "slate")
    page.locator("label[title='Switch to light mode']").click()
    expect(scheme).to_have_attribute("data-md-color-scheme", "default")
    page.goto(f"{world_address}timeline/")
    expect(scheme).to_have_attribute("data-md-color-scheme", "default")


def test_keyboard_can_skip_to_the_content(page: Page, world_address: str) -> None:
    page.goto(world_address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url == f"{world_address}#content"


def hostile_for(key: str) -> str:
    """Return a hostile text with the key, or "numbers", as the check refuses "article" there."""
    return f"{HOSTILE} {'numbers' if key == 'articles' else key}"


def hostile(value: Any, key: str = "") -> Any:
    """Return the value of a key with hostile text in place of all free text."""
    if isinstance(value, dict):
        return {inner: hostile(item, inner) for inner, item in value.items()}
    if key in FREE_LISTS:
        return [hostile_for(key)]
    if isinstance(value, list):
        return [hostile(item, key) for item in value]
    return hostile_for(key) if key in FREE and isinstance(value, str) else value


def make_hostile(checkout: Path) -> None:
    for file in [*checkout.glob("entries/**/*.md"), *checkout.glob("docs/**/*.md")]:
        _, front, text = file.read_text(encoding="utf-8").split("---\n", 2)
        fields = hostile(yaml.safe_load(front))
        if "aliases" in fields and "entries" not in file.parts:
            fields["aliases"] = [f"{HOSTILE} {file.stem}"]
        front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
        file.write_text(f"---\n{front}---\n{text}\n& `{{{{ 7*7 }}}} {{% x %}}`\n", encoding="utf-8")


def test_hostile_entries_are_shown_as_text(page: Page, tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout", WORLD)
    make_hostile(checkout)
    site = build(checkout, AS_OF=WORLD_DAY)
    shown = ""
    for file in site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<img[^>]*src=.?x\b|<script>window\.trapped|>49<| 49 ", text), file
        shown += html.unescape(re.sub("<[^>]*>", "", text))
    fields = (FREE | FREE_LISTS) - {"description"}  # visible only to search engines
    assert {name for name in fields if hostile_for(name) not in shown} == set()
    with served(site) as address:
        for path in kinds_of_page(site):
            scripted = path in ("explore/", "contribute/")
            page.goto(address + path, wait_until="networkidle" if scripted else "load")
            assert page.evaluate("window.trapped") is None, path


def test_day_of_a_status_is_in_the_address(page: Page, world_address: str) -> None:
    watch = Watch(page, world_address)
    url = f"{world_address}instruments/tide-act/"
    now, before = (
        "In force since 1 January 2022",
        "Partly in force since 1 June 2021; further provisions from ",
    )
    day, shown = page.locator(".on-day input"), page.locator(VALIDITY)
    page.goto(url)
    assert shown.inner_text() == now
    day.fill("2021-12-31")
    assert shown.inner_text() == f"{before}1 January 2022"
    assert page.url == f"{url}?on=2021-12-31"
    assert page.locator("[data-on]").inner_text() == "31 December 2021"
    cited = page.locator("[data-memo]").first
    assert f"Status as of 31 December 2021: {before}1 January 2022. " in cited.inner_text()
    assert cited.locator("a").inner_text().endswith("instruments/tide-act/?on=2021-12-31")
    day.fill("2022-01-01")
    assert shown.inner_text() == now
    page.go_back()
    assert shown.inner_text() == f"{before}1 January 2022"
    page.goto(f"{url}?on=2021-02-28")
    assert shown.inner_text() == "Unknown: no entries go back that far"
    page.goto(f"{url}?on=%3Cimg%20src=x%3E")
    assert shown.inner_text() == now
    for on, is_law in (("2022-01-05", True), ("2022-01-04", False)):
        page.goto(f"{world_address}instruments/signal-amendment/?on={on}")
        assert page.get_by_role("heading", name="The act itself").is_visible() == is_law
    page.goto(f"{world_address}{SIGNAL_RULES}?on=2021-12-01")
    assert page.locator(PENDING).inner_text() == (
        "Consultation of 1 December 2021; closing date not recorded "
        "(Decision Amending the Signal Rules)"
    )
    assert (watch.errors, watch.others) == ([], [])


def test_old_build_shows_the_state_of_its_own_day(page: Page, earlier_address: str) -> None:
    """Statuses follow the reader's date for sixty days after the build, but not longer."""
    page.clock.set_fixed_time("2021-10-24T10:00:00+08:00")
    page.goto(earlier_address + SIGNAL_RULES)
    assert page.locator(VALIDITY).inner_text().startswith("Partly in force since 1 September 2021")
    page.clock.set_fixed_time("2021-10-25T10:00:00+08:00")
    page.goto(earlier_address + SIGNAL_RULES)
    assert page.locator(VALIDITY).inner_text().startswith("Not yet in force")
    assert page.locator("[data-on]").inner_text() == "25 August 2021"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_days_are_counted_in_the_time_zone_of_the_site(
    chromium: Browser, earlier_address: str, zone: str
) -> None:
    """Test one second before midnight there and at midnight, for readers anywhere."""
    for instant, validity, days in [
        ("2021-08-31T15:59:59Z", "Not yet in force", "in 1 day"),
        ("2021-08-31T16:00:00Z", "Partly in force", "today"),
    ]:
        with chromium.new_context(timezone_id=zone) as context:
            page = context.new_page()
            page.clock.set_fixed_time(instant)
            page.goto(earlier_address + SIGNAL_RULES)
            assert page.locator(f"{VALIDITY} .validity").inner_text() == validity
            page.goto(f"{earlier_address}deadlines/")
            row = page.locator(".row", has_text="Signal Rules: takes effect (harbours)")
            assert row.locator(".days").inner_text().strip() == days


def test_pages_can_be_read_without_scripts(chromium: Browser, earlier_address: str) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{earlier_address}deadlines/")
        row = page.locator(".row", has_text="Signal Rules: takes effect (harbours)")
        assert row.locator("time").inner_text() == "1 Sep 2021"
        assert row.locator(".days").inner_text() == ""
        page.goto(earlier_address + SIGNAL_RULES)
        assert page.locator(f"{VALIDITY} .validity").inner_text() == "Not yet in force"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("信号规定", ["Signal Rules"]),
        (f"sr {Rank.DEPARTMENTAL_RULE.label}", ["Signal Rules"]),
        ("  GB/1234 ", ["Beacon Standard"]),
        ("campaign concluded", ["Shore Sweep"]),
        ("buoy", ["Buoy Rules", "Buoy Rules (2022)"]),
        ("<img src=x onerror=alert(1)> \u202e 😀 %E4" + "x" * 10_000, []),
    ],
    ids=["chinese", "abbreviation-and-rank", "number", "status", "several", "hostile"],
)
def test_instruments_are_filtered(
    page: Page, world_address: str, text: str, names: list[str]
) -> None:
    page.goto(f"{world_address}instruments/")
    page.get_by_role("searchbox").fill(text)
    assert page.locator(SHOWN_INSTRUMENTS).all_inner_texts() == names
    count = "1 instrument" if len(names) == 1 else f"{len(names)} instruments"
    assert page.locator("[data-shown]").inner_text() == count


def test_instruments_are_filtered_by_chips(page: Page, world_address: str) -> None:
    page.goto(f"{world_address}instruments/")
    names, ranks = page.locator(SHOWN_INSTRUMENTS), page.locator("section[data-rank]:visible h2")
    assert names.count() == 18
    page.get_by_role("button", name=re.compile("^Draft or not yet in force")).click()
    assert names.all_inner_texts() == [
        "Wharf Rules", "Buoy Rules (2022)", "Lamp Rules", "Moon Act",
    ]  # fmt: skip
    page.get_by_text("Topic", exact=True).click()
    assert page.locator("[data-chips='topic'] .chip:visible").all_inner_texts() == [
        "Lamps 1", "Moon 1", "Tides 2",
    ]  # fmt: skip
    page.get_by_role("button", name=re.compile("^Tides")).click()
    page.get_by_role("button", name=re.compile("^Applies today")).click()
    page.wait_for_url("**/instruments/?status=applies&status=ahead&topic=tides")
    shown = ["Tide Act", "Wharf Rules", "Buoy Rules", "Buoy Rules (2022)"]
    assert names.all_inner_texts() == shown
    page.reload()
    assert names.all_inner_texts() == shown
    assert page.locator("[data-shown]").inner_text() == "4 instruments"
    assert [text.split("\n")[0].strip(" 0123456789") for text in ranks.all_inner_texts()] == [
        "Law", "Administrative regulation", "Local government rule",
    ]  # fmt: skip


def test_instruments_are_grouped_without_scripts(chromium: Browser, world_address: str) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{world_address}instruments/")
        assert page.locator("[data-narrow]").is_hidden()
        assert page.locator("section[data-rank] h2").count() == 8
        page.get_by_role("link", name="Campaign", exact=False).first.click()
        assert page.url.endswith("#rank-campaign")


def test_measures_are_filtered(page: Page, world_address: str) -> None:
    page.goto(f"{world_address}enforcement/")
    page.get_by_role("searchbox").fill("toa administrative fine 2022 harbour")
    rows = page.locator("table.ledger tbody tr:visible")
    assert [row.locator("td").all_inner_texts() for row in rows.all()] == [
        ["10 Feb 2022", "East Harbour Ltd", "TOA, TOA North", "Administrative fine", "EUR 500",
         "SR Art. 3, 12"],
        ["3 Feb 2022", "South Harbour Ltd", "TOA", "Administrative fine", "CNY 12,345.5",
         "TA Art. 4; the Harbour Code"],
    ]  # fmt: skip
    assert page.locator("[data-shown]").inner_text() == "2 measures"
    assert page.url.endswith("enforcement/?q=toa+administrative+fine+2022+harbour")
    page.get_by_role("button", name="Amount").last.click()
    page.reload()
    parties = rows.locator("td.party").all_inner_texts()
    assert parties == ["South Harbour Ltd", "East Harbour Ltd"]  # the largest first


def test_menu_opens_on_a_phone(chromium: Browser, world_address: str) -> None:
    """Tap at the button's position, which fails if anything covers it."""
    with chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True) as context:
        page = context.new_page()
        page.goto(world_address)
        box = page.locator("label.md-header__button[for='__drawer']").bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.locator(".md-sidebar--primary").get_by_role("link", name="Instruments").click()
        assert page.locator("h1").inner_text() == "Instruments"


def test_menu_shows_the_keyboard_focus(chromium: Browser, world_address: str) -> None:
    """Also on a narrow screen (a wide one at 200% zoom), and without JavaScript."""
    with chromium.new_context(
        viewport={"width": 640, "height": 700}, java_script_enabled=False, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.goto(f"{world_address}about/")
        link = page.locator(".md-sidebar--primary").get_by_role("link", name="Instruments")
        expect(link).not_to_be_in_viewport()
        for _ in range(20):
            page.keyboard.press("Tab")
            if link.evaluate("link => link === document.activeElement"):
                break
        expect(link).to_be_in_viewport()


def test_controls_are_not_printed(page: Page, world_address: str) -> None:
    page.emulate_media(media="print")
    for path, controls in [
        ("instruments/tide-act/", [".on-day", ".cite-files", ".share"]),
        ("enforcement/", [".filter"]),
    ]:
        page.goto(world_address + path)
        for control in controls:
            expect(page.locator(control).first).to_be_attached()
            expect(page.locator(control).first).to_be_hidden()


SPACED = (
    "html { font-size: 40px !important } * { line-height: 1.5 !important; letter-spacing: .12em "
    "!important; word-spacing: .16em !important }"
)


def test_large_text_is_not_cut_and_months_can_be_tapped(
    chromium: Browser, world_address: str
) -> None:
    """WCAG 2.2: text at 200% (1.4.4) and spaced (1.4.12); targets of at least 24 pixels (2.5.8)."""
    with chromium.new_context(viewport={"width": 320, "height": 700}, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{world_address}timeline/")
        sizes = page.locator(":is(.heat, .here):visible").evaluate_all(
            "all => all.map(one => [one.offsetWidth, one.offsetHeight])"
        )
        assert sizes
        assert min(map(min, sizes)) >= 24
        page.add_style_tag(content=SPACED)
        is_whole = "e => e.scrollWidth <= e.clientWidth + 1 && e.scrollHeight <= e.clientHeight + 1"
        assert page.locator(".md-header__topic").first.evaluate(is_whole)
        bottom = "e => e.getBoundingClientRect().bottom"
        title = page.locator(".md-header__topic").first.evaluate(bottom)
        assert title <= page.locator(".md-header").evaluate(bottom)


@pytest.mark.parametrize(
    "path", ["entries/2022-02-03-south-harbour-fined/", "instruments/tide-act/"]
)
def test_page_structure_helps_screen_readers(page: Page, world_address: str, path: str) -> None:
    """Landmarks have names, heading levels have no gaps, and key facts precede the text."""
    page.goto(world_address + path)
    tree = page.locator("body").aria_snapshot()
    landmarks = re.findall(
        r"^ *- (banner|navigation|main|contentinfo)(?: \"(.*)\")?:", tree, re.MULTILINE
    )
    assert landmarks[:4] == [
        ("banner", ""), ("navigation", "Header"), ("navigation", "Sections"), ("main", ""),
    ]  # fmt: skip
    assert landmarks[-2:] == [("contentinfo", ""), ("navigation", "More")]
    levels = [0, *map(int, re.findall(r"- heading .*\[level=(\d)\]", tree))]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert re.findall(r"- heading \"(.*) Permalink\"|- (?:region|term|heading):?$", tree) == []
    title, facts, text = map(tree.index, ("[level=1]", "- term: Status", "Nothing more is known"))
    assert title < facts < text < tree.index("[level=2]")


SHIFTS = """
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [412, 1350])
def test_search_page_has_no_layout_shift_while_loading(
    page: Page, world_address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 823})
    page.add_init_script(SHIFTS)
    page.goto(f"{world_address}explore/")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    assert page.evaluate("window.shift") < 0.02
