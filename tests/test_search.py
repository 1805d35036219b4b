"""Search records of pages, and the index that is built from them."""

import gzip
import json
import re
from itertools import accumulate
from pathlib import Path
from typing import Any

import cbor2
import pytest
from in_memory import snapshot
from timeline.output import complete
from timeline.schema.vocabulary import Rank
from timeline.site.search import hidden_words, pieces, records, search_records, weight
from timeline.site.search_index import write_index
from timeline.site.search_names import collapsed, folded, names_file, traditional_characters


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("GB/T 35273-2020", "gbt352732020"),
        ("ＧＢ／Ｔ　35273—2020", "gbt352732020"),
        ("潮监令第13号", "潮监令第13号"),
        ("  T.A. ", "ta"),
        ("《》 —", ""),
    ],
)
def test_name_is_normalised(name: str, kept: str) -> None:
    assert collapsed(name) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《潮汐监测办法》 (TOA)", "潮汐监测办法 汐监测办法 监测办法 测办法 办法 toa"),
        ("App专项治理", "app专项治理 pp专项治理 p专项治理 专项治理 项治理 治理"),
        ("潮汐法（2021年）", "潮汐法 汐法 2021年 021年 21年 1年"),
        ("2021 潮汐", "2021 021 21 潮汐"),
        ("No Chinese in it", ""),
    ],
)
def test_chinese_is_indexed_from_every_character(text: str, found: str) -> None:
    assert " ".join(pieces(text)) == found


def test_pieces_have_at_most_eight_characters() -> None:
    found = list(pieces("甲乙丙丁戊己庚辛壬"))
    assert found[:3] == ["甲乙丙丁戊己庚辛", "乙丙丁戊己庚辛壬", "丙丁戊己庚辛壬"]
    assert [len(piece) for piece in found] == [8, 8, 7, 6, 5, 4, 3, 2]


def test_hidden_words_include_plain_numbers_and_the_other_spelling() -> None:
    found = hidden_words(["TOA", "潮监局", "Order No. 13", ""], ["监测办法", "TOA"])
    assert found == "TOA 潮监局 Order No. 13 orderno13 监测办法 测办法 办法"
    assert hidden_words(["Tide Act", "Tide Rules"], [], "The Act") == "Tide Rules"
    spelled = hidden_words([], ["The Organisation of anonymization, by licence"])
    assert spelled == "organization anonymisation license"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("個人信息保護法", "个人信息保护法"),
        ("ＧＢ／Ｔ\u3000é", "gb/t e"),
        ("Māo ﬁling", "mao filing"),
        ("", ""),
    ],
)
def test_text_is_normalised(text: str, kept: str) -> None:
    assert folded(text) == kept


def test_traditional_characters_are_mapped_if_the_simplified_form_occurs() -> None:
    pairs = dict(zip(*traditional_characters(["潮汐监测 x"]), strict=True))
    assert pairs["監"] == "监"
    assert pairs["測"] == "测"
    assert "國" not in pairs


def test_names_are_ordered_by_validity_then_rank() -> None:
    """Bodies and topics are first; then instruments in force, drafts and former instruments."""
    known = json.loads(names_file(snapshot()))
    places = [url for url, *_ in known["terms"]]
    laws = [url.split("/")[1] for url in places if url.startswith("instruments/")]
    assert [
        law for law in laws if law in {"tide-act", "old-tide-law", "wharf-rules", "gull-notice"}
    ] == [
        *("tide-act", "wharf-rules", "gull-notice", "old-tide-law"),
    ]
    assert known["terms"][places.index("instruments/signal-rules/")] == [
        "instruments/signal-rules/",
        "Signal Rules",
        "信号规定",
        f"{Rank.DEPARTMENTAL_RULE.label} · Partly in force",
        ["SR", "Order No. 12"],
    ]
    assert known["pinyin"]["hao"] == "号"


def test_index_has_each_record_once_and_hidden_words_are_on_no_page(world_site: Path) -> None:
    found: dict[str, dict[str, Any]] = {}
    for file in (world_site / "pagefind" / "fragment").glob("*/*"):
        fragment = json.loads(_fragment(file))
        assert fragment["url"] not in found
        found[fragment["url"]] = fragment
    assert sorted(found) == sorted(f"/{record.url}" for record in records(snapshot()))
    act = found["/instruments/signal-rules/"]
    assert act["meta"]["words"] == "Signal Rules 信号规定 SR Order No. 12 orderno12 号规定 规定"
    assert act["content"].startswith("Signal Rules. Rules on signals (信号).")
    assert "号规定 规定" not in act["content"]
    page = (world_site / "instruments/signal-rules/index.html").read_text(encoding="utf-8")
    assert "号规定 规定" not in page


