"""From a checkout to the input of MkDocs: content, snapshot, pages and other files, disk."""

import contextlib
import datetime
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from timeline import urls
from timeline.analysis.snapshot import Snapshot
from timeline.checks import Project
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.exports.exports import exports
from timeline.output import Output
from timeline.problems import Problem
from timeline.site.head import Heads
from timeline.site.page import names
from timeline.site.pages import pages, with_reviews
from timeline.site.render import Renderer
from timeline.site.search import search_records

PAGES = Path("build/docs")  # what MkDocs renders
PREVIEW = Path("build/preview")  # the same for a server, which may run beside a build
FILES = Path("build/files")  # what is copied into the site as it is
CARDS = Path("build/cards")  # the images by which pages are shared, drawn beforehand
RECORDS = Path("build/records")  # what the search index is made of


@dataclass(frozen=True)
class Built:
    """What a build did. Where `snapshot` is None, errors forbade it and nothing was written."""

    snapshot: Snapshot | None
    problems: list[Problem]
    written: list[str]
    removed: list[str]


class Builder:
    """Builds any number of times, as a server does; only what changed is done again.

    `preview`: leave out the search and the downloads, which a person at work on an entry does not
    need.
    """

    def __init__(self, root: Path, preview: bool = False) -> None:
        self._root = root
        self._preview = preview
        self._project = Project(root)
        self._site = read_site(root)
        self._renderer = Renderer(None if preview else self._site)
        self.folder = root / (PREVIEW if preview else PAGES)  # of the pages
        self._pages = Output(self.folder)
        self._files = Output(root / FILES)
        self._records = Output(root / RECORDS)

    def build(self, as_of: datetime.date) -> Built:
        """Write the input of MkDocs as of a day, or nothing where there are errors."""
        with _without_garbage_collection():
            return self._build(as_of)

    def _build(self, as_of: datetime.date) -> Built:
        loaded = self._project.load()
        if loaded.collection is None:
            return Built(None, loaded.problems, [], [])
        snapshot = Snapshot(as_of_day(loaded.collection, as_of), as_of)
        collection, drawn = snapshot.collection, self._root / CARDS
        heads = Heads(snapshot, self._site, {file.name for file in drawn.glob("*.png")})
        every = pages(snapshot, preview=self._preview)
        made = with_reviews(every, collection) if self._preview else heads.add(every)
        files = self._renderer.render(made, names(collection))
        assets = self._project.checkout.assets().items()
        files |= {path: file.read_bytes() for path, file in assets}
        written, removed = self._pages.write(files)
        if not self._preview:
            cards = {urls.CARDS + name: (drawn / name).read_bytes() for name in heads.used_cards}
            self._files.write(dict(exports(snapshot, self._site)) | cards)
            self._records.write(search_records(snapshot))
        return Built(snapshot, loaded.problems, written, removed)


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Tens of thousands of items live until the end; looking through them takes a quarter more.

    They are set aside afterwards too, since MkDocs makes as many objects of its own.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
