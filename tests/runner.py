"""A small stand-in for GitHub's runner: the very steps of a workflow, in a clone of a small world.

What a step prints, writes and pushes is real. Only `gh` and `make` are not: they write down what
they were asked, and answer what a test has them answer.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT, WORLD, copy_checkout

FOLDER = ROOT / ".github" / "workflows"
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
WHO = {f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
STUB = """\
#!{python}
import json, os, pathlib, sys
here, asked = pathlib.Path(__file__), sys.argv[1:]
if "--body-file" in asked:
    file = asked.index("--body-file") + 1
    asked[file] = pathlib.Path(asked[file]).read_text()
told = {{key: os.environ[key] for key in ("SITE_URL", "EDIT_URI") if key in os.environ}}
with (here.parent / "calls").open("a") as calls:
    calls.write(json.dumps([here.name, *asked, *([told] if told else [])]) + "\\n")
answers = json.loads((here.parent / "answers").read_text())
answer = answers.get(" ".join([here.name, *asked[:2]]), "")
sys.exit(answer) if isinstance(answer, int) else print(answer, end="\\n" if answer else "")
"""


def workflow(name: str) -> Any:
    """A workflow as data."""
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


def step_of(name: str, step: str) -> Any:
    """The step of a workflow that has this name."""
    jobs = workflow(name)["jobs"].values()
    return next(found for job in jobs for found in job["steps"] if found.get("name") == step)


@dataclass(frozen=True)
class Done:
    """What became of a step."""

    status: int
    printed: str
    outputs: str
    calls: list[list[Any]]  # in order, each with its words, a file of text as that text


class Runner:
    """A clone of the invented world, and its origin."""

    def __init__(self, folder: Path) -> None:
        self.repository = "shore/tides"
        self.home = folder
        self.clone = copy_checkout(folder / "clone", WORLD)
        self.origin = folder / "origin.git"
        self.temp = folder / "temp"
        self.programs = folder / "bin"
        self.temp.mkdir()
        self.programs.mkdir()
        (self.clone / ".gitignore").write_text("/.venv\n__pycache__/\n", encoding="utf-8")
        (self.clone / ".venv").symlink_to(sys.prefix)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("start")
        self.git("clone", "--quiet", "--bare", ".", str(self.origin))
        self.git("remote", "add", "origin", str(self.origin))

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of this machine's but its programs."""
        path = f"{self.programs}:/usr/local/bin:/usr/bin:/bin"
        plain = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
        return {"HOME": str(self.home), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", **plain}

    def git(self, *arguments: str) -> str:
        """What git prints."""
        return subprocess.run(
            ["git", *arguments],
            cwd=self.clone,
            env=self.environment | WHO,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def commit(self, message: str) -> str:
        """Commit all that stands in the clone. Returns the commit."""
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
    ) -> Done:
        """Run a step as GitHub does.

        `given`: the value of each expression that it uses. `answers`: the first words of a call ->
        what it prints, or the status with which it fails. `event`: what started the workflow.
        """
        found = step_of(name, step)
        values = {"runner.temp": str(self.temp), "github.token": "t", **(given or {})}
        own = {
            key: EXPRESSION.sub(lambda match: values[match[1]], value)
            for key, value in found.get("env", {}).items()
        }
        self._stubs(answers or {})
        outputs = self.temp / "outputs"
        outputs.write_text("", encoding="utf-8")
        script = self.temp / "step.sh"
        script.write_text(found["run"], encoding="utf-8")
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
        said = [json.loads(call) for call in calls]
        return Done(done.returncode, done.stdout, outputs.read_text(encoding="utf-8"), said)

    def _stubs(self, answers: dict[str, str | int]) -> None:
        (self.programs / "answers").write_text(json.dumps(answers), encoding="utf-8")
        (self.programs / "calls").write_text("", encoding="utf-8")
        for name in ("gh", "make"):
            program = self.programs / name
            program.write_text(STUB.format(python=sys.executable), encoding="utf-8")
            program.chmod(0o755)
