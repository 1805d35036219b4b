"""What a reviewer sees: an entry beside its sources, and the note that it was compared."""

import datetime
from pathlib import Path

import preview
import pytest
import review as command
from conftest import ROOT
from test_moved_days import write
from timeline.build.generator import Generator
from timeline.contributing.compared import with_checked
from timeline.contributing.review import review
from timeline.model.document import take_apart
from timeline.source.project import Project

FINED = "2022-02-03-south-harbour-fined"
PASSED = "2021-03-01-tide-act-passed"


def mention(world: Path, name: str, quote: str) -> None:
    """Give an entry one source with this quote."""
    file = world / f"entries/{name[:4]}/{name}.md"
    text = file.read_text(encoding="utf-8")
    row = f"  - {{kind: news, publisher: Gull, lang: en, quote: {quote}}}\n"
    text = text.replace("sources:\n", f"sources:\n{row}")
    file.write_text(text, encoding="utf-8")


def facts(world: Path, name: str) -> dict[str, bool]:
    collection = Project(world).load().collection
    assert collection is not None
    entry = next(e for e in collection.entries if e.id == name)
    found = review(entry, collection)
    assert found.bare == tuple(fact for fact in found.facts if not fact.borne)
    return {f"{fact.kind} {fact.value}": bool(fact.borne) for fact in found.facts}


@pytest.mark.parametrize(
    ("quote", "borne"),
    [
        ('"On March 1, 2021 the Assembly passed it"', True),
        ("2021年3月1日", True),
        ("1 March 2021", True),
        ("11 March 2021", False),
        ("2021-03-011", False),
    ],
)
def test_dates(world: Path, quote: str, borne: bool) -> None:
    mention(world, PASSED, quote)
    assert facts(world, PASSED)["date 2021-03-01 (became public)"] is borne


def test_figures_bodies_and_titles(world: Path) -> None:
    before = facts(world, PASSED)
    assert before["title 潮汐法"]  # the title of its official source
    assert not before["body Assembly of Tidewater"]
    assert not before["date 2021-06-01 (tide-act takes effect)"]
    text = (world / f"entries/2021/{PASSED}.md").read_text(encoding="utf-8")
    (world / f"entries/2021/{PASSED}.md").write_text(
        text.replace("The Assembly passed", "With 1,200 votes, 12 against and 3 absent it passed"),
        encoding="utf-8",
    )
    mention(world, PASSED, '"Assembly of Tidewater: 1200 votes, 121 abstained, 3.12 hours"')
    after = facts(world, PASSED)
    assert after["figure 1,200"]
    assert after["body Assembly of Tidewater"]
    assert not after["figure 12"]
    assert not after["figure 3"]


def test_what_other_entries_say(world: Path) -> None:
    text = (world / f"entries/2021/{PASSED}.md").read_text(encoding="utf-8")
    other = "2021-03-02-again"
    text = text.replace("date: 2021-03-01", "date: 2021-03-02").replace("2022-01-01", "2022-01-02")
    (world / f"entries/2021/{other}.md").write_text(text, encoding="utf-8")
    collection = Project(world).load().collection
    assert collection is not None
    entry = next(e for e in collection.entries if e.id == other)
    assert [(d.instrument, d.other, d.said) for d in review(entry, collection).differences] == [
        ("tide-act", PASSED, "tells of the same stage, passed, on 2021-03-01"),
        (
            "tide-act",
            PASSED,
            "has it take effect on 2021-06-01, 2022-01-01, not on 2021-06-01, 2022-01-02",
        ),
    ]


def test_a_day_that_was_put_off_is_no_difference(world: Path) -> None:
    write(world, "2021-11-01-tide-act-put-off", "2023-01-01, instead_of: 2022-01-01")
    collection = Project(world).load().collection
    assert collection is not None
    for entry in collection.entries:
        assert [d.said for d in review(entry, collection).differences] == [], entry.id


def test_every_real_source_can_be_marked() -> None:
    day = datetime.date(2026, 12, 1)
    for file in sorted((ROOT / "entries").rglob("*.md")):
        text = file.read_text(encoding="utf-8")
        sources = take_apart(text).values.get("sources")
        if isinstance(sources, list):
            marked = with_checked(text, day, set(range(1, len(sources) + 1)))
            lines = [line for line in marked.splitlines() if "checked: 2026-12-01" in line]
            assert len(lines) == len(sources), file
            assert take_apart(marked).body == take_apart(text).body


def test_the_command(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([PASSED, "--checked", "2021-04-01", "--source", "2"], world) == 0
    printed = capsys.readouterr().out
    assert "Borne by words of a source:\n" in printed
    assert f"\nCompared on 2021-04-01, written into entries/2021/{PASSED}.md\n" in printed
    text = (world / f"entries/2021/{PASSED}.md").read_text(encoding="utf-8")
    assert "    lang: zh-Hans\n    checked: 2021-04-01\ninstruments:" in text
    assert "    checked: 2021-03-10\n" in text
    assert command.main([PASSED, "--checked", "2021-04-02"], world) == 0
    text = (world / f"entries/2021/{PASSED}.md").read_text(encoding="utf-8")
    assert text.count("checked: 2021-04-02") == 2
    for wrong, said in (
        ([PASSED, "--checked", "soon"], "'soon' is not a day; write it as 2022-04-29"),
        ([PASSED, "--checked", "--source", "9"], "there is no source 9; the entry has 2"),
        (["nothing"], "there is no entry 'nothing'"),
    ):
        assert command.main(wrong, world) == 1
        assert capsys.readouterr().err == f"review.py: {said}\n"


def test_preview(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = f"entries/2021/{PASSED}.md"
    changed = world / "changed"
    changed.write_bytes(f"{path}\0docs/topics/moon.md\0entries/2021/gone.md\0".encode())
    assert preview.main(["--paths", str(changed)], world) == 0
    printed = capsys.readouterr().out
    assert "The check finds nothing wrong in them." in printed
    assert f"### `{PASSED}`\n\n```markdown\n---\ntitle: Assembly passes the Tide Act\n" in printed
    assert (
        f"It appears on:\n\n```text\nentries/{PASSED}/\ntimeline/2021/\ntimeline/2021/03/\n"
        "regulators/assembly/\ntopics/tides/\ninstruments/tide-act/\n```\n"
    ) in printed
    assert "Pages written or changed:\n\n```text\ndocs/topics/moon.md\n```" in printed
    (world / path).write_text("@all ```` <b>", encoding="utf-8")
    assert preview.main([path], world) == 0
    assert capsys.readouterr().out == (
        "Made by a machine from the files of this pull request.\n\n"
        "What the check says of them:\n\n"
        f"```text\n{path}:1: there is no front matter; the file must begin with a line '---'\n```\n"
    )
    assert preview.main(["README.md"], world) == 0
    assert "It changes no entry and no vocabulary page." in capsys.readouterr().out


def test_the_page_of_the_preview(world: Path) -> None:
    """Beside the entry in the preview, and nowhere in the site."""
    page = world / f"build/docs/entries/{PASSED}.md"
    Generator(world, preview=True).generate(datetime.date(2022, 3, 1))
    text = page.read_text(encoding="utf-8")
    assert '<h2 id="review">For the reviewer' in text
    assert (
        "<tr><td>date</td><td>2021-06-01 (tide-act takes effect)</td>"
        "<td><strong>nothing quoted</strong></td></tr>" in text
    )
    Generator(world).generate(datetime.date(2022, 3, 1))
    assert "reviewer" not in page.read_text(encoding="utf-8")
