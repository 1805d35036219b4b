"""The form at /contribute/: its verdict is that of check.py, its file says what was typed."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import from_issue
import pytest
import yaml
from bad_files import CASES, OF_ALL_ENTRIES, Case
from conftest import DAY, ROOT, WORLD, build, copy_checkout
from issue_texts import FORM, answered
from playwright.sync_api import Browser, Locator, Page, expect
from test_browser import Watch
from timeline.contributing.writing import file_text
from timeline.downloads.contribute_files import contribute_files
from timeline.downloads.front_matter_schema import front_matter_schema
from timeline.model.dates import parse_day
from timeline.model.document import Parts, UnreadableError, decode, take_apart
from timeline.model.entry import Entry
from timeline.model.site import read_site
from timeline.model.wording import Wording
from timeline.source.project import Project
from timeline.source.reading import typed
from timeline.standing.standing import Standing

JUDGE = """async ({ known, years, schema, files }) => {
    const { knowledge, problems } = await import("/assets/contribute/check.js");
    const all = knowledge(known, new Map(Object.entries(years)));
    return files.map(({ values, body, id }) => problems(values, body, id, schema, all));
}"""
WRITE = """async ({ schema, files }) => {
    const { fileText } = await import("/assets/contribute/front_matter.js");
    return files.map(({ values, body }) => fileText(values, body, schema));
}"""
# What no form can make: other keys than its own, YAML of other kinds, files of other names.
NOT_OF_A_FORM = {
    "unknown key", "far-off key", "computed key", "wrong types", "key without value",
    "item without value", "date disagrees with the name", "wrong folder", "alias that is no id",
    "alias taken", "yaml aliases", "yaml tags", "nested a little too far", "too large",
    "tags on nonsense", "no keys", "empty file", "repeated key",
    "nul byte", "misleading characters",
}  # fmt: skip


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    allowed = ["clipboard-read", "clipboard-write"]
    context = chromium.new_context(locale="en-GB", permissions=allowed)
    yield context.new_page()
    context.close()


@cache
def knowledge(root: Path) -> dict[str, Any]:
    """What the form of a checkout loads: known.json, the years, the schema."""
    collection = Project(root).load().collection
    assert collection is not None
    files = dict(contribute_files(Standing(collection, parse_day(DAY)), read_site(root)))
    loaded = {path: json.loads(data) for path, data in files.items()}
    years = {Path(path).stem: data for path, data in loaded.items() if "/years/" in path}
    known = loaded["contribute/known.json"]
    return {"known": known, "years": years, "schema": front_matter_schema(Entry)}


def judged(page: Page, root: Path, files: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The form's verdict on each file."""
    found: list[list[dict[str, Any]]] = page.evaluate(JUDGE, knowledge(root) | {"files": files})
    return found


def real_entries() -> list[Parts]:
    paths = sorted((ROOT / "entries").rglob("*.md"))
    return [take_apart(path.read_text(encoding="utf-8")) for path in paths]


def test_every_real_entry_is_sound_in_the_form(page: Page, address: str) -> None:
    page.goto(address + "contribute/")
    files = [{"values": parts.values, "body": parts.body, "id": ""} for parts in real_entries()]
    assert len(files) > 300
    wrong = [
        (file["values"]["title"], verdict)  # type: ignore[index]
        for file, verdict in zip(files, judged(page, ROOT, files), strict=True)
        if verdict
    ]
    assert wrong == []


def test_the_form_writes_as_the_house_does(page: Page, address: str) -> None:
    """Every real entry comes out as `new.py` would write it, byte for byte."""
    page.goto(address + "contribute/")
    parts = real_entries()
    files = [{"values": each.values, "body": each.body} for each in parts]
    written = page.evaluate(WRITE, {"schema": front_matter_schema(Entry), "files": files})
    for each, text in zip(parts, written, strict=True):
        assert take_apart(text).values == each.values
        expected = file_text(Entry, each.values, each.body)
        assert re.sub(r"'([^'\n]*)'", r'"\1"', expected) == re.sub(r"'([^'\n]*)'", r'"\1"', text)


