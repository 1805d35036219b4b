"""Who was penalised by whom, for what, how much."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from timeline.content.collection import Collection
from timeline.schema.entry import Entry, Penalty
from timeline.schema.vocabulary import MONETARY_MEASURES, Measure
from timeline.urls import anchor, numbered


@dataclass(frozen=True)
class PenaltyRow:
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


def penalty_rows(collection: Collection) -> tuple[PenaltyRow, ...]:
    """Every measure, newest first."""
    return tuple(row for entry in collection.listed for row in _of_entry(entry))


def _of_entry(entry: Entry) -> Iterator[PenaltyRow]:
    """Named by party and measure; only rows alike in both are numbered."""
    names = numbered(
        f"{entry.first_id}.{anchor(penalty.party)}.{penalty.measure.value}"
        for penalty in entry.penalties
    )
    for penalty, name in zip(entry.penalties, names, strict=True):
        yield PenaltyRow(entry, penalty, name)


def main_currency(rows: tuple[PenaltyRow, ...]) -> str:
    """The most frequent currency, or an empty text where there is no amount."""
    counts = Counter(row.penalty.currency for row in rows if row.penalty.currency)
    return min(counts, key=lambda currency: (-counts[currency], currency), default="")


def totals_by_year(rows: tuple[PenaltyRow, ...]) -> tuple[Total, ...]:
    """Sums of each year, newest first."""
    groups: dict[str, list[PenaltyRow]] = defaultdict(list)
    for row in rows:
        groups[str(row.entry.date.year)].append(row)
    return tuple(total for year, of_year in groups.items() for total in _totals(year, of_year))


def totals_by_regulator(rows: tuple[PenaltyRow, ...]) -> tuple[Total, ...]:
    """Sums of each regulator, the main currency and the highest first.

    A joint act counts under each body that acted.
    """
    groups: dict[str, list[PenaltyRow]] = defaultdict(list)
    for row in rows:
        for regulator in row.entry.regulators:
            groups[regulator].append(row)
    main = main_currency(rows)
    totals = [total for name in sorted(groups) for total in _totals(name, groups[name])]
    return tuple(sorted(totals, key=lambda t: (t.currency != main, -t.amount, t.group)))


def _totals(group: str, rows: list[PenaltyRow]) -> Iterator[Total]:
    for measure in MONETARY_MEASURES:
        penalties = [row.penalty for row in rows if row.penalty.measure is measure]
        undisclosed = sum(penalty.amount is None for penalty in penalties)
        amounts: dict[str, list[Decimal]] = defaultdict(list)
        for penalty in penalties:
            if penalty.currency and penalty.amount is not None:
                amounts[penalty.currency].append(penalty.amount)
        for currency, found in sorted(amounts.items()):
            total = sum(found, Decimal(0))
            yield Total(group, measure, currency, total, len(found), undisclosed)
