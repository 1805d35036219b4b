"""What a workflow answers, as Markdown in which what others wrote stands as mere text."""

import re
from collections.abc import Iterable, Sequence

from timeline.contributing.drafting import Draft
from timeline.contributing.duplicates import Match

_RUN = re.compile("`+")


def fenced(text: str, language: str = "text") -> str:
    """Text as a code block that its own back-quotes cannot end: nothing in it is Markdown.

    No mention in it calls anybody, no link leads anywhere, no HTML is rendered.
    """
    shown = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
    longest = max((len(run) for run in _RUN.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown.rstrip()}\n{fence}"


def listed(lines: Iterable[str]) -> str:
    """Lines as a code block."""
    return fenced("\n".join(line.replace("\n", " ") for line in lines))


def answer(
    drafts: Sequence[Draft],
    problems: Sequence[str],
    near: Sequence[Match],
    number: int | None = None,
    author: str | None = None,
) -> str:
    """The answer to an issue: its files or its problems, and what may be the same."""
    parts = []
    if problems:
        parts += ["The issue cannot become an entry yet:", listed(problems)]
        parts += ["Edit the issue, and it will be looked at again."]
    else:
        by = f" by @{author}" if author else ""
        of = f" From issue #{number}{by}." if number else ""
        parts += [f"The check finds no error in these files.{of}"]
        for draft in drafts:
            parts += [f"`{draft.path}`", fenced(draft.text, "markdown")]
    if near:
        parts += ["These entries may tell of the same:"]
        parts += [listed(f"{match.id} ({', '.join(match.reasons)})" for match in near)]
    return "\n\n".join(parts)
