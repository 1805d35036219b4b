"""Issues become files that pass, or an answer; whatever they say, nothing else changes."""

import re
import subprocess
from pathlib import Path

import check
import forms
import from_issue
import pytest
import yaml
from conftest import ROOT, edit
from issue_texts import (
    BAD,
    BAD_FURTHER,
    BODY,
    CORRECTED,
    EDIT,
    ENTRY,
    FORM,
    FURTHER,
    GOOD,
    HOSTILE,
    HOSTILE_CORRECTIONS,
    NAMING,
    PENALTY,
    TIDE,
    UNCORRECTED,
    WHOLE,
    answered,
    issue,
)
from timeline.contributing.form_files import form_files
from timeline.contributing.forms import FORMS, form_of
from timeline.contributing.guide import EXAMPLE, example, with_example
from timeline.contributing.writing import file_text
from timeline.model.document import take_apart
from timeline.model.entry import Entry
from timeline.model.terms import TERMS
from timeline.source.project import Project
from timeline.source.reading import typed

PATH = "entries/2022/2022-03-04-toa-fines-harbour-over-missing-tide-tables.md"
NEW_FILE = re.compile(rf"(entries/\d{{4}}|docs/({'|'.join(TERMS)}))/[a-z0-9-]+\.md")

BLOCK = re.compile(r"(?ms)^(`{3,})\w+\n(.*?)\n\1$")


def files(world: Path) -> dict[str, bytes]:
    return {str(p.relative_to(world)): p.read_bytes() for p in world.rglob("*") if p.is_file()}


