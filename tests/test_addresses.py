"""Every address that the site has published: paths, anchors, ids of feed items, UIDs, columns.

`addresses.txt` holds the addresses of the real site as of 22 November 2026, and a digest of each
source file. A change to the code must not remove any of them. A change to the content may: the
names in a page are required only while its source files are unchanged.
`--write-addresses` records the addresses of the current site.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

FROZEN = Path(__file__).parent / "addresses.txt"
ANCHOR = re.compile(r'\sid="([^"]+)"')
FEED_ID = re.compile(r"<id>([^<]+)</id>")
EVENT_UID = re.compile(r"^UID:(.+)\r$", re.MULTILINE)
ENTRY_ID = re.compile(r"\d{4}(?:-\d\d){0,2}(?:-[a-z0-9]+)+")
# Files that only the site's own pages load.
INTERNAL = re.compile(r"pagefind/.*|assets/(?!card\.png|seal\.svg).*|contribute/.*\.json")
# Pages of recent and upcoming items, on which only the headings are permanent.
CURRENT_PAGES = ("index.html", "timeline/index.html", "deadlines/index.html", "changes/")
# Names that depend on statuses and on the pages of other instruments.
COMPUTED = re.compile(r"__.*|from-.*|print-.*|related|articles|coming")

Names = dict[str, set[str]]  # path of a file of the site -> names in it


def published(site: Path) -> Names:
    """Return every file of a built site, with the names in it that others may refer to."""
    found: Names = {}
    for file in sorted(path for path in site.rglob("*") if path.is_file()):
        path = file.relative_to(site).as_posix()
        if not INTERNAL.fullmatch(path):
            found[path] = set(_names(path, file))
    return found


def _names(path: str, file: Path) -> Iterator[str]:
    if path.endswith("/index.html") or path == "index.html":
        current = path.startswith(CURRENT_PAGES)
        for name in ANCHOR.findall(file.read_text(encoding="utf-8")):
            if not COMPUTED.fullmatch(name) and not (current and re.search(r"\d{4}|-", name)):
                yield name
    elif path == "feed.atom":
        yield from FEED_ID.findall(file.read_text(encoding="utf-8"))
    elif (
        path == "calendar.ics"
    ):  # which drops events after a year; another file holds the whole history
        whole = file.with_name("calendar-all.ics").read_bytes()
        yield from EVENT_UID.findall(whole.replace(b"\r\n ", b"").decode())
    elif path.endswith(".csv"):
        yield from file.read_text(encoding="utf-8-sig").split("\n")[0].strip().split(",")


def test_no_address_is_lost(site: Path, request: pytest.FixtureRequest) -> None:
    present = published(site)
    if request.config.getoption("--write-addresses"):
        _write(present)
    files, frozen = _read()
    changed = {name for name, digest in files.items() if _digest(name) != digest}
    lost = []
    for path, names in frozen.items():
        if path not in present:
            lost += [path] if _required(path, set(), changed) else []
        elif _required(path, names, changed):
            below = set().union(*(present[p] for p in present if p.startswith(_folder(path))))
            lost += [f"{path}#{name}" for name in sorted(names - below)]
    assert lost == []


def _required(path: str, names: set[str], changed: set[str]) -> bool:
    """Return whether the source files of a page are unchanged since the addresses were recorded."""
    entries = {match for name in (path, *names) for match in ENTRY_ID.findall(name)}
    behind = {f"entries/{entry[:4]}/{entry}.md" for entry in entries}
    behind.add(f"docs/{path.removesuffix('/index.html')}.md")
    return not behind & changed


def _folder(path: str) -> str:
    """Return the folder of a page, since a list that grows is divided into pages below it."""
    return path.removesuffix("index.html") if path.count("/") else path


def _digest(path: str) -> str:
    file = ROOT / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8] if file.is_file() else "gone"


def _write(present: Names) -> None:
    files = [*(ROOT / "entries").rglob("*.md"), *(ROOT / "docs").rglob("*.md")]
    names = sorted(file.relative_to(ROOT).as_posix() for file in files)
    lines = [f"{_digest(name)} {name}" for name in names]
    lines += [" ".join([f"/{path}", *sorted(present[path])]) for path in sorted(present)]
    FROZEN.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _read() -> tuple[dict[str, str], Names]:
    files: dict[str, str] = {}
    frozen: Names = defaultdict(set)
    if not FROZEN.exists():
        pytest.skip("nothing has been published yet; --write-addresses records the addresses")
    for line in FROZEN.read_text(encoding="utf-8").splitlines():
        first, *rest = line.split(" ")
        if first.startswith("/"):
            frozen[first[1:]] = set(rest)
        else:
            files[rest[0]] = first
    return files, frozen
