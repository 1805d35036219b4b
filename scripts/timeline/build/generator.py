"""The whole way from the files of a checkout to the input of MkDocs."""

import contextlib
import datetime
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from timeline.build.output import Output
from timeline.downloads.downloads import downloads
from timeline.model.problems import Problem
from timeline.model.site import read_site
from timeline.pages.pages import pages
from timeline.pages.review_pages import with_reviews
from timeline.rendering.rendering import Renderer
from timeline.search.search_records import records
from timeline.sharing.sharing import CARDS as CARDS_ON_SITE
from timeline.sharing.sharing import Sharing
from timeline.source.as_of import known_on
from timeline.source.checkout import Checkout
from timeline.source.project import Project
from timeline.standing.standing import Standing
from timeline.views.page import names

PAGES = Path("build/docs")  # what MkDocs renders
FILES = Path("build/files")  # what stands in the site as it is
CARDS = Path("build/cards")  # the pictures by which pages are shared, drawn beforehand
RECORDS = Path("build/records")  # what the search is made of


@dataclass(frozen=True)
class Generated:
    """What a run did. Where `standing` is None, problems forbade it and nothing was written."""

    standing: Standing | None
    problems: list[Problem]
    written: list[str]
    removed: list[str]


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Items are made by the ten thousand and live long: looking through them took a quarter.

    They are set aside afterwards too, since MkDocs makes as many objects of its own.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class Generator:
    """Generates any number of times, as a server does; only what changed is done again.

    `preview`: leave out the search and what readers take away, which a person at work on an entry
    does not need.
    """

    def __init__(self, root: Path, preview: bool = False) -> None:
        self._root = root
        self._preview = preview
        self._project = Project(root)
        self._site = read_site(root)
        self._renderer = Renderer(None if preview else self._site)
        self._pages = Output(root / PAGES)
        self._files = Output(root / FILES)
        self._records = Output(root / RECORDS)

    def generate(self, as_of: datetime.date) -> Generated:
        """Write the site's input as of a day, or nothing where there are errors."""
        with _without_garbage_collection():
            return self._generate(as_of)

    def _generate(self, as_of: datetime.date) -> Generated:
        loaded = self._project.load()
        if loaded.collection is None:
            return Generated(None, loaded.problems, [], [])
        collection = known_on(loaded.collection, as_of)
        standing = Standing(collection, as_of)
        every, drawn = pages(standing, preview=self._preview), self._root / CARDS
        sharing = Sharing(standing, self._site, {file.name for file in drawn.glob("*.png")})
        made = with_reviews(every, collection) if self._preview else sharing.add(every)
        files = self._renderer.render(made, names(collection))
        files |= {path: file.read_bytes() for path, file in Checkout(self._root).assets().items()}
        written, removed = self._pages.write(files)
        if not self._preview:
            cards = {f"{CARDS_ON_SITE}{name}": (drawn / name).read_bytes() for name in sharing.used}
            self._files.write(dict(downloads(standing, self._site)) | cards)
            self._records.write(self._renderer.records(records(standing)))
        return Generated(standing, loaded.problems, written, removed)
