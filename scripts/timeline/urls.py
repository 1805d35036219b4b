"""Every address of the site, and every anchor: where each page and file stands below its root.

They are promised for ever: other programs and other people's links rely on them. An address ends
with a slash where it is a page. What has no folder here stands beside a page: below the address of
the whole site, of a regulator, a topic, an instrument, a month or an entry.
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
HEADERS = "_headers"  # of Netlify and Cloudflare Pages, which do not serve it
CARDS, CARD = "cards/", "assets/card.png"  # CARD: of what has no image of its own
API = "api/v1/"
DATA_PACKAGE = f"{DATA}datapackage.json"
FORM_DATA = f"{CONTRIBUTE}form.json"
SEARCH_INDEX, SEARCH_NAMES = "pagefind/", "assets/names.json"
BROWSER_CONSTANTS = "assets/constants.js"
# The names of all lists of the API and of all tables.
API_LISTS = ("entries", "regulators", "topics", "instruments", "newsletters", "deadlines")
TABLES = (
    "entries", "sources", "steps", "penalties", "changes", "deadlines", "withdrawn",
    "regulators", "topics", "instruments", "newsletters",
)  # fmt: skip


def calendar_event(key_date: str) -> str:
    """One key date as a calendar of its own."""
    return f"{DEADLINES}{key_date}.ics"


def entry_url(entry: str) -> str:
    """The permanent address of an entry."""
    return f"entries/{entry}/"


def term_url(kind: str, term: str) -> str:
    """The page of a regulator, topic, instrument or newsletter."""
    return f"{kind}/{term}/"


def index_url(kind: str) -> str:
    """The list of all regulators, topics, instruments or newsletters."""
    return f"{kind}/"


def year_url(year: int) -> str:
    """The page of a year."""
    return f"{TIMELINE}{year:04}/"


def month_url(year: int, month: int) -> str:
    """The page of a month; of the year for what is known to the year only."""
    return f"{TIMELINE}{year:04}/{month:02}/" if month else year_url(year)


def year_of_url(url: str, year: int) -> str:
    """The page of one year of a long list."""
    return f"{url}{year}/"


def changes_url(year: int, month: int) -> str:
    """What was new on the site in a month."""
    return f"{CHANGES}{year:04}/{month:02}/"


def api_list(name: str) -> str:
    """The list of all items of a kind, as JSON."""
    return f"{API}{name}.json"


def api_entry(entry: str) -> str:
    """One entry by its id, as JSON."""
    return f"{API}entries/{entry}.json"


def table(name: str) -> str:
    """A table, as CSV."""
    return f"{DATA}{name}.csv"


def schema(name: str) -> str:
    """The JSON Schema of a kind of file that people write."""
    return f"schema/{name}.schema.json"


def form_year(year: str) -> str:
    """The entries of a year, for the form in the browser."""
    return f"{CONTRIBUTE}years/{year}.json"


def anchor(text: str) -> str:
    """A text as part of an anchor: letters and digits of any script, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def numbered(names: Iterable[str]) -> Iterator[str]:
    """The names in their order; a repeated one gets a number, from 2 on."""
    before = Counter[str]()
    for name in names:
        before[name] += 1
        yield f"{name}.{before[name]}" if before[name] > 1 else name
