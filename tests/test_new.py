"""Beginning an entry: by options, by questions, and never over what is there."""

from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import check
import new
import pytest
from conftest import ROOT
from timeline.contributing.writing import file_text
from timeline.model.dates import today
from timeline.model.document import take_apart
from timeline.model.entry import Entry

OPTIONS = [
    "--title", "Assembly consults on: “tides” & moons",
    "--date", "2022-03-04",
    "--type", "Regulatory",
    "--regulator", "潮监局",
    "--topic", "潮汐",
    "--source", "kind=Official text", "publisher=TOA", "lang=en", "url=https://toa.example/a?b=1",
    "--instrument", "id=潮汐法", "stage=amended", "effective=2022-04-01",
    "--added", "2022-03-05",
    "--text", "The Authority asks.",
]  # fmt: skip
WRITTEN = """\
---
title: "Assembly consults on: “tides” & moons"
date: 2022-03-04
type: regulatory
regulators: [toa]
topics: [tides]
sources:
  - kind: official
    publisher: TOA
    lang: en
    url: https://toa.example/a?b=1
instruments:
  - id: tide-act
    stage: amended
    effective: 2022-04-01
added: 2022-03-05
---
The Authority asks.
"""
PATH = "entries/2022/2022-03-04-assembly-consults-tides-moons.md"


def answering(*lines: str) -> tuple[Callable[[str], str], list[str]]:
    """Somebody who gives these answers, and the prompts that they were shown."""
    waiting: Iterator[str] = iter(lines)
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return next(waiting)

    return ask, prompts


def files(world: Path) -> dict[str, bytes]:
    return {str(p.relative_to(world)): p.read_bytes() for p in world.rglob("*") if p.is_file()}


