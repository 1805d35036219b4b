"""Citations of the invented world, read back by parsers that others wrote."""

import base64
import datetime
import json
import re
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.model import Entry as Record
from in_memory import entry, snapshot, world_web_site
from timeline.analysis.snapshot import Snapshot
from timeline.schema.dates import PartialDate
from timeline.site.citations import Citation, Citations, bibtex, citation_files, csl, ris
from timeline.site.render import StatusWords

TEX = {
    r"{\textbackslash}": "\\",
    r"{\textbraceleft}": "{",
    r"{\textbraceright}": "}",
    r"{\textasciitilde}": "~",
    r"{\textasciicircum}": "^",
    **{f"\\{character}": character for character in "&%$#_"},
}


def without_tex(text: str) -> str:
    """What TeX prints of the escapes."""
    return re.sub("|".join(map(re.escape, TEX)), lambda match: TEX[match[0]], text)


def read_bibtex(text: str) -> Record:
    library = bibtexparser.parse_string(text)  # type: ignore[attr-defined]
    assert library.failed_blocks == []
    (record,) = library.entries
    return record


def value(record: Record, name: str) -> str:
    """A field as it is printed; in some, braces guard the whole."""
    text = str(record[name])
    return without_tex(text[1:-1] if name in {"author", "organization", "title"} else text)


def read_csl(text: str) -> dict[str, Any]:
    (item,) = json.loads(text)
    return dict(item)


def citation(name: str, found: Snapshot | None = None) -> Citation:
    """The citation of an entry or an instrument of the invented world, by its id."""
    found = found or snapshot()
    entries = {one.id: one for one in found.collection.entries}
    citations = Citations(found, world_web_site(), StatusWords(found))
    return citations.of(entries.get(name) or found.collection.instruments[name])


def test_every_citation_is_read_back_in_every_format() -> None:
    """Under the bodies that acted, in their order; an entry of none under the site."""
    found = snapshot().collection
    cited = {
        **{one.id: (one.title, "entries", one.regulators) for one in found.entries},
        **{one.id: (one.name, "instruments", one.issuers) for one in found.instruments.values()},
    }
    for name, (title, folder, bodies) in cited.items():
        made = citation(name)
        url = f"https://world.example/{folder}/{name}/"
        authors = [found.regulators[body].name for body in bodies]
        authors = authors or ["An invented world"] * (folder == "entries")
        tex = read_bibtex(bibtex(made))
        written = tex.fields_dict["author"].value if "author" in tex.fields_dict else ""
        assert [without_tex(a) for a in re.findall(r"\{(.+?)\}(?: and |$)", written)] == authors
        assert (tex.key, value(tex, "title"), tex["url"]) == (name, title, url)
        assert tex["urldate"] == "2022-03-01"
        (reference,) = rispy.loads(ris(made))
        assert reference.get("authors", []) == [f"{a.replace(',', '')}," for a in authors]
        assert (reference["title"], reference["urls"]) == (title, [url])
        assert reference["access_date"] == "2022/03/01/"
        assert "unknown_tag" not in reference
        item = read_csl(csl(made))
        assert [author["literal"] for author in item.get("author", [])] == authors
        assert (item["id"], item["title"], item["URL"]) == (name, title, url)


RULES = "https://world.example/instruments/signal-rules/"
RULES_NOTE = (
    "Effective 1 September 2021, 1 March 2022, 1 April 2022 and 15 April 2022. "
    "Status as of 1 March 2022: Partly in force since 1 September 2021, as amended from "
    "1 February 2022; further from 1 April 2022; further from 15 April 2022. "
    "Page last changed 20 February 2022."
)


def test_instrument_is_cited_as_legislation() -> None:
    made = citation("signal-rules")
    assert bibtex(made).splitlines() == [
        "@legislation{signal-rules,",
        "\tauthor = {{Tide Oversight Agency} and {Tide Oversight Agency, North Shore Office}},",
        "\ttitle = {{Signal Rules}},",
        "\torigtitle = {信号规定},",
        "\tnumber = {Order No. 12},",
        "\tdate = {2021-07-05},",
        "\torganization = {{An invented world}},",
        f"\tnote = {{{RULES_NOTE}}},",
        f"\turl = {{{RULES}}},",
        "\turldate = {2022-03-01},",
        "\tlangid = {english}",
        "}",
    ]
    assert ris(made).splitlines()[0] == "TY  - STAT"
    assert read_csl(csl(made)) == {
        "id": "signal-rules",
        "type": "legislation",
        "author": [
            {"literal": "Tide Oversight Agency"},
            {"literal": "Tide Oversight Agency, North Shore Office"},
        ],
        "title": "Signal Rules",
        "original-title": "信号规定",
        "number": "Order No. 12",
        "container-title": "An invented world",
        "issued": {"date-parts": [[2021, 7, 5]]},
        "note": RULES_NOTE,
        "URL": RULES,
        "accessed": {"date-parts": [[2022, 3, 1]]},
        "language": "en",
    }


