"""The monthly bulletin: dates at the month's boundaries, e-mail, plain text and print."""

import io
import os
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import browser as browsers
import pylopdf_fonts_zh_cn as fonts
import pypdf
import pytest
import wcwidth
from conftest import BASE as ADDRESS
from in_memory import entry, snapshot, world_web_site
from playwright.sync_api import Browser, Page
from timeline.analysis.snapshot import Snapshot
from timeline.output import complete
from timeline.schema.entry import Entry
from timeline.site.bulletin import WIDTH, Bulletin, bulletin_files, bulletins, plain_text, wrapped

BASE = "https://world.example/"
APRIL, MAY = "timeline/2022/04/", "timeline/2022/05/"
LATER = "2023-03-01"


def files(found: Snapshot) -> dict[str, str]:
    made = complete(bulletin_files(found, world_web_site()))
    return {path: content.decode() for path, content in made.items()}


def bulletin(url: str, found: Snapshot) -> Bulletin:
    return {one.url: one for one in bulletins(found)}[url]


class Email(HTMLParser):
    """A parsed e-mail: its elements, links, style sheets and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.styles: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.styles.append(data)
        else:
            self.text += data


# Dates around the end of April 2022: entries of one instrument, each known on its date.


def step(name: str, stage: str, **fields: object) -> Entry:
    return entry(name, instruments=[{"id": "kelp-rules", "stage": stage, **fields}])


def draft(name: str, close: str) -> Entry:
    return step(name, "consultation", comments_close=close)


def issued(name: str, effective: str) -> Entry:
    return step(name, "issued", effective=effective)


def duty(name: str, day: str) -> Entry:
    return entry(name, deadlines=[{"date": day, "what": "report"}])


OPENED = {APRIL: ["2022-04-07-a"]}


@pytest.mark.parametrize(
    ("others", "as_of", "undated"),
    [
        ([], LATER, OPENED),
        ([], "2022-04-07", OPENED),
        ([issued("2022-04-30-b", "2023-01-01")], LATER, {}),
        ([issued("2022-04-30-b", "2023-01-01")], "2022-04-29", OPENED),
        ([issued("2022-05-01-b", "2023-01-01")], LATER, OPENED),  # nothing followed in April
        ([draft("2022-04-20-b", "2022-05-20")], LATER, {}),  # a second consultation
        ([step("2022-04-20-b", "consultation")], LATER, {APRIL: ["2022-04-20-b"]}),
        ([step("2022-05-20-b", "consultation")], LATER, OPENED | {MAY: ["2022-05-20-b"]}),
    ],
)
def test_consultation_without_a_closing_date_is_in_the_month_it_began(
    others: list[Entry], as_of: str, undated: dict[str, list[str]]
) -> None:
    months = [entry("2022-04-01-any"), entry("2022-05-31-any")]
    found = snapshot([step("2022-04-07-a", "consultation"), *others, *months], as_of)
    assert {
        one.url: [undated.entry.id for undated in dates.undated]
        for one in bulletins(found)
        for dates in one.key_dates
        if dates.undated
    } == undated


@pytest.mark.parametrize(
    ("recorded", "as_of", "lists"),
    [
        (issued("2022-03-01-a", "2022-03-31"), LATER, []),
        (issued("2022-03-01-a", "2022-04-01"), LATER, ["effect"]),
        (issued("2022-03-01-a", "2022-04-30"), LATER, ["effect"]),
        (issued("2022-03-01-a", "2022-05-01"), LATER, ["next"]),
        (issued("2022-03-01-a", "2022-05-31"), LATER, ["next"]),
        (issued("2022-03-01-a", "2022-06-01"), LATER, []),
        (issued("2022-05-01-a", "2022-04-15"), LATER, ["effect"]),  # reported later
        (issued("2022-05-01-a", "2022-05-02"), LATER, []),  # not yet known at the end of April
        (issued("2022-03-01-a", "2022-04-20"), "2022-04-19", ["next"]),
        (issued("2022-03-01-a", "2022-04-20"), "2022-04-20", ["effect"]),
        (draft("2022-04-01-a", "2022-04-29"), LATER, []),
        (draft("2022-04-01-a", "2022-04-30"), LATER, ["open", "next"]),
        (draft("2022-04-30-a", "2022-05-31"), LATER, ["open", "next"]),
        (draft("2022-04-30-a", "2022-06-01"), LATER, ["open"]),
        (draft("2022-05-01-a", "2022-05-31"), LATER, []),
        (draft("2021-12-31-a", "2022-05-01"), LATER, ["open", "next"]),
        (draft("2022-04-01-a", "2022-04-15"), "2022-04-15", ["open", "next"]),
        (draft("2022-04-01-a", "2022-04-15"), "2022-04-16", []),
        (duty("2022-04-01-a", "2022-04-29"), LATER, []),
        (duty("2022-04-01-a", "2022-04-30"), LATER, ["next"]),
        (duty("2022-04-01-a", "2022-05-31"), LATER, ["next"]),
        (duty("2022-04-01-a", "2022-06-01"), LATER, []),
        (duty("2022-05-01-a", "2022-05-02"), LATER, []),
    ],
)
def test_key_dates_at_the_ends_of_a_month(recorded: Entry, as_of: str, lists: list[str]) -> None:
    april = bulletin(APRIL, snapshot([recorded, entry("2022-04-01-any")], as_of))
    found = {dates.id: [due.entry.id for due in dates.dated] for dates in april.key_dates}
    assert found == {name: [recorded.id] for name in lists}


def test_postponed_date_is_in_the_month_in_which_it_was_expected() -> None:
    """Once the postponement is known, the date is listed in the month of the new date instead."""
    moved = [{"date": "2022-06-15", "instead_of": "2022-05-15"}]
    made = [
        issued("2022-04-01-a", "2022-05-15"),
        step("2022-05-01-b", "amended", effective=moved),
        entry("2022-06-01-any"),
    ]
    found = {
        (one.title, dates.id): [(due.entry.id, due.postponement) for due in dates.dated]
        for one in bulletins(snapshot(made, LATER))
        for dates in one.key_dates
    }
    later = [("2022-05-01-b", "postponed from 15 May 2022")]
    assert found == {
        ("June 2022", "effect"): later,
        ("May 2022", "next"): later,
        ("April 2022", "next"): [("2022-04-01-a", "")],
    }


def test_month_by_type_newest_first_and_what_was_due() -> None:
    february = bulletin("timeline/2022/02/", snapshot())
    sections = {part.title: [one.id for one in part.entries] for part in february.sections}
    assert list(sections.items()) == [
        ("Highlights", ["2022-02-15-wharf-second-draft"]),
        ("Regulatory", ["2022-02-25-buoy-rules-revised", "2022-02-18-lamp-draft",
                        "2022-02-15-wharf-second-draft"]),
        ("Policy", ["2022-02-gull-notice"]),
        ("Enforcement", ["2022-02-10-lantern-maker-penalised", "2022-02-10-east-harbour-fined",
                         "2022-02-03-south-harbour-fined", "2022-02-01-lamp-week-starts"]),
        ("Courts", ["2022-02-17-shore-court-judgment"]),
        ("International", ["2022-02-01-moon-treaty"]),
    ]  # fmt: skip
    assert [(dates.title, dates.total) for dates in february.key_dates] == [
        ("Took effect in February 2022", 1),
        ("Open for comments at the end of February 2022", 3),
        ("Coming up by the end of March 2022", 4),
    ]
    assert february.total == 10


def test_month_that_is_not_over_says_so() -> None:
    found = snapshot([draft("2022-12-01-a", "2022-12-20")], "2022-12-10")
    assert [dates.title for dates in bulletin("timeline/2022/12/", found).key_dates] == [
        "Open for comments on 10 December 2022",
        "Coming up by the end of January 2023",
    ]


def test_every_month_has_both_files_and_its_page_links_to_them(world_site: Path) -> None:
    months = sorted(path.parent for path in world_site.glob("timeline/*/*/index.html"))
    assert len(months) == 15
    for month in months:
        kinds = sorted(file.name for file in month.iterdir())
        assert kinds == ["bulletin.html", "bulletin.txt", "index.html"]
        page = (month / "index.html").read_text(encoding="utf-8")
        assert re.findall(r'href="[^"]*/(bulletin\.\w+)"', page) == kinds[:2], month


def test_email_is_one_file_without_external_resources(world_site: Path) -> None:
    """Styles are inline, and every link leads to a page of the site."""
    for path, text in files(snapshot()).items():
        if path.endswith(".html"):
            email = Email(text)
            tags = {tag for tag, _ in email.elements}
            assert not tags & {"img", "link", "script", "iframe", "object", "video", "form"}
            assert not [key for _, found in email.elements for key in found if key[:2] == "on"]
            assert "url(" not in text
            assert [style.strip()[:6] for style in email.styles] == ["@media"]
            styled = {"body", "main", "h1", "h2", "h3", "p", "a", "ul", "li"}
            plain = [tag for tag, found in email.elements if tag in styled and "style" not in found]
            assert plain == [], path
            links = [found["href"] or "" for tag, found in email.elements if tag == "a"]
            pages = [world_site / link.removeprefix(BASE) / "index.html" for link in links]
            assert [page for page in pages if not page.is_file()] == [], path


HOSTILE = '<b>1</b> & "2" <script>x</script> {{ 7*7 }} &amp; </style>'


def test_hostile_text_is_escaped_once_in_the_email_and_not_in_the_text() -> None:
    deadlines = [{"date": "2022-05-01", "what": HOSTILE, "who": HOSTILE}]
    made = entry("2022-04-01-a", title=HOSTILE, highlight=True, deadlines=deadlines)
    made = made.model_copy(update={"body": "Body & `<b>`."})
    both = files(snapshot([made], LATER))
    email, text = Email(both[f"{APRIL}bulletin.html"]), both[f"{APRIL}bulletin.txt"]
    assert not {"b", "script"} & {tag for tag, _ in email.elements}
    assert email.text.count(HOSTILE) == 5  # highlight, title, what, who, the entry of the deadline
    assert " ".join(text.split()).count(HOSTILE) == 4  # one is an address here
    assert "Body & <b>." in text
    assert "&lt;" not in text


def test_long_month_is_complete_and_in_short_lines() -> None:
    body = "Somebody did something (潮汐监督管理办法) that matters to somebody else. " * 12
    link = "See [this page](https://news.example/" + "x" * 90 + ")."
    made = [
        entry(f"2022-04-{n % 28 + 1:02}-x-{n:03}").model_copy(update={"body": f"{body}\n\n{link}"})
        for n in range(200)
    ]
    both = files(snapshot(made, LATER))
    email, text = both[f"{APRIL}bulletin.html"], both[f"{APRIL}bulletin.txt"]
    for whole in (email, " ".join(text.split())):
        assert whole.count("Somebody did something") == 200 * 12
    lines = [
        line for line in text.splitlines() if not re.fullmatch(r" *(\[\d+\] )?https?://\S+", line)
    ]
    assert 72 <= max(wcwidth.wcswidth(line) for line in lines) <= WIDTH == 74
    assert [line for line in lines if line != line.rstrip()] == []


def test_plain_text_of_a_body() -> None:
    found = plain_text(
        '<p>A <em>b</em> &amp; <a href="https://x.example/">c</a>.<br>d</p>'
        "<ol><li>one<ul><li>in <em>it</em></li></ul><ol><li>a</li><li>b</li></ol></li>"
        "<li><p>two</p><p>more</p></li></ol>"
        '<table><tr><th>h</th><td>1</td></tr></table><p><a href="https://y.example/">e</a></p>'
    )
    assert found.blocks == [
        ("", "A b & c [1]. d"),
        ("1. ", "one"),
        ("  - ", "in it"),
        ("  1. ", "a"),
        ("  2. ", "b"),
        ("2. ", "two"),
        ("", "more"),
        ("", "h 1"),
        ("", "e [2]"),
    ]
    assert found.links == ["https://x.example/", "https://y.example/"]


def test_wrapping_counts_chinese_characters_as_two_columns() -> None:
    lines = wrapped("潮汐监督法 " * 30, "* ").split("\n")
    assert [line[:2] for line in lines] == ["* ", *["  "] * (len(lines) - 1)]
    assert max(wcwidth.wcswidth(line) for line in lines) == 2 + 5 * 11 + 10
    assert wrapped("个" * 50).split("\n") == ["个" * 37, "个" * 13]
    assert wrapped("ab " + "个" * 50).split("\n") == ["ab " + "个" * 35, "个" * 15]
    assert wrapped("x" * 74 + " y").split("\n") == ["x" * 74, "y"]
    assert wrapped("x" * 72 + " y") == "x" * 72 + " y"


# Printing


@pytest.fixture(scope="module")
def paper(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with only the project's own fonts, whatever the machine has."""
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "fonts.conf").write_text(
        "<fontconfig>"
        f"<dir>{fonts.sans_path().parent}</dir><cachedir>{folder}/cache</cachedir>"
        "</fontconfig>",
        encoding="utf-8",
    )
    launched = chromium.browser_type.launch(
        executable_path=browsers.installed(),
        args=["--no-sandbox", "--disable-gpu"],
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )
    yield launched
    launched.close()


