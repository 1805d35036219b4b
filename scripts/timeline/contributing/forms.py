"""The issue forms: what each asks for, and their YAML as GitHub reads it.

https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel

from timeline.contributing.guide import EXAMPLE
from timeline.contributing.writing import front_matter
from timeline.model.document import Value
from timeline.model.entry import Entry, Penalty, Source, Step
from timeline.model.fields import Kind
from timeline.model.shape import slot
from timeline.model.terms import TERMS
from timeline.model.vocabulary import EntryType

FOLDER = ".github/ISSUE_TEMPLATE"
# What is set when a file is made, and what comes later, in review and correction.
NOT_ASKED = frozenset({"added", "checked", "changes", "aliases", "withdrawn"})


@dataclass(frozen=True)
class Question:
    """One field of a form. `key` is that of `model`; without a model the answer stands alone."""

    key: str
    label: str
    model: type[BaseModel] | None = None
    required: bool = False
    long: bool = False  # several lines
    hint: str = ""
    example: str = ""  # of front matter; the answer is YAML as it stands in a file

    @property
    def words(self) -> tuple[str, ...]:
        """The labels of the closed list that it takes its answer from."""
        found = slot(self.model, self.key) if self.model else None
        return tuple(word.label for word in found.words) if found else ()

    @property
    def id(self) -> str:
        """By which an address fills the field in.

        Never the name of a parameter that GitHub knows itself, such as title or type.
        """
        return "field-" + "-".join(re.findall("[a-z]+", self.label.lower()))

    def block(self) -> dict[str, Any]:
        """The field as GitHub's form schema has it."""
        kind = "dropdown" if self.words else "textarea" if self.long else "input"
        attributes: dict[str, Any] = {"label": self.label}
        told = self.model.model_fields[self.key].description if self.model else ""
        if told or self.hint:
            attributes["description"] = "; ".join(filter(None, [told, self.hint]))
        if self.words:
            attributes["options"] = list(self.words)
        if self.example:  # GitHub shows the answer as code: nothing in it is Markdown
            attributes |= {"placeholder": self.example, "render": "yaml"}
        # No address fills a list in, so what comes from the form of the site has no answer there;
        # the converter asks for it.
        required = {"required": self.required and not self.words}
        return {"type": kind, "id": self.id, "attributes": attributes, "validations": required}


@dataclass(frozen=True)
class Form:
    """One issue form. `type` is that of the entries that come of it, where it is fixed."""

    kind: str
    name: str
    description: str
    questions: tuple[Question, ...]
    type: EntryType | None = None

    @property
    def label(self) -> str:
        """The label by which the workflow knows an issue of this form."""
        return f"form: {self.kind}"

    @property
    def file(self) -> str:
        """The name of its file, by which an address chooses it."""
        return f"{self.kind}.yml"


ANY_NAME = "any of its names, in any language"
HEAD = (
    Question("title", "Title", Entry, required=True),
    Question("date", "Date", Entry, required=True, hint="2022-04-29, or 2022-04, or 2022"),
)
BODIES = Question("regulators", "Bodies", Entry, long=True, hint=f"one a line, by {ANY_NAME}")
TOPICS = Question("topics", "Topics", Entry, required=True, long=True, hint="one a line")
TEXT = Question(
    "text", "Text", required=True, long=True,
    hint="60 to 180 words of your own: who did what, under which power, what it asks of whom",
)  # fmt: skip
INSTRUMENT = (
    Question("id", "Instrument", Step, hint=f"the law, rule or standard, by {ANY_NAME}"),
    Question("stage", "Stage", Step),
    Question("comments_close", "Comments close", Step),
    Question("effective", "Effective", Step, hint="2022-04-29"),
)
SOURCE = (
    Question("kind", "Kind of source", Source),
    Question("publisher", "Publisher", Source),
    Question("title", "Title of the source", Source),
    Question("lang", "Language of the source", Source),
    Question("url", "Address", Source),
    Question("quote", "Quote", Source),
    Question("newsletters", "Newsletters", Entry, long=True, hint="one a line"),
)
PENALTY = tuple(
    Question(key, label, Penalty, required=required)
    for key, label, required in (
        ("party", "Party", True),
        ("measure", "Measure", True),
        ("amount", "Amount", False),
        ("currency", "Currency", False),
    )
)


