#!/usr/bin/env python3
"""Convert the text of an issue that was made with a form into checked files, or answer it.

usage: from_issue.py --date DAY [--number N] [--author NAME] [--kind KIND] [FILE]

Reads the issue's text from FILE or standard input, and prints the answer as Markdown: the files
that were written, the problems and where they are, possible duplicates. DAY is the day on which the
issue was opened. Without --kind, the form is recognised by the headings.

New files are written under entries/ and docs/<vocabulary>/ only, and are removed again if the check
finds an error in them. Exit status: 0 if files were written, 1 if there are problems, 3 if the
issue is not one to make files from: a correction, or not made with a form.
"""

import re
import sys
from pathlib import Path

from timeline.checks import Project
from timeline.checks.duplicates import draft_duplicates
from timeline.cli import ROOT, command, day_argument, parser_for
from timeline.config import read_site
from timeline.contribute.corrections import CorrectionContext, correction
from timeline.contribute.drafts import Draft, write_new
from timeline.contribute.issue_forms import CORRECTION, FORMS, IssueForm, form_of, heading_problems
from timeline.contribute.issues import Converted, convert, reply

NO_FILES = 3
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


@command
def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="default: standard input")
    described = "when the issue was opened"
    parser.add_argument("--date", required=True, type=day_argument, metavar="DAY", help=described)
    parser.add_argument("--number", type=int, metavar="N", help="of the issue")
    parser.add_argument("--author", metavar="NAME", help="who opened it")
    parser.add_argument("--kind", choices=[form.kind for form in FORMS])
    options = parser.parse_args(arguments)
    data = options.file.read_bytes() if options.file else sys.stdin.buffer.read()
    text = data.decode("utf-8", "replace")
    form = next((f for f in FORMS if f.kind == options.kind), None) or form_of(text)
    if form is None:
        problems = heading_problems(text)
        if not problems:
            return NO_FILES
        print(reply((), problems))
        return 1
    loaded, opened = Project(root).load(), str(options.date)
    if form is CORRECTION:
        print(correction(text, CorrectionContext(root, loaded, read_site(root), opened)))
        return NO_FILES
    found = convert(text, form, loaded.index, opened)
    problems, warnings = _write(root, found, form)
    by = f" by @{options.author}" if _LOGIN.fullmatch(options.author or "") else ""
    origin = f" From issue #{options.number}{by}." if options.number else ""
    duplicates = draft_duplicates(found.values, "", found.index or loaded.index, loaded.valid)
    print(reply(found.drafts, problems, duplicates, warnings, origin))
    return int(bool(problems))


def _write(root: Path, found: Converted, form: IssueForm) -> tuple[list[str], list[str]]:
    """Write the files and check them. Returns the problems and the warnings.

    If there is any problem, all of the files are removed again.
    """
    written: list[Draft] = []
    problems = list(found.problems)
    for draft in found.drafts:
        try:
            write_new(root, draft)
            written.append(draft)
        except FileExistsError:
            problems.append(f"{draft.path} already exists; is it the same?")
    paths = {draft.path for draft in written}
    project = Project(root)
    errors = [p for p in project.load().problems if p.path in paths and not p.warning]
    warnings = [p for p in sorted(project.style_warnings()) if p.path in paths]
    problems += found.describe(errors, form)
    if problems:
        for draft in written:
            (root / draft.path).unlink()
    return problems, list(found.describe(warnings, form))


if __name__ == "__main__":
    sys.exit(main())
