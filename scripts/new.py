#!/usr/bin/env python3
"""Start the file of a new entry, asking for what the options leave out.

usage: new.py [--title T] [--date D] [--type T] [--regulator NAME]… [--topic NAME]… [--source
KEY=VALUE…]… [--instrument KEY=VALUE…]… [--text T] [--slug S] [--no-questions]

Bodies, topics, instruments and newsletters may be given by any of their names. The other keys of an
entry have options too, see --help. After Ctrl-C, or without a title or date, the answers so far are
saved in drafts/. Exit status: 0, 1 if the file could not be written, 130 after Ctrl-C.
"""

import argparse
import contextlib
import importlib
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from timeline.checks import Project
from timeline.checks.duplicates import draft_duplicates
from timeline.cli import ROOT, command, fail, parser_for
from timeline.content.front_matter import Value, file_text
from timeline.content.interpret import interpret
from timeline.contribute.drafts import Draft, draft_entry, write_new
from timeline.contribute.issue_forms import NOT_ASKED
from timeline.contribute.questions import Questions
from timeline.schema.entry import Entry
from timeline.schema.introspect import FieldSpec, field_specs

_SINGULAR = {"parties": "party", "penalties": "penalty", "related": "related"}
Ask = Callable[[str], str]


@command
def main(arguments: list[str] | None = None, root: Path = ROOT, ask: Ask | None = None) -> int:
    """Run the command. `ask` shows a prompt and returns a line. Returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if ask is None and sys.stdin.isatty() and not options.no_questions:
        with contextlib.suppress(ImportError):  # not on every system; allows editing of lines
            importlib.import_module("readline")
        ask = input
    given, text = _given(parser, options), [options.text] if options.text else []
    try:
        return _run(given, text, options, root, ask)
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        _save_answers(root, given, text)
        return 130


def _specs() -> list[FieldSpec]:
    """Return the keys that have an option: not those set later, nor single groups of keys."""
    specs = field_specs(Entry).values()
    return [s for s in specs if s.name not in NOT_ASKED - {"added"} and (s.is_list or not s.model)]


def _parser() -> argparse.ArgumentParser:
    parser = parser_for(__doc__)
    for spec in _specs():
        described = spec.description.replace("%", "%%")
        name = _SINGULAR.get(spec.name, spec.name[:-1]) if spec.is_list else spec.name
        options: dict[str, Any] = {"dest": spec.name, "help": described, "metavar": "VALUE"}
        if spec.value_type is bool:
            options = {
                "dest": spec.name,
                "help": described,
                "action": "store_true",
                "default": None,
            }
        elif spec.model:
            options |= {"action": "append", "nargs": "+", "metavar": "KEY=VALUE"}
        elif spec.is_list:
            options |= {"action": "append", "metavar": "NAME"}
        parser.add_argument(f"--{name.replace('_', '-')}", **options)
    parser.add_argument("--text", help="what happened, in your own words")
    parser.add_argument("--slug", help="words for the file's name, if not those of the title")
    parser.add_argument("--no-questions", action="store_true", help="do not ask for anything")
    return parser


def _given(parser: argparse.ArgumentParser, options: argparse.Namespace) -> dict[str, Any]:
    """Return the values given by options, by key."""
    given: dict[str, Any] = {}
    for spec in _specs():
        value = getattr(options, spec.name)
        if value is not None:
            given[spec.name] = [_item(parser, pairs) for pairs in value] if spec.model else value
    return given


def _item(parser: argparse.ArgumentParser, pairs: list[str]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            parser.error(f"{pair!r} is not KEY=VALUE")
    return dict(pair.split("=", 1) for pair in pairs)


def _run(
    given: dict[str, Any],
    text: list[str],
    options: argparse.Namespace,
    root: Path,
    ask: Ask | None,
) -> int:
    loaded = Project(root).load()
    shown: set[str] = set()

    def values() -> dict[str, Value]:
        first: dict[str, Value] = {"regulators": [], "added": str(loaded.index.today)}
        return first | interpret(Entry, given, loaded.index)

    def is_different() -> bool:
        """Show new possible duplicates. Returns whether the entry is a different development."""
        matches = draft_duplicates(values(), "\n".join(text), loaded.index, loaded.valid)
        new = [match for match in matches if match.id not in shown]
        shown.update(match.id for match in new)
        for match in new:
            print(f"Possible duplicate: {match.id} ({', '.join(match.reasons)})")
        return not (new and questions) or questions.confirms("Is yours a different development?")

    questions = Questions(loaded.index, ask, print) if ask else None
    go_on = questions.entry(given, is_different) if questions else True
    if not go_on or ({"title", "date"} <= values().keys() and not is_different()):
        print("Nothing was written.", file=sys.stderr)
        return 1
    if questions and not options.text:
        questions.text(text)
    missing = next((key for key in ("title", "date") if key not in values()), None)
    if missing:
        described = field_specs(Entry)[missing].description
        hint = "" if questions or options.no_questions else "; no terminal to ask at"
        fail(f"--{missing} is required: {described}{hint}")
        return _save_answers(root, given, text) if questions else 1
    return _write(root, values(), "\n".join(text), options.slug)


def _save_answers(root: Path, given: dict[str, Any], text: list[str]) -> int:
    """Save the answers, if there are any, as a draft. Returns the exit status."""
    found = interpret(Entry, given, Project(root).load().index)
    if not any(found.values()) and not text:
        print("Nothing was written.", file=sys.stderr)
        return 1
    names = (f"drafts/new-entry{f'-{number}' if number else ''}.md" for number in count())
    path = next(name for name in names if not (root / name).exists())
    write_new(root, Draft(path, file_text(Entry, found, "\n".join(text))))
    print(f"Your answers are in {path}; complete it and move it to entries/.", file=sys.stderr)
    return 1


def _write(root: Path, values: dict[str, Value], body: str, slug: str | None) -> int:
    """Write the file, and print the problems that remain. Returns the exit status."""
    try:
        draft = draft_entry(values, body, slug)
        write_new(root, draft)
    except ValueError as error:
        return fail(error)
    except FileExistsError:
        exists = f"{draft.path} already exists and was not changed"
        return fail(f"{exists}; for a different development, give another name with --slug")
    print(f"Wrote {draft.path}")
    problems = [problem for problem in Project(root).load().problems if problem.path == draft.path]
    if problems:
        print("To fix:")
    for problem in problems:
        print(f"  {problem}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
