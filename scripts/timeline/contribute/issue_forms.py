"""Define the issue forms on GitHub, and recognise the form with which an issue was made.

https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

import difflib
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from timeline.content.front_matter import Value, front_matter_text
from timeline.schema.entry import Entry, Penalty, Source, Step
from timeline.schema.introspect import FieldSpec, field_spec, field_specs
from timeline.schema.terms import TERMS
from timeline.schema.types import Kind
from timeline.schema.vocabulary import EntryType

# Keys that are set automatically when a file is made, or later, in review and correction.
NOT_ASKED = frozenset({"added", "checked", "changes", "aliases", "withdrawn"})


@dataclass(frozen=True)
class Question:
    """One field of an issue form.

    `key` is a key of `model`; without a model the field corresponds to no single key.
    """

    key: str
    label: str
    model: type[BaseModel] | None = None
    required: bool = False
    is_long: bool = False  # has several lines
    hint: str = ""
    example: tuple[str, ...] = ()  # keys to show as an example of an answer in YAML

    @property
    def spec(self) -> FieldSpec | None:
        """The specification of the key, if there is a model."""
        return field_spec(self.model, self.key) if self.model else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The labels of the closed list to choose the answer from, if any."""
        return tuple(choice.label for choice in self.spec.choices) if self.spec else ()

    @property
    def id(self) -> str:
        """The id by which the query of an address fills the field in.

        Its prefix avoids the names of GitHub's own parameters, such as title and type.
        """
        return "field-" + "-".join(re.findall("[a-z]+", self.label.lower()))

    def block(self, example: dict[str, Value]) -> dict[str, Any]:
        """Return the field in GitHub's form schema. `example` is the front matter of an entry."""
        kind = "dropdown" if self.choices else "textarea" if self.is_long else "input"
        attributes: dict[str, Any] = {"label": self.label}
        descriptions = (self.spec.description if self.spec else "", self.hint)
        if any(descriptions):
            attributes["description"] = "; ".join(filter(None, descriptions))
        if self.choices:
            attributes["options"] = list(self.choices)
        if self.example:  # GitHub puts the answer in a code block: nothing in it is Markdown
            values = {key: _only_asked(example[key]) for key in self.example if key in example}
            attributes |= {"placeholder": front_matter_text(Entry, values), "render": "yaml"}
        # An address cannot fill a dropdown in, so issues from the site's form leave it empty; the
        # converter reports a missing answer.
        required = {"required": self.required and not self.choices}
        return {"type": kind, "id": self.id, "attributes": attributes, "validations": required}


@dataclass(frozen=True)
class IssueForm:
    """An issue form. `type` is the type of its entries, if they all have the same."""

    kind: str
    name: str
    description: str
    questions: tuple[Question, ...]
    type: EntryType | None = None

    @property
    def label(self) -> str:
        """The label that GitHub puts on issues of this form."""
        return f"form: {self.kind}"

    @property
    def file(self) -> str:
        """The name of the form's file, by which the query of an address selects it."""
        return f"{self.kind}.yml"

    def content(self, example: dict[str, Value]) -> dict[str, Any]:
        """Return the form in GitHub's form schema. `example` is the front matter of an entry."""
        return {
            "name": self.name,
            "description": self.description,
            "labels": [self.label],
            "body": [question.block(example) for question in self.questions],
        }


