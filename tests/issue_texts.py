"""Texts of issues as GitHub's issue forms submit them: valid, invalid and hostile."""

from pathlib import Path
from typing import Any

import yaml
from timeline.contribute.issue_forms import FORMS, IssueForm

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


def issue(form: IssueForm, changed: dict[str, str] | None = None) -> str:
    """Return the text of an issue with the good answers, some of them changed."""
    answers = GOOD | (changed or {})
    return answered(form, {q.label: answers[q.label] for q in form.questions if q.label in answers})


def answered(form: IssueForm, answers: dict[str, str]) -> str:
    """Return the text of an issue with these answers, by label; YAML is in code blocks."""
    parts = []
    for question in form.questions:
        answer = answers.get(question.label) or "_No response_"
        shown = f"```yaml\n{answer}\n```" if question.example else answer
        parts.append(f"### {question.label}\n\n{shown}")
    return "\n\n".join(parts)


WARNINGS = """\
A reviewer will ask about:

```text
'New body', hb: the text has 4 words; write 25 to 170
'New topic', swell: the text has 5 words; write 25 to 170
'Text': the text has 9 words; write 30 to 190
```
"""
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

# An exponent is a number of any size in a few characters: such amounts stay texts.
LONG_NUMBERS = ["1e99999", "9" * 5000, "0." + "1" * 5000, "NaN", "-Infinity"]
_TEXTS: Any = yaml.safe_load((Path(__file__).parent / "issues.yml").read_text(encoding="utf-8"))
FURTHER: str = _TEXTS["further"]
WHOLE: str = _TEXTS["whole"]
BAD = [(one["given"], one["problems"].splitlines()) for one in _TEXTS["bad"]]
BAD_YAML = [(one["given"], one["problems"].splitlines()) for one in _TEXTS["bad_yaml"]]
CORRECTED = [(one["given"], one["difference"]) for one in _TEXTS["corrected"]]
UNCORRECTED = [(one["given"], one["answer"]) for one in _TEXTS["uncorrected"]]

HOSTILE: list[dict[str, str]] = [
    *_TEXTS["hostile"],
    {"Title": "x" * 5000},
    {"Bodies": "\n".join(f"body {n}" for n in range(3000))},
    {"Text": "x" * 70_000},
    {"Text": "[" * 4000},
    {"New topic": "\n\n".join(f"name: T{n}\ntext: x" for n in range(500))},
    {"Anything else": "parties: " + "[" * 5000 + "]" * 5000},
    {"Anything else": "{" * 9000},
    {"Anything else": "\n".join("- x" for _ in range(10_000))},
    {"Anything else": "\n".join(f"k{n}: x" for n in range(3_000))},
    {"Anything else": "# " * 9_000},
]
HOSTILE_CORRECTIONS: list[dict[str, str]] = [
    *_TEXTS["hostile_corrections"],
    {"Entry": "x" * 50_000},
    {"Entry": "2021-03-01-tide " * 3_000},
    {"Keys as they should be": "number: " + "x" * 30_000},
    {"Keys as they should be": "parties: " + "[" * 4_000},
]

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
    "https://world.example/entries/2021-03-tide-act/",
]
