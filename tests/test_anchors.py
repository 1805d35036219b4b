"""Anchors are permanent, whatever else is added to a page, and are offered as links."""

import re
from pathlib import Path

import pytest
from conftest import WORLD, build, copy_checkout, edit, received
from in_memory import entry, snapshot
from playwright.sync_api import Browser
from timeline.analysis.deadlines import key_date_id
from timeline.urls import anchor, numbered

FINED = "entries/2022/2022-02-03-south-harbour-fined.md"
FIRST = {"date": "2022-03-10", "what": "Tables are sent", "who": "harbours"}
SECOND = {"date": "2022-03-20", "what": "Tables are kept", "who": "harbours"}
THIRD = {"date": "2022-03-05", "what": "Tables are drawn", "who": "harbours"}
GENERAL = {"date": "2021-06-01"}
PART = {"date": "2021-05-01", "applies_to": "boats"}


def ids(**fields: object) -> dict[str, str]:
    """Return the permanent ids of an entry's key dates: words of the date -> id."""
    found = snapshot([entry("2021-03-01-act", **fields)])
    return {
        " ".join(filter(None, (due.what, due.who))): key_date_id(due) for due in found.key_dates
    }


def passed(*effective: dict[str, str]) -> list[dict[str, object]]:
    return [{"id": "tide-act", "stage": "passed", "effective": list(effective)}]


def test_key_date_keeps_its_id_when_others_are_added_and_when_it_is_corrected() -> None:
    before = ids(deadlines=[FIRST, SECOND])
    after = ids(deadlines=[THIRD, SECOND | {"date": "2022-03-25"}, FIRST])
    assert before == {
        "Tables are sent harbours": "2021-03-01-act.duty.b404c7ea",
        "Tables are kept harbours": "2021-03-01-act.duty.222022e7",
    }
    assert after == before | {"Tables are drawn harbours": "2021-03-01-act.duty.d5976949"}


def test_only_key_date_of_its_kind_needs_no_words() -> None:
    for what in ("Tables are sent", "Tables are sent in"):
        assert ids(deadlines=[FIRST | {"what": what}]) == {
            f"{what} harbours": "2021-03-01-act.duty"
        }


def test_general_effective_date_keeps_its_id_beside_that_of_a_part() -> None:
    general = {"takes effect": "2021-03-01-act.tide-act.effect"}
    assert ids(instruments=passed(GENERAL)) == general
    part = {"takes effect boats": "2021-03-01-act.tide-act.effect.3a973d2f"}
    assert ids(instruments=passed(PART, GENERAL)) == part | general


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("South Harbour Ltd.", "south-harbour-ltd"),
        ("  潮汐法（2021年）", "潮汐法-2021年"),
        ("A_b--C/d", "a-b-c-d"),
        ("《》", ""),
    ],
)
def test_anchor_of_a_text(text: str, expected: str) -> None:
    assert anchor(text) == expected


def test_repeated_names_are_numbered() -> None:
    assert list(numbered(["a", "b", "a", "a", "b"])) == ["a", "b", "a.2", "a.3", "b.2"]


def test_rows_keep_their_anchors_when_an_entry_is_renamed(world: Path) -> None:
    pages = ("timeline/2022.md", "enforcement.md", "changes.md", "topics/tides.md")

    def anchors() -> list[list[str]]:
        received(world)
        texts = ((world / "build/docs" / page).read_text(encoding="utf-8") for page in pages)
        return [re.findall(r' id="([^"]+)"', text) for text in texts]

    before = anchors()
    assert all("2022-02-03-south-harbour-fined" in found for found in before)
    renamed = "entries/2022/2022-02-03-harbour-fined.md"
    (world / FINED).rename(world / renamed)
    edit(world, renamed, "added:", "aliases: [2022-02-03-south-harbour-fined]\nadded:")
    related = "entries/2022/2022-02-17-shore-court-judgment.md"
    edit(world, related, "2022-02-03-south-harbour-fined", "2022-02-03-harbour-fined")
    assert anchors() == before
    row = 'id="2022-02-03-south-harbour-fined" data-entry="2022-02-03-harbour-fined"'
    assert row in (world / "build/docs" / pages[0]).read_text(encoding="utf-8")


def test_heading_in_a_text_has_a_permanent_anchor_of_its_own(tmp_path: Path) -> None:
    """Chinese headings get an anchor from their words; `#corrections` stays that of corrections."""
    folder = copy_checkout(tmp_path, WORLD)
    watch = "entries/2021/2021-05-tide-watch-starts.md"
    edit(folder, watch, "The agency (", "## 适用范围\n\nAll.\n\n## Corrections\n\nThe agency (")
    page = build(folder, AS_OF="2022-03-01") / "entries/2021-05-tide-watch-starts/index.html"
    html = page.read_text(encoding="utf-8")
    assert re.findall(r'<h[23] id="([^"]+)">(?:<span[^>]*>)?(适用范围|Corrections)', html) == [
        ("text-适用范围", "适用范围"),
        ("text-corrections", "Corrections"),
        ("corrections", "Corrections"),
    ]


def test_rows_and_headings_offer_their_addresses(chromium: Browser, world_address: str) -> None:
    """Links appear on keyboard focus as well as on hover, and are not printed."""
    page = chromium.new_context().new_page()
    page.goto(f"{world_address}deadlines/")
    for place in ("#ahead", "#ahead + .rows > .row >> nth=0"):
        link = page.locator(place).locator(".here")
        assert link.evaluate("link => getComputedStyle(link).opacity") == "0"
        link.focus()
        page.keyboard.press("Shift+Tab")  # so that :focus-visible applies
        page.keyboard.press("Tab")
        assert link.evaluate("link => getComputedStyle(link).opacity") == "1"
        page.keyboard.press("Enter")
        name = page.locator(place).get_attribute("id")
        assert page.evaluate("location.hash") == f"#{name}"
    page.goto(f"{world_address}instruments/signal-rules/")
    rows = page.locator("ol.history > li").all()
    assert [row.locator("> div > .here").count() for row in rows] == [1, 1]
    page.emulate_media(media="print")
    assert page.locator(".here").evaluate_all("all => all.every(a => !a.checkVisibility())")
    page.context.close()
