"""Which addresses of sources can no longer be opened, and where to find a copy."""

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
CONCURRENT_HOSTS = 8  # each host is asked for one page after the other
MAX_CONSECUTIVE_FAILURES = 3  # without any answer; then the host is left alone
READ_LIMIT = 65_536  # bytes; the beginning of a page shows that it is there
AGENT = "Mozilla/5.0 (compatible; link check of a reference site, once a week)"

# Hosts that refuse programs though people can open their pages: their answers mean nothing.
BLOCKED_HOSTS = {
    "www.mondaq.com": "shows programs a page that asks for a login",
    "www.nasdaq.com": "leaves programs without an answer until they give up",
}
ARCHIVE = "https://web.archive.org/web/2/"


@dataclass(frozen=True)
class Address:
    """An address with the files that have it, and the archived copy that they give."""

    url: str
    paths: tuple[str, ...]
    archived: str | None


@dataclass(frozen=True)
class DeadLink:
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


def dead_links(
    found: Iterable[Address], blocked: dict[str, str], failure: Callable[[str], str | None]
) -> list[DeadLink]:
    """The addresses that cannot be opened. `failure` opens one and returns why it cannot, or None.

    A reason of digits alone is a status, so the host did answer.
    """
    hosts: dict[str, list[Address]] = defaultdict(list)
    for address in found:
        host = urlsplit(address.url).hostname or ""
        if host not in blocked:
            hosts[host].append(address)

    def of_host(host: str) -> list[DeadLink]:
        dead: list[DeadLink] = []
        failures, left = 0, len(hosts[host])
        for address in hosts[host]:
            left -= 1
            reason = failure(address.url)
            failures = failures + 1 if reason and not reason.isdigit() else 0
            if reason and left and failures == MAX_CONSECUTIVE_FAILURES:
                reason += f"; {left} more of this host were not tried"
                return [*dead, DeadLink(address, reason)]
            if reason:
                dead.append(DeadLink(address, reason))
        return dead

    with ThreadPoolExecutor(CONCURRENT_HOSTS) as pool:
        return [*itertools.chain.from_iterable(pool.map(of_host, sorted(hosts)))]


def open_failure(url: str) -> str | None:
    """Open an address. Returns why it cannot be opened, or None."""
    try:
        request = urllib.request.Request(url, headers={"User-Agent": AGENT})  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            answer.read1(READ_LIMIT)  # not the rest: a trickle is not waited for
    except urllib.error.HTTPError as error:
        # 401, 403 and 429 mean that programs may not, 5xx that the server has a problem today.
        return f"{error.code}" if error.code in {404, 410} else None
    except urllib.error.URLError as error:
        return str(error.reason)
    except HTTPException as error:  # what came is not HTTP
        return type(error).__name__
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return None


def report(found: list[DeadLink], blocked: dict[str, str]) -> str:
    """Markdown for the issue about dead sources."""
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
        yield "Give a copy under `archived`, or a new address under `url` where a page has moved."
    yield "Not checked, since these hosts refuse programs:"
    yield code_lines(f"{host}: {reason}" for host, reason in sorted(blocked.items()))


def archive_of(url: str) -> str:
    """Where to look for a copy of a page."""
    return ARCHIVE + quote(url, safe=":/?&=%#~,;+@!$()*'")
