"""Bad input: for each kind one awful file, with all that `check.py` prints for it."""

import os
import stat
from pathlib import Path

import check
import pytest
from bad_files import CASES, OF_ALL_ENTRIES, Case
from conftest import edit

ENTRY = "entries/2021/2021-06-01-x.md"
UNUSED = "docs/regulators/old-toa.md:2: warning: nothing uses this page\n"


def run(world: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = check.main(list(arguments), world)
    captured = capsys.readouterr()
    assert captured.out == ""
    return status, captured.err


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_file(case: Case, world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = world / case.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(case.data)
    status, printed = run(world, capsys)
    assert [
        line for line in printed.splitlines() if line.startswith(f"{case.path}:")
    ] == case.printed
    assert status == int(any(": warning: " not in line for line in case.printed))


def test_all_problems_of_all_files_sorted(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = []
    bad = [case for case in CASES if case.path == ENTRY and case.printed]
    for number, case in enumerate(case for case in bad if case.name not in OF_ALL_ENTRIES):
        name = f"entries/2021/2021-06-01-x{number:03}.md"
        (world / name).write_bytes(case.data)
        expected += [line.replace(ENTRY, name) for line in case.printed]
    status, printed = run(world, capsys)
    expected.sort(key=lambda line: (line.split(":")[0], int(line.split(":")[1]), line))
    # Some messages name the file, so only the places are compared.
    places = [line.split(": ")[0] for line in printed.splitlines() if "2021-06-01-x" in line]
    assert set(places) >= {line.split(": ")[0] for line in expected}
    assert printed.splitlines() == sorted(printed.splitlines(), key=_place)
    assert status == 1


def _place(line: str) -> tuple[str, int]:
    path, number, _ = line.split(":", 2)
    return path, int(number)


def test_one_file_asked_for(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / ENTRY).write_text("nothing", encoding="utf-8")
    (world / "docs/topics/bad.md").write_text("nothing", encoding="utf-8")
    status, printed = run(world, capsys, str(world / "docs" / "topics"))
    assert printed == (
        "docs/topics/bad.md:1: there is no front matter; the file must begin with a line '---'\n"
    )
    assert status == 1
    status, printed = run(world, capsys, str(world / "docs" / "instruments"))
    assert (status, printed) == (0, "")


def test_annotations_for_github(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (world / "entries/2021/50%, or so:.md").write_text("nothing", encoding="utf-8")
    assert check.main([], world) == 1
    captured = capsys.readouterr()
    assert captured.out == (
        "::warning file=docs/regulators/old-toa.md,line=2::nothing uses this page\n"
        "::error file=entries/2021/50%25%2C or so%3A.md,line=1::there is no front matter; "
        "the file must begin with a line '---'\n"
    ).replace("::warning file=docs/regulators/old-toa.md,line=2::nothing uses this page\n", "")
    assert captured.err == (
        "entries/2021/50%, or so:.md:1: there is no front matter; "
        "the file must begin with a line '---'\n"
    )


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_no_entries(world: Path, capsys: pytest.CaptureFixture[str], folder: str) -> None:
    for file in (world / "entries").rglob("*.md"):
        file.unlink()
    if folder == "missing":
        for sub in [*(world / "entries").iterdir(), world / "entries"]:
            sub.rmdir()
    status, printed = run(world, capsys)
    lines = [line for line in printed.splitlines() if "warning" not in line]
    assert "entries:1: there are no entries; add entries/<year>/<id>.md" in lines
    assert status == 1


def test_two_entries_with_one_id_and_a_taken_alias(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (world / "entries/2021/2021-05-tide-watch-starts.md").read_text(encoding="utf-8")
    (world / "entries/2022/2021-05-tide-watch-starts.md").write_text(text, encoding="utf-8")
    status, printed = run(world, capsys)
    one, two = (f"entries/{year}/2021-05-tide-watch-starts.md" for year in (2021, 2022))
    assert printed.replace(UNUSED, "") == (
        f"{one}:2: the id '2021-05-tide-watch-starts' is taken by {two} too\n"
        f"{one}:18: the id '2021-05-01-tide-watch' is taken by {two} too\n"
        f"{two}:2: the file belongs at {one}\n"
        f"{two}:2: the id '2021-05-tide-watch-starts' is taken by {one} too\n"
        f"{two}:18: the id '2021-05-01-tide-watch' is taken by {one} too\n"
    )
    assert status == 1


def test_a_link_and_a_file_that_cannot_be_read(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (world / "entries/2021/2021-06-01-link.md").symlink_to("/etc/passwd")
    folder = world / "entries/2021/2021-06-01-folder.md"
    folder.mkdir()
    (folder / "x.md").write_text("nothing", encoding="utf-8")
    unreadable = world / ENTRY
    unreadable.write_text("nothing", encoding="utf-8")
    unreadable.chmod(0)
    expected = (
        "entries/2021/2021-06-01-folder.md/x.md:1: entries stand in entries/<year>/<id>.md\n"
        "entries/2021/2021-06-01-link.md:1: is a symbolic link; put the file itself here\n"
    )
    if os.geteuid() != 0:
        expected += f"{ENTRY}:1: Permission denied\n"
    else:  # root reads everything
        expected += f"{ENTRY}:1: there is no front matter; the file must begin with a line '---'\n"
    status, printed = run(world, capsys)
    unreadable.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert printed.replace(UNUSED, "") == expected
    assert status == 1


def instrument(world: Path, name: str, *lines: str) -> None:
    front = "\n".join(["---", f"name: {name}", "rank: law", *lines, "---", "A law.", ""])
    (world / f"docs/instruments/{name}.md").write_text(front, encoding="utf-8")


def entry(world: Path, date: str, *steps: str) -> str:
    text = (world / "entries/2022/2022-02-01-moon-treaty.md").read_text(encoding="utf-8")
    found = "instruments:\n" + "".join(f"  - {step}\n" for step in steps)
    text = text.replace("jurisdiction: INT\n", found)
    text = text.replace("2022-02-01", date).replace("2022-02-04", "2026-01-01")
    path = f"entries/{date[:4]}/{date}-x.md"
    (world / path).parent.mkdir(exist_ok=True)
    (world / path).write_text(text, encoding="utf-8")
    return path


def test_instruments_that_replace_one_another_in_a_circle(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instrument(world, "one", "replaces: [{id: two}]")
    instrument(world, "two", "replaces: [{id: three}]")
    instrument(world, "three", "replaces: [{id: one}]")
    status, printed = run(world, capsys)
    assert printed.replace(UNUSED, "") == "".join(
        f"docs/instruments/{name}.md:2: warning: no entry tells of this instrument\n"
        f"docs/instruments/{name}.md:4: '{name}' replaces itself by way of others; "
        "one of them is the newer\n"
        for name in ("one", "three", "two")
    )
    assert status == 1


def test_a_stage_after_repeal(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry(world, "2022-03-01", "{id: tide-act, stage: repealed}")
    path = entry(world, "2022-04-01", "{id: tide-act, stage: amended}", "{id: tide-act}")
    status, printed = run(world, capsys)
    assert printed.replace(UNUSED, "") == (
        f"{path}:9: the stage 'amended' comes after the repeal of 'tide-act' (2022-03-01-x)\n"
    )
    assert status == 1


def test_an_effect_before_its_own_date(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = entry(world, "2022-04-01", "{id: tide-act, stage: amended, effective: 2022-03-31}")
    status, printed = run(world, capsys)
    assert printed.replace(UNUSED, "") == (
        f"{path}:9: warning: takes effect on 2022-03-31, before its own date (2022-04-01); "
        "where that is right, say so in 'date_note'\n"
    )
    assert status == 0


def test_a_day_moved_twice_without_a_chain(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def moved(date: str, day: str, instead_of: str) -> str:
        effective = f"[{{date: {day}, instead_of: {instead_of}}}]"
        return entry(world, date, f"{{id: tide-act, stage: amended, effective: {effective}}}")

    moved("2021-10-01", "2023-01-01", "2022-01-01")
    path = moved("2021-11-01", "2024-01-01", "2022-01-01")
    wrong = (
        f"{path}:9: 'instead_of' names 2022-01-01, in whose place 2021-10-01-x put 2023-01-01; "
        "name that day\n"
    )
    status, printed = run(world, capsys)
    assert (status, printed.replace(UNUSED, "")) == (1, wrong)
    # Named in a chain it is sound, and so is a second entry that tells of the same.
    moved("2021-11-01", "2024-01-01", "2023-01-01")
    moved("2021-12-01", "2024-01-01", "2023-01-01")
    status, printed = run(world, capsys)
    assert (status, printed.replace(UNUSED, "")) == (0, "")
    # The earlier one is withdrawn: then nobody recorded what the later ones move.
    edit(world, "entries/2021/2021-10-01-x.md", "added:", "withdrawn: {date: 2021-12-02, "
         "reason: An error.}\nadded:")  # fmt: skip
    status, printed = run(world, capsys)
    told = (
        "x.md:9: 'instead_of' names 2023-01-01, which no earlier entry records as a day of effect "
        "of 'tide-act'; recorded and still to come: 2022-01-01"
    )
    assert printed.replace(UNUSED, "") == (
        f"entries/2021/2021-11-01-{told}; did you mean '2022-01-01'?\n"
        f"entries/2021/2021-12-01-{told}, 2024-01-01; did you mean '2024-01-01'?\n"
    )
    assert status == 1


def test_names_cannot_forge_lines(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "2021-06-01-x\n::error file=README.md,line=1::forged\n.md"
    (world / "entries/2021" / name).write_text("nothing", encoding="utf-8")
    raw = os.fsencode(world / "docs/topics") + b"/\xff.md"
    Path(os.fsdecode(raw)).write_text("nothing", encoding="utf-8")
    status, printed = run(world, capsys)
    assert printed.replace(UNUSED, "") == (
        "docs/topics/\\udcff.md:1: only pages docs/topics/<id>.md belong here\n"
        "entries/2021/2021-06-01-x\\n::error file=README.md,line=1::forged\\n.md:1: "
        "has a name that cannot be an address; rename it\n"
    )
    assert status == 1


def test_links_out_of_the_checkout(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "docs/assets/x.txt").symlink_to("/etc/passwd")
    (world / "docs/assets/y.txt").symlink_to("/nowhere")
    (world / "entries/2022").rename(world / "elsewhere")
    (world / "entries/2022").symlink_to(world / "elsewhere")
    os.mkfifo(world / ENTRY)
    status, printed = run(world, capsys)
    assert printed.replace(UNUSED, "") == (
        "docs/assets/x.txt:1: is no regular file; put the file itself here\n"
        "docs/assets/y.txt:1: is no regular file; put the file itself here\n"
        "entries/2021/2021-06-01-x.md:1: is no regular file\n"
        "entries/2022:1: is not an entry; only .md files belong here\n"
    )
    assert status == 1
