"""The words of words.yml as patterns."""

import functools
import re
from pathlib import Path

import yaml


@functools.cache
def _lists() -> dict[str, list[str]]:
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return lists


def alternatives(*names: str) -> str:
    """The words of these lists as they are, to be used in a pattern."""
    return "|".join(word for name in names for word in _lists()[name])


def pattern(*names: str, case: bool = False) -> re.Pattern[str]:
    """The words of these lists, whole, in any case unless `case` is asked for."""
    words = "|".join(_whole(word) for name in names for word in _lists()[name])
    return re.compile(words, re.NOFLAG if case else re.IGNORECASE)


def _whole(word: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z ]*\*?", word):
        return word
    return rf"\b{word[:-1]}\w*" if word.endswith("*") else rf"\b{word}\b"
