"""The types of values in front matter: lines, addresses, dates, codes, ids of other files."""

import datetime
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.config import JsonDict

from timeline.problems import quoted, suggestion
from timeline.schema.addresses import WEB_ADDRESS, address_problem
from timeline.schema.codes import CODES
from timeline.schema.dates import YEARS, PartialDate, likely_year, parse_date, parse_day

Kind = Literal["entries", "regulators", "topics", "instruments", "newsletters"]

# Ids are a permanent part of addresses; an entry's id begins with its date.
ENTRY_ID = r"[0-9]{4}(-[0-9]{2}){0,2}(-[a-z0-9]+)+"
TERM_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
REFERENCE = "x-reference"  # a schema keyword: the kind of page to which an id refers


def fold_name(text: str) -> str:
    """Normalise a name for comparison: fold case, width, punctuation and spaces."""
    plain = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).replace(" & ", " and ")
    return " ".join(plain.split()).casefold().removeprefix("the ")


_TYPOGRAPHY = str.maketrans("‘’ʼ“”‐‑–—\u00ad\u200b", "'''\"\"----  ", "《》〈〉")


# Separators of names, as patterns for Python and JavaScript, from those that never occur in a name
# to those that often do.
BETWEEN_NAMES = (
    r"[;；\n]",
    r"[,，、]|(?:^| )[0-9]{1,2}[.)、] ?",
    r" ?[/&|+] ?| and |和|与|及",
    r"\s+",
)


@dataclass(frozen=True)
class NameIndex:
    """The existing ids of each kind, and the spellings that stand for them."""

    ids: dict[Kind, frozenset[str]]
    names: dict[Kind, dict[str, str]]  # folded spelling -> id
    home: str = ""  # the jurisdiction of entries that state none
    ambiguous: dict[Kind, frozenset[str]] = field(default_factory=dict)  # shared spellings
    today: datetime.date = datetime.date.max

    def resolve(self, kind: Kind, text: str) -> str | None:
        """Return the only id that a text can stand for, or None if there is none or several."""
        spelling = fold_name(text)
        # The text may also be the path of a file or an address.
        path = re.fullmatch(rf"(?:\S*/)?{kind}/(?:[0-9]{{4}}/)?([a-z0-9-]+)(?:\.md|/)?", text)
        name = path[1] if path else text.removesuffix(".md")
        if name in self.ids[kind]:
            return name
        if spelling in self.ambiguous.get(kind, ()):
            return None
        both = re.fullmatch(r"(.+?) ?\(([^()]+)\)", spelling)  # a name and its abbreviation
        if spelling in self.names[kind] or both is None:
            return self.names[kind].get(spelling)
        name, short = (self.resolve(kind, part) for part in both.groups())
        return name if name == short else None

    def split(self, kind: Kind, text: str) -> list[str]:
        """Split a line into names in any spelling; a single name is returned whole."""
        parts = [part.strip() for part in re.split(BETWEEN_NAMES[0], text)]
        return [name for part in parts if part for name in self._split(kind, part, 1)]

    def _split(self, kind: Kind, text: str, level: int) -> list[str]:
        if level == len(BETWEEN_NAMES) or self.resolve(kind, text):
            return [text]
        parts = [part.strip() for part in re.split(BETWEEN_NAMES[level], text)]
        names = [name for part in parts if part for name in self._split(kind, part, level + 1)]
        known = [bool(self.resolve(kind, name)) for name in names]
        is_last = level + 1 == len(BETWEEN_NAMES)  # most names contain spaces
        return names if (all(known) if is_last else any(known)) else [text]


