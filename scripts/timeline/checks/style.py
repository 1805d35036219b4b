"""Advice on how an entry or a page is written: warnings, since a person may know better.

The rules are those of CONTRIBUTING: a short headline, 60 to 180 words, what was known on the day,
British spelling.
"""

import re
from collections.abc import Iterator
from typing import Any

from timeline.checks.leftovers import WARNINGS, leftovers
from timeline.checks.plausibility import doubts
from timeline.content.loader import ParsedSite
from timeline.content.parser import ParsedFile
from timeline.problems import BODY, Location, Problem
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS

MAX_TITLE = 120  # characters
ENTRY_WORDS = range(30, 191)  # asked for are 60 to 180, where the sources say as much
PAGE_WORDS = range(25, 171)

# An entry reports what was known on its day; what came later is an entry of its own.
_HINDSIGHT = re.compile(
    r"\b(so far|since then|has since|have since|later (?:that|the next|the following) year"
    r"|still in force|is now|are now|nowadays|currently|recently)\b",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"\b(?:organiz|authoriz|standardiz|recogniz|penaliz|defense|behavior|favor\b|labor\b|center\b"
    r"|program\b)[a-z]*"
)
_TITLES = {
    re.compile(r"\.\W*$"): "ends with a full stop; leave it out",
    re.compile(r"^\d{4}-\d\d|^\d{1,2} [A-Z][a-z]+ \d{4}\b"): "begins with a date; leave it out",
    re.compile(r"\*\*|__|`"): "has marks of Markdown; write it plain",
    re.compile(r"^[^a-z]*[A-Z]{4}[^a-z]*$"): "is all in capitals; write it as a sentence",
    re.compile(r"^[^A-Za-z]+$"): "has no English words; write it in English",
}
# Names and titles keep their own spelling.
_NAMES = re.compile(r"\*[^*\n]+\*|\b[A-Z][a-z]+ization\b|\b(?:Program|Center)\b")


def check_style(site: ParsedSite) -> Iterator[Problem]:
    """Every warning about the style of sound files."""
    for entry in site.entries:
        if entry.valid_item is not None:
            yield from _of_entry(entry, entry.valid_item)
            yield from doubts(entry, entry.valid_item)
            for location, text, first_line in (
                (("title",), entry.valid_item.title, entry.text.line(("title",))),
                (BODY, entry.valid_item.body, entry.valid_item.body_line),
            ):
                for line, message in leftovers(text, first_line, WARNINGS):
                    yield Problem(entry.path, line, message, warning=True, location=location)
    for _, page in site.vocabulary():
        if isinstance(page.valid_item, tuple(TERMS.values())):
            yield from _length(page, PAGE_WORDS)


def _of_entry(parsed: ParsedFile[Entry], entry: Entry) -> Iterator[Problem]:
    def warn(location: Location, message: str) -> Problem:
        return parsed.problem_at(location, message, warning=True)

    for message in _of_title(entry.title):
        yield warn(("title",), f"the title {message}")
    for index, source in enumerate(entry.sources):
        if source.checked and source.checked < entry.date.first_day:
            message = f"verified on {source.checked}, before the entry's date ({entry.date})"
            yield warn(("sources", index, "checked"), message)
        if (source.title or "").startswith("["):
            message = "the title begins with a bracket; give the title that the source itself has"
            yield warn(("sources", index, "title"), message)
    yield from _length(parsed, ENTRY_WORDS)
    for match in _HINDSIGHT.finditer(entry.body):
        message = f"'{match[0]}': an entry reports what was known on its day; write it without"
        yield _in_body(parsed, match, message)
    names = [match.span() for match in _NAMES.finditer(entry.body)]
    for match in _AMERICAN.finditer(entry.body):
        if not any(start <= match.start() < end for start, end in names):
            yield _in_body(parsed, match, f"'{match[0]}' is American spelling; write British")


def _of_title(title: str) -> Iterator[str]:
    if len(title) > MAX_TITLE:
        yield f"has {len(title)} characters; write at most {MAX_TITLE}"
    yield from (message for pattern, message in _TITLES.items() if pattern.search(title))


def _length(parsed: ParsedFile[Any], allowed: range) -> Iterator[Problem]:
    assert parsed.item is not None
    words = len(parsed.item.body.split())
    if words and words not in allowed:  # the rules report that there is no text
        wanted = f"write {allowed.start} to {allowed.stop - 1}"
        message = f"the text has {words:,} word{'s' * (words != 1)}; {wanted}"
        yield Problem(parsed.path, parsed.item.body_line, message, warning=True, location=BODY)


def _in_body(parsed: ParsedFile[Entry], match: re.Match[str], message: str) -> Problem:
    assert parsed.item is not None
    line = parsed.item.body_line + match.string.count("\n", 0, match.start())
    return Problem(parsed.path, line, message, warning=True, location=BODY)
