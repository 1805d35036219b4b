#!/usr/bin/env python3
"""Measure what a reader's browser loads for an entry page, a first search and the explore page.

usage: bench_search.py [--queries] SITE [SITE…]

Each SITE is a built site, such as site/ or one left by `bench.py --keep`. Sizes are those that a
server sends: text compressed with gzip, everything else as it is. Every measurement begins with an
empty cache. With --queries, the searches in `queries.txt` are run instead, and those without an
expected page among the first three results are printed. They name pages of this project's own
site, whose ranking changes with its content, so they are measured rather than tested.
"""

import argparse
import functools
import gzip
import http.server
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from browser import installed
from playwright.sync_api import Browser, Page, Response, sync_playwright

WANTED = Path(__file__).with_name("queries.txt")
FIRST = 3
QUERIES = ("fine", "保护法", "GB/T 35273", "minors protection")
TEXT = {".html", ".css", ".js", ".json", ".svg", ""}
Act = Callable[[Page, str], None]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that does not print requests."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def loaded(browser: Browser, address: str, act: Act, since: Act | None = None) -> tuple[int, int]:
    """Perform an action in a new browser; return the bytes and requests, not those of `since`."""
    page = browser.new_context().new_page()
    if since:
        since(page, address)
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(_size(response)))
    act(page, address)
    page.wait_for_load_state("networkidle")
    page.context.close()
    return sum(sizes), len(sizes)


def _size(response: Response) -> int:
    suffix = Path(response.url.partition("?")[0].rpartition("/")[2]).suffix
    body = response.body()
    return len(gzip.compress(body, 6)) if suffix in TEXT else len(body)


def entry(site: Path) -> Act:
    """Return an action that opens the page of the first entry."""
    first = min(folder.name for folder in (site / "entries").iterdir())
    return lambda page, address: _settled(page, f"{address}entries/{first}/")


def _settled(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")


def header_search(text: str) -> Act:
    """Return an action that opens the search and immediately enters a text."""

    def act(page: Page, _: str) -> None:
        page.keyboard.press("/")
        page.get_by_role("combobox").fill(text)
        page.locator(".search-results li").first.wait_for()

    return act


def explore(page: Page, address: str) -> None:
    """Open the explore page with its facets, and search for a word."""
    page.goto(f"{address}explore/")
    page.locator("#explore:not([aria-busy])").wait_for()
    page.get_by_role("searchbox", name="Search developments").fill("algorithm")
    page.wait_for_url("**q=algorithm**")
    page.locator("#explore:not([aria-busy])").wait_for()


def ask(browser: Browser, address: str) -> None:
    """Print the searches of the file that miss, and how many succeed."""
    lines = WANTED.read_text(encoding="utf-8").splitlines()
    cases = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    page = browser.new_page()
    page.goto(f"{address}about/")
    page.keyboard.press("/")
    field, options = page.get_by_role("combobox"), page.locator(".search-results a.row-title")
    missed = 0
    for text, *wanted in cases:
        field.fill(text)
        page.wait_for_function(
            "text => document.querySelector('.search-results').dataset.for === text", arg=text
        )
        links = options.evaluate_all("links => links.map((link) => link.href)")
        found = [link.removeprefix(address) for link in links[:FIRST]]
        if not any(link.startswith(start.strip()) for link in found for start in wanted):
            missed += 1
            print(f"  {text}: {', '.join(found) or 'nothing'}")
    print(f"  {len(cases) - missed} of {len(cases)} among the first {FIRST}")


def measure(site: Path, browser: Browser, queries: bool = False) -> None:
    """Print the figures of a site."""
    handler = functools.partial(Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    if queries:
        ask(browser, address)
        return
    entries = sum(1 for _ in (site / "entries").iterdir())
    print(f"{site}: {entries:,} entries")
    opened = entry(site)
    results = [("entry page", loaded(browser, address, opened))]
    for text in QUERIES:
        found = loaded(browser, address, header_search(text), opened)
        results.append((f"first search for {text}", found))
    results.append(("explore, facets and a query", loaded(browser, address, explore)))
    for name, (size, requests) in results:
        print(f"  {name:40} {size / 1000:7.1f} KB  {requests:3} requests", flush=True)
    server.shutdown()
    server.server_close()


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return the exit status."""
    parser = argparse.ArgumentParser(description="Measure what a reader's browser loads.")
    parser.add_argument("sites", nargs="+", type=Path, metavar="SITE")
    parser.add_argument("--queries", action="store_true", help="run the searches in queries.txt")
    chosen = parser.parse_args(arguments)
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=options)
        for site in chosen.sites:
            measure(site, browser, chosen.queries)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
