"""Citations of the invented world, read back by third-party parsers."""

import base64
import datetime
import json
import re
from dataclasses import replace
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.model import Entry as Record
from in_memory import entry, snapshot, world_web_site
from timeline.analysis.snapshot import Snapshot
from timeline.schema.dates import PartialDate
from timeline.schema.terms import PublishedText
from timeline.site.citations import (
    INSTRUMENT,
    Citation,
    Citations,
    bibtex,
    csl,
    ris,
)
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
    """Return the text that TeX prints for the escaped text."""
    return re.sub("|".join(map(re.escape, TEX)), lambda match: TEX[match[0]], text)


def read_bibtex(text: str) -> Record:
    library = bibtexparser.parse_string(text)  # type: ignore[attr-defined]
    assert library.failed_blocks == []
    (record,) = library.entries
    return record


def value(record: Record, name: str) -> str:
    """Return a field as printed, without the braces that protect some fields."""
    text = str(record[name])
    return without_tex(text[1:-1] if name in {"author", "organization", "title"} else text)


def read_csl(text: str) -> dict[str, Any]:
    (item,) = json.loads(text)
    return dict(item)


def cited(name: str, found: Snapshot | None = None) -> tuple[Citation, ...]:
    """Return the citations of an entry or an instrument: the page and the act."""
    found = found or snapshot()
    entries = {one.id: one for one in found.collection.entries}
    citations = Citations(found, world_web_site(), StatusWords(found))
    return citations.of(entries.get(name) or found.collection.instruments[name])


def test_every_citation_is_read_back_in_every_format() -> None:
    """The author of a page is the site; the authors of an act are its issuers, in order."""
    found = snapshot().collection
    documents = {
        **{
            one.id: (f"{one.title} ({one.date.long})", "entries", one.regulators)
            for one in found.entries
        },
        **{one.id: (one.name, "instruments", one.issuers) for one in found.instruments.values()},
    }
    for name, (title, folder, bodies) in documents.items():
        page, *acts = cited(name)
        assert [act.id for act in acts] == [f"{name}-act"] * len(acts)
        assert (page.title, page.address) == (title, f"https://world.example/{folder}/{name}/")
        assert page.authors == ("An invented world",)
        for act in acts:
            assert act.authors == tuple(found.regulators[body].name for body in bodies)
        for made in (page, *acts):
            tex = read_bibtex(bibtex(made))
            written = tex.fields_dict["author"].value if "author" in tex.fields_dict else ""
            authors = [without_tex(a) for a in re.findall(r"\{(.+?)\}(?: and |$)", written)]
            assert authors == list(made.authors)
            assert (tex.key, value(tex, "title"), tex["url"]) == (made.id, made.title, made.address)
            assert tex["urldate"] == "2022-03-01"
            (reference,) = rispy.loads(ris(made))
            assert reference.get("authors", []) == [f"{a.replace(',', '')}," for a in authors]
            assert (reference["title"], reference["urls"]) == (made.title, [made.address])
            assert reference["access_date"] == "2022/03/01/"
            assert "unknown_tag" not in reference
            item = read_csl(csl(made))
            assert [author["literal"] for author in item.get("author", [])] == authors
            assert (item["id"], item["title"], item["URL"]) == (made.id, made.title, made.address)


RULES_NOTE = (
    "Effective 1 September 2021, 1 March 2022, 1 April 2022 and 15 April 2022. "
    "Status as of 1 March 2022: Partly in force since 1 September 2021, as amended from "
    "1 February 2022; further provisions from 1 April 2022; further provisions from 15 April 2022."
)


