"""Permalinks: previous ids, withdrawals, and the check that no published id is lost."""

import csv
import html
import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import check
import markdown
import pytest
from bad_files import TEXT
from checking import run
from conftest import WORLD_DAY, edit, received

ACT = "2021-03-01-tide-act-passed"
WATCH = "2021-05-tide-watch-starts"
TREATY = "2022-02-01-moon-treaty"
TWICE = "2022-02-02-duplicate"  # withdrawn on 5 February
FINED = "2022-02-03-south-harbour-fined"
JUDGMENT = "2022-02-17-shore-court-judgment"  # related to the fine
MOVED = "2022-02-03-harbour-pays"
BASE = "https://world.example/"
WITHDRAWN = "\nwithdrawn: {date: 2022-02-20, reason: An error.}\nadded:"


def path_of(entry: str) -> str:
    return f"entries/{entry[:4]}/{entry}.md"


def rename(world: Path, before: str, after: str) -> None:
    """Give an entry another id, as a contributor does, with the previous id as an alias."""
    (world / path_of(before)).rename(world / path_of(after))
    edit(world, path_of(after), "\nadded:", f"\naliases: [{before}]\nadded:")
    for file in (world / "entries").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        related = f"related: [{before}]"
        file.write_text(text.replace(related, f"related: [{after}]"), encoding="utf-8")


def page(world: Path, path: str) -> str:
    """Return the Markdown that was built of a page for MkDocs."""
    return (world / "build/docs" / f"{path}.md").read_text(encoding="utf-8")


