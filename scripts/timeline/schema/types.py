"""The types of value in front matter: lines, addresses, days, codes, ids of other files."""

import datetime
import functools
import re
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

import babel
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

from timeline.problems import quoted, suggestion
from timeline.schema.dates import YEARS, PartialDate, parse_date, parse_day

Kind = Literal["entries", "regulators", "topics", "instruments", "newsletters"]

# An id is a permanent part of addresses; an entry's begins with its date.
ENTRY_ID = r"[0-9]{4}(-[0-9]{2}){0,2}(-[a-z0-9]+)+"
TERM_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
REFERENCE = "x-reference"  # keyword of our schemas: the kind of page that an id names

WEB_ADDRESS = r"https?://[!#-;=?-Z_a-z~]+"
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def is_web_address(text: str) -> bool:
    """Whether a text is an http or https address of a named host, in ASCII, without a user."""
    if not re.fullmatch(WEB_ADDRESS, text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return "@" not in parts.netloc and _HOST.fullmatch(host) is not None


@dataclass(frozen=True)
class NameIndex:
    """The ids that exist of each kind, and every spelling by which people may mean them."""

    ids: dict[Kind, frozenset[str]]
    names: dict[Kind, dict[str, str]]  # spelling in lower case -> id
    home: str = ""  # the jurisdiction of entries that name none
    ambiguous: dict[Kind, frozenset[str]] = field(default_factory=dict)  # spellings of several ids

    def resolve(self, kind: Kind, text: str) -> str | None:
        """The id that a text can only mean, by any spelling; None where that is not certain."""
        spelling = text.lower()
        if text in self.ids[kind]:
            return text
        return None if spelling in self.ambiguous.get(kind, ()) else self.names[kind].get(spelling)


class UnknownIdError(ValueError):
    """An id that no page has. The nearest is looked for only where it is told, since it takes long.

    Among entries, which are many, only those of the same month or with the same words are near.
    """

    def __init__(self, message: str, word: str, names: dict[str, str]) -> None:
        super().__init__(message)
        self._word, self._names = word, names

    def hint(self) -> str:
        """`; did you mean 'cac'?`, or an empty string."""
        month, words = self._word[:8], self._word[10:]
        is_entry = re.fullmatch(ENTRY_ID, self._word)
        near = self._names
        if is_entry:
            near = {n: to for n, to in near.items() if n.startswith(month) or n[10:] == words}
        return suggestion(self._word, near)


@dataclass(frozen=True)
class Reference:
    """Marks a text that names a page of this kind; checked where a `NameIndex` is the context."""

    kind: Kind

    def check(self, value: str, info: ValidationInfo) -> str:
        """Return the id. Raises UnknownIdError where there is no such page."""
        index = info.context
        if isinstance(index, NameIndex) and value not in index.ids[self.kind]:
            where = "" if self.kind == "entries" else f" in docs/{self.kind}/"
            missing = "entry" if self.kind == "entries" else "page"
            message = f"there is no {missing}{where} {quoted(value)}"
            raise UnknownIdError(message, value, index.names[self.kind])
        return value


def _one_line(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; write it or leave the key out")
    if "\n" in text or "\r" in text:
        raise ValueError("runs over several lines; write it in one")
    return text.strip()


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError(not_an_address(text))
    return text


def not_an_address(text: str) -> str:
    """The message for a text that is no web address."""
    return f"{quoted(text)} is not an address; it must begin with http:// or https://"


def _month(text: str) -> str:
    if parse_date(text).precision != "month":
        raise ValueError(f"{quoted(text)} is not a month; write it as 2022-04")
    return text


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    duplicates = sorted({value for value in values if values.count(value) > 1})
    if duplicates:
        raise ValueError(f"duplicate value {quoted(duplicates[0])}")
    return values


class Unique:
    """Marks a list whose items must differ, for the check and for the schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return AfterValidator(_unique).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core), "uniqueItems": True}


def _text(pattern: str, **keywords: str) -> WithJsonSchema:
    """The schema of a text, for editors and forms; what it means is checked by the parser."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", **keywords})


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
Address = Annotated[str, AfterValidator(_web_address), _text(WEB_ADDRESS, format="uri")]
Day = Annotated[datetime.date, PlainValidator(parse_day), WithJsonSchema(DAY_SCHEMA)]
AnyDate = Annotated[PartialDate, PlainValidator(parse_date), WithJsonSchema(_DATE_SCHEMA)]
Month = Annotated[str, AfterValidator(_month), _text(_MONTH)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Jurisdiction = Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|INT)$")]


def _id(kind: Kind, pattern: str = TERM_ID) -> WithJsonSchema:
    return _text(pattern, **{REFERENCE: kind})


EntryId = Annotated[str, AfterValidator(Reference("entries").check), _id("entries", ENTRY_ID)]
RegulatorId = Annotated[str, AfterValidator(Reference("regulators").check), _id("regulators")]
TopicId = Annotated[str, AfterValidator(Reference("topics").check), _id("topics")]
InstrumentId = Annotated[str, AfterValidator(Reference("instruments").check), _id("instruments")]
NewsletterId = Annotated[str, AfterValidator(Reference("newsletters").check), _id("newsletters")]
FormerId = Annotated[str, AfterValidator(_one_line), _text(ENTRY_ID)]

Lines = Annotated[tuple[Line, ...], Field(min_length=1), Unique()]


class Item(BaseModel):
    """Typed, frozen data; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Item):
    """A file: front matter, which the subclass defines, and where and what the rest is."""

    FILE_FIELDS: ClassVar[tuple[str, ...]] = ("id", "path", "body", "body_line", "home")

    id: str = ""
    path: str = ""  # relative to the project
    body: str = ""  # Markdown
    body_line: int = 1  # the line of the file on which the body begins
    home: str = ""  # the jurisdiction that the site is about

    @classmethod
    def keys(cls) -> list[str]:
        """The keys of the front matter, in the order in which they are written."""
        return [name for name in cls.model_fields if name not in cls.FILE_FIELDS]


def requires(key: str) -> JsonDict:
    """A schema that requires a key; strict readers ask that it be defined in the same place."""
    return {"required": [key], "properties": {key: True}}


@functools.cache
def language_name(code: str) -> str:
    """`Chinese` for `zh-Hans`; the code itself where it is unknown."""
    try:
        return babel.Locale.parse(code.partition("-")[0]).get_language_name("en") or code
    except (ValueError, babel.UnknownLocaleError):
        return code


@functools.cache
def territory_name(code: str) -> str:
    """`Singapore` for `SG`; part of a country has the country's name."""
    names = babel.Locale.parse("en").territories
    return "International" if code == "INT" else names.get(code.partition("-")[0], code)
