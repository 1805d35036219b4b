"""Key dates: their order, their permanent ids, and when they are open, upcoming or past."""

import datetime
import re
from pathlib import Path

import pytest
from conftest import WORLD_DAY, edit, received
from in_memory import add_entry, snapshot_of
from timeline.analysis.deadlines import key_date_id, overview
from timeline.schema.types import Kind

NAME = "2022-02-20-many-dates"
DAY = datetime.date(2022, 3, 10)
# Deliberately not in the order in which they must be listed.
KEYS = {
    "instruments": f"[{{id: wharf-rules, stage: amended, effective: {DAY}}}, "
    f"{{id: tide-act, stage: amended, effective: {DAY}}}, "
    f"{{id: lamp-rules, stage: consultation, comments_close: {DAY}}}]",
    "deadlines": f"[{{date: {DAY}, what: pay}}, {{date: {DAY}, what: report, who: boats}}, "
    f"{{date: {DAY}, what: appeal}}]",
}
COMMENTS = ["comments close: lamp-rules"]
DUTIES = ["appeal: None", "pay: None", "report: None"]
EFFECTS = ["amendment takes effect: wharf-rules", "amendment takes effect: tide-act"]
PASSED = [*EFFECTS[::-1], *DUTIES[::-1], *COMMENTS]


@pytest.fixture
def dated(world: Path) -> Path:
    """The world with an entry that has key dates of every kind on one day."""
    add_entry(world, NAME, **KEYS)
    return world


@pytest.mark.parametrize(
    ("days", "opened", "ahead", "passed"),
    [
        (-1, COMMENTS, [*DUTIES, *EFFECTS], []),
        (0, COMMENTS, DUTIES, EFFECTS[::-1]),
        (1, [], [], PASSED),
        (90, [], [], PASSED),
        (91, [], [], []),
    ],
)
def test_comments_and_duties_are_upcoming_on_their_last_day(
    dated: Path, days: int, opened: list[str], ahead: list[str], passed: list[str]
) -> None:
    dates = snapshot_of(dated).key_dates
    found = overview(dates, DAY + datetime.timedelta(days=days))
    listed = [
        [f"{due.what}: {due.instrument}" for due in part if due.entry.id == NAME]
        for part in (found.open, found.ahead, found.passed)
    ]
    assert listed == [opened, ahead, passed]


def test_key_dates_are_listed_by_day_kind_and_entry(dated: Path) -> None:
    add_entry(dated, "2022-02-19-earlier", deadlines=f"[{{date: {DAY}, what: wait}}]")
    found = snapshot_of(dated).deadlines
    after = ["2022-04-01 effect 2021-08-20-signal-rules-postponed"]
    duties = ["2022-03-10 duty 2022-02-19-earlier", *3 * [f"2022-03-10 duty {NAME}"]]
    effects = 2 * [f"2022-03-10 effect {NAME}"]
    listed = [f"{due.date} {due.kind} {due.entry.id}" for due in found.ahead]
    assert listed[:7] == [*duties, *effects, *after]
    # Upcoming dates are listed by day and entry, with an entry's open consultations first.
    coming = [f"{due.date} {due.kind} {due.entry.id}" for due in found.coming]
    assert coming[:7] == [duties[0], f"2022-03-10 comments {NAME}", *duties[1:], *effects]


def test_key_dates_are_listed_on_the_pages_that_they_concern(dated: Path) -> None:
    """Instruments omit the dates of others; bodies and topics list all dates of their entries."""
    edit(dated, f"entries/2022/{NAME}.md", "regulators: []", "regulators: [north-toa]")
    snapshot = snapshot_of(dated)
    concerned: dict[Kind, tuple[str, ...]] = {
        "instruments": ("lamp-rules", "tide-act"),
        "regulators": ("north-toa", "moon-council"),
        "topics": ("moon", "lamps"),
    }
    signals = 2 * ["takes effect: signal-rules"]  # of the first entry only
    assert {
        term: [f"{due.what}: {due.instrument}" for due in snapshot.coming(kind, term)]
        for kind, terms in concerned.items()
        for term in terms
    } == {
        "lamp-rules": [*COMMENTS, *DUTIES],
        "tide-act": [*DUTIES, EFFECTS[1]],
        "moon-council": [],
        "north-toa": [*COMMENTS, *DUTIES, *EFFECTS, *signals, "takes effect: buoy-rules-2022"],
        "moon": [
            *(*COMMENTS, *DUTIES, *EFFECTS),
            *("moons are registered: None", "takes effect: moon-act"),
        ],
        "lamps": [*signals, "takes effect: beacon-standard"],
    }


def test_ids_of_similar_dates_contain_their_words(dated: Path) -> None:
    """Ids are permanent, contain the entry's first id, and never the date of the event."""
    path = f"entries/2022/{NAME}.md"
    edit(dated, path, "added:", "aliases: [2022-02-20-former]\nadded:")
    edit(dated, path, "what: appeal}", "what: appeal}, {date: 2022-04-01, what: appeal}")
    old = f"tide-act, stage: amended, effective: {DAY}"
    phases = f"{{date: {DAY}, applies_to: boats}}, {{date: 2022-05-01, applies_to: piers}}"
    edit(dated, path, old, old.replace(str(DAY), f"[{phases}, {{date: 2022-04-01}}]"))
    dates = [due for due in snapshot_of(dated).key_dates if due.entry.id == NAME]
    assert [f"{due.date} {key_date_id(due)}" for due in dates] == [
        "2022-03-10 2022-02-20-former.lamp-rules.comments",
        "2022-03-10 2022-02-20-former.duty.213b2286",
        "2022-03-10 2022-02-20-former.duty.5c3be304",
        "2022-03-10 2022-02-20-former.duty.6321aae2",
        "2022-03-10 2022-02-20-former.wharf-rules.effect",
        "2022-03-10 2022-02-20-former.tide-act.effect.3a973d2f",
        "2022-04-01 2022-02-20-former.duty.213b2286.2",
        "2022-04-01 2022-02-20-former.tide-act.effect",
        "2022-05-01 2022-02-20-former.tide-act.effect.07368603",
    ]


