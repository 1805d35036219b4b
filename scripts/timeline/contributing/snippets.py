"""Snippets for VS Code: the frame of an entry and of each page, and each key with what it may hold.

The editor reads them from the checkout itself, without an extension. Their form:
https://code.visualstudio.com/docs/editing/userdefinedsnippets
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from timeline.model.entry import Entry
from timeline.model.fields import Document
from timeline.model.shape import Slot, slot
from timeline.model.terms import TERMS

SNIPPETS = ".vscode/front-matter.code-snippets"
TODAY = "$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE"
_SPECIAL = re.compile(r"[$}\\]")
Stops = Iterator[int]  # the numbers of the places through which the tab key leads


def snippet_file() -> str:
    """The file: name -> what is typed, what it becomes, what it means."""
    frames = {model.__name__: _frame(model) for model in (Entry, *TERMS.values())}
    keys = {
        f"{model.__name__}: {key}": _snippet(key, _lines(model, key, itertools.count(1)), said)
        for model in _with_keys(Entry)
        for key, said in _meanings(model)
    }
    return json.dumps(frames | keys, ensure_ascii=False, indent=2) + "\n"


def _snippet(prefix: str, body: list[str], description: str) -> dict[str, Any]:
    return {"scope": "markdown", "prefix": prefix, "body": body, "description": description}


def _frame(model: type[Document]) -> dict[str, Any]:
    """A whole file with the keys that it must have, and for an entry a source."""
    stops = itertools.count(1)
    fields = model.model_fields
    keys = [key for key in _keys(model) if fields[key].is_required() or key == "sources"]
    body = ["---", *(line for key in keys for line in _lines(model, key, stops)), "---", "$0"]
    name = model.__name__.lower()
    return _snippet(name, body, f"a new {name}, with what it must have")


def _with_keys(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A class and those of the values that it holds, each once."""
    inner = (found.model for key in _keys(model) if (found := slot(model, key)) and found.model)
    yield from dict.fromkeys([model, *(deeper for one in inner for deeper in _with_keys(one))])


def _keys(model: type[BaseModel]) -> list[str]:
    return model.keys() if issubclass(model, Document) else list(model.model_fields)


def _meanings(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for key in _keys(model):
        yield key, model.model_fields[key].description or ""


def _lines(model: type[BaseModel], key: str, stops: Stops) -> list[str]:
    """A key with a place for each value that it must have."""
    found = slot(model, key)
    assert found is not None
    if found.model is None:
        said = model.model_fields[key].description or key
        return [f"{key}: {_value(found, said, stops)}"]
    fields = found.model.model_fields
    needed = [name for name in fields if fields[name].is_required()] or list(fields)[:1]
    inner = [line for name in needed for line in _lines(found.model, name, stops)]
    first, rest = ("  - ", "    ") if found.many else ("  ", "  ")
    return [f"{key}:", *(f"{rest if n else first}{line}" for n, line in enumerate(inner))]


def _value(found: Slot, said: str, stops: Stops) -> str:
    """The place of one value: a choice, today's day, or what it means."""
    if found.base is bool:
        return "true"
    number = next(stops)
    if found.words:
        return f"${{{number}|{','.join(found.words)}|}}"
    value = TODAY if found.day else _SPECIAL.sub(lambda match: f"\\{match[0]}", said)
    place = f"${{{number}:{value}}}"
    return f"[{place}]" if found.many else place
