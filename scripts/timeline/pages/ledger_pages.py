"""The enforcement ledger's pages."""

from collections.abc import Iterator
from typing import Any

from timeline.model.vocabulary import Measure
from timeline.source.collection import Collection
from timeline.standing import ledger
from timeline.standing.standing import Standing
from timeline.views import charts
from timeline.views.page import Page, head, path_of
from timeline.views.view import MOST_ROWS, Link, year_url


def enforcement(standing: Standing) -> Iterator[Page]:
    """The ledger; where it is long, its years are pages of their own."""
    found = ledger.rows(standing.collection)
    prose = standing.collection.prose.get("enforcement")
    title, description = head(prose, "Enforcement")
    context: dict[str, Any] = {
        "document": prose,
        "total": len(found),
        "rows": found[:MOST_ROWS],
        "by_year": ledger.by_year(found),
        "by_regulator": ledger.by_regulator(found),
        "year": None,
        "currency": ledger.main_currency(found),
        "years": (),
        "chart": _fines_chart(found),
        "bodies_chart": _bodies_chart(found, standing.collection),
    }
    years = tuple(dict.fromkeys(row.entry.date.year for row in found))
    if len(found) > MOST_ROWS:
        context["years"] = tuple(
            Link(str(y), f"enforcement/{y}/", count=sum(r.entry.date.year == y for r in found))
            for y in years
        )
    path, url = "enforcement/index.md", "enforcement/"
    yield Page(path, url, "enforcement.md.j2", title, description, path_of(prose), context)
    for link in context["years"]:
        of_year = tuple(row for row in found if str(row.entry.date.year) == link.title)
        name = f"{title}, {link.title}"
        own = context | {"rows": of_year, "total": len(of_year), "year": link.title, "years": ()}
        path = f"{link.url}index.md"
        yield Page(path, link.url, "enforcement.md.j2", name, name, None, own)


def _fines_chart(found: tuple[ledger.Row, ...]) -> str:
    """Administrative fines in the main currency a year, the only sum long enough to draw."""
    main = ledger.main_currency(found)
    totals = {
        t.group: t.amount
        for t in ledger.by_year(found)
        if (t.measure, t.currency) == (Measure.ADMINISTRATIVE_FINE, main)
    }
    if not totals:
        return ""
    years = range(int(min(totals)), int(max(totals)) + 1)
    drawn = [
        charts.Bar(
            totals.get(str(year), 0),
            f"{year}: {main} {totals.get(str(year), 0):,}",
            year_url(year),
            str(year),
        )
        for year in years
    ]
    page = Page("", "enforcement/", "", "", "", None, {})
    return charts.bars(drawn, f"Administrative fines in {main} a year", page.href, 28)


def _bodies_chart(found: tuple[ledger.Row, ...], collection: Collection) -> str:
    """Administrative fines in the main currency a regulator, the highest first."""
    main = ledger.main_currency(found)
    drawn = [
        charts.Bar(
            total.amount,
            f"{collection.regulators[total.group].name}: {main} {total.amount:,}",
            f"regulators/{total.group}/",
            f"{collection.regulators[total.group].short}: {total.amount:,}",
        )
        for total in ledger.by_regulator(found)
        if (total.measure, total.currency) == (Measure.ADMINISTRATIVE_FINE, main)
    ]
    page = Page("", "enforcement/", "", "", "", None, {})
    return charts.lines(drawn, f"Administrative fines in {main} by regulator", page.href)
