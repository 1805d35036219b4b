"""Search in a browser: all kinds of queries, facets, state in the address, keyboard use."""

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml
from conftest import BASE, WORLD
from in_memory import snapshot
from pages import Watch
from playwright.sync_api import Browser, Page, Route, expect
from timeline.site.search import records
from timeline.site.search_names import collapsed, folded

FIELD = "Search developments"
MAX_QUERY = 500  # maximum length of a query in the address
HOSTILE = [
    '"><img src=x onerror=window.trapped=1>',
    "<script>window.trapped=1</script>",
    "'\"`${window.trapped=1}",
    "%E4%BD%A0%zz%00",
    "😀🏴\u200d☠️ 🇨🇳 \u202eمرحبا עברית\u202c",
    "…。，《》——",
    "网" * 10_000,
    "x " * 5_000,
    "\\ud800 \\ [ ( * ? + ^ $ | {",
]
BY_NAME = """async ([wanted, limit]) => {
    const { findNamed } = await import("/assets/search/engine.js");
    const missed = [];
    for (const [text, url] of wanted) {
        const found = (await findNamed(text, limit)).items.map((item) => item.url);
        if (!found.includes(url)) missed.push([text, url, found]);
    }
    return missed;
}"""


def search_from_header(page: Page, text: str) -> list[str]:
    """Type into the header's search, and return the addresses of the suggestions."""
    field = page.get_by_role("combobox")
    field.fill("")
    field.fill(text)
    quoted = json.dumps(text, ensure_ascii=False)
    page.locator(f".search-results[data-for={quoted}]").wait_for(state="attached")
    return [link.get_attribute("href") or "" for link in page.locator(".search-results a").all()]


def explore(page: Page, address: str, query: str = "") -> int:
    """Open the explore page, and return the number of developments found."""
    page.goto(f"{address}explore/{query}")
    return count(page)


def count(page: Page) -> int:
    """Wait for the current results, and return the number of developments found."""
    page.locator("#explore:not([aria-busy])").wait_for()
    text = page.locator("[data-summary]").inner_text()
    return int(re.sub(r"\D", "", text) or 0)


def ask(page: Page, text: str) -> int:
    """Type into the explore page's field, and return the number of developments found."""
    page.get_by_role("searchbox", name=FIELD).fill(text)
    page.wait_for_function(
        "q => new URL(location).searchParams.get('q') === q", arg=text[:MAX_QUERY]
    )
    return count(page)


def found(page: Page) -> list[str]:
    """Return the ids of the displayed developments."""
    links = page.locator("[data-results] .row-title").all()
    return [(link.get_attribute("href") or "").split("/")[-2] for link in links]


@pytest.mark.parametrize(
    ("text", "first", "number"),
    [
        ("潮汐", "topics/tides", 28),  # before the instruments whose names start with that text
        ("gb12342021", "instruments/beacon-standard", 1),
        ("GB 1234", "instruments/beacon-standard", 1),
        ("监督局北岸办公", "regulators/north-toa", 5),
        ("fines in 2022 of East Harbour", "entries/2022-02-10-east-harbour-fined", 1),
    ],
)
def test_header_search_suggests_the_expected_pages(
    page: Page, world_address: str, text: str, first: str, number: int
) -> None:
    watch = Watch(page, world_address)
    page.goto(f"{world_address}entries/2021-05-tide-watch-starts/")
    page.get_by_role("link", name="Search").click()
    offered = search_from_header(page, text)
    assert offered[0] == f"/{first}/"
    assert offered[-1].startswith(f"{world_address}explore/?q=")
    developments = "1 development" if number == 1 else f"{number} developments"
    assert page.locator(".search-told").inner_text() == developments
    assert (watch.errors, watch.others) == ([], [])


@cache
def names() -> dict[str, list[str]]:
    """Return all names of regulators, topics and instruments: address -> names."""
    found: dict[str, list[str]] = {}
    for file in sorted(WORLD.glob("docs/*/*.md")):
        kind = file.parent.name
        if kind in {"regulators", "topics", "instruments"}:
            fields: dict[str, Any] = yaml.safe_load(file.read_text("utf-8").split("---\n")[1])
            single = ("name", "name_zh", "abbreviation", "short", "number")
            found[f"/{kind}/{file.stem}/"] = [
                *(fields[key] for key in single if key in fields),
                *fields.get("aliases", []),
                *fields.get("former_titles", []),
            ]
    return found


