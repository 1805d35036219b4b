"""Support for editors: check on every save, problem matcher, committed files and snippets."""

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import check
import contributor_files
import pytest
import watchfiles
import yaml
from bad_files import CASES, NO_FRONT_MATTER, TEXT
from conftest import OTHER_FIELD, ROOT, WORLD, WORLD_WARNING, copy_checkout, edit
from timeline.checks import Project
from timeline.config import read_site
from timeline.content.front_matter import parse_text
from timeline.problems import Problem
from timeline.schema.entry import (
    Basis,
    Change,
    Deadline,
    Effect,
    Entry,
    OtherDates,
    Penalty,
    Source,
    Step,
    Withdrawal,
)
from timeline.schema.introspect import field_specs
from timeline.schema.terms import TERMS
from timeline.schema.vocabulary import EntryType, Measure, Stage
from timeline.serve import FINISHED, STARTED, watch

ACT = "entries/2021/2021-03-01-tide-act-passed.md"


def test_watch_reports_a_mistake_until_it_is_corrected(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout", WORLD)
    command = [sys.executable, "scripts/check.py", "--watch"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by a shell's background jobs
    with subprocess.Popen(command, cwd=checkout, stderr=subprocess.PIPE, text=True) as process:
        overdue = threading.Timer(60, process.kill)
        overdue.start()
        assert process.stderr

        def printed() -> list[str]:
            """Return the lines of the next check."""
            lines: list[str] = []
            while not lines or lines[-1] not in {FINISHED, ""}:
                lines.append(process.stderr.readline().rstrip("\n") if process.stderr else "")
            return lines

        assert printed() == [STARTED, WORLD_WARNING, FINISHED]
        file = checkout / ACT
        valid = file.read_text(encoding="utf-8")
        file.write_text(valid.replace("[assembly]", "[assembli]"), encoding="utf-8")
        message = "there is no page 'assembli' in docs/regulators/; did you mean 'assembly'?"
        assert printed() == [STARTED, f"{ACT}:5: 'regulators': {message}", FINISHED]
        # Some editors save by replacing the file.
        (checkout / "entries/2021/.new").write_text(valid, encoding="utf-8")
        (checkout / "entries/2021/.new").replace(file)
        assert printed()[-2:] == [WORLD_WARNING, FINISHED]
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
        assert process.wait() == 0
        overdue.cancel()


def test_change_during_a_check_is_not_missed(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stopping in the middle of a check shows no traceback."""
    seen: list[str] = []

    def check_once() -> None:
        seen.append((world / ACT).read_text(encoding="utf-8"))
        if len(seen) == 2:
            raise KeyboardInterrupt
        edit(world, ACT, "Tide", "Ebb")

    watch(world, check_once)
    assert seen[1] == seen[0].replace("Tide", "Ebb")
    assert capsys.readouterr().err == f"{STARTED}\n{FINISHED}\n{STARTED}\n"


@pytest.mark.parametrize("has_watches", [True, False])
def test_watch_survives_a_removed_folder_and_the_limit_of_watches(
    world: Path, monkeypatch: pytest.MonkeyPatch, has_watches: bool
) -> None:
    system = watchfiles.watch

    def watched(*paths: Path, force_polling: bool | None, **options: Any) -> Iterator[Any]:
        if not (has_watches or force_polling):
            raise OSError("OS file watch limit reached")
        return system(*paths, force_polling=force_polling, **options)

    monkeypatch.setattr(watchfiles, "watch", watched)
    seen: list[bool] = []

    def check_once() -> None:
        seen.append((world / "entries").is_dir())
        if len(seen) == 1:
            (world / "entries").rename(world / "elsewhere")
        elif not seen[-1]:
            (world / "elsewhere").rename(world / "entries")
        elif False in seen:
            raise KeyboardInterrupt

    watch(world, check_once)
    assert (seen[0], seen[-1]) == (True, True)
    assert False in seen


@pytest.mark.parametrize("other", ["--fix", "--links"])
def test_watch_cannot_be_combined_with_fix_or_links(
    world: Path, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    with pytest.raises(SystemExit):
        check.main(["--watch", other], world)
    message = f"error: argument {other}: not allowed with argument --watch\n"
    assert capsys.readouterr().err.endswith(message)


def matcher() -> dict[str, dict[str, str]]:
    [task] = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    assert [task["command"], *task["args"]] == ["make", "watch"]
    found: dict[str, dict[str, str]] = task["problemMatcher"]
    return found


def problem(line: str) -> Problem | None:
    """Return the problem that the editor reads from a line."""
    pattern = matcher()["pattern"]
    found = re.search(pattern["regexp"], line)
    if not found:
        return None
    path, number, severity, message = (
        found[int(pattern[part])] for part in ("file", "line", "severity", "message")
    )
    return Problem(path, int(number), message, severity == "warning")


def test_problem_matcher_reads_every_line_of_the_check(world: Path) -> None:
    problems = Project(world).load().problems
    for number, case in enumerate(CASES):
        if case.path.startswith("entries/"):
            file = world / f"entries/2021/2021-06-01-x{number:03}.md"
            file.write_bytes(case.data)
    for name in ("50%, or so: 1.md", "法律：第1条.md"):
        (world / "entries/2021" / name).write_text("nothing", encoding="utf-8")
    problems += Project(world).load().problems
    # Line endings in a message are printed escaped; see test_check.py.
    printed = [found for found in problems if str(found).isprintable()]
    assert [problem(str(found)) for found in printed] == printed
    assert {found.warning for found in printed} == {True, False}
    assert {str(found) for found in printed} >= {
        f"entries/2021/50%, or so: 1.md:{NO_FRONT_MATTER}",
        f"entries/2021/法律：第1条.md:{NO_FRONT_MATTER}",
    }


def test_problem_matcher_recognises_the_start_and_end_of_a_check() -> None:
    background = matcher()["background"]
    lines = (STARTED, FINISHED, WORLD_WARNING)
    for key, line in (("beginsPattern", STARTED), ("endsPattern", FINISHED)):
        assert [one for one in lines if re.search(background[key], one)] == [line]
        assert problem(line) is None


# Files generated from the models


def test_committed_files_match_the_models() -> None:
    made = contributor_files.contributor_files(ROOT)
    there = {path: (ROOT / path).read_text(encoding="utf-8") for path in made}
    assert there == made, "run tools/contributor_files.py"
    folder = ROOT / contributor_files.FORM_FOLDER
    forms = {path for path in made if path.startswith(contributor_files.FORM_FOLDER)}
    assert {path.relative_to(ROOT).as_posix() for path in folder.iterdir()} == forms
    for path in forms:
        ids = [block["id"] for block in yaml.safe_load(made[path]).get("body", [])]
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in ids), path
        assert len(ids) == len(set(ids)), path


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    """A checkout for the other field, with its own example in the guide."""
    folder = copy_checkout(tmp_path / "fork", OTHER_FIELD)
    shutil.copy(ROOT / contributor_files.CITATION, folder)
    example = (OTHER_FIELD / "example.md").read_text(encoding="utf-8")
    guide = f"A\n<!-- example -->\n{example}<!-- /example -->\nB\n"
    (folder / contributor_files.GUIDE).write_text(guide, encoding="utf-8")
    return folder


def test_files_are_generated(fork: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The files contain the guide's example and the name of the site."""
    assert contributor_files.main(fork) == 0
    made = contributor_files.contributor_files(fork)
    assert {path: (fork / path).read_text(encoding="utf-8") for path in made} == made
    assert capsys.readouterr().out.splitlines() == list(made)
    assert "  - id: trial-guideline\n" in made["CONTRIBUTING.md"]
    for form in ("development", "stage", "enforcement"):
        assert "- id: trial-guideline" in made[f"{contributor_files.FORM_FOLDER}/{form}.yml"]
    name = read_site(fork).name
    assert f"title: {name}\n" in made["CITATION.cff"]
    assert f"- name: Contributors to the {name}\n" in made["CITATION.cff"]


def test_errors_in_the_example_are_reported(fork: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are reported if there is no entry that can replace the example."""
    edit(fork, "CONTRIBUTING.md", "topics: [vaccines]", "topics: [tides]")
    entries = {file: file.read_text(encoding="utf-8") for file in fork.rglob("entries/*/*.md")}
    for file in entries:
        file.unlink()
    assert contributor_files.main(fork) == 1
    message = (
        "'topics': there is no page 'tides' in docs/topics/; choose from oncology, vaccines, or "
        "add docs/topics/tides.md"
    )
    line = (fork / "CONTRIBUTING.md").read_text().split("\n").index("topics: [tides]") + 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.split("\n")[0]) == ("", f"CONTRIBUTING.md:{line}: {message}")
    for file, text in entries.items():
        file.write_text(text, encoding="utf-8")
    assert contributor_files.main(fork) == 0
    assert "tides" not in (fork / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert contributor_files.main(fork) == 0
    (fork / "CONTRIBUTING.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="the guide needs the lines <!-- example -->"):
        contributor_files.main(fork)


def test_example_of_the_guide_has_every_key() -> None:
    example = (OTHER_FIELD / "example.md").read_text(encoding="utf-8")
    text = contributor_files.explained(parse_text(example).values)
    parts = parse_text(text)
    assert parts.values == parse_text(example).values
    assert list(parts.values) == Entry.keys()
    comments = [line.strip() for line in text.splitlines() if line.strip().startswith("# ")]
    assert len(comments) == len(set(comments))
    assert comments[:3] == [
        "# headline in the present tense (required)",
        "# date on which it became public (required)",
        f"# nature of the development (required): {', '.join(EntryType)}",
    ]


ANSWERS = {
    "title": "TOA fines a harbour",
    "date": "2022-03-05",
    "added": "2022-03-05",
    "regulators": "toa",
    "topics": "tides",
    "publisher": "TOA",
    "lang": "en",
    "language": "en",
    "covers": "2022-02",
    "issued": "2022-03",
    "name": "Harbour Board",
}


def filled(snippet: dict[str, Any]) -> str:
    """Return the text of a snippet with all its placeholders filled in."""
    lines = []
    for line in snippet["body"]:
        key = line.removeprefix("  - ").strip().split(":")[0]
        chosen = re.sub(r"\$\{\d+\|([^,|]+)[^|]*\|\}", r"\1", line)
        lines.append(re.sub(r"\$\{\d+:.*\}", ANSWERS.get(key, ""), chosen))
    return "\n".join(lines).replace("$0", f"{TEXT}\n")


def test_snippets_make_valid_files(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The skeleton of each kind of file passes the check, and each key has a snippet."""
    snippets = json.loads(contributor_files.snippets())
    entry = world / "entries/2022/2022-03-05-toa-fines-a-harbour.md"
    entry.write_text(filled(snippets["Entry"]), encoding="utf-8")
    kinds = [model.__name__ for model in TERMS.values()]
    for kind in TERMS:
        page = filled(snippets[kind[:-1].capitalize()])
        (world / f"docs/{kind}/new.md").write_text(page, encoding="utf-8")
    assert check.main([], world) == 0
    unused = sorted(f"docs/{kind}/new.md:2: warning: nothing uses this page" for kind in TERMS)
    printed = capsys.readouterr().err.splitlines()
    assert printed == sorted([*unused, WORLD_WARNING])
    models = (Entry, Source, Step, Effect, OtherDates, Deadline, Penalty, Basis, Change, Withdrawal)
    keys = {f"{model.__name__}: {key}": key for model in models for key in field_specs(model)}
    assert list(snippets) == ["Entry", *kinds, *keys]
    assert all(snippets[name]["prefix"] == key for name, key in keys.items())
    assert all(snippets[name]["body"][0].startswith(f"{key}:") for name, key in keys.items())
    assert snippets["Step: stage"] == {
        "scope": "markdown",
        "prefix": "stage",
        "body": [f"stage: ${{1|{','.join(Stage)}|}}"],
        "description": "stage reached",
    }
    assert snippets["Entry: penalties"]["body"] == [
        "penalties:",
        "  - party: ${1:a company, body or class of parties; never a private person}",
        f"    measure: ${{2|{','.join(Measure)}|}}",
    ]
