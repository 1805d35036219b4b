"""The front matter of an entry.

These classes and those in `terms` are the only definition of the format: the check, the JSON
Schema, the forms and the documentation are derived from them. The descriptions are shown to
contributors.
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from timeline.schema.types import (
    DAY_SCHEMA,
    UNIQUE,
    Address,
    Articles,
    Currency,
    Day,
    DescribedValidator,
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
    PastDate,
    PastDay,
    RegulatorId,
    TopicId,
    requires,
)
from timeline.schema.vocabulary import EntryType, Measure, SourceKind, Stage


def _phases(value: object) -> object:
    return tuple(value) if isinstance(value, list) else ({"date": value},)


# A list of phases, or a single day if there is only one phase.
OR_ONE_DAY = DescribedValidator(
    BeforeValidator(_phases), lambda schema: {"anyOf": [DAY_SCHEMA, schema]}
)


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number; write it like 200000 or 106859.84")  # noqa: TRY004
    return Decimal(str(value))


Amount = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False, max_digits=15, decimal_places=2),
    BeforeValidator(_decimal),
]


class Source(Item):
    """A text against which readers can verify the facts."""

    kind: SourceKind = Field(description="kind of text")
    publisher: Line = Field(description="organisation that published it")
    title: Line | None = Field(None, description="original title, in the original language")
    lang: Language = Field(description="language code, such as en")
    url: Address | None = Field(None, description="address of the text")
    archived: Address | None = Field(None, description="archived copy")
    quote: Line | None = Field(None, description="passage supporting the date or figure")
    checked: PastDay | None = Field(None, description="date last checked against this source")


class Effect(Item):
    """One phase of an instrument's entry into force."""

    date: Day = Field(description="effective date")
    applies_to: Line | None = Field(None, description="scope of this phase")
    instead_of: Day | None = Field(
        None, description="the previously recorded effective date that this one replaces"
    )


class Step(Item):
    """A stage that an instrument reached, or (no stage) an instrument applied or relied on."""

    id: InstrumentId = Field(description="a page in docs/instruments/")
    stage: Stage | None = Field(None, description="stage reached")
    round: Annotated[int, Field(ge=1, le=999)] | None = Field(
        None, description="number of the draft, reading or batch"
    )
    comments_close: Day | None = Field(None, description="last day for comments")
    effective: Annotated[tuple[Effect, ...], Field(min_length=1), OR_ONE_DAY] = Field(
        (), description="effective date, or a list of phased effective dates"
    )
    no_effective_date: bool = Field(
        False, description="the text was read and states no effective date"
    )
    undated_parts: Line | None = Field(
        None, description="parts whose effective date is still to be fixed"
    )
    articles: Articles = Field((), description="articles on which the development is based")


class OtherDates(Item):
    """Further dates of the same development."""

    decided: PastDate | None = Field(None, description="date of the decision")
    dated: PastDate | None = Field(None, description="date on the document")
    passed: PastDate | None = Field(None, description="date of passage")
    reported: PastDate | None = Field(None, description="date of the report")


class Deadline(Item):
    """A compliance deadline other than comment periods and effective dates."""

    date: Day = Field(description="last day")
    what: Line = Field(description="what is due")
    who: Line | None = Field(None, description="who must comply")


