"""The folders that a build owns: its own are changed in place, the site is replaced whole.

A site is made in a new folder beside the old one, which stays as it is, and is published, until
the new one is complete. Whatever ends a build before, the next one clears what it left.
"""

import contextlib
import ctypes
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = ".lock"  # beside what is locked; who holds it no longer runs, no longer holds it
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # of Linux; see renameat2(2)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one process at a time. Raises OSError where another holds it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.with_name(f".{folder.name}{LOCK}"), timeout=0):
            yield
    except Timeout:
        message = f"another process is building {folder}; try again when it has ended"
        raise OSError(message) from None


class SiteFolder:
    """The site as it is published, and the new one that is made beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.new = self.folder.with_name(f".{self.folder.name}.new")
        self._old = self.folder.with_name(f".{self.folder.name}.old")

    def clear(self) -> None:
        """Remove what an interrupted build left; put back what it had moved away."""
        if self._old.is_dir() and not self.folder.exists():
            self._old.rename(self.folder)
        for left in (self.new, self._old):
            if left.exists():
                shutil.rmtree(left)

    def publish(self) -> None:
        """Let the new site take the place of the old one, in one step where the system has it.

        Hidden files of the old one, such as a branch's `.git`, are kept, as MkDocs keeps them.
        """
        if self.folder.exists():
            for kept in self.folder.glob(".*"):
                copy = shutil.copytree if kept.is_dir() else shutil.copy2
                copy(kept, self.new / kept.name)
            if not _exchanged(self.new, self.folder):
                self.folder.rename(self._old)
        if self.new.exists() and not self.folder.exists():
            self.new.rename(self.folder)
        for left in (self.new, self._old):
            shutil.rmtree(left, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step. Returns whether the system and its disk can."""
    with contextlib.suppress(AttributeError, OSError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        names = (os.fsencode(one), os.fsencode(other))
        return not rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    return False


class Output:
    """A folder that the build owns.

    An unchanged file keeps its time, so that MkDocs renders only what changed. Nothing outside the
    folder is touched: links in it are removed, never followed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[str, bytes] = {}

    def write(self, files: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
        """Make the folder hold these files and no others.

        `files` maps a path below the folder, with `/`, to its content. Returns the paths that were
        written and those that were removed, each sorted. The folder is read at the first call;
        later ones go by what was written, since nobody else writes there.
        """
        known, self._written = self._written, {}  # so that the folder is read after a failure
        present = set(known) if known else self._present()
        removed = sorted(present - files.keys())
        changed = sorted(p for p in files if p not in present or self._differs(p, files[p], known))
        for path in {*removed, *present.intersection(changed)}:
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                (self.folder / path).unlink()
        for path in changed:
            add_file(self.folder, path, files[path])
        if removed:
            self._remove_empty_folders()
        self._written = dict(files)
        return changed, removed

    def _present(self) -> set[str]:
        """The files in the folder, after links have been removed."""
        if any(place.is_symlink() for place in (self.folder, self.folder.parent)):
            raise OSError(f"{self.folder} is a symbolic link; remove it, the build owns the folder")
        found = set()
        for where, folders, filenames in os.walk(self.folder):
            for name in [*folders, *filenames]:
                place = Path(where, name)
                if place.is_symlink():
                    place.unlink()
                elif name in filenames:
                    found.add(place.relative_to(self.folder).as_posix())
        return found

    def _differs(self, path: str, content: bytes, known: Mapping[str, bytes]) -> bool:
        return (known[path] if path in known else (self.folder / path).read_bytes()) != content

    def _remove_empty_folders(self) -> None:
        for where, _, _ in os.walk(self.folder, topdown=False):
            folder = Path(where)
            if folder != self.folder and not any(folder.iterdir()):
                folder.rmdir()


def add_file(folder: Path, path: str, content: bytes) -> None:
    """Write a file that does not exist yet, into a folder that may not exist either."""
    file = f"{folder}/{path}"
    try:
        with open(file, "xb") as opened:  # noqa: PTH123 - there are many, and a Path takes longer
            opened.write(content)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120 - as above
        add_file(folder, path, content)
    except FileExistsError:
        raise OSError(f"{file} is a folder where a file belongs; remove it") from None


def replace_file(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    if file.is_dir():
        raise OSError(f"{file} is a folder where a file belongs; remove it")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
