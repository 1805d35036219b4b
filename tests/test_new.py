"""`new.py`: entries from options or questions, and files that must not be overwritten."""

import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import check
import new
import pytest
import yaml
from bad_files import TEXT
from conftest import ROOT, WORLD
from timeline.checks import Project
from timeline.content.front_matter import file_text, parse_text
from timeline.content.interpret import interpret
from timeline.content.text import slug
from timeline.contribute.drafts import page_id
from timeline.schema.entry import Entry, Step
from timeline.schema.introspect import field_specs

OPTIONS = [
    "--title", "Assembly consults on: “tides” & moons",
    "--date", "2022-03-04",
    "--type", "Regulatory",
    "--regulator", "潮监局",
    "--topic", "潮汐",
    "--source", "kind=Official text", "publisher=TOA", "lang=en", "url=https://toa.example/a?b=1",
    "--instrument", "id=潮汐法", "stage=amended", "effective=2022-04-01",
    "--added", "2022-03-05",
    "--text", TEXT,
    "--no-questions",
]  # fmt: skip
WRITTEN = f"""\
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
{TEXT}
"""
HINT = "Type ? to list the possible values, - to skip a question.\n"
NAME = "2022-03-04-assembly-consults-tides-moons"
PATH = f"entries/2022/{NAME}.md"


@pytest.fixture(autouse=True)
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["new.py"])


def answering(*lines: str) -> tuple[Callable[[str], str], list[str]]:
    """Return a function that gives these answers in turn, and the list of prompts shown."""
    waiting: Iterator[str] = iter(lines)
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return next(waiting)

    return ask, prompts


def leaving_after(*lines: str, by: type[BaseException] = KeyboardInterrupt) -> Callable[[str], str]:
    """Return a function that gives these answers in turn, and then interrupts."""
    waiting = [*reversed(lines)]

    def ask(prompt: str) -> str:
        if not waiting:
            raise by
        return waiting.pop()

    return ask


def files(world: Path) -> dict[str, bytes]:
    return {str(p.relative_to(world)): p.read_bytes() for p in world.rglob("*") if p.is_file()}


