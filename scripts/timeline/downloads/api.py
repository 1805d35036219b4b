"""The JSON files of the open data, by name and by id."""

import json
from collections.abc import Iterator
from typing import Any

from timeline.downloads.records import (
    Record,
    deadline_record,
    term_record,
    whole_record,
    without_text,
)
from timeline.model.outputs import API, data_path, list_path
from timeline.model.site import Site
from timeline.standing.standing import Standing
from timeline.views.view import KINDS

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def api_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> JSON: each list, each year, each entry under every id it had."""
    whole_records = {entry.id: whole_record(entry, site) for entry in standing.collection.entries}
    for name, lists in _lists(standing, site, whole_records):
        yield list_path(name), _json(_about(name, standing, site) | lists)
    for entry in standing.collection.entries:
        whole = whole_records[entry.id]
        yield data_path(entry.id), _json(whole)
        for alias in entry.aliases:
            yield data_path(alias), _json(whole | {"moved_from": alias})


def list_names() -> tuple[str, ...]:
    """The lists, each a file of its name."""
    return ("entries", *KINDS, "deadlines")


def _lists(
    standing: Standing, site: Site, whole: dict[str, Record]
) -> Iterator[tuple[str, Record]]:
    """Name of a file -> its lists, each under its own name."""
    collection = standing.collection
    gone = [whole[entry.id] for entry in collection.entries if entry.withdrawn]
    found = [without_text(whole[entry.id]) for entry in collection.listed]
    yield "entries", {"entries": found, "withdrawn": gone}
    for year, months in collection.by_month.items():
        of_year = [whole[entry.id] for month in months.values() for entry in month]
        yield f"years/{year}", {"entries": of_year}
    for kind in KINDS:
        terms = getattr(collection, kind).values()
        yield kind, {kind: [term_record(kind, term, standing, site) for term in terms]}
    yield "deadlines", {"deadlines": [deadline_record(due) for due in standing.due]}


def _about(name: str, standing: Standing, site: Site) -> Record:
    """What a file says of itself before its list."""
    return {
        "version": API.split("/")[1],
        "url": site.absolute(list_path(name)),
        "as_of": standing.as_of.isoformat(),
        "licence": LICENCE,
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
