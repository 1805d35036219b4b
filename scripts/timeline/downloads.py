"""Everything that readers take away and MkDocs need not render: feeds, calendars, data."""

from collections.abc import Iterator

from timeline.bulletin_files import bulletin_files
from timeline.calendars import calendars
from timeline.feeds import feeds
from timeline.site import Site
from timeline.standing import Standing


def downloads(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content."""
    yield "robots.txt", f"User-agent: *\nSitemap: {site.absolute('sitemap.xml')}\n".encode()
    yield from bulletin_files(standing, site)
    yield from feeds(standing, site)
    yield from calendars(standing, site)
