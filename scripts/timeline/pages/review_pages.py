"""The reviewer's view on an entry's page, in the preview alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from timeline.contributing.review import Review, review
from timeline.model.entry import Entry
from timeline.source.collection import Collection
from timeline.views.page import Page


@dataclass(frozen=True)
class Reviewing:
    """A review that is made when a page is rendered, since few pages of a preview ever are."""

    entry: Entry
    collection: Collection = field(compare=False, repr=False)

    @property
    def found(self) -> Review:
        """The entry beside its sources."""
        return review(self.entry, self.collection)


def with_reviews(pages: Iterable[Page], collection: Collection) -> Iterator[Page]:
    """The pages, those of entries with what a reviewer compares."""
    for page in pages:
        entry = page.context.get("entry")
        if isinstance(entry, Entry):
            yield replace(page, context=page.context | {"review": Reviewing(entry, collection)})
        else:
            yield page