def test_act_is_cited_as_legislation() -> None:
    _, act = cited("signal-rules")
    assert bibtex(act).splitlines() == [
        "@legislation{signal-rules-act,",
        "\tauthor = {{Tide Oversight Agency} and {Tide Oversight Agency, North Shore Office}},",
        "\ttitle = {{Signal Rules}},",
        "\torigtitle = {信号规定},",
        "\tnumber = {Order No. 12},",
        "\tdate = {2021-07-05},",
        f"\tnote = {{{RULES_NOTE}}},",
        f"\turl = {{{act.address}}},",
        "\turldate = {2022-03-01},",
        "\tlangid = {english}",
        "}",
    ]
    assert ris(act).splitlines()[0] == "TY  - STAT"
    assert read_csl(csl(act)) == {
        "id": "signal-rules-act",
        "type": "legislation",
        "author": [
            {"literal": "Tide Oversight Agency"},
            {"literal": "Tide Oversight Agency, North Shore Office"},
        ],
        "title": "Signal Rules",
        "original-title": "信号规定",
        "number": "Order No. 12",
        "issued": {"date-parts": [[2021, 7, 5]]},
        "note": RULES_NOTE,
        "URL": act.address,
        "accessed": {"date-parts": [[2022, 3, 1]]},
        "language": "en",
    }


@pytest.mark.parametrize(
    ("texts", "address"),
    [
        ("", "https://world.example/instruments/tide-act/"),
        ("translation", "https://world.example/instruments/tide-act/"),
        ("official", "https://tides.example/official"),
        ("amended official", "https://tides.example/official"),
        ("amended", "https://world.example/instruments/tide-act/"),
    ],
)
def test_act_is_cited_with_its_official_text_in_force(texts: str, address: str) -> None:
    found = snapshot()
    kinds = {"official": "official", "amended": "official", "translation": "translation"}
    named = [
        {
            "kind": kinds[name],
            "publisher": "TOA",
            "lang": "en",
            "url": f"https://tides.example/{name}",
            "until": "2021-12-31" if name == "amended" else None,
        }
        for name in texts.split()
    ]
    laws = found.collection.instruments
    text = tuple(PublishedText.model_validate(one) for one in named)
    changed = laws | {"tide-act": laws["tide-act"].model_copy(update={"text": text})}
    collection = replace(found.collection, instruments=changed)
    assert cited("tide-act", Snapshot(collection, found.as_of))[1].address == address


NOTE = "Status as of 1 March 2022: TA in force since 1 January 2022."
ACT = "https://world.example/entries/2021-03-01-tide-act-passed/"


def test_entry_is_cited_as_a_page_of_the_site() -> None:
    page, act = cited("2021-03-01-tide-act-passed")
    assert bibtex(page).splitlines() == [
        "@online{2021-03-01-tide-act-passed,",
        "\tauthor = {{An invented world}},",
        "\ttitle = {{Assembly passes the Tide Act (1 March 2021)}},",
        "\tdate = {2021-03-10},",
        "\torganization = {{An invented world}},",
        f"\tnote = {{{NOTE}}},",
        f"\turl = {{{ACT}}},",
        "\turldate = {2022-03-01},",
        "\tlangid = {english}",
        "}",
    ]
    assert ris(page).splitlines() == [
        "TY  - ELEC",
        "ID  - 2021-03-01-tide-act-passed",
        "AU  - An invented world,",
        "TI  - Assembly passes the Tide Act (1 March 2021)",
        "PY  - 2021",
        "DA  - 2021/03/10/",
        "PB  - An invented world",
        f"N1  - {NOTE}",
        "LA  - en",
        f"UR  - {ACT}",
        "Y2  - 2022/03/01/",
        "ER  - ",
    ]
    assert read_csl(csl(page)) == {
        "id": "2021-03-01-tide-act-passed",
        "type": "webpage",
        "author": [{"literal": "An invented world"}],
        "title": "Assembly passes the Tide Act (1 March 2021)",
        "container-title": "An invented world",
        "publisher": "An invented world",
        "issued": {"date-parts": [[2021, 3, 10]]},
        "note": NOTE,
        "URL": ACT,
        "accessed": {"date-parts": [[2022, 3, 1]]},
        "language": "en",
    }
    assert (act.authors, act.title, act.title_zh) == (
        ("Assembly of Tidewater",),
        "Tide Act",
        "潮汐法",
    )
    assert (act.number, act.event, str(act.date)) == ("No. 7", "Passed", "2021-03-01")
    assert act.note == "Effective 1 June 2021 and 1 January 2022."
    files = {file.name: file.address for file in page.files}
    assert list(files) == [f"{page.id}.{ending}" for ending in ("bib", "ris", "csl.json")]
    kind, _, content = files[f"{page.id}.bib"].partition(",")
    assert kind == "data:application/x-bibtex;charset=utf-8;base64"
    assert base64.b64decode(content).decode() == bibtex(page)


