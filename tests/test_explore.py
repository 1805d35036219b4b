"""The search in a browser: every kind of query, facets, the state in the address, the keyboard."""

import csv
import io
import re
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from conftest import DAY, ROOT
from playwright.sync_api import Browser, Page, Route, expect
from test_browser import Watch
from test_site import BASE
from timeline.model.body import plain_text
from timeline.model.dates import parse_day
from timeline.model.entry import Entry
from timeline.search.search_records import NAMED, spellings
from timeline.source.project import Project
from timeline.standing.standing import Standing

OWN_NAME = {
    "PIPL": "instruments/pipl/",
    "个人信息保护法": "instruments/pipl/",
    "personal information protection law": "instruments/pipl/",
    "CAC": "regulators/cac/",
    "网信办": "regulators/cac/",
    "MoPS": "regulators/mps/",
    "GB/T 35273-2020": "instruments/gbt-35273-2020/",
    "gbt352732020": "instruments/gbt-35273-2020/",
    "国务院令第766号": "instruments/minors-network-protection-regulation/",
    "TC260": "regulators/tc260/",
    "密码法": "instruments/cryptography-law/",
}
FOUND = {
    "保护法": ["instruments/pipl/", "instruments/minors-protection-law/"],
    "人信息保护法": ["instruments/pipl/"],
    "护法": ["instruments/pipl/"],
    "息保护合规审": ["instruments/pi-compliance-audit-measures/"],
    "minors": ["instruments/minors-protection-law/", "topics/minors/"],
    "minor": ["instruments/minors-protection-law/"],
    "GB/T 35273": ["instruments/gbt-35273-2020/", "instruments/gbt-35273-2017/"],
    "GBT35273": ["instruments/gbt-35273-2020/", "instruments/gbt-35273-2017/"],
    "35273": ["instruments/gbt-35273-2020/"],
    "fines in 2022 by PBoC": ["entries/2022-01-10-bank-of-east-asia-credit-information-fine/"],
    "cross-border": ["topics/cross-border-transfer/"],
}
HOSTILE = [
    '"><img src=x onerror=window.trapped=1>',
    "<script>window.trapped=1</script>",
    "'\"`${window.trapped=1}",
    "%E4%BD%A0%zz%00",
    "😀🏴\u200d☠️ 🇨🇳",
    "\u202eمرحبا עברית\u202c",
    "…。，《》——",
    "個人資料",
    "a" * 10_000,
    "网" * 10_000,
    "x " * 5_000,
    "\\ud800 \\ [ ( * ? + ^ $ | {",
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB", permissions=["clipboard-read"])
    yield context.new_page()
    context.close()


@cache
def standing() -> Standing:
    collection = Project(ROOT).load().collection
    assert collection is not None
    return Standing(collection, parse_day(DAY))


def dialog(page: Page, text: str) -> list[str]:
    """Type into the search of the header. Returns the addresses that it offers."""
    field = page.get_by_role("combobox")
    field.fill("")
    field.fill(text)
    page.locator(f".search-results[data-for={_quoted(text)}]").wait_for(state="attached")
    return [link.get_attribute("href") or "" for link in page.locator(".search-results a").all()]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def shown(page: Page) -> int:
    """Wait for the result of the present state. Returns how many developments it has."""
    page.locator("#explore:not([aria-busy])").wait_for()
    text = page.locator("[data-summary]").inner_text()
    return int(re.sub(r"\D", "", text) or 0)


def test_an_own_name_comes_first(page: Page, address: str) -> None:
    watch = Watch(page, address)
    page.goto(f"{address}entries/2022-03-14-minors-online-regulations-second-draft/")
    page.keyboard.press("/")
    for text, expected in OWN_NAME.items():
        assert dialog(page, text)[0].endswith(f"/{expected}"), text
    assert (watch.errors, watch.others) == ([], [])


def test_every_kind_of_query(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Search").click()
    for text, expected in FOUND.items():
        offered = dialog(page, text)
        for url in expected:
            assert any(link.endswith(f"/{url}") for link in offered), (text, url, offered)


def test_every_name_of_all_finds_its_page_first(page: Page, address: str) -> None:
    """By the very functions that the pages use."""
    collection = standing().collection
    wanted: dict[str, list[str]] = {}
    for kind in NAMED:
        for term in getattr(collection, kind).values():
            for name in spellings(term):
                wanted.setdefault(name, []).append(f"/{kind}/{term.id}/")
    page.goto(f"{address}explore/")
    missed = page.evaluate(
        """async (wanted) => {
            const { search, details } = await import("/assets/search/engine.js");
            const missed = [];
            for (const [name, urls] of Object.entries(wanted)) {
                const { results } = await search(name, { exact: true });
                const [first] = await details(results.slice(0, 1));
                const owners = await details(results.slice(0, 3));
                const found = owners.map((item) => item.url);
                if (!first || !urls.every((url) => found.includes(url))) missed.push([name, found]);
            }
            return missed;
        }""",
        wanted,
    )
    assert len(wanted) > 1500
    assert missed == []


def test_any_two_characters_of_a_chinese_name(page: Page, address: str) -> None:
    """Each part of two, three and five characters of some names, from every place."""
    instruments = standing().collection.instruments
    names = {f"/instruments/{i.id}/": i.name_zh for i in instruments.values() if i.name_zh}
    some = dict(sorted(names.items())[::12])
    wanted = [
        (url, run[start : start + size])
        for url, name in some.items()
        for run in re.findall(r"\w+", name or "")
        for size in (2, 3, 5)
        for start in range(len(run) - size + 1)
    ]
    page.goto(f"{address}explore/")
    missed = page.evaluate(
        """async (wanted) => {
            const { search, details, ONLY_TERMS } = await import("/assets/search/engine.js");
            const missed = [], found = {};
            for (const [url, part] of wanted) {
                const { results } = await search(part, { facets: ONLY_TERMS });
                found[part] ??= (await details(results)).map((item) => item.url);
                if (!found[part].includes(url)) missed.push([url, part]);
            }
            return missed;
        }""",
        wanted,
    )
    assert len(wanted) > 400
    assert missed == []


def test_results_tell_what_they_are_and_mark_the_words(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?q=algorithm+campaign")
    shown(page)
    row = page.locator("[data-results] .row", has_text="CAC starts a Qinglang campaign").first
    assert row.locator("time").get_attribute("datetime") == "2022-04-08"
    facts = row.locator(".row-facts").inner_text()
    assert facts.startswith("Enforcement · CAC · ")
    assert re.search(r"\((concluded|unknown|running)\)", facts)
    marked = {mark.inner_text().lower() for mark in row.locator("mark").all()}
    assert {"campaign", "algorithms"} <= marked
    page.goto(f"{address}explore/?q=人信息保护")
    shown(page)
    marks = page.locator("[data-terms] mark [lang='zh-Hans'], [data-terms] [lang] mark")
    assert marks.first.inner_text() == "人信息保护"


def matching(entry: Entry, wanted: dict[str, set[str]]) -> bool:
    return all(values & values_of(entry)[facet] for facet, values in wanted.items())


@cache
def values_of(entry: Entry) -> dict[str, frozenset[str]]:
    """The facets of an entry, read from it once more and in another way."""
    here = standing()
    instruments = {step.id for step in entry.instruments}
    instruments |= {basis.id for p in entry.penalties for basis in p.basis if basis.id}
    terms = [here.collection.instruments[name] for name in instruments]
    return {
        "year": frozenset({entry.id[:4]}),
        "type": frozenset({entry.type.value}),
        "regulator": frozenset(entry.regulators),
        "topic": frozenset(entry.topics),
        "validity": frozenset(here.statuses[name].validity.state.value for name in instruments),
        "rank": frozenset(term.rank.value for term in terms),
        "jurisdiction": frozenset(
            {entry.jurisdiction[:2] if entry.jurisdiction != "INT" else "INT"}
        ),
        "newsletter": frozenset(entry.newsletters),
        "official": frozenset(
            {"yes"} if any(s.kind.value == "official" for s in entry.sources) else ()
        ),
    }


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"type": {"enforcement"}},
        {"type": {"enforcement", "judicial"}, "year": {"2021", "2022"}},
        {"regulator": {"cac"}, "topic": {"minors", "algorithms"}},
        {"validity": {"in-force"}, "rank": {"law", "departmental-rule"}},
        {"jurisdiction": {"SG", "EU"}},
        {"jurisdiction": {"CN"}, "type": {"regulatory"}},
        {"jurisdiction": {"CN", "SG"}, "type": {"regulatory", "policy"}, "year": {"2022"}},
        {"newsletter": {"bird-bird-2022-05"}, "official": {"yes"}},
    ],
)
def test_counts_follow_the_choice(page: Page, address: str, wanted: dict[str, set[str]]) -> None:
    query = "&".join(f"{name}={value}" for name in wanted for value in sorted(wanted[name]))
    page.goto(f"{address}explore/?{query}")
    entries = standing().collection.listed
    assert shown(page) == sum(matching(entry, wanted) for entry in entries)
    counts = page.evaluate(
        """() => Object.fromEntries(
            [...document.querySelectorAll("[data-facet] input")].map((box) => {
                const count = box.closest("li").querySelector(".count").textContent;
                return [`${box.name}=${box.value}`, Number(count.replace(/,/g, ""))];
            }))"""
    )
    expected: Counter[str] = Counter()
    for facet in {key.partition("=")[0] for key in counts}:
        others = {name: values for name, values in wanted.items() if name != facet}
        for entry in entries:
            if matching(entry, others):
                expected.update(f"{facet}={value}" for value in values_of(entry)[facet])
    assert counts == {key: expected[key] for key in counts}
    assert set(expected) <= set(counts)


