"""Activity by month, as a picture and as a table."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from timeline.model.dates import PartialDate
from timeline.model.entry import Entry
from timeline.source.collection import Collection
from timeline.views import charts
from timeline.views.view import month_url, year_url


def month_chart(entries: tuple[Entry, ...], title: str, href: Callable[[str], str]) -> Markup | str:
    """Developments by month, from the first year to the last."""
    if not entries:
        return ""
    counts = Counter((entry.date.year, entry.date.month) for entry in entries)
    years = range(entries[-1].date.year, entries[0].date.year + 1)
    drawn = [
        charts.Bar(
            counts[year, month],
            f"{PartialDate(year, month).long}: {counts[year, month]}",
            month_url(year, month),
            str(year) if month == 1 else "",
        )
        for year in years
        for month in range(1, 13)
    ]
    period = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    return charts.bars(drawn, f"{title}, {period}", href)


def month_table(collection: Collection) -> tuple[Any, ...]:
    """Rows of (year, address, twelve of (month, address, count), total), newest year first."""
    rows = []
    for year, months in collection.by_month.items():
        cells = tuple((m, month_url(year, m), len(months.get(m, ()))) for m in range(1, 13))
        rows.append((year, year_url(year), cells, sum(map(len, months.values()))))
    return tuple(rows)