def test_only_acts_are_cited_as_acts() -> None:
    """A report without a stage or official text, or withdrawn, is cited only as a page."""
    official = {"kind": "official", "publisher": "TOA", "title": "告示", "lang": "zh-Hans"}
    untitled = {name: official[name] for name in ("kind", "publisher", "lang")}
    untitled |= {"url": "https://toa.example/u"}
    step = {"id": "tide-act", "stage": "interpreted"}
    gone = {"date": "2022-02-20", "reason": "Wrong."}
    found = snapshot(
        [
            entry("2022-02-01-report"),
            entry("2022-02-02-notice", sources=[official | {"url": "https://toa.example/n"}]),
            entry("2022-02-03-seen", sources=[official]),
            entry("2022-02-03-untitled", sources=[untitled]),
            entry("2022-02-04-stage", instruments=[step]),
            entry("2022-02-05-gone", instruments=[step], withdrawn=gone),
        ]
    )
    acts = {
        one.id: [act.address for act in cited(one.id, found)[1:]]
        for one in found.collection.entries
    }
    assert acts == {
        "2022-02-01-report": [],
        "2022-02-02-notice": ["https://toa.example/n"],
        "2022-02-03-seen": [],
        "2022-02-03-untitled": [],
        "2022-02-04-stage": ["https://world.example/entries/2022-02-04-stage/"],
        "2022-02-05-gone": [],
    }
    (_, notice) = cited("2022-02-02-notice", found)
    assert (notice.title, notice.title_zh, notice.language, notice.event) == (
        "告示",
        None,
        "zh",
        "Published",
    )
    assert ris(notice).startswith("TY  - GEN\n")


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
def test_any_title_is_read_back_unchanged(title: str) -> None:
    made = Citation(
        id="tide-act",
        address="https://world.example/instruments/tide-act/",
        site="An {invented} world",
        type=INSTRUMENT,
        authors=(title, "Bar and Foo"),
        title=title,
        title_zh=title,
        number=title,
        event="Passed",
        date=PartialDate(2021, 3),
        effective=(datetime.date(2021, 6, 1),),
        status=title,
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


def test_date_of_a_page_is_that_of_its_last_change() -> None:
    changes = [{"date": "2022-02-20", "note": "A word was wrong."}]
    made = entry("2022-02-03-tables", added="2022-02-04", changes=changes)
    for as_of, day in (("2022-02-19", "2022-02-04"), ("2022-02-20", "2022-02-20")):
        (page,) = cited("2022-02-03-tables", snapshot([made], as_of))
        (reference,) = rispy.loads(ris(page))
        assert read_bibtex(bibtex(page))["date"] == day
        assert reference["date"] == day.replace("-", "/") + "/"
        parts = [int(part) for part in day.split("-")]
        assert read_csl(csl(page))["issued"] == {"date-parts": [parts]}


def test_entry_names_the_status_of_the_first_three_instruments() -> None:
    """Only instruments that reached a stage with the entry count, each once."""
    names = ("oyster-rules", "kelp-rules", "oyster-rules", "lamp-rules", "ferry-rules")
    steps = [{"id": "gull-notice"}, *({"id": name, "stage": "planned"} for name in names)]
    found = snapshot([entry("2022-02-11-plans", instruments=steps)])
    assert cited("2022-02-11-plans", found)[0].status == (
        "Oyster Rules draft: not law; Kelp Rules draft: not law; Lamp Rules draft: not law"
    )


def test_citation_of_a_withdrawn_entry_says_so() -> None:
    (page,) = cited("2022-02-02-duplicate")
    status = "Status as of 1 March 2022: "
    assert page.note == f"{status}entry withdrawn on 5 February 2022."


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
    _, act = cited("2022-02-11-x", snapshot([made]))
    assert act.title_zh == title
    assert (act.title, act.language) == ("Tide Act", "en")
