"""Metadata of pages for other programs, and the buttons for sharing a page."""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import extruct
import pytest
import yaml
from conftest import BASE, EDIT, ROOT, WORLD_DAY, edit
from in_memory import entry, snapshot, world_web_site
from playwright.sync_api import Browser, BrowserContext, Page
from timeline.builder import PAGES, Builder
from timeline.config import read_site
from timeline.site.citations import Citations, bibtex, csl, ris
from timeline.site.head import Heads, json_ld
from timeline.site.page import MAX_DESCRIPTION, shortened
from timeline.site.pages import pages
from timeline.site.render import StatusWords

# MkDocs renders the invented world with the real site's name.
SITE = replace(read_site(ROOT), url=BASE, edit_uri=EDIT)
TREATY = "2022-02-01-moon-treaty"
RULES = "instruments/signal-rules/"
NEEDED = {
    "og:site_name", "og:type", "og:url", "og:title", "og:description", "og:image",
    "og:image:width", "og:image:height", "og:image:alt",
}  # fmt: skip


def extracted(html: str) -> tuple[dict[str, str], list[Any]]:
    """Return the OpenGraph properties and the JSON-LD graph of a page."""
    found = extruct.extract(html, syntaxes=["json-ld", "opengraph"])
    tags: dict[str, str] = {}
    for graph in found["opengraph"]:
        tags |= dict(graph["properties"])
    (data,) = found["json-ld"]
    assert data["@context"] == "https://schema.org"
    return tags, data["@graph"]


def test_every_page_has_metadata_and_its_address(world_site: Path) -> None:
    for file in sorted(world_site.rglob("index.html")):
        address = file.parent.relative_to(world_site).as_posix().removeprefix(".")
        url = SITE.absolute(f"{address}/" if address else "")
        text = file.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' in text:
            continue  # a redirect
        tags, graph = extracted(text)
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', text) == [url]
        assert tags.keys() >= NEEDED, url
        assert (tags["og:url"], tags["og:site_name"]) == (url, SITE.name)
        named = dict(re.findall(r'<meta name="([^"]+)" content="([^"]*)">', text))
        assert named["twitter:image"] == tags["og:image"] == SITE.absolute("assets/card.png")
        versions = re.findall(r'<link rel="alternate" type="[^"]+" href="(https:[^"]+)">', text)
        assert all((world_site / link.removeprefix(SITE.url)).is_file() for link in versions), url
        folder, _, name = address.partition("/")
        expected = {
            "entries": [f"{url}index.md", SITE.absolute(f"api/v1/entries/{name}.json")],
            "instruments": [f"{url}index.md"],
        }
        assert versions == (expected.get(folder, []) if name else []), url
        if address:
            (steps,) = (x["itemListElement"] for x in graph if x["@type"] == "BreadcrumbList")
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            assert (steps[0]["item"], steps[-1]["item"]) == (SITE.url, url)


def test_not_found_page_has_no_canonical_address(world_site: Path) -> None:
    text = (world_site / "404.html").read_text(encoding="utf-8")
    assert 'rel="canonical"' not in text
    assert "og:" not in text
    assert '<meta name="robots" content="noindex">' in text


def test_legal_force_follows_the_status() -> None:
    """It is omitted for campaigns and unknown statuses."""
    heads = Heads(snapshot(), world_web_site(), ())
    found = {}
    for page in heads.add(pages(snapshot())):
        folder, _, name = page.url.rstrip("/").partition("/")
        if folder == "instruments" and name and page.head:
            (law,) = (x for x in json.loads(page.head.json_ld)["@graph"][1:] if "@id" in x)
            force = law.get("legislationLegalForce", "").removeprefix("https://schema.org/")
            found[name] = (law["@type"], force)
    in_force, not_in_force = ("Legislation", "InForce"), ("Legislation", "NotInForce")
    expected = dict.fromkeys(found, not_in_force) | {
        **dict.fromkeys(("buoy-rules", "old-signal-rules", "signal-amendment"), in_force),
        "tide-act": in_force,
        "beacon-standard": ("Legislation", "PartiallyInForce"),
        "signal-rules": ("Legislation", "PartiallyInForce"),
        "gull-notice": ("Legislation", ""),
        **dict.fromkeys(("lamp-week", "shore-sweep", "tide-watch"), ("Event", "")),
    }
    assert len(found) == 18
    assert found == expected


def test_hostile_title_is_escaped(world: Path) -> None:
    title = '</script><script>alert(1)</script> "q" \' {{ 7*7 }} <!-- /head --> & \\ % 😀 潮汐'
    quoted = json.dumps(title, ensure_ascii=False)
    edit(world, f"entries/2022/{TREATY}.md", "A treaty on the moon is signed", quoted)
    Builder(world).build(datetime.date.fromisoformat(WORLD_DAY))
    staged = (world / PAGES / f"entries/{TREATY}.md").read_text(encoding="utf-8")
    head = yaml.safe_load(staged.split("---\n")[1])["head"]
    assert head.count("<script") == head.count("</script") == 1
    tags, graph = extracted(f"<html><head>{head}</head></html>")
    assert tags["og:title"] == title
    assert [thing["headline"] for thing in graph if thing["@type"] == "Article"] == [title]


def test_no_text_can_end_the_script_element() -> None:
    assert json_ld([{"name": "</script><!--&\u2028"}]) == (
        '{"@context":"https://schema.org","@graph":'
        '[{"name":"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028"}]}'
    )


