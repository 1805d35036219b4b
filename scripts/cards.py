#!/usr/bin/env python3
"""Draw the pictures by which pages are shared, build/cards/; `make site` uses those it finds.

usage: cards.py [--as-of DAY] [--general FILE]

A card is known by the hash of what is to be drawn: one that is there is not drawn again, one that
no page shows any longer is removed. The fonts are packages, none of the machine's is used, so the
same card has the same bytes everywhere.

Exit status: 0, or 1 where an error in the files forbids it.
"""

import argparse
import datetime
import io
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pylopdf_fonts_zh_cn
import resvg_py
from PIL import Image
from timeline.build.generator import CARDS
from timeline.build.output import replace
from timeline.build.reporting import report
from timeline.model.dates import parse_day, today
from timeline.model.site import read_site
from timeline.rendering.status_words import StatusWords
from timeline.sharing.card import Card
from timeline.sharing.cards import Cards
from timeline.source.as_of import known_on
from timeline.source.project import Project
from timeline.standing.standing import Standing

ROOT = Path(__file__).resolve().parent.parent
FONTS = [str(pylopdf_fonts_zh_cn.sans_path()), str(pylopdf_fonts_zh_cn.serif_path())]
STAMP = "drawn-with.txt"
MEANS = ("pillow", "pylopdf-fonts-zh-cn", "resvg-py")
COLOURS = 32  # enough for a few inks and their edges, at half the size
PROCESSES = 2
MANY = 16  # cards that a process is given at a time


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Draw the pictures by which pages are shared.")
    parser.add_argument(
        "--as-of",
        type=_day,
        metavar="DAY",
        help="draw the statuses of that day (default: today where the site is)",
    )
    parser.add_argument(
        "--general",
        type=Path,
        metavar="FILE",
        help="draw the site's general card alone, into this file",
    )
    asked = parser.parse_args(arguments)
    try:
        return _draw_site(root, asked.as_of, asked.general)
    except OSError as error:
        print(f"cards.py: {error}", file=sys.stderr)
        return 1


def _draw_site(root: Path, day: datetime.date | None, general: Path | None) -> int:
    site = read_site(root)
    as_of = day or today(site.zone)
    loaded = Project(root).load()
    status = report(loaded.problems)
    if loaded.collection is None:
        return status
    standing = Standing(known_on(loaded.collection, as_of), as_of)
    cards = Cards(standing, site, StatusWords(standing))
    if general:
        replace(general, png(cards.general().svg))
        return 0
    drawn, kept, removed = draw(cards.every(), root / CARDS)
    print(f"{CARDS}: {drawn:,} cards drawn, {kept:,} kept, {removed:,} removed")
    return 0


def draw(cards: Iterable[Card], folder: Path) -> tuple[int, int, int]:
    """Make the folder hold these cards and no others. Returns how many: drawn, kept, removed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {card.file: card.svg for card in cards}
    present = {file.name for file in folder.glob("*.png")} if _same_means(folder) else set()
    missing = sorted(wanted.keys() - present)
    with ProcessPoolExecutor(PROCESSES) as processes:
        pictures = processes.map(png, [wanted[name] for name in missing], chunksize=MANY)
        for name, picture in zip(missing, pictures, strict=True):
            replace(folder / name, picture)
    stale = sorted(file for file in folder.glob("*.png") if file.name not in wanted)
    for file in stale:
        file.unlink()
    replace(folder / STAMP, _means().encode())
    return len(missing), len(wanted) - len(missing), len(stale)


def png(svg: str) -> bytes:
    """The picture of a drawing."""
    drawn = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=FONTS)
    picture = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as full:
        few = full.convert("RGB").quantize(
            COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        few.save(picture, "PNG", optimize=False)
    return picture.getvalue()


def _means() -> str:
    """What draws: another release may draw otherwise."""
    return "".join(f"{name} {version(name)}\n" for name in MEANS)


def _same_means(folder: Path) -> bool:
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _means()


def _day(text: str) -> datetime.date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