def test_options_make_an_entry(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(world)
    assert new.main(OPTIONS, world) == 0
    assert capsys.readouterr() == (f"Wrote {PATH}\n", "")
    assert files(world) == before | {PATH: WRITTEN.encode()}
    assert check.main([str(world / PATH)], world) == 0
    assert capsys.readouterr() == ("", "")


def test_nothing_is_overwritten(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new.main(OPTIONS, world)
    capsys.readouterr()
    before = files(world)
    assert new.main(OPTIONS, world) == 1
    assert files(world) == before
    duplicate = (
        f"Possible duplicate: {NAME} (the same day, the same regulator, the same stage of "
        "tide-act, the same address, similar titles)\n"
    )
    exists = (
        f"new.py: {PATH} already exists and was not changed; for a different development, give "
        "another name with --slug\n"
    )
    assert capsys.readouterr() == (duplicate, exists)
    assert new.main([*OPTIONS, "--slug", "Second Tide!"], world) == 0
    other = "entries/2022/2022-03-04-second-tide.md"
    assert capsys.readouterr() == (f"{duplicate}Wrote {other}\n", "")
    assert files(world) == before | {other: WRITTEN.encode()}


def test_questions_are_repeated_until_the_answer_is_valid(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answers are valid if the check accepts them."""
    conversation = {
        "title (headline in the present tense): ": ["", "Moon observed"],
        "date (date on which it became public): ": ["soon", "2022-03"],
        "type (nature of the development: regulatory, policy, enforcement, judicial, industry, "
        "international): ": ["wishful", "industry"],
        "regulators (bodies that acted; an empty list if none did; separate several by commas): ": [
            ""
        ],
        "topics (at least one; separate several by commas): ": ["moonshine", "moon, 潮汐"],
        "newsletters (newsletters that reported it; separate several by commas): ": [""],
        "Add a source? [y/N] ": ["yes"],
        "kind (kind of text: official, translation, news, analysis): ": ["news"],
        "publisher (organisation that published it): ": ["Shore News"],
        "title (original title, in the original language): ": [""],
        "lang (language code, such as en): ": ["en"],
        "url (address of the text): ": ["shore", "https://news.example/m"],
        "quote (passage supporting the date or figure): ": [""],
        "Add another source? [y/N] ": ["n"],
        "Add an instrument? [y/N] ": ["Y"],
        "id (a page in docs/instruments/): ": ["潮汐法"],
        f"stage (stage reached: {', '.join(field_specs(Step)['stage'].choices)}): ": [
            "consultation"
        ],
        "comments_close (last day for comments): ": ["2022-04-30"],
        "Add another instrument? [y/N] ": [""],
        "| ": ["They looked up.", "", TEXT, "."],
    }
    ask, prompts = answering(*(line for lines in conversation.values() for line in lines))
    assert new.main(["--added", "2022-03-31"], world, ask) == 0
    assert prompts == [prompt for prompt, lines in conversation.items() for _ in lines]
    path = "entries/2022/2022-03-moon-observed.md"
    assert capsys.readouterr().out == (
        f"{HINT}  is required\n"
        "  'date': 'soon' is not a date; write 2022-04-29, 2022-04 or 2022\n"
        "  'type': 'wishful' is not one of regulatory, policy, enforcement, judicial, industry, "
        "international\n"
        "  'topics': there is no page 'moonshine' in docs/topics/; choose from lamps, "
        "moon, tides, or add docs/topics/moonshine.md\n"
        "  'url': 'shore' is not an address; it must begin with http:// or https://\n"
        "The text, in your own words; a line with only '.' ends it.\n"
        f"Wrote {path}\n"
    )
    assert (
        (world / path).read_text(encoding="utf-8")
        == f"""\
---
title: Moon observed
date: 2022-03
type: industry
regulators: []
topics: [moon, tides]
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

{TEXT}
"""
    )


@pytest.mark.parametrize(
    ("stage", "asked"),
    [("amended", ["effective"]), ("consultation", ["comments_close"]), ("planned", []), ("", [])],
)
def test_dates_are_asked_for_by_stage(world: Path, stage: str, asked: list[str]) -> None:
    ask, prompts = answering("n", "y", "TA", stage, *("" for _ in asked), "n")
    given = [*OPTIONS[:10], "--newsletter", "gull-2022-03", "--added", "2022-03-05", "--text", TEXT]
    assert new.main(given, world, ask) == 0
    assert [prompt.split(" ")[0] for prompt in prompts[3:-1]] == ["stage", *asked]


@pytest.mark.parametrize(("answer", "status"), [("n", 1), ("", 1), ("y", 0)])
def test_possible_duplicate_is_asked_about(
    world: Path, capsys: pytest.CaptureFixture[str], answer: str, status: int
) -> None:
    given = [
        "--title", "Assembly passes the Tide Act", "--date", "2021-03-01", "--type", "regulatory",
        "--regulator", "assembly", "--topic", "tides", "--newsletter", "gull-2021-06",
    ]  # fmt: skip
    before = files(world)
    ask, prompts = answering(answer, "n", "n", ".")
    assert new.main(given, world, ask) == status
    assert prompts[0] == "Is yours a different development? [y/N] "
    assert (files(world) == before) is bool(status)
    assert capsys.readouterr().err == ("Nothing was written.\n" if status else "")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_interruption_before_any_answer_writes_nothing(
    world: Path, stop: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(prompt: str) -> str:
        raise stop

    before = files(world)
    assert new.main([], world, ask) == 130
    assert capsys.readouterr() == (HINT, "\nNothing was written.\n")
    assert files(world) == before


def test_interruption_saves_the_answers_as_a_draft(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The draft includes an unfinished source, and does not overwrite an earlier draft."""
    kept = "Your answers are in drafts/{}.md; complete it and move it to entries/.\n"
    begun = "title: Gulls\nregulators: []\nsources:\n  - kind: news\n    publisher: Gull\n"
    answers = ("Gulls", "-", "-", "", "-", "", "y", "news", "Gull")
    for name in ("new-entry", "new-entry-1"):
        assert new.main([], world, leaving_after(*answers)) == 130
        assert capsys.readouterr().err == f"\n{kept.format(name)}"
        text = (world / f"drafts/{name}.md").read_text(encoding="utf-8")
        assert text == f"---\n{begun}---\n\n"


def test_every_question_can_be_skipped(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask, prompts = answering("-", "2022-03", *"---", "", "n", "y", *"--", "n", "A gull.", ".")
    assert new.main(["--type", "industry"], world, ask) == 1
    assert len(prompts) == 13
    assert capsys.readouterr().err == (
        "new.py: --title is required: headline in the present tense\n"
        "Your answers are in drafts/new-entry.md; complete it and move it to entries/.\n"
    )


def test_available_values_can_be_listed(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--title", "A", "--date", "2020", "--regulator", "toa", "--newsletter", "gull-2022-03"]
    ask = leaving_after("?", "policy", "?", "moon", "y", "news", "?")
    assert new.main(given, world, ask) == 130
    assert capsys.readouterr().out.splitlines() == [
        HINT.strip(),
        "  regulatory: Regulatory",
        "  policy: Policy",
        "  enforcement: Enforcement",
        "  judicial: Courts",
        "  industry: Industry",
        "  international: International",
        "  lamps: lighthouses, 灯塔",
        "  moon",
        "  tides: 潮汐",
        "  organisation that published it",
    ]


def test_penalties_are_asked_for_if_the_type_has_them(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask, prompts = answering("n", "n", "Gull Ltd", "y", "Gull Ltd", "warning", "", "", "n", ".")
    options = [*OPTIONS[:4], "--type", "Enforcement", *OPTIONS[6:10], "--newsletter=gull-2022-03"]
    assert new.main(options, world, ask) == 0
    assert [prompt.split(" (")[0] for prompt in prompts] == [
        "Add a source? [y/N] ", "Add an instrument? [y/N] ", "parties", "Add a penalty? [y/N] ",
        "party", "measure", "amount", "currency", "Add another penalty? [y/N] ", "| ",
    ]  # fmt: skip
    assert "sources" not in (world / PATH).read_text(encoding="utf-8")


def test_missing_values_are_listed(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.content.loader.today", lambda _: datetime.date(2022, 5, 6))
    (world / "entries/2022/2022-06-01-bad.md").write_text("nothing", encoding="utf-8")
    assert (
        new.main(["--title", "A", "--date", "2021", "--slug", "ash", "--no-questions"], world) == 0
    )
    path = "entries/2021/2021-ash.md"
    front = "---\ntitle: A\ndate: 2021\nregulators: []\nadded: 2022-05-06\n---\n\n"
    assert (world / path).read_text(encoding="utf-8") == front
    assert capsys.readouterr().out == (
        f"Wrote {path}\nTo fix:\n"
        f"  {path}:2: 'topics' is missing (at least one); name pages of docs/topics/, such as "
        "[lamps]\n"
        f"  {path}:2: 'type' is missing; write one of regulatory, policy, enforcement, "
        "judicial, industry, international\n"
        f"  {path}:2: the entry names no source; fill in at least one of 'newsletters' or "
        "'sources'\n"
        f"  {path}:7: there is no text under the front matter; say what happened\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--title is required: headline in the present tense"),
        (["--title", "A"], "--date is required: date on which it became public"),
        (
            ["--title", "A", "--date", "../../2021"],
            "'../../2021' is not a date; write 2022-04-29, 2022-04 or 2022",
        ),
        (
            ["--title", "!?", "--date", "2021"],
            "no file name can be made from the title; give a slug in Latin letters",
        ),
    ],
)
def test_bad_options_are_refused(
    world: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = files(world)
    assert new.main([*arguments, "--no-questions"], world) == 1
    assert capsys.readouterr() == ("", f"new.py: {message}\n")
    assert files(world) == before


def test_without_a_terminal_nothing_is_asked(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Moon observed\n"))
    assert new.main([], world) == 1
    message = "--title is required: headline in the present tense; no terminal to ask at"
    assert capsys.readouterr().err == f"new.py: {message}\n"


def test_end_of_input_ends_the_text(world: Path) -> None:
    given = [*OPTIONS[:10], "--newsletter", "gull-2022-03", "--added", "2022-03-05"]
    assert new.main(given, world, leaving_after("n", "n", "A gull.", "", by=EOFError)) == 0
    assert (world / PATH).read_text(encoding="utf-8").endswith("\n---\nA gull.\n")


def test_rows_must_be_keys_and_values(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        new.main(["--source", "official"], world)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.endswith("error: 'official' is not KEY=VALUE\n")


# Interpretation of informal values

INTERPRETED = yaml.safe_load((ROOT / "tests" / "interpreted.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("key", "written", "expected"), INTERPRETED)
def test_informal_value_is_interpreted(key: str, written: object, expected: object) -> None:
    index = Project(WORLD).load().index
    assert interpret(Entry, {key: written}, index) == {key: expected}


@pytest.mark.parametrize("empty", ["", None, {}, [""], " "])
def test_empty_keys_are_left_out(empty: object) -> None:
    index = Project(WORLD).load().index
    assert interpret(Entry, {"number": empty, "title": "A"}, index) == {"title": "A"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("TOA fines the harbour of North-Shore for 1,200 euros",
         "toa-fines-harbour-north-shore-1200-euros"),
        ("Ünïted Hárbours’ “pledge”", "united-harbours-pledge"),
        ("../../etc/passwd\n---", "etc-passwd"),
        ("潮汐", "chao-xi"),
        ("?!", ""),
        (" ".join(["harbour"] * 9), "-".join(["harbour"] * 7)),  # 55 characters, of 60
        ("x" * 70, "x" * 60),
    ],
)  # fmt: skip
def test_slug_is_made_from_the_title(title: str, name: str) -> None:
    assert slug(title) == name


@pytest.mark.parametrize("name", ["?!", "Index", "the"])
def test_name_without_letters_gives_no_page(name: str) -> None:
    with pytest.raises(ValueError, match=r"no file name can be made from .* in Latin letters$"):
        page_id(name)


def test_every_file_of_the_world_can_be_rewritten() -> None:
    """The rewritten file has the same values and text."""
    for path, model in Project(WORLD).checkout.documents():
        parts = parse_text((WORLD / path).read_text(encoding="utf-8"))
        again = parse_text(file_text(model, parts.values, parts.body))
        assert (again.values, again.body.strip()) == (parts.values, parts.body.strip()), path
