"""The words of words.yml, and those of the field, as patterns."""

import re
from pathlib import Path

import yaml

from timeline.config import field_words

LISTS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
)
LISTS |= {name: LISTS[name] + more for name, more in field_words().get("importer", {}).items()}


def alternatives(*names: str) -> str:
    """The words of these lists as they are, to be used in a pattern."""
    return "|".join(word for name in names for word in LISTS[name])


def pattern(*names: str, case: bool = False) -> re.Pattern[str]:
    """The words of these lists, whole, in any case unless `case` is asked for."""
    words = (re.sub(r"^[A-Za-z ]+$", r"\\b\g<0>\\b", w) for name in names for w in LISTS[name])
    plain = "|".join(re.sub(r"^([A-Za-z ]+)\*$", r"\\b\1\\w*", word) for word in words)
    return re.compile(plain, re.NOFLAG if case else re.IGNORECASE)
