"""Compose the comment on a pull request: its entries and pages, and their effect elsewhere.

The comment is made from all valid files, whatever errors others have. Contributors' text is put in
code blocks, and the rendered form of an entry in a quotation that none of its content can end: no
mention notifies anybody, no image is fetched, no HTML is rendered.
"""

import datetime
import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from timeline.analysis.snapshot import Snapshot
from timeline.analysis.status import Status
from timeline.checks import Loaded
from timeline.checks.duplicates import Duplicates, fingerprint
from timeline.checks.permalinks import kind_of
from timeline.config import read_site
from timeline.content.collection import Collection, as_of_day, terms_of
from timeline.content.text import link_entries
from timeline.contribute.issues import code_lines
from timeline.contribute.review import review
from timeline.problems import Problem
from timeline.schema.dates import long_days
from timeline.schema.entry import Entry, Step
from timeline.schema.terms import TERMS, Instrument, Term
from timeline.schema.vocabulary import state_label
from timeline.urls import ENFORCEMENT, entry_url, month_url, term_url, year_url

MAX_ENTRIES = 12  # shown in one comment
MAX_SUPPORT = 160  # characters of a supporting passage
DUPLICATE_SCORE = 0.35  # lower than for contributors: a reviewer sees more possible duplicates


def comment(root: Path, loaded: Loaded, before: Collection | None, paths: Iterable[str]) -> str:
    """Return the comment on a pull request, as Markdown.

    `before` is the collection without the pull request, if known; `paths` are the changed files,
    relative to the project.
    """
    changed = list(dict.fromkeys(paths))
    content = [path for path in changed if kind_of(path)]
    parts = ["Generated automatically from this pull request."]
    others = [path for path in changed if not kind_of(path)]
    if others:
        parts += ["It also changes other files, which a maintainer reviews:", code_lines(others)]
    if not content:
        return "\n\n".join([*parts, "It does not change any entry or vocabulary page."])
    problems = [problem for problem in loaded.problems if problem.path in changed]
    parts += _about_problems(problems, all_valid=loaded.collection is not None)
    by_path = {entry.path: entry for entry in loaded.valid.entries}
    entries = [by_path[path] for path in content if path in by_path]
    parts += _about_pages([path for path in content if (root / path).is_file()], loaded.valid)
    parts += _effects(before, loaded.valid, loaded.index.today) if before else []
    duplicates, base = Duplicates(loaded.valid), read_site(root).url
    for entry in entries[:MAX_ENTRIES]:
        parts += [f"### `{entry.id}`", quotation("\n".join(_rendered(entry, loaded.valid, base)))]
        parts += _about_entry(entry, loaded.valid, duplicates)
    if len(entries) > MAX_ENTRIES:
        parts.append(f"Not shown here: {len(entries) - MAX_ENTRIES} more.")
    return "\n\n".join(parts)


def _about_problems(problems: list[Problem], *, all_valid: bool) -> list[str]:
    if problems:
        return ["The check reports:", code_lines(map(str, sorted(problems)))]
    found = "The check found no problems in the changed entries and pages"
    return [f"{found}." if all_valid else f"{found}, but other files have errors; see the check."]


def _about_pages(paths: list[str], collection: Collection) -> Iterator[str]:
    """Yield a list of the vocabulary pages, each with any existing page of a similar name."""
    lines = []
    for path in paths:
        kind, name = kind_of(path), Path(path).stem
        if kind is None or kind == "entries":
            continue
        terms: dict[str, Term] = getattr(collection, kind)
        others = {term.name.lower(): term for term in terms.values() if term.id != name}
        page = terms.get(name)
        similar = difflib.get_close_matches(page.name.lower(), others, 1, 0.8) if page else ()
        count = sum(name in terms_of(entry, kind) for entry in collection.entries)
        lines.append(f"{path}: {page.name if page else 'has an error'}; entries: {count}")
        found = [others[one] for one in similar]
        lines += [f"  its name is like {other.name} ({other.id})" for other in found]
    if lines:
        yield "New or changed pages:"
        yield code_lines(lines)


def _effects(before: Collection, after: Collection, day: datetime.date) -> Iterator[str]:
    """Yield a list of the statuses and key dates that the pull request changes."""
    old, new = (Snapshot(as_of_day(one, day), day) for one in (before, after))
    lines = []
    for name, status in new.statuses.items():
        instrument = new.collection.instruments[name]
        now = _status_line(status, instrument)
        known = old.collection.instruments.get(name)
        was = _status_line(old.statuses[name], known) if known else "no page"
        lines += [f"{name}: {was} -> {now}"] if was != now else []
    dates = [
        {f"{due.date} {due.instrument or due.entry.id}: {due.what}" for due in one.key_dates}
        for one in (old, new)
    ]
    lines += [f"added: {one}" for one in sorted(dates[1] - dates[0])]
    lines += [f"removed: {one}" for one in sorted(dates[0] - dates[1])]
    if lines:
        yield "Statuses and key dates that change:"
        yield code_lines(lines)


