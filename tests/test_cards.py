"""Social cards: their text, whether it fits, and when they are drawn."""

import datetime
import functools
import io
import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import cards
import pylopdf_fonts_zh_cn as fonts
import pytest
from conftest import ROOT, WORLD_DAY, edit
from in_memory import entry, snapshot, world_web_site
from PIL import Image, ImageFont
from timeline.analysis.snapshot import Snapshot
from timeline.builder import CARDS, PAGES, Builder
from timeline.config import read_site
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument
from timeline.site.cards import MAX_ENTRIES, Card, Cards, balanced, fitting_names, wrapped
from timeline.site.render import StatusWords

AMENDED = "as amended from 1 February 2022"
CLOSED = "Consultation closed on 28 February 2022; not yet adopted"
OPEN = "Open for comments until 20 March 2022; Open for comments until 15 March 2022"
REVISED = "To be superseded from 1 September 2022 (Buoy Rules (2022))"
FIRST = "entries/2018/2018-03-01-old-tide-law-passed.md"
HOSTILE = '</text><script>alert(1)</script>&amp; "x" 😀 {{ 7*7 }} \u0301'


def cards_of(found: Snapshot) -> Cards:
    return Cards(found, world_web_site(), StatusWords(found))


def test_card_is_1200_by_630_and_the_same_each_time() -> None:
    card = Card("A site", "Law", "Tide Act", "潮汐法", "1 March 2021", ("Assembly",), "In force")
    picture = cards.png(card.svg)
    assert cards.png(card.svg) == picture
    assert Image.open(io.BytesIO(picture)).size == (1200, 630)
    assert len(picture) < 60_000


def test_font_has_a_glyph_for_each_chinese_character() -> None:
    text = "潮汐法网络安全"
    assert len({cards.png(Card("A site", "", "Act", zh * 4).svg) for zh in text}) == len(text)
    for font in cards.FONTS:
        face = ImageFont.truetype(font, 40)
        missing = bytes(face.getmask("\U000e0101"))
        assert missing not in {bytes(face.getmask(zh)) for zh in text}


def test_cards_of_the_site_of_types_of_instruments_and_of_entries() -> None:
    made = cards_of(snapshot())
    about, found = "Developments that never happened.", made.snapshot.collection
    texts = [card.text for card in made.every()]
    kinds = ("Regulatory", "Policy", "Enforcement", "Courts", "Industry", "International")
    assert texts[:7] == [
        f"An invented world. {about}",
        *(f"Timeline. {kind}. {about}" for kind in kinds),
    ]
    subjects: tuple[Entry | Instrument, ...] = (*found.instruments.values(), *found.entries)
    assert texts[7:] == [made.of(one).text for one in subjects]
    draft = "Regulatory. 18 February 2022. Agency consults on the Lamp Rules"
    chosen = re.compile(r"灯规|Industry\. 2021\. |treaty|Courts|told")
    assert list(filter(chosen.search, texts[7:])) == [
        f"Normative document. 18 February 2022. Lamp Rules. 灯规. TOA. Draft: not law. {CLOSED}",
        "Industry. 2021. Harbours pledge to keep tables",
        "International. 1 February 2022. A treaty on the moon is signed",
        "Policy. 2 February 2022. A development told twice. TOA. Withdrawn on 5 February 2022",
        "Courts. 17 February 2022. Shore Court orders damages. Shore Court",
        f"{draft}. 灯规. TOA. Lamp Rules draft: not law. {CLOSED}",
    ]


