"""What the search knows: a record of each development, instrument, regulator and topic.

A record is a small page that nobody reads. The search library is run over the records and not
over the site, so that no word is hidden in the pages themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from timeline.model.body import plain_text
from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.terms import Instrument, Regulator, Topic
from timeline.model.vocabulary import state_label
from timeline.search.search_words import EVERY, exact_names, hidden_words
from timeline.source.collection import terms_of
from timeline.standing.standing import Standing
from timeline.views.facets import Facet, facets, implied_values
from timeline.views.view import KINDS

Named = Regulator | Topic | Instrument
NAMED: tuple[Kind, ...] = ("regulators", "topics", "instruments")


@dataclass(frozen=True)
class Record:
    """A page as the search knows it.

    `shown` is what a result tells, by name.
    """

    url: str
    title: str
    text: str
    shown: dict[str, str]
    words: str  # under which it is found besides, of little weight
    names: str = ""  # every name of the page's subject, by which it comes first
    parts: str = ""  # parts of these names
    facets: tuple[Facet, ...] = ()
    order: str = ""  # by which results are sorted: the day


def records(standing: Standing) -> Iterator[Record]:
    """A record of every page that the search finds. Withdrawn entries are not among them."""
    names = {kind: _names_by_id(standing, kind) for kind in NAMED}
    implied = set(implied_values(standing).items())
    for entry in standing.collection.listed:
        told = tuple(facet for facet in facets(entry, standing) if facet not in implied)
        yield _of_entry(entry, standing, names, told)
    for kind in NAMED:
        for term in getattr(standing.collection, kind).values():
            yield _of_term(kind, term, names[kind][term.id], standing)


def _names_by_id(standing: Standing, kind: Kind) -> dict[str, tuple[str, ...]]:
    return {id_: spellings(term) for id_, term in getattr(standing.collection, kind).items()}


def spellings(term: Named) -> tuple[str, ...]:
    """Every name by which readers know a regulator, topic or instrument."""
    keys = ("name", "name_zh", "abbreviation", "short", "number")
    single = [getattr(term, key, None) for key in keys]
    several = (*term.aliases, *getattr(term, "former_titles", ()))
    return tuple(dict.fromkeys(name for name in (*single, *several) if name))


def _of_entry(
    entry: Entry,
    standing: Standing,
    names: dict[Kind, dict[str, tuple[str, ...]]],
    told: tuple[Facet, ...],
) -> Record:
    collection = standing.collection
    named = [(kind, id_) for kind in NAMED for id_ in terms_of(entry, kind)]
    known = [name for kind, id_ in named for name in names[kind][id_]]
    chinese = [getattr(collection, kind)[id_].name_zh or "" for kind, id_ in named]
    instruments = [collection.instruments[id_] for id_ in terms_of(entry, "instruments")]
    parties = [*entry.parties, *(penalty.party for penalty in entry.penalties)]
    besides = [*parties, entry.number or "", *(source.title or "" for source in entry.sources)]
    text = plain_text(entry.body)
    shown = {
        "kind": "Development",
        "date": entry.date.long,
        "day": str(entry.date),
        "type": entry.type.label,
        "regulators": ", ".join(collection.regulators[id_].short for id_ in entry.regulators),
        "instruments": ", ".join(
            f"{instrument.label} ({_status(instrument, standing).lower()})"
            for instrument in instruments
        ),
    }
    return Record(
        url=f"entries/{entry.id}/",
        title=entry.title,
        text=text,
        shown=shown,
        words=hidden_words([*known, *besides], [*chinese, entry.title, text, *besides]),
        names=EVERY,
        facets=told,
        order=str(entry.date).ljust(10, "-"),
    )


def _of_term(kind: Kind, term: Named, names: tuple[str, ...], standing: Standing) -> Record:
    shown = {
        "kind": KINDS[kind].removesuffix("s"),
        "zh": term.name_zh or "",
        "status": _status(term, standing) if isinstance(term, Instrument) else "",
        "type": term.rank.label if isinstance(term, Instrument) else "",
    }
    return Record(
        url=f"{kind}/{term.id}/",
        title=term.name,
        text=plain_text(term.body),
        shown=shown,
        words="",
        names=exact_names(names),
        parts=hidden_words(names, names),
        facets=(("kind", kind),),
    )


def _status(instrument: Instrument, standing: Standing) -> str:
    return state_label(instrument.rank, standing.statuses[instrument.id].validity.state)
