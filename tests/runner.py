"""A minimal GitHub runner, which runs the steps of a workflow in a clone of the invented world.

Steps really print, write and push. Only `gh` and `make` are stubs, which record their arguments
and print the answers that a test sets.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT, WORLD, copy_checkout

FOLDER = ROOT / ".github" / "workflows"
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
IDENTITY = {
    f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")
}
STUB = """\
import json, os, pathlib, sys
folder, call = pathlib.Path(__file__).parent, sys.argv[1:]
if "--body-file" in call:
    file = call.index("--body-file") + 1
    call[file] = pathlib.Path(call[file]).read_text(encoding="utf-8")
settings = {key: os.environ[key] for key in ("SITE_URL", "EDIT_URI") if key in os.environ}
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps([*call, *([settings] if settings else [])]) + "\\n")
answer = json.loads((folder / "answers").read_text()).get(" ".join(call[:3]), "")
sys.exit(answer) if isinstance(answer, int) else print(answer, end="\\n" if answer else "")
"""


def workflow(name: str) -> Any:
    """Return a parsed workflow."""
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


def step_of(name: str, step: str) -> Any:
    """Return the step of a workflow with this name."""
    jobs = workflow(name)["jobs"].values()
    return next(found for job in jobs for found in job["steps"] if found.get("name") == step)


@dataclass(frozen=True)
class Result:
    """The result of a step."""

    status: int
    printed: str
    outputs: str
    calls: list[list[Any]]  # arguments of each call, in order; a body file as its text


class Runner:
    """A clone of the invented world with its own origin."""

    def __init__(self, folder: Path) -> None:
        self.repository = "shore/tides"
        self.home = folder
        self.clone = folder / "clone"
        self.temp = folder / "temp"
        self.programs = folder / "bin"

    def prepare(self) -> None:
        """Create the clone and its origin."""
        copy_checkout(self.clone, WORLD)
        self.temp.mkdir()
        self.programs.mkdir()
        (self.clone / ".gitignore").write_text("/.venv\n__pycache__/\n", encoding="utf-8")
        (self.clone / ".venv").symlink_to(sys.prefix)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("start")
        self.git("clone", "--quiet", "--bare", ".", "../origin.git")
        self.git("remote", "add", "origin", "../origin.git")

    def copy(self, folder: Path) -> "Runner":
        """Return a copy in another folder."""
        shutil.copytree(self.home, folder, symlinks=True)
        return Runner(folder)

    @property
    def environment(self) -> dict[str, str]:
        """An environment that takes only the programs from this machine."""
        path = f"{self.programs}:/usr/local/bin:/usr/bin:/bin"
        plain = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
        return {"HOME": str(self.home), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", **plain}

    def git(self, *arguments: str) -> str:
        """Run git, and return its output."""
        return subprocess.run(
            ["git", *arguments],
            cwd=self.clone,
            env=self.environment | IDENTITY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def commit(self, message: str) -> str:
        """Commit every change in the clone, and return the commit's hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def step(
        self,
        name: str,
        step: str,
        given: dict[str, str] | None = None,
        answers: dict[str, str | int] | None = None,
        event: Any = None,
    ) -> Result:
        """Run a step as GitHub does.

        `given`: the value of each expression that the step uses. `answers`: the first words of a
        call -> its output, or the status with which it fails. `event`: the payload of the event
        that started the workflow.
        """
        definition = step_of(name, step)
        values = {"runner.temp": str(self.temp), "github.token": "t", **(given or {})}
        own = {
            key: EXPRESSION.sub(lambda match: values[match[1]], value)
            for key, value in definition.get("env", {}).items()
        }
        self._write_stubs(answers or {})
        outputs = self.temp / "outputs"
        outputs.write_text("", encoding="utf-8")
        script = self.temp / "step.sh"
        script.write_text(definition["run"], encoding="utf-8")
        (self.temp / "event.json").write_text(json.dumps(event), encoding="utf-8")
        runner = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_REPOSITORY_OWNER": self.repository.split("/")[0],
            "RUNNER_TEMP": str(self.temp),
        }
        done = subprocess.run(
            ["bash", "-e", str(script)],
            cwd=self.clone,
            env=self.environment | runner | own,
            capture_output=True,
            text=True,
            check=False,
        )
        calls = (self.programs / "calls").read_text(encoding="utf-8").splitlines()
        found = [json.loads(call) for call in calls]
        return Result(done.returncode, done.stdout, outputs.read_text(encoding="utf-8"), found)

    def _write_stubs(self, answers: dict[str, str | int]) -> None:
        (self.programs / "answers").write_text(json.dumps(answers), encoding="utf-8")
        (self.programs / "calls").write_text("", encoding="utf-8")
        stub = self.programs / "stub.py"
        stub.write_text(STUB, encoding="utf-8")
        for name in ("gh", "make"):
            program = self.programs / name
            command = shlex.join([sys.executable, str(stub), name])
            program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
            program.chmod(0o755)
