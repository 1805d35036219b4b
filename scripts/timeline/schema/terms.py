"""The front matter of the pages in docs/: regulators, topics, instruments, newsletters, prose.

The front matter of a vocabulary page is what entries may name; its text is the introduction.
"""

import datetime
from typing import Annotated, NamedTuple

from pydantic import Field

from timeline.schema.dates import ONE_DAY, parse_date
from timeline.schema.types import (
    UNIQUE,
    Address,
    AnyDate,
    Articles,
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
)
from timeline.schema.vocabulary import (
    STANDARDS,
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
    """Where an instrument can be read. `until` is the last day of a text that was amended since.

    `since` is its first day, where no earlier text with its last day is listed.
    """

    kind: SourceKind = Field(description="official text or translation")
    publisher: Line = Field(description="publisher, or translator")
    title: Line | None = Field(None, description="its own title")
    lang: Language = Field(description="its language")
    url: Address = Field(description="where it can be read")
    since: Day | None = Field(None, description="first day of a text before which another applied")
    until: Day | None = Field(None, description="last day on which this text applied")


class Obligation(Item):
    """Something that an instrument requires, in the text in force or in an earlier one."""

    do: Line = Field(description="what is required")
    who: Line | None = Field(None, description="who must do it")
    by: Day | None = Field(None, description="by when")
    articles: Articles = Field((), description="articles that require it, as numbered today")
    since: Day | None = Field(None, description="first day of a requirement that was added")
    until: Day | None = Field(None, description="last day of a requirement that was dropped")


class Renumbering(Item):
    """An article that an amendment renumbered."""

    date: Day = Field(description="first day of the new number")
    old: Line = Field(description="the number until then")
    new: Line = Field(description="the number since then")

    @property
    def last_day(self) -> datetime.date:
        """The last day of the old number."""
        return self.date - ONE_DAY


class Relation(Item):
    """Another instrument, and which of its articles."""

    id: InstrumentId = Field(description="a page in docs/instruments/")
    articles: Articles = Field((), description="its articles")
    extent: Line | None = Field(None, description="which part of it, in a few words")


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
    issuers: Annotated[tuple[RegulatorId, ...], Field(min_length=1), UNIQUE] = Field(
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
    displaces: Relations = Field(
        (), description="instruments that it prevails over in part, without amending them"
    )
    overtakes: Relations = Field(
        (), description="earlier drafts or documents that it absorbs or overtakes, unrepealed"
    )
    renumbered: Annotated[tuple[Renumbering, ...], Field(min_length=1)] = Field(
        (), description="articles that an amendment renumbered"
    )
    in_force_from: Day | None = Field(
        None, description="first effective date, where it predates the timeline"
    )
    start: AnyDate | None = Field(None, description="start of a campaign")
    end: AnyDate | None = Field(
        None, description="end of a campaign, of a plan's period or of a trial period"
    )
    recurrent: bool = Field(False, description="a campaign that goes on in batches, without end")

    @property
    def related(self) -> tuple[str, ...]:
        """The ids of the instruments that it names."""
        return tuple(relation.id for name in RELATIONS for relation in getattr(self, name))

    @property
    def label(self) -> str:
        """The short name where one is in use, else the name."""
        return self.short or self.name

    @property
    def rank_label(self) -> str:
        """The rank in words. 暂行 says that a text is interim, 试行 that it is for trial."""
        if not self.trial:
            return self.rank.label
        return f"{self.rank.label}, {'interim' if '暂行' in (self.name_zh or '') else 'for trial'}"

    @property
    def article_label(self) -> str:
        """What its provisions are called: standards and guides have clauses."""
        has_clauses = self.rank in STANDARDS or self.rank is Rank.PRACTICE_GUIDE
        return "Clause" if has_clauses else "Art."

    def renumbering_of(self, article: str, day: datetime.date) -> Renumbering | None:
        """What renumbered an article that was cited on a day."""
        return next((r for r in self.renumbered if r.old == article and day < r.date), None)

    def present_number(self, article: str, day: datetime.date) -> str:
        """The number today of an article that was cited on a day."""
        later = self.renumbering_of(article, day)
        return later.new if later else article

    def text_since(self, text: PublishedText) -> datetime.date | None:
        """From when a text applied, where an earlier one of its kind is listed."""
        if text.since:
            return text.since
        ends = (one.until for one in self.text if one.kind is text.kind and one.until)
        earlier = (day for day in ends if text.until is None or day < text.until)
        last = max(earlier, default=None)
        return last + ONE_DAY if last else None

    def former_number(self, article: str) -> Renumbering | None:
        """The former number of an article of the text in force."""
        return next((one for one in self.renumbered if one.new == article), None)


class RelationLabel(NamedTuple):
    """A relation of one instrument to another, in words, from either side."""

    active: str  # on the page of the instrument that names the other
    passive: str  # on the page of the other


RELATIONS = {
    "implements": RelationLabel("Implements", "Implemented by"),
    "amends": RelationLabel("Amends", "Amended by"),
    "replaces": RelationLabel("Replaces", "Replaced by"),
    "displaces": RelationLabel("Displaces in part", "Displaced in part by"),
    "overtakes": RelationLabel("Overtakes", "Overtaken by"),
    "interprets": RelationLabel("Interprets", "Interpreted by"),
}


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
NAME_KEYS = ("abbreviation", "name", "name_zh", "short")  # by which readers know a page
KIND_TITLES: dict[Kind, str] = {kind: kind.capitalize() for kind in TERMS}
# What readers can subscribe to, besides the whole site.
SUBSCRIBABLE_KINDS: tuple[Kind, ...] = ("regulators", "topics", "instruments")
