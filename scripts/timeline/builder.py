"""From a checkout to the input of MkDocs: content, snapshot, pages and other files, disk."""

import contextlib
import datetime
import functools
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from timeline import urls
from timeline.analysis.snapshot import Snapshot
from timeline.background import in_background
from timeline.checks import Project
from timeline.cli import LOG, counted
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.output import Output, add_file
from timeline.problems import Problem
from timeline.site.head import Heads
from timeline.site.page import names
from timeline.site.pages import pages, with_reviews
from timeline.site.render import Renderer
from timeline.site.search import search_records
from timeline.site.search_index import write_index

PAGES = Path("build/docs")  # the input of MkDocs, to look at
PREVIEW = Path("build/preview")  # the same for a server, which may run beside a build
FILES = Path("build/files")  # what the site has beside its pages
CARDS = Path("build/cards")  # the images by which pages are shared, drawn beforehand
RECORDS = Path("build/records")  # what the search index is made of; for a site in batches


@dataclass(frozen=True)
class Built:
    """What a build made. Where `snapshot` is None, errors forbade it.

    `pages`: path -> what MkDocs renders or copies. `written` and `removed` are paths of files in
    `build/`. `end` waits for what is made beside the pages.
    """

    snapshot: Snapshot | None
    problems: list[Problem]
    pages: dict[str, bytes] = field(default_factory=dict)
    end: Callable[[], None] = lambda: None
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


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
        """Write everything as of a day into build/, or nothing where there are errors."""
        built = self._built(as_of, self._write_others)
        if built.snapshot is None:
            return built
        written, removed = self._pages.write(built.pages)
        return replace(built, written=written, removed=removed)

    def start(self, as_of: datetime.date, site: Path) -> Built:
        """Make the pages, and write all else into a new site beside the caller's work."""
        return self._built(as_of, lambda snapshot: self._fill(site, snapshot))

    def _built(self, as_of: datetime.date, others: Callable[[Snapshot], Any]) -> Built:
        with _without_garbage_collection():
            LOG.info("Step 1 of 4: read and check")
            loaded = self._project.load()
            if loaded.collection is None:
                return Built(None, loaded.problems)
            snapshot = Snapshot(as_of_day(loaded.collection, as_of), as_of)
            end = None if self._preview else others(snapshot)
            pages = self._rendered(snapshot)
        return Built(snapshot, loaded.problems, pages, end or (lambda: None))

    def _rendered(self, snapshot: Snapshot) -> dict[str, bytes]:
        """The pages, and the files to which they lead."""
        collection, drawn = snapshot.collection, self._root / CARDS
        heads = Heads(snapshot, self._site, {file.name for file in drawn.glob("*.png")})
        found = tuple(pages(snapshot, preview=self._preview))
        every = counted("Step 2 of 4: render pages", found)
        made = with_reviews(every, collection) if self._preview else heads.add(every)
        files = self._renderer.render(made, names(collection))
        assets = self._project.checkout.assets().items()
        cards = ((urls.CARDS + name, drawn / name) for name in heads.used_cards)
        return files | {path: file.read_bytes() for path, file in (*assets, *cards)}

    def _write_others(self, snapshot: Snapshot) -> None:
        self._records.write(dict(search_records(snapshot)))
        self._files.write(dict(self._exports(snapshot)))

    def _fill(self, site: Path, snapshot: Snapshot) -> Callable[[], None]:
        """Start to write the search index and all other files into a site, each on its own."""
        ends = contextlib.ExitStack()
        for write in (self._write_index, self._write_exports):
            ends.callback(in_background(functools.partial(write, site, snapshot)))
        return ends.close

    def _write_index(self, site: Path, snapshot: Snapshot) -> None:
        write_index(search_records(snapshot), self._records.folder, site)

    def _write_exports(self, site: Path, snapshot: Snapshot) -> None:
        for path, content in self._exports(snapshot):
            add_file(site, path, content)

    def _exports(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        # Beside the pages, the libraries that these need are read beside them too: half a second.
        from timeline.exports.exports import exports  # noqa: PLC0415

        return exports(snapshot, self._site)


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
