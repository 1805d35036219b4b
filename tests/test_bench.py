"""The benchmark's entries: as many as asked for, free of errors, and the same every time."""

from pathlib import Path

import bench
from conftest import WORLD
from timeline.checks import Project


def test_benchmark_makes_valid_entries(tmp_path: Path) -> None:
    bench.make_project(tmp_path, 200, WORLD)
    loaded = Project(tmp_path).load()
    assert [str(problem) for problem in loaded.problems if not problem.warning] == []
    assert loaded.collection is not None
    assert len(loaded.collection.entries) == 200
    once, again = (list(bench.made_up(50, WORLD / "entries")) for _ in range(2))
    assert once == again
