"""The link check, against a server of its own."""

import http.server
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from timeline.contributing.links import Address, addresses, dead, opened, report
from timeline.source.project import Project


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        place = self.path.strip("/")
        if place == "moved":
            self.send_response(301)
            self.send_header("Location", "/200")
        else:
            self.send_response(int(place))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{found.server_port}"
    found.shutdown()
    found.server_close()


@pytest.mark.parametrize(
    ("place", "reason"),
    [("200", None), ("moved", None), ("404", "404"), ("410", "410"), ("403", None),
     ("429", None), ("500", None), ("503", None)],
)  # fmt: skip
def test_opened(server: str, place: str, reason: str | None) -> None:
    assert opened(f"{server}/{place}") == reason


def test_nobody_answers(server: str) -> None:
    assert opened("http://127.0.0.1:1/x") is not None
    assert opened("http://[bad") is not None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"220 mail.example ESMTP\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n", "IncompleteRead"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "LineTooLong"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://x.example:port/\r\n\r\n", "InvalidURL"),
    ],
)
def test_what_is_no_answer_is_told_of(answer: bytes, reason: str) -> None:
    """One ill server ends no weekly run."""

    class Odd(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(answer)

    with socketserver.TCPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert opened(f"http://127.0.0.1:{server.server_address[1]}/") == reason


def test_report(server: str) -> None:
    found = [
        Address(f"{server}/404", ("entries/a.md", "entries/b.md"), None),
        Address(f"{server}/410", ("entries/c.md",), "https://archive.example/c"),
        Address(f"{server}/200", ("entries/d.md",), None),
        Address("http://refusing.example/", ("entries/e.md",), None),
    ]
    refusing = {"refusing.example": "it says so"}
    told = dead(found, refusing, opened)
    assert [(one.address.url, one.reason) for one in told] == [
        (f"{server}/404", "404"),
        (f"{server}/410", "410"),
    ]
    assert report(told, refusing) == (
        "2 addresses could not be opened.\n\n"
        f"```text\n{server}/404\n  404\n"
        f"  look for a copy: https://web.archive.org/web/2/{server}/404\n"
        "entries/a.md\nentries/b.md\n```\n\n"
        f"```text\n{server}/410\n  410\n  copy: https://archive.example/c\nentries/c.md\n```\n\n"
        "Put a copy under `archived`, or a new address under `url` where a page has moved.\n\n"
        "Not opened, since these hosts refuse programs:\n\n"
        "```text\nrefusing.example: it says so\n```"
    )


def test_a_silent_host_is_left_alone() -> None:
    """After three pages without any answer; a status is an answer."""
    asked: list[str] = []
    answers = iter(["timed out", "404", "timed out", "timed out", "timed out"])

    def wrong(url: str) -> str | None:
        asked.append(url)
        return next(answers)

    found = [Address(f"https://tides.example/{n}", ("entries/a.md",), None) for n in range(9)]
    told = dead(found, {}, wrong)
    assert asked == [address.url for address in found[:5]]
    assert [one.reason for one in told] == [
        "timed out",
        "404",
        "timed out",
        "timed out",
        "timed out; 4 more of this host were not tried",
    ]


def test_a_trickle_is_not_waited_for() -> None:
    class Drips(Answers):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x")
            self.wfile.flush()
            done.wait(20)

    done = threading.Event()
    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Drips)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    before = time.monotonic()
    assert opened(f"http://127.0.0.1:{found.server_port}/") is None
    assert time.monotonic() - before < 10
    done.set()
    found.shutdown()
    found.server_close()


def test_addresses(world: Path) -> None:
    collection = Project(world).load().collection
    assert collection is not None
    found = {address.url: address for address in addresses(collection)}
    news = found["https://news.example/tide-act"]
    assert news.archived == "https://archive.example/tide-act"
    assert "entries/2021/2021-03-01-tide-act-passed.md" in news.paths
    assert found["https://tides.example/act"].paths == ("docs/instruments/tide-act.md",)
    assert sorted(found) == [address.url for address in addresses(collection)]
