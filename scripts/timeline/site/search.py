"""Search records of entries, instruments, regulators and topics, and the facets of the search.

A search record is a small HTML page that only Pagefind reads. Pagefind indexes the records instead
of the site's pages, so that the pages need no hidden words. It matches the beginnings of words, and
treats a Chinese name as one word: every part of such a name with which a query may start is
therefore indexed as a word of its own. Numbers are indexed a second time without the spaces and
punctuation that readers may omit. Names are looked up in the list of `search_names` first.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from pydantic_core import to_json

from timeline.analysis.snapshot import Snapshot
from timeline.content.collection import Collection, terms_of
from timeline.content.text import CHARACTER, CHARACTERS, CHINESE_RUN, plain_text
from timeline.output import OutputFile
from timeline.schema.codes import territory_name
from timeline.schema.entry import Entry
from timeline.schema.terms import SUBSCRIBABLE_KINDS, Instrument, Regulator, Topic
from timeline.schema.types import BETWEEN_NAMES, Kind
from timeline.schema.vocabulary import EntryType, LabelledEnum, Rank, SourceKind, ValidityState
from timeline.site.page import Names
from timeline.site.render import environment
from timeline.site.search_names import (
    all_names,
    collapsed,
    folded,
    other_spellings,
    parties_of,
    traditional_characters,
)
from timeline.urls import (
    ATOM,
    CALENDAR,
    DEADLINES,
    EXPLORE,
    JSON_FEED,
    SEARCH_INDEX,
    SEARCH_NAMES,
    TIMELINE,
    entry_url,
    table,
    term_url,
)

PIECE = 8  # Chinese characters in an indexed word; the browser cuts longer queries into such pieces
EVERY = "everyzq"  # an indexed word of every entry, by which all of them can be found
VALUES_SHOWN = 6  # values of a facet that are shown until the reader asks for all
HIDDEN = "words"  # the field of the hidden words
# The fields that a record may have: its title, its hidden words and those of `Record.shown`.
FIELDS = sorted([
    "title", HIDDEN, "kind", "date", "day", "type", "tone", "regulators", "penalised",
    "instruments", "zh", "status",
])  # fmt: skip
WEIGHT = "weight"  # a filter that becomes a letter in the names of the index's page files
_RUN = re.compile(r"[^\W_]+")
_DIGIT = re.compile("[0-9]")
_PUNCTUATION = "()[],.;:“”‘’'\"《》（）"  # around a word

Named = Regulator | Topic | Instrument
Facet = tuple[str, str]  # name and value
FACET_LABELS = {
    "year": "Year",
    "type": "Type",
    "regulator": "Regulator",
    "topic": "Topic",
    "validity": "Instrument’s validity today",
    "rank": "Instrument’s rank",
    "jurisdiction": "Jurisdiction",
    "newsletter": "Newsletter",
    "official": "Source",
}
# Facets whose values are shown in the order of their vocabulary.
_CLOSED_LISTS: dict[str, type[LabelledEnum]] = {
    "type": EntryType,
    "validity": ValidityState,
    "rank": Rank,
}


@dataclass(frozen=True)
class Record:
    """The search record of a page. `shown`: the facts shown in a search result, by name."""

    url: str
    title: str
    text: str
    shown: dict[str, str]
    words: str  # hidden words by which the page is also found, with little weight
    facets: tuple[Facet, ...] = ()
    order: str = ""  # the sort key of results: the entry's position in chronological order


def search_records(snapshot: Snapshot) -> Iterator[OutputFile]:
    """Yield each search record as HTML."""
    for url, record in _records(snapshot):
        yield f"{url}index.html", partial(_html, record)


def records(snapshot: Snapshot) -> Iterator[Record]:
    """Yield the record of every page that can be found; withdrawn entries cannot."""
    return (record() for _, record in _records(snapshot))


def _html(record: partial[Record]) -> bytes:
    return environment().get_template("record.html.j2").render(record=record()).encode()


def _records(snapshot: Snapshot) -> Iterator[tuple[str, partial[Record]]]:
    """Yield the address of each page and the call that makes its record."""
    collection = snapshot.collection
    names = {
        kind: {name: all_names(t) for name, t in getattr(collection, kind).items()}
        for kind in SUBSCRIBABLE_KINDS
    }
    implied = set(implied_values(collection).items())
    for position, entry in enumerate(reversed(collection.listed)):
        terms = [(kind, name) for kind in SUBSCRIBABLE_KINDS for name in terms_of(entry, kind)]
        instruments = [collection.instruments[name] for name in terms_of(entry, "instruments")]
        found = TermsOfEntry(
            names=[name for kind, term in terms for name in names[kind][term]],
            chinese=[getattr(collection, kind)[term].name_zh or "" for kind, term in terms],
            regulators=[collection.regulators[name].short for name in entry.regulators],
            instruments=[f"{i.label} ({snapshot.state_words(i).lower()})" for i in instruments],
        )
        indexed = tuple(facet for facet in facets(entry, snapshot) if facet not in implied)
        yield entry_url(entry.id), partial(_entry_record, entry, found, indexed, position)
    for kind in SUBSCRIBABLE_KINDS:
        for term in getattr(collection, kind).values():
            status = snapshot.state_words(term) if isinstance(term, Instrument) else ""
            yield term_url(kind, term.id), partial(_term_record, kind, term, status)


class TermsOfEntry(NamedTuple):
    """What the record of an entry contains of the terms that the entry names."""

    names: list[str]
    chinese: list[str]
    regulators: list[str]  # short names
    instruments: list[str]  # short names, with the state


def _entry_record(
    entry: Entry, terms: TermsOfEntry, indexed: tuple[Facet, ...], position: int
) -> Record:
    measures = [penalty.measure.name_zh for penalty in entry.penalties]
    titles = [source.title or "" for source in entry.sources]
    other_names = [*parties_of(entry), entry.number or "", *titles]
    text = plain_text(entry.body)
    texts = [*terms.chinese, entry.title, text, *other_names, *measures]
    shown = {
        "kind": "Development",
        "date": entry.date.long,
        "day": str(entry.date),
        "type": entry.type.label,
        "tone": entry.tone,
        "regulators": ", ".join(terms.regulators),
        "penalised": ", ".join(dict.fromkeys(penalty.party for penalty in entry.penalties)),
        "instruments": ", ".join(terms.instruments),
    }
    hidden = hidden_words([*terms.names, *other_names], texts, f"{entry.title} {text}")
    return Record(
        url=entry_url(entry.id),
        title=entry.title,
        text=text,
        shown=shown,
        words=f"{EVERY} {_day_word(entry)} {hidden}",
        facets=(*indexed, (WEIGHT, str(weight(entry)))),
        order=f"{position:06}",
    )


def _term_record(kind: Kind, term: Named, status: str) -> Record:
    names = all_names(term)
    shown = {
        "kind": kind.removesuffix("s").capitalize(),
        "zh": term.name_zh or "",
        "status": status,
        "type": term.rank.label if isinstance(term, Instrument) else "",
    }
    return Record(
        url=term_url(kind, term.id),
        title=term.name,
        text=plain_text(term.body),
        shown=shown,
        words=hidden_words(names, names),
        facets=(("kind", kind),),
    )


def weight(entry: Entry) -> int:
    """Return the boost of an entry over equally relevant results, in tenths.

    Highlights come first, then entries with penalties, larger amounts before smaller ones.
    """
    largest = max((int(penalty.total or 0) for penalty in entry.penalties), default=0)
    return 3 * entry.highlight + bool(entry.penalties) + len(str(largest)) // 2


def _day_word(entry: Entry) -> str:
    """Return `d20220707`, the word that finds a day's entries in whatever form it is typed."""
    return f"d{str(entry.date).replace('-', '')}"


