"""Who was punished by whom, for what, how much."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from timeline.model.anchors import anchor, numbered
from timeline.model.entry import Entry
from timeline.model.entry_parts import Penalty
from timeline.model.vocabulary import Measure
from timeline.source.collection import Collection

# Kinds of money that are never added to one another.
SUMMED = (
    Measure.ADMINISTRATIVE_FINE,
    Measure.CONFISCATION,
    Measure.CRIMINAL_FINE,
    Measure.DAMAGES,
)


@dataclass(frozen=True)
class Row:
    """One measure against one party. `name` is its anchor."""

    entry: Entry
    penalty: Penalty
    name: str


@dataclass(frozen=True)
class Total:
    """A sum of one kind of measure in one currency, and how many amounts are undisclosed."""

    group: str  # a year, or a regulator's id
    measure: Measure
    currency: str
    amount: Decimal
    count: int
    undisclosed: int


def rows(collection: Collection) -> tuple[Row, ...]:
    """Every measure, newest first."""
    return tuple(row for entry in collection.listed for row in _of_entry(entry))


def _of_entry(entry: Entry) -> Iterator[Row]:
    """Named by party and measure; only what is alike in both is numbered."""
    names = numbered(
        f"{entry.identity}.{anchor(penalty.party)}.{penalty.measure.value}"
        for penalty in entry.penalties
    )
    for penalty, name in zip(entry.penalties, names, strict=True):
        yield Row(entry, penalty, name)


def main_currency(found: tuple[Row, ...]) -> str:
    """The currency of most amounts, or nothing where there is no amount."""
    named = Counter(r.penalty.currency for r in found if r.penalty.currency)
    return min(named, key=lambda currency: (-named[currency], currency), default="")


def by_year(found: tuple[Row, ...]) -> tuple[Total, ...]:
    """Sums a year, newest first."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[str(row.entry.date.year)].append(row)
    return tuple(total for year, of_year in groups.items() for total in _totals(year, of_year))


def by_regulator(found: tuple[Row, ...]) -> tuple[Total, ...]:
    """Sums a regulator, by its id; a joint act counts under each that acted."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        for regulator in row.entry.regulators:
            groups[regulator].append(row)
    main = main_currency(found)
    totals = [total for name in sorted(groups) for total in _totals(name, groups[name])]
    return tuple(sorted(totals, key=lambda t: (t.currency != main, -t.amount, t.group)))


def _totals(group: str, found: list[Row]) -> list[Total]:
    totals = []
    for measure in SUMMED:
        of_measure = [row.penalty for row in found if row.penalty.measure is measure]
        undisclosed = sum(penalty.amount is None for penalty in of_measure)
        currencies = sorted({p.currency for p in of_measure if p.currency and p.amount is not None})
        for currency in currencies:
            amounts = [
                p.amount for p in of_measure if p.currency == currency and p.amount is not None
            ]
            total = sum(amounts, Decimal(0))
            totals.append(Total(group, measure, currency, total, len(amounts), undisclosed))
    return totals
