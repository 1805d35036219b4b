"""Find and parse the files of a checkout, reading a file again only if it changed."""

import datetime
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from timeline.background import in_background
from timeline.config import CONFIG, read_site
from timeline.content.assets import bad_assets
from timeline.content.parser import ParsedFile, parse_file
from timeline.problems import Problem
from timeline.reuse import Record, Stamp, digest_of_code, stamp
from timeline.schema.dates import today
from timeline.schema.entry import Entry
from timeline.schema.terms import (
    NAME_KEYS,
    TERMS,
    Instrument,
    Newsletter,
    Prose,
    Regulator,
    Term,
    Topic,
)
from timeline.schema.types import Document, Kind, NameIndex, fold_name

SECTION_PAGE = "index"  # docs/regulators/index.md introduces the list of regulators
SECTIONS = ("timeline", *TERMS)
_PAGE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.md")

MIN_PARALLEL = 200  # files; fewer are parsed before a background process has started

SAVED = Path("build/parsed")  # the cache of parsed files

CacheEntry = tuple[Stamp, ParsedFile[Any]]
Check = Callable[[ParsedFile[Any], NameIndex], Iterable[Problem]]


@dataclass(frozen=True)
class ParsedSite:
    """All files of a checkout, valid or not. `stray` reports misplaced files."""

    entries: list[ParsedFile[Entry]]
    regulators: list[ParsedFile[Regulator]]
    topics: list[ParsedFile[Topic]]
    instruments: list[ParsedFile[Instrument]]
    newsletters: list[ParsedFile[Newsletter]]
    prose: list[ParsedFile[Prose]]
    index: NameIndex
    stray: list[Problem] = field(default_factory=list)

    def vocabulary(self) -> Iterator[tuple[Kind, ParsedFile[Any]]]:
        """Yield all vocabulary pages with their kind."""
        for kind in TERMS:
            for parsed in getattr(self, kind):
                yield kind, parsed

    def files(self) -> Iterator[ParsedFile[Any]]:
        """Yield all files."""
        yield from self.entries
        yield from self.prose
        yield from (parsed for _, parsed in self.vocabulary())