def _example(*keys: str) -> str:
    """These keys as they stand in a file."""
    return front_matter(Entry, {key: _asked(EXAMPLE[key]) for key in keys})


def _asked(value: Value) -> Value:
    if isinstance(value, list):
        return [_asked(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _asked(inner) for key, inner in value.items() if key not in NOT_ASKED}
    return value


REST = Question(
    "rest", "Anything else", long=True,
    example=_example("sources", "instruments", "deadlines", "penalties"),
    hint="further sources, instruments and penalties, and every other key of an entry, "
    "as they stand in the front matter of a file",
)  # fmt: skip
SLUG = Question(
    "slug", "Name of the file",
    hint="other words for the address than those of the title, in Latin letters",
)  # fmt: skip
NEW: dict[Kind, str] = {
    "regulators": "New body",
    "topics": "New topic",
    "instruments": "New instrument",
}


def _new(kind: Kind) -> Question:
    model = TERMS[kind]
    found = {key: slot(model, key) for key in model.model_fields}
    keys = [key for key, here in found.items() if here and not here.model]
    unknown = "only where the site does not know it yet"
    hint = f"{unknown}; a line 'key: value' each, of {', '.join(keys)}, and text"
    return Question(kind, NEW[kind], long=True, hint=hint)


LAST = (REST, SLUG, *(_new(kind) for kind in NEW))
ENTRY = Question(
    "entry",
    "Entry",
    required=True,
    hint="its address, or that of another page, or the name of its file",
)
WRONG = Question("wrong", "What is wrong", required=True, long=True)
DEAD = (
    Question("dead", "Dead address", hint="for a dead link: the address that no longer opens"),
    Question("url", "New address", hint="where the page stands now"),
    Question("archived", "Archived copy", hint="the address of a copy, such as an archive's"),
)
KEYS = Question(
    "keys", "Keys as they should be", long=True, example=_example("number", "deadlines"),
    hint="only those that change, whole, as they should stand in the front matter of the file",
)  # fmt: skip
FORMS = (
    Form(
        "development", "New development", "Something happened that the site does not tell yet.",
        (*HEAD, Question("type", "Type", Entry, required=True), BODIES, TOPICS, TEXT, *SOURCE,
         *INSTRUMENT, *LAST),
    ),
    Form(
        "stage", "New stage of an instrument", "A draft, a reading, an adoption, an amendment.",
        (*HEAD, *INSTRUMENT, BODIES, TOPICS, TEXT, *SOURCE, *LAST),
        EntryType.REGULATORY,
    ),
    Form(
        "enforcement", "Enforcement", "A fine, an order, a campaign, a judgment.",
        (*HEAD, BODIES, TOPICS, *PENALTY, TEXT, *SOURCE, *INSTRUMENT,
         *LAST),
        EntryType.ENFORCEMENT,
    ),
    Form(
        "correction", "Correction or dead link", "Something on the site is wrong or gone.",
        (
            ENTRY,
            WRONG,
            Question("right", "What is right, and where that can be seen", long=True),
            *DEAD,
            KEYS,
        ),
    ),
)  # fmt: skip
CORRECTION = FORMS[-1]


def form_of(text: str) -> Form | None:
    """The form that an issue was made with: the one whose headings it has, all and in order."""
    headings = [line[4:].strip() for line in text.splitlines() if line.startswith("### ")]
    for form in sorted(FORMS, key=lambda form: -len(form.questions)):
        left = iter(headings)
        if all(question.label in left for question in form.questions):
            return form
    return None


def form_files() -> dict[str, str]:
    """Path -> YAML of every issue form, and of the page on which one chooses."""
    files = {f"{FOLDER}/{form.file}": _yaml(_form(form)) for form in FORMS}
    return files | {f"{FOLDER}/config.yml": _yaml({"blank_issues_enabled": True})}


def _form(form: Form) -> dict[str, Any]:
    return {
        "name": form.name,
        "description": form.description,
        "labels": [form.label],
        "body": [question.block() for question in form.questions],
    }


def _yaml(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