def test_description_is_cut_after_a_word_if_longer_than_160_characters() -> None:
    assert MAX_DESCRIPTION == 160
    words = "tide " * 31 + "table"
    assert shortened(words) == words
    assert shortened(f"{words}s") == "tide " * 30 + "tide…"
    assert shortened("tide, " * 27) == "tide, " * 25 + "tide…"
    body = f"\n\n**{words}s** are kept.\n\nMore."
    (page,) = (
        p
        for p in pages(snapshot([entry("2022-02-01-x", body=body)]))
        if p.subject and p.url.startswith("entries/")
    )
    assert page.description == "tide " * 30 + "tide…"


@pytest.fixture
def context(chromium: Browser, world_address: str) -> Iterator[BrowserContext]:
    """A browser in the time zone of Shanghai that allows pages to use the clipboard."""
    made = chromium.new_context(locale="en-GB", timezone_id="Asia/Shanghai")
    made.grant_permissions(["clipboard-read", "clipboard-write"], origin=world_address.rstrip("/"))
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    made = context.new_page()
    made.clock.set_fixed_time("2027-01-05T00:30:00+08:00")
    return made


def copied(page: Page, button: str, message: str) -> str:
    """Click a button, and return the text on the clipboard after the confirmation."""
    page.get_by_role("button", name=button).first.click()
    page.get_by_text(message).wait_for()
    assert page.locator(".cite [role=status]").inner_text() == message
    return str(page.evaluate("navigator.clipboard.readText()"))


STATUS = (
    "Status as of 1 March 2022: Partly in force since 1 September 2021, as amended from "
    "1 February 2022; further provisions from 1 April 2022; further provisions from 15 April 2022."
)
ADDRESS = SITE.absolute(RULES)
PAGE = (
    f"Signal Rules. {STATUS} {SITE.name}, {ADDRESS}, last changed 20 February 2022, accessed {{}}."
)
ACT = (
    "Tide Oversight Agency, Tide Oversight Agency, North Shore Office. Signal Rules (信号规定). "
    "Order No. 12. Issued 5 July 2021. "
    "Effective 1 September 2021, 1 March 2022, 1 April 2022 and 15 April 2022. "
    f"{STATUS} {ADDRESS}, accessed {{}}."
)


def test_link_note_and_citations_are_copied_with_the_readers_date(
    page: Page, world_address: str
) -> None:
    found, errors = snapshot(), []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: errors.append(r.url) if world_address not in r.url else None)
    page.goto(f"{world_address}{RULES}?on=2021-10-31#history")
    assert copied(page, "Copy link", "Link copied.") == f"{SITE.absolute(RULES)}?on=2021-10-31"
    assert "Status as of 31 October 2021: " in copied(page, "Copy citation", "Citation copied.")
    page.goto(f"{world_address}{RULES}")
    assert copied(page, "Copy citation", "Citation copied.") == PAGE.format("5 January 2027")
    html = page.evaluate(
        "navigator.clipboard.read().then((items) => items[0].getType('text/html'))"
        ".then((blob) => blob.text())"
    )
    assert f'<a href="{SITE.absolute(RULES)}"' in html
    assert re.sub(r"<[^>]+>", "", html).strip() == PAGE.format("5 January 2027")
    rules = found.collection.instruments["signal-rules"]
    citations = Citations(found, SITE, StatusWords(found)).of(rules)
    for what, citation in zip(("this page", "the act itself"), citations, strict=True):
        assert copied(page, f"Copy BibTeX of {what}", "BibTeX copied.") == bibtex(citation).replace(
            "urldate = {2022-03-01}", "urldate = {2027-01-05}"
        )
        assert copied(page, f"Copy RIS of {what}", "RIS copied.") == ris(citation).replace(
            "Y2  - 2022/03/01/", "Y2  - 2027/01/05/"
        )
        (item,) = json.loads(csl(citation))
        accessed = {"date-parts": [[2027, 1, 5]]}
        assert json.loads(copied(page, f"Copy CSL-JSON of {what}", "CSL-JSON copied.")) == [
            item | {"accessed": accessed}
        ]
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").first.click()
    assert download.value.suggested_filename == "signal-rules.bib"
    assert "urldate = {2027-01-05}" in Path(download.value.path()).read_text(encoding="utf-8")
    assert errors == []


def test_without_scripts_the_note_and_the_citation_files_are_available(
    chromium: Browser, world_address: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(world_address + RULES)
    memos = page.locator("[data-memo]").all_inner_texts()
    assert memos == [PAGE.format("1 March 2022"), ACT.format("1 March 2022")]
    assert page.locator("[data-cite] button").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="RIS").last.click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert saved.splitlines()[:2] == ["TY  - STAT", "ID  - signal-rules-act"]
    assert saved.splitlines()[-2:] == ["Y2  - 2022/03/01/", "ER  - "]
    context.close()


def test_share_sheet_of_the_device_is_used_if_available(page: Page, world_address: str) -> None:
    page.goto(world_address + RULES)
    assert page.get_by_role("button", name="Share…").count() == 0
    page.add_init_script("navigator.share = (data) => { window.shared = data; }")
    page.goto(f"{world_address}entries/{TREATY}/")
    page.get_by_role("button", name="Share…").click()
    assert page.evaluate("window.shared") == {
        "title": "A treaty on the moon is signed",
        "url": SITE.absolute(f"entries/{TREATY}/"),
    }


def test_failure_to_copy_is_reported(page: Page, world_address: str) -> None:
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))"
    )
    page.goto(world_address + RULES)
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("That did not work; select the text or open the file instead.").wait_for()
