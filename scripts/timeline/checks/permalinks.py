"""Compare a branch with what is published: it may not lose an id or change a date without a note.

Subscribed calendars accept a new date of an event only with a higher SEQUENCE (RFC 5545, 3.8.7.4),
which rises with each item in `changes`.
"""

import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timeline.content.front_matter import ParsedText, UnreadableError, decode, parse_text
from timeline.content.loader import SECTION_PAGE
from timeline.problems import Location, Problem, quoted
from timeline.schema.terms import TERMS
from timeline.schema.types import Kind

_ALIASES = b"aliases"  # few entries have previous ids; parsing the others would be slow


class NoBaseError(Exception):
    """The base cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class PublishedId:
    """The file to which an id leads, either its current id or a previous one.

    `first` is the oldest id of the file, which feeds, calendars and anchors use.
    """

    path: str
    first: str
    is_alias: bool = False


PublishedIds = dict[tuple[Kind, str], PublishedId]
File = tuple[str, bytes]  # path in the project; content, or empty if it has no previous ids


def check_published(root: Path, base: str) -> list[Problem]:
    """Return the ids and dates published by `base`, a branch or commit, that the checkout breaks.

    Raises NoBaseError if `base` cannot be read.
    """
    commit = _merge_base(root, base)
    here = _published_ids(_files_here(root))
    there = _published_ids(_files_of(root, commit))
    return sorted([*_removed_ids(there, here), *_changed_dates(root, commit, here)])


def published_files(
    root: Path, base: str, paths: Iterable[str]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield each path with its published content in `base`, or None. Raises NoBaseError."""
    commit = _merge_base(root, base)
    for path in paths:
        listed = _git(root, "ls-tree", "-z", "--name-only", commit, "--", path)
        text = _git(root, "show", f"{commit}:./{path}") if listed else None
        yield path, None if text is None else text.encode(errors="surrogateescape")


def _merge_base(root: Path, base: str) -> str:
    """Return the last common commit, so that later additions to the base do not count as lost.

    In a clone without history, this is the base itself.
    """
    try:
        tip = _git(root, "rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}").strip()
    except NoBaseError as error:
        raise NoBaseError(
            f"there is no {base!r} to compare with (git: {error}); fetch it, or name another branch"
        ) from None
    return _git(root, "merge-base", "HEAD", tip, accepted=1).strip() or tip


def _removed_ids(there: PublishedIds, here: PublishedIds) -> Iterator[Problem]:
    """Report ids that now lead nowhere, or to an entry whose first id changed."""
    for (kind, name), then in there.items():
        now = here.get((kind, name))
        if now is None:
            yield Problem(then.path, 1, _lost_message(kind, name, then))
        elif not then.is_alias and (kind, then.first) in here and now.first != then.first:
            yield Problem(now.path, 1, _first_id_message(then, now))


def _lost_message(kind: Kind, name: str, then: PublishedId) -> str:
    if then.is_alias:
        return f"alias {name!r} was removed; its old links would break, so keep it in 'aliases'"
    if kind == "entries":
        return (
            f"the published entry {name!r} is missing; restore the file and give the reason in "
            "'withdrawn', or list this id under 'aliases' in the renamed file"
        )
    return "the published page is missing; restore it, since links lead to it"


def _first_id_message(then: PublishedId, now: PublishedId) -> str:
    if then.first == Path(now.path).stem:
        advice = (
            "list only an entry's own previous ids; a duplicate entry keeps its file and is marked "
            "with 'withdrawn'"
        )
    else:
        advice = f"put {then.first!r} first"
    return (
        f"feeds, calendars and anchors identify this entry as {then.first!r}, but the first of its "
        f"'aliases' is now {now.first!r}; {advice}"
    )


