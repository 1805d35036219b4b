"""Issues as the forms make them: good ones, bad ones, and hostile ones."""

from timeline.contributing.form import Form
from timeline.contributing.forms import FORMS

FORM = {form.kind: form for form in FORMS}
GOOD: dict[str, str] = {
    "Title": "TOA fines a harbour over missing tide tables",
    "Date": "2022-03-04",
    "Type": "Enforcement",
    "Bodies": "- 潮监局\n- Harbour Board",
    "Topics": "Tides\nSwell",
    "Text": "The agency fines a harbour.\n\nIt had no tables.",
    "Kind of source": "Official text",
    "Publisher": "TOA",
    "Language of the source": "en",
    "Address": "https://toa.example/fine?x=1#y",
    "Instrument": "Act on Tides",
    "New body": (
        "name: Harbour Board\nabbreviation: HB\nkind: agency\nname_zh: 港口局\n"
        "aliases: The Board; Harbours\ntext: It keeps\nthe harbours."
    ),
    "New topic": "name: Swell\ntext: What remains of a storm.",
    "Party": "South Harbour Ltd",
    "Measure": "Administrative fine",
    "Amount": "12000",
    "Currency": "EUR",
}


def issue(form: Form, changed: dict[str, str] | None = None) -> str:
    """The text that GitHub makes of a form's answers."""
    said = GOOD | (changed or {})
    return answered(form, {q.label: said[q.label] for q in form.questions if q.label in said})


def answered(form: Form, said: dict[str, str]) -> str:
    """The same of these answers alone, by label; YAML stands as code."""
    parts = []
    for question in form.questions:
        answer = said.get(question.label) or "_No response_"
        shown = f"```yaml\n{answer}\n```" if question.example else answer
        parts.append(f"### {question.label}\n\n{shown}")
    return "\n\n".join(parts)


ENTRY = """\
---
title: TOA fines a harbour over missing tide tables
date: 2022-03-04
type: enforcement
regulators: [toa, hb]
topics: [tides, swell]
sources:
  - kind: official
    publisher: TOA
    lang: en
    url: https://toa.example/fine?x=1#y
instruments:
  - id: tide-act
added: 2022-03-05
---
The agency fines a harbour.

It had no tables.
"""
BODY = """\
---
name: Harbour Board
abbreviation: HB
name_zh: 港口局
aliases: [The Board, Harbours]
kind: agency
---
It keeps the harbours.
"""
PENALTY = """\
penalties:
  - party: South Harbour Ltd
    measure: administrative-fine
    amount: 12000
    currency: EUR
"""

# What is changed in a good issue -> the problems that are told.
BAD: list[tuple[dict[str, str], list[str]]] = [
    ({"Title": ""}, ["'Title' has no answer"]),
    ({"Date": "soon"}, ["'soon' is not a date; write 2022-04-29, 2022-04 or 2022"]),
    ({"Topics": "waves"}, ["there is no page in docs/topics/ 'waves'"]),
    ({"Address": "toa"}, ["'url': 'toa' is not an address"]),
    ({"Date": "2022-03-06"}, ["is after the day on which the entry was added"]),
    ({"Language of the source": "English"}, ["'lang': 'English' is not a language code"]),
    ({"Text": "See <script>alert(1)</script>"}, ["raw HTML is not allowed"]),
    ({"New body": "name: Harbour Board\nkind: club"}, ["'kind': 'club' is not one of"]),
    ({"New body": "name: Harbour Board\nkindness: 3"}, ["'New body': 'kindness' is no key"]),
    ({"Instrument": "Act on Waves", "Stage": "Passed"}, ["'Act on Waves'"]),
]

