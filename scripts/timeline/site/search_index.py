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

import functools
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import cbor2
from pagefind_bin import get_executable

from timeline.output import OutputFile, OutputFolder, complete, link_or_copy
from timeline.reuse import Record, Stamp, digest_of_code, stamp
from timeline.site.search import FIELDS, HIDDEN, WEIGHT
from timeline.urls import SEARCH_INDEX

BATCH = 1_000  # records that Pagefind indexes at once, using some 170 KB of memory for each
_PART_SIZE = 5_500  # pages listed for the words of one part of the index, which is then some 13 KB
_WORD_COUNT = 200  # recorded for every page, so that long pages rank like short ones
_ENTRY_FILE = "pagefind-entry.json"
_COMPRESSED = "compressed"  # the file of the compressed parts, kept for the next index
_USED_FILES = ("pagefind.js", "wasm.*")  # without Pagefind's own interfaces and its worker
_SIGNATURE = b"pagefind_dcd"
_ARRAY = 4  # the major type of arrays in CBOR
_CACHED = 100_000  # short encodings to remember; most positions are those of many words


class Listing(NamedTuple):
    """The pages of a batch that have a word, encoded.

    A page consists of its distance from the page before, the word's positions in the text, and the
    positions in the fields: the number of a field, which is negative, then the positions in it.
    `first` and `last` are numbers of pages, `rest` is all that follows the first distance.
    """

    total: int
    first: int
    last: int
    rest: bytes


class Word(NamedTuple):
    """A word, the pages of a batch that have it, and the pages of its other spellings."""

    word: str
    pages: Listing
    spellings: dict[str, Listing]


class Batch(NamedTuple):
    """The index that Pagefind made of a batch of records, in `folder`.

    `pages` holds the paths of their files with the stamps of these, `filters` the pages that have a
    value of a filter, and `by_date` the pages that have a date, in order.
    """

    folder: Path
    version: str
    pages: list[tuple[str, Stamp]]
    words: list[Word]
    filters: dict[str, dict[str, list[int]]]
    by_date: list[int]


def write_index(records: Iterable[OutputFile], work: Path, site: Path) -> None:
    """Write the search index of records (path -> HTML) into the built site.

    The records and their indexes are kept in the folder `work`, and the index of a batch is reused
    if its records are the same as before. Raises OSError if Pagefind fails.
    """
    folder = site / SEARCH_INDEX
    shutil.rmtree(folder, ignore_errors=True)
    with ThreadPoolExecutor(2) as executor:  # the next records are made while Pagefind works
        futures = [
            executor.submit(_batch, batch, work / f"{number}")
            for number, batch in enumerate(_batches(iter(records)))
        ]
    batches = [future.result() for future in futures]
    current = {_COMPRESSED, *(f"{number}" for number in range(len(batches)))}
    for stale in (file for file in work.iterdir() if file.name not in current):
        shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
    writer = _Writer(folder, work / _COMPRESSED)
    for file in (file for name in _USED_FILES for file in batches[0].folder.glob(name)):
        shutil.copy(file, folder)
    meta = _merge(batches, writer)
    entry = json.loads((batches[0].folder / _ENTRY_FILE).read_bytes())
    (language,) = entry["languages"].values()
    name = writer.write("pagefind.en_", ".pf_meta", cbor2.dumps(meta))
    writer.save()
    language["hash"] = name.removeprefix("pagefind.")
    language["page_count"] = len(meta[1])
    (folder / _ENTRY_FILE).write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")


