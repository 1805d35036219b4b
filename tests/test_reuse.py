"""What commands and builds reuse from earlier ones, and what they make anew."""

import copy
import datetime
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from check import main as check
from conftest import WORLD, WORLD_DAY, build, copy_checkout, edit
from in_memory import snapshot
from markupsafe import Markup
from timeline.checks import Project
from timeline.content import loader
from timeline.content.parser import parse_file
from timeline.output import SiteFolder
from timeline.reuse import Digests, Record, ReusableFiles
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.types import Document, NameIndex
from timeline.schema.vocabulary import Stage

ALL = None
PLEDGE = "entries/2021/2021-harbours-pledge.md"


@dataclass(frozen=True)
class Tide:
    height: int
    place: str
    known: dict[str, int] = field(default_factory=dict, compare=False)

    def named(self, name: str) -> str:
        return f"{name} {self.height}"

    def described(self, name: str) -> str:
        return f"{name} at {self.place}"


@dataclass(frozen=True)
class Wave:
    height: int
    place: str


def first(name: str) -> str:
    return name


def second(name: str) -> str:
    return name


def test_digests_are_equal_for_copies_and_differ_for_other_values() -> None:
    day = datetime.date(2022, 2, 1)
    values: list[object] = [
        "tide", b"tide", Markup("tide"), 1, True, None, Decimal("1.0"), Decimal("1.00"),
        day, datetime.date(2022, 2, 2), PartialDate(2022, 2), PartialDate(2022), Stage.ISSUED,
        ["a", "b"], ["b", "a"], ("a", "b"), ["ab"], [["a"], "b"], [["a", "b"]],
        {"a": 1}, {"a": 2}, {"b": 1}, {("a", day): 1}, {("b", day): 1},
        Tide(1, "shore"), Tide(2, "shore"), Tide(1, "bay"), Wave(1, "shore"), Tide, Wave,
        Tide(1, "shore").named, Tide(2, "shore").named, Tide(1, "shore").described,
        first, second, partial(first, "a"), partial(first, "b"), partial(second, "a"),
        partial(first, name="a"), partial(Tide(1, "bay").named, "a"),
        *snapshot().collection.entries,
        *snapshot().collection.instruments.values(),
        *snapshot().histories.values(),
        *snapshot().statuses.items(),
    ]  # fmt: skip
    digests = [Digests().of(value) for value in values]
    assert [Digests().of(copy.deepcopy(value)) for value in values] == digests
    together = Digests()
    assert [together.of(value) for value in values] == digests
    assert len(set(digests)) == len(values)
    assert Digests().of(Tide(1, "shore", {"other": 1})) == Digests().of(Tide(1, "shore"))


@pytest.mark.parametrize("name", Entry.model_fields)
def test_every_field_of_an_entry_changes_its_digest(name: str) -> None:
    entry = snapshot().collection.entries[0]
    changed = entry.model_copy(update={name: "other"})
    assert Digests().of([entry]) != Digests().of([changed])


def test_value_that_has_no_description_is_refused() -> None:
    with pytest.raises(Exception, match="lambda"):
        Digests().of([lambda: 1])