def readable(case: Case) -> Parts | None:
    """The parts of a bad file, where it is an entry that a form could have made."""
    if case.name in NOT_OF_A_FORM | OF_ALL_ENTRIES or not case.path.startswith(
        "entries/2021/2021-06-01-x.md"
    ):
        return None
    try:
        return take_apart(decode(case.data))
    except UnreadableError:
        return None


def test_bad_entries_are_bad_at_the_same_place_in_the_same_words(page: Page, address: str) -> None:
    page.goto(address + "contribute/")
    cases = [(case, parts) for case in CASES if (parts := readable(case))]
    files = [
        {"values": parts.values, "body": parts.body, "id": Path(case.path).stem}
        for case, parts in cases
    ]
    assert len(files) > 30
    differing = {}
    for (case, parts), verdict in zip(cases, judged(page, WORLD, files), strict=True):
        said = set()
        for problem in verdict:
            at = tuple(problem["at"])
            line = "*" if at == ("body",) else str(parts.line(at))
            said.add(f"{line}:{' warning:' if problem.get('warning') else ''} {problem['message']}")
        expected = {_without_place(line, parts) for line in case.printed}
        if said != expected:
            differing[case.name] = (sorted(said - expected), sorted(expected - said))
    assert differing == {}


def _without_place(printed: str, parts: Parts) -> str:
    """A printed problem as the form can know it: no path, no hint, no line within the text."""
    line, _, message = printed.split(":", 1)[1].partition(":")
    message = re.sub(r"; did you mean '[^']*'\?$", "", message)
    of_text = int(line) >= parts.body_line or message.strip() == Wording.NO_TEXT
    return f"{'*' if of_text else line}:{message}"


# A person at the form


def field(page: Page, key: str, within: str = "#contribute") -> Locator:
    """The control of a field; `within` chooses a row."""
    return (
        page.locator(within).locator(f"[data-key={key}]").locator("input, textarea, select").first
    )


def opened(page: Page, address: str) -> None:
    page.goto(address + "contribute/")
    page.locator("#contribute:not([hidden])").wait_for()


def choose(page: Page, key: str, text: str) -> None:
    """Type a name and take the first that is offered."""
    box = field(page, key)
    box.fill(text)
    page.locator(".offered:not([hidden]) [aria-selected=true]").wait_for()
    box.press("Enter")


def add(page: Page, key: str) -> str:
    """One row more. Returns where it is."""
    page.locator(f"[data-key={key}] > .add").click()
    return f"[data-key={key}] > [data-rows] > .row-fields:last-child"


def made(page: Page) -> str:
    """The file, when the form has looked at what was typed last."""
    page.wait_for_timeout(400)
    return page.locator("[data-file]").text_content() or ""


def sent(page: Page) -> str:
    """Where the main button leads."""
    page.wait_for_timeout(400)
    return page.locator("[data-send]").get_attribute("href") or ""


TEXT = "The regulator fined a company over an app.\n\n- It had *not* asked.\n- It paid 10,000 yuan."


def fill_in(page: Page) -> None:
    """A whole small entry."""
    field(page, "title").fill("CAC fines Didi Global: 8 billion yuan")
    field(page, "date").fill("2022-07-22")
    field(page, "type").select_option(label="Enforcement")
    choose(page, "regulators", "网信办")
    choose(page, "topics", "data sec")
    field(page, "body").fill(TEXT)
    row = add(page, "sources")
    field(page, "kind", row).select_option(label="Official text")
    field(page, "publisher", row).fill("CAC")
    field(page, "lang", row).fill("zh-Hans")
    field(page, "title", row).fill("国家互联网信息办公室对滴滴: 作出行政处罚 #1")
    field(page, "url", row).fill("https://www.cac.gov.cn/2022-07/21/c_1.htm")


