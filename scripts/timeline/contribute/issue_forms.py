"""What the forms ask for: the issue forms on GitHub, and the form in the browser.

https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

import datetime
import difflib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from timeline.checks.rules import MAX_TEXT
from timeline.checks.style import PAGE_WORDS
from timeline.content.front_matter import Value, front_matter_text
from timeline.schema.codes import CODES
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Basis, Entry, Penalty, Source, Step
from timeline.schema.introspect import (
    DECIMAL_PLACES,
    MAX_DIGITS,
    FieldSpec,
    field_spec,
    field_specs,
    front_matter_schema,
)
from timeline.schema.terms import TERMS
from timeline.schema.types import Document, Kind
from timeline.schema.vocabulary import EntryType, LabelledEnum

# What is set when a file is made, and what comes later, in review and correction.
NOT_ASKED = frozenset({"added", "checked", "changes", "aliases", "withdrawn"})


@dataclass(frozen=True)
class Question:
    """One field of an issue form.

    `key` is that of `model`; without a model it is a field by itself.
    """

    key: str
    label: str
    model: type[BaseModel] | None = None
    required: bool = False
    is_long: bool = False  # several lines
    hint: str = ""
    example: tuple[str, ...] = ()  # keys of an entry; the answer is YAML as it is written in a file

    @property
    def spec(self) -> FieldSpec | None:
        """What the key holds."""
        return field_spec(self.model, self.key) if self.model else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The labels of the closed list from which it is answered."""
        return tuple(choice.label for choice in self.spec.choices) if self.spec else ()

    @property
    def id(self) -> str:
        """By which an address fills the field in.

        Never the name of a parameter that GitHub knows itself, such as title or type.
        """
        return "field-" + "-".join(re.findall("[a-z]+", self.label.lower()))

    def block(self, example: dict[str, Value]) -> dict[str, Any]:
        """The field in GitHub's form schema; `example` is the front matter of an entry."""
        kind = "dropdown" if self.choices else "textarea" if self.is_long else "input"
        attributes: dict[str, Any] = {"label": self.label}
        descriptions = (self.spec.description if self.spec else "", self.hint)
        if any(descriptions):
            attributes["description"] = "; ".join(filter(None, descriptions))
        if self.choices:
            attributes["options"] = list(self.choices)
        if self.example:  # GitHub shows the answer as code: nothing in it is Markdown
            values = {key: _asked(example[key]) for key in self.example if key in example}
            attributes |= {"placeholder": front_matter_text(Entry, values), "render": "yaml"}
        # No address fills a list in, so an issue from the form of the site has no answer there; the
        # converter asks for it.
        required = {"required": self.required and not self.choices}
        return {"type": kind, "id": self.id, "attributes": attributes, "validations": required}


@dataclass(frozen=True)
class IssueForm:
    """One issue form. `type` is that of the entries which it makes, where there is only one."""

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

    def content(self, example: dict[str, Value]) -> dict[str, Any]:
        """The form as GitHub reads it, with the keys of an example where YAML is asked for."""
        return {
            "name": self.name,
            "description": self.description,
            "labels": [self.label],
            "body": [question.block(example) for question in self.questions],
        }


