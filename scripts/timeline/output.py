"""The folders that a build writes: build/ is updated in place, the site is replaced as a whole.

A new site is written into a folder next to the old one, which stays published and unchanged until
the new one is complete. If a build is interrupted, the next one cleans up.
"""

import contextlib
import ctypes
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

# The path of a file and its content, or the call that makes it. A call must depend on nothing but
# its arguments and the object that it belongs to, so that its result can be reused.
OutputFile = tuple[str, bytes | partial[bytes]]

LOCK = ".lock"  # a file next to the locked folder; the lock ends with the process that holds it
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # constants of Linux; see renameat2(2)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a folder for this process. Raises OSError if another process holds the lock."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.with_name(f".{folder.name}{LOCK}"), timeout=0):
            yield
    except Timeout:
        message = f"another process is building {folder}; try again when it has ended"
        raise OSError(message) from None


class SiteFolder:
    """The published site, and the folder next to it in which a new one is made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.new = self.folder.with_name(f".{self.folder.name}.new")
        self._old = self.folder.with_name(f".{self.folder.name}.old")

    def clean_up(self) -> None:
        """Restore the site and remove temporary folders after an interrupted build."""
        if self._old.is_dir() and not self.folder.exists():
            self._old.rename(self.folder)
        for temporary in (self.new, self._old):
            if temporary.exists():
                shutil.rmtree(temporary)

    def publish(self) -> None:
        """Replace the old site by the new one, in one step if the system supports this.

        Hidden files of the old one, such as the `.git` of a branch, are kept, as MkDocs does.
        """
        if self.folder.exists():
            for hidden in self.folder.glob(".*"):
                copy = shutil.copytree if hidden.is_dir() else shutil.copy2
                copy(hidden, self.new / hidden.name)
            if not _exchange(self.new, self.folder):
                self.folder.rename(self._old)
        if self.new.exists() and not self.folder.exists():
            self.new.rename(self.folder)
        for temporary in (self.new, self._old):
            shutil.rmtree(temporary, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step. Return False if the system or its disk cannot."""
    with contextlib.suppress(AttributeError, OSError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        paths = (os.fsencode(one), os.fsencode(other))
        return not rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    return False


class OutputFolder:
    """A folder that belongs to the build.

    An unchanged file keeps its modification time, so that MkDocs renders only changed files.
    Nothing outside the folder is touched: symbolic links in it are removed, never followed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[str, bytes] = {}

    def write(self, files: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
        """Make the folder contain these files and no others.

        `files` maps paths below the folder, with `/`, to their content. Returns the paths that were
        written and those that were removed, each sorted. Only the first call reads the folder;
        later calls remember what was written, since nothing else writes there.
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
        """Remove the symbolic links in the folder and return the paths of its files."""
        if any(folder.is_symlink() for folder in (self.folder, self.folder.parent)):
            raise OSError(f"{self.folder} is a symbolic link; remove it, the build owns the folder")
        found = set()
        for parent, folders, filenames in os.walk(self.folder):
            for name in [*folders, *filenames]:
                path = Path(parent, name)
                if path.is_symlink():
                    path.unlink()
                elif name in filenames:
                    found.add(path.relative_to(self.folder).as_posix())
        return found

    def _differs(self, path: str, content: bytes, known: Mapping[str, bytes]) -> bool:
        return (known[path] if path in known else (self.folder / path).read_bytes()) != content

    def _remove_empty_folders(self) -> None:
        for parent, _, _ in os.walk(self.folder, topdown=False):
            folder = Path(parent)
            if folder != self.folder and not any(folder.iterdir()):
                folder.rmdir()


def complete(files: Iterable[OutputFile]) -> dict[str, bytes]:
    """Return the content of files by their path, making what is still to be made."""
    return {path: made if isinstance(made, bytes) else made() for path, made in files}


def add_file(folder: Path, path: str, content: bytes) -> None:
    """Write a new file, and create its folder if necessary."""
    file = f"{folder}/{path}"
    try:
        with open(file, "xb") as opened:  # noqa: PTH123 - there are many, and a Path takes longer
            opened.write(content)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120 - as above
        add_file(folder, path, content)
    except FileExistsError:
        raise OSError(f"{file} is a folder where a file belongs; remove it") from None


def link_or_copy(file: str, new: str) -> None:
    """Make a hard link to a file, and its folder if necessary; without links, copy the file."""
    try:
        os.link(file, new)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(new), exist_ok=True)  # noqa: PTH103, PTH120 - as above
        os.link(file, new)
    except OSError:
        shutil.copyfile(file, new)


def replace_file(file: Path, content: bytes) -> None:
    """Write a file atomically, and create its folder if necessary."""
    if file.is_dir():
        raise OSError(f"{file} is a folder where a file belongs; remove it")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
