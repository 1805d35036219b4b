"""Data derived from the collection as of a day: coverage, relations, articles, replacements."""

import re
from pathlib import Path

from conftest import WORLD, received
from in_memory import add_entry, snapshot_of
from timeline.analysis.snapshot import Coverage, Snapshot
from timeline.schema.dates import PartialDate
from timeline.schema.terms import RELATIONS


def test_coverage_counts_present_and_missing_items() -> None:
    assert snapshot_of(WORLD, "2021-08-31").coverage == Coverage(
        entries=11,
        years=((2021, 7), (2020, 2), (2019, 1), (2018, 1)),
        with_official_source=2,
        verified=1,
        instruments=9,
        chinese_titles=2,
        without_chinese_title=(
            *("ferry-rules", "kelp-rules", "old-signal-rules", "old-tide-law"),
            *("oyster-rules", "shore-sweep", "tide-watch"),
        ),
        months_without_entry=(
            *(PartialDate(2018, month) for month in range(4, 13)),
            *(PartialDate(2019, month) for month in range(1, 13) if month != 5),
            *(PartialDate(2020, month) for month in range(1, 13) if month not in {4, 9}),
            *(PartialDate(2021, month) for month in (2, 4)),
        ),
        by_state=(
            ("In force", 4),
            ("Running", 2),
            *((state, 1) for state in ("Draft: not law", "Not yet in force", "Partly in force")),
        ),
    )


def months_without_entry(snapshot: Snapshot) -> list[str]:
    return [str(month) for month in snapshot.coverage.months_without_entry]


def test_missing_months_are_between_the_first_entry_and_the_build(world: Path) -> None:
    for file in (world / "entries").rglob("*.md"):
        if file.name != "2021-harbours-pledge.md":
            file.unlink()
    add_entry(world, "2021-11-30-only")
    assert months_without_entry(snapshot_of(world, "2022-01-01")) == [
        *(f"2021-{month:02}" for month in range(1, 11)),  # the first has no month
        *("2021-12", "2022-01"),
    ]
    assert months_without_entry(snapshot_of(world, "2020-12-31")) == []


def test_relations_are_also_found_from_the_other_item() -> None:
    found = {
        name: {
            relation: [(other.id, one.articles) for one, other in related]
            for relation, related in relations.items()
        }
        for name, relations in snapshot_of(WORLD).related_from.items()
    }
    none: dict[str, list[tuple[str, tuple[str, ...]]]]
    none = {name: [] for name in RELATIONS}
    assert found == {
        "buoy-rules": none | {"replaces": [("buoy-rules-2022", ())]},
        "old-signal-rules": none | {"replaces": [("signal-rules", ())]},
        "old-tide-law": none | {"replaces": [("tide-act", ())]},
        "signal-rules": none | {"amends": [("signal-amendment", ("3",))]},
        "tide-act": none
        | {
            "implements": [("signal-rules", ("9",)), ("tide-watch", ("4", "5"))],
            "interprets": [("gull-notice", ("4",))],
        },
    }


def test_articles_list_the_entries_based_on_them_by_number(world: Path) -> None:
    """Entries are listed newest first; articles without a number come last."""
    basis = '[{id: tide-act, articles: ["Annex", "10", "4"]}, {text: a custom, articles: ["1"]}]'
    penalty = f"{{party: Pier Ltd, measure: warning, basis: {basis}}}"
    step = '[{id: tide-act, articles: ["4", "4-1"]}]'
    name = "2022-02-20-pier-warned"
    add_entry(world, name, type="enforcement", penalties=f"[{penalty}]", instruments=step)
    found = {
        name: [
            (article.name, [e.id for e in article.entries], [i.id for i in article.instruments])
            for article in articles
        ]
        for name, articles in snapshot_of(world).articles.items()
    }
    assert found == {
        "signal-rules": [
            ("3", ["2022-02-10-east-harbour-fined"], ["signal-amendment"]),
            ("12", ["2022-02-10-east-harbour-fined"], []),
        ],
        "tide-act": [
            (
                "4",
                [name, "2022-02-03-south-harbour-fined", "2021-05-tide-watch-starts"],
                ["gull-notice", "tide-watch"],
            ),
            ("4-1", [name], []),
            ("5", [], ["tide-watch"]),
            ("9", ["2021-07-05-signal-rules-issued"], ["signal-rules"]),
            ("10", [name], []),
            ("Annex", [name], []),
        ],
    }


def test_replacements_name_the_new_dates() -> None:
    snapshot = snapshot_of(WORLD)
    found = {
        instrument: {
            f"{entry} {day}": [f"{new.entry.id} {new.date}" for new in dates]
            for (entry, day), dates in replaced.items()
        }
        for instrument, replaced in snapshot.replacements.items()
    }
    issued, postponed = "2021-07-05-signal-rules-issued", "2021-08-20-signal-rules-postponed"
    assert found == {
        "signal-rules": {
            f"{issued} 2022-03-01": [f"{postponed} 2022-04-01", f"{postponed} 2022-03-01"],
            f"{issued} 2022-05-01": [f"{postponed} 2022-04-15"],
        }
    }
    (entry,) = (e for e in snapshot.collection.entries if e.id == issued)
    assert snapshot.replacements_in(entry) == {**snapshot.replacements, "tide-act": {}}
    assert snapshot_of(WORLD, "2021-08-19").replacements == {}


def test_page_shows_the_article_numbers_and_text_of_its_day(world: Path) -> None:
    """Entries show an article's later number; a text without a date follows the previous one."""
    text = "{kind: official, publisher: Assembly, lang: en, url: https://toa.example/"
    keys = (
        "renumbered: [{date: 2022-02-01, old: '3', new: '4'}]\n"
        f"text: [{text}1, since: 2021-04-01, until: 2022-01-31}}, {text}2}}]\n"
    )
    page = world / "docs/instruments/oyster-rules.md"
    page.write_text(page.read_text(encoding="utf-8").replace("rank:", f"{keys}rank:", 1), "utf-8")
    for day in ("2021-04-01", "2022-02-01"):
        add_entry(world, f"{day}-fine", instruments="[{id: oyster-rules, articles: ['3', '5']}]")
    received(world)
    pages = world / "build/docs"
    assert "Art. 3 (4 since 1 February 2022), 5." in text_of(pages / "entries/2021-04-01-fine.md")
    assert "Art. 3, 5." in text_of(pages / "entries/2022-02-01-fine.md")
    listed = re.findall(
        r"<dd data-official( data-applies[^>]*)?><a href=\"https://toa.example/(\d)",
        text_of(pages / "instruments/oyster-rules.md"),
    )
    assert listed == [
        (' data-applies-from="2021-04-01" data-applies-until="2022-01-31" hidden', "1"),
        (' data-applies-from="2022-02-01"', "2"),
    ]


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")
