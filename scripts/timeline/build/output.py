"""{path: content} -> disk: what changed is written, what is no longer made is removed."""

import os
from collections.abc import Mapping
from pathlib import Path


class Output:
    """A folder that the build owns.

    An unchanged file keeps its time, so that MkDocs renders only what changed. Nothing outside
    the folder is touched: links in it are removed, never followed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[str, bytes] = {}

    def write(self, files: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
        """Make the folder hold these files and no others.

        `files` maps a path below the folder, with `/`, to its content. Returns the paths that
        were written and those that were removed, each sorted. The folder is looked through at
        the first call; later ones go by what was written, since nobody else writes there.
        """
        present = self._present() if not self._written else set(self._written)
        removed = sorted(present - files.keys())
        for path in removed:
            (self.folder / path).unlink(missing_ok=True)
        changed = sorted(path for path in files if self._differs(path, files[path], present))
        for path in changed:
            replace(self.folder / path, files[path])
        if removed:
            self._remove_empty_folders()
        self._written = dict(files)
        return changed, removed

    def _present(self) -> set[str]:
        """The files that stand there, after links have been removed."""
        if any(place.is_symlink() for place in (self.folder, self.folder.parent)):
            raise OSError(f"{self.folder} is a symbolic link; remove it, the build owns the folder")
        found = set()
        for where, folders, names in os.walk(self.folder):
            for name in [*folders, *names]:
                place = Path(where, name)
                if place.is_symlink():
                    place.unlink()
                elif name in names:
                    found.add(place.relative_to(self.folder).as_posix())
        return found

    def _differs(self, path: str, content: bytes, present: set[str]) -> bool:
        if path not in present:
            return True
        if path in self._written:
            return self._written[path] != content
        return (self.folder / path).read_bytes() != content

    def _remove_empty_folders(self) -> None:
        for where, _, _ in os.walk(self.folder, topdown=False):
            folder = Path(where)
            if folder != self.folder and not any(folder.iterdir()):
                folder.rmdir()


def replace(file: Path, content: bytes) -> None:
    """Write whole or not at all."""
    if file.is_dir():
        raise OSError(f"{file} is a folder where a file belongs; remove it")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
