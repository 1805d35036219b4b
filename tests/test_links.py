"""Links for ever: former ids, withdrawals, and the check that no published id is lost."""

import html
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import check
import extruct
import markdown
import pytest
from conftest import ROOT, copy_checkout, mkdocs, received, serve
from playwright.sync_api import Browser
from test_data import change, files_of, rows_of

UNUSED = "docs/regulators/old-toa.md:2: warning: nothing uses this page\n"
ACT = "2021-03-01-tide-act-passed"
TREATY = "2022-02-01-moon-treaty"
TWICE = "2022-02-02-duplicate"  # withdrawn on the fifth
FINED = "2022-02-03-south-harbour-fined"
MOVED = "2022-02-03-harbour-pays"
BASE = "https://world.example/"


def path_of(entry: str) -> str:
    return f"entries/{entry[:4]}/{entry}.md"


def rename(world: Path, before: str, after: str) -> None:
    """Move an entry to another id, as a contributor does: the former one becomes an alias."""
    (world / path_of(before)).rename(world / path_of(after))
    change(world / path_of(after), "\nadded:", f"\naliases: [{before}]\nadded:")


# What readers and programs receive


@pytest.mark.parametrize(
    ("day", "known"),
    [
        ("2021-12-31", []),
        ("2022-02-02", [TREATY, TWICE]),
        ("2022-02-04", [TREATY, TWICE, FINED]),
        ("2022-02-05", [TREATY, FINED]),
    ],
)
def test_only_what_counts_on_the_day_is_related(world: Path, day: str, known: list[str]) -> None:
    """On the page, in its twin and in every file of the data: neither later nor withdrawn."""
    change(world / path_of(ACT), "\nadded:", f"\nrelated: [{TREATY}, {TWICE}, {FINED}]\nadded:")
    files = received(world, day)
    assert json.loads(files[f"api/v1/entries/{ACT}.json"])["related"] == known
    for name in ("entries", "years/2021"):
        entries = json.loads(files[f"api/v1/{name}.json"])["entries"]
        assert next(entry["related"] for entry in entries if entry["id"] == ACT) == known
    rows = {row["id"]: row for row in rows_of(files["data/entries.csv"])}
    assert rows[ACT]["related"] == "; ".join(known)
    page = (world / "build/docs" / f"entries/{ACT}.md").read_text(encoding="utf-8")
    for text in (page, files[f"entries/{ACT}/index.md"].decode()):
        found = {name for name in (TREATY, TWICE, FINED) if f"entries/{name}/" in text}
        assert found - _neighbours(page) == set(known) - _neighbours(page)
    assert ('<h2 id="related">' in page) == bool(known)


def _neighbours(page: str) -> set[str]:
    """Entries to which the page leads as the earlier or the later one."""
    return {
        name
        for name in (TREATY, TWICE, FINED)
        if f'rel="next" href="../../entries/{name}/"' in page
    }


def test_what_is_withdrawn_leaves_its_instrument(world: Path) -> None:
    """Its page with what other programs read of it, its twin and its data; feeds tell of it."""
    step = "\ninstruments: [{id: tide-act, stage: amended, effective: 2022-02-03}]\nadded:"
    change(world / path_of(TWICE), "\nadded:", step)
    named = {}
    for day in ("2022-02-04", "2022-02-05"):
        files = received(world, day)
        instruments = json.loads(files["api/v1/instruments.json"])["instruments"]
        record = next(one for one in instruments if one["id"] == "tide-act")
        page = (world / "build/docs/instruments/tide-act/index.md").read_text(encoding="utf-8")
        twin = files["instruments/tide-act/index.md"].decode()
        named[day] = (TWICE in page, TWICE in twin, record["entry_count"])
        assert (record["validity"]["amended"] == "2022-02-03") is (TWICE in page)
        due = json.loads(files["api/v1/deadlines.json"])["deadlines"]
        assert any(one["entry"] == TWICE for one in due) is (TWICE in page)
    before, after = named.values()
    assert before[:2] == (True, True)
    assert after == (False, False, before[2] - 1)