def test_status_of_each_instrument_in_words() -> None:
    made = cards_of(snapshot())
    instruments = made.snapshot.collection.instruments
    further = "further provisions from"
    phases = f"{further} 1 April 2022; {further} 15 April 2022"
    assert {name: made.of(one).status for name, one in instruments.items()} == {
        "beacon-standard": f"Partly in force since 1 January 2022; {further} 1 January 2023",
        "buoy-rules": f"In force since 15 January 2022. {REVISED}",
        "buoy-rules-2022": "Not yet in force; from 1 September 2022",
        "ferry-rules": "Expired on 30 October 2021",
        "gull-notice": "Unknown: issued in February 2022; effective date not recorded",
        "kelp-rules": "Abandoned on 2 November 2021",
        "lamp-rules": f"Draft: not law. {CLOSED}",
        "lamp-week": "Running since 1 February 2022, until 31 December 2022",
        "moon-act": "Not yet in force; from 1 July 2022",
        "old-signal-rules": "In force since 1 June 2019. To be superseded from 15 April 2022 (SR)",
        "old-tide-law": "Superseded since 1 January 2022 by TA",
        "oyster-rules": "Repealed on 11 October 2021",
        "shore-sweep": "Concluded since 31 December 2021",
        "signal-amendment": "In force since 1 February 2022",
        "signal-rules": f"Partly in force since 1 September 2021, {AMENDED}; {phases}",
        "tide-act": "In force since 1 January 2022",
        "tide-watch": "Unknown: activity recorded after its end",
        "wharf-rules": f"Draft: not law. {OPEN}",
    }


def test_changed_status_changes_the_card() -> None:
    files = []
    for day in ("2021-05-31", "2021-06-01", "2021-06-02"):
        found = snapshot(as_of=day)
        files.append(cards_of(found).of(found.collection.instruments["tide-act"]).file)
    before, partly, later = files
    assert before != partly == later


