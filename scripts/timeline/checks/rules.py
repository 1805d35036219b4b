"""The rules that one file must follow by itself: its name, its keys together, its text.

A rule of entries names the keys that it looks at and is skipped where one of them could not be
typed. Rules that look across files are in `cross_rules`; what is only advice is in `style`.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from timeline.checks.leftovers import ERRORS, leftovers
from timeline.content.front_matter import LineMessage
from timeline.content.parser import ParsedFile
from timeline.content.text import ENTRY_LINK, LINK, slug
from timeline.problems import BODY, MAX_PROBLEMS, Location, Problem, quoted
from timeline.schema.addresses import address_problem, meant_address
from timeline.schema.entry import Effect, Entry
from timeline.schema.terms import Instrument, Prose
from timeline.schema.types import ENTRY_ID, TERM_ID, NameIndex
from timeline.schema.vocabulary import ADOPTION_STAGES, EFFECT_STAGES, Rank, Stage

MAX_ID = 100  # characters
EXAMPLE_ID = "2022-04-29-regulator-consults-on-certification"
MAX_TEXT = 20_000
# The first line of a draft's notes, which the author's text replaces.
DRAFT_NOTES = "To do: write 60 to 180 words of your own from these notes, then delete them."
MAX_BRACKETS = 400  # more are not links, and take Python-Markdown long
MAX_LINES = 1_000
MAX_LINE = 2_000
STAGES_OF_KEYS = {  # key of a step -> the stages that it requires
    "effective": EFFECT_STAGES,
    "no_effective_date": EFFECT_STAGES,
    "undated_parts": ADOPTION_STAGES,
    "comments_close": {Stage.CONSULTATION},
}

Message = tuple[Location, str]
EntryRule = Callable[[Entry], Iterator[Message]]


@dataclass(frozen=True)
class Rule:
    """A rule of entries, and the keys that it looks at."""

    keys: frozenset[str]
    find: EntryRule


ENTRY_RULES: list[Rule] = []


def rule(*keys: str) -> Callable[[EntryRule], EntryRule]:
    """Make a generator of messages a rule of entries."""

    def register(find: EntryRule) -> EntryRule:
        ENTRY_RULES.append(Rule(frozenset(keys), find))
        return find

    return register


def check_file(parsed: ParsedFile[Any], index: NameIndex) -> Iterator[Problem]:
    """Every problem of a file that its values and its text have by themselves."""
    item = parsed.item
    if item is None:
        return
    is_prose = isinstance(item, Prose)
    found = body_messages(item.body, item.body_line, index, pages=is_prose)
    for line, message in itertools.islice(found, MAX_PROBLEMS):
        yield Problem(parsed.path, line, message, location=BODY)
    wrong = reserved_name(item.id)
    if not is_prose:
        is_entry = isinstance(item, Entry)
        better = f"{item.date}-{slug(item.title)}" if is_entry and item.date and item.title else ""
        wrong = wrong or wrong_id(item.id, is_entry=is_entry, better=better)
    if wrong:
        yield parsed.problem_at((), wrong)
    elif isinstance(item, Entry):
        for one in ENTRY_RULES:
            if not one.keys & parsed.failed:
                yield from (parsed.problem_at(*found) for found in one.find(item))
    elif isinstance(item, Instrument) and not parsed.failed:
        yield from (parsed.problem_at(*found) for found in period(item))


# Devices: Windows cannot store a file of such a name, whatever its ending.
_DEVICES = re.compile(r"(?:aux|con|nul|prn|(?:com|lpt)[0-9])(?:\..*)?", re.IGNORECASE)


def reserved_name(name: str) -> str | None:
    """Why a file of this name cannot be stored everywhere."""
    if not _DEVICES.fullmatch(name):
        return None
    return f"Windows cannot store a file named {name!r}; rename it, for example to {name}-page"


def wrong_id(name: str, *, is_entry: bool, better: str = "") -> str | None:
    """Why a file's name cannot be an id, which is a permanent part of addresses.

    `better` is one for the example in the message.
    """
    if len(name) > MAX_ID:
        return f"the file's name has {len(name)} characters; at most {MAX_ID} are allowed"
    if is_entry and not re.fullmatch(ENTRY_ID, name):
        return (
            f"{name!r} is not an id; name the file <date>-<a-few-words>.md in lower-case letters, "
            f"digits and hyphens, such as {better or EXAMPLE_ID}.md"
        )
    if not re.fullmatch(TERM_ID, name):
        return f"{name!r} is not an id; use lower-case letters, digits and single hyphens"
    return None


@rule("date", "changes")
def date_in_name(entry: Entry) -> Iterator[Message]:
    """The id never changes, so only a correction may make it differ from the date."""
    if not entry.changes and not entry.id.startswith(f"{entry.date}-"):
        message = (
            f"the date {entry.date} disagrees with the file's name; rename a new file to "
            f"{entry.date}-….md; leave the name of a published one, and say in 'changes' that "
            "the date was corrected"
        )
        yield ("date",), message


@rule()
def folder(entry: Entry) -> Iterator[Message]:
    """An entry belongs in the folder of its id's year."""
    expected = f"entries/{entry.id[:4]}/{entry.id}.md"
    if entry.path != expected:
        yield (), f"the file belongs at {expected}"