def _published_ids(files: Iterable[File]) -> PublishedIds:
    """Return the ids of files, which are their names, and the aliases of entries."""
    found: PublishedIds = {}
    for path, content in files:
        kind = kind_of(path)
        if kind:
            own = Path(path).stem
            aliases = _aliases(content) if kind == "entries" else []
            first = aliases[0] if aliases else own
            found[kind, own] = PublishedId(path, first)
            for alias in aliases:
                found.setdefault((kind, alias), PublishedId(path, first, is_alias=True))
    return found


def kind_of(path: str) -> Kind | None:
    """Return the kind of a file from its folder, or None for other files."""
    folder, _, name = path.rpartition("/")
    if not name.endswith(".md") or name == f"{SECTION_PAGE}.md":
        return None
    if folder.startswith("entries/"):
        return "entries"
    return next((kind for kind in TERMS if folder == f"docs/{kind}"), None)


def _aliases(content: bytes) -> list[str]:
    """Return the previous ids of an entry; none if it cannot be read, which other checks report."""
    parsed = _parsed(content) if content else None
    names = parsed.values.get("aliases") if parsed else None
    return [alias for alias in names if isinstance(alias, str)] if isinstance(names, list) else []


def _parsed(content: bytes) -> ParsedText | None:
    try:
        return parse_text(decode(content))
    except UnreadableError:
        return None


def _files_here(root: Path) -> Iterator[File]:
    """Yield the files of the checkout."""
    for folder in ("entries", "docs"):
        for file in sorted((root / folder).rglob("*.md")):
            if file.is_file():  # a folder of that name has no id
                content = b"" if file.is_symlink() else file.read_bytes()
                yield file.relative_to(root).as_posix(), content if _ALIASES in content else b""


def _files_of(root: Path, commit: str) -> Iterator[File]:
    """Yield the files of a commit, from git's NUL-separated lists."""
    options = ("-lz", "--fixed-strings", _ALIASES.decode())
    listed = _git(root, "grep", *options, commit, "--", "entries", accepted=1)
    with_aliases = {name.removeprefix(f"{commit}:") for name in listed.split("\0")}
    for path in _git(root, "ls-tree", "-r", "-z", "--name-only", commit).split("\0"):
        text = _git(root, "show", f"{commit}:./{path}") if path and path in with_aliases else ""
        yield path, text.encode(errors="surrogateescape")


