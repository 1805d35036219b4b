#!/usr/bin/env python3
"""Read a newsletter and draft an entry for each development that the site does not have.

usage: import_newsletter.py FILE [--month 2022-05] [--newsletter ID] [--out DIR] [--json]

FILE is plain text, Markdown, HTML, Word or a PDF with a text layer; `-` reads text from standard
input. The month of issue supplies any missing years; without --month it is taken from --newsletter
or the text, or asked for. Drafts are written to drafts/, which git and the build ignore; existing
files are not overwritten. For a development that the site has, its entry is printed, so that the
newsletter can be added there. Lines that belong to no development are listed last.

Exit status: 0, 1 if nothing could be read, 130 after Ctrl-C.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TextIO

from timeline.cli import ROOT, collection_or_report, command, fail, parser_for
from timeline.config import read_site
from timeline.content.collection import Collection
from timeline.contribute.drafts import write_new
from timeline.contribute.newsletters import Source, drafts, read_newsletter
from timeline.documents.lines import MAX_BYTES, DocumentError, read_lines
from timeline.importer.developments import Development, ParsedNewsletter
from timeline.importer.layout import Item
from timeline.problems import join_words
from timeline.schema.dates import PartialDate, parse_date, today
from timeline.schema.entry import Entry

SHOWN = 60  # characters of a heading or a line
PROGRESS_STEP = 10  # developments between two progress messages
Ask = Callable[[str], str]


@command
def main(arguments: list[str] | None = None, root: Path = ROOT, ask: Ask | None = None) -> int:
    """Run the command and return the exit status. `ask` answers questions in place of `input`."""
    parser = parser_for(__doc__)
    add = parser.add_argument
    add("file", metavar="FILE", type=Path, help="the newsletter; - is standard input")
    add("--month", type=_month, help="month of issue, which supplies missing years")
    add("--newsletter", metavar="ID", help="the newsletter's page in docs/newsletters/")
    add("--out", type=Path, metavar="DIR", default=root / "drafts", help="default: drafts/")
    add("--json", action="store_true", help="print the developments as JSON and write nothing")
    options = parser.parse_args(arguments)
    if ask is None and sys.stdin.isatty():
        ask = input
    try:
        return _run(options, root, ask)
    except (DocumentError, argparse.ArgumentTypeError) as error:
        return fail(f"{options.file}: {error}")
    except (KeyboardInterrupt, EOFError):
        print("\nNothing was written.", file=sys.stderr)
        return 130


def _month(text: str) -> PartialDate:
    try:
        month = parse_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if month.precision != "month":
        raise argparse.ArgumentTypeError(f"{text!r} is not a month; write it as 2022-05")
    return month


def _run(options: argparse.Namespace, root: Path, ask: Ask | None) -> int:
    path = options.file
    with nullcontext(sys.stdin.buffer) if path == Path("-") else path.open("rb") as file:
        lines = read_lines(path.name, file.read(MAX_BYTES + 1))
    collection = collection_or_report(root)
    if collection is None:
        return 1
    name, known = options.newsletter, collection.newsletters
    if name and name not in known:
        hint = f"there are {join_words(known)}"
        return fail(f"there is no page {name!r} in docs/newsletters/; {hint}")
    issue = options.month or (parse_date(known[name].issued) if name else None)
    parsed = read_newsletter(lines, collection, issue, _with_progress)
    if parsed.issue is None and ask:
        issue = _month(ask("Month of issue, such as 2022-05: "))
        parsed = read_newsletter(lines, collection, issue, _with_progress)
    if options.json:
        found = [as_json(one) for one in parsed.developments]
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        source = Source(path.name, name, str(today(read_site(root).zone)))
        _write(parsed, collection, source, options.out)
    _summarise(parsed, sys.stderr if options.json else sys.stdout)
    return 0


def as_json(one: Development) -> dict[str, Any]:
    """Return a development in the form that `--json` prints."""
    keys = ("id", "name", "name_zh", "stage")
    values = {key: value for key, value in vars(one).items() if key != "text"}
    return values | {
        "date": one.date and str(one.date),
        "instruments": [{key: getattr(span, key) for key in keys} for span in one.instruments],
        "other_dates": [{"date": str(x.date), "what": x.role} for x in one.other_dates],
        "amounts": [amount._asdict() for amount in one.amounts],
    }


def _with_progress(items: list[Item]) -> Iterator[Item]:
    """Yield the items, and print the progress now and then."""
    for number, item in enumerate(items, 1):
        if number % PROGRESS_STEP == 0:
            print(f"Reading development {number:,} of {len(items):,} …", file=sys.stderr)
        yield item


def _write(parsed: ParsedNewsletter, collection: Collection, source: Source, folder: Path) -> None:
    """Write the drafts, and print the entries to which the newsletter can be added."""
    entries = {entry.id: entry for entry in collection.entries}
    new = drafts(parsed, source, collection)
    for one in parsed.developments:
        place = "–".join(str(number) for number in dict.fromkeys(one.lines))
        print(f"{place}: {_short(one.heading or one.text)}")
        if one.duplicate_of:
            print(f"    is {_described(entries[one.duplicate_of], source.newsletter)}")
            continue
        draft = next(new)
        try:
            write_new(folder, draft)
            print(f"    wrote {folder / draft.path}")
        except FileExistsError:
            print(f"    exists already, left alone: {folder / draft.path}")
    if source.newsletter is None:
        print("No newsletter is cited: name its page in docs/newsletters/ with --newsletter")


def _described(entry: Entry, newsletter: str | None) -> str:
    """Return the path of an entry, with the line to add if it does not cite the newsletter."""
    named = ", ".join([*entry.newsletters, newsletter or "…"])
    return entry.path + (
        "" if newsletter in entry.newsletters else f"; add there: newsletters: [{named}]"
    )


def _summarise(parsed: ParsedNewsletter, stream: TextIO) -> None:
    """Print the number of developments, and every line that belongs to none."""
    matched = sum(one.duplicate_of is not None for one in parsed.developments)
    count = len(parsed.developments)
    issue = f"issue of {parsed.issue.long}" if parsed.issue else "month of issue unknown"
    counts = f"{count} ({matched} on the site, {count - matched} new)"
    print(f"Developments: {counts}; {issue}", file=stream)
    if parsed.rest:
        print("Lines that belong to no development:", file=stream)
    for line in parsed.rest:
        print(f"  {line.number}: {_short(line.text)}", file=stream)


def _short(text: str) -> str:
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


if __name__ == "__main__":
    sys.exit(main())
