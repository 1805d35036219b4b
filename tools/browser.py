#!/usr/bin/env python3
"""Find a Chromium for the browser tests, or install one; print its path.

In this order: the CHROMIUM variable, what is installed, the system's packages (on Debian),
Playwright's own download. Ubuntu's package only points to a snap, so it is not used. Exit status:
0, or 1 where none is available, with what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(Exception):
    """There is no Chromium and none can be installed."""


def installed() -> str | None:
    """The path of an installed Chromium, or None."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not Path(chosen).is_file():
            raise NoBrowserError(f"CHROMIUM names {chosen}, which does not exist")
        return chosen
    return next((path for name in NAMES if (path := _works(name))), None) or _playwrights()


def install() -> str:
    """Install a Chromium and return its path. Raises NoBrowserError."""
    if shutil.which("apt-get") and "ID=debian" in _os_release():
        root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        _run([*root, "apt-get", "update", "--quiet=2"])
        _run([*root, "apt-get", "install", "--quiet=2", "--yes", "chromium"])
    else:
        _run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
    path = installed()
    if path is None:
        raise NoBrowserError(
            "no Chromium is installed and none could be; install Chromium or Chrome, "
            "or set CHROMIUM to the path of one"
        )
    return path


def _works(name: str) -> str | None:
    """The command's path if it runs; a pointer to a snap that is not installed does not."""
    path = shutil.which(name)
    if path is None:
        return None
    asked = subprocess.run([path, "--version"], capture_output=True, check=False)
    return path if asked.returncode == 0 else None


def _playwrights() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _os_release() -> list[str]:
    file = Path("/etc/os-release")
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _run(command: list[str]) -> None:
    print(" ".join(command), file=sys.stderr)
    subprocess.run(command, stdout=sys.stderr, check=False)


def main() -> int:
    """Run the command. Returns the exit status."""
    try:
        print(installed() or install())
    except NoBrowserError as error:
        print(f"browser.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