def test_from_a_form_to_a_file_that_passes_and_builds(
    page: Page, address: str, tmp_path: Path
) -> None:
    watch = Watch(page, address)
    opened(page, address)
    fill_in(page)
    chips = page.locator("[data-key=regulators] .taken li")
    expect(chips).to_have_text(re.compile("Cyberspace Administration of China"))
    same = page.locator("[data-same] a")
    expect(same.first).to_have_attribute("href", re.compile("/entries/2022-07-21-cac-fines-didi/"))
    # Two things to mend, told beside their fields in the words of the check.
    field(page, "url", "[data-key=sources] .row-fields").fill("www.cac.gov.cn")
    steps = add(page, "instruments")
    law = field(page, "id", steps)
    law.fill("个人信息保护法")
    law.press("Enter")
    field(page, "stage", steps).select_option(label="Issued")
    page.locator("[data-send]").click()
    faults = page.locator("[data-faults] li")
    expect(faults).to_have_count(2)
    told = (
        "'url': 'www.cac.gov.cn' is not an address; it must begin with http:// or https://",
        "the stage 'issued' is not one of a law (Personal Information Protection Law); its stages:",
    )
    for message in told:
        expect(page.locator(".contribute-fields .problem", has_text=message)).to_be_visible()
        expect(faults.filter(has_text=message)).to_have_count(1)
    assert page.evaluate("document.activeElement.closest('[data-key]').dataset.key") == "url"
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    expect(page.locator(f"#{described.split()[-1]}")).to_contain_text("is not an address")
    page.keyboard.press("Control+A")
    page.keyboard.type("https://www.cac.gov.cn/2022-07/21/c_1.htm")
    faults.filter(has_text="its stages").locator("a").click()
    assert page.evaluate("document.activeElement.closest('[data-key]').dataset.key") == "stage"
    field(page, "stage", steps).select_option(label="Interpreted")
    expect(page.locator("[data-faults]")).to_be_hidden()
    # What the address of the pull request holds is the file that is shown.
    text, url = made(page), urlsplit(sent(page))
    asked = parse_qs(url.query, strict_parsing=True)
    name = "2022-07-22-cac-fines-didi-global-8-billion-yuan"
    assert (url.netloc, url.path) == ("github.com", "/OWNER/REPOSITORY/new/main/entries/2022")
    assert asked == {"filename": [f"{name}.md"], "value": [text]}
    checkout = copy_checkout(tmp_path / "checkout")
    path = f"entries/2022/{name}.md"
    (checkout / path).write_text(text, encoding="utf-8")
    command = [sys.executable, "scripts/check.py", path]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if path in line and "may tell of" not in line]
    assert (done.returncode, said) == (0, []), done.stdout
    built = build(checkout) / "entries" / name / "index.html"
    assert "CAC fines Didi Global: 8 billion yuan" in built.read_text(encoding="utf-8")
    assert (watch.errors, watch.others) == ([], [])


def test_what_was_typed_survives_a_reload_until_it_is_cleared(page: Page, address: str) -> None:
    opened(page, address)
    fill_in(page)
    page.locator(".rare > summary").click()
    field(page, "parties").fill("Didi\nDidi Global")
    before = made(page)
    assert "parties: [Didi, Didi Global]" in before
    page.reload()
    page.locator("#contribute:not([hidden])").wait_for()
    assert made(page) == before
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear").click()
    assert re.fullmatch(r"---\nregulators: \[\]\nadded: [0-9-]{10}\n---\n\n", made(page))
    page.reload()
    page.locator("#contribute:not([hidden])").wait_for()
    assert field(page, "date").input_value() == ""


def test_without_storage_the_form_works(page: Page, address: str) -> None:
    page.add_init_script(
        "Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new Error('no'); }"
    )
    opened(page, address)
    field(page, "date").fill("2022-07-22")
    assert "date: 2022-07-22" in made(page)


