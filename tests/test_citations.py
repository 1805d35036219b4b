"""Citations, read back by parsers that others wrote."""

import datetime
import json
from pathlib import Path
from typing import Any

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.model import Entry as Record
from conftest import DAY, ROOT
from timeline.citation import Citation
from timeline.citation_formats import FORMATS, bibtex, citation_files, csl, ris
from timeline.collection import Collection
from timeline.dates import PartialDate
from timeline.generator import Generator
from timeline.project import Project
from timeline.site import read_site

# The keys of a CSL-JSON item that we write, with their types in the style language's own schema.
_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {
                "type": "array",
                "minItems": 1,
                "maxItems": 3,
                "items": {"type": ["integer"]},
            },
        }
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}
_TEXTS = ("title", "original-title", "number", "container-title", "status", "note", "URL")
_NAME = {
    "type": "object",
    "properties": {"literal": {"type": "string", "minLength": 1}},
    "required": ["literal"],
    "additionalProperties": False,
}
CSL = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "id": {"type": ["string", "number"]},
            "type": {"enum": ["legislation", "webpage"]},
            "language": {"type": "string"},
            "author": {"type": "array", "items": _NAME},
            **{name: {"type": "string", "minLength": 1} for name in _TEXTS},
            **dict.fromkeys(("issued", "accessed", "event-date"), _DATE),
        },
        "required": ["id", "type", "title", "URL", "accessed"],
        "additionalProperties": False,
    },
}
TEX = {
    r"{\textbackslash}": "\\",
    r"{\textbraceleft}": "{",
    r"{\textbraceright}": "}",
    r"{\textasciitilde}": "~",
    r"{\textasciicircum}": "^",
    **{f"\\{character}": character for character in "&%$#_"},
}


def without_tex(text: str) -> str:
    """What TeX prints of our escapes."""
    said, place = "", 0
    while place < len(text):
        known = next((tex for tex in TEX if text.startswith(tex, place)), None)
        said += TEX[known] if known else text[place]
        place += len(known) if known else 1
    return said


def read_bibtex(text: str) -> Record:
    library = bibtexparser.parse_string(text)  # type: ignore[attr-defined]
    assert library.failed_blocks == []
    (record,) = library.entries
    return record


def value(record: Record, name: str) -> str:
    """A field as it is printed; in some, braces guard the whole."""
    text = str(record[name])
    guarded = name in {"author", "organization", "title"}
    return without_tex(text[1:-1] if guarded else text)


@pytest.fixture(scope="session")
def collection() -> Collection:
    found = Project(ROOT).load().collection
    assert found is not None
    return found


def titles(collection: Collection) -> dict[str, str]:
    entries = {entry.id: entry.title for entry in collection.entries}
    return entries | {one.id: one.name for one in collection.instruments.values()}


def every(site: Path, ending: str) -> dict[str, str]:
    """Id -> the file of each entry and instrument of the real site."""
    found = {
        file.parent.name: file.read_text(encoding="utf-8")
        for kind in ("entries", "instruments")
        for file in (site / kind).glob(f"*/*.{ending}")
    }
    assert found
    return found


def test_every_bibtex_file_is_read(site: Path, collection: Collection) -> None:
    read = {name: read_bibtex(text) for name, text in every(site, "bib").items()}
    assert {name: value(record, "title") for name, record in read.items()} == titles(collection)
    assert {record["urldate"] for record in read.values()} == {DAY}
    for name, record in read.items():
        assert record.key == name
        assert record["url"].endswith(f"/{name}/")


def test_every_ris_file_is_read(site: Path, collection: Collection) -> None:
    read = {name: rispy.loads(text) for name, text in every(site, "ris").items()}
    assert {name: record["title"] for name, (record,) in read.items()} == titles(collection)
    for name, (record,) in read.items():
        assert record["urls"][0].endswith(f"/{name}/")
        assert record["access_date"] == DAY.replace("-", "/") + "/"
        assert "unknown_tag" not in record


def test_every_csl_file_is_read(site: Path, collection: Collection) -> None:
    read: dict[str, Any] = {n: json.loads(text) for n, text in every(site, "csl.json").items()}
    for items in read.values():
        jsonschema.validate(items, CSL)
    assert {name: item["title"] for name, (item,) in read.items()} == titles(collection)


