"""Help for people who write entries: problems on every page, and a check after every change."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import watchfiles
from markupsafe import Markup

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


def stat_or_parent(path: str) -> os.stat_result:
    """Return `os.stat` of a path, or of its parent folder if the path has been removed.

    An error would end the watch.
    """
    return Path(path).stat() if os.path.lexists(path) else Path(path).parent.stat()


def watch(root: Path, check: Callable[[], object]) -> None:
    """Run the check now and after every change below entries/ or docs/, until Ctrl-C.

    On standard error, the lines `STARTED` and `FINISHED` enclose the output of each check.
    """
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            folders = _content_folders(root)
            # The watch starts before the first check, so that no change is missed.
            changes = _changes(folders) if folders else _no_changes()
            _run(check)
            for changed in changes:
                if changed:
                    _run(check)
                removed = {(watchfiles.Change.deleted, str(folder)) for folder in folders}
                if removed & changed or _content_folders(root) != folders:
                    break  # to watch a folder that has been restored


def _content_folders(root: Path) -> list[Path]:
    return [root / name for name in CONTENT if (root / name).is_dir()]


def _changes(folders: list[Path]) -> Iterator[set[watchfiles.main.FileChange]]:
    """Yield sets of changes, empty after a timeout; poll if the system has no watches left."""
    for is_polling in (None, True):
        options: dict[str, Any] = {"yield_on_timeout": True, "rust_timeout": TIMEOUT}
        with contextlib.suppress(OSError):
            changes = watchfiles.watch(*folders, force_polling=is_polling, **options)
            next(changes)
            return changes
    return _no_changes()


def _no_changes() -> Iterator[set[watchfiles.main.FileChange]]:
    while True:
        time.sleep(TIMEOUT / 1000)
        yield set()


def _run(check: Callable[[], object]) -> None:
    print(STARTED, file=sys.stderr, flush=True)
    check()
    print(FINISHED, file=sys.stderr, flush=True)
