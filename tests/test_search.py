"""What the search is told of the pages, and that its index is made of just that."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from timeline.search.search_words import collapsed, exact_names, hidden_words, pieces


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("GB/T 35273-2020", "gbt352732020"),
        ("ＧＢ／Ｔ　35273—2020", "gbt352732020"),
        ("国信办令第13号", "国信办令第13号"),
        ("  P.I.P.L. ", "pipl"),
        ("《》 —", ""),
    ],
)
def test_a_name_without_what_varies(name: str, kept: str) -> None:
    assert collapsed(name) == kept


def test_chinese_is_found_from_every_place() -> None:
    assert list(pieces("《网络安全审查办法》 (CAC)")) == [
        "网络安全审查办法",
        "络安全审查办法",
        "安全审查办法",
        "全审查办法",
        "审查办法",
        "查办法",
        "办法",
        "cac",
    ]
    assert list(pieces("App专项治理")) == [
        "app专项治理",
        "pp专项治理",
        "p专项治理",
        "专项治理",
        "项治理",
        "治理",
    ]
    assert list(pieces("No Chinese in it")) == []


def test_pieces_are_no_longer_than_eight() -> None:
    longest = max(pieces("中华人民共和国网络安全法实施条例"), key=len)
    assert longest == "中华人民共和国网"


def test_hidden_words() -> None:
    found = hidden_words(["CAC", "网信办", "Order No. 13"], ["审查办法"])
    assert found == "CAC 网信办 Order No. 13 orderno13 审查办法 查办法 办法"


def test_a_name_ends() -> None:
    assert exact_names(["CAC", "C.A.C.", "网信办"]) == "caczq 网信办zq"


def fragments(site: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for file in (site / "pagefind" / "fragment").iterdir():
        text = gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd")
        fragment = json.loads(text)
        found[fragment["url"]] = fragment
    return found


def test_the_index_has_each_page_once(site: Path) -> None:
    indexed = set(fragments(site))
    kinds = ("entries", "instruments", "regulators", "topics")
    pages = {
        f"/{kind}/{folder.name}/"
        for kind in kinds
        for folder in (site / kind).iterdir()
        if (folder / "index.html").is_file()
    }
    assert len(indexed) > 600
    assert indexed == pages


def test_hidden_words_are_in_no_page(site: Path) -> None:
    page = (site / "instruments" / "pipl" / "index.html").read_text(encoding="utf-8")
    assert "人信息保护法 信息保护法" not in page
    fragment = fragments(site)["/instruments/pipl/"]
    assert "人信息保护法 信息保护法" in fragment["meta"]["parts"]
    assert "人信息保护法 信息保护法" not in fragment["content"]


def test_nothing_of_the_library_but_what_is_used(site: Path) -> None:
    names = {file.name for file in (site / "pagefind").glob("*.*")}
    assert {name for name in names if name.endswith((".js", ".css"))} == {"pagefind.js"}