def test_every_name_finds_its_page_first(page: Page, world_address: str) -> None:
    wanted = [(name, url) for url, every in names().items() for name in every]
    explore(page, world_address)
    assert len(wanted) > 40
    assert page.evaluate(BY_NAME, [wanted, 1]) == []


def test_every_part_of_a_chinese_name_finds_its_page(page: Page, world_address: str) -> None:
    wanted = [
        (run[start : start + size], url)
        for url, every in names().items()
        for name in every
        for run in re.findall(r"[\u4e00-\u9fff]+", name)
        for size in range(2, len(run) + 1)
        for start in range(len(run) - size + 1)
    ]
    explore(page, world_address)
    assert len(wanted) > 100
    assert page.evaluate(BY_NAME, [wanted, 99]) == []


def test_results_have_descriptions_and_highlighted_words(page: Page, world_address: str) -> None:
    assert explore(page, world_address, "?q=three+harbours+tables") == 1
    row = page.locator("[data-results] .row")
    assert row.inner_text() == (
        "2021\nHarbours pledge to keep tables\n\nIndustry\n\n"
        "Some day of the year, three harbours pledged to keep tables. Nothing more is known of "
        "it, and nobody at the shore has asked, since …"
    )
    assert row.locator("mark").all_inner_texts() == [
        "Harbours", "tables", "three", "harbours", "tables",
    ]  # fmt: skip
    explore(page, world_address, "?q=汐监督")
    terms = page.locator("[data-terms] .row")
    assert terms.all_inner_texts()[0] == "Regulator\nTide Oversight Agency 潮汐监督局"
    assert terms.first.locator("[lang='zh-Hans'] mark").inner_text() == "汐监督"
    explore(page, world_address, "?q=signal+consults")
    assert page.locator("[data-results] .row-facts").all_inner_texts() == [
        "Regulatory · TOA · Decision Amending the Signal Rules (in force)"
    ]
    assert page.locator("[data-results] time").get_attribute("datetime") == "2021-12-01"


