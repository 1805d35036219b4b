"""A site about another field needs other content and other settings in mkdocs.yml, but no code."""

import re
from pathlib import Path

import check
import pytest
from conftest import OTHER_FIELD, ROOT, build, copy_checkout

SETTINGS = {
    "site_name": "European Drug Approvals",
    "site_description": "Decisions on medicines in Europe, in order of time.",
    "  jurisdiction": "EU",
    "  time_zone": "Europe/Amsterdam",
    "  search_examples": "trial guideline, vaccines, fines",
}
FIRST_FIELD = re.compile(
    r"china|chinese|\bprc\b|beijing|shanghai|\bCN\b|\bCNY\b|cyber|zh-Hans", re.IGNORECASE
)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site about drug approvals, set up as FORKING.md describes."""
    folder = copy_checkout(tmp_path_factory.mktemp("other"), OTHER_FIELD)
    config = folder / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    for key, value in SETTINGS.items():
        text, found = re.subn(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
        assert found == 1, key
    text = re.sub(r"(?ms)^  words:.*?(?=^  [a-z])", "", text)
    config.write_text(text, encoding="utf-8")
    return build(folder, AS_OF="2025-06-01", SITE_URL="https://drugs.example/eu/")


def test_no_page_mentions_the_first_field(other: Path) -> None:
    pages = {page.relative_to(other).as_posix(): page for page in other.rglob("*.html")}
    assert len(pages) > 20
    texts = {path: page.read_text(encoding="utf-8") for path, page in pages.items()}
    assert [path for path, text in texts.items() if FIRST_FIELD.search(text)] == []


@pytest.mark.parametrize(
    ("page", "present", "absent"),
    [
        ("entries/2025-04-02-british-agency-vaccine", "United Kingdom", None),
        ("entries/2025-03-10-italy-fines-vaccine-maker", "EUR 120,000", "European Union"),
        ("instruments/trial-guideline", '<meta name="time-zone" content="Europe/Amsterdam">', None),
        ("instruments/trial-guideline", "European Drug Approvals", None),
        ("enforcement", "Administrative fines in EUR by year", None),
    ],
)
def test_settings_determine_the_home_jurisdiction(
    other: Path, page: str, present: str, absent: str | None
) -> None:
    """The home jurisdiction is not named on its own entries."""
    text = (other / page / "index.html").read_text(encoding="utf-8")
    assert present in text
    assert absent is None or absent not in text


@pytest.mark.parametrize(
    ("instrument", "status"),
    [
        ("trial-guideline", "Not yet in force; from 1 July 2025"),
        ("regulation-726-2004", "In force since 20 November 2005"),
        ("cancer-plan", "Programme: applies from its issue on 5 March 2024"),
        ("inspection-campaign", "Running since 1 September 2024, until December 2025"),
        ("old-trial-guideline", "To be superseded from 1 July 2025"),
    ],
)
def test_statuses_follow_the_ranks_in_the_settings(
    other: Path, instrument: str, status: str
) -> None:
    text = (other / "instruments" / instrument / "index.html").read_text(encoding="utf-8")
    plain = " ".join(re.sub(r"<[^>]+>", " ", text).split())
    assert status in re.sub(r" (?=[;,.])", "", plain)


def test_files_of_the_other_field_pass_the_check(
    other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only warnings about short texts are ignored."""
    status = check.main([], other.parent)
    lines = [line for line in capsys.readouterr().err.splitlines() if "the text has" not in line]
    assert (status, lines) == (0, [])


def test_examples_on_the_data_page_use_the_address_of_the_site(other: Path) -> None:
    text = (other / "data/index.html").read_text(encoding="utf-8")
    assert "https://drugs.example/eu/" in text
    assert "timeline.example.org" not in text


def test_guide_names_every_setting() -> None:
    guide = (ROOT / "FORKING.md").read_text(encoding="utf-8")
    assert [key for key in SETTINGS if f"`{key.strip()}`" not in guide] == []


CODE = ("scripts", "tools", "theme", "docs/assets", ".github", ".vscode")
PROSE = ("ARCHITECTURE.md", "FORKING.md", "LICENSE", "Makefile", "SECURITY.md", "pyproject.toml")
# A fork writes its own example, from which the forms are generated, and its own test queries.
ITS_OWN = re.compile(r"\.github/ISSUE_TEMPLATE/|tools/queries\.txt")


def test_code_does_not_mention_the_first_field() -> None:
    """Code may support Chinese as a language, but anything about China is content or settings."""
    named = re.compile(
        r"\bchina|\bprc\b|beijing|shanghai|\b(?:cac|miit|npc|pipl)\b|网信|工信部|个人信息",
        re.IGNORECASE,
    )
    files = [ROOT / name for name in PROSE]
    files += [file for folder in CODE for file in sorted((ROOT / folder).rglob("*"))]
    found = []
    for file in files:
        path = file.relative_to(ROOT).as_posix()
        text = file.suffix not in {".png", ".pyc"} and not ITS_OWN.match(path)
        if text and file.is_file() and named.search(file.read_text(encoding="utf-8")):
            found.append(path)
    assert found == []
