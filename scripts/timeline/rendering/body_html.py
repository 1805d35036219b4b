"""The Markdown of a body -> HTML, where MkDocs does not render it."""

import functools

import markdown
from markupsafe import Markup

from timeline.model import body


def body_html(text: str, base: str) -> Markup:
    """The body as MkDocs renders it. `base` is the site's address, whole or relative; ends with /.

    Bodies are checked to hold no HTML of their own, so theirs may stand beside the templates'.
    """
    linked = body.linked(text, lambda entry: f"{base}entries/{entry}/")
    return _rendered(body.marked(linked))


@functools.lru_cache(maxsize=100_000)  # few bodies have links, so most are rendered once
def _rendered(text: str) -> Markup:
    return Markup(_renderer().reset().convert(text))  # noqa: S704


@functools.cache
def _renderer() -> markdown.Markdown:
    return markdown.Markdown(extensions=["fenced_code", "tables"])
