"""A day that is due -> its name for ever: the anchor of its row, the beginning of its event's UID.

It is made of the entry's first id, the instrument and the kind of day, never of the day itself,
which may be corrected, nor of its place among others. Days of one kind are told apart by the
contributor's words: for whom an effect is, what a duty is. What has no words of its own, as a rule
that takes effect in general, needs none.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator

from timeline.model.anchors import numbered
from timeline.model.entry import Entry
from timeline.standing.deadlines import DeadlineKind, DueDay, Effects, due_of

WORDS_IN_NAME = 8  # hexadecimal digits


def due_names(entry: Entry, effects: Effects) -> Iterator[tuple[DueDay, str]]:
    """The days of an entry, each with its name; only days in the same words are numbered."""
    days = tuple(due_of(entry, effects))
    alike = Counter(map(_about, days))
    names = numbered(_told_apart(due) if alike[_about(due)] > 1 else _about(due) for due in days)
    yield from zip(days, names, strict=True)


def name_of(entry: Entry, instrument: str | None, kind: DeadlineKind) -> str:
    """The name of an entry's only day of a kind, or of one of an instrument."""
    return ".".join(filter(None, (entry.identity, instrument, kind.value)))


def due_name(due: DueDay) -> str:
    """The name of one day, whatever it takes the place of."""
    return next(name for other, name in due_names(due.entry, {}) if _same(other, due))


def _same(one: DueDay, other: DueDay) -> bool:
    if one.effect and other.effect:
        return one.effect.effect is other.effect.effect
    return one == other


def _about(due: DueDay) -> str:
    return name_of(due.entry, due.instrument, due.kind)


def _told_apart(due: DueDay) -> str:
    words = _words(due)
    digest = hashlib.sha256(words.encode()).hexdigest()[:WORDS_IN_NAME]
    return f"{_about(due)}.{digest}" if words else _about(due)


def _words(due: DueDay) -> str:
    """What the contributor wrote of it: of an effect the part, of a duty what and who."""
    if due.effect:
        return due.effect.effect.applies_to or ""
    return f"{due.what}|{due.who or ''}" if due.kind is DeadlineKind.DUTY else ""
