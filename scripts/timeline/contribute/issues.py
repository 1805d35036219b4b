"""The text of an issue, as a form makes it -> files of an entry and of new pages.

What an issue says is data. No part of it becomes a path except through `text.slug`, which leaves
letters, digits and hyphens, and no part of it is ever run. Corrections are in `corrections`.
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
_RULE = re.compile(r"---\s*")
_BACKQUOTES = re.compile("`+")
# What a list of an entry holds -> its key; the fields of a form hold the first of each.
_LISTS = {field_specs(Entry)[key].model: key for key in ("sources", "instruments", "penalties")}


@dataclass(frozen=True)
class ExtraFields:
    """Keys of an entry that an issue gives as YAML, and what is wrong with them."""

    text: ParsedText = field(default_factory=lambda: ParsedText({}, "", 1, {}))
    problems: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Value]:
        """The keys."""
        return self.text.values


@dataclass(frozen=True)
class Converted:
    """The files that an issue makes, and what cannot be understood in it."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)  # the front matter of the entry
    index: NameIndex | None = None  # with what the issue adds
    from_fields: frozenset[str] = frozenset()  # lists whose first item comes from fields of its own
    extra: ExtraFields = field(default_factory=ExtraFields)
    lost: frozenset[Kind] = frozenset()  # of pages that could not be made

    def describe(self, problems: Iterable[Problem], form: IssueForm) -> Iterator[str]:
        """What the check found, except what only follows from the problems of this issue."""
        for problem in problems:
            label, said = self._describe(problem, form)
            is_known = said in self.problems or f"'{label}' has no answer" in self.problems
            is_lost = any(f"no page in docs/{kind}/" in said for kind in self.lost)
            is_unread = self.extra.problems and not self.extra.values and not label
            if not (is_known or is_lost or is_unread):
                yield said

    def _describe(self, problem: Problem, form: IssueForm) -> tuple[str, str]:
        """The label of the field that caused a problem, where one did, and the problem after it."""
        draft = next(draft for draft in self.drafts if draft.path == problem.path)
        folder, kind, *_ = draft.path.split("/")
        if folder == "docs":
            label = next(label for key, label in NEW_PAGES.items() if key == kind)
            return label, f"'{label}', {draft.id}: {problem.message}"
        label_of = TEXT.label if problem.location == BODY else self._label(problem.location, form)
        if label_of:
            keys = [part for part in problem.location if isinstance(part, str)]
            said = problem.message.removeprefix(f"'{keys[-1]}'")
            for page, label in NEW_PAGES.items():
                said = re.sub(rf"add docs/{page}/\S+", f"describe it under '{label}'", said)
            return label_of, f"'{label_of}'{said if said != problem.message else f': {said}'}"
        if problem.location:
            line = self.extra.text.line(self._in_answer(problem.location))
            return REST.label, located(REST.label, line, problem.message)
        return "", problem.message

    def _label(self, location: Location, form: IssueForm) -> str | None:
        """The label of the field that a location comes from; None where it comes from the YAML."""
        key = location[0] if location else None
        if key in self.from_fields:
            if location[1:2] != (0,):
                return None
            mine = [q for q in form.questions if _LISTS.get(q.model) == key]
            return next((q.label for q in mine if q.key in location[2:]), mine[0].label)
        if key in self.extra.values:
            return None
        return next((q.label for q in form.questions if (q.model, q.key) == (Entry, key)), None)

    def _in_answer(self, location: Location) -> Location:
        """The location within the YAML, which has not the item that comes from fields."""
        if len(location) > 1 and location[0] in self.from_fields and isinstance(location[1], int):
            return (location[0], location[1] - 1, *location[2:])
        return location


def answers(text: str, form: IssueForm) -> dict[str, str]:
    """Label -> answer. A heading counts once, and only in the form's own order."""
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
        if code:  # GitHub makes a code block of the answer
            given[question.label] = code["inside"]
    return {label: answer for label, answer in given.items() if answer.strip() not in NO_ANSWER}


def parse_extra(answer: str, label: str = REST.label) -> ExtraFields:
    """Read an answer as front matter is read. `label` is that of the field, for its problems."""
    if not answer.strip():
        return ExtraFields()
    lines = answer.rstrip().split("\n")
    for place in (0, -1):  # whoever copies from a file may take its two lines `---` along
        lines[place] = "" if _RULE.fullmatch(lines[place]) else lines[place]
    try:
        parsed = parse_front_matter("\n".join(lines))
    except UnreadableError as error:
        return ExtraFields(problems=tuple(located(label, *found) for found in error.messages))
    errors = list(parsed.errors)
    for location, line in parsed.lines.items():
        key = location[-1] if location else ""
        if key in NOT_ASKED:
            errors.append((line, f"{key!r} is set later, in review or correction; leave it out"))
        elif len(location) == 1 and key not in Entry.model_fields:
            errors.append((line, unknown_key(str(key), Entry)))
    problems = (located(label, line, message) for line, message in sorted(errors))
    return ExtraFields(parsed, tuple(problems))