# What an entry may hold beside the fields, in the order of nobody; names in place of ids.
FURTHER = """\
---
penalties:
- party: North Harbour Ltd
  measure: Order to rectify
  basis: [{id: Act on Tides, articles: ["3", "4"]}, {text: Harbour rules}]
sources: [{kind: News, publisher: "Tern: daily", lang: en, url: "https://tern.example/1"}]
instruments:
  - id: 潮汐法
    stage: amended
    effective:
      - date: 2022-05-01
      - {date: 2022-06-01, applies_to: small harbours}
highlight: true
dates: {decided: 2022-03}
deadlines:
- {date: 2022-07-01, what: tables hang in every harbour, who: harbours}
parties: [South Harbour Ltd, North Harbour Ltd]
related: [2021-03-01-tide-act-passed]
number: "7"
---"""
WHOLE = """\
---
title: TOA fines a harbour over missing tide tables
date: 2022-03-04
type: enforcement
regulators: [toa, hb]
topics: [tides, swell]
sources:
  - kind: official
    publisher: TOA
    lang: en
    url: https://toa.example/fine?x=1#y
  - kind: news
    publisher: "Tern: daily"
    lang: en
    url: https://tern.example/1
instruments:
  - id: tide-act
  - id: tide-act
    stage: amended
    effective:
      - date: 2022-05-01
      - date: 2022-06-01
        applies_to: small harbours
highlight: true
dates:
  decided: 2022-03
number: "7"
deadlines:
  - date: 2022-07-01
    what: tables hang in every harbour
    who: harbours
parties: [South Harbour Ltd, North Harbour Ltd]
penalties:
  - party: South Harbour Ltd
    measure: administrative-fine
    amount: 12000
    currency: EUR
  - party: North Harbour Ltd
    measure: rectification-order
    basis:
      - id: tide-act
        articles: ["3", "4"]
      - text: Harbour rules
related: [2021-03-01-tide-act-passed]
added: 2022-03-05
---
The agency fines a harbour.

It had no tables.
"""
# What else is said -> every problem that is told.
BAD_FURTHER: list[tuple[str, list[str]]] = [
    ("title: Other", ["'title': has a field of its own, which is filled in too; say it once"]),
    ("highlight: yes\nparty: x", ["line 2: unknown key 'party'; did you mean 'parties'?"]),
    ("highlight: maybe", ["line 1: 'highlight': must be true or false, not text"]),
    ("\nnumber: 7\nnumber: 8", ["line 3: the key 'number' stands twice (first on line 2)"]),
    ("number: &a x\ndate_note: *a", ["line 1: YAML aliases (&, *) are not used here"]),
    ("number: !!python/name:os.system", ["line 1: the YAML tag "]),
    ("just words", ["line 1: the front matter holds no keys; write 'key: value' lines"]),
    ("number: [1, 2", ["line 1: the front matter is not YAML ("]),
    ("added: 2020-01-01\nsources: [{checked: 2022-03-05}]",
     [f"line {n}: {key!r} is set later, in review or correction; leave it out"
      for n, key in enumerate(("added", "checked"), 1)]),
    ("sources:\n- {kind: news, publisher: Tern, lang: en}\n- {kind: club}",
     ["line 3: 'kind': 'club' is not one of official", "line 3: 'lang' is missing",
      "line 3: 'publisher' is missing"]),
    ("instruments:\n  - id: tide-act\n    stage: consultation\n    effective: 2022-09-01",
     ["line 4: 'effective' does not go with the stage 'consultation'; it goes with"]),
    ("penalties: [{party: X, measure: administrative-fine, amount: 3}]",
     ["line 1: 'penalties': an amount needs its 'currency', such as CNY"]),
]  # fmt: skip

