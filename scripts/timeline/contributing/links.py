"""Which sources can still be opened, and where else their text can be read."""

import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import quote, urlsplit

from timeline.contributing.answers import listed
from timeline.source.collection import Collection

TIMEOUT = 30  # seconds
AT_ONCE = 8  # hosts; each host is asked for one page after the other
SILENT = 3  # pages without any answer, one after the other; then the host is left alone
ENOUGH = 65_536  # bytes; the beginning of a page shows that it is there
AGENT = "Mozilla/5.0 (compatible; link check of a reference site, once a week)"
ARCHIVE = "https://web.archive.org/web/2/"

# Hosts that refuse programs though people can open their pages: an answer of theirs tells nothing.
REFUSING = {
    "www.mondaq.com": "shows programs a page that asks for a login",
    "www.nasdaq.com": "leaves programs without an answer until they give up",
}


@dataclass(frozen=True)
class Address:
    """An address with the files that name it, and the copy that they know."""

    url: str
    paths: tuple[str, ...]
    archived: str | None


@dataclass(frozen=True)
class Dead:
    """An address that could not be opened, and why."""

    address: Address
    reason: str


def addresses(collection: Collection) -> list[Address]:
    """Every address of a source, of an instrument's text and of a newsletter, in order."""
    paths: dict[str, list[str]] = defaultdict(list)
    copies: dict[str, str] = {}
    for entry in collection.entries:
        for source in entry.sources:
            if source.url:
                paths[source.url].append(entry.path)
                if source.archived:
                    copies[source.url] = source.archived
    for law in collection.instruments.values():
        for text in law.text:
            paths[text.url].append(law.path)
    for issue in collection.newsletters.values():
        if issue.url:
            paths[issue.url].append(issue.path)
    return [
        Address(url, tuple(dict.fromkeys(paths[url])), copies.get(url)) for url in sorted(paths)
    ]


def dead(
    found: Iterable[Address], refusing: dict[str, str], wrong: Callable[[str], str | None]
) -> list[Dead]:
    """The addresses that cannot be opened. `wrong` opens one and says why it cannot, or None.

    A reason of digits alone is a status, so the host did answer.
    """
    hosts: dict[str, list[Address]] = defaultdict(list)
    for address in found:
        host = urlsplit(address.url).hostname or ""
        if host not in refusing:
            hosts[host].append(address)

    def of_host(host: str) -> list[Dead]:
        told: list[Dead] = []
        silent = 0
        for place, address in enumerate(hosts[host], 1):
            reason = wrong(address.url)
            silent = silent + 1 if reason and not reason.isdigit() else 0
            left = len(hosts[host]) - place
            if reason and silent == SILENT and left:
                return [*told, Dead(address, f"{reason}; {left} more of this host were not tried")]
            told += [Dead(address, reason)] if reason else []
        return told

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [one for of in pool.map(of_host, sorted(hosts)) for one in of]


def opened(url: str) -> str | None:
    """Open an address. Returns why it cannot be opened, or None."""
    try:
        request = urllib.request.Request(url, headers={"User-Agent": AGENT})  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            answer.read1(ENOUGH)  # what comes first; a trickle is not waited for
    except urllib.error.HTTPError as error:
        # 401, 403 and 429 say that this program may not, 5xx that the server is ill today.
        return f"{error.code}" if error.code in {404, 410} else None
    except urllib.error.URLError as error:
        return str(error.reason)
    except HTTPException as error:  # what came is no answer of the web
        return type(error).__name__
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return None


def copy_of(url: str) -> str:
    """Where to look for a copy of a page."""
    return ARCHIVE + quote(url, safe=":/?&=%#~,;+@!$()*'")


def report(found: list[Dead], refusing: dict[str, str]) -> str:
    """Markdown for the issue about dead sources."""
    return "\n\n".join(_parts(found, refusing))


def _parts(found: list[Dead], refusing: dict[str, str]) -> Iterator[str]:
    yield f"{len(found)} addresses could not be opened."
    for one in found:
        copy = one.address.archived or copy_of(one.address.url)
        kind = "copy" if one.address.archived else "look for a copy"
        yield listed([one.address.url, f"  {one.reason}", f"  {kind}: {copy}", *one.address.paths])
    if found:
        yield "Put a copy under `archived`, or a new address under `url` where a page has moved."
    yield "Not opened, since these hosts refuse programs:"
    yield listed(f"{host}: {reason}" for host, reason in sorted(refusing.items()))
