"""All that the generator makes of the invented world: pages and downloads."""

import datetime
from pathlib import Path

import pytest
from timeline.build.generator import Generator

GOLDEN = Path(__file__).parent / "golden"
DAY = datetime.date(2022, 3, 1)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_pages(world: Path, request: pytest.FixtureRequest) -> None:
    made = tree(_generate(world))
    if request.config.getoption("--write-golden"):
        for path, text in made.items():
            file = GOLDEN / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    assert made == tree(GOLDEN)


def _generate(world: Path) -> Path:
    generated = Generator(world).generate(DAY)
    assert [str(problem) for problem in generated.problems] == [
        "docs/regulators/old-toa.md:2: warning: nothing uses this page"
    ]
    return world / "build"


def test_as_of_an_earlier_day_later_entries_are_unknown(world: Path) -> None:
    generated = Generator(world).generate(datetime.date(2022, 2, 2))
    assert generated.standing is not None
    assert [entry.id for entry in generated.standing.collection.listed] == [
        "2022-02-02-duplicate",  # withdrawn three days later
        "2022-02-01-moon-treaty",
        "2021-05-tide-watch-starts",
        "2021-03-01-tide-act-passed",
        "2021-harbours-pledge",
    ]
    made = tree(world / "build" / "docs")
    assert "South Harbour" not in "".join(made.values())


def test_a_long_listing_is_divided_by_years(world: Path) -> None:
    pattern = (world / "entries/2022/2022-02-03-south-harbour-fined.md").read_text(encoding="utf-8")
    for number in range(160):
        day = f"2021-07-{number % 28 + 1:02}"
        name = f"{day}-fine-{number:03}"
        text = pattern.replace("date: 2022-02-03", f"date: {day}")
        (world / f"entries/2021/{name}.md").write_text(text, encoding="utf-8")
    made = tree(_generate(world) / "docs")
    assert made["regulators/toa/index.md"].count('class="row"') == 30
    assert 'href="../../regulators/toa/2021/"' in made["regulators/toa/index.md"]
    assert made["regulators/toa/2021/index.md"].count('class="row"') == 161
    assert made["timeline/2021/index.md"].count('class="row"') == 2  # the highlight, and no month
    assert "1 of 1 development" not in made["timeline/2021/index.md"]
    assert "0 of 160 developments shown; open July" in made["timeline/2021/index.md"]