def test_an_earlier_site_relates_what_it_knows(earlier_site: Path) -> None:
    entries = {
        file.stem: json.loads(file.read_bytes())
        for file in (earlier_site / "api/v1/entries").glob("*.json")
    }
    counting = {
        name
        for name, entry in entries.items()
        if "withdrawn" not in entry or not entry["withdrawn"]
    }
    named = {other for entry in entries.values() for other in entry.get("related", ())}
    assert named
    assert named <= counting


def test_a_moved_entry_answers_under_its_former_id(world: Path) -> None:
    before = files_of(world)
    rename(world, FINED, MOVED)
    after = files_of(world)
    new = json.loads(after[f"api/v1/entries/{MOVED}.json"])
    assert new["aliases"] == [FINED]
    former = json.loads(after[f"api/v1/entries/{FINED}.json"])
    assert former == new | {"moved_from": FINED}
    assert former["id"] == MOVED
    twin = after[f"entries/{FINED}/index.md"].decode()
    assert f"- Permalink: <{BASE}entries/{MOVED}/>\n" in twin
    assert f"- Moved from: {FINED}\n" in twin
    page = after[f"entries/{FINED}/index.html"].decode()
    assert f'<link rel="canonical" href="{BASE}entries/{MOVED}/">' in page
    assert f'<meta http-equiv="refresh" content="0; url=../{MOVED}/">' in page
    assert f'<a href="../{MOVED}/">South Harbour fined over tables</a>' in page
    # A chat in which it stands shows what it leads to.
    (shared,) = extruct.extract(page, syntaxes=["opengraph"])["opengraph"]
    assert dict(shared["properties"]) == {
        "og:site_name": "An invented world",
        "og:type": "article",
        "og:url": f"{BASE}entries/{MOVED}/",
        "og:title": "South Harbour fined over tables",
        "og:description": "South Harbour was fined.",
        "og:image": f"{BASE}assets/card.png",
    }
    assert '<meta name="description" content="South Harbour was fined.">' in page
    # The lists name the new id alone.
    ids = [entry["id"] for entry in json.loads(after["api/v1/entries.json"])["entries"]]
    assert MOVED in ids
    assert FINED not in ids
    assert [row["id"] for row in rows_of(after["data/entries.csv"])] == ids
    # No address that answered before has gone.
    assert before.keys() - after.keys() == set()


def test_a_former_address_leads_on_without_script(tmp_path: Path, chromium: Browser) -> None:
    checkout = copy_checkout(tmp_path, ROOT / "tests" / "world")
    rename(checkout, FINED, MOVED)
    done = mkdocs(checkout, "build", AS_OF="2022-03-01")
    assert done.returncode == 0, done.stderr
    site = checkout / "site/entries"
    assert "http-equiv=" in (site / FINED / "index.html").read_text(encoding="utf-8")
    assert "<h1>" in (site / MOVED / "index.html").read_text(encoding="utf-8")
    assert (site / MOVED / "index.md").is_file()
    listed = (checkout / "site/timeline/2022/02/index.html").read_text(encoding="utf-8")
    assert f'href="../../../entries/{MOVED}/"' in listed
    assert f"entries/{FINED}" not in listed  # the row keeps its first id as anchor
    server, address = serve(checkout / "site")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}entries/{FINED}/")
    page.wait_for_url(f"{address}entries/{MOVED}/")
    assert page.locator("h1").inner_text() == "South Harbour fined over tables"
    context.close()
    server.shutdown()
    server.server_close()


def test_a_title_cannot_write_html_or_markdown(world: Path) -> None:
    rename(world, FINED, MOVED)
    hostile = '"><img src=x onerror=alert(1)> [x](javascript:alert(1)) `*_# &lt;b&gt; R&D'
    change(
        world / path_of(MOVED),
        "title: South Harbour fined over tables",
        f"title: {json.dumps(hostile)}",
    )
    files = files_of(world)
    assert "<img" not in files[f"entries/{FINED}/index.html"].decode()
    twin = files[f"entries/{MOVED}/index.md"].decode()
    heading = markdown.markdown(twin).splitlines()[0]  # as another program reads it
    assert heading == f"<h1>{html.escape(hostile, quote=False)}</h1>"
    assert json.loads(files[f"api/v1/entries/{MOVED}.json"])["title"] == hostile


