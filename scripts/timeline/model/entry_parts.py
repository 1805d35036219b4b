"""What an entry is made of: its sources, steps, penalties, deadlines and corrections.

These classes are part of the one definition of the front matter (see `entry`).
"""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator

from timeline.model.fields import (
    DAY_SCHEMA,
    Address,
    Day,
    InstrumentId,
    Item,
    Language,
    Line,
    Lines,
    When,
    needed,
)
from timeline.model.vocabulary import Measure, SourceKind, Stage
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

    model_config = ConfigDict(json_schema_extra={"oneOf": [needed("id"), needed("text")]})

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
