"""Hooks that connect the builder to MkDocs; the only module that imports MkDocs.

`mkdocs build` makes a new site next to the old one and replaces the old one at the very end; an
error stops it. `mkdocs serve` continues after an error: it serves the last successful build, with
the errors in a banner on every page.
"""

import contextlib
import copy
import datetime
import logging
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
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

sys.path.insert(0, str(Path(__file__).resolve().parent))

from timeline import urls
from timeline.builder import Builder, Built
from timeline.cli import LOG, describe, report, summary, with_progress
from timeline.config import CONFIG
from timeline.content.loader import is_prose
from timeline.content.markup import MarkdownBlocks, page_html
from timeline.output import SiteFolder, locked
from timeline.problems import Problem
from timeline.schema.dates import long_day, parse_day, today
from timeline.serve import CONTENT, Observer, with_banner
from timeline.site.frame import Frame, css_string, placeholder
from timeline.site.render import front_matter_and_text

log = logging.getLogger("mkdocs")


class State:
    """The state of the command, which a server keeps from one build to the next."""

    def __init__(self) -> None:
        self.serving = False
        self.dirty = False
        self.builder: Builder | None = None
        self.site: SiteFolder | None = None  # none in a preview
        self.problems: list[Problem] = []
        self.blocks = MarkdownBlocks()
        self.nav: Navigation | None = None
        self.pages: Sequence[File] = ()
        self.built = Built(None, [])  # the last site
        self.failure = ""  # the error that stopped the last build
        self.lock = contextlib.ExitStack()  # held until the command ends


state = State()


class Stop(Abort):
    """An error that ends the command with one sentence on standard error."""

    def show(self, *_: object, **__: object) -> None:
        """Print the message."""
        click.echo(self.format_message(), err=True)


def on_startup(command: str, dirty: bool) -> None:
    """Store whether the command is a server, and with which options."""
    state.serving = command == "serve"
    state.dirty = dirty
    LOG.setLevel(logging.WARNING if state.serving else logging.NOTSET)
    if dirty and not state.serving:
        raise Stop("a site is published whole; leave --dirty out")


def on_shutdown() -> None:
    """Release the lock, so that other processes can build."""
    state.lock.close()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Prepare the settings and the folder to write into; for a server, also build the input."""
    root = Path(config.config_file_path).parent
    as_of = _as_of(ZoneInfo(config.extra["time_zone"]))
    # MkDocs writes a date only into sitemap.xml. It is the day of the build, so that all builds
    # of one day are identical: https://reproducible-builds.org/specs/source-date-epoch/
    midnight = datetime.datetime.combine(as_of, datetime.time(), datetime.UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))
    config.extra["as_of"] = as_of.isoformat()
    config.extra["as_of_long"] = long_day(as_of)
    config.extra["serving"] = state.serving
    config.markdown_extensions.append(state.blocks)  # type: ignore[arg-type] # may be an instance
    config.mdx_configs.setdefault("toc", {})["slugify"] = state.blocks.heading_id
    builder = state.builder
    if builder is None:
        builder = state.builder = Builder(root, preview=state.serving)
        state.lock.enter_context(locked(builder.folder))
    if state.serving:
        built = builder.build(as_of)
        _report(built)
        if state.dirty:
            for path in built.removed:  # a dirty build would leave their output in the site
                removed = File(path, None, config.site_dir, config.use_directory_urls)
                Path(removed.abs_dest_path).unlink(missing_ok=True)
        builder.folder.mkdir(parents=True, exist_ok=True)
        config.docs_dir = str(builder.folder)
        config.site_url = ""  # a preview has no canonical addresses and no sitemap
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
    """Report the problems and the contents. Raises Stop if an error prevents a build."""
    status = report(built.problems)
    state.problems = [problem for problem in built.problems if not problem.warning]
    if status and not state.serving:
        raise Stop("the entries have errors; nothing was built")
    if built.snapshot is not None and LOG.isEnabledFor(logging.INFO):
        print(summary(built.snapshot))


class GeneratedPage(Page):
    """A page that MkDocs does not render, since its text links to nothing but entries."""

    def read_source(self, *_: object) -> None:
        """Leave the content empty; `_write_pages` reads it, one page at a time."""
        self.markdown = self.content = ""

    def render(self, *_: object) -> None:
        """Do nothing."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Keep MkDocs from rendering generated pages, which it lists only for links and the sitemap.

    The pages of a site are built here, after MkDocs has emptied its folder, and only in memory.
    """
    if state.site is not None:
        theme = [file for file in files if file.src_dir != config.docs_dir]
        files = Files([*theme, *_build_site(config)])
    for file in files.documentation_pages():
        if not is_prose(f"docs/{file.src_uri}"):
            GeneratedPage(None, file, config)
    return files


def _build_site(config: MkDocsConfig) -> Iterator[File]:
    """Build a site and yield its pages and the files that they use."""
    assert state.builder is not None
    assert state.site is not None
    as_of = datetime.date.fromisoformat(config.extra["as_of"])
    built = state.built = state.builder.build_site(as_of, state.site, config.user_configs)
    state.builder = None  # a site is built only once, and MkDocs needs the memory
    _report(built)
    for path in sorted(built.pages):
        yield File.generated(config, path, content=built.pages[path])


def on_nav(nav: Navigation, **_: object) -> Navigation:
    """Store the navigation for the frames."""
    state.nav = nav
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Give the theme the site's addresses and a filter for CSS, and write the generated pages."""
    env.globals["urls"] = urls
    env.filters["css_string"] = css_string
    state.pages = files.documentation_pages()
    generated = [file.page for file in state.pages if isinstance(file.page, GeneratedPage)]
    for page in generated:
        files.remove(page.file)  # all links have been resolved
    if state.serving:
        generated = [page for page in generated if page.file.is_modified()]
    else:
        generated = [page for page in generated if page.file.content_string]  # not reused
    _write_pages(with_progress("Step 3 of 4: write pages", generated), env, config)
    return env