class Basis(Item):
    """A legal basis of a penalty: an instrument on the site, or the name of another rule."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [requires("id"), requires("text")]})

    id: InstrumentId | None = Field(None, description="a page in docs/instruments/")
    articles: Articles = Field((), description="articles relied on")
    text: Line | None = Field(None, description="name of a rule that has no page")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.id is None) == (self.text is None):
            raise ValueError("give either an instrument ('id') or the name of a rule ('text')")
        return self


class Penalty(Item):
    """One measure against one party."""

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"amount": ["currency"]}})

    party: Line = Field(description="a company, body or class of parties; never a private person")
    measure: Measure = Field(description="what was imposed")
    amount: Amount | None = Field(
        None, description="in units of the currency; leave out if not disclosed"
    )
    currency: Currency | None = Field(None, description="ISO 4217 code, required with an amount")
    count: Annotated[int, Field(ge=2, le=1_000_000)] | None = Field(
        None, description="number of parties, if the amount was imposed on each of several"
    )
    approximate: bool = Field(False, description="the amount is estimated or rounded")
    imposed_by: RegulatorId | None = Field(
        None, description="court or body that imposed it, if not the entry's regulators"
    )
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)] = Field((), description="legal basis")

    @model_validator(mode="after")
    def _has_currency(self) -> Self:
        if self.amount is not None and self.currency is None:
            raise ValueError("an amount needs its 'currency', such as EUR")
        return self

    @property
    def total(self) -> Decimal | None:
        """The amount imposed on all parties together, or None if it is not disclosed."""
        return None if self.amount is None else self.amount * (self.count or 1)


class Change(Item):
    """A correction that readers should know about."""

    date: PastDay = Field(description="date of the correction")
    note: Line = Field(description="what was corrected")


class Withdrawal(Item):
    """The withdrawal of an entry; a published entry is never deleted."""

    date: PastDay = Field(description="date of the withdrawal")
    reason: Line = Field(description="reason")


class Entry(Document):
    """One development, as known on its date."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [requires("newsletters"), requires("sources")]}
    )

    title: Line = Field(description="headline in the present tense")
    date: PastDate = Field(description="date on which it became public")
    type: EntryType = Field(description="nature of the development")
    regulators: Annotated[tuple[RegulatorId, ...], UNIQUE] = Field(
        description="bodies that acted; an empty list if none did"
    )
    topics: Annotated[tuple[TopicId, ...], Field(min_length=1), UNIQUE] = Field(
        description="at least one"
    )
    newsletters: Annotated[tuple[NewsletterId, ...], Field(min_length=1), UNIQUE] = Field(
        (), description="newsletters that reported it"
    )
    sources: Annotated[tuple[Source, ...], Field(min_length=1)] = Field(
        (), description="official texts, translations and reports"
    )
    instruments: Annotated[tuple[Step, ...], Field(min_length=1)] = Field(
        (), description="instruments affected, and how"
    )
    jurisdiction: Jurisdiction = Field(
        default_factory=str,
        description="ISO 3166 code, EU or INT; the site's own if left out",
    )
    highlight: bool = Field(False, description="one of the few most important of the month")
    dates: OtherDates | None = Field(None, description="further dates of the development")
    date_note: Line | None = Field(None, description="what is unusual or disputed about the date")
    number: Line | None = Field(None, description="document, notice or case number")
    deadlines: Annotated[tuple[Deadline, ...], Field(min_length=1)] = Field(
        (), description="other compliance deadlines"
    )
    parties: Lines = Field((), description="companies and bodies; never a private person")
    penalties: Annotated[tuple[Penalty, ...], Field(min_length=1)] = Field(
        (), description="what was imposed on whom"
    )
    outside_scope: bool = Field(
        False, description="reported for its size or method; its subject is out of scope"
    )
    related: Annotated[tuple[EntryId, ...], Field(min_length=1), UNIQUE] = Field(
        (), description="related entries"
    )
    added: PastDay = Field(description="date on which the entry was added to the site")
    changes: Annotated[tuple[Change, ...], Field(min_length=1)] = Field(
        (), description="corrections, newest last"
    )
    aliases: Annotated[tuple[FormerId, ...], Field(min_length=1), UNIQUE] = Field(
        (), description="previous ids (redirected), oldest first"
    )
    withdrawn: Withdrawal | None = Field(None, description="date of and reason for withdrawal")

    @property
    def first_id(self) -> str:
        """The id under which the entry was first published, used in feeds and calendars.

        `aliases` are in the order in which they were replaced, so the first is the oldest.
        """
        return self.aliases[0] if self.aliases else self.id

    @property
    def tone(self) -> str:
        """The colour of the entry's label: its type, or `draft` if it reports only drafts."""
        tones = {step.stage.tone for step in self.instruments if step.stage} - {""}
        is_draft = self.type is EntryType.REGULATORY and tones == {"draft"}
        return "draft" if is_draft else self.type.value

    @property
    def is_foreign(self) -> bool:
        """True if the development happened outside the site's own jurisdiction."""
        return bool(self.home) and not self.jurisdiction.startswith(self.home)
