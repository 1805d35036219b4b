"""Another field: other entries, other vocabulary pages, four lines of mkdocs.yml, no code."""

import re
from pathlib import Path

import pytest
from conftest import ROOT, build, copy_checkout

OTHER = ROOT / "tests" / "otherfield"
SETTINGS = {
    "site_name": "European Drug Approvals",
    "site_description": "Decisions on medicines in Europe, in order of time.",
    "  jurisdiction": "EU",
    "  time_zone": "Europe/Amsterdam",
}
FIRST_FIELD = re.compile(
    r"china|chinese|\bprc\b|beijing|shanghai|\bCN\b|\bCNY\b|cyber", re.IGNORECASE
)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of drug approvals, made as FORKING.md says."""
    folder = copy_checkout(tmp_path_factory.mktemp("other"), OTHER)
    config = folder / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    for key, value in SETTINGS.items():
        text, found = re.subn(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
        assert found == 1, key
    config.write_text(text, encoding="utf-8")
    return build(folder, AS_OF="2025-06-01")


def test_no_page_says_anything_of_the_first_field(other: Path) -> None:
    """But for the form, which has a field for `name_zh`."""
    pages = {page.relative_to(other).as_posix(): page for page in other.rglob("*.html")}
    del pages["contribute/index.html"]
    assert len(pages) > 20
    texts = {path: page.read_text(encoding="utf-8") for path, page in pages.items()}
    assert [path for path, text in texts.items() if FIRST_FIELD.search(text)] == []


@pytest.mark.parametrize(
    ("page", "said", "unsaid"),
    [
        ("entries/2025-04-02-british-agency-vaccine", "United Kingdom", None),
        ("entries/2025-03-10-italy-fines-vaccine-maker", "EUR 120,000", "European Union"),
        ("instruments/trial-guideline", '<meta name="time-zone" content="Europe/Amsterdam">', None),
        ("instruments/trial-guideline", "European Drug Approvals", None),
        ("enforcement", "Administrative fines in EUR by year", None),
    ],
)
def test_settings_say_where_home_is(other: Path, page: str, said: str, unsaid: str | None) -> None:
    """A place at home is not named."""
    text = (other / page / "index.html").read_text(encoding="utf-8")
    assert said in text
    assert unsaid is None or unsaid not in text


def test_guide_names_every_setting() -> None:
    guide = (ROOT / "FORKING.md").read_text(encoding="utf-8")
    assert [key for key in SETTINGS if f"`{key.strip()}`" not in guide] == []
