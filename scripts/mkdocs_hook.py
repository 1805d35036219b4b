"""Joins the generator to MkDocs: the only file that imports it.

`mkdocs build` generates first; a problem ends it. `mkdocs serve` never ends for a problem: it
goes on showing the last good input, with the problems in a banner on every page.
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
from markdown.extensions.toc import slugify_unicode
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).resolve().parent))

from timeline.build.banner import with_banner
from timeline.build.generator import FILES, PAGES, RECORDS, Generator
from timeline.build.reporting import report, summary
from timeline.model import outputs
from timeline.model.dates import long_day, parse_day, today
from timeline.model.problems import Problem
from timeline.search.search_index import write_index


class State:
    """What a server keeps from one build to the next."""

    def __init__(self) -> None:
        self.serving = False
        self.dirty = False
        self.generator: Generator | None = None
        self.problems: list[Problem] = []


state = State()

# The generator's HTML stands between these lines; no entry can write them, nor the mark.
BLOCK = re.compile(r"^<!-- block -->\n(.*?)^<!-- /block -->$", re.MULTILINE | re.DOTALL)
MARK = "\ue000"
# What belongs in the page's head stands between these, before all else.
HEAD = re.compile(r"\A\s*<!-- head -->\n(.*?)^<!-- /head -->$", re.MULTILINE | re.DOTALL)
ACTIVE = re.compile(
    r"<script|<img|\son\w+=|(?:href|src)=.\s*(?:javascript|data|vbscript):", re.IGNORECASE
)
LIFTED = re.compile(f"<p>{MARK}([0-9]+){MARK}</p>")
lifted: dict[str, list[str]] = {}
ID = re.compile(r'\bid="([^"]+)"')
taken: set[str] = set()  # the ids in the blocks of the page that is being read


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether this is a server."""
    state.serving = command == "serve"
    state.dirty = dirty


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Generate the input, and make it the folder that MkDocs reads."""
    root = Path(config.config_file_path).parent
    as_of = _as_of(ZoneInfo(config.extra["time_zone"]))
    # The one date that MkDocs prints (sitemap.xml) is the day of the build, so that two builds
    # of a day are alike: https://reproducible-builds.org/specs/source-date-epoch/
    midnight = datetime.datetime.combine(as_of, datetime.time(), datetime.UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))
    config.extra["as_of"] = as_of.isoformat()
    config.extra["as_of_long"] = long_day(as_of)
    config.extra["serving"] = state.serving
    config.mdx_configs.setdefault("toc", {})["slugify"] = heading_id
    _generate(root, as_of, Path(config.site_dir))
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


def _generate(root: Path, as_of: datetime.date, site: Path) -> None:
    generator = state.generator or Generator(root, preview=state.serving)
    if state.serving:  # a build wants nothing of it again, and MkDocs needs the memory
        state.generator = generator
    try:
        generated = generator.generate(as_of)
    except OSError as error:
        raise Abort(str(error)) from None
    status = report(generated.problems)
    state.problems = [problem for problem in generated.problems if not problem.warning]
    if status and not state.serving:
        raise Abort("the entries have problems; nothing was built")
    if generated.standing is not None and not state.serving:
        print(summary(generated.standing))
    if state.dirty:
        for path in generated.removed:
            _remove_built(site, path)


def _remove_built(site: Path, staged: str) -> None:
    """Remove the output of a page that is no longer made; a dirty build would leave it."""
    path = Path(staged)
    if path.suffix != ".md":
        built = site / path
    elif path.name == "index.md":
        built = site / path.with_suffix(".html")
    else:
        built = site / path.with_suffix("") / "index.html"
    built.unlink(missing_ok=True)


def on_env(env: Environment, **_: object) -> Environment:
    """Let the theme name addresses, and write texts into its styles."""
    env.globals["outputs"] = outputs
    env.filters["css_string"] = css_string
    return env


def css_string(text: str) -> str:
    """An escaped text as a CSS string, by CSS Syntax 3, 4.3.7: no mark of it can end the style."""
    escapes = re.sub(r"[^\w ]", lambda mark: f"\\{ord(mark[0]):x} ", html.unescape(text))
    return f'"{escapes}"'


def heading_id(text: str, separator: str) -> str:
    """The anchor of a heading in a text: its words, Chinese too, and none that a block has.

    Without words it would be its place among the headings, which another heading changes.
    """
    slug = slugify_unicode(text, separator)
    return f"text{separator}{slug}" if slug in taken else slug


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Point 'edit' at the file that people write, and lift out the generator's head and HTML.

    Python-Markdown would leave these blocks as they are, after reading every tag of them: half of
    the time of a build.
    """
    source = page.meta.get("source")
    page.edit_url = f"{config.edit_uri}{source}" if config.edit_uri and source else None
    head = HEAD.match(markdown)
    if head:
        page.meta["head"] = head[1]
        markdown = markdown[head.end() :]
    blocks: list[str] = []

    def lift(match: re.Match[str]) -> str:
        blocks.append(match[1])
        return f"\n\n{MARK}{len(blocks) - 1}{MARK}\n\n"

    lifted[page.file.src_uri] = blocks
    text = BLOCK.sub(lift, markdown)
    taken.clear()
    taken.update(name for block in blocks for name in ID.findall(block))
    return text


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Put the blocks back."""
    if ACTIVE.search(html):  # the check refuses such links; this is the second lock
        raise Abort(f"{page.meta.get('source')}: a link that is no address")
    blocks = lifted.pop(page.file.src_uri)
    return LIFTED.sub(lambda match: blocks[int(match[1])], html)


def on_post_build(config: MkDocsConfig) -> None:
    """Add the downloads, which MkDocs would read each and take a .md for a page, and the search."""
    if state.serving:
        return
    root, site = Path(config.config_file_path).parent, Path(config.site_dir)
    shutil.copytree(root / FILES, site, dirs_exist_ok=True)
    try:
        write_index(root / RECORDS, site)
    except OSError as error:
        raise Abort(str(error)) from None


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Watch what people write, not what the build writes, and show problems on every page."""
    root = Path(config.config_file_path).parent
    server.unwatch(config.docs_dir)
    for folder in ("entries", "docs", "theme"):
        server.watch(str(root / folder))
    application = server.get_app()
    assert application is not None
    server.set_app(with_banner(application, lambda: state.problems))
    return server
