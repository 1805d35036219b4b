"""Another field: other entries, other vocabulary pages, three lines of mkdocs.yml, no code."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, build, copy_checkout
from timeline.model.terms import TERMS

OTHER = ROOT / "tests" / "otherfield"
GUIDE = (ROOT / "FORKING.md").read_text(encoding="utf-8")
SETTINGS = {
    "site_name": "European Drug Approvals",
    "site_description": "Decisions on medicines in Europe, in order of time.",
    "  jurisdiction": "EU",
    "  time_zone": "Europe/Amsterdam",
}
FIELD = re.compile(r"china|chinese|\bprc\b|beijing|shanghai|\bCN\b|\bCNY\b|cyber", re.IGNORECASE)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of drug approvals, made as FORKING.md says."""
    folder = copy_checkout(tmp_path_factory.mktemp("other"))
    shutil.rmtree(folder / "entries")
    gone = [page for kind in TERMS for page in (folder / "docs" / kind).glob("*.md")]
    prose = next(step for step in GUIDE.split("\n\n") if "**Rewrite the prose**" in step)
    gone += [folder / "docs" / name for name in set(re.findall(r"`([a-z]+\.md)`", prose))]
    for page in gone:
        page.unlink()
    shutil.copytree(OTHER, folder, dirs_exist_ok=True)
    config = folder / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    for key, value in SETTINGS.items():
        text, found = re.subn(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
        assert found == 1, key
    config.write_text(text, encoding="utf-8")
    return build(folder)


def test_it_builds_and_says_nothing_of_the_first_field(other: Path) -> None:
    pages = sorted(other.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        found = FIELD.search(page.read_text(encoding="utf-8"))
        assert found is None, f"{page.relative_to(other)}: {found}"


def test_home_is_where_the_settings_say(other: Path) -> None:
    abroad = (other / "entries/2025-04-02-british-agency-vaccine/index.html").read_text()
    assert "United Kingdom" in abroad
    italy = (other / "entries/2025-03-10-italy-fines-vaccine-maker/index.html").read_text()
    assert "European Union" not in italy
    guideline = (other / "instruments/trial-guideline/index.html").read_text()
    assert "In force" in guideline
    assert '<meta name="time-zone" content="Europe/Amsterdam">' in guideline
    assert "European Drug Approvals" in guideline


def test_the_page_that_tells_how_names_every_setting() -> None:
    for key in SETTINGS:
        assert f"`{key.strip()}`" in GUIDE
