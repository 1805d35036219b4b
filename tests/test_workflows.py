"""The workflows: pinned, with least permissions, and never running what a stranger wrote."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_workflow(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    uses = [line for line in text.splitlines() if "uses:" in line]
    assert uses
    for line in uses:
        assert PINNED.search(line), line
    data = yaml.safe_load(text)
    assert data["permissions"] == {}
    assert "concurrency" in data
    for job in data["jobs"].values():
        assert "permissions" in job
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_a_pull_request_writes_nothing() -> None:
    check = read("check")
    assert list(check[True]) == ["pull_request"]  # YAML reads `on` as true
    assert [job["name"] for job in check["jobs"].values()] == ["Entries", "Code", "Site"]
    for job in check["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
    for name in ("links", "publish", "issue"):
        assert "pull_request" not in read(name)[True]
    assert "secrets" not in "".join(file.read_text(encoding="utf-8") for file in FILES)


def test_the_text_of_a_stranger_is_made_inert(tmp_path: Path) -> None:
    """The very commands of the workflow, on a hostile comment."""
    run = read("comment")["jobs"]["comment"]["steps"][1]["run"]
    found = re.search(r'head -c 60000 .*?(?= > "\$RUNNER_TEMP)', run, re.DOTALL)
    assert found
    (tmp_path / "comment.md").write_bytes(b"@all <img src=x> ![x](y)\0\xff end" + b"x" * 70_000)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", found[0]],
        env={"FOLDER": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    text = done.stdout.decode()
    assert text.startswith("@\u200ball \u2039img src=x> [x](y) end")
    assert len(text) <= 60_010


def test_linters() -> None:
    folder = Path(sys.executable).parent
    for command in (["zizmor", "--offline", "--quiet", ".github"], ["actionlint"]):
        done = subprocess.run(
            [str(folder / command[0]), *command[1:]],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
