"""Events of an instrument, and those shown on an earlier entry as later changes."""

import re
from pathlib import Path

import pytest
from in_memory import add_entry, entry, snapshot, snapshot_of
from timeline.analysis.since import Event, adopted_since
from timeline.analysis.snapshot import Snapshot
from timeline.schema.entry import Entry
from timeline.site.entries import OFTEN_NAMED, topic_law
from timeline.site.page import names
from timeline.site.pages import pages
from timeline.site.render import Renderer


def described(event: Event) -> str:
    by = f" by {event.by}" if event.by else ""
    by += f" ({event.extent})" if event.extent else ""
    effects = "".join(f" {day}" for day in event.effects)
    return f"{event.date} {event.label}{by}{f', effective{effects}' if effects else ''}"


def since(found: Snapshot, name: str) -> dict[str, list[str]]:
    shown = next(one for one in found.collection.entries if one.id == name)
    return {
        law: [described(event) for event in events] for law, events in found.since(shown).items()
    }


def step(name: str, law: str, stage: str, **keys: object) -> Entry:
    return entry(name, instruments=[{"id": law, "stage": stage} | keys])


def test_history_includes_changes_by_other_instruments() -> None:
    """The adoption of a successor is a replacement; its draft is not an event."""
    found = snapshot()
    assert [described(event) for event in found.events("old-tide-law")] == [
        "2018-03-01 Passed, effective 2018-06-01",
        "2021-03-01 Replaced by tide-act, effective 2021-06-01 2022-01-01",
    ]
    assert [described(event) for event in found.events("signal-rules")] == [
        "2021-07-05 Issued, effective 2021-09-01 2022-03-01 2022-04-01 2022-04-15",
        "2021-08-20 Effective date changed, effective 2022-04-01 2022-04-15",
        "2022-01-05 Amended by signal-amendment, effective 2022-02-01",
    ]


def test_entry_shows_only_later_events() -> None:
    """Later by date, then by id; events after the date of the site are not known."""
    made = [
        step("2021-03-02-b", "tide-act", "amended", effective="2021-05-01"),
        step("2021-03-02-a", "tide-act", "passed"),
        step("2021-04-02-later", "tide-act", "amended"),
    ]
    found = snapshot(made, "2021-04-01")
    assert since(found, "2021-03-02-a") == {
        "tide-act": ["2021-03-02 Amended, effective 2021-05-01"]
    }
    assert since(found, "2021-03-02-b") == {"tide-act": []}


def test_entry_that_applies_a_law_shows_only_changes_of_it() -> None:
    """Consultations, the issue and interpretations are omitted."""
    fine = entry("2020-01-01-fine", instruments=[{"id": "tide-act"}])
    made = [
        fine,
        step("2020-02-01-draft", "tide-act", "consultation"),
        step("2021-03-01-passed", "tide-act", "passed", effective="2021-06-01"),
        step("2021-09-01-amended", "tide-act", "amended", effective="2021-10-01"),
        step("2022-02-01-gulls", "gull-notice", "issued"),
    ]
    assert since(snapshot(made), "2020-01-01-fine") == {
        "tide-act": ["2021-09-01 Amended, effective 2021-10-01"]
    }
    of_stage = since(snapshot(made), "2020-02-01-draft")["tide-act"]
    assert [line.split(",")[0] for line in of_stage] == [
        "2021-03-01 Passed",
        "2021-09-01 Amended",
        "2022-02-01 Interpreted by gull-notice",
    ]


