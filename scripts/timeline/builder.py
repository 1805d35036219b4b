"""Build the site from a checkout: read the content, take a snapshot, render and write the files."""

import contextlib
import datetime
import functools
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from timeline import urls
from timeline.analysis.snapshot import Snapshot
from timeline.background import in_background
from timeline.checks import Project
from timeline.cli import LOG, with_progress
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.content.loader import is_prose
from timeline.output import OutputFile, OutputFolder, SiteFolder, complete
from timeline.problems import Problem
from timeline.reuse import Digests, ReusableFiles, digest_of_code, digest_of_files
from timeline.site.head import Heads
from timeline.site.page import Page, names
from timeline.site.pages import pages, with_reviews
from timeline.site.render import Renderer
from timeline.site.search import search_records
from timeline.site.search_index import write_index

PAGES = Path("build/docs")  # the input of MkDocs, for inspection
PREVIEW = Path("build/preview")  # the server's input; the server may run during a build
FILES = Path("build/files")  # all files of the site that MkDocs does not make
CARDS = Path("build/cards")  # social cards, drawn beforehand
RECORDS = Path("build/records")  # the input of the search index, for inspection
INDEX = Path("build/index")  # the input of the search index in batches, and their indexes
REUSE = Path("build/reuse")  # records of what the files of the last site were made from
THEME = Path("theme")


@dataclass(frozen=True)
class Built:
    """The result of a build. `snapshot` is None if errors prevented the build.

    `pages` maps paths to the content that MkDocs renders or copies. Pages of a site are written
    with `files`, and those without content are there already, reused from the last site. `wait`
    waits for the files that background processes write. `written` and `removed` are paths of files
    in `build/`.
    """

    snapshot: Snapshot | None
    problems: list[Problem]
    pages: dict[str, bytes] = field(default_factory=dict)
    files: ReusableFiles | None = None
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
        with _without_garbage_collection():
            snapshot, problems = self._read(as_of)
            if snapshot is None:
                return Built(None, problems)
            if not self._preview:
                self._records.write(complete(search_records(snapshot)))
                self._files.write(complete(self._exports(snapshot)))
            pages = self._render_pages(snapshot)
            written, removed = self._pages.write(pages)
        return Built(snapshot, problems, pages, written=written, removed=removed)

    def build_site(self, as_of: datetime.date, site: SiteFolder, settings: object) -> Built:
        """Return the pages, while background processes write all other files into a new site.

        `settings` are those of MkDocs, on which the frames of the pages depend.
        """
        with _without_garbage_collection():
            snapshot, problems = self._read(as_of)
            if snapshot is None:
                return Built(None, problems)
            shared = self._digest_of_shared_inputs(snapshot, settings)
            running = contextlib.ExitStack()
            write_exports = functools.partial(self._write_exports, shared)
            for write in (self._write_index, write_exports):
                running.callback(in_background(functools.partial(write, site, snapshot)))
            files = self._reusable("pages", site, shared)
            pages = self._render_pages(snapshot, functools.partial(_reuse, files))
        return Built(snapshot, problems, pages, files, running.close)

    def _read(self, as_of: datetime.date) -> tuple[Snapshot | None, list[Problem]]:
        """Return a snapshot, or None if there are errors, and all problems."""
        LOG.info("Step 1 of 4: read and check")
        loaded = self._project.load()
        if loaded.collection is None:
            return None, loaded.problems
        return Snapshot(as_of_day(loaded.collection, as_of), as_of), loaded.problems

    def _digest_of_shared_inputs(self, snapshot: Snapshot, settings: object) -> bytes:
        """Return a digest of what every file of a site may depend on, besides its own inputs."""
        checkout = self._project.checkout
        prose = (self._root / path for path in checkout.prose_paths([]))
        theme = (file for file in (self._root / THEME).rglob("*") if file.is_file())
        files = digest_of_files([*prose, *checkout.assets().values(), *theme])
        values = (settings, self._site, snapshot.as_of, names(snapshot.collection))
        return Digests().of((digest_of_code(), files, values))

    def _reusable(self, name: str, site: SiteFolder, shared: bytes) -> ReusableFiles:
        return ReusableFiles(site, self._root / REUSE / name, shared)

    def _render_pages(
        self, snapshot: Snapshot, reuse: Callable[[Page], bool] = lambda _: False
    ) -> dict[str, bytes]:
        """Return the pages, with the assets and the social cards that they use.

        `reuse` reuses a page of the last site if it can, and says so.
        """
        collection, folder = snapshot.collection, self._root / CARDS
        heads = Heads(snapshot, self._site, {file.name for file in folder.glob("*.png")})
        found = tuple(pages(snapshot, preview=self._preview))
        shown = with_progress("Step 2 of 4: render pages", found)
        whole = with_reviews(shown, collection) if self._preview else heads.add(shown)
        reused: dict[str, bytes] = {}

        def is_new(page: Page) -> bool:
            if reuse(page):
                reused[page.path] = b""
            return page.path not in reused

        files = self._renderer.render(filter(is_new, whole), names(collection))
        assets = self._project.checkout.assets().items()
        cards = ((urls.CARDS + name, folder / name) for name in heads.used_cards)
        return files | reused | {path: file.read_bytes() for path, file in (*assets, *cards)}

    def _write_index(self, site: SiteFolder, snapshot: Snapshot) -> None:
        write_index(search_records(snapshot), self._root / INDEX, site.new)

    def _write_exports(self, shared: bytes, site: SiteFolder, snapshot: Snapshot) -> None:
        files = self._reusable("exports", site, shared)
        for path, content in self._exports(snapshot):
            if isinstance(content, bytes):
                files.write(path, content)
            elif not files.reuse(path, content):
                files.write(path, content())
        files.save()
        self._project.save()

    def _exports(self, snapshot: Snapshot) -> Iterator[OutputFile]:
        # Importing the libraries of the exports takes half a second, so a background process does.
        from timeline.exports.exports import exports  # noqa: PLC0415

        return exports(snapshot, self._site)


def _reuse(files: ReusableFiles, page: Page) -> bool:
    is_rendered_by_mkdocs = is_prose(f"docs/{page.path}")
    return not is_rendered_by_mkdocs and files.reuse(f"{page.url}index.html", page)


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
