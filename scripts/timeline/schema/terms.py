"""The front matter of the pages in docs/: regulators, topics, instruments, newsletters, prose.

The front matter of a vocabulary page is what entries may name; its text is the introduction.
"""

from typing import Annotated

from pydantic import Field

from timeline.schema.dates import parse_date
from timeline.schema.types import (
    Address,
    AnyDate,
    Day,
    Document,
    InstrumentId,
    Item,
    Kind,
    Language,
    Line,
    Lines,
    Month,
    RegulatorId,
    Unique,
)
from timeline.schema.vocabulary import (
    AuthorityType,
    Force,
    Level,
    Rank,
    SourceKind,
    SuccessionType,
)


class Successor(Item):
    """Which body succeeded, when and how."""

    id: RegulatorId = Field(description="a page in docs/regulators/")
    date: AnyDate = Field(description="date of the succession")
    manner: SuccessionType = Field(description="how it succeeded")


class Regulator(Document):
    """A body that acts: regulators, courts, legislatures, standards bodies."""

    name: Line = Field(description="official English name")
    abbreviation: Line | None = Field(None, description="abbreviation in use")
    name_zh: Line | None = Field(None, description="Chinese name")
    aliases: Lines = Field((), description="other names by which readers know it")
    kind: AuthorityType = Field(description="what sort of body it is")
    level: Level | None = Field(None, description="how far its remit reaches")
    place: Line | None = Field(None, description="where, for local and foreign bodies")
    parent: RegulatorId | None = Field(None, description="the body it belongs to")
    successors: Annotated[tuple[Successor, ...], Field(min_length=1)] = Field(
        (), description="bodies that succeeded it"
    )

    @property
    def short(self) -> str:
        """The abbreviation where one is in use, else the name."""
        return self.abbreviation or self.name


class Topic(Document):
    """A subject."""

    name: Line = Field(description="a short heading")
    name_zh: Line | None = Field(None, description="the heading in Chinese")
    aliases: Lines = Field((), description="other words by which readers look for it")


class PublishedText(Item):
    """Where an instrument can be read."""

    kind: SourceKind = Field(description="official text or translation")
    publisher: Line = Field(description="publisher, or translator")
    title: Line | None = Field(None, description="its own title")
    lang: Language = Field(description="its language")
    url: Address = Field(description="where it can be read")


class Obligation(Item):
    """Something that an instrument requires."""

    do: Line = Field(description="what is required")
    who: Line | None = Field(None, description="who must do it")
    by: Day | None = Field(None, description="by when")
    articles: Lines = Field((), description="articles that require it")


class Relation(Item):
    """Another instrument, and which of its articles."""

    id: InstrumentId = Field(description="a page in docs/instruments/")
    articles: Lines = Field((), description="its articles")


Relations = Annotated[tuple[Relation, ...], Field(min_length=1)]


class Instrument(Document):
    """A law, rule, standard, plan or campaign."""

    name: Line = Field(description="English name")
    short: Line | None = Field(None, description="short name in use")
    name_zh: Line | None = Field(None, description="Chinese title, where certain")
    former_titles: Lines = Field((), description="titles of its drafts")
    aliases: Lines = Field((), description="other names by which readers know it")
    number: Line | None = Field(None, description="document number")
    rank: Rank = Field(description="legal rank, or campaign")
    force: Force | None = Field(None, description="where it differs from what the rank implies")
    trial: bool = Field(False, description="issued for trial or as interim")
    issuers: Annotated[tuple[RegulatorId, ...], Field(min_length=1), Unique()] = Field(
        (), description="issuing bodies"
    )
    text: Annotated[tuple[PublishedText, ...], Field(min_length=1)] = Field(
        (), description="where it can be read"
    )
    applies_to: Line | None = Field(None, description="whom or what it binds, in one sentence")
    duties: Annotated[tuple[Obligation, ...], Field(min_length=1)] = Field(
        (), description="what it requires"
    )
    implements: Relations = Field((), description="instruments that it implements")
    amends: Relations = Field((), description="instruments that it amends")
    replaces: Relations = Field((), description="instruments that it replaces")
    interprets: Relations = Field((), description="instruments that it interprets")
    start: AnyDate | None = Field(None, description="start of a campaign")
    end: AnyDate | None = Field(None, description="end of a campaign")

    @property
    def related(self) -> tuple[str, ...]:
        """The ids of the instruments that it names."""
        return tuple(relation.id for name in RELATIONS for relation in getattr(self, name))

    @property
    def label(self) -> str:
        """The short name where one is in use, else the name."""
        return self.short or self.name


RELATIONS = ("implements", "amends", "replaces", "interprets")  # of one instrument to another


class Newsletter(Document):
    """An issue of a newsletter that has been read."""

    publisher: Line = Field(description="the firm or institution")
    title: Line = Field(description="title of the issue")
    covers: Month = Field(description="the month it reports on")
    issued: Month = Field(description="the month of issue")
    language: Language = Field(description="its language")
    url: Address | None = Field(None, description="where it can be read")

    @property
    def name(self) -> str:
        """Publisher and month of issue, enough to tell issues apart."""
        return f"{self.publisher}, {parse_date(self.issued).long}"


class Prose(Document):
    """Any other page of docs/: the home page, introductions of lists, about."""

    title: Line = Field(description="heading of the page")
    description: Line = Field(description="one sentence for search engines and previews")


Term = Regulator | Topic | Instrument | Newsletter
TERMS: dict[Kind, type[Regulator] | type[Topic] | type[Instrument] | type[Newsletter]] = {
    "regulators": Regulator,
    "topics": Topic,
    "instruments": Instrument,
    "newsletters": Newsletter,
}
KIND_TITLES: dict[Kind, str] = {kind: kind.capitalize() for kind in TERMS}
# What readers can subscribe to, besides the whole site.
SUBSCRIBABLE_KINDS: tuple[Kind, ...] = ("regulators", "topics", "instruments")
