"""The words of synonyms.yml: what people write for a value or a key, and what they mean."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

_Words = dict[str, str]  # word -> what it means


@functools.cache
def _lists() -> tuple[dict[str, _Words], dict[str, _Words], _Words]:
    """Of the values of each closed list, of what needs more words, and of keys."""
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    read: dict[str, dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)

    def words(lists: dict[str, list[str]]) -> _Words:
        return {word: meant for meant, found in lists.items() for word in found}

    values, explained = (
        {name: words(lists) for name, lists in read[section].items()}
        for section in ("values", "explained")
    )
    return values, explained, words(read["keys"])


def synonym(values: type, word: str) -> str | None:
    """The value of a closed list that a word means, where it means one."""
    return _lists()[0].get(values.__name__, {}).get(word)


def explained_value(values: type, word: str) -> str | None:
    """What to write for a word that means none of the values alone."""
    return _lists()[1].get(values.__name__, {}).get(word.strip().lower())


def meant_key(word: str, keys: Iterable[str]) -> str | None:
    """The key that a word means, where it means one: `topics` for `Tags`."""
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    known = frozenset(keys)
    return next((w for w in (folded, _lists()[2].get(folded)) if w in known), None)


def explained_key(word: str, keys: list[str], homes: dict[str, str]) -> str:
    """What to write for an unknown key, or nothing. `homes`: key -> the one it belongs under."""
    meant = meant_key(word, [*keys, *homes, *_lists()[2].values()]) or ""
    if meant in keys:
        return f"did you mean {meant!r}?"
    if meant in homes:
        return f"{meant!r} is written under {homes[meant]!r}"
    return meant if " " in meant else ""
