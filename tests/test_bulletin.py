"""The month's bulletin: its days at their boundaries, its e-mail, its text, its print."""

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pypdf
import pytest
import wcwidth
from conftest import DAY, ROOT
from playwright.sync_api import Browser, Page
from test_site import BASE, parsed
from timeline.downloads.bulletin_files import MOST_BYTES, bulletin_files
from timeline.downloads.plain_text import WIDTH, plain_text, wrapped
from timeline.model.dates import parse_day
from timeline.model.entry import Entry
from timeline.model.site import read_site
from timeline.model.vocabulary import EntryType
from timeline.source.collection import Collection
from timeline.source.project import Project
from timeline.standing.standing import Standing
from timeline.views.bulletin import bulletins

REAL = Project(ROOT).load().collection
assert REAL is not None
SITE = read_site(ROOT)
APRIL = "timeline/2022/04/"


def files(collection: Collection, day: str = DAY) -> dict[str, str]:
    made = bulletin_files(Standing(collection, parse_day(day)), SITE)
    return {path: content.decode() for path, content in made}


@pytest.fixture(scope="session")
def real() -> dict[str, str]:
    assert REAL is not None
    return files(REAL)


class Email(HTMLParser):
    """What an e-mail is made of: its elements, links, style sheets and text."""

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

    @property
    def links(self) -> list[str]:
        return [found["href"] or "" for tag, found in self.elements if tag == "a"]


# What happens around the end of April 2022: entries of one instrument, known on their dates.


def entry(name: str, **fields: object) -> Entry:
    shared = {"title": name, "type": "regulatory", "regulators": [], "topics": ["x"]}
    date = name[:10]
    made = Entry.model_validate({**shared, "date": date, "added": "2022-06-01", **fields})
    return made.model_copy(update={"id": name})


def consultation(name: str, close: str) -> Entry:
    return entry(name, instruments=[{"id": "x", "stage": "consultation", "comments_close": close}])


def issued(name: str, effective: str) -> Entry:
    return entry(name, instruments=[{"id": "x", "stage": "issued", "effective": effective}])


def duty(name: str, day: str) -> Entry:
    return entry(name, deadlines=[{"date": day, "what": "report"}])


def april(*entries: Entry, as_of: str = DAY) -> dict[str, list[str]]:
    """Id of a list of days -> the ids of the entries in it, in the bulletin of April 2022."""
    assert REAL is not None
    all_of_them = (*entries, entry("2022-04-01-any"))
    known = [e for e in all_of_them if e.date.first_day <= parse_day(as_of)]
    collection = replace(REAL, entries=Collection.ordered(known))
    found = {b.url: b for b in bulletins(Standing(collection, parse_day(as_of)))}
    return {days.id: [due.entry.id for due in days.due] for days in found[APRIL].days}


def asked(name: str, **fields: object) -> Entry:
    """A consultation without a closing day, unless the fields say otherwise."""
    return entry(name, instruments=[{"id": "pipl", "stage": "consultation", **fields}])


def undated(*entries: Entry, as_of: str = DAY) -> dict[str, list[tuple[str, str]]]:
    """Address of a month -> the consultations whose closing day its bulletin does not know."""
    assert REAL is not None
    every = (*entries, entry("2022-04-01-any"), entry("2022-05-31-any"))
    known = [e for e in every if e.date.first_day <= parse_day(as_of)]
    standing = Standing(replace(REAL, entries=Collection.ordered(known)), parse_day(as_of))
    return {
        bulletin.url: [(one.entry.id, one.instrument) for one in days.undated]
        for bulletin in bulletins(standing)
        for days in bulletin.days
        if days.undated
    }


RESOLVED = [{"id": "pipl", "stage": "issued", "effective": "2023-01-01"}]
OPENED = {APRIL: [("2022-04-07-a", "pipl")]}


