"""Bulletins -> what a mailing list can send: an e-mail in one file, and plain text."""

import bisect
import functools
from collections.abc import Callable, Iterator
from typing import Any

import css_inline
import jinja2

from timeline.downloads.plain_text import plain_text, underlined, wrapped
from timeline.model.outputs import EMAIL, PLAIN_TEXT
from timeline.model.site import Site
from timeline.rendering.body_html import body_html
from timeline.rendering.rendering import environment
from timeline.standing.standing import Standing
from timeline.views.bulletin import Bulletin, bulletins
from timeline.views.page import names

# Gmail shows no more than about 102 KB of a message.
MOST_BYTES = 100_000

Cut = frozenset[tuple[str, str]]  # ("texts" or "rows", id of the section that goes without)


def bulletin_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content: an e-mail and a plain text beside each month's page."""
    found = _environment(site)
    shared = {"site": site, "names": names(standing.collection), "as_of": standing.as_of}
    for bulletin in bulletins(standing):
        context = shared | {"bulletin": bulletin}
        yield bulletin.url + EMAIL, email(found, bulletin, context)
        text = found.get_template("bulletin.txt.j2").render(context)
        yield bulletin.url + PLAIN_TEXT, text.encode()


def _environment(site: Site) -> jinja2.Environment:
    found = environment().overlay()
    found.filters = environment().filters | {
        "html": lambda text: body_html(text, site.url),
        "plain_text": lambda text: plain_text(body_html(text, site.url)),
        "wrapped": wrapped,
        "underlined": underlined,
    }
    return found


def email(found: jinja2.Environment, bulletin: Bulletin, context: dict[str, Any]) -> bytes:
    """The bulletin in one file of at most `MOST_BYTES`.

    What is too long goes without the texts of its sections, the last first, then without the
    rows; each place says so.
    """
    template = found.get_template("bulletin.html.j2")
    steps = _steps(bulletin)

    @functools.cache
    def cut(count: int) -> bytes:
        text = template.render(context, cut=frozenset(steps[:count]))
        return _inliner().inline(text).encode()

    return cut(_fewest(len(steps), lambda count: len(cut(count)) <= MOST_BYTES))


def _fewest(most: int, enough: Callable[[int], bool]) -> int:
    """The smallest number from 0 to `most` that is enough, where more is enough too."""
    if enough(0):
        return 0
    return bisect.bisect_left(range(most), True, lo=1, key=enough)


def _steps(bulletin: Bulletin) -> list[tuple[str, str]]:
    """What can be left out, the least important first."""
    sections = [section.id for section in reversed(bulletin.sections)]
    days = [days.id for days in reversed(bulletin.days)]
    texts = [("texts", name) for name in sections if name != "highlights"]
    return texts + [("rows", name) for name in [*days, *sections]]


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    """Moves the style sheet onto the elements; what depends on the reader's screen stays in it."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
