"""More than a thousand hostile files: each is refused with a message, or harmless once built."""

import contextlib
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import check
import pytest
from checking import write
from conftest import WORLD, WORLD_DAY, build, copy_checkout, served
from hostile import hostile_files
from pages import Watch, dead_links, foreign_requests, invalid_files, parsed, repeated_ids
from playwright.sync_api import Page

pytestmark = pytest.mark.site
LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+): (?P<warning>warning: )?.+")
# Elements that Markdown makes of their markup and that the invented world does not contain.
OF_MARKDOWN = {("blockquote", ""), ("hr", ""), ("h6", ""), ("h6", "id")}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return hostile_files()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> Path:
    """The invented world with all hostile files."""
    root = Path(shutil.copytree(WORLD, tmp_path_factory.mktemp("hostile") / "world"))
    for path, content in files.items():
        write(root, path, content)
    return root


def check_of(root: Path) -> list[re.Match[str]]:
    """Run the check, and return the lines that it prints."""
    with contextlib.redirect_stderr(io.StringIO()) as printed:
        check.main([], root)
    found = list(map(LINE.fullmatch, printed.getvalue().splitlines()))
    assert None not in found, printed.getvalue()
    return list(filter(None, found))


@pytest.fixture(scope="module")
def refusals(root: Path, files: dict[str, bytes]) -> list[re.Match[str]]:
    """The errors of the check. Refused files are then deleted."""
    found = [line for line in check_of(root) if not line["warning"] and line["path"] in files]
    for path in {line["path"] for line in found}:
        (root / path).unlink()
    return found


def test_refused_files_are_reported_with_a_line(
    root: Path, files: dict[str, bytes], refusals: list[re.Match[str]]
) -> None:
    for found in refusals:
        assert 1 <= int(found["line"]) <= len(files[found["path"]].splitlines()), found[0]
    count = len({found["path"] for found in refusals})
    print(f"{len(files)} hostile files: {count} are refused, {len(files) - count} can be built")
    assert 1_000 < count < len(files) - 1_000
    assert [found[0] for found in check_of(root) if not found["warning"]] == []


@pytest.fixture(scope="module")
def hostile_site(
    root: Path, refusals: list[re.Match[str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The site built from the files that passed the check."""
    assert refusals
    return build(copy_checkout(tmp_path_factory.mktemp("built") / "it", root), AS_OF=WORLD_DAY)


@pytest.mark.parametrize("defects", [repeated_ids, foreign_requests, dead_links, invalid_files])
def test_built_site_is_consistent(hostile_site: Path, defects: Callable[[Path], object]) -> None:
    assert not defects(hostile_site)


def test_built_site_has_no_unexpected_markup(hostile_site: Path, world_site: Path) -> None:
    """No page has an element, attribute, script or link scheme that normal pages do not have."""

    def markup(site: Path) -> set[tuple[str, str]]:
        return set().union(*(page.markup for page in parsed(site).values()))

    def kinds_of_link(site: Path) -> set[str]:
        links = (link for page in parsed(site).values() for link in page.links)
        return {found[0] for link in links if (found := re.match(r"[^/?#,]*:[^/,]*", link))}

    def scripts(site: Path) -> set[str]:
        found = (script for page in parsed(site).values() for script in page.scripts)
        return {script for script in found if not _is_data(script)}

    def _is_data(script: str) -> bool:
        kind, _, text = script.partition("\n")
        return kind.endswith("json") and json.loads(text) is not None

    assert markup(hostile_site) - markup(world_site) == OF_MARKDOWN
    assert scripts(hostile_site) == scripts(world_site)
    assert kinds_of_link(hostile_site) == kinds_of_link(world_site)


def test_drawing_opened_on_its_own_makes_no_requests(page: Page, hostile_site: Path) -> None:
    drawings = list(hostile_site.glob("assets/hostile-*.svg"))
    assert drawings
    with served(hostile_site) as address:
        watch = Watch(page, address)
        for file in drawings:
            page.goto(f"{address}assets/{file.name}")
        assert watch.others == []