@rule("date", "added")
def added_after(entry: Entry) -> Iterator[Message]:
    """Nothing is reported before it happened."""
    if entry.date.first_day > entry.added:
        yield (
            ("date",),
            f"the date {entry.date} is after the day on which the entry was added ({entry.added})",
        )


@rule("newsletters", "sources")
def has_source(entry: Entry) -> Iterator[Message]:
    """Every fact must be in a listed source."""
    if not entry.newsletters and not entry.sources:
        yield (), "give at least one of 'newsletters' or 'sources'"


@rule("instruments")
def key_requires_stage(entry: Entry) -> Iterator[Message]:
    """A draft takes no effect, and only a consultation has a comment period."""
    for index, step in enumerate(entry.instruments):
        for key, stages in STAGES_OF_KEYS.items():
            if getattr(step, key) and step.stage not in stages:
                *others, last = (stage.value for stage in Stage if stage in stages)
                allowed = " or ".join([", ".join(others), last] if others else [last])
                other = f", not {step.stage.value!r}" if step.stage else ""
                message = f"'{key}' requires the stage {allowed}{other}; correct one of the two"
                yield ("instruments", index, key), message


@rule("instruments")
def stated_or_not(entry: Entry) -> Iterator[Message]:
    """A text states an effective date, or it does not."""
    for index, step in enumerate(entry.instruments):
        if step.no_effective_date and step.effective:
            location = ("instruments", index, "no_effective_date")
            yield location, "contradicts 'effective'; leave one of them out"


@rule("instruments")
def postponed_to_same_day(entry: Entry) -> Iterator[Message]:
    """A date replaces another; only where a phase is divided may a part keep its day."""
    for location, effect, parts in _postponements(entry):
        if effect.instead_of == effect.date and parts == 1:
            message = (
                f"'instead_of' names the date itself ({effect.date}); name the earlier date, or "
                "leave it out; only where a phase is divided may a part keep its date"
            )
            yield location, message


@rule("instruments", "date")
def postponed_in_time(entry: Entry) -> Iterator[Message]:
    """What has taken effect cannot be postponed."""
    for location, effect, _ in _postponements(entry):
        if effect.instead_of and effect.instead_of < entry.date.first_day:
            message = (
                f"'instead_of' names {effect.instead_of}, which is before the entry's date "
                f"({entry.date}); a date already in effect cannot be postponed"
            )
            yield location, message


def _postponements(entry: Entry) -> Iterator[tuple[Location, Effect, int]]:
    """Each effective date that replaces another, and how many of its step replace the same."""
    for index, step in enumerate(entry.instruments):
        replaced = [effect.instead_of for effect in step.effective]
        for place, effect in enumerate(step.effective):
            if effect.instead_of:
                location = ("instruments", index, "effective", place, "instead_of")
                yield location, effect, replaced.count(effect.instead_of)


@rule("instruments", "date")
def comments_close_later(entry: Entry) -> Iterator[Message]:
    """Comments cannot close before they open."""
    for index, step in enumerate(entry.instruments):
        if step.comments_close and step.comments_close < entry.date.first_day:
            message = f"comments close on {step.comments_close}, before they open ({entry.date})"
            yield ("instruments", index, "comments_close"), message


@rule("instruments")
def duplicate_stage(entry: Entry) -> Iterator[Message]:
    """Each stage of an instrument has one anchor."""
    seen = set()
    for index, step in enumerate(entry.instruments):
        stage = (step.id, step.stage, step.round)
        if step.stage and stage in seen:
            message = (
                f"duplicate stage {step.stage.value!r} of {step.id!r}; write it once, or number "
                "the rounds"
            )
            yield ("instruments", index), message
        seen.add(stage)


