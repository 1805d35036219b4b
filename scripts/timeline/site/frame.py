"""Frames: the output of the theme around the content of pages, shared by similar pages.

The theme renders a frame once, with placeholders as values, and it is then filled for each page.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

# Delimited by private-use characters, which the check refuses in texts.
_PLACEHOLDER = "\ue000{}\ue000"
_PATTERN = re.compile("\ue000(\\w+)\ue000")


def placeholder(name: str) -> str:
    """Return the placeholder for the value of a name."""
    return _PLACEHOLDER.format(name)


def css_string(text: str) -> str:
    """Return HTML-escaped text as a CSS string (CSS Syntax 3, 4.3.7) that cannot end the style."""
    escapes = re.sub(r"[^\w ]", lambda match: f"\\{ord(match[0]):x} ", html.unescape(text))
    return f'"{escapes}"'


class Frame:
    """A page split at its placeholders, in HTML and in CSS strings."""

    def __init__(self, page: str) -> None:
        in_css = re.escape(css_string(placeholder("name"))).replace("name", r"(\w+)")
        self._pieces = _PATTERN.split(re.sub(in_css, placeholder(r"css_\1"), page))

    def fill(self, values: Mapping[str, Any]) -> str:
        """Return the page with the given values."""
        pieces = self._pieces.copy()
        for place in range(1, len(pieces), 2):
            name = pieces[place]
            in_css = name.removeprefix("css_")
            pieces[place] = values[name] if in_css == name else css_string(values[in_css])
        return "".join(pieces)