def test_a_withdrawn_entry_leaves_all_but_its_own_address(world: Path) -> None:
    before = files_of(world)
    reason = "It told of another harbour."
    change(
        world / path_of(FINED),
        "\nadded:",
        f"\nwithdrawn: {{date: 2022-02-20, reason: {reason}}}\nadded:",
    )
    after = files_of(world)
    assert after.keys() == before.keys()  # every address goes on answering
    gone = {
        "id": FINED,
        "url": f"{BASE}entries/{FINED}/",
        "title": "South Harbour fined over tables",
        "withdrawn": {"date": "2022-02-20", "reason": reason},
    }
    assert json.loads(after[f"api/v1/entries/{FINED}.json"]) == gone
    lists = json.loads(after["api/v1/entries.json"])
    assert gone in lists["withdrawn"]
    assert FINED not in json.dumps(lists["entries"])
    naming = {path for path, content in after.items() if FINED.encode() in content}
    # Subscribers are told (test_feeds.py reads what), and to the form the id stays taken.
    told = ("feed.atom", "feed.json", "contribute/years/2022.json")
    assert {path for path in naming if not path.endswith(told)} == {
        f"api/v1/entries/{FINED}.json",
        "api/v1/entries.json",
        "data/withdrawn.csv",
        f"entries/{FINED}/index.md",
    }
    assert after[f"entries/{FINED}/index.md"].decode() == (
        "# South Harbour fined over tables\n\n"
        f"Withdrawn on 20 February 2022: {reason}\n\n"
        f"- Permalink: <{BASE}entries/{FINED}/>\n"
    )
    batch = {i["id"]: i for i in json.loads(after["api/v1/instruments.json"])["instruments"]}
    assert batch["tide-watch"]["entry_count"] == 1


def test_a_withdrawn_entry_is_shared_as_one(world: Path) -> None:
    """What it said is not passed on: not in a search engine, and not in a chat."""
    found = []
    for day in ("2022-02-04", "2022-02-05"):
        received(world, day)
        page = (world / f"build/docs/entries/{TWICE}.md").read_text(encoding="utf-8")
        found += re.findall(r'<meta [a-z]+="(?:og|twitter):description" content="(.*)">', page)
    gone = "Withdrawn on 5 February 2022: The same as another entry."
    assert found == ["It was told before."] * 2 + [gone] * 2


def test_a_withdrawal_after_the_day_is_not_known_yet(world: Path) -> None:
    withdrawn = "\nwithdrawn: {date: 2022-03-02, reason: An error.}\nadded:"
    before = files_of(world)
    change(world / path_of(FINED), "\nadded:", withdrawn)
    after = files_of(world)
    for path in ("api/v1/entries.json", f"api/v1/entries/{FINED}.json", "data/entries.csv"):
        assert after[path] == before[path]


def test_an_anchor_in_a_history_stays_when_an_older_stage_is_found(site: Path) -> None:
    page = (site / "instruments/pipl/index.html").read_text(encoding="utf-8")
    assert 'id="consultation-2-2021-04-29-personal-information-protection-law-second-draft"' in page
    assert 'id="passed-2021-08-20-personal-information-protection-law-passed"' in page
    assert 'id="stage-' not in page


def test_rows_can_be_pointed_at(site: Path) -> None:
    pages = {
        "timeline/2022/04": "2022-04-29-tc260-certification-specification-draft",
        "enforcement": "2022-07-21-cac-fines-didi",
        "instruments": "pipl",
    }
    for page, row in pages.items():
        text = (site / page / "index.html").read_text(encoding="utf-8")
        assert f' id="{row}"' in text, page


