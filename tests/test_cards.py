"""The pictures by which pages are shared."""

import datetime
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import cards
import pylopdf_fonts_zh_cn as fonts
import pytest
from conftest import DAY, ROOT, WORLD
from PIL import Image, ImageFont
from timeline.build.generator import CARDS, FILES, PAGES, Generator
from timeline.model.site import read_site
from timeline.rendering.status_words import StatusWords
from timeline.sharing.card import Card
from timeline.sharing.cards import MOST_ENTRIES, Cards
from timeline.sharing.line_breaking import balanced, listed, wrapped
from timeline.source.as_of import known_on
from timeline.source.project import Project
from timeline.standing.standing import Standing

SPRING = datetime.date(2022, 3, 1)


def cards_of(root: Path, day: datetime.date) -> Cards:
    collection = Project(root).load().collection
    assert collection is not None
    standing = Standing(known_on(collection, day), day)
    return Cards(standing, read_site(root), StatusWords(standing))


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


def test_a_card_is_of_the_right_size_and_always_the_same() -> None:
    card = Card("A site", "Law", "Tide Act", "潮汐法", "1 March 2021", ("Assembly",), "In force")
    picture = cards.png(card.svg)
    assert cards.png(card.svg) == picture
    assert opened(picture).size == (1200, 630)
    assert len(picture) < 60_000


def test_chinese_is_drawn() -> None:
    """Every character by a shape of its own, none by the box that stands for a missing one."""
    shapes = {cards.png(Card("A site", "", "Act", zh * 4).svg) for zh in "潮汐法网络安全"}
    assert len(shapes) == len("潮汐法网络安全")
    for font in cards.FONTS:
        face = ImageFont.truetype(font, 40)
        missing = bytes(face.getmask("\U000e0101"))
        assert all(bytes(face.getmask(zh)) != missing for zh in "潮汐法网络安全")


def test_what_cards_say() -> None:
    said = [card.text for card in cards_of(WORLD, SPRING).every()]
    assert said[0] == "An invented world. Developments that never happened."
    body, act = "Assembly of Tidewater", "n force since 1 January 2022"
    starts = "Tide Watch starts: 3 < 5 & more"
    watch = "nknown: entries tell of it after its end"
    assert said[7:] == [
        f"Law. 1 March 2021. Tide Act. 潮汐法. {body}. I{act}",
        f"Campaign. 3 February 2022. Tide Watch. TOA. U{watch}",
        "Industry. 2021. Harbours pledge to keep tables",
        f"Regulatory. 1 March 2021. Assembly passes the Tide Act. 潮汐法. {body}. TA i{act}",
        f"Enforcement. May 2021. {starts}. TOA, {body}. Tide Watch u{watch}",
        "International. 1 February 2022. A treaty on the moon is signed",
        "Policy. 2 February 2022. A development told twice. TOA. Withdrawn on 5 February 2022",
        f"Enforcement. 3 February 2022. South Harbour fined over tables. TOA. Tide Watch u{watch}",
    ]


def test_a_status_that_moves_makes_a_new_card() -> None:
    files = []
    for day in (datetime.date(2021, 5, 31), datetime.date(2021, 6, 1), datetime.date(2021, 6, 2)):
        made = cards_of(WORLD, day)
        files.append(made.of(made.standing.collection.instruments["tide-act"]).file)
    before, partly, later = files
    assert before != partly == later