@pytest.mark.parametrize(
    ("relation", "stage", "event"),
    [
        ("displaces", "issued", "2021-08-01 Displaced in part by x (nets), effective 2021-09-01"),
        ("replaces", "issued", "2021-08-01 Replaced by x, effective 2021-09-01"),
        ("amends", "issued", "2021-08-01 Amended by x, effective 2021-09-01"),
        ("displaces", "consultation", None),
        ("overtakes", "consultation", None),
        ("overtakes", "issued", "2021-08-01 Overtaken by x, effective 2021-09-01"),
    ],
)
def test_change_by_another_instrument_dates_from_its_adoption(
    world: Path, relation: str, stage: str, event: str | None
) -> None:
    extent = ", extent: nets" if relation == "displaces" else ""
    named = f"[{{id: oyster-rules{extent}}}]"
    page = f"---\nname: X\nrank: departmental-rule\n{relation}: {named}\n---\nIt is.\n"
    (world / "docs/instruments/x.md").write_text(page, encoding="utf-8")
    effective = ", effective: 2021-09-01" if stage == "issued" else ""
    add_entry(world, "2021-08-01-x", instruments=f"[{{id: x, stage: {stage}{effective}}}]")
    found = [described(event) for event in snapshot_of(world).events("oyster-rules")]
    assert [line for line in found if line.startswith("2021-08-01")] == ([event] if event else [])


def test_draft_is_overtaken_by_the_next_draft(world: Path) -> None:
    page = "---\nname: X\nrank: departmental-rule\novertakes: [{id: wharf-rules}]\n---\nIt is.\n"
    (world / "docs/instruments/x.md").write_text(page, encoding="utf-8")
    add_entry(world, "2022-02-10-x", instruments="[{id: x, stage: consultation}]")
    add_entry(world, "2022-02-20-x", instruments="[{id: x, stage: consultation}]")
    found = [described(event) for event in snapshot_of(world).events("wharf-rules") if event.by]
    assert found == ["2022-02-20 Overtaken by x"]


def test_amendment_reported_twice_is_shown_once_with_its_source(world: Path) -> None:
    found = snapshot_of(world)
    (amended,) = [event for event in found.events("signal-rules") if event.by]
    assert [e.by for e in found.events("signal-rules") if e.entry is amended.entry] == [amended.by]


def test_only_the_latest_batch_of_a_campaign_is_shown() -> None:
    batches = [step(f"2021-0{n}-01-batch", "tide-watch", "batch") for n in range(2, 6)]
    made = [step("2021-01-01-launch", "tide-watch", "launched"), *batches]
    assert since(snapshot(made), "2021-01-01-launch") == {"tide-watch": ["2021-05-01 Batch"]}


def test_only_the_latest_interpretation_by_an_instrument_is_shown() -> None:
    answers = [step(f"2022-0{n}-01-gulls", "gull-notice", "issued") for n in range(2, 5)]
    made = [step("2020-02-01-draft", "tide-act", "consultation"), *answers]
    expected = ["2022-04-01 Interpreted by gull-notice"]
    assert since(snapshot(made, "2022-05-01"), "2020-02-01-draft") == {"tide-act": expected}


@pytest.mark.parametrize(
    ("stage", "later", "expected"),
    [
        ("consultation", "issued", ["kelp-rules"]),
        ("consultation", "consultation", []),
        ("consultation", "abandoned", []),
        ("issued", "amended", []),
    ],
)
def test_entry_about_a_draft_shows_that_the_text_was_adopted(
    stage: str, later: str, expected: list[str]
) -> None:
    draft = step("2021-01-15-draft", "kelp-rules", stage)
    found = snapshot([draft, step("2021-05-01-later", "kelp-rules", later)])
    assert list(adopted_since(draft, found.since(draft))) == expected


def test_list_with_texts_shows_later_changes_of_the_law() -> None:
    """Interpretations do not count as changes, and entries that only apply a law show none."""
    made = [
        step("2021-03-01-passed", "tide-act", "passed", effective="2021-06-01"),
        entry("2021-04-01-fine", instruments=[{"id": "tide-act"}]),
        step("2021-07-01-amended", "tide-act", "amended", effective="2021-08-01"),
        step("2022-02-01-gulls", "gull-notice", "issued"),
    ]
    found = snapshot(made)
    entries = found.collection.entries
    changed = {one.id: [law.id for law, _ in found.law_today(one)] for one in entries}
    assert {name: laws for name, laws in changed.items() if laws} == {
        "2021-03-01-passed": ["tide-act"]
    }
    (month,) = [page for page in pages(found) if page.url == "timeline/2021/03/"]
    status = 'In force</span> since <time datetime="2021-06-01">1 June 2021</time>, as amended'
    (rendered,) = Renderer(None).render([month], names(found.collection)).values()
    assert re.search(f'>TA</a>: <span class="[^"]+">{status}', rendered.decode())


