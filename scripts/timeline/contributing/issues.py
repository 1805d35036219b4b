"""The text of an issue, as a form makes it -> the files of an entry and of new vocabulary pages.

What an issue says is data. No part of it becomes a path but by `drafting.short_name`, which leaves
letters, digits and hyphens, and no part of it is ever run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from timeline.contributing.drafting import Draft, draft_entry, draft_term, understood
from timeline.contributing.forms import NEW, Form
from timeline.model.document import Value
from timeline.model.entry import Entry, Penalty, Source, Step
from timeline.model.fields import Kind, Known
from timeline.model.shape import slot
from timeline.model.terms import TERMS

LONGEST = 60_000  # characters; GitHub's own limit is 65,536
MOST_PAGES = 20
NO_ANSWER = "_No response_"
NO_CHOICE = "None"
_KEY_VALUE = re.compile(r"(?P<key>[a-z_]+):(?P<value>.*)")


@dataclass(frozen=True)
class Converted:
    """The files that an issue makes, and what cannot be understood in it."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[str, ...] = ()
    entry: dict[str, Value] = field(default_factory=dict)  # its front matter
    known: Known | None = None  # with what the issue adds


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
    return {k: v for k, v in said.items() if v not in ("", NO_ANSWER, NO_CHOICE)}


def converted(text: str, form: Form, known: Known, added: str) -> Converted:
    """Make the files. `added` is the day on which the issue was opened."""
    if len(text) > LONGEST:
        size = f"the issue has {len(text):,} characters; {LONGEST:,} is the most"
        return Converted(problems=(size,))
    said = answers(text, form)
    missing = [q.label for q in form.questions if q.required and q.label not in said]
    problems = [f"'{label}' has no answer" for label in missing]
    pages, complaints = _pages(said, known)
    problems += complaints
    known = _with(pages, known)
    values = _values(said, form, known, added)
    drafts = [draft for draft, _ in pages]
    try:
        drafts.append(draft_entry(values, said.get("Text", "")))
    except ValueError as error:
        if not {"Title", "Date"} & set(missing):
            problems.append(str(error))
    return Converted(tuple(drafts), tuple(problems), values, known)


def _values(said: dict[str, str], form: Form, known: Known, added: str) -> dict[str, Value]:
    """The front matter of the entry."""
    values: dict[str, Any] = {"regulators": [], "added": added}
    if form.type is not None:
        values["type"] = str(form.type)
    rows: dict[Any, dict[str, str]] = {Source: {}, Step: {}, Penalty: {}}
    for question in form.questions:
        answer = said.get(question.label)
        if answer is None or question.model is None:
            continue
        if question.model is Entry:
            values[question.key] = _lines(answer) if question.long else answer
        else:
            rows[question.model][question.key] = answer
    for key, model in (("sources", Source), ("instruments", Step), ("penalties", Penalty)):
        if rows[model]:
            values[key] = [rows[model]]
    return {"regulators": []} | understood(Entry, values, known)


def _lines(answer: str) -> list[str]:
    return [line.strip("-* \t") for line in answer.split("\n") if line.strip("-* \t")]


def _pages(said: dict[str, str], known: Known) -> tuple[list[tuple[Draft, Kind]], list[str]]:
    """The new vocabulary pages that an issue describes, and what is wrong with them."""
    pages: list[tuple[Draft, Kind]] = []
    problems: list[str] = []
    for kind, label in NEW.items():
        for described in _described(said.get(label, "")):
            if len(pages) == MOST_PAGES:
                return pages, [*problems, f"more than {MOST_PAGES} new pages"]
            page, complaint = _page(kind, label, described, known)
            pages += [(page, kind)] if page else []
            problems += [complaint] if complaint else []
    return pages, problems


def _page(
    kind: Kind, label: str, described: dict[str, str], known: Known
) -> tuple[Draft | None, str]:
    unknown = [key for key in described if key not in {*TERMS[kind].keys(), "text"}]
    if unknown:
        return None, f"'{label}': {unknown[0][:40]!r} is no key"
    front = {key: value for key, value in described.items() if key != "text"}
    slots = {key: slot(TERMS[kind], key) for key in front}
    listed = {key: front[key].split(";") for key, found in slots.items() if found and found.many}
    values = understood(TERMS[kind], front | listed, known)
    name = front.get("abbreviation") or front.get("short") or front.get("name", "")
    try:
        return draft_term(kind, name, values, described.get("text", "")), ""
    except ValueError as error:
        return None, f"'{label}': {error}"


def _described(answer: str) -> Iterator[dict[str, str]]:
    """Each run of `key: value` lines; a line without a key goes on with the value before it."""
    for block in re.split(r"\n\s*\n", answer):
        values: dict[str, str] = {}
        last = ""
        for line in block.split("\n"):
            match = _KEY_VALUE.fullmatch(line.strip())
            if match and match["key"] not in values:
                last = match["key"]
                values[last] = match["value"].strip()
            elif last:
                values[last] += " " + line.strip()
        if values:
            yield values


def _with(pages: list[tuple[Draft, Kind]], known: Known) -> Known:
    """What is known together with the new pages, by their ids and first lines."""
    ids, names = dict(known.ids), {kind: dict(known.names[kind]) for kind in known.names}
    for draft, kind in pages:
        ids[kind] = ids[kind] | {draft.id}
        for key in ("name", "name_zh", "abbreviation", "short"):
            match = re.search(rf"(?m)^{key}: (.+)$", draft.text)
            if match:
                names[kind].setdefault(match[1].strip("'\"").lower(), draft.id)
        names[kind].setdefault(draft.id, draft.id)
    return replace(known, ids=ids, names=names)