UP = "../../../../etc/passwd"
BIDI = "\u202egnp.exe"
HOSTILE: list[dict[str, str]] = [
    {"Title": UP},
    {"Title": "/etc/passwd"},
    {"Title": "..\\..\\windows"},
    {"Title": "---\nevil: true\n---"},
    {"Title": "a\n---\n# new page"},
    {"Title": "!!python/object/apply:os.system ['touch owned']"},
    {"Title": "&anchor *anchor"},
    {"Title": "{a: b}, [c"},
    {"Title": "${{ github.token }}"},
    {"Title": "${{ secrets.GITHUB_TOKEN }}`id`$(touch owned); touch owned"},
    {"Title": "`touch owned`"},
    {"Title": "::set-output name=x::y"},
    {"Title": "::error file=README.md,line=1::owned"},
    {"Title": "x\n::add-mask::y\n::stop-commands::z"},
    {"Title": f"nice {BIDI}"},
    {"Title": "nul \x00 byte"},
    {"Title": "]]></title><script>alert(1)</script>"},
    {"Title": "<img src=x onerror=alert(1)>"},
    {"Title": "x" * 5000},
    {"Title": "CON"},
    {"Title": ".git/hooks/pre-commit"},
    {"Title": "{{ config.items() }} {% raw %}"},
    {"Date": "../../2022"},
    {"Date": "2022-03-04/../../x"},
    {"Date": "2022-03-04\nadded: 1999-01-01"},
    {"Date": "٢٠٢٢-٠٣-٠٤"},
    {"Type": "enforcement\nhighlight: true"},
    {"Bodies": "../../docs/index"},
    {"Bodies": "\n".join(f"body {n}" for n in range(3000))},
    {"Topics": "[tides]\nwithdrawn: {date: 2020-01-01, reason: x}"},
    {"Text": "---\ntitle: other\n---\n### Title\n\nAnother"},
    {"Text": "x" * 70_000},
    {"Text": "[" * 4000},
    {"Text": "```\n::error::x\n```\n@everyone <!-- block --> \ue000 0 \ue000"},
    {"Text": "![x](https://evil.example/x.png) [y](javascript:alert(1))"},
    {"Address": "javascript:alert(1)"},
    {"Address": "https://user:pass@evil.example/\r\nSet-Cookie: x"},
    {"Address": "file:///etc/passwd"},
    {"New body": "name: ../../index\nkind: agency\ntext: x"},
    {"New body": "name: index\nkind: agency\ntext: x"},
    {"New body": "name: TOA\nkind: agency\ntext: overwritten"},
    {"New body": "name: x\nid: ../../../README\npath: README.md\nbody: x"},
    {"New body": "name: &a x\nkind: *a\nparent: !!python/name:os.system\ntext: x"},
    {"New topic": "name: 港口\ntext: ---\n\nname: ${{ x }}\ntext: y"},
    {"New topic": "\n\n".join(f"name: T{n}\ntext: x" for n in range(500))},
    {"New instrument": "name: x\nrank: law\ntext: x\nissuers: ../../../x; y"},
    {
        "New body": "name: A\nparent: B\nkind: agency\ntext: x\n\n"
        "name: B\nparent: A\nkind: agency\ntext: x"
    },
    {"Name of the file": UP},
    {"Name of the file": "index.md\n.git/hooks"},
    {"Name of the file": f"x{BIDI}\x00"},
    *(
        {"Anything else": said}
        for said in (
            "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",  # grows with every line
            "number: &a [*a]",
            "<<: &a {title: x}\nparties: [*a]",
            "number: !!python/object/apply:os.system ['touch owned']",
            "number: !!binary aGFsbG8=\nparties: !!set {a, b}",
            "%TAG ! tag:evil.example,2020:\n---\nnumber: !x y",
            "parties: " + "[" * 5000 + "]" * 5000,
            "parties: " + "[" * 50 + "]" * 50,
            "{" * 9000,
            "../../../../etc/passwd: x\n../docs/index.md: {a: b}",
            "path: README.md\nid: ../../../README\nbody: x\nbody_line: 1\nhome: XX",
            "added: 1999-01-01\nwithdrawn: {date: 2020-01-01, reason: x}",
            "aliases: [2021-03-01-tide-act-passed]",
            "changes: [{date: 2022-03-05, note: x}]",
            "sources: [{kind: official, publisher: x, lang: en, checked: 2022-03-05}]",
            "related: [2022-03-04-toa-fines-harbour-over-missing-tide-tables]",
            "date: 2021-03-01\ntitle: tide act passed",
            "number: a\nnumber: b",
            "\n".join("- x" for _ in range(10_000)),
            "\n".join(f"k{n}: x" for n in range(3_000)),
            "# " * 9_000,
            "number: nul \x00 byte",
            f"number: 'nice {BIDI}'",
            f"{BIDI}: x",
            'number: "\\u202egnp.exe\\0"',
            "number: x\n---\ntitle: second document\n---\nbody",
            "number: x\n...\n# @everyone <script>alert(1)</script>",
            "```\n### Title\n\nAnother\n\n```yaml\nhighlight: true",
            'number: "```\\n::error::x\\n```"',
            'number: "a\\n---\\nevil: true"',
            "number: |\n  several\n  lines",
            "parties: ['<img src=x onerror=alert(1)>', '${{ github.token }}', '@all']",
            "number: .inf\ndates: {decided: .nan}",
            "number: 0x1F\ndate_note: 12:30:45",
            "penalties: [{party: x, measure: other, amount: 1e400, currency: CNY}]",
            "? [a, b]\n: c",
            "sources: x\ninstruments: {}\npenalties: 3",
            "regulators: {../x: y}\nnewsletters: [../../x]",
            "jurisdiction: ../../x\ndeadlines: [[[]]]",
            "key: \t\tx\n\tb: c",
        )
    ),
]

# The form of a correction: what is answered -> what the answer shows in its code blocks, and says.
TIDE = "2021-03-01-tide-act-passed"
TIDE_FILE = f"entries/2021/{TIDE}.md"
EDIT = f"https://code.example/world/edit/main/{TIDE_FILE}"
NAMING = [
    TIDE,
    f"{TIDE}.md",
    TIDE_FILE,
    EDIT,
    f"https://world.example/entries/{TIDE}/#cite",
    f"see https://world.example/entries/{TIDE.upper()}/ please",
]
MOVED = f"""\
--- a/{TIDE_FILE}
+++ b/{TIDE_FILE}
@@ -11,4 +11,4 @@
     lang: en
-    url: https://news.example/tide-act
-    archived: https://archive.example/tide-act
+    url: https://news.example/2022/tide-act
+    archived: https://archive.example/2
     quote: passed on Monday
@@ -29,2 +29,5 @@
 added: 2021-03-10
+changes:
+  - date: 2022-03-05
+    note: A dead address of a source was replaced.
 ---"""