def test_withdrawn_entry_shows_no_later_events() -> None:
    found = snapshot()
    assert since(found, "2022-02-02-duplicate") == {}


def listed(found: Snapshot, topic: str) -> list[list[str]]:
    """Return the applicable and pending instruments of a topic, each with its status."""
    law = topic_law(topic, found)
    parts = (law.applies, law.pending)
    return [[f"{row.instrument.id}: {row.state}" for row in rows] for rows in parts]


def test_topic_lists_applicable_and_pending_instruments() -> None:
    """They are listed by rank, without superseded, repealed and abandoned instruments."""
    assert listed(snapshot(), "tides") == [
        ["tide-act: In force", "buoy-rules: In force"],
        [
            "wharf-rules: Draft: not law",
            "buoy-rules: In force",  # to be superseded
            "buoy-rules-2022: Not yet in force",
        ],
    ]


def test_instrument_named_by_most_entries_of_a_topic_is_first_of_its_rank() -> None:
    rules = ("kelp-rules", "oyster-rules")
    made = [step(f"2021-01-01-{law}", law, "issued", effective="2021-02-01") for law in rules]
    assert listed(snapshot(made), "tides")[0] == [f"{law}: In force" for law in rules]
    made.append(entry("2021-04-01-fine", instruments=[{"id": "oyster-rules"}]))
    assert listed(snapshot(made), "tides")[0] == [f"{law}: In force" for law in reversed(rules)]


def test_law_named_by_many_entries_of_a_topic_belongs_to_the_topic() -> None:
    """It does not if they are fewer than a tenth of the topic's entries."""
    fines = [
        entry(f"2021-04-{n:02}-fine", topics=["lamps"], instruments=[{"id": "tide-act"}])
        for n in range(1, OFTEN_NAMED + 1)
    ]
    act = step("2021-03-01-passed", "tide-act", "passed", effective="2021-06-01")
    for others, expected in ((0, True), (9 * OFTEN_NAMED, True), (9 * OFTEN_NAMED + 1, False)):
        made = [entry(f"2021-05-01-{n}", topics=["lamps"]) for n in range(others)]
        law = listed(snapshot([act, *fines, *made]), "lamps")[0]
        assert law == (["tide-act: In force"] if expected else [])


def test_instrument_belongs_to_the_topics_of_half_of_its_stages() -> None:
    """Entries that only apply the instrument do not count."""
    made = [
        step("2021-01-01-issued", "kelp-rules", "issued", effective="2021-02-01"),
        entry(
            "2021-03-01-amended",
            topics=["moon"],
            instruments=[{"id": "kelp-rules", "stage": "amended"}],
        ),
        entry("2021-04-01-fine", topics=["lamps"], instruments=[{"id": "kelp-rules"}]),
    ]
    for topic, expected in (("tides", True), ("moon", True), ("lamps", False)):
        assert bool(listed(snapshot(made), topic)[0]) is expected
    made.append(step("2021-05-01-amended", "kelp-rules", "amended"))
    assert listed(snapshot(made), "moon") == [[], []]


def test_superseded_instrument_links_to_its_latest_successor(world: Path) -> None:
    page = "---\nname: X\nrank: law\nreplaces: [{id: tide-act}]\n---\nIt is.\n"
    (world / "docs/instruments/x.md").write_text(page, encoding="utf-8")
    add_entry(world, "2022-02-01-x", instruments="[{id: x, stage: passed, effective: 2022-02-10}]")
    found = snapshot_of(world)
    assert found.latest_successors(found.statuses) == {"old-tide-law": "x"}
    assert found.latest_successors(["tide-act", "x"]) == {}
