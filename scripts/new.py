#!/usr/bin/env python3
"""Begin the file of a new entry: entries/<year>/<date>-<words of the title>.md.

What the options leave out is asked for where somebody sits at a terminal. Regulators, topics,
instruments and newsletters are understood by any of their names, English or Chinese:

    new.py --title "CAC consults on …" --date 2026-11-20 --type regulatory --regulator 网信办
           --topic minors --source kind=official publisher=CAC lang=zh-Hans url=https://…
           --instrument id=PIPL stage=amended effective=2027-01-01 --text "…"

Nothing is overwritten. Exit status: 0 where the file was written; what is still missing in it is
listed. 1 where it was not written, 2 for options that make no sense, 130 after Ctrl-C.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from timeline.contributing.drafting import Draft, draft_entry, understood, write_new
from timeline.contributing.duplicates import Duplicates, Match
from timeline.contributing.outline import outline
from timeline.contributing.questions import Questions
from timeline.model.dates import today
from timeline.model.document import Value
from timeline.model.entry import Entry
from timeline.model.site import read_site
from timeline.source.project import Loaded, Project
from timeline.source.reading import typed

ROOT = Path(__file__).resolve().parent.parent
SINGLE = ("title", "date", "type", "jurisdiction", "date_note", "number", "added")
LISTS = ("regulators", "topics", "newsletters", "parties", "related")  # option: the singular
ROWS = ("sources", "instruments", "deadlines", "penalties")
SINGULAR = {"parties": "party", "penalties": "penalty", "related": "related"}


def main(
    arguments: list[str] | None = None,
    root: Path = ROOT,
    ask: Callable[[str], str] | None = None,
) -> int:
    """Run the command. `ask` answers questions as a terminal does. Returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if ask is None and sys.stdin.isatty() and not options.no_questions:
        ask = input
    try:
        return _run(_said(parser, options), options, root, ask)
    except (KeyboardInterrupt, EOFError):
        print("\nNothing was written.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Begin the file of a new entry.")
    for key in SINGLE:
        parser.add_argument(f"--{key.replace('_', '-')}", help=_described(key))
    for key in LISTS:
        option = f"--{SINGULAR.get(key, key[:-1])}"
        parser.add_argument(option, dest=key, action="append", metavar="NAME", help=_described(key))
    for key in ROWS:
        option = f"--{SINGULAR.get(key, key[:-1])}"
        parser.add_argument(
            option, dest=key, action="append", nargs="+", metavar="KEY=VALUE", help=_described(key)
        )
    parser.add_argument("--highlight", action="store_true", help=_described("highlight"))
    parser.add_argument("--text", help="what happened, in your own words")
    parser.add_argument("--slug", help="other words for the file's name than those of the title")
    parser.add_argument("--no-questions", action="store_true", help="ask for nothing")
    return parser


def _described(key: str) -> str:
    return (Entry.model_fields[key].description or "").replace("%", "%%")


def _said(parser: argparse.ArgumentParser, options: argparse.Namespace) -> dict[str, Any]:
    """What the options say, by key."""
    said: dict[str, Any] = {}
    for key in (*SINGLE, *LISTS):
        if getattr(options, key) is not None:
            said[key] = getattr(options, key)
    for key in ROWS:
        if getattr(options, key) is not None:
            said[key] = [_row(parser, pairs) for pairs in getattr(options, key)]
    return said | ({"highlight": True} if options.highlight else {})


def _row(parser: argparse.ArgumentParser, pairs: list[str]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            parser.error(f"{pair!r} is not KEY=VALUE")
    return dict(pair.split("=", 1) for pair in pairs)


def _run(
    said: dict[str, Any],
    options: argparse.Namespace,
    root: Path,
    ask: Callable[[str], str] | None,
) -> int:
    loaded = Project(root).load()
    questions = Questions(loaded.known, ask, print) if ask else None
    if questions:
        questions.entry(said)
    values: dict[str, Value] = {"regulators": [], "added": str(today(read_site(root).zone))}
    values |= understood(Entry, said, loaded.known)
    for key in ("title", "date"):
        if key not in values:
            print(f"new.py: --{key} is needed: {_described(key)}", file=sys.stderr)
            return 1
    near = _near(values, options.text or "", loaded)
    _show(near)
    if near and questions and not questions.agreed("Is yours another development?"):
        print("Nothing was written.", file=sys.stderr)
        return 1
    body = options.text if options.text or not questions else questions.text()
    try:
        draft = draft_entry(values, body or "", options.slug)
        write_new(root, draft)
    except ValueError as error:
        print(f"new.py: {error}", file=sys.stderr)
        return 1
    except FileExistsError:
        there = f"{draft.path} exists already and was left alone"
        hint = "for another development, say other words with --slug"
        print(f"new.py: {there}; {hint}", file=sys.stderr)
        return 1
    _tell(root, draft)
    return 0


def _near(values: dict[str, Value], body: str, loaded: Loaded) -> list[Match]:
    if loaded.collection is None:
        print("The entries have problems, so duplicates cannot be looked for: run check.py")
        return []
    item, _ = typed(Entry, values | {"id": "", "body": body}, loaded.known)
    return Duplicates(loaded.collection).near(outline(item, loaded.collection))[:5]


def _show(near: list[Match]) -> None:
    for match in near:
        print(f"Possibly the same: {match.id} ({', '.join(match.reasons)})")


def _tell(root: Path, draft: Draft) -> None:
    print(f"Wrote {draft.path}")
    problems = [p for p in Project(root).load().problems if p.path == draft.path]
    if problems:
        print("Still to do:")
    for problem in problems:
        print(f"  {problem}")


if __name__ == "__main__":
    sys.exit(main())