def on_template_context(context: TemplateContext, **_: object) -> TemplateContext:
    """List every page in the sitemap."""
    context["pages"] = state.pages
    return context


def _write_pages(pages: Iterable[GeneratedPage], env: Environment, config: MkDocsConfig) -> None:
    """Write the pages into the site; similar pages share the frame that the first of them needs."""
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
        content = frames[key].fill(values).encode()
        if state.built.files:
            state.built.files.write(page.file.dest_uri, content)
        else:
            write_file(content, page.file.abs_dest_path)


def _frame(
    page: GeneratedPage, meta: dict[str, Any], folder: str, env: Environment, config: MkDocsConfig
) -> Frame:
    """Render the theme's template with placeholders for the values that differ between pages."""
    sample = copy.copy(page)
    own: dict[str, Any] = {
        name: placeholder(name) for name in ("title", "description", "head") if name in meta
    }
    source = f"{folder}/{placeholder('name')}" if folder else None
    sample.meta = {**meta, **own, "source": source}
    sample.content = placeholder("content")
    sample.canonical_url = page.canonical_url and placeholder("canonical")
    sample.edit_url = placeholder("edit") if folder and config.edit_uri else None
    context = get_context(state.nav, [], config, sample)  # type: ignore[arg-type]
    return Frame(on_post_page(env.get_template("main.html").render(context)))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Set the link to edit the page's source file, and how its headings get their ids."""
    source = page.meta.get("source")
    state.blocks.own_names = source is not None and is_prose(source)
    page.edit_url = f"{config.edit_uri}{source}" if config.edit_uri and source else None
    return markdown


def on_post_page(output: str, **_: object) -> str:
    """Remove `autocomplete` from the theme's checkboxes, where HTML (4.10.18.7) forbids it."""
    return re.sub(r'(type="checkbox" id="__\w+") autocomplete="off"', r"\1", output)


on_post_template = on_post_page


def on_post_build(**_: object) -> None:
    """Wait for the background processes and publish the site.

    With --strict, MkDocs stops after this hook if there were warnings; the site is not published.
    """
    state.failure = ""
    if state.site is None:
        return
    log.info("Step 4 of 4: wait for feeds, calendars, data and search")
    state.built.wait()
    if state.built.files:
        state.built.files.save()
    if not any(isinstance(one, CountHandler) and one.get_counts() for one in log.handlers):
        state.site.publish()


def on_build_error(error: Exception) -> None:
    """Report in one sentence why the build failed; `--verbose` adds the traceback."""
    log.debug("", exc_info=error)
    if state.site is not None:
        with contextlib.suppress(Exception):
            state.built.wait()  # the background processes write into the folder
        shutil.rmtree(state.site.new, ignore_errors=True)
    if isinstance(error, Stop):
        raise error
    message = error.format_message() if isinstance(error, MkDocsException) else _sentence(error)
    raise Stop(f"{' '.join(message.split())}; the last site is kept") from None


def _sentence(error: Exception) -> str:
    if isinstance(error, shutil.Error):  # contains a list of failed copies
        return str(error.args[0][0][2])
    return describe(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Watch the files that people write, not those of the build, and show errors on every page.

    After a failed build, MkDocs' server would let readers wait; here it shows the last good build.
    """
    rebuild = server.builder

    def rebuild_or_report() -> None:
        try:
            rebuild()
        except Exception as error:  # noqa: BLE001 - the server must go on
            state.failure = str(error)
            print(error, file=sys.stderr)
            for page in Path(config.docs_dir).rglob("*.md"):  # a page may be incomplete
                page.touch()

    server.builder = rebuild_or_report
    root = Path(config.config_file_path).parent
    server.unwatch(config.docs_dir)
    server.unwatch(config.config_file_path)
    watched = (*CONTENT, "theme", CONFIG)
    server.observer = Observer(root, watched)  # type: ignore[assignment] # has what is called
    for name in watched:
        server.watch(str(root / name))
    application = server.get_app()
    assert application is not None
    server.set_app(
        with_banner(application, lambda: [*state.problems, *filter(None, [state.failure])])
    )
    return server