@pytest.mark.parametrize(
    ("told", "as_of", "found"),
    [
        ([], DAY, OPENED),
        ([], "2022-04-07", OPENED),
        ([entry("2022-04-30-b", instruments=RESOLVED)], DAY, {}),
        ([entry("2022-04-30-b", instruments=RESOLVED)], "2022-04-29", OPENED),
        ([entry("2022-05-01-b", instruments=RESOLVED)], DAY, OPENED),  # unresolved in April
        ([asked("2022-04-20-b", comments_close="2022-05-20")], DAY, {}),  # a later round
        ([asked("2022-05-20-b")], DAY, OPENED | {"timeline/2022/05/": [("2022-05-20-b", "pipl")]}),
    ],
)
def test_a_consultation_without_a_closing_day_stands_in_its_own_month(
    told: list[Entry], as_of: str, found: dict[str, list[tuple[str, str]]]
) -> None:
    assert undated(asked("2022-04-07-a"), *told, as_of=as_of) == found


def test_april_2022_names_the_drafts_whose_closing_day_nobody_recorded(
    real: dict[str, str], site: Path
) -> None:
    """In the e-mail, the plain text and on the page, apart from those with a day."""
    drafts = [
        "Practice Guide: Information System Disaster Backup",
        "Measures for the Administration of Network and Information Security in the Securities",
    ]
    texts = (
        Email(real[f"{APRIL}bulletin.html"]).text,
        real[f"{APRIL}bulletin.txt"],
        Email((site / APRIL / "index.html").read_text(encoding="utf-8")).text,
    )
    for text in texts:
        said = " ".join(text.split())
        apart = said.rsplit("Open for comment at the end of April 2022", 1)[1]
        apart = apart.split("What comes next")[0].split("Closing day not recorded")[1]
        assert [draft for draft in drafts if draft in apart] == drafts
        assert "13 May" not in apart


@pytest.mark.parametrize(
    ("told", "as_of", "lists"),
    [
        (issued("2022-03-01-a", "2022-03-31"), DAY, []),
        (issued("2022-03-01-a", "2022-04-01"), DAY, ["effect"]),
        (issued("2022-03-01-a", "2022-04-30"), DAY, ["effect"]),
        (issued("2022-03-01-a", "2022-05-01"), DAY, ["next"]),
        (issued("2022-03-01-a", "2022-05-31"), DAY, ["next"]),
        (issued("2022-03-01-a", "2022-06-01"), DAY, []),
        (issued("2022-05-01-a", "2022-04-15"), DAY, ["effect"]),  # told later, true of April
        (issued("2022-05-01-a", "2022-05-02"), DAY, []),  # unknown at the end of April
        (issued("2022-03-01-a", "2022-04-20"), "2022-04-19", ["next"]),
        (issued("2022-03-01-a", "2022-04-20"), "2022-04-20", ["effect"]),
        (consultation("2022-04-01-a", "2022-04-29"), DAY, []),
        (consultation("2022-04-01-a", "2022-04-30"), DAY, ["open", "next"]),
        (consultation("2022-04-30-a", "2022-05-31"), DAY, ["open", "next"]),
        (consultation("2022-04-30-a", "2022-06-01"), DAY, ["open"]),
        (consultation("2022-05-01-a", "2022-05-31"), DAY, []),
        (consultation("2021-12-31-a", "2022-05-01"), DAY, ["open", "next"]),
        (consultation("2022-04-01-a", "2022-04-15"), "2022-04-15", ["open", "next"]),
        (consultation("2022-04-01-a", "2022-04-15"), "2022-04-16", []),
        (duty("2022-04-01-a", "2022-04-29"), DAY, []),
        (duty("2022-04-01-a", "2022-04-30"), DAY, ["next"]),
        (duty("2022-04-01-a", "2022-05-31"), DAY, ["next"]),
        (duty("2022-04-01-a", "2022-06-01"), DAY, []),
        (duty("2022-05-01-a", "2022-05-02"), DAY, []),
    ],
)
def test_days_at_the_ends_of_a_month(told: Entry, as_of: str, lists: list[str]) -> None:
    assert april(told, as_of=as_of) == {name: [told.id] for name in lists}