def run(world: Path, text: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    file = world.parent / "issue.md"
    file.write_text(text, encoding="utf-8", newline="")
    status = from_issue.main(["--date", "2022-03-05", *more, str(file)], world)
    return status, capsys.readouterr().out


def test_a_development(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(world)
    status, said = run(
        world, issue(FORM["development"]), capsys, "--number", "7", "--author", "shore-clerk"
    )
    assert status == 0, said
    new = {path: data.decode() for path, data in files(world).items() if path not in before}
    assert new == {
        PATH: ENTRY,
        "docs/regulators/hb.md": BODY,
        "docs/topics/swell.md": "---\nname: Swell\n---\nWhat remains of a storm.\n",
    }
    assert {path: data for path, data in files(world).items() if path in before} == before
    assert said.startswith(
        "The check finds no error in these files. From issue #7 by @shore-clerk.\n\n"
    )
    assert f"`{PATH}`\n\n```markdown\n{ENTRY}```" in said
    assert check.main([], world) == 0


def test_enforcement_and_stage(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = run(world, issue(FORM["enforcement"]), capsys)
    assert status == 0, said
    text = (world / PATH).read_text(encoding="utf-8")
    assert PENALTY in text
    assert "type: enforcement\n" in text
    changed = {"Title": "Tide Act amended", "Stage": "Amended", "Effective": "2022-05-01",
               "New body": "", "New topic": "", "Topics": "潮汐", "Bodies": "assembly"}  # fmt: skip
    status, said = run(world, issue(FORM["stage"], changed), capsys)
    assert status == 0, said
    text = (world / "entries/2022/2022-03-04-tide-act-amended.md").read_text(encoding="utf-8")
    assert "  - id: tide-act\n    stage: amended\n    effective: 2022-05-01\n" in text
    assert "type: regulatory\n" in text


def test_an_issue_carries_a_whole_entry(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The fields hold the first source, instrument and penalty, YAML whatever else there is."""
    text = issue(FORM["enforcement"], {"Anything else": FURTHER, "Name of the file": "Tide tables"})
    status, said = run(world, text, capsys)
    assert status == 0, said
    written = (world / "entries/2022/2022-03-04-tide-tables.md").read_text(encoding="utf-8")
    assert written == WHOLE
    assert check.main([], world) == 0


def test_yaml_alone_may_carry_the_entry(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the form of the site sends it: no address fills in a list of GitHub's."""
    front = WHOLE.split("---\n")[1].replace("added: 2022-03-05\n", "")
    said = {
        "Anything else": front,
        "Text": WHOLE.split("---\n")[2],
        "Name of the file": "Tide tables",
    }
    described = {key: GOOD[key] for key in ("New body", "New topic")}
    status, told = run(world, answered(FORM["development"], said | described), capsys)
    assert status == 0, told
    written = (world / "entries/2022/2022-03-04-tide-tables.md").read_text(encoding="utf-8")
    assert written == WHOLE


def test_one_text_where_a_list_belongs(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {
        "Bodies": "潮监局、assembly",
        "Topics": "Tides, moon",
        "New body": "",
        "New topic": "",
        "Anything else": "instruments:\n- {id: tide-act, articles: 6}\nnumber: 7\nparties: A, B",
    }
    status, told = run(world, issue(FORM["development"], said), capsys)
    assert status == 0, told
    text = (world / PATH).read_text(encoding="utf-8")
    lines = ("regulators: [toa, assembly]", "topics: [tides, moon]", '    articles: ["6"]',
             'number: "7"', 'parties: ["A, B"]')  # fmt: skip
    assert [line for line in lines if f"{line}\n" not in text] == []


@pytest.mark.parametrize(("further", "problems"), BAD_FURTHER)
def test_bad_yaml_is_located_in_its_field(
    world: Path, further: str, problems: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(world)
    status, said = run(world, issue(FORM["development"], {"Anything else": further}), capsys)
    assert status == 1
    told = said.split("```text\n")[1].split("\n```")[0].split("\n")
    assert len(told) == len(problems)
    for line, problem in zip(told, problems, strict=True):
        assert line.startswith("'Anything else', ")
        assert problem in line
    assert files(world) == before


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({"Topics": "waves"}, "'Topics'"),
        ({"Address": "toa"}, "'Address'"),
        ({"Publisher": ""}, "'Publisher'"),
        ({"Text": "<b>x</b>"}, "'Text'"),
        ({"New body": "name: Harbour Board\nkind: club\nabbreviation: HB"}, "'New body', hb"),
        ({"Instrument": "Act on Waves"}, "'Instrument'"),
    ],
)
def test_problems_are_told_at_their_field(
    world: Path, changed: dict[str, str], label: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = run(world, issue(FORM["development"], changed), capsys)
    assert status == 1
    assert f"```text\n{label}: " in said


def test_new_pages_may_name_each_other(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = {"New instrument": "name: Swell Rules\nrank: law\nissuers: 港口局; toa\ntext: On swell.",
           "Instrument": "swell rules"}  # fmt: skip
    status, said = run(world, issue(FORM["development"], new), capsys)
    assert status == 0, said
    page = (world / "docs/instruments/swell-rules.md").read_text(encoding="utf-8")
    assert "issuers: [hb, toa]" in page


def test_duplicates_are_pointed_out(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {"Title": "Tide Act adopted by Assembly", "Date": "2021-03-01", "Stage": "Passed",
            "Effective": "2021-06-01", "Bodies": "Assembly", "Topics": "Tides",
            "New body": "", "New topic": ""}  # fmt: skip
    status, said = run(world, issue(FORM["stage"], told), capsys)
    assert status == 0, said
    assert "These entries may tell of the same:\n\n```text\n2021-03-01-tide-act-passed (" in said


@pytest.mark.parametrize(("changed", "problems"), BAD)
def test_bad(
    world: Path, changed: dict[str, str], problems: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(world)
    status, said = run(world, issue(FORM["development"], changed), capsys)
    assert status == 1
    for problem in problems:
        assert problem in said
    assert files(world) == before
    assert said.startswith("The issue cannot become an entry yet:\n\n```text\n")


def test_an_entry_is_never_overwritten(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(world, issue(FORM["development"]), capsys)[0] == 0
    before = files(world)
    status, said = run(world, issue(FORM["development"], {"Text": "Other words."}), capsys)
    assert status == 1
    assert "exists already; is it the same?" in said
    assert files(world) == before


@pytest.mark.parametrize("amount", ["1e99999", "9" * 5000, "0." + "1" * 5000, "NaN", "-Infinity"])
def test_an_amount_takes_no_memory(
    world: Path, amount: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exponent is a number of any size in a few characters: it stays text."""
    before = files(world)
    status, said = run(world, issue(FORM["enforcement"], {"Amount": amount}), capsys)
    assert status == 1
    assert "'Amount': 'amount': must be a number; write 200000 or 106859.84" in said
    assert files(world) == before


def test_at_least_thirty_are_hostile() -> None:
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile(world: Path, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Only new files in the right places, which the check takes; and an answer that is inert."""
    before = files(world)
    around = sorted(path for path in world.parent.iterdir() if path.name != "issue.md")
    status, said = run(world, issue(FORM["development"], HOSTILE[number]), capsys)
    after = files(world)
    assert {path: after.get(path) for path in before} == before
    for path in after.keys() - before.keys():
        assert NEW_FILE.fullmatch(path), path
        assert Path(path).stem != "index"
    assert sorted(p for p in world.parent.iterdir() if p.name != "issue.md") == around
    assert status == (0 if after != before else 1)
    if status == 0:
        assert check.main([], world) == 0
    outside = BLOCK.sub("", said)
    assert not re.search(r"[<>@$\x00]|::|\.\./", outside), outside
    assert not re.search(r"(?m)^::", capsys.readouterr().out)


@pytest.mark.parametrize(
    "author", ["a b", "x](https://evil.example)", "@all", "-x", "${{ x }}", ""]
)
def test_odd_authors_are_not_named(
    world: Path, author: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = issue(FORM["development"])
    status, said = run(world, text, capsys, "--number", "7", f"--author={author}")
    assert status == 0
    assert said.startswith("The check finds no error in these files. From issue #7.\n")


def test_what_is_no_development(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(world)
    status, said = run(world, "### Hello\n\nworld", capsys)
    assert (status, said) == (3, "")
    assert files(world) == before


def blocks(said: str) -> list[str]:
    """What stands in the code blocks of an answer."""
    return [match[2] for match in BLOCK.finditer(said)]


def corrected(world: Path, capsys: pytest.CaptureFixture[str], **changed: str) -> str:
    """The answer to a correction of the Tide Act's entry; nothing has changed."""
    before = files(world)
    answers = {"Entry": TIDE, "What is wrong": "It is wrong."} | changed
    status, said = run(world, answered(FORM["correction"], answers), capsys)
    assert status == 3
    assert files(world) == before
    assert said.startswith("Thank you. A person compares this with the sources")
    return said


@pytest.mark.parametrize("name", NAMING)
def test_a_correction_finds_its_entry(
    world: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = corrected(world, capsys, Entry=name)
    assert f"The entry, and where its file can be edited: {EDIT}\n" in said
    assert blocks(said)[0] == f"{TIDE}: Assembly passes the Tide Act"


def test_a_correction_finds_its_entry_by_a_former_id(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(world, f"entries/2021/{TIDE}.md", "---\nThe", "aliases: [2021-03-tide-act]\n---\nThe")
    assert EDIT in corrected(world, capsys, Entry="https://world.example/entries/2021-03-tide-act/")


def test_a_correction_of_another_page(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = "https://world.example/instruments/tide-act/"
    file = "docs/instruments/tide-act.md"
    dead = "https://tides.example/act"
    said = corrected(world, capsys, **{"Entry": page, "Dead address": dead})
    assert f"file can be edited: https://code.example/world/edit/main/{file}\n" in said
    assert blocks(said) == [
        f'{file}:11: - {{kind: translation, publisher: Tide Translators, lang: en, url: "{dead}"}}'
    ]
    said = corrected(world, capsys, **{"Entry": file, "Dead address": "https://x.example"})
    assert said.endswith("The dead address does not stand there.\n")
    assert blocks(said) == []


@pytest.mark.parametrize(("changed", "difference"), CORRECTED)
def test_a_correction_is_ready_to_be_pasted(
    world: Path, changed: dict[str, str], difference: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The difference applies, the file passes, and one is the other."""
    _, shown, whole = blocks(corrected(world, capsys, **changed))
    assert shown == difference
    patch = world.parent / "correction.diff"
    patch.write_text(f"{shown}\n", encoding="utf-8")
    subprocess.run(["git", "apply", "--unidiff-zero", str(patch)], cwd=world, check=True)
    assert (world / "entries" / "2021" / f"{TIDE}.md").read_text(encoding="utf-8") == f"{whole}\n"
    assert check.main([], world) == 0


@pytest.mark.parametrize(("changed", "told"), UNCORRECTED)
def test_what_cannot_be_corrected_yet(
    world: Path, changed: dict[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = corrected(world, capsys, **changed)
    assert blocks(said)[-1] == told
    assert "```diff" not in said


@pytest.mark.parametrize("number", range(len(HOSTILE_CORRECTIONS)))
def test_hostile_corrections(world: Path, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    around = sorted(path.name for path in world.parent.iterdir())
    said = corrected(world, capsys, **HOSTILE_CORRECTIONS[number])
    outside = BLOCK.sub("", said)
    assert not re.search(r"[<>@$\x00]|(?<!https)::|\.\./", outside), outside
    assert len(outside) < 1_000
    assert len(said) < 60_000
    assert {path.name for path in world.parent.iterdir()} == {*around, "issue.md"}
    for whole in (block for block in blocks(said) if block.startswith("---\ntitle")):
        parts = take_apart(whole)
        assert parts.complaints == []
        assert not {"withdrawn", "aliases"} & parts.values.keys()


def test_each_form_is_known_by_its_headings() -> None:
    for form in FORMS:
        assert form_of(issue(form)) is form


def test_the_forms_are_those_of_the_code() -> None:
    folder = ROOT / ".github" / "ISSUE_TEMPLATE"
    made = form_files()
    for path, text in forms.made(ROOT).items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, "run scripts/forms.py"
    there = {p.relative_to(ROOT).as_posix(): p.read_text("utf-8") for p in folder.iterdir()}
    assert there == made, "run scripts/forms.py"
    for path, text in made.items():
        ids = [block["id"] for block in yaml.safe_load(text).get("body", [])]
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in ids), path
        assert len(ids) == len(set(ids)), path


def test_the_example_of_the_guide_is_an_entry() -> None:
    text = example().split("```")[1].removeprefix("yaml\n")
    parts = take_apart(text)
    assert parts.values == take_apart(file_text(Entry, EXAMPLE, "x")).values
    known = Project(ROOT).load().known
    assert list(parts.values) == Entry.keys()
    assert typed(Entry, parts.values, known)[1] == []


def test_a_guide_without_marks() -> None:
    with pytest.raises(ValueError, match="the guide needs the lines <!-- example -->"):
        with_example("nothing")
