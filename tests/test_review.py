"""Review of an entry against its sources, and the comment on a pull request."""

import dataclasses
import datetime
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import review as command
import yaml
from bad_files import GOOD, NO_FRONT_MATTER, TEXT, page
from conftest import ROOT, WORLD_DAY, edit
from markdown_it import MarkdownIt
from timeline.builder import Builder
from timeline.checks import Project
from timeline.content.collection import Collection
from timeline.content.front_matter import file_text
from timeline.contribute.comment import comment, quotation
from timeline.contribute.review import review
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument, Regulator
from timeline.schema.vocabulary import AuthorityType, Rank

ACT = "2021-03-01-tide-act-passed"
PATH = f"entries/2021/{ACT}.md"
COLLECTION = Collection(
    entries=(),
    regulators={
        "toa": Regulator(
            name="Tide Oversight Agency",
            abbreviation="TOA",
            name_zh="潮汐监督局",
            aliases=("Tide Office",),
            kind=AuthorityType.AGENCY,
        )
    },
    topics={},
    instruments={
        "tide-act": Instrument(
            name="Tide Act",
            short="TA",
            name_zh="潮汐法",
            former_titles=("潮汐草案",),
            aliases=("Act on Tides",),
            rank=Rank.LAW,
        )
    },
    newsletters={},
    prose={},
)


def supported(source: dict[str, str], **keys: Any) -> dict[str, bool]:
    """Return each fact of an entry with these keys, and whether its only source supports it."""
    front: dict[str, Any] = {
        "id": "x",
        "title": "X",
        "date": "2000",
        "type": "policy",
        "regulators": [],
    }
    front |= {"topics": ["x"], "added": "2022-03-01"} | keys
    front["sources"] = [{"kind": "news", "publisher": "Gull", "lang": "en"} | source]
    found = review(Entry.model_validate_json(json.dumps(front)), COLLECTION)
    assert found.unsupported == tuple(fact for fact in found.facts if not fact.support)
    return {f"{fact.kind} {fact.value}": bool(fact.support) for fact in found.facts}


@pytest.mark.parametrize(
    ("date", "quote", "is_supported"),
    [
        ("2022-04-09", "2022-04-09", True),
        ("2022-04-09", "on 9 April 2022.", True),
        ("2022-04-09", "on 9 APR 2022", True),
        ("2022-04-09", "on April 9, 2022", True),
        ("2022-04-09", "on 9 April", True),
        ("2022-04-09", "自2022年4月9日起", True),
        ("2022-04-09", "自4月9日起", True),
        ("2022-04-09", "2022/4/9", True),
        ("2022-04-09", "2022.4.9", True),
        ("2022-04-09", "2022.4.9.", True),
        ("2022-04-09", "2022.4.91", False),
        ("2022-04-09", "on 19 April 2022", False),
        ("2022-04-09", "on April 90", False),
        ("2022-04-09", "自14月9日起", False),
        ("2022-04-09", "2022-04", False),
        ("2022-04", "in April 2022", True),
        ("2022-04", "in Apr 2022", True),
        ("2022-04", "2022年4月", True),
        ("2022-04", "in April", False),
        ("2022", "in 2022", True),
        ("2022", "No. 20221", False),
    ],
)
def test_date_is_found_in_the_quotation(date: str, quote: str, is_supported: bool) -> None:
    assert supported({"quote": quote}, date=date) == {f"date {date} (became public)": is_supported}


def test_every_date_of_an_entry_is_shown() -> None:
    found = supported(
        {"quote": "2 May, 3 May, 4 May, 5 May and 2022-05"},
        date="2022-05",
        dates={"decided": "2022-05-01", "reported": "2022-05-02"},
        instruments=[
            {"id": "tide-act", "stage": "consultation", "comments_close": "2022-05-03"},
            {
                "id": "tide-act",
                "stage": "amended",
                "effective": [{"date": "2022-05-04"}, {"date": "2022-05-06"}],
            },
        ],
        deadlines=[{"date": "2022-05-05", "what": "tables are due"}],
    )
    assert list(found.items()) == [
        ("date 2022-05 (became public)", True),
        ("date 2022-05-01 (decided)", False),
        ("date 2022-05-02 (reported)", True),
        ("date 2022-05-03 (comments on tide-act close)", True),
        ("date 2022-05-04 (tide-act takes effect)", True),
        ("date 2022-05-06 (tide-act takes effect)", False),
        ("date 2022-05-05 (tables are due)", True),
        ("title 潮汐法", False),
    ]


