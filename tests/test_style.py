"""Style advice: warnings at the right line, which do not change the exit status."""

from pathlib import Path

import pytest
from bad_files import GOOD, PATH, Case, case, cases_in, page
from checking import run, write


def long_title(count: int, *printed: str) -> Case:
    return case(f"title of {count}", GOOD.replace("A good entry", "x" * count), *printed)


def long_text(count: int, *printed: str) -> Case:
    front = GOOD.partition("It happened.")[0]
    return case(f"text of {count}", f"{front}{'tide ' * count}\n", *printed)


def long_page(count: int, *printed: str) -> Case:
    """Return a page that is in use, so that only its length can cause a warning."""
    text = page("name: Tides\nname_zh: 潮汐", "tide " * count)
    return case(f"page of {count}", text, *printed, path="docs/topics/tides.md")


CASES = [
    *cases_in("style.txt"),
    long_title(120),
    long_title(121, "2: warning: the title has 121 characters; write at most 120"),
    long_text(1, "10: warning: the text has 1 word; write 30 to 190"),
    long_text(29, "10: warning: the text has 29 words; write 30 to 190"),
    long_text(30),
    long_text(190),
    long_text(191, "10: warning: the text has 191 words; write 30 to 190"),
    long_page(24, "5: warning: the text has 24 words; write 25 to 170"),
    long_page(25),
    long_page(170),
    long_page(171, "5: warning: the text has 171 words; write 25 to 170"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_advice_is_a_warning(case: Case, world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(world, case.path, case.data)
    assert run(world, capsys) == (int(case.name == "error beside bad style"), case.printed)


def test_advice_is_limited_to_chosen_files(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(world, PATH, GOOD.replace("It happened.", "So far."))
    assert run(world, capsys, str(world / "docs")) == (0, [])
