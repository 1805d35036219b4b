"""What must agree within one entry or instrument. Each rule yields (location, message).

A rule names the keys that it looks at; it is left out where one of them could not be typed.
Rules that look across files are in `collection`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from timeline.model.document import Location
from timeline.model.entry import Entry
from timeline.model.entry_parts import Effect
from timeline.model.fields import ENTRY_ID, TERM_ID
from timeline.model.terms import Instrument
from timeline.model.vocabulary import EFFECT_STAGES, Rank, Stage
from timeline.model.wording import Wording

Finding = tuple[Location, str]

LONGEST_ID = 100  # characters


@dataclass(frozen=True)
class Rule:
    """A check of one entry, with the keys that it needs."""

    needs: frozenset[str]
    find: Callable[[Entry], Iterator[Finding]]


ENTRY_RULES: list[Rule] = []


def needs(*keys: str) -> Callable[[Callable[[Entry], Iterator[Finding]]], Rule]:
    """Make a generator of findings a rule of entries."""

    def register(find: Callable[[Entry], Iterator[Finding]]) -> Rule:
        rule = Rule(frozenset(keys), find)
        ENTRY_RULES.append(rule)
        return rule

    return register


def wrong_id(name: str, *, entry: bool) -> str | None:
    """Why a file's name cannot be an id: it becomes a segment of addresses for ever."""
    if len(name) > LONGEST_ID:
        return Wording.LONG_ID.format(count=len(name), most=LONGEST_ID)
    if entry and not re.fullmatch(ENTRY_ID, name):
        return Wording.ENTRY_ID.format(value=repr(name))
    if not re.fullmatch(TERM_ID, name):
        return f"{name!r} is not an id; use lower-case letters, digits and single hyphens"
    return None


@needs("date", "changes")
def date_in_name(entry: Entry) -> Iterator[Finding]:
    """The id never changes, so only a correction may part it from the date."""
    if not entry.changes and not entry.id.startswith(f"{entry.date}-"):
        yield (
            ("date",),
            (
                f"the date {entry.date} disagrees with the file's name; rename the file to "
                f"{entry.date}-….md, or, where a published date was corrected, say so in 'changes'"
            ),
        )


@needs()
def folder(entry: Entry) -> Iterator[Finding]:
    """An entry stands in the folder of its id's year."""
    expected = f"entries/{entry.id[:4]}/{entry.id}.md"
    if entry.path != expected:
        yield (), f"the file belongs at {expected}"


@needs("date", "added")
def added_after(entry: Entry) -> Iterator[Finding]:
    """Nothing is reported before it happened."""
    if entry.date.first_day > entry.added:
        yield ("date",), Wording.ADDED.format(date=entry.date, added=entry.added)


@needs("newsletters", "sources")
def some_source(entry: Entry) -> Iterator[Finding]:
    """Every fact stands in a listed source."""
    if not entry.newsletters and not entry.sources:
        yield (), Wording.SOURCE


@needs("instruments")
def effect_needs_stage(entry: Entry) -> Iterator[Finding]:
    """A draft takes no effect."""
    for index, step in enumerate(entry.instruments):
        if step.effective and step.stage not in EFFECT_STAGES:
            allowed = ", ".join(stage for stage in Stage if stage in EFFECT_STAGES)
            found = f"the stage {step.stage.value!r}" if step.stage else "no stage"
            told = Wording.EFFECT.format(found=found, allowed=allowed)
            yield ("instruments", index, "effective"), told


@needs("instruments")
def moved_to_itself(entry: Entry) -> Iterator[Finding]:
    """A day takes the place of another; where a step is divided, a part may stay on its day."""
    for location, effect, parts in _moved(entry):
        if effect.instead_of == effect.date and parts == 1:
            yield location, Wording.MOVED_TO_ITSELF.format(day=effect.date)


@needs("instruments", "date")
def moved_in_time(entry: Entry) -> Iterator[Finding]:
    """What has passed stays as it was."""
    for location, effect, _ in _moved(entry):
        if effect.instead_of and effect.instead_of < entry.date.first_day:
            told = Wording.MOVED_TOO_LATE.format(day=effect.instead_of, date=entry.date)
            yield location, told


def _moved(entry: Entry) -> Iterator[tuple[Location, Effect, int]]:
    """What takes the place of another day, and how many of its step do so of the same."""
    for index, step in enumerate(entry.instruments):
        named = [effect.instead_of for effect in step.effective]
        for place, effect in enumerate(step.effective):
            if effect.instead_of:
                location = ("instruments", index, "effective", place, "instead_of")
                yield location, effect, named.count(effect.instead_of)


@needs("instruments")
def comments_need_consultation(entry: Entry) -> Iterator[Finding]:
    """Comments are asked for in consultations."""
    for index, step in enumerate(entry.instruments):
        if step.comments_close and step.stage is not Stage.CONSULTATION:
            yield ("instruments", index, "comments_close"), Wording.COMMENTS


@needs("instruments", "date")
def comments_close_later(entry: Entry) -> Iterator[Finding]:
    """Comments cannot close before they open."""
    for index, step in enumerate(entry.instruments):
        if step.comments_close and step.comments_close < entry.date.first_day:
            told = Wording.COMMENTS_EARLY.format(day=step.comments_close, date=entry.date)
            yield ("instruments", index, "comments_close"), told


@needs("instruments")
def stage_twice(entry: Entry) -> Iterator[Finding]:
    """A stage of an instrument is one thing to point at."""
    seen = set()
    for index, step in enumerate(entry.instruments):
        stage = (step.id, step.stage, step.round)
        if step.stage and stage in seen:
            named = {"stage": repr(step.stage.value), "instrument": repr(step.id)}
            yield ("instruments", index), Wording.STAGE_TWICE.format(**named)
        seen.add(stage)


@needs("related")
def related_to_itself(entry: Entry) -> Iterator[Finding]:
    """An entry is not related to itself."""
    if entry.id in entry.related:
        yield ("related", entry.related.index(entry.id)), Wording.ITSELF


@needs("aliases")
def alias_form(entry: Entry) -> Iterator[Finding]:
    """A former id is an id."""
    for index, alias in enumerate(entry.aliases):
        wrong = wrong_id(alias, entry=True)
        if wrong:
            yield ("aliases", index), wrong


def campaign_period(instrument: Instrument) -> Iterator[Finding]:
    """Only campaigns have a period, and none ends before it starts."""
    for key in ("start", "end"):
        if getattr(instrument, key) and instrument.rank is not Rank.CAMPAIGN:
            yield (key,), Wording.PERIOD.format(key=key, rank=Rank.CAMPAIGN)
    start, end = instrument.start, instrument.end
    if start and end and end.last_day < start.first_day:
        yield ("end",), Wording.ENDS_EARLY.format(end=end, start=start)