HOSTILE = [
    "\"quotes\" and 'more' ''' \\ \\n",
    "---",
    "# no comment",
    "key: value",
    "{{ 7*7 }} {% x %} [a, b] {c: d}",
    "😀 ☠️ 🇨🇳",
    "国家互联网信息办公室：“处罚”《个人信息保护法》",
    "one\ntwo\r\nthree\ttab",
    "x" * 10_000,
    "网" * 10_000,
    "yes", "null", "~", "2022-04-29", "1e3", "0x1F", "12:30:45", "1_000", "-", "? x", "- x",
    "<script>window.trapped=1</script><img src=x onerror=window.trapped=1>",
    "&anchor *alias !tag | % @ `",
    "trailing: ", ": leading", " spaces ", "a #b", "x, y", "\U0001f468\u00a0\u00ad",
    "\u202edlrow\u202c", "a\u200bb", "a\x07b",
]  # fmt: skip
UNSEEN = re.compile("[\u202e\u200b\x07]")


def test_hostile_texts_are_told_of_or_kept_as_they_are(page: Page, address: str) -> None:
    opened(page, address)
    field(page, "date").fill("2022-07-22")
    page.locator(".rare > summary").click()
    field(page, "slug").fill("x")
    row = add(page, "sources")
    kept = 0
    for hostile in HOSTILE:
        for key in ("title", "number", "date_note", "parties", "body"):
            field(page, key).fill(hostile)
        for key in ("publisher", "quote"):
            field(page, key, row).fill(hostile)
        text = made(page)
        if UNSEEN.search(hostile) or len(hostile) > 4_000:
            page.locator("[data-send]").click()
            expect(page.locator("[data-faults]")).to_contain_text(re.compile("; remove it|most"))
            continue
        values = take_apart(text).values
        source: Any = values["sources"][0]  # type: ignore[index]
        found = [values["title"], values["number"], values["date_note"], *source.values()]
        line = re.sub(r"[\r\n]+", " ", hostile).strip()  # as browsers paste it
        assert found == [line] * 5, hostile
        lines = [one.strip() for one in re.split(r"\r?\n", hostile)]
        assert values["parties"] == lines
        assert take_apart(text).body.strip() == re.sub(r"\r\n?", "\n", hostile).strip()
        kept += 1
    assert kept > 20
    assert page.evaluate("window.trapped") is None


def test_typing_and_clicking_at_once_opens_what_was_typed(page: Page, address: str) -> None:
    """The button waits for what was typed last; the new page is none of ours to load."""
    opened(page, address)
    fill_in(page)
    made(page)
    page.context.route("https://github.com/**", lambda route: route.fulfill(body="GitHub"))
    field(page, "title").fill("Another title")
    with page.context.expect_page() as popup:
        page.locator("[data-send]").click()
    popup.value.wait_for_url(re.compile("another-title"))
    assert popup.value.evaluate("window.opener") is None


def test_a_file_too_long_for_an_address_is_pasted(page: Page, address: str) -> None:
    opened(page, address)
    fill_in(page)
    field(page, "body").fill("网信办处罚。" * 300)
    assert "value=" not in sent(page)
    expect(page.locator("[data-way]")).to_contain_text("too long for an address: copy what is")
    paste = page.locator("[data-pasted] li")
    expect(paste).to_have_text("Copy and paste it into the new file")
    paste.get_by_role("button").click()
    expect(page.locator("[data-done]")).to_have_text("Copied. Paste it into the new file.")
    assert page.evaluate("navigator.clipboard.readText()") == made(page)
    page.get_by_role("button", name="Copy the file").click()
    expect(page.locator("[data-done]")).to_contain_text("Copied. The file belongs at entries/2022/")
    assert page.evaluate("navigator.clipboard.readText()") == made(page)
    field(page, "body").fill(TEXT)
    made(page)
    expect(paste).to_have_count(0)


# What is new -> how it is described, and the page that is to come of it.
NEW_BODY = {"name": "Data Inquiry Bureau", "abbreviation": "DIB", "kind": "Ministry or agency",
            "aliases": "The Bureau\nDIB of China", "text": "It looks into\ndata."}  # fmt: skip
