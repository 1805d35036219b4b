"""Shared parts of the commands: options, messages, progress, and problems for people and GitHub."""

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
LOG = logging.getLogger("mkdocs.timeline")  # the steps of a build; obeys MkDocs' --quiet
PROGRESS_INTERVAL = 100  # items

T = TypeVar("T")
P = ParamSpec("P")


def command(main: Callable[P, int]) -> Callable[P, int]:
    """Decorate the main function of a command: print UTF-8, and report an OSError in one sentence.

    An OSError is, for example, a checkout without write permission or a full disk.
    """

    @functools.wraps(main)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            return main(*args, **kwargs)
        except OSError as error:
            return fail(describe(error))

    return run


def describe(error: OSError) -> str:
    """Return the reason for an error of the system, after the name of the file if it is known."""
    file = f"{error.filename}: " if error.filename else ""
    return f"{file}{error.strerror or error}"


def parser_for(documentation: str | None) -> argparse.ArgumentParser:
    """Return an argument parser whose description is the first line of a command's docstring."""
    return argparse.ArgumentParser(description=(documentation or "").strip().splitlines()[0])


def day_argument(text: str) -> datetime.date:
    """Parse the value of an option that takes a day, as the `type` of an argparse option."""
    try:
        return parse_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def collection_or_report(root: Path) -> Collection | None:
    """Return the collection of a checkout, or print the errors in its files and return None."""
    loaded = Project(root).load()
    if loaded.collection is None:
        report(loaded.problems)
    return loaded.collection


def fail(message: object) -> int:
    """Print why the command fails, after its name. Return the exit status 1."""
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    return 1


def report(problems: Iterable[Problem]) -> int:
    """Print each problem on standard error and, in a GitHub workflow, also as an annotation.

    Return the exit status: 1 if any problem is an error.
    """
    problems = sorted(problems)
    for problem in problems:
        _print(str(problem), sys.stderr)
        if "GITHUB_ACTIONS" in os.environ:
            _print(problem.annotation(), sys.stdout)
    return int(any(not problem.warning for problem in problems))


def with_progress(step: str, items: Sequence[T]) -> Iterator[T]:
    """Log the step and the number of items, then yield each, with a counter on a terminal."""
    LOG.info("%s: %s", step, f"{len(items):,}")
    is_shown = LOG.isEnabledFor(logging.INFO) and sys.stderr.isatty()
    for number, item in enumerate(items):
        if is_shown and number % PROGRESS_INTERVAL == 0:
            print(f"\r{number:9,} of {len(items):,}", end="\r", file=sys.stderr, flush=True)
        yield item


def summary(snapshot: Snapshot) -> str:
    """Return two lines that summarise the contents of the site."""
    coverage = snapshot.coverage
    states = ", ".join(f"{state.lower()} {count}" for state, count in coverage.by_state)
    return (
        f"{coverage.entries:,} entries, {coverage.with_official_source:,} with an official source, "
        f"as of {snapshot.as_of}\n{coverage.instruments:,} instruments: {states}"
    )


def _print(line: str, stream: TextIO) -> None:
    # A file name may contain line endings or bytes that are not UTF-8; both are escaped.
    printable = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    print("".join(printable), file=stream)
