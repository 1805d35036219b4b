"""Places that people point at keep their names, whatever else joins, and offer their addresses."""

import datetime
import re
from pathlib import Path

from conftest import WORLD, build, copy_checkout, edit, received
from playwright.sync_api import Browser
from timeline.build.generator import Generator
from timeline.standing.due_names import due_name
from timeline.standing.standing import Standing

ACT = "entries/2021/2021-03-01-tide-act-passed.md"
FINED = "entries/2022/2022-02-03-south-harbour-fined.md"
FIRST = "  - {date: 2022-03-10, what: Tables are sent, who: harbours}\n"
SECOND = "  - {date: 2022-03-20, what: Tables are kept, who: harbours}\n"
THIRD = "  - {date: 2022-03-05, what: Tables are drawn, who: harbours}\n"


def standing(world: Path) -> Standing:
    found = Generator(world).generate(datetime.date(2022, 3, 1)).standing
    assert found is not None
    return found


def named(world: Path) -> dict[str, str]:
    """Words of each day that is due -> its name."""
    return {f"{due.what} {due.who}": due_name(due) for due in standing(world).due}


def duties(world: Path, *lines: str) -> None:
    file = world / FINED
    text = re.sub(r"(?m)^deadlines:\n(  - .*\n)+", "", file.read_text(encoding="utf-8"))
    file.write_text(text.replace("added:", f"deadlines:\n{''.join(lines)}added:"), "utf-8")


def test_a_day_keeps_its_name_when_others_join_and_when_it_is_corrected(world: Path) -> None:
    duties(world, FIRST, SECOND)
    before = named(world)
    assert len(set(before.values())) == len(before)
    duties(world, THIRD, SECOND.replace("03-20", "03-25"), FIRST)
    after = named(world)
    assert {words: after[words] for words in before} == before
    assert len(set(after.values())) == len(before) + 1


def test_the_only_day_of_its_kind_needs_no_words(world: Path) -> None:
    duties(world, FIRST)
    name = "2022-02-03-south-harbour-fined.duty"
    assert named(world)["Tables are sent harbours"] == name
    duties(world, FIRST.replace("sent", "sent in"))
    assert named(world)["Tables are sent in harbours"] == name


def test_what_takes_effect_in_general_keeps_its_name_beside_its_parts(world: Path) -> None:
    text = (world / ACT).read_text(encoding="utf-8")
    general = re.sub(r"effective:\n( +- .*\n)+", "effective: [{date: 2021-06-01}]\n", text)
    (world / ACT).write_text(general, encoding="utf-8")
    name = "2021-03-01-tide-act-passed.tide-act.effect"
    assert named(world)["takes effect None"] == name
    part = "effective: [{date: 2021-05-01, applies_to: boats}, {date: 2021-06-01}]"
    edit(world, ACT, "effective: [{date: 2021-06-01}]", part)
    assert named(world)["takes effect None"] == name


def test_rows_keep_their_anchors_when_an_entry_is_renamed(world: Path) -> None:
    received(world, "2022-03-01")
    pages = ("timeline/2022/index.md", "enforcement/index.md", "changes.md", "topics/moon/index.md")

    def anchors() -> list[list[str]]:
        texts = ((world / "build/docs" / page).read_text(encoding="utf-8") for page in pages)
        return [re.findall(r' id="([^"]+)"', text) for text in texts]

    before = anchors()
    assert any("2022-02-03-south-harbour-fined" in found for found in before)
    (world / FINED).rename(world / "entries/2022/2022-02-03-harbour-fined.md")
    alias = "aliases: [2022-02-03-south-harbour-fined]\nadded:"
    edit(world, "entries/2022/2022-02-03-harbour-fined.md", "added:", alias)
    received(world, "2022-03-01")
    assert anchors() == before
    row = 'id="2022-02-03-south-harbour-fined" data-entry="2022-02-03-harbour-fined"'
    assert row in (world / "build/docs" / pages[0]).read_text(encoding="utf-8")


def test_a_heading_in_a_text_keeps_its_anchor_and_takes_none(tmp_path: Path) -> None:
    """Chinese headings are named by their words, and a feed's `#corrections` leads to these."""
    folder = copy_checkout(tmp_path, WORLD)
    watch = "entries/2021/2021-05-tide-watch-starts.md"
    edit(folder, watch, "The agency (", "## 适用范围\n\nAll.\n\n## Corrections\n\nThe agency (")
    page = build(folder, AS_OF="2022-03-01") / "entries/2021-05-tide-watch-starts/index.html"
    html = page.read_text(encoding="utf-8")
    assert re.findall(r'<h2 id="([^"]+)">(?:<span[^>]*>)?(适用范围|Corrections)', html) == [
        ("适用范围", "适用范围"),
        ("text-corrections", "Corrections"),
        ("corrections", "Corrections"),
    ]


def test_a_row_and_a_heading_offer_their_addresses(chromium: Browser, address: str) -> None:
    """To the keyboard as to the pointer; on paper there is nothing to follow."""
    page = chromium.new_context().new_page()
    page.goto(f"{address}deadlines/")
    for place in ("#ahead", "#ahead + .rows > .row >> nth=0"):
        link = page.locator(place).locator(".here")
        assert link.evaluate("link => getComputedStyle(link).opacity") == "0"
        link.focus()
        page.keyboard.press("Shift+Tab")  # come by the keyboard, as the outline asks
        page.keyboard.press("Tab")
        assert link.evaluate("link => getComputedStyle(link).opacity") == "1"
        page.keyboard.press("Enter")
        anchor = page.locator(place).get_attribute("id")
        assert page.evaluate("location.hash") == f"#{anchor}"
    page.goto(f"{address}instruments/cybersecurity-law/")
    for row in page.locator("ol.history > li").all():  # on its last line, not on one of its own
        assert row.locator("> div > .here").count() == 1
    page.emulate_media(media="print")
    assert page.locator(".here").evaluate_all("all => all.every(a => !a.checkVisibility())")
    page.context.close()
