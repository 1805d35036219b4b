#!/usr/bin/env python3
"""Draw the social cards into build/cards/; `make site` uses the cards that it finds there.

usage: cards.py [--as-of DAY] [--general FILE]

The file name of a card is a hash of its content: existing cards are not drawn again, and cards that
no page uses any longer are removed. All fonts come from packages and none from the system, so that
a card has the same bytes everywhere.

Exit status: 0, or 1 if there are errors in the files.
"""

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
from timeline.cli import ROOT, collection_or_report, command, day_argument, parser_for
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.output import replace_file
from timeline.schema.dates import today
from timeline.site.cards import Card, Cards
from timeline.site.render import StatusWords

FONTS = [str(pylopdf_fonts_zh_cn.sans_path()), str(pylopdf_fonts_zh_cn.serif_path())]
TOOL_VERSIONS = "drawn-with.txt"
TOOLS = ("pillow", "pylopdf-fonts-zh-cn", "resvg-py")
COLOURS = 32  # enough for a few colours and smooth edges, and halves the size
PROCESSES = 2
CHUNK_SIZE = 16  # cards per task of a process


@command
def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return the exit status."""
    parser = parser_for(__doc__)
    help_text = "draw the statuses of that day (default: today in the site's time zone)"
    parser.add_argument("--as-of", type=day_argument, metavar="DAY", help=help_text)
    help_text = "draw only the site's general card, into this file"
    parser.add_argument("--general", type=Path, metavar="FILE", help=help_text)
    options = parser.parse_args(arguments)
    site = read_site(root)
    collection = collection_or_report(root)
    if collection is None:
        return 1
    as_of = options.as_of or today(site.zone)
    snapshot = Snapshot(as_of_day(collection, as_of), as_of)
    cards = Cards(snapshot, site, StatusWords(snapshot))
    if options.general:
        replace_file(options.general, png(cards.general().svg))
        return 0
    drawn, kept, removed = draw(cards.every(), root / CARDS)
    print(f"{CARDS}: {drawn:,} cards drawn, {kept:,} kept, {removed:,} removed")
    return 0


def draw(cards: Iterable[Card], folder: Path) -> tuple[int, int, int]:
    """Make the folder contain these cards and no others; count those drawn, kept and removed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {card.file: card.svg for card in cards}
    versions, versions_file = _tool_versions(), folder / TOOL_VERSIONS
    is_reusable = versions_file.is_file() and versions_file.read_bytes() == versions
    present = {file.name for file in folder.glob("*.png")} if is_reusable else set()
    missing = sorted(wanted.keys() - present)
    with ProcessPoolExecutor(PROCESSES) as processes:
        images = processes.map(png, [wanted[name] for name in missing], chunksize=CHUNK_SIZE)
        for name, image in zip(missing, images, strict=True):
            replace_file(folder / name, image)
    unused = [file for file in folder.glob("*.png") if file.name not in wanted]
    for file in unused:
        file.unlink()
    replace_file(versions_file, versions)
    return len(missing), len(wanted) - len(missing), len(unused)


def png(svg: str) -> bytes:
    """Return a drawing as a PNG file."""
    drawn = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=FONTS)
    file = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as full:
        reduced = full.convert("RGB").quantize(
            COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        reduced.save(file, "PNG", optimize=False)
    return file.getvalue()


def _tool_versions() -> bytes:
    """Return the versions of the drawing tools, since another release may draw differently."""
    return "".join(f"{name} {version(name)}\n" for name in TOOLS).encode()


if __name__ == "__main__":
    sys.exit(main())