def located(label: str, line: int, message: str) -> str:
    """A problem with where it is in the issue."""
    return f"'{label}', line {line}: {message}"


def convert(text: str, form: IssueForm, index: NameIndex, added: str) -> Converted:
    """Make the files. `added` is the date on which the issue was opened."""
    if len(text) > MAX_LENGTH:
        size = f"the issue has {len(text):,} characters; at most {MAX_LENGTH:,} are allowed"
        return Converted(problems=(size,))
    given = answers(text, form)
    extra = parse_extra(given.get(REST.label, ""))
    described = {kind: given.get(label, "") for kind, label in NEW_PAGES.items()}
    pages, index, wrong = new_pages(described, index)
    values, from_fields, clashes = _values(given, form, extra, index)
    problems = [
        f"'{q.label}' has no answer" for q in form.questions if _is_missing(q, given, extra)
    ]
    problems += [*extra.problems, *clashes]
    problems += [f"'{NEW_PAGES[kind]}': {message}" for kind, message in wrong]
    values = {"regulators": []} | interpret(Entry, values | {"added": added}, index)
    name, title = given.get(SLUG.label), str(values.get("title") or "")
    if title and not slug(name or title):
        label = SLUG.label if name else "Title"
        problems.append(f"'{label}' gives no name for the file; give one in Latin letters")
    body = given.get(TEXT.label, "")
    try:
        draft = draft_entry(values, body, name)
    except ValueError:  # reported; the rest is checked all the same
        draft = draft_entry(values, body, name, otherwise=added)
    lost = frozenset(kind for kind, _ in wrong)
    return Converted((*pages, draft), tuple(problems), values, index, from_fields, extra, lost)


def _is_missing(question: Question, given: dict[str, str], extra: ExtraFields) -> bool:
    in_extra = question.model is Entry and question.key in extra.values
    return question.required and question.label not in given and not in_extra


def _values(
    given: dict[str, str], form: IssueForm, extra: ExtraFields, index: NameIndex
) -> tuple[dict[str, Any], frozenset[str], list[str]]:
    """The front matter of the entry, the lists begun by fields, and what is given twice."""
    values: dict[str, Any] = {} if form.type is None else {"type": str(form.type)}
    firsts: dict[str, dict[str, str]] = {}
    for question in form.questions:
        answer = given.get(question.label)
        if answer is None or question.model is None:
            continue
        if question.model is Entry:
            values[question.key] = _lines(answer) if question.is_long else answer
        else:
            firsts.setdefault(_LISTS[question.model], {})[question.key] = answer
    clashes = [
        located(
            REST.label,
            extra.text.line((key,)),
            f"'{key}': has a field of its own, which is filled in too; give it once",
        )
        for key, value in extra.values.items()
        if key in values
        and interpret(Entry, {key: value}, index) != interpret(Entry, {key: values[key]}, index)
    ]
    values |= extra.values
    for key, first in firsts.items():
        others = extra.values.get(key, [])
        values[key] = [first, *others] if isinstance(others, list) else others
    return values, frozenset(firsts), clashes


def _lines(answer: str) -> list[str]:
    return [line.strip("-* \t") for line in answer.split("\n") if line.strip("-* \t")]


def reply(
    drafts: Sequence[Draft],
    problems: Sequence[str],
    near: Sequence[Match] = (),
    doubts: Sequence[str] = (),
    origin: str = "",
) -> str:
    """The answer to an issue: its files or its problems, doubts, and possible duplicates."""
    if problems:
        parts = ["We could not create an entry from this issue:", code_lines(problems)]
        parts += ["Edit the issue to run the check again."]
    else:
        parts = [f"The check finds no error in these files.{origin}"]
        for draft in drafts:
            parts += [f"`{draft.path}`", code_block(draft.text, "markdown")]
    if doubts and not problems:
        parts += ["What a reviewer will ask about:", code_lines(doubts)]
    if near:
        parts += ["Possible duplicates:"]
        parts += [code_lines(f"{match.id} ({', '.join(match.reasons)})" for match in near)]
    return "\n\n".join(parts)


def code_block(text: str, language: str = "text") -> str:
    """Text as a code block that its own back-quotes cannot end: nothing in it is Markdown.

    No mention in it notifies anybody, no link leads anywhere, no HTML is rendered.
    """
    shown = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
    longest = max((len(run) for run in _BACKQUOTES.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown.rstrip()}\n{fence}"


def code_lines(lines: Iterable[str]) -> str:
    """Lines as a code block."""
    return code_block("\n".join(line.replace("\n", " ") for line in lines))
