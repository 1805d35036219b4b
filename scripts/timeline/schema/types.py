"""The types of value in front matter: lines, addresses, days, codes, ids of other files."""

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

# An id is a permanent part of addresses; an entry's begins with its date.
ENTRY_ID = r"[0-9]{4}(-[0-9]{2}){0,2}(-[a-z0-9]+)+"
TERM_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
REFERENCE = "x-reference"  # keyword of our schemas: the kind of page that an id names


def fold_name(text: str) -> str:
    """A name without what may differ between two spellings: case, width, quotes, spaces."""
    plain = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).replace(" & ", " and ")
    return " ".join(plain.split()).casefold().removeprefix("the ")


_TYPOGRAPHY = str.maketrans("‘’ʼ“”‐‑–—\u00ad\u200b", "'''\"\"----  ", "《》〈〉")


# What separates names, as patterns of Python and JavaScript: from what is never a part of one
# to what often is.
BETWEEN_NAMES = (
    r"[;；\n]",
    r"[,，、]|(?:^| )[0-9]{1,2}[.)、] ?",
    r" ?[/&|+] ?| and |和|与|及",
    r"\s+",
)


@dataclass(frozen=True)
class NameIndex:
    """The ids that exist of each kind, and every spelling by which people may mean them."""

    ids: dict[Kind, frozenset[str]]
    names: dict[Kind, dict[str, str]]  # folded spelling -> id
    home: str = ""  # the jurisdiction of entries that name none
    ambiguous: dict[Kind, frozenset[str]] = field(default_factory=dict)  # spellings of several ids
    today: datetime.date = datetime.date.max

    def resolve(self, kind: Kind, text: str) -> str | None:
        """The id that a text can only mean, by any spelling; None where that is not certain."""
        spelling = fold_name(text)
        # The path of its file or its address may be given too.
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
        """The names that somebody wrote on one line, in any spelling; the text where it is one."""
        parts = [part.strip() for part in re.split(BETWEEN_NAMES[0], text)]
        return [name for part in parts if part for name in self._split(kind, part, 1)]

    def _split(self, kind: Kind, text: str, level: int) -> list[str]:
        if level == len(BETWEEN_NAMES) or self.resolve(kind, text):
            return [text]
        parts = [part.strip() for part in re.split(BETWEEN_NAMES[level], text)]
        names = [name for part in parts if part for name in self._split(kind, part, level + 1)]
        known = [bool(self.resolve(kind, name)) for name in names]
        is_last = level + 1 == len(BETWEEN_NAMES)  # a space is in most names
        return names if (all(known) if is_last else any(known)) else [text]


class UnknownIdError(ValueError):
    """An id that no page has. The nearest is looked for only where it is shown, which takes long.

    Among entries, which are many, only those of the same month or with the same words are near.
    """

    def __init__(self, message: str, word: str, kind: Kind, index: NameIndex) -> None:
        super().__init__(message)
        self._word, self._kind, self._index = word, kind, index

    def hint(self, *, new_pages: bool = True, is_list: bool = True) -> str:
        """`; did you mean 'ema'?`; where no page is near, which to add if `new_pages`.

        `is_list`: whether there is room for several names.
        """
        word, kind = self._word, self._kind
        meant = self._index.resolve(kind, word)
        if meant:
            return f"; did you mean {meant!r}?"
        several = self._index.split(kind, word)
        if len(several) > 1:
            items = [self._index.resolve(kind, name) or name for name in several]
            shown = f"write [{', '.join(items)}]" if is_list else "make each an item of its own"
            return f"; it names several: {shown}"
        shorter = re.sub(r"\s*[(（][^()（）]*[)）]$", "", word)  # without its year or place
        near = suggestion(word, self._near()) or suggestion(shorter, self._near())
        if near or not new_pages:
            return near
        if kind == "entries":
            return "; write the name of its file, without .md"
        words = re.sub(r"[^a-z0-9]+", "-", fold_name(word)).strip("-") or "<id>"
        # Subjects are few, and one of them mostly fits; bodies and instruments are many.
        known = f"choose from {', '.join(sorted(self._index.ids[kind]))}, or "
        return f"; {known if kind == 'topics' else ''}add docs/{kind}/{words}.md"

    def _near(self) -> dict[str, str]:
        names = self._index.names[self._kind]
        if not re.fullmatch(ENTRY_ID, self._word):
            return names
        month, words = self._word[:8], self._word[10:]
        return {n: to for n, to in names.items() if n.startswith(month) or n[10:] == words}


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
            raise UnknownIdError(message, value, self.kind, index)
        return value


def _one_line(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; write it or leave the key out")
    if "\n" in text or "\r" in text:
        raise ValueError("runs over several lines; write it in one")
    if unwrapped_quotes(text) != text and text.strip()[1:-1].isascii():
        shown = unwrapped_quotes(text)
        raise ValueError(f"the typographic quotes would be shown to readers; write: {shown}")
    return text.strip()


def unwrapped_quotes(text: str) -> str:
    """A text without the typographic quotes around all of it."""
    match = re.fullmatch(r"[“＂]([^“”＂]*)[”＂]|[‘]([^‘’]*)[’]", text.strip())
    return (match[1] or match[2] or text) if match else text


def _article(text: str) -> str:
    if re.search(r"art(?:icle)?s?\b|§|第|[条款“”]", text, re.IGNORECASE):
        raise ValueError(f"{quoted(text)} includes the word for an article; give the number alone")
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
    """Refuse what is not a code of a list."""

    def check_code(text: str) -> str:
        if not CODES[key].is_code(text):
            raise ValueError(f"{quoted(text)} is not {CODES[key].expected}")
        return text

    return AfterValidator(check_code)


HAPPENED = "; write the day on which it happened"
T = TypeVar("T", datetime.date, PartialDate, str)


def _not_ahead(value: T, info: ValidationInfo) -> T:
    """Refuse a date after today for what has happened."""
    today = info.context.today if isinstance(info.context, NameIndex) else datetime.date.max
    date = parse_date(str(value))
    if date.first_day <= today:
        return value
    year = likely_year(date.year, range(today.year, today.year - 10, -1))
    hint = f"; did you mean {year}{str(date)[4:]}?" if year and year < date.year else HAPPENED
    raise ValueError(f"{date} is after today ({today}), but records what has happened{hint}")


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    duplicates = sorted({value for value in values if values.count(value) > 1})
    if duplicates:
        raise ValueError(f"duplicate value {quoted(duplicates[0])}")
    return values


@dataclass(frozen=True)
class Checked:
    """Marks a value that pydantic validates by a function, and says so in its JSON Schema."""

    validator: AfterValidator | BeforeValidator
    described: Callable[[dict[str, Any]], dict[str, Any]]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return self.validator.__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.described(handler(core))


UNIQUE = Checked(AfterValidator(_unique), lambda schema: {**schema, "uniqueItems": True})


def _text(pattern: str, **keywords: str) -> WithJsonSchema:
    """The schema of a text, for editors and forms; what it means is checked by the parser."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", **keywords})


_YEAR = f"({'|'.join(str(c) for c in range(YEARS.start // 100, YEARS.stop // 100))})[0-9]{{2}}"
MONTH = f"{_YEAR}-(0[1-9]|1[0-2])"
_DAY = f"{MONTH}-(0[1-9]|[12][0-9]|3[01])"
DAY_SCHEMA = {"type": "string", "format": "date", "pattern": f"^{_DAY}$"}
# YAML reads a year alone as a number.
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
