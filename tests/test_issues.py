"""Issues become files that pass the check, or get an answer; nothing else ever changes."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import check
import from_issue
import pytest
from conftest import WORLD, edit
from issue_texts import (
    BAD,
    BAD_YAML,
    BODY,
    CORRECTED,
    EDIT,
    ENTRY,
    FORM,
    FURTHER,
    GOOD,
    HOSTILE,
    HOSTILE_CORRECTIONS,
    LONG_NUMBERS,
    NAMING,
    PENALTY,
    TIDE,
    TIDE_FILE,
    UNCORRECTED,
    WARNINGS,
    WHOLE,
    answered,
    issue,
)
from timeline.content.front_matter import parse_text
from timeline.contribute.issue_forms import FORMS, form_of
from timeline.schema.terms import TERMS

PATH = "entries/2022/2022-03-04-toa-fines-harbour-over-missing-tide-tables.md"
WRITTEN = f"""\
The check found no errors in these files.

`docs/regulators/hb.md`

```markdown
{BODY.rstrip()}
```

`docs/topics/swell.md`

```markdown
---
name: Swell
---
What remains of a storm.
```

`{PATH}`

```markdown
{ENTRY.rstrip()}
```

{WARNINGS}"""
NEW_FILE = re.compile(rf"(entries/\d{{4}}|docs/({'|'.join(TERMS)}))/[a-z0-9-]+\.md")
BLOCK = re.compile(r"(?ms)^(`{3,})\w+\n(.*?)\n\1$")
NO_PAGES = {"New body": "", "New topic": "", "Bodies": "toa", "Topics": "tides"}
# The part of the world that issues need, as many issues with the whole world would be slow.
NEEDED = {"tide-act.md", "old-tide-law.md", "2021-03-01-tide-act-passed.md",
          "2018-03-01-old-tide-law-passed.md", "2021-harbours-pledge.md",
          "2022-02-01-moon-treaty.md"}  # fmt: skip


@pytest.fixture
def shore(tmp_path: Path) -> Path:
    """The world with only a few entries and instruments."""

    def unneeded(folder: str, names: list[str]) -> set[str]:
        is_large = Path(folder).parent.name == "entries" or Path(folder).name == "instruments"
        return set(names) - NEEDED if is_large else set()

    return Path(shutil.copytree(WORLD, tmp_path / "world", ignore=unneeded))


def files(world: Path) -> dict[str, bytes]:
    return {str(p.relative_to(world)): p.read_bytes() for p in world.rglob("*") if p.is_file()}


def run(world: Path, text: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    file = world.parent / "issue.md"
    file.write_text(text, encoding="utf-8", newline="")
    status = from_issue.main(["--date", "2022-03-05", *more, str(file)], world)
    return status, capsys.readouterr().out


def refused(problems: list[str]) -> tuple[int, str]:
    """Return the status and answer for an issue from which no entry can be made."""
    lines = "\n".join(problems)
    return 1, (
        "We could not create an entry from this issue:\n\n"
        f"```text\n{lines}\n```\n\nEdit the issue to run the check again.\n"
    )


def test_development_becomes_an_entry(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(world)
    status, answer = run(
        world, issue(FORM["development"]), capsys, "--number", "7", "--author", "shore-clerk"
    )
    from_whom = "files. From issue #7 by @shore-clerk.\n"
    assert (status, answer) == (0, WRITTEN.replace("files.\n", from_whom, 1))
    assert files(world) == before | {
        PATH: ENTRY.encode(),
        "docs/regulators/hb.md": BODY.encode(),
        "docs/topics/swell.md": b"---\nname: Swell\n---\nWhat remains of a storm.\n",
    }
    assert check.main([], world) == 0


@pytest.mark.parametrize(
    "author", ["a b", "x](https://evil.example)", "@all", "-x", "${{ x }}", ""]
)
def test_suspect_authors_are_not_named(
    shore: Path, author: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = issue(FORM["development"])
    found = run(shore, text, capsys, "--number", "7", f"--author={author}")
    assert found == (0, WRITTEN.replace("files.\n", "files. From issue #7.\n", 1))


def test_issue_is_read_from_standard_input(
    shore: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = issue(FORM["development"]).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert from_issue.main(["--date", "2022-03-05", "--kind", "development"], shore) == 0
    assert capsys.readouterr().out == WRITTEN


def test_penalty_and_stage_become_front_matter(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shore, issue(FORM["enforcement"]), capsys)[0] == 0
    written = ENTRY.replace("added:", f"{PENALTY}added:")
    assert (shore / PATH).read_text(encoding="utf-8") == written
    changed = {"Title": "Tide Act amended", "Stage": "Amended", "Effective": "2022-05-01",
               **NO_PAGES, "Topics": "潮汐", "Bodies": "assembly"}  # fmt: skip
    assert run(shore, issue(FORM["stage"], changed), capsys)[0] == 0
    text = (shore / "entries/2022/2022-03-04-tide-act-amended.md").read_text(encoding="utf-8")
    written = ENTRY.replace(GOOD["Title"], "Tide Act amended").replace("enforcement", "regulatory")
    written = written.replace("[toa, hb]", "[assembly]").replace("[tides, swell]", "[tides]")
    step = "  - id: tide-act\n    stage: amended\n    effective: 2022-05-01\n"
    assert text == written.replace("  - id: tide-act\n", step)


def test_issue_can_contain_a_complete_entry(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fields hold the first source, instrument and penalty; YAML holds everything else."""
    text = issue(FORM["enforcement"], {"Anything else": FURTHER, "Name of the file": "Tide tables"})
    assert run(shore, text, capsys)[0] == 0
    written = (shore / "entries/2022/2022-03-04-tide-tables.md").read_text(encoding="utf-8")
    assert written == WHOLE