@pytest.fixture
def page(paper: Browser) -> Iterator[Page]:
    context = paper.new_context()
    yield context.new_page()
    context.close()


def printed(page: Page) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def printed_text(pdf: pypdf.PdfReader) -> str:
    """Return the text of a PDF without ligatures, and without white space, as line breaks vary."""
    text = "".join(sheet.extract_text() for sheet in pdf.pages)
    return unicodedata.normalize("NFKC", "".join(text.split()))


def test_month_prints_on_a4(page: Page, world_address: str) -> None:
    page.goto(f"{world_address}timeline/2022/02/")
    headings = [" ".join(x.split()) for x in page.locator("h2, .row-title").all_inner_texts()]
    linked = page.locator(".row a[href*='/entries/']").evaluate_all(
        "links => links.map(link => new URL(link.href).pathname.slice(1))"
    )
    pdf = printed(page)
    assert len(pdf.pages) > 1
    for number, sheet in enumerate(pdf.pages, 1):
        width, height = (float(side) / 72 * 25.4 for side in sheet.mediabox[2:])
        assert (round(width), round(height)) == (210, 297)
        lines = unicodedata.normalize("NFKC", sheet.extract_text()).splitlines()
        assert "February 2022" in lines[0] + lines[1], number
        assert f"{number} / {len(pdf.pages)}" in lines
        assert " ".join(lines[-1].split()) not in headings, f"stranded at the foot of page {number}"
    text, url = printed_text(pdf), ADDRESS
    assert len(linked) == 10 + 8  # dates in effect, closing and coming also have rows
    assert [path for path in linked if text.count(url + path) < linked.count(path)] == []
    assert text.count("whatevertheagencysaysofit.") == 10  # paragraphs for print only
    assert "Earlier" not in text
    assert "Asplaintext" not in text