def test_drawn_once_and_removed_when_no_longer_shown(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--as-of", "2022-03-01"]
    assert cards.main(arguments, world) == 0
    assert capsys.readouterr().out == "build/cards: 15 cards drawn, 0 kept, 0 removed\n"
    before = {file.name: file.stat().st_mtime_ns for file in (world / CARDS).iterdir()}
    assert cards.main(arguments, world) == 0
    assert capsys.readouterr().out == "build/cards: 0 cards drawn, 15 kept, 0 removed\n"
    after = {file.name: file.stat().st_mtime_ns for file in (world / CARDS).iterdir()}
    before.pop(cards.STAMP), after.pop(cards.STAMP)
    assert after == before
    entry = world / "entries/2022/2022-02-01-moon-treaty.md"
    entry.write_text(entry.read_text(encoding="utf-8").replace("moon is", "sun is"), "utf-8")
    assert cards.main(arguments, world) == 0
    assert capsys.readouterr().out == "build/cards: 1 cards drawn, 14 kept, 1 removed\n"
    (world / CARDS / cards.STAMP).write_text("resvg-py 0.0.1\n", encoding="utf-8")
    assert cards.main(arguments, world) == 0
    assert capsys.readouterr().out == "build/cards: 15 cards drawn, 0 kept, 0 removed\n"


def test_a_problem_ends_it(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "entries/2022/2022-01-01-x.md").write_text("nothing", encoding="utf-8")
    assert cards.main([], world) == 1
    assert "entries/2022/2022-01-01-x.md:1: there is no front matter" in capsys.readouterr().err
    assert not (world / CARDS).exists()


def test_pages_show_the_cards_that_there_are(world: Path) -> None:
    assert images(world) == {"https://world.example/assets/card.png"}
    made = cards_of(world, SPRING)
    act = made.of(made.standing.collection.instruments["tide-act"])
    fine = next(e for e in made.standing.collection.entries if e.id.endswith("fined"))
    kind = made.shared(fine)
    cards.draw([act, kind], world / CARDS)
    assert images(world) == {
        "https://world.example/assets/card.png",
        f"https://world.example/cards/{act.file}",
        f"https://world.example/cards/{kind.file}",
    }
    pages = world / PAGES
    assert act.file in (pages / "instruments/tide-act/index.md").read_text(encoding="utf-8")
    assert kind.file in (pages / f"entries/{fine.id}.md").read_text(encoding="utf-8")
    there = {file.name for file in (world / FILES / "cards").iterdir()}
    assert there == {act.file, kind.file}
    cards.draw([act], world / CARDS)
    images(world)
    assert {file.name for file in (world / FILES / "cards").iterdir()} == {act.file}


def images(world: Path) -> set[str]:
    Generator(world).generate(SPRING)
    return {
        address
        for page in (world / PAGES).rglob("*.md")
        for address in re.findall('og:image" content="([^"]+)"', page.read_text(encoding="utf-8"))
    }


def test_on_a_large_site_only_highlights_have_their_own(world: Path) -> None:
    few = cards_of(world, SPRING)
    collection = few.standing.collection
    plain, highlight = collection.entries[0], collection.entries[1]
    assert (plain.highlight, highlight.highlight) == (False, True)
    for count, own in [(MOST_ENTRIES, True), (MOST_ENTRIES + 1, False)]:
        entries = (plain,) * (count - 1) + (highlight,)
        standing = Standing(replace(collection, entries=entries), SPRING)
        many = Cards(standing, few.site, StatusWords(standing))
        assert many.has_own(plain) is own
        assert many.has_own(highlight)
        assert many.has_own(collection.instruments["tide-act"])
        assert (many.of(plain) == many.shared(plain)) is not own
        assert many.shared(plain).title == "Industry"
        assert len({card.file for card in many.every()}) == 1 + 6 + 2 + (2 if own else 1)


def test_nothing_runs_over_the_edge() -> None:
    """Of every card of the real site, measured with the very fonts."""
    faces = {"Noto Sans SC": fonts.sans_path(), "Noto Serif SC": fonts.serif_path()}
    for card in cards_of(ROOT, datetime.date.fromisoformat(DAY)).every():
        bottom = 0.0
        for group in ET.fromstring(card.svg).findall("{*}g[@font-family]"):
            for line in group.findall("{*}text"):
                size = float(line.get("font-size") or group.get("font-size") or 0)
                face = ImageFont.truetype(str(faces[group.get("font-family", "")]), size)
                end = float(line.get("x", 0)) + face.getlength("".join(line.itertext()))
                assert end <= 1160, card.text
                bottom = max(bottom, float(line.get("y", 0)))
        assert bottom <= 600, card.text


def test_lines_are_cut_after_words() -> None:
    assert wrapped("one two three four five", 6, 2) == ["one two", "three…"]
    assert wrapped("潮汐法的解释", 4, 1) == ["潮汐法…"]
    assert wrapped("x" * 30, 6, 1) == ["x" * 8 + "…"]
    assert wrapped("", 6, 2) == []
    assert balanced("Personal Information Protection Law", 18) == [
        "Personal Information",
        "Protection Law",
    ]
    assert listed(("Alpha", "Beta", "Gamma"), 9) == "Alpha and 2 more"
    assert listed((), 9) == ""


def test_hostile_texts_are_texts() -> None:
    hostile = '</text><script>alert(1)</script>&amp; "x" 😀 {{ 7*7 }} \u0301'
    card = Card(hostile, hostile, hostile, hostile, hostile, (hostile, hostile), hostile)
    assert ET.fromstring(card.svg).findall(".//{*}script") == []
    assert opened(cards.png(card.svg)).size == (1200, 630)


def test_the_general_card_is_the_one_drawn() -> None:
    drawn = cards.png(cards_of(ROOT, datetime.date.fromisoformat(DAY)).general().svg)
    assert (ROOT / "docs/assets/card.png").read_bytes() == drawn
