"""By what readers narrow a search: the facets of an entry, and what the explore page offers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.locale_names import territory
from timeline.model.vocabulary import EntryType, Rank, SourceKind, ValidityState
from timeline.source.collection import terms_of
from timeline.standing.standing import Standing
from timeline.views.page import Names

Facet = tuple[str, str]  # name and value
LABELS = {
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
class Value:
    """One value of a facet, with how many entries have it."""

    value: str
    label: str
    label_zh: str | None
    count: int


@dataclass(frozen=True)
class Group:
    """A facet and its values, in the order in which they are offered.

    `implied`: the value that every entry has which the index gives no other; see `implied_values`.
    """

    name: str
    label: str
    values: tuple[Value, ...]
    implied: str | None = None


def facets(entry: Entry, standing: Standing) -> Iterator[Facet]:
    """What an entry can be narrowed by. `month` is its year alone where no month is known."""
    yield "month", str(entry.date)[:7]
    yield "type", entry.type.value
    for regulator in entry.regulators:
        yield "regulator", regulator
    for topic in entry.topics:
        yield "topic", topic
    instruments = terms_of(entry, "instruments")
    states = (standing.statuses[instrument].validity.state.value for instrument in instruments)
    for state in dict.fromkeys(states):
        yield "validity", state
    ranks = (standing.collection.instruments[instrument].rank.value for instrument in instruments)
    for rank in dict.fromkeys(ranks):
        yield "rank", rank
    yield "jurisdiction", entry.jurisdiction.partition("-")[0]
    for newsletter in entry.newsletters:
        yield "newsletter", newsletter
    if any(source.kind is SourceKind.OFFICIAL for source in entry.sources):
        yield "official", "yes"


def implied_values(standing: Standing) -> dict[str, str]:
    """Of the facets of which an entry has one value, the most frequent.

    The index leaves it out: naming all entries that are Chinese and regulatory would cost each
    reader of the explore page 35 KB at 10,000 entries.
    """
    counts: dict[str, Counter[str]] = {"type": Counter(), "jurisdiction": Counter()}
    for entry in standing.collection.listed:
        for name, value in facets(entry, standing):
            if name in counts:
                counts[name][value] += 1
    return {
        name: min(found, key=lambda v: (-found[v], v)) for name, found in counts.items() if found
    }


def groups(standing: Standing, names: Names) -> tuple[Group, ...]:
    """The facets with the values that occur. Years fall, closed lists keep their order."""
    counts: Counter[Facet] = Counter()
    for entry in standing.collection.listed:
        counts.update(facets(entry, standing))
        counts["year", f"{entry.date.year:04}"] += 1
    labels, implied = _labels(names), implied_values(standing)
    found = []
    for name, label in LABELS.items():
        values = [facet[1] for facet in counts if facet[0] == name]
        ordered = _ordered(name, values, counts, list(labels.get(name, ())))
        shown = tuple(
            Value(value, *_label(name, value, labels), counts[name, value]) for value in ordered
        )
        found.append(Group(name, label, shown, implied.get(name)))
    return tuple(found)


def _labels(names: Names) -> dict[str, dict[str, tuple[str, str | None]]]:
    """Labels of the values that have one, by facet; closed lists stand in their own order."""
    closed = {"type": EntryType, "validity": ValidityState, "rank": Rank}
    labels: dict[str, dict[str, tuple[str, str | None]]] = {
        name: {word.value: (word.label, None) for word in words} for name, words in closed.items()
    }
    terms: dict[str, Kind] = {"regulator": "regulators", "topic": "topics"}
    for facet, kind in terms.items():
        labels[facet] = {key: (name.name, name.name_zh) for key, name in names[kind].items()}
    labels["newsletter"] = {key: (name.short, None) for key, name in names["newsletters"].items()}
    labels["official"] = {"yes": ("Has an official source", None)}
    return labels


def _label(
    name: str, value: str, labels: dict[str, dict[str, tuple[str, str | None]]]
) -> tuple[str, str | None]:
    if name == "jurisdiction":
        return territory(value), None
    return labels.get(name, {}).get(value, (value, None))


def _ordered(name: str, values: list[str], counts: Counter[Facet], own: list[str]) -> list[str]:
    if name == "year":
        return sorted(values, reverse=True)
    if name in {"type", "validity", "rank"}:
        return sorted(values, key=own.index)
    return sorted(values, key=lambda value: (-counts[name, value], value))
