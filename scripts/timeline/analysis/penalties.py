"""Penalties and other measures: the parties, the bodies that imposed them, and sums of amounts.

Measures imposed by courts are kept apart from those imposed by authorities. Sums and rankings leave
out cases that are outside the scope of the site.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from timeline.content.collection import Collection
from timeline.content.text import CHARACTERS
from timeline.schema.entry import Entry, Penalty
from timeline.schema.vocabulary import MONETARY_MEASURES, AuthorityType, Measure
from timeline.urls import anchor, numbered

LARGEST = 10
_JUDICIARY = {AuthorityType.COURT, AuthorityType.PROCURATORATE}
# A company's Chinese name in brackets. It is often added later, when the anchor must not change.
_CHINESE_NAME = re.compile(rf"\s*\([^()]*[{CHARACTERS}][^()]*\)")
_UNNAMED = ""  # the group of measures imposed by an unnamed court


@dataclass(frozen=True)
class PenaltyRow:
    """One measure against one party, or the same measure against each of several parties.

    `name` is the anchor of the row, `bodies` are the ids of the bodies that imposed the measure.
    """

    entry: Entry
    penalty: Penalty
    name: str
    bodies: tuple[str, ...]
    is_judicial: bool


@dataclass(frozen=True)
class Total:
    """The sum of one kind of measure in one currency, and the number of undisclosed amounts.

    `count` is the number of parties. `approximate` is true if any amount in the sum is approximate.
    """

    group: str  # a year, or a regulator's id
    measure: Measure
    currency: str
    amount: Decimal
    count: int
    undisclosed: int
    approximate: bool


def penalty_rows(collection: Collection) -> tuple[PenaltyRow, ...]:
    """Return all measures, newest first."""
    return tuple(row for entry in collection.listed for row in _of_entry(entry, collection))


def _of_entry(entry: Entry, collection: Collection) -> Iterator[PenaltyRow]:
    """Yield the rows of an entry, named by party and measure; only identical names get a number."""
    names = numbered(
        f"{entry.first_id}.{anchor(_CHINESE_NAME.sub('', penalty.party))}.{penalty.measure.value}"
        for penalty in entry.penalties
    )
    for penalty, name in zip(entry.penalties, names, strict=True):
        bodies = (penalty.imposed_by,) if penalty.imposed_by else entry.regulators
        kinds = {collection.regulators[body].kind for body in bodies}
        is_judicial = penalty.measure.is_judicial or (bool(kinds) and kinds <= _JUDICIARY)
        if is_judicial:  # other bodies, such as a prosecutor or the police, only brought the case
            court = AuthorityType.COURT
            bodies = tuple(body for body in bodies if collection.regulators[body].kind is court)
        yield PenaltyRow(entry, penalty, name, bodies, is_judicial)


def in_scope(rows: Iterable[PenaltyRow]) -> tuple[PenaltyRow, ...]:
    """Return the rows that sums and rankings include."""
    return tuple(row for row in rows if not row.entry.outside_scope)


def main_currency(rows: Iterable[PenaltyRow]) -> str:
    """Return the most frequent currency, or an empty string if there is no amount."""
    counts = Counter(row.penalty.currency for row in rows if row.penalty.currency)
    return min(counts, key=lambda currency: (-counts[currency], currency), default="")


def largest(rows: Iterable[PenaltyRow], currency: str) -> tuple[PenaltyRow, ...]:
    """Return the largest penalties in a currency imposed by authorities, whatever the measure."""
    found = [row for row in rows if row.penalty.currency == currency and not row.is_judicial]
    return tuple(sorted(found, key=lambda row: -(row.penalty.total or 0)))[:LARGEST]


def totals_by_year(rows: Iterable[PenaltyRow]) -> tuple[Total, ...]:
    """Return the sums of each year, newest first."""
    return tuple(_grouped(rows, lambda row: (str(row.entry.date.year),)))


def totals_by_body(rows: Iterable[PenaltyRow]) -> tuple[Total, ...]:
    """Return the sums of each body, those in the main currency first, then the highest first.

    A joint measure counts under each body that imposed it. A measure that names no body counts
    under an empty id.
    """
    rows = tuple(rows)
    main = main_currency(rows)
    totals = _grouped(rows, lambda row: row.bodies or (_UNNAMED,))
    return tuple(sorted(totals, key=lambda t: (t.currency != main, -t.amount, t.group)))


def _grouped(
    rows: Iterable[PenaltyRow], groups_of: Callable[[PenaltyRow], Iterable[str]]
) -> Iterator[Total]:
    groups: dict[str, list[PenaltyRow]] = defaultdict(list)
    for row in rows:
        for group in groups_of(row):
            groups[group].append(row)
    for group, found in groups.items():
        yield from _totals(group, found)


def _totals(group: str, rows: list[PenaltyRow]) -> Iterator[Total]:
    for measure in MONETARY_MEASURES:
        penalties = [row.penalty for row in rows if row.penalty.measure is measure]
        undisclosed = sum(penalty.amount is None for penalty in penalties)
        amounts: dict[str, list[Penalty]] = defaultdict(list)
        for penalty in penalties:
            if penalty.currency and penalty.amount is not None:
                amounts[penalty.currency].append(penalty)
        for currency, found in sorted(amounts.items()):
            total = sum((penalty.total or Decimal(0) for penalty in found), Decimal(0))
            count = sum(penalty.count or 1 for penalty in found)
            rounded = any(penalty.approximate for penalty in found)
            yield Total(group, measure, currency, total, count, undisclosed, rounded)
