"""What a pull request does, for a comment on it: each entry, its pages, sources and doubles."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from timeline.contributing.answers import fenced, listed
from timeline.contributing.duplicates import Duplicates
from timeline.contributing.outline import outline
from timeline.contributing.review import review
from timeline.model.entry import Entry
from timeline.model.problems import Problem
from timeline.model.terms import TERMS
from timeline.source.collection import Collection, terms_of
from timeline.source.project import Loaded
from timeline.views.view import month_url, year_url

MOST_ENTRIES = 10


def preview(root: Path, loaded: Loaded, paths: Iterable[str]) -> str:
    """Markdown about the changed files. `paths` are relative to the project."""
    chosen = [path for path in dict.fromkeys(paths) if path.startswith(("entries/", "docs/"))]
    parts = ["Made by a machine from the files of this pull request."]
    if not chosen:
        return "\n\n".join([*parts, "It changes no entry and no vocabulary page."])
    problems = [problem for problem in loaded.problems if problem.path in chosen]
    parts += list(_problems(problems, sound=loaded.collection is not None))
    if loaded.collection is None:
        return "\n\n".join(parts)
    by_path = {entry.path: entry for entry in loaded.collection.entries}
    entries = [by_path[path] for path in chosen if path in by_path]
    register = Duplicates(loaded.collection)
    for entry in entries[:MOST_ENTRIES]:
        parts += _entry(root, entry, loaded.collection, register)
    if len(entries) > MOST_ENTRIES:
        parts.append(f"{len(entries) - MOST_ENTRIES} entries more are not shown here.")
    pages = [path for path in chosen if path.startswith("docs/") and (root / path).is_file()]
    if pages:
        parts += ["Pages written or changed:", listed(pages)]
    return "\n\n".join(parts)


def _problems(problems: list[Problem], *, sound: bool) -> Iterator[str]:
    if problems:
        yield from ("What the check says of them:", listed(map(str, sorted(problems))))
    elif sound:
        yield "The check finds nothing wrong in them."
    else:
        yield "Other files have problems, so nothing can be shown; see the check."


def _entry(root: Path, entry: Entry, collection: Collection, register: Duplicates) -> Iterator[str]:
    yield f"### `{entry.id}`"
    yield fenced((root / entry.path).read_text(encoding="utf-8"), "markdown")
    yield from ("It appears on:", listed(_places(entry)))
    near = register.near(outline(entry, collection))
    if near:
        yield "These entries may tell of the same:"
        yield listed(f"{match.id} ({', '.join(match.reasons)})" for match in near)
    found = review(entry, collection)
    if found.bare:
        yield "No quoted words of a source bear these; a reviewer looks them up:"
        yield listed(f"{fact.kind}: {fact.value}" for fact in found.bare)
    if found.differences:
        yield "Other entries of its instruments say:"
        yield listed(f"{d.instrument}: {d.other} {d.said}" for d in found.differences)


def _places(entry: Entry) -> Iterator[str]:
    """The addresses below the site on which an entry stands."""
    yield f"entries/{entry.id}/"
    yield year_url(entry.date.year)
    if entry.date.month:
        yield month_url(entry.date.year, entry.date.month)
    for kind in TERMS:
        yield from (f"{kind}/{term}/" for term in terms_of(entry, kind))
    if entry.penalties:
        yield "enforcement/"
