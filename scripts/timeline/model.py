"""What an entry, a regulator, a topic, an instrument and a newsletter are.

These classes are the one definition of the front matter: its checks, its schema and its
documentation are made from them. Each mirrors one kind of file; nothing here reads or renders.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from timeline.dates import PartialDate, parse_date, parse_day
from timeline.problems import suggestion
from timeline.vocabulary import (
    BodyKind,
    EntryType,
    Force,
    Level,
    Manner,
    Measure,
    Rank,
    SourceKind,
    Stage,
)

Kind = Literal["entries", "regulators", "topics", "instruments", "newsletters"]


@dataclass(frozen=True)
class Known:
    """The ids that exist of each kind, and every spelling by which people may mean them."""

    ids: dict[Kind, frozenset[str]]
    names: dict[Kind, dict[str, str]]


@dataclass(frozen=True)
class Reference:
    """Marks a text that names a page of this kind; checked where `Known` is the context."""

    kind: Kind

    def check(self, value: str, info: ValidationInfo) -> str:
        """Return the id. Raises ValueError, naming the nearest, where there is no such page."""
        known = info.context
        if isinstance(known, Known) and value not in known.ids[self.kind]:
            place = "entry" if self.kind == "entries" else f"page in docs/{self.kind}/"
            hint = suggestion(value, known.names[self.kind])
            raise ValueError(f"there is no {place} {value!r}{hint}")
        return value


def _one_line(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; write it or leave the key out")
    if "\n" in text:
        raise ValueError("runs over several lines; write it in one")
    return text.strip()


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~]+", text) or "." not in host or "@" in text:
        raise ValueError(f"{text!r} is not an address; it must begin with http:// or https://")
    return text


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{twice[0]!r} stands twice")
    return values


def _steps_of_effect(value: object) -> object:
    return tuple(value) if isinstance(value, list) else ({"date": value},)


# A date pattern for editors; the calendar itself is checked by the parser.
_DAY_SCHEMA = WithJsonSchema({"type": "string", "format": "date"})
_DATE_SCHEMA = WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\d{4}(-\d\d){0,2}$"})
_MONTH = r"^\d{4}-\d\d$"

Line = Annotated[str, AfterValidator(_one_line)]
Address = Annotated[str, AfterValidator(_web_address)]
Day = Annotated[datetime.date, PlainValidator(parse_day), _DAY_SCHEMA]
When = Annotated[PartialDate, PlainValidator(parse_date), _DATE_SCHEMA]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Jurisdiction = Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|INT)$")]

EntryId = Annotated[str, AfterValidator(Reference("entries").check)]
RegulatorId = Annotated[str, AfterValidator(Reference("regulators").check)]
TopicId = Annotated[str, AfterValidator(Reference("topics").check)]
InstrumentId = Annotated[str, AfterValidator(Reference("instruments").check)]
NewsletterId = Annotated[str, AfterValidator(Reference("newsletters").check)]

Lines = Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(_unique)]


class Item(BaseModel):
    """Typed, frozen data; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Item):
    """A file: front matter, which the subclass defines, and where and what the rest is."""

    PLACE: ClassVar[tuple[str, ...]] = ("id", "path", "body", "body_line")

    id: str = ""
    path: str = ""  # relative to the project
    body: str = ""  # Markdown
    body_line: int = 1  # the file's line on which the body begins

    @classmethod
    def keys(cls) -> list[str]:
        """The keys of the front matter, in the order in which they are written."""
        return [name for name in cls.model_fields if name not in cls.PLACE]


class Source(Item):
    """Something that a reader can open to see the facts for themselves."""

    kind: SourceKind = Field(description="what it is")
    publisher: Line = Field(description="who published it")
    title: Line | None = Field(None, description="its own title, in its own language")
    lang: Language = Field(description="its language: en, zh-Hans")
    url: Address | None = Field(None, description="where it can be opened")
    archived: Address | None = Field(None, description="a copy that outlives the original")
    quote: Line | None = Field(None, description="the words that bear the date or the figure")
    checked: Day | None = Field(None, description="when the entry was compared with it")

    @property
    def rank(self) -> int:
        """Its place among others, the best kind first."""
        return list(SourceKind).index(self.kind)


class Effect(Item):
    """One step of an instrument's taking effect."""

    date: Day = Field(description="the day")
    applies_to: Line | None = Field(None, description="to what or whom, where it comes in steps")


