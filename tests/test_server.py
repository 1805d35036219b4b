"""`make serve`: each save causes one rebuild, and errors in an entry do not stop the server."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WORLD, WORLD_DAY, copy_checkout

pytestmark = pytest.mark.site
ENTRY = "entries/2022/2022-02-01-moon-treaty.md"
PAGE = "entries/2022-02-01-moon-treaty/"
TEXT = "Several states signed a treaty."
GOOD = (WORLD / ENTRY).read_text(encoding="utf-8")
BAD = GOOD.replace("date: 2022-02-01", "date: 2022-02-31")
ERROR = f"{ENTRY}:3: 'date': 2022-02-31 does not exist: February 2022 has 28 days"
BANNER = (
    '<div role="alert" class="problems"><p>Showing the last successful build. Errors:</p>'
    f"<ul><li>{ERROR.replace(chr(39), '&#39;')}</li></ul></div>"
)
MAX_START = 120  # seconds
MAX_REBUILD = 15
QUIET = 1.5  # changes are noticed after a tenth of a second


class Server:
    """A running `mkdocs serve` and its output."""

    def __init__(self, checkout: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.checkout = checkout
        self.url = f"http://127.0.0.1:{port}/"
        self.printed = ""
        command = ["mkdocs", "serve", "--livereload", "--dirty", "--dev-addr", f"127.0.0.1:{port}"]
        settings = {"NO_MKDOCS_2_WARNING": "1", "AS_OF": WORLD_DAY, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=checkout,
            env=os.environ | settings | {"SITE_URL": self.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self._serving = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.printed += line
            if "Serving on" in line:
                self._serving.set()

    def started(self) -> bool:
        return self._serving.wait(MAX_START)

    def stop(self) -> None:
        self.process.terminate()
        self._reader.join()
        self.process.communicate()

    def get(self, path: str = "") -> str:
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code}\n{error.read().decode()}"

    def build_shown(self) -> str:
        """Return the number of the current build, which MkDocs gives if asked with an older one."""
        return self.get("livereload/0/1")

    def is_rebuilt(self, since: str, seconds: float) -> bool:
        """Wait for a later build, as pages do, and return whether there was one in time."""
        try:
            with urllib.request.urlopen(f"{self.url}livereload/{since}/1", timeout=seconds):
                return True
        except TimeoutError:
            return False

    def save(self, path: str, text: str | None) -> None:
        """Write or remove a file, and wait for the new build."""
        file = self.checkout / path
        before = self.build_shown()
        if text is None:
            file.unlink()
        else:
            part = self.checkout / "part"  # so that the file is never read half-written
            part.write_text(text, encoding="utf-8")
            part.replace(file)
        assert self.is_rebuilt(before, MAX_REBUILD), self.printed


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout", WORLD)


@pytest.fixture
def server(checkout: Path) -> Iterator[Server]:
    running = Server(checkout)
    try:
        assert running.started(), running.printed
        yield running
    finally:
        running.stop()


def test_save_causes_one_rebuild(server: Server) -> None:
    assert "Content-Security-Policy" not in server.get()
    for title in ("A pact on the moon is signed", "A treaty on the moon is signed"):
        server.save(ENTRY, GOOD.replace("A treaty on the moon is signed", title))
        for page in (PAGE, "topics/moon/", "timeline/2022/02/", ""):
            assert title in server.get(page), page
        assert not server.is_rebuilt(server.build_shown(), QUIET)


def test_error_is_shown_above_the_last_good_pages(server: Server) -> None:
    server.save(ENTRY, BAD)
    for page in ("", PAGE, "regulators/toa/"):
        assert BANNER in server.get(page), page
    assert TEXT in server.get(PAGE)
    assert server.printed.count(ERROR) == 1
    server.save(ENTRY, GOOD)
    assert 'class="problems"' not in server.get(PAGE)
    assert TEXT in server.get(PAGE)


def test_failed_build_is_shown_and_the_next_one_is_complete(server: Server) -> None:
    """A write error, such as on a full disk, makes the build fail."""
    page = server.checkout / "build/preview" / f"{PAGE.strip('/')}.md"
    page.unlink()
    page.mkdir()
    server.save(ENTRY, GOOD.replace(TEXT, "Some states signed it."))
    assert f"{page} is a folder where a file belongs; remove it" in server.get("topics/moon/")
    assert TEXT in server.get(PAGE)
    assert "Traceback" not in server.printed
    page.rmdir()
    server.save(ENTRY, GOOD.replace(TEXT, "Few states signed it."))
    assert "Few states signed it." in server.get(PAGE)
    assert 'class="problems"' not in server.get()


def test_new_pages_appear_and_removed_pages_disappear(server: Server) -> None:
    new = "entries/2022/2022-02-10-sequel.md"
    server.save(new, GOOD.replace("2022-02-01", "2022-02-10").replace("2022-02-04", "2022-02-10"))
    assert TEXT in server.get("entries/2022-02-10-sequel/")
    server.save(new, None)
    assert server.get("entries/2022-02-10-sequel/").startswith("404\n")
    server.save("docs/topics/moon.md", "---\nname: Earth's moon\n---\nIts pull.\n")
    assert "<h1>Earth&#39;s moon</h1>" in server.get("topics/moon/")


def test_server_starts_despite_an_error(checkout: Path, request: pytest.FixtureRequest) -> None:
    (checkout / ENTRY).write_text(BAD, encoding="utf-8")
    server: Server = request.getfixturevalue("server")
    assert BANNER in server.get()
    assert server.printed.count(ERROR) == 1
    assert "Traceback" not in server.printed
    server.save(ENTRY, GOOD)
    assert TEXT in server.get(PAGE)
    assert 'class="problems"' not in server.get()


def test_removed_folder_is_watched_again_when_restored(server: Server) -> None:
    for name, error in (
        ("entries", "there are no entries; add entries/&lt;year&gt;/&lt;id&gt;.md"),
        ("theme", "Aborted with a configuration error!"),
    ):
        folder, before = server.checkout / name, server.build_shown()
        folder.rename(server.checkout / "elsewhere")
        assert server.is_rebuilt(before, MAX_REBUILD)
        assert error in server.get(PAGE)
        before = server.build_shown()
        (server.checkout / "elsewhere").rename(folder)
        assert server.is_rebuilt(before, MAX_REBUILD)
        assert 'class="problems"' not in server.get(PAGE)
        server.save(ENTRY, GOOD.replace(TEXT, f"Written after {name}."))
        assert f"Written after {name}." in server.get(PAGE)
    assert "Traceback" not in server.printed


def test_hundred_quick_saves_end_with_the_complete_file(server: Server) -> None:
    whole = GOOD.replace(TEXT, "It was saved a hundred times.")
    for saved in range(100):
        (server.checkout / ENTRY).write_text(whole[: len(whole) * saved // 100], encoding="utf-8")
    (server.checkout / ENTRY).write_text(whole, encoding="utf-8")
    while "It was saved a hundred times." not in server.get(PAGE):
        assert server.is_rebuilt(server.build_shown(), MAX_REBUILD), server.printed
    assert server.printed.count("Detected file changes") < 20
    assert "Traceback" not in server.printed