def _git(root: Path, *arguments: str, accepted: int = 0) -> str:
    """Return what git prints.

    Raises NoBaseError if git is not installed or its exit status is above `accepted`.
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except FileNotFoundError:
        raise NoBaseError("git is not installed") from None
    if done.returncode > accepted:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise NoBaseError(lines[0] if lines else "failed")
    return done.stdout.decode(errors="surrogateescape")


# The dates of an entry: ((instrument, key), words) -> [(date, location)].
Subject = tuple[str, str]
Dates = dict[tuple[Subject, str], list[tuple[str, Location]]]


def _changed_dates(root: Path, commit: str, here: PublishedIds) -> Iterator[Problem]:
    """Report published dates that changed without a new item in `changes`."""
    options = ("--name-only", "-z", "--no-renames", "--diff-filter=MD", "--relative")
    changed = _git(root, "diff", *options, commit, "--", "entries").split("\0")
    for path in changed:
        now = here.get(("entries", Path(path).stem)) if path.endswith(".md") else None
        file = root / now.path if now else root
        if now and file.is_file() and not file.is_symlink():
            before = _git(root, "show", f"{commit}:./{path}").encode(errors="surrogateescape")
            yield from _compare_dates(now.path, _parsed(before), _parsed(file.read_bytes()))


def _compare_dates(
    path: str, before: ParsedText | None, after: ParsedText | None
) -> Iterator[Problem]:
    if before is None or after is None or after.values.get("withdrawn"):
        return
    if len(_items(after.values, "changes")) > len(_items(before.values, "changes")):
        return
    for key, date, became, location in _differences(_dates(before.values), _dates(after.values)):
        change = f"changed to {quoted(became)}" if became else "was removed"
        message = (
            f"the published date {quoted(date)} of {key!r} {change} without a note; record this in "
            "'changes', so that subscribed calendars are updated"
        )
        yield Problem(path, after.line(location), message, location=location)
    for key, date, words, location in _reworded(_dates(before.values), _dates(after.values)):
        message = (
            f"the calendar event of the published date {quoted(date)} of {key!r} is named after "
            f"its words, and they changed; keep {quoted(words)}, or record the change in 'changes'"
        )
        yield Problem(path, after.line(location), message, location=location)
    for key, date, location in _no_longer_alone(_dates(before.values), _dates(after.values)):
        message = (
            f"the calendar event of the published date {quoted(date)} of {key!r} gets another name "
            "by the date added to it; record the addition in 'changes', or in an entry of its own"
        )
        yield Problem(path, after.line(location), message, location=location)


def _reworded(before: Dates, after: Dates) -> Iterator[tuple[str, str, str, Location]]:
    """Yield (key, date, old words, location) for each reworded date whose words are in its id.

    They are if the entry has several dates under the key: see `deadlines.key_dates_with_ids`.
    """
    totals = Counter(subject for (subject, _), dates in before.items() for _ in dates)
    for (subject, words), dates in before.items():
        if totals[subject] == 1 or not words or (subject, words) in after:
            continue
        now = {date: at for key, found in after.items() if key[0] == subject for date, at in found}
        for date, _ in dates:
            if date in now:
                yield subject[1], date, words.removesuffix("|None").replace("|", ", "), now[date]


def _no_longer_alone(before: Dates, after: Dates) -> Iterator[tuple[str, str, Location]]:
    """Yield (key, date, location) for each date that was the only one under its key and is no more.

    Its id then contains its words, if it has any: see `deadlines.key_dates_with_ids`.
    """
    for subject in dict.fromkeys(subject for subject, _ in before):
        alone = [date for key, found in before.items() if key[0] == subject for date, _ in found]
        now = [(key[1], *one) for key, found in after.items() if key[0] == subject for one in found]
        if len(alone) == 1 < len(now):
            yield from (
                (subject[1], date, at) for words, date, at in now if words and [date] == alone
            )


def _differences(before: Dates, after: Dates) -> Iterator[tuple[str, str, str, Location]]:
    """Yield (key, old date, new date or "", location) for each date that changed.

    A date whose words alone changed is not among them.
    """
    for (subject, words), dates in before.items():
        new = after.get((subject, words), [])
        kept = {date for key, found in after.items() if key[0] == subject for date, _ in found}
        for place, (date, _) in enumerate(dates):
            became, location = new[place] if place < len(new) else ("", ())
            if became != date and (new or date not in kept):
                yield subject[1], date, became, location


def _dates(values: dict[str, Any]) -> Dates:
    """Return the dates of an entry by instrument, key and words, which distinguish events too."""
    found: Dates = defaultdict(list)
    for subject, words, date, location in _written_dates(values):
        found[subject, words].append((str(date), location))
    return dict(found)


def _written_dates(values: dict[str, Any]) -> Iterator[tuple[Subject, str, object, Location]]:
    """Yield (subject, words, date, location) for each date as it is written."""
    for index, step in enumerate(_items(values, "instruments")):
        at: Location = ("instruments", index)
        instrument, effective = str(step.get("id")), step.get("effective")
        if step.get("comments_close"):
            close = "comments_close"
            yield (instrument, close), "", step[close], (*at, close)
        subject = (instrument, "effective")
        if isinstance(effective, str):
            yield subject, "", effective, (*at, "effective")
        for place, effect in enumerate(_items(step, "effective")):
            words, where = str(effect.get("applies_to") or ""), (*at, "effective", place, "date")
            yield subject, words, effect.get("date"), where
    for index, duty in enumerate(_items(values, "deadlines")):
        words = f"{duty.get('what')}|{duty.get('who')}"
        yield ("", "deadlines"), words, duty.get("date"), ("deadlines", index, "date")


def _items(values: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the mappings in a list, ignoring all other items and values."""
    value = values.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