MORE = '\n<p class="more"><a href="deadlines/">'


def coming(world: Path, day: str = WORLD_DAY) -> str:
    """Return the home page's section on upcoming dates."""
    received(world, day)
    page = (world / "build/docs/index.md").read_text(encoding="utf-8")
    return page.partition('<h2 id="coming">')[2].partition("</section>")[0]


def test_home_page_shows_what_is_coming_in_its_own_jurisdiction(world: Path) -> None:
    """The page lists the next five dates, and counts those abroad."""
    add_entry(world, "2022-02-20-abroad", **KEYS, jurisdiction="INT")
    found = coming(world)
    assert re.findall(r'<li id="(.+?)"', found) == [
        "2022-02-15-wharf-second-draft.wharf-rules.comments",
        "2022-01-20-wharf-draft.wharf-rules.comments",
        "2021-08-20-signal-rules-postponed.signal-rules.effect.c9e7f8b4",
        "2021-08-20-signal-rules-postponed.signal-rules.effect",
        "2022-02-25-buoy-rules-revised.buoy-rules-2022.effect",
    ]
    assert found.endswith(f"{MORE}All deadlines and open drafts (8 more abroad)</a></p>\n")


def test_home_page_says_that_nothing_is_coming(world: Path) -> None:
    day, more = "2023-01-01", f"{MORE}All deadlines and open drafts"
    assert coming(world, day).endswith(f"<li>No upcoming dates.</li>\n</ul>{more}</a></p>\n")
    duty = "[{date: 2023-01-02, what: leave}]"
    add_entry(world, "2022-02-20-abroad", jurisdiction="INT", deadlines=duty)
    nothing = "<li>No upcoming dates, except abroad.</li>\n</ul>"
    assert coming(world, day).endswith(f"{nothing}{more} (1 more abroad)</a></p>\n")


def section_of(world: Path, day: str, row: str) -> list[str]:
    """Return the sections of the deadlines page that contain a row on a day."""
    received(world, day)
    page = (world / "build/docs/deadlines.md").read_text(encoding="utf-8")
    parts = re.split(r'<section aria-labelledby="(.+?)">', page)
    return [
        name for name, part in zip(parts[1::2], parts[2::2], strict=True) if f'id="{row}"' in part
    ]


@pytest.mark.parametrize(
    ("closing", "day", "section"),
    [
        ("", "2022-04-21", "open"),
        ("", "2022-04-22", "probably-closed"),
        (", comments_close: 2022-03-21", "2022-03-21", "open"),
        (", comments_close: 2022-03-21", "2022-06-19", "passed"),
        (", comments_close: 2022-03-21", "2022-06-20", "awaiting"),
    ],
)
def test_consultation_moves_through_the_sections_of_the_deadlines_page(
    world: Path, closing: str, day: str, section: str
) -> None:
    step = f"[{{id: lamp-rules, stage: consultation{closing}}}]"
    add_entry(world, "2022-02-20-lamps", instruments=step)
    row = "2022-02-20-lamps.lamp-rules.comments"
    assert section_of(world, day, row) == [section]
    issued = "[{id: lamp-rules, stage: issued, effective: 2022-03-01}]"
    add_entry(world, "2022-02-28-lamps-issued", instruments=issued)
    assert "awaiting" not in section_of(world, day, row)


def undated(world: Path, day: str) -> list[str]:
    found = snapshot_of(world, day)
    return [
        f"{one.id}{' probably closed' if one.is_probably_closed(found.as_of) else ''}"
        for one in found.undated_consultations
        if one.entry.date.year == 2022 and one.entry.date.month == 2
    ]


def test_consultation_without_a_closing_date_is_listed_until_something_follows(world: Path) -> None:
    """The newest is first; a consultation has probably closed after sixty days."""
    draft = "[{id: lamp-rules, stage: consultation}]"
    add_entry(world, "2022-02-20-lamps", instruments=draft)
    add_entry(world, "2022-02-21-gulls", instruments="[{id: gull-notice, stage: consultation}]")
    gulls, lamps = "2022-02-21-gulls.gull-notice.comments", "2022-02-20-lamps.lamp-rules.comments"
    assert undated(world, "2022-02-20") == [lamps]
    assert undated(world, "2022-04-21") == [gulls, lamps]
    assert undated(world, "2022-04-22") == [gulls, f"{lamps} probably closed"]
    issued = "[{id: lamp-rules, stage: issued, effective: 2022-05-01}]"
    add_entry(world, "2022-04-22-lamps-issued", instruments=issued)
    assert undated(world, "2022-04-22") == [gulls]


def test_row_of_an_undated_consultation_keeps_its_anchor_when_the_date_is_found(
    world: Path,
) -> None:
    step = "[{id: lamp-rules, stage: consultation%s}]"
    add_entry(world, "2022-02-20-lamps", instruments=step % "")
    (before,) = undated(world, "2022-02-20")
    add_entry(world, "2022-02-20-lamps", instruments=step % ", comments_close: 2022-03-21")
    dates = snapshot_of(world).deadlines.open
    assert before in {key_date_id(due) for due in dates}
