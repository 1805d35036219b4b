"""Contributions that pass the check also pass the tests, tried in a copy of the project itself.

No contribution assumes that the project contains a particular entry or page: each uses whatever the
project contains, or adds the items that it needs.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import check
import pytest
from bad_files import TEXT
from conftest import ROOT
from timeline.checks import Project
from timeline.content.collection import Collection
from timeline.schema.entry import Entry

# The tests of a pull request, except those in the browser and this module.
QUICK = [
    "-m",
    "not site and not slow and not generated",
    "--numprocesses",
    "2",
    "--dist",
    "loadfile",
]
INNER = ["-m", "pytest", "-p", "no:cacheprovider", *QUICK]
NOT_COPIED = {".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", "build", "site"}
BASE = ("2014-01-01-withdrawn", "2014-02-02-corrected", "2014-03-03-renamed")

pytestmark = pytest.mark.slow


class Checkout:
    """A copy of the project in which a contributor changes files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        loaded = Project(root).load()
        assert loaded.collection is not None, [str(problem) for problem in loaded.problems]
        self.collection: Collection = loaded.collection
        self.today = loaded.index.today

    def write(self, path: str, front: str = "") -> None:
        """Write a file with this front matter; an entry also gets the required keys."""
        name = Path(path).stem
        needed = {}
        if path.startswith("entries/"):
            needed = {"title": f"Example development {name}", "date": name[:10], "type": "policy"}
            needed |= {"regulators": "[]", "topics": f"[{next(iter(self.collection.topics))}]"}
            needed["sources"] = "[{kind: news, publisher: Example News, lang: en}]"
            needed["added"] = str(self.today)
        given = set(re.findall(r"^[a-z_]+", front, re.MULTILINE))
        lines = [f"{key}: {value}\n" for key, value in needed.items() if key not in given]
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front}{''.join(lines)}---\n{TEXT}\n", encoding="utf-8")

    def plain_entry(self) -> Entry:
        """Return an entry that is not corrected, withdrawn, renamed or named by another file."""
        entries, prose = self.collection.entries, self.collection.prose.values()
        texts = [entry.body for entry in entries] + [page.body for page in prose]
        named = {name for entry in entries for name in entry.related}
        return next(
            entry
            for entry in entries
            if not (entry.changes or entry.withdrawn or entry.aliases or entry.id in named)
            and not any(entry.id in text for text in texts)
        )

    def add(self, entry: Entry, line: str) -> None:
        """Add a line to the front matter of an entry."""
        text = (self.root / entry.path).read_text(encoding="utf-8")
        text = text.replace("\nadded:", f"\n{line}\nadded:", 1)
        (self.root / entry.path).write_text(text, encoding="utf-8")


Contribution = Callable[[Checkout], None]


def _additions() -> dict[str, Contribution]:
    """Return the contributions that only add files, read from `contributions.txt`."""
    text = (ROOT / "tests" / "contributions.txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)

    def adding(described: str) -> Contribution:
        _, *files = re.split(r"^=== (.+)\n", f"{described.rstrip()}\n", flags=re.MULTILINE)

        def add(checkout: Checkout) -> None:
            for path, front in zip(files[::2], files[1::2], strict=True):
                checkout.write(path, front)

        return add

    return {name: adding(rest) for name, rest in zip(parts[::2], parts[1::2], strict=True)}


def item_of_each_listed_newsletter(checkout: Checkout) -> None:
    for name in checkout.collection.newsletters:
        checkout.write(f"entries/2025/2025-06-02-{name}.md", f"newsletters: [{name}]\n")


def successor_of_a_listed_instrument(checkout: Checkout) -> None:
    for name, law in list(checkout.collection.instruments.items())[:1]:
        front = f"name: Example Successor\nrank: {law.rank}\nreplaces: [{{id: {name}}}]\n"
        checkout.write("docs/instruments/example-successor.md", front)


def forty_entries(checkout: Checkout) -> None:
    for number in range(40):
        day = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
        checkout.write(f"entries/2025/{day}-one-of-forty-{number}.md")


def withdrawn_entry(checkout: Checkout) -> None:
    line = f"withdrawn: {{date: {checkout.today}, reason: Reported twice.}}"
    checkout.add(checkout.plain_entry(), line)


def corrected_entry(checkout: Checkout) -> None:
    line = f"changes: [{{date: {checkout.today}, note: The number was wrong.}}]"
    checkout.add(checkout.plain_entry(), line)


def renamed_entry(checkout: Checkout) -> None:
    entry = checkout.plain_entry()
    checkout.add(entry, f"aliases: [{entry.id}]")
    file = checkout.root / entry.path
    file.rename(file.with_stem(f"{entry.id}-renamed"))


OTHERS = (
    item_of_each_listed_newsletter,
    successor_of_a_listed_instrument,
    forty_entries,
    withdrawn_entry,
    corrected_entry,
    renamed_entry,
)
CONTRIBUTIONS = _additions() | {other.__name__: other for other in OTHERS}


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@a.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, as a repository whose branch `main` is published.

    Three entries are added, so that there is always something to change.
    """

    def unneeded(folder: str, names: list[str]) -> set[str]:
        return set(names) & ({"__pycache__"} | (NOT_COPIED if Path(folder) == ROOT else set()))

    root = tmp_path_factory.mktemp("contributions") / "project"
    shutil.copytree(ROOT, root, ignore=unneeded)
    checkout = Checkout(root)
    for name in BASE:
        checkout.write(f"entries/2014/{name}.md")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "The project")
    return root


@pytest.fixture
def checkout(project: Path) -> Iterator[Checkout]:
    """The copy of the project, which is reset after the test."""
    yield Checkout(project)
    git(project, "reset", "--quiet", "--hard", "main")
    git(project, "clean", "--quiet", "--force", "-d")


@pytest.mark.parametrize("contribute", CONTRIBUTIONS.values(), ids=CONTRIBUTIONS)
def test_contribution_passes_the_check(
    checkout: Checkout, contribute: Contribution, capsys: pytest.CaptureFixture[str]
) -> None:
    contribute(checkout)
    status = check.main(["--against=main"], checkout.root)
    errors = [line for line in capsys.readouterr().err.splitlines() if ": warning: " not in line]
    assert (status, errors) == (0, [])


def test_contributions_pass_the_tests(checkout: Checkout) -> None:
    for contribute in CONTRIBUTIONS.values():
        contribute(Checkout(checkout.root))
    assert check.main(["--against=main"], checkout.root) == 0
    done = subprocess.run(
        [sys.executable, *INNER],
        cwd=checkout.root,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5_000:]
