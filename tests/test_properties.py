"""For any bytes the check reports problems or yields a valid item that can be built.

Hypothesis generates the files: bytes, Markdown markup and front matter with any text.
"""

import base64
import csv
import datetime
import io
import json
import math
import re
import shutil
from pathlib import Path
from typing import Any

import feedparser
import markdown
import pytest
import rispy
import yaml
from checking import FRONT
from conftest import WORLD, WORLD_DAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from markdown_it import MarkdownIt
from test_citations import read_bibtex, value
from timeline.analysis.snapshot import Snapshot
from timeline.checks import Project
from timeline.checks.duplicates import likely_duplicates
from timeline.config import read_site
from timeline.content.collection import as_of_day
from timeline.content.markup import MarkdownBlocks
from timeline.exports.exports import exports
from timeline.output import complete
from timeline.site.head import Heads
from timeline.site.page import names
from timeline.site.pages import pages
from timeline.site.render import Renderer
from timeline.site.search import search_records

ID = "2021-06-01-x"
PATH = f"entries/2021/{ID}.md"
KEPT = {"2021-03-01-tide-act-passed", "2021-harbours-pledge"}  # one refers to the other
SLOW = 10  # seconds for one file and its outputs; most take a hundredth of this
MARKS = (
    "# ", "- ", "1. ", "> ", ">", "    ", "\t", "\n", "\n\n", "*", "**", "_", "__", "`", "```",
    "~~~", "[", "](", "]: ", ")", "<", "<https://", ">", "&", "&#58;", "|", "-|-", "\\", "!", "=",
    "---", "\r", "《", "中", "é", "\U0001f1e8", "a", "B1", " ", "https://a.example/", "https://a@b.example/",
    "javascript:", "only=1", "onload=x ", "../2021/2021-03-01-tide-act-passed.md", "<!-- block -->",
    "{{ page }}", "{% raw %}", "]]>", "END:VCALENDAR", ";,:", '"', "'",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=60).map("".join)
