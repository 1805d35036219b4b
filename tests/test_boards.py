"""Deadlines, the enforcement ledger, coverage, predecessors."""

import datetime
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import WORLD, received
from timeline.model.vocabulary import Measure
from timeline.source.project import Project
from timeline.standing.coverage import coverage
from timeline.standing.deadlines import board
from timeline.standing.ledger import by_regulator, by_year, rows
from timeline.standing.standing import Standing
from timeline.views.term_views import with_predecessors

COLLECTION = Project(WORLD).load().collection
assert COLLECTION is not None


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("as_of", "opened", "ahead", "passed"),
    [
        ("2021-05-31", [], ["2021-06-01", "2021-08-31", "2022-01-01"], []),
        ("2021-06-01", [], ["2021-08-31", "2022-01-01"], ["2021-06-01"]),
        ("2021-08-30", [], ["2021-08-31", "2022-01-01"], ["2021-06-01"]),
        ("2021-08-31", [], ["2021-08-31", "2022-01-01"], []),
        ("2021-09-01", [], ["2022-01-01"], ["2021-08-31"]),
        ("2022-04-01", [], [], ["2022-01-01"]),
        ("2022-04-02", [], [], []),
    ],
)
def test_board(as_of: str, opened: list[str], ahead: list[str], passed: list[str]) -> None:
    assert COLLECTION is not None
    found = board(Standing(COLLECTION, day(as_of)).recorded, day(as_of))
    assert [str(due.date) for due in found.open] == opened
    assert [str(due.date) for due in found.ahead] == ahead
    assert [str(due.date) for due in found.passed] == passed


def test_comments_are_open_on_their_last_day(world: Path) -> None:
    file = world / "entries/2022/2022-02-01-moon-treaty.md"
    text = file.read_text(encoding="utf-8").replace(
        "jurisdiction: INT",
        "instruments: [{id: tide-act, stage: consultation, comments_close: 2022-03-01}]",
    )
    file.write_text(text, encoding="utf-8")
    collection = Project(world).load().collection
    assert collection is not None
    last, after = (Standing(collection, day(f"2022-03-0{n}")).board for n in (1, 2))
    assert [(str(d.date), d.instrument) for d in last.open] == [("2022-03-01", "tide-act")]
    assert (after.open, str(after.passed[0].date)) == ((), "2022-03-01")
    standing = Standing(collection, day("2022-03-01"))
    assert [d.what for d in standing.coming("topics", "moon")] == ["comments close"]
    assert [d.what for d in standing.coming("instruments", "tide-act")] == ["comments close"]
    assert standing.coming("regulators", "toa") == ()


def test_ledger_adds_only_what_is_alike(world: Path) -> None:
    file = world / "entries/2022/2022-02-03-south-harbour-fined.md"
    text = file.read_text(encoding="utf-8").replace(
        "  - {party: South Harbour Ltd, measure: warning}\n",
        "  - {party: B, measure: administrative-fine, amount: 100, currency: CNY}\n"
        "  - {party: C, measure: administrative-fine, amount: 7, currency: USD}\n"
        "  - {party: D, measure: administrative-fine}\n"
        "  - {party: E, measure: damages, amount: 3, currency: CNY}\n"
        "  - {party: F, measure: criminal-fine, amount: 5, currency: CNY}\n",
    )
    file.write_text(text, encoding="utf-8")
    collection = Project(world).load().collection
    assert collection is not None
    found = by_year(rows(collection))
    assert [(t.group, t.measure, t.currency, t.amount, t.count, t.undisclosed) for t in found] == [
        ("2022", Measure.ADMINISTRATIVE_FINE, "CNY", Decimal("12445.5"), 2, 1),
        ("2022", Measure.ADMINISTRATIVE_FINE, "USD", Decimal(7), 1, 1),
        ("2022", Measure.CRIMINAL_FINE, "CNY", Decimal(5), 1, 0),
        ("2022", Measure.DAMAGES, "CNY", Decimal(3), 1, 0),
    ]
    assert {t.group for t in by_regulator(rows(collection))} == {"toa"}


def test_coverage() -> None:
    assert COLLECTION is not None
    states = dict.fromkeys(COLLECTION.instruments, "In force")
    found = coverage(COLLECTION, states, day("2022-03-01"))
    assert (found.entries, found.years) == (5, ((2022, 2), (2021, 3)))
    assert (found.with_official_source, found.compared) == (1, 1)
    assert found.without_chinese_title == ("tide-watch",)
    assert found.by_state == (("In force", 2),)
    missing = [str(month) for month in found.months_without_entry]
    assert missing == [
        *("2021-01", "2021-02", "2021-04", "2021-06", "2021-07", "2021-08"),
        *("2021-09", "2021-10", "2021-11", "2021-12", "2022-01", "2022-03"),
    ]


def test_what_predecessors_did_is_listed(tmp_path: Path) -> None:
    world = Path(shutil.copytree(WORLD, tmp_path / "world"))
    file = world / "entries/2021/2021-harbours-pledge.md"
    text = file.read_text(encoding="utf-8").replace("regulators: []", "regulators: [old-toa]")
    file.write_text(text, encoding="utf-8")
    collection = Project(world).load().collection
    assert collection is not None
    assert [entry.id for entry in with_predecessors("toa", collection)] == [
        "2022-02-03-south-harbour-fined",
        "2021-05-tide-watch-starts",
        "2021-harbours-pledge",
    ]
    assert [e.id for e in with_predecessors("old-toa", collection)] == ["2021-harbours-pledge"]


def test_the_home_page_shows_what_comes_at_home(world: Path) -> None:
    """Up to five days of the site's own jurisdiction, and how many more there are abroad."""
    file = world / "entries/2022/2022-02-01-moon-treaty.md"
    abroad = file.read_text(encoding="utf-8")
    duties = "".join(f"  - {{date: 2022-03-0{n}, what: report {n}}}\n" for n in range(2, 8))
    home = abroad.replace("jurisdiction: INT\n", f"deadlines:\n{duties}")
    (world / "entries/2022/2022-02-01-duties.md").write_text(home, encoding="utf-8")
    elsewhere = "jurisdiction: INT\ndeadlines: [{date: 2022-03-02, what: land}, {date: 2023-01-01, "
    file.write_text(
        abroad.replace("jurisdiction: INT\n", f"{elsewhere}what: leave}}]\n"), encoding="utf-8"
    )
    coming = _coming(world)
    assert re.findall(r"report \d|land|leave", coming) == [f"report {n}" for n in range(2, 7)]
    assert '<span class="count">6</span>' in coming
    assert '<a href="deadlines/">All deadlines, with 2 days abroad</a>' in coming
    (world / "entries/2022/2022-02-01-duties.md").unlink()
    coming = _coming(world)
    assert "<p>Nothing with a recorded day lies ahead, except abroad.</p>" in coming
    file.write_text(abroad, encoding="utf-8")
    coming = _coming(world)
    assert "<p>Nothing with a recorded day lies ahead.</p>" in coming
    assert '<a href="deadlines/">All deadlines</a>' in coming


def _coming(world: Path) -> str:
    """What the home page says of the days ahead."""
    received(world, "2022-03-01")
    page = (world / "build/docs/index.md").read_text(encoding="utf-8")
    return page.partition('<h2 id="coming">')[2].partition("</section>")[0]
