"""What the theme puts around the content of pages, which is the same on many.

A frame is made by the theme once, of a page whose values are marks, and filled for each page.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

_MARK = "\ue000{}\ue000"  # of a plane for private use, which no text that is checked holds
_FOUND = re.compile("\ue000(\\w+)\ue000")


def mark(name: str) -> str:
    """The text that stands for a value."""
    return _MARK.format(name)


def css_string(text: str) -> str:
    """An escaped text as a CSS string, by CSS Syntax 3, 4.3.7: no mark of it can end the style."""
    escapes = re.sub(r"[^\w ]", lambda mark: f"\\{ord(mark[0]):x} ", html.unescape(text))
    return f'"{escapes}"'


class Frame:
    """A page in pieces, between which its values stand: a name, or a name in CSS."""

    def __init__(self, page: str) -> None:
        in_css = re.escape(css_string(mark("name"))).replace("name", r"(\w+)")
        self._pieces = _FOUND.split(re.sub(in_css, mark(r"css_\1"), page))

    def filled(self, values: Mapping[str, Any]) -> str:
        """The page with these values."""
        pieces = self._pieces.copy()
        for place in range(1, len(pieces), 2):
            name = pieces[place]
            in_css = name.removeprefix("css_")
            pieces[place] = values[name] if in_css == name else css_string(values[in_css])
        return "".join(pieces)
