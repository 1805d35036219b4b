"""The search index: Pagefind's index, made in batches and with reproducible content.

Pagefind needs fifty times the memory of the text that it indexes, and writes filter values in
random order. It is therefore run on one batch of records at a time, and the indexes of the batches
are merged into one with sorted words and filters, as if all records had been indexed at once. The
files of an index hold CBOR (RFC 8949) after a signature, are compressed, and are named after a hash
of their content, since browsers cache them.

Two changes make the index smaller. Every first search loads the list of pages, two thirds of which
were random names and the order by date: each page is now named after its position in that order,
by which the browser sorts. The positions of a page's hidden words made up two fifths of the index;
they are left out.
"""

import gzip
import hashlib
import heapq
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, groupby, islice, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import cbor2

from timeline.output import OutputFolder
from timeline.site.search import WEIGHT
from timeline.urls import SEARCH_INDEX

BATCH = 4_000  # records that Pagefind indexes at once, using some 170 KB of memory for each
_PART_SIZE = 5_500  # pages listed for the words of one part of the index, which is then some 13 KB
_WORD_COUNT = 200  # recorded for every page, so that long pages rank like short ones
_HIDDEN = "words"  # the field of the hidden words
_ENTRY_FILE = "pagefind-entry.json"
_USED_FILES = ("pagefind.js", "wasm.*")  # without Pagefind's own interfaces and its worker
_SIGNATURE = b"pagefind_dcd"


class Batch(NamedTuple):
    """The index that Pagefind made of a batch of records.

    `start`: the number of the batch's first page in the whole index. The attributes after it are
    the content of the .pf_meta file: the first and last word and the name of each part of the
    index; the name and the file of each filter; the name and the pages of each sort order.
    """

    folder: Path
    start: int
    version: str
    pages: list[list[Any]]
    parts: list[list[str]]
    filters: list[list[str]]
    orders: list[list[Any]]
    fields: list[str]


# A word, the number of the first page of its batch, its pages, and its other spellings with their
# pages. A page consists of its distance from the page before, the word's positions in the text, and
# the positions in the fields: the number of a field, which is negative, then the positions in it.
Word = tuple[str, int, list[list[Any]], list[list[Any]]]


def write_index(records: Iterable[tuple[str, bytes]], work: Path, site: Path) -> None:
    """Write the search index of records (path -> HTML) into the built site.

    The records themselves are written to the folder `work`. Raises OSError if Pagefind fails.
    """
    folder = site / SEARCH_INDEX
    shutil.rmtree(folder, ignore_errors=True)
    with ThreadPoolExecutor(1) as executor:  # the next records are made while Pagefind works
        futures = [
            executor.submit(_index_batch, dict(batch), work / f"{number}", folder / f"{number}")
            for number, batch in enumerate(_batches(iter(records)))
        ]
    folders = [future.result() for future in futures]
    for stale in set(work.iterdir()).difference(work / one.name for one in folders):
        shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
    for file in (file for name in _USED_FILES for file in folders[0].glob(name)):
        file.rename(folder / file.name)
    batches = list(_read_batches(folders))
    meta = _merge(batches, folder)
    entry = json.loads((folders[0] / _ENTRY_FILE).read_bytes())
    (language,) = entry["languages"].values()
    language["hash"] = _write(folder, "pagefind.en_", ".pf_meta", meta).partition(".")[2]
    language["page_count"] = len(meta[1])
    (folder / _ENTRY_FILE).write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    for one in folders:
        shutil.rmtree(one)


