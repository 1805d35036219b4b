"""The Markdown twin of each entry and instrument: the page's facts and text, without its frame."""

from collections.abc import Iterator
from typing import Any

from timeline.downloads.plain_markdown import Markdown, environment
from timeline.downloads.records import entry_url, full_text
from timeline.model.entry import Entry
from timeline.model.outputs import data_path, list_path, twin_path
from timeline.model.site import Site
from timeline.model.terms import Instrument
from timeline.model.vocabulary import state_label
from timeline.standing.standing import Standing
from timeline.views.page import names


def twin_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> Markdown, an entry's under every id it had."""
    shared = {"names": names(standing.collection), "site": site}
    by_id = {entry.id: entry for entry in standing.collection.entries}
    for entry in by_id.values():
        facts = shared | _entry(entry, by_id, site)
        facts["moved"] = standing.moved_of(entry)
        yield twin_path("entries", entry.id), _rendered("twin_entry.md.j2", facts)
        for alias in entry.aliases:
            moved = facts | {"moved_from": alias}
            yield twin_path("entries", alias), _rendered("twin_entry.md.j2", moved)
    for instrument in standing.collection.instruments.values():
        facts = shared | _instrument(instrument, standing, site)
        yield twin_path("instruments", instrument.id), _rendered("twin_instrument.md.j2", facts)


def _entry(entry: Entry, by_id: dict[str, Entry], site: Site) -> dict[str, Any]:
    return {
        "entry": entry,
        "text": Markdown(full_text(entry, site)),
        "url": entry_url(entry.id, site),
        "json": site.absolute(data_path(entry.id)),
        "related": [by_id[other] for other in entry.related if other in by_id],
        "moved_from": None,
    }


def _instrument(instrument: Instrument, standing: Standing, site: Site) -> dict[str, Any]:
    status = standing.statuses[instrument.id]
    return {
        "instrument": instrument,
        "text": Markdown(full_text(instrument, site)),
        "url": site.absolute(f"instruments/{instrument.id}/"),
        "json": site.absolute(list_path("instruments")),
        "status": status,
        "state": state_label(instrument.rank, status.validity.state),
        "events": standing.histories[instrument.id].events,
        "as_of": standing.as_of,
    }


def _rendered(template: str, facts: dict[str, Any]) -> bytes:
    return environment().get_template(template).render(facts).encode()
