"""What the pages of docs/ are: regulators, topics, instruments, newsletters, and prose."""

from typing import Annotated

from pydantic import Field

from timeline.model.dates import parse_date
from timeline.model.fields import (
    Address,
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
    When,
)
from timeline.model.vocabulary import BodyKind, Force, Level, Manner, Rank, SourceKind


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
    level: Level | None = Field(None, description="how far its remit reaches")
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
    issuers: Annotated[tuple[RegulatorId, ...], Field(min_length=1), Unique()] = Field(
        (), description="who made it"
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
    def rank_place(self) -> int:
        """Its rank's place, the highest first."""
        return list(Rank).index(self.rank)

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
    covers: Month = Field(description="the month it tells of")
    issued: Month = Field(description="the month of issue")
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
