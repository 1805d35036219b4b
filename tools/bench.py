#!/usr/bin/env python3
"""Time complete builds of invented collections that are shaped like the real one.

usage: bench.py [COUNT…] [--others] [--serve] [--keep FOLDER]

For each COUNT (default 100, 1,000 and 10,000), that many entries are generated from a fixed seed.
The site is built in a new process, then again after an edit, and the seconds, peak memory and sizes
are printed. With --others, the same texts are built with the other generators that are installed
(see `contenders.py`), for ten minutes each at most. With --serve, the time from saving an entry to
its new text being served is measured too.
"""

import argparse
import copy
import datetime
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from contenders import CONTENDERS

ROOT = Path(__file__).resolve().parent.parent
SEED = 20221101
FIRST, LAST = datetime.date(2016, 1, 1), datetime.date(2026, 11, 1)
PARTS = ("scripts", "theme", "mkdocs.yml")
ENDINGS = {"repealed", "expired", "abandoned"}  # after which an instrument has no more stages
PORT = 8765
SITE = (sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet")


def made_up(count: int, patterns: Path, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of `count` entries, and of the additional instruments that they name.

    The entries are copies of those of a checkout, `patterns`, with other ids, titles and days.
    After as many entries as the checkout has, the next ones name new copies of its instruments, so
    that histories do not grow longer than real ones. The same arguments give the same files.
    """
    chance = random.Random(seed)  # noqa: S311
    entries = [frontmatter.load(str(path)) for path in sorted((patterns / "entries").rglob("*.md"))]
    pages = sorted((patterns / "docs/instruments").glob("*.md"))
    instruments = {page.stem: frontmatter.load(str(page)) for page in pages if page.stem != "index"}
    days = (LAST - FIRST).days
    for number in range(count):
        edition, place = divmod(number, len(entries))
        if edition and not place:
            for name, page in instruments.items():
                meta = _of_copy(page.metadata, edition, instruments)
                yield f"docs/instruments/{name}-{edition}.md", _page(meta, page.content)
        pattern = chance.choice(entries)
        day = FIRST + datetime.timedelta(days=chance.randrange(days))
        meta = _moved(copy.deepcopy(pattern.metadata), day)
        meta["title"] = f"{meta['title']} ({number})"
        path = f"entries/{day.year}/{day}-made-up-{number:05}.md"
        yield path, _page(_renamed(meta, edition, instruments), pattern.content)


def _page(meta: dict[str, Any], text: str) -> str:
    front = yaml.dump(meta, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    return f"---\n{front}---\n{text}\n"


def _of_copy(meta: dict[str, Any], edition: int, instruments: Container[str]) -> dict[str, Any]:
    """Return the front matter of a copy of an instrument, with unique names."""
    names = {key: f"{meta[key]} ({edition})" for key in ("name", "short", "name_zh") if key in meta}
    others = ("aliases", "former_titles", "number")
    kept = {key: value for key, value in meta.items() if key not in others}
    return {**_renamed(kept, edition, instruments), **names}


def _renamed(value: Any, edition: int, instruments: Container[str]) -> Any:
    """Return a value with the ids of instruments replaced by those of their copies in an edition.

    Edition 0 keeps the original ids.
    """
    if isinstance(value, dict):
        return {key: _renamed(inner, edition, instruments) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, edition, instruments) for inner in value]
    is_instrument = isinstance(value, str) and value in instruments
    return f"{value}-{edition}" if edition and is_instrument else value


def _moved(meta: dict[str, Any], day: datetime.date) -> dict[str, Any]:
    """Return front matter with all dates shifted to a new day, without keys about other entries."""
    before = meta["date"] if isinstance(meta["date"], datetime.date) else day
    for key in ("related", "aliases", "dates", "changes", "withdrawn"):
        meta.pop(key, None)
    for step in meta.get("instruments", ()):
        if step.get("stage") in ENDINGS:
            del step["stage"]
    return {**_shifted(meta, day - before), "date": day, "added": LAST}


def _shifted(value: Any, by: datetime.timedelta) -> Any:
    if isinstance(value, dict):
        # `instead_of` repeats a date that another entry recorded.
        return {k: _shifted(inner, by) for k, inner in value.items() if k != "instead_of"}
    if isinstance(value, list):
        return [_shifted(inner, by) for inner in value]
    return value + by if isinstance(value, datetime.date) else value


def make_project(folder: Path, count: int, content: Path = ROOT) -> None:
    """Write a checkout with `count` invented entries, based on the files of `content`."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / part, ignore=ignored)
        else:
            shutil.copy(source, folder / part)
    shutil.copytree(content / "docs", folder / "docs")
    for page in (folder / "docs").rglob("*.md"):
        page.write_text(_without_links(page.read_text(encoding="utf-8")), encoding="utf-8")
    for path, text in made_up(count, content):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_without_links(text), encoding="utf-8")


def _without_links(text: str) -> str:
    """Return a text with links to entries, which may not exist, replaced by external links."""
    return re.sub(r"\]\((?:\.\./)+(?:entries/)?\d{4}/", "](https://example.org/", text)


@dataclass(frozen=True)
class Build:
    """The cost of a build: seconds, processor seconds, and MB of its largest process."""

    seconds: float
    processor: float
    memory: float


def timed_build(folder: Path, command: Sequence[str] = SITE, timeout: float = 3600) -> Build:
    """Build a site in a new process. Raises TimeoutError after `timeout` seconds."""
    log = folder / "build.log"
    start = time.monotonic()
    with log.open("wb") as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "AS_OF": str(LAST)},
            stdout=printed,
            stderr=printed,
        )
        timer = threading.Timer(timeout, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
    if status and time.monotonic() - start > timeout:
        raise TimeoutError
    if status:
        raise SystemExit(f"the build failed:\n{log.read_text(encoding='utf-8')[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, KiB on Linux
    return Build(
        time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6
    )


def edit_one(folder: Path, added: str = "Edited.") -> None:
    """Add a paragraph to the text of an entry."""
    entry = min((folder / "entries").rglob("*.md"))
    entry.write_text(f"{entry.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")


def timed_save(folder: Path) -> float:
    """Start the server, save an entry, and return the seconds until the new text is served."""
    entry = min((folder / "entries").rglob("*.md"))
    url = f"http://127.0.0.1:{PORT}/entries/{entry.stem}/"
    serve = ["mkdocs", "serve", "--livereload", "--dirty", "--quiet", "--dev-addr"]
    server = subprocess.Popen(
        [sys.executable, "-m", *serve, f"127.0.0.1:{PORT}"],
        cwd=folder,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": "http://127.0.0.1/"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(lambda: b"<h1" in _get(url), 600)
        edit_one(folder, "Saved anew.")
        start = time.monotonic()
        _wait(lambda: b"Saved anew." in _get(url), 60)
        return time.monotonic() - start
    finally:
        server.terminate()
        server.wait()


def _get(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            return bytes(answer.read())
    except OSError:
        return b""


def _wait(done: Callable[[], bool], timeout: float) -> None:
    end = time.monotonic() + timeout
    while not done():
        if time.monotonic() > end:
            raise SystemExit("the server did not answer in time")
        time.sleep(0.05)


HEAD = "entries  build                          seconds  processor  peak MB  pages  site MB  ratio"


def row(count: int, name: str, built: Build, folder: Path, first: Build) -> str:
    """Return a line of the table. The ratio is to the seconds of this site's first build."""
    pages = sum(1 for _ in folder.rglob("*.html"))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    return (
        f"{count:7,}  {name:28}  {built.seconds:8.1f}  {built.processor:9.1f}  {built.memory:7.0f}"
        f"  {pages:5}  {size:7.1f}  {built.seconds / first.seconds:5.2f}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return the exit status."""
    parser = argparse.ArgumentParser(description="Time complete builds of invented collections.")
    parser.add_argument("counts", nargs="*", type=int, metavar="COUNT", default=[100, 1000, 10000])
    parser.add_argument("--others", action="store_true", help="also time other generators")
    parser.add_argument("--serve", action="store_true", help="also time a save under the server")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the last project here")
    options = parser.parse_args(arguments)
    # `make bench` runs Python by its path, so the environment's other programs are not on PATH.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    print(f"{datetime.date.today()}, {os.cpu_count()} processors")  # noqa: DTZ011
    for other in CONTENDERS if options.others else ():
        print(f"{other.name} lacks: {other.missing}.")
    print(HEAD, flush=True)
    for count in options.counts:
        folder = Path(tempfile.mkdtemp(prefix="timeline-bench-"))
        project = folder / "this"
        project.mkdir()
        make_project(project, count)
        first = timed_build(project)
        print(row(count, "this site", first, project / "site", first), flush=True)
        for other in CONTENDERS if options.others else ():
            if shutil.which(other.program):
                place = folder / other.program
                shutil.rmtree(place, ignore_errors=True)
                other.prepare(project, place)
                try:
                    built = timed_build(place, other.command, timeout=600)
                    print(row(count, other.name, built, place / other.site, first), flush=True)
                except TimeoutError:
                    print(f"{count:7,}  {other.name:28}  more than ten minutes", flush=True)
        edit_one(project)
        again = timed_build(project)
        print(row(count, "this site after one edit", again, project / "site", first), flush=True)
        if options.serve:
            print(f"{count:7,}  from save to new text: {timed_save(project):.2f} s", flush=True)
        if options.keep and count == options.counts[-1]:
            shutil.move(project, options.keep)
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
