"""The search index: Pagefind's, made smaller, with its filters in an order that no run changes.

Pagefind keeps the values of its filters in maps with random seeds, and writes them in the order of
the maps; nothing else of its files differs from run to run. So the filters, and the file that lists
them, are written anew in sorted order. They are CBOR (RFC 8949) after a mark, compressed, and named
after a hash of their content, as browsers keep them.

The list of the pages is part of every first search. Their random names and their order by date were
two thirds of it: so a page is named after its place in that order, by which browsers sort.
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
_PAGES, _FILTERS, _SORTS = 1, 3, 4  # places in the list that is the content of a .pf_meta file
_LENGTH_STEP = 64  # words; the length of a page counts little, and says less where it is exact


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
    _sort_filters(folder)


def _sort_filters(folder: Path) -> None:
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
        name, length = pages[number]
        letter = chr(ord("f") + weights[number]) if weights.get(number) else ""
        pages[number] = [f"{version}/{place:x}{letter}", -(-length // _LENGTH_STEP) * _LENGTH_STEP]
        (fragments / f"{name}.pf_fragment").rename(fragments / f"{pages[number][0]}.pf_fragment")


def _read(file: Path) -> Any:
    return cbor2.loads(gzip.decompress(file.read_bytes()).removeprefix(_MARK))


def _replace(file: Path, prefix: str, content: Any) -> str:
    """Write the content in place of the file. Returns its new name, without the ending."""
    data = _MARK + cbor2.dumps(content)
    renamed = file.with_name(f"{prefix}{hashlib.sha256(data).hexdigest()[:10]}{file.suffix}")
    file.unlink()
    renamed.write_bytes(gzip.compress(data, mtime=0))
    return renamed.stem