def test_entry_can_be_given_as_yaml_only(shore: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The site's form does so, since an address cannot fill in a drop-down list on GitHub."""
    _, front, body = WHOLE.split("---\n")
    front = front.replace("added: 2022-03-05\n", "")
    given = {"Anything else": front, "Text": body, "Name of the file": "Tide tables"}
    given |= {key: GOOD[key] for key in ("New body", "New topic")}
    assert run(shore, answered(FORM["development"], given), capsys)[0] == 0
    written = (shore / "entries/2022/2022-03-04-tide-tables.md").read_text(encoding="utf-8")
    assert written == WHOLE


def test_new_pages_can_name_each_other(shore: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = {"New instrument": "name: Swell Rules\nrank: law\nissuers: 港口局; toa\ntext: On swell.",
           "Instrument": "swell rules"}  # fmt: skip
    assert run(shore, issue(FORM["development"], new), capsys)[0] == 0
    page = (shore / "docs/instruments/swell-rules.md").read_text(encoding="utf-8")
    assert page == "---\nname: Swell Rules\nrank: law\nissuers: [hb, toa]\n---\nOn swell.\n"


def test_new_pages_can_be_written_informally(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name alone, full-width colons, other words for keys, and a text of two paragraphs."""
    answer = (
        "Swell Rules\n\nRank：law\nChinese name: 涌浪规则\nIssuers：港口局、toa\n\n"
        "On swell: what remains\nof a storm.\n\nAnd more.\n\nName: Foam Rules\nrank: law"
    )
    new = {"New instrument": answer, "Instrument": "swell rules"}
    assert run(shore, issue(FORM["development"], new), capsys) == refused(
        ["'New instrument', foam-rules: there is no text under the front matter; say what happened"]
    )
    answer += "\ntext: On foam."
    text = issue(FORM["development"], new | {"New instrument": answer})
    assert run(shore, text, capsys)[0] == 0
    page = (shore / "docs/instruments/swell-rules.md").read_text(encoding="utf-8")
    assert page == (
        "---\nname: Swell Rules\nname_zh: 涌浪规则\nrank: law\nissuers: [hb, toa]\n---\n"
        "On swell: what remains of a storm.\n\nAnd more.\n"
    )
    assert (shore / "docs/instruments/foam-rules.md").exists()


def test_possible_duplicates_are_pointed_out(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"Title": "Tide Act adopted by Assembly", "Date": "2021-03-01", "Stage": "Passed",
             "Effective": "2021-06-01", **NO_PAGES, "Bodies": "Assembly of Tidewater"}  # fmt: skip
    status, answer = run(shore, issue(FORM["stage"], given), capsys)
    assert status == 0
    assert answer.partition("Possible duplicates:")[2] == (
        f"\n\n```text\n{TIDE} (the same day, the same regulator, the same stage of tide-act, "
        "similar titles)\n```\n"
    )


@pytest.mark.parametrize(
    ("form", "changed", "problems"),
    [
        *(("development", *case) for case in BAD),
        *(
            (
                "development",
                {"Anything else": written},
                [f"'Anything else', line {problem}" for problem in problems],
            )
            for written, problems in BAD_YAML
        ),
        *(
            (
                "enforcement",
                {"Amount": amount},
                [
                    f"'amount' has {len(amount):,} characters; at most 3,000 are allowed"
                    if len(amount) > 3_000
                    else "'Amount': must be a number; write it like 200000 or 106859.84"
                ],
            )
            for amount in LONG_NUMBERS
        ),
    ],
)
def test_problems_of_an_issue_are_reported(
    shore: Path,
    capsys: pytest.CaptureFixture[str],
    form: str,
    changed: dict[str, str],
    problems: list[str],
) -> None:
    """Every problem is reported with its field, and nothing is written."""
    before = files(shore)
    assert run(shore, issue(FORM[form], changed), capsys) == refused(problems)
    assert files(shore) == before


def test_wrong_list_is_reported_with_its_field_or_line(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The item from fields is reported with its field, and further items with their line."""
    further = "penalties:\n- {party: X, measure: warning, amount: many, currency: CNY}"
    changed = {"Currency": "", "Anything else": further}
    assert run(shore, issue(FORM["enforcement"], changed), capsys) == refused(
        [
            "'Party': an amount needs its 'currency', such as EUR",
            (
                "'Anything else', line 2: 'amount': must be a number; write it like 200000 or "
                "106859.84"
            ),
        ]
    )


def test_nothing_is_overwritten(shore: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If one of the files exists already, none is written."""
    (shore / "docs/topics/swell.md").write_text("---\nname: X\n---\nX.\n", encoding="utf-8")
    before = files(shore)
    status, answer = run(shore, issue(FORM["development"]), capsys)
    assert (status, answer) == refused(["docs/topics/swell.md already exists; is it the same?"])
    assert files(shore) == before


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_issue_is_harmless(
    shore: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only new, valid files in the right places are written, and the answer is inert."""
    before = files(shore)
    status, answer = run(shore, issue(FORM["development"], HOSTILE[number]), capsys)
    after = files(shore)
    assert {path: after.get(path) for path in before} == before
    for path in after.keys() - before.keys():
        assert NEW_FILE.fullmatch(path), path
        assert Path(path).stem != "index"
    assert {path.name for path in shore.parent.iterdir()} == {"issue.md", "world"}
    assert status == (0 if after != before else 1)
    if status == 0:
        assert check.main([], shore) == 0
        assert capsys.readouterr().out == ""
    outside = BLOCK.sub("", answer)
    assert not re.search(r"[<>@$\x00]|::|\.\./", outside), outside


def test_same_answer_given_twice_is_not_a_conflict(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"Anything else": "type: enforcement\ntopics: [tides, swell]\ndate: 2022-03-04"}
    assert run(shore, issue(FORM["development"], given), capsys) == (0, WRITTEN)


def test_changed_headings_are_reported(shore: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = issue(FORM["development"])
    changed = text.replace("### Title", "### Titles", 1).replace("### Bodies", "### Who")
    assert run(shore, changed, capsys) == refused(
        [
            "the form's heading '### Title' is missing, perhaps changed to 'Titles'; restore it",
            "the form's heading '### Bodies' is missing; restore it",
        ]
    )
    first, second, rest = text.split("### ", 3)[1:]
    labels = " / ".join(question.label for question in FORM["development"].questions)
    assert run(shore, f"### {second}### {first}### {rest}", capsys) == refused(
        [f"the headings are not in the order of the form: {labels}"]
    )


def test_issue_with_most_headings_missing_is_refused(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "### Title\n\nA\n\n### Date\n\n2022\n\n### Text\n\nB"
    message = "most headings of the form “New stage of an instrument” are missing; open a new issue"
    assert run(shore, text, capsys) == refused([f"{message} with it"])


@pytest.mark.parametrize("text", ["### Hello\n\nworld", "", "### Title\n\nA"])
def test_issue_without_a_form_is_ignored(
    shore: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(shore)
    assert run(shore, text, capsys) == (3, "")
    assert files(shore) == before


def test_each_form_is_recognised_by_its_headings() -> None:
    for form in FORMS:
        assert form_of(issue(form)) is form
        assert form_of(issue(form).replace(f"### {form.questions[-1].label}\n", "")) is not form


# Corrections


def blocks(answer: str) -> list[str]:
    """Return the contents of an answer's code blocks."""
    return [match[2] for match in BLOCK.finditer(answer)]


def corrected(world: Path, capsys: pytest.CaptureFixture[str], **changed: str) -> str:
    """Return the answer to a correction of the Tide Act's entry, which must not change files."""
    before = files(world)
    answers = {"Entry": TIDE, "What is wrong": "It is wrong."} | changed
    status, answer = run(world, answered(FORM["correction"], answers), capsys)
    assert status == 3
    assert files(world) == before
    thanks, _, rest = answer.partition("\n\n")
    assert thanks.rstrip() == (
        "Thank you. A maintainer will check this against the sources. If it is right, the entry "
        "will be corrected and the change noted under `changes`."
    )
    return rest


@pytest.mark.parametrize("name", NAMING)
def test_entry_of_a_correction_is_recognised(
    shore: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(shore, TIDE_FILE, "added: 2021", "aliases: [2021-03-tide-act]\nadded: 2021")
    answer = corrected(shore, capsys, Entry=name)
    entry = f"{EDIT}\n\n```text\n{TIDE}: Assembly passes the Tide Act\n```\n\n"
    assert answer.startswith(f"The file of this entry can be edited here: {entry}The proposed")


def test_correction_of_another_page_is_explained(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = "docs/instruments/tide-act.md"
    where = f"The file of this page can be edited here: https://code.example/world/edit/main/{file}"
    page, dead = "https://world.example/instruments/tide-act/", "https://tides.example/act"
    line = f'{{kind: translation, publisher: Tide Translators, lang: en, url: "{dead}"}}'
    assert corrected(shore, capsys, **{"Entry": page, "Dead address": dead}) == (
        f"{where}\n\nThe dead address is here:\n\n```text\n{file}:11: - {line}\n```\n"
    )
    answer = corrected(shore, capsys, **{"Entry": file, "Dead address": "https://x.example"})
    assert answer == f"{where}\n\nThe dead address is not in this file.\n"
    assert corrected(shore, capsys, Entry=file) == f"{where}\n"


def test_correction_is_answered_despite_errors_in_other_entries(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shore / "entries/2022/2022-03-01-bad.md").write_text("nothing", encoding="utf-8")
    assert corrected(shore, capsys).startswith("The file of this entry can be edited here: ")


@pytest.mark.parametrize(("changed", "difference"), CORRECTED)
def test_correction_is_returned_ready_to_paste(
    shore: Path, changed: dict[str, str], difference: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The diff applies, and its result is valid and equals the complete file in the answer."""
    *_, shown, whole = blocks(corrected(shore, capsys, **changed))
    assert f"{shown}\n" == difference
    patch = shore.parent / "correction.diff"
    patch.write_text(f"{shown}\n", encoding="utf-8")
    subprocess.run(["git", "apply", "--unidiff-zero", str(patch)], cwd=shore, check=True)
    assert (shore / TIDE_FILE).read_text(encoding="utf-8") == f"{whole}\n"
    assert check.main([], shore) == 0


def test_old_date_in_the_text_is_pointed_out(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(shore, TIDE_FILE, "- Others follow.", "- Others follow on 1 January.")
    rows = "[{id: tide-act, effective: [{date: 2021-06-01}, {date: 2022-02-01}]}]"
    answer = corrected(shore, capsys, **{"Keys as they should be": f"instruments: {rows}"})
    line = f"{TIDE_FILE}:35: - Others follow on 1 January."
    assert (
        f"The text still has the old date; correct it there too:\n\n```text\n{line}\n```" in answer
    )


def test_items_that_a_correction_would_remove_are_listed(
    shore: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "[{id: tide-act, effective: 2021-06-02}]"
    answer = corrected(shore, capsys, **{"Keys as they should be": f"instruments: {rows}"})
    lost = "effective: 2 items before, 1 after"
    assert f"give such a list in full, with the items that stay:\n\n```text\n{lost}\n```" in answer


@pytest.mark.parametrize(("changed", "rest"), UNCORRECTED)
def test_reason_why_a_correction_is_impossible_is_given(
    shore: Path, changed: dict[str, str], rest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = corrected(shore, capsys, **changed)
    entry = f"```text\n{TIDE}: Assembly passes the Tide Act\n```\n\n"
    assert answer.partition(entry)[2 if entry in answer else 0] == rest


@pytest.mark.parametrize("number", range(len(HOSTILE_CORRECTIONS)))
def test_hostile_correction_is_harmless(
    shore: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = corrected(shore, capsys, **HOSTILE_CORRECTIONS[number])
    outside = BLOCK.sub("", answer)
    assert not re.search(r"[<>@$\x00]|(?<!https)::|\.\./", outside), outside
    assert len(outside) < 1_000
    assert len(answer) < 60_000
    assert {path.name for path in shore.parent.iterdir()} == {"issue.md", "world"}
    for whole in (block for block in blocks(answer) if block.startswith("---\ntitle")):
        parts = parse_text(whole)
        assert parts.errors == []
        assert not {"withdrawn", "aliases"} & parts.values.keys()
