"""From a checkout to the input of MkDocs: content, snapshot, pages and other files, disk."""

import contextlib
import datetime
import gc
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from timeline import urls
from timeline.analysis.snapshot import Snapshot
from timeline.checks import Project
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.exports.exports import exports
from timeline.problems import Problem
from timeline.site.head import Heads
from timeline.site.page import names
from timeline.site.pages import pages, with_reviews
from timeline.site.render import Renderer
from timeline.site.search import search_records

PAGES = Path("build/docs")  # what MkDocs renders
FILES = Path("build/files")  # what is copied into the site as it is
CARDS = Path("build/cards")  # the images by which pages are shared, drawn beforehand
RECORDS = Path("build/records")  # what the search index is made of


class Output:
    """A folder that the build owns.

    An unchanged file keeps its time, so that MkDocs renders only what changed. Nothing outside the
    folder is touched: links in it are removed, never followed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[str, bytes] = {}

    def write(self, files: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
        """Make the folder hold these files and no others.

        `files` maps a path below the folder, with `/`, to its content. Returns the paths that were
        written and those that were removed, each sorted. The folder is read at the first call;
        later ones go by what was written, since nobody else writes there.
        """
        present = set(self._written) if self._written else self._present()
        removed = sorted(present - files.keys())
        for path in removed:
            (self.folder / path).unlink(missing_ok=True)
        changed = sorted(path for path in files if self._differs(path, files[path], present))
        for path in changed:
            replace_file(self.folder / path, files[path])
        if removed:
            self._remove_empty_folders()
        self._written = dict(files)
        return changed, removed

    def _present(self) -> set[str]:
        """The files in the folder, after links have been removed."""
        if any(place.is_symlink() for place in (self.folder, self.folder.parent)):
            raise OSError(f"{self.folder} is a symbolic link; remove it, the build owns the folder")
        found = set()
        for where, folders, filenames in os.walk(self.folder):
            for name in [*folders, *filenames]:
                place = Path(where, name)
                if place.is_symlink():
                    place.unlink()
                elif name in filenames:
                    found.add(place.relative_to(self.folder).as_posix())
        return found

    def _differs(self, path: str, content: bytes, present: set[str]) -> bool:
        if path not in present:
            return True
        if path in self._written:
            return self._written[path] != content
        return (self.folder / path).read_bytes() != content

    def _remove_empty_folders(self) -> None:
        for where, _, _ in os.walk(self.folder, topdown=False):
            folder = Path(where)
            if folder != self.folder and not any(folder.iterdir()):
                folder.rmdir()


def replace_file(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    if file.is_dir():
        raise OSError(f"{file} is a folder where a file belongs; remove it")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


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
        self._pages = Output(root / PAGES)
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
