"""The text of entries: Chinese passages, plain text, links, HTML and refused markup."""

import markdown
import pytest
from timeline.checks.rules import body_messages
from timeline.content.markup import (
    BLOCK,
    END_BLOCK,
    MarkdownBlocks,
    UnsafeMarkupError,
    body_html,
)
from timeline.content.text import (
    first_paragraph,
    link_entries,
    mark_chinese,
    split_chinese,
)
from timeline.schema.types import NameIndex


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("the Act (潮汐法), passed", ["潮汐法"]),
        ("《潮汐法（2016年）》 of 2016", ["《潮汐法（2016年）》"]),
        ("GB/T 1234 信标技术 潮汐规范", ["信标技术", "潮汐规范"]),
        ("number 潮信办令第13号.", ["潮信办令第13号"]),
        ("“净海·2022年灯塔治理”专项行动", ["“净海·2022年灯塔治理”专项行动"]),
        ("潮汐标准实践指南—浮标跨境活动", ["潮汐标准实践指南—浮标跨境活动"]),
        ("App违法违规收集, then", ["违法违规收集"]),
        ("no Chinese — “quoted”", []),
    ],
)
def test_chinese_passages_are_found_complete(text: str, chinese: list[str]) -> None:
    pieces = list(split_chinese(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_chinese in pieces if is_chinese] == chinese


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("*Act* (法)", '*Act* (<span lang="zh-Hans">法</span>)'),
        *((same, same) for same in ("`中文`", '[a](https://a.example/ "中文")', "    中文")),
        ("`法` 法", '`法` <span lang="zh-Hans">法</span>'),
    ],
)
def test_chinese_is_tagged_except_in_code_and_link_targets(body: str, marked: str) -> None:
    assert mark_chinese(body) == marked


def test_first_paragraph_is_plain_text() -> None:
    body = "\nThe *Tide Act* [came](../2021/2021-a.md) &\n`so` snake_case.\n\nSecond."
    assert first_paragraph(body) == "The Tide Act came & so snake_case."
    assert first_paragraph("\n") == ""


def test_only_links_to_entries_are_rewritten() -> None:
    body = "[a](../2021/2021-03-a.md) [b](https://b.example/c.md) [c]\n\n[c]: ../2021/2021-03-a.md"
    assert link_entries(body, lambda entry: f"to/{entry}.md") == (
        "[a](to/2021-03-a.md) [b](https://b.example/c.md) [c]\n\n[c]: to/2021-03-a.md"
    )
    assert body_html("[法](../2021/2021-03-a.md)\n\n- x", "https://w.example/") == (
        '<p><a href="https://w.example/entries/2021-03-a/"><span lang="zh-Hans">法</span></a></p>\n'
        "<ul>\n<li>x</li>\n</ul>"
    )


def _html(found: str, line: int = 7) -> str:
    return f"{line}: raw HTML is not allowed ({found!r}); leave it out, or write plain Markdown"


def _dead(target: str, line: int = 7) -> str:
    return f"{line}: the link {target!r} is not valid; link to https://… or ../<year>/<id>.md"


CODE = "a code block may not have attributes; name only its language"
IMAGE = "images are not allowed; link to the page that shows the image"


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("[a](https://a.example/) 3 < 5 <https://a.example/>", []),
        ("[a](../2021/2021-a.md) [b](../2022/2021-a.md)",
         ["7: the link '../2022/2021-a.md' leads to no entry; check its year and id"]),
        ("one\n\n<b>x", [_html("<b>x", line=9)]),
        ("< b> <b", [_html("<b")]),
        ("</div>", [_html("</div>")]),
        ("<!-- x", [_html("<!-- x")]),
        ("<?php", [_html("<?php")]),
        ("`<b>`", [_html("<b>`")]),
        ("<javascript:alert(1)>", [_html("<javascript:alert(1)>")]),
        ("<https://a.example onclick=x>", [_html("<https://a.example onclick=x>")]),
        ("[x](<javascript:alert(1)>)",
         [_html("<javascript:alert(1)>)"), _dead("<javascript:alert(1)>")]),
        ("[x]( javascript:alert(1))", [_dead("javascript:alert(1)")]),
        ("[x](&#106;avascript:alert(1))", [_dead("&#106;avascript:alert(1)")]),
        ("[x](JAVASCRIPT:alert(1))", [_dead("JAVASCRIPT:alert(1)")]),
        ("[x](//evil.example)", [_dead("//evil.example")]),
        ("[x](https:evil.example)", [_dead("https:evil.example")]),
        ("[x](../../../etc/passwd.md)", [_dead("../../../etc/passwd.md")]),
        ("[x]:\n  javascript:alert(1)", [_dead("javascript:alert(1)")]),
        ("<https://bank.example@evil.example/>", [_dead("https://bank.example@evil.example/")]),
        ("```{#__config .x}\ny\n```", [f"7: {CODE}"]),
        ("> ~~~ text {#__config}\n> y\n> ~~~", [f"7: {CODE}"]),
        ("![x][y]\n\n[y]: https://evil.example/x.png", [f"7: {IMAGE}"]),
    ],
)  # fmt: skip
def test_unsafe_text_is_refused(body: str, messages: list[str]) -> None:
    index = NameIndex({"entries": frozenset({"2021-a"})}, {})
    assert [f"{line}: {message}" for line, message in body_messages(body, 7, index)] == messages


@pytest.mark.parametrize(("own_names", "chinese"), [(True, "潮汐"), (False, "text-潮汐")])
def test_block_html_and_anchors_are_unchanged(own_names: bool, chinese: str) -> None:
    block = '<div id="note">\n\n    # *not* Markdown\n</div>'
    texts = ("Note", "潮汐", "__config", "Content")
    page = "\n\n".join(f"# {text}" for text in texts)
    page += f"\n\n{BLOCK}\n{block}\n{END_BLOCK}\n\n{END_BLOCK}"
    extension = MarkdownBlocks()
    extension.own_names = own_names
    toc = {"toc": {"slugify": extension.heading_id}}
    made = markdown.markdown(page, extensions=[extension, "toc"], extension_configs=toc)
    ids = ("text-note", chinese, "text-__config", "text-content")
    headings = "\n".join(f'<h1 id="{i}">{text}</h1>' for i, text in zip(ids, texts, strict=True))
    assert made == f"{headings}\n{block}\n{END_BLOCK}"


@pytest.mark.parametrize("unsafe", ["[a](javascript:x)", "[a](<  DATA:x>)", "![a](x)"])
def test_unsafe_markup_stops_the_build(unsafe: str) -> None:
    with pytest.raises(UnsafeMarkupError):
        markdown.markdown(unsafe, extensions=[MarkdownBlocks()])
