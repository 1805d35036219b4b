"""Values that a person gave -> files that do not exist yet: an entry, and new vocabulary pages."""

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
from timeline.schema.synonyms import meant_key
from timeline.schema.terms import NAME_KEYS, TERMS
from timeline.schema.types import Kind, NameIndex, fold_name

MAX_PAGES = 20  # that one issue may describe
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


def page_id(name: str) -> str:
    """The id of a vocabulary page of this name. Raises ValueError where there is none."""
    words = slug(name)
    if words in {"", "index"}:
        found = f"{name!r} gives no name" if name else "there is no 'name'"
        raise ValueError(f"{found} for the page; give one in Latin letters")
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
            raise ValueError("; ".join(unknown_key(key, model) for key in unknown))
        front = {key: value for key, value in self.values.items() if key != "text"}
        text = file_text(model, interpret(model, front, index), self.values.get("text", ""))
        return Draft(f"docs/{self.kind}/{page_id(self.name)}.md", text)


def new_pages(
    described: Mapping[Kind, str], index: NameIndex
) -> tuple[list[Draft], NameIndex, list[tuple[Kind, str]]]:
    """The pages, the index with them, and what is wrong with each kind.

    `described` holds the text of each kind's field; a page may name another that is as new.
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
    """The pages of one field, which are lines `key: value`.

    A page ends where a key comes again, or one follows the text and an empty line. A line without a
    key belongs to the value before it; but the first of all is the name, and the first after an
    empty line begins the text, which only a known key ends.
    """
    keys = [*TERMS[kind].keys(), "text"]
    values: dict[str, str] = {}
    last, is_apart = "", False
    for line in map(str.strip, answer.split("\n")):
        match = _KEY_VALUE.fullmatch(line)
        word = match["key"] if match else ""
        key = meant_key(word, keys) or ""
        if word and not key and last != "text" and " " not in word:
            key = word  # to be reported
        if match and key:
            if key in values or (is_apart and "text" in values):
                yield NewPage(kind, values)
                values = {}
            last, values[key] = key, match["value"].strip()
        elif line and not values:
            last, values["name"] = "name", line
        elif line and is_apart and "text" not in values:
            last, values["text"] = "text", line
        elif line:
            values[last] += ("\n\n" if is_apart else " ") + line
        is_apart = not line
    if values:
        yield NewPage(kind, values)


def _with_pages(pages: list[NewPage], index: NameIndex) -> NameIndex:
    """The index with the ids and names of new pages."""
    ids, names = dict(index.ids), {kind: dict(index.names[kind]) for kind in index.names}
    for page in pages:
        try:
            name = page_id(page.name)
        except ValueError:
            continue  # reported where it is drafted
        ids[page.kind] = ids[page.kind] | {name}
        for spelling in (*(page.values.get(key, "") for key in NAME_KEYS), name):
            if spelling:
                names[page.kind].setdefault(fold_name(spelling), name)
    return replace(index, ids=ids, names=names)
