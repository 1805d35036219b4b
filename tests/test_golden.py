"""All generated files of the invented world, and the division of long lists.

Some golden files are complete, so that a diff shows what changed; for all others there is a digest.
"""

import datetime
import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from conftest import WORLD_DAY, WORLD_WARNING
from in_memory import entry, snapshot
from timeline.analysis.snapshot import Snapshot
from timeline.builder import Builder
from timeline.schema.entry import Entry
from timeline.site.entries import history_strips
from timeline.site.page import names
from timeline.site.pages import pages
from timeline.site.render import Renderer

GOLDEN = Path(__file__).parent / "golden"
DIGESTS = "digests.txt"

# Files that are kept complete: all in these folders, which are unique or list everything,
FOLDERS = ("docs", "files", "files/api/v1", "files/contribute", "files/data", "files/schema")
# indexes, years, months with a highlight, an undated draft or many kinds of rows,
FILES = (
    *(f"docs/{kind}/index.md" for kind in ("instruments", "newsletters", "regulators", "topics")),
    *("docs/timeline/index.md", "docs/timeline/2021.md", "docs/timeline/2022.md"),
    *("docs/timeline/2021/03.md", "docs/timeline/2021/12.md", "docs/timeline/2022/02.md"),
    *(f"files/timeline/2021/12/bulletin.{kind}" for kind in ("html", "txt")),
    *(f"files/timeline/2022/02/bulletin.{kind}" for kind in ("html", "txt")),
    *("docs/changes/2021/07.md", "docs/changes/2022/02.md", "docs/changes/2022/03.md"),
    *("files/api/v1/years/2021.json", "files/contribute/years/2021.json"),
)
# pages of entries and terms with a special feature,
PAGES = {
    "2018-03-01-old-tide-law-passed": "the first entry of all",
    "2021-03-01-tide-act-passed": "a highlight with sources, archived and verified",
    "2021-07-05-signal-rules-issued": "phases that were moved later",
    "2021-08-20-signal-rules-postponed": "phases that replace others",
    "2021-harbours-pledge": "a date known to the year only, and no body",
    "2022-01-10-moon-act-passed": "a development abroad",
    "2022-02-01-moon-treaty": "a source without an address, and no instrument",
    "2022-02-25-buoy-rules-revised": "the last entry of all",
    "2022-02-gull-notice": "stages of two instruments",
    "gull-2021-06": "a newsletter",
    "gull-notice": "an unknown status",
    "lamps": "a topic with other names",
    "north-toa": "a body with a parent",
    "old-signal-rules": "in force, to be superseded",
    "old-tide-law": "superseded",
    "old-toa": "a body with a successor",
    "tide-act": "every field of an instrument",
    "tide-watch": "a campaign",
    "toa": "a body with predecessors",
    "wharf-rules": "drafts that are open together",
}
# and all exports of a few.
EXPORTED = {
    "2021-05-01-tide-watch": "the former id of an entry",
    "2021-05-tide-watch-starts": "an entry that moved and was corrected",
    "2022-02-02-duplicate": "a withdrawn entry",
    "2022-02-03-south-harbour-fined": "penalties with legal bases",
    "moon": "a topic with few entries",
    "moon-council": "a body of which nothing is recorded",
    "signal-rules": "an instrument with phases, articles and an amendment",
}


def is_kept_whole(path: str) -> bool:
    file = PurePosixPath(path)
    is_chosen_page = file.parts[0] == "docs" and file.stem in PAGES
    is_exported = bool({file.stem, file.parent.name} & EXPORTED.keys())
    return str(file.parent) in FOLDERS or path in FILES or is_chosen_page or is_exported