def _batches(records: Iterator[OutputFile]) -> Iterator[list[OutputFile]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _batch(records: list[OutputFile], work: Path) -> Batch:
    """Return the index of a batch of records, made by Pagefind if it cannot be reused."""
    record = Record(work / "batch", (digest_of_code(), records))
    pages, index = work / "records", work / record.key.hex()
    batch: Batch | None = record.read()
    if batch is None or not all(stamp(path) == known for path, known in batch.pages):
        OutputFolder(pages).write(complete(records))
        shutil.rmtree(index, ignore_errors=True)
        done = subprocess.run(
            [str(get_executable()), "--silent", "--site", pages, "--output-path", index],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise OSError(f"the search index was not made: {done.stdout}{done.stderr}")
        batch = _read_batch(index)
        record.write(batch)
        for old in (old for old in work.iterdir() if old.is_dir() and old not in {pages, index}):
            shutil.rmtree(old)
    return batch


def _read_batch(folder: Path) -> Batch:
    (meta,) = folder.glob("*.pf_meta")
    version, pages, parts, filters, orders, fields = _read(meta)
    # The content of the .pf_meta file: the first and last word and the name of each part of the
    # index; the name and the file of each filter; the name and the pages of each sort order.
    named = (_read(folder / "filter" / f"{name}.pf_filter") for _, name in filters)
    files = [f"{folder}/fragment/{name}.pf_fragment" for name, _ in pages]
    return Batch(
        folder=folder,
        version=version,
        pages=[(file, stamp(file)) for file in files],
        words=list(_words(folder, parts, fields)),
        filters={name: dict(values) for name, values in named},
        by_date=dict(orders).get("date", []),
    )


def _merge(batches: list[Batch], writer: "_Writer") -> list[Any]:
    """Write the merged index. Returns the content of its .pf_meta file."""
    starts = [0]  # the number of the first page of each batch in the whole index
    for batch in batches:
        starts.append(starts[-1] + len(batch.pages))
    numbered = list(zip(starts, batches, strict=False))
    filters = _merged_filters(numbered)
    pages_by_weight = filters.pop(WEIGHT, {}).items()
    weights = {page: int(weight) for weight, pages in pages_by_weight for page in pages}
    filter_files = []
    for name, values in sorted(filters.items()):
        content = cbor2.dumps([name, sorted(values.items())])
        filter_files.append([name, writer.write("filter/en_", ".pf_filter", content)])
    parts = _write_parts(numbered, writer)
    pages = _link_pages(numbered, writer.folder, weights)
    return [batches[0].version, pages, parts, filter_files, [], FIELDS]


Numbered = list[tuple[int, Batch]]  # batches with the number of their first page


def _merged_filters(batches: Numbered) -> dict[str, dict[str, list[int]]]:
    """Return the pages that have each value of each filter: filter -> value -> page numbers."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for start, batch in batches:
        for name, values in batch.filters.items():
            for value, pages in values.items():
                found[name][value] += (start + page for page in pages)
    return found


def _link_pages(batches: Numbered, folder: Path, weights: dict[int, int]) -> list[list[Any]]:
    """Link the file of each page into the index, named after its position in chronological order.

    The files go into a folder named after a hash of all the previous names. A letter after the
    position gives the weight: none for 0, `g` for 1, `h` for 2 and so on. Returns the new name and
    the word count of each page, by page number.
    """
    files = [file for _, batch in batches for file, _ in batch.pages]
    names = "".join(os.path.basename(file) for file in files)  # noqa: PTH119 - there are many
    version = hashlib.sha256(names.encode()).hexdigest()[:8]
    in_order = [start + page for start, batch in batches for page in batch.by_date]
    undated = sorted(set(range(len(files))).difference(in_order))
    (folder / "fragment" / version).mkdir(parents=True)
    new_names = [""] * len(files)
    for position, page in enumerate([*in_order, *undated]):
        letter = chr(ord("f") + weights[page]) if weights.get(page) else ""
        new_names[page] = f"{version}/{position:x}{letter}"
        link_or_copy(files[page], f"{folder}/fragment/{new_names[page]}.pf_fragment")
    return [[name, _WORD_COUNT] for name in new_names]


def _words(folder: Path, parts: list[list[str]], fields: list[str]) -> Iterator[Word]:
    """Yield the words of a batch in order, with the numbers that fields have in every batch."""
    encode = functools.lru_cache(maxsize=_CACHED)(functools.partial(_encoded_in_fields, fields))
    for _, _, name in parts:
        for word, pages, spellings in _read(folder / "index" / f"{name}.pf_index")[0]:
            others = {name: _listing(more, encode) for name, more in spellings}
            yield Word(word, _listing(pages, encode), others)


_PAGE = cbor2.dumps([0, 0, 0]).removesuffix(3 * cbor2.dumps(0))  # the start of a page in a listing
_encoded = functools.lru_cache(maxsize=_CACHED)(cbor2.dumps)  # of numbers and tuples of numbers


def _listing(pages: list[list[Any]], encode: Callable[[tuple[int, ...]], bytes]) -> Listing:
    """Return a listing of pages; `encode` encodes the positions in fields."""
    if not pages:
        return Listing(0, 0, 0, b"")
    first, last = pages[0][0], sum(page[0] for page in pages)
    encoded = [
        _PAGE + _encoded(distance) + _encoded(tuple(in_text)) + encode(tuple(in_fields))
        for distance, in_text, in_fields in pages
    ]
    rest = b"".join(encoded).removeprefix(_PAGE + _encoded(first))
    return Listing(len(pages), first, last, rest)


def _encoded_in_fields(fields: list[str], positions: tuple[int, ...]) -> bytes:
    """Encode positions in the fields of a batch, with 0 as the only position of hidden words."""
    numbers: list[int] = []
    is_hidden = False
    for position in positions:
        if position < 0:
            name = fields[-position - 1]
            is_hidden = name == HIDDEN
            numbers += [-FIELDS.index(name) - 1, *([0] if is_hidden else [])]
        elif not is_hidden:
            numbers.append(position)
    return cbor2.dumps(numbers)


def _write_parts(batches: Numbered, writer: "_Writer") -> list[list[str]]:
    """Write the words in parts. Returns the first word, the last word and the name of each part."""
    parts: list[tuple[str, str, str]] = []
    part: list[tuple[str, list[tuple[int, Word]]]] = []

    def end_part() -> None:
        name = writer.write("index/en_", ".pf_index", _encoded_part(part))
        parts.append((part[0][0], part[-1][0], name))
        part.clear()

    size = 0
    found = ((start, word) for start, batch in batches for word in batch.words)
    in_order = sorted(found, key=lambda one: one[1].word)  # of one word, by batch
    for word, same in groupby(in_order, key=lambda one: one[1].word):
        part.append((word, list(same)))
        size += sum(one.pages.total for _, one in part[-1][1])
        if size >= _PART_SIZE:
            end_part()
            size = 0
    if part:
        end_part()
    return _shortened(parts)


def _encoded_part(part: list[tuple[str, list[tuple[int, Word]]]]) -> bytes:
    """Encode a part of the index: each word with its pages and its other spellings."""
    encoded = io.BytesIO()
    encoder = cbor2.CBOREncoder(encoded)

    def encode(word: str, listings: list[tuple[int, Listing]]) -> None:
        encoder.encode(word)
        encoder.encode_length(_ARRAY, sum(one.total for _, one in listings))
        last = 0  # the number of the last page
        for start, one in listings:
            if one.total:
                encoder.encode_length(_ARRAY, 3)
                encoder.encode(start + one.first - last)
                encoder.write(one.rest)
                last = start + one.last

    encoder.encode_length(_ARRAY, 1)
    encoder.encode_length(_ARRAY, len(part))
    for word, found in part:
        encoder.encode_length(_ARRAY, 3)
        encode(word, [(start, one.pages) for start, one in found])
        spellings = sorted({name for _, one in found for name in one.spellings})
        encoder.encode_length(_ARRAY, len(spellings))
        for name in spellings:
            encoder.encode_length(_ARRAY, 2)
            more = ((start, one.spellings.get(name)) for start, one in found)
            encode(name, [(start, one) for start, one in more if one])
    return encoded.getvalue()


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


class _Writer:
    """Writes the files of an index. Those of the last index need not be compressed again."""

    def __init__(self, folder: Path, kept: Path) -> None:
        self.folder = folder
        self._record = Record(kept, (digest_of_code(), zlib.ZLIB_RUNTIME_VERSION))
        self._last: dict[bytes, bytes] = self._record.read() or {}
        self._compressed: dict[bytes, bytes] = {}
        for name in ("filter", "index"):
            (folder / name).mkdir(parents=True)

    def write(self, prefix: str, extension: str, content: bytes) -> str:
        """Write a file. Returns its name, without the folder and the extension."""
        data = _SIGNATURE + content
        digest = hashlib.sha256(data)
        key = digest.digest()
        compressed = self._last.get(key) or gzip.compress(data, 7, mtime=0)
        self._compressed[key] = compressed
        path = f"{prefix}{digest.hexdigest()[:10]}"
        (self.folder / f"{path}{extension}").write_bytes(compressed)
        return path.rpartition("/")[2]

    def save(self) -> None:
        """Keep the compressed files for the next index."""
        self._record.write(self._compressed)
