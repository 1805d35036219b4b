"""All checks of the content.

A `Project` reads and checks a checkout, and returns its collection and every problem in its files.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from timeline.checks.cross_rules import check_across
from timeline.checks.rules import check_file
from timeline.checks.style import check_style
from timeline.content.collection import Collection, terms_of
from timeline.content.loader import Checkout, Loader, ParsedSite
from timeline.content.parser import ParsedFile, parse_file
from timeline.content.text import slug
from timeline.problems import Problem
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS
from timeline.schema.types import NameIndex


@dataclass(frozen=True)
class Loaded:
    """The content of a checkout. `collection` is None if an error prevents a build.

    `valid` holds the valid files, for the preview and other uses while some files have errors.
    """

    collection: Collection | None
    valid: Collection
    problems: list[Problem]
    index: NameIndex


class Project:
    """The files of a checkout. `load` may be called repeatedly, as the preview server does.

    `day`, today by default, is the latest date that past events may have.
    """

    def __init__(self, root: Path, day: datetime.date | None = None) -> None:
        self.root = root
        self._loader = Loader(root, check_file, day)
        self._site: ParsedSite | None = None

    @property
    def checkout(self) -> Checkout:
        """The files themselves."""
        return self._loader.checkout

    def load(self) -> Loaded:
        """Read all files, and check each on its own and all of them together."""
        site = self._site = self._loader.load()
        of_files = (problem for parsed in site.files() for problem in parsed.problems)
        problems = [*site.stray, *of_files, *check_across(site)]
        if not site.entries:
            message = "there are no entries; add entries/<year>/<id>.md"
            problems.append(Problem("entries", 1, message))
        broken = {problem.path for problem in problems if not problem.warning}
        valid = _valid_collection(site, broken)
        return Loaded(None if broken else valid, valid, sorted(set(problems)), site.index)

    def save(self) -> None:
        """Save what was parsed and checked, so that the next command does not do it again."""
        self._loader.save()

    def drafts(self) -> Iterator[Problem]:
        """Yield what is still to do in drafts/, according to the pages that were loaded last."""
        index = self.load().index if self._site is None else self._site.index
        for path in self.checkout.draft_paths():
            target = f"entries/{Path(path).name[:4]}/{Path(path).name}"
            parsed = parse_file(self.root / path, target, Entry, index)
            found = [*parsed.problems, *check_file(parsed, index)]
            entry = parsed.valid_item
            words = slug(entry.title) if entry else ""
            name = f"{entry.date}-{words}.md" if entry and words else Path(path).name
            becomes = f"the draft is finished; move it to entries/{name[:4]}/{name}"
            message = f"{becomes}; the file name becomes its permanent address"
            finished = Problem(path, 1, message, warning=True)
            yield from (replace(problem, path=path) for problem in found or [finished])

    def style_warnings(self) -> Iterator[Problem]:
        """Yield advice on the files that were loaded last."""
        yield from check_style(self._site) if self._site else ()


def check_entry_text(text: str, path: str, index: NameIndex) -> list[Problem]:
    """Return the problems that an entry with this text would have at this path."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / Path(path).name
        file.write_text(text, encoding="utf-8")
        parsed = parse_file(file, path, Entry, index)
    return sorted([*parsed.problems, *check_file(parsed, index)])


def _valid_collection(site: ParsedSite, broken: set[str]) -> Collection:
    """Return the valid files, except entries that name a page with an error."""

    def by_id(files: Iterable[ParsedFile[Any]]) -> dict[str, Any]:
        valid = (parsed.valid_item for parsed in files if parsed.path not in broken)
        return {item.id: item for item in valid if item}

    terms: dict[str, Any] = {kind: by_id(getattr(site, kind)) for kind in TERMS}
    entries = by_id(site.entries).values()
    return Collection(
        entries=Collection.ordered(
            entry
            for entry in entries
            if all(terms[kind].keys() >= set(terms_of(entry, kind)) for kind in TERMS)
        ),
        **terms,
        prose={
            parsed.item.path.removeprefix("docs/").removesuffix(".md"): parsed.item
            for parsed in site.prose
            if parsed.item and parsed.path not in broken
        },
    )