BODY_PAGE = {"name": "Data Inquiry Bureau", "abbreviation": "DIB", "name_zh": "数据调查局",
             "aliases": ["The Bureau", "DIB of China"], "kind": "agency"}  # fmt: skip
NEW_TOPIC = {"text": "What is inquired into."}
TOPIC_PAGE = {"name": "Data Inquiries"}
NEW_LAW = {"name": "Measures for Data Inquiries", "rank": "Normative document",
           "number": "No. 5: x", "text": "How data are looked into."}  # fmt: skip
LAW_PAGE = {"name": "Measures for Data Inquiries", "name_zh": "数据调查办法", "number": "No. 5: x",
            "rank": "normative-document"}  # fmt: skip


def describe(
    page: Page, key: str, called: str, said: dict[str, str], within: str = "#contribute"
) -> str:
    """Name what the site does not know, and describe it. Returns where."""
    field(page, key, within).fill(called)
    page.get_by_role("option", name="describe it").click()
    kind = {"id": "instruments", "parent": "regulators"}.get(key, key)
    new = f"[data-new={kind}] .row-fields"
    assert page.evaluate("document.activeElement.closest('[data-new]').dataset.new") == kind
    for name, text in said.items():
        control = field(page, name, new)
        if control.evaluate("one => one.localName") == "select":
            control.select_option(label=text)
        else:
            control.fill(text)
    return new


def the_rest(page: Page, instrument: str) -> None:
    """A second source, two steps, two penalties with what they rest on, duties, parties."""
    row = add(page, "sources")
    field(page, "kind", row).select_option(label="News")
    for key, text in {"publisher": "Tern: daily", "lang": "en", "url": "https://t.example/1",
                      "quote": "“8 billion” [sic], #1"}.items():  # fmt: skip
        field(page, key, row).fill(text)
    row = add(page, "instruments")
    law = field(page, "id", row)
    if instrument:
        describe(page, "id", instrument, NEW_LAW, row)
    else:
        law.fill("网络安全审查办法")
        law.press("Enter")
    field(page, "stage", row).select_option(label="Issued" if instrument else "Amended")
    for day, whom in (("2022-09-01", ""), ("2023-01-01", "small firms")):
        page.locator(row).locator("[data-key=effective] > .add").click()
        step = f"{row} [data-key=effective] .row-fields:last-child"
        field(page, "date", step).fill(day)
        field(page, "applies_to", step).fill(whom)
    row = add(page, "instruments")
    law = field(page, "id", row)
    law.fill("个人信息保护法")
    law.press("Enter")
    field(page, "articles", row).fill("5\n7")
    page.locator(".rare > summary").click()
    for number, party in enumerate(("Didi Global", "A director")):
        row = add(page, "penalties")
        field(page, "party", row).fill(party)
        field(page, "measure", row).select_option(label="Administrative fine")
        field(page, "amount", row).fill(f"{number + 1}000000")
        field(page, "currency", row).fill("CNY")
        page.locator(row).locator("[data-key=basis] > .add").click()
        basis = f"{row} [data-key=basis] .row-fields:last-child"
        if number:
            field(page, "text", basis).fill("征信业管理条例")
        else:
            field(page, "id", basis).fill(instrument or "个人信息保护法")
            field(page, "id", basis).press("Enter")
            field(page, "articles", basis).fill("66")
    row = add(page, "deadlines")
    field(page, "date", row).fill("2022-12-31")
    field(page, "what", row).fill("report: what was mended")
    field(page, "parties").fill("Didi\nDidi Global")
    field(page, "highlight").check()


def as_issue(address: str) -> tuple[str, dict[str, str]]:
    """The text of the issue that GitHub makes of a filled-in form; and what was filled in."""
    asked = {key: only for key, (only,) in parse_qs(urlsplit(address).query).items()}
    assert asked.pop("template") == "development.yml"
    asked.pop("title")
    form = FORM["development"]
    labels = {question.id: question.label for question in form.questions if not question.words}
    said = {labels[key]: text for key, text in asked.items()}
    return answered(form, said), said