def test_figures_are_found_in_the_quotation() -> None:
    """Figures are in title, text and penalties; years, days and numbers in addresses are not."""
    found = supported(
        {"quote": "1200 votes, 121 against, 3.12 hours, 40.5 and 12345.60 yuan"},
        title="Assembly counts 1,200 votes in 2021",
        body="On 9 April 2022 there were 12 against, 3 absent and 40.5 [abroad](../1999/77.md).",
        penalties=[
            {"party": "A", "measure": "damages", "amount": 12345.6, "currency": "CNY"},
            {"party": "A", "measure": "damages", "amount": 40.5, "currency": "CNY"},
            {"party": "A", "measure": "warning"},
        ],
    )
    assert found == {
        "date 2000 (became public)": False,
        "figure 1,200": True,
        "figure 12": False,
        "figure 3": False,
        "figure 40.5": True,
        "figure 12345.6": False,
    }


@pytest.mark.parametrize(
    ("source", "body", "title"),
    [
        ({"quote": "The TOA takes up the Act on tides"}, True, True),
        ({"title": "潮汐监督局就潮汐草案征求意见"}, True, True),
        ({"publisher": "Tide Oversight Agency", "quote": "a Ta"}, True, True),
        ({"publisher": "Tide Office", "title": "The Tide Acts"}, True, False),
        ({"quote": "TOAST with the tide"}, False, False),
    ],
)
def test_names_are_found_in_the_source(source: dict[str, str], body: bool, title: bool) -> None:
    found = supported(source, regulators=["toa"], instruments=[{"id": "tide-act"}])
    assert found["body Tide Oversight Agency"] is body
    assert found["title 潮汐法"] is title


def write(world: Path, name: str, front: str) -> None:
    """Write an entry with further keys before `added`; the name starts with its date."""
    text = GOOD.replace("2021-06-01", name[:10]).replace("2021-06-20", "2025-01-01")
    file = world / f"entries/{name[:4]}/{name}.md"
    file.write_text(text.replace("added:", f"{front}\nadded:"), encoding="utf-8")


def differences(world: Path, name: str) -> tuple[str, ...]:
    collection = Project(world).load().collection
    assert collection is not None
    return review(next(e for e in collection.entries if e.id == name), collection).differences


def test_contradictions_with_other_entries_are_listed(world: Path) -> None:
    step = "instruments: [{id: tide-act, stage: %s, effective: %s}]"
    write(world, "2021-03-02-again", step % ("passed", "2022-01-02"))
    write(world, "2021-11-01-postponed",
          step % ("amended", "[{date: 2023-01-01, instead_of: 2022-01-01}]"))  # fmt: skip
    write(world, "2021-11-02-mentioned", "instruments: [{id: tide-act}]")
    assert differences(world, "2021-03-02-again") == (
        "tide-act: its page says that it is issued by assembly",
        f"tide-act: {ACT} reports the same stage, passed, on 2021-03-01",
        f"tide-act: {ACT} says that it takes effect on 2021-06-01, 2022-01-01, not on 2022-01-02",
        "tide-act: 2021-11-01-postponed says that it takes effect on 2023-01-01, not on 2022-01-02",
    )
    assert differences(world, "2021-11-01-postponed") == (
        "tide-act: its page says that it is issued by assembly",
        "tide-act: 2021-03-02-again says that it takes effect on 2022-01-02, not on 2023-01-01",
    )
    assert differences(world, "2021-11-02-mentioned") == ()


def test_second_round_of_consultation_is_no_contradiction(world: Path) -> None:
    for name in ("2022-01-20-wharf-draft", "2022-02-15-wharf-second-draft"):
        assert differences(world, name) == ()


