"""The page of each entry."""

from collections.abc import Iterator

from timeline.model.entry import Entry
from timeline.model.outputs import data_path
from timeline.pages.instrument_pages import strips
from timeline.standing.standing import Standing
from timeline.views.page import Page, description_of
from timeline.views.view import Link, month_url, year_url


def entry_pages(standing: Standing) -> Iterator[Page]:
    """`/entries/<id>/`, each with its neighbours in time and where it stands in its instruments."""
    collection = standing.collection
    listed = tuple(reversed(collection.listed))
    places = {entry.id: place for place, entry in enumerate(listed)}
    by_id = {entry.id: entry for entry in collection.entries}
    for entry in collection.entries:
        place = places.get(entry.id)
        earlier = listed[place - 1] if place else None
        later = listed[place + 1] if place is not None and place + 1 < len(listed) else None
        context = {
            "entry": entry,
            "data": data_path(entry.id),
            "earlier": _entry_link(earlier),
            "later": _entry_link(later),
            "related": tuple(
                _entry_link(by_id[other]) for other in entry.related if other in by_id
            ),
            "trail": tuple(_trail(entry)),
            "strips": tuple(strips(entry, standing)),
            "moved": standing.moved_of(entry),
        }
        url = f"entries/{entry.id}/"
        path = f"entries/{entry.id}.md"
        described = description_of(entry)
        yield Page(path, url, "entry.md.j2", entry.title, described, entry.path, context)


def _trail(entry: Entry) -> Iterator[Link]:
    yield Link("Timeline", "timeline/")
    yield Link(str(entry.date.year), year_url(entry.date.year))
    if entry.date.month:
        month = entry.date.long.removeprefix(f"{entry.date.day} ")
        yield Link(month, month_url(entry.date.year, entry.date.month))


def _entry_link(entry: Entry | None) -> Link | None:
    if entry is None:
        return None
    return Link(entry.title, f"entries/{entry.id}/", note=entry.date.long)
