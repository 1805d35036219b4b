"""Places on a page that can be pointed at: their names are the same whatever else joins."""

import re


def anchor(text: str) -> str:
    """A text as part of an anchor: letters and digits of any script, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")
