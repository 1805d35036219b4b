#!/usr/bin/env python3
"""Turn the text of an issue that was made with a form into checked files, or into an answer.

usage: from_issue.py --date DAY [--number N] [--author NAME] [--kind KIND] [FILE]

Reads the issue's text from FILE or standard input, and prints the answer to it as Markdown: what
was written, the problems with their place, the entries that may tell of the same. DAY is the one on
which the issue was opened. Without --kind, the headings tell the form.

New files are written under entries/ and docs/<vocabulary>/ only, and stay only where the check
finds no error in them. Exit status: 0 where files were written, 1 where there are problems, 3 where
the issue is none that files are made of: a correction, or no form at all.
"""

import argparse
import re
import sys
from pathlib import Path

from timeline.contributing.answers import answer
from timeline.contributing.corrections import Place, correction
from timeline.contributing.drafting import Draft, write_new
from timeline.contributing.duplicates import Duplicates, Match
from timeline.contributing.form import Form
from timeline.contributing.forms import CORRECTION, FORMS, form_of
from timeline.contributing.issues import Converted, converted
from timeline.contributing.outline import outline
from timeline.contributing.places import told
from timeline.model.dates import parse_day
from timeline.model.entry import Entry
from timeline.model.site import read_site
from timeline.source.project import Loaded, Project
from timeline.source.reading import typed

ROOT = Path(__file__).resolve().parent.parent
NOTHING = 3
LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Turn an issue's text into checked files.")
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="default: standard input"
    )
    parser.add_argument("--date", required=True, metavar="DAY", help="when the issue was opened")
    parser.add_argument("--number", type=int, metavar="N", help="of the issue")
    parser.add_argument("--author", metavar="NAME", help="who opened it")
    parser.add_argument("--kind", choices=[form.kind for form in FORMS])
    options = parser.parse_args(arguments)
    try:
        added = str(parse_day(options.date))
    except ValueError as error:
        parser.error(str(error))
    data = options.file.read_bytes() if options.file else sys.stdin.buffer.read()
    text = data.decode("utf-8", "replace")
    form = next((f for f in FORMS if f.kind == options.kind), None) or form_of(text)
    if form is None:
        return NOTHING
    loaded = Project(root).load()
    if form is CORRECTION:
        print(correction(text, Place(root, loaded, read_site(root), added)))
        return NOTHING
    found = converted(text, form, loaded.known, added)
    problems = list(found.problems) or _problems(root, found, form)
    author = options.author if LOGIN.fullmatch(options.author or "") else None
    print(answer(found.drafts, problems, _near(found, loaded), options.number, author))
    return int(bool(problems))


def _problems(root: Path, converted: Converted, form: Form) -> list[str]:
    """Write the files and check them; where there is an error, none of them stays."""
    written: list[Draft] = []
    problems: list[str] = []
    try:
        for draft in converted.drafts:
            write_new(root, draft)
            written.append(draft)
    except FileExistsError:
        problems.append(f"{draft.path} exists already; is it the same?")
    if not problems:
        paths = {draft.path for draft in converted.drafts}
        found = Project(root).load().problems
        ours = [p for p in found if p.path in paths and not p.warning]
        problems = [told(problem, converted, form) for problem in ours]
    if problems:
        for draft in written:
            (root / draft.path).unlink()
    return problems


def _near(found: Converted, loaded: Loaded) -> list[Match]:
    if loaded.collection is None or found.known is None:
        return []
    item, _ = typed(Entry, found.entry | {"id": ""}, found.known)
    return Duplicates(loaded.collection).near(outline(item, loaded.collection))[:5]


if __name__ == "__main__":
    sys.exit(main())
