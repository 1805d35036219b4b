"""Places on a page that can be pointed at: their names are the same whatever else joins."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator


def anchor(text: str) -> str:
    """A text as part of an anchor: letters and digits of any script, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def numbered(names: Iterable[str]) -> Iterator[str]:
    """The names in their order; what was there before gets a number, from 2 on."""
    before = Counter[str]()
    for name in names:
        before[name] += 1
        yield f"{name}.{before[name]}" if before[name] > 1 else name