# The check against the branch that is merged into


def git(folder: Path, *arguments: str) -> None:
    names = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@a.example"}
    names |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@a.example"}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    environment = os.environ | names | quiet
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


@pytest.fixture
def published(world: Path) -> Path:
    """The invented world as a repository whose branch `main` is published."""
    git(world, "init", "--quiet", "--initial-branch=main")
    git(world, "add", ".")
    git(world, "commit", "--quiet", "--message", "The world")
    git(world, "checkout", "--quiet", "-b", "proposal")
    return world


Compare = Callable[..., tuple[int, str]]


@pytest.fixture
def compare(published: Path, capsys: pytest.CaptureFixture[str]) -> Compare:
    def run(*paths: str, base: str = "main") -> tuple[int, str]:
        status = check.main([f"--against={base}", *paths], published)
        return status, capsys.readouterr().err.replace(UNUSED, "")

    return run


def test_nothing_lost(compare: Compare) -> None:
    assert compare() == (0, "")


def test_a_deleted_entry(published: Path, compare: Compare) -> None:
    (published / path_of(FINED)).unlink()
    assert compare() == (
        1,
        (
            f"{path_of(FINED)}:1: the published entry '{FINED}' is gone; keep the file and say "
            "why in 'withdrawn', or name this id in the 'aliases' of the file that it has "
            "become\n"
        ),
    )


def test_an_entry_renamed_with_an_alias(published: Path, compare: Compare) -> None:
    rename(published, FINED, MOVED)
    assert compare() == (0, "")


def test_an_entry_renamed_without_an_alias(published: Path, compare: Compare) -> None:
    (published / path_of(FINED)).rename(published / path_of(MOVED))
    status, printed = compare()
    assert status == 1
    assert printed.startswith(f"{path_of(FINED)}:1: the published entry '{FINED}' is gone; ")


def test_an_entry_renamed_twice_keeps_both_former_ids(published: Path, compare: Compare) -> None:
    rename(published, FINED, MOVED)
    git(published, "add", ".")
    git(published, "commit", "--quiet", "--message", "Moved")
    git(published, "branch", "--force", "main", "proposal")
    change(published / path_of(MOVED), f"aliases: [{FINED}]", f"aliases: [{MOVED}]")
    (published / path_of(MOVED)).rename(published / path_of(f"{MOVED}-at-last"))
    assert compare() == (
        1,
        (
            f"{path_of(MOVED)}:1: the former id '{FINED}' leads nowhere any more; "
            "keep it in 'aliases'\n"
        ),
    )


def test_the_first_id_stays_the_first(published: Path, compare: Compare) -> None:
    """Of a renamed entry: it is the one by which a feed program knows what it has read."""
    path = path_of("2021-05-tide-watch-starts")
    change(published / path, "[2021-05-01-tide-watch]", "[2021-05-watch, 2021-05-01-tide-watch]")
    assert compare() == (
        1,
        (
            f"{path}:1: feeds, calendars and anchors know this entry as '2021-05-01-tide-watch', "
            "and by the first of 'aliases' would take it for '2021-05-watch'; put "
            "'2021-05-01-tide-watch' first\n"
        ),
    )
    change(published / path, "[2021-05-watch, 2021-05-01-tide-watch]",
           "[2021-05-01-tide-watch, 2021-05-watch]")  # fmt: skip
    assert compare() == (0, "")


def test_an_entry_does_not_take_the_id_of_one_that_it_repeats(
    published: Path, compare: Compare
) -> None:
    (published / path_of(FINED)).unlink()
    path = path_of("2022-02-01-moon-treaty")
    change(published / path, "\nadded:", f"\naliases: [{FINED}]\nadded:")
    assert compare() == (
        1,
        (
            f"{path}:1: feeds, calendars and anchors know this entry as '2022-02-01-moon-treaty', "
            f"and by the first of 'aliases' would take it for '{FINED}'; only its own former ids "
            "belong there; an entry that repeats it keeps its file and says so in 'withdrawn'\n"
        ),
    )


