"""Days that were published and are others now: a correction that readers must be told of.

Calendars that are subscribed to take an event's new day only with a higher SEQUENCE (RFC 5545,
3.8.7.4), which rises with each item in `changes`.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from timeline.model.document import Location, Parts, UnreadableError, decode, take_apart
from timeline.model.problems import Problem, shown
from timeline.source.published import claims_here, git, where_it_parted

_CHANGES = "changes"
About = tuple[str, str]  # instrument and key
Days = dict[tuple[About, str], list[tuple[str, Location]]]  # by what they are about, and words


def uncorrected_days(root: Path, base: str) -> list[Problem]:
    """Every day that `base`, a branch or commit, has published otherwise, without a further change.

    Raises NoBaseError where `base` cannot be read.
    """
    commit = where_it_parted(root, base)
    listing = ("diff", "--name-only", "-z", "--no-renames", "--diff-filter=MD", "--relative")
    changed = [path for path in git(root, *listing, commit, "--", "entries").split("\0") if path]
    here = claims_here(root) if changed else {}
    found: list[Problem] = []
    for path in changed:
        claim = here.get(("entries", Path(path).stem))
        file = root / claim.path if claim else root
        if claim and path.endswith(".md") and file.is_file() and not file.is_symlink():
            then = git(root, "show", f"{commit}:./{path}").encode(errors="surrogateescape")
            found += _compared(claim.path, _parts(then), _parts(file.read_bytes()))
    return sorted(found)


def _parts(content: bytes) -> Parts | None:
    """None where it cannot be read, of which others tell."""
    try:
        return take_apart(decode(content))
    except UnreadableError:
        return None


def _compared(path: str, then: Parts | None, now: Parts | None) -> Iterator[Problem]:
    if then is None or now is None or now.values.get("withdrawn"):
        return
    if len(_items(now.values.get(_CHANGES))) > len(_items(then.values.get(_CHANGES))):
        return
    for key, day, became, location in _others(_days(then.values), _days(now.values)):
        told = f"is {shown(became)} now" if became else "is gone"
        said = (
            f"{key!r} was {shown(day)} when this was published and {told}; say so in "
            f"{_CHANGES!r}, so that calendars which have it follow"
        )
        yield Problem(path, now.line(location), said)


def _others(then: Days, now: Days) -> Iterator[tuple[str, str, str, Location]]:
    """(key, day, the day that stands there now or nothing, where) of each that is another.

    A day that stands in other words is the same.
    """
    for (about, words), days in then.items():
        new = now.get((about, words), [])
        same = {day for key, found in now.items() if key[0] == about for day, _ in found}
        for place, (day, _) in enumerate(days):
            became, location = new[place] if place < len(new) else ("", ())
            if became != day and (new or day not in same):
                yield about[1], day, became, location


def _days(values: dict[str, Any]) -> Days:
    """The days of an entry, told apart as events are: by instrument, key and words."""
    found: Days = defaultdict(list)
    for about, words, day, location in _written(values):
        found[about, words].append((str(day), location))
    return dict(found)


def _written(values: dict[str, Any]) -> Iterator[tuple[About, str, object, Location]]:
    for index, step in enumerate(_items(values.get("instruments"))):
        at: Location = ("instruments", index)
        instrument, effective = str(step.get("id")), step.get("effective")
        if step.get("comments_close"):
            close = "comments_close"
            yield (instrument, close), "", step[close], (*at, close)
        about = (instrument, "effective")
        if isinstance(effective, str):
            yield about, "", effective, (*at, "effective")
        for place, effect in enumerate(_items(effective)):
            words, where = str(effect.get("applies_to") or ""), (*at, "effective", place, "date")
            yield about, words, effect.get("date"), where
    for index, duty in enumerate(_items(values.get("deadlines"))):
        words = f"{duty.get('what')}|{duty.get('who')}"
        yield ("", "deadlines"), words, duty.get("date"), ("deadlines", index, "date")


def _items(value: object) -> list[dict[str, Any]]:
    """The mappings of a list, whatever else was written."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
