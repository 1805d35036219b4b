"""Reuse of what an earlier command made from the same inputs.

The inputs are compared by a digest of their whole content, so nothing needs to know what a change
affects. Whatever cannot be described completely by values cannot be reused.
"""

import contextlib
import functools
import hashlib
import io
import operator
import os
import pickle
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import MethodType
from typing import Any

from pydantic import BaseModel

from timeline.output import SiteFolder, add_file, link_or_copy, replace_file


class Digests:
    """Digests of values, the same in every process for equal values.

    Models and dataclasses are described by their fields (without those left out of comparisons),
    calls (`functools.partial`) by the function and its arguments, methods by their name and object,
    and everything else as pickle does it. The order of a set differs between processes, so that
    what contains one is not reused.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}  # keeps the objects, and so their ids
        self._descriptions = _Descriptions(self._of_part)
        self._descriptions_in_parts = _Descriptions(None)

    def of(self, value: object) -> bytes:
        """Return the digest of a value. Raises an error of pickle if it cannot be described."""
        return _digest(value, self._descriptions)

    def _of_part(self, part: Any) -> bytes:
        """Return the digest of an object that many values contain, made only once."""
        known = self._known.get(id(part))
        if known is None:
            digest = _digest(_fields(part.__class__)(part), self._descriptions_in_parts)
            known = self._known[id(part)] = (part, digest)
        return known[1]


def _digest(value: object, descriptions: "_Descriptions") -> bytes:
    described = io.BytesIO()
    pickler = _Pickler(described, descriptions)
    pickler.fast = True  # describe equal objects alike, whether they are the same or not
    pickler.dump(value)
    return hashlib.blake2b(described.getbuffer(), digest_size=16).digest()


Description = Callable[[Any], object]


class _Descriptions(dict[type, Description | None]):
    """How values of each type are described; None: as pickle does it.

    `of_part` describes models and the objects of methods; None: by their fields.
    """

    def __init__(self, of_part: Description | None) -> None:
        super().__init__()
        self._of_part = of_part

    def __missing__(self, kind: type) -> Description | None:
        self[kind] = description = self._description(kind)
        return description

    def _description(self, kind: type) -> Description | None:
        if issubclass(kind, BaseModel):
            return self._of_part or _fields(kind)
        if issubclass(kind, MethodType) and self._of_part:
            of_part = self._of_part
            return lambda value: (value.__name__, of_part(value.__self__))
        if is_dataclass(kind):
            return _fields(kind)
        if issubclass(kind, Enum):
            return operator.attrgetter("__class__.__qualname__", "name")
        return None


class _Pickler(pickle.Pickler):
    """A pickler that replaces objects by descriptions, which is faster than reducing them."""

    def __init__(self, file: io.BytesIO, descriptions: _Descriptions) -> None:
        super().__init__(file, protocol=5)
        self._descriptions = descriptions

    def persistent_id(self, value: object) -> object:
        """Return the description of a value, or None to describe it as pickle does."""
        description = self._descriptions[type(value)]
        return description(value) if description else None


@functools.cache
def _fields(kind: Any) -> Callable[[object], tuple[object, ...]]:
    """Return a function that returns the class and the values that describe an object."""
    if issubclass(kind, BaseModel):
        names = list(kind.model_fields)
    else:
        names = [field.name for field in fields(kind) if field.compare]
    return operator.attrgetter("__class__.__qualname__", *names)


def digest_of_files(paths: Iterable[Path]) -> bytes:
    """Return a digest of the names and contents of files, in any order."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.digest()


@functools.cache
def digest_of_code() -> bytes:
    """Return a digest of this program, of the packages that it may use and of Python itself."""
    here = Path(__file__).resolve().parent.parent
    files = (path for path in here.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    # The folders with the metadata of packages have the names and versions of these in their names.
    packages = (found.name for folder in sys.path for found in Path(folder).glob("*-info"))
    return Digests().of((digest_of_files(files), sorted(packages), sys.version))


Stamp = tuple[int, int, int]  # modification time in ns, size in bytes, inode


def stamp(file: str | Path) -> Stamp:
    """Return the stamp of a file, which changes when the file does; zeros if there is none."""
    try:
        status = os.lstat(file)
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)


class Record:
    """A value kept in a file from one command to the next, as long as its inputs are the same."""

    def __init__(self, file: Path, inputs: object) -> None:
        self._file = file
        self.key = Digests().of(inputs)

    def read(self) -> Any:
        """Return the value, or None if none was kept, or one that was made from other inputs."""
        # Whatever is wrong with the file, the value can be made again.
        with contextlib.suppress(Exception), self._file.open("rb") as file:
            if file.read(len(self.key)) == self.key:
                return pickle.load(file)  # noqa: S301 - written by this class
        return None

    def write(self, value: object) -> None:
        """Keep a value that can be pickled, if the file can be written."""
        with contextlib.suppress(OSError):
            replace_file(self._file, self.key + pickle.dumps(value))


class ReusableFiles:
    """The files that one process writes into a new site, or reuses if the last site has them.

    `record` is where the inputs are kept, `shared` a digest of the inputs that all files have.
    """

    def __init__(self, site: SiteFolder, record: Path, shared: bytes) -> None:
        self._last, self._new = str(site.folder), str(site.new)
        self._record = Record(record, shared)
        self._digests = Digests()
        self._known: dict[str, tuple[bytes, Stamp]] = self._record.read() or {}
        self._inputs: dict[str, bytes] = {}

    def reuse(self, path: str, inputs: object) -> bool:
        """Link a file into the new site if the last one has it, made from the same inputs.

        Otherwise return False. The file must then be written.
        """
        self._inputs[path] = digest = self._digests.of(inputs)
        last = f"{self._last}/{path}"
        if self._known.get(path) != (digest, stamp(last)):
            return False
        link_or_copy(last, f"{self._new}/{path}")
        return True

    def write(self, path: str, content: bytes) -> None:
        """Write a file into the new site."""
        add_file(Path(self._new), path, content)

    def save(self) -> None:
        """Keep the inputs of the files for the next build."""
        stamped = ((path, key, stamp(f"{self._new}/{path}")) for path, key in self._inputs.items())
        self._record.write({path: (key, found) for path, key, found in stamped if any(found)})