def rows(content: bytes) -> dict[str, dict[str, str]]:
    """Return the rows of a CSV file: id -> row."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return {row["id"]: row for row in csv.DictReader(text)}


# Published pages and data


@pytest.mark.parametrize(
    ("day", "known"),
    [
        ("2022-01-31", []),
        ("2022-02-01", [TREATY]),
        ("2022-02-02", [TREATY, TWICE]),
        ("2022-02-04", [TREATY, TWICE, FINED]),
        ("2022-02-05", [TREATY, FINED]),
    ],
)
def test_related_entries_are_those_known_and_not_withdrawn_on_the_day(
    world: Path, day: str, known: list[str]
) -> None:
    """This applies to the page, its Markdown version and all data files."""
    edit(world, path_of(ACT), "\nadded:", f"\nrelated: [{TREATY}, {TWICE}, {FINED}]\nadded:")
    files = received(world, day)
    assert json.loads(files[f"api/v1/entries/{ACT}.json"])["related"] == known
    for name in ("entries", "years/2021"):
        entries = json.loads(files[f"api/v1/{name}.json"])["entries"]
        assert [entry["related"] for entry in entries if entry["id"] == ACT] == [known]
    assert rows(files["data/entries.csv"])[ACT]["related"] == "; ".join(known)
    shown = page(world, f"entries/{ACT}").partition('<dt id="related">')[2].partition("</dl>")[0]
    assert re.findall(r'href="../../entries/([^/"]+)/"', shown) == known
    twin = files[f"entries/{ACT}/index.md"].decode().partition("## Related\n")[2]
    assert re.findall(r"/entries/([^/)]+)/\)", twin) == known


def test_withdrawn_entry_is_removed_from_its_instrument(world: Path) -> None:
    """This applies to the page, its Markdown version and the data; feeds are tested separately."""
    step = "\ninstruments: [{id: tide-act, stage: amended, effective: 2022-02-03}]\nadded:"
    edit(world, path_of(TWICE), "\nadded:", step)
    counts = []
    for day, is_there in (("2022-02-04", True), ("2022-02-05", False)):
        files = received(world, day)
        instruments = json.loads(files["api/v1/instruments.json"])["instruments"]
        [record] = [one for one in instruments if one["id"] == "tide-act"]
        counts.append(record["entry_count"])
        due = json.loads(files["api/v1/deadlines.json"])["deadlines"]
        assert (record["validity"]["amended"] == "2022-02-03") is is_there
        assert any(one["entry"] == TWICE for one in due) is is_there
        assert (TWICE in page(world, "instruments/tide-act")) is is_there
        assert (TWICE in files["instruments/tide-act/index.md"].decode()) is is_there
    assert counts == [6, 5]


def test_renamed_entry_is_available_under_its_previous_id(world: Path) -> None:
    before = received(world)
    rename(world, FINED, MOVED)
    after = received(world)
    assert after.keys() - before.keys() == {
        f"api/v1/entries/{MOVED}.json",
        f"entries/{MOVED}/index.md",
        f"entries/{FINED}/index.html",
    }
    assert before.keys() - after.keys() == set()
    was = json.loads(before[f"api/v1/entries/{FINED}.json"])
    new = json.loads(after[f"api/v1/entries/{MOVED}.json"])
    assert new == was | {"id": MOVED, "url": f"{BASE}entries/{MOVED}/", "aliases": [FINED]}
    assert json.loads(after[f"api/v1/entries/{FINED}.json"]) == new | {"moved_from": FINED}
    twin = before[f"entries/{FINED}/index.md"].decode().replace(FINED, MOVED)
    data = f"- Data: <{BASE}api/v1/entries/{MOVED}.json>\n"
    moved = twin.replace(data, f"{data}- Moved from: {FINED}\n")
    assert after[f"entries/{FINED}/index.md"].decode() == moved
    # Lists have the new id in place of the previous one.
    for path in ("data/entries.csv", "data/penalties.csv", "data/steps.csv"):
        listed = [line.split(b",")[0].decode() for line in before[path].splitlines()]
        assert [line.split(b",")[0].decode() for line in after[path].splitlines()] == [
            MOVED if name == FINED else name for name in listed
        ]


def test_title_is_escaped_in_html_and_markdown(world: Path) -> None:
    rename(world, FINED, MOVED)
    hostile = '"><img src=x onerror=alert(1)> [x](javascript:alert(1)) `*_# &lt;b&gt; R&D'
    title = "title: South Harbour fined over tables"
    edit(world, path_of(MOVED), title, f"title: {json.dumps(hostile)}")
    files = received(world)
    redirect = files[f"entries/{FINED}/index.html"].decode()
    assert (
        f'<a href="../{MOVED}/">{html.escape(hostile).replace("&quot;", "&#34;")}</a>' in redirect
    )
    assert "<img" not in redirect
    twin = files[f"entries/{MOVED}/index.md"].decode()
    heading = markdown.markdown(twin).splitlines()[0]  # as read by another program
    assert heading == f"<h1>{html.escape(hostile, quote=False)}</h1>"
    assert json.loads(files[f"api/v1/entries/{MOVED}.json"])["title"] == hostile


def test_withdrawn_entry_keeps_only_its_own_address(world: Path) -> None:
    before = received(world)
    edit(world, path_of(FINED), "\nadded:", WITHDRAWN)
    after = received(world)
    assert after.keys() == before.keys()  # every address still exists
    gone = {
        "id": FINED,
        "url": f"{BASE}entries/{FINED}/",
        "title": "South Harbour fined over tables",
        "withdrawn": {"date": "2022-02-20", "reason": "An error."},
    }
    assert json.loads(after[f"api/v1/entries/{FINED}.json"]) == gone
    lists = json.loads(after["api/v1/entries.json"])
    assert [one["id"] for one in lists["withdrawn"]] == [TWICE, FINED]
    assert gone in lists["withdrawn"]
    assert FINED not in json.dumps(lists["entries"])
    # Feeds report the withdrawal, and the contribution form still treats the id as taken.
    naming = {path for path, content in after.items() if FINED.encode() in content}
    assert {path for path in naming if not path.endswith(("feed.atom", "feed.json"))} == {
        f"api/v1/entries/{FINED}.json",
        "api/v1/entries.json",
        "contribute/years/2022.json",
        "data/withdrawn.csv",
        f"entries/{FINED}/index.md",
    }
    assert after[f"entries/{FINED}/index.md"].decode() == (
        "# South Harbour fined over tables\n\n"
        "Withdrawn on 20 February 2022: An error.\n\n"
        f"- Permalink: <{BASE}entries/{FINED}/>\n"
    )


def test_later_withdrawal_is_not_yet_known(world: Path) -> None:
    before = received(world, WORLD_DAY)
    later = "\nwithdrawn: {date: 2022-03-02, reason: An error.}\nadded:"
    edit(world, path_of(FINED), "\nadded:", later)
    assert received(world, WORLD_DAY) == before


def test_anchors_of_a_history_name_stage_and_entry(world: Path) -> None:
    """Anchors use the entry's first id, so that renaming it or adding older stages changes none."""
    rename(world, FINED, MOVED)
    received(world)
    text = page(world, "instruments/tide-watch")
    found = re.findall(r'<li[^>]* id="([a-z]+-[^"]+)"', text)
    assert found == [f"batch-2-{FINED}", "launched-2021-05-01-tide-watch"]


# The check against the target branch of a pull request


def git(folder: Path, *arguments: str) -> None:
    names = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@a.example"}
    names |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@a.example"}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    environment = os.environ | names | quiet
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Change")


