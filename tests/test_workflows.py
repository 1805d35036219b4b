"""Workflows have pinned actions, least permissions and no untrusted text in commands."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from runner import FOLDER, workflow

FILES = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r" +(- )?uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
MAX_MINUTES = 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_workflow_has_pinned_actions_and_least_permissions(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    uses = [line for line in text.splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line)] == []
    assert "secrets" not in text
    data = yaml.safe_load(text)
    assert data["permissions"] == {}
    assert "concurrency" in data
    for job in data["jobs"].values():
        assert "permissions" in job
        assert job["timeout-minutes"] <= MAX_MINUTES
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_pull_request_cannot_write() -> None:
    check = workflow("check")
    assert list(check[True]) == ["pull_request"]  # YAML reads `on` as true
    assert {job["name"]: job["permissions"] for job in check["jobs"].values()} == {
        name: {"contents": "read"} for name in ("Entries", "Code", "Site")
    }
    triggers = {file.stem: list(workflow(file.stem)[True]) for file in FILES}
    assert [name for name, on in triggers.items() if "pull_request" in on] == ["check"]
    assert [name for name, on in triggers.items() if "pull_request_target" in on] == []


def test_code_is_tested_with_every_supported_python() -> None:
    job = workflow("check")["jobs"]["code"]
    versions = job["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert versions == ["3.11", "3.12", "3.13"]
    assert project["requires-python"] == f">={versions[0]}"
    setup = [step for step in job["steps"] if "setup-python" in step.get("uses", "")]
    assert [step["with"]["python-version"] for step in setup] == ["${{ matrix.python }}"]


def test_job_that_reads_an_issue_cannot_write() -> None:
    jobs = workflow("issue")["jobs"]
    assert jobs["convert"]["permissions"] == {"contents": "read"}
    assert "from_issue.py" in str(jobs["convert"])
    assert "scripts/" not in str(jobs["publish"])
    assert "issue.body" not in str(jobs["publish"])