def test_a_month_that_is_not_over_says_so() -> None:
    assert REAL is not None
    collection = replace(REAL, entries=(consultation("2022-12-01-a", "2022-12-20"),))
    (found,) = bulletins(Standing(collection, datetime.date(2022, 12, 10)))
    assert [days.title for days in found.days] == [
        "Open for comment on 10 December 2022",
        "What comes next, to the end of January 2023",
    ]


def test_sections_are_those_of_the_newsletters() -> None:
    assert REAL is not None
    found = {b.url: b for b in bulletins(Standing(REAL, parse_day(DAY)))}
    assert [section.title for section in found[APRIL].sections] == [
        "Highlights",
        *(kind.label for kind in EntryType if kind is not EntryType.INTERNATIONAL),
    ]
    assert [days.title for days in found[APRIL].days] == [
        "Took effect in April 2022",
        "Open for comment at the end of April 2022",
        "What comes next, to the end of May 2022",
    ]
    assert found[APRIL].total == 29


def test_every_month_has_both_files_and_its_page_leads_to_them(
    site: Path, real: dict[str, str]
) -> None:
    months = {path.parent.relative_to(site) for path in site.glob("timeline/*/*/index.html")}
    assert set(real) == {f"{month}/bulletin.{kind}" for month in months for kind in ("html", "txt")}
    for path, text in real.items():
        assert (site / path).read_text(encoding="utf-8") == text
        page = parsed(site)[f"{BASE}{path.rpartition('/')[0]}/"]
        assert any(link.endswith(path) for link in page.links), path


def test_an_email_is_one_file_of_at_most_100_kb(site: Path, real: dict[str, str]) -> None:
    sizes = {path: len(text.encode()) for path, text in real.items() if path.endswith(".html")}
    largest = max(sizes, key=lambda path: sizes[path])
    print(f"\nlargest bulletin.html: {largest}, {sizes[largest] / 1000:.1f} KB")
    assert sizes[largest] <= MOST_BYTES <= 100_000
    assert "too long for one message" not in real[largest]
    for path in sizes:
        email = Email(real[path])
        tags = {tag for tag, _ in email.elements}
        assert not tags & {"img", "link", "script", "iframe", "object", "video", "audio", "form"}
        assert not [key for _, found in email.elements for key in found if key.startswith("on")]
        assert "url(" not in real[path]
        assert [style.strip()[:6] for style in email.styles] == ["@media"]
        styled = {tag for tag, found in email.elements if "style" in found}
        assert {"body", "main", "h1", "h2", "h3", "p", "a"} <= styled, path
        assert not _without_style(email, {"h1", "h2", "h3", "p", "a", "li"}), path


def _without_style(email: Email, tags: set[str]) -> list[str]:
    return [tag for tag, found in email.elements if tag in tags and "style" not in found]


def test_links_of_an_email_are_absolute_and_lead_somewhere(
    site: Path, real: dict[str, str]
) -> None:
    pages = parsed(site)
    for path, text in real.items():
        if path.endswith(".html"):
            for link in Email(text).links:
                target, anchor = urldefrag(link)
                assert link.startswith("https://"), (path, link)
                if target.startswith(BASE):
                    assert target in pages, (path, link)
                    assert not anchor or anchor in pages[target].anchors, (path, link)


def month_of(collection: Collection, path: str) -> tuple[Entry, ...]:
    year, month = path.split("/")[1:3]
    return collection.by_month[int(year)][int(month)]


def test_both_have_every_title_and_permalink(real: dict[str, str]) -> None:
    assert REAL is not None
    for path, text in real.items():
        said = Email(text).text if path.endswith(".html") else text
        said = " ".join(said.split())
        for entry in month_of(REAL, path):
            assert entry.title in said, (path, entry.title)
            assert f"{BASE}entries/{entry.id}/" in text, (path, entry.id)
        for needed in ("Not legal advice.", "View online", "CC BY 4.0"):
            assert needed in said, path


