"""Issues as the forms make them: good ones, bad ones, and hostile ones."""

from timeline.contributing.forms import FORMS, Form

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
    return "\n\n".join(
        f"### {question.label}\n\n{said.get(question.label) or '_No response_'}"
        for question in form.questions
    )


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
]
