"""What the search knows of texts: a record of each entry, instrument, regulator and topic; facets.

A record is a small page that nobody reads. Pagefind indexes the records instead of the site, so
that no word is hidden in the pages themselves. It finds the beginning of a word, and takes a
Chinese name for one word: so every place in such a name at which a reader may begin becomes a word
of its own, and numbers are kept once more without the spaces and marks that people write or leave
out. Names are found by `search_names` first.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from timeline.analysis.snapshot import Snapshot
from timeline.content.collection import terms_of
from timeline.content.text import CHARACTER, CHARACTERS, CHINESE_RUN, plain_text
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

PIECE = 8  # characters of Chinese in a word; the browser cuts longer queries into such pieces
EVERY = "everyzq"  # is on each entry, so that all can be asked for by one word
VALUES_SHOWN = 6  # of a facet before the reader asks for all
WEIGHT = "weight"  # a facet that the index turns into a letter of the names of its pages
_RUN = re.compile(r"[^\W_]+")
_MARKS = "()[],.;:“”‘’'\"《》（）"  # around a word

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


@dataclass(frozen=True)
class Record:
    """A page as the search knows it. `shown` is what a result shows, by name."""

    url: str
    title: str
    text: str
    shown: dict[str, str]
    words: str  # by which it is also found, with little weight
    facets: tuple[Facet, ...] = ()
    order: str = ""  # by which results are sorted: the place in the order of time


def search_records(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Path -> HTML of what the search indexes."""
    template = environment().get_template("record.html.j2")
    for record in records(snapshot):
        yield f"{record.url}index.html", template.render(record=record).encode()


def records(snapshot: Snapshot) -> Iterator[Record]:
    """A record of every page that the search finds; withdrawn entries are not among them."""
    names: dict[Kind, dict[str, tuple[str, ...]]] = {
        kind: {name: all_names(t) for name, t in getattr(snapshot.collection, kind).items()}
        for kind in SUBSCRIBABLE_KINDS
    }
    implied = set(implied_values(snapshot).items())
    for place, entry in enumerate(reversed(snapshot.collection.listed)):
        kept = tuple(facet for facet in facets(entry, snapshot) if facet not in implied)
        yield _of_entry(entry, snapshot, names, kept, place)
    for kind in SUBSCRIBABLE_KINDS:
        for term in getattr(snapshot.collection, kind).values():
            yield _of_term(kind, term, names[kind][term.id], snapshot)


def _of_entry(
    entry: Entry,
    snapshot: Snapshot,
    names: dict[Kind, dict[str, tuple[str, ...]]],
    kept: tuple[Facet, ...],
    place: int,
) -> Record:
    collection = snapshot.collection
    named = [(kind, name) for kind in SUBSCRIBABLE_KINDS for name in terms_of(entry, kind)]
    known = [name for kind, term in named for name in names[kind][term]]
    chinese = [getattr(collection, kind)[term].name_zh or "" for kind, term in named]
    instruments = [collection.instruments[name] for name in terms_of(entry, "instruments")]
    measures = [penalty.measure.name_zh for penalty in entry.penalties]
    titles = [source.title or "" for source in entry.sources]
    more = [*parties_of(entry), entry.number or "", *titles]
    text = plain_text(entry.body)
    texts = [*chinese, entry.title, text, *more, *measures]
    shown = {
        "kind": "Development",
        "date": entry.date.long,
        "day": str(entry.date),
        "type": entry.type.label,
        "tone": entry.tone,
        "regulators": ", ".join(collection.regulators[name].short for name in entry.regulators),
        "penalised": ", ".join(dict.fromkeys(penalty.party for penalty in entry.penalties)),
        "instruments": ", ".join(
            f"{one.label} ({snapshot.state_words(one).lower()})" for one in instruments
        ),
    }
    hidden = hidden_words([*known, *more], texts, f"{entry.title} {text}")
    return Record(
        url=entry_url(entry.id),
        title=entry.title,
        text=text,
        shown=shown,
        words=f"{EVERY} {_day_word(entry)} {hidden}",
        facets=(*kept, (WEIGHT, str(weight(entry)))),
        order=f"{place:06}",
    )


