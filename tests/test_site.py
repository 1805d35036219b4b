"""The real site as built: reachable, without dead links, asking no other host, the same twice."""

import hashlib
import os
import shutil
from collections import Counter, defaultdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from conftest import DAY, ROOT, build, copy_checkout, mkdocs
from timeline.model.dates import MONTHS
from timeline.source.collection import terms_of
from timeline.source.project import Project
from timeline.views.view import KINDS

BASE = "https://timeline.example.org/"
FETCHED = {
    ("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src"), ("video", "src"),
    ("audio", "src"), ("embed", "src"), ("object", "data"), ("input", "src"), ("use", "href"),
}  # fmt: skip
HEADINGS = ("h2", "h3", "h4")
LISTS = ("ul", "ol", "table", "thead")
POINTED_AT = {"h2", "h3", "rows", "links", "history", "ledger", "instruments"}
FETCHING_LINKS = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "modulepreload"}


class PageParser(HTMLParser):
    """Collects a page's links, anchors and what it fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.fetched: list[str] = []
        self.handlers: list[str] = []
        self.rows: list[tuple[str, str | None]] = []  # the kind of each, and its anchor
        self._lists: list[str] = []  # those that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.append(value)
            if name.startswith("on"):
                self.handlers.append(f"{tag} {name}")
            if (tag, name) in FETCHED and value:
                self.fetched.append(value)
        found = dict(attrs)
        if tag in LISTS:
            self._lists.append(found.get("class") or tag)
        if tag in HEADINGS or (tag in ("li", "tr") and self._lists):
            self.rows.append((tag if tag in HEADINGS else self._lists[-1], found.get("id")))
        href = found.get("href")
        offered = tag == "link" and found.get("rel") == "alternate"
        if href is not None and (tag == "a" or offered):
            self.links.append(href.replace("webcal://", "https://"))
        if tag == "link" and href and set((found.get("rel") or "").split()) & FETCHING_LINKS:
            self.fetched.append(href)

    def handle_endtag(self, tag: str) -> None:
        if tag in LISTS:
            self._lists.pop()


def address_of(site: Path, file: Path) -> str:
    return BASE + file.relative_to(site).as_posix().removesuffix("index.html")


@cache
def parsed(site: Path) -> dict[str, PageParser]:
    """Address -> what stands on the page."""
    pages = {}
    for file in sorted(site.rglob("*.html")):
        page = PageParser()
        page.feed(file.read_text(encoding="utf-8"))
        pages[address_of(site, file)] = page
    return pages


@pytest.mark.parametrize("which", ["site", "earlier_site"])
def test_no_dead_link_and_no_dead_anchor(which: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(which)
    pages = parsed(site)
    files = {BASE + f.relative_to(site).as_posix() for f in site.rglob("*") if f.is_file()}
    dead = []
    for address, page in pages.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(address, link))
            if not target.startswith(BASE):
                continue
            known = target in pages or unquote(target) in files
            if not known or (anchor and anchor not in pages[target].anchors):
                dead.append((address, link))
    assert dead == []


@pytest.mark.parametrize("which", ["site", "earlier_site"])
def test_no_anchor_stands_twice(which: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(which)
    twice = {
        address: [anchor for anchor, count in Counter(page.anchors).items() if count > 1]
        for address, page in parsed(site).items()
    }
    assert {address: found for address, found in twice.items() if found} == {}


def test_headings_and_rows_can_be_pointed_at(site: Path) -> None:
    """Of the site's own pages; an e-mail is one message."""
    rows = {
        (kind, address, anchor)
        for address, page in parsed(site).items()
        if not address.endswith("bulletin.html")
        for kind, anchor in page.rows
        if kind in POINTED_AT or (kind == "plain" and address.startswith(f"{BASE}changes/"))
    }
    assert {kind for kind, _, _ in rows} == {*POINTED_AT, "plain"}
    assert {(kind, address) for kind, address, anchor in rows if not anchor} == set()


def test_nothing_is_fetched_from_another_host(site: Path) -> None:
    for address, page in parsed(site).items():
        for fetched in page.fetched:
            assert urljoin(address, fetched).startswith(BASE), (address, fetched)
        assert page.handlers == []
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert "url(http" not in text
        assert "@import" not in text


def test_every_entry_is_reached_from_its_lists(site: Path) -> None:
    pages = parsed(site)
    leading = defaultdict(set)
    for address, page in pages.items():
        for link in page.links:
            leading[urldefrag(urljoin(address, link))[0]].add(address)
    collection = Project(ROOT).load().collection
    assert collection is not None
    for entry in collection.listed:
        own = f"{BASE}entries/{entry.id}/"
        expected = {f"{BASE}{kind}/{term}/" for kind in KINDS for term in terms_of(entry, kind)}
        expected.add(f"{BASE}timeline/{entry.date.year}/")
        if entry.date.month:
            expected.add(f"{BASE}timeline/{entry.date.year}/{entry.date.month:02}/")
        assert expected <= leading[own] | _divided(pages, own, expected), entry.id


def _divided(pages: dict[str, PageParser], own: str, lists: set[str]) -> set[str]:
    """Lists that are divided by years and lead to the entry from the page of its year."""
    year = own.removeprefix(f"{BASE}entries/")[:4]
    return {
        address
        for address in lists
        if any(urljoin(f"{address}{year}/", link) == own for link in _links(pages, address, year))
    }