REPEATED = st.builds(
    lambda unit, times, end: (unit * times)[:19_000] + end,
    st.lists(st.sampled_from(MARKS), min_size=1, max_size=3).map("".join),
    st.sampled_from([7, 40, 390, 3_000]),
    st.sampled_from(["", "a", "\n"]),
)
PRINTABLE = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])
ONE_LINE = [mark for mark in MARKS if mark.isprintable()]
LINE = st.lists(st.sampled_from(ONE_LINE) | st.text(PRINTABLE, max_size=5), min_size=1, max_size=20)
LINES = ("title", "number", "note", "party", "what", "who", "quote")
INLINE = {"text", "text_special", "softbreak", "link_open", "link_close"}  # tokens of escaped text
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
pytestmark = pytest.mark.generated
settings.register_profile(
    "files", deadline=datetime.timedelta(seconds=SLOW), derandomize=True, max_examples=100,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
settings.load_profile("files")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The invented world with few entries, one of which each test replaces."""
    root = Path(shutil.copytree(WORLD, tmp_path_factory.mktemp("any") / "world"))
    for file in root.glob("entries/*/*.md"):
        if file.stem not in KEPT:
            file.unlink()
    return Project(root)


def problems(project: Project, data: bytes) -> list[str]:
    """Write the file, and return the errors that the check reports."""
    (project.root / PATH).write_bytes(data)
    loaded = project.load()
    found = [*loaded.problems, *project.style_warnings()]
    if loaded.collection is not None:
        found += likely_duplicates(loaded.collection)
    assert all(problem.line >= 1 and problem.message for problem in found)
    return [str(problem) for problem in found if not problem.warning]


def entry(body: str, **front: object) -> bytes:
    written = yaml.safe_dump(FRONT | front, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{written}---\n{body}\n".encode("utf-8", "surrogatepass")


def outputs(project: Project) -> dict[str, bytes]:
    """Return all outputs of a build except the HTML that MkDocs renders: path -> content."""
    collection = project.load().collection
    assert collection is not None
    day, site = datetime.date.fromisoformat(WORLD_DAY), read_site(project.root)
    snapshot = Snapshot(as_of_day(collection, day), day)
    made = Heads(snapshot, site, set()).add(pages(snapshot, preview=False))
    files = complete(exports(snapshot, site)) | complete(search_records(snapshot))
    return files | Renderer(site).render(made, names(snapshot.collection))


@given(data=st.binary(max_size=300) | WORDS.map(lambda text: f"---\n{text}\n---\n".encode()))
def test_any_bytes_can_be_checked(project: Project, data: bytes) -> None:
    problems(project, data)


@given(front=st.dictionaries(st.sampled_from([*FRONT, "number", "penalties", "sources"]), VALUES))
def test_any_front_matter_can_be_checked(project: Project, front: dict[str, Any]) -> None:
    problems(project, entry("It happened.", **front))


@given(body=WORDS | REPEATED)
def test_any_text_is_refused_or_published_unchanged(project: Project, body: str) -> None:
    if not problems(project, entry(body)):
        files = outputs(project)
        text = re.sub(r"\r\n?", "\n", body)
        text = without_targets(re.sub(r"\A(\s*\n)+", "", text).rstrip("\n"))
        published = json.loads(files[f"api/v1/entries/{ID}.json"])["body"]
        assert without_targets(published) == text
        assert text in without_targets(files[f"entries/{ID}/index.md"].decode())
        _rendered(files[f"entries/{ID}.md"].decode())


def without_targets(text: str) -> str:
    """Return the text without the targets of links, which depend on the page."""
    return re.sub(r"(\]\(|\]:)\s*[^\s()]*", r"\1", text)


def _rendered(page: str) -> None:
    """Render a page like MkDocs; the safeguard there must not refuse text that passed the check."""
    blocks = MarkdownBlocks()
    markdown.markdown(
        page.split("---\n", 2)[2],
        extensions=["toc", "fenced_code", "tables", blocks],
        extension_configs={"toc": {"slugify": blocks.heading_id}},
    )


def rows(table: bytes, name: str) -> list[dict[str, str]]:
    """Return the rows about the entry, without the apostrophe that prevents formulas."""
    read = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    return [
        {key: re.sub(r"^'(?=[=+\-@＝＋－＠])", "", cell) for key, cell in row.items()}
        for row in read
        if name in {row.get("id"), row.get("entry")}
    ]


def plain(text: str) -> str:
    """Collapse white space like CommonMark and browsers."""
    return " ".join(re.split(r"[ \t\n]+", text)).strip(" ")


def markdown_text(content: bytes) -> list[str]:
    """Return the text of each line of a Markdown file, parsed as CommonMark."""
    found = []
    for token in MarkdownIt("commonmark").parse(content.decode()):
        if token.type == "inline":
            assert {part.type for part in token.children or ()} <= INLINE
            found.append("".join(part.content for part in token.children or ()))
    return found


def citations(page: str) -> list[str]:
    """Return the RIS, BibTeX and CSL-JSON citations, which are in the addresses of links."""
    types = ("x-research-info-systems", "x-bibtex", "vnd.citationstyles.csl\\+json")
    found = (re.search(rf'"data:application/{kind};[^,]*base64,([^"]*)"', page) for kind in types)
    return [base64.b64decode(address[1]).decode() for address in found if address]


@given(line=st.fixed_dictionaries(dict.fromkeys(LINES, LINE.map("".join))))
def test_any_line_is_read_back_unchanged(project: Project, line: dict[str, str]) -> None:
    """Every output is read by a third-party parser."""
    written = entry(
        "It happened.", title=line["title"], number=line["number"], date_note=line["note"],
        parties=[line["party"]], changes=[{"date": "2021-07-01", "note": line["note"]}],
        deadlines=[{"date": "2021-09-01", "what": line["what"], "who": line["who"]}],
        sources=[{"kind": "news", "publisher": "A", "lang": "en", "quote": line["quote"]}],
    )  # fmt: skip
    if problems(project, written):
        return
    files, line = outputs(project), {key: text.strip() for key, text in line.items()}
    title, number, note = line["title"], line["number"], line["note"]

    data = json.loads(files[f"api/v1/entries/{ID}.json"])
    assert (data["title"], data["number"], data["date_note"]) == (title, number, note)
    assert (data["parties"], data["changes"][0]["note"]) == ([line["party"]], note)
    assert data["sources"][0]["quote"] == line["quote"]

    (row,) = rows(files["data/entries.csv"], ID)
    assert (row["title"], row["number"], row["date_note"]) == (title, number, note)
    (row,) = rows(files["data/deadlines.csv"], ID)
    assert (row["what"], row["who"]) == (line["what"], line["who"])

    what = line["what"]
    event = Event(summary=f"{what[0].upper()}{what[1:]}: {title} ({line['who']})")
    summary = str(Event.from_ical(event.to_ical())["SUMMARY"])  # in which \N is a line break
    calendar: Any = Calendar.from_ical(files["calendar-all.ics"])
    assert [part.errors for part in calendar.walk() if part.errors] == []
    assert summary in [str(found["SUMMARY"]) for found in calendar.walk("VEVENT")]

    atom: Any = feedparser.parse(files["feed.atom"], sanitize_html=False)
    assert not atom.bozo
    items = json.loads(files["feed.json"])["items"]
    assert [plain(item.title) for item in atom.entries] == [plain(item["title"]) for item in items]
    assert title in [item["title"] for item in items]

    texts = markdown_text(files[f"entries/{ID}/index.md"])
    facts = {"Number": number, "Parties": line["party"], "Note on the date": note}
    expected = [title, *(f"{name}: {fact}" for name, fact in facts.items())]
    assert set(map(plain, expected)) <= set(map(plain, texts))

    ris, bibtex, csl = citations(files[f"entries/{ID}.md"].decode())
    cited = f"{title} (1 June 2021)"
    assert [plain(reference["title"]) for reference in rispy.loads(ris)] == [plain(cited)]
    assert value(read_bibtex(bibtex), "title") == cited
    assert json.loads(csl)[0]["title"] == cited


@given(amount=st.integers(0, 10**18) | st.floats(0, 1e18).map(lambda x: math.floor(x * 100) / 100))
def test_any_amount_is_published_unchanged_or_refused(project: Project, amount: float) -> None:
    penalty = {"party": "A", "measure": "administrative-fine", "amount": amount, "currency": "CNY"}
    if not problems(project, entry("It happened.", penalties=[penalty])):
        (row,) = json.loads(outputs(project)[f"api/v1/entries/{ID}.json"])["penalties"]
        assert row["amount"] == amount
