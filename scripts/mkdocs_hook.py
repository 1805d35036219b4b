"""Joins the builder to MkDocs: the only file that imports it.

`mkdocs build` builds the input first, and a new site beside the old one, which is replaced at the
very end; an error ends it. `mkdocs serve` does not end for an error: it goes on showing the last
successful build, with the errors in a banner on every page.
"""

import contextlib
import copy
import datetime
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from jinja2 import Environment
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler, write_file
from mkdocs.utils.templates import TemplateContext
from watchdog.observers.polling import PollingObserverVFS

sys.path.insert(0, str(Path(__file__).resolve().parent))

from timeline import urls
from timeline.builder import Builder, Built
from timeline.cli import LOG, report, summary, with_progress
from timeline.config import CONFIG
from timeline.content.loader import is_prose
from timeline.content.markup import MarkdownBlocks, page_html
from timeline.output import SiteFolder, locked
from timeline.problems import Problem
from timeline.schema.dates import long_day, parse_day, today
from timeline.serve import CONTENT, stat_or_parent, with_banner
from timeline.site.frame import Frame, css_string, mark
from timeline.site.render import front_matter_and_text

log = logging.getLogger("mkdocs")


class State:
    """What a server keeps from one build to the next."""

    def __init__(self) -> None:
        self.serving = False
        self.dirty = False
        self.builder: Builder | None = None
        self.site: SiteFolder | None = None  # none in a preview
        self.problems: list[Problem] = []
        self.blocks = MarkdownBlocks()
        self.nav: Navigation | None = None
        self.pages: Sequence[File] = ()
        self.end: Callable[[], None] = lambda: None  # waits for what is made beside the pages
        self.failure = ""  # why the last build was not completed
        self.lock = contextlib.ExitStack()  # until the command ends


state = State()


class Stop(Abort):
    """Ends the command with one sentence on standard error."""

    def show(self, *_: object, **__: object) -> None:
        """Print it."""
        click.echo(self.format_message(), err=True)


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether this is a server."""
    state.serving = command == "serve"
    state.dirty = dirty
    LOG.setLevel(logging.WARNING if state.serving else logging.NOTSET)
    if dirty and not state.serving:
        raise Stop("a site is published whole; leave --dirty out")


def on_shutdown() -> None:
    """Let others build."""
    state.lock.close()


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
    # An instance is allowed.
    config.markdown_extensions.append(state.blocks)  # type: ignore[arg-type]
    config.mdx_configs.setdefault("toc", {})["slugify"] = state.blocks.heading_id
    builder = state.builder
    if builder is None:
        builder = state.builder = Builder(root, preview=state.serving)
        state.lock.enter_context(locked(builder.folder))
    if state.serving:
        built = builder.build(as_of)
        _report(built)
        if state.dirty:
            for path in built.removed:
                _remove_rendered(Path(config.site_dir), path)
        builder.folder.mkdir(parents=True, exist_ok=True)
        config.docs_dir = str(builder.folder)
        config.site_url = ""  # canonical addresses and the sitemap are not for a preview
        config.theme.static_templates.discard("sitemap.xml")
    else:
        state.site = SiteFolder(Path(config.site_dir))
        state.site.clean_up()
        config.site_dir = str(state.site.new)
    return config


def _as_of(zone: datetime.tzinfo) -> datetime.date:
    day = os.environ.get("AS_OF")
    try:
        return parse_day(day) if day else today(zone)
    except ValueError as error:
        raise Stop(f"AS_OF: {error}") from None


def _report(built: Built) -> None:
    """Say what was found. Raises Stop where an error forbids a site."""
    status = report(built.problems)
    state.problems = [problem for problem in built.problems if not problem.warning]
    if status and not state.serving:
        raise Stop("the entries have errors; nothing was built")
    if built.snapshot is not None and LOG.isEnabledFor(logging.INFO):
        print(summary(built.snapshot))


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


class Generated(Page):
    """A page of which MkDocs has nothing to render: its text may link to entries alone."""

    def read_source(self, *_: object) -> None:
        """Leave it to `_write`, page by page."""
        self.markdown = self.content = ""

    def render(self, *_: object) -> None:
        """Nothing is left to do."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Tell the pages that people wrote from those that are listed for links and the sitemap.

    Those of a site are made here, after MkDocs has emptied its folder, and never on disk.
    """
    if state.site is not None:
        theme = [file for file in files if file.src_dir != config.docs_dir]
        files = Files([*theme, *_made(config)])
    for file in files.documentation_pages():
        if not is_prose(f"docs/{file.src_uri}"):
            Generated(None, file, config)
    return files


def _made(config: MkDocsConfig) -> Iterator[File]:
    """The pages of a site and the files to which they lead."""
    assert state.builder is not None
    as_of = datetime.date.fromisoformat(config.extra["as_of"])
    built = state.builder.build_site(as_of, Path(config.site_dir))
    state.end = built.wait
    state.builder = None  # a single build does not need it again, and MkDocs needs the memory
    _report(built)
    for path in sorted(built.pages):
        yield File.generated(config, path, content=built.pages[path])


def on_nav(nav: Navigation, **_: object) -> Navigation:
    """Keep it for the frames."""
    state.nav = nav
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Let the theme name addresses, and write texts into its styles; write the generated pages."""
    env.globals["urls"] = urls
    env.filters["css_string"] = css_string
    state.pages = files.documentation_pages()
    generated = [file.page for file in state.pages if isinstance(file.page, Generated)]
    for page in generated:
        files.remove(page.file)  # all links are resolved by now
    if state.serving:
        generated = [page for page in generated if page.file.is_modified()]
    _write(with_progress("Step 3 of 4: write pages", generated), env, config)
    return env