def test_by_options(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(world)
    assert new.main([*OPTIONS, "--no-questions"], world) == 0
    assert capsys.readouterr() == (f"Wrote {PATH}\n", "")
    assert (world / PATH).read_text(encoding="utf-8") == WRITTEN
    assert files(world) == before | {PATH: WRITTEN.encode()}
    assert check.main([PATH], world) == 0


def test_nothing_is_overwritten(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new.main([*OPTIONS, "--no-questions"], world) == 0
    before = files(world)
    assert new.main([*OPTIONS, "--no-questions"], world) == 1
    assert files(world) == before
    printed = capsys.readouterr()
    assert "Possibly the same: 2022-03-04-assembly-consults-tides-moons (the" in printed.out
    assert printed.err == (
        f"new.py: {PATH} exists already and was left alone; "
        "for another development, say other words with --slug\n"
    )
    assert new.main([*OPTIONS, "--no-questions", "--slug", "Second Tide!"], world) == 0
    assert (world / "entries/2022/2022-03-04-second-tide.md").exists()


def test_by_questions(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask, prompts = answering(
        "", "Moon observed", "soon", "2022-03", "wishful", "industry", "", "moonshine", "moon",
        "", "y", "news", "Shore News", "", "en", "shore", "https://news.example/m", "n",
        "y", "潮汐法", "consultation", "2022-04-30", "n", "They looked up.", "It was there.", "",
    )  # fmt: skip
    assert new.main(["--added", "2022-03-31"], world, ask) == 0
    printed = capsys.readouterr().out
    assert "  is needed\n" in printed
    assert "  'date': 'soon' is not a date; write 2022-04-29, 2022-04 or 2022\n" in printed
    assert "  'type': 'wishful' is not one of regulatory, policy" in printed
    assert "there is no page in docs/topics/ 'moonshine'; did you mean 'moon'?" in printed
    assert "  'url': 'shore' is not an address" in printed
    assert prompts[3] == "date (the day it became public): "
    assert (
        (world / "entries/2022/2022-03-moon-observed.md").read_text(encoding="utf-8")
        == """\
---
title: Moon observed
date: 2022-03
type: industry
regulators: []
topics: [moon]
sources:
  - kind: news
    publisher: Shore News
    lang: en
    url: https://news.example/m
instruments:
  - id: tide-act
    stage: consultation
    comments_close: 2022-04-30
added: 2022-03-31
---
They looked up.
It was there.
"""
    )
    assert check.main([], world) == 0


def test_a_likely_duplicate_is_asked_about(world: Path) -> None:
    told = [
        "--title", "Assembly passes the Tide Act", "--date", "2021-03-01", "--type", "regulatory",
        "--regulator", "assembly", "--topic", "tides", "--newsletter", "gull-2021-06",
    ]  # fmt: skip
    before = files(world)
    ask, prompts = answering("n", "n", "n")
    assert new.main(told, world, ask) == 1
    assert prompts[-1] == "Is yours another development? [y/N] "
    assert files(world) == before


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_leaving_in_the_middle(
    world: Path, stop: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(prompt: str) -> str:
        raise stop

    before = files(world)
    assert new.main([], world, ask) == 130
    assert capsys.readouterr().err == "\nNothing was written.\n"
    assert files(world) == before


def test_what_is_missing_is_listed(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--title", "A", "--date", "2021", "--slug", "ash", "--no-questions"]
    assert new.main(told, world) == 0
    path = "entries/2021/2021-ash.md"
    assert f"added: {today(ZoneInfo('Asia/Shanghai'))}\n" in (world / path).read_text(
        encoding="utf-8"
    )
    assert capsys.readouterr().out == (
        f"Wrote {path}\nStill to do:\n"
        f"  {path}:2: 'topics' is missing\n"
        f"  {path}:2: 'type' is missing\n"
        f"  {path}:2: one of 'newsletters' and 'sources' is needed: "
        "where can a reader see this?\n"
        f"  {path}:7: there is no text under the front matter; say what happened\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "new.py: --title is needed: a headline in the present tense\n"),
        (["--title", "A"], "new.py: --date is needed: the day it became public\n"),
        (
            ["--title", "A", "--date", "../../2021"],
            "new.py: '../../2021' is not a date; write 2022-04-29, 2022-04 or 2022\n",
        ),
        (
            ["--title", "!?", "--date", "2021"],
            "new.py: the title gives no name for the file; say a slug in Latin letters\n",
        ),
    ],
)
def test_bad_options(
    world: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    before = files(world)
    assert new.main([*arguments, "--no-questions"], world) == 1
    assert capsys.readouterr().err == said
    assert files(world) == before


def test_rows_are_keys_and_values(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        new.main(["--source", "official"], world)
    assert stopped.value.code == 2
    assert "'official' is not KEY=VALUE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--instrument", "id=潮汐法", "articles=66"], '    articles: ["66"]\n'),
        (
            ["--instrument", "id=潮汐法", "articles=3, 4，bis; 5"],
            '    articles: ["3, 4，bis", "5"]\n',
        ),
        (["--instrument", "id=潮汐法", "articles=3(2), 4"], '    articles: [3(2), "4"]\n'),
        (["--regulator", "潮监局、Assembly"], "regulators: [toa, assembly]\n"),
        (["--party", "South Harbour, Inc."], 'parties: ["South Harbour, Inc."]\n'),
    ],
)
def test_one_text_where_a_list_belongs(world: Path, options: list[str], line: str) -> None:
    chosen = OPTIONS[:6] + OPTIONS[6 if options[0] != "--regulator" else 8 :]
    assert new.main([*chosen, *options, "--no-questions"], world) == 0
    assert line in (world / PATH).read_text(encoding="utf-8")
    assert check.main([PATH], world) == 0


def test_every_real_entry_can_be_written() -> None:
    """What is written is read again as the same values."""
    for file in sorted((ROOT / "entries").rglob("*.md")):
        parts = take_apart(file.read_text(encoding="utf-8"))
        again = take_apart(file_text(Entry, parts.values, parts.body))
        assert again.values == parts.values, file
        assert again.body.strip() == parts.body.strip()
