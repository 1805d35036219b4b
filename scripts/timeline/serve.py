"""Help for people who write entries: problems on every page, and a check after every change."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import watchfiles
from markupsafe import Markup
from watchdog.events import FileModifiedEvent, FileSystemEventHandler

CONTENT = ("entries", "docs")
TIMEOUT = 200  # milliseconds
STARTED, FINISHED = "Checking the files.", "Checked; waiting for a change."

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def with_banner(application: Application, problems: Callable[[], Sequence[object]]) -> Application:
    """Wrap a WSGI application (PEP 3333) so that its pages show the current problems at the top."""

    def respond(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        current = problems()
        if not current:
            return application(environ, start_response)
        response: dict[str, Any] = {}

        def record(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            response.update(status=status, headers=headers)

        body = b"".join(application(environ, record))
        headers = [h for h in response["headers"] if h[0].lower() != "content-length"]
        if any(value.startswith("text/html") for _, value in headers):
            start = body.find(b">", body.find(b"<body")) + 1
            body = body[:start] + _banner(current).encode() + body[start:]
        start_response(response["status"], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return respond


def _banner(problems: Sequence[object]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(str(problem)) for problem in problems)
    return Markup(
        '<div role="alert" class="problems"><p>Showing the last successful build. Errors:</p>'
        "<ul>{}</ul></div>"
    ).format(items)


class Observer:
    """Tells MkDocs' server about changes, in place of an observer of watchdog.

    Those of watchdog scan all files in Python, which slows down a build, or stop watching a folder
    for good if it is missing for a moment.
    """

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self._changes = changes(root, names)
        self._handler = FileSystemEventHandler()
        self._thread = threading.Thread(target=self._report, daemon=True)

    def schedule(self, handler: FileSystemEventHandler, path: str, **_: object) -> str:
        """Set the handler of all changes; the server has the same one for all paths."""
        self._handler = handler
        return path

    def start(self) -> None:
        """Start the watch."""
        next(self._changes)
        self._thread.start()

    def stop(self) -> None:
        """Do nothing, since the thread ends with the program."""

    join = stop

    def _report(self) -> None:
        for _ in self._changes:
            self._handler.dispatch(FileModifiedEvent(""))


def watch(root: Path, check: Callable[[], object]) -> None:
    """Run the check now and after every change below entries/ or docs/, until Ctrl-C.

    On standard error, the lines `STARTED` and `FINISHED` enclose the output of each check.
    """
    with contextlib.suppress(KeyboardInterrupt):
        for _ in changes(root, CONTENT):
            print(STARTED, file=sys.stderr, flush=True)
            check()
            print(FINISHED, file=sys.stderr, flush=True)


def changes(root: Path, names: Sequence[str]) -> Iterator[None]:
    """Yield when the watch of these files and folders has started, then after every change.

    A file or folder may be missing for a while.
    """
    while True:
        present = _present(root, names)
        watched = _changes(present) if present else _no_changes()
        yield
        for changed in watched:
            removed = {(watchfiles.Change.deleted, str(path)) for path in present}
            if removed & changed or _present(root, names) != present:
                break  # to watch what has been restored
            if changed:
                yield


def _present(root: Path, names: Sequence[str]) -> list[Path]:
    return [root / name for name in names if (root / name).exists()]


def _changes(paths: list[Path]) -> Iterator[set[watchfiles.main.FileChange]]:
    """Yield sets of changes, empty after a timeout; poll if the system has no watches left."""
    for is_polling in (None, True):
        options: dict[str, Any] = {"yield_on_timeout": True, "rust_timeout": TIMEOUT}
        with contextlib.suppress(OSError):
            found = watchfiles.watch(*paths, force_polling=is_polling, **options)
            next(found)
            return found
    return _no_changes()


def _no_changes() -> Iterator[set[watchfiles.main.FileChange]]:
    while True:
        time.sleep(TIMEOUT / 1000)
        yield set()
