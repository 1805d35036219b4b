#!/usr/bin/env python3
"""Find or install a Chromium for the browser tests, and print its path.

Tried in order: the CHROMIUM variable, an installed browser, the system's package (on Debian), and
Playwright's download. Ubuntu's package only installs a snap, so it is not used. Exit status: 0, or
1 if no browser is available, with advice on standard error.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(Exception):
    """No Chromium is installed, and none can be."""


def installed() -> str | None:
    """Return the path of an installed Chromium, or None. Raises NoBrowserError."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not Path(chosen).is_file():
            raise NoBrowserError(f"CHROMIUM names {chosen}, which does not exist")
        return chosen
    return next((path for name in NAMES if (path := _runnable(name))), None) or _from_playwright()


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


def _runnable(name: str) -> str | None:
    """Return the path of a command if it runs, unlike a stub for a snap that is not installed."""
    path = shutil.which(name)
    if path is None:
        return None
    result = subprocess.run([path, "--version"], capture_output=True, check=False)
    return path if result.returncode == 0 else None


def _from_playwright() -> str | None:
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
    """Run the command and return the exit status."""
    try:
        print(installed() or install())
    except NoBrowserError as error:
        print(f"browser.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
