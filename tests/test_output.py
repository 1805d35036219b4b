"""Files that a build writes, removes and leaves unchanged."""

import datetime
import os
from pathlib import Path

import pytest
from conftest import WORLD_DAY, WORLD_WARNING, edit
from timeline.builder import FILES, PAGES, PREVIEW, RECORDS, Builder
from timeline.output import OutputFolder

FINED = "entries/2022/2022-02-03-south-harbour-fined.md"
DAY = datetime.date.fromisoformat(WORLD_DAY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "build" / "docs"


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("is_same_process", [True, False])
def test_unchanged_files_are_not_rewritten_and_old_files_are_removed(
    folder: Path, is_same_process: bool
) -> None:
    output = OutputFolder(folder)
    first = {"kept.md": b"1", "a/b/changed.md": "中文".encode(), "gone/far/away.md": b"1"}
    assert output.write(first) == (["a/b/changed.md", "gone/far/away.md", "kept.md"], [])
    assert files(folder) == first
    for path in folder.rglob("*.md"):
        os.utime(path, (1000, 1000))
    output = output if is_same_process else OutputFolder(folder)
    second = {"kept.md": b"1", "a/b/changed.md": b"2", "a/b/new.md": b"1"}
    assert output.write(second) == (["a/b/changed.md", "a/b/new.md"], ["gone/far/away.md"])
    assert files(folder) == second
    assert (folder / "kept.md").stat().st_mtime == 1000
    assert (folder / "a/b/changed.md").stat().st_mtime > 1000
    assert sorted(path.name for path in folder.iterdir()) == ["a", "kept.md"]
    assert output.write({}) == ([], ["a/b/changed.md", "a/b/new.md", "kept.md"])
    assert list(folder.iterdir()) == []


def test_links_are_removed_and_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.md").write_bytes(b"precious")
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    (folder / "precious.md").symlink_to(outside / "precious.md")
    OutputFolder(folder).write({"precious.md": b"ours", "link/precious.md": b"ours"})
    assert files(outside) == {"precious.md": b"precious"}
    assert files(folder) == {"precious.md": b"ours", "link/precious.md": b"ours"}


@pytest.mark.parametrize("link", ["build", "build/docs"])
def test_linked_output_folder_is_refused(folder: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside" / "docs"
    outside.mkdir(parents=True)
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(outside.parent)
    with pytest.raises(OSError, match="is a symbolic link; remove it, the build owns the folder"):
        OutputFolder(folder).write({"x.md": b"x"})
    assert files(outside) == {}


def test_folder_in_place_of_a_file_is_refused(folder: Path) -> None:
    (folder / "x.md").mkdir(parents=True)
    with pytest.raises(OSError, match=r"x\.md is a folder where a file belongs; remove it"):
        OutputFolder(folder).write({"x.md": b"x"})


def test_partial_file_of_an_interrupted_write_is_removed(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".index.md.part").write_bytes(b"ha")
    OutputFolder(folder).write({"index.md": b"whole"})
    assert files(folder) == {"index.md": b"whole"}


def test_second_build_writes_only_changes_and_nothing_if_there_are_errors(world: Path) -> None:
    builder = Builder(world)
    built = builder.build(DAY)
    before = files(world / PAGES)
    assert (built.written, built.removed) == (sorted(before), [])
    assert [str(problem) for problem in built.problems] == [WORLD_WARNING]
    edit(world, FINED, "South Harbour fined over tables", "South Harbour fined again")
    built = builder.build(DAY)
    after = files(world / PAGES)
    assert built.written == sorted(path for path in after if after[path] != before[path])
    assert f"entries/{Path(FINED).name}" in built.written
    assert built.removed == []
    everything = files(world / "build")
    edit(world, FINED, "type: enforcement", "type: forced")
    built = builder.build(DAY)
    assert (built.snapshot, built.written, built.removed) == (None, [], [])
    assert [problem.path for problem in built.problems] == [FINED]
    assert files(world / "build") == everything


def test_preview_has_pages_but_no_links_to_exports(world: Path) -> None:
    """The preview does not contain the exports, so links to them would be dead."""
    Builder(world, preview=True).build(DAY)
    pages = {path: text.decode() for path, text in files(world / PREVIEW).items()}
    linked = ("feed.atom", "calendar.ics", "#subscribe", "og:title", 'name="twitter:card"')
    assert {path for path, text in pages.items() if any(x in text for x in linked)} == set()
    assert not (world / FILES).exists()
    assert not (world / RECORDS).exists()
    assert pages.keys() & {"changes.md", "contribute.md"} == set()
    assert 'class="review"' in pages[f"entries/{Path(FINED).name}"]