class UnknownIdError(ValueError):
    """An id that no page has. The search for similar ids is slow, so only `hint` does it.

    Entries are many: only those of the same month or with the same words are compared.
    """

    def __init__(self, message: str, word: str, kind: Kind, index: NameIndex) -> None:
        super().__init__(message)
        self._word, self._kind, self._index = word, kind, index

    def hint(self, *, new_pages: bool = True, is_list: bool = True) -> str:
        """Return `; did you mean 'ema'?`, or if no id is similar, the page to add if `new_pages`.

        `is_list` says whether the key accepts several names.
        """
        word, kind = self._word, self._kind
        intended = self._index.resolve(kind, word)
        if intended:
            return f"; did you mean {intended!r}?"
        several = self._index.split(kind, word)
        if len(several) > 1:
            items = [self._index.resolve(kind, name) or name for name in several]
            shown = f"write [{', '.join(items)}]" if is_list else "make each a separate item"
            return f"; it names several: {shown}"
        shorter = re.sub(r"\s*[(（][^()（）]*[)）]$", "", word)  # without a year or place
        similar = suggestion(word, self._candidates()) or suggestion(shorter, self._candidates())
        if similar or not new_pages:
            return similar
        if kind == "entries":
            return "; write the name of its file without .md"
        words = re.sub(r"[^a-z0-9]+", "-", fold_name(word)).strip("-") or "<id>"
        # Topics are few, and one of them usually fits; regulators and instruments are many.
        choices = f"choose from {', '.join(sorted(self._index.ids[kind]))}, or "
        return f"; {choices if kind == 'topics' else ''}add docs/{kind}/{words}.md"

    def _candidates(self) -> dict[str, str]:
        names = self._index.names[self._kind]
        if not re.fullmatch(ENTRY_ID, self._word):
            return names
        month, words = self._word[:8], self._word[10:]
        return {n: i for n, i in names.items() if n.startswith(month) or n[10:] == words}


@dataclass(frozen=True)
class Reference:
    """The reference of a field to a page of one kind, checked if the context is a `NameIndex`."""

    kind: Kind

    def check(self, value: str, info: ValidationInfo) -> str:
        """Return the id. Raises UnknownIdError if there is no such page."""
        index = info.context
        if isinstance(index, NameIndex) and value not in index.ids[self.kind]:
            message = f"there is no page {quoted(value)} in docs/{self.kind}/"
            if self.kind == "entries":
                message = f"there is no entry {quoted(value)}"
            raise UnknownIdError(message, value, self.kind, index)
        return value


