"""Values that a person gave -> files that do not exist yet: an entry, and new vocabulary pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from timeline.content.front_matter import Value, file_text
from timeline.content.interpret import interpret
from timeline.content.text import slug
from timeline.schema.dates import parse_date
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS
from timeline.schema.types import Kind, NameIndex, fold_name

MAX_PAGES = 20  # that one issue may describe
_KEY_VALUE = re.compile(r"(?P<key>[a-z_]+):(?P<value>.*)")
_NAMES = ("name", "name_zh", "abbreviation", "short")


@dataclass(frozen=True)
class Draft:
    """A file that is not written yet. `path` is relative to the project."""

    path: str
    text: str

    @property
    def id(self) -> str:
        """The permanent id that the file will have."""
        return self.path.rpartition("/")[2].removesuffix(".md")


def draft_entry(
    values: Mapping[str, Value], body: str, name: str | None = None, otherwise: str = ""
) -> Draft:
    """An entry's file, named by its date and title (or `name`).

    Raises ValueError where date or title cannot give a name, unless `otherwise` gives a day.
    """
    words = slug(name or str(values.get("title") or "")) or ("draft" if otherwise else "")
    try:
        date = parse_date(values.get("date"))
    except ValueError:
        if not otherwise:
            raise
        date = parse_date(otherwise)
    if not words:
        raise ValueError("the title gives no name for the file; give a slug in Latin letters")
    return Draft(f"entries/{date.year:04}/{date}-{words}.md", file_text(Entry, values, body))


def draft_term(kind: Kind, name: str, values: Mapping[str, Value], body: str) -> Draft:
    """A vocabulary page's file. `name` gives its id. Raises ValueError where it cannot."""
    return Draft(f"docs/{kind}/{page_id(name)}.md", file_text(TERMS[kind], values, body))


def page_id(name: str) -> str:
    """The id of a vocabulary page of this name. Raises ValueError where there is none."""
    words = slug(name)
    if words in {"", "index"}:
        raise ValueError(f"{name!r} gives no name for the page; give one in Latin letters")
    return words


def write_new(root: Path, draft: Draft) -> None:
    """Write a file that does not exist yet. Raises FileExistsError where there is one."""
    file = root / draft.path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(draft.text)


@dataclass(frozen=True)
class NewPage:
    """A vocabulary page that an issue describes with the entry that names it first."""

    kind: Kind
    values: dict[str, str]  # `text` is the page's text, whatever else the kind calls so

    @property
    def name(self) -> str:
        """What its id is made of."""
        v = self.values
        return v.get("abbreviation") or v.get("short") or v.get("name", "")

    def draft(self, index: NameIndex) -> Draft:
        """The page. Raises ValueError where nothing can be made of it."""
        model = TERMS[self.kind]
        unknown = [key for key in self.values if key not in {*model.keys(), "text"}]
        if unknown:
            raise ValueError(f"unknown key {unknown[0][:40]!r}")
        front = {key: value for key, value in self.values.items() if key != "text"}
        values = interpret(model, front, index)
        return draft_term(self.kind, self.name, values, self.values.get("text", ""))


def new_pages(
    described: Mapping[Kind, str], index: NameIndex
) -> tuple[list[Draft], NameIndex, list[tuple[Kind, str]]]:
    """The pages, the index with them, and what is wrong with each kind.

    `described` holds the text of each kind's field; a page may name another that is as new.
    """
    pages = [NewPage(kind, values) for kind, text in described.items() for values in _blocks(text)]
    problems: list[tuple[Kind, str]] = []
    if len(pages) > MAX_PAGES:
        problems.append((pages[0].kind, f"more than {MAX_PAGES} new pages"))
        pages = pages[:MAX_PAGES]
    index = _with_pages(pages, index)
    drafts = []
    for page in pages:
        try:
            drafts.append(page.draft(index))
        except ValueError as error:
            problems.append((page.kind, str(error)))
    return drafts, index, problems


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Each run of `key: value` lines; a line without a key continues the value before it."""
    for block in re.split(r"\n\s*\n", text):
        values: dict[str, str] = {}
        last = ""
        for line in block.split("\n"):
            match = _KEY_VALUE.fullmatch(line.strip())
            if match and match["key"] not in values:
                last = match["key"]
                values[last] = match["value"].strip()
            elif last:
                values[last] += " " + line.strip()
        if values:
            yield values


def _with_pages(pages: list[NewPage], index: NameIndex) -> NameIndex:
    """The index with the ids and names of new pages."""
    ids, names = dict(index.ids), {kind: dict(index.names[kind]) for kind in index.names}
    for page in pages:
        try:
            name = page_id(page.name)
        except ValueError:
            continue  # reported where it is drafted
        ids[page.kind] = ids[page.kind] | {name}
        for spelling in (*(page.values.get(key, "") for key in _NAMES), name):
            if spelling:
                names[page.kind].setdefault(fold_name(spelling), name)
    return replace(index, ids=ids, names=names)
