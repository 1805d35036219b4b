"""The comment on a pull request: its entries and pages, and what they change elsewhere.

It is made of all sound files, whatever else has an error. What contributors wrote is in code
blocks, and an entry as readers will see it is in a quotation, which nothing in it can end: no
mention in it notifies anybody, no image is fetched, no HTML is rendered.
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
MAX_WORDS = 160  # characters of a quotation
LIKELY = 0.35  # a reviewer looks at more possible duplicates than a contributor is warned of


def comment(root: Path, loaded: Loaded, before: Collection | None, paths: Iterable[str]) -> str:
    """A comment on a pull request, as Markdown.

    `before` is the collection without the pull request, where it is known; `paths` are the changed
    files, relative to the project.
    """
    every = list(dict.fromkeys(paths))
    chosen = [path for path in every if kind_of(path)]
    parts = ["Generated automatically from this pull request."]
    others = [path for path in every if not kind_of(path)]
    if others:
        parts += ["It changes other files too, which a maintainer reads:", code_lines(others)]
    if not chosen:
        return "\n\n".join([*parts, "It changes no entry and no vocabulary page."])
    problems = [problem for problem in loaded.problems if problem.path in every]
    parts += _about_problems(problems, is_sound=loaded.collection is not None)
    by_path = {entry.path: entry for entry in loaded.sound.entries}
    entries = [by_path[path] for path in chosen if path in by_path]
    parts += _about_pages([path for path in chosen if (root / path).is_file()], loaded.sound)
    parts += _elsewhere(before, loaded.sound, loaded.index.today) if before else []
    duplicates, base = Duplicates(loaded.sound), read_site(root).url
    for entry in entries[:MAX_ENTRIES]:
        parts += [f"### `{entry.id}`", quotation("\n".join(_shown(entry, loaded.sound, base)))]
        parts += _about_entry(entry, loaded.sound, duplicates)
    if len(entries) > MAX_ENTRIES:
        parts.append(f"Not shown here: {len(entries) - MAX_ENTRIES} more.")
    return "\n\n".join(parts)


def _about_problems(problems: list[Problem], *, is_sound: bool) -> list[str]:
    if problems:
        return ["What the check says of them:", code_lines(map(str, sorted(problems)))]
    if is_sound:
        return ["The check finds nothing wrong in them."]
    return ["The check finds nothing wrong in them, but other files have errors; see the check."]


def _about_pages(paths: list[str], collection: Collection) -> Iterator[str]:
    """The vocabulary pages, each with the known page of nearly the same name."""
    lines = []
    for path in paths:
        kind, name = kind_of(path), Path(path).stem
        if kind is None or kind == "entries":
            continue
        terms: dict[str, Term] = getattr(collection, kind)
        others = {term.name.lower(): term.id for term in terms.values() if term.id != name}
        page = terms.get(name)
        near = difflib.get_close_matches(page.name.lower(), others, 1, 0.8) if page else ()
        named = sum(name in terms_of(entry, kind) for entry in collection.entries)
        lines.append(f"{path}: {page.name if page else 'has an error'}; entries: {named}")
        lines += [f"  its name is like that of {others[one]} ({one})" for one in near]
    if lines:
        yield "Pages written or changed:"
        yield code_lines(lines)


def _elsewhere(before: Collection, after: Collection, day: datetime.date) -> Iterator[str]:
    """The statuses and key dates that become others."""
    old, new = (Snapshot(as_of_day(one, day), day) for one in (before, after))
    lines = []
    for name, status in new.statuses.items():
        instrument = new.collection.instruments[name]
        now = _in_words(status, instrument)
        known = old.collection.instruments.get(name)
        was = _in_words(old.statuses[name], known) if known else "no page"
        lines += [f"{name}: {was} -> {now}"] if was != now else []
    dates = [
        {f"{due.date} {due.instrument or due.entry.id}: {due.what}" for due in one.key_dates}
        for one in (old, new)
    ]
    lines += [f"new: {one}" for one in sorted(dates[1] - dates[0])]
    lines += [f"gone: {one}" for one in sorted(dates[0] - dates[1])]
    if lines:
        yield "Statuses and dates that change:"
        yield code_lines(lines)


def _in_words(status: Status, instrument: Instrument) -> str:
    """A status on one line."""
    found = status.validity
    words = state_label(instrument.rank, found.state)
    since = found.since or found.published or found.latest
    words += f" ({since})" if since else ""
    if found.then:
        words += f", then {', '.join(map(str, found.then))}"
    for one in status.pending:
        words += f"; {one.state.label}" + (f" ({one.day})" if one.day else "")
    return words


def _about_entry(entry: Entry, collection: Collection, duplicates: Duplicates) -> Iterator[str]:
    yield from ("It appears on:", code_lines(_pages_of(entry)))
    near = duplicates.near(fingerprint(entry, collection), LIKELY)
    if near:
        yield "Possible duplicates:"
        yield code_lines(f"{match.id} ({', '.join(match.reasons)})" for match in near)
    found = review(entry, collection)
    supported = [fact for fact in found.facts if fact.support]
    if supported:
        yield "Supported by a source:"
        yield code_lines(f"{f.kind}: {f.value} <- {f.support[0][:MAX_WORDS]}" for f in supported)
    if found.unsupported:
        yield "Not supported by any quotation; a reviewer verifies these:"
        yield code_lines(f"{fact.kind}: {fact.value}" for fact in found.unsupported)
    if found.other_dates:
        yield "Dates in its quotations that it does not name:"
        yield code_lines(found.other_dates)
    if found.differences:
        yield "Other files on its instruments say:"
        yield code_lines(found.differences)


# What GitHub acts upon, anywhere in a text: mentions, references to issues, images; and formulas.
_ACTIVE = re.compile(r"@(?=\w)|#(?=\d)|!(?=\[)")
_IN_TARGET = str.maketrans({"(": "%28", ")": "%29", "@": "%40"})
_MARKS = re.compile(r"[\\`*_\[\]~|]")


def quotation(markdown: str) -> str:
    """Markdown as a quotation, in which no mention, image, formula or HTML is active."""
    quiet = _ACTIVE.sub("\\g<0>\u200b", markdown).replace("<", "&lt;").replace("$", "\\$")
    return "\n".join(f"> {line}".rstrip() for line in quiet.split("\n"))


def _plain(text: str) -> str:
    """A value in which nothing is Markdown."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def _shown(entry: Entry, collection: Collection, base: str) -> Iterator[str]:
    """What readers will see of it, as Markdown."""
    bodies = [collection.regulators[name].name for name in entry.regulators]
    yield from (_plain(" · ".join([entry.date.long, entry.type.label, *bodies])), "")
    yield from (f"**{_plain(entry.title)}**", "")
    yield from (f"- {_plain(_step(step, collection))}" for step in entry.instruments)
    for penalty in entry.penalties:
        amount = f": {penalty.currency} {penalty.amount:,f}" if penalty.amount is not None else ""
        yield f"- {_plain(penalty.party)}: {penalty.measure.label}{amount}"
    yield from (f"- due {deadline.date}: {_plain(deadline.what)}" for deadline in entry.deadlines)
    yield from ("", link_entries(entry.body.strip(), lambda name: base + entry_url(name)), "")
    for source in entry.sources:
        said = _plain(f"{source.publisher} ({source.kind.label})")
        target = (source.url or "").translate(_IN_TARGET)
        yield f"- Source: [{said}]({target})" if target else f"- Source: {said}"
    yield from (f"- Source: {newsletter}" for newsletter in entry.newsletters)


def _step(step: Step, collection: Collection) -> str:
    parts = [collection.instruments[step.id].name, *([step.stage.label] if step.stage else [])]
    if step.comments_close:
        parts.append(f"comments close on {long_days([step.comments_close])}")
    if step.effective:
        parts.append(f"takes effect on {long_days([effect.date for effect in step.effective])}")
    return ", ".join(parts)


def _pages_of(entry: Entry) -> Iterator[str]:
    """The addresses below the site on which an entry appears."""
    yield entry_url(entry.id)
    yield year_url(entry.date.year)
    if entry.date.month:
        yield month_url(entry.date.year, entry.date.month)
    for kind in TERMS:
        yield from (term_url(kind, term) for term in terms_of(entry, kind))
    if entry.penalties:
        yield ENFORCEMENT