def test_the_state_is_in_the_address(page: Page, address: str, chromium: Browser) -> None:
    page.goto(f"{address}explore/")
    everything = shown(page)
    page.get_by_role("searchbox", name="Search developments").fill("security")
    page.wait_for_url("**/explore/?q=security")
    words = shown(page)
    page.get_by_role("checkbox", name=re.compile("^Enforcement")).check()
    page.wait_for_url("**&type=enforcement")
    narrowed = shown(page)
    page.locator("[data-picture] a:has(rect)").first.click()
    page.wait_for_url("**&month=*")
    month = shown(page)
    assert everything > words > narrowed > month > 0
    page.reload()
    assert shown(page) == month
    with chromium.new_context().new_page() as other:
        other.goto(page.url)
        assert shown(other) == month
        assert other.get_by_role("checkbox", name=re.compile("^Enforcement")).is_checked()
        assert (
            other.get_by_role("searchbox", name="Search developments").input_value() == "security"
        )
        other.context.close()
    page.go_back()
    page.wait_for_url(re.compile("type=enforcement$"))
    assert shown(page) == narrowed
    page.go_back()
    page.wait_for_url(re.compile("q=security$"))
    assert shown(page) == words
    page.go_back()
    assert shown(page) == everything
    assert page.get_by_role("searchbox", name="Search developments").input_value() == ""


