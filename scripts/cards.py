#!/usr/bin/env python3
"""Draw the images by which pages are shared, build/cards/; `make site` uses those it finds.

usage: cards.py [--as-of DAY] [--general FILE]

A card is known by the hash of what is to be drawn: one that exists is not drawn again, one that no
page shows any longer is removed. The fonts are packages, none of the machine's is used, so the same
card has the same bytes everywhere.

Exit status: 0, or 1 where an error in the files forbids it.
"""

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
from timeline.analysis.snapshot import Snapshot
from timeline.builder import CARDS
from timeline.cli import ROOT, collection_or_report, command, day_argument, fail, parser_for
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.output import replace_file
from timeline.schema.dates import today
from timeline.site.cards import Card, Cards
from timeline.site.render import StatusWords

FONTS = [str(pylopdf_fonts_zh_cn.sans_path()), str(pylopdf_fonts_zh_cn.serif_path())]
STAMP = "drawn-with.txt"
TOOLS = ("pillow", "pylopdf-fonts-zh-cn", "resvg-py")
COLOURS = 32  # enough for a few inks and their edges, at half the size
PROCESSES = 2
CHUNK_SIZE = 16  # cards that a process is given at a time


@command
def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns the exit status."""
    parser = parser_for(__doc__)
    described = "draw the statuses of that day (default: today where the site is)"
    parser.add_argument("--as-of", type=day_argument, metavar="DAY", help=described)
    described = "draw only the site's general card, into this file"
    parser.add_argument("--general", type=Path, metavar="FILE", help=described)
    options = parser.parse_args(arguments)
    try:
        return _draw_site(root, options.as_of, options.general)
    except OSError as error:
        return fail(error)


def _draw_site(root: Path, day: datetime.date | None, general: Path | None) -> int:
    site = read_site(root)
    collection = collection_or_report(root)
    if collection is None:
        return 1
    as_of = day or today(site.zone)
    snapshot = Snapshot(as_of_day(collection, as_of), as_of)
    cards = Cards(snapshot, site, StatusWords(snapshot))
    if general:
        replace_file(general, png(cards.general().svg))
        return 0
    drawn, kept, removed = draw(cards.every(), root / CARDS)
    print(f"{CARDS}: {drawn:,} cards drawn, {kept:,} kept, {removed:,} removed")
    return 0


def draw(cards: Iterable[Card], folder: Path) -> tuple[int, int, int]:
    """Make the folder hold these cards and no others. Returns how many: drawn, kept, removed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {card.file: card.svg for card in cards}
    present = {file.name for file in folder.glob("*.png")} if _same_tools(folder) else set()
    missing = sorted(wanted.keys() - present)
    with ProcessPoolExecutor(PROCESSES) as processes:
        pictures = processes.map(png, [wanted[name] for name in missing], chunksize=CHUNK_SIZE)
        for name, picture in zip(missing, pictures, strict=True):
            replace_file(folder / name, picture)
    stale = sorted(file for file in folder.glob("*.png") if file.name not in wanted)
    for file in stale:
        file.unlink()
    replace_file(folder / STAMP, _tool_versions().encode())
    return len(missing), len(wanted) - len(missing), len(stale)


def png(svg: str) -> bytes:
    """The image of a drawing."""
    drawn = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=FONTS)
    picture = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as full:
        few = full.convert("RGB").quantize(
            COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        few.save(picture, "PNG", optimize=False)
    return picture.getvalue()


def _tool_versions() -> str:
    """What draws: another release may draw differently."""
    return "".join(f"{name} {version(name)}\n" for name in TOOLS)


def _same_tools(folder: Path) -> bool:
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _tool_versions()


if __name__ == "__main__":
    sys.exit(main())
