"""Everything that readers take away and MkDocs need not render: feeds, calendars, data."""

from collections.abc import Iterator

from timeline.site import Site
from timeline.standing import Standing


def downloads(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content."""
    del standing
    yield "robots.txt", f"User-agent: *\nSitemap: {site.absolute('sitemap.xml')}\n".encode()