def test_record_is_read_only_for_the_same_inputs(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "record"
    assert Record(file, "a").read() is None
    Record(file, "a").write({"value": 1})
    assert Record(file, "a").read() == {"value": 1}
    assert Record(file, "b").read() is None
    whole = file.read_bytes()
    for broken in (whole[:-3], whole[:20], b"", b"other"):
        file.write_bytes(broken)
        assert Record(file, "a").read() is None
    file.unlink()
    file.mkdir()
    Record(file, "a").write({"value": 1})  # cannot be written, which is no error
    assert Record(file, "a").read() is None


def _nothing(_: Path) -> None:
    pass


def _edit_in_place(site: Path) -> None:
    (site / "a/page.html").write_bytes(b"edited!!")
    os.utime(site / "a/page.html", (1, 1))


def _replace(site: Path) -> None:
    before = (site / "a/page.html").stat()
    (site / "a/other.html").write_bytes(b"replaced")
    os.utime(site / "a/other.html", ns=(before.st_atime_ns, before.st_mtime_ns))
    (site / "a/other.html").replace(site / "a/page.html")


def _remove(site: Path) -> None:
    (site / "a/page.html").unlink()


def _break_the_record(site: Path) -> None:
    site.with_name("record").write_bytes(b"no record")


@pytest.mark.parametrize(
    ("shared", "inputs", "change", "expected"),
    [
        (b"all", "one", _nothing, True),
        (b"other", "one", _nothing, False),
        (b"all", "other", _nothing, False),
        (b"all", "one", _edit_in_place, False),
        (b"all", "one", _replace, False),
        (b"all", "one", _remove, False),
        (b"all", "one", _break_the_record, False),
    ],
)
def test_file_is_reused_only_if_inputs_and_file_are_the_same(
    shared: bytes, inputs: str, change: Callable[[Path], None], expected: bool, tmp_path: Path
) -> None:
    site, record = SiteFolder(tmp_path / "site"), tmp_path / "record"
    files = ReusableFiles(site, record, b"all")
    assert not files.reuse("a/page.html", "one")
    files.write("a/page.html", b"original")
    assert not files.reuse("never-written.html", "one")
    files.save()
    site.publish()
    change(site.folder)
    files = ReusableFiles(site, record, shared)
    assert files.reuse("a/page.html", inputs) == expected
    assert not files.reuse("never-written.html", "one")
    assert (site.new / "a/page.html").exists() == expected
    if expected:
        files.save()
        site.publish()
        assert (site.folder / "a/page.html").read_bytes() == b"original"
        assert ReusableFiles(site, record, shared).reuse("a/page.html", inputs)


def _remove_linked_entry(world: Path) -> None:
    (world / PLEDGE).unlink()


def _edit_entry(world: Path) -> None:
    edit(world, PLEDGE, "\n---\n", "\n---\n<b>Raw HTML.</b> ")


def _edit_settings(world: Path) -> None:
    edit(world, "mkdocs.yml", "site_name:", "# other\nsite_name:")


@pytest.mark.parametrize(
    ("change", "parsed_again"),
    [
        (_nothing, []),
        (_edit_entry, [PLEDGE]),
        (_remove_linked_entry, ALL),
        (_edit_settings, ALL),
        (lambda world: (world / loader.SAVED).write_bytes(b"broken"), ALL),
    ],
)
def test_parsed_files_are_reused_by_the_next_command(
    change: Callable[[Path], object],
    parsed_again: list[str] | None,
    world: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loader, "MIN_PARALLEL", 1)
    monkeypatch.setattr(loader, "in_background", lambda function: function)
    assert check([], world) == 0
    change(world)
    parsed: list[str] = []

    def recorded(file: Path, path: str, model: type[Document], index: NameIndex) -> object:
        parsed.append(path)
        return parse_file(file, path, model, index)

    monkeypatch.setattr(loader, "parse_file", recorded)
    found = Project(world).load()
    every = [path for path, _ in Project(world).checkout.documents()]
    assert sorted(parsed) == (sorted(every) if parsed_again is ALL else parsed_again)
    (world / loader.SAVED).unlink()
    anew = Project(world).load()
    assert (found.problems, found.valid) == (anew.problems, anew.valid)


# Files that every build writes: those that MkDocs renders or copies, those that contain the whole
# collection or a year of it, and the search index, of which only the texts of pages are reused.
ALWAYS_WRITTEN = re.compile(
    r"(?:(?:about|changes|contribute|data|deadlines|enforcement|explore|promises|tides)/)?index\.html"
    r"|(?:timeline|regulators|topics|instruments|newsletters)/index\.html|404\.html|sitemap\.xml(?:\.gz)?"
    r"|contribute/.*\.json|entries/2021-05-01-tide-watch/index\.html"  # a redirect
    r"|_headers|robots\.txt|llms\.txt|feeds\.opml|(?:api|assets|data|schema)/.*"
    r"|pagefind/(?!fragment/).*"
)


@pytest.mark.site
def test_unchanged_build_reuses_every_file_made_from_single_items(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout", WORLD)

    def inodes(seed: str) -> dict[str, int]:
        site = build(checkout, AS_OF=WORLD_DAY, PYTHONHASHSEED=seed)
        files = (file for file in site.rglob("*") if file.is_file())
        return {file.relative_to(site).as_posix(): file.stat().st_ino for file in files}

    before, after = inodes("1"), inodes("2")
    assert before.keys() == after.keys()
    written = {path for path in before if before[path] != after[path]}
    expected = {path for path in before if ALWAYS_WRITTEN.fullmatch(path)}
    assert sorted(written ^ expected) == []
