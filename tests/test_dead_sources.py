"""`check.py --links`: which addresses are dead, tested with a local server."""

import errno
import http.server
import os
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import check
import pytest
from conftest import edit
from timeline.checks import Project
from timeline.contribute.links import (
    AGENT,
    BLOCKED_HOSTS,
    Address,
    addresses,
    dead_links,
    open_failure,
    report,
)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@contextmanager
def serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class StatusHandler(http.server.BaseHTTPRequestHandler):
    """A handler that answers with the status in the path."""

    def do_GET(self) -> None:
        status = 400 if self.headers["User-Agent"] != AGENT else int(self.path.strip("/"))
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/404")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with serving(StatusHandler) as url:
        yield url


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        *((str(status), None) for status in (200, 401, 403, 429, 500, 503)),
        ("301", "404"),
        ("404", "404"),
        ("410", "410"),
    ],
)
def test_only_missing_pages_are_dead(server: str, path: str, reason: str | None) -> None:
    """Other errors do not count: servers may refuse programs or be down for a day."""
    assert open_failure(f"{server}/{path}") == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/x", f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}"),
        ("http://[bad", "Invalid IPv6 URL"),
        ("nowhere", "unknown url type: 'nowhere'"),
    ],
)
def test_address_without_an_answer_is_dead(url: str, reason: str) -> None:
    assert open_failure(url) == reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"220 mail.example ESMTP\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n", "IncompleteRead"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "LineTooLong"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://x.example:port/\r\n\r\n", "InvalidURL"),
    ],
)
def test_answer_that_is_not_http_is_a_failure(answer: bytes, reason: str) -> None:
    """A broken server does not stop the weekly check."""

    class Broken(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(answer)

    with serving(Broken) as url:
        assert open_failure(url) == reason


def test_check_does_not_wait_for_the_end_of_an_answer() -> None:
    done = threading.Event()

    class SlowHandler(StatusHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x")
            self.wfile.flush()
            done.wait()

    with serving(SlowHandler) as url:
        assert open_failure(url) is None
        assert not done.is_set()
        done.set()


def answering(*reasons: str | None) -> tuple[list[str], Callable[[str], str | None]]:
    """Return a list that records requested addresses, and a function that gives these reasons."""
    asked: list[str] = []

    def failure(url: str) -> str | None:
        asked.append(url)
        return reasons[len(asked) - 1]

    return asked, failure


@pytest.mark.parametrize(
    ("reasons", "found"),
    [
        # A host is skipped after three pages without an answer; a page or a status is an answer.
        (
            ["timed out", "404", "timed out", "timed out", "timed out"],
            ["timed out", "404", "timed out", "timed out",
             "timed out; 4 more on this host were not tried"],
        ),
        (["timed out"] * 3, ["timed out", "timed out",
                             "timed out; 6 more on this host were not tried"]),
        (["timed out", "timed out", None] * 3, ["timed out"] * 6),
        ([None] * 6 + ["timed out"] * 3, ["timed out"] * 3),
        (["410"] * 9, ["410"] * 9),
    ],
)  # fmt: skip
def test_host_is_skipped_after_three_pages_without_an_answer(
    reasons: list[str | None], found: list[str]
) -> None:
    asked, failure = answering(*reasons)
    nine = [Address(f"https://tides.example/{n}", ("entries/a.md",), None) for n in range(9)]
    assert [dead.reason for dead in dead_links(nine, {}, failure)] == found
    assert asked == [address.url for address in nine[: len(reasons)]]


def test_report_lists_dead_addresses() -> None:
    found = [
        Address("https://b.example/410", ("entries/c.md",), "https://archive.example/c"),
        Address("https://a.example/404", ("entries/a.md", "entries/b.md"), None),
        Address("https://a.example/200", ("entries/d.md",), None),
        Address("https://blocked.example/", ("entries/e.md",), None),
    ]
    blocked = {"www.blocked.example": "asks for a login", "blocked.example": "answers nobody"}

    def failure(url: str) -> str | None:
        assert "blocked" not in url
        return None if url.endswith("200") else url[-3:]

    assert report(dead_links(found, blocked, failure), blocked) == (
        "2 addresses could not be opened.\n\n"
        "```text\nhttps://a.example/404\n  404\n"
        "  look for a copy: https://web.archive.org/web/2/https://a.example/404\n"
        "entries/a.md\nentries/b.md\n```\n\n"
        "```text\nhttps://b.example/410\n  410\n  copy: https://archive.example/c\n"
        "entries/c.md\n```\n\n"
        "Give a copy under `archived`, or the new address under `url` if a page has moved.\n\n"
        "Not checked, since these hosts refuse automated requests:\n\n"
        "```text\nblocked.example: answers nobody\nwww.blocked.example: asks for a login\n```"
    )


def test_each_address_is_listed_once_with_its_files(world: Path) -> None:
    """Addresses come from entries, instruments and newsletters."""
    act = "entries/2021/2021-03-01-tide-act-passed.md"
    rules = "entries/2021/2021-07-05-signal-rules-issued.md"
    edit(world, rules, "https://toa.example/signals", "https://news.example/tide-act")
    law = "docs/instruments/tide-act.md"
    edit(world, law, "https://tides.example/act", "https://gull.example/tidings")
    collection = Project(world).load().collection
    assert collection is not None
    found = addresses(collection)
    assert [address.url for address in found] == sorted({address.url for address in found})
    assert [address for address in found if "/20" not in address.url] == [
        Address("https://assembly.example/act", (law,), None),
        Address(
            "https://gull.example/tidings",
            (law, "docs/newsletters/gull-2021-06.md"),
            None,
        ),
        Address("https://news.example/tide-act", (act, rules), "https://archive.example/tide-act"),
    ]


@pytest.mark.parametrize(("reason", "status"), [(None, 0), ("404", 1)])
def test_command_prints_the_report(
    world: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    reason: str | None,
    status: int,
) -> None:
    monkeypatch.setattr(check, "open_failure", lambda url: reason if "toa." in url else None)
    assert check.main(["--links"], world) == status
    first, *_, last = capsys.readouterr().out.rstrip().split("\n\n")
    assert first == f"{status} address{'es' * (status != 1)} could not be opened."
    hosts = "\n".join(f"{host}: {why}" for host, why in sorted(BLOCKED_HOSTS.items()))
    assert last == f"```text\n{hosts}\n```"


def test_command_fails_if_entries_cannot_be_read(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (world / "docs/topics/tides.md").unlink()
    assert check.main(["--links"], world) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "there is no page 'tides' in docs/topics/" in captured.err
