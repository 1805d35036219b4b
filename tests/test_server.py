"""`make serve`: one save, one rebuild; a broken entry leaves the server up."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import WORLD, copy_checkout

ENTRY = "entries/2022/2022-02-01-moon-treaty.md"
PAGE = "entries/2022-02-01-moon-treaty/"
BROKEN = f"{ENTRY}:3: &#39;date&#39;: 2022-02-31 is not a day of the calendar"


class Server:
    """A running `mkdocs serve` and what it prints."""

    def __init__(self, checkout: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"
        self.log = checkout.parent / "serve.log"
        command = ["mkdocs", "serve", "--livereload", "--dirty", "--dev-addr", f"127.0.0.1:{port}"]
        settings = {"NO_MKDOCS_2_WARNING": "1", "AS_OF": "2022-03-01", "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=checkout,
                env=os.environ | settings | {"SITE_URL": self.url},
                stdout=log,
                stderr=log,
            )
        self.until(lambda: "Serving on" in self.printed())
        time.sleep(1.2)  # the watcher looks twice a second, and remembers its first look

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def rebuilds(self) -> int:
        return len(re.findall("Reloading browsers", self.printed()))

    def get(self, path: str = "") -> str:
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return str(error.read().decode())

    def until(self, done: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < end, self.printed()
            time.sleep(0.05)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout", WORLD)


@pytest.fixture
def start(checkout: Path) -> Iterator[Callable[[], Server]]:
    servers: list[Server] = []

    def begin() -> Server:
        servers.append(Server(checkout))
        return servers[-1]

    yield begin
    for server in servers:
        server.process.terminate()
        server.process.wait()


def edit(checkout: Path, before: str, after: str) -> None:
    file = checkout / ENTRY
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_one_save_one_rebuild(checkout: Path, start: Callable[[], Server]) -> None:
    server = start()
    edit(checkout, "Several states", "Seven states")
    server.until(lambda: "Seven states" in server.get(PAGE))
    time.sleep(3)
    assert server.rebuilds() == 1
    edit(checkout, "A treaty on the moon", "A pact on the moon")
    server.until(lambda: "A pact on the moon" in server.get("topics/moon/"))
    time.sleep(2)
    assert server.rebuilds() == 2
    assert "Content-Security-Policy" not in server.get()


def test_a_broken_entry_later(checkout: Path, start: Callable[[], Server]) -> None:
    server = start()
    edit(checkout, "date: 2022-02-01", "date: 2022-02-31")
    server.until(lambda: server.rebuilds() == 1)
    assert BROKEN.replace("&#39;", "'") in server.printed()
    for page in ("", PAGE, "regulators/toa/"):
        assert BROKEN in server.get(page)
    assert "Several states" in server.get(PAGE)  # the last good page
    edit(checkout, "date: 2022-02-31", "date: 2022-02-01")
    server.until(lambda: BROKEN not in server.get(PAGE))
    assert "Several states" in server.get(PAGE)


def test_a_broken_entry_at_the_start(checkout: Path, start: Callable[[], Server]) -> None:
    edit(checkout, "date: 2022-02-01", "date: 2022-02-31")
    server = start()
    assert BROKEN in server.get()
    assert "Traceback" not in server.printed()
    edit(checkout, "date: 2022-02-31", "date: 2022-02-01")
    server.until(lambda: "Several states" in server.get(PAGE))
    assert BROKEN not in server.get()


def test_pages_come_and_go(checkout: Path, start: Callable[[], Server]) -> None:
    server = start()
    text = (checkout / ENTRY).read_text(encoding="utf-8")
    new = checkout / "entries/2022/2022-02-10-sequel.md"
    new.write_text(re.sub("2022-02-0[14]", "2022-02-10", text), encoding="utf-8")
    server.until(lambda: "Several states" in server.get("entries/2022-02-10-sequel/"))
    new.unlink()
    server.until(lambda: "Several states" not in server.get("entries/2022-02-10-sequel/"))
    (checkout / "docs/topics/moon.md").write_text(
        "---\nname: Earth's moon\n---\nIts pull.\n", encoding="utf-8"
    )
    server.until(lambda: "Earth&#39;s moon" in server.get("topics/moon/"))
    assert server.rebuilds() == 3
