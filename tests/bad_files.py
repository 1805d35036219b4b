"""One file for each kind of bad input, with exactly what the check prints for it.

Most cases are in `bad_files.txt`. A case starts with its name, and with a path if the file is not
an entry. The lines below change the good entry: a line of front matter replaces the one with the
same key or is added, a key after a minus sign is removed, and the text below a line `---` replaces
the first line of the body. A case that starts with `whole:` is the complete file; so is a
vocabulary page, whose text may be omitted. Lines after an arrow are what the check prints after the
path; `<today>` stands for the current date.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from timeline.config import read_site
from timeline.schema.dates import today

# Long enough for the check not to warn about the length of any case.
TEXT = (
    "Nothing more is known of it, and nobody at the shore has asked, since the tide comes in and "
    "goes out every day as it always has, whatever the agency says of it."
)
GOOD = f"""---
title: A good entry
date: 2021-06-01
type: policy
regulators: [toa]
topics: [tides]
newsletters: [gull-2021-06]
added: 2021-06-20
---
It happened.

{TEXT}
"""
TODAY = str(today(read_site(Path(__file__).parent / "world").zone))
PATH = "entries/2021/2021-06-01-x.md"
NO_FRONT_MATTER = "1: the front matter is missing; the file must begin with a line '---'"
_CASES = re.compile(r"^## (?P<name>[^|\n]+?)(?: \| (?P<path>.+))?\n", re.MULTILINE)


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


def page(front: str, text: str = TEXT) -> str:
    return f"---\n{front}\n---\n{text}\n"


def _with(change: str) -> str:
    """Return the good entry, changed by lines of front matter and a text."""
    front, _, text = f"{change}\n".partition("---\n")
    lines = {line.split(":")[0]: line for line in GOOD.split("\n")[1:8]}
    added = lines.pop("added")
    for key, value in re.findall(r"^([-+]?[a-z_]+)(.*\n(?:[ -].*\n)*)", front, re.MULTILINE):
        if key.startswith("-"):
            lines.pop(key[1:], None)
        else:
            lines[key] = f"{key.removeprefix('+')}{value}".rstrip("\n")
    added = lines.pop("added", added)
    body = text.rstrip("\n") or "It happened."
    return page("\n".join([*lines.values(), added]), f"{body}\n\n{TEXT}")


def cases_in(file: str) -> list[Case]:
    """Return the cases that a file of this folder describes."""
    _, *parts = _CASES.split((Path(__file__).parent / file).read_text(encoding="utf-8"))
    found = []
    for name, path, rest in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        before, *printed = re.split(r"^→ ", rest, flags=re.MULTILINE)
        before = before.removesuffix("\n") if printed else before.removesuffix("\n\n")
        where = path or PATH
        if before.startswith("whole:"):
            data = before.removeprefix("whole:").removeprefix("\n")
            data = f"{data}\n" if data else ""
        elif where.startswith("docs/"):
            front, _, body = before.partition("\n---\n")
            data = page(front, body or TEXT)
        else:
            data = _with(before)
        lines = (line.strip().replace("<today>", TODAY) for line in printed)
        found.append(case(name, data, *lines, path=where))
    return found


CASES = [
    *cases_in("bad_files.txt"),
    case("Windows line endings", GOOD.replace("\n", "\r\n")),
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
    case(
        "empty body",
        GOOD.partition("It happened.")[0],
        "9: there is no text under the front matter; say what happened",
    ),
    case(
        "a long value",
        changed("type: policy", "type: " + "x" * 9_000),
        "4: 'type' has 9,000 characters; at most 3,000 are allowed",
    ),
    case(
        "not utf-8",
        GOOD.replace("good", "gut für").encode("latin-1"),
        "2: is not UTF-8 (byte 0xfc), likely Windows-1252; save it as UTF-8",
    ),
    case("nul byte", changed("happened", "hap\0pened"), "10: contains a NUL byte; remove it"),
    case(
        "misleading characters",
        changed("happened", "hap\u202epened"),
        "10: contains U+202E (RIGHT-TO-LEFT OVERRIDE); remove it",
    ),
    case(
        "byte-order mark",
        f"\ufeff{GOOD}",
        "1: begins with a byte-order mark; save it as UTF-8 without one",
    ),
    case("brackets up to the limit", changed("It happened.", "[a" * 400)),
    case(
        "too many brackets",
        changed("It happened.", "[a" * 401),
        "10: the text has 401 square brackets; at most 400 are allowed",
    ),
    case("Chinese brackets without end", changed("It happened.", ("《" * 1_900 + "x\n") * 9)),
    case(
        "a long line",
        changed("It happened.", "x" * 2_001),
        "10: the text has 2,001 characters in one line; at most 2,000 are allowed",
    ),
    case(
        "many lines",
        changed("It happened.", "a" + "\n" * 1_000),
        "10: the text has 1,003 lines; at most 1,000 are allowed",
    ),
    case("assignments that are no event handlers", changed("It happened.", "Only=1, onload=x.")),
    case(
        "lists in lists",
        changed("It happened.", "\n".join("    " * depth + "- x" for depth in range(8))),
        "16: the text is nested too deeply; write plain paragraphs and short lists",
        "17: the text is nested too deeply; write plain paragraphs and short lists",
    ),
    case(
        "quotations in quotations",
        changed("It happened.", ">>>>>> x"),
        "10: the text is nested too deeply; write plain paragraphs and short lists",
    ),
    case(
        "many unknown ids",
        changed("[toa]", f"[{', '.join(f'{n}-aa' for n in range(100, 900))}]"),
        "2: the front matter has 775 more problems",
        *(
            f"5: 'regulators': there is no page '{n}-aa' in docs/regulators/"
            for n in range(100, 125)
        ),
    ),
    case(
        "too much text",
        changed("It happened.", "x" * 20_000),
        "10: the text has 20,162 characters; at most 20,000 are allowed",
    ),
    case(
        "nested far too far",
        changed("[toa]", "[" * 3_000 + "]" * 3_000),
        "1: the front matter is nested too deeply; at most 10 levels are allowed",
    ),
    case(
        "nested without end",
        changed("[toa]", "[" * 9_000),
        "5: the list is not closed",
    ),
    case(
        "too much front matter",
        changed("added:", f"number: {'x' * 20_000}\nadded:"),
        "1: the front matter has 20,140 characters; at most 20,000 are allowed",
    ),
    case("too large", GOOD + "x" * 200_000, "1: has 200,313 bytes; at most 200,000 are allowed"),
    case(
        "neither page nor asset",
        "<script>alert(1)</script>",
        "1: is neither a page (.md) nor one of .css, .ico, .jpeg, .jpg, .js, .pdf, .png, .svg, "
        ".txt, .webp, .woff2; convert or remove it",
        path="docs/evil.markdown",
    ),
    case(
        "not an entry",
        "x",
        "1: is not an entry; only .md files belong here; rename or remove it",
        path="entries/2021/x.txt",
    ),
]