def _asked(value: Value) -> Value:
    if isinstance(value, list):
        return [_asked(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _asked(inner) for key, inner in value.items() if key not in NOT_ASKED}
    return value


NEW_PAGES: dict[Kind, str] = {
    "regulators": "New body",
    "topics": "New topic",
    "instruments": "New instrument",
}


def _new_page(kind: Kind) -> Question:
    keys = [key for key, spec in field_specs(TERMS[kind]).items() if not spec.model]
    hint = (
        "only where the site does not have it yet; a line 'key: value' each, of "
        f"{', '.join(keys)}, and text"
    )
    return Question(kind, NEW_PAGES[kind], is_long=True, hint=hint)


ANY_NAME = "any of its names, in any language"
_HEAD = (
    Question("title", "Title", Entry, required=True),
    Question("date", "Date", Entry, required=True, hint="2022-04-29, or 2022-04, or 2022"),
)
_BODIES = Question("regulators", "Bodies", Entry, is_long=True, hint=f"one a line, by {ANY_NAME}")
_TOPICS = Question("topics", "Topics", Entry, required=True, is_long=True, hint="one a line")
TEXT = Question(
    "text", "Text", required=True, is_long=True,
    hint="60 to 180 words of your own: who did what, under which power, what it requires of whom",
)  # fmt: skip
_INSTRUMENT = (
    Question("id", "Instrument", Step, hint=f"the law, rule or standard, by {ANY_NAME}"),
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
    Question("newsletters", "Newsletters", Entry, is_long=True, hint="one a line"),
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
    hint="further sources, instruments and penalties, and every other key of an entry, as they are "
    "written in the front matter of a file",
)  # fmt: skip
SLUG = Question(
    "slug", "Name of the file",
    hint="other words for the address than those of the title, in Latin letters",
)  # fmt: skip
_LAST = (REST, SLUG, *map(_new_page, NEW_PAGES))
PAGE = Question(
    "entry", "Entry", required=True,
    hint="its address, or that of another page, or the name of its file",
)  # fmt: skip
WRONG = Question("wrong", "What is wrong", required=True, is_long=True)
DEAD_LINK = (
    Question("dead", "Dead address", hint="for a dead link: the address that no longer opens"),
    Question("url", "New address", hint="where the page is now"),
    Question("archived", "Archived copy", hint="the address of a copy, such as an archive's"),
)
KEYS = Question(
    "keys", "Keys as they should be", is_long=True, example=("number", "deadlines"),
    hint="only those that change, whole, as they should be written in the front matter of the file",
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
    """The form by which an issue was made: the one whose headings it has, all and in order."""
    headings = [line[4:].strip() for line in text.splitlines() if line.startswith("### ")]
    for form in sorted(FORMS, key=lambda form: -len(form.questions)):
        left = iter(headings)
        if all(question.label in left for question in form.questions):
            return form
    return None


MIN_HEADINGS = 3  # from which on an issue was meant to be one of a form


def changed_headings(text: str) -> list[str]:
    """What to put back where an issue has most headings of a form but not all in its order."""
    headings = [line[4:].strip() for line in text.splitlines() if line.startswith("### ")]

    def lost(form: IssueForm) -> list[str]:
        return [q.label for q in form.questions if q.label not in headings]

    form = min(FORMS, key=lambda form: len(lost(form)) / len(form.questions))
    labels = [question.label for question in form.questions]
    if len(labels) - len(lost(form)) < MIN_HEADINGS:
        return []
    if len(lost(form)) * 2 > len(labels):
        return [f"most headings of the form “{form.name}” are missing; open a new issue with it"]
    others = [heading for heading in headings if heading not in labels]
    found = []
    for label in lost(form):
        near = difflib.get_close_matches(label, others, n=1)
        now = f", which is now {near[0]!r}" if near else ""
        found.append(f"the heading '### {label}' of the form is missing{now}; put it back")
    order = " / ".join(labels)
    return found or [f"the headings are not in the order of the form: {order}"]


@dataclass(frozen=True)
class FormField:
    """One field of the form in the browser.

    `control` says how it is filled in: line, address, lines (one a line), day, date (of any
    precision), number, flag, choice, name and names (of pages of `kind`), group (of `fields`), rows
    (any number of groups), text. `order` is its place in the file; what has none is not written.
    """

    key: str
    label: str
    description: str
    control: str
    order: int | None = None
    required: bool = False
    always: bool = False  # written as an empty list where nothing is filled in
    pattern: str = ""  # of a regular expression; the whole value must match
    format_words: str = ""  # what the pattern asks for
    max_length: int | None = None  # characters
    choices: tuple[LabelledEnum, ...] = ()
    kind: Kind | None = None
    fields: tuple["FormField", ...] = ()
    row: str = ""  # what a row is called
    single: str = ""  # the key by which a row can be written alone, as an effective date can
    any_of: tuple[str, ...] = ()  # keys of which one is required
    missing: str = "Required."  # what is said where nothing is filled in

    @property
    def is_code(self) -> bool:
        """Whether it is one of a few letters, such as those of a language."""
        return self.key in CODES

    @property
    def is_chinese(self) -> bool:
        """Whether it is a name in Chinese."""
        return self.key.endswith("_zh")

    @property
    def example(self) -> str:
        """A value, for fields whose form is the same everywhere."""
        return "2022-04-29" if self.control in {"day", "date"} else ""

    @property
    def help(self) -> str:
        """The description, and how to write it."""
        if self.control == "name":
            return "by any of its names"
        ways = {
            "day": self.example,
            "date": f"{self.example}, 2022-04 or 2022",
            "lines": "one a line",
            "names": "by any of their names",
        }
        return "; ".join(filter(None, (self.description, ways.get(self.control))))

    @property
    def unknown(self) -> str:
        """What is said of a name that no page has."""
        found = "entry" if self.kind == "entries" else "page"
        describe = ", or describe a new one" if self.kind in NEW_PAGES else ""
        return f"There is no {found} of this name. Choose one from the list{describe}."


@dataclass(frozen=True)
class EntryForm:
    """The form in the browser: its fields, and those of pages that are new with an entry."""

    common: tuple[FormField, ...]  # what the usual entry needs
    optional: tuple[FormField, ...]
    added: FormField  # filled in by the form itself
    new_pages: dict[Kind, tuple[str, tuple[FormField, ...]]]  # heading and fields


_LABELS = {(q.model, q.key): q.label for form in FORMS for q in form.questions if q.model}
_LABELS |= {
    (Source, "kind"): "Kind",
    (Source, "title"): "Title",
    (Source, "lang"): "Language",
    (Source, "archived"): "Archived copy",
    (Entry, "dates"): "Other dates",
    (Entry, "date_note"): "Note on the date",
    (Basis, "id"): "Instrument",
    (Basis, "text"): "Rule in words",
}
_COMMON = {q.key for q in FORMS[0].questions if q.model is Entry} | {"sources", "instruments"}
_FORMATS = {
    "day": "a day such as 2022-04-29",
    "date": "a date such as 2022-04-29, 2022-04 or 2022",
    "address": "a web address that begins with http:// or https://",
}


def entry_form(*, has_chinese: bool) -> EntryForm:
    """The form, from the models. Without `has_chinese` it asks for no names in Chinese."""
    schema = front_matter_schema(Entry, "")
    found = {field.key: field for field in _fields(Entry, schema, schema["$defs"])}
    one_of = [key for part in schema["anyOf"] for key in part["required"]]
    last = max(one_of, key=list(found).index)  # where it is said: the others have been passed
    labels = " or ".join(found[key].label for key in one_of).capitalize()
    missing = f"{labels}: at least one is required."
    found[last] = replace(found[last], any_of=tuple(one_of), missing=missing)
    text = FormField(TEXT.key, TEXT.label, TEXT.hint, "text", required=True, max_length=MAX_TEXT)
    missing = "The title gives no name in Latin letters. Write one here."
    words = "some Latin letters or digits"
    slug = FormField(
        SLUG.key, SLUG.label, SLUG.hint, "line",
        pattern=".*[A-Za-z0-9].*", format_words=words, missing=missing,
    )  # fmt: skip
    asked = [field for field in found.values() if field.key not in NOT_ASKED]
    new_pages = {
        kind: (label, (*(f for f in _new_page_fields(kind) if has_chinese or not f.is_chinese),))
        for kind, label in NEW_PAGES.items()
    }
    return EntryForm(
        common=(*(field for field in asked if field.key in _COMMON), text),
        optional=(*(field for field in asked if field.key not in _COMMON), slug),
        added=found["added"],
        new_pages=new_pages,
    )


def _new_page_fields(kind: Kind) -> tuple[FormField, ...]:
    schema = front_matter_schema(TERMS[kind], "")
    fields = (f for f in _fields(TERMS[kind], schema, schema.get("$defs", {})) if not f.fields)
    description = f"what it is, in {PAGE_WORDS.start} to {PAGE_WORDS.stop - 1} words"
    return (*fields, FormField("text", TEXT.label, description, "text", required=True))


def _fields(
    model: type[BaseModel], schema: dict[str, Any], models: dict[str, Any]
) -> Iterator[FormField]:
    """The fields of a model. `models` has the schemas of the models within, by name."""
    for order, (key, spec) in enumerate(field_specs(model).items()):
        if key in NOT_ASKED and not issubclass(model, Document):
            continue
        facets = schema["properties"][key]
        control = _control(spec, facets)
        label = _LABELS.get((model, key), _label(key))
        single = "date" if (model, key) == (Step, "effective") else ""
        inner = models[spec.model.__name__] if spec.model else {}
        words = CODES[key].expected if key in CODES else _FORMATS.get(control, "")
        pattern = facets["pattern"] if words else ""
        if control == "number":
            pattern, words = _number(facets)
        yield FormField(
            key=key,
            label=label,
            description=spec.description,
            control=control,
            order=order,
            required=spec.required and (not spec.is_list or spec.min_items > 0),
            always=spec.required and spec.is_list and spec.min_items == 0,
            pattern=pattern.removeprefix("^").removesuffix("$"),
            format_words=words,
            choices=spec.choices,
            kind=spec.kind,
            fields=tuple(_fields(spec.model, inner, models)) if spec.model else (),
            row=f"{label.lower()} {single}" if single else _row_name(spec),
            single=single,
        )


def _number(facets: dict[str, Any]) -> tuple[str, str]:
    """The pattern of a number and its words. It has no more digits than are kept exactly."""
    places = facets.get(DECIMAL_PLACES, 0)
    limit = len(str(facets["maximum"])) if "maximum" in facets else facets[MAX_DIGITS]
    digits = min(limit, sys.float_info.dig) - places
    whole = f"[1-9][0-9]{{0,{digits - 1}}}"
    whole = whole if facets["minimum"] > 0 else f"(0|{whole})"
    if not places:
        return whole, "a whole number such as 2"
    return f"{whole}(\\.[0-9]{{1,{places}}})?", "a number such as 200000 or 106859.84"


def _label(key: str) -> str:
    """`Name in Chinese` for `name_zh`."""
    name = key.removesuffix("_zh").replace("_", " ").capitalize()
    return f"{name} in Chinese" if key.endswith("_zh") else name


_CONTROLS = {
    bool: "flag",
    int: "number",
    Decimal: "number",
    PartialDate: "date",
    datetime.date: "day",
}


def _control(spec: FieldSpec, facets: dict[str, Any]) -> str:
    if spec.model:
        return "rows" if spec.is_list else "group"
    if spec.kind:
        return "names" if spec.is_list else "name"
    if spec.choices:
        return "choice"
    if spec.is_list:
        return "lines"
    other = "address" if facets.get("format") == "uri" else "line"
    return _CONTROLS.get(spec.value_type, other)


def _row_name(spec: FieldSpec) -> str:
    """`penalty` for `penalties`; what is no plural is called after its class."""
    if spec.name.endswith("ies"):
        return f"{spec.name[:-3]}y"
    is_plural = spec.name.endswith("s") and not spec.name.endswith("is")
    return spec.name[:-1] if is_plural else spec.value_type.__name__.lower()