@lru_cache(maxsize=10_000)  # a name is cut for every entry that contains it
def pieces(text: str) -> tuple[str, ...]:
    """Return the indexed pieces of a Chinese text: up to eight characters from each position.

    Latin letters and digits within a Chinese name are part of it, and so are numbers next to it,
    such as years.
    """
    if not CHARACTER.search(text):
        return ()
    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        if CHARACTER.search(run) or run.isdecimal():
            cut = (run[start : start + PIECE] for start in range(len(run)))
            found += (piece for piece in cut if len(piece) > 1)
        else:
            found.append(run)
    return tuple(found)


def hidden_words(names: Iterable[str], texts: Iterable[str], shown: str = "") -> str:
    """Return the words by which a page is found under these names and parts of these Chinese texts.

    Numbers of documents and standards are included with and without spaces and punctuation, and
    words in both their British and American spelling. Each word occurs once; words that occur in
    the `shown` text are left out.
    """
    names = [name for name in names if name]
    visible = set(_RUN.findall(shown.casefold()))
    words = {word.strip(_PUNCTUATION).casefold(): word for name in names for word in name.split()}
    found = [word for plain, word in words.items() if plain not in visible]
    found += (collapsed(name) for name in names if _DIGIT.search(name))
    for text in (texts := list(texts)):
        found += pieces(text)
    found += other_spellings(" ".join([*names, *texts]))
    # A visible Chinese word is not left out, since it may be part of a longer run in the text.
    hidden = (
        word for word in dict.fromkeys(found) if word not in visible or CHARACTER.search(word)
    )
    return " ".join(hidden)


