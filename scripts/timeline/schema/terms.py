"""The front matter of the pages in docs/: regulators, topics, instruments, newsletters, prose.

Entries refer to vocabulary pages by id. The text of a vocabulary page is its introduction.
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
    """A body that succeeded a regulator, when and how."""

    id: RegulatorId = Field(description="a page in docs/regulators/")
    date: AnyDate = Field(description="date of the succession")
    manner: SuccessionType = Field(description="manner of the succession")


class Regulator(Document):
    """A body that acts: a regulator, court, legislature or standards body."""

    name: Line = Field(description="official English name")
    abbreviation: Line | None = Field(None, description="abbreviation in use")
    name_zh: Line | None = Field(None, description="Chinese name")
    aliases: Lines = Field((), description="other names in use")
    kind: AuthorityType = Field(description="kind of body")
    level: Level | None = Field(None, description="level of its remit")
    place: Line | None = Field(None, description="place, for local and foreign bodies")
    parent: RegulatorId | None = Field(None, description="the body it belongs to")
    successors: Annotated[tuple[Successor, ...], Field(min_length=1)] = Field(
        (), description="bodies that succeeded it"
    )

    @property
    def short(self) -> str:
        """The abbreviation, or the name if there is none."""
        return self.abbreviation or self.name


class Topic(Document):
    """A subject of entries."""

    name: Line = Field(description="short heading")
    name_zh: Line | None = Field(None, description="heading in Chinese")
    aliases: Lines = Field((), description="other words for which readers search")


class PublishedText(Item):
    """A published text of an instrument. `until` is the last day of a text amended since then.

    `since` is its first day, needed only if no earlier text is listed with its last day.
    """

    kind: SourceKind = Field(description="official text or translation")
    publisher: Line = Field(description="publisher or translator")
    title: Line | None = Field(None, description="original title")
    lang: Language = Field(description="language code, such as en")
    url: Address = Field(description="address of the text")
    since: Day | None = Field(None, description="first day of this text, if it replaced another")
    until: Day | None = Field(None, description="last day on which this text applied")


class Obligation(Item):
    """A requirement of an instrument, in the text in force or in an earlier one."""

    do: Line = Field(description="what is required")
    who: Line | None = Field(None, description="who must comply")
    by: Day | None = Field(None, description="last day for compliance")
    articles: Articles = Field((), description="articles that require it, by their current numbers")
    since: Day | None = Field(None, description="first day of a requirement added later")
    until: Day | None = Field(None, description="last day of a requirement since dropped")


class Renumbering(Item):
    """An article that an amendment renumbered."""

    date: Day = Field(description="first day of the new number")
    old: Line = Field(description="number until then")
    new: Line = Field(description="number since then")

    @property
    def last_day(self) -> datetime.date:
        """The last day of the old number."""
        return self.date - ONE_DAY


class Relation(Item):
    """A relation to another instrument, or to some of its articles."""

    id: InstrumentId = Field(description="a page in docs/instruments/")
    articles: Articles = Field((), description="articles concerned")
    extent: Line | None = Field(None, description="part concerned, in a few words")


Relations = Annotated[tuple[Relation, ...], Field(min_length=1)]


class Instrument(Document):
    """A law, rule, standard, plan or campaign."""

    name: Line = Field(description="English name")
    short: Line | None = Field(None, description="short name in use")
    name_zh: Line | None = Field(None, description="Chinese title, if certain")
    former_titles: Lines = Field((), description="titles of its drafts")
    aliases: Lines = Field((), description="other names in use")
    number: Line | None = Field(None, description="document number")
    rank: Rank = Field(description="legal rank, or campaign")
    force: Force | None = Field(
        None, description="legal force, if not the one that the rank implies"
    )
    trial: bool = Field(False, description="issued for trial implementation or as interim")
    issuers: Annotated[tuple[RegulatorId, ...], Field(min_length=1), UNIQUE] = Field(
        (), description="issuing bodies"
    )
    text: Annotated[tuple[PublishedText, ...], Field(min_length=1)] = Field(
        (), description="official texts and translations"
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
        (), description="earlier drafts or documents that it absorbs or overtakes without repeal"
    )
    renumbered: Annotated[tuple[Renumbering, ...], Field(min_length=1)] = Field(
        (), description="articles that an amendment renumbered"
    )
    in_force_from: Day | None = Field(
        None, description="first effective date, if it predates the timeline"
    )
    start: AnyDate | None = Field(None, description="start of a campaign")
    end: AnyDate | None = Field(
        None, description="end of a campaign, of a plan's period or of a trial period"
    )
    recurrent: bool = Field(
        False, description="campaign that goes on in batches without an end date"
    )

    @property
    def related(self) -> tuple[str, ...]:
        """The ids of the instruments to which this one is related by its own page."""
        return tuple(relation.id for name in RELATIONS for relation in getattr(self, name))

    @property
    def label(self) -> str:
        """The short name, or the name if there is none."""
        return self.short or self.name

    @property
    def rank_label(self) -> str:
        """The rank in words. 暂行 in the title means interim, 试行 means for trial."""
        if not self.trial:
            return self.rank.label
        return f"{self.rank.label}, {'interim' if '暂行' in (self.name_zh or '') else 'for trial'}"

    @property
    def article_label(self) -> str:
        """The word for a provision: standards and practice guides have clauses."""
        has_clauses = self.rank in STANDARDS or self.rank is Rank.PRACTICE_GUIDE
        return "Clause" if has_clauses else "Art."

    def renumbering_of(self, article: str, day: datetime.date) -> Renumbering | None:
        """Return the later renumbering of an article cited on a day, or None."""
        return next((r for r in self.renumbered if r.old == article and day < r.date), None)

    def current_number(self, article: str, day: datetime.date) -> str:
        """Return the current number of an article cited on a day."""
        later = self.renumbering_of(article, day)
        return later.new if later else article

    def text_since(self, text: PublishedText) -> datetime.date | None:
        """Return the first day of a text, by default the day after an earlier text of its kind."""
        if text.since:
            return text.since
        ends = (one.until for one in self.text if one.kind is text.kind and one.until)
        earlier = (day for day in ends if text.until is None or day < text.until)
        last = max(earlier, default=None)
        return last + ONE_DAY if last else None

    def former_number(self, article: str) -> Renumbering | None:
        """Return the renumbering that gave an article its current number, or None."""
        return next((one for one in self.renumbered if one.new == article), None)


class RelationLabel(NamedTuple):
    """A relation between two instruments in words, seen from either side."""

    active: str  # on the page of the instrument that declares the relation
    passive: str  # on the page of the other instrument


RELATIONS = {
    "implements": RelationLabel("Implements", "Implemented by"),
    "amends": RelationLabel("Amends", "Amended by"),
    "replaces": RelationLabel("Replaces", "Replaced by"),
    "displaces": RelationLabel("Displaces in part", "Displaced in part by"),
    "overtakes": RelationLabel("Overtakes", "Overtaken by"),
    "interprets": RelationLabel("Interprets", "Interpreted by"),
}


class Newsletter(Document):
    """A newsletter issue that has been read for entries."""

    publisher: Line = Field(description="firm or institution")
    title: Line = Field(description="title of the issue")
    covers: Month = Field(description="month on which it reports")
    issued: Month = Field(description="month of issue")
    language: Language = Field(description="language code, such as en")
    url: Address | None = Field(None, description="address of the issue")

    @property
    def name(self) -> str:
        """The publisher and month of issue, which together identify the issue."""
        return f"{self.publisher}, {parse_date(self.issued).long}"


class Prose(Document):
    """Any other page of docs/: the home page, the introductions of lists, the about page."""

    title: Line = Field(description="heading of the page")
    description: Line = Field(description="one sentence for search engines and previews")


Term = Regulator | Topic | Instrument | Newsletter
TERMS: dict[Kind, type[Regulator] | type[Topic] | type[Instrument] | type[Newsletter]] = {
    "regulators": Regulator,
    "topics": Topic,
    "instruments": Instrument,
    "newsletters": Newsletter,
}
NAME_KEYS = ("abbreviation", "name", "name_zh", "short")  # names under which readers know a page
KIND_TITLES: dict[Kind, str] = {kind: kind.capitalize() for kind in TERMS}
# Pages with feeds and calendars of their own, besides those of the whole site.
SUBSCRIBABLE_KINDS: tuple[Kind, ...] = ("regulators", "topics", "instruments")
