"""The issue forms: what each asks for."""

from timeline.contributing.form import Form, Question
from timeline.contributing.guide import EXAMPLE
from timeline.contributing.writing import front_matter
from timeline.model.document import Value
from timeline.model.entry import Entry
from timeline.model.entry_parts import Penalty, Source, Step
from timeline.model.fields import Kind
from timeline.model.shape import slot
from timeline.model.terms import TERMS
from timeline.model.vocabulary import EntryType

# What is set when a file is made, and what comes later, in review and correction.
NOT_ASKED = frozenset({"added", "checked", "changes", "aliases", "withdrawn"})
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