def test_a_dropped_alias(published: Path, compare: Compare) -> None:
    path = path_of("2021-05-tide-watch-starts")
    change(published / path, "aliases: [2021-05-01-tide-watch]\n", "")
    assert compare() == (
        1,
        (
            f"{path}:1: the former id '2021-05-01-tide-watch' leads nowhere any more; "
            "keep it in 'aliases'\n"
        ),
    )
    assert compare(str(published / "docs")) == (0, "")


def test_a_withdrawn_entry_is_not_lost(published: Path, compare: Compare) -> None:
    withdrawn = "\nwithdrawn: {date: 2022-02-20, reason: An error.}\nadded:"
    change(published / path_of(FINED), "\nadded:", withdrawn)
    assert compare() == (0, "")


@pytest.mark.parametrize("page", ["topics/moon", "regulators/old-toa"])
def test_a_removed_page(published: Path, compare: Compare, page: str) -> None:
    (published / f"docs/{page}.md").unlink()
    status, printed = compare()
    assert status == 1
    assert (
        f"docs/{page}.md:1: the published page is gone; put it back, since links lead to it\n"
    ) in printed


def test_what_was_never_published_may_go(published: Path, compare: Compare) -> None:
    (published / "docs/topics/index.md").unlink(missing_ok=True)
    (published / "docs/about.md").unlink()
    assert compare() == (0, "")


def test_a_published_file_that_nobody_can_read(published: Path, compare: Compare) -> None:
    bad = published / path_of("2022-02-04-x")
    text = (published / path_of(FINED)).read_text(encoding="utf-8")
    bad.write_text("aliases: [a\n", encoding="utf-8")
    git(published, "add", ".")
    git(published, "commit", "--quiet", "--message", "Bad")
    git(published, "branch", "--force", "main", "proposal")
    text = text.replace("2022-02-03", "2022-02-04").replace("added:", f"related: [{FINED}]\nadded:")
    bad.write_text(text, encoding="utf-8")
    assert compare() == (0, "")


def test_what_the_base_published_since_is_not_lost(published: Path, compare: Compare) -> None:
    git(published, "checkout", "--quiet", "main")
    new = published / path_of(MOVED)
    new.write_bytes((published / path_of(FINED)).read_bytes())
    git(published, "add", ".")
    git(published, "commit", "--quiet", "--message", "More")
    git(published, "checkout", "--quiet", "proposal")
    assert not new.exists()
    assert compare() == (0, "")


def test_a_clone_without_history(published: Path, compare: Compare) -> None:
    git(published, "checkout", "--quiet", "--orphan", "alone")
    (published / path_of(FINED)).unlink()
    git(published, "add", "--all")
    git(published, "commit", "--quiet", "--message", "Alone")
    status, printed = compare()
    assert status == 1
    assert printed.startswith(f"{path_of(FINED)}:1: the published entry")


# A published day that is another now


TREATY = "2022-02-01-moon-treaty"
PASSED = "2021-03-01-tide-act-passed"
DUE = """instruments:
  - {id: tide-act, stage: consultation, comments_close: 2022-03-20}
  - {id: tide-act, stage: consultation, round: 2, comments_close: 2022-05-20}
deadlines: [{date: 2022-06-30, what: report}]
"""
TELL = "; say so in 'changes', so that calendars which have it follow\n"


@pytest.fixture
def due(published: Path) -> Path:
    """The world with days of every kind, published."""
    change(published / path_of(TREATY), "jurisdiction: INT\n", DUE)
    git(published, "add", ".")
    git(published, "commit", "--quiet", "--message", "Days")
    git(published, "branch", "--force", "main", "proposal")
    return published


