"""The form at /contribute/, which turns input into a file that the check accepts."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import from_issue
import pytest
from conftest import WORLD_DAY
from playwright.sync_api import Browser, Locator, Page, expect
from timeline.builder import Builder
from timeline.checks import Project
from timeline.content.front_matter import file_text, parse_text
from timeline.contribute.issue_forms import FORMS
from timeline.schema.entry import Entry

FORM = "#contribute"
TODAY = "2022-03-01"  # of the browser
TEXT = "The agency fined a harbour over its tables.\n\n- It had *none*.\n- It paid 10,000 yuan."


@pytest.fixture
def page(chromium: Browser, world_address: str) -> Iterator[Page]:
    allowed = ["clipboard-read", "clipboard-write"]
    context = chromium.new_context(
        locale="en-GB", permissions=allowed, base_url=world_address, timezone_id="Asia/Shanghai"
    )
    opened, errors = context.new_page(), []
    opened.clock.install(time=datetime.datetime(2022, 3, 1, 12, tzinfo=datetime.UTC))
    opened.clock.resume()
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    load(opened)
    yield opened
    context.close()
    assert errors == []  # including violations of the Content-Security-Policy


def load(page: Page) -> None:
    page.goto("contribute/")
    page.locator(f"{FORM}:not([hidden])").wait_for()
    page.locator(".optional").evaluate("details => { details.open = true; }")


def field(page: Page, key: str, within: str = FORM) -> Locator:
    """Return the input element of a field; `within` selects a row."""
    place = page.locator(within).locator(f"[data-key={key}]")
    return place.locator("input, textarea, select").first


def choose(page: Page, key: str, name: str, within: str = FORM) -> None:
    """Type a name and choose the first suggestion."""
    field(page, key, within).fill(name)
    page.locator(".options:not([hidden]) [aria-selected=true]").wait_for()
    field(page, key, within).press("Enter")


def add(page: Page, key: str, within: str = FORM) -> str:
    """Add a row, and return its selector."""
    page.locator(within).locator(f"[data-key={key}] > .add").first.click()
    return f"{within} [data-key={key}] > [data-rows] > .row-fields:last-child"


def fill(page: Page, values: dict[str, Any], within: str = FORM) -> None:
    """Fill in the fields from the keys of a front matter."""
    for key, value in values.items():
        place = page.locator(within).locator(f"[data-key={key}]").first
        control = place.get_attribute("data-control")
        if control == "rows":
            for row in value if isinstance(value, list) else [{"date": value}]:
                fill(page, row, add(page, key, within))
        elif control == "group":
            fill(page, value, f"{within} [data-key={key}]")
        elif control in {"name", "names"}:
            for name in [value] if control == "name" else value:
                choose(page, key, name, within)
        elif control == "flag":
            field(page, key, within).check()
        elif control == "choice":
            field(page, key, within).select_option(value)
        else:
            text = "\n".join(value) if isinstance(value, list) else str(value)
            field(page, key, within).fill(text)


def written(page: Page) -> str:
    return page.locator("[data-file]").text_content() or ""


def shows(page: Page, selector: str, text: str | list[str]) -> None:
    expect(page.locator(selector)).to_have_text(text)


def destination(page: Page) -> str:
    return page.locator("[data-submit]").get_attribute("href") or ""


SOURCE = {"kind": "official", "publisher": "TOA", "lang": "zh-Hans",
          "url": "https://toa.example/2022-02/21/c_1.htm?a=1#b"}  # fmt: skip
VALUES: dict[str, Any] = {
    "title": "TOA fines West Harbour: 8,000 yuan", "date": "2022-02-21", "type": "enforcement",
    "regulators": ["toa"], "topics": ["tides"], "sources": [SOURCE],
}  # fmt: skip
NAME = "2022-02-21-toa-fines-west-harbour-8000-yuan"
PENALTIES: dict[str, Any] = {
    "deadlines": [{"date": "2022-12-31", "what": "report: what was fixed", "who": "harbours"},
                  {"date": "2023-01-31", "what": "yes"}],
    "penalties": [{"party": "West Harbour Ltd", "measure": "administrative-fine",
                   "amount": 106859.84, "currency": "CNY",
                   "basis": [{"id": "tide-act", "articles": ["4", "12 bis"]},
                             {"text": "Harbour Code (1998), #3"}]},
                  {"party": "W", "measure": "damages", "amount": 0, "currency": "EUR"},
                  {"party": "Its agents", "measure": "warning"}],
}  # fmt: skip
PHASES = [{"date": "2022-06-01", "applies_to": "harbours: large ones"}, {"date": "2022-07-01"}]
STEP: dict[str, Any] = {"id": "lamp-rules", "stage": "issued", "effective": PHASES}
FURTHER: list[dict[str, Any]] = [
    PENALTIES,
    {"instruments": [STEP, {"id": "moon-act"}]},
    {"instruments": [{"id": "tide-act", "articles": ["4", "5"]},
                     {"id": "wharf-rules", "stage": "consultation", "round": 3,
                      "comments_close": "2022-03-31"},
                     {"id": "lamp-rules", "stage": "issued", "effective": "2022-06-01"}]},
    {"date": 2022, "related": ["2021-03-01-tide-act-passed", "2021-harbours-pledge"],
     "dates": {"decided": "2022-02", "dated": 2022, "reported": "2022-02-22"}},
    {"date": "2022-02", "jurisdiction": "CN-BJ", "highlight": True, "parties": ["A, B & Co."],
     "newsletters": ["gull-2022-02", "gull-2022-03"], "regulators": [], "topics": ["moon"]},
    {"sources": [SOURCE, {"kind": "news", "publisher": "Gull & Tern: daily", "lang": "en",
                          "title": "‘Fined!’ [sic]", "archived": "https://archive.example/1",
                          "quote": "“8,000” #1"}]},
]  # fmt: skip
TEXTS = [
    "国家潮汐监督局：“处罚”第4条", "《潮汐法》", "key: value", "ends with:", "a #b", "# comment",
    "- dash", "-", "---", "yes", "No", "null", "~", "on", "y", "2022", "2022-04", "2022-04-29",
    "1e3", "0x1F", "12:30:45", "1_000", "007", "8 billion", "8-K", "?", "? x", "it's", "\"a\" 'b'",
    "back\\slash \\n", "{{ 7*7 }} {% x %}", "[a, b]", "{c: d}", "&a *b !c |d >e %f @g `h", ",",
    "😀 🇨🇳", "a\tb", "<script>window.trapped = 1</script>", "x" * 3000, "=", "<<", ".inf", "ǅ",
    "é", "x\u3000y",
]  # fmt: skip
BODIES = {  # as typed -> as written in the file
    TEXT: TEXT,
    "One.\r\n\r\nTwo, 网信办 😀\r\n": "One.\n\nTwo, 网信办 😀",
    "  \n- a: b\n- [c](https://x.example/)\n\n": "- a: b\n- [c](https://x.example/)",
    "---\nkey: value\n---": "---\nkey: value\n---",
}


def inputs() -> Iterator[tuple[dict[str, Any], str]]:
    """Return a strategy for values of fields and a text."""
    yield from ((VALUES | values, TEXT) for values in FURTHER)
    yield from ((VALUES, body) for body in BODIES)
    for place in range(0, len(TEXTS), 3):
        one, two, three = texts = TEXTS[place : place + 3]
        sources = [SOURCE | {"publisher": one, "quote": two}]
        others = {"date_note": two, "number": three, "parties": texts}
        yield VALUES | {"title": one, "sources": sources} | others, TEXT


def unquoted(text: str) -> str:
    return re.sub(r"[\\'\"]", "", text)


def test_input_is_written_to_the_file_unchanged(page: Page, world: Path) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    typed = {}
    for number, (values, body) in enumerate(inputs(), 1):
        fill(page, values | {"text": body, "slug": f"no-{number}"})
        path = f"entries/2022/{values['date']}-no-{number}.md"
        assert page.locator("[data-path]").inner_text() == path
        (world / path).write_text(written(page), encoding="utf-8")
        typed[path] = values | {"added": TODAY}, BODIES[body]
        page.get_by_role("button", name="Clear").click()
    assert len(typed) >= 25
    assert page.evaluate("window.trapped") is None
    loaded = Project(world).load()
    assert [problem for problem in loaded.problems if not problem.warning] == []
    assert loaded.collection is not None
    bodies = {entry.path: entry.body for entry in loaded.collection.entries}
    for path, (values, body) in typed.items():
        text = (world / path).read_text(encoding="utf-8")
        assert (parse_text(text).values, bodies[path]) == (values, body), path
        assert unquoted(text) == unquoted(file_text(Entry, values, body))  # as Python formats it


def test_from_the_form_to_an_entry_on_the_site(page: Page, world: Path) -> None:
    # No problem is shown before the reader has left a field or tries to submit.
    expect(page.locator(".problem:visible")).to_have_count(0)
    fill(page, VALUES | {"text": TEXT})
    shows(page, "[data-key=regulators] .chip", "Tide Oversight Agency×")
    address = field(page, "url", f"{FORM} [data-key=sources]")
    address.fill("toa.example/fine")
    field(page, "title").fill("  ")
    step = add(page, "instruments")
    page.locator("[data-submit]").click()
    shows(page, "[data-done]", "3 fields need attention.")
    shows(page, "[data-fixes] li", [
        "Title: Required.",
        "Source 1, address: Write a web address that begins with http:// or https://.",
        "Instrument 1, instrument: Required.",
    ])  # fmt: skip
    title = field(page, "title")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    described = (title.get_attribute("aria-describedby") or "").split()
    shows(page, f"#{described[-1]}", "Required.")
    page.keyboard.type(VALUES["title"])
    page.locator("[data-fixes] a", has_text="address").click()
    expect(address).to_be_focused()
    address.fill(SOURCE["url"])
    page.locator(step).get_by_role("button", name="Remove instrument").click()
    expect(page.locator("[data-fixes]")).to_be_hidden()
    page.get_by_role("button", name="Remove source").click()  # a source or a newsletter is required
    message = "Newsletters or sources: at least one is required."
    shows(page, "[data-key=sources] > .problem", message)
    page.locator("[data-submit]").click()
    expect(page.get_by_role("button", name="Add source")).to_be_focused()
    choose(page, "newsletters", "Tidings – March 2022")
    expect(page.locator("[data-fixes]")).to_be_hidden()
    expect(title).to_have_attribute("aria-invalid", "false")
    # The address of the pull request contains the displayed file.
    url, text = urlsplit(destination(page)), written(page)
    asked = parse_qs(url.query, strict_parsing=True)
    assert (url.netloc, url.path) == ("github.com", "/OWNER/REPOSITORY/new/main/entries/2022")
    assert asked == {"filename": [f"{NAME}.md"], "value": [text]}
    # A link clicked immediately after typing opens with the latest input.
    page.context.route("https://github.com/**", lambda route: route.fulfill(body="GitHub"))
    title.fill("Another title")
    with page.context.expect_page() as popup:
        page.locator("[data-submit]").click()
    popup.value.wait_for_url(re.compile("another-title"))
    assert popup.value.evaluate("window.opener") is None
    (world / f"entries/2022/{NAME}.md").write_text(text, encoding="utf-8")
    snapshot = Builder(world).build(datetime.date.fromisoformat(WORLD_DAY)).snapshot
    assert snapshot is not None
    assert NAME in {entry.id for entry in snapshot.collection.entries}


def test_dates_and_codes_are_shown_in_words(page: Page) -> None:
    typed = {
        "21 February 2022": "2022-02-21", "Feb 21st, 2022": "2022-02-21",
        "2022年2月21日": "2022-02-21",
        "2022/2/1": "2022-02-01", "21.2.2022": "2022-02-21", "February 2022": "2022-02",
        "２０２２年２月": "2022-02", "2/3/2022": "2/3/2022", "soon": "soon",
    }  # fmt: skip
    for words, date in typed.items():
        field(page, "date").fill(words)
        field(page, "date").press("Tab")
        expect(field(page, "date")).to_have_value(date)
    source = add(page, "sources")
    field(page, "lang", source).fill("english")
    field(page, "lang", source).press("Tab")
    expect(field(page, "lang", source)).to_have_value("en")
    field(page, "url", source).fill("<www.toa.example/a>")
    field(page, "url", source).press("Tab")
    expect(field(page, "url", source)).to_have_value("https://www.toa.example/a")


def test_lists_open_at_a_click_and_stages_are_shown(page: Page) -> None:
    step = add(page, "instruments")
    field(page, "id", step).press("ArrowDown")
    expect(page.locator(".options:not([hidden]) li")).not_to_have_count(0)
    field(page, "id", step).press("Escape")
    field(page, "id", step).click()
    expect(page.locator(".options:not([hidden]) li")).not_to_have_count(0)
    choose(page, "id", "Wharf Rules", step)
    about = page.locator(f"{step} [data-key=id] > .help").last
    expect(about).to_have_text("Stages so far: Consultation 2022-01-20; Consultation 2022-02-15")


def test_file_name_follows_from_date_and_title(page: Page) -> None:
    fill(page, VALUES | {"text": TEXT, "title": "潮汐监督局处罚", "date": "2022-02-01"})
    page.locator(".optional > summary").click()  # closed
    page.locator("[data-submit]").click()
    name, problem = field(page, "slug"), page.locator("[data-key=slug] .problem")
    missing = "No file name can be made from the title. Write one here, in Latin letters."
    expect(problem).to_have_text(missing)
    expect(name).to_be_focused()
    name.fill("月球")
    expect(problem).to_have_text("Write some Latin letters or digits.")
    name.fill("The moon: again")
    expect(problem).to_be_hidden()
    name.fill("Moon treaty")
    expect(problem).to_contain_text("There is already an entry with this date and name.")
    field(page, "date").fill("2021-05-01")
    name.fill("tide watch")  # the former name of an entry
    expect(problem).to_be_visible()
    field(page, "date").fill("soon")
    field(page, "date").press("Tab")
    message = "Write a date such as 2022-04-29, 2022-04 or 2022."
    shows(page, "[data-key=date] .problem", message)
    shows(page, "[data-path]", "The file is named after its date and title.")
    field(page, "date").fill("2022-02-30")
    shows(page, "[data-key=date] .problem", "There is no such day.")
    field(page, "date").fill("2062-03-12")
    shows(page, "[data-key=date] .problem", f"This is after today, {TODAY}.")


def test_input_survives_a_reload_until_cleared(page: Page) -> None:
    fill(page, VALUES | PENALTIES | {"instruments": [STEP]} | {"text": TEXT, "highlight": True})
    choose(page, "related", "Harbours pledge to keep tables")
    field(page, "topics").fill("no such topic")
    before = written(page)
    load(page)
    assert written(page) == before
    expect(field(page, "topics")).to_have_value("no such topic")
    expect(page.locator("[data-key=related] .chip")).to_contain_text("Harbours pledge")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear").click()
    assert written(page) == f"---\nregulators: []\nadded: {TODAY}\n---\n\n"
    load(page)
    expect(field(page, "date")).to_have_value("")
    script = "Storage.prototype.setItem = (key) => { if (key === 'contribute') throw new Error(); }"
    page.add_init_script(script)  # the form also works without storage
    load(page)
    field(page, "date").fill("2022-02-21")
    assert "date: 2022-02-21" in written(page)


def test_a_file_too_long_for_an_address_is_pasted(page: Page) -> None:
    fill(page, VALUES | {"text": "潮汐处罚。" * 300})
    assert "value=" not in destination(page)
    expect(page.locator("[data-destination]")).to_contain_text("too long for a link")
    row = page.locator("[data-pasted] li")
    expect(row).to_have_text("Copy and paste it into the new file")
    row.get_by_role("button").click()
    shows(page, "[data-done]", "Copied. Paste it into the new file.")
    assert page.evaluate("navigator.clipboard.readText()") == written(page)
    page.get_by_role("button", name="Copy the file").click()
    path = f"entries/2022/{NAME}.md"
    shows(page, "[data-done]", f"Copied. The file belongs at {path}.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"{NAME}.md"
    assert download.value.path().read_text(encoding="utf-8") == written(page)
    field(page, "text").fill(TEXT)
    expect(row).to_have_count(0)


def describe(page: Page, key: str, called: str, values: dict[str, Any], within: str = FORM) -> str:
    """Describe an item that the site does not have, and return the selector of its fields."""
    field(page, key, within).fill(called)
    page.get_by_role("option", name="describe it").click()
    new = page.locator(within).locator(f"[data-key={key}]").first.get_attribute("data-kind")
    row = f"{FORM} [data-new={new}] .row-fields:last-child"
    fill(page, values, row)
    return row


def issue_text(address: str, pasted: dict[str, str]) -> str:
    """Return the text of the issue that GitHub creates from an address and pasted text."""
    asked = {key: only for key, (only,) in parse_qs(urlsplit(address).query).items()}
    (form,) = (form for form in FORMS if form.file == asked["template"])
    answers = {q.label: asked.get(q.id) or pasted.get(q.label) for q in form.questions}
    code = {q.label for q in form.questions if q.example}
    return "\n\n".join(
        f"### {label}\n\n"
        + (f"```yaml\n{answer}\n```" if label in code and answer else answer or "_No response_")
        for label, answer in answers.items()
    )


@pytest.mark.parametrize("long", [False, True])
def test_new_pages_are_submitted_with_the_entry_in_an_issue(
    page: Page, world: Path, tmp_path: Path, long: bool
) -> None:
    text = "潮汐处罚。\n\n" * 200 + "End." if long else TEXT
    values = VALUES | PENALTIES | {"highlight": True}
    fill(page, values | {"text": text})
    body = describe(page, "regulators", "港口局", {"name": "Harbour Bureau", "kind": "agency",
        "aliases": ["The Bureau", "Harbours"], "text": "It keeps\nthe harbours."})  # fmt: skip
    choose(page, "parent", "潮监局", body)
    describe(page, "topics", "Swell", {"text": "What remains of a storm."})
    step = add(page, "instruments")
    rule = describe(page, "id", "Swell Rules", {"rank": "departmental-rule", "trial": True,
        "number": "No. 5: x", "text": "How to swell."}, step)  # fmt: skip
    choose(page, "issuers", "toa", rule)
    fill(page, {"stage": "issued"}, step)
    expect(page.get_by_role("link", name="Open an issue")).to_be_visible()
    assert "regulators: [toa, Harbour Bureau]" in written(page)
    assert len(destination(page)) <= 8000
    pasted = {}
    for row in page.locator("[data-pasted] li").all():
        label = row.inner_text().split("“")[1].strip("”")
        row.get_by_role("button").click()
        shows(page, "[data-done]", f"Copied. Paste it into “{label}”.")
        pasted[label] = page.evaluate("navigator.clipboard.readText()")
    assert list(pasted) == (["Text"] if long else [])
    before, file = set(world.rglob("*.md")), tmp_path / "issue.md"
    file.write_text(issue_text(destination(page), pasted), encoding="utf-8")
    assert from_issue.main(["--date", TODAY, str(file)], world) == 0
    paths = set(world.rglob("*.md")) - before
    parts = {path: parse_text(path.read_text(encoding="utf-8")) for path in paths}
    assert {
        path.relative_to(world).as_posix(): (part.values, part.body.strip())
        for path, part in parts.items()
    } == {
        f"entries/2022/{NAME}.md": (
            values | {"regulators": ["toa", "harbour-bureau"], "topics": ["tides", "swell"],
                      "instruments": [{"id": "swell-rules", "stage": "issued"}], "added": TODAY},
            text.strip(),
        ),
        "docs/regulators/harbour-bureau.md": (
            {"name": "Harbour Bureau", "name_zh": "港口局", "aliases": ["The Bureau", "Harbours"],
             "kind": "agency", "parent": "toa"},
            "It keeps the harbours.",
        ),
        "docs/topics/swell.md": ({"name": "Swell"}, "What remains of a storm."),
        "docs/instruments/swell-rules.md": (
            {"name": "Swell Rules", "number": "No. 5: x", "rank": "departmental-rule",
             "trial": True, "issuers": ["toa"]},
            "How to swell.",
        ),
    }  # fmt: skip


def test_a_name_and_its_description_are_removed_together(page: Page) -> None:
    new = describe(page, "regulators", "Harbour Bureau", {})
    expect(field(page, "regulators")).to_be_focused()  # the next field belongs to the entry
    expect(field(page, "name", new)).to_have_value("Harbour Bureau")
    describe(page, "parent", "Sea Council", {}, new)  # one new page names another
    expect(page.locator("[data-new=regulators] .row-fields")).to_have_count(2)
    page.get_by_role("button", name="Remove Harbour Bureau").click()
    expect(page.locator("[data-new=regulators]")).to_be_hidden()
    describe(page, "regulators", "Harbour Bureau", {})
    load(page)
    expect(field(page, "name", new)).to_have_value("Harbour Bureau")
    page.get_by_role("button", name="Remove new body").click()
    expect(field(page, "regulators")).to_be_focused()
    expect(page.locator("[data-key=regulators] .chip")).to_have_count(0)
    assert "regulators: []" in written(page)


def test_possible_duplicates_are_shown(page: Page) -> None:
    section, link = page.locator("[data-duplicates]"), page.locator(".duplicates-link")
    expect(link).to_have_attribute("role", "status")
    field(page, "date").fill("2022-02-18")
    expect(section).to_be_hidden()
    fill(page, {"instruments": [{"id": "tide-watch"}]})
    rows = section.locator("li")
    expect(rows).to_have_text("South Harbour fined over tables 2022-02-03, same instrument")
    expect(rows.locator("a")).to_have_attribute("href", re.compile("/entries/2022-02-03-south"))
    choose(page, "regulators", "the Tide Oversight Agency (TOA)")
    dates = [text[:10] for text in section.locator("li .note").all_inner_texts()]
    assert len(dates) > 2
    assert dates == sorted(dates, reverse=True)
    expect(link).to_have_text(f"{len(dates)} possible duplicates")
    expect(section).not_to_contain_text("A development told twice")  # it was withdrawn
    choose(page, "related", "2022-02-03-south-harbour-fined")
    expect(section).not_to_contain_text("South Harbour fined")
    field(page, "date").fill("2021-03-05")
    page.get_by_role("button", name="Remove Tide Oversight Agency").click()
    fill(page, {"sources": [{"url": "http://www.news.example/tide-act/"}]})
    expect(rows).to_have_text("Assembly passes the Tide Act 2021-03-01, same address")
    field(page, "date").fill("2021-02-30")  # not a valid date
    assert 'date: "2021-02-30"' in written(page)
    field(page, "date").fill("2012-02-03")
    expect(section).to_be_hidden()
    expect(link).to_have_text("")


def test_pages_can_be_chosen_by_keyboard_and_by_any_name(page: Page) -> None:
    box = field(page, "topics")
    box.focus()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")  # all pages, most used first
    options = page.locator(".options:not([hidden]) > li")
    expect(options).to_have_text(["Tides 潮汐", "Lamps 灯塔", "Moon"])
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(active).to_have_text("Lamps 灯塔")
    expect(active).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("light HOUSES")
    expect(options.first).to_have_text("Lamps 灯塔 lighthouses")
    page.keyboard.press("Enter")
    shows(page, "[data-done]", "Lamps chosen.")
    page.keyboard.type("潮汐")
    page.keyboard.press("Tab")  # a whole name
    assert "topics: [lamps, tides]" in written(page)
    box.press("Backspace")
    assert "topics: [lamps]" in written(page)
    page.keyboard.type("nothing like that")
    page.keyboard.press("Tab")
    message = "There is no page of this name. Choose one from the list, or describe a new one."
    shows(page, "[data-key=topics] .problem", message)
    box.fill("Storms")  # Enter chooses the only suggestion
    page.keyboard.press("Enter")
    expect(field(page, "name", f"{FORM} [data-new=topics]")).to_have_value("Storms")
    field(page, "newsletters").click()
    expect(options.first).to_have_text("Gull & Tern, March 2022")  # the newest
    field(page, "newsletters").fill("Storms")
    expect(options).to_have_count(0)  # a newsletter cannot be described in the form


def test_several_names_can_be_typed_or_pasted(page: Page) -> None:
    box = field(page, "regulators")
    chips = page.locator(f"{FORM} [data-key=regulators] .chip")
    box.fill("潮监局、Shore Court and LU，nobody")
    box.press("Enter")
    expect(chips).to_have_count(3)
    expect(box).to_have_value("nobody")
    box.fill("")
    page.evaluate("navigator.clipboard.writeText('Assembly of Tidewater\\r\\nTOA North\\n')")
    box.press("ControlOrMeta+v")
    expect(chips).to_have_count(5)
    assert "regulators: [toa, shore-court, lunar-union, assembly, north-toa]" in written(page)


def test_fields_follow_from_the_models(page: Page) -> None:
    unnamed = "[...document.querySelectorAll(`${form} :is(input, select, textarea)`)]"
    assert page.evaluate(f"form => {unnamed}.filter((one) => !one.labels.length).length", FORM) == 0
    patterns = page.evaluate(
        """() => [document, ...[...document.querySelectorAll("template")].map((one) => one.content)]
            .flatMap((part) => [...part.querySelectorAll("[pattern]")])
            .map(({ pattern, title }) => [new RegExp(pattern, "v").source, title])"""
    )
    assert len(patterns) > 15
    assert all(title for _, title in patterns)
    step = add(page, "penalties")
    amount = field(page, "amount", step)
    for text, valid in {"0": True, "106859.84": True, "007": False, "1.234": False, "-1": False,
                        "1e3": False, "12345678901234567": False}.items():  # fmt: skip
        amount.fill(text)
        assert amount.evaluate("one => one.validity.valid") is valid, text
    codes = page.locator("datalist#codes-lang option")
    expect(codes.first).to_have_attribute("value", "en")


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_form_fits_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    fill(page, VALUES | PENALTIES | {"instruments": [STEP]})
    describe(page, "regulators", "x" * 80, {})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_other_ways_to_contribute_are_named(
    chromium: Browser, world_address: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{world_address}contribute/")
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    link = page.get_by_role("link", name=FORMS[0].name, exact=True)
    expect(link).to_have_attribute("href", re.compile(f"issues/new.template={FORMS[0].file}"))
    expect(page.locator(FORM)).to_be_hidden()
    context.close()
