"""Days that were published and are others now: a correction that readers must be told of.

Calendars that are subscribed to take an event's new day only with a higher SEQUENCE (RFC 5545,
3.8.7.4), which rises with each item in `changes`.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from timeline.model.document import Location, Parts, UnreadableError, decode, take_apart
from timeline.model.problems import Problem, shown
from timeline.source.published import claims_here, git, where_it_parted

_CHANGES = "changes"


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
    present = dict(_days(now.values))
    for name, (day, _) in _days(then.values):
        new, location = present.get(name, ("", ()))
        if new != day:
            became = f"is {shown(new)} now" if new else "is gone"
            said = (
                f"{name[1]!r} was {shown(day)} when this was published and {became}; say so in "
                f"{_CHANGES!r}, so that calendars which have it follow (a further day goes last)"
            )
            yield Problem(path, now.line(location), said)


def _days(values: dict[str, Any]) -> Iterator[tuple[tuple[str, str, int], tuple[str, Location]]]:
    """The days of an entry, told apart as in calendars: by instrument, key and order."""
    before = Counter[tuple[str, str]]()
    for instrument, key, day, location in _written(values):
        before[instrument, key] += 1
        yield (instrument, key, before[instrument, key]), (str(day), location)


def _written(values: dict[str, Any]) -> Iterator[tuple[str, str, object, Location]]:
    for index, step in enumerate(_items(values.get("instruments"))):
        at: Location = ("instruments", index)
        instrument, effective = str(step.get("id")), step.get("effective")
        if step.get("comments_close"):
            yield instrument, "comments_close", step["comments_close"], (*at, "comments_close")
        if isinstance(effective, str):
            yield instrument, "effective", effective, (*at, "effective")
        for place, effect in enumerate(_items(effective)):
            yield instrument, "effective", effect.get("date"), (*at, "effective", place, "date")
    for index, duty in enumerate(_items(values.get("deadlines"))):
        yield "", "deadlines", duty.get("date"), ("deadlines", index, "date")


def _items(value: object) -> list[dict[str, Any]]:
    """The mappings of a list, whatever else was written."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