def test_names_of_fragments_contain_the_weight(world_site: Path) -> None:
    files = (world_site / "pagefind" / "fragment").glob("*/*")
    weighty = {file.stem: file for file in files if re.search("[g-z]$", file.stem)}
    found = {json.loads(_fragment(file))["url"]: name[-1] for name, file in weighty.items()}
    expected = {f"/entries/{e.id}/": weight(e) for e in snapshot().collection.listed if weight(e)}
    assert found == {url: "fghijklmnopq"[tenths] for url, tenths in expected.items()}
    assert found["/entries/2022-02-03-south-harbour-fined/"] == "i"  # 1, plus 2 for five figures


def _fragment(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd")


def test_only_the_used_files_of_the_library_are_published(world_site: Path) -> None:
    names = [file.name for file in (world_site / "pagefind").glob("*.*")]
    assert [name for name in names if name.endswith((".js", ".css"))] == ["pagefind.js"]
    assert "pagefind-entry.json" in names


def test_index_built_in_batches_equals_one_built_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests the invented world, and two spellings of a word with the same normalised form."""
    made = complete(search_records(snapshot()))
    made["entries/x/index.html"] = _record("<h1>Café</h1><p>The café, the cafe.</p>")
    made["entries/y/index.html"] = _record("<p>Cafe, café, cafè.</p>")
    monkeypatch.setattr("timeline.site.search_index._PART_SIZE", 300)
    found = []
    for size in (len(made), 20):
        monkeypatch.setattr("timeline.site.search_index.BATCH", size)
        work, site = tmp_path / "work", tmp_path / str(size)
        write_index(iter(made.items()), work, site)
        batches = [file for file in work.iterdir() if file.is_dir()]
        assert len(batches) == -(-len(made) // size)
        found.append(_index(site / "pagefind"))
    assert found[0]["words"]["cafe"][1].keys() == {"café", "cafè"}
    assert found[0] == found[1]


def test_index_is_reused_whatever_the_path_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path depends on the option that names the settings."""
    monkeypatch.chdir(tmp_path)
    records = [("entries/x/index.html", _record("<p>Tide.</p>"))]
    found = []
    for work in (tmp_path / "work", Path("work"), tmp_path / "work"):
        write_index(records, work, tmp_path / "site")
        found.append(_index(tmp_path / "site/pagefind"))
    assert found[0] == found[1] == found[2]


def _record(body: str) -> bytes:
    hidden = '<meta data-pagefind-meta="words[content]" content="zq">'
    html = f'<html lang="en"><head>{hidden}</head><body data-pagefind-body>{body}</body></html>'
    return html.encode()


def _index(folder: Path) -> dict[str, Any]:
    """Return the content of an index, with page addresses in place of page numbers."""
    (listing,) = folder.glob("*.pf_meta")
    _, pages, parts, filters, *others = _cbor(listing)
    names = [folder / "fragment" / f"{name}.pf_fragment" for name, _ in pages]
    urls = [json.loads(_fragment(name))["url"] for name in names]

    def by_url(listed: list[list[Any]]) -> dict[str, Any]:
        numbers = accumulate(page[0] for page in listed)
        return {urls[number]: page[1:] for number, page in zip(numbers, listed, strict=True)}

    words: dict[str, Any] = {}
    last = ""
    for first, until, name in parts:
        (part,) = _cbor(folder / "index" / f"{name}.pf_index")
        # The shortest prefix that differs from the last word of the previous part.
        assert part[0][0].startswith(first)
        assert last.startswith(first[:-1])
        assert not last.startswith(first)
        last = part[-1][0]
        assert last.startswith(until)
        for word, listed, spellings in part:
            words[word] = (by_url(listed), {name: by_url(more) for name, more in spellings})
    assert list(words) == sorted(words)
    return {
        "entries": {
            url: name.stem
            for url, name in zip(urls, names, strict=True)
            if re.match(r"/entries/\d", url)  # only entries are ordered by date
        },
        "words": words,
        "filters": {
            kind: {value: {urls[page] for page in pages} for value, pages in values}
            for kind, values in (_cbor(folder / f"filter/{name}.pf_filter") for _, name in filters)
        },
        "others": others,
    }


def _cbor(file: Path) -> Any:
    return cbor2.loads(_fragment(file))


def test_index_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="the search index was not made: "):
        write_index(iter([("no-page.txt", b"")]), tmp_path / "work", tmp_path / "site")
