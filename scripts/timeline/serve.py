"""What a server at work on entries needs: problems on every page, and a look at every change."""

import contextlib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import watchfiles
from markupsafe import Markup

from timeline.problems import Problem

CONTENT = ("entries", "docs")
BEAT = 200  # milliseconds
BEGINS, ENDS = "Checking the files.", "Checked; waiting for a change."

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def with_banner(application: Application, problems: Callable[[], Sequence[Problem]]) -> Application:
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


def _banner(problems: Sequence[Problem]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(str(problem)) for problem in problems)
    return Markup(
        '<div role="alert" class="problems"><p>Showing the last successful build. Errors:</p>'
        "<ul>{}</ul></div>"
    ).format(items)


def watch(root: Path, check: Callable[[], object]) -> None:
    """Check now and after every change below entries/ or docs/, until Ctrl-C.

    The lines `BEGINS` and `ENDS` stand around what each check prints on standard error.
    """
    folders = [root / name for name in CONTENT if (root / name).is_dir()]
    # The first check is made when the watch has begun, so that no change during it is missed.
    changes = watchfiles.watch(*folders, yield_on_timeout=True, rust_timeout=BEAT)
    with contextlib.suppress(KeyboardInterrupt):
        next(changes)
        _check(check)
        for changed in changes:
            if changed:
                _check(check)


def _check(check: Callable[[], object]) -> None:
    print(BEGINS, file=sys.stderr, flush=True)
    check()
    print(ENDS, file=sys.stderr, flush=True)
