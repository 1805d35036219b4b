"""What must agree across files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from timeline.model.document import Location
from timeline.model.entry import Entry
from timeline.model.fields import Kind
from timeline.model.problems import listed
from timeline.model.terms import TERMS, Instrument, Newsletter, Prose, Regulator, Topic
from timeline.model.vocabulary import Stage, stages_of
from timeline.model.wording import Wording
from timeline.source.collection import terms_of
from timeline.source.moving import bad_moves
from timeline.source.reading import Reading


@dataclass(frozen=True)
class Readings:
    """Every file that was read, sound or not."""

    entries: list[Reading[Entry]]
    regulators: list[Reading[Regulator]]
    topics: list[Reading[Topic]]
    instruments: list[Reading[Instrument]]
    newsletters: list[Reading[Newsletter]]
    prose: list[Reading[Prose]]

    def vocabulary(self) -> Iterator[tuple[Kind, Reading[Any]]]:
        """All vocabulary pages with their kind."""
        for kind in TERMS:
            for reading in getattr(self, kind):
                yield kind, reading


@dataclass(frozen=True)
class Finding:
    """A disagreement, and the file to mend."""

    path: str
    location: Location
    message: str
    warning: bool = False


def disagreements(readings: Readings) -> Iterator[Finding]:
    """All of them, whatever else is wrong."""
    yield from _ids_twice(readings.entries)
    yield from _unknown_stages(readings)
    yield from _circles(readings)
    yield from _after_the_end(readings)
    yield from _effect_before_its_date(readings)
    yield from _moved_days(readings.entries)
    if all(reading.item is not None and not reading.failed for reading in readings.entries):
        used = _used_by_entries(readings.entries)  # else it is not known
        yield from _unused(readings, used)
        yield from _without_entries(readings, used["instruments"])


def _ids_twice(entries: Iterable[Reading[Entry]]) -> Iterator[Finding]:
    claims: dict[str, list[tuple[str, Location]]] = defaultdict(list)
    for reading in entries:
        if reading.item is not None:
            claims[reading.item.id].append((reading.path, ()))
            if "aliases" not in reading.failed:
                for index, alias in enumerate(reading.item.aliases):
                    claims[alias].append((reading.path, ("aliases", index)))
    for name, places in claims.items():
        for path, location in places if len(places) > 1 else ():
            others = [other for other, at in places if (other, at) != (path, location)]
            told = Wording.TAKEN.format(id=repr(name), others=listed(others))
            yield Finding(path, location, told)


def _unknown_stages(readings: Readings) -> Iterator[Finding]:
    ranks = {
        reading.item.id: reading.item.rank
        for reading in readings.instruments
        if reading.item is not None and "rank" not in reading.failed
    }
    for reading in readings.entries:
        if reading.item is None or "instruments" in reading.failed:
            continue
        for index, step in enumerate(reading.item.instruments):
            rank = ranks.get(step.id)
            if rank is not None and step.stage and step.stage not in stages_of(rank):
                yield Finding(
                    reading.path,
                    ("instruments", index, "stage"),
                    Wording.STAGE.format(
                        stage=repr(step.stage.value),
                        rank=rank.label.lower(),
                        instrument=step.id,
                        allowed=listed(stages_of(rank)),
                    ),
                )


def _unused(readings: Readings, by_entries: dict[Kind, set[str]]) -> Iterator[Finding]:
    used = {kind: set(names) for kind, names in by_entries.items()}
    for page in readings.regulators:
        if page.item is not None and not page.failed:
            used["regulators"].update([page.item.parent] if page.item.parent else [])
            used["regulators"].update(successor.id for successor in page.item.successors)
    for law in readings.instruments:
        if law.item is not None and not law.failed:
            used["regulators"].update(law.item.issuers)
            used["instruments"].update(law.item.related)
    for kind, term in readings.vocabulary():
        if term.item is not None and term.item.id not in used[kind]:
            yield Finding(term.path, (), "nothing uses this page", warning=True)


def _used_by_entries(entries: Iterable[Reading[Entry]]) -> dict[Kind, set[str]]:
    used: dict[Kind, set[str]] = {kind: set() for kind in TERMS}
    for reading in entries:
        if reading.item is not None:
            for kind in TERMS:
                used[kind].update(terms_of(reading.item, kind))
    return used


def _circles(readings: Readings) -> Iterator[Finding]:
    """An instrument cannot, by whatever way round, replace itself."""
    laws = {law.item.id: law for law in readings.instruments if law.item and not law.failed}
    replaces = {
        name: [relation.id for relation in law.item.replaces] if law.item else []
        for name, law in laws.items()
    }
    for name, law in laws.items():
        ahead, seen = list(replaces[name]), set[str]()
        while ahead:
            other = ahead.pop()
            if other == name:
                message = f"{name!r} replaces itself by way of others; one of them is the newer"
                yield Finding(law.path, ("replaces",), message)
                break
            if other not in seen:
                seen.add(other)
                ahead += replaces.get(other, [])


def _after_the_end(readings: Readings) -> Iterator[Finding]:
    """Nothing moves an instrument after its repeal."""
    ends: dict[str, Entry] = {}
    sound = [r for r in readings.entries if r.item is not None and not r.failed]
    for reading in sound:
        for step in reading.item.instruments if reading.item else ():
            if step.stage is Stage.REPEALED and reading.item:
                ends[step.id] = reading.item
    for reading in sound if ends else ():
        for index, step in enumerate(reading.item.instruments if reading.item else ()):
            end = ends.get(step.id)
            if end and step.stage and reading.item and reading.item.date > end.date:
                yield Finding(
                    reading.path,
                    ("instruments", index, "stage"),
                    Wording.AFTER_END.format(
                        stage=repr(step.stage.value), instrument=repr(step.id), entry=end.id
                    ),
                )


def _effect_before_its_date(readings: Readings) -> Iterator[Finding]:
    """It happens, when an announcement is dated back; more often it is a slip."""
    for reading in readings.entries:
        if reading.item is None or reading.failed:
            continue
        for index, step in enumerate(reading.item.instruments):
            early = [e.date for e in step.effective if e.date < reading.item.date.first_day]
            if early and reading.item.date_note is None:
                said = Wording.EARLY_EFFECT.format(day=early[0], date=reading.item.date)
                yield Finding(reading.path, ("instruments", index, "effective"), said, warning=True)


def _moved_days(entries: Iterable[Reading[Entry]]) -> Iterator[Finding]:
    """Only a day that an earlier entry recorded can be moved; all must be known to tell."""
    found: list[Entry] = []
    for reading in entries:
        if reading.item is None or reading.failed & {"date", "instruments", "withdrawn"}:
            return
        if reading.item.withdrawn is None:
            found.append(reading.item)
    for entry, location, told in bad_moves(found):
        yield Finding(entry.path, location, told)


def _without_entries(readings: Readings, told: set[str]) -> Iterator[Finding]:
    """An instrument of which no entry tells, though another page names it."""
    named = {other for law in readings.instruments if law.item for other in _relations(law)}
    for law in readings.instruments:
        if law.item is not None and law.item.id in named - told:
            yield Finding(law.path, (), "no entry tells of this instrument", warning=True)


def _relations(law: Reading[Instrument]) -> tuple[str, ...]:
    return law.item.related if law.item is not None and not law.failed else ()