def _only_asked(value: Value) -> Value:
    if isinstance(value, list):
        return [_only_asked(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _only_asked(inner) for key, inner in value.items() if key not in NOT_ASKED}
    return value


# Kind of a vocabulary page that an issue may describe -> the label of the field.
NEW_PAGES: dict[Kind, str] = {
    "regulators": "New body",
    "topics": "New topic",
    "instruments": "New instrument",
}


def _new_page(kind: Kind) -> Question:
    keys = [key for key, spec in field_specs(TERMS[kind]).items() if not spec.model]
    hint = (
        "only if the site does not have it yet; lines 'key: value' with the keys "
        f"{', '.join(keys)}, and text"
    )
    return Question(kind, NEW_PAGES[kind], is_long=True, hint=hint)


_HEAD = (
    Question("title", "Title", Entry, required=True),
    Question("date", "Date", Entry, required=True, hint="2022-04-29, or 2022-04, or 2022"),
)
_BODIES = Question(
    "regulators",
    "Bodies",
    Entry,
    is_long=True,
    hint="one per line, by any of their names, in any language",
)
_TOPICS = Question("topics", "Topics", Entry, required=True, is_long=True, hint="one per line")
TEXT = Question(
    "text", "Text", required=True, is_long=True,
    hint="60 to 180 words of your own: who did what, under which power, what it requires of whom",
)  # fmt: skip
_INSTRUMENT = (
    Question(
        "id",
        "Instrument",
        Step,
        hint="the law, rule or standard, by any of its names, in any language",
    ),
    Question("stage", "Stage", Step),
    Question("comments_close", "Comments close", Step),
    Question("effective", "Effective", Step, hint="2022-04-29"),
)
_SOURCE = (
    Question("kind", "Kind of source", Source),
    Question("publisher", "Publisher", Source),
    Question("title", "Title of the source", Source),
    Question("lang", "Language of the source", Source),
    Question("url", "Address", Source),
    Question("quote", "Quote", Source),
    Question("newsletters", "Newsletters", Entry, is_long=True, hint="one per line"),
)
_PENALTY = (
    Question("party", "Party", Penalty, required=True),
    Question("measure", "Measure", Penalty, required=True),
    Question("amount", "Amount", Penalty),
    Question("currency", "Currency", Penalty),
)
REST = Question(
    "rest", "Anything else", is_long=True,
    example=("sources", "instruments", "deadlines", "penalties"),
    hint="further sources, instruments and penalties, and any other key of an entry, written as in "
    "the front matter of a file",
)  # fmt: skip
SLUG = Question(
    "slug", "Name of the file",
    hint="words for the address, if not those of the title, in Latin letters",
)  # fmt: skip
_LAST = (REST, SLUG, *map(_new_page, NEW_PAGES))
PAGE = Question(
    "entry", "Entry", required=True,
    hint="its address, that of another page, or the name of its file",
)  # fmt: skip
WRONG = Question("wrong", "What is wrong", required=True, is_long=True)
DEAD_LINK = (
    Question("dead", "Dead address", hint="for a dead link: the address that no longer opens"),
    Question("url", "New address", hint="where the page is now"),
    Question("archived", "Archived copy", hint="the address of a copy, for example in an archive"),
)
KEYS = Question(
    "keys", "Keys as they should be", is_long=True, example=("number", "deadlines"),
    hint="only the keys that change, each complete, written as in the front matter of the file",
)  # fmt: skip
FORMS = (
    IssueForm(
        "development", "New development", "Something happened that the site does not report yet.",
        (*_HEAD, Question("type", "Type", Entry, required=True), _BODIES, _TOPICS, TEXT, *_SOURCE,
         *_INSTRUMENT, *_LAST),
    ),
    IssueForm(
        "stage", "New stage of an instrument", "A draft, a reading, an adoption, an amendment.",
        (*_HEAD, *_INSTRUMENT, _BODIES, _TOPICS, TEXT, *_SOURCE, *_LAST),
        EntryType.REGULATORY,
    ),
    IssueForm(
        "enforcement", "Enforcement", "A fine, an order, a campaign, a judgment.",
        (*_HEAD, _BODIES, _TOPICS, *_PENALTY, TEXT, *_SOURCE, *_INSTRUMENT, *_LAST),
        EntryType.ENFORCEMENT,
    ),
    IssueForm(
        "correction", "Correction or dead link", "Something on the site is wrong or gone.",
        (
            PAGE,
            WRONG,
            Question("right", "What is right, and where that can be seen", is_long=True),
            *DEAD_LINK,
            KEYS,
        ),
    ),
)  # fmt: skip
CORRECTION = FORMS[-1]


def form_of(text: str) -> IssueForm | None:
    """Return the form with which an issue was made: the one whose headings it has in order."""
    for form in sorted(FORMS, key=lambda form: -len(form.questions)):
        remaining = iter(_headings(text))
        if all(question.label in remaining for question in form.questions):
            return form
    return None


def _headings(text: str) -> list[str]:
    return [line[4:].strip() for line in text.splitlines() if line.startswith("### ")]


MIN_HEADINGS = 3  # of a form; an issue with fewer was probably not made with it


def heading_problems(text: str) -> list[str]:
    """Return what to restore in an issue that has some headings of a form, but not all in order."""
    headings = _headings(text)
    labels = {form: [question.label for question in form.questions] for form in FORMS}
    missing = {form: [x for x in labels[form] if x not in headings] for form in FORMS}
    form = min(FORMS, key=lambda form: len(missing[form]) / len(labels[form]))
    if len(labels[form]) - len(missing[form]) < MIN_HEADINGS:
        return []
    if len(missing[form]) * 2 > len(labels[form]):
        return [f"most headings of the form “{form.name}” are missing; open a new issue with it"]
    others = [heading for heading in headings if heading not in labels[form]]
    found = []
    for label in missing[form]:
        similar = difflib.get_close_matches(label, others, n=1)
        changed = f", perhaps changed to {similar[0]!r}" if similar else ""
        found.append(f"the form's heading '### {label}' is missing{changed}; restore it")
    order = " / ".join(labels[form])
    return found or [f"the headings are not in the order of the form: {order}"]
