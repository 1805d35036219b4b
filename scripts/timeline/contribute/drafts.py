"""Draft new files from the values that a person gave: an entry, and new vocabulary pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from timeline.content.front_matter import Value, file_text
from timeline.content.interpret import interpret
from timeline.content.messages import unknown_key
from timeline.content.text import slug
from timeline.schema.dates import parse_date
from timeline.schema.entry import Entry
from timeline.schema.synonyms import intended_key
from timeline.schema.terms import NAME_KEYS, TERMS
from timeline.schema.types import Kind, NameIndex, fold_name

MAX_PAGES = 20  # in one issue
_KEY_VALUE = re.compile(r"(?P<key>[A-Za-z_][A-Za-z_ -]{0,30})[:：](?P<value>.*)")


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
    values: Mapping[str, Value], body: str, name: str | None = None, fallback_date: str = ""
) -> Draft:
    """Return an entry's file, named after its date and its title (or `name`).

    Raises ValueError if no file name can be made from them, unless there is a `fallback_date`.
    """
    words = slug(name or str(values.get("title") or "")) or ("draft" if fallback_date else "")
    try:
        date = parse_date(values.get("date"))
    except ValueError:
        if not fallback_date:
            raise
        date = parse_date(fallback_date)
    if not words:
        raise ValueError("no file name can be made from the title; give a slug in Latin letters")
    return Draft(f"entries/{date.year:04}/{date}-{words}.md", file_text(Entry, values, body))


def page_id(name: str) -> str:
    """Return the id of a vocabulary page of this name. Raises ValueError if it yields no id."""
    words = slug(name)
    if words in {"", "index"}:
        found = f"no file name can be made from {name!r}" if name else "'name' is missing"
        raise ValueError(f"{found}; give a name in Latin letters")
    return words


def write_new(root: Path, draft: Draft) -> None:
    """Write a new file. Raises FileExistsError if the file exists."""
    file = root / draft.path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(draft.text)


@dataclass(frozen=True)
class NewPage:
    """A vocabulary page that an issue describes together with an entry that names it."""

    kind: Kind
    values: dict[str, str]  # `text` is the body, even if the kind has a key of that name

    @property
    def name(self) -> str:
        """The name from which its id is made."""
        v = self.values
        return v.get("abbreviation") or v.get("short") or v.get("name", "")

    def draft(self, index: NameIndex) -> Draft:
        """Return the file of the page. Raises ValueError for an unknown key or a missing name."""
        model = TERMS[self.kind]
        unknown = [key for key in self.values if key not in {*model.keys(), "text"}]
        if unknown:
            raise ValueError("; ".join(unknown_key(key, model) for key in unknown))
        front = {key: value for key, value in self.values.items() if key != "text"}
        text = file_text(model, interpret(model, front, index), self.values.get("text", ""))
        return Draft(f"docs/{self.kind}/{page_id(self.name)}.md", text)


def new_pages(
    described: Mapping[Kind, str], index: NameIndex
) -> tuple[list[Draft], NameIndex, list[tuple[Kind, str]]]:
    """Return the pages, the index with them added, and the problems with the kind of each.

    `described` holds the text of each kind's field. New pages may name one another.
    """
    pages = [page for kind, answer in described.items() for page in _described(kind, answer)]
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


def _described(kind: Kind, answer: str) -> Iterator[NewPage]:
    """Parse the pages in one field, given as lines `key: value`.

    A repeated key begins a new page, as does a key after the text and an empty line. A line without
    a key continues the value before it, except that the very first is the name, and the first after
    an empty line begins the text, which only a known key ends.
    """
    keys = [*TERMS[kind].keys(), "text"]
    values: dict[str, str] = {}
    last, after_blank = "", False
    for line in map(str.strip, answer.split("\n")):
        match = _KEY_VALUE.fullmatch(line)
        word = match["key"] if match else ""
        key = intended_key(word, keys) or ""
        if word and not key and last != "text" and " " not in word:
            key = word  # reported as unknown
        if match and key:
            if key in values or (after_blank and "text" in values):
                yield NewPage(kind, values)
                values = {}
            last, values[key] = key, match["value"].strip()
        elif line and not values:
            last, values["name"] = "name", line
        elif line and after_blank and "text" not in values:
            last, values["text"] = "text", line
        elif line:
            values[last] += ("\n\n" if after_blank else " ") + line
        after_blank = not line
    if values:
        yield NewPage(kind, values)


def _with_pages(pages: list[NewPage], index: NameIndex) -> NameIndex:
    """Return the index with the ids and names of new pages added."""
    ids, names = dict(index.ids), {kind: dict(index.names[kind]) for kind in index.names}
    for page in pages:
        try:
            name = page_id(page.name)
        except ValueError:
            continue  # reported when the page is drafted
        ids[page.kind] = ids[page.kind] | {name}
        for spelling in (*(page.values.get(key, "") for key in NAME_KEYS), name):
            if spelling:
                names[page.kind].setdefault(fold_name(spelling), name)
    return replace(index, ids=ids, names=names)
