"""Doing something again whenever a file that people write changes."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

FOLDERS = ("entries", "docs")
BEGINS, ENDS = "Checking the files.", "Checked; waiting for a change."
TOGETHER = 0.2  # seconds; an editor writes, renames and removes to save one file


def watch(root: Path, check: Callable[[], object]) -> None:
    """Check now and after every change below entries/ or docs/, until Ctrl-C.

    The lines `BEGINS` and `ENDS` stand around what each check prints on standard error.
    """
    changes = _Changes()
    observer = _started(Observer(), root, changes) or _started(PollingObserver(), root, changes)
    try:
        while True:
            changes.seen.clear()
            print(BEGINS, file=sys.stderr, flush=True)
            check()
            print(ENDS, file=sys.stderr, flush=True)
            changes.seen.wait()
            time.sleep(TOGETHER)
    except KeyboardInterrupt:
        pass
    finally:
        if observer:
            observer.stop()
            observer.join()


def _started(
    observer: BaseObserver, root: Path, changes: FileSystemEventHandler
) -> BaseObserver | None:
    """The observer at work, or None where the system says that too much is watched already."""
    for folder in FOLDERS:
        if (root / folder).is_dir():
            observer.schedule(changes, str(root / folder), recursive=True)
    try:
        observer.start()
    except OSError:
        return None
    return observer


class _Changes(FileSystemEventHandler):
    """Whether anything was written, made, moved or removed; reading a file changes nothing."""

    def __init__(self) -> None:
        self.seen = threading.Event()

    def on_created(self, event: FileSystemEvent) -> None:
        del event
        self.seen.set()

    on_deleted = on_modified = on_moved = on_created