def on_template_context(context: TemplateContext, **_: object) -> TemplateContext:
    """List every page in the sitemap."""
    context["pages"] = state.pages
    return context


def _write(pages: Iterable[Generated], env: Environment, config: MkDocsConfig) -> None:
    """Write the pages into the site, each in the frame of the first that is like it."""
    assert state.nav is not None
    sections = [item.url for item in state.nav.items if isinstance(item, Page)]
    frames: dict[object, Frame] = {}
    for page in pages:
        meta, text = front_matter_and_text(page.file.content_string)
        url, feeds, source = page.file.url, meta.get("feeds"), meta.get("source", "")
        folder, _, name = source.partition("/")
        key = (
            (url.count("/"), url.partition("/")[0], *filter(url.startswith, sections)),
            (folder, feeds == url or feeds, *meta, *meta.get("scripts", ())),
        )
        if key not in frames:
            frames[key] = _frame(page, meta, folder, env, config)
        values = {
            **meta,
            "content": page_html(text),
            "canonical": page.canonical_url,
            "edit": f"{config.edit_uri}{source}",
            "name": name,
        }
        write_file(frames[key].filled(values).encode(), page.file.abs_dest_path)


def _frame(
    page: Generated, meta: dict[str, Any], folder: str, env: Environment, config: MkDocsConfig
) -> Frame:
    """The theme's page with marks in place of what is the page's own."""
    sample = copy.copy(page)
    own: dict[str, Any] = {
        name: mark(name) for name in ("title", "description", "head") if name in meta
    }
    source = f"{folder}/{mark('name')}" if folder else None
    sample.meta = {**meta, **own, "source": source}
    sample.content = mark("content")
    sample.canonical_url = page.canonical_url and mark("canonical")
    sample.edit_url = mark("edit") if folder and config.edit_uri else None
    context = get_context(state.nav, [], config, sample)  # type: ignore[arg-type]
    return Frame(on_post_page(env.get_template("main.html").render(context)))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Point 'edit' at the file that people write, whose kind says how headings are named."""
    source = page.meta.get("source")
    state.blocks.own_names = source is not None and is_prose(source)
    page.edit_url = f"{config.edit_uri}{source}" if config.edit_uri and source else None
    return markdown


def on_post_page(output: str, **_: object) -> str:
    """Fix the theme's switches: a checkbox may have no `autocomplete` (HTML, 4.10.18.7)."""
    return re.sub(r'(type="checkbox" id="__\w+") autocomplete="off"', r"\1", output)


on_post_template = on_post_page


def on_post_build(**_: object) -> None:
    """Wait for the files that are made beside the pages, and publish.

    Where warnings count as errors, MkDocs ends the build after this.
    """
    state.failure = ""
    if state.site is None:
        return
    log.info("Step 4 of 4: wait for feeds, calendars, data and search")
    state.end()
    if not any(isinstance(one, CountHandler) and one.get_counts() for one in log.handlers):
        state.site.publish()


def on_build_error(error: Exception) -> None:
    """Say in one sentence why the build ends; `--verbose` shows where it was."""
    log.debug("", exc_info=error)
    if state.site is not None:
        with contextlib.suppress(Exception):
            state.end()  # it writes into the folder
        shutil.rmtree(state.site.new, ignore_errors=True)
    if isinstance(error, Stop):
        raise error
    message = error.format_message() if isinstance(error, MkDocsException) else _sentence(error)
    raise Stop(f"{' '.join(message.split())}; the last site is kept") from None


def _sentence(error: Exception) -> str:
    if isinstance(error, shutil.Error):  # has a list of files
        return str(error.args[0][0][2])
    if isinstance(error, OSError):
        return ": ".join(filter(None, [error.filename, error.strerror])) or str(error)
    return f"{type(error).__name__}: {error}"


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Watch what people write, not what the build writes, and show errors on every page.

    MkDocs' server lets readers wait for a build that failed; this one shows the last one.
    """
    rebuild = server.builder

    def build_or_say_why() -> None:
        try:
            rebuild()
        except Exception as error:  # noqa: BLE001 - it goes on serving
            state.failure = str(error)
            print(error, file=sys.stderr)
            for page in Path(config.docs_dir).rglob("*.md"):  # one may be half rendered
                page.touch()

    server.builder = build_or_say_why
    root = Path(config.config_file_path).parent
    server.unwatch(config.docs_dir)
    server.unwatch(config.config_file_path)
    # MkDocs' own stops watching a folder for good where it vanishes for a moment.
    observer = PollingObserverVFS(stat_or_parent, os.scandir, polling_interval=0.5)
    server.observer = observer  # type: ignore[assignment] # as its own but for one function
    for name in (*CONTENT, "theme", CONFIG):
        server.watch(str(root / name))
    application = server.get_app()
    assert application is not None
    server.set_app(
        with_banner(application, lambda: [*state.problems, *filter(None, [state.failure])])
    )
    return server