def test_days_that_were_corrected_without_a_word(due: Path, compare: Compare) -> None:
    treaty, passed = path_of(TREATY), path_of(PASSED)
    change(due / treaty, "2022-05-20", "2022-05-21")
    change(due / treaty, "2022-06-30", "2022-07-01")
    change(due / passed, "2022-01-01", "2022-01-02")
    assert compare() == (
        1,
        (
            f"{passed}:25: 'effective' was '2022-01-01' when this was published and is "
            f"'2022-01-02' now{TELL}"
            f"{treaty}:10: 'comments_close' was '2022-05-20' when this was published and is "
            f"'2022-05-21' now{TELL}"
            f"{treaty}:11: 'deadlines' was '2022-06-30' when this was published and is "
            f"'2022-07-01' now{TELL}"
        ),
    )
    assert compare(str(due / passed))[1].count("\n") == 1
    # Said once in each, it is right; renamed on the way as well.
    said = "\nchanges: [{date: 2022-03-01, note: Corrected.}]\nadded:"
    change(due / treaty, "\nadded:", said)
    change(due / passed, "\nadded:", said)
    rename(due, TREATY, "2022-02-01-treaty")
    assert compare() == (0, "")
    # Another correction needs another item.
    git(due, "add", "--all")
    git(due, "commit", "--quiet", "--message", "Corrected")
    git(due, "branch", "--force", "main", "proposal")
    change(due / passed, "2022-01-02", "2022-01-03")
    status, printed = compare()
    assert (status, printed.count("\n")) == (1, 1)
    assert printed.startswith(f"{passed}:25: 'effective' was '2022-01-02' when this was published")


def test_a_day_that_is_gone(due: Path, compare: Compare) -> None:
    change(due / path_of(TREATY), "deadlines: [{date: 2022-06-30, what: report}]\n", "")
    change(due / path_of(PASSED), "      - {date: 2021-06-01, applies_to: harbours}\n", "")
    assert compare() == (
        1,
        (
            f"{path_of(PASSED)}:2: 'effective' was '2021-06-01' when this was published and is gone"
            f"{TELL}"
            f"{path_of(TREATY)}:2: 'deadlines' was '2022-06-30' when this was published and is gone"
            f"{TELL}"
        ),
    )


def test_what_needs_no_word(due: Path, compare: Compare) -> None:
    """A further day, a day put in the place of another, other words, a withdrawal, a new entry."""
    further = "applies_to: harbours}\n      - {date: 2024-01-01, applies_to: ships}"
    change(due / path_of(PASSED), "applies_to: harbours}", further)
    change(due / path_of(PASSED), "applies_to: everyone else}", "applies_to: the rest}")
    step = "  - {id: tide-act, stage: amended, effective: [{date: 2023-01-01}]}\ndeadlines:"
    change(due / path_of(TREATY), "deadlines:", step)
    assert compare() == (0, "")
    git(due, "commit", "--quiet", "--all", "--message", "More")
    git(due, "branch", "--force", "main", "proposal")
    moved = "{date: 2023-01-01, instead_of: 2024-01-01}"
    change(due / path_of(TREATY), "{date: 2023-01-01}", moved)
    change(due / path_of(TREATY), "what: report", "what: report once more")
    assert compare() == (0, "")
    gone = "\nwithdrawn: {date: 2022-02-20, reason: An error.}\nadded:"
    change(due / path_of(TREATY), "comments_close: 2022-03-20", "comments_close: 2022-03-21")
    change(due / path_of(TREATY), "\nadded:", gone)
    assert compare() == (0, "")


@pytest.mark.parametrize("base", ["origin/main", "--output=x", ""])
def test_no_base(compare: Compare, base: str) -> None:
    assert compare(base=base) == (
        1,
        (
            f"check.py: there is no '{base}' to compare with (git: fatal: Needed a single "
            "revision); fetch it, or name another branch\n"
        ),
    )


def test_no_repository(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--against", "main"], world) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("check.py: there is no 'main' to compare with (git: fatal: not a git")
    assert "Traceback" not in printed


def test_no_git(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert check.main(["--against", "main"], world) == 1
    assert capsys.readouterr().err == (
        "check.py: there is no 'main' to compare with (git: git is not installed); "
        "fetch it, or name another branch\n"
    )
