"""Convert the text of an issue that was made with a form into files: an entry and new pages.

The text of an issue is only data. No part of it becomes a path except through `text.slug`, which
leaves only letters, digits and hyphens, and no part of it is ever run. `corrections` answers issues
that ask for a correction.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from timeline.checks.duplicates import Match
from timeline.content.front_matter import (
    ParsedText,
    UnreadableError,
    Value,
    parse_front_matter,
)
from timeline.content.interpret import interpret
from timeline.content.messages import unknown_key
from timeline.content.text import slug
from timeline.contribute.drafts import Draft, draft_entry, new_pages
from timeline.contribute.issue_forms import (
    NEW_PAGES,
    NOT_ASKED,
    REST,
    SLUG,
    TEXT,
    IssueForm,
    Question,
)
from timeline.problems import BODY, Location, Problem
from timeline.schema.entry import Entry
from timeline.schema.introspect import field_specs
from timeline.schema.types import Kind, NameIndex

MAX_LENGTH = 60_000  # characters; GitHub's own limit is 65,536
NO_ANSWER = ("", "_No response_", "None")
_CODE = re.compile(r"(?P<fence>`{3,})[^\n`]*\n(?P<inside>.*?)\n?(?P=fence)", re.DOTALL)
_DOCUMENT_MARKER = re.compile(r"---\s*")
_BACKQUOTES = re.compile("`+")
# Model of the items -> key of the list. The fields of a form hold the first item of each list.
_LIST_KEYS = {field_specs(Entry)[key].model: key for key in ("sources", "instruments", "penalties")}


@dataclass(frozen=True)
class ExtraFields:
    """Keys of an entry that an issue gives as YAML, and the problems with them."""

    text: ParsedText = field(default_factory=lambda: ParsedText({}, "", 1, {}))
    problems: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Value]:
        """The keys with their values."""
        return self.text.values


@dataclass(frozen=True)
class Converted:
    """The files that an issue describes, and the problems with it."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)  # the front matter of the entry
    index: NameIndex | None = None  # including the new pages
    from_fields: frozenset[str] = frozenset()  # keys of lists whose first item comes from fields
    extra: ExtraFields = field(default_factory=ExtraFields)
    failed: frozenset[Kind] = frozenset()  # kinds of the pages that could not be made

    def describe(self, problems: Iterable[Problem], form: IssueForm) -> Iterator[str]:
        """Yield what the check found, except mere consequences of this issue's own problems."""
        for problem in problems:
            label, message = self._describe(problem, form)
            is_known = message in self.problems or f"'{label}' has no answer" in self.problems
            lacks_page = any(f"' in docs/{kind}/" in message for kind in self.failed)
            lacks_yaml = self.extra.problems and not self.extra.values and not label
            if not (is_known or lacks_page or lacks_yaml):
                yield message

    def _describe(self, problem: Problem, form: IssueForm) -> tuple[str, str]:
        """Return the label of the field with the problem, if any, and the message that names it."""
        draft = next(draft for draft in self.drafts if draft.path == problem.path)
        folder, kind, *_ = draft.path.split("/")
        if folder == "docs":
            label = next(label for key, label in NEW_PAGES.items() if key == kind)
            return label, f"'{label}', {draft.id}: {problem.message}"
        own_label = TEXT.label if problem.location == BODY else self._label(problem.location, form)
        if own_label:
            keys = [part for part in problem.location if isinstance(part, str)]
            said = problem.message.removeprefix(f"'{keys[-1]}'")
            for page, label in NEW_PAGES.items():
                said = re.sub(rf"add docs/{page}/\S+", f"describe it under '{label}'", said)
            return own_label, f"'{own_label}'{said if said != problem.message else f': {said}'}"
        if problem.location:
            line = self.extra.text.line(self._in_answer(problem.location))
            return REST.label, at_line(REST.label, line, problem.message)
        return "", problem.message

    def _label(self, location: Location, form: IssueForm) -> str | None:
        """Return the label of the field that holds a location, or None if the YAML holds it."""
        key = location[0] if location else None
        if key in self.from_fields:
            if location[1:2] != (0,):
                return None
            item = [q for q in form.questions if _LIST_KEYS.get(q.model) == key]
            return next((q.label for q in item if q.key in location[2:]), item[0].label)
        if key in self.extra.values:
            return None
        return next((q.label for q in form.questions if (q.model, q.key) == (Entry, key)), None)

    def _in_answer(self, location: Location) -> Location:
        """Return the location within the YAML, which lacks an item that comes from fields."""
        if len(location) > 1 and location[0] in self.from_fields and isinstance(location[1], int):
            return (location[0], location[1] - 1, *location[2:])
        return location


def parse_answers(text: str, form: IssueForm) -> dict[str, str]:
    """Return the answers by label. A heading counts once, and only in the order of the form."""
    found: dict[str, list[str]] = {}
    waiting = [question.label for question in form.questions]
    current: list[str] | None = None
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        label = line.removeprefix("### ").strip() if line.startswith("### ") else None
        if label in waiting:
            current = found[label] = []
            waiting = waiting[waiting.index(label) + 1 :]
        elif current is not None:
            current.append(line)
    given = {label: "\n".join(lines).strip() for label, lines in found.items()}
    for question in form.questions:
        code = _CODE.fullmatch(given.get(question.label, "")) if question.example else None
        if code:  # GitHub puts the answer in a code block
            given[question.label] = code["inside"]
    return {label: answer for label, answer in given.items() if answer.strip() not in NO_ANSWER}