def converts(issue: str, text: str, tmp_path: Path) -> Path:
    """What the workflow makes of an issue is what the form said. Returns the checkout."""
    checkout = copy_checkout(tmp_path / "checkout")
    before = {path for path in checkout.rglob("*") if path.is_file()}
    file = tmp_path / "issue.md"
    file.write_text(issue, encoding="utf-8")
    day = text.split("added: ")[1][:10]
    assert from_issue.main(["--date", day, str(file)], checkout) == 0
    found = set(checkout.rglob("*.md")) - before
    (entry,) = (path for path in found if path.is_relative_to(checkout / "entries"))
    assert entry.stem.startswith("2022-07-22-cac-fines-didi-global")
    known = Project(checkout).load().known
    says = [
        typed(Entry, dict(take_apart(t).values), known) for t in (entry.read_text("utf-8"), text)
    ]
    assert says[0] == says[1]
    assert says[0][1] == []
    assert take_apart(entry.read_text("utf-8")).body == take_apart(text).body
    return checkout


@pytest.mark.parametrize("new", [{"body"}, {"topic"}, {"law"}, {"body", "topic", "law"}])
def test_what_is_new_leads_to_an_issue_that_makes_all_the_files(
    page: Page, address: str, tmp_path: Path, new: set[str]
) -> None:
    opened(page, address)
    fill_in(page)
    pages: dict[str, dict[str, Any]] = {}
    if "body" in new:
        describe(page, "regulators", "数据调查局", NEW_BODY)
        pages["docs/regulators/dib.md"] = BODY_PAGE
    if "topic" in new:
        describe(page, "topics", "Data Inquiries", NEW_TOPIC)
        pages["docs/topics/data-inquiries.md"] = TOPIC_PAGE
    the_rest(page, "数据调查办法" if "law" in new else "")
    if "law" in new:
        pages["docs/instruments/measures-data-inquiries.md"] = LAW_PAGE
    if {"law", "body"} <= new:  # what is new is named by what is new
        issuers = field(page, "issuers", "[data-new=instruments] .row-fields")
        issuers.fill("数据调查局")
        issuers.press("Tab")
        pages["docs/instruments/measures-data-inquiries.md"] = LAW_PAGE | {"issuers": ["dib"]}
    text = made(page)
    expect(page.locator("[data-way]")).to_have_text(re.compile("^An issue on GitHub takes"))
    assert page.locator("[data-send]").inner_text() == "Open an issue"
    assert len(sent(page)) <= 8000
    expect(page.locator("[data-pasted] li")).to_have_count(0)
    issue, said = as_issue(sent(page))
    assert "party: A director" in said["Anything else"]
    checkout = converts(issue, text, tmp_path)
    for path, values in pages.items():
        assert take_apart((checkout / path).read_text(encoding="utf-8")).values == values
    assert "[cac, dib]" in text or "body" not in new


def test_an_issue_too_long_for_an_address_is_pasted_field_by_field(
    page: Page, address: str, tmp_path: Path
) -> None:
    opened(page, address)
    fill_in(page)
    describe(page, "topics", "Data Inquiries", NEW_TOPIC)
    field(page, "body").fill("网信办处罚。\n\n" * 300)
    the_rest(page, "")
    for key in ("date_note", "number"):
        field(page, key).fill("据国家互联网信息办公室消息" * 60)
    text = made(page)
    assert len(sent(page)) <= 8000
    _, said = as_issue(sent(page))
    assert said["Title"] == "CAC fines Didi Global: 8 billion yuan"
    rows = page.locator("[data-pasted] li")
    labels = ["Text", "Anything else"]
    expect(rows).to_have_text([f"Copy and paste it into “{label}”" for label in labels])
    for label, row in zip(labels, rows.all(), strict=True):
        row.get_by_role("button", name=f"Copy what belongs into “{label}”").click()
        expect(page.locator("[data-done]")).to_have_text(f"Copied. Paste it into “{label}”.")
        assert label not in said
        said[label] = page.evaluate("navigator.clipboard.readText()")
    converts(answered(FORM["development"], said), text, tmp_path)