CORRECTED: list[tuple[dict[str, str], str]] = [
    (
        {"Dead address": "http://www.news.example/tide-act/",
         "New address": "https://news.example/2022/tide-act",
         "Archived copy": "https://archive.example/2"},
        MOVED,
    ),
    (
        {"What is wrong": "The number\n is 8,\n not 7", "Keys as they should be": "number: No. 8"},
        f"""\
--- a/{TIDE_FILE}
+++ b/{TIDE_FILE}
@@ -27,4 +27,7 @@
 dates: {{decided: 2021-02-27}}
-number: No. 7
+number: No. 8
 added: 2021-03-10
+changes:
+  - date: 2022-03-05
+    note: The number is 8, not 7
 ---""",
    ),
    (
        {"Keys as they should be": "dates: {passed: 2021-02-28}\njurisdiction: CN-11"},
        f"""\
--- a/{TIDE_FILE}
+++ b/{TIDE_FILE}
@@ -25,6 +25,11 @@
       - {{date: 2022-01-01, applies_to: everyone else}}
+jurisdiction: CN-11
 highlight: true
-dates: {{decided: 2021-02-27}}
+dates:
+  passed: 2021-02-28
 number: No. 7
 added: 2021-03-10
+changes:
+  - date: 2022-03-05
+    note: It is wrong.
 ---""",
    ),
]  # fmt: skip
UNCORRECTED: list[tuple[dict[str, str], str]] = [
    ({"Dead address": "https://other.example/"}, "https://news.example/tide-act"),
    ({"Dead address": "https://news.example/tide-act"},
     "https://web.archive.org/web/2/https://news.example/tide-act"),
    ({"Dead address": "https://news.example/tide-act", "New address": "nowhere"},
     "'New address': 'nowhere' is not an address; it must begin with http:// or https://"),
    ({"Keys as they should be": "number: &a x\nhighlight: *a"},
     "'Keys as they should be', line 1: YAML aliases (&, *) are not used here"),
    ({"Keys as they should be": "changes: []\nwithdrawn: {date: 2022-01-01, reason: x}"},
     "\n".join(f"'Keys as they should be', line {line}: {key!r} is set later, in review or "
               "correction; leave it out" for line, key in enumerate(("changes", "withdrawn"), 1))),
    ({"Keys as they should be": "date: 2030-01-01"},
     "line 3: the date 2030-01-01 is after the day on which the entry was added (2021-03-10)"),
    ({"Entry": "Assembly passes the Tide Acts"}, TIDE),
    ({"Entry": "2021-03-01-tide-act-adopted"}, f"{TIDE}\n2021-05-tide-watch-starts"),
]  # fmt: skip
HOSTILE_CORRECTIONS: list[dict[str, str]] = [
    {"Entry": UP},
    {"Entry": "../../../README.md"},
    {"Entry": f"{TIDE}/../../../README"},
    {"Entry": f"`{TIDE}` @everyone <script>alert(1)</script> ${{{{ github.token }}}}"},
    {"Entry": f"{TIDE}\n::error::x"},
    {"Entry": "x" * 50_000},
    {"Entry": "2021-03-01-tide " * 3_000},
    {"What is wrong": "```\n@everyone <b>x</b>\n::error::x\n```\n### Keys as they should be\n\nx"},
    {"What is wrong": f"x{BIDI}\x00\u2028---\nevil: true"},
    {"What is wrong": "a: b # c: [d"},
    {"What is wrong": "' \" \\ {{ x }} {% y %}"},
    {"Dead address": "javascript:alert(1)", "New address": "javascript:alert(1)"},
    {"Dead address": "https://news.example/tide-act",
     "New address": "https://evil.example/\nwithdrawn: {date: 2020-01-01, reason: x}"},
    {"Dead address": "https://news.example/tide-act",
     "New address": "https://evil.example/``````@everyone<b>"},
    {"Dead address": "https://[news.example/tide-act"},
    {"Dead address": "https://news.example/tide-act", "Archived copy": "file:///etc/passwd"},
    {"Keys as they should be": "../../x: y\npath: README.md"},
    {"Keys as they should be": "title: '``````\n@all'"},
    {"Keys as they should be": "title: '<script>alert(1)</script> @all ::error::x'"},
    {"Keys as they should be": "number: " + "x" * 30_000},
    {"Keys as they should be": "parties: " + "[" * 4_000},
    {"Keys as they should be": "aliases: [2022-02-01-moon-treaty]\nadded: 1999-01-01"},
]  # fmt: skip
