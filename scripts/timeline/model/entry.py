"""What an entry is.

These classes, with those of `terms`, are the one definition of the front matter: its checks, its
schema and its documentation are made from them. Nothing here reads or renders.
"""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.config import JsonDict

from timeline.model.fields import (
    DAY_SCHEMA,
    Address,
    Day,
    Document,
    EntryId,
    FormerId,
    InstrumentId,
    Item,
    Jurisdiction,
    Language,
    Line,
    Lines,
    NewsletterId,
    RegulatorId,
    TopicId,
    Unique,
    When,
)
from timeline.model.vocabulary import EntryType, Measure, SourceKind, Stage
from timeline.model.wording import Wording


class OrOneDay:
    """Marks a list of steps that may be written as a day, where there is one step."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return BeforeValidator(_steps_of_effect).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [DAY_SCHEMA, handler(core)]}


def _steps_of_effect(value: object) -> object:
    return tuple(value) if isinstance(value, list) else ({"date": value},)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(Wording.NUMBER)  # noqa: TRY004
    return Decimal(str(value))


Amount = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False, max_digits=18, decimal_places=2),
    BeforeValidator(_number),
]


def _needed(key: str) -> JsonDict:
    """A schema that wants a key; strict readers ask that it be defined at the same place."""
    return {"required": [key], "properties": {key: True}}


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
    instead_of: Day | None = Field(
        None, description="the day, recorded by an earlier entry, that this one takes the place of"
    )


class Step(Item):
    """What an entry does to an instrument, or that it rests on it (no stage)."""

    id: InstrumentId = Field(description="a page in docs/instruments/")
    stage: Stage | None = Field(None, description="what happened to it")
    round: Annotated[int, Field(ge=1, le=999)] | None = Field(
        None, description="which draft or batch"
    )
    comments_close: Day | None = Field(None, description="last day for comments")
    effective: Annotated[tuple[Effect, ...], Field(min_length=1), OrOneDay()] = Field(
        (), description="from when it applies: a day, or a list of steps"
    )
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

    model_config = ConfigDict(json_schema_extra={"oneOf": [_needed("id"), _needed("text")]})

    id: InstrumentId | None = Field(None, description="a page in docs/instruments/")
    articles: Lines = Field((), description="its articles")
    text: Line | None = Field(None, description="the name of a rule that has no page")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.id is None) == (self.text is None):
            raise ValueError(Wording.BASIS)
        return self


class Penalty(Item):
    """One measure against one party."""

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"amount": ["currency"]}})

    party: Line = Field(description="a company or body, or a class; never a private person")
    measure: Measure = Field(description="what was imposed")
    amount: Amount | None = Field(
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
            raise ValueError(Wording.CURRENCY)
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

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [_needed("newsletters"), _needed("sources")]}
    )

    title: Line = Field(description="a headline in the present tense")
    date: When = Field(description="the day it became public")
    type: EntryType = Field(description="its nature")
    regulators: Annotated[tuple[RegulatorId, ...], Unique()] = Field(
        description="the bodies that acted; empty where none did"
    )
    topics: Annotated[tuple[TopicId, ...], Field(min_length=1), Unique()] = Field(
        description="at least one"
    )
    newsletters: Annotated[tuple[NewsletterId, ...], Field(min_length=1), Unique()] = Field(
        (), description="who reported it"
    )
    sources: Annotated[tuple[Source, ...], Field(min_length=1)] = Field(
        (), description="what else a reader can open"
    )
    instruments: Annotated[tuple[Step, ...], Field(min_length=1)] = Field(
        (), description="what it does to which instruments"
    )
    jurisdiction: Jurisdiction = Field(
        default_factory=str,
        description="ISO 3166 code, EU or INT; left out, it is the site's own",
    )
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
    related: Annotated[tuple[EntryId, ...], Field(min_length=1), Unique()] = Field(
        (), description="entries that belong together"
    )
    added: Day = Field(description="when the entry joined the site")
    changes: Annotated[tuple[Change, ...], Field(min_length=1)] = Field(
        (), description="corrections, newest last"
    )
    aliases: Annotated[tuple[FormerId, ...], Field(min_length=1), Unique()] = Field(
        (), description="former ids, oldest first, whose links go on working"
    )
    withdrawn: Withdrawal | None = Field(None, description="why it no longer counts")

    @property
    def identity(self) -> str:
        """The id under which it was first published, which feeds and calendars go on using.

        `aliases` stand in the order in which they were given up, so the first is the oldest.
        """
        return self.aliases[0] if self.aliases else self.id

    @property
    def abroad(self) -> bool:
        """Whether it happened elsewhere than where the site is at home."""
        return bool(self.home) and not self.jurisdiction.startswith(self.home)
