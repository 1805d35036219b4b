"""The benchmark's entries: as many as asked for, sound, and the same every time."""

from pathlib import Path

import bench
from conftest import ROOT
from timeline.source.project import Project


def test_made_up_entries(tmp_path: Path) -> None:
    bench.make_project(tmp_path, 200)
    loaded = Project(tmp_path).load()
    assert [str(problem) for problem in loaded.problems if not problem.warning] == []
    assert loaded.collection is not None
    assert len(loaded.collection.entries) == 200
    once, again = (list(bench.made_up(50, ROOT / "entries")) for _ in range(2))
    assert once == again
