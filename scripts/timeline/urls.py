"""Every address of the site, relative to its root, and every anchor.

All are permanent, since other programs and other people's links rely on them. The address of a page
ends with a slash. A file name without a folder is appended to the address of a page: the home page,
or that of a regulator, a topic, an instrument, a month or an entry.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

HOME = ""
TIMELINE, EXPLORE, DEADLINES = "timeline/", "explore/", "deadlines/"
ENFORCEMENT, CHANGES, CONTRIBUTE, DATA = "enforcement/", "changes/", "contribute/", "data/"

ATOM, JSON_FEED, OPML = "feed.atom", "feed.json", "feeds.opml"
CALENDAR, WHOLE_CALENDAR = "calendar.ics", "calendar-all.ics"
EMAIL, PLAIN_TEXT = "bulletin.html", "bulletin.txt"
MARKDOWN = "index.md"
LLMS, ROBOTS, SITEMAP = "llms.txt", "robots.txt", "sitemap.xml"
HEADERS = "_headers"  # a setting of Netlify and Cloudflare Pages, which do not serve the file
CARDS, CARD = "cards/", "assets/card.png"  # CARD: for pages without a social card of their own
API = "api/v1/"
DATA_PACKAGE = f"{DATA}datapackage.json"
FORM_DATA = f"{CONTRIBUTE}form.json"
SEARCH_INDEX, SEARCH_NAMES = "pagefind/", "assets/names.json"
BROWSER_CONSTANTS = "assets/constants.js"
API_LISTS = ("entries", "regulators", "topics", "instruments", "newsletters", "deadlines")
TABLES = (
    "entries", "sources", "steps", "penalties", "changes", "deadlines", "withdrawn",
    "regulators", "topics", "instruments", "newsletters",
)  # fmt: skip


def calendar_event(key_date: str) -> str:
    """Return the address of a calendar with a single key date."""
    return f"{DEADLINES}{key_date}.ics"


def entry_url(entry: str) -> str:
    """Return the permanent address of an entry."""
    return f"entries/{entry}/"


def term_url(kind: str, term: str) -> str:
    """Return the address of a regulator, topic, instrument or newsletter."""
    return f"{kind}/{term}/"


def index_url(kind: str) -> str:
    """Return the address of the list of all regulators, topics, instruments or newsletters."""
    return f"{kind}/"


def year_url(year: int) -> str:
    """Return the address of a year."""
    return f"{TIMELINE}{year:04}/"


def month_url(year: int, month: int) -> str:
    """Return the address of a month, or of the year if the month is 0 (unknown)."""
    return f"{TIMELINE}{year:04}/{month:02}/" if month else year_url(year)


def year_of_url(url: str, year: int) -> str:
    """Return the address of one year of a long list."""
    return f"{url}{year}/"


def changes_url(year: int, month: int) -> str:
    """Return the address of the month's page about changes on the site."""
    return f"{CHANGES}{year:04}/{month:02}/"


def api_list(name: str) -> str:
    """Return the address of one of the `API_LISTS`, as JSON."""
    return f"{API}{name}.json"


def api_entry(entry: str) -> str:
    """Return the address of an entry, as JSON."""
    return f"{API}entries/{entry}.json"


def table(name: str) -> str:
    """Return the address of one of the `TABLES`, as CSV."""
    return f"{DATA}{name}.csv"


def schema(name: str) -> str:
    """Return the address of the JSON Schema of a kind of content file."""
    return f"schema/{name}.schema.json"


def form_year(year: str) -> str:
    """Return the address of a year's entries for the contribution form."""
    return f"{CONTRIBUTE}years/{year}.json"


def anchor(text: str) -> str:
    """Return a text as part of an anchor: letters and digits of any script, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def numbered(names: Iterable[str]) -> Iterator[str]:
    """Yield the names in order, and number repeated ones from 2 on: `a`, `b`, `a.2`."""
    seen = Counter[str]()
    for name in names:
        seen[name] += 1
        yield f"{name}.{seen[name]}" if seen[name] > 1 else name
