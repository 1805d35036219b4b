"""The search index: Pagefind's, made smaller, with its filters in an order that no run changes.

Pagefind keeps the values of its filters in maps with random seeds, and writes them in the order of
the maps; nothing else of its files differs from run to run. So the filters, and the file that lists
them, are written anew in sorted order. They are CBOR (RFC 8949) after a mark, compressed, and named
after a hash of their content, as browsers keep them.

The list of the pages is part of every first search. Their random names and their order by date were
two thirds of it: so a page is named after its place in that order, by which browsers sort. At which
place in their list the hidden words of a page are was two fifths of the index: that is left out.
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cbor2

from timeline.site.search import WEIGHT
from timeline.urls import SEARCH_INDEX

# Pagefind adds interfaces of its own and a worker, which no page of the site loads.
_UNUSED, _ENTRY = "pagefind-*.*s*", "pagefind-entry.json"
_MARK = b"pagefind_dcd"
# Places in the list that is the content of a .pf_meta file.
_PAGES, _PARTS, _FILTERS, _SORTS, _FIELDS = range(1, 6)
_LENGTH = 200  # words of every page: a long one is as good as a short one


def write_index(records: Path, site: Path) -> None:
    """Index the records into the built site. Raises OSError where Pagefind fails."""
    folder = site / SEARCH_INDEX
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pagefind", "--silent"]
    done = subprocess.run(
        [*command, "--site", str(records), "--output-path", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError(f"the search index was not made: {done.stdout}{done.stderr}")
    for file in folder.glob(_UNUSED):
        if file.name != _ENTRY:
            file.unlink()
    _rewrite(folder)


def _rewrite(folder: Path) -> None:
    entry = json.loads((folder / _ENTRY).read_bytes())
    for name, language in entry["languages"].items():
        listing = folder / f"pagefind.{language['hash']}.pf_meta"
        content = _read(listing)
        filters, weights = [], {}
        for kind, hashed in content[_FILTERS]:
            file = folder / "filter" / f"{hashed}.pf_filter"
            _, values = _read(file)
            if kind == WEIGHT:
                weights = {page: int(value) for value, pages in values for page in pages}
                file.unlink()
            else:
                filters.append([kind, _replace(file, f"{name}_", [kind, sorted(values)])])
        content[_FILTERS] = sorted(filters)
        _name_pages(folder / "fragment", content, weights)
        hidden = -content[_FIELDS].index("words") - 1
        for part in content[_PARTS]:
            part[2] = _without_places(folder / "index" / f"{part[2]}.pf_index", f"{name}_", hidden)
        language["hash"] = _replace(listing, f"pagefind.{name}_", content).partition(".")[2]
    (folder / _ENTRY).write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")


def _name_pages(fragments: Path, content: Any, weights: dict[int, int]) -> None:
    """Name each page by its place in the order of time, in a folder named after all of them.

    A letter after the place is its weight: none, `g` for 1, `h` for 2 and so on.
    """
    pages, sorts = content[_PAGES], dict(content[_SORTS])
    content[_SORTS] = []
    by_date = sorts.get("date", [])
    undated = sorted(set(range(len(pages))).difference(by_date))
    version = hashlib.sha256("".join(name for name, _ in pages).encode()).hexdigest()[:8]
    (fragments / version).mkdir()
    for place, number in enumerate([*by_date, *undated]):
        name, _ = pages[number]
        letter = chr(ord("f") + weights[number]) if weights.get(number) else ""
        pages[number] = [f"{version}/{place:x}{letter}", _LENGTH]
        (fragments / f"{name}.pf_fragment").rename(fragments / f"{pages[number][0]}.pf_fragment")


def _without_places(file: Path, prefix: str, field: int) -> str:
    """Write a part of the index anew, in which the words of a field are all in its first place.

    A page of a word has its places by field: the number of a field, which is negative, and the
    places in it. Returns the part's new name.
    """
    words, *others = _read(file)
    for _, pages, *_ in words:
        for _, _, places in pages:
            if field in places:
                start = places.index(field) + 1
                end = next((at for at in range(start, len(places)) if places[at] < 0), len(places))
                places[start:end] = [0]
    return _replace(file, prefix, [words, *others])


def _read(file: Path) -> Any:
    return cbor2.loads(gzip.decompress(file.read_bytes()).removeprefix(_MARK))


def _replace(file: Path, prefix: str, content: Any) -> str:
    """Write the content in place of the file. Returns its new name, without the ending."""
    data = _MARK + cbor2.dumps(content)
    renamed = file.with_name(f"{prefix}{hashlib.sha256(data).hexdigest()[:10]}{file.suffix}")
    file.unlink()
    renamed.write_bytes(gzip.compress(data, 7, mtime=0))
    return renamed.stem