class Step(Item):
    """What an entry does to an instrument, or that it rests on it (no stage)."""

    id: InstrumentId = Field(description="a page in docs/instruments/")
    stage: Stage | None = Field(None, description="what happened to it")
    round: Annotated[int, Field(ge=1)] | None = Field(None, description="which draft or batch")
    comments_close: Day | None = Field(None, description="last day for comments")
    effective: Annotated[
        tuple[Effect, ...], Field(min_length=1), BeforeValidator(_steps_of_effect)
    ] = Field((), description="from when it applies: a day, or a list of steps")
    articles: Lines = Field((), description="the articles that it rests on")


class OtherDates(Item):
    """Other days of the same development."""

    decided: When | None = Field(None, description="when it was decided")
    dated: When | None = Field(None, description="the day that the document bears")
    passed: When | None = Field(None, description="when it was passed")
    reported: When | None = Field(None, description="when it was reported")


class Deadline(Item):
    """A duty with a day, other than comments and effect."""

    date: Day = Field(description="the day")
    what: Line = Field(description="what is due")
    who: Line | None = Field(None, description="from whom")


class Basis(Item):
    """A rule on which a penalty rests: an instrument of the site, or its name."""

    id: InstrumentId | None = Field(None, description="a page in docs/instruments/")
    articles: Lines = Field((), description="its articles")
    text: Line | None = Field(None, description="the name of a rule that has no page")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.id is None) == (self.text is None):
            raise ValueError("name either an instrument ('id') or a rule in words ('text')")
        return self


class Penalty(Item):
    """One measure against one party."""

    party: Line = Field(description="a company or body, or a class; never a private person")
    measure: Measure = Field(description="what was imposed")
    amount: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="in units of the currency; left out where not disclosed"
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, description="ISO 4217 code, with an amount"
    )
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)] = Field(
        (), description="on what it rests"
    )

    @model_validator(mode="after")
    def _has_currency(self) -> Self:
        if self.amount is not None and self.currency is None:
            raise ValueError("an amount needs its 'currency', such as CNY")
        return self


class Change(Item):
    """A correction that a reader should know of."""

    date: Day = Field(description="when it was made")
    note: Line = Field(description="what was wrong")


class Withdrawal(Item):
    """Why an entry no longer counts; it is never deleted."""

    date: Day = Field(description="when")
    reason: Line = Field(description="why")


class Entry(Document):
    """One development, as known on its day."""

    title: Line = Field(description="a headline in the present tense")
    date: When = Field(description="the day it became public")
    type: EntryType = Field(description="its nature")
    regulators: Annotated[tuple[RegulatorId, ...], AfterValidator(_unique)] = Field(
        description="the bodies that acted; empty where none did"
    )
    topics: Annotated[tuple[TopicId, ...], Field(min_length=1), AfterValidator(_unique)] = Field(
        description="at least one"
    )
    newsletters: Annotated[
        tuple[NewsletterId, ...], Field(min_length=1), AfterValidator(_unique)
    ] = Field((), description="who reported it")
    sources: Annotated[tuple[Source, ...], Field(min_length=1)] = Field(
        (), description="what else a reader can open"
    )
    instruments: Annotated[tuple[Step, ...], Field(min_length=1)] = Field(
        (), description="what it does to which instruments"
    )
    jurisdiction: Jurisdiction = Field("CN", description="ISO 3166 code; EU and INT besides")
    highlight: bool = Field(False, description="one of the month's few most important")
    dates: OtherDates | None = Field(None, description="other days of the same development")
    date_note: Line | None = Field(None, description="what is odd or disputed about the date")
    number: Line | None = Field(None, description="of the document, notice or case")
    deadlines: Annotated[tuple[Deadline, ...], Field(min_length=1)] = Field(
        (), description="duties with a day other than comments and effect"
    )
    parties: Lines = Field((), description="companies and bodies; never a private person")
    penalties: Annotated[tuple[Penalty, ...], Field(min_length=1)] = Field(
        (), description="what was imposed on whom"
    )
    related: Annotated[tuple[EntryId, ...], Field(min_length=1), AfterValidator(_unique)] = Field(
        (), description="entries that belong together"
    )
    added: Day = Field(description="when the entry joined the site")
    changes: Annotated[tuple[Change, ...], Field(min_length=1)] = Field(
        (), description="corrections, newest last"
    )
    aliases: Lines = Field((), description="former ids, whose links go on working")
    withdrawn: Withdrawal | None = Field(None, description="why it no longer counts")

    @property
    def abroad(self) -> bool:
        """Whether it happened elsewhere than in China."""
        return not self.jurisdiction.startswith("CN")


class Successor(Item):
    """Which body followed, when and how."""

    id: RegulatorId = Field(description="a page in docs/regulators/")
    date: When = Field(description="when")
    manner: Manner = Field(description="how")