def test_chinese_and_latin_text_is_printed_in_the_fonts_of_the_project(
    page: Page, world_address: str
) -> None:
    page.goto(f"{world_address}instruments/signal-rules/")
    assert "信号规定" in printed_text(printed(page))
    devtools = page.context.new_cdp_session(page)
    for command in ("DOM.enable", "CSS.enable"):
        devtools.send(command)
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    for selector in ("h1", ".subtitle", ".memo"):
        asked = {"nodeId": root, "selector": selector}
        node = devtools.send("DOM.querySelector", asked)["nodeId"]
        used = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert {font["familyName"] for font in used} <= {"Noto Sans SC", "Noto Serif SC"}
        assert sum(font["glyphCount"] for font in used) > 3


def test_source_is_printed_with_its_address(page: Page, world_address: str) -> None:
    page.goto(f"{world_address}entries/2021-07-05-signal-rules-issued/")
    assert "<https://toa.example/signals>" in printed_text(printed(page))
    page.emulate_media(media="print")
    for hidden in (".md-header", ".md-tabs", ".trail"):
        assert not page.locator(hidden).first.is_visible()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("path", ["regulators/toa/", "topics/tides/"])
def test_address_with_a_year_prints_that_year(
    paper: Browser, world_address: str, path: str, script: bool
) -> None:
    context = paper.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{world_address}{path}#print-2021")
    text = printed_text(printed(page))
    assert set(re.findall(r"entries/(\d{4})-", text)) == {"2021"}
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Show all years").click()
    assert page.locator("#y2022").is_visible()
    context.close()


def test_print_button_needs_a_script(page: Page, paper: Browser, world_address: str) -> None:
    page.add_init_script("window.print = () => { window.printed = location.hash || 'page'; }")
    page.goto(f"{world_address}timeline/2022/02/")
    page.get_by_role("button", name="Print").click()
    page.wait_for_function("window.printed === 'page'")
    page.goto(f"{world_address}regulators/toa/")
    page.get_by_role("link", name="Print 2022").click()
    page.wait_for_function("window.printed === '#print-2022'")
    context = paper.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{world_address}timeline/2022/02/")
    assert not plain.get_by_role("button", name="Print").is_visible()
    context.close()