def browser_constants(snapshot: Snapshot, formula_starts: str) -> bytes:
    """Return the JavaScript module of the constants that the site's scripts share with the build.

    `formula_starts`: the characters with which the cell of a table must not begin.
    """
    traditional, simplified = traditional_characters(_texts(snapshot))
    constants = {
        "PIECE": PIECE,
        "EVERY": EVERY,
        "CHINESE": CHARACTERS,
        "CHINESE_RUN": CHINESE_RUN.pattern,
        "TRADITIONAL": traditional,
        "SIMPLIFIED": simplified,
        "BETWEEN_NAMES": BETWEEN_NAMES,
        "FORMULA_STARTS": formula_starts,
        "INDEX": SEARCH_INDEX,
        "NAMES": SEARCH_NAMES,
        "VALUES_SHOWN": VALUES_SHOWN,
        "EXPLORE": EXPLORE,
        "DEADLINES": DEADLINES,
        "TIMELINE": TIMELINE,
        "FEEDS": [["Atom", ATOM], ["JSON Feed", JSON_FEED], ["Calendar", CALENDAR]],
        "ENTRIES_TABLE": table("entries"),
    }
    return b"export default " + to_json(constants) + b";\n"


def _texts(snapshot: Snapshot) -> Iterator[str]:
    """Yield every text in which readers may look for Chinese words."""
    for entry in snapshot.collection.listed:
        titles = (source.title or "" for source in entry.sources)
        yield from (entry.title, entry.body, entry.number or "", *parties_of(entry), *titles)
    for kind in SUBSCRIBABLE_KINDS:
        for term in getattr(snapshot.collection, kind).values():
            yield from all_names(term)


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet, with the number of entries that have it."""

    value: str
    label: str
    label_zh: str | None
    count: int


@dataclass(frozen=True)
class FacetGroup:
    """A facet and its values in display order.

    `implied`: the value of every entry for which the index records none; see `implied_values`.
    """

    name: str
    label: str
    values: tuple[FacetValue, ...]
    implied: str | None = None


def facets(entry: Entry, snapshot: Snapshot) -> Iterator[Facet]:
    """Yield the facet values of an entry. Its `month` is only a year if no month is known."""
    yield "month", str(entry.date)[:7]
    yield from _single_facets(entry)
    for regulator in entry.regulators:
        yield "regulator", regulator
    for topic in entry.topics:
        yield "topic", topic
    instruments = terms_of(entry, "instruments")
    states = (snapshot.statuses[instrument].validity.state.value for instrument in instruments)
    for state in dict.fromkeys(states):
        yield "validity", state
    ranks = (snapshot.collection.instruments[instrument].rank.value for instrument in instruments)
    for rank in dict.fromkeys(ranks):
        yield "rank", rank
    for newsletter in entry.newsletters:
        yield "newsletter", newsletter
    if any(source.kind is SourceKind.OFFICIAL for source in entry.sources):
        yield "official", "yes"


def _single_facets(entry: Entry) -> Iterator[Facet]:
    """Yield the facets of which every entry has exactly one value."""
    yield "type", entry.type.value
    yield "jurisdiction", entry.jurisdiction.partition("-")[0]


def facet_counts(snapshot: Snapshot) -> Counter[Facet]:
    """Return the number of entries that have each value of each facet."""
    found = (facet for entry in snapshot.collection.listed for facet in facets(entry, snapshot))
    return Counter(found)


def implied_values(collection: Collection) -> dict[str, str]:
    """Return the most frequent value of each facet of which every entry has exactly one value.

    The index leaves these values out: at 10,000 entries, the lists of all regulatory entries and
    of all entries from the home jurisdiction would add 35 KB to every visit to the explore page.
    """
    counts = Counter(facet for entry in collection.listed for facet in _single_facets(entry))
    found: dict[str, str] = {}
    for name, value in sorted(counts, key=lambda facet: (-counts[facet], facet)):
        found.setdefault(name, value)
    return found


def facet_groups(snapshot: Snapshot, names: Names) -> tuple[FacetGroup, ...]:
    """Return the facets with the values that occur.

    Years are in descending order, values of closed lists in the order of their vocabulary, all
    others by frequency.
    """
    counts = facet_counts(snapshot)
    counts.update(("year", f"{entry.date.year:04}") for entry in snapshot.collection.listed)
    labels, implied = _facet_labels(names), implied_values(snapshot.collection)
    found = []
    for name, label in FACET_LABELS.items():
        values = [facet[1] for facet in counts if facet[0] == name]
        shown = tuple(
            FacetValue(value, *_facet_label(name, value, labels), counts[name, value])
            for value in _ordered(name, values, counts)
        )
        found.append(FacetGroup(name, label, shown, implied.get(name)))
    return tuple(found)


Labels = dict[str, dict[str, tuple[str, str | None]]]  # facet -> value -> label, Chinese label


def _facet_labels(names: Names) -> Labels:
    """Return the labels of all values that are not shown as they are."""
    labels: Labels = {
        name: {value.value: (value.label, None) for value in values}
        for name, values in _CLOSED_LISTS.items()
    }
    terms: dict[str, Kind] = {"regulator": "regulators", "topic": "topics"}
    for facet, kind in terms.items():
        labels[facet] = {key: (name.name, name.name_zh) for key, name in names[kind].items()}
    labels["newsletter"] = {key: (name.short, None) for key, name in names["newsletters"].items()}
    labels["official"] = {"yes": ("Has an official source", None)}
    return labels


def _facet_label(name: str, value: str, labels: Labels) -> tuple[str, str | None]:
    if name == "jurisdiction":
        return territory_name(value), None
    return labels.get(name, {}).get(value, (value, None))


def _ordered(name: str, values: list[str], counts: Counter[Facet]) -> list[str]:
    if name == "year":
        return sorted(values, reverse=True)
    if name in _CLOSED_LISTS:
        return [value.value for value in _CLOSED_LISTS[name] if value.value in values]
    return sorted(values, key=lambda value: (-counts[name, value], value))