class Regulator(Document):
    """A body that acts: regulators, courts, legislatures, standards bodies."""

    name: Line = Field(description="its official English name")
    abbreviation: Line | None = Field(None, description="the one in use")
    name_zh: Line | None = Field(None, description="its Chinese name")
    aliases: Lines = Field((), description="other spellings by which readers know it")
    kind: BodyKind = Field(description="what sort of body it is")
    level: Level | None = Field(None, description="how far its remit reaches, in China")
    place: Line | None = Field(None, description="where, for local and foreign bodies")
    parent: RegulatorId | None = Field(None, description="the body it belongs to")
    successors: Annotated[tuple[Successor, ...], Field(min_length=1)] = Field(
        (), description="what became of it"
    )

    @property
    def short(self) -> str:
        """The abbreviation where one is in use, else the name."""
        return self.abbreviation or self.name


class Topic(Document):
    """A subject through the years."""

    name: Line = Field(description="a short heading")
    name_zh: Line | None = Field(None, description="the same in Chinese")
    aliases: Lines = Field((), description="other words by which readers look for it")


class Text(Item):
    """Where an instrument can be read."""

    kind: SourceKind = Field(description="official text or translation")
    publisher: Line = Field(description="publisher, or translator")
    title: Line | None = Field(None, description="its own title")
    lang: Language = Field(description="its language")
    url: Address = Field(description="where it can be opened")

    @property
    def rank(self) -> int:
        """Its place among others, the best kind first."""
        return list(SourceKind).index(self.kind)


class Duty(Item):
    """Something that an instrument requires."""

    do: Line = Field(description="what")
    who: Line | None = Field(None, description="of whom")
    by: Day | None = Field(None, description="by when")
    articles: Lines = Field((), description="in which articles")


class Relation(Item):
    """Another instrument, and which of its articles."""

    id: InstrumentId = Field(description="a page in docs/instruments/")
    articles: Lines = Field((), description="its articles")


Relations = Annotated[tuple[Relation, ...], Field(min_length=1)]


class Instrument(Document):
    """A law, rule, standard, plan or campaign."""

    name: Line = Field(description="its English name")
    short: Line | None = Field(None, description="a short name in use")
    name_zh: Line | None = Field(None, description="its Chinese title, where certain")
    former_titles: Lines = Field((), description="of its drafts")
    aliases: Lines = Field((), description="other spellings by which readers know it")
    number: Line | None = Field(None, description="its document number")
    rank: Rank = Field(description="its legal rank, or campaign")
    force: Force | None = Field(None, description="where it differs from what the rank implies")
    trial: bool = Field(False, description="issued for trial or as interim")
    issuers: Annotated[tuple[RegulatorId, ...], Field(min_length=1), AfterValidator(_unique)] = (
        Field((), description="who made it")
    )
    text: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        (), description="where it can be read"
    )
    applies_to: Line | None = Field(None, description="whom or what it binds, in one sentence")
    duties: Annotated[tuple[Duty, ...], Field(min_length=1)] = Field(
        (), description="what it requires"
    )
    implements: Relations = Field((), description="instruments that it carries out")
    amends: Relations = Field((), description="instruments that it changes")
    replaces: Relations = Field((), description="instruments whose place it takes")
    interprets: Relations = Field((), description="instruments that it explains")
    start: When | None = Field(None, description="of a campaign")
    end: When | None = Field(None, description="of a campaign")

    @property
    def related(self) -> tuple[str, ...]:
        """The ids of the instruments that it names."""
        relations = (*self.implements, *self.amends, *self.replaces, *self.interprets)
        return tuple(relation.id for relation in relations)

    @property
    def label(self) -> str:
        """The short name where one is in use, else the name."""
        return self.short or self.name


class Newsletter(Document):
    """An issue of a newsletter that has been read."""

    publisher: Line = Field(description="the firm or institution")
    title: Line = Field(description="the issue's own title")
    covers: Annotated[str, Field(pattern=_MONTH)] = Field(description="the month it tells of")
    issued: Annotated[str, Field(pattern=_MONTH)] = Field(description="the month of issue")
    language: Language = Field(description="its language")
    url: Address | None = Field(None, description="where it can be opened")

    @property
    def name(self) -> str:
        """Publisher and month of issue, enough to tell issues apart."""
        return f"{self.publisher}, {parse_date(self.issued).long}"


class Prose(Document):
    """Any other page of docs/: the home page, the introductions of lists, what is about us."""

    title: Line = Field(description="the page's heading")
    description: Line = Field(description="one sentence for search engines and previews")


Term = Regulator | Topic | Instrument | Newsletter
TERMS: dict[Kind, type[Regulator] | type[Topic] | type[Instrument] | type[Newsletter]] = {
    "regulators": Regulator,
    "topics": Topic,
    "instruments": Instrument,
    "newsletters": Newsletter,
}
