"""`check.py --fix`: mistakes with only one correction are fixed, and nothing else changes."""

import dataclasses
import random
import re
from pathlib import Path

import check
import pytest
from conftest import ROOT, WORLD, WORLD_WARNING, edit
from timeline.checks import Project
from timeline.checks.fix import Fixed, fix
from timeline.content.front_matter import UnreadableError, parse_text
from timeline.schema.entry import Entry
from timeline.schema.terms import Regulator
from timeline.schema.types import Kind

KNOWN = Project(WORLD).load().index
NAMES: dict[Kind, dict[str, str]] = {"regulators": {**KNOWN.names["regulators"], "bureau": "toa"}}
SHARED: dict[Kind, frozenset[str]] = {"regulators": frozenset({"bureau"})}  # by two pages
INDEX = dataclasses.replace(KNOWN, names={**KNOWN.names, **NAMES}, ambiguous=SHARED)

Case = tuple[str, str, list[str]]  # front matter before and after, and the report


def _read_cases() -> dict[str, Case]:
    text = (ROOT / "tests" / "fixes.txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^## (.+)\n", f"{text}\n", flags=re.MULTILINE)
    found: dict[str, Case] = {}
    for name, rest in zip(parts[::2], parts[1::2], strict=True):
        before, _, result = rest.removesuffix("\n").partition("=>\n")
        after, *reported = re.split(r"^→ ", result, flags=re.MULTILINE)
        found[name] = (before, after or before, [line.strip() for line in reported])
    return found


INVISIBLE = {
    "invisible character": "title: A\u2028B\ntopics: [Tides]\n",
    "line that only YAML counts": "title: A: b\x85c\n",
}
CASES = _read_cases() | {name: (front, front, []) for name, front in INVISIBLE.items()}


@pytest.mark.parametrize(("before", "after", "reported"), CASES.values(), ids=CASES)
def test_front_matter_is_fixed_and_reported(before: str, after: str, reported: list[str]) -> None:
    body = "Text:  a  \n\n---\n\ttitle: B\n"
    found = fix(f"---\n{before}---\n{body}".encode(), Entry, INDEX)
    assert found.data.decode() == f"---\n{after}---\n{body}"
    assert [f"{line}: {what}" for line, what in found.done] == reported
    assert fix(found.data, Entry, INDEX).data == found.data


def test_keys_of_a_vocabulary_page_are_fixed() -> None:
    before = b"---\nkind: Branch\nparent: TOA\nname: X\nplace: Shore\n---\nX.\n"
    found = fix(before, Regulator, INDEX)
    assert found.data == b"---\nname: X\nkind: branch\nplace: Shore\nparent: toa\n---\nX.\n"


@pytest.mark.parametrize(
    ("before", "after", "reported"),
    [
        (
            "\ufeff\ufeff--- \r\ntitle: A\r\n---\r\nText.  \r\rMore\r\n\r\n",
            "---\ntitle: A\n---\nText.  \n\nMore\n",
            [
                "1: byte-order mark removed",
                "1: line endings changed to those of Unix",
                "1: spaces tidied",
                "6: file ended with one line ending",
            ],
        ),
        ("nothing  ", "nothing  \n", ["1: file ended with one line ending"]),
        ("---\ntitle:   A\n", "---\ntitle:   A\n", []),
        ("---\n---\n", "---\n---\n", []),
    ],
)
def test_encoding_and_line_endings_are_fixed(before: str, after: str, reported: list[str]) -> None:
    found = fix(before.encode(), Entry, INDEX)
    assert found.data.decode() == after
    assert [f"{line}: {what}" for line, what in found.done] == reported
    assert fix(found.data, Entry, INDEX).data == found.data


@pytest.mark.parametrize("data", [b"\xff\xfe", b"---\ntitle:  \xff\n---\n"])
def test_file_that_is_not_utf8_is_unchanged(data: bytes) -> None:
    assert fix(data, Entry, INDEX).data == data


