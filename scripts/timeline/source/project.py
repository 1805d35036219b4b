"""A checkout: its files -> a collection, or every problem in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from timeline.model.entry import Entry
from timeline.model.fields import Document, Known
from timeline.model.problems import Problem
from timeline.model.site import CONFIG, read_site
from timeline.model.terms import TERMS, Instrument, Prose
from timeline.source import rules
from timeline.source.agreement import Readings, disagreements
from timeline.source.checkout import Checkout
from timeline.source.collection import Collection
from timeline.source.reading import Reading, read
from timeline.source.spellings import known_ids, known_names

Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Loaded:
    """What a checkout holds. `collection` is None where a problem forbids building."""

    collection: Collection | None
    problems: list[Problem]
    known: Known


class Project:
    """The files of a checkout, read again only where they changed.

    `root` holds `entries/` and `docs/`. The same object may load any number of times, as a server
    does; what a file said is kept while its time and size stay the same.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._checkout = Checkout(root)
        self._kept: dict[str, tuple[Stamp, Reading[Any]]] = {}
        self._known: Known | None = None

    def load(self) -> Loaded:
        """Read all files and compare them with one another."""
        stray: list[Problem] = []
        paths = self._checkout.entry_paths(stray)
        terms = {kind: self._checkout.term_paths(kind, stray) for kind in TERMS}
        known = known_ids({"entries": paths, **terms}, self._home())
        self._forget_unsound(known)
        pages = {k: [self._read(p, TERMS[k], known) for p in terms[k]] for k in TERMS}
        known = known_names(known, pages)
        self._known = known
        entries = [self._read(path, Entry, known) for path in paths]
        stray += self._checkout.bad_assets()
        prose = [self._read(path, Prose, known) for path in self._checkout.prose_paths(stray)]
        readings = Readings(entries=entries, prose=prose, **cast(dict[str, Any], pages))
        problems = stray + _problems(readings)
        if not paths:
            problems.append(
                Problem("entries", 1, "there are no entries; add entries/<year>/<id>.md")
            )
        broken = any(not problem.warning for problem in problems)
        collection = None if broken else _collection(readings)
        return Loaded(collection, sorted(set(problems)), known)

    def _home(self) -> str:
        """The jurisdiction of entries that name none; a folder of files alone has none."""
        return read_site(self.root).jurisdiction if (self.root / CONFIG).is_file() else ""

    def documents(self) -> list[tuple[str, type[Document]]]:
        """The path of every entry and page, and what it is to hold."""
        found: list[tuple[str, type[Document]]] = [
            (p, Entry) for p in self._checkout.entry_paths([])
        ]
        for kind, model in TERMS.items():
            found += [(path, model) for path in self._checkout.term_paths(kind, [])]
        return found + [(path, Prose) for path in self._checkout.prose_paths([])]

    def _read(self, path: str, model: type[Document], known: Known) -> Reading[Any]:
        file = self.root / path
        stamp = _stamp(file)
        if path in self._kept:
            kept_stamp, reading = self._kept[path]
            if kept_stamp == stamp:
                return reading
        reading = read_alone(file, path, model, known)
        self._kept[path] = (stamp, reading)
        return reading

    def _forget_unsound(self, known: Known) -> None:
        """Forget what must be read again though its file is the same.

        A sound file stays sound while every id that existed exists; a problem may be gone.
        """
        before = self._known.ids if self._known else {}
        if not all(before[kind] <= known.ids[kind] for kind in before):
            self._kept.clear()
        self._kept = {p: kept for p, kept in self._kept.items() if not kept[1].problems}


def read_alone(file: Path, path: str, model: type[Document], known: Known) -> Reading[Any]:
    """One file, held to every rule that needs no other."""
    reading: Reading[Any] = read(file, path, model, known)
    _apply_rules(reading)
    return reading


def _stamp(file: Path) -> Stamp:
    try:
        status = file.lstat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def _apply_rules(reading: Reading[Any]) -> None:
    item = reading.item
    if item is None:
        return
    wrong = (
        None if isinstance(item, Prose) else rules.wrong_id(item.id, entry=isinstance(item, Entry))
    )
    if wrong:
        reading.problem((), wrong)
    elif isinstance(item, Entry):
        for rule in rules.ENTRY_RULES:
            if not rule.needs & reading.failed:
                for location, message in rule.find(item):
                    reading.problem(location, message)
    elif isinstance(item, Instrument) and not reading.failed:
        for location, message in rules.campaign_period(item):
            reading.problem(location, message)


def _problems(readings: Readings) -> list[Problem]:
    terms = (page for _, page in readings.vocabulary())
    every: list[Reading[Any]] = [*readings.entries, *readings.prose, *terms]
    by_path = {reading.path: reading for reading in every}
    problems = [problem for reading in every for problem in reading.problems]
    for found in disagreements(readings):
        line = by_path[found.path].parts.line(found.location)
        problems.append(Problem(found.path, line, found.message, found.warning))
    return problems


def _collection(readings: Readings) -> Collection:
    def items(found: Iterable[Reading[Any]]) -> Iterator[Any]:
        return (reading.item for reading in found)

    def by_id(found: Iterable[Reading[Any]]) -> dict[str, Any]:
        return {item.id: item for item in items(found)}

    return Collection(
        entries=Collection.ordered(items(readings.entries)),
        regulators=by_id(readings.regulators),
        topics=by_id(readings.topics),
        instruments=by_id(readings.instruments),
        newsletters=by_id(readings.newsletters),
        prose={_below_docs(item.path): item for item in items(readings.prose)},
    )


def _below_docs(path: str) -> str:
    return path.removeprefix("docs/").removesuffix(".md")
