"""What the commands share: their options, and problems printed for people and for GitHub."""

import argparse
import datetime
import functools
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import ParamSpec, TextIO, TypeVar

from timeline.analysis.snapshot import Snapshot
from timeline.checks import Project
from timeline.content.collection import Collection
from timeline.problems import Problem
from timeline.schema.dates import parse_day

ROOT = Path(__file__).resolve().parent.parent.parent
LOG = logging.getLogger("mkdocs.timeline")  # says the steps of a build, unless it is to be quiet
BEAT = 100  # after so many things, a terminal says how many are done

T = TypeVar("T")


P = ParamSpec("P")


def command(main: Callable[P, int]) -> Callable[P, int]:
    """Text in UTF-8 whatever the system's encoding, and one sentence for what the system refuses.

    That is so of a checkout that cannot be written to, and of a disk that is full.
    """

    @functools.wraps(main)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            return main(*args, **kwargs)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return fail(f"{where}{error.strerror or error}")

    return run


def parser_for(documentation: str | None) -> argparse.ArgumentParser:
    """A parser whose description is the first line of a command's documentation."""
    return argparse.ArgumentParser(description=(documentation or "").strip().splitlines()[0])


def day_argument(text: str) -> datetime.date:
    """The type of an option that takes a day."""
    try:
        return parse_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def collection_or_report(root: Path) -> Collection | None:
    """The collection of a checkout; None where there are errors, which are printed."""
    loaded = Project(root).load()
    if loaded.collection is None:
        report(loaded.problems)
    return loaded.collection


def fail(message: object) -> int:
    """Print, under the command's name, why it cannot do its work. Returns the exit status."""
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    return 1


def report(problems: Iterable[Problem]) -> int:
    """Print each problem on standard error, and as an annotation in a GitHub workflow.

    Returns the exit status: 1 where one of them is an error.
    """
    annotate = "GITHUB_ACTIONS" in os.environ
    failed = False
    for problem in sorted(problems):
        _print(str(problem), sys.stderr)
        if annotate:
            _print(problem.annotation(), sys.stdout)
        failed = failed or not problem.warning
    return int(failed)


def counted(step: str, things: Sequence[T]) -> Iterator[T]:
    """The things, after a line that says how many; a terminal shows how many are done."""
    LOG.info("%s: %s", step, f"{len(things):,}")
    is_shown = LOG.isEnabledFor(logging.INFO) and sys.stderr.isatty()
    for number, thing in enumerate(things):
        if is_shown and number % BEAT == 0:
            print(f"\r{number:9,} of {len(things):,}", end="\r", file=sys.stderr, flush=True)
        yield thing


def summary(snapshot: Snapshot) -> str:
    """What the site holds, in two lines."""
    found = snapshot.coverage
    states = ", ".join(f"{state.lower()} {count}" for state, count in found.by_state)
    return (
        f"{found.entries:,} entries, {found.with_official_source:,} with an official source, "
        f"as of {snapshot.as_of}\n{found.instruments:,} instruments: {states}"
    )


def _print(line: str, stream: TextIO) -> None:
    # A file's name may hold line endings or bytes that are not UTF-8; they are printed escaped.
    printable = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    print("".join(printable), file=stream)
