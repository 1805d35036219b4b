"""The text of an issue, as a form makes it -> the files of an entry and of new vocabulary pages.

What an issue says is data. No part of it becomes a path but by `drafting.short_name`, which leaves
letters, digits and hyphens, and no part of it is ever run.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from timeline.contributing.drafting import Draft, draft_entry, understood
from timeline.contributing.form import Form
from timeline.contributing.forms import REST, SLUG, TEXT
from timeline.contributing.further import Further, further, located
from timeline.contributing.new_pages import new_pages
from timeline.model.document import Value
from timeline.model.entry import Entry
from timeline.model.entry_parts import Penalty, Source, Step
from timeline.model.fields import Known
from timeline.model.wording import Wording

LONGEST = 60_000  # characters; GitHub's own limit is 65,536
NO_ANSWER = "_No response_"
NO_CHOICE = "None"
_CODE = re.compile(r"(?P<fence>`{3,})[^\n`]*\n(?P<inside>.*?)\n?(?P=fence)", re.DOTALL)
# Key of an entry -> what it lists; the fields of a form hold the first of each.
ROWS: dict[str, type[BaseModel]] = {"sources": Source, "instruments": Step, "penalties": Penalty}


@dataclass(frozen=True)
class Converted:
    """The files that an issue makes, and what cannot be understood in it."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[str, ...] = ()
    entry: dict[str, Value] = field(default_factory=dict)  # its front matter
    known: Known | None = None  # with what the issue adds
    rows: frozenset[str] = frozenset()  # keys whose first item comes from fields of its own
    further: Further = field(default_factory=Further)


def answers(text: str, form: Form) -> dict[str, str]:
    """Label -> answer. A heading counts once, and only in the form's own order."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: dict[str, list[str]] = {}
    waiting = [question.label for question in form.questions]
    current: list[str] | None = None
    for line in lines:
        label = line.removeprefix("### ").strip() if line.startswith("### ") else None
        if label in waiting:
            current = found[label] = []
            waiting = waiting[waiting.index(label) + 1 :]
        elif current is not None:
            current.append(line)
    said = {label: "\n".join(answer).strip() for label, answer in found.items()}
    for question in form.questions:
        if question.example and question.label in said:
            said[question.label] = _without_fence(said[question.label])
    return {k: v for k, v in said.items() if v.strip() not in ("", NO_ANSWER, NO_CHOICE)}


def _without_fence(answer: str) -> str:
    """What stands in the code block that GitHub makes of an answer."""
    match = _CODE.fullmatch(answer)
    return match["inside"] if match else answer


def converted(text: str, form: Form, known: Known, added: str) -> Converted:
    """Make the files. `added` is the day on which the issue was opened."""
    if len(text) > LONGEST:
        size = f"the issue has {len(text):,} characters; {LONGEST:,} is the most"
        return Converted(problems=(size,))
    said = answers(text, form)
    more = further(said.get(REST.label, ""))
    missing = [
        q.label
        for q in form.questions
        if q.required and q.label not in said and not (q.model is Entry and q.key in more.values)
    ]
    pages, known, complaints = new_pages(said, known)
    values, rows, clashes = _values(said, form, more)
    problems = [*(f"'{label}' has no answer" for label in missing), *more.problems, *clashes]
    problems += complaints
    values = {"regulators": []} | understood(Entry, values | {"added": added}, known)
    drafts = list(pages)
    try:
        drafts.append(draft_entry(values, said.get(TEXT.label, ""), said.get(SLUG.label)))
    except ValueError as error:
        if not problems:
            problems.append(str(error))
    return Converted(tuple(drafts), tuple(problems), values, known, rows, more)


def _values(
    said: dict[str, str], form: Form, more: Further
) -> tuple[dict[str, Any], frozenset[str], list[str]]:
    """The front matter of the entry, the lists begun by fields, and what is said twice."""
    values: dict[str, Any] = {}
    if form.type is not None:
        values["type"] = str(form.type)
    firsts: dict[str, dict[str, str]] = {}
    keys = {model: key for key, model in ROWS.items()}
    for question in form.questions:
        answer = said.get(question.label)
        if answer is None or question.model is None:
            continue
        if question.model is Entry:
            values[question.key] = _lines(answer) if question.long else answer
        else:
            firsts.setdefault(keys[question.model], {})[question.key] = answer
    twice = [
        located(REST.label, more.parts.line((key,)), Wording.KEY.format(key=key, said=TWICE))
        for key in more.values
        if key in values
    ]
    values |= more.values
    for key, first in firsts.items():
        others = more.values.get(key, [])
        values[key] = [first, *others] if isinstance(others, list) else others
    return values, frozenset(firsts), twice


TWICE = "has a field of its own, which is filled in too; say it once"


def _lines(answer: str) -> list[str]:
    return [line.strip("-* \t") for line in answer.split("\n") if line.strip("-* \t")]
