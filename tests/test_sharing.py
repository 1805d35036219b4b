"""What other programs read of a page, and the buttons by which readers pass it on."""

import datetime
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import extruct
import pytest
from conftest import DAY, ROOT
from playwright.sync_api import Browser, BrowserContext, Page
from test_browser import Watch
from test_citations import every
from test_site import BASE, address_of
from timeline.build.generator import PAGES, Generator
from timeline.model.vocabulary import ValidityState
from timeline.sharing.schema_org import LEGAL_FORCE, json_ld
from timeline.source.project import Project

SPRING = datetime.date(2022, 3, 1)
NEEDED = {
    "og:site_name", "og:type", "og:url", "og:title", "og:description", "og:image",
    "og:image:width", "og:image:height", "og:image:alt",
}  # fmt: skip


@cache
def read(site: Path) -> dict[str, dict[str, Any]]:
    """Address -> what extruct finds on each page that is one."""
    return {
        address_of(site, file): extracted(file.read_text(encoding="utf-8"))
        for file in sorted(site.rglob("*.html"))
        if file.name == "index.html"
    }


def extracted(html: str) -> dict[str, Any]:
    found = extruct.extract(html, syntaxes=["json-ld", "opengraph"])
    tags: dict[str, str] = {}
    for graph in found["opengraph"]:
        tags |= dict(graph["properties"])
    (data,) = found["json-ld"]
    assert data["@context"] == "https://schema.org"
    names = dict(re.findall(r'<meta name="([^"]+)" content="([^"]*)">', html))
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', html)
    return {"tags": tags, "graph": data["@graph"], "names": names, "canonical": canonical}


def of_type(page: dict[str, Any], kind: str) -> list[Any]:
    return [thing for thing in page["graph"] if thing["@type"] == kind]


def test_every_page_says_what_it_is(site: Path) -> None:
    for address, page in read(site).items():
        assert page["canonical"] == [address]
        tags, names = page["tags"], page["names"]
        assert tags.keys() >= NEEDED, address
        assert tags["og:url"] == address
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        assert (site / tags["og:image"].removeprefix(BASE)).is_file()
        assert names["description"]
        assert names["twitter:card"] == "summary_large_image"
        assert names["twitter:image"] == tags["og:image"]


def test_entries_and_instruments_name_their_twins(site: Path) -> None:
    """In the head, and no other page does; the file is there and is of the same thing."""
    link = re.compile(r'<link rel="alternate" type="(text/markdown|application/json)" href="(.+)">')
    for file in sorted(site.rglob("index.html")):
        text = file.read_text(encoding="utf-8")
        kind, name = file.parent.parent.name, file.parent.name
        found = dict(link.findall(text.split("</head>")[0]))
        own = kind in ("entries", "instruments") and 'rel="canonical"' in text
        expected = {"text/markdown": f"{BASE}{kind}/{name}/index.md"} if own else {}
        if own and kind == "entries":
            expected["application/json"] = f"{BASE}api/v1/entries/{name}.json"
        assert found == expected, file
        if "application/json" in found:
            data = json.loads((site / found["application/json"].removeprefix(BASE)).read_bytes())
            assert data["id"] == name
        if found:
            twin = site / found["text/markdown"].removeprefix(BASE)
            assert f"- Permalink: <{BASE}{kind}/{name}/>" in twin.read_text(encoding="utf-8")


def test_the_missing_page_claims_no_address(site: Path) -> None:
    text = (site / "404.html").read_text(encoding="utf-8")
    assert 'rel="canonical"' not in text
    assert "og:" not in text
    assert '<meta name="robots" content="noindex">' in text


def test_every_page_says_where_it_stands(site: Path) -> None:
    pages = read(site)
    assert [thing["@type"] for thing in pages[BASE]["graph"]] == ["WebSite"]
    for address, page in pages.items():
        if address != BASE:
            (trail,) = of_type(page, "BreadcrumbList")
            steps = trail["itemListElement"]
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            assert (steps[0]["item"], steps[-1]["item"]) == (BASE, address)
            assert {step["item"] for step in steps} <= pages.keys(), address


