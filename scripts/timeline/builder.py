"""Build the site from a checkout: read the content, take a snapshot, render and write the files."""

import contextlib
import datetime
import functools
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from timeline import urls
from timeline.analysis.snapshot import Snapshot
from timeline.background import in_background
from timeline.checks import Project
from timeline.cli import LOG, with_progress
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.output import OutputFolder, add_file
from timeline.problems import Problem
from timeline.site.head import Heads
from timeline.site.page import names
from timeline.site.pages import pages, with_reviews
from timeline.site.render import Renderer
from timeline.site.search import search_records
from timeline.site.search_index import write_index

PAGES = Path("build/docs")  # the input of MkDocs, for inspection
PREVIEW = Path("build/preview")  # the server's input; the server may run during a build
FILES = Path("build/files")  # all files of the site that MkDocs does not make
CARDS = Path("build/cards")  # social cards, drawn beforehand
RECORDS = Path("build/records")  # the input of the search index; in batches for a site


@dataclass(frozen=True)
class Built:
    """The result of a build. `snapshot` is None if errors prevented the build.

    `pages` maps paths to the content that MkDocs renders or copies. `written` and `removed` are
    paths of files in `build/`. `wait` waits for the files that background processes write.
    """

    snapshot: Snapshot | None
    problems: list[Problem]
    pages: dict[str, bytes] = field(default_factory=dict)
    wait: Callable[[], None] = lambda: None
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


class Builder:
    """Builds a site any number of times, as a server does, and repeats only what has changed.

    A `preview` leaves out the search and the downloads, which nobody needs while writing an entry.
    """

    def __init__(self, root: Path, preview: bool = False) -> None:
        self._root = root
        self._preview = preview
        self._project = Project(root)
        self._site = read_site(root)
        self._renderer = Renderer(None if preview else self._site)
        self.folder = root / (PREVIEW if preview else PAGES)
        self._pages = OutputFolder(self.folder)
        self._files = OutputFolder(root / FILES)
        self._records = OutputFolder(root / RECORDS)

    def build(self, as_of: datetime.date) -> Built:
        """Write everything as of a day into build/, or nothing if there are errors."""
        built = self._build(as_of, self._write_files)
        if built.snapshot is None:
            return built
        written, removed = self._pages.write(built.pages)
        return replace(built, written=written, removed=removed)

    def build_site(self, as_of: datetime.date, site: Path) -> Built:
        """Return the pages, while background processes write all other files into a new site."""
        return self._build(as_of, lambda snapshot: self._start_writing(site, snapshot))

    def _build(
        self, as_of: datetime.date, write_files: Callable[[Snapshot], Callable[[], None] | None]
    ) -> Built:
        with _without_garbage_collection():
            LOG.info("Step 1 of 4: read and check")
            loaded = self._project.load()
            if loaded.collection is None:
                return Built(None, loaded.problems)
            snapshot = Snapshot(as_of_day(loaded.collection, as_of), as_of)
            wait = None if self._preview else write_files(snapshot)
            pages = self._render_pages(snapshot)
        return Built(snapshot, loaded.problems, pages, wait or (lambda: None))

    def _render_pages(self, snapshot: Snapshot) -> dict[str, bytes]:
        """Return the pages, with the assets and the social cards that they use."""
        collection, folder = snapshot.collection, self._root / CARDS
        heads = Heads(snapshot, self._site, {file.name for file in folder.glob("*.png")})
        found = tuple(pages(snapshot, preview=self._preview))
        shown = with_progress("Step 2 of 4: render pages", found)
        complete = with_reviews(shown, collection) if self._preview else heads.add(shown)
        files = self._renderer.render(complete, names(collection))
        assets = self._project.checkout.assets().items()
        cards = ((urls.CARDS + name, folder / name) for name in heads.used_cards)
        return files | {path: file.read_bytes() for path, file in (*assets, *cards)}

    def _write_files(self, snapshot: Snapshot) -> None:
        self._records.write(dict(search_records(snapshot)))
        self._files.write(dict(self._exports(snapshot)))

    def _start_writing(self, site: Path, snapshot: Snapshot) -> Callable[[], None]:
        """Start to write the search index and the exports, each in a background process."""
        running = contextlib.ExitStack()
        for write in (self._write_index, self._write_exports):
            running.callback(in_background(functools.partial(write, site, snapshot)))
        return running.close

    def _write_index(self, site: Path, snapshot: Snapshot) -> None:
        write_index(search_records(snapshot), self._records.folder, site)

    def _write_exports(self, site: Path, snapshot: Snapshot) -> None:
        for path, content in self._exports(snapshot):
            add_file(site, path, content)

    def _exports(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        # Importing the libraries of the exports takes half a second, so a background process does.
        from timeline.exports.exports import exports  # noqa: PLC0415

        return exports(snapshot, self._site)


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Switch off garbage collection, which takes a quarter more time and finds little.

    Tens of thousands of objects live until the end. They are also exempt afterwards, since MkDocs
    creates as many of its own.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
