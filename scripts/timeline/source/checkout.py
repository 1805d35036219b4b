"""The files of a checkout, and what each is by where it stands."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from timeline.model.fields import Kind
from timeline.model.problems import Problem
from timeline.model.terms import TERMS

ASSETS = frozenset(
    {".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".txt", ".pdf"}
)
PAGE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.md")
SECTION_PAGE = "index"  # docs/regulators/index.md introduces the list, it is no regulator


class Checkout:
    """A folder with `entries/` and `docs/`. Paths are told below it, with `/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def entry_paths(self, stray: list[Problem]) -> list[str]:
        """Those of entries; `stray` takes what does not belong there."""
        paths = []
        for path in self._files("entries"):
            if not path.isprintable():
                stray.append(Problem(path, 1, "has a name that cannot be an address; rename it"))
            elif not path.endswith(".md"):
                stray.append(Problem(path, 1, "is not an entry; only .md files belong here"))
            elif path.count("/") != 2:
                stray.append(Problem(path, 1, "entries stand in entries/<year>/<id>.md"))
            else:
                paths.append(path)
        return paths

    def term_paths(self, kind: Kind, stray: list[Problem]) -> list[str]:
        """Those of vocabulary pages of a kind."""
        paths = []
        for path in self._files(f"docs/{kind}"):
            if not path.isprintable() or path.count("/") != 2 or not path.endswith(".md"):
                stray.append(Problem(path, 1, f"only pages docs/{kind}/<id>.md belong here"))
            elif Path(path).stem != SECTION_PAGE:
                paths.append(path)
        return paths

    def prose_paths(self, stray: list[Problem]) -> list[str]:
        """Pages at the top of docs/, and the introductions of the site's sections."""
        found = []
        sections = {"timeline", *TERMS}
        terms = {f"docs/{kind}" for kind in TERMS}
        for path in self._files("docs"):
            place, name = path.rsplit("/", 1)
            if not path.endswith(".md") or (place in terms and name != f"{SECTION_PAGE}.md"):
                continue
            top = place == "docs" and PAGE_NAME.fullmatch(name) and Path(name).stem not in sections
            if top or (name == f"{SECTION_PAGE}.md" and place.removeprefix("docs/") in sections):
                found.append(path)
            elif place not in terms:
                allowed = ", ".join(f"docs/{section}/index.md" for section in sorted(sections))
                stray.append(Problem(path, 1, f"pages stand at docs/<name>.md, or at {allowed}"))
        return found

    def assets(self) -> dict[str, Path]:
        """Path below the site -> file, for all of docs/ that is no page."""
        files = (path for path in self._files("docs") if not path.endswith(".md"))
        return {path.removeprefix("docs/"): self.root / path for path in files}

    def bad_assets(self) -> Iterator[Problem]:
        """Nothing that MkDocs would render, and nothing from elsewhere, is copied to the site."""
        for path, file in self.assets().items():
            if file.is_symlink() or not file.is_file():
                yield Problem(f"docs/{path}", 1, "is no regular file; put the file itself here")
            elif file.suffix not in ASSETS:
                allowed = ", ".join(sorted(ASSETS))
                yield Problem(f"docs/{path}", 1, f"is neither a page (.md) nor one of {allowed}")

    def _files(self, folder: str) -> list[str]:
        """All files below a folder but hidden ones, in an order that no file system changes."""
        found = []
        for where, folders, names in os.walk(self.root / folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            relative = Path(where).relative_to(self.root).as_posix()
            links = [name for name in folders if Path(where, name).is_symlink()]
            found += [f"{relative}/{name}" for name in (*names, *links) if not name.startswith(".")]
        return sorted(found)
