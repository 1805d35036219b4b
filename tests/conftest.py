"""Shared fixtures and helpers: the invented world, built sites and a browser."""

import contextlib
import datetime
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import browser as browsers
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page, sync_playwright
from timeline import config
from timeline.builder import Builder

ROOT = Path(__file__).resolve().parent.parent
WORLD = ROOT / "tests" / "world"
OTHER_FIELD = ROOT / "tests" / "otherfield"
WORLD_DAY = "2022-03-01"  # as of which the invented world is built
EARLIER_DAY = "2021-08-25"  # an earlier date, when fewer entries were known
DAY = "2026-11-22"  # as of which the real site is built
# Settings of the sites that tests build, fixed so that the tests also pass in a fork.
BASE = "https://timeline.example.org/"
EDIT = "https://github.com/OWNER/REPOSITORY/edit/main/"
ADDRESSES = {
    "site_url": f'!ENV [SITE_URL, "{BASE}"]',
    "edit_uri": f'!ENV [EDIT_URI, "{EDIT}"]',
}
HOME = {"  jurisdiction": "CN", "  time_zone": "Asia/Shanghai"}
WORLD_WARNING = "docs/regulators/moon-council.md:2: warning: nothing uses this page"

config.CHECKOUT = (
    WORLD  # so that the check and the importer use its settings, not those of the site
)

# In a workflow the check also prints annotations; a test that needs them sets the variable.
for variable in ("GITHUB_ACTIONS", "SITE_URL", "EDIT_URI"):
    os.environ.pop(variable, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="rewrite tests/golden/")
    parser.addoption("--write-addresses", action="store_true", help="freeze the site's addresses")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that need a built site or a browser, which run in a separate stage."""
    built = {"site", "world_site", "earlier_site", "chromium"}
    for item in items:
        if built & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.site)


def copy_checkout(folder: Path, content: Path = ROOT) -> Path:
    """Make a checkout in a new folder, with the entries and pages of `content`."""
    for part in ("scripts", "theme"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("entries", "docs"):
        shutil.copytree(content / part, folder / part)
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    changed = ADDRESSES if content in (ROOT, OTHER_FIELD) else ADDRESSES | HOME
    for key, value in changed.items():
        settings = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", settings)
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
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
    """Build a checkout's site in strict mode, and return the site's folder."""
    done = mkdocs(folder, "build", "--strict", **environment)
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A copy of the invented world that a test may change."""
    return Path(shutil.copytree(WORLD, tmp_path / "world"))


def received(world: Path, day: str = WORLD_DAY) -> dict[str, bytes]:
    """Return what subscribers get on a day, such as feeds: path in the site -> content."""
    built = Builder(world).build(datetime.date.fromisoformat(day))
    assert built.snapshot is not None, [str(problem) for problem in built.problems]
    files = world / "build" / "files"
    return {
        file.relative_to(files).as_posix(): file.read_bytes()
        for file in files.rglob("*")
        if file.is_file()
    }


def edit(world: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file of a checkout, as a contributor would."""
    file = world / path
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Return the folder, which the first process to need it creates."""
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            make(folder)
    return folder


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    """The folder of the real site, built as by `make site`."""
    return _made_once(shared / "real", lambda folder: build(copy_checkout(folder))) / "site"


@pytest.fixture(scope="session")
def world_site(shared: Path) -> Path:
    """The folder of the invented world's site."""
    return _world_as_of(WORLD_DAY, shared / "world")


@pytest.fixture(scope="session")
def earlier_site(shared: Path) -> Path:
    """The folder of the invented world's site, built as of an earlier date."""
    return _world_as_of(EARLIER_DAY, shared / "earlier")


def _world_as_of(day: str, folder: Path) -> Path:
    return _made_once(folder, lambda new: build(copy_checkout(new, WORLD), AS_OF=day)) / "site"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A file server that does not print requests."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port within a `with` block, and yield its address."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def world_address(world_site: Path) -> Iterator[str]:
    """The address at which the site of the invented world is served."""
    with served(world_site) as url:
        yield url


@pytest.fixture(scope="session")
def earlier_address(earlier_site: Path) -> Iterator[str]:
    """The address at which the earlier site of the invented world is served."""
    with served(earlier_site) as url:
        yield url


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


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a new browser context."""
    with chromium.new_context(locale="en-GB", timezone_id="Asia/Shanghai") as context:
        yield context.new_page()