def _links(pages: dict[str, PageParser], address: str, year: str) -> list[str]:
    page = pages.get(f"{address}{year}/")
    return page.links if page else []


def test_counts_stand_beside_lists(site: Path) -> None:
    collection = Project(ROOT).load().collection
    assert collection is not None
    home = (site / "index.html").read_text(encoding="utf-8")
    assert f'<p class="total">{len(collection.listed)} developments' in home
    for year, months in collection.by_month.items():
        for month, entries in months.items():
            if month:
                file = site / f"timeline/{year}/{month:02}/index.html"
                text = file.read_text(encoding="utf-8")
                assert f"<h1>{MONTHS[month - 1]} {year}</h1>" in text
                unit = "development" if len(entries) == 1 else "developments"
                assert f'<p class="total">{len(entries)} {unit}' in text


def test_edit_links_lead_to_real_files(site: Path) -> None:
    """Every page made of a file offers to edit that file."""
    for file in (site / "entries").rglob("index.html"):
        if 'http-equiv="refresh"' in file.read_text("utf-8"):
            continue  # a former address
        name = file.parent.name
        expected = f"/edit/main/entries/{name[:4]}/{name}.md"
        assert f'{expected}" rel="edit noopener">Edit this entry</a>' in file.read_text("utf-8")
        assert (ROOT / expected.removeprefix("/edit/main/")).is_file()
    cac = (site / "regulators/cac/index.html").read_text(encoding="utf-8")
    assert '/edit/main/docs/regulators/cac.md" rel="edit noopener">Edit this page</a>' in cac


def test_bodies_are_rendered_between_the_generators_blocks(site: Path) -> None:
    for file in site.rglob("*.html"):
        assert "block -->" not in file.read_text(encoding="utf-8"), file
    pipl = (site / "instruments/pipl/index.html").read_text(encoding="utf-8")
    assert "<p>The national statute devoted to personal information." in pipl


def test_chinese_is_marked(site: Path) -> None:
    cac = (site / "regulators/cac/index.html").read_text(encoding="utf-8")
    assert '<p class="subtitle" lang="zh-Hans">国家互联网信息办公室</p>' in cac
    assert '<span lang="zh-Hans">网信办</span>' in cac


def digest(folder: Path) -> dict[str, str]:
    """Path -> checksum. Of the search index the fragments: Pagefind numbers them as they come."""
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*")}
    return {
        path: hashlib.sha256(file.read_bytes()).hexdigest()
        for path, file in files.items()
        if file.is_file() and (not path.startswith("pagefind/") or "/fragment/" in path)
    }


def test_two_builds_are_alike(site: Path, tmp_path: Path) -> None:
    """Another folder, time zone and locale, files made in another order."""
    checkout = copy_checkout(tmp_path / "in another 文件夹")
    shutil.rmtree(checkout / "entries")
    for file in sorted((ROOT / "entries").rglob("*.md"), reverse=True):
        copy = checkout / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
        os.utime(copy, (1, 1))
    again = build(checkout, TZ="America/Los_Angeles", LC_ALL="C", LANG="C", PYTHONHASHSEED="7")
    assert digest(again) == digest(site)


def test_the_day_is_an_input(tmp_path: Path) -> None:
    site = build(copy_checkout(tmp_path), AS_OF="2018-08-01")
    assert "As of 1 August 2018." in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "entries/2018-07-30-nuisance-calls-action-plan/index.html").is_file()
    assert not list((site / "entries").glob("2018-08-*"))
    assert DAY[:10] not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_what_came_later_is_unknown_to_an_earlier_site(earlier_site: Path) -> None:
    for path in ("instruments/ai-labelling-measures", "regulators/nda", "timeline/2022"):
        assert not (earlier_site / path).exists(), path
    cbirc = earlier_site / "regulators/cbirc/index.html"
    assert not cbirc.exists() or "Followed by" not in cbirc.read_text(encoding="utf-8")
    csl = (earlier_site / "instruments/cybersecurity-law/index.html").read_text(encoding="utf-8")
    assert "as amended" not in csl
    years = {path.name for path in (earlier_site / "timeline").iterdir() if path.is_dir()}
    assert years == {str(year) for year in range(2015, 2022)}


def test_a_problem_ends_the_build_and_the_old_site_stays(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path)
    site = build(checkout)
    before = digest(site), digest(checkout / "build")
    (checkout / "entries/2022/2022-01-01-x.md").write_text("nothing", encoding="utf-8")
    done = mkdocs(checkout, "build", "--strict")
    assert done.returncode == 1
    assert (
        "entries/2022/2022-01-01-x.md:1: there is no front matter; "
        "the file must begin with a line '---'\n"
    ) in done.stderr
    assert "Traceback" not in done.stderr
    assert (digest(site), digest(checkout / "build")) == before


def test_a_day_that_is_none(tmp_path: Path) -> None:
    done = mkdocs(copy_checkout(tmp_path), "build", AS_OF="yesterday")
    assert done.returncode == 1
    assert "AS_OF: 'yesterday' is not a day; write it as 2022-04-29" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["index.html", "404.html", "timeline/index.html"])
def test_pages_name_their_language(site: Path, path: str) -> None:
    assert '<html lang="en"' in (site / path).read_text(encoding="utf-8")
    assert urlsplit(BASE).scheme == "https"
