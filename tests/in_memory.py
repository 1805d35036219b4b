"""Snapshots of the invented world, read from disk or made of the entries that a test supplies."""

import datetime
import functools
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from conftest import WORLD, WORLD_DAY
from timeline.analysis.snapshot import Snapshot
from timeline.checks import Project
from timeline.config import Site, read_site
from timeline.content.collection import Collection, as_of_day
from timeline.schema.entry import Entry


def collection_of(world: Path) -> Collection:
    """Return all items of a checkout, regardless of when they became known."""
    loaded = Project(world).load()
    assert loaded.collection is not None, [str(problem) for problem in loaded.problems]
    return loaded.collection


@functools.cache
def world_collection() -> Collection:
    return collection_of(WORLD)


def world_web_site() -> Site:
    return read_site(WORLD)


def snapshot_of(world: Path, day: str = WORLD_DAY) -> Snapshot:
    """Return the snapshot of a checkout as of a day."""
    as_of = datetime.date.fromisoformat(day)
    return Snapshot(as_of_day(collection_of(world), as_of), as_of)


def snapshot(entries: Iterable[Entry] | None = None, as_of: str = WORLD_DAY) -> Snapshot:
    """Return the invented world as of a day, optionally with other entries in place of its own.

    With other entries, all its vocabulary pages are kept.
    """
    collection, day = world_collection(), datetime.date.fromisoformat(as_of)
    if entries is None:
        return Snapshot(as_of_day(collection, day), day)
    known = as_of_day(replace(collection, entries=Collection.ordered(entries)), day)
    return Snapshot(replace(collection, entries=known.entries), day)


def entry(name: str, **fields: object) -> Entry:
    """Return a valid entry with these fields; `name` is its id and starts with its date."""
    shared = {"title": name, "type": "regulatory", "regulators": [], "topics": ["tides"]}
    made = Entry.model_validate({**shared, "date": name[:10], "added": "2022-02-20", **fields})
    return made.model_copy(update={"id": name, "body": fields.get("body", "It happened.")})


def add_entry(world: Path, name: str, **keys: str) -> None:
    """Write an entry with these keys, as YAML, and defaults for the others."""
    defaults = {
        "title": f"Report on {name}",
        "date": name[:10],
        "type": "regulatory",
        "regulators": "[]",
        "topics": "[moon]",
        "sources": "[{kind: analysis, publisher: Moon Review, lang: de}]",
        "added": name[:10],
    }
    lines = "".join(f"{key}: {value}\n" for key, value in (defaults | keys).items())
    file = world / f"entries/{name[:4]}/{name}.md"
    file.write_text(f"---\n{lines}---\nIt happened.\n", encoding="utf-8")


def postpone(world: Path, name: str, *effects: str) -> None:
    """Write an entry that amends the Tide Act's effective dates.

    Each effect is YAML such as `date: 2023-01-01, instead_of: 2022-01-01`.
    """
    phases = ", ".join(f"{{{effect}}}" for effect in effects)
    step = f"[{{id: tide-act, stage: amended, effective: [{phases}]}}]"
    add_entry(world, name, instruments=step)
