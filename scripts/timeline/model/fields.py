"""The kinds of value that front matter holds: lines, addresses, days, ids of other files."""

import datetime
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.config import JsonDict

from timeline.model.addresses import FORM, is_web_address
from timeline.model.dates import YEARS, PartialDate, parse_date, parse_day
from timeline.model.problems import shown, suggestion
from timeline.model.wording import Wording

Kind = Literal["entries", "regulators", "topics", "instruments", "newsletters"]

# An id becomes a segment of addresses for ever; an entry's begins with its date.
ENTRY_ID = r"[0-9]{4}(-[0-9]{2}){0,2}(-[a-z0-9]+)+"
TERM_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
REFERENCE = "x-reference"


@dataclass(frozen=True)
class Known:
    """The ids that exist of each kind, and every spelling by which people may mean them."""

    ids: dict[Kind, frozenset[str]]
    names: dict[Kind, dict[str, str]]
    home: str = ""  # the jurisdiction of entries that name none
    shared: dict[Kind, frozenset[str]] = field(default_factory=dict)  # spellings of several pages

    def meant(self, kind: Kind, text: str) -> str | None:
        """The id that a text can only mean, by whatever spelling; None where it is not certain."""
        spelling = text.lower()
        if text in self.ids[kind]:
            return text
        return None if spelling in self.shared.get(kind, ()) else self.names[kind].get(spelling)


@dataclass(frozen=True)
class Reference:
    """Marks a text that names a page of this kind; checked where `Known` is the context."""

    kind: Kind

    def check(self, value: str, info: ValidationInfo) -> str:
        """Return the id. Raises ValueError, naming the nearest, where there is no such page."""
        known = info.context
        if isinstance(known, Known) and value not in known.ids[self.kind]:
            wording = Wording.NO_ENTRY if self.kind == "entries" else Wording.NO_PAGE
            hint = suggestion(value, known.names[self.kind])
            raise ValueError(wording.format(kind=self.kind, value=shown(value)) + hint)
        return value


def _one_line(text: str) -> str:
    if not text.strip():
        raise ValueError(Wording.EMPTY)
    if "\n" in text:
        raise ValueError(Wording.SEVERAL_LINES)
    return text.strip()


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError(Wording.ADDRESS.format(value=shown(text)))
    return text


def _month(text: str) -> str:
    if parse_date(text).precision != "month":
        raise ValueError(f"{shown(text)} is not a month; write it as 2022-04")
    return text


def unique(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values. Raises ValueError where one stands twice."""
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(Wording.TWICE.format(value=shown(twice[0])))
    return values


class Unique:
    """Marks a list whose items differ, for the check and for the schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return AfterValidator(unique).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core), "uniqueItems": True}


def _text(pattern: str, **more: str) -> WithJsonSchema:
    """The schema of a text, for editors and forms; what it means is checked by the parser."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", **more})


def _id(kind: Kind, pattern: str) -> WithJsonSchema:
    """The schema of an id: a keyword of ours tells forms of what kind the page is."""
    return _text(pattern, **{REFERENCE: kind})


_YEAR = f"({'|'.join(str(c) for c in range(YEARS.start // 100, YEARS.stop // 100))})[0-9]{{2}}"
_MONTH = f"{_YEAR}-(0[1-9]|1[0-2])"
_DAY = f"{_MONTH}-(0[1-9]|[12][0-9]|3[01])"
DAY_SCHEMA = {"type": "string", "format": "date", "pattern": f"^{_DAY}$"}
# YAML reads a year alone as a number.
_DATE_SCHEMA = {
    "type": ["string", "integer"],
    "pattern": f"^({_DAY}|{_MONTH}|{_YEAR})$",
    "minimum": YEARS.start,
    "maximum": YEARS.stop - 1,
}

Line = Annotated[str, AfterValidator(_one_line), _text(r"[^\n]*\S[^\n]*")]
Address = Annotated[str, AfterValidator(_web_address), _text(FORM, format="uri")]
Day = Annotated[datetime.date, PlainValidator(parse_day), WithJsonSchema(DAY_SCHEMA)]
When = Annotated[PartialDate, PlainValidator(parse_date), WithJsonSchema(_DATE_SCHEMA)]
Month = Annotated[str, AfterValidator(_month), _text(_MONTH)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Jurisdiction = Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|INT)$")]

EntryId = Annotated[str, AfterValidator(Reference("entries").check), _id("entries", ENTRY_ID)]
RegulatorId = Annotated[
    str, AfterValidator(Reference("regulators").check), _id("regulators", TERM_ID)
]
TopicId = Annotated[str, AfterValidator(Reference("topics").check), _id("topics", TERM_ID)]
InstrumentId = Annotated[
    str, AfterValidator(Reference("instruments").check), _id("instruments", TERM_ID)
]
NewsletterId = Annotated[
    str, AfterValidator(Reference("newsletters").check), _id("newsletters", TERM_ID)
]
FormerId = Annotated[str, AfterValidator(_one_line), _text(ENTRY_ID)]

Lines = Annotated[tuple[Line, ...], Field(min_length=1), Unique()]


class Item(BaseModel):
    """Typed, frozen data; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Item):
    """A file: front matter, which the subclass defines, and where and what the rest is."""

    PLACE: ClassVar[tuple[str, ...]] = ("id", "path", "body", "body_line", "home")

    id: str = ""
    path: str = ""  # relative to the project
    body: str = ""  # Markdown
    body_line: int = 1  # the file's line on which the body begins
    home: str = ""  # the jurisdiction that the site is about

    @classmethod
    def keys(cls) -> list[str]:
        """The keys of the front matter, in the order in which they are written."""
        return [name for name in cls.model_fields if name not in cls.PLACE]


def needed(key: str) -> JsonDict:
    """A schema that wants a key; strict readers ask that it be defined at the same place."""
    return {"required": [key], "properties": {key: True}}
