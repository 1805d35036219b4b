"""Check the assets: the files in docs/ that are not pages.

An asset can also be opened by itself, on the site's own host. An SVG may therefore contain only
elements that draw.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from timeline.problems import Problem

FOLDER = "docs/assets/"
SUFFIXES = frozenset(
    {".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".txt", ".pdf"}
)
MAX_BYTES = 5_000_000
_DRAWING_ELEMENTS = {
    "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse",
    "line", "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop",
    "clipPath", "mask", "pattern",
}  # fmt: skip
# A backslash too, since CSS reads `u\72l(` as `url(`.
_EXTERNAL = re.compile(r"\\|url\(\s*['\"]?\s*[^#'\"\s]", re.IGNORECASE)
_ONLY_DRAWING = "remove it, since an SVG may only draw"


def bad_assets(assets: dict[str, Path]) -> Iterator[Problem]:
    """Yield a problem for each file that may not be published.

    `assets` maps paths relative to the site to the files.
    """
    for name, file in assets.items():
        message = _message(f"docs/{name}", file)
        if message:
            yield Problem(f"docs/{name}", 1, message)


def _message(path: str, file: Path) -> str | None:
    """Return what is wrong with a file, or None."""
    if file.is_symlink() or not file.is_file():
        return "is not a regular file; put the file itself here"
    if file.suffix not in SUFFIXES:
        allowed = ", ".join(sorted(SUFFIXES))
        return f"is neither a page (.md) nor one of {allowed}; convert or remove it"
    if not path.startswith(FOLDER):
        return f"is in the wrong folder; move it to {FOLDER}"
    if file.stat().st_size > MAX_BYTES:
        return f"has more than {MAX_BYTES:,} bytes; make it smaller"
    return _svg_message(file.read_bytes()) if file.suffix == ".svg" else None


def _svg_message(data: bytes) -> str | None:
    """Return what in an SVG could run or load something, or None."""
    if b"<!" in data or b"<?xml-" in data:
        return f"has a declaration, a comment or a style sheet; {_ONLY_DRAWING}"
    try:
        root = ET.fromstring(data.decode())  # noqa: S314 - no declarations, so no entities expand
    except (ET.ParseError, UnicodeDecodeError) as error:
        return f"is not an SVG in UTF-8 ({error})"
    for element in root.iter():
        namespace, _, tag = element.tag.rpartition("}")
        if namespace != "{http://www.w3.org/2000/svg" or tag not in _DRAWING_ELEMENTS:
            return f"has the element {tag!r}; {_ONLY_DRAWING}"
        for name, value in element.items():
            key = name.rpartition("}")[2]
            is_external = key == "href" and not value.startswith("#")
            if key.lower().startswith("on") or key == "style" or is_external:
                return f"has the attribute {key!r}; {_ONLY_DRAWING}"
            if _EXTERNAL.search(value):
                return f"has an address in the attribute {key!r}; {_ONLY_DRAWING}"
    return None