def test_what_is_described_is_held_to_the_check(page: Page, address: str) -> None:
    opened(page, address)
    fill_in(page)
    new = describe(page, "regulators", "数据调查局", {})
    page.locator("[data-send]").click()
    expect(page.locator(f"{new} .problem", has_text="'name' is missing")).to_be_visible()
    field(page, "name", new).fill("Cac")
    taken = page.locator(
        f"{new} .problem", has_text="the id 'cac' is taken by docs/regulators/cac.md"
    )
    expect(taken).to_be_visible()
    # Only a campaign has a period.
    steps = add(page, "instruments")
    rule = describe(
        page, "id", "Rule", {"rank": "Law", "start": "2026-02", "end": "2026-01"}, steps
    )
    for message in (
        "'start' goes only with the rank 'campaign'",
        "ends (2026-01) before it starts",
    ):
        expect(page.locator(f"{rule} .problem", has_text=message)).to_be_visible()
    # Where nothing names the page any more, it goes; a page that it alone named goes with it.
    describe(page, "parent", "Board", {}, new)
    expect(page.locator(new)).to_have_count(2)
    page.get_by_role("button", name="Remove 数据调查局").click()
    expect(page.locator(new)).to_have_count(0)
    expect(page.locator("[data-new=regulators]")).to_be_hidden()


SAME = """async ({ known, years, pairs }) => {
    const { near, outline } = await import("/assets/contribute/same.js");
    const entries = Object.values(years).flatMap((year) => year.entries);
    const names = (kind, id) => known.names[kind][id] || [];
    const said = ({ instruments }) => Object.keys(instruments)
        .flatMap((id) => names("instruments", id)).join(" ");
    return pairs.map((pair) => {
        const candidate = outline(pair);
        const bodies = candidate.regulators.flatMap((id) => [id, ...names("regulators", id)]);
        return near(candidate, entries, said, bodies).map(({ entry }) => entry.id);
    });
}"""


def test_possibly_the_same(page: Page, address: str) -> None:
    """Without the texts, which the browser does not load, most are found all the same."""
    page.goto(address + "contribute/")
    loaded = (ROOT / "tests/duplicates/retold.yml").read_text(encoding="utf-8")
    pairs = json.loads(json.dumps(yaml.safe_load(loaded), default=str))
    every = knowledge(ROOT)
    found = page.evaluate(SAME, {"known": every["known"], "years": every["years"], "pairs": pairs})
    hits = [pair["of"] for pair, ids in zip(pairs, found, strict=True) if pair["of"] in ids]
    assert len(hits) >= 28, sorted({pair["of"] for pair in pairs} - set(hits))
    assert sum(len(ids) for ids in found) <= 1.5 * len(pairs)


def test_by_keyboard_alone(page: Page, address: str) -> None:
    opened(page, address)
    box = field(page, "topics")
    box.focus()
    page.keyboard.type("cross border")
    expect(box).to_have_attribute("aria-expanded", "true")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(active).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type("未成年人")
    page.keyboard.press("Enter")
    assert "topics: [cross-border-transfer, minors]" in made(page)
    page.keyboard.press("Backspace")
    assert "topics: [cross-border-transfer]" in made(page)
    page.keyboard.type("nothing like that")
    page.keyboard.press("Tab")
    problem = page.locator("[data-key=topics] .problem")
    expect(problem).to_have_text("'topics': there is no page in docs/topics/ 'nothing like that'")
    unnamed = page.evaluate(
        """[...document.querySelectorAll("#contribute :is(input, select, textarea)")]
            .filter((one) => !one.labels.length).length"""
    )
    assert unnamed == 0