def run(world: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = command.main(list(arguments), world)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("name", [ACT, PATH, f"{ACT}.md"])
def test_entry_is_shown_with_its_sources(
    world: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    edit(world, PATH, "instruments:", "newsletters: [gull-2021-06]\ninstruments:")
    write(world, "2021-03-02-again", "instruments: [{id: tide-act, stage: passed}]")
    shown = (ROOT / "tests/review/entry.txt").read_text(encoding="utf-8")
    assert run(world, capsys, name) == (0, shown, "")


@pytest.mark.parametrize(
    ("options", "marked"),
    [
        (["2021-04-01", "--source", "2"], ["2021-03-10", "2021-04-01"]),
        (["2021-04-01", "--source", "1"], ["2021-04-01"]),
        (["2021-04-01"], ["2021-04-01", "2021-04-01"]),
    ],
)
def test_sources_are_marked_as_checked(
    world: Path, capsys: pytest.CaptureFixture[str], options: list[str], marked: list[str]
) -> None:
    """Nothing else in the file changes, including comments."""
    edit(world, PATH, "    title: 潮汐法\n", "    # its own\n    title: '潮汐法'\n")
    before = (world / PATH).read_text(encoding="utf-8")
    status, printed, _ = run(world, capsys, ACT, "--checked", *options)
    assert status == 0
    assert printed.endswith(f"\nVerified on 2021-04-01, written into {PATH}\n")
    expected = before.replace("checked: 2021-03-10", f"checked: {marked[0]}")
    if len(marked) == 2:
        expected = expected.replace(": zh-Hans\n", f": zh-Hans\n    checked: {marked[1]}\n")
    assert (world / PATH).read_text(encoding="utf-8") == expected


def test_sources_are_marked_as_checked_today_by_default(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "today", lambda _: datetime.date(2022, 5, 6))
    assert run(world, capsys, ACT, "--checked")[0] == 0
    assert (world / PATH).read_text(encoding="utf-8").count("checked: 2022-05-06") == 2


NO_GIT = (
    "there is no 'main' to compare with (git: git is not installed); fetch it, or name another "
    "branch"
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([ACT, "--checked", "soon"], "'soon' is not a day; write it as 2022-04-29"),
        ([ACT, "--checked", "--source", "0"], "there is no source 0; the entry has 2"),
        ([ACT, "--checked", "--source", "3", "1"], "there is no source 3; the entry has 2"),
        (["2022-02-10-east-harbour-fined", "--checked"],
         "there is no source 1; the entry has 0"),
        (["nothing"], "there is no entry 'nothing'"),
        (["--comment", "--against", "main"], NO_GIT),
    ],
)  # fmt: skip
def test_impossible_request_is_refused(
    world: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["review.py"])
    monkeypatch.setenv("PATH", "")
    before = (world / PATH).read_bytes()
    status, _, printed = run(world, capsys, *arguments)
    assert (status, printed) == (1, f"review.py: {message}\n")
    assert (world / PATH).read_bytes() == before


@pytest.mark.parametrize("names", [[], [ACT, "second"]])
def test_one_entry_must_be_named(
    world: Path, capsys: pytest.CaptureFixture[str], names: list[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(names, world)
    assert capsys.readouterr().err.endswith("error: name one entry\n")


# The comment on a pull request

OTHERS = "It also changes other files, which a maintainer reviews:\n\n```text\n"
NOTHING = "It does not change any entry or vocabulary page.\n"
BEGINNING = "Generated automatically from this pull request.\n\n"


def test_comment_shows_entries_and_other_changes(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = "2022-02-03-again"
    path = f"entries/2022/{again}.md"
    text = (world / "entries/2022/2022-02-03-south-harbour-fined.md").read_text(encoding="utf-8")
    (world / path).write_text(text, encoding="utf-8")
    changed = world.parent / "changed"
    names = ("README.md", path, "docs/topics/moon.md", "entries/2021/gone.md", path)
    changed.write_bytes("".join(f"{name}\0" for name in names).encode())
    expected = (ROOT / "tests/review/comment.md").read_text(encoding="utf-8")
    assert run(world, capsys, "--comment", "--paths", str(changed)) == (0, expected, "")


@pytest.mark.parametrize(
    "text",
    [
        *("@all", "a@b #12 GH", "![x](https://a.example/x.png)", "!![x](y)", "<img src=x>"),
        *("```\n@all", "- a\n\n      <!-- b", "</details>\n\n# c", "a\n===", "> b\n\n<b>"),
    ],
)  # fmt: skip
def test_markup_in_a_quotation_is_inert(text: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(f"{quotation(text)}\n\nafter")
    assert html.startswith("<blockquote>") and html.endswith("</blockquote>\n<p>after</p>\n")
    assert not re.search(r"@\w|#\d|<(?:img|b|!--|/details)\b|<b>", html)


def test_comment_lists_every_problem_of_twelve_entries(world: Path) -> None:
    """An unknown body in one entry does not hide problems of the others."""
    described = yaml.safe_load((ROOT / "tests/review/twelve.yml").read_text(encoding="utf-8"))
    day = datetime.date.fromisoformat(WORLD_DAY)
    before = Project(world, day).load().valid
    paths = [described["page"]["path"]]
    (world / paths[0]).write_text(page(described["page"]["front"]), encoding="utf-8")
    for values in described["entries"]:
        source = {"kind": "news", "publisher": values.pop("publisher", "Gull"), "lang": "en"}
        source |= {key: values.pop(key) for key in ("quote", "url") if key in values}
        rest = {"type": "regulatory", "regulators": ["toa"], "topics": ["tides"], "added": day}
        paths.append(f"entries/2022/{values.pop('id')}.md")
        text = file_text(
            Entry,
            json.loads(json.dumps({**rest, **values, "sources": [source]}, default=str)),
            f"It happened.\n\n{TEXT}",
        )
        (world / paths[-1]).write_text(text, encoding="utf-8")
    project = Project(world, day)
    loaded = project.load()
    checked = dataclasses.replace(loaded, problems=[*loaded.problems, *project.style_warnings()])
    printed = comment(world, checked, before, paths)
    missing = [
        one for of_kind in described["said"].values() for one in of_kind if one not in printed
    ]
    assert missing == [], printed


def test_comment_compares_with_the_target_branch(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = datetime.date.fromisoformat(WORLD_DAY)
    monkeypatch.setattr("timeline.content.loader.today", lambda _: day)
    who = ["-c", "user.name=A", "-c", "user.email=a@a.example", "-c", "commit.gpgsign=false"]
    for command_line in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "World"]):
        subprocess.run(["git", *who, *command_line], cwd=world, check=True)
    path = "entries/2022/2022-01-20-wharf-draft.md"
    edit(world, path, "comments_close: 2022-03-20", "comments_close: 2022-03-21")
    edit(world, path, "\nadded:", "\nchanges: [{date: 2022-03-01, note: A slip.}]\nadded:")
    text = run(world, capsys, "--comment", "--against", "HEAD", path)[1]
    draft, second = "Draft: not law; Open for comments", "Open for comments (2022-03-15)"
    assert (
        "Statuses and key dates that change:\n\n```text\n"
        f"wharf-rules: {draft} (2022-03-20); {second} -> {draft} (2022-03-21); {second}\n"
        "added: 2022-03-21 wharf-rules: comments close\n"
        "removed: 2022-03-20 wharf-rules: comments close\n```\n"
    ) in text


def test_comment_on_many_entries_is_shortened(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = sorted(path.relative_to(world).as_posix() for path in world.glob("entries/2022/*.md"))
    for count, rest in (
        (12, ""),
        (13, "Not shown here: 1 more.\n"),
    ):
        _, printed, _ = run(world, capsys, "--comment", *paths[:count])
        shown = [line[5:-1] for line in printed.splitlines() if line.startswith("### ")]
        assert shown == [Path(path).stem for path in paths[:12]]
        assert printed.endswith(rest or "```\n")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (
            ["README.md", "docs/about.md", "docs/assets/new.svg"],
            OTHERS + "README.md\ndocs/about.md\ndocs/assets/new.svg\n```\n\n" + NOTHING,
        ),
        ([], NOTHING),
        (
            [PATH],
            f"The check reports:\n\n```text\n{PATH}:{NO_FRONT_MATTER}\n```\n",
        ),
        (
            ["docs/topics/moon.md"],
            ("The check found no problems in the changed entries and pages, but other files have "
            "errors; see the check.\n\nNew or changed pages:\n\n"
            "```text\ndocs/topics/moon.md: Moon; entries: 3\n```\n"),
        ),
    ],
)  # fmt: skip
def test_comment_says_if_no_entry_can_be_shown(
    world: Path, capsys: pytest.CaptureFixture[str], paths: list[str], expected: str
) -> None:
    (world / PATH).write_text("@all ```` <b>", encoding="utf-8")
    assert run(world, capsys, "--comment", *paths) == (0, BEGINNING + expected, "")


def test_review_is_shown_with_the_entry_only_in_the_preview(world: Path) -> None:
    page = world / f"build/preview/entries/{ACT}.md"
    day = datetime.date.fromisoformat(WORLD_DAY)
    write(world, "2021-03-02-again", "instruments: [{id: tide-act, stage: passed}]")
    Builder(world, preview=True).build(day)
    section = page.read_text(encoding="utf-8").partition('<section class="review"')[2]
    rows = [line for line in section.partition("</section>")[0].splitlines() if line[:4] in
            ("<tr>", "<li>")]  # fmt: skip
    zh = '<span lang="zh-Hans">潮汐法</span>'
    support = f"Shore News: Assembly passes Tide Act<br>Assembly: {zh}"
    nothing = "<td><strong>not supported by any quotation</strong></td></tr>"
    assert rows == [
        f"<tr><td>date</td><td>2021-03-01 (became public)</td>{nothing}",
        f"<tr><td>date</td><td>2021-02-27 (decided)</td>{nothing}",
        f"<tr><td>date</td><td>2021-06-01 (tide-act takes effect)</td>{nothing}",
        f"<tr><td>date</td><td>2022-01-01 (tide-act takes effect)</td>{nothing}",
        f"<tr><td>body</td><td>Assembly of Tidewater</td>{nothing}",
        f"<tr><td>title</td><td>{zh}</td><td>{support}</td></tr>",
        "<li>tide-act: 2021-03-02-again reports the same stage, passed, on 2021-03-02</li>",
    ]
    Builder(world).build(day)
    published = world / f"build/docs/entries/{ACT}.md"
    assert "For the reviewer" not in published.read_text(encoding="utf-8")