def test_lines_of_the_text_are_short(real: dict[str, str]) -> None:
    for path, text in real.items():
        for line in text.splitlines() if path.endswith(".txt") else ():
            if not re.fullmatch(r" *(\[\d+\] )?https?://\S+", line):
                assert wcwidth.wcswidth(line) <= WIDTH <= 76, (path, line)
            assert line == line.rstrip(), (path, line)


HOSTILE = '<b>1</b> & "2" <script>x</script> {{ 7*7 }} &amp; </style>'


def test_hostile_text_is_escaped_once_in_the_email_and_not_in_the_text() -> None:
    assert REAL is not None
    told = entry(
        "2022-04-01-a", deadlines=[{"date": "2022-05-01", "what": HOSTILE, "who": HOSTILE}]
    )
    told = told.model_copy(update={"title": HOSTILE, "highlight": True, "body": "Body & `<b>`."})
    made = files(replace(REAL, entries=(told,)))
    html, text = made[f"{APRIL}bulletin.html"], made[f"{APRIL}bulletin.txt"]
    email = Email(html)
    assert not {"b", "script"} & {tag for tag, _ in email.elements}
    assert email.text.count(HOSTILE) == 5  # highlight, title, what, who, whence
    said = " ".join(text.split())
    assert said.count(HOSTILE) == 4  # whence is an address there
    assert "Body & <b>." in said
    assert "&lt;" not in text


def many(count: int) -> Collection:
    """A month of `count` developments of all types, some with days that matter."""
    assert REAL is not None
    body = "Somebody did something (中文) that matters to somebody else. " * 12
    kinds = list(EntryType)
    due = [{"date": "2022-05-02", "what": "report"}]
    entries = [
        entry(f"2022-04-{n % 28 + 1:02}-{n:05}", deadlines=due).model_copy(
            update={"type": kinds[n % len(kinds)], "body": body, "highlight": n % 50 == 0}
        )
        for n in range(count)
    ]
    return replace(REAL, entries=Collection.ordered(entries))


def left_out(html: str) -> dict[str, str]:
    """Heading of a section -> what it leaves out, of those that do."""
    parts = re.split(r"<h2[^>]*>", html)[1:]
    found = {}
    for part in parts:
        heading = part.partition("</h2>")[0]
        if "Titles only" in part:
            found[heading] = "texts"
        elif "left out here" in part:
            found[heading] = "rows"
    return found


LABELS = [kind.label for kind in EntryType]
DAYS = "What comes next, to the end of May 2022"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (60, {}),
        (90, dict.fromkeys(LABELS[3:], "texts")),
        (120, dict.fromkeys(LABELS[2:], "texts")),
        (200, dict.fromkeys(LABELS, "texts")),
        (600, None),
        (4000, dict.fromkeys([*LABELS, DAYS], "rows")),
    ],
)
def test_a_month_too_long_goes_without_the_least_important(
    count: int, expected: dict[str, str] | None
) -> None:
    html = files(many(count))[f"{APRIL}bulletin.html"]
    assert len(html.encode()) <= MOST_BYTES
    found = left_out(html)
    if expected is not None:
        assert found == expected
    order = [LABELS.index(name) for name in found if name in LABELS]
    assert order == list(range(len(LABELS) - len(order), len(LABELS)))  # the last ones
    assert ("too long for one message" in html) == bool(found)
    text = files(many(count))[f"{APRIL}bulletin.txt"]
    assert text.count("Somebody did something") >= count


