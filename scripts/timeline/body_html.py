"""The Markdown of a body -> HTML that may leave the site: every link is absolute."""

import functools

import markdown

from timeline import body
from timeline.site import Site


@functools.lru_cache(maxsize=100_000)
def body_html(text: str, site: Site) -> str:
    """The body as MkDocs renders it. Bodies are checked to hold no HTML of their own."""
    linked = body.linked(text, lambda entry: site.absolute(f"entries/{entry}/"))
    return _renderer().reset().convert(body.marked(linked))


@functools.cache
def _renderer() -> markdown.Markdown:
    return markdown.Markdown(extensions=["tables"], output_format="html")
