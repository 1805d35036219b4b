"""Markdown bodies: Chinese runs, previews, links."""

import pytest
from timeline.model.body import complaints, han_runs, linked, marked, plain


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("the Act (潮汐法), passed", ["潮汐法"]),
        ("《网络安全法（2016年）》 of 2016", ["《网络安全法（2016年）》"]),
        ("GB/T 35273 信息安全技术 个人信息安全规范", ["信息安全技术", "个人信息安全规范"]),
        ("number 国信办令第13号.", ["国信办令第13号"]),
        ("“清朗·2022年算法综合治理”专项行动", ["“清朗·2022年算法综合治理”专项行动"]),
        ("no Chinese — “quoted”", []),
        (
            "网络安全标准实践指南—个人信息跨境处理活动",
            ["网络安全标准实践指南—个人信息跨境处理活动"],
        ),
        ("App违法违规收集, then", ["违法违规收集"]),
    ],
)
def test_han_runs(text: str, chinese: list[str]) -> None:
    pieces = list(han_runs(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_chinese in pieces if is_chinese] == chinese


def test_marked() -> None:
    assert marked("*Act* (法)") == '*Act* (<span lang="zh-Hans">法</span>)'
    for verbatim in ("`中文`", '[a](https://a.example/ "中文")', "    中文"):
        assert marked(verbatim) == verbatim


def test_plain() -> None:
    body = "\nThe *Tide Act* [came](../2021/2021-a.md) &\n`so` snake_case.\n\nSecond."
    assert plain(body) == "The Tide Act came & so snake_case."


def test_linked() -> None:
    body = "[a](../2021/2021-03-a.md) [b](https://b.example/c.md) [c]\n\n[c]: ../2021/2021-03-a.md"
    assert linked(body, lambda entry: f"to/{entry}.md") == (
        "[a](to/2021-03-a.md) [b](https://b.example/c.md) [c]\n\n[c]: to/2021-03-a.md"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<b>",
        "< b> <b",
        "</div>",
        "<!-- x",
        "<?php",
        "`<b>`",
        "[x](<javascript:alert(1)>)",
        "[x]( javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](JAVASCRIPT:alert(1))",
        "[x](//evil.example)",
        "[x](https:evil.example)",
        "[x](../../../etc/passwd.md)",
        "[x]:\n  javascript:alert(1)",
        "![x][y]\n\n[y]: https://evil.example/x.png",
        "<javascript:alert(1)>",
        "<https://a.example onclick=x>",
    ],
)
def test_refused(body: str) -> None:
    assert list(complaints(body, 1, frozenset()))
