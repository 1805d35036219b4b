"""The example in CONTRIBUTING.md: one entry with all its keys, and what each means.

The meanings and the lists of words are the code's own, so the guide cannot say anything else.
"""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from timeline.contributing.writing import file_text
from timeline.model.document import Value
from timeline.model.entry import Entry
from timeline.model.shape import slot

BEGIN, END = "<!-- example -->\n", "<!-- /example -->\n"
_KEY = re.compile(r"(?P<indent> *)(?:- )?(?P<key>[a-z_]+):")

EXAMPLE: dict[str, Value] = {
    "title": "Example ministry consults on rules for weather apps",
    "date": "2026-03-02",
    "type": "regulatory",
    "regulators": ["cac", "miit"],
    "topics": ["app-compliance", "personal-information"],
    "newsletters": ["bird-bird-2022-05"],
    "sources": [
        {
            "kind": "official",
            "publisher": "Cyberspace Administration of China",
            "title": "天气应用规定（征求意见稿）",
            "lang": "zh-Hans",
            "url": "https://example.org/notice",
            "archived": "https://example.org/copy",
            "quote": "2026年4月1日前",
            "checked": "2026-03-05",
        }
    ],
    "instruments": [
        {
            "id": "app-pi-provisions",
            "stage": "consultation",
            "round": 1,
            "comments_close": "2026-04-01",
        },
        {
            "id": "gb-44496-2024",
            "stage": "amended",
            "effective": [
                {"date": "2026-07-01", "applies_to": "weather apps in vehicles"},
                {
                    "date": "2029-01-01",
                    "applies_to": "models approved earlier",
                    "instead_of": "2028-01-01",
                },
            ],
        },
        {"id": "pipl", "articles": ["6"]},
    ],
    "jurisdiction": "CN",
    "highlight": True,
    "dates": {"decided": "2026-02-27"},
    "date_note": "The notice bears 27 February, the day of the decision.",
    "number": "No. 3 of 2026",
    "deadlines": [{"date": "2026-06-30", "what": "report on older apps", "who": "app stores"}],
    "parties": ["Example Ltd"],
    "penalties": [
        {
            "party": "Example Ltd",
            "measure": "administrative-fine",
            "amount": 200000,
            "currency": "CNY",
            "basis": [{"id": "pipl", "articles": ["66"]}],
        }
    ],
    "related": ["2021-08-20-personal-information-protection-law-passed"],
    "added": "2026-03-05",
    "changes": [{"date": "2026-03-09", "note": "Closing day corrected from the official notice."}],
    "aliases": ["2026-03-02-weather-apps"],
    "withdrawn": {"date": "2026-03-10", "reason": "This entry is an example."},
}


def example() -> str:
    """The annotated entry, as a code block."""
    keys = Entry.keys()
    lines = ["```yaml", "---", *(line for key in keys for line in _annotated(key)), "---"]
    lines.append("What happened, who did it, what it asks of whom, by when: 60 to 180 words.")
    return "\n".join([*lines, "```", ""])


def with_example(text: str) -> str:
    """The guide with the example written anew. Raises ValueError where its marks are missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the guide needs the lines {BEGIN.strip()} and {END.strip()}")
    return before + BEGIN + example() + END + after


def _annotated(key: str) -> Iterator[str]:
    """The lines of one key of an entry, each new key with what it means above it."""
    models: dict[int, type[BaseModel]] = {0: Entry}  # by the column of their keys
    said: set[tuple[type[BaseModel], str]] = set()
    for line in file_text(Entry, {key: EXAMPLE[key]}, "").split("\n")[1:]:
        if line == "---":
            return
        match = _KEY.match(line)
        model = models.get(match.start("key")) if match else None
        found = slot(model, match["key"]) if match and model else None
        if match and model and found:
            if (model, match["key"]) not in said:
                said.add((model, match["key"]))
                yield f"{match['indent']}# {_meaning(model, match['key'])}"
            if found.model:  # a mapping stands two columns in, the items of a list four
                column = match.start("key")
                models |= {column + 2: found.model, column + 4: found.model}
        yield line


def _meaning(model: type[BaseModel], key: str) -> str:
    found = slot(model, key)
    field = model.model_fields[key]
    needed = " (needed)" if field.is_required() else ""
    words = f": {', '.join(found.words)}" if found and found.words else ""
    return f"{field.description}{needed}{words}"