def test_entries_are_articles(site: Path) -> None:
    collection = Project(ROOT).load().collection
    assert collection is not None
    pages = read(site)
    for entry in collection.entries:
        page = pages[f"{BASE}entries/{entry.id}/"]
        (article,) = of_type(page, "Article")
        assert article["headline"] == entry.title
        assert article["datePublished"] == entry.added.isoformat()
        assert article["temporalCoverage"] == str(entry.date)
        assert len(article["isBasedOn"]) == len(entry.sources) + len(entry.newsletters)
        assert {about["@id"] for about in article.get("about", ())} <= pages.keys()
        assert page["tags"]["og:type"] == "article"
        assert page["tags"]["article:published_time"] == entry.added.isoformat()


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("site", "https://schema.org/InForce"),
        ("earlier_site", "https://schema.org/NotInForce"),
    ],
)
def test_legal_force_follows_the_status(
    which: str, expected: str, request: pytest.FixtureRequest
) -> None:
    """The PIPL was passed before, and took effect after, 15 September 2021."""
    page = read(request.getfixturevalue(which))[f"{BASE}instruments/pipl/"]
    (law,) = of_type(page, "Legislation")
    assert law["legislationLegalForce"] == expected
    assert law["legislationIdentifier"] == "主席令第91号"
    assert law["legislationDate"] == "2021-08-20"
    assert law["legislationDateOfApplicability"] == ["2021-11-01"]
    assert law["legislationJurisdiction"] == "CN"
    assert [body["@id"] for body in law["legislationPassedBy"]] == [f"{BASE}regulators/npc-sc/"]


def test_what_is_unknown_is_not_said() -> None:
    silent = set(ValidityState) - LEGAL_FORCE.keys()
    assert silent == {ValidityState.UNKNOWN, ValidityState.CONCLUDED}


def test_what_lies_ahead_are_events(site: Path) -> None:
    pages = read(site)
    ahead = of_type(pages[f"{BASE}deadlines/"], "Event")
    assert ahead
    for event in ahead:
        assert event["endDate"] >= DAY
        assert event["url"] in pages
    assert not of_type(pages[f"{BASE}instruments/pipl/"], "Event")


def test_hostile_titles_stay_in_their_place(world: Path) -> None:
    title = '</script><script>alert(1)</script> "q" \' {{ 7*7 }} <!-- /head --> & \\ % 😀 潮汐'
    file = world / "entries/2022/2022-02-01-moon-treaty.md"
    text = file.read_text(encoding="utf-8")
    quoted = json.dumps(title, ensure_ascii=False)
    file.write_text(text.replace("A treaty on the moon is signed", quoted), encoding="utf-8")
    Generator(world).generate(SPRING)
    staged = (world / PAGES / "entries/2022-02-01-moon-treaty.md").read_text(encoding="utf-8")
    head = staged.split("<!-- head -->\n")[1].split("\n<!-- /head -->\n")[0]
    assert head.count("<script") == head.count("</script") == 1
    found = extracted(f"<html><head>{head}</head></html>")
    assert found["tags"]["og:title"] == title
    (article,) = of_type(found, "Article")
    assert article["headline"] == title


def test_no_text_ends_the_script() -> None:
    made = json_ld([{"name": "</script><!--&\u2028"}])
    assert made == (
        '{"@context": "https://schema.org", "@graph": '
        '[{"name": "\\u003c/script\\u003e\\u003c!--\\u0026\\u2028"}]}'
    )


