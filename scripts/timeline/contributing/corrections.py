"""The answer to a correction: which entry it is about, and what a person would paste to make it.

No file is changed. What the issue says stands in the answer as mere text, as everywhere.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from timeline.contributing.answers import fenced, listed
from timeline.contributing.correcting import with_address, with_keys
from timeline.contributing.drafting import understood
from timeline.contributing.forms import CORRECTION, DEAD, ENTRY, KEYS, WRONG
from timeline.contributing.further import further
from timeline.contributing.issues import LONGEST, answers
from timeline.contributing.links import copy_of
from timeline.contributing.outline import plain_address
from timeline.model.addresses import is_web_address
from timeline.model.document import UNSEEN, Value
from timeline.model.entry import Entry
from timeline.model.fields import ENTRY_ID, TERM_ID, Known
from timeline.model.problems import shown
from timeline.model.site import Site
from timeline.model.terms import TERMS
from timeline.model.wording import Wording
from timeline.source.collection import Collection
from timeline.source.project import Loaded, read_alone

THANKS = (
    "Thank you. A person compares this with the sources; where it is right, the entry is "
    "mended and tells of it under `changes`, so that readers who relied on it know."
)
NEAREST = 3
LONGEST_NOTE = 200  # characters
_PAGE = re.compile(rf"(?P<kind>{'|'.join(TERMS)})/(?P<id>{TERM_ID})")
_ID = re.compile(rf"(?<![a-z0-9-]){ENTRY_ID}")


@dataclass(frozen=True)
class Place:
    """A checkout: what it holds, and where its files can be edited."""

    root: Path
    loaded: Loaded
    site: Site
    day: str  # of the correction


def correction(text: str, place: Place) -> str:
    """The answer, as Markdown."""
    said = answers(text[:LONGEST], CORRECTION)
    collection = place.loaded.collection
    if collection is None:
        return THANKS
    asked = said.get(ENTRY.label, "")
    entry, page = entry_of(asked, collection), page_of(asked, place.loaded.known)
    if entry:
        parts = _found(entry, said, place)
    else:
        parts = _page(page, said, place) if page else _not_found(asked, collection)
    return "\n\n".join([THANKS, *parts])


def entry_of(text: str, collection: Collection) -> Entry | None:
    """The entry that a text names: by its id, a former one, its path, or any address with them."""
    named = {name: entry for entry in collection.entries for name in (entry.id, *entry.aliases)}
    found = (named.get(match[0]) for match in _ID.finditer(text.lower()))
    return next(filter(None, found), None)


def page_of(text: str, known: Known) -> str | None:
    """The file of the vocabulary page that a text names, by its path or its address."""
    for match in _PAGE.finditer(text.lower()):
        if any(kind == match["kind"] and match["id"] in known.ids[kind] for kind in TERMS):
            return f"docs/{match[0]}.md"
    return None


def _page(path: str, said: dict[str, str], place: Place) -> Iterator[str]:
    """A page of docs/: where it is edited, and on which lines the dead address stands."""
    yield f"The page, and where its file can be edited: {place.site.edit_uri}{path}"
    dead = said.get(DEAD[0].label)
    if not dead:
        return
    lines = (place.root / path).read_text(encoding="utf-8").splitlines()
    found = [f"{path}:{at}: {line.strip()}" for at, line in enumerate(lines, 1) if dead in line]
    if found:
        yield "The dead address stands here:"
        yield listed(found)
    else:
        yield "The dead address does not stand there."


def _not_found(asked: str, collection: Collection) -> Iterator[str]:
    names = {entry.title.lower(): entry.id for entry in collection.entries}
    names |= {name: e.id for e in collection.entries for name in (e.id, *e.aliases)}
    match = _ID.search(asked.lower())
    word = (match[0] if match else asked.lower())[:LONGEST_NOTE]
    near = difflib.get_close_matches(word, names, n=NEAREST, cutoff=0.5)
    yield "No entry of the site is named there. Edit the issue, and it will be looked at again."
    if near:
        yield "The nearest by name:"
        yield listed(dict.fromkeys(names[name] for name in near))


def _found(entry: Entry, said: dict[str, str], place: Place) -> Iterator[str]:
    yield f"The entry, and where its file can be edited: {place.site.edit_uri}{entry.path}"
    yield listed([f"{entry.id}: {entry.title}"])
    dead, url, archived = (said.get(question.label) for question in DEAD)
    better = url or archived
    values, problems = _values(said, place)
    if dead:
        yield from _dead_link(entry, dead, better)
        if not values and not problems and not (better and _named(entry, dead)):
            return
    old = (place.root / entry.path).read_text(encoding="utf-8")
    new = old if problems else _corrected(old, entry, said, values, place.day)
    problems += _refused(new, entry, place)
    if problems:
        yield "What is proposed cannot stand in the file:"
        yield listed(problems)
        return
    yield "What would change; the note is to be worded for readers:"
    yield fenced(_difference(old, new, entry.path), "diff")
    yield "The whole file, to be pasted over the old one:"
    yield fenced(new, "markdown")


def _dead_link(entry: Entry, dead: str, better: str | None) -> Iterator[str]:
    known = [source.url for source in entry.sources if source.url]
    if not _named(entry, dead):
        yield "The dead address does not stand in the entry, whose sources are at:"
        yield listed(known or ["no address"])
        return
    yield "The dead address stands in the entry."
    if not better:
        yield "Look for a copy:"
        yield listed([copy_of(dead)])


def _named(entry: Entry, dead: str) -> bool:
    known = {plain_address(source.url) for source in entry.sources if source.url}
    return is_web_address(dead) and plain_address(dead) in known


def _values(said: dict[str, str], place: Place) -> tuple[dict[str, Value], list[str]]:
    """The keys as they should be, and what is wrong with the answers."""
    more = further(said.get(KEYS.label, ""), KEYS.label)
    problems = [
        f"'{question.label}': {Wording.ADDRESS.format(value=shown(said[question.label]))}"
        for question in DEAD
        if question.label in said and not is_web_address(said[question.label])
    ]
    return understood(Entry, more.values, place.loaded.known), [*problems, *more.problems]


def _corrected(
    old: str, entry: Entry, said: dict[str, str], values: dict[str, Value], day: str
) -> str:
    dead, url, archived = (said.get(question.label) for question in DEAD)
    moved = bool(dead and (url or archived) and _named(entry, dead))
    new = with_address(old, dead or "", url, archived) if moved else old
    note = "A dead address of a source was " + ("replaced." if url else "given a copy.")
    if values or not moved:
        note = UNSEEN.sub("", " ".join(said.get(WRONG.label, "").split()))[:LONGEST_NOTE]
    before: list[Value] = [
        {"date": str(change.date), "note": change.note} for change in entry.changes
    ]
    return with_keys(new, values | {"changes": [*before, {"date": day, "note": note or "…"}]})


def _refused(new: str, entry: Entry, place: Place) -> list[str]:
    """What the check would say of the file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{entry.id}.md"
        file.write_text(new, encoding="utf-8")
        found = read_alone(file, entry.path, Entry, place.loaded.known).problems
    return [f"line {problem.line}: {problem.message}" for problem in sorted(found)]


def _difference(old: str, new: str, path: str) -> str:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", n=1))
