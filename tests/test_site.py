"""The built site of the invented world: links, files, and independence of the environment."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import (
    BASE,
    EARLIER_DAY,
    EDIT,
    WORLD,
    WORLD_DAY,
    build,
    copy_checkout,
    edit,
    mkdocs,
    received,
)
from pages import dead_links, foreign_requests, parsed, repeated_ids

pytestmark = pytest.mark.site
DATE = re.compile(r"^\d{4}(?:-\d\d){0,2}")
ROWS = {"h2", "h3", "rows", "links", "links instruments", "history", "ledger", "plain"}


def sources() -> dict[str, str]:
    """Return the source files of the invented world: path -> text."""
    files = [*WORLD.glob("entries/*/*.md"), *WORLD.glob("docs/**/*.md")]
    return {
        file.relative_to(WORLD).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(files)
    }


@pytest.mark.parametrize("which", ["world_site", "earlier_site"])
def test_pages_are_consistent(which: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(which)
    assert dead_links(site) == []
    assert repeated_ids(site) == {}
    assert foreign_requests(site) == []
    assert {address for address, page in parsed(site).items() if page.language != "en"} == set()


def test_headings_and_rows_have_anchors(world_site: Path) -> None:
    """This does not apply to e-mails and to lists in the text of entries."""
    rows = {
        (kind, address, anchor)
        for address, page in parsed(world_site).items()
        if not address.endswith("bulletin.html")
        for kind, anchor in page.rows
        if kind in ROWS and (kind != "plain" or address.startswith(f"{BASE}changes/"))
    }
    assert {kind for kind, _, _ in rows} == ROWS
    assert {(kind, address) for kind, address, anchor in rows if not anchor} == set()


def test_every_entry_is_linked_from_its_lists(world_site: Path) -> None:
    pages = parsed(world_site)
    missing = []
    for path, text in sources().items():
        if not path.startswith("entries/") or "\nwithdrawn:" in text:
            continue
        entry = yaml.safe_load(text.split("---\n")[1])
        year, *month = re.findall(r"\d+", str(entry["date"]))[:2]
        lists = [f"timeline/{year}/", *(f"timeline/{year}/{number}/" for number in month)]
        for kind in ("regulators", "topics", "newsletters"):
            lists += [f"{kind}/{name}/" for name in entry.get(kind, [])]
        lists += [f"instruments/{step['id']}/" for step in entry.get("instruments", [])]
        own = f"entries/{Path(path).stem}/"
        for listed in lists:
            if f"{'../' * listed.count('/')}{own}" not in pages[f"{BASE}{listed}"].links:
                missing.append((own, listed))
    assert missing == []


def test_counts_of_index_and_pages_agree(world_site: Path) -> None:
    """A body's page also lists entries of its predecessors, but counts them separately."""
    counted = []
    for kind in ("regulators", "topics", "instruments"):
        index = (world_site / kind / "index.html").read_text(encoding="utf-8")
        rows = re.findall(r'<li id=.*?href="\.\./([^"]+)/".*?title="([^"]+)"', index)
        counted += [(f"{kind}/{term.rpartition('/')[2]}", text) for term, text in rows]
    assert len(counted) == 28
    for path, text in counted:
        page = (world_site / path / "index.html").read_text(encoding="utf-8")
        total = re.search(r'<p class="total">(\d+) |id="developments">.*?>(\d+)<', page)
        assert total, path
        assert text.split()[0] == (total[1] or total[2]), path


def test_each_source_file_is_edited_from_one_page(world_site: Path) -> None:
    edited = [
        (address.removeprefix(BASE), link)
        for address, page in parsed(world_site).items()
        for link in page.edit_links
    ]
    expected = []
    for path in sources():
        page = path.removeprefix("docs/").removesuffix(".md").removesuffix("index")
        page = re.sub(r"^entries/\d{4}/", "entries/", page)
        expected.append((f"{page}/" if page and not page.endswith("/") else page, EDIT + path))
    assert sorted(edited) == sorted(expected)


