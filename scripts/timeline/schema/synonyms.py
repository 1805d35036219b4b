"""Synonyms of values and keys of front matter, from synonyms.yml."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

_Synonyms = dict[str, str]  # word -> the value, key or explanation that it stands for


@functools.cache
def _lists() -> tuple[dict[str, _Synonyms], dict[str, _Synonyms], _Synonyms]:
    """Return synonyms by closed list, explanations by closed list, and synonyms of keys."""
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    read: dict[str, dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)

    def inverted(lists: dict[str, list[str]]) -> _Synonyms:
        return {word: target for target, words in lists.items() for word in words}

    values, explained = (
        {name: inverted(lists) for name, lists in read[section].items()}
        for section in ("values", "explained")
    )
    return values, explained, inverted(read["keys"])


def synonym(values: type, word: str) -> str | None:
    """Return the value of a closed list for which a word is a synonym, or None."""
    return _lists()[0].get(values.__name__, {}).get(word)


def explained_value(values: type, word: str) -> str | None:
    """Return what to write instead of a word that stands for no single value, or None."""
    return _lists()[1].get(values.__name__, {}).get(word.strip().lower())


def intended_key(word: str, keys: Iterable[str]) -> str | None:
    """Return the key for which a word is a synonym, or None: `topics` for `Tags`."""
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    known = frozenset(keys)
    return next((w for w in (folded, _lists()[2].get(folded)) if w in known), None)


def explained_key(word: str, keys: list[str], parents: dict[str, str]) -> str:
    """Return what to write instead of an unknown key, or nothing.

    `parents`: key -> the key under which it is written.
    """
    intended = intended_key(word, [*keys, *parents, *_lists()[2].values()]) or ""
    if intended in keys:
        return f"did you mean {intended!r}?"
    if intended in parents:
        return f"{intended!r} is written under {parents[intended]!r}"
    return intended if " " in intended else ""  # an explanation in place of a key
