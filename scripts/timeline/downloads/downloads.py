"""Everything that readers take away and MkDocs need not render: feeds, calendars, data."""

from collections.abc import Iterator

from timeline.downloads.api import api_files
from timeline.downloads.bulletin_files import bulletin_files
from timeline.downloads.calendars import calendars
from timeline.downloads.contribute_files import contribute_files
from timeline.downloads.data_package import data_package_files
from timeline.downloads.feeds import feeds
from timeline.downloads.front_matter_schema import schema_files
from timeline.downloads.llms import llms_files
from timeline.downloads.moved import moved_files
from timeline.downloads.twins import twin_files
from timeline.model.site import Site
from timeline.standing.standing import Standing


def downloads(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content."""
    yield "robots.txt", f"User-agent: *\nSitemap: {site.absolute('sitemap.xml')}\n".encode()
    yield from bulletin_files(standing, site)
    yield from api_files(standing, site)
    yield from data_package_files(standing, site)
    yield from schema_files(site)
    yield from contribute_files(standing, site)
    yield from twin_files(standing, site)
    yield from moved_files(standing, site)
    yield from llms_files(standing, site)
    yield from feeds(standing, site)
    yield from calendars(standing, site)
