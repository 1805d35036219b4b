"""The files of docs/ that are no pages: which kinds are published, and from where.

A file is opened alone too, on the site's own host. So an SVG may draw, and nothing else.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from timeline.problems import Problem

FOLDER = "docs/assets/"
KINDS = frozenset(
    {".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".txt", ".pdf"}
)
MAX_BYTES = 5_000_000
_DRAWS = {
    "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse",
    "line", "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop",
    "clipPath", "mask", "pattern",
}  # fmt: skip
_ELSEWHERE = re.compile(r"\\|url\(\s*['\"]?\s*[^#'\"\s]", re.IGNORECASE)  # `u\72l(` is `url(`


def bad_assets(assets: dict[str, Path]) -> Iterator[Problem]:
    """Every problem of the files, given by their paths below the site."""
    for name, file in assets.items():
        wrong = _wrong(f"docs/{name}", file)
        if wrong:
            yield Problem(f"docs/{name}", 1, wrong)


def _wrong(path: str, file: Path) -> str | None:
    if file.is_symlink() or not file.is_file():
        return "is not a regular file; put the file itself here"
    if file.suffix not in KINDS:
        return f"is neither a page (.md) nor one of {', '.join(sorted(KINDS))}"
    if not path.startswith(FOLDER):
        return f"belongs in {FOLDER}, where it takes the place of no page"
    if file.stat().st_size > MAX_BYTES:
        return f"has more than {MAX_BYTES:,} bytes"
    return _active_svg(file.read_bytes()) if file.suffix == ".svg" else None


def _active_svg(data: bytes) -> str | None:
    """What an SVG has that could run, or load something."""
    if b"<!" in data or b"<?xml-" in data:
        return "has a declaration, a comment or a style sheet; an SVG may only draw"
    try:
        root = ET.fromstring(data.decode())  # noqa: S314 - without declarations, nothing grows
    except (ET.ParseError, UnicodeDecodeError) as error:
        return f"is not an SVG in UTF-8 ({error})"
    for element in root.iter():
        namespace, _, tag = element.tag.rpartition("}")
        if namespace != "{http://www.w3.org/2000/svg" or tag not in _DRAWS:
            return f"has the element {tag!r}; an SVG may only draw"
        for name, value in element.items():
            key = name.rpartition("}")[2]
            leads_away = key == "href" and not value.startswith("#")
            if key.lower().startswith("on") or key == "style" or leads_away:
                return f"has the attribute {key!r}; an SVG may only draw"
            if _ELSEWHERE.search(value):
                return f"has an address in the attribute {key!r}; an SVG may only draw"
    return None
