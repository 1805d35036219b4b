"""What a person says of a development -> the file of an entry that does not exist yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from slugify import slugify

from timeline.contributing.writing import file_text
from timeline.model.dates import parse_date
from timeline.model.document import Value
from timeline.model.entry import Entry
from timeline.model.fields import Kind, Known
from timeline.model.shape import Slot, slot, typed
from timeline.model.terms import TERMS
from timeline.model.wording import Wording

LONGEST_SLUG = 60
# Words that tell nothing in an address.
SMALL = ("a", "an", "the", "of", "on", "in", "for", "to", "and", "its", "with", "by", "from", "at")

_BETWEEN_NAMES = re.compile(r"[,;，；、]")
_NUMBERS = re.compile(r"\s*\d[\w().-]*(?:\s*[,;，；、]\s*\d[\w().-]*)*\s*")


@dataclass(frozen=True)
class Draft:
    """A file that is not written yet. `path` is relative to the project."""

    path: str
    text: str

    @property
    def id(self) -> str:
        """The name that addresses will have for ever."""
        return self.path.rpartition("/")[2].removesuffix(".md")


def short_name(title: str) -> str:
    """A title as part of an address: a few ASCII words in lower case, or nothing."""
    return slugify(title, max_length=LONGEST_SLUG, word_boundary=True, stopwords=SMALL)


def draft_entry(values: Mapping[str, Value], body: str, slug: str | None = None) -> Draft:
    """An entry's file, named by its date and title (or `slug`).

    Raises ValueError where date or title cannot give a name.
    """
    name = short_name(slug or str(values.get("title") or ""))
    date = parse_date(values.get("date"))
    if not name:
        raise ValueError(Wording.NO_NAME)
    return Draft(f"entries/{date.year:04}/{date}-{name}.md", file_text(Entry, dict(values), body))


def draft_term(kind: Kind, name: str, values: Mapping[str, Value], body: str) -> Draft:
    """A vocabulary page's file. `name` gives its id. Raises ValueError where it cannot."""
    return Draft(f"docs/{kind}/{page_id(name)}.md", file_text(TERMS[kind], dict(values), body))


def page_id(name: str) -> str:
    """The id of a vocabulary page of this name. Raises ValueError where there is none."""
    short = short_name(name)
    if short in {"", "index"}:
        raise ValueError(Wording.NO_PAGE_NAME.format(name=repr(name)))
    return short


def write_new(root: Path, draft: Draft) -> None:
    """Write a file that does not exist yet. Raises FileExistsError where something stands there."""
    file = root / draft.path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(draft.text)


def understood(model: type[BaseModel], said: Mapping[str, Any], known: Known) -> dict[str, Value]:
    """What was said, as front matter holds it: numbers as numbers, names as ids, no empty keys.

    Texts are trimmed; what cannot be understood stays as it was said, for the check to tell of.
    """
    values = {key: _value(slot(model, key), value, known) for key, value in said.items()}
    return {key: v for key, v in values.items() if v not in (None, "", {}) and v != [""]}


def _value(found: Slot | None, said: Any, known: Known) -> Value:
    if isinstance(said, Mapping):
        return understood(found.model, said, known) if found and found.model else dict(said)
    if isinstance(said, list | tuple):
        return [_one(found, one, known) for item in said for one in _split(found, item, known)]
    if found and found.many and not found.model and type(said) in {str, int} and said != "":
        return [_one(found, one, known) for one in listed(found, str(said), known)]
    return _one(found, said, known)


def _one(found: Slot | None, said: Any, known: Known) -> Value:
    if isinstance(said, Mapping | list | tuple):
        return _value(found, said, known)
    if found and found.base is str and type(said) is int:
        said = str(said)  # the number of an article, or of a notice
    if not isinstance(said, str) or found is None:
        return None if said is None else said if isinstance(said, bool | int | float) else str(said)
    return understood_text(found, said, known)


def _split(found: Slot | None, said: Any, known: Known) -> list[Any]:
    """One item of a list, or several where somebody wrote the names of pages in one line."""
    if found is None or found.kind is None or not isinstance(said, str):
        return [said]
    return listed(found, said, known) or [said]


def listed(found: Slot, text: str, known: Known) -> list[str]:
    """The items of a list that somebody wrote in one line.

    Commas stand between names of pages and between numbers, but within other texts, such as the
    name of a company: these have semicolons between them.
    """
    if found.kind is not None:
        parts = _BETWEEN_NAMES.split(text)
        whole = known.meant(found.kind, text.strip())
        several = not whole and any(known.meant(found.kind, part.strip()) for part in parts)
        parts = parts if several else [text]
    else:
        parts = _BETWEEN_NAMES.split(text) if _NUMBERS.fullmatch(text) else text.split(";")
    return [part.strip() for part in parts if part.strip()]


def understood_text(found: Slot, said: str, known: Known) -> Value:
    """One value: a name becomes its id, a label its word, a numeral a number."""
    text = said.strip()
    if found.kind is not None:
        return known.meant(found.kind, text) or text
    if found.words:
        labels = {word.label.lower(): str(word) for word in found.words}
        return text.lower() if text.lower() in found.words else labels.get(text.lower(), text)
    return typed(found, text)