def test_a_new_body_by_keyboard_alone(page: Page, address: str) -> None:
    opened(page, address)
    assert page.locator("#contribute .here").count() == 0  # no link to each heading on the way
    field(page, "regulators").focus()
    page.keyboard.type("Tide Office")
    page.locator(".offered:not([hidden])").wait_for()
    for _ in range(page.locator(".offered:not([hidden]) li").count()):
        page.keyboard.press("ArrowUp")
        active = page.locator(".offered:not([hidden]) [aria-selected=true]")
        if "describe it" in active.inner_text():
            break
    page.keyboard.press("Enter")
    new = field(page, "name", "[data-new=regulators] .row-fields")
    expect(new).to_be_focused()
    expect(new).to_have_value("Tide Office")
    page.keyboard.press("Tab")
    page.keyboard.type("TO")  # words that no address keeps
    made(page)
    page.keyboard.press("Tab")
    problem = page.locator("[data-new=regulators] .problem", has_text="'TO' gives no name")
    expect(problem).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("TDO")
    expect(problem).to_be_hidden()
    assert "regulators: [tdo]" in made(page)


def test_on_a_phone_the_same_is_told_by_the_field_that_raised_it(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    opened(page, address)
    line, said = page.locator("[data-same-line]"), page.locator("[data-same-said]")
    expect(line).to_be_hidden()
    field(page, "title").fill("CAC fines Didi Global: 8 billion yuan")
    field(page, "date").fill("2022-07-22")
    expect(line).to_have_text("1 entry may tell of the same")
    expect(said).to_have_text("1 entry may tell of the same")
    expect(said).to_have_attribute("role", "status")
    assert line.evaluate("one => one.previousElementSibling.dataset.key") == "date"
    choose(page, "regulators", "网信办")  # other reasons for the same entry
    made(page)
    assert line.evaluate("one => one.previousElementSibling.dataset.key") == "regulators"
    line.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Possibly the same")).to_be_in_viewport()
    why = page.locator("[data-same] .note", has_text="21 July 2022")
    expect(why).to_contain_text("1 day apart, the same body")
    field(page, "date").fill("2012-07-22")
    expect(line).to_be_hidden()
    expect(said).to_be_empty()
    page.set_viewport_size({"width": 1280, "height": 800})
    field(page, "date").fill("2022-07-22")
    expect(page.locator("[data-same]")).to_be_visible()
    expect(line).to_be_hidden()  # it stands beside the fields


def test_people_read_names_not_ids(page: Page, address: str) -> None:
    opened(page, address)
    field(page, "title").fill("Standing Committee passes the Personal Information Protection Law")
    field(page, "date").fill("2021-08-20")
    row = add(page, "instruments")
    field(page, "id", row).fill("个人信息保护法")
    field(page, "id", row).press("Enter")
    field(page, "stage", row).select_option(label="Passed")
    same = page.locator("[data-same]")
    expect(same).to_contain_text("the same stage of Personal Information Protection Law")
    expect(page.locator("[data-look]")).to_contain_text(
        "Personal Information Protection Law · Passed"
    )
    field(page, "stage", row).select_option(label="Launched")
    field(page, "stage", row).press("Tab")
    problem = page.locator(f"{row} .problem", has_text="its stages")
    expect(problem).to_contain_text("of a law (Personal Information Protection Law)")
    for shown in (same, page.locator("[data-look]"), problem):
        assert "pipl" not in shown.inner_text()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_form_is_no_wider_than_the_screen(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, address)
    fill_in(page)
    page.locator(".rare > summary").click()
    add(page, "penalties")
    add(page, "instruments")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_the_other_ways_are_named(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "contribute/")
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    link = page.get_by_role("link", name="New development").get_attribute("href")
    assert link == "https://github.com/OWNER/REPOSITORY/issues/new?template=development.yml"
    assert not page.locator("#contribute").is_visible()
    context.close()