@pytest.mark.parametrize(
    ("query", "number", "counts"),
    [
        ("type=enforcement&year=2022", 4, {
            "year": {"2022": 4, "2021": 3},
            "type": {"regulatory": 5, "policy": 1, "enforcement": 4, "judicial": 1,
                     "international": 2},
            "regulator": {"toa": 3, "north-toa": 2},
            "topic": {"tides": 3, "lamps": 1},
            "validity": {"in-force": 2, "partly-in-force": 1, "unknown": 1},
            "rank": {"law": 1, "departmental-rule": 1, "campaign": 2},
            "jurisdiction": {"CN": 4},
            "newsletter": {"gull-2022-03": 3, "gull-2021-06": 1},
            "official": {},
        }),
        ("jurisdiction=CN&type=regulatory&topic=moon&topic=lamps", 6, {
            "year": {"2022": 2, "2021": 3, "2019": 1},
            "type": {"regulatory": 6, "enforcement": 1, "industry": 2},
            "regulator": {"toa": 5, "north-toa": 1, "old-toa": 1},
            "topic": {"tides": 12, "lamps": 6},
            "validity": {"not-yet-adopted": 1, "in-force": 4, "partly-in-force": 2},
            "rank": {"law": 1, "departmental-rule": 5, "normative-document": 1},
            "jurisdiction": {"CN": 6},
            "newsletter": {"gull-2022-03": 1, "gull-2022-02": 1},
            "official": {"yes": 1},
        }),
    ],
    ids=["two-facets", "most-frequent-values"],
)  # fmt: skip
def test_counts_follow_the_selection(
    page: Page, world_address: str, query: str, number: int, counts: dict[str, dict[str, int]]
) -> None:
    """The counts of a facet ignore the selection in that facet."""
    assert explore(page, world_address, f"?{query}") == number
    page.evaluate("document.querySelectorAll('details.facet').forEach((one) => one.open = true)")
    page.wait_for_function(LOADED, arg=8)  # all facets but years, which are computed from months
    page.wait_for_timeout(200)
    count(page)
    shown = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-facet]")].map((set) => [
            set.dataset.facet,
            Object.fromEntries([...set.querySelectorAll("input")]
                .map((box) => [box.value, +box.closest("li").querySelector(".count").textContent])
                .filter(([, count]) => count)),
        ]))"""
    )
    assert shown == counts


def test_search_state_is_in_the_address(page: Page, world_address: str) -> None:
    field = page.get_by_role("searchbox", name=FIELD)
    assert explore(page, world_address) == 31
    assert ask(page, "harbour") == 5
    page.get_by_role("checkbox", name=re.compile("^Enforcement")).check()
    page.wait_for_url("**/explore/?q=harbour&type=enforcement")
    assert count(page) == 2
    page.locator("[data-picture] a:has(rect)").click()
    page.wait_for_url("**/explore/?q=harbour&type=enforcement&month=2022-02")
    assert count(page) == 2
    page.reload()
    assert count(page) == 2
    assert found(page) == ["2022-02-03-south-harbour-fined", "2022-02-10-east-harbour-fined"]
    assert page.get_by_role("checkbox", name=re.compile("^Enforcement")).is_checked()
    assert field.input_value() == "harbour"
    for url, number in [("?q=harbour&type=enforcement", 2), ("?q=harbour", 5), ("", 31)]:
        page.go_back()
        page.wait_for_url(f"{world_address}explore/{url}")
        assert count(page) == number
    assert field.input_value() == ""


@pytest.mark.parametrize(
    ("query", "number", "chip"),
    [
        ("?from=2021-12&to=2022-01", 6, "December 2021 to January 2022"),
        ("?from=2022-02&sort=date", 10, "From February 2022"),
        ("?to=2019-12&year=2022", 2, "To December 2019"),  # dates exclude years
        ("?from=2022-02&to=2022-02", 10, "Month: February 2022"),
        ("?from=2022-02&to=2022-01", 0, "February 2022 to January 2022"),
        ("?from=2021-01&to=2021-12", 14, "January 2021 to December 2021"),
    ],
)
def test_dates_are_in_the_address(
    page: Page, world_address: str, query: str, number: int, chip: str
) -> None:
    """A date known only to the year is in a range if the range contains the whole year."""
    assert explore(page, world_address, query) == number
    assert page.locator("[data-chosen] .chip").all_inner_texts() == [f"{chip} ×", "Clear all"]


def test_dates_can_be_chosen_and_removed(page: Page, world_address: str) -> None:
    assert explore(page, world_address, "?year=2022") == 13
    page.locator("input[name='from']").fill("2021-12")
    page.locator("input[name='from']").blur()
    page.wait_for_url("**/explore/?from=2021-12")
    page.locator("input[name='to']").fill("2021-12")
    page.locator("input[name='to']").blur()
    page.wait_for_url("**/explore/?month=2021-12")
    assert count(page) == 3
    page.get_by_role("button", name="Remove Month: December 2021").click()
    page.wait_for_url("**/explore/")
    assert count(page) == 31
    assert page.locator("input[name='from']").input_value() == ""


def test_link_can_be_copied(page: Page, world_address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explore(page, world_address, "?q=潮汐&from=2021-12")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_facet_values_without_results_are_not_offered(page: Page, world_address: str) -> None:
    explore(page, world_address, "?type=enforcement&year=2022")
    offered = page.locator("[data-facet]:visible").evaluate_all(
        """sets => sets.filter((set) => set.open).map((set) => [set.dataset.facet,
            ...[...set.querySelectorAll("li:not([hidden]) input")].map((box) => box.value)])"""
    )
    assert offered == [
        ["year", "2022", "2021"],
        ["type", "regulatory", "policy", "enforcement", "judicial", "international"],
        ["regulator", "toa", "north-toa"],
        ["topic", "tides", "lamps"],
    ]
    with page.expect_request("**/filter/**"):
        page.get_by_text("Source", exact=True).click()
    expect(page.locator("[data-facet='official']")).to_be_hidden()


def test_counts_agree_on_all_pages(page: Page, world_address: str) -> None:
    for text in ("潮汐", "signal rules", "harbour tables", "TOA"):
        page.goto(f"{world_address}about/")
        page.keyboard.press("/")
        search_from_header(page, text)
        summary, every = page.locator(".search-told").inner_text(), page.locator(".search-all")
        assert every.inner_text() == f"All {summary}, with filters"
        every.click()
        count(page)
        assert page.locator("[data-summary]").inner_text() == summary
    total = explore(page, world_address)
    for path in ("", "timeline/"):
        page.goto(world_address + path)
        assert f"{total} developments" in page.locator("main").inner_text(), path


def test_home_suggests_while_the_reader_types(page: Page, world_address: str) -> None:
    watch = Watch(page, world_address)
    page.goto(world_address)
    field = page.get_by_role("main").get_by_label("Search developments")
    field.click()
    field.press_sequentially("signal rules")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Signal Rules")
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press_sequentially(" ")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/instruments/signal-rules/")
    page.goto(world_address)
    field.fill("signal rules")
    field.press("Enter")
    page.wait_for_url("**/explore/?q=signal+rules")
    assert (watch.errors, watch.others) == ([], [])


LOADED = """number => number <= performance.getEntriesByType("resource")
    .filter(({ name }) => name.includes("/filter/")).length"""
SHOWN = """results => results.map((result) => [
    new URL(result.querySelector("a").href).pathname,
    result.innerText,
    result.textContent,
    result.querySelector("a").textContent,
    result.querySelector(".row-summary")?.textContent ?? "",
])"""


def letters(text: str) -> str:
    """Return a text without spaces, as wrapped lines add some, and without ellipses."""
    return re.sub(r"[\s\u200b…]", "", text)


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_visible_text_of_results_is_that_of_the_search_record(
    page: Page, world_address: str, width: int
) -> None:
    documents = {f"/{record.url}": record for record in records(snapshot())}
    page.set_viewport_size({"width": width, "height": 900})
    kinds = set()
    for text in ("harbour tables", "潮汐", "signal rules", "GB 1234", "TOA", "moon", "Art. 9 TA"):
        page.goto(f"{world_address}about/")
        page.keyboard.press("/")
        search_from_header(page, text)
        results = page.locator(".search-results li:has(.search-option)").evaluate_all(SHOWN)
        explore(page, world_address, f"?q={text}")
        results += page.locator("#explore .row").evaluate_all(SHOWN)
        for path, visible, whole, title, excerpt in results:
            assert letters(visible) == letters(whole), (text, path)
            document = documents.get(path)
            kinds.add(path.split("/")[1])
            if document and "#" not in title and not title.endswith(", Art. 9"):
                assert title == document.title
                assert letters(excerpt) in letters(document.text), (text, path)
    assert kinds == {"entries", "instruments", "regulators", "topics"}


def test_filters_can_be_removed(page: Page, world_address: str) -> None:
    assert explore(page, world_address, "?type=enforcement") == 7
    page.locator("[data-picture] a:has(text)", has_text="2021").click()
    page.wait_for_url("**/explore/?type=enforcement&year=2021")
    assert count(page) == 3
    page.get_by_role("button", name="Remove Year: 2021").click()
    page.wait_for_url("**/explore/?type=enforcement")
    assert count(page) == 7
    page.get_by_role("button", name="Clear all").click()
    page.wait_for_url("**/explore/")
    assert count(page) == 31


def test_twenty_results_are_shown_at_first_and_more_on_request(
    page: Page, world_address: str
) -> None:
    total = explore(page, world_address)
    rows, more = page.locator("[data-results] .row"), page.get_by_role("button", name="Show more")
    expect(rows).to_have_count(20)
    more.click()
    expect(rows).to_have_count(min(total, 40))
    assert more.is_visible() is (total > 40)


SPELLINGS = [
    ("潮監局", "/regulators/toa/"),  # traditional characters
    ("信號規定", "/instruments/signal-rules/"),
    ("xinhao guiding", "/instruments/signal-rules/"),  # Pinyin
    ("xìnhàoguīdìng", "/instruments/signal-rules/"),
    ("信号的规定", "/instruments/signal-rules/"),  # Chinese text that no page contains
    ("Signall Rules", "/instruments/signal-rules/"),  # an extra letter
    ("ＳＲ", "/instruments/signal-rules/"),
    ("TOA of Tidewater", "/regulators/toa/"),
    ("Art. 9 Tide Act", "/instruments/tide-act/#art-9"),
    ("潮汐法第九条", "/instruments/tide-act/#art-9"),
    ("TOA 2022", "/explore/?regulator=toa&year=2022"),
    ("February 2022", "/explore/?month=2022-02"),
    ("2022年2月", "/explore/?month=2022-02"),
    ("2021", "/explore/?year=2021"),
    ("fines", "/enforcement/"),
    ("open consultations this week", "/deadlines/"),
    ("new Signall Rules text", "/instruments/signal-rules/"),  # part of a word, with a typo
    ("lanterns pledged", "/entries/2022-02-10-lantern-maker-penalised/"),  # never together
    ("征求意见", "/deadlines/"),
    ("what falls due in 2099", "/deadlines/"),
    ("South Harbour", "/entries/2022-02-03-south-harbour-fined/"),  # the largest penalty
    ("of the southern Signal Rules", "/instruments/signal-rules/"),  # most of a phrase
    ("3 February 2022", "/entries/2022-02-03-south-harbour-fined/"),
    ("2022年2月3日", "/entries/2022-02-03-south-harbour-fined/"),
]


@pytest.mark.parametrize(("text", "first"), SPELLINGS)
def test_search_finds_the_expected_pages(
    page: Page, world_address: str, text: str, first: str
) -> None:
    page.goto(f"{world_address}about/")
    page.keyboard.press("/")
    assert search_from_header(page, text)[0] == first


def test_browser_and_build_normalise_texts_alike(page: Page, world_address: str) -> None:
    texts = [name for every in names().values() for name in every]
    texts += ["潮監局", "ＧＢ／Ｔ\u3000１２", "ﬁling Ångström", "GB/T 35273—2020", "x" * 199, ""]
    page.goto(world_address)
    script = """async (texts) => {
        const { collapsed, folded } = await import("/assets/search/query.js");
        return texts.map((text) => [folded(text), collapsed(text)]);
    }"""
    assert page.evaluate(script, texts) == [[folded(text), collapsed(text)] for text in texts]


def test_results_can_be_sorted(page: Page, world_address: str) -> None:
    by_date = [
        "2022-02-25-buoy-rules-revised",
        "2022-02-18-lamp-draft",
        "2022-02-15-wharf-second-draft",
        "2022-02-10-east-harbour-fined",
        "2022-01-20-wharf-draft",
        "2022-01-05-signal-amendment-issued",
        "2021-12-20-buoy-rules-issued",
    ]
    assert explore(page, world_address, "?q=rules&sort=date") == 17
    assert found(page)[:7] == by_date
    page.get_by_label("Sort by").select_option("relevance")
    page.wait_for_url("**/explore/?q=rules")
    assert count(page) == 17
    assert found(page) != by_date[:6]


def test_unknown_values_in_the_address_are_ignored_and_named(
    page: Page, world_address: str
) -> None:
    watch = Watch(page, world_address)
    bad = "type=<img/src=x>&regulator=nobody&month=2022-13&year=%zz&utm=1&__proto__=x"
    assert explore(page, world_address, f"?type=enforcement&{bad}") == 7
    notice = page.locator("[data-notice]")
    assert notice.inner_text() == (
        "Ignored unknown filter: type=<img/src=x>, regulator=nobody, month=2022-13, year=%zz"
    )
    page.get_by_role("checkbox", name=re.compile("^Policy")).check()
    expect(notice).to_be_hidden()
    assert watch.errors == []


def test_any_text_can_be_searched_without_an_error(page: Page, world_address: str) -> None:
    watch = Watch(page, world_address)
    explore(page, world_address)
    for text in HOSTILE:
        ask(page, text)
        assert re.fullmatch(
            r"\d+ developments?|No developments found\.",
            page.locator("[data-summary]").inner_text(),
        ), text
    page.goto(world_address)
    page.keyboard.press("s")
    for text in HOSTILE:
        search_from_header(page, text)
        assert re.fullmatch(
            r"\d+ developments?.*|No (results|developments)\.",
            page.locator(".search-told").inner_text(),
        ), text
    assert page.evaluate("window.trapped") is None
    assert page.locator(".search-dialog :is(img, script), #explore :is(img, script)").count() == 0
    assert (watch.errors, watch.others) == ([], [])


def test_empty_result_suggests_filters_to_remove(page: Page, world_address: str) -> None:
    hint = page.locator("[data-results] .loosen")
    assert explore(page, world_address, "?q=harbour+lamp&type=judicial&year=2022") == 0
    assert hint.all_inner_texts() == ["Try removing:\n“lamp” (1)"]
    hint.get_by_role("button").click()
    page.wait_for_url("**/explore/?q=harbour&type=judicial&year=2022")
    assert count(page) == 1
    assert found(page) == ["2022-02-17-shore-court-judgment"]
    assert explore(page, world_address, "?q=zzzzzz") == 0
    assert hint.all_inner_texts() == ["Try fewer words, another spelling, or part of a name."]


def test_number_does_not_match_longer_numbers(page: Page, world_address: str) -> None:
    assert explore(page, world_address, "?q=202") == 0
    assert ask(page, "2022") > 0


def test_words_typed_before_the_index_is_loaded_are_searched(
    page: Page, world_address: str
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/pagefind.js", hold)
    page.goto(f"{world_address}explore/")
    with page.expect_request("**/pagefind.js"):
        page.get_by_role("searchbox", name=FIELD).fill("har")
    page.get_by_role("searchbox", name=FIELD).fill("harbour")
    held[0].continue_()
    page.wait_for_url("**/explore/?q=harbour")
    assert count(page) == 5


def test_word_that_no_page_has_is_ignored(page: Page, world_address: str) -> None:
    absent = page.locator("[data-absent]")
    assert explore(page, world_address, "?q=harbour+signallamp") == 5
    assert absent.inner_text() == "No results for “signallamp”; ignored."
    assert ask(page, "harbour") == 5
    assert absent.inner_text() == ""
    assert ask(page, "signallamp") == 0  # not the results for “signal”


def test_search_works_by_keyboard_alone(page: Page, world_address: str) -> None:
    page.goto(f"{world_address}regulators/")
    page.keyboard.press("s")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("signal rules")
    page.locator(".search-results[data-for='signal rules']").wait_for(state="attached")
    options = page.get_by_role("option")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "search-results-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".search-dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("TOA")
    page.locator(".search-results[data-for='TOA']").wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/regulators/north-toa/")


def test_keyboard_shortcuts_do_not_apply_in_fields(page: Page, world_address: str) -> None:
    page.goto(f"{world_address}instruments/")
    field = page.get_by_label("Find by name, number, rank or status")
    field.press_sequentially("s/")
    assert field.input_value() == "s/"
    assert page.locator(".search-dialog").count() == 0


def test_results_can_be_downloaded(page: Page, world_address: str) -> None:
    assert explore(page, world_address, "?type=enforcement&regulator=north-toa") == 2
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these 2 as CSV").click()
    assert waiting.value.suggested_filename == "developments.csv"
    assert waiting.value.path().read_bytes().decode("utf-8") == (
        '\ufeff"day","title","type","regulators","instruments","url"\r\n'
        '"2022-02-10","East Harbour fined in foreign money","Enforcement","TOA, TOA North",'
        f'"SR (partly in force)","{BASE}entries/2022-02-10-east-harbour-fined/"\r\n'
        '"2022-02-01","North Shore starts Lamp Week","Enforcement","TOA North",'
        f'"Lamp Week (running)","{BASE}entries/2022-02-01-lamp-week-starts/"\r\n'
    )


def test_downloaded_cell_is_never_read_as_a_formula(page: Page, world_address: str) -> None:
    page.goto(f"{world_address}explore/")
    text = page.evaluate(
        """async () => {
            const { table } = await import("/assets/search/table.js");
            const meta = { title: "=1+1", day: "-2", type: 'a "b", c', regulators: "＠x" };
            return table([{ data: async () => ({ meta, url: "/x/", excerpt: "", filters: {} }) }]);
        }"""
    )
    assert text.split("\r\n")[1] == f'"\'-2","\'=1+1","a ""b"", c","\'＠x","","{BASE}x/"'


@pytest.mark.parametrize(
    ("query", "folder"),
    [
        ("", ""),
        ("?regulator=toa", "regulators/toa/"),
        ("?topic=moon", "topics/moon/"),
        ("?regulator=toa&regulator=assembly", None),
        ("?regulator=toa&month=2022-02", None),
        ("?type=policy", None),
    ],
)
def test_feed_is_offered_for_selections_that_have_one(
    page: Page, world_address: str, query: str, folder: str | None
) -> None:
    explore(page, world_address, query)
    links = [link.get_attribute("href") for link in page.locator("[data-take] a").all()]
    files = ["feed.atom", "feed.json", "calendar.ics"] if folder is not None else []
    assert links == [f"{world_address}{folder}{name}" for name in files]


def test_search_fits_a_phone(chromium: Browser, world_address: str) -> None:
    with chromium.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        assert explore(page, world_address, "?q=潮汐&type=enforcement") == 7
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert page.get_by_role("checkbox").count() == 0
        page.get_by_text("Narrow by").click()
        page.get_by_role("checkbox", name=re.compile("^Policy")).check()
        page.wait_for_url("**&type=enforcement&type=policy")
        page.get_by_role("link", name="Search").click()
        expect(page.get_by_role("searchbox", name=FIELD)).to_be_focused()
        page.goto(f"{world_address}about/")
        page.get_by_role("link", name="Search").click()
        assert search_from_header(page, "潮监局")[0] == "/regulators/toa/"
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_is_loaded_before_the_reader_searches(page: Page, world_address: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{world_address}entries/2021-05-tide-watch-starts/", wait_until="networkidle")
    assert [url for url in requests if "/search/" in url or "pagefind" in url] == []
    page.goto(f"{world_address}explore/", wait_until="networkidle")
    assert count(page) == 31
    assert len(found(page)) == 20
    assert [url for url in requests if "names.json" in url or "pagefind" in url] == []


def test_built_content_of_the_explore_page_matches_the_index(
    page: Page, world_address: str
) -> None:
    def seen() -> object:
        counts = page.locator("details.facet li:not([hidden]) label").all_text_contents()
        return found(page), counts, page.locator("#explore .chart").inner_html()

    explore(page, world_address)
    built = seen()
    page.get_by_label("Sort by").select_option("date")  # the same order, but loaded from the index
    page.wait_for_url("**/explore/?sort=date")
    assert count(page) == 31
    page.evaluate("document.querySelectorAll('details.facet').forEach((one) => one.open = true)")
    page.wait_for_function(LOADED, arg=8)
    page.wait_for_timeout(200)
    count(page)
    page.get_by_label("Sort by").select_option("relevance")
    page.wait_for_url("**/explore/")
    count(page)
    assert seen() == built


def test_without_scripts_other_ways_to_browse_are_offered(
    chromium: Browser, world_address: str
) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(world_address)
        page.get_by_role("link", name="Search").click()
        assert page.url == f"{world_address}explore/"
        expect(page.locator("#explore")).to_be_hidden()
        assert page.locator("noscript a").all_inner_texts() == [
            "year and month", "regulator", "topic", "instrument", "newsletter",
        ]  # fmt: skip


def test_failure_to_load_the_index_is_reported(page: Page, world_address: str) -> None:
    message = "Search failed to load. Every page can be reached from the menus."
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(f"{world_address}explore/?q=x")
    expect(page.locator("[data-summary]")).to_have_text(message)
    page.goto(world_address)
    page.keyboard.press("s")
    page.get_by_role("combobox").fill("x")
    expect(page.locator(".search-told")).to_have_text(message)