@rule("related")
def related_to_itself(entry: Entry) -> Iterator[Message]:
    """An entry is not related to itself."""
    if entry.id in entry.related:
        yield ("related", entry.related.index(entry.id)), "the entry names itself"


@rule("aliases")
def alias_form(entry: Entry) -> Iterator[Message]:
    """A former id has the form of an id."""
    for index, alias in enumerate(entry.aliases):
        wrong = wrong_id(alias, is_entry=True)
        if wrong:
            yield ("aliases", index), wrong


def period(instrument: Instrument) -> Iterator[Message]:
    """Only campaigns start and recur, and no period ends before it starts."""
    for key in ("start", "recurrent"):
        if getattr(instrument, key) and instrument.rank is not Rank.CAMPAIGN:
            yield (key,), f"'{key}' goes only with the rank '{Rank.CAMPAIGN}'"
    start, end = instrument.start, instrument.end
    if instrument.recurrent and end:
        yield ("recurrent",), "a recurrent campaign has no 'end'; leave one of them out"
    if start and end and end.last_day < start.first_day:
        yield ("end",), f"ends ({end}) before it starts ({start})"


# The text. Raw HTML could run a script, an image would be fetched from another host.
_MARKS = r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]*)"
_TOO_DEEP = "is nested too deeply; write plain paragraphs and short lists"
_FORBIDDEN = {
    re.compile(pattern, re.MULTILINE): message
    for pattern, message in (
        (
            r"<(?!https?://[^\s<>]+>)[A-Za-z/!?][^\n]{0,30}",
            "raw HTML is not allowed ({!r}); leave it out, or write plain Markdown",
        ),
        (rf"^[ \t]*{_MARKS}{{6,}}|^(?: {{4}}| {{0,3}}\t){{6}}[ \t]*+\S", _TOO_DEEP),
        (r"\[\[\[\[\[\[+", _TOO_DEEP),
        (
            r"^[ \t>]*(?:`{3,}|~{3,})[^\n`{]*\{",  # an id of theirs could be any of the page
            "attributes of code are not allowed; name its language alone",
        ),
        (r"!\[", "images are not allowed; link to the page that shows it"),
        (re.escape(DRAFT_NOTES), "holds notes of a draft; write the text and delete them"),
    )
}
_AUTOLINK = re.compile(r"<(?P<target>https?://[^\s<>]+)>")
_PAGE = re.compile(r"(?:\.\./)*[a-z0-9/-]+\.md(?:#[a-z0-9-]+)?")


def body_messages(
    body: str, first_line: int, index: NameIndex, *, pages: bool = False
) -> Iterator[LineMessage]:
    """What a text may not hold: raw HTML, images, links elsewhere than to the web and to entries.

    With `pages`, links to other pages of docs/ are allowed too; MkDocs reports the dead ones.
    """
    if not re.search(r"\w", body):
        yield max(first_line - 1, 1), "there is no text under the front matter; say what happened"
    for count, limit, what in (
        (len(body), MAX_TEXT, "characters"),
        (body.count("["), MAX_BRACKETS, "brackets"),
        (body.count("\n") + 1, MAX_LINES, "lines"),
        (max(map(len, body.split("\n"))), MAX_LINE, "characters in one line"),
    ):
        if count > limit:
            yield first_line, f"the text has {count:,} {what}; at most {limit:,} are allowed"
            return

    def line(match: re.Match[str]) -> int:
        return first_line + body.count("\n", 0, match.start())

    yield from leftovers(body, first_line, ERRORS)
    for pattern, message in _FORBIDDEN.items():
        for match in pattern.finditer(body):
            yield line(match), message.format(match[0])
    for match in (*LINK.finditer(body), *_AUTOLINK.finditer(body)):
        target = match["target"]
        wrong = _wrong_target(target, index)
        if wrong and not (pages and _PAGE.fullmatch(target)):
            yield line(match), wrong


def _wrong_target(target: str, index: NameIndex) -> str | None:
    entry = ENTRY_LINK.fullmatch(target)
    if entry is None:
        problem = address_problem(target)
        if problem is None or meant_address(target):
            return problem and f"the link {problem}"
        return f"the link {quoted(target)} is dead; link to https://… or ../<year>/<id>.md"
    if entry["id"] not in index.ids["entries"] or not entry["id"].startswith(entry["year"]):
        return f"the link {quoted(target)} names no entry"
    return None
