"""`check.py --fix`: what has one right answer is mended, once, and nothing else changes."""

from pathlib import Path

import check
import pytest
from conftest import ROOT
from timeline.contributing.mending import mended
from timeline.model.entry import Entry
from timeline.source.project import Project

KNOWN = Project(ROOT).load().known

# (what it is, before, after, what is said)
CASES: list[tuple[str, str, str, list[str]]] = [
    (
        "order, comments kept",
        "---\n# who\nregulators: [cac]\ntitle: A # told\ndate: 2021-01-01\n---\nText  \n",
        "---\ntitle: A # told\ndate: 2021-01-01\n# who\nregulators: [cac]\n---\nText  \n",
        ["2: the keys stand in order"],
    ),
    (
        "names to ids",
        ("---\nregulators: [网信办,  MIIT, npc-sc]\ntopics: 未成年人\ninstruments:\n"
        "  - {id: 个保法, stage: Amended}\n---\nx\n"),
        ("---\nregulators: [cac, miit, npc-sc]\ntopics: [minors]\ninstruments:\n"
        "  - {id: pipl, stage: amended}\n---\nx\n"),
        [
            "2: 'regulators': MIIT is miit",
            "2: 'regulators': spaces between its items",
            "2: 'regulators': 网信办 is cac",
            "3: 'topics': a list",
            "5: 'id': 个保法 is pipl",
            "5: 'stage': Amended is amended",
        ],
    ),
    (
        "a name of two pages is left",
        "---\nregulators: [国家知识产权局]\n---\nx\n",
        "---\nregulators: [国家知识产权局]\n---\nx\n",
        [],
    ),
    (
        "quotes",
        ("---\ntitle: A: B \"C\"\ndate: '2021-01-01'\nnumber: 7\nregulators: [\"cac\"]\n"
        "penalties:\n  - {party: X, measure: warning, amount: \"20\", currency: CNY}\n---\nx\n"),
        ("---\ntitle: \"A: B \\\"C\\\"\"\ndate: 2021-01-01\nregulators: [cac]\nnumber: \"7\"\n"
        "penalties:\n  - {party: X, measure: warning, amount: 20, currency: CNY}\n---\nx\n"),
        [
            "2: the keys stand in order",
            "2: the value stands in quotes",
            "3: 'date': 2021-01-01",
            '4: \'number\': "7"',
            "5: 'regulators': cac",
            "7: 'amount': a number needs no quotes",
        ],
    ),
    (
        "spaces, line ends, byte-order mark",
        "\ufeff--- \r\ntitle:   A  \r\ndate: 2021-01-01\r\n---\r\nText.  \r\nMore\r\n\r\n",
        "---\ntitle: A\ndate: 2021-01-01\n---\nText.  \nMore\n",
        [
            "1: the byte-order mark is removed",
            "1: the line ends are those of Unix",
            "2: 'title': one space after the colon",
            "2: the spaces at the line's end are removed",
            "6: the file ends with one line end",
        ],
    ),
    (
        "http where the file knows https",
        ("---\nsources:\n  - {kind: news, url: 'http://a.example/1?x,y'}\n"
        "  - kind: news\n    url: https://a.example/2\n  - kind: news\n"
        "    url: http://b.example/3\n---\nSee http://a.example/1\n"),
        ("---\nsources:\n  - {kind: news, url: \"https://a.example/1?x,y\"}\n"
        "  - kind: news\n    url: https://a.example/2\n  - kind: news\n"
        "    url: http://b.example/3\n---\nSee http://a.example/1\n"),
        ["3: 'url': http://a.example/1?x,y is https://a.example/1?x,y"],
    ),
    (
        "a block text keeps its spaces",
        "---\ntitle: |\n  A  \n  B\ndate: 2021-01-01\n---\nx\n",
        "---\ntitle: |\n  A  \n  B\ndate: 2021-01-01\n---\nx\n",
        [],
    ),
    (
        "one value where a list belongs",
        ("---\ntopics: data-security，minors\ninstruments:\n  - id: pipl\n    articles: 66\n"
        "  - {id: pipl, articles: '3, 4'}\nparties: Didi\n---\nx\n"),
        ("---\ntopics: [data-security, minors]\ninstruments:\n  - id: pipl\n"
        "    articles: [\"66\"]\n"
        "  - {id: pipl, articles: [\"3\", \"4\"]}\nparties: [\"Didi\"]\n---\nx\n"),
        ["2: 'topics': a list", "5: 'articles': a list", "6: 'articles': a list",
         "7: 'parties': a list"],
    ),
    (
        "a comma in a text is left",
        "---\nparties: Didi Global, Inc.\n---\nx\n",
        "---\nparties: Didi Global, Inc.\n---\nx\n",
        [],
    ),
    (
        "two byte-order marks",
        "\ufeff\ufeff---\ntitle:  A\n---\nx\n",
        "---\ntitle: A\n---\nx\n",
        ["1: the byte-order mark is removed", "2: 'title': one space after the colon"],
    ),
    # A line more for YAML than for the file: what is wrong stands on none of its lines.
    ("an end of line of YAML's own", "---\na: b\x85c\n---\nx\n", "---\na: b\x85c\n---\nx\n", []),
    ("no front matter", "nothing  \n", "nothing  \n", []),
    ("not closed", "---\ntitle:   A\n", "---\ntitle:   A\n", []),
    ("not to be mended", "---\ntitle: [A\n---\nx\n", "---\ntitle: [A\n---\nx\n", []),
    ("a key twice", "---\ntitle:  A\ntitle: B\n---\nx\n", "---\ntitle:  A\ntitle: B\n---\nx\n", []),
    ("aliases", "---\na: &a [x]\nb: *a\n---\nx\n", "---\na: &a [x]\nb: *a\n---\nx\n", []),
    ("unknown keys last", "---\nzzz: 1\ntitle: A\n---\nx\n", "---\ntitle: A\nzzz: 1\n---\nx\n",
     ["2: the keys stand in order"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_case(before: str, after: str, said: list[str]) -> None:
    found = mended(before.encode(), Entry, KNOWN)
    assert found.data.decode() == after
    assert [f"{line}: {what}" for line, what in found.done] == said
    again = mended(found.data, Entry, KNOWN)
    assert again.data == found.data


def test_other_bytes_come_back() -> None:
    for data in (b"\xff\xfe", b"", b"\x00", b"---\n---\n", b"---\n\xff\n---\n"):
        assert mended(data, Entry, KNOWN).data in {data, data.rstrip(b"\n") + b"\n"}


def test_the_real_files_have_nothing_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    project = Project(ROOT)
    for path, model in project.documents():
        data = (ROOT / path).read_bytes()
        assert mended(data, model, KNOWN).data == data, path


def test_the_command(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = "entries/2022/2022-02-01-moon-treaty.md"
    file = world / path
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("topics: [moon]", "topics:  [Moon]"), encoding="utf-8")
    other = world / "entries/2022/2022-02-02-duplicate.md"
    other.write_bytes(b"\xef\xbb\xbf" + other.read_bytes())
    assert check.main(["--fix", str(file)], world) == 0
    assert capsys.readouterr().out == (
        f"{path}:6: fixed: 'topics': Moon is moon\n"
        f"{path}:6: fixed: 'topics': one space after the colon\n"
    )
    assert file.read_text(encoding="utf-8") == text
    assert other.read_bytes().startswith(b"\xef\xbb\xbf")
    assert check.main(["--fix"], world) == 0
    assert "2022-02-02-duplicate.md:1: fixed: the byte-order mark" in capsys.readouterr().out
    assert check.main(["--fix"], world) == 0
    assert "fixed" not in capsys.readouterr().out