def test_a_year_of_the_picture_narrows(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?type=enforcement")
    before = shown(page)
    page.locator("[data-picture] a:has(text)", has_text="2021").click()
    page.wait_for_url("**year=2021**")
    assert 0 < shown(page) < before
    page.get_by_role("button", name="Remove Year: 2021").click()
    assert shown(page) == before
    page.get_by_role("button", name="Clear all").click()
    page.wait_for_url("**/explore/")


def test_sorting(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?q=consults&sort=date")
    shown(page)
    days = [t.get_attribute("datetime") or "" for t in page.locator("[data-results] time").all()]
    assert len(days) == 6
    assert days == sorted(days, reverse=True)
    page.get_by_label("Sort by").select_option("relevance")
    page.wait_for_url("**?q=consults")
    shown(page)
    other = [t.get_attribute("datetime") or "" for t in page.locator("[data-results] time").all()]
    assert other != days
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("[data-results] .row")).to_have_count(12)


def test_unknown_values_are_dropped_and_said(page: Page, address: str) -> None:
    watch = Watch(page, address)
    bad = "type=<img/src=x>&regulator=nobody&month=2022-13&year=%zz&utm=1&__proto__=x"
    page.goto(f"{address}explore/?type=enforcement&{bad}")
    total = sum(entry.type.value == "enforcement" for entry in standing().collection.listed)
    assert shown(page) == total
    notice = page.locator("[data-notice]")
    for part in ("type=<img/src=x>", "regulator=nobody", "month=2022-13", "year=%zz"):
        assert part in notice.inner_text()
    assert "utm" not in notice.inner_text()
    page.get_by_role("checkbox", name=re.compile("^Policy")).check()
    expect(notice).to_be_hidden()
    assert watch.errors == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_gives_results_or_none(page: Page, address: str, text: str) -> None:
    watch = Watch(page, address)
    page.goto(f"{address}explore/")
    shown(page)
    page.get_by_role("searchbox", name="Search developments").fill(text)
    page.wait_for_url("**/explore/?q=*")
    shown(page)
    assert "could not be loaded" not in page.locator("#explore").inner_text()
    page.goto(address)
    page.keyboard.press("s")
    page.get_by_role("combobox").fill(text)
    told = page.locator(".search-told")
    expect(told).to_have_text(re.compile("result|Nothing found"))
    assert page.evaluate("window.trapped") is None
    assert page.locator(".search-dialog :is(img, script), #explore :is(img, script)").count() == 0
    assert (watch.errors, watch.others) == ([], [])


def test_an_empty_result_says_what_to_loosen(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?q=algorithm+vehicle&type=judicial&type=industry&year=2019")
    assert shown(page) == 0
    offers = page.locator("[data-results] .loosen")
    expect(offers.get_by_role("button", name="without Year: 2019")).to_have_count(0)  # still none
    page.goto(f"{address}explore/?q=facial+vehicle&type=judicial")
    assert shown(page) == 0
    offers.get_by_role("button", name="without “vehicle”").click()
    page.wait_for_url("**?q=facial&type=judicial")
    assert shown(page) > 0
    page.goto(f"{address}explore/?q=zzzzzz")
    assert shown(page) == 0
    assert "fewer words" in offers.inner_text()


def test_every_entry_is_found_by_its_last_words(page: Page, address: str) -> None:
    entries = standing().collection.listed
    wanted = {
        f"/entries/{entry.id}/": " ".join(re.findall(r"[A-Za-z]{4,}", plain_text(entry.body))[-7:])
        for entry in entries
    }
    page.goto(f"{address}explore/")
    missed = page.evaluate(
        """async (wanted) => {
            const { search, details, ONLY_ENTRIES } = await import("/assets/search/engine.js");
            const missed = [];
            for (const [url, text] of Object.entries(wanted)) {
                const { results } = await search(text, { facets: ONLY_ENTRIES });
                const items = await details(results.slice(0, 60));
                if (!items.some((item) => item.url === url)) missed.push([url, text]);
            }
            return missed;
        }""",
        wanted,
    )
    assert missed == []


def test_words_of_a_later_paragraph_are_found(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?q=automated+decisions")
    assert shown(page) > 0
    wanted = "entries/2021-08-20-personal-information-protection-law-passed/"
    expect(page.locator(f"[data-results] a[href$='{wanted}']")).to_have_count(1)


@pytest.mark.parametrize("before", ["a", "security", "al"])
def test_a_result_does_not_depend_on_what_was_asked_before(
    page: Page, address: str, before: str
) -> None:
    page.goto(f"{address}explore/?q=algoritm")
    alone = shown(page)
    page.goto(f"{address}explore/?q={before}")
    shown(page)
    page.get_by_role("searchbox", name="Search developments").fill("algoritm")
    page.wait_for_url("**?q=algoritm")
    assert shown(page) == alone


def slowly(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


def test_what_is_typed_before_the_index_is_there_is_kept(page: Page, address: str) -> None:
    page.route("**/pagefind.js", slowly)
    page.goto(f"{address}explore/")
    page.get_by_role("searchbox", name="Search developments").fill("minors")
    page.wait_for_url("**?q=minors")
    assert 0 < shown(page) < len(standing().collection.listed)


def test_a_word_that_no_page_has_is_named(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?q=algorithm+zzzzzz")
    assert shown(page) > 0
    assert page.locator("[data-absent]").inner_text().startswith("No page has “zzzzzz”")
    page.get_by_role("searchbox", name="Search developments").fill("algorithm")
    page.wait_for_url("**?q=algorithm")
    shown(page)
    assert page.locator("[data-absent]").inner_text() == ""


def test_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}regulators/")
    page.keyboard.press("s")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("network security review")
    page.locator(".search-results[data-for='network security review']").wait_for(state="attached")
    options = page.get_by_role("option")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "search-option-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".search-dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("minors")
    page.locator(".search-results[data-for='minors']").wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    wanted = options.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_letters_stay_letters_in_fields(page: Page, address: str) -> None:
    page.goto(f"{address}instruments/")
    field = page.get_by_label("Find by name, number, rank or status")
    field.press_sequentially("s/")
    assert field.input_value() == "s/"
    assert page.locator(".search-dialog").count() == 0


def test_a_download_is_the_result(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?regulator=pboc&type=enforcement")
    count = shown(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download these {count} as CSV").click()
    data = waiting.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    wanted = {"regulator": {"pboc"}, "type": {"enforcement"}}
    entries = [entry for entry in standing().collection.listed if matching(entry, wanted)]
    assert [(row["day"], row["title"]) for row in rows] == [(str(e.date), e.title) for e in entries]
    assert rows[0]["url"] == f"{BASE}entries/{entries[0].id}/"


def test_a_cell_is_never_a_formula(page: Page, address: str) -> None:
    page.goto(f"{address}explore/")
    text = page.evaluate(
        """async () => {
            const { table } = await import("/assets/search/table.js");
            const meta = { title: "=1+1", day: "-2", type: 'a "b", c', regulators: "@x" };
            return table([{ data: async () => ({ meta, url: "/x/", excerpt: "", filters: {} }) }]);
        }"""
    )
    assert list(csv.reader(io.StringIO(text)))[1][:4] == ["'-2", "'=1+1", 'a "b", c', "'@x"]


def test_subscribing_to_a_selection(page: Page, address: str) -> None:
    page.goto(f"{address}explore/?regulator=cac")
    shown(page)
    feed = page.locator("[data-take]").get_by_role("link", name="Atom")
    assert (feed.get_attribute("href") or "").endswith("/regulators/cac/feed.atom")
    page.goto(f"{address}explore/?regulator=cac&type=policy")
    shown(page)
    expect(feed).to_have_count(0)


def test_a_phone(chromium: Browser, address: str) -> None:
    with chromium.new_context(viewport={"width": 320, "height": 640}).new_page() as page:
        page.goto(f"{address}explore/?q=个人信息&type=regulatory")
        assert shown(page) > 0
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert page.get_by_role("checkbox").count() == 0
        page.get_by_text("Narrow by").click()
        page.get_by_role("checkbox", name=re.compile("^Policy")).check()
        page.wait_for_url("**type=policy&type=regulatory**")
        page.get_by_role("link", name="Search").click()
        expect(page.get_by_role("searchbox", name="Search developments")).to_be_focused()
        page.goto(f"{address}about/")
        page.get_by_role("link", name="Search").click()
        assert dialog(page, "网信办")[0].endswith("/regulators/cac/")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.context.close()


def test_nothing_is_loaded_before_the_reader_asks(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}entries/2022-03-14-minors-online-regulations-second-draft/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/search/" in url or "pagefind" in url] == []


def test_without_script_links_lead_on(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Search").click()
    assert page.url == f"{address}explore/"
    text = page.locator("noscript").inner_text()
    assert "needs JavaScript" in text
    for name in ("regulator", "topic", "instrument", "year and month"):
        page.get_by_role("link", name=name, exact=True).click()
        assert page.locator("h1").count() == 1
        page.go_back()
    assert page.locator("#explore").is_hidden()
    context.close()


def test_a_search_that_cannot_be_loaded_says_so(page: Page, address: str) -> None:
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(f"{address}explore/?q=x")
    expect(page.locator("[data-summary]")).to_contain_text("could not be loaded")
    page.goto(address)
    page.keyboard.press("s")
    page.get_by_role("combobox").fill("x")
    expect(page.locator(".search-told")).to_contain_text("could not be loaded")