def publish(folder: Path) -> None:
    """Commit all changes, and move `main` to that commit."""
    commit(folder)
    git(folder, "branch", "--force", "main", "HEAD")


@pytest.fixture
def published(world: Path) -> Path:
    """The invented world as a repository whose branch `main` is published."""
    git(world, "init", "--quiet", "--initial-branch=proposal")
    publish(world)
    return world


@pytest.fixture(autouse=True)
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["check.py"])
    monkeypatch.setenv("LC_ALL", "C")  # messages include git's own


Compare = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def compare(published: Path, capsys: pytest.CaptureFixture[str]) -> Compare:
    """A function that checks against `main` and returns the exit status and the lines."""

    def compare(*paths: str) -> tuple[int, list[str]]:
        return run(published, capsys, "--against=main", *paths)

    return compare


GONE = (
    f"{path_of(FINED)}:1: the published entry '{FINED}' is missing; restore the file and give the "
    "reason in 'withdrawn', or list this id under 'aliases' in the renamed file"
)


def test_harmless_changes_are_accepted(published: Path, compare: Compare) -> None:
    assert compare() == (0, [])
    rename(published, FINED, MOVED)
    edit(published, path_of(JUDGMENT), "\nadded:", WITHDRAWN)
    (published / "docs/about.md").unlink()  # not a vocabulary page
    (published / "docs/topics/index.md").write_text("---\ntitle: T\ndescription: D\n---\nX.\n")
    publish(published)
    (published / "docs/topics/index.md").unlink()
    assert compare() == (0, [])


def test_entry_deleted_or_renamed_without_alias_is_an_error(
    published: Path, compare: Compare
) -> None:
    rename(published, FINED, MOVED)
    edit(published, path_of(MOVED), f"aliases: [{FINED}]\n", "")
    assert compare() == (1, [GONE])
    edit(published, path_of(JUDGMENT), f"related: [{MOVED}]\n", "")
    (published / path_of(MOVED)).unlink()
    assert compare() == (1, [GONE])
    (published / path_of(FINED)).mkdir()  # a folder does not count as the entry
    assert compare() == (1, [GONE])
    assert compare(str(published / "docs")) == (0, [])
    # A clone without history is compared with the branch itself.
    git(published, "checkout", "--quiet", "--orphan", "alone")
    commit(published)
    assert compare() == (1, [GONE])


def test_entry_renamed_twice_must_keep_both_previous_ids(published: Path, compare: Compare) -> None:
    rename(published, FINED, MOVED)
    publish(published)
    rename(published, MOVED, f"{MOVED}-at-last")
    path = path_of(f"{MOVED}-at-last")
    edit(published, path, f"aliases: [{FINED}]\n", "")
    broken = f"alias '{FINED}' was removed; its old links would break, so keep it in 'aliases'"
    assert compare() == (1, [f"{path_of(MOVED)}:1: {broken}"])
    edit(published, path, f"aliases: [{MOVED}]", f"aliases: [{FINED}, {MOVED}]")
    assert compare() == (0, [])


def test_first_id_must_remain_the_first(published: Path, compare: Compare) -> None:
    """Feed readers recognise a renamed entry by its first id."""
    path, first = path_of(WATCH), "2021-05-01-tide-watch"
    edit(published, path, f"[{first}]", f"[2021-05-watch, {first}]")
    message = (
        f"feeds, calendars and anchors identify this entry as '{first}', but the first of its "
        f"'aliases' is now '2021-05-watch'; put '{first}' first"
    )
    assert compare() == (1, [f"{path}:1: {message}"])
    edit(published, path, f"[2021-05-watch, {first}]", f"[{first}, 2021-05-watch]")
    assert compare() == (0, [])


def test_id_of_another_entry_cannot_be_an_alias(published: Path, compare: Compare) -> None:
    (published / path_of(FINED)).unlink()
    edit(published, path_of(JUDGMENT), f"related: [{FINED}]\n", "")
    edit(published, path_of(TREATY), "\nadded:", f"\naliases: [{FINED}]\nadded:")
    message = (
        f"feeds, calendars and anchors identify this entry as '{TREATY}', but the first of its "
        f"'aliases' is now '{FINED}'; list only an entry's own previous ids; a duplicate entry "
        "keeps its file and is marked with 'withdrawn'"
    )
    assert compare() == (1, [f"{path_of(TREATY)}:1: {message}"])


def test_removed_alias_is_an_error(published: Path, compare: Compare) -> None:
    edit(published, path_of(WATCH), "aliases: [2021-05-01-tide-watch]\n", "")
    message = (
        "alias '2021-05-01-tide-watch' was removed; its old links would break, so keep it in "
        "'aliases'"
    )
    assert compare() == (1, [f"{path_of(WATCH)}:1: {message}"])