def tree(folder: Path) -> dict[str, str]:
    """Return the files of a folder, with line endings unchanged: path -> content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def golden_form(made: dict[str, str]) -> dict[str, str]:
    """Return the complete files and a list of digests of the others."""
    whole = {path: text for path, text in made.items() if is_kept_whole(path)}
    digests = (
        f"{hashlib.sha256(text.encode()).hexdigest()[:16]} {path}\n"
        for path, text in made.items()
        if path not in whole
    )
    return whole | {DIGESTS: "".join(digests)}


def test_generated_files_match_the_golden_files(
    world: Path, request: pytest.FixtureRequest
) -> None:
    built = Builder(world).build(datetime.date.fromisoformat(WORLD_DAY))
    assert [str(problem) for problem in built.problems] == [WORLD_WARNING]
    made = golden_form(tree(world / "build"))
    if request.config.getoption("--write-golden"):
        shutil.rmtree(GOLDEN)
        for path, text in made.items():
            file = GOLDEN / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    expected = tree(GOLDEN)
    assert list(made) == [*(path for path in expected if path != DIGESTS), DIGESTS]
    changed = [path for path in made if made[path] != expected[path]]
    assert {path: made[path] for path in changed} == {path: expected[path] for path in changed}


def fines(count: int, year: int) -> list[Entry]:
    """Return `count` entries with fines of CNY 10 in July and August of a year, newest first."""
    days = [f"{year}-{7 + n // 90:02}-{n // 5 % 18 + 1:02}" for n in range(count)]
    named = [f"{day}-fine-{n:03}" for n, day in enumerate(days)]
    made = [
        entry(
            name,
            type="enforcement",
            regulators=["toa"],
            highlight=n == 7,
            penalties=[
                {"party": "South Harbour Ltd", "measure": "administrative-fine", "amount": 10,
                 "currency": "CNY"},
            ],
        )
        for n, name in enumerate(named)
    ]  # fmt: skip
    return sorted(made, key=lambda one: one.id, reverse=True)


def rendered(entries: list[Entry]) -> dict[str, str]:
    """Return the pages of these entries: path -> Markdown."""
    found = snapshot(entries)
    made = Renderer(None).render(pages(found), names(found.collection))
    return {path: text.decode() for path, text in made.items()}


def links(text: str) -> list[str]:
    return re.findall(r'<li id="([^"]+)"><a href="[^"]+">\d+</a> <span class="count"', text)


@pytest.mark.parametrize(
    ("counts", "is_divided"),
    [({2021: 150}, False), ({2021: 151}, True), ({2021: 100, 2020: 60}, True)],
    ids=["150", "151", "160 of two years"],
)
def test_list_of_more_than_150_items_is_divided_by_years(
    counts: dict[int, int], is_divided: bool
) -> None:
    """Tests the lists of a topic, a year and the penalties, each newest first."""
    of_year = {year: [one.id for one in fines(count, year)] for year, count in counts.items()}
    every = [name for ids in of_year.values() for name in ids]
    expected = {
        "topics/tides.md": every[:30] if is_divided else every,
        "enforcement.md": every[:150],
    }
    for year, ids in of_year.items():
        highlights = [name for name in ids if name.endswith("-007")]
        expected[f"timeline/{year}.md"] = ids if len(ids) <= 150 else highlights
        if is_divided:
            expected |= {f"{url}/{year}.md": ids for url in ("topics/tides", "enforcement")}
    made = rendered([one for year, count in counts.items() for one in fines(count, year)])
    row = re.compile(r'(?:class="row"|<td) id="([^".]+)"')
    listed = r"(topics/tides|enforcement|timeline/\d+)(/20\d\d)?\.md"
    found = {path: row.findall(text) for path, text in made.items()}
    lists = {path: ids for path, ids in found.items() if re.fullmatch(listed, path)}
    assert lists == expected
    years = list(counts) if is_divided else []
    assert links(made["topics/tides.md"]) == [f"y{year}" for year in years]
    assert links(made["enforcement.md"]) == [f"enforcement-{year}" for year in years]


def test_divided_lists_state_what_they_omit() -> None:
    made = rendered(fines(151, 2021))
    year = made["timeline/2021.md"]
    assert re.findall(r">([^<]+; see all of [A-Z][a-z]+)</a></p>", year) == [
        "0 of 61 developments shown; see all of August",
        "1 of 90 developments shown; see all of July",
    ]
    ledger = made["enforcement.md"]
    assert '2021</a> <span class="count" title="151 measures">151</span>' in ledger
    assert '<p class="note">The most recent 150 of 151 measures; all by year:</p>' in ledger
    assert "<h1>Enforcement, 2021</h1>" in made["enforcement/2021.md"]
    assert "Sums by year" not in made["enforcement/2021.md"]


def test_sums_of_penalties_by_year_and_regulator() -> None:
    """The chart includes years without a fine; courts are listed separately, below."""

    def fine(name: str, amount: int | None, currency: str | None, *regulators: str) -> Entry:
        penalty: dict[str, object] = {"party": "A", "measure": "administrative-fine"}
        known: dict[str, object] = {"amount": amount, "currency": currency} if amount else {}
        return entry(name, type="enforcement", regulators=regulators, penalties=[penalty | known])

    made = rendered(
        [
            fine("2018-02-01-a", 30, "CNY", "toa"),
            fine("2020-03-01-b", 4000, "EUR", "shore-court"),
            fine("2020-04-01-c", 60, "CNY", "north-toa", "toa"),
            fine("2020-05-01-d", None, None, "toa"),
        ]
    )["enforcement.md"]
    assert re.findall("<title>(.+?)</title>", made) == ["2018: CNY 30", "2020: CNY 60"]
    assert re.findall(r'<text x="(\d+)" y="76" class="tick">(\d+)', made) == [
        ("0", "2018"),
        ("30", "2019"),
        ("60", "2020"),
    ]
    heights = re.findall(r'<rect x="(\d+)" y="(\d+)" width="28" height="(\d+)"', made)
    assert heights == [("0", "32", "32"), ("60", "0", "64")]
    assert re.findall(r'title="([^"]+)">[^<]+</a><span class="bar" style="([^"]+)"', made) == [
        ("Tide Oversight Agency: CNY 90", "width: 100.0%"),
        ("Tide Oversight Agency, North Shore Office: CNY 60", "width: 66.7%"),
    ]
    rows = re.findall(
        r'<tr id="((?:years|bodies)[^"]+)">.*?number">(.*?) <span class="note">(.*?)</span></td>',
        made,
    )
    assert rows == [
        ("years.2020.administrative-fine.cny", "CNY 60", "1 party; 1 undisclosed"),
        ("years.2018.administrative-fine.cny", "CNY 30", "1 party"),
        ("bodies.toa.administrative-fine.cny", "CNY 90", "2 parties; 1 undisclosed"),
        ("bodies.north-toa.administrative-fine.cny", "CNY 60", "1 party"),
        ("bodies.shore-court.administrative-fine.eur", "EUR 4,000", "1 party"),
    ]


def test_penalties_without_an_amount_have_no_chart() -> None:
    warning = [{"party": "A", "measure": "warning"}]
    made = rendered([entry("2021-02-01-a", regulators=["toa"], penalties=warning)])
    assert "<figure" not in made["enforcement.md"]


@pytest.mark.parametrize(
    ("place", "count", "shown"),
    [
        (0, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (0, 10, [1, 2, 3, None, 10]),
        (3, 10, [1, 2, 3, 4, 5, 6, None, 10]),
        (5, 10, [1, None, 4, 5, 6, 7, 8, None, 10]),
        (9, 10, [1, None, 8, 9, 10]),
        (0, 1, None),
    ],
)
def test_entry_shows_part_of_a_long_history(
    place: int, count: int, shown: list[int | None] | None
) -> None:
    """The first, the last and the neighbouring events are shown; None is a gap."""
    made = [
        entry(
            f"2021-{n + 1:02}-01-draft",
            instruments=[{"id": "kelp-rules", "stage": "consultation", "round": n + 1}],
        )
        for n in range(count)
    ]
    strips = list(history_strips(made[place], snapshot(made)))
    rounds_of = {one.id: one.instruments[0].round for one in made}
    rounds = [[event and rounds_of[event.entry.id] for event in strip.steps] for strip in strips]
    assert rounds == ([] if shown is None else [shown])
    assert [strip.total for strip in strips] == [count] * len(rounds)


def test_prose_page_has_its_own_path_and_no_coverage_table() -> None:
    found = snapshot()
    prose = found.collection.prose
    written = {
        path: prose["about"].model_copy(update={"path": path})
        for path in ("colophon", "guide/index")
    }
    more = Snapshot(replace(found.collection, prose=prose | written), found.as_of)
    made = {page.url: page.context for page in pages(more) if page.template == "prose.md.j2"}
    assert {url: bool(context["coverage"]) for url, context in made.items()} == {
        "about/": True,
        "colophon/": False,
        "guide/": False,
    }
