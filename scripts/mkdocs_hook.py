"""Joins the builder to MkDocs: the only file that imports it.

`mkdocs build` builds the input first; an error ends it. `mkdocs serve` does not end for an error:
it goes on showing the last successful build, with the errors in a banner on every page.
"""

import datetime
import html
import os
import re
import shutil
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).resolve().parent))

from timeline import urls
from timeline.builder import FILES, PAGES, RECORDS, Builder
from timeline.cli import report, summary
from timeline.content.text import MarkdownBlocks
from timeline.problems import Problem
from timeline.schema.dates import long_day, parse_day, today
from timeline.serve import CONTENT, with_banner
from timeline.site.search import write_index


class State:
    """What a server keeps from one build to the next."""

    def __init__(self) -> None:
        self.serving = False
        self.dirty = False
        self.builder: Builder | None = None
        self.problems: list[Problem] = []


state = State()


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether this is a server."""
    state.serving = command == "serve"
    state.dirty = dirty


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Build the input, and make it the folder that MkDocs reads."""
    root = Path(config.config_file_path).parent
    as_of = _as_of(ZoneInfo(config.extra["time_zone"]))
    # The one date that MkDocs prints (sitemap.xml) is the day of the build, so that two builds
    # of a day are alike: https://reproducible-builds.org/specs/source-date-epoch/
    midnight = datetime.datetime.combine(as_of, datetime.time(), datetime.UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))
    config.extra["as_of"] = as_of.isoformat()
    config.extra["as_of_long"] = long_day(as_of)
    config.extra["serving"] = state.serving
    blocks = MarkdownBlocks()
    config.markdown_extensions.append(blocks)  # type: ignore[arg-type] # an instance is allowed
    config.mdx_configs.setdefault("toc", {})["slugify"] = blocks.heading_id
    _build(root, as_of, Path(config.site_dir))
    (root / PAGES).mkdir(parents=True, exist_ok=True)
    config.docs_dir = str(root / PAGES)
    if state.serving:  # canonical addresses and the sitemap are not for a preview
        config.site_url = ""
        config.theme.static_templates.discard("sitemap.xml")
    return config


def _as_of(zone: datetime.tzinfo) -> datetime.date:
    day = os.environ.get("AS_OF")
    try:
        return parse_day(day) if day else today(zone)
    except ValueError as error:
        raise Abort(f"AS_OF: {error}") from None


def _build(root: Path, as_of: datetime.date, site: Path) -> None:
    builder = state.builder or Builder(root, preview=state.serving)
    if state.serving:  # a single build does not need it again, and MkDocs needs the memory
        state.builder = builder
    try:
        built = builder.build(as_of)
    except OSError as error:
        raise Abort(str(error)) from None
    status = report(built.problems)
    state.problems = [problem for problem in built.problems if not problem.warning]
    if status and not state.serving:
        raise Abort("the entries have errors; nothing was built")
    if built.snapshot is not None and not state.serving:
        print(summary(built.snapshot))
    if state.dirty:
        for path in built.removed:
            _remove_rendered(site, path)


def _remove_rendered(site: Path, staged: str) -> None:
    """Remove the output of a page that is no longer made; a dirty build would leave it."""
    path = Path(staged)
    if path.suffix != ".md":
        rendered = site / path
    elif path.name == "index.md":
        rendered = site / path.with_suffix(".html")
    else:
        rendered = site / path.with_suffix("") / "index.html"
    rendered.unlink(missing_ok=True)


def on_env(env: Environment, **_: object) -> Environment:
    """Let the theme name addresses, and write texts into its styles."""
    env.globals["urls"] = urls
    env.filters["css_string"] = css_string
    return env


def css_string(text: str) -> str:
    """An escaped text as a CSS string, by CSS Syntax 3, 4.3.7: no mark of it can end the style."""
    escapes = re.sub(r"[^\w ]", lambda mark: f"\\{ord(mark[0]):x} ", html.unescape(text))
    return f'"{escapes}"'


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Point 'edit' at the file that people write."""
    source = page.meta.get("source")
    page.edit_url = f"{config.edit_uri}{source}" if config.edit_uri and source else None
    return markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Add the other files, of which MkDocs would take a .md for a page, and the search."""
    if state.serving:
        return
    root, site = Path(config.config_file_path).parent, Path(config.site_dir)
    shutil.copytree(root / FILES, site, dirs_exist_ok=True)
    try:
        write_index(root / RECORDS, site)
    except OSError as error:
        raise Abort(str(error)) from None


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Watch what people write, not what the build writes, and show errors on every page."""
    root = Path(config.config_file_path).parent
    server.unwatch(config.docs_dir)
    for folder in (*CONTENT, "theme"):
        server.watch(str(root / folder))
    application = server.get_app()
    assert application is not None
    server.set_app(with_banner(application, lambda: state.problems))
    return server
