"""What reaches the disk."""

import os
from pathlib import Path

import pytest
from timeline.build.output import Output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "build" / "docs"


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_writes_whole_tree(folder: Path) -> None:
    content = {"index.md": b"home", "a/b/c.md": "中文".encode()}
    assert Output(folder).write(content) == (["a/b/c.md", "index.md"], [])
    assert files(folder) == content


@pytest.mark.parametrize("again", [True, False], ids=["same process", "new process"])
def test_unchanged_keeps_its_time_and_orphans_go(folder: Path, again: bool) -> None:
    output = Output(folder)
    output.write({"kept.md": b"1", "changed.md": b"1", "gone/away.md": b"1"})
    for path in folder.rglob("*.md"):
        os.utime(path, (1000, 1000))
    output = output if again else Output(folder)
    result = output.write({"kept.md": b"1", "changed.md": b"2", "new.md": b"1"})
    assert result == (["changed.md", "new.md"], ["gone/away.md"])
    assert files(folder) == {"kept.md": b"1", "changed.md": b"2", "new.md": b"1"}
    assert (folder / "kept.md").stat().st_mtime == 1000
    assert (folder / "changed.md").stat().st_mtime > 1000
    assert not (folder / "gone").exists()


def test_nothing_outside_is_touched(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.md").write_bytes(b"precious")
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    (folder / "precious.md").symlink_to(outside / "precious.md")
    Output(folder).write({"precious.md": b"ours", "link/precious.md": b"ours"})
    assert files(outside) == {"precious.md": b"precious"}
    assert files(folder) == {"precious.md": b"ours", "link/precious.md": b"ours"}


def test_a_folder_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.parent.mkdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(OSError, match="is a symbolic link; remove it, the build owns the folder"):
        Output(folder).write({"x.md": b"x"})


def test_a_stray_file_of_an_interrupted_write_goes(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".index.md.part").write_bytes(b"ha")
    Output(folder).write({"index.md": b"whole"})
    assert files(folder) == {"index.md": b"whole"}
