"""Everything that readers take away and MkDocs need not render: feeds, calendars, data."""

from collections.abc import Iterator

from timeline.api import api_files
from timeline.bulletin_files import bulletin_files
from timeline.calendars import calendars
from timeline.data_package import data_package_files
from timeline.feeds import feeds
from timeline.front_matter_schema import schema_files
from timeline.llms import llms_files
from timeline.moved import moved_files
from timeline.site import Site
from timeline.standing import Standing
from timeline.twins import twin_files


def downloads(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content."""
    yield "robots.txt", f"User-agent: *\nSitemap: {site.absolute('sitemap.xml')}\n".encode()
    yield from bulletin_files(standing, site)
    yield from api_files(standing, site)
    yield from data_package_files(standing, site)
    yield from schema_files(site)
    yield from twin_files(standing, site)
    yield from moved_files(standing, site)
    yield from llms_files(standing, site)
    yield from feeds(standing, site)
    yield from calendars(standing, site)
