"""The fixed addresses that other programs rely on: where each output stands below the site.

None of them ever changes. What has no folder stands beside a page: below the address of the whole
site, of a regulator, a topic, an instrument, a month or an entry.
"""

ATOM, JSON_FEED, OPML = "feed.atom", "feed.json", "feeds.opml"
CALENDAR = "calendar.ics"
EMAIL, PLAIN_TEXT = "bulletin.html", "bulletin.txt"
TWIN = "index.md"
LLMS = "llms.txt"
CARD = "assets/card.png"  # by which what has no picture of its own is shared
API = "api/v1/"
DATA = "data/"
DATA_PACKAGE = f"{DATA}datapackage.json"


def list_path(name: str) -> str:
    """The list of all items of a kind, as JSON."""
    return f"{API}{name}.json"


def data_path(entry: str) -> str:
    """One entry by its id, as JSON."""
    return f"{API}entries/{entry}.json"


def table_path(name: str) -> str:
    """A table, as CSV."""
    return f"{DATA}{name}.csv"


def schema_path(name: str) -> str:
    """The JSON Schema of a kind of file that people write."""
    return f"schema/{name}.schema.json"


def twin_path(kind: str, name: str) -> str:
    """The Markdown twin of a page."""
    return f"{kind}/{name}/{TWIN}"
