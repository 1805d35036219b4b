"""The benchmark's entries and competitors, and the work per entry, which must not grow."""

import cProfile
import pstats
from pathlib import Path

import bench
import pytest
from conftest import WORLD
from contenders import CONTENDERS, Contender
from timeline.builder import Builder
from timeline.checks import Project


def test_benchmark_makes_valid_entries(tmp_path: Path) -> None:
    bench.make_project(tmp_path, 200, WORLD)
    loaded = Project(tmp_path).load()
    assert [str(problem) for problem in loaded.problems if not problem.warning] == []
    assert loaded.collection is not None
    assert len(loaded.collection.entries) == 200
    once, again = (list(bench.made_up(50, WORLD)) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda one: one.name)
def test_contenders_have_the_same_texts(contender: Contender, tmp_path: Path) -> None:
    project, place = tmp_path / "this", tmp_path / "other"
    project.mkdir()
    bench.make_project(project, 20, WORLD)
    Builder(project).build(bench.LAST)
    contender.prepare(project, place)
    assert len(list(place.rglob("*-made-up-*.md"))) == 20


def work(folder: Path, count: int) -> tuple[float, float, float]:
    """Return the numbers of files, bytes and function calls for each entry of a build."""
    folder.mkdir()
    bench.make_project(folder, count, WORLD)
    profile = cProfile.Profile()
    profile.runcall(Builder(folder).build, bench.LAST)
    sizes = [file.stat().st_size for file in (folder / "build").rglob("*") if file.is_file()]
    calls = sum(called for _, called, *_ in vars(pstats.Stats(profile))["stats"].values())
    return len(sizes) / count, sum(sizes) / count, calls / count


@pytest.mark.site
def test_work_per_entry_does_not_grow(tmp_path: Path) -> None:
    work(tmp_path / "first", 20)  # loads templates
    few, many = work(tmp_path / "few", 200), work(tmp_path / "many", 2000)
    assert all(later < before for before, later in zip(few, many, strict=True))
