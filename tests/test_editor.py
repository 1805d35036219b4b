"""The check in an editor: again at every save, and its lines read as problems at their places."""

import errno
import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import check
import pytest
from bad_files import CASES
from conftest import ROOT, WORLD, copy_checkout, edit
from timeline.build import watching
from timeline.build.watching import BEGINS, ENDS
from timeline.contributing.snippets import SNIPPETS, TODAY
from timeline.model.entry import Entry
from timeline.model.problems import Problem
from timeline.model.vocabulary import Stage
from timeline.source.project import Project
from watchdog.observers.polling import PollingObserver

PASSED = "entries/2021/2021-03-01-tide-act-passed.md"
UNUSED = "docs/regulators/old-toa.md:2: warning: nothing uses this page"


def test_watching(tmp_path: Path) -> None:
    """It tells of a mistake when it is saved, and that it is gone when it is mended."""
    clone = copy_checkout(tmp_path / "clone", WORLD)
    command = [sys.executable, "scripts/check.py", "--watch"]
    with subprocess.Popen(command, cwd=clone, stderr=subprocess.PIPE, text=True) as process:
        overdue = threading.Timer(60, process.kill)
        overdue.start()
        assert process.stderr

        def told() -> list[str]:
            lines: list[str] = []
            while not lines or lines[-1] not in {ENDS, ""}:
                lines.append(process.stderr.readline().rstrip("\n") if process.stderr else "")
            return lines

        assert told() == [BEGINS, UNUSED, ENDS]
        file = clone / PASSED
        sound = file.read_text(encoding="utf-8")
        file.write_text(sound.replace("[assembly]", "[assembli]"), encoding="utf-8")
        said = "there is no page in docs/regulators/ 'assembli'; did you mean 'assembly'?"
        assert told() == [BEGINS, f"{PASSED}:5: 'regulators': {said}", ENDS]
        # As editors save: another file takes its place.
        (clone / "entries/2021/.new").write_text(sound, encoding="utf-8")
        (clone / "entries/2021/.new").replace(file)
        assert told()[-3:] == [BEGINS, UNUSED, ENDS]
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
        assert process.wait() == 0
        overdue.cancel()


def test_watching_where_the_system_watches_enough_already(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refused(PollingObserver):
        def start(self) -> None:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(watching, "Observer", Refused)
    seen = []

    def check() -> None:
        seen.append((world / PASSED).read_text(encoding="utf-8"))
        if len(seen) == 2:
            raise KeyboardInterrupt
        threading.Timer(1, edit, (world, PASSED, "Tide", "Ebb")).start()

    watching.watch(world, check)
    assert seen[1] == seen[0].replace("Tide", "Ebb")
    assert capsys.readouterr().err == f"{BEGINS}\n{ENDS}\n{BEGINS}\n"


def test_watching_mends_nothing(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        check.main(["--watch", "--fix"], world)
    assert "not allowed with" in capsys.readouterr().err


def matcher() -> dict[str, dict[str, str]]:
    [task] = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    assert [task["command"], *task["args"]] == ["make", "watch"]
    found: dict[str, dict[str, str]] = task["problemMatcher"]
    return found


def problem(line: str) -> Problem | None:
    """What the editor makes of a line."""
    pattern = matcher()["pattern"]
    found = re.search(pattern["regexp"], line)
    if not found:
        return None
    path, number, severity, message = (
        found[int(pattern[part])] for part in ("file", "line", "severity", "message")
    )
    return Problem(path, int(number), message, severity == "warning")


def test_the_editor_reads_every_line_of_the_check(world: Path) -> None:
    problems = Project(world).load().problems
    for number, case in enumerate(CASES):
        if case.path.startswith("entries/"):
            file = world / f"entries/2021/2021-06-01-x{number:03}.md"
            file.write_bytes(case.data)
    for name in ("50%, or so: 1.md", "法律：第1条.md"):
        (world / "entries/2021" / name).write_text("nothing", encoding="utf-8")
    problems += Project(world).load().problems
    assert len(problems) > 100
    assert {found.warning for found in problems} == {True, False}
    # A line end in a message is shown escaped; see test_check.py.
    assert [problem(str(found)) for found in problems if str(found).isprintable()] == [
        found for found in problems if str(found).isprintable()
    ]


def test_the_editor_knows_where_a_check_begins_and_ends() -> None:
    background = matcher()["background"]
    for key, line in (("beginsPattern", BEGINS), ("endsPattern", ENDS)):
        assert [said for said in (BEGINS, ENDS, UNUSED) if re.search(background[key], said)] == [
            line
        ]
        assert problem(line) is None


ANSWERS = {
    "title": "TOA fines a harbour",
    "regulators": "toa",
    "topics": "tides",
    "publisher": "TOA",
    "lang": "en",
    "name": "Harbour Board",
}


def filled(snippet: dict[str, list[str]]) -> str:
    """What stands in the file after somebody has gone through the places of a snippet."""
    lines = []
    for line in snippet["body"]:
        key = line.replace("- ", "").split(":")[0].strip()
        said = re.sub(r"\$\{\d+\|([^,|]+)[^|]*\|\}", r"\1", line).replace(TODAY, "2022-03-05")
        said = re.sub(r"\$\{\d+:(20[^}]*)\}", r"\1", said)
        lines.append(re.sub(r"\$\{\d+:.*\}", ANSWERS.get(key, "x"), said))
    return "\n".join(lines).replace("$0", "It has begun.\n")


def test_the_frames_of_the_editor_pass_the_check(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snippets = json.loads((ROOT / SNIPPETS).read_text(encoding="utf-8"))
    entry = world / "entries/2022/2022-03-05-toa-fines-a-harbour.md"
    entry.write_text(filled(snippets["Entry"]), encoding="utf-8")
    pages = {"Regulator": "regulators", "Topic": "topics", "Instrument": "instruments"}
    for name, kind in pages.items():
        (world / f"docs/{kind}/new.md").write_text(filled(snippets[name]), encoding="utf-8")
    assert check.main([], world) == 0, capsys.readouterr().err
    for key in Entry.keys():  # noqa: SIM118 - a class, no mapping
        lines = snippets[f"Entry: {key}"]["body"]
        assert lines[0].startswith(f"{key}:")
    assert snippets["Step: stage"] == {
        "scope": "markdown",
        "prefix": "stage",
        "body": [f"stage: ${{1|{','.join(Stage)}|}}"],
        "description": "what happened to it",
    }
