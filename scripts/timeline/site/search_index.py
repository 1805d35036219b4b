"""The search index: Pagefind's, made batch by batch, in an order that no run changes.

Pagefind needs fifty times the memory of the text that it indexes, and writes the values of filters
in the order of maps with random seeds. So it indexes a batch of records at a time; what it made of
each is merged into one index, as if it had indexed all at once, with words and filters sorted. Its
files are CBOR (RFC 8949) after a mark, compressed, and named after a hash of their content, as
browsers keep them.

The list of the pages is part of every first search. Their random names and their order by date were
two thirds of it: so a page is named after its place in that order, by which browsers sort. At which
place in their list the hidden words of a page are was two fifths of the index: that is left out.
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
from itertools import groupby, islice, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import cbor2

from timeline.output import Output
from timeline.site.search import WEIGHT
from timeline.urls import SEARCH_INDEX

BATCH = 4_000  # records that Pagefind indexes at once, with some 170 KB of memory for each
_PART = 5_500  # pages of words in a part of the index, which is then some 13 KB
_LENGTH = 200  # words of every page: a long one is as good as a short one
_HIDDEN = "words"  # the field of the hidden words
# Pagefind adds interfaces of its own and a worker, which no page of the site loads.
_ENTRY, _USED = "pagefind-entry.json", ("pagefind.js", "wasm.*")
_MARK = b"pagefind_dcd"


class Batch(NamedTuple):
    """What Pagefind made of some records; the first of their pages has the number `start` of all.

    The other attributes are of its .pf_meta file: each part of the index has its first and last
    word and its name, each filter and each order its name and its file or pages.
    """

    folder: Path
    start: int
    version: str
    pages: list[list[Any]]
    parts: list[list[str]]
    filters: list[list[str]]
    orders: list[list[Any]]
    fields: list[str]


# A word, the number of the first page of its batch, its pages, and spellings with theirs. A page is
# its distance from the one before, the places in its text, and those in its fields: the number of a
# field, which is negative, and the places in it.
Word = tuple[str, int, list[list[Any]], list[list[Any]]]


def write_index(records: Iterable[tuple[str, bytes]], work: Path, site: Path) -> None:
    """Index records, path -> HTML, into the built site; they are kept in the folder `work`.

    Raises OSError where Pagefind fails.
    """
    folder = site / SEARCH_INDEX
    shutil.rmtree(folder, ignore_errors=True)
    with ThreadPoolExecutor(1) as beside:  # while Pagefind works, the next records are made
        made = [
            beside.submit(_indexed, dict(batch), work / f"{number}", folder / f"{number}")
            for number, batch in enumerate(_batches(iter(records)))
        ]
    folders = [one.result() for one in made]
    for left in set(work.iterdir()).difference(work / one.name for one in folders):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    for file in (file for name in _USED for file in folders[0].glob(name)):
        file.rename(folder / file.name)
    batches = list(_opened(folders))
    listing = _merged(batches, folder)
    entry = json.loads((folders[0] / _ENTRY).read_bytes())
    (language,) = entry["languages"].values()
    language["hash"] = _write(folder, "pagefind.en_", ".pf_meta", listing).partition(".")[2]
    language["page_count"] = len(listing[1])
    (folder / _ENTRY).write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    for one in folders:
        shutil.rmtree(one)


def _batches(records: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _indexed(records: dict[str, bytes], work: Path, folder: Path) -> Path:
    """Let Pagefind index the records into a folder, which is returned."""
    Output(work).write(records)
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


def _opened(folders: Iterable[Path]) -> Iterator[Batch]:
    start = 0
    for folder in folders:
        (listing,) = folder.glob("*.pf_meta")
        batch = Batch(folder, start, *_read(listing))
        yield batch
        start += len(batch.pages)


def _merged(batches: list[Batch], folder: Path) -> list[Any]:
    """Write the merged index. Returns the content of its .pf_meta file."""
    fields = sorted({name for batch in batches for name in batch.fields})
    filters = _filters(batches)
    pages_of_weight = filters.pop(WEIGHT, {}).items()
    weights = {page: int(weight) for weight, pages in pages_of_weight for page in pages}
    named = [
        [kind, _write(folder / "filter", "en_", ".pf_filter", [kind, sorted(values.items())])]
        for kind, values in sorted(filters.items())
    ]
    words = heapq.merge(*(_words(batch, fields) for batch in batches))
    parts = _write_parts(words, folder / "index")
    return [batches[0].version, _name_pages(batches, folder, weights), parts, named, [], fields]


def _filters(batches: Iterable[Batch]) -> dict[str, dict[str, list[int]]]:
    """Filter -> value -> the pages that have it."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for batch in batches:
        for kind, file in batch.filters:
            for value, pages in _read(batch.folder / "filter" / f"{file}.pf_filter")[1]:
                found[kind][value] += (batch.start + page for page in pages)
    return found


