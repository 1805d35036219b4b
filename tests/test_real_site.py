"""The real site, whatever its entries: its pages are consistent and its data files valid."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DAY, ROOT, build, copy_checkout
from pages import dead_links, foreign_requests, invalid_files, parsed, repeated_ids

pytestmark = pytest.mark.site
FULL_DAY = re.compile(r"\d{4}-\d\d-\d\d")
IDS = sorted(file.stem for file in ROOT.glob("entries/*/*.md"))
NEWEST = max([DAY, *(found[0] for name in IDS if (found := FULL_DAY.match(name)))])


@pytest.fixture(scope="module")
def newest_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site with every entry; rebuilt only if an entry is newer than the date of `site`."""
    if NEWEST == DAY:
        site: Path = request.getfixturevalue("site")
        return site
    return build(copy_checkout(tmp_path_factory.mktemp("newest") / "checkout"), AS_OF=NEWEST)


@pytest.mark.parametrize("defects", [dead_links, repeated_ids, foreign_requests])
def test_pages_are_consistent(newest_site: Path, defects: Callable[[Path], object]) -> None:
    assert not defects(newest_site)


def test_every_entry_has_a_page(newest_site: Path) -> None:
    missing = [name for name in IDS if not (newest_site / f"entries/{name}/index.html").is_file()]
    assert IDS
    assert missing == []
    assert {page.language for page in parsed(newest_site).values()} == {"en"}


def test_files_are_valid(newest_site: Path) -> None:
    assert invalid_files(newest_site) == {}