NOTE = (
    "Made public 1 March 2021. Effective 1 June 2021 and 1 January 2022. Status as of "
    "1 March 2022: TA in force since 1 January 2022. Page last changed 10 March 2021."
)
ACT = "https://world.example/entries/2021-03-01-tide-act-passed/"


def test_entry_is_cited_as_a_page_of_the_site() -> None:
    made = citation("2021-03-01-tide-act-passed")
    assert bibtex(made).splitlines() == [
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
    assert ris(made).splitlines() == [
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
    assert read_csl(csl(made)) == {
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
    files = {file.name: file.address for file in citation_files(made)}
    assert list(files) == [f"{made.id}.{ending}" for ending in ("bib", "ris", "csl.json")]
    kind, _, content = files[f"{made.id}.bib"].partition(",")
    assert kind == "data:application/x-bibtex;charset=utf-8;base64"
    assert base64.b64decode(content).decode() == bibtex(made)


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


@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_comes_back(title: str) -> None:
    made = Citation(
        id="tide-act",
        address="https://world.example/instruments/tide-act/",
        site="An {invented} world",
        is_legislation=True,
        title=title,
        title_zh=title,
        issuers=(title, "Bar and Foo"),
        number=title,
        event="Passed",
        date=PartialDate(2021, 3),
        effective=(datetime.date(2021, 6, 1),),
        status=title,
        changed=None,
        accessed=datetime.date(2022, 3, 1),
    )
    record = read_bibtex(bibtex(made))
    assert [value(record, name) for name in ("title", "origtitle", "number")] == [title] * 3
    assert without_tex(record["author"]) == f"{{{title}}} and {{Bar and Foo}}"
    assert value(record, "note") == f"Effective 1 June 2021. Status as of 1 March 2022: {title}."
    (reference,) = rispy.loads(ris(made))
    assert reference["title"] == title.strip()
    assert reference["authors"] == [f"{title.replace(',', '')},".strip(), "Bar and Foo,"]
    item = read_csl(csl(made))
    assert (item["title"], item["original-title"], item["number"]) == (title, title, title)
    dates = record["date"], reference["date"], item["issued"]["date-parts"]
    assert dates == ("2021-03", "2021/03//", [[2021, 3]])


@pytest.mark.parametrize(
    ("bodies", "before", "after"),
    [([], "2022-02-04", "2022-02-20"), (["toa"], "2022-02-03", "2022-02-03")],
    ids=["no body", "a body"],
)
def test_correction_dates_what_the_site_is_the_author_of(
    bodies: list[str], before: str, after: str
) -> None:
    """What a body did keeps its date."""
    name, changes = "2022-02-03-tables", [{"date": "2022-02-20", "note": "A word was wrong."}]
    made = entry(name, regulators=bodies, added="2022-02-04", changes=changes)
    for as_of, day in (("2022-02-19", before), ("2022-02-20", after)):
        cited = citation(name, snapshot([made], as_of))
        (reference,) = rispy.loads(ris(cited))
        assert read_bibtex(bibtex(cited))["date"] == day
        assert reference["date"] == day.replace("-", "/") + "/"
        parts = [int(part) for part in day.split("-")]
        assert read_csl(csl(cited))["issued"] == {"date-parts": [parts]}
    assert cited.note.endswith("Page last changed 20 February 2022.")


def test_entry_names_the_status_of_the_first_three_instruments() -> None:
    """Of those that reached a stage with it, each once."""
    names = ("oyster-rules", "kelp-rules", "oyster-rules", "lamp-rules", "ferry-rules")
    steps = [{"id": "gull-notice"}, *({"id": name, "stage": "planned"} for name in names)]
    found = snapshot([entry("2022-02-11-plans", instruments=steps)])
    assert citation("2022-02-11-plans", found).status == (
        "Oyster Rules not yet adopted; Kelp Rules not yet adopted; Lamp Rules not yet adopted"
    )


def test_withdrawn_entry_says_so() -> None:
    assert citation("2022-02-02-duplicate").note == (
        "Made public 2 February 2022. Status as of 1 March 2022: entry withdrawn on "
        "5 February 2022. Page last changed 5 February 2022."
    )


OFFICIAL = {"kind": "official", "publisher": "TOA", "url": "https://toa.example/"}


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ({"title": "关于潮汐的公告", "lang": "zh-Hans"}, "关于潮汐的公告"),
        ({"title": "关于潮汐的公告", "lang": "zh-Hans", "kind": "news"}, "潮汐法"),
        ({"title": "Notice on Tides", "lang": "en"}, "潮汐法"),
        ({"lang": "zh-Hans"}, "潮汐法"),
    ],
)
def test_chinese_title_is_that_of_the_official_source_or_of_the_instrument(
    source: dict[str, str], title: str
) -> None:
    steps = [{"id": "lamp-rules"}, {"id": "tide-act", "stage": "amended"}]
    made = entry("2022-02-11-x", instruments=steps, sources=[OFFICIAL | source])
    assert citation("2022-02-11-x", snapshot([made])).title_zh == title
