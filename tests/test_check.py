"""`check.py`: everything that it prints for bad files, and its exit status."""

import datetime
import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import check
import pytest
from bad_files import CASES, GOOD, NO_FRONT_MATTER, PATH, TEXT, Case, page
from checking import run, write
from conftest import ROOT, WORLD, WORLD_WARNING, edit
from timeline.checks import Project
from timeline.checks.rules import MAX_ID

ACT = "entries/2021/2021-03-01-tide-act-passed.md"
WATCH = "2021-05-tide-watch-starts"


def test_valid_world_passes(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([], world) == 0
    assert capsys.readouterr() == ("", f"{WORLD_WARNING}\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_file_is_reported(case: Case, world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(world, case.path, case.data)
    status, printed = run(world, capsys)
    assert [line for line in printed if not line.startswith(f"entries/2021/{WATCH}")] == (
        case.printed
    )
    assert status == int(any(": warning: " not in line for line in case.printed))


def test_output_is_utf_8_whatever_the_encoding_of_the_terminal() -> None:
    shown = (
        f"import pathlib, review; review.main(['{Path(ACT).stem}'], pathlib.Path({str(WORLD)!r}))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "scripts"), "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-c", shown]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert "潮汐法" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError(errno.EROFS, "Read-only file system", "x.md"), "x.md: Read-only file system"),
    ],
)
def test_system_error_is_reported_in_one_line(
    world: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    message: str,
) -> None:
    """The file remains unchanged."""

    def refuse(*_: object) -> None:
        raise error

    wrong = GOOD.replace("[toa]", "[TOA]")
    (world / PATH).write_text(wrong, encoding="utf-8")
    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr("sys.argv", ["check.py"])
    assert check.main(["--fix"], world) == 1
    assert capsys.readouterr().err == f"check.py: {message}\n"
    assert (world / PATH).read_text(encoding="utf-8") == wrong


def test_past_event_with_a_future_date_is_an_error(world: Path) -> None:
    (world / PATH).write_text(GOOD, encoding="utf-8")
    loaded = [Project(world, datetime.date(2021, 6, day)).load() for day in (19, 20)]
    found = [[str(p) for p in one.problems if p.path == PATH] for one in loaded]
    message = "'added': 2021-06-20 is after today (2021-06-19), but records a past event"
    message += "; write the day on which it happened"
    assert found == [[f"{PATH}:8: {message}"], []]


@pytest.mark.parametrize("blank", ["", "\n", "\n\n", " \n\n", "\r\n"])
def test_problem_in_the_text_is_reported_at_its_line(
    world: Path, capsys: pytest.CaptureFixture[str], blank: str
) -> None:
    text = GOOD.replace("It happened.", f"{blank}It happened.\n\n<b>")
    (world / PATH).write_bytes(text.encode())
    number = next(at for at, line in enumerate(text.splitlines(), 1) if line == "<b>")
    message = "raw HTML is not allowed ('<b>'); leave it out, or write plain Markdown"
    assert run(world, capsys) == (1, [f"{PATH}:{number}: {message}"])


def test_problems_are_sorted_by_file_and_line(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(world, "entries/2022/2022-01-01-b.md", "nothing")
    write(world, "entries/2021/2021-06-01-c.md", GOOD.replace("It happened.", "<b>"))
    write(world, PATH, GOOD.replace("[tides]", "[]\nnumber: 7").replace("It happened.", "<b>"))
    write(world, "docs/topics/a.md", page("name:", "A."))
    html = "raw HTML is not allowed ('<b>'); leave it out, or write plain Markdown"
    assert run(world, capsys) == (
        1,
        [
            (
                "docs/topics/a.md:2: 'name' has no value, but it is required (short heading); "
                "write one"
            ),
            f"entries/2021/2021-06-01-c.md:10: {html}",
            f"{PATH}:6: 'topics': is an empty list; name at least one",
            f"{PATH}:7: 'number': must be text, not a number; write \"7\"",
            f"{PATH}:11: {html}",
            f"entries/2022/2022-01-01-b.md:{NO_FRONT_MATTER}",
        ],
    )


def test_only_chosen_paths_are_reported(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(world, PATH, "nothing")
    write(world, "docs/topics/bad.md", "nothing")
    topic, entry = f"docs/topics/bad.md:{NO_FRONT_MATTER}", f"{PATH}:{NO_FRONT_MATTER}"
    for paths, printed in (
        (["docs/topics"], [topic]),
        ([PATH], [entry]),
        (["docs/topics/bad.md", "entries"], [topic, entry]),
        (["docs/topic", "docs/instruments"], []),
    ):
        found = run(world, capsys, *(str(world / path) for path in paths))
        assert found == (int(bool(printed)), printed), paths


def test_annotations_for_github_are_printed(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert check.main([], world) == 0
    path, line, message = WORLD_WARNING.split(":", 2)
    warning = message.removeprefix(" warning: ")
    assert capsys.readouterr() == (
        f"::warning file={path},line={line}::{warning}\n",
        f"{WORLD_WARNING}\n",
    )
    write(world, "entries/2021/50%, or so:.md", "nothing")
    assert check.main([], world) == 1
    _, _, message = NO_FRONT_MATTER.partition(": ")
    assert capsys.readouterr() == (
        f"::error file=entries/2021/50%25%2C or so%3A.md,line=1::{message}\n",
        f"entries/2021/50%, or so:.md:1: {message}\n",
    )


@pytest.mark.parametrize("is_folder_there", [True, False])
def test_checkout_without_entries_passes(
    world: Path, capsys: pytest.CaptureFixture[str], is_folder_there: bool
) -> None:
    (world / "entries").rename(world / "elsewhere")
    if is_folder_there:
        (world / "entries").mkdir()
    status, printed = run(world, capsys)
    # Without entries, every page is unused.
    assert [line for line in printed if ": warning: " not in line] == [
        "entries:1: there are no entries; add entries/<year>/<id>.md",
    ]
    assert status == 1


def test_circular_aliases_are_duplicate_ids(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two entries that name each other, and an entry that names itself."""
    circle = {"2021-06-01-x": "2021-06-01-y", "2021-06-01-y": "2021-06-01-x"}
    for name, alias in {**circle, "2021-06-01-z": "2021-06-01-z"}.items():
        text = GOOD.replace("added:", f"aliases: [{alias}]\nadded:").replace("A good", name)
        write(world, f"entries/2021/{name}.md", text)
    _, printed = run(world, capsys)
    found = [line.split(" (also")[0] for line in printed if "duplicate id" in line]
    assert sorted(found) == [
        f"entries/2021/2021-06-01-{one}.md:{line}: duplicate id '2021-06-01-{other}'"
        for one, line, other in
        (("x", 2, "x"), ("x", 8, "y"), ("y", 2, "y"), ("y", 8, "x"), ("z", 2, "z"), ("z", 8, "z"))
    ]  # fmt: skip


def test_pages_with_the_same_name_are_warned_about(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, other = "docs/regulators/toa.md", "docs/regulators/toa-2.md"
    write(world, other, f"---\nname: Tide Agency\nname_zh: 潮汐监督局\nkind: agency\n---\n{TEXT}\n")
    same = "has the same name; if both mean the same, use one page"
    end = f"{same}; if one followed the other, record it under 'successors'"
    assert run(world, capsys) == (
        0,
        [
            f"{other}:2: warning: {page} {end}",
            f"{other}:2: warning: nothing uses this page",
            f"{page}:2: warning: {other} {end}",
        ],
    )


def test_duplicate_ids_are_reported_at_both_entries(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (world / f"entries/2021/{WATCH}.md").read_text(encoding="utf-8")
    write(world, f"entries/2022/{WATCH}.md", text)
    one, two = (f"entries/{year}/{WATCH}.md" for year in (2021, 2022))
    assert run(world, capsys) == (
        1,
        [
            f"{one}:2: duplicate id '{WATCH}' (also used by {two}); choose another",
            f"{one}:18: duplicate id '2021-05-01-tide-watch' (also used by {two}); choose another",
            f"{two}:2: duplicate id '{WATCH}' (also used by {one}); choose another",
            f"{two}:2: the file belongs at {one}",
            f"{two}:18: duplicate id '2021-05-01-tide-watch' (also used by {one}); choose another",
        ],
    )


def test_unreadable_files_are_reported(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "entries/2021/2021-06-01-link.md").symlink_to("/etc/passwd")
    write(world, "entries/2021/2021-06-01-folder.md/x.md", "nothing")
    os.mkfifo(world / "entries/2021/2021-06-01-pipe.md")
    write(world, PATH, "nothing")
    (world / PATH).chmod(0)
    # Root can read everything.
    reason = NO_FRONT_MATTER if os.geteuid() == 0 else "1: Permission denied"
    status, printed = run(world, capsys)
    (world / PATH).chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert printed == [
        (
            "entries/2021/2021-06-01-folder.md/x.md:1: is in the wrong folder; "
            "move it to entries/<year>/<id>.md"
        ),
        "entries/2021/2021-06-01-link.md:1: is a symbolic link; put the file itself here",
        "entries/2021/2021-06-01-pipe.md:1: is not a regular file",
        f"{PATH}:{reason}",
    ]
    assert status == 1


def test_links_out_of_the_checkout_are_refused(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (world / "docs/assets/x.txt").symlink_to("/etc/passwd")
    (world / "docs/assets/y.txt").symlink_to("/nowhere")
    (world / "entries/2023").symlink_to(world / "entries/2022")
    assert run(world, capsys) == (
        1,
        [
            "docs/assets/x.txt:1: is not a regular file; put the file itself here",
            "docs/assets/y.txt:1: is not a regular file; put the file itself here",
            "entries/2023:1: is not an entry; only .md files belong here; rename or remove it",
        ],
    )


def test_file_names_cannot_forge_lines_of_output(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "2021-06-01-x\n::error file=README.md,line=1::forged\n.md"
    write(world, f"entries/2021/{name}", "nothing")
    raw = os.fsencode(world / "docs/topics") + b"/\xff.md"
    Path(os.fsdecode(raw)).write_text("nothing", encoding="utf-8")
    shown = "entries/2021/2021-06-01-x\\n::error file=README.md,line=1::forged\\n.md"
    assert run(world, capsys) == (
        1,
        [
            (
                "docs/topics/\\udcff.md:1: only pages docs/topics/<id>.md belong here; "
                "rename or remove it"
            ),
            f"{shown}:1: has a name with characters that an address cannot have; rename it",
        ],
    )


# Rules that involve several files


def act(world: Path, name: str, step: str, more: str = "") -> str:
    """Write an entry about the Tide Act, with the stage on line 8, and return its path."""
    date = name[:10]
    text = GOOD.replace("2021-06-01", date).replace("2021-06-20", "2025-01-01")
    text = text.replace("added:", f"instruments: [{{id: tide-act{step}}}]\n{more}added:")
    path = f"entries/{date[:4]}/{name}.md"
    write(world, path, text)
    return path


def test_circular_replacements_are_reported(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, other in (("one", "two"), ("two", "three"), ("three", "one"), ("four", "one")):
        front = f"name: {name}\nrank: law\nreplaces: [{{id: {other}}}]"
        write(world, f"docs/instruments/{name}.md", page(front))
    expected = ["docs/instruments/four.md:2: warning: nothing uses this page"]
    for name in ("one", "three", "two"):
        path = f"docs/instruments/{name}.md"
        circle = f"circular 'replaces' chain: '{name}' replaces itself through others"
        circle += "; remove one link of the chain"
        expected += [f"{path}:2: warning: no entry names this instrument", f"{path}:4: {circle}"]
    assert run(world, capsys) == (1, expected)


def test_stage_after_a_repeal_is_an_error(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A stage on the day of the repeal is allowed, and so is a later mention."""
    act(world, "2022-03-02-gone", ", stage: repealed")
    act(world, "2022-03-02-x", ", stage: interpreted")
    act(world, "2022-03-03-mentioned", "")
    late = act(world, "2022-03-03-x", ", stage: amended")
    message = (
        "the stage 'amended' comes after the repeal of 'tide-act' (2022-03-02-gone); correct the "
        "stage or one of the dates"
    )
    status, printed = run(world, capsys)
    errors = [line for line in printed if ": warning: " not in line]
    assert (status, errors) == (1, [f"{late}:8: {message}"])


def test_effective_date_before_the_entry_is_warned_about(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    amended = ", stage: amended, effective: "
    act(world, "2022-04-01-on-the-day", f"{amended}2022-04-01")
    act(world, "2022-06-02-explained", f"{amended}2022-06-01", "date_note: Backdated.\n")
    path = act(world, "2022-08-02-x", f"{amended}2022-08-01")
    expected = (
        f"{path}:8: warning: takes effect on 2022-08-01, before the entry's date (2022-08-02); "
        "if that is right, explain it in 'date_note'"
    )
    assert run(world, capsys) == (0, [expected])


def test_postponement_must_name_the_latest_date(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def postpone(date: str, day: str, instead_of: str) -> str:
        effective = f"[{{date: {day}, instead_of: {instead_of}}}]"
        return act(world, f"{date}-x", f", stage: amended, effective: {effective}")

    first = postpone("2021-10-01", "2023-01-01", "2022-01-01")
    second = postpone("2021-11-01", "2024-01-01", "2022-01-01")
    wrong = "2021-10-01-x already moved 2022-01-01 to 2023-01-01; set 'instead_of' to 2023-01-01"
    assert run(world, capsys) == (1, [f"{second}:8: {wrong}"])
    # A chain of postponements is valid, and two entries may report the same one.
    postpone("2021-11-01", "2024-01-01", "2023-01-01")
    third = postpone("2021-12-01", "2024-01-01", "2023-01-01")
    assert run(world, capsys) == (0, [])
    # If the first entry is withdrawn, the dates that the later ones replace are unrecorded.
    edit(world, first, "added:", "withdrawn: {date: 2021-12-02, reason: An error.}\nadded:")
    wrong = (
        "8: 'instead_of' names 2023-01-01, which no earlier entry records as an effective date of "
        "'tide-act'; write one that is recorded and still to come: 2022-01-01"
    )
    assert run(world, capsys) == (
        1,
        [
            f"{second}:{wrong}",
            f"{third}:{wrong}, 2024-01-01",
        ],
    )


LAW = "docs/instruments/tide-act.md"
FINED = "entries/2022/2022-02-03-south-harbour-fined.md"


@pytest.mark.parametrize(
    "change",
    [
        ("regulators", ACT, "[assembly]", "[assembly, x]"),
        ("regulators", LAW, "[assembly]", "[assembly, x]"),
        ("regulators", "docs/regulators/north-toa.md", "parent: toa", "parent: x"),
        ("regulators", "docs/regulators/old-toa.md", "{id: toa", "{id: x"),
        ("topics", ACT, "[tides]", "[tides, x]"),
        ("newsletters", ACT, "added:", "newsletters: [x]\nadded:"),
        ("instruments", ACT, "- id: tide-act", "- id: x\n  - id: tide-act"),
        ("instruments", FINED, "{id: tide-act", "{id: x"),
        *(
            ("instruments", LAW, "applies_to:", f"{relation}: [{{id: x}}]\napplies_to:")
            for relation in ("implements", "amends", "interprets")
        ),
        ("instruments", LAW, "{id: old-tide-law}", "{id: old-tide-law}, {id: x}"),
    ],
)
def test_a_page_that_an_entry_names_is_used(
    world: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str, str, str]
) -> None:
    kind, path, old, new = change
    fronts = {
        "instruments": "name: X\nrank: law",
        "newsletters": "publisher: X\ntitle: X\ncovers: 2022-01\nissued: 2022-02\nlanguage: en",
        "regulators": "name: X\nkind: agency",
        "topics": "name: X",
    }
    for folder, front in fronts.items():
        write(world, f"docs/{folder}/x.md", page(front))
    unused = {k: f"docs/{k}/x.md:2: warning: nothing uses this page" for k in fronts}
    assert run(world, capsys) == (0, list(unused.values()))
    edit(world, path, old, new)
    del unused[kind]
    if kind == "instruments" and path == LAW:
        unused[kind] = f"docs/{kind}/x.md:2: warning: no entry names this instrument"
    assert run(world, capsys) == (0, sorted(unused.values()))


@pytest.mark.parametrize("length", [MAX_ID, MAX_ID + 1])
def test_length_of_an_id_is_limited(world: Path, length: int) -> None:
    name = "2021-06-01-".ljust(length, "x")
    (world / f"entries/2021/{name}.md").write_text(GOOD, encoding="utf-8")
    found = [str(problem) for problem in Project(world).load().problems if not problem.warning]
    message = "2: the file name has 101 characters; at most 100 are allowed"
    assert found == [f"entries/2021/{name}.md:{message}"] * (length > MAX_ID)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    ("path", "content", "wrong"),
    [
        ("assets/x.svg", SVG.format('<g fill="url(#a)"><use xlink:href="#a"/></g>'), None),
        ("assets/x.svg", SVG.format("<script>alert(1)</script>"), "the element 'script'"),
        ("assets/x.svg", SVG.format("<foreignObject/>"), "the element 'foreignObject'"),
        (
            "assets/x.svg",
            SVG.format('<b xmlns="http://www.w3.org/1999/xhtml"/>'),
            "the element 'b'",
        ),
        ("assets/x.svg", SVG.format('<g onclick="x"/>'), "the attribute 'onclick'"),
        ("assets/x.svg", SVG.format('<use xlink:href="data:x"/>'), "the attribute 'href'"),
        ("assets/x.svg", SVG.format('<set attributeName="onload"/>'), "the element 'set'"),
        ("assets/x.svg", SVG.format('<g style="fill:red"/>'), "the attribute 'style'"),
        ("assets/x.svg", SVG.format('<g fill="url( x)"/>'), "an address in the attribute 'fill'"),
        ("assets/x.svg", SVG.format('<g fill="u\\72l(x)"/>'), "an address in the attribute 'fill'"),
        ("assets/x.svg", "<!DOCTYPE svg>" + SVG, "a declaration, a comment or a style sheet"),
        (
            "assets/x.svg",
            "<?xml-stylesheet href='x'?>" + SVG,
            "a declaration, a comment or a style",
        ),
    ],
)
def test_svg_may_only_contain_drawings(
    world: Path, capsys: pytest.CaptureFixture[str], path: str, content: str, wrong: str | None
) -> None:
    write(world, f"docs/{path}", content)
    _, printed = run(world, capsys)
    assert [f"docs/{path}:1: has {wrong}" in line for line in printed] == [True] * bool(wrong)


def test_asset_of_wrong_kind_size_or_folder_is_refused(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(world, "docs/feed.atom/x.txt", "x")
    write(world, "docs/assets/x.html", "x")
    write(world, "docs/assets/big.png", b"x" * 5_000_001)
    write(world, "docs/assets/x.svg", "x")
    kinds = (
        ".css, .ico, .jpeg, .jpg, .js, .pdf, .png, .svg, .txt, .webp, .woff2; convert or remove it"
    )
    assert run(world, capsys)[1] == [
        "docs/assets/big.png:1: has more than 5,000,000 bytes; make it smaller",
        "docs/assets/x.html:1: is neither a page (.md) nor one of " + kinds,
        "docs/assets/x.svg:1: is not an SVG in UTF-8 (syntax error: line 1, column 0)",
        "docs/feed.atom/x.txt:1: is in the wrong folder; move it to docs/assets/",
    ]


def test_folder_that_cannot_be_read_is_reported(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    system = os.scandir

    def scandir(folder: str) -> object:
        if str(folder).endswith("entries/2021"):
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return system(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    assert "entries/2021:1: cannot be read (Permission denied)" in run(world, capsys)[1]
