"""A failed build leaves the last good site unchanged, and reports the failure in one line."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WORLD, WORLD_DAY, build, copy_checkout, edit, mkdocs
from test_site import digests
from timeline.output import locked

pytestmark = pytest.mark.site
ENTRY = "entries/2022/2022-02-01-moon-treaty.md"
COMMAND = [sys.executable, "-m", "mkdocs", "build", "--strict"]
ENVIRONMENT = os.environ | {"NO_MKDOCS_2_WARNING": "1", "AS_OF": WORLD_DAY}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that has changed since it was built."""
    folder = copy_checkout(tmp_path_factory.mktemp("last") / "checkout", WORLD)
    build(folder, AS_OF=WORLD_DAY)
    edit(folder, ENTRY, "A treaty", "A new treaty")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def failed_search(folder: Path) -> dict[str, str]:
    edit(folder, ENTRY, "A treaty", "A new treaty")  # or the last index would be reused
    program = folder / "failing"
    program.write_text("#!/bin/sh\necho no memory >&2; exit 1\n", encoding="utf-8")
    program.chmod(0o755)
    module = f"def get_executable():\n    return {str(program)!r}\n"
    (folder / "pagefind_bin.py").write_text(module, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def broken_template(folder: Path) -> dict[str, str]:
    edit(folder, "theme/main.html", "{{ page.content }}", "{{ page.content.no.such }}")
    return {}


def dead_link(folder: Path) -> dict[str, str]:
    edit(folder, "docs/about.md", "\n---\n", "\n---\n[x](nowhere.md)\n")
    return {}


def half_written_entry(folder: Path) -> dict[str, str]:
    (folder / "entries/2022/half.md").write_text("---\ntitle: Half wr", encoding="utf-8")
    return {}


@pytest.mark.parametrize(
    ("breaks", "printed"),
    [
        (failed_search, "the search index was not made: no memory; the last site is kept"),
        (broken_template, "UndefinedError: 'str object' has no attribute 'no'; the last site is"),
        (dead_link, "Aborted with 1 warnings in strict mode!; the last site is kept"),
        (half_written_entry, "the entries have errors; nothing was built"),
    ],
)
def test_failed_build_keeps_the_site_and_prints_no_traceback(
    breaks: Callable[[Path], dict[str, str]], printed: str, tmp_path: Path
) -> None:
    checkout = copy_checkout(tmp_path, WORLD)
    before = contents(build(checkout, AS_OF=WORLD_DAY))
    done = mkdocs(checkout, "build", "--strict", AS_OF=WORLD_DAY, **breaks(checkout))
    assert done.returncode == 1
    assert printed in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stdout + done.stderr
    assert contents(checkout / "site") == before
    assert list(checkout.glob(".site.*")) == []


@pytest.mark.parametrize("size", [1_000, 20_000, 60_000])
def test_full_disk_keeps_the_site(checkout: Path, size: int) -> None:
    """A limit on the size of files simulates a full disk; each size fails at another file."""
    before = contents(checkout / "site")
    done = subprocess.run(
        COMMAND,
        cwd=checkout,
        env=ENVIRONMENT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith("; the last site is kept")
    assert contents(checkout / "site") == before


def test_killed_build_leaves_the_old_site_or_the_complete_new_one(checkout: Path) -> None:
    old = contents(checkout / "site")
    for tenths in range(2, 34, 4):
        running = subprocess.Popen(
            COMMAND, cwd=checkout, env=ENVIRONMENT, stderr=subprocess.DEVNULL, stdout=-3
        )
        time.sleep(tenths / 10)
        running.kill()
        running.wait()
        if contents(checkout / "site") != old:
            break
    new = digests(build(checkout, AS_OF=WORLD_DAY))
    assert digests(checkout / "site") == new
    assert list(checkout.glob(".site.*")) == []


def test_second_build_at_the_same_time_is_refused(checkout: Path) -> None:
    before = contents(checkout / "site")
    with locked(checkout / "build/docs"):
        done = mkdocs(checkout, "build")
    message = f"another process is building {checkout}/build/docs; try again when it has ended"
    assert (done.returncode, done.stderr) == (1, f"{message}; the last site is kept\n")
    assert contents(checkout / "site") == before


def test_interrupted_replacement_of_the_site_is_undone(checkout: Path) -> None:
    """Some systems cannot swap folders, so a build can be killed between two renames."""
    before = contents(checkout / "site")
    (checkout / "site").rename(checkout / ".site.old")
    (checkout / "entries/bad.md").write_text("bad", encoding="utf-8")
    mkdocs(checkout, "build")
    (checkout / "entries/bad.md").unlink()
    assert contents(checkout / "site") == before


def test_hidden_files_of_the_site_are_kept(checkout: Path) -> None:
    (checkout / "site/.nojekyll").write_text("", encoding="utf-8")
    (checkout / "site/stray.html").write_text("", encoding="utf-8")
    build(checkout, AS_OF=WORLD_DAY)
    assert (checkout / "site/.nojekyll").is_file()
    assert not (checkout / "site/stray.html").exists()
