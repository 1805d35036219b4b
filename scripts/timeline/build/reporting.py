"""Problems for people and for GitHub."""

import os
import sys
from collections.abc import Iterable

from timeline.model.problems import Problem
from timeline.standing.standing import Standing


def report(problems: Iterable[Problem]) -> int:
    """Print each problem on standard error, and as an annotation in a GitHub workflow.

    Returns the exit status: 1 where one of them is more than a warning.
    """
    annotate = "GITHUB_ACTIONS" in os.environ
    failed = False
    for problem in sorted(problems):
        _print(str(problem), sys.stderr)
        if annotate:
            _print(problem.annotation(), sys.stdout)
        failed = failed or not problem.warning
    return int(failed)


def summary(standing: Standing) -> str:
    """What the site holds, in two lines."""
    found = standing.coverage
    states = ", ".join(f"{state.lower()} {count}" for state, count in found.by_state)
    return (
        f"{found.entries:,} entries, {found.with_official_source:,} with an official source, "
        f"as of {standing.as_of}\n{found.instruments:,} instruments: {states}"
    )


def _print(line: str, stream: object) -> None:
    # A file's name may hold line ends or bytes that are no UTF-8; they are shown escaped.
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    print("".join(shown), file=stream)  # type: ignore[call-overload]
