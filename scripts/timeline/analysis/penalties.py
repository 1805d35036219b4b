"""Who was penalised by whom, for what, how much.

What courts impose stands apart from what authorities impose. Sums and rankings leave out cases that
are outside the subject of the site.
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
# A company's Chinese name, which is often added later: the anchor of the row must not change.
_CHINESE_NAME = re.compile(rf"\s*\([^()]*[{CHARACTERS}][^()]*\)")
UNNAMED = ""  # the body of what an unnamed court imposed


@dataclass(frozen=True)
class PenaltyRow:
    """One measure against one party, or against several alike.

    `name` is its anchor, `bodies` the ids of those that imposed it.
    """

    entry: Entry
    penalty: Penalty
    name: str
    bodies: tuple[str, ...]
    is_judicial: bool


@dataclass(frozen=True)
class Total:
    """A sum of one kind of measure in one currency, and how many amounts are undisclosed.

    `count` is the number of parties, `approximate` says that an amount in the sum is.
    """

    group: str  # a year, or a regulator's id
    measure: Measure
    currency: str
    amount: Decimal
    count: int
    undisclosed: int
    approximate: bool


def penalty_rows(collection: Collection) -> tuple[PenaltyRow, ...]:
    """Every measure, newest first."""
    return tuple(row for entry in collection.listed for row in _of_entry(entry, collection))


def _of_entry(entry: Entry, collection: Collection) -> Iterator[PenaltyRow]:
    """Named by party and measure; only rows alike in both are numbered."""
    names = numbered(
        f"{entry.first_id}.{anchor(_CHINESE_NAME.sub('', penalty.party))}.{penalty.measure.value}"
        for penalty in entry.penalties
    )
    for penalty, name in zip(entry.penalties, names, strict=True):
        bodies = (penalty.imposed_by,) if penalty.imposed_by else entry.regulators
        kinds = {collection.regulators[body].kind for body in bodies}
        is_judicial = penalty.measure.is_judicial or (bool(kinds) and kinds <= _JUDICIARY)
        if is_judicial:  # a prosecutor or the police brought the case, a court imposed it
            is_court = {b: collection.regulators[b].kind is AuthorityType.COURT for b in bodies}
            bodies = tuple(body for body in bodies if is_court[body])
        yield PenaltyRow(entry, penalty, name, bodies, is_judicial)


def counting(rows: Iterable[PenaltyRow]) -> tuple[PenaltyRow, ...]:
    """The rows that sums and rankings are made of."""
    return tuple(row for row in rows if not row.entry.outside_scope)


def main_currency(rows: Iterable[PenaltyRow]) -> str:
    """The most frequent currency, or an empty text where there is no amount."""
    counts = Counter(row.penalty.currency for row in rows if row.penalty.currency)
    return min(counts, key=lambda currency: (-counts[currency], currency), default="")


def largest(rows: Iterable[PenaltyRow], currency: str) -> tuple[PenaltyRow, ...]:
    """The largest penalties of authorities in a currency, whatever the kind of measure."""
    found = [row for row in rows if row.penalty.currency == currency and not row.is_judicial]
    return tuple(sorted(found, key=lambda row: -(row.penalty.total or 0)))[:LARGEST]


def totals_by_year(rows: Iterable[PenaltyRow]) -> tuple[Total, ...]:
    """Sums of each year, newest first."""
    return tuple(_grouped(rows, lambda row: (str(row.entry.date.year),)))


def totals_by_body(rows: Iterable[PenaltyRow]) -> tuple[Total, ...]:
    """Sums of each body, the main currency and the highest first.

    A joint act counts under each body that acted, what no body is named for under `UNNAMED`.
    """
    rows = tuple(rows)
    main = main_currency(rows)
    totals = _grouped(rows, lambda row: row.bodies or (UNNAMED,))
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