def _of_term(kind: Kind, term: Named, names: tuple[str, ...], snapshot: Snapshot) -> Record:
    shown = {
        "kind": kind.removesuffix("s").capitalize(),
        "zh": term.name_zh or "",
        "status": snapshot.state_words(term) if isinstance(term, Instrument) else "",
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
    """By how many tenths a development goes before others that are found alike.

    Highlights come first, then what was penalised, the largest amounts before smaller ones.
    """
    largest = max((int(penalty.total or 0) for penalty in entry.penalties), default=0)
    return 3 * entry.highlight + bool(entry.penalties) + len(str(largest)) // 2


def _day_word(entry: Entry) -> str:
    """`d20220707`: by which the entries of a day are found, however the reader writes it."""
    return f"d{str(entry.date).replace('-', '')}"


def pieces(text: str) -> Iterator[str]:
    """Each two to eight characters of Chinese that a reader may look for, from every place.

    Letters and figures within a Chinese name belong to it, and so do the years beside it.
    """
    if not CHARACTER.search(text):
        return
    for run in _RUN.findall(folded(text)):
        if CHARACTER.search(run) or run.isdecimal():
            cut = (run[start : start + PIECE] for start in range(len(run)))
            yield from (piece for piece in cut if len(piece) > 1)
        else:
            yield run


def hidden_words(names: Iterable[str], texts: Iterable[str], shown: str = "") -> str:
    """Words under which a page is found by these names, and by any part of these Chinese texts.

    Numbers of documents and standards are kept with and without spaces and marks, and words of
    British spelling in American too. Each word is there once, and not if it is `shown` anyway.
    """
    spelled = [name for name in names if name]
    in_view = set(_RUN.findall(shown.casefold()))
    words = {word.strip(_MARKS).casefold(): word for name in spelled for word in name.split()}
    found = [word for plain, word in words.items() if plain not in in_view]
    found += (collapsed(name) for name in spelled if re.search("[0-9]", name))
    for text in (texts := list(texts)):
        found += pieces(text)
    found += other_spellings(" ".join([*spelled, *texts]))
    # Chinese is kept though in view, since it may be within a longer run there.
    kept = (word for word in dict.fromkeys(found) if word not in in_view or CHARACTER.search(word))
    return " ".join(kept)


def browser_constants(snapshot: Snapshot, formula_starts: str) -> bytes:
    """The JavaScript module of what the scripts of the site share with this program.

    `formula_starts`: the characters that a cell of a table may not begin with.
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
    return b"export default " + json.dumps(constants, ensure_ascii=False).encode() + b";\n"


def _texts(snapshot: Snapshot) -> Iterator[str]:
    """All texts in which Chinese may be looked for."""
    for entry in snapshot.collection.listed:
        titles = (source.title or "" for source in entry.sources)
        yield from (entry.title, entry.body, entry.number or "", *parties_of(entry), *titles)
    for kind in SUBSCRIBABLE_KINDS:
        for term in getattr(snapshot.collection, kind).values():
            yield from all_names(term)


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet, with how many entries have it."""

    value: str
    label: str
    label_zh: str | None
    count: int


@dataclass(frozen=True)
class FacetGroup:
    """A facet and its values, in the order in which they are offered.

    `implied` is the value of every entry to which the index gives no other; see `implied_values`.
    """

    name: str
    label: str
    values: tuple[FacetValue, ...]
    implied: str | None = None


def facets(entry: Entry, snapshot: Snapshot) -> Iterator[Facet]:
    """What an entry can be narrowed by. `month` is its year alone where no month is known."""
    yield "month", str(entry.date)[:7]
    yield "type", entry.type.value
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
    yield "jurisdiction", entry.jurisdiction.partition("-")[0]
    for newsletter in entry.newsletters:
        yield "newsletter", newsletter
    if any(source.kind is SourceKind.OFFICIAL for source in entry.sources):
        yield "official", "yes"


def implied_values(snapshot: Snapshot) -> dict[str, str]:
    """The most frequent value of the facets of which an entry has one.

    The index leaves it out: naming all entries that are Chinese and regulatory would cost each
    reader of the explore page 35 KB at 10,000 entries.
    """
    counts: dict[str, Counter[str]] = {"type": Counter(), "jurisdiction": Counter()}
    for entry in snapshot.collection.listed:
        for name, value in facets(entry, snapshot):
            if name in counts:
                counts[name][value] += 1
    return {
        name: min(found, key=lambda v: (-found[v], v)) for name, found in counts.items() if found
    }


def facet_groups(snapshot: Snapshot, names: Names) -> tuple[FacetGroup, ...]:
    """The facets with the values that occur. Years fall, closed lists keep their order."""
    counts: Counter[Facet] = Counter()
    for entry in snapshot.collection.listed:
        counts.update(facets(entry, snapshot))
        counts["year", f"{entry.date.year:04}"] += 1
    labels, implied = _facet_labels(names), implied_values(snapshot)
    found = []
    for name, label in FACET_LABELS.items():
        values = [facet[1] for facet in counts if facet[0] == name]
        shown = tuple(
            FacetValue(value, *_facet_label(name, value, labels), counts[name, value])
            for value in _ordered(name, values, counts, list(labels.get(name, ())))
        )
        found.append(FacetGroup(name, label, shown, implied.get(name)))
    return tuple(found)


Labels = dict[str, dict[str, tuple[str, str | None]]]  # facet -> value -> label, Chinese label


def _facet_labels(names: Names) -> Labels:
    """Labels of the values that have one; closed lists are in their own order."""
    closed: dict[str, type[LabelledEnum]] = {
        "type": EntryType,
        "validity": ValidityState,
        "rank": Rank,
    }
    labels: Labels = {
        name: {value.value: (value.label, None) for value in values}
        for name, values in closed.items()
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


def _ordered(name: str, values: list[str], counts: Counter[Facet], own: list[str]) -> list[str]:
    if name == "year":
        return sorted(values, reverse=True)
    if name in {"type", "validity", "rank"}:
        return sorted(values, key=own.index)
    return sorted(values, key=lambda value: (-counts[name, value], value))
