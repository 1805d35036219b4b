"""The pages on penalties."""

from collections.abc import Iterator
from typing import Any

from timeline.analysis.penalties import (
    PenaltyRow,
    in_scope,
    largest,
    main_currency,
    penalty_rows,
    totals_by_body,
    totals_by_year,
)
from timeline.analysis.snapshot import Snapshot
from timeline.content.collection import Collection
from timeline.schema.vocabulary import Measure
from timeline.site.charts import Bar, bar_chart, bar_list
from timeline.site.page import MAX_ROWS, Link, Page, heading, href, source_of
from timeline.urls import ENFORCEMENT, term_url, year_of_url, year_url

_TEMPLATE = "enforcement.md.j2"


def enforcement_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Yield the page of all penalties and, if there are many, a page for each year."""
    rows = penalty_rows(snapshot.collection)
    counted = in_scope(rows)
    by_authorities = tuple(row for row in counted if not row.is_judicial)
    by_courts = tuple(row for row in counted if row.is_judicial)
    currency = main_currency(by_authorities)
    prose = snapshot.collection.prose.get("enforcement")
    title, description = heading(prose, "Enforcement")
    context: dict[str, Any] = {
        "document": prose,
        "total": len(rows),
        "rows": rows[:MAX_ROWS],
        "largest": largest(by_authorities, currency),
        "sums": (
            ("years", "Sums by year", "Year", totals_by_year(by_authorities)),
            ("bodies", "Sums by regulator", "Regulator", totals_by_body(by_authorities)),
            ("courts", "Imposed by courts", "Court", totals_by_body(by_courts)),
        ),
        "instruments": snapshot.collection.instruments,
        "outside": len(rows) - len(counted),
        "year": None,
        "currency": currency,
        "years": tuple(_years(rows)) if len(rows) > MAX_ROWS else (),
        "chart": _chart_by_year(by_authorities, currency),
        "chart_by_regulator": _chart_by_regulator(by_authorities, currency, snapshot.collection),
    }
    yield Page(ENFORCEMENT, _TEMPLATE, title, description, source_of(prose), context)
    for link in context["years"]:
        of_year = tuple(row for row in rows if str(row.entry.date.year) == link.title)
        name = f"{title}, {link.title}"
        own = context | {"rows": of_year, "total": len(of_year), "year": link.title, "years": ()}
        yield Page(link.url, _TEMPLATE, name, name, None, own)


def _years(rows: tuple[PenaltyRow, ...]) -> Iterator[Link]:
    for year in dict.fromkeys(row.entry.date.year for row in rows):
        count = sum(row.entry.date.year == year for row in rows)
        yield Link(str(year), year_of_url(ENFORCEMENT, year), count=count)


def _chart_by_year(rows: tuple[PenaltyRow, ...], currency: str) -> str:
    """Chart administrative fines in a currency by year, the only sums of enough years to draw."""
    totals = {
        total.group: total.amount
        for total in totals_by_year(rows)
        if (total.measure, total.currency) == (Measure.ADMINISTRATIVE_FINE, currency)
    }
    if not totals:
        return ""
    drawn = []
    for year in range(int(min(totals)), int(max(totals)) + 1):
        amount = totals.get(str(year), 0)
        drawn.append(Bar(amount, f"{year}: {currency} {amount:,}", year_url(year), str(year)))
    title = f"Administrative fines in {currency} by year"
    return bar_chart(drawn, title, lambda url: href(ENFORCEMENT, url), 28)


def _chart_by_regulator(rows: tuple[PenaltyRow, ...], currency: str, collection: Collection) -> str:
    """Chart administrative fines in a currency by regulator, highest first."""
    drawn, fines = [], (Measure.ADMINISTRATIVE_FINE, currency)
    for total in totals_by_body(rows):
        if total.group and (total.measure, total.currency) == fines:
            body = collection.regulators[total.group]
            label = f"{body.name}: {currency} {total.amount:,}"
            tick = f"{body.short}: {total.amount:,}"
            drawn.append(Bar(total.amount, label, term_url("regulators", body.id), tick))
    if not drawn:
        return ""
    title = f"Administrative fines in {currency} by regulator"
    return bar_list(drawn, title, lambda url: href(ENFORCEMENT, url))