def test_a_law_is_cited_as_legislation(site: Path) -> None:
    record = read_bibtex((site / "instruments/pipl/pipl.bib").read_text(encoding="utf-8"))
    assert record.entry_type == "legislation"
    assert {field.key: value(record, field.key) for field in record.fields} == {
        "author": "Standing Committee of the National People's Congress",
        "title": "Personal Information Protection Law",
        "origtitle": "中华人民共和国个人信息保护法",
        "number": "主席令第91号",
        "date": "2021-08-20",
        "organization": "China Digital Regulation Timeline",
        "note": (
            "Effective 1 November 2021. Status as of 22 November 2026: In force since "
            "1 November 2021. Page last changed 22 November 2026."
        ),
        "url": "https://timeline.example.org/instruments/pipl/",
        "urldate": DAY,
        "langid": "english",
    }


HOSTILE = [
    "A {brace that opens",
    "one that closes} and {} both",
    r'a \backslash, "quotes" and \{ these',
    "50% of #1 & $5 ~ a_b ^c",
    "</script><script>alert(1)</script> 😀 《潮汐法》 é ß",
    "ends with a backslash \\",
    "}, title = {forged",
    "TY  - JOUR ER  - ",
]


def cited(title: str) -> Citation:
    return Citation(
        id="tide-act",
        address="https://world.example/instruments/tide-act/",
        site="An {invented} world",
        legislation=True,
        title=title,
        title_zh=title,
        issuers=(title, "Bar and Foo"),
        number=title,
        came="Passed",
        date=PartialDate(2021, 3),
        effective=(datetime.date(2021, 6, 1),),
        status=title,
        changed=None,
        accessed=datetime.date(2022, 3, 1),
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_comes_back(title: str) -> None:
    citation = cited(title)
    record = read_bibtex(bibtex(citation))
    assert [value(record, name) for name in ("title", "origtitle", "number")] == [title] * 3
    assert record["date"] == "2021-03"
    assert without_tex(record["author"]) == f"{{{title}}} and {{Bar and Foo}}"
    (reference,) = rispy.loads(ris(citation))
    assert reference["title"] == title.strip()
    assert reference["authors"] == [title.strip(), "Bar and Foo"]
    assert reference["date"] == "2021/03//"
    items = json.loads(csl(citation))
    jsonschema.validate(items, CSL)
    assert items[0]["title"] == title
    assert items[0]["issued"] == {"date-parts": [[2021, 3]]}


def test_a_correction_dates_the_citation_anew(world: Path) -> None:
    name = "2022-02-03-south-harbour-fined"
    file = world / f"entries/2022/{name}.md"
    changed = "changes: [{date: 2022-02-20, note: The fine was wrong.}]\n"
    assert _dates(world, name) == ("2022-02-04", [[2022, 2, 4]], "2022/02/04/")
    text = file.read_text(encoding="utf-8").replace(
        "added: 2022-02-04\n", "added: 2022-02-04\n" + changed
    )
    file.write_text(text, encoding="utf-8")
    assert _dates(world, name) == ("2022-02-20", [[2022, 2, 20]], "2022/02/20/")


def _dates(world: Path, name: str) -> tuple[str, Any, str]:
    standing = Generator(world).generate(datetime.date(2022, 3, 1)).standing
    assert standing is not None
    made = dict(citation_files(standing, read_site(world)))
    files = {
        ending: made[f"entries/{name}/{name}.{ending}"].decode()
        for ending in ("bib", "ris", "csl.json")
    }
    assert len(files) == len(FORMATS)
    (reference,) = rispy.loads(files["ris"])
    issued = json.loads(files["csl.json"])[0]["issued"]["date-parts"]
    return read_bibtex(files["bib"])["date"], issued, reference["date"]


def test_a_withdrawn_entry_says_so(world: Path) -> None:
    standing = Generator(world).generate(datetime.date(2022, 3, 1)).standing
    assert standing is not None
    made = dict(citation_files(standing, read_site(world)))
    record = read_bibtex(made["entries/2022-02-02-duplicate/2022-02-02-duplicate.bib"].decode())
    assert value(record, "note") == (
        "Made public 2 February 2022. Status as of 1 March 2022: entry withdrawn on "
        "5 February 2022. Page last changed 5 February 2022."
    )
