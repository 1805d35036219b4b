"""By which spellings people may mean a page: its id, its names, its aliases."""

from pathlib import Path
from typing import Any

from timeline.model.fields import Kind, Known
from timeline.model.terms import TERMS, Term
from timeline.source.reading import Reading


def known_ids(paths: dict[Kind, list[str]], home: str) -> Known:
    """The ids that exist, by the paths of their files, and as yet no other spelling."""
    ids = {kind: frozenset(Path(path).stem for path in paths[kind]) for kind in paths}
    return Known(ids, {kind: {name: name for name in sorted(ids[kind])} for kind in ids}, home)


def known_names(known: Known, pages: dict[Kind, list[Reading[Any]]]) -> Known:
    """The same with every spelling of each page's name, in lower case."""
    names, shared = dict(known.names), dict[Kind, frozenset[str]]()
    for kind in TERMS:
        named: dict[str, str] = {}
        twice = set()
        for page in pages[kind]:
            for spelling in map(str.lower, _spellings(page)):
                if named.setdefault(spelling, Path(page.path).stem) != Path(page.path).stem:
                    twice.add(spelling)
        names[kind], shared[kind] = named, frozenset(twice)
    return Known(known.ids, names, known.home, shared)


def _spellings(page: Reading[Any]) -> list[str]:
    return [] if page.item is None else spellings(page.item, page.failed)


def spellings(term: Term, failed: frozenset[str] = frozenset()) -> list[str]:
    """The id, the names and the aliases of a page, but for keys that could not be typed."""
    keys = {"name", "name_zh", "abbreviation", "short"} & set(type(term).model_fields)
    found = [getattr(term, key) for key in sorted(keys - failed)]
    aliases = getattr(term, "aliases", ()) if "aliases" not in failed else ()
    return [spelling for spelling in (term.id, *found, *aliases) if spelling]
