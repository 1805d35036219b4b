"""One awful file for each kind of bad input, and exactly what is printed for it."""

from dataclasses import dataclass

GOOD = """---
title: A good entry
date: 2021-06-01
type: policy
regulators: [toa]
topics: [tides]
newsletters: [gull-2021-06]
added: 2021-06-20
---
It happened.
"""
PATH = "entries/2021/2021-06-01-x.md"
KEYS = (
    "title, date, type, regulators, topics, newsletters, sources, instruments, jurisdiction, "
    "highlight, dates, date_note, number, deadlines, parties, penalties, related, added, changes, "
    "aliases, withdrawn"
)
# What only all entries together tell, and only where all of them are sound so far.
OF_ALL_ENTRIES = {"a day moved that nobody recorded", "a day moved of an instrument that has none"}


@dataclass(frozen=True)
class Case:
    name: str
    data: bytes
    printed: list[str]
    path: str = PATH


def case(name: str, text: str | bytes, *printed: str, path: str = PATH) -> Case:
    data = text if isinstance(text, bytes) else text.encode()
    return Case(name, data, [f"{path}:{line}" for line in printed], path)


def changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


def with_line(line: str) -> str:
    """The good entry with one line more, its eighth."""
    return GOOD.replace("added:", f"{line}\nadded:")