def test_body_is_rendered_as_markdown(world_site: Path) -> None:
    page = (world_site / "entries/2021-03-01-tide-act-passed/index.html").read_text("utf-8")
    assert (
        "<p>The Assembly passed the <em>Tide Act</em> "
        '(<span lang="zh-Hans">《潮汐法（2021年）》</span>). The\n'
        '<a href="../../entries/2021-harbours-pledge/">pledge</a> came with it.</p>\n'
        "<ul>\n<li>Harbours keep tables.</li>\n<li>Others follow.</li>\n</ul>\n"
        "<p>Nothing more is known of it, "
    ) in page
    for file in world_site.rglob("*.html"):
        assert "block -->" not in file.read_text(encoding="utf-8"), file


def test_not_found_page_links_to_every_section(world_site: Path) -> None:
    sections = (
        "timeline", "explore", "regulators", "topics", "instruments", "deadlines", "enforcement",
        "about", "changes", "data", "newsletters", "contribute",
    )  # fmt: skip
    links = parsed(world_site)[f"{BASE}404.html"].links
    assert links[-13:] == ["/", *(f"/{name}/" for name in sections)]


def digests(folder: Path) -> dict[str, str]:
    """Return the checksums of a folder's files: path -> checksum."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_build_is_reproducible(world_site: Path, tmp_path: Path) -> None:
    """The second build has another folder, time zone, locale and order of files."""
    checkout = copy_checkout(tmp_path / "another 文件夹", WORLD)
    shutil.rmtree(checkout / "entries")
    for path, text in reversed(sources().items()):
        file = checkout / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1, 1))
    settings = {"TZ": "America/Los_Angeles", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "7"}
    settings["RAYON_NUM_THREADS"] = "1"  # for the search indexer
    assert digests(build(checkout, AS_OF=WORLD_DAY, **settings)) == digests(world_site)


def _change_entries(checkout: Path) -> None:
    edit(checkout, "entries/2022/2022-02-01-moon-treaty.md", "A treaty", "A new treaty")
    renamed = checkout / "entries/2022/2022-02-10-east-harbour-fined.md"
    renamed.rename(renamed.with_name("2022-02-10-harbour-fined.md"))
    (checkout / "entries/2022/2022-01-10-moon-act-passed.md").unlink()


def _change_published_files(checkout: Path) -> None:
    for path in ("entries/2022-02-01-moon-treaty/index.html", "calendar.ics", "feed.atom"):
        (checkout / "site" / path).write_text("changed by hand", encoding="utf-8")
    for file in (checkout / "site/pagefind/fragment").rglob("*.pf_fragment"):
        file.write_text("changed by hand", encoding="utf-8")


def _change_page(checkout: Path) -> None:
    edit(checkout, "docs/regulators/toa.md", "Tidewater", "High Tidewater")


def _change_template(checkout: Path) -> None:
    edit(checkout, "scripts/timeline/site/templates/entry.md.j2", "Sources <", "Its sources <")


def _change_theme(checkout: Path) -> None:
    edit(checkout, "theme/main.html", "Not legal advice.", "No advice.")


def _nothing(_: Path) -> None:
    pass


CHANGES: dict[Callable[[Path], None], dict[str, str]] = {  # with the settings of the build
    _change_entries: {},
    _change_published_files: {},
    _change_page: {},
    _change_template: {},
    _change_theme: {"AS_OF": "2022-03-02"},
    _nothing: {"SITE_URL": "https://other.example/", "AS_OF": "2022-03-02"},
}


def _go_back(checkout: Path) -> None:
    """Restore the first state, with files that another version left in the build folders."""
    for part in ("entries", "docs", "scripts", "theme"):
        shutil.rmtree(checkout / part)
    copy_checkout(checkout, WORLD)
    (checkout / ".site.new/data").mkdir(parents=True)
    for folder in ("build/index/0/records", "site/pagefind/filter", ".site.new/data"):
        (checkout / folder / "left.md").write_text("left", encoding="utf-8")
    for file in (checkout / "build").rglob("*"):
        if file.is_file():
            file.write_text("other", encoding="utf-8")


def test_repeated_build_equals_a_first_build(world_site: Path, tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout", WORLD)
    build(checkout, AS_OF=WORLD_DAY)
    for change, settings in CHANGES.items():
        change(checkout)
        clean = Path(shutil.copytree(checkout, tmp_path / change.__name__))
        for made in ("build", "site"):
            shutil.rmtree(clean / made)
        chosen = {"AS_OF": WORLD_DAY} | settings
        assert digests(build(checkout, **chosen)) == digests(build(clean, **chosen)), change
    _go_back(checkout)
    assert digests(build(checkout, AS_OF=WORLD_DAY)) == digests(world_site)


def test_earlier_site_has_only_items_known_then(earlier_site: Path) -> None:
    ids = {Path(path).stem for path in sources() if path.startswith("entries/")}
    known = {name for name in ids if DATE.findall(name)[0] <= EARLIER_DAY}
    assert (len(ids), len(known)) == (32, 11)
    former_address = "2021-05-01-tide-watch"
    names = {folder.name for folder in (earlier_site / "entries").iterdir()}
    assert names == known | {former_address}
    bureau = (earlier_site / "regulators/old-toa/index.html").read_text(encoding="utf-8")
    assert "Followed by" not in bureau
    assert f"{EARLIER_DAY}</lastmod>" in (earlier_site / "sitemap.xml").read_text(encoding="utf-8")


def test_withdrawn_entry_links_only_to_existing_lists(world: Path) -> None:
    """One entry is the only one of its year, one the only one of its month, one neither."""
    expected = {
        "2015-05-05-alone": ["../../timeline/"],
        "2021-04-04-alone": ["../../timeline/", "../../timeline/2021/"],
        "2022-02-02-duplicate": [
            "../../timeline/", "../../timeline/2022/", "../../timeline/2022/02/",
        ],
    }  # fmt: skip
    text = (world / "entries/2022/2022-02-02-duplicate.md").read_text(encoding="utf-8")
    for name in expected:
        file = world / f"entries/{name[:4]}/{name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace("date: 2022-02-02", f"date: {name[:10]}"), encoding="utf-8")
    received(world)
    for name, links in expected.items():
        page = (world / f"build/docs/entries/{name}.md").read_text(encoding="utf-8")
        trail = page.partition('<nav class="trail"')[2].partition("</nav>")[0]
        assert re.findall(r'href="([^"]*)"', trail) == links


def test_error_stops_the_build_and_keeps_the_previous_site(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path, WORLD)
    site = build(checkout, AS_OF=WORLD_DAY)
    before = digests(site), digests(checkout / "build")
    edit(checkout, "entries/2022/2022-02-01-moon-treaty.md", "date: 2022", "date: 2022-02-31 #")
    done = mkdocs(checkout, "build", "--strict", "--quiet", AS_OF=WORLD_DAY)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "entries/2022/2022-02-01-moon-treaty.md:3: 'date': 2022-02-31 does not exist: "
        "February 2022 has 28 days\nthe entries have errors; nothing was built\n"
    )
    assert (digests(site), digests(checkout / "build")) == before


def test_invalid_day_is_refused(tmp_path: Path) -> None:
    done = mkdocs(copy_checkout(tmp_path, WORLD), "build", AS_OF="yesterday")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "AS_OF: 'yesterday' is not a day; write it as 2022-04-29\n",
    )


def test_every_page_complies_with_the_policy_and_headers(world_site: Path) -> None:
    """This includes redirects and bulletins; only inline scripts with a hash in the policy run."""
    for file in world_site.rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] in {"'none'", "'self'"}, file
        assert rules["base-uri"] in {"'none'", "'self'"}, file
        assert "'unsafe-inline'" not in rules.get("script-src", ""), file
        assert not re.search(r'type="checkbox"[^>]* autocomplete=', html), file
    headers = (world_site / "_headers").read_text(encoding="utf-8").splitlines()
    assert headers[0] == "/*"
    assert "  X-Content-Type-Options: nosniff" in headers
