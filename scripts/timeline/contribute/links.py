"""Find the addresses of sources that can no longer be opened, and where to look for copies."""

import itertools
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import quote, urlsplit

from timeline.content.collection import Collection
from timeline.contribute.issues import code_lines

TIMEOUT = 30  # seconds
CONCURRENT_HOSTS = 8  # the pages of one host are requested one after the other
MAX_CONSECUTIVE_FAILURES = 3  # requests without any answer, after which the host is skipped
READ_LIMIT = 65_536  # bytes; the beginning of a page shows that the page exists
AGENT = "Mozilla/5.0 (compatible; link check of a reference site, once a week)"

# Hosts that refuse automated requests to pages which people can open, so that a check says nothing.
BLOCKED_HOSTS = {
    "www.mondaq.com": "shows automated requests a login page",
    "www.nasdaq.com": "lets automated requests time out",
}
ARCHIVE = "https://web.archive.org/web/2/"


@dataclass(frozen=True)
class Address:
    """An address, the files that contain it, and the archived copy given there."""

    url: str
    paths: tuple[str, ...]
    archived: str | None


@dataclass(frozen=True)
class DeadLink:
    """An address that could not be opened, and the reason."""

    address: Address
    reason: str


def addresses(collection: Collection) -> list[Address]:
    """Return the addresses of sources, instruments' texts and newsletters, sorted."""
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


def dead_links(
    found: Iterable[Address], blocked: dict[str, str], failure: Callable[[str], str | None]
) -> list[DeadLink]:
    """Return the addresses that cannot be opened, except those of blocked hosts.

    `failure` opens an address and returns the reason if that fails, otherwise None. A reason made
    of digits alone is an HTTP status, which means that the host did answer.
    """
    hosts: dict[str, list[Address]] = defaultdict(list)
    for address in found:
        host = urlsplit(address.url).hostname or ""
        if host not in blocked:
            hosts[host].append(address)

    def check_host(host: str) -> list[DeadLink]:
        dead: list[DeadLink] = []
        failures, left = 0, len(hosts[host])
        for address in hosts[host]:
            left -= 1
            reason = failure(address.url)
            failures = failures + 1 if reason and not reason.isdigit() else 0
            if reason and left and failures == MAX_CONSECUTIVE_FAILURES:
                reason += f"; {left} more on this host were not tried"
                return [*dead, DeadLink(address, reason)]
            if reason:
                dead.append(DeadLink(address, reason))
        return dead

    with ThreadPoolExecutor(CONCURRENT_HOSTS) as pool:
        return [*itertools.chain.from_iterable(pool.map(check_host, sorted(hosts)))]


def open_failure(url: str) -> str | None:
    """Open an address. Returns the reason if it cannot be opened, otherwise None."""
    try:
        request = urllib.request.Request(url, headers={"User-Agent": AGENT})  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            answer.read1(READ_LIMIT)  # a single read, so that a slow answer does not hold it up
    except urllib.error.HTTPError as error:
        # 401, 403 and 429 mean that programs are refused, 5xx that the server has a problem today.
        return f"{error.code}" if error.code in {404, 410} else None
    except urllib.error.URLError as error:
        return str(error.reason)
    except HTTPException as error:  # the answer is not valid HTTP
        return type(error).__name__
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return None


def report(found: list[DeadLink], blocked: dict[str, str]) -> str:
    """Return the text of the issue about dead links, as Markdown."""
    return "\n\n".join(_parts(found, blocked))


def _parts(found: list[DeadLink], blocked: dict[str, str]) -> Iterator[str]:
    yield f"{len(found)} address{'es' * (len(found) != 1)} could not be opened."
    for one in found:
        copy = one.address.archived or archive_of(one.address.url)
        kind = "copy" if one.address.archived else "look for a copy"
        yield code_lines(
            [one.address.url, f"  {one.reason}", f"  {kind}: {copy}", *one.address.paths]
        )
    if found:
        yield "Give a copy under `archived`, or the new address under `url` if a page has moved."
    yield "Not checked, since these hosts refuse automated requests:"
    yield code_lines(f"{host}: {reason}" for host, reason in sorted(blocked.items()))


def archive_of(url: str) -> str:
    """Return the address at which to look for an archived copy of a page."""
    return ARCHIVE + quote(url, safe=":/?&=%#~,;+@!$()*'")
