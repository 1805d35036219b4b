"""The workflows: pinned, with least permissions, and never running what a stranger wrote."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from runner import FOLDER, workflow

FILES = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


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
    check = workflow("check")
    assert list(check[True]) == ["pull_request"]  # YAML reads `on` as true
    assert [job["name"] for job in check["jobs"].values()] == ["Entries", "Code", "Site"]
    for job in check["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
    for name in ("links", "publish", "issue"):
        assert "pull_request" not in workflow(name)[True]
    assert "secrets" not in "".join(file.read_text(encoding="utf-8") for file in FILES)


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