def test_card_is_drawn_once_and_removed_when_it_is_no_longer_used(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def drawn() -> str:
        assert cards.main(["--as-of", "2018-03-01"], world) == 0
        return capsys.readouterr().out

    def times() -> dict[str, int]:
        return {file.name: file.stat().st_mtime_ns for file in (world / CARDS).glob("*.png")}

    assert drawn() == "build/cards: 9 cards drawn, 0 kept, 0 removed\n"
    before = times()
    assert drawn() == "build/cards: 0 cards drawn, 9 kept, 0 removed\n"
    assert times() == before
    edit(world, FIRST, "passes the Old Tide Law", "adopts the Old Tide Law")
    assert drawn() == "build/cards: 1 cards drawn, 8 kept, 1 removed\n"
    (world / CARDS / cards.TOOL_VERSIONS).write_text("resvg-py 0.0.1\n", encoding="utf-8")
    assert drawn() == "build/cards: 9 cards drawn, 0 kept, 0 removed\n"


def test_no_card_is_drawn_if_there_are_errors(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (world / "entries/2022/2022-01-01-x.md").write_text("nothing", encoding="utf-8")
    assert cards.main([], world) == 1
    missing = "the front matter is missing; the file must begin with a line '---'"
    assert capsys.readouterr().err == f"entries/2022/2022-01-01-x.md:1: {missing}\n"
    assert not (world / CARDS).exists()


def test_pages_name_their_own_card_or_that_of_their_type_or_the_general_one(world: Path) -> None:
    def images() -> dict[str, str]:
        Builder(world).build(datetime.date.fromisoformat(WORLD_DAY))
        image = re.compile('og:image" content="https://world.example/([^"]+)"')
        texts = {file: file.read_text(encoding="utf-8") for file in (world / PAGES).rglob("*.md")}
        return {
            file.relative_to(world / PAGES).as_posix(): found[1]
            for file, text in texts.items()
            if (found := image.search(text))
        }

    def published() -> list[str]:
        return sorted(file.name for file in (world / PAGES / "cards").glob("*"))

    assert set(images().values()) == {"assets/card.png"}
    made = cards_of(snapshot())
    act = made.of(made.snapshot.collection.instruments["tide-act"])
    fined = next(e for e in made.snapshot.collection.entries if e.type.value == "enforcement")
    shared, general = made.shared(fined), made.general()
    cards.draw([act, shared, general], world / CARDS)
    fines = {f"entries/{e.id}.md" for e in made.snapshot.collection.entries if e.type is fined.type}
    found = images()
    expected = dict.fromkeys(found, f"cards/{general.file}")
    expected |= dict.fromkeys(fines, f"cards/{shared.file}")
    assert found == expected | {"instruments/tide-act.md": f"cards/{act.file}"}
    assert published() == sorted([act.file, shared.file, general.file])
    cards.draw([act], world / CARDS)
    images()
    assert published() == [act.file]


@pytest.mark.parametrize(("count", "has_own"), [(MAX_ENTRIES, True), (MAX_ENTRIES + 1, False)])
def test_only_highlights_have_their_own_card_on_a_large_site(count: int, has_own: bool) -> None:
    plain, highlight = entry("2022-02-01-plain"), entry("2022-02-02-high", highlight=True)
    found = snapshot()
    many = replace(found.collection, entries=(plain,) * (count - 1) + (highlight,))
    made = cards_of(Snapshot(many, found.as_of))
    assert made.has_own(plain) is has_own
    assert made.of(plain).title == ("2022-02-01-plain" if has_own else "Regulatory")
    assert made.of(highlight).title == "2022-02-02-high"
    assert made.has_own(many.instruments["tide-act"])
    assert len({card.file for card in made.every()}) == 1 + 6 + 18 + (2 if has_own else 1)


LONG = "Provisional Measures for the Supervision of Tide Tables, Buoys and Beacons " * 5
LONG_ZH = "潮汐表监督管理暂行办法" * 9


@pytest.mark.parametrize("text", [LONG, LONG_ZH, "i" * 900], ids=len)
def test_text_stays_within_the_card_and_lines_do_not_overlap(text: str) -> None:
    """Crowded cards and those of the invented world, measured with the fonts that are used."""
    files = {"Noto Sans SC": fonts.sans_path(), "Noto Serif SC": fonts.serif_path()}
    face = functools.cache(lambda name, size: ImageFont.truetype(str(files[name]), size))
    crowded = Card("A site", "Law", text, text, "1 March 2021", (text, text), text)
    short = replace(crowded, title="Tide Act", title_zh=LONG_ZH)
    more = (replace(crowded, title_zh=LONG_ZH), short, replace(short, status=""))
    for card in (crowded, *more, *cards_of(snapshot()).every()):
        rows = set()
        for group in ET.fromstring(card.svg).findall("{*}g[@font-family]"):
            for line in group.findall("{*}text"):
                size = float(line.get("font-size") or group.get("font-size") or 0)
                length = face(group.get("font-family"), size).getlength("".join(line.itertext()))
                assert float(line.get("x", 0)) + length <= 1160, card.text
                rows.add((float(line.get("y", 0)), size))
        assert max(rows)[0] <= 600, card.text
        pairs = itertools.pairwise(sorted(rows))
        assert all(low - high >= 1.25 * size for (high, _), (low, size) in pairs), card.text


@pytest.mark.parametrize(
    ("text", "ems", "limit", "lines"),
    [
        ("one two three four five", 6, 2, ["one two", "three…"]),
        ("one two three", 6, 2, ["one two", "three"]),
        ("潮汐法的解释", 4, 1, ["潮汐法…"]),
        ("潮汐法，的解释", 5, 1, ["潮汐法…"]),
        ("x" * 30, 6, 1, ["x" * 8 + "…"]),
        ("tide-table keeper", 4, 3, ["tide-", "table", "keeper"]),
        ("", 6, 2, []),
        ("one", 6, 0, []),
    ],
)
def test_lines_are_cut_between_words(text: str, ems: float, limit: int, lines: list[str]) -> None:
    assert wrapped(text, ems, limit) == lines


def test_titles_have_even_lines_and_names_fit_on_one() -> None:
    act = "Coastal Information Protection Law"
    assert balanced(act, 17) == ["Coastal Information", "Protection Law"]
    assert balanced(act, 30) == [act]
    assert fitting_names(("Alpha", "Beta", "Gamma"), 30) == "Alpha, Beta, Gamma"
    assert fitting_names(("Alpha", "Beta", "Gamma and Delta"), 13) == "Alpha, Beta and 1 more"
    assert fitting_names(("Alpha", "Beta", "Gamma"), 9) == "Alpha and 2 more"
    assert fitting_names(("Alpha Beta",), 4) == "Alpha…"
    assert fitting_names((), 9) == ""


def test_hostile_text_is_escaped() -> None:
    card = Card(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE, HOSTILE), HOSTILE)
    assert ET.fromstring(card.svg).findall(".//{*}script") == []
    assert Image.open(io.BytesIO(cards.png(card.svg))).size == (1200, 630)


def test_general_card_in_the_repository_is_up_to_date() -> None:
    general = replace(cards_of(snapshot()), site=read_site(ROOT)).general()
    assert (ROOT / "docs/assets/card.png").read_bytes() == cards.png(general.svg)