def _name_pages(batches: list[Batch], folder: Path, weights: dict[int, int]) -> list[list[Any]]:
    """Name each page by its place in the order of time, in a folder named after all of them.

    A letter after the place is its weight: none, `g` for 1, `h` for 2 and so on. Returns the pages
    by number: their names, and the words of each.
    """
    files = [b.folder / "fragment" / f"{name}.pf_fragment" for b in batches for name, _ in b.pages]
    version = hashlib.sha256("".join(file.name for file in files).encode()).hexdigest()[:8]
    orders = ((b.start, dict(b.orders).get("date", ())) for b in batches)
    in_order = [start + page for start, pages in orders for page in pages]
    undated = sorted(set(range(len(files))).difference(in_order))
    (folder / "fragment" / version).mkdir(parents=True)
    names = [""] * len(files)
    for place, page in enumerate([*in_order, *undated]):
        letter = chr(ord("f") + weights[page]) if weights.get(page) else ""
        names[page] = f"{version}/{place:x}{letter}"
        files[page].rename(folder / "fragment" / f"{names[page]}.pf_fragment")
    return [[name, _LENGTH] for name in names]


def _words(batch: Batch, fields: list[str]) -> Iterator[Word]:
    """The words of a batch, sorted, with the fields numbered as in the merged index."""
    number = {-at: -fields.index(name) - 1 for at, name in enumerate(batch.fields, 1)}
    hidden = -batch.fields.index(_HIDDEN) - 1
    at_first = [number[hidden], 0]
    for _, _, name in batch.parts:
        for word, pages, spellings in _read(batch.folder / "index" / f"{name}.pf_index")[0]:
            for of_spelling in (pages, *(more for _, more in spellings)):
                for page in of_spelling:
                    places = page[2]
                    if len(places) == 2 and places[0] == hidden:  # most are such
                        page[2] = at_first
                    elif places:
                        page[2] = list(_renumbered(places, number, hidden))
            yield word, batch.start, pages, spellings


def _renumbered(places: list[int], number: dict[int, int], hidden: int) -> Iterator[int]:
    """The places with the new numbers of their fields; hidden words are all at the first."""
    is_hidden = False
    for place in places:
        if place < 0:
            is_hidden = place == hidden
            yield number[place]
            if is_hidden:
                yield 0
        elif not is_hidden:
            yield place


def _write_parts(words: Iterator[Word], folder: Path) -> list[list[str]]:
    """Write the index in parts. Returns their first and last words and their names."""
    parts: list[tuple[str, str, str]] = []
    part: list[list[Any]] = []

    def end() -> None:
        name = _write(folder, "en_", ".pf_index", [part])
        parts.append((part[0][0], part[-1][0], name))
        part.clear()

    size = 0
    for word, found in groupby(words, key=lambda one: one[0]):
        lists = list(found)
        pages = _joined((start, pages) for _, start, pages, _ in lists)
        spelled: dict[str, list[tuple[int, list[list[Any]]]]] = defaultdict(list)
        for _, start, _, spellings in lists:
            for spelling, more in spellings:
                spelled[spelling].append((start, more))
        part.append([word, pages, [[name, _joined(spelled[name])] for name in sorted(spelled)]])
        size += len(pages)
        if size >= _PART:
            end()
            size = 0
    if part:
        end()
    return _shortened(parts)


def _joined(lists: Iterable[tuple[int, list[list[Any]]]]) -> list[list[Any]]:
    """The pages of several batches, each with the number of its first page, as one list."""
    joined: list[list[Any]] = []
    before: list[list[Any]] = []
    last = 0  # of the pages that are joined
    for start, pages in lists:
        if pages:
            last += sum(page[0] for page in before)
            pages[0][0] += start - last
            joined += pages
            before = pages
    return joined


def _shortened(parts: list[tuple[str, str, str]]) -> list[list[str]]:
    """The parts with as much of their first and last words as tells them from their neighbours."""
    before, after = ["", *(last for _, last, _ in parts)], [*(first for first, _, _ in parts), ""]
    return [
        [_until_other(first, before[at]), _until_other(last, after[at + 1]), name]
        for at, (first, last, name) in enumerate(parts)
    ]


def _until_other(word: str, other: str) -> str:
    pairs = zip(word, other, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return word[: shared + 1]


def _read(file: Path) -> Any:
    return cbor2.loads(gzip.decompress(file.read_bytes()).removeprefix(_MARK))


def _write(folder: Path, prefix: str, ending: str, content: Any) -> str:
    """Write a file of the index. Returns its name, without the ending."""
    data = _MARK + cbor2.dumps(content)
    name = f"{prefix}{hashlib.sha256(data).hexdigest()[:10]}"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}{ending}").write_bytes(gzip.compress(data, 7, mtime=0))
    return name