class Checkout:
    """A folder with `entries/` and `docs/`. Paths are relative to the folder and use `/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def entry_paths(self, stray: list[Problem]) -> list[str]:
        """Return the paths of entries, and add a problem to `stray` for each misplaced file."""
        paths = []
        for path in self._files("entries", stray):
            message = ""
            if not path.isprintable():
                message = "has a name with characters that an address cannot have; rename it"
            elif not path.endswith(".md"):
                message = "is not an entry; only .md files belong here; rename or remove it"
            elif path.count("/") != 2:
                message = "is in the wrong folder; move it to entries/<year>/<id>.md"
            if message:
                stray.append(Problem(path, 1, message))
            else:
                paths.append(path)
        return paths

    def term_paths(self, kind: Kind, stray: list[Problem]) -> list[str]:
        """Return the paths of the vocabulary pages of a kind."""
        paths = []
        for path in self._files(f"docs/{kind}", stray):
            if not path.isprintable() or path.count("/") != 2 or not path.endswith(".md"):
                message = f"only pages docs/{kind}/<id>.md belong here; rename or remove it"
                stray.append(Problem(path, 1, message))
            elif _stem(path) != SECTION_PAGE:
                paths.append(path)
        return paths

    def prose_paths(self, stray: list[Problem]) -> list[str]:
        """Return the paths of the pages directly in docs/ and of the introductions of sections."""
        paths = []
        terms = {f"docs/{kind}" for kind in TERMS}
        for path in self._files("docs", stray):
            folder, name = path.rsplit("/", 1)
            is_section_page = name == f"{SECTION_PAGE}.md"
            if not name.endswith(".md") or (folder in terms and not is_section_page):
                continue
            is_named = bool(_PAGE_NAME.fullmatch(name)) and Path(name).stem not in SECTIONS
            is_introduction = is_section_page and folder.removeprefix("docs/") in SECTIONS
            if (folder == "docs" and is_named) or is_introduction:
                paths.append(path)
            elif folder not in terms:
                allowed = ", ".join(f"docs/{section}/index.md" for section in sorted(SECTIONS))
                message = f"has the wrong path; pages belong at docs/<name>.md, or at {allowed}"
                stray.append(Problem(path, 1, message))
        return paths

    def draft_paths(self) -> list[str]:
        """Return the paths of drafts, which are not part of the site."""
        return [path for path in self._files("drafts", []) if path.endswith(".md")]

    def documents(self) -> list[tuple[str, type[Document]]]:
        """Return the path of every entry and page with the model of its front matter."""
        found: list[tuple[str, type[Document]]] = [(path, Entry) for path in self.entry_paths([])]
        for kind, model in TERMS.items():
            found += [(path, model) for path in self.term_paths(kind, [])]
        return found + [(path, Prose) for path in self.prose_paths([])]

    def assets(self) -> dict[str, Path]:
        """Return the files in docs/ that are not pages, by their paths relative to the site."""
        paths = (path for path in self._files("docs", []) if not path.endswith(".md"))
        return {path.removeprefix("docs/"): self.root / path for path in paths}

    def _files(self, folder: str, stray: list[Problem]) -> list[str]:
        """Return all files in a folder except hidden ones, sorted by path."""
        found = []

        def unreadable(error: OSError) -> None:
            if not isinstance(error, FileNotFoundError):
                path = Path(error.filename).relative_to(self.root).as_posix()
                stray.append(Problem(path, 1, f"cannot be read ({error.strerror})"))

        for where, folders, names in os.walk(self.root / folder, onerror=unreadable):
            folders[:] = [name for name in folders if not name.startswith(".")]
            relative = Path(where).relative_to(self.root).as_posix()
            links = [name for name in folders if Path(where, name).is_symlink()]
            found += [f"{relative}/{name}" for name in (*names, *links) if not name.startswith(".")]
        return sorted(found)


def is_prose(path: str) -> bool:
    """Return whether a page is directly in docs/ or introduces a section."""
    return path.startswith("docs/") and (path.count("/") == 1 or _stem(path) == SECTION_PAGE)


def _stem(path: str) -> str:
    """Return the name of a Markdown file without its ending, ten times as fast as a `Path` does."""
    return path[path.rfind("/") + 1 :].removesuffix(".md")


class Loader:
    """Parses a checkout any number of times, as the preview server does.

    `check` yields the problems of a file that parsing does not find. A parsed file is cached until
    its modification time, size or inode changes. The cache may be saved for another process, which
    uses it if code, settings and day are still the same.
    """

    def __init__(self, root: Path, check: Check, day: datetime.date | None = None) -> None:
        self.checkout = Checkout(root)
        self._root = f"{root}{os.sep}"
        self._check = check
        self._day = day
        self._cache: dict[str, CacheEntry] = {}
        self._index: NameIndex | None = None
        self._new = 0  # number of files parsed since the cache was saved

    def load(self) -> ParsedSite:
        """Parse and check every file on its own."""
        stray: list[Problem] = []
        paths = self.checkout.entry_paths(stray)
        terms = {kind: self.checkout.term_paths(kind, stray) for kind in TERMS}
        prose = self.checkout.prose_paths(stray)
        stray += bad_assets(self.checkout.assets())
        index = _id_index({"entries": paths, **terms}, *self._home_and_today())
        if self._index is None:
            self._index, self._cache = self._saved(index.today).read() or (None, {})
        self._drop_outdated(index)
        self._parse_in_parallel(((p, TERMS[kind]) for kind in TERMS for p in terms[kind]), index)
        pages: dict[Kind, list[ParsedFile[Any]]] = {
            kind: [self._parse(path, model, index) for path in terms[kind]]
            for kind, model in TERMS.items()
        }
        self._index = index = _name_index(index, pages)
        self._parse_in_parallel(((path, Entry) for path in paths), index)
        return ParsedSite(
            entries=[self._parse(path, Entry, index) for path in paths],
            regulators=pages["regulators"],
            topics=pages["topics"],
            instruments=pages["instruments"],
            newsletters=pages["newsletters"],
            prose=[self._parse(path, Prose, index) for path in prose],
            index=index,
            stray=stray,
        )

    def save(self) -> None:
        """Save the cache, unless parsing the new files again takes less time than saving it."""
        if self._index is not None and self._new >= MIN_PARALLEL:
            valid = {path: entry for path, entry in self._cache.items() if not entry[1].problems}
            self._saved(self._index.today).write((self._index, valid))
            self._new = 0

    def _saved(self, day: datetime.date) -> Record:
        root = self.checkout.root
        settings = (root / CONFIG).read_bytes() if (root / CONFIG).is_file() else b""
        return Record(root / SAVED, (digest_of_code(), settings, day))

    def _home_and_today(self) -> tuple[str, datetime.date]:
        """Return the default jurisdiction (empty without a configuration) and the current day."""
        root = self.checkout.root
        if not (root / CONFIG).is_file():
            return "", self._day or today(datetime.UTC)
        site = read_site(root)
        return site.jurisdiction, self._day or today(site.zone)

    def _parse(self, path: str, model: type[Document], index: NameIndex) -> ParsedFile[Any]:
        current = stamp(f"{self._root}{path}")
        cached = self._cache.get(path)
        if cached and cached[0] == current:
            return cached[1]
        parsed: ParsedFile[Any] = parse_file(self.checkout.root / path, path, model, index)
        parsed.problems += self._check(parsed, index)
        self._cache[path] = (current, parsed)
        self._new += 1
        return parsed

    def _parse_in_parallel(
        self, files: Iterable[tuple[str, type[Document]]], index: NameIndex
    ) -> None:
        """Parse, check and cache the files that are not cached, half of them in the background.

        If there are few, leave them to `_parse`.
        """
        new = [(path, model) for path, model in files if path not in self._cache]

        def parsed(half: list[tuple[str, type[Document]]]) -> dict[str, CacheEntry]:
            for path, model in half:
                self._parse(path, model, index)
            # The class of an item with a failed key is created at run time, so it has no pickle.
            return {path: self._cache[path] for path, _ in half if not self._cache[path][1].failed}

        if len(new) >= MIN_PARALLEL:
            result = in_background(lambda: parsed(new[1::2]))
            parsed(new[::2])
            found = result()
            self._cache |= found
            self._new += len(found)

    def _drop_outdated(self, index: NameIndex) -> None:
        """Drop files from the cache that must be parsed again although they did not change.

        A valid file stays valid as long as every id that existed still exists; a problem in any
        other file may be solved by a change elsewhere.
        """
        before = self._index.ids if self._index else {}
        if not all(before[kind] <= index.ids[kind] for kind in before):
            self._cache.clear()
        self._cache = {path: entry for path, entry in self._cache.items() if not entry[1].problems}


def _id_index(paths: dict[Kind, list[str]], home: str, day: datetime.date) -> NameIndex:
    """Return an index of the ids of all files, without other spellings of names yet."""
    ids = {kind: frozenset(map(_stem, paths[kind])) for kind in paths}
    names = {kind: {name: name for name in sorted(ids[kind])} for kind in ids}
    return NameIndex(ids, names, home, today=day)


def _name_index(index: NameIndex, pages: dict[Kind, list[ParsedFile[Any]]]) -> NameIndex:
    """Return the index with every folded spelling of the names of vocabulary pages added."""
    names, ambiguous = dict(index.names), dict[Kind, frozenset[str]]()
    for kind in TERMS:
        named: dict[str, str] = {}
        shared = set()
        for page in pages[kind]:
            found = spellings(page.item, page.failed) if page.item else []
            name = _stem(page.path)
            for spelling in map(fold_name, found):
                if named.setdefault(spelling, name) != name:
                    shared.add(spelling)
        names[kind], ambiguous[kind] = named, frozenset(shared)
    return replace(index, names=names, ambiguous=ambiguous)


def spellings(term: Term, failed: Iterable[str] = ()) -> list[str]:
    """Return the id, the names and the aliases of a page, except those with an invalid value."""
    keys = (key for key in NAME_KEYS if key in type(term).model_fields and key not in failed)
    found = [getattr(term, key) for key in keys]
    aliases = getattr(term, "aliases", ()) if "aliases" not in failed else ()
    return [spelling for spelling in (term.id, *found, *aliases) if spelling]
