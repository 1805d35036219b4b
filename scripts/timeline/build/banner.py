"""A server's pages with the present problems at their top."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup

from timeline.model.problems import Problem

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def with_banner(application: Application, problems: Callable[[], Sequence[Problem]]) -> Application:
    """A WSGI application (PEP 3333) whose pages show the problems of the moment."""

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
    lines = Markup("").join(Markup("<li>{}</li>").format(str(p)) for p in problems)
    return Markup(
        '<div role="alert" class="problems"><p>The pages below are the last good ones. '
        "To mend:</p><ul>{}</ul></div>"
    ).format(lines)
