"""What a server at work on entries needs: problems on every page, and a look at every change."""

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
BEAT = 200  # milliseconds
BEGINS, ENDS = "Checking the files.", "Checked; waiting for a change."

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def with_banner(application: Application, problems: Callable[[], Sequence[object]]) -> Application:
    """A WSGI application (PEP 3333) whose pages show the present problems at their top."""

    def respond(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        present = problems()
        if not present:
            return application(environ, start_response)
        answer: dict[str, Any] = {}

        def keep(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            answer.update(status=status, headers=headers)

        body = b"".join(application(environ, keep))
        headers = [h for h in answer["headers"] if h[0].lower() != "content-length"]
        if any(value.startswith("text/html") for _, value in headers):
            start = body.find(b">", body.find(b"<body")) + 1
            body = body[:start] + _banner(present).encode() + body[start:]
        start_response(answer["status"], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return respond


def _banner(problems: Sequence[object]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(str(problem)) for problem in problems)
    return Markup(
        '<div role="alert" class="problems"><p>Showing the last successful build. Errors:</p>'
        "<ul>{}</ul></div>"
    ).format(items)


def stat_of_watched(path: str) -> os.stat_result:
    """As `os.stat`; of a path that is gone the folder above it, so that the watch does not end."""
    return Path(path).stat() if os.path.lexists(path) else Path(path).parent.stat()


def watch(root: Path, check: Callable[[], object]) -> None:
    """Check now and after every change below entries/ or docs/, until Ctrl-C.

    The lines `BEGINS` and `ENDS` stand around what each check prints on standard error.
    """
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            folders = _present(root)
            # The first check is made when the watch has begun, so that no change is missed.
            changes = _changes(folders) if folders else _beats()
            _check(check)
            for changed in changes:
                if changed:
                    _check(check)
                gone = {(watchfiles.Change.deleted, str(folder)) for folder in folders}
                if gone & changed or _present(root) != folders:
                    break  # a folder is watched anew when it is there again


def _present(root: Path) -> list[Path]:
    return [root / name for name in CONTENT if (root / name).is_dir()]


def _changes(folders: list[Path]) -> Iterator[set[watchfiles.main.FileChange]]:
    """What changes; by looking again and again where the system has no watch left to give."""
    for is_polling in (None, True):
        options: dict[str, Any] = {"yield_on_timeout": True, "rust_timeout": BEAT}
        with contextlib.suppress(OSError):
            changes = watchfiles.watch(*folders, force_polling=is_polling, **options)
            next(changes)
            return changes
    return _beats()


def _beats() -> Iterator[set[watchfiles.main.FileChange]]:
    while True:
        time.sleep(BEAT / 1000)
        yield set()


def _check(check: Callable[[], object]) -> None:
    print(BEGINS, file=sys.stderr, flush=True)
    check()
    print(ENDS, file=sys.stderr, flush=True)