@pytest.mark.parametrize("kind", ["instruments", "newsletters", "regulators", "topics"])
def test_removed_page_is_an_error(published: Path, compare: Compare, kind: str) -> None:
    path = f"docs/{kind}/x.md"
    (published / path).write_text("---\nname: X\n---\nX.\n", encoding="utf-8")
    publish(published)
    (published / path).unlink()
    message = "the published page is missing; restore it, since links lead to it"
    assert compare() == (1, [f"{path}:1: {message}"])


def test_unreadable_published_file_is_ignored(published: Path, compare: Compare) -> None:
    path = path_of("2022-02-04-x")
    (published / path).write_text("aliases: [a\n", encoding="utf-8")
    publish(published)
    text = (published / path_of(TREATY)).read_text(encoding="utf-8")
    text = text.replace("2022-02-01", "2022-02-04").replace("regulators: []", "regulators: [toa]")
    (published / path).write_text(text, encoding="utf-8")
    assert compare() == (0, [])


def test_entries_added_to_the_base_branch_since_are_not_reported(
    published: Path, compare: Compare
) -> None:
    git(published, "checkout", "--quiet", "main")
    new = published / path_of(MOVED)
    new.write_bytes((published / path_of(FINED)).read_bytes())
    commit(published)
    git(published, "checkout", "--quiet", "proposal")
    assert not new.exists()
    assert compare() == (0, [])


@pytest.mark.parametrize("base", ["origin/main", "--output=x", ""])
def test_missing_base_branch_is_reported(
    published: Path, capsys: pytest.CaptureFixture[str], base: str
) -> None:
    assert check.main([f"--against={base}"], published) == 1
    assert capsys.readouterr().err == (
        f"check.py: there is no '{base}' to compare with (git: fatal: Needed a single revision); "
        "fetch it, or name another branch\n"
    )


def test_missing_repository_is_reported(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(world.parent))
    advice = "fetch it, or name another branch\n"
    assert check.main(["--against", "main"], world) == 1
    assert capsys.readouterr().err == (
        "check.py: there is no 'main' to compare with (git: fatal: not a git repository (or any of "
        f"the parent directories): .git); {advice}"
    )
    monkeypatch.setenv("PATH", "")
    assert check.main(["--against", "main"], world) == 1
    assert capsys.readouterr().err == (
        "check.py: there is no 'main' to compare with (git: git is not installed); " + advice
    )


# Changes of published dates

DUE = """instruments:
  - {id: wharf-rules, stage: consultation, comments_close: 2022-03-20}
  - {id: lamp-rules, stage: issued, effective: 2022-05-20}
deadlines: [{date: 2022-06-30, what: report}]
"""
CHANGED = "\nchanges: [{date: 2022-03-01, note: Corrected.}]\nadded:"


def moved(path: str, line: int, key: str, before: str, now: str) -> str:
    return (
        f"{path}:{line}: the published date '{before}' of '{key}' {now} without a note; record "
        "this in 'changes', so that subscribed calendars are updated"
    )


@pytest.fixture
def due(published: Path) -> Path:
    """A published world with dates of every kind."""
    edit(published, path_of(TREATY), "jurisdiction: INT\n", DUE)
    publish(published)
    return published


def test_date_changed_without_a_note_is_an_error(due: Path, compare: Compare) -> None:
    treaty, act = path_of(TREATY), path_of(ACT)
    for old, new in (("03-20", "03-21"), ("05-20", "05-21"), ("06-30", "07-01")):
        edit(due, treaty, f"2022-{old}", f"2022-{new}")
    edit(due, act, "2022-01-01", "2022-01-02")
    in_act = moved(act, 25, "effective", "2022-01-01", "changed to '2022-01-02'")
    assert compare() == (
        1,
        [
            in_act,
            moved(treaty, 9, "comments_close", "2022-03-20", "changed to '2022-03-21'"),
            moved(treaty, 10, "effective", "2022-05-20", "changed to '2022-05-21'"),
            moved(treaty, 11, "deadlines", "2022-06-30", "changed to '2022-07-01'"),
        ],
    )
    assert compare(str(due / act)) == (1, [in_act])
    # A note makes the change valid, even if the entry is also renamed.
    edit(due, treaty, "\nadded:", CHANGED)
    edit(due, act, "\nadded:", CHANGED)
    rename(due, TREATY, "2022-02-01-treaty")
    assert compare() == (0, [])
    # A further correction needs a further note.
    publish(due)
    edit(due, act, "2022-01-02", "2022-01-03")
    in_act = moved(act, 25, "effective", "2022-01-02", "changed to '2022-01-03'")
    assert compare() == (1, [in_act])
    edit(due, act, "Corrected.}]", "Corrected.}, {date: 2022-03-01, note: Again.}]")
    assert compare() == (0, [])


