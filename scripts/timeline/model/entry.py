"""What an entry is.

These classes, with those of `terms`, are the one definition of the front matter: its checks, its
schema and its documentation are made from them. Nothing here reads or renders.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from timeline.model.entry_parts import (
    Change,
    Deadline,
    OtherDates,
    Penalty,
    Source,
    Step,
    Withdrawal,
)
from timeline.model.fields import (
    Day,
    Document,
    EntryId,
    FormerId,
    Jurisdiction,
    Line,
    Lines,
    NewsletterId,
    RegulatorId,
    TopicId,
    Unique,
    When,
    needed,
)
from timeline.model.vocabulary import EntryType


class Entry(Document):
    """One development, as known on its day."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [needed("newsletters"), needed("sources")]}
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
