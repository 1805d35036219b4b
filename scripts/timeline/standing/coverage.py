"""What the site has and does not have, counted."""

import datetime
from dataclasses import dataclass

from timeline.model.dates import PartialDate
from timeline.model.vocabulary import SourceKind
from timeline.source.collection import Collection


@dataclass(frozen=True)
class Coverage:
    """Figures for the about page and for the build's own words."""

    entries: int
    years: tuple[tuple[int, int], ...]
    with_official_source: int
    compared: int
    instruments: int
    chinese_titles: int
    without_chinese_title: tuple[str, ...]  # ids
    months_without_entry: tuple[PartialDate, ...]
    by_state: tuple[tuple[str, int], ...]


def coverage(collection: Collection, states: dict[str, str], as_of: datetime.date) -> Coverage:
    """Count. `states` gives each instrument's state of validity in words."""
    listed = collection.listed
    official = [e for e in listed if any(s.kind is SourceKind.OFFICIAL for s in e.sources)]
    compared = [e for e in listed if any(s.checked for s in e.sources)]
    counts = {state: list(states.values()).count(state) for state in dict.fromkeys(states.values())}
    return Coverage(
        entries=len(listed),
        years=tuple(
            (year, sum(map(len, months.values()))) for year, months in collection.by_month.items()
        ),
        with_official_source=len(official),
        compared=len(compared),
        instruments=len(collection.instruments),
        chinese_titles=sum(1 for i in collection.instruments.values() if i.name_zh),
        without_chinese_title=tuple(
            i.id for i in collection.instruments.values() if i.name_zh is None
        ),
        months_without_entry=tuple(_empty_months(collection, as_of)),
        by_state=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _empty_months(collection: Collection, as_of: datetime.date) -> list[PartialDate]:
    if not collection.listed:
        return []
    first = collection.listed[-1].date
    months = range(first.year * 12 + max(first.month, 1) - 1, as_of.year * 12 + as_of.month)
    return [
        PartialDate(number // 12, number % 12 + 1)
        for number in months
        if number % 12 + 1 not in collection.by_month.get(number // 12, {})
    ]
