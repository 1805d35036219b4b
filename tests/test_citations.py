"""Citations, read back by parsers that others wrote."""

import base64
import datetime
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.model import Entry as Record
from conftest import DAY, ROOT, edit
from timeline.build.generator import PAGES, Generator
from timeline.model.dates import PartialDate
from timeline.sharing.citation import Citation
from timeline.sharing.citation_formats import FORMATS, bibtex, csl, ris
from timeline.source.collection import Collection
from timeline.source.project import Project

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
_TEXTS = ("title", "original-title", "number", "container-title", "note", "URL")
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


LINK = re.compile(r'<a href="data:[^",]+;base64,([^"]+)" download="([^"]+)" data-format="([^"]+)">')


def files(html: str) -> dict[str, tuple[str, str]]:
    """Format -> name and text of each citation file in a page."""
    return {
        kind: (name, base64.b64decode(text).decode()) for text, name, kind in LINK.findall(html)
    }


@cache
def cited_pages(site: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Id -> the files of each entry and instrument of the real site."""
    return {
        file.parent.name: files(file.read_text(encoding="utf-8"))
        for kind in ("entries", "instruments")
        for file in (site / kind).glob("*/index.html")
    }


KINDS = [(one.name, one.ending) for one in FORMATS]


def every(site: Path, kind: str, ending: str) -> dict[str, str]:
    """Id -> the text in one format."""
    found = {name: page[kind] for name, page in cited_pages(site).items()}
    assert all(file == f"{name}.{ending}" for name, (file, _) in found.items())
    return {name: text for name, (_, text) in found.items()}


def test_every_bibtex_file_is_read(site: Path, collection: Collection) -> None:
    read = {name: read_bibtex(text) for name, text in every(site, "BibTeX", "bib").items()}
    assert {name: value(record, "title") for name, record in read.items()} == titles(collection)
    assert {record["urldate"] for record in read.values()} == {DAY}
    for name, record in read.items():
        assert record.key == name
        assert record["url"].endswith(f"/{name}/")


def test_every_ris_file_is_read(site: Path, collection: Collection) -> None:
    read = {name: rispy.loads(text) for name, text in every(site, "RIS", "ris").items()}
    assert {name: record["title"] for name, (record,) in read.items()} == titles(collection)
    for name, (record,) in read.items():
        assert record["urls"][0].endswith(f"/{name}/")
        assert record["access_date"] == DAY.replace("-", "/") + "/"
        assert "unknown_tag" not in record


def test_every_csl_file_is_read(site: Path, collection: Collection) -> None:
    read: dict[str, Any] = {
        n: json.loads(text) for n, text in every(site, "CSL-JSON", "csl.json").items()
    }
    for items in read.values():
        jsonschema.validate(items, CSL)
    assert {name: item["title"] for name, (item,) in read.items()} == titles(collection)


def test_a_law_is_cited_as_legislation(site: Path) -> None:
    record = read_bibtex(every(site, "BibTeX", "bib")["pipl"])
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


NOTE = (
    "Made public 1 March 2021. Effective 1 June 2021 and 1 January 2022. Status as of "
    "1 March 2022: TA in force since 1 January 2022. Page last changed 10 March 2021."
)
ACT = "https://world.example/entries/2021-03-01-tide-act-passed/"


def test_an_entry_is_cited_as_a_page_of_the_site(world: Path) -> None:
    made = made_files(world, "2021-03-01-tide-act-passed")
    assert made["BibTeX"].splitlines() == [
        "@online{2021-03-01-tide-act-passed,",
        "\tauthor = {{Assembly of Tidewater}},",
        "\ttitle = {{Assembly passes the Tide Act}},",
        "\torigtitle = {潮汐法},",
        "\tnumber = {No. 7},",
        "\tdate = {2021-03-01},",
        "\teventdate = {2021-03-01},",
        "\torganization = {{An invented world}},",
        f"\tnote = {{{NOTE}}},",
        f"\turl = {{{ACT}}},",
        "\turldate = {2022-03-01},",
        "\tlangid = {english}",
        "}",
    ]
    assert made["RIS"].splitlines() == [
        "TY  - ELEC",
        "ID  - 2021-03-01-tide-act-passed",
        "AU  - Assembly of Tidewater,",
        "TI  - Assembly passes the Tide Act",
        "OP  - 潮汐法",
        "IS  - No. 7",
        "PY  - 2021",
        "DA  - 2021/03/01/",
        "PB  - An invented world",
        f"N1  - {NOTE}",
        "LA  - en",
        f"UR  - {ACT}",
        "Y2  - 2022/03/01/",
        "ER  - ",
    ]
    assert json.loads(made["CSL-JSON"]) == [
        {
            "id": "2021-03-01-tide-act-passed",
            "type": "webpage",
            "author": [{"literal": "Assembly of Tidewater"}],
            "title": "Assembly passes the Tide Act",
            "original-title": "潮汐法",
            "number": "No. 7",
            "container-title": "An invented world",
            "issued": {"date-parts": [[2021, 3, 1]]},
            "note": NOTE,
            "URL": ACT,
            "accessed": {"date-parts": [[2022, 3, 1]]},
            "language": "en",
            "event-date": {"date-parts": [[2021, 3, 1]]},
        }
    ]


def as_surname(body: str) -> str:
    """A body in RIS: what stands before the first comma is the surname, so the whole name is."""
    return body.replace(",", "") + ","


HOSTILE = [
    "A {brace that opens",
    "one that closes} and {} both",
    r'a \backslash, "quotes" and \{ these',
    "50% of #1 & $5 ~ a_b ^c",
    "</script><script>alert(1)</script> 😀 《潮汐法》 é ß",
    "ends with a backslash \\",
    "}, title = {forged",
    "TY  - JOUR ER  - ",
    "Supervision, Inspection and Quarantine",
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
    assert reference["authors"] == [as_surname(title).strip(), as_surname("Bar and Foo")]
    assert reference["date"] == "2021/03//"
    assert [author.partition(",")[2] for author in reference["authors"]] == ["", ""]
    items = json.loads(csl(citation))
    jsonschema.validate(items, CSL)
    assert items[0]["title"] == title
    assert items[0]["issued"] == {"date-parts": [[2021, 3]]}


def test_a_correction_dates_what_the_site_itself_says_anew(world: Path) -> None:
    """Where no body acted, the site is the author; what a body did keeps its day."""
    pledge, fined = "2021-harbours-pledge", "2022-02-03-south-harbour-fined"
    assert _dates(world, pledge) == ("2021-06-20", [[2021, 6, 20]], "2021/06/20/")
    for name, added in ((pledge, "2021-06-20"), (fined, "2022-02-04")):
        changed = f"added: {added}\nchanges: [{{date: 2022-02-20, note: A word was wrong.}}]\n"
        edit(world, f"entries/{name[:4]}/{name}.md", f"added: {added}\n", changed)
    assert _dates(world, pledge) == ("2022-02-20", [[2022, 2, 20]], "2022/02/20/")
    assert _dates(world, fined) == ("2022-02-03", [[2022, 2, 3]], "2022/02/03/")
    for name in (pledge, fined):
        note = value(read_bibtex(made_files(world, name)["BibTeX"]), "note")
        assert note.endswith("Page last changed 20 February 2022.")


def test_every_citation_is_filed_under_the_bodies_that_acted(
    site: Path, collection: Collection
) -> None:
    """In each format, in their order; under the site where none did."""
    bodies: dict[str, tuple[str, ...]] = {e.id: e.regulators for e in collection.entries}
    bodies |= {one.id: one.issuers for one in collection.instruments.values()}
    entries = {entry.id for entry in collection.entries}
    own = ["China Digital Regulation Timeline"]
    expected = {
        name: [collection.regulators[body].name for body in found]
        or (own if name in entries else [])
        for name, found in bodies.items()
    }
    tex, ris_, csl_ = (every(site, *kind) for kind in KINDS)
    found = {name: read_bibtex(text).fields_dict.get("author") for name, text in tex.items()}
    split = {
        n: re.findall(r"\{(.+?)\}(?: and |$)", field.value) if field else []
        for n, field in found.items()
    }
    assert {n: [without_tex(one) for one in names] for n, names in split.items()} == expected
    assert {n: rispy.loads(t)[0].get("authors", []) for n, t in ris_.items()} == {
        n: [as_surname(one) for one in names] for n, names in expected.items()
    }
    assert {
        n: [author["literal"] for author in json.loads(t)[0].get("author", [])]
        for n, t in csl_.items()
    } == expected


def made_files(world: Path, name: str) -> dict[str, str]:
    Generator(world).generate(datetime.date(2022, 3, 1))
    page = (world / PAGES / f"entries/{name}.md").read_text(encoding="utf-8")
    return {kind: text for kind, (_, text) in files(page).items()}


def _dates(world: Path, name: str) -> tuple[str, Any, str]:
    made = made_files(world, name)
    assert list(made) == [one.name for one in FORMATS]
    (reference,) = rispy.loads(made["RIS"])
    issued = json.loads(made["CSL-JSON"])[0]["issued"]["date-parts"]
    return read_bibtex(made["BibTeX"])["date"], issued, reference["date"]


def test_steps_of_effect_are_listed(site: Path) -> None:
    """The AI Act of the EU applies in six steps."""
    said = "2 August 2025, 2 August 2026, 2 December 2027 and 2 August 2028. Status as of"
    record = read_bibtex(every(site, "BibTeX", "bib")["eu-ai-act"])
    steps = f"Effective 1 August 2024, 2 February 2025, {said}"
    assert value(record, "note").startswith(steps)
    page = (site / "instruments/eu-ai-act/index.html").read_text(encoding="utf-8")
    memo = re.sub("<[^>]+>", "", page.split("data-memo>")[1].split("</p>")[0])
    assert steps in memo


def test_a_withdrawn_entry_says_so(world: Path) -> None:
    record = read_bibtex(made_files(world, "2022-02-02-duplicate")["BibTeX"])
    assert value(record, "note") == (
        "Made public 2 February 2022. Status as of 1 March 2022: entry withdrawn on "
        "5 February 2022. Page last changed 5 February 2022."
    )