def test_plain_text_of_a_body() -> None:
    html = (
        '<p>A <em>b</em> &amp; <a href="https://x.org/">c</a>.</p><ol><li>one<ul><li>in</li></ul>'
        "</li><li>two</li></ol><table><tr><th>h</th><td>1</td></tr></table>"
    )
    found = plain_text(html)
    assert found.blocks == [
        ("", "A b & c [1]."), ("1. ", "one"), ("  - ", "in"), ("2. ", "two"), ("", "h 1")
    ]  # fmt: skip
    assert found.links == ["https://x.org/"]


def test_wrapping_counts_chinese_as_wide_as_it_is() -> None:
    lines = wrapped("数据安全法 " * 30, "* ").split("\n")
    assert [line[:2] for line in lines] == ["* ", *["  "] * (len(lines) - 1)]
    assert max(wcwidth.wcswidth(line) for line in lines) == 2 + 5 * 11 + 10
    assert wrapped("个" * 50).split("\n") == ["个" * 37, "个" * 13]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def printed(page: Page) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def test_a_month_prints_on_a4(page: Page, address: str) -> None:
    page.goto(address + APRIL)
    headings = page.locator("h2, .row-title").all_inner_texts()
    headings = [" ".join(heading.split()) for heading in headings]
    linked = page.locator(".row a[href*='/entries/']").evaluate_all(
        "links => links.map(link => new URL(link.href).pathname.slice(1))"
    )
    pdf = printed(page)
    assert 6 <= len(pdf.pages) <= 14
    for number, sheet in enumerate(pdf.pages, 1):
        width, height = (float(side) / 72 * 25.4 for side in sheet.mediabox[2:])
        assert (round(width), round(height)) == (210, 297)
        lines = sheet.extract_text().splitlines()
        assert "April 2022" in lines[0] + lines[1], number
        assert f"{number} / {len(pdf.pages)}" in lines
        assert " ".join(lines[-1].split()) not in headings, f"stranded at the foot of page {number}"
    text = "".join("".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert REAL is not None
    for found in month_of(REAL, APRIL):
        assert f"{BASE}entries/{found.id}/" in text
    assert len(linked) > len(month_of(REAL, APRIL))  # what closes and comes next has rows too
    assert {path for path in linked if text.count(BASE + path) < linked.count(path)} == set()
    assert "中国银保监会办公厅" in text
    assert "Beforedatafromathirdpartyareused" in text  # a last paragraph, not shown on the screen
    assert "Earlier" not in text
    assert "Asplaintext" not in text


def test_a_source_is_printed_with_its_address(page: Page, address: str) -> None:
    page.goto(address + "entries/2022-04-29-tc260-certification-specification-draft/")
    page.emulate_media(media="print")
    link = page.locator("ul.sources a[href^=http]").first
    after = link.evaluate("found => getComputedStyle(found, '::after').content")
    assert "https://" in after or "attr(href)" in after
    for hidden in (".md-header", ".md-tabs", ".trail"):
        assert not page.locator(hidden).first.is_visible()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("path", ["regulators/cac/", "topics/minors/"])
def test_a_year_is_printed_by_its_address(
    chromium: Browser, address: str, path: str, script: bool
) -> None:
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}{path}#print-2022")
    text = "".join("".join(sheet.extract_text() for sheet in printed(page).pages).split())
    assert "entries/2022-" in text
    assert "entries/2021-" not in text
    assert "entries/2023-" not in text
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Show all years").click()
    assert page.locator("#y2021").is_visible()
    context.close()


def test_the_print_button_needs_a_script(page: Page, chromium: Browser, address: str) -> None:
    page.add_init_script("window.print = () => { window.printed = location.hash || 'page'; }")
    page.goto(address + APRIL)
    page.get_by_role("button", name="Print").click()
    page.wait_for_function("window.printed === 'page'")
    page.goto(address + "regulators/cac/")
    page.get_by_role("link", name="Print 2022").click()
    page.wait_for_function("window.printed === '#print-2022'")
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address + APRIL)
    assert not plain.get_by_role("button", name="Print").is_visible()
    context.close()
