"""What several tests need: the invented world, the built site, a browser."""

import datetime
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import browser as browsers
import pytest
from playwright.sync_api import Browser, sync_playwright
from timeline.build.generator import Generator

ROOT = Path(__file__).resolve().parent.parent
WORLD = ROOT / "tests" / "world"
DAY = "2026-11-22"

# In a workflow, annotations are added to what is printed; a test that wants them says so.
os.environ.pop("GITHUB_ACTIONS", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write tests/golden/ anew")
    parser.addoption("--write-addresses", action="store_true", help="freeze the site's addresses")


def copy_checkout(folder: Path, content: Path = ROOT) -> Path:
    """A checkout in a new folder, with the entries and pages of `content`."""
    for part in ("scripts", "theme"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("entries", "docs"):
        shutil.copytree(content / part, folder / part)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    if content != ROOT:
        shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets", dirs_exist_ok=True)
    return folder


def mkdocs(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run MkDocs in a checkout."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=folder,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "AS_OF": DAY} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def build(folder: Path, **environment: str) -> Path:
    """Build a checkout's site, strictly."""
    done = mkdocs(folder, "build", "--strict", **environment)
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """The invented world, to be spoilt."""
    return Path(shutil.copytree(WORLD, tmp_path / "world"))


def received(world: Path, day: str) -> dict[str, bytes]:
    """What a subscriber gets of a checkout on a day: path below the site -> content."""
    generated = Generator(world).generate(datetime.date.fromisoformat(day))
    assert generated.standing is not None, [str(problem) for problem in generated.problems]
    files = world / "build" / "files"
    return {
        file.relative_to(files).as_posix(): file.read_bytes()
        for file in files.rglob("*")
        if file.is_file()
    }


def edit(world: Path, path: str, old: str, new: str) -> None:
    """Change a file of a checkout, as a contributor would."""
    file = world / path
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built as `make site` builds it."""
    return build(copy_checkout(tmp_path_factory.mktemp("real")))


@pytest.fixture(scope="session")
def earlier_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site as it would have stood on 15 September 2021."""
    return build(copy_checkout(tmp_path_factory.mktemp("earlier")), AS_OF="2021-09-15")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(folder: Path) -> tuple[http.server.ThreadingHTTPServer, str]:
    """Serve a folder on a free port. Returns the server and its address."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}/"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address at which the real site is served."""
    server, url = serve(site)
    yield url
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; its absence is an error, not a reason to skip."""
    path = browsers.installed()
    assert path, "no Chromium; `make test` installs one"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        launched = playwright.chromium.launch(executable_path=path, args=arguments)
        yield launched
        launched.close()