def _status_line(status: Status, instrument: Instrument) -> str:
    """Return a status in words, on one line."""
    validity = status.validity
    words = state_label(instrument.rank, validity.state)
    since = validity.since or validity.published or validity.latest
    words += f" ({since})" if since else ""
    if validity.then:
        words += f", then {', '.join(map(str, validity.then))}"
    for one in status.pending:
        words += f"; {one.state.label}" + (f" ({one.day})" if one.day else "")
    return words


def _about_entry(entry: Entry, collection: Collection, duplicates: Duplicates) -> Iterator[str]:
    yield from ("It will appear on:", code_lines(_pages_of(entry)))
    near = duplicates.near(fingerprint(entry, collection), DUPLICATE_SCORE)
    if near:
        yield "Possible duplicates:"
        yield code_lines(f"{match.id} ({', '.join(match.reasons)})" for match in near)
    found = review(entry, collection)
    supported = [fact for fact in found.facts if fact.support]
    if supported:
        yield "Supported by a source:"
        yield code_lines(f"{f.kind}: {f.value} <- {f.support[0][:MAX_SUPPORT]}" for f in supported)
    if found.unsupported:
        yield "Not supported by any quotation; a reviewer verifies these:"
        yield code_lines(f"{fact.kind}: {fact.value}" for fact in found.unsupported)
    if found.other_dates:
        yield "Dates in its quotations that the entry does not mention:"
        yield code_lines(found.other_dates)
    if found.differences:
        yield "Differences from other files on the same instruments:"
        yield code_lines(found.differences)


# Syntax that GitHub acts on anywhere in a text: mentions, issue references and images.
_ACTIVE = re.compile(r"@(?=\w)|#(?=\d)|!(?=\[)")
_LINK_ESCAPES = str.maketrans({"(": "%28", ")": "%29", "@": "%40"})
_MARKDOWN = re.compile(r"[\\`*_\[\]~|]")


def quotation(markdown: str) -> str:
    """Quote Markdown so that no mention, image, formula or HTML in it is active."""
    inert = _ACTIVE.sub("\\g<0>\u200b", markdown).replace("<", "&lt;").replace("$", "\\$")
    return "\n".join(f"> {line}".rstrip() for line in inert.split("\n"))


def _escaped(text: str) -> str:
    """Put a value on one line and escape all Markdown in it."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _rendered(entry: Entry, collection: Collection, base: str) -> Iterator[str]:
    """Yield the lines of an entry as readers will see it, in Markdown."""
    bodies = [collection.regulators[name].name for name in entry.regulators]
    yield from (_escaped(" · ".join([entry.date.long, entry.type.label, *bodies])), "")
    yield from (f"**{_escaped(entry.title)}**", "")
    yield from (f"- {_escaped(_step(step, collection))}" for step in entry.instruments)
    for penalty in entry.penalties:
        amount = f": {penalty.currency} {penalty.amount:,f}" if penalty.amount is not None else ""
        yield f"- {_escaped(penalty.party)}: {penalty.measure.label}{amount}"
    yield from (f"- due {deadline.date}: {_escaped(deadline.what)}" for deadline in entry.deadlines)
    yield from ("", link_entries(entry.body.strip(), lambda name: base + entry_url(name)), "")
    for source in entry.sources:
        label = _escaped(f"{source.publisher} ({source.kind.label})")
        target = (source.url or "").translate(_LINK_ESCAPES)
        yield f"- Source: [{label}]({target})" if target else f"- Source: {label}"
    yield from (f"- Source: {newsletter}" for newsletter in entry.newsletters)


def _step(step: Step, collection: Collection) -> str:
    parts = [collection.instruments[step.id].name, *([step.stage.label] if step.stage else [])]
    if step.comments_close:
        parts.append(f"comments close on {long_days([step.comments_close])}")
    if step.effective:
        parts.append(f"takes effect on {long_days([effect.date for effect in step.effective])}")
    return ", ".join(parts)


def _pages_of(entry: Entry) -> Iterator[str]:
    """Yield the addresses of the pages on which an entry appears, relative to the site."""
    yield entry_url(entry.id)
    yield year_url(entry.date.year)
    if entry.date.month:
        yield month_url(entry.date.year, entry.date.month)
    for kind in TERMS:
        yield from (term_url(kind, term) for term in terms_of(entry, kind))
    if entry.penalties:
        yield ENFORCEMENT
