"""Advice on the style of entries and pages: warnings, since the author may know better.

The rules are those of CONTRIBUTING.md: a short headline, 60 to 180 words, only what was known on
the day, British spelling.
"""

import re
from collections.abc import Iterator
from typing import Any

from timeline.checks.plausibility import check_plausibility
from timeline.checks.stray_markup import WARNINGS, find_stray_markup
from timeline.content.loader import ParsedSite
from timeline.content.parser import ParsedFile
from timeline.problems import BODY, Location, Problem
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS

MAX_TITLE = 120  # characters
ENTRY_WORDS = range(30, 191)  # the guide asks for 60 to 180, if the sources say enough
PAGE_WORDS = range(25, 171)

# An entry reports what was known on its day; a later development has its own entry.
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
    re.compile(r"\*\*|__|`"): "contains Markdown; write plain text",
    re.compile(r"^[^a-z]*[A-Z]{4}[^a-z]*$"): "is all in capitals; use sentence case",
    re.compile(r"^[^A-Za-z]+$"): "has no English words; write it in English",
}
# Names and titles keep their own spelling.
_NAMES = re.compile(r"\*[^*\n]+\*|\b[A-Z][a-z]+ization\b|\b(?:Program|Center)\b")


def check_style(site: ParsedSite) -> Iterator[Problem]:
    """Yield every warning about the style of valid files."""
    for entry in site.entries:
        if entry.valid_item is not None:
            yield from _check_entry(entry, entry.valid_item)
            yield from check_plausibility(entry, entry.valid_item)
            for location, text, first_line in (
                (("title",), entry.valid_item.title, entry.text.line(("title",))),
                (BODY, entry.valid_item.body, entry.valid_item.body_line),
            ):
                for line, message in find_stray_markup(text, first_line, WARNINGS):
                    yield Problem(entry.path, line, message, warning=True, location=location)
    for _, page in site.vocabulary():
        if isinstance(page.valid_item, tuple(TERMS.values())):
            yield from _check_length(page, PAGE_WORDS)


def _check_entry(parsed: ParsedFile[Entry], entry: Entry) -> Iterator[Problem]:
    def warn(location: Location, message: str) -> Problem:
        return parsed.problem_at(location, message, warning=True)

    for message in _title_messages(entry.title):
        yield warn(("title",), f"the title {message}")
    for index, source in enumerate(entry.sources):
        if source.checked and source.checked < entry.date.first_day:
            message = (
                f"the source was verified on {source.checked}, before the entry's date "
                f"({entry.date}); correct one of the two"
            )
            yield warn(("sources", index, "checked"), message)
        if (source.title or "").startswith("["):
            message = (
                "the source's title begins with a bracket; give the title as the source has it"
            )
            yield warn(("sources", index, "title"), message)
    yield from _check_length(parsed, ENTRY_WORDS)
    for match in _HINDSIGHT.finditer(entry.body):
        message = f"'{match[0]}' suggests hindsight; report only what was known on the entry's date"
        yield _body_warning(parsed, match, message)
    names = [match.span() for match in _NAMES.finditer(entry.body)]
    for match in _AMERICAN.finditer(entry.body):
        if not any(start <= match.start() < end for start, end in names):
            yield _body_warning(
                parsed, match, f"'{match[0]}' is American spelling; use British spelling"
            )


def _title_messages(title: str) -> Iterator[str]:
    if len(title) > MAX_TITLE:
        yield f"has {len(title)} characters; write at most {MAX_TITLE}"
    yield from (message for pattern, message in _TITLES.items() if pattern.search(title))


def _check_length(parsed: ParsedFile[Any], allowed: range) -> Iterator[Problem]:
    assert parsed.item is not None
    words = len(parsed.item.body.split())
    if words and words not in allowed:  # an empty text is reported by the rules
        wanted = f"write {allowed.start} to {allowed.stop - 1}"
        message = f"the text has {words:,} word{'s' * (words != 1)}; {wanted}"
        yield Problem(parsed.path, parsed.item.body_line, message, warning=True, location=BODY)


def _body_warning(parsed: ParsedFile[Entry], match: re.Match[str], message: str) -> Problem:
    assert parsed.item is not None
    line = parsed.item.body_line + match.string.count("\n", 0, match.start())
    return Problem(parsed.path, line, message, warning=True, location=BODY)