MUTATIONS = 120
PIECES = (
    "# c\n", "  # c\n", " # c", "\n", "\n\n", "  ", "\t", ": ", "'", '"', "- ", "[", "]", "{", "}",
    ",", "、", ";", "&a ", "*a", "!!str ", "|\n  a\n  b\n", "---\n", "\x85", "~", "yes",
    "1.50", "Tide Office", "潮监局", "Regulatory", "http://", "#", "%", "@", "key: value\n", "\\",
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """Return the text after a few random insertions, deletions and swaps of lines."""
    front = text.find("\n---\n", 4)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(front)
        match chance.randrange(3):
            case 0:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randrange(1, 4) :]
            case 2:
                lines = text.split("\n")
                one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[one], lines[other] = lines[other], lines[one]
                text = "\n".join(lines)
    return text


def test_fix_does_not_damage_mutated_files() -> None:
    """A second run changes nothing, and text, keys and comments remain, whatever is wrong."""
    parts = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$(.*)", re.MULTILINE | re.DOTALL)
    comment = re.compile(r"(?<!\S)#")
    files = [(WORLD / path, model) for path, model in Project(WORLD).checkout.documents()]
    chance = random.Random(1)
    for _ in range(MUTATIONS):
        file, model = chance.choice(files)
        before = mutated(file.read_text(encoding="utf-8"), chance).rstrip() + "\n"
        found = fix(before.encode(), model, INDEX)
        after = found.data.decode()
        assert fix(found.data, model, INDEX) == Fixed(found.data, []), before
        assert bool(found.done) is (after != before), before
        old, new = parts.fullmatch(before), parts.fullmatch(after)
        if old is None or new is None or after == before:
            assert after == before, before
            continue
        assert new[2] == old[2], before
        assert len(comment.findall(new[1])) == len(comment.findall(old[1])), before
        try:
            values = parse_text(before).values
        except UnreadableError:  # because of missing quotes
            continue
        assert sorted(parse_text(after).values.keys() - {"added"}) == sorted(
            values.keys() - {"added"}
        )


def test_command_fixes_files_and_reports_the_rest(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = (f"entries/2022/{name}.md" for name in ("2022-02-01-moon-treaty",
                                                           "2022-02-02-duplicate"))  # fmt: skip
    before = {name: (world / name).read_bytes() for name in (path, other)}
    (world / path).write_bytes(before[path].replace(b"topics: [moon]", b"topics:  [Moon]"))
    (world / other).write_bytes(b"\xef\xbb\xbf" + before[other])
    (world / "entries/2022/2022-03-01-link.md").symlink_to("/etc/passwd")
    assert check.main(["--fix", str(world / path)], world) == 0
    assert capsys.readouterr() == (
        f"{path}:6: fixed: 'topics': Moon changed to moon\n{path}:6: fixed: spaces tidied\n", ""
    )  # fmt: skip
    assert (world / path).read_bytes() == before[path]
    assert (world / other).read_bytes() != before[other]
    assert check.main(["--fix"], world) == 1  # the link cannot be fixed
    assert capsys.readouterr() == (
        f"{other}:1: fixed: byte-order mark removed\n",
        "entries/2022/2022-03-01-link.md:1: is a symbolic link; put the file itself here\n",
    )
    assert {name: (world / name).read_bytes() for name in before} == before
    (world / "entries/2022/2022-03-01-link.md").unlink()
    assert check.main(["--fix"], world) == 0
    assert capsys.readouterr() == ("", f"{WORLD_WARNING}\n")


def test_keys_of_a_valid_file_are_sorted_only_if_it_is_named(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fixing one contributor's file does not change other contributors' files."""
    path = "entries/2022/2022-02-01-moon-treaty.md"
    before = (world / path).read_bytes()
    edit(world, path, "\nadded: 2022-02-04\n", "\n")
    edit(world, path, "---\ntitle: ", "---\nadded: 2022-02-04\ntitle: ")
    assert check.main(["--fix"], world) == 0
    assert capsys.readouterr().out == ""
    assert check.main(["--fix", str(world / path)], world) == 0
    assert capsys.readouterr().out == f"{path}:2: fixed: keys put in order\n"
    assert (world / path).read_bytes() == before