@pytest.fixture
def context(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A reader in China on 5 January 2027, who allows the page to use the clipboard."""
    made = chromium.new_context(locale="en-GB", timezone_id="Asia/Shanghai")
    made.grant_permissions(["clipboard-read", "clipboard-write"], origin=address.rstrip("/"))
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    made = context.new_page()
    made.clock.set_fixed_time("2027-01-05T00:30:00+08:00")
    return made


LAW = "instruments/pipl/"


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_link_is_copied(page: Page, address: str) -> None:
    watch = Watch(page, address)
    page.goto(address + LAW + "?on=2021-10-31#history")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Link copied.").wait_for()
    assert clipboard(page) == BASE + LAW
    assert page.locator("[data-cite] [role=status]").inner_text() == "Link copied."
    assert (watch.errors, watch.others) == ([], [])


def test_citations_are_copied_with_the_readers_day(page: Page, address: str, site: Path) -> None:
    page.goto(address + LAW)
    for name, ending, before, after in [
        ("BibTeX", "bib", f"urldate = {{{DAY}}}", "urldate = {2027-01-05}"),
        ("RIS", "ris", f"Y2  - {DAY.replace('-', '/')}/", "Y2  - 2027/01/05/"),
    ]:
        page.get_by_role("button", name=f"Copy {name}").click()
        page.get_by_text(f"{name} copied.").wait_for()
        text = every(site, name, ending)["pipl"]
        assert clipboard(page) == text.replace(before, after) != text
    page.get_by_role("button", name="Copy CSL-JSON").click()
    page.get_by_text("CSL-JSON copied.").wait_for()
    (item,) = json.loads(every(site, "CSL-JSON", "csl.json")["pipl"])
    accessed = {"date-parts": [[2027, 1, 5]]}
    assert json.loads(clipboard(page)) == [item | {"accessed": accessed}]


def test_a_file_is_saved_with_the_readers_day(page: Page, address: str) -> None:
    page.goto(address + LAW)
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename == "pipl.bib"
    assert "urldate = {2027-01-05}" in Path(download.value.path()).read_text(encoding="utf-8")


NOTE = (
    "Personal Information Protection Law (中华人民共和国个人信息保护法). "
    "Standing Committee of the National People's Congress. 主席令第91号. "
    "Passed 20 August 2021. Effective 1 November 2021. "
    "Status as of 22 November 2026: In force since 1 November 2021. "
    "China Digital Regulation Timeline, https://timeline.example.org/instruments/pipl/, "
    "last changed 22 November 2026, accessed {}."
)


def test_the_note_is_copied_as_rich_text(page: Page, address: str) -> None:
    page.goto(address + LAW)
    page.get_by_role("button", name="Copy as a note").click()
    page.get_by_text("Note copied.").wait_for()
    assert clipboard(page) == NOTE.format("5 January 2027")
    html = page.evaluate(
        "navigator.clipboard.read().then((items) => items[0].getType('text/html'))"
        ".then((blob) => blob.text())"
    )
    assert '<a href="https://timeline.example.org/instruments/pipl/"' in html
    assert re.sub(r"<[^>]+>", "", html).strip() == NOTE.format("5 January 2027")


def test_without_script_there_are_the_note_and_the_files(
    chromium: Browser, address: str, site: Path
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + LAW)
    assert page.locator("[data-memo]").inner_text() == NOTE.format("22 November 2026")
    assert page.locator("[data-cite] button").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="RIS").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert saved == every(site, "RIS", "ris")["pipl"]
    context.close()


def test_the_devices_own_sheet_is_used_where_there_is_one(page: Page, address: str) -> None:
    page.goto(address + LAW)
    assert page.get_by_role("button", name="Share…").count() == 0
    page.add_init_script("navigator.share = (data) => { window.shared = data; }")
    page.goto(address + "entries/2022-04-29-tc260-certification-specification-draft/")
    page.get_by_role("button", name="Share…").click()
    assert page.evaluate("window.shared") == {
        "title": "TC260 consults on a certification specification for cross-border processing",
        "url": f"{BASE}entries/2022-04-29-tc260-certification-specification-draft/",
    }


def test_a_refused_clipboard_is_told(page: Page, address: str) -> None:
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))"
    )
    page.goto(address + LAW)
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("That did not work").wait_for()
