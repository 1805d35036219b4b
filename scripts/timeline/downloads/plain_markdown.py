"""Templates for Markdown that is read as it is, where every value is text unless it says otherwise.

What a template prints is escaped as CommonMark allows (https://spec.commonmark.org/0.31.2/, 2.4),
as autoescape does for HTML, so that a title can be no link, heading or HTML.
"""

import datetime
import functools
import re

import jinja2

from timeline.model.dates import long_day
from timeline.model.locale_names import language, territory
from timeline.rendering.rendering import TEMPLATES, amount

_MEANING = re.compile(r"[\\`*_\[\]>#]")
_ENTITY = re.compile(r"&(?=#?\w+;)")


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def in_markdown(value: object) -> Markdown:
    """A value as it stands in Markdown."""
    if isinstance(value, Markdown):
        return value
    text = long_day(value) if isinstance(value, datetime.date) else str(value)
    escaped = _MEANING.sub(r"\\\g<0>", _ENTITY.sub("&amp;", text))
    return Markdown(escaped.replace("<", "&lt;"))  # `\<` is not understood everywhere


def link(text: str, url: str) -> Markdown:
    """A link. The address is one that was checked, or the site's own."""
    target = f"<{url}>" if set("()") & set(url) else url
    return Markdown(f"[{in_markdown(text)}]({target})")


def address(url: str) -> Markdown:
    """An address that is a link and shows itself."""
    return Markdown(f"<{url}>")


@functools.cache
def environment() -> jinja2.Environment:
    """The templates of Markdown files."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - `finalize` escapes, for Markdown
        finalize=in_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals |= {"link": link, "address": address}
    made.filters |= {"amount": amount, "language": language, "territory": territory}
    return made