def parse_extra(answer: str, label: str = REST.label) -> ExtraFields:
    """Parse an answer as front matter. `label` is that of the field, to name it in problems."""
    if not answer.strip():
        return ExtraFields()
    lines = answer.rstrip().split("\n")
    for place in (0, -1):  # an answer copied from a file may include the lines `---`
        lines[place] = "" if _DOCUMENT_MARKER.fullmatch(lines[place]) else lines[place]
    try:
        parsed = parse_front_matter("\n".join(lines))
    except UnreadableError as error:
        return ExtraFields(problems=tuple(at_line(label, *found) for found in error.messages))
    errors = list(parsed.errors)
    for location, line in parsed.lines.items():
        key = location[-1] if location else ""
        if key in NOT_ASKED:
            errors.append((line, f"{key!r} is set automatically or in review; leave it out"))
        elif len(location) == 1 and key not in Entry.model_fields:
            errors.append((line, unknown_key(str(key), Entry)))
    problems = (at_line(label, line, message) for line, message in sorted(errors))
    return ExtraFields(parsed, tuple(problems))


def at_line(label: str, line: int, message: str) -> str:
    """Prefix a message with the field and the line of its answer."""
    return f"'{label}', line {line}: {message}"


def convert(text: str, form: IssueForm, index: NameIndex, added: str) -> Converted:
    """Convert the text of an issue. `added` is the date on which the issue was opened."""
    if len(text) > MAX_LENGTH:
        size = f"the issue has {len(text):,} characters; at most {MAX_LENGTH:,} are allowed"
        return Converted(problems=(size,))
    given = parse_answers(text, form)
    extra = parse_extra(given.get(REST.label, ""))
    described = {kind: given.get(label, "") for kind, label in NEW_PAGES.items()}
    pages, index, page_problems = new_pages(described, index)
    values, from_fields, conflicts = _values(given, form, extra, index)
    problems = [
        f"'{q.label}' has no answer" for q in form.questions if _is_missing(q, given, extra)
    ]
    problems += [*extra.problems, *conflicts]
    problems += [f"'{NEW_PAGES[kind]}': {message}" for kind, message in page_problems]
    values = {"regulators": []} | interpret(Entry, values | {"added": added}, index)
    name, title = given.get(SLUG.label), str(values.get("title") or "")
    if title and not slug(name or title):
        label = SLUG.label if name else "Title"
        problems.append(f"no file name can be made from '{label}'; write one in Latin letters")
    body = given.get(TEXT.label, "")
    try:
        draft = draft_entry(values, body, name)
    except ValueError:  # already among the problems; the rest is still checked
        draft = draft_entry(values, body, name, fallback_date=added)
    failed = frozenset(kind for kind, _ in page_problems)
    return Converted((*pages, draft), tuple(problems), values, index, from_fields, extra, failed)


def _is_missing(question: Question, given: dict[str, str], extra: ExtraFields) -> bool:
    in_extra = question.model is Entry and question.key in extra.values
    return question.required and question.label not in given and not in_extra


def _values(
    given: dict[str, str], form: IssueForm, extra: ExtraFields, index: NameIndex
) -> tuple[dict[str, Any], frozenset[str], list[str]]:
    """Return the front matter, the keys of lists whose first item is in fields, and conflicts."""
    values: dict[str, Any] = {} if form.type is None else {"type": str(form.type)}
    firsts: dict[str, dict[str, str]] = {}
    for question in form.questions:
        answer = given.get(question.label)
        if answer is None or question.model is None:
            continue
        if question.model is Entry:
            values[question.key] = _lines(answer) if question.is_long else answer
        else:
            firsts.setdefault(_LIST_KEYS[question.model], {})[question.key] = answer
    conflicts = [
        at_line(
            REST.label,
            extra.text.line((key,)),
            f"'{key}' is also given in its own field; give it only once",
        )
        for key, value in extra.values.items()
        if key in values
        and interpret(Entry, {key: value}, index) != interpret(Entry, {key: values[key]}, index)
    ]
    values |= extra.values
    for key, first in firsts.items():
        others = extra.values.get(key, [])
        values[key] = [first, *others] if isinstance(others, list) else others
    return values, frozenset(firsts), conflicts


def _lines(answer: str) -> list[str]:
    return [line.strip("-* \t") for line in answer.split("\n") if line.strip("-* \t")]


def reply(
    drafts: Sequence[Draft],
    problems: Sequence[str],
    duplicates: Sequence[Match] = (),
    warnings: Sequence[str] = (),
    origin: str = "",
) -> str:
    """Return the answer to an issue: its problems, or its files and warnings; and duplicates."""
    if problems:
        parts = ["We could not create an entry from this issue:", code_lines(problems)]
        parts += ["Edit the issue to run the check again."]
    else:
        parts = [f"The check found no errors in these files.{origin}"]
        for draft in drafts:
            parts += [f"`{draft.path}`", code_block(draft.text, "markdown")]
    if warnings and not problems:
        parts += ["A reviewer will ask about:", code_lines(warnings)]
    if duplicates:
        parts += ["Possible duplicates:"]
        parts += [code_lines(f"{match.id} ({', '.join(match.reasons)})" for match in duplicates)]
    return "\n\n".join(parts)


def code_block(text: str, language: str = "text") -> str:
    """Return text as a code block, with a fence that no back-quotes in the text can close.

    Nothing in the block is Markdown: no mention notifies anybody, no link works, and no HTML is
    rendered.
    """
    shown = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
    longest = max((len(run) for run in _BACKQUOTES.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown.rstrip()}\n{fence}"


def code_lines(lines: Iterable[str]) -> str:
    """Return lines as a code block."""
    return code_block("\n".join(line.replace("\n", " ") for line in lines))