CASES = [
    case("good", GOOD),
    case("windows line ends", GOOD.replace("\n", "\r\n")),
    case(
        "no front matter",
        "It happened.\n",
        "1: there is no front matter; the file must begin with a line '---'",
    ),
    case(
        "not opened",
        GOOD.removeprefix("---\n"),
        "1: the front matter is not opened; the file must begin with a line '---'",
    ),
    case(
        "not closed",
        GOOD.replace("---\nIt", "It"),
        "1: the front matter is not closed; put a line '---' after its last key",
    ),
    case("empty file", "", "1: there is no front matter; the file must begin with a line '---'"),
    case("empty front matter", "---\n---\nIt happened.\n", "1: the front matter is empty"),
    case(
        "no keys",
        "---\n- a\n- b\n---\nIt happened.\n",
        "1: 'added' is missing",
        "1: 'date' is missing",
        "1: 'regulators' is missing",
        "1: 'title' is missing",
        "1: 'topics' is missing",
        "1: 'type' is missing",
        "1: one of 'newsletters' and 'sources' is needed: where can a reader see this?",
        "1: the front matter holds no keys; write 'key: value' lines",
    ),
    case(
        "yaml that does not parse",
        changed("title: A good entry", "title: Good: entry"),
        "2: the front matter is not YAML (mapping values are not allowed in this context); "
        "a value with ': ' or '#' needs quotes",
    ),
    case(
        "repeated key",
        with_line("title: Again"),
        "8: the key 'title' stands twice (first on line 2)",
    ),
    case("unknown key", with_line("topic: moon"), "8: unknown key 'topic'; did you mean 'topics'?"),
    case("far-off key", with_line("zzz: moon"), f"8: unknown key 'zzz'; allowed: {KEYS}"),
    case("computed key", with_line("path: x"), "8: unknown key 'path'; allowed: " + KEYS),
    case("missing field", changed("type: policy\n", ""), "2: 'type' is missing"),
    case(
        "several at once",
        changed("type: policy\nregulators: [toa]", "type: polcy\nregulators: [tao]"),
        "4: 'type': 'polcy' is not one of regulatory, policy, enforcement, judicial, industry, "
        "international; did you mean 'policy'?",
        "5: 'regulators': there is no page in docs/regulators/ 'tao'; did you mean 'toa'?",
    ),
    case(
        "wrong types",
        changed("title: A good entry", "title: 2021")
        .replace("topics: [tides]", "topics: tides")
        .replace("added:", "highlight: maybe\nnumber: [7]\nsources: {kind: news}\nadded:"),
        "2: 'title': must be text, not a number; put it in quotes",
        "6: 'topics': must be a list, not text",
        "8: 'highlight': must be true or false, not text",
        "9: 'number': must be text, not a list",
        "10: 'sources': must be a list, not a mapping",
    ),
    case(
        "key without value",
        changed("type: policy", "type:"),
        "4: 'type' has no value; write one or leave it out",
    ),
    case(
        "item without value",
        changed("[tides]", "[tides, ~]"),
        "6: an item of the list has no value; write one or leave it out",
    ),
    case(
        "a long value",
        changed("type: policy", "type: " + "x" * 9_000),
        "4: 'type': '" + "x" * 79 + "…' is not one of regulatory, policy, enforcement, judicial, "
        "industry, international",
    ),
    case(
        "empty text",
        with_line('number: " "'),
        "8: 'number': is empty; write it or leave the key out",
    ),
    case(
        "several lines in one",
        with_line('number: "7\\n8"'),
        "8: 'number': runs over several lines; write it in one",
    ),
    case(
        "impossible date",
        changed("date: 2021-06-01", "date: 2018-09-31"),
        "3: 'date': 2018-09-31 is not a day of the calendar (day is out of range for month)",
    ),
    case(
        "month thirteen",
        changed("date: 2021-06-01", "date: 2021-13"),
        "3: 'date': 2021-13 is not a day of the calendar (month must be in 1..12)",
    ),
    case(
        "date in words",
        changed("date: 2021-06-01", "date: 1 June 2021"),
        "3: 'date': '1 June 2021' is not a date; write 2022-04-29, 2022-04 or 2022",
    ),
    case(
        "day without its day",
        changed("added: 2021-06-20", "added: 2021-06"),
        "8: 'added': 2021-06 lacks the day; write it as 2022-04-29",
    ),
    case(
        "date disagrees with the name",
        changed("date: 2021-06-01", "date: 2021-06-02"),
        "3: the date 2021-06-02 disagrees with the file's name; rename the file to "
        "2021-06-02-….md, or, where a published date was corrected, say so in 'changes'",
    ),
    case(
        "date corrected",
        changed("date: 2021-06-01", "date: 2021-06-02").replace(
            "added: 2021-06-20",
            "added: 2021-06-20\nchanges: [{date: 2021-07-01, note: The day was wrong.}]",
        ),
    ),
    case(
        "wrong folder",
        GOOD,
        "2: the file belongs at entries/2021/2021-06-01-x.md",
        path="entries/2022/2021-06-01-x.md",
    ),
    case(
        "added before it happened",
        changed("added: 2021-06-20", "added: 2021-05-31"),
        "3: the date 2021-06-01 is after the day on which the entry was added (2021-05-31)",
    ),
    case(
        "unknown terms",
        changed("regulators: [toa]", "regulators: [潮监局, nobody-at-all]")
        .replace("topics: [tides]", "topics: [tide]")
        .replace("newsletters: [gull-2021-06]", "newsletters: [gull-2021-07]")
        .replace("added:", "instruments: [{id: ta}]\nrelated: [2021-harbour-pledge]\nadded:"),
        "5: 'regulators': there is no page in docs/regulators/ 'nobody-at-all'",
        "5: 'regulators': there is no page in docs/regulators/ '潮监局'; did you mean 'toa'?",
        "6: 'topics': there is no page in docs/topics/ 'tide'; did you mean 'tides'?",
        "7: 'newsletters': there is no page in docs/newsletters/ 'gull-2021-07'; "
        "did you mean 'gull-2021-06'?",
        "8: 'id': there is no page in docs/instruments/ 'ta'; did you mean 'tide-act'?",
        "9: 'related': there is no entry '2021-harbour-pledge'; did you mean "
        "'2021-harbours-pledge'?",
    ),
    case(
        "empty lists",
        changed("topics: [tides]", "topics: []")
        .replace("newsletters: [gull-2021-06]", "newsletters: []")
        .replace("added:", "parties: []\nadded:"),
        "6: 'topics': is an empty list; leave the key out or name at least one",
        "7: 'newsletters': is an empty list; leave the key out or name at least one",
        "8: 'parties': is an empty list; leave the key out or name at least one",
    ),
    case("empty regulators", changed("regulators: [toa]", "regulators: []")),
    case(
        "named twice",
        changed("topics: [tides]", "topics: [tides, tides]"),
        "6: 'topics': 'tides' stands twice",
    ),
    case(
        "no source at all",
        changed("newsletters: [gull-2021-06]\n", ""),
        "2: one of 'newsletters' and 'sources' is needed: where can a reader see this?",
    ),
    case(
        "addresses",
        with_line(
            "sources:\n"
            "  - {kind: news, publisher: A, lang: en, url: 'ftp://a.example/x'}\n"
            "  - {kind: news, publisher: A, lang: en, url: 'javascript:alert(1)'}\n"
            "  - {kind: news, publisher: A, lang: en, url: 'https://a'}\n"
            "  - {kind: news, publisher: A, lang: English, url: 'https://a.example/\"x'}\n"
            "  - {kind: news, publisher: A, lang: en, url: 'https://a.example/x(1)?y=%22#z'}"
        ),
        "9: 'url': 'ftp://a.example/x' is not an address; it must begin with http:// or https://",
        "10: 'url': 'javascript:alert(1)' is not an address; it must begin with http:// or https://",
        "11: 'url': 'https://a' is not an address; it must begin with http:// or https://",
        "12: 'lang': 'English' is not a language code such as en or zh-Hans",
        "12: 'url': 'https://a.example/\"x' is not an address; it must begin with http:// or "
        "https://",
    ),
    case(
        "penalties",
        with_line(
            "penalties:\n"
            "  - {party: A, measure: administrative-fine, amount: 5}\n"
            "  - {party: A, measure: fine, amount: -1, currency: yuan}\n"
            "  - {party: A, measure: warning, basis: [{articles: ['1']}]}\n"
            "  - {party: A, measure: warning, amount: .nan, currency: CNY}\n"
            "  - {party: A, measure: warning, amount: '5', currency: CNY}\n"
            "  - {party: A, measure: warning, amount: 1.234, currency: CNY}\n"
            "  - {party: A, measure: warning, amount: 1.0e+40, currency: CNY}"
        ),
        "9: 'penalties': an amount needs its 'currency', such as CNY",
        "10: 'amount': input should be greater than or equal to 0",
        "10: 'currency': 'yuan' is not an ISO 4217 code such as CNY",
        "10: 'measure': 'fine' is not one of administrative-fine, criminal-fine, damages, "
        "confiscation, warning, rectification-order, naming, removal, suspension, revocation, "
        "interview, imprisonment, apology, deletion-order, other",
        "11: 'basis': name either an instrument ('id') or a rule in words ('text')",
        "12: 'amount': must be a number; write 200000 or 106859.84",
        "13: 'amount': must be a number; write 200000 or 106859.84",
        "14: 'amount': decimal input should have no more than 2 decimal places",
        "15: 'amount': decimal input should have no more than 18 digits in total",
    ),
    case(
        "empty body",
        GOOD.removesuffix("It happened.\n"),
        "9: there is no text under the front matter; say what happened",
    ),
    case(
        "not utf-8",
        GOOD.replace("good", "gut für").encode("latin-1"),
        "2: is not UTF-8 (byte 0xfc); save it as UTF-8",
    ),
    case("nul byte", changed("happened", "hap\0pened"), "10: contains a NUL byte; remove it"),
    case(
        "misleading characters",
        changed("happened", "hap\u202epened"),
        "10: contains U+202E (RIGHT-TO-LEFT OVERRIDE); remove it",
    ),
    case(
        "byte-order mark",
        "\ufeff" + GOOD,
        "1: begins with a byte-order mark; save it as UTF-8 without one",
    ),
    case(
        "effective on a consultation",
        with_line(
            "instruments:\n  - id: tide-act\n    stage: consultation\n    effective: 2022-01-01"
        ),
        "11: 'effective' does not go with the stage 'consultation'; it goes with passed, issued, "
        "amended",
    ),
    case(
        "step of effect without a day",
        with_line(
            "instruments:\n  - id: tide-act\n    stage: passed\n    effective:\n"
            "      - applies_to: all"
        ),
        "12: 'date' is missing",
    ),
    case(
        "a day moved, a step divided",
        with_line(
            "instruments:\n  - id: tide-act\n    stage: amended\n    effective:\n"
            "      - {date: 2021-06-01, instead_of: 2021-06-01, applies_to: old harbours}\n"
            "      - {date: 2021-09-01, instead_of: 2021-06-01, applies_to: new harbours}\n"
            "      - {date: 2021-12-01, instead_of: 2022-01-01}"
        ),
    ),
    case(
        "a day moved that nobody recorded",
        with_line(
            "instruments:\n  - id: tide-act\n    stage: amended\n    effective:\n"
            "      - {date: 2021-07-01, applies_to: boats}\n"
            "      - {date: 2023-01-01, instead_of: 2022-01-02}"
        ),
        "13: 'instead_of' names 2022-01-02, which no earlier entry records as a day of effect of "
        "'tide-act'; recorded and still to come: 2021-06-01, 2022-01-01; "
        "did you mean '2022-01-01'?",
    ),
    case(
        "a day moved of an instrument that has none",
        with_line(
            "instruments:\n  - {id: tide-watch, effective: [{date: 2023-01-01, "
            "instead_of: 2022-01-01}]}"
        ),
        "9: 'effective' does not go with no stage; it goes with passed, issued, amended",
        "9: 'instead_of' names 2022-01-01, but no earlier entry records a day of effect of "
        "'tide-watch' that was still to come",
    ),
    case(
        "a day moved to itself",
        with_line(
            "instruments:\n  - id: tide-act\n    stage: amended\n    effective:\n"
            "      - date: 2022-01-01\n        instead_of: 2022-01-01"
        ),
        "13: 'instead_of' names the day itself (2022-01-01); name the earlier day, or leave it "
        "out; only where a step is divided may a part keep its day",
    ),
    case(
        "a day moved when it had passed",
        with_line(
            "instruments:\n  - id: tide-act\n    stage: amended\n    effective:\n"
            "      - {date: 2022-01-01, instead_of: 2021-05-31}"
        ),
        "12: 'instead_of' names 2021-05-31, which had passed on the entry's own date "
        "(2021-06-01); what has taken effect cannot be moved",
    ),
    case(
        "a day moved to half a day",
        with_line(
            "instruments:\n  - id: tide-act\n    stage: amended\n    effective:\n"
            "      - {date: 2023-01-01, instead_of: 2022-01}"
        ),
        "12: 'instead_of': 2022-01 lacks the day; write it as 2022-04-29",
    ),
    case(
        "comments",
        with_line(
            "instruments:\n"
            "  - {id: tide-act, stage: reading, comments_close: 2021-07-01}\n"
            "  - {id: tide-act, stage: consultation, comments_close: 2021-05-01}"
        ),
        "9: 'comments_close' goes only with the stage 'consultation'",
        "10: comments close on 2021-05-01, before they open (2021-06-01)",
    ),
    case(
        "stages of another kind",
        with_line(
            "instruments:\n  - {id: tide-act, stage: launched}\n  - {id: tide-watch, stage: passed}"
        ),
        "9: the stage 'launched' is not one of a law (tide-act); its stages: planned, "
        "consultation, submitted, reading, passed, amended, interpreted, repealed, expired, "
        "abandoned",
        "10: the stage 'passed' is not one of a campaign (tide-watch); its stages: launched, "
        "batch, concluded",
    ),
    case("related to itself", with_line("related: [2021-06-01-x]"), "8: the entry names itself"),
    case(
        "alias that is no id",
        with_line("aliases: [../../etc/passwd]"),
        "8: '../../etc/passwd' is not an id; name the file <date>-<a-few-words>.md in lower-case "
        "letters, digits and hyphens, such as 2022-04-29-tc260-consults-on-certification.md",
    ),
    case(
        "alias taken",
        with_line("aliases: [2021-05-01-tide-watch]"),
        "8: the id '2021-05-01-tide-watch' is taken by entries/2021/2021-05-tide-watch-starts.md "
        "too",
    ),
    case(
        "html in the body",
        changed("It happened.", "It\n<script>alert(1)</script>\n\nhappened <https://a.example/>."),
        "11: raw HTML is not allowed ('<script>alert(1)</script>'); write plain Markdown",
    ),
    case(
        "comment in the body",
        changed("It happened.", "It <!-- block --> happened < 5 & so on."),
        "10: raw HTML is not allowed ('<!-- block --> happened < 5 & so'); write plain Markdown",
    ),
    case(
        "links in the body",
        changed(
            "It happened.",
            "[a](javascript:alert(1)) [b](../2021/2021-harbours-pledge.md) [c](../2021/2021-no.md)"
            "\n[d](/etc/passwd) ![e](https://a.example/e.png) [f](#there) [g](https://a.example)"
            "\n\n[h]: data:text/html,x",
        ),
        "10: the link '../2021/2021-no.md' names no entry",
        "10: the link 'javascript:alert(1)' leads nowhere; link to https://… or ../<year>/<id>.md",
        "11: pictures are not allowed; link to the page that shows it",
        "11: the link '#there' leads nowhere; link to https://… or ../<year>/<id>.md",
        "11: the link '/etc/passwd' leads nowhere; link to https://… or ../<year>/<id>.md",
        "13: the link 'data:text/html,x' leads nowhere; link to https://… or ../<year>/<id>.md",
    ),
    case(
        "a link behind a bracket",
        changed("It happened.", "[a](https://a.example/][b](javascript:alert(1))"),
        "10: the link 'javascript:alert(1)' leads nowhere; link to https://… or ../<year>/<id>.md",
    ),
    case(
        "addresses of no host",
        changed("It happened.", "[a](http://[) [b](https://x@evil.example) [c](http://localhost/)"),
        "10: the link 'http://' leads nowhere; link to https://… or ../<year>/<id>.md",
        "10: the link 'http://localhost/' leads nowhere; link to https://… or ../<year>/<id>.md",
        "10: the link 'https://x@evil.example' leads nowhere; link to https://… or "
        "../<year>/<id>.md",
    ),
    case(
        "escaped misleading characters",
        changed("title: A good entry", 'title: "A \\u202e good \\0 entry"'),
        "2: contains U+202E (RIGHT-TO-LEFT OVERRIDE); remove it",
        "2: contains a NUL byte; remove it",
    ),
    case(
        "numbers of other bases",
        with_line("penalties: [{party: A, measure: warning, amount: 010000, currency: CNY}]"),
        "8: 'amount': must be a number; write 200000 or 106859.84",
    ),
    case(
        "tags on nonsense",
        changed("title: A good entry", 'title: !!int ""').replace("policy", '!!bool "x"'),
        "2: 'title': is empty; write it or leave the key out",
        "4: 'type': 'x' is not one of regulatory, policy, enforcement, judicial, industry, "
        "international",
    ),
    case(
        "years out of reach",
        with_line("deadlines: [{date: 9999-12-31, what: an end}]"),
        "8: 'date': 9999-12-31: the year must lie between 1900 and 2199",
    ),
    case(
        "nested lists in the body",
        changed("It happened.", "- " * 3_000 + "x"),
        "10: is nested too deeply; write plain paragraphs and short lists",
    ),
    case(
        "brackets without end",
        changed("It happened.", "[ a " * 4_000),
        "9: the text has 4,000 brackets; 400 is the most",
    ),
    case(
        "brackets of Chinese titles without end",
        changed("It happened.", "《" * 19_000 + "x"),
    ),
    case(
        "no page and no asset",
        "<script>alert(1)</script>",
        "1: is neither a page (.md) nor one of .css, .ico, .jpeg, .jpg, .js, .pdf, .png, .svg, "
        ".txt, .webp, .woff2",
        path="docs/evil.markdown",
    ),
    case(
        "a page in the place of an entry",
        "---\ntitle: Hijack\ndescription: D\n---\nX.\n",
        "1: pages stand at docs/<name>.md, or at docs/instruments/index.md, "
        "docs/newsletters/index.md, docs/regulators/index.md, docs/timeline/index.md, "
        "docs/topics/index.md",
        path="docs/entries/2021-harbours-pledge.md",
    ),
    case(
        "a month that is none",
        "---\npublisher: A\ntitle: B\ncovers: 2022-13\nissued: '2022'\nlanguage: en\n---\nX.\n",
        "2: warning: nothing uses this page",
        "4: 'covers': 2022-13 is not a day of the calendar (month must be in 1..12)",
        "5: 'issued': '2022' is not a month; write it as 2022-04",
        path="docs/newsletters/x.md",
    ),
    case(
        "yaml aliases",
        changed("regulators: [toa]\ntopics: [tides]", "regulators: &a [toa]\ntopics: *a"),
        "5: YAML aliases (&, *) are not used here",
    ),
    case(
        "yaml tags",
        changed("title: A good entry", "title: !!python/name:os.system x"),
        "2: the YAML tag 'tag:yaml.org,2002:python/name:os.system' is not used here",
    ),
    case(
        "nested a little too far",
        changed("title: A good entry", "title: " + "[" * 12 + "]" * 12),
        "2: 'title': must be text, not a list",
        "2: is nested too deeply; 10 levels is the most",
    ),
    case(
        "nested far too far",
        changed("[toa]", "[" * 3_000 + "]" * 3_000),
        "1: the front matter is nested too deeply; 10 levels is the most",
    ),
    case(
        "nested without end",
        changed("[toa]", "[" * 9_000),
        "7: the front matter is not YAML (did not find expected ',' or ']'); "
        "a value with ': ' or '#' needs quotes",
    ),
    case(
        "nested without end in lines",
        changed("[toa]", "\n" + "- " * 9_000 + "x"),
        "1: the front matter is nested too deeply; 10 levels is the most",
    ),
    case(
        "too much front matter",
        with_line("number: " + "x" * 20_000),
        "1: the front matter has 20,140 characters; 20,000 is the most",
    ),
    case("too large", GOOD + "x" * 200_000, "1: has 200,151 bytes; 200,000 is the most"),
    case(
        "name that is no id",
        GOOD,
        "2: '2021-06-01-A b' is not an id; name the file <date>-<a-few-words>.md in lower-case "
        "letters, digits and hyphens, such as 2022-04-29-tc260-consults-on-certification.md",
        path="entries/2021/2021-06-01-A b.md",
    ),
    case(
        "no entry", "x", "1: is not an entry; only .md files belong here", path="entries/2021/x.txt"
    ),
    case("no folder", GOOD, "1: entries stand in entries/<year>/<id>.md", path="entries/x.md"),
    case(
        "unused page",
        "---\nname: Stars\n---\nFar.\n",
        "2: warning: nothing uses this page",
        path="docs/topics/stars.md",
    ),
    case(
        "bad regulator",
        "---\nname: X\nkind: agncy\nsuccessors: [{id: to, date: 2020-02-30, manner: renamed}]\n"
        "---\nX.\n",
        "2: warning: nothing uses this page",
        "3: 'kind': 'agncy' is not one of legislature, party, government, agency, branch, police, "
        "court, procuratorate, standards, institute, association, foreign, international; "
        "did you mean 'agency'?",
        "4: 'date': 2020-02-30 is not a day of the calendar (day is out of range for month)",
        "4: 'id': there is no page in docs/regulators/ 'to'; did you mean 'toa'?",
        path="docs/regulators/x.md",
    ),
    case(
        "bad instrument",
        "---\nname: X\nrank: law\nend: 2020\nimplements: []\n---\n<b>X</b>\n",
        "2: warning: nothing uses this page",
        "5: 'implements': is an empty list; leave the key out or name at least one",
        "7: raw HTML is not allowed ('<b>X</b>'); write plain Markdown",
        path="docs/instruments/x.md",
    ),
    case(
        "campaign dates",
        "---\nname: X\nrank: law\nstart: 2021\nend: 2020\n---\nX.\n",
        "2: warning: nothing uses this page",
        "4: 'start' goes only with the rank 'campaign'",
        "5: 'end' goes only with the rank 'campaign'",
        "5: ends (2020) before it starts (2021)",
        path="docs/instruments/x.md",
    ),
    case(
        "vocabulary name that is no id",
        "---\nname: X\n---\nX.\n",
        "2: 'X_y' is not an id; use lower-case letters, digits and single hyphens",
        "2: warning: nothing uses this page",
        path="docs/topics/X_y.md",
    ),
]