def _batches(records: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _index_batch(records: dict[str, bytes], work: Path, folder: Path) -> Path:
    """Run Pagefind on a batch of records. Returns the folder of the index."""
    OutputFolder(work).write(records)
    command = [sys.executable, "-m", "pagefind", "--silent"]
    done = subprocess.run(
        [*command, "--site", str(work), "--output-path", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError(f"the search index was not made: {done.stdout}{done.stderr}")
    return folder


def _read_batches(folders: Iterable[Path]) -> Iterator[Batch]:
    start = 0
    for folder in folders:
        (meta,) = folder.glob("*.pf_meta")
        batch = Batch(folder, start, *_read(meta))
        yield batch
        start += len(batch.pages)


def _merge(batches: list[Batch], folder: Path) -> list[Any]:
    """Write the merged index. Returns the content of its .pf_meta file."""
    fields = sorted({name for batch in batches for name in batch.fields})
    filters = _merged_filters(batches)
    pages_by_weight = filters.pop(WEIGHT, {}).items()
    weights = {page: int(weight) for weight, pages in pages_by_weight for page in pages}
    filter_files = [
        [name, _write(folder / "filter", "en_", ".pf_filter", [name, sorted(values.items())])]
        for name, values in sorted(filters.items())
    ]
    words = heapq.merge(*(_words(batch, fields) for batch in batches))
    parts = _write_parts(words, folder / "index")
    pages = _rename_pages(batches, folder, weights)
    return [batches[0].version, pages, parts, filter_files, [], fields]


def _merged_filters(batches: Iterable[Batch]) -> dict[str, dict[str, list[int]]]:
    """Return the pages that have each value of each filter: filter -> value -> page numbers."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for batch in batches:
        for name, file in batch.filters:
            for value, pages in _read(batch.folder / "filter" / f"{file}.pf_filter")[1]:
                found[name][value] += (batch.start + page for page in pages)
    return found


def _rename_pages(batches: list[Batch], folder: Path, weights: dict[int, int]) -> list[list[Any]]:
    """Rename the file of each page to its position in chronological order.

    The files go into a folder named after a hash of all the previous names. A letter after the
    position gives the weight: none for 0, `g` for 1, `h` for 2 and so on. Returns the new name and
    the word count of each page, by page number.
    """
    files = [b.folder / "fragment" / f"{name}.pf_fragment" for b in batches for name, _ in b.pages]
    version = hashlib.sha256("".join(file.name for file in files).encode()).hexdigest()[:8]
    orders = ((b.start, dict(b.orders).get("date", ())) for b in batches)
    in_order = [start + page for start, pages in orders for page in pages]
    undated = sorted(set(range(len(files))).difference(in_order))
    (folder / "fragment" / version).mkdir(parents=True)
    names = [""] * len(files)
    for position, page in enumerate([*in_order, *undated]):
        letter = chr(ord("f") + weights[page]) if weights.get(page) else ""
        names[page] = f"{version}/{position:x}{letter}"
        files[page].rename(folder / "fragment" / f"{names[page]}.pf_fragment")
    return [[name, _WORD_COUNT] for name in names]


def _words(batch: Batch, fields: list[str]) -> Iterator[Word]:
    """Yield the words of a batch in order, with the field numbers of the merged index."""
    new_numbers = {-old: -fields.index(name) - 1 for old, name in enumerate(batch.fields, 1)}
    hidden = -batch.fields.index(_HIDDEN) - 1
    first_hidden = [new_numbers[hidden], 0]
    for _, _, name in batch.parts:
        for word, pages, spellings in _read(batch.folder / "index" / f"{name}.pf_index")[0]:
            for page in chain(pages, *(more for _, more in spellings)):
                positions = page[2]
                if len(positions) == 2 and positions[0] == hidden:  # the most frequent case
                    page[2] = first_hidden
                elif positions:
                    page[2] = list(_renumbered(positions, new_numbers, hidden))
            yield word, batch.start, pages, spellings


def _renumbered(positions: list[int], new_numbers: dict[int, int], hidden: int) -> Iterator[int]:
    """Yield the positions with new field numbers, and 0 as the only position of hidden words."""
    is_hidden = False
    for position in positions:
        if position < 0:
            is_hidden = position == hidden
            yield new_numbers[position]
            if is_hidden:
                yield 0
        elif not is_hidden:
            yield position


def _write_parts(words: Iterator[Word], folder: Path) -> list[list[str]]:
    """Write the words in parts. Returns the first word, the last word and the name of each part."""
    parts: list[tuple[str, str, str]] = []
    part: list[list[Any]] = []

    def end_part() -> None:
        name = _write(folder, "en_", ".pf_index", [part])
        parts.append((part[0][0], part[-1][0], name))
        part.clear()

    size = 0
    for word, found in groupby(words, key=lambda one: one[0]):
        of_batches = list(found)
        pages = _joined((start, pages) for _, start, pages, _ in of_batches)
        spelled: dict[str, list[tuple[int, list[list[Any]]]]] = defaultdict(list)
        for _, start, _, spellings in of_batches:
            for spelling, more in spellings:
                spelled[spelling].append((start, more))
        part.append([word, pages, [[name, _joined(spelled[name])] for name in sorted(spelled)]])
        size += len(pages)
        if size >= _PART_SIZE:
            end_part()
            size = 0
    if part:
        end_part()
    return _shortened(parts)


def _joined(lists: Iterable[tuple[int, list[list[Any]]]]) -> list[list[Any]]:
    """Join the pages of several batches, each given with the number of the batch's first page."""
    joined: list[list[Any]] = []
    before: list[list[Any]] = []
    last = 0  # the number of the last page in `joined`
    for start, pages in lists:
        if pages:
            last += sum(page[0] for page in before)
            pages[0][0] += start - last
            joined += pages
            before = pages
    return joined


def _shortened(parts: list[tuple[str, str, str]]) -> list[list[str]]:
    """Shorten the first and last words of parts to prefixes that differ from the parts around."""
    before, after = ["", *(last for _, last, _ in parts)], [*(first for first, _, _ in parts), ""]
    return [
        [_distinct_prefix(first, before[at]), _distinct_prefix(last, after[at + 1]), name]
        for at, (first, last, name) in enumerate(parts)
    ]


def _distinct_prefix(word: str, other: str) -> str:
    pairs = zip(word, other, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return word[: shared + 1]


def _read(file: Path) -> Any:
    return cbor2.loads(gzip.decompress(file.read_bytes()).removeprefix(_SIGNATURE))


def _write(folder: Path, prefix: str, extension: str, content: Any) -> str:
    """Write a file of the index. Returns its name, without the extension."""
    data = _SIGNATURE + cbor2.dumps(content)
    name = f"{prefix}{hashlib.sha256(data).hexdigest()[:10]}"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}{extension}").write_bytes(gzip.compress(data, 7, mtime=0))
    return name