def _one_line(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; write it or leave the key out")
    if "\n" in text or "\r" in text:
        raise ValueError("runs over several lines; write it on one line")
    if unwrapped_quotes(text) != text and text.strip()[1:-1].isascii():
        shown = unwrapped_quotes(text)
        raise ValueError(f"readers would see the typographic quotes; write: {shown}")
    return text.strip()


def unwrapped_quotes(text: str) -> str:
    """Return a text without typographic quotes that enclose the whole of it."""
    match = re.fullmatch(r"[“＂]([^“”＂]*)[”＂]|[‘]([^‘’]*)[’]", text.strip())
    return (match[1] or match[2] or text) if match else text


def _article(text: str) -> str:
    if re.search(r"art(?:icle)?s?\b|§|第|[条款“”]", text, re.IGNORECASE):
        raise ValueError(f"{quoted(text)} includes the word for an article; give only the number")
    return text


def _web_address(text: str) -> str:
    problem = address_problem(text)
    if problem:
        raise ValueError(problem)
    return text


def _month(text: str) -> str:
    if parse_date(text).precision != "month":
        raise ValueError(f"{quoted(text)} is not a month; write it as 2022-04")
    return text


def _is_code(key: str) -> AfterValidator:
    """Return a validator that accepts only the codes of a list."""

    def check_code(text: str) -> str:
        if not CODES[key].is_code(text):
            raise ValueError(f"{quoted(text)} is not {CODES[key].expected}")
        return text

    return AfterValidator(check_code)


T = TypeVar("T", datetime.date, PartialDate, str)


def _not_ahead(value: T, info: ValidationInfo) -> T:
    """Reject a date after today for something that has happened."""
    today = info.context.today if isinstance(info.context, NameIndex) else datetime.date.max
    date = parse_date(str(value))
    if date.first_day <= today:
        return value
    year = likely_year(date.year, range(today.year, today.year - 10, -1))
    hint = "; write the day on which it happened"
    if year and year < date.year:
        hint = f"; did you mean {year}{str(date)[4:]}?"
    raise ValueError(f"{date} is after today ({today}), but records a past event{hint}")


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    duplicates = sorted({value for value in values if values.count(value) > 1})
    if duplicates:
        raise ValueError(f"duplicate value {quoted(duplicates[0])}")
    return values


@dataclass(frozen=True)
class DescribedValidator:
    """A pydantic validator that also changes the JSON Schema of the value."""

    validator: AfterValidator | BeforeValidator
    describe: Callable[[dict[str, Any]], dict[str, Any]]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return self.validator.__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.describe(handler(core))


UNIQUE = DescribedValidator(AfterValidator(_unique), lambda schema: {**schema, "uniqueItems": True})


def _text(pattern: str, **keywords: str) -> WithJsonSchema:
    """Return the schema of a string, for editors and forms; the parser checks the rest."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", **keywords})


_YEAR = f"({'|'.join(str(c) for c in range(YEARS.start // 100, YEARS.stop // 100))})[0-9]{{2}}"
MONTH = f"{_YEAR}-(0[1-9]|1[0-2])"
_DAY = f"{MONTH}-(0[1-9]|[12][0-9]|3[01])"
DAY_SCHEMA = {"type": "string", "format": "date", "pattern": f"^{_DAY}$"}
# YAML reads a bare year as a number.
_DATE_SCHEMA = {
    "type": ["string", "integer"],
    "pattern": f"^({_DAY}|{MONTH}|{_YEAR})$",
    "minimum": YEARS.start,
    "maximum": YEARS.stop - 1,
}

LINE = r"[^\n]*\S[^\n]*"
Line = Annotated[str, AfterValidator(_one_line), _text(LINE)]
Address = Annotated[str, AfterValidator(_web_address), _text(WEB_ADDRESS, format="uri")]
Day = Annotated[datetime.date, PlainValidator(parse_day), WithJsonSchema(DAY_SCHEMA)]
AnyDate = Annotated[PartialDate, PlainValidator(parse_date), WithJsonSchema(_DATE_SCHEMA)]
PastDay = Annotated[Day, AfterValidator(_not_ahead)]
PastDate = Annotated[AnyDate, AfterValidator(_not_ahead)]
Month = Annotated[str, AfterValidator(_month), AfterValidator(_not_ahead), _text(MONTH)]
Language = Annotated[str, _is_code("lang"), _text(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")]
Jurisdiction = Annotated[str, _is_code("jurisdiction"), _text(r"([A-Z]{2}(-[A-Z0-9]{1,3})?|INT)")]
Currency = Annotated[str, _is_code("currency"), _text(r"[A-Z]{3}")]


def _id(kind: Kind, pattern: str = TERM_ID) -> WithJsonSchema:
    return _text(pattern, **{REFERENCE: kind})


EntryId = Annotated[str, AfterValidator(Reference("entries").check), _id("entries", ENTRY_ID)]
RegulatorId = Annotated[str, AfterValidator(Reference("regulators").check), _id("regulators")]
TopicId = Annotated[str, AfterValidator(Reference("topics").check), _id("topics")]
InstrumentId = Annotated[str, AfterValidator(Reference("instruments").check), _id("instruments")]
NewsletterId = Annotated[str, AfterValidator(Reference("newsletters").check), _id("newsletters")]
FormerId = Annotated[str, AfterValidator(_one_line), _text(ENTRY_ID)]

Articles = Annotated[
    tuple[Annotated[str, AfterValidator(_article), AfterValidator(_one_line), _text(LINE)], ...],
    Field(min_length=1),
    UNIQUE,
]
Lines = Annotated[tuple[Line, ...], Field(min_length=1), UNIQUE]


class Item(BaseModel):
    """Typed, immutable data; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Item):
    """A file: its front matter, which the subclass defines, its path and its body."""

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
    """Return a schema that requires a key and, for strict validators, also defines it."""
    return {"required": [key], "properties": {key: True}}
