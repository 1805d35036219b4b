"""Other site generators for `bench.py` to compare, each building the same texts."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter

MKDOCS = (sys.executable, "-m", "mkdocs", "build", "--quiet")
BARE = """\
site_name: Bare
theme: {name: material, font: false}
nav: [{Home: index.md}]
plugins: []
"""
BLOG = BARE.replace("plugins: []", "plugins: [blog, tags, search]")
HUGO = """\
baseURL = "https://timeline.example.org/"
title = "Hugo"
[taxonomies]
topic = "topics"
regulator = "regulators"
"""
HUGO_PAGE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>"
HUGO_LIST = '{{ range .Pages }}<p><a href="{{ .RelPermalink }}">{{ .Title }}</a></p>{{ end }}'
ZENSICAL = """\
[project]
site_name = "Zensical"
docs_dir = "docs"
nav = [{ "Home" = "index.md" }]
"""
OWN = "statuses, deadlines, calendars, bulletins, citations, tables, API, checks of the entries"


@dataclass(frozen=True)
class Contender:
    """A site generator, the command that builds with it, and the features that its site lacks.

    `prepare` makes a project in a new folder from a project of `bench.py`; `site` is the folder
    within it to which the site is written.
    """

    name: str
    program: str
    command: tuple[str, ...]
    prepare: Callable[[Path, Path], object]
    missing: str
    site: str = "site"


def _texts(project: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the name, text and front matter of each entry."""
    for file in sorted((project / "entries").rglob("*.md")):
        post = frontmatter.load(str(file))
        yield file.stem, post.content, post.metadata


def _write(file: Path, text: str, meta: dict[str, Any]) -> None:
    file.write_text(frontmatter.dumps(frontmatter.Post(text, None, **meta)), encoding="utf-8")


def _bare(project: Path, place: Path) -> None:
    shutil.copytree(project / "docs", place / "docs")
    shutil.copytree(project / "entries", place / "docs/entries")
    (place / "mkdocs.yml").write_text(BARE, encoding="utf-8")


def _blog(project: Path, place: Path) -> None:
    """Prepare a blog: topics become categories, regulators and instruments become tags."""
    shutil.copytree(project / "docs", place / "docs")
    (place / "docs/blog/posts").mkdir(parents=True)
    (place / "docs/blog/index.md").write_text("# Timeline\n", encoding="utf-8")
    (place / "docs/tags.md").write_text("# Tags\n\n<!-- material/tags -->\n", encoding="utf-8")
    for name, text, meta in _texts(project):
        tags = meta["regulators"] + [step["id"] for step in meta.get("instruments", ())]
        kept = {key: meta[key] for key in ("title", "date")}
        post = {**kept, "categories": meta["topics"], "tags": tags}
        _write(place / f"docs/blog/posts/{name}.md", text, post)
    (place / "mkdocs.yml").write_text(BLOG, encoding="utf-8")


def _hugo(project: Path, place: Path) -> None:
    (place / "content/entries").mkdir(parents=True)
    for name, text, meta in _texts(project):
        kept = ("title", "date", "topics", "regulators")
        _write(place / f"content/entries/{name}.md", text, {key: meta[key] for key in kept})
    layouts = place / "layouts/_default"
    layouts.mkdir(parents=True)
    for kind, rest in (("single", "{{ .Content }}"), ("list", HUGO_LIST)):
        (layouts / f"{kind}.html").write_text(HUGO_PAGE + rest, encoding="utf-8")
    shutil.copy(layouts / "list.html", layouts.parent / "index.html")
    (place / "hugo.toml").write_text(HUGO, encoding="utf-8")


def _zensical(project: Path, place: Path) -> None:
    subprocess.run([sys.executable, "scripts/build.py"], cwd=project, check=True)
    shutil.copytree(project / "build/docs", place / "docs")
    (place / "zensical.toml").write_text(ZENSICAL, encoding="utf-8")


CONTENDERS = (
    Contender("Material, bare", "mkdocs", MKDOCS, _bare, f"lists, search, feeds, {OWN}"),
    Contender("Material, blog, tags, search", "mkdocs", MKDOCS, _blog, f"facets, {OWN}"),
    Contender("Hugo with taxonomies", "hugo", ("hugo", "--quiet"), _hugo, f"theme, search, {OWN}",
              "public"),
    Contender("Zensical, generated pages", "zensical", ("zensical", "build"), _zensical,
              "feeds, calendars, API, tables (made beforehand by this project)"),
)  # fmt: skip