def test_date_removed_without_a_note_is_an_error(due: Path, compare: Compare) -> None:
    edit(due, path_of(TREATY), "deadlines: [{date: 2022-06-30, what: report}]\n", "")
    edit(due, path_of(ACT), "      - {date: 2021-06-01, applies_to: harbours}\n", "")
    assert compare() == (
        1,
        [
            moved(path_of(ACT), 2, "effective", "2021-06-01", "was removed"),
            moved(path_of(TREATY), 2, "deadlines", "2022-06-30", "was removed"),
        ],
    )


def test_words_in_the_id_of_an_event_changed_without_a_note_are_an_error(
    due: Path, compare: Compare
) -> None:
    treaty, act = path_of(TREATY), path_of(ACT)
    edit(due, treaty, "what: report}", "what: report}, {date: 2022-07-31, what: pay, who: ships}")
    publish(due)
    edit(due, act, "applies_to: everyone else}", "applies_to: the rest}")
    edit(due, treaty, "what: report}", "what: reports are due}")
    edit(due, treaty, "who: ships", "who: all ships")

    def reworded(path: str, line: int, key: str, date: str, words: str) -> str:
        return (
            f"{path}:{line}: the calendar event of the published date '{date}' of '{key}' is named "
            f"after its words, and they changed; keep '{words}', or record the change in 'changes'"
        )

    assert compare() == (
        1,
        [
            reworded(act, 25, "effective", "2022-01-01", "everyone else"),
            reworded(treaty, 11, "deadlines", "2022-06-30", "report"),
            reworded(treaty, 11, "deadlines", "2022-07-31", "pay, ships"),
        ],
    )
    edit(due, treaty, "\nadded:", CHANGED)
    edit(due, act, "\nadded:", CHANGED)
    assert compare() == (0, [])


def test_date_added_to_the_only_one_without_a_note_is_an_error(due: Path, compare: Compare) -> None:
    """The event of a date without words keeps its name."""
    treaty = path_of(TREATY)
    edit(due, treaty, "what: report}", "what: report}, {date: 2022-07-31, what: pay}")
    edit(due, treaty, "2022-05-20", "[{date: 2022-05-20}, {date: 2022-06-20, applies_to: ships}]")
    message = (
        f"{treaty}:11: the calendar event of the published date '2022-06-30' of 'deadlines' gets "
        "another name by the date added to it; record the addition in 'changes', or in an entry of "
        "its own"
    )
    assert compare() == (1, [message])
    edit(due, treaty, "\nadded:", CHANGED)
    assert compare() == (0, [])


@pytest.mark.parametrize(
    ("entry", "old", "new"),
    [
        (ACT, "harbours}", "harbours}\n      - {date: 2024-01-01, applies_to: ships}"),
        (TREATY, "what: report", "what: report once more"),
        (TREATY, "deadlines:", "  - {id: tide-act, stage: amended}\ndeadlines:"),
        (TREATY, "effective: 2022-05-20", "effective: [{date: 2022-05-20}]"),
    ],
)
def test_change_without_effect_on_events_needs_no_note(
    due: Path, compare: Compare, entry: str, old: str, new: str
) -> None:
    """A further date, other words, another notation of the same date, or a withdrawal."""
    edit(due, path_of(entry), old, new)
    assert compare() == (0, [])
    edit(due, path_of(TREATY), "2022-06-30", "2022-07-30")
    edit(due, path_of(TREATY), "\nadded:", WITHDRAWN)
    assert compare() == (0, [])


def test_postponement_by_a_new_entry_needs_no_note(due: Path, compare: Compare) -> None:
    """A new entry does not change the published date of the earlier entry."""
    text = (due / path_of(TREATY)).read_text(encoding="utf-8")
    text = text.partition("instruments:")[0].replace("2022-02-01", "2022-02-28")
    postponed = "[{date: 2022-08-01, instead_of: 2022-05-20}]"
    text += f"instruments: [{{id: lamp-rules, stage: amended, effective: {postponed}}}]\n"
    text += f"added: 2022-03-01\n---\n{TEXT}\n"
    (due / path_of("2022-02-28-x")).write_text(text, encoding="utf-8")
    assert compare() == (0, [])
