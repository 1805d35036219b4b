"""Records -> the search index of the site, by Pagefind's own command."""

import subprocess
import sys
from pathlib import Path

FOLDER = "pagefind"
# Pagefind adds interfaces of its own and a worker, which no page of the site loads.
UNUSED = "pagefind-*.*s*"
KEPT = {"pagefind-entry.json"}


def write_index(records: Path, site: Path) -> None:
    """Index the records into the built site. Raises OSError where Pagefind fails.

    Its files are equal in content from build to build, but not in bytes: it reads the records in
    parallel and numbers them as they come.
    """
    folder = site / FOLDER
    command = [sys.executable, "-m", "pagefind", "--silent"]
    done = subprocess.run(
        [*command, "--site", str(records), "--output-path", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError(f"the search index was not made: {done.stdout}{done.stderr}")
    for file in folder.glob(UNUSED):
        if file.name not in KEPT:
            file.unlink()
