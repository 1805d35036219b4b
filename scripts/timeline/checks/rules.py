"""Rules that a single file must follow: its name, combinations of its keys, its text.

A rule for entries names the keys that it reads and is skipped if one of them has an invalid value.
Rules that compare files are in `cross_rules`; advice is in `style`.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from timeline.checks.stray_markup import ERRORS, find_stray_markup
from timeline.content.front_matter import LineMessage
from timeline.content.parser import ParsedFile
from timeline.content.text import ENTRY_LINK, LINK, slug
from timeline.problems import BODY, MAX_PROBLEMS, Location, Problem, quoted
from timeline.schema.addresses import address_problem, intended_address
from timeline.schema.entry import Effect, Entry
from timeline.schema.terms import Instrument, Prose
from timeline.schema.types import ENTRY_ID, TERM_ID, NameIndex
from timeline.schema.vocabulary import ADOPTION_STAGES, EFFECT_STAGES, Rank, Stage

MAX_ID = 100  # characters
EXAMPLE_ID = "2022-04-29-regulator-consults-on-certification"
MAX_TEXT = 20_000  # characters
# The first line of a draft's notes, which the author replaces with a text.
DRAFT_NOTES = "To do: write 60 to 180 words of your own from these notes, then delete them."
MAX_BRACKETS = 400  # no text has as many links, and more slow Python-Markdown down
MAX_LINES = 1_000
MAX_LINE = 2_000  # characters
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
    """A rule for entries, and the keys that it reads."""

    keys: frozenset[str]
    find: EntryRule


ENTRY_RULES: list[Rule] = []


def rule(*keys: str) -> Callable[[EntryRule], EntryRule]:
    """Register a generator of messages as a rule for entries."""

    def register(find: EntryRule) -> EntryRule:
        ENTRY_RULES.append(Rule(frozenset(keys), find))
        return find

    return register


def check_file(parsed: ParsedFile[Any], index: NameIndex) -> Iterator[Problem]:
    """Yield every problem in the name, the values and the text of one file."""
    item = parsed.item
    if item is None:
        return
    is_prose = isinstance(item, Prose)
    found = body_messages(item.body, item.body_line, index, page_links=is_prose)
    for line, text in itertools.islice(found, MAX_PROBLEMS):
        yield Problem(parsed.path, line, text, location=BODY)
    message = reserved_name(item.id)
    if not is_prose:
        is_entry = isinstance(item, Entry)
        example = f"{item.date}-{slug(item.title)}" if is_entry and item.date and item.title else ""
        message = message or invalid_id(item.id, is_entry=is_entry, example=example)
    if message:
        yield parsed.problem_at((), message)
    elif isinstance(item, Entry):
        for one in ENTRY_RULES:
            if not one.keys & parsed.failed:
                yield from (parsed.problem_at(*found) for found in one.find(item))
    elif isinstance(item, Instrument) and not parsed.failed:
        yield from (parsed.problem_at(*found) for found in _check_period(item))


# Device names: Windows cannot store a file of such a name, whatever its extension.
_DEVICES = re.compile(r"(?:aux|con|nul|prn|(?:com|lpt)[0-9])(?:\..*)?", re.IGNORECASE)


def reserved_name(name: str) -> str | None:
    """Return a message if Windows reserves the name of a file."""
    if not _DEVICES.fullmatch(name):
        return None
    return f"Windows cannot store a file named {name!r}; rename it, for example to {name}-page"


def invalid_id(name: str, *, is_entry: bool, example: str = "") -> str | None:
    """Return a message if a name cannot be an id, which is a permanent part of addresses.

    The message names `example` as a valid id.
    """
    if len(name) > MAX_ID:
        return f"the file name has {len(name)} characters; at most {MAX_ID} are allowed"
    if is_entry and not re.fullmatch(ENTRY_ID, name):
        return (
            f"{name!r} is not an id; name the file <date>-<a-few-words>.md in lower-case letters, "
            f"digits and hyphens, such as {example or EXAMPLE_ID}.md"
        )
    if not re.fullmatch(TERM_ID, name):
        return f"{name!r} is not an id; use lower-case letters, digits and single hyphens"
    return None


@rule("date", "changes")
def date_in_name(entry: Entry) -> Iterator[Message]:
    """Require the date in the id, unless the date was corrected: the id never changes."""
    if not entry.changes and not entry.id.startswith(f"{entry.date}-"):
        message = (
            f"the date {entry.date} does not match the file name; rename a new file to "
            f"{entry.date}-….md; if the entry is published, keep its name and record the "
            "corrected date in 'changes'"
        )
        yield ("date",), message


@rule()
def folder(entry: Entry) -> Iterator[Message]:
    """Require the entry to be in the folder of its id's year."""
    expected = f"entries/{entry.id[:4]}/{entry.id}.md"
    if entry.path != expected:
        yield (), f"the file belongs at {expected}"


@rule("date", "added")
def added_after(entry: Entry) -> Iterator[Message]:
    """Reject an entry that was added before the development happened."""
    if entry.date.first_day > entry.added:
        message = (
            f"the date {entry.date} is after the day on which the entry was added "
            f"({entry.added}); correct the date"
        )
        yield ("date",), message


@rule("newsletters", "sources")
def has_source(entry: Entry) -> Iterator[Message]:
    """Require a source, which may be a newsletter: every fact must be in one."""
    if not entry.newsletters and not entry.sources:
        yield (), "the entry names no source; fill in at least one of 'newsletters' or 'sources'"


@rule("instruments")
def key_requires_stage(entry: Entry) -> Iterator[Message]:
    """Allow effective dates only for adopted texts, and closing dates only for consultations."""
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
    """Reject an effective date of a text that is said to state none."""
    for index, step in enumerate(entry.instruments):
        if step.no_effective_date and step.effective:
            location = ("instruments", index, "no_effective_date")
            yield location, "'no_effective_date' contradicts 'effective'; leave one of them out"


@rule("instruments")
def postponed_to_same_day(entry: Entry) -> Iterator[Message]:
    """Reject a date that replaces itself, except for part of a divided phase."""
    for location, effect, parts in _postponements(entry):
        if effect.instead_of == effect.date and parts == 1:
            message = (
                f"'instead_of' repeats the new date ({effect.date}); write the date that it "
                "replaces, or leave it out; only part of a divided phase may keep its date"
            )
            yield location, message


@rule("instruments", "date")
def postponed_in_time(entry: Entry) -> Iterator[Message]:
    """Reject the postponement of a date already in effect."""
    for location, effect, _ in _postponements(entry):
        if effect.instead_of and effect.instead_of < entry.date.first_day:
            message = (
                f"'instead_of' names {effect.instead_of}, which is before the entry's date "
                f"({entry.date}); a date already in effect cannot be postponed"
            )
            yield location, message


def _postponements(entry: Entry) -> Iterator[tuple[Location, Effect, int]]:
    """Yield (location, effect, count) of each effective date that replaces another.

    The count is how many effective dates of the same step replace that date.
    """
    for index, step in enumerate(entry.instruments):
        replaced = [effect.instead_of for effect in step.effective]
        for place, effect in enumerate(step.effective):
            if effect.instead_of:
                location = ("instruments", index, "effective", place, "instead_of")
                yield location, effect, replaced.count(effect.instead_of)


@rule("instruments", "date")
def comments_close_later(entry: Entry) -> Iterator[Message]:
    """Reject a closing date for comments before they open."""
    for index, step in enumerate(entry.instruments):
        if step.comments_close and step.comments_close < entry.date.first_day:
            message = (
                f"comments close on {step.comments_close}, before they open ({entry.date}); "
                "correct one of the two"
            )
            yield ("instruments", index, "comments_close"), message


@rule("instruments")
def duplicate_stage(entry: Entry) -> Iterator[Message]:
    """Reject a stage that is listed twice: each stage of an instrument has one anchor."""
    seen = set()
    for index, step in enumerate(entry.instruments):
        stage = (step.id, step.stage, step.round)
        if step.stage and stage in seen:
            message = (
                f"duplicate stage {step.stage.value!r} of {step.id!r}; write it once, or number "
                "the rounds with 'round'"
            )
            yield ("instruments", index), message
        seen.add(stage)


@rule("related")
def related_to_itself(entry: Entry) -> Iterator[Message]:
    """Reject an entry that lists itself as related."""
    if entry.id in entry.related:
        yield ("related", entry.related.index(entry.id)), "the entry lists itself; leave it out"


@rule("aliases")
def alias_form(entry: Entry) -> Iterator[Message]:
    """Require previous ids to have the form of an id."""
    for index, alias in enumerate(entry.aliases):
        message = invalid_id(alias, is_entry=True)
        if message:
            yield ("aliases", index), message


def _check_period(instrument: Instrument) -> Iterator[Message]:
    """Allow a start and recurrence only for campaigns, and no end before the start."""
    for key in ("start", "recurrent"):
        if getattr(instrument, key) and instrument.rank is not Rank.CAMPAIGN:
            yield (key,), f"'{key}' is only for the rank '{Rank.CAMPAIGN}'; leave it out"
    start, end = instrument.start, instrument.end
    if instrument.recurrent and end:
        yield ("recurrent",), "a recurrent campaign has no 'end'; leave one of them out"
    if start and end and end.last_day < start.first_day:
        yield ("end",), f"'end' ({end}) is before 'start' ({start}); correct one of the two"


# Raw HTML could run a script; an image would be fetched from another host.
_LIST_OR_QUOTE = r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]*)"
_TOO_DEEP = "the text is nested too deeply; write plain paragraphs and short lists"
_FORBIDDEN = {
    re.compile(pattern, re.MULTILINE): message
    for pattern, message in (
        (
            r"<(?!https?://[^\s<>]+>)[A-Za-z/!?][^\n]{0,30}",
            "raw HTML is not allowed ({!r}); leave it out, or write plain Markdown",
        ),
        (rf"^[ \t]*{_LIST_OR_QUOTE}{{6,}}|^(?: {{4}}| {{0,3}}\t){{6}}[ \t]*+\S", _TOO_DEEP),
        (r"\[\[\[\[\[\[+", _TOO_DEEP),
        (
            r"^[ \t>]*(?:`{3,}|~{3,})[^\n`{]*\{",  # they could repeat an id of the page
            "a code block may not have attributes; name only its language",
        ),
        (r"!\[", "images are not allowed; link to the page that shows the image"),
        (
            re.escape(DRAFT_NOTES),
            "the text contains the notes of a draft; write the text and delete the notes",
        ),
    )
}
_AUTOLINK = re.compile(r"<(?P<target>https?://[^\s<>]+)>")
_PAGE_LINK = re.compile(r"(?:\.\./)*[a-z0-9/-]+\.md(?:#[a-z0-9-]+)?")


def body_messages(
    body: str, first_line: int, index: NameIndex, *, page_links: bool = False
) -> Iterator[LineMessage]:
    """Yield (line, message) for raw HTML, images and invalid links in a text.

    A link may lead to the web or to an entry; with `page_links` also to a page of docs/, since
    MkDocs reports the dead ones.
    """
    if not re.search(r"\w", body):
        yield max(first_line - 1, 1), "there is no text under the front matter; say what happened"
    for count, limit, what in (
        (len(body), MAX_TEXT, "characters"),
        (body.count("["), MAX_BRACKETS, "square brackets"),
        (body.count("\n") + 1, MAX_LINES, "lines"),
        (max(map(len, body.split("\n"))), MAX_LINE, "characters in one line"),
    ):
        if count > limit:
            yield first_line, f"the text has {count:,} {what}; at most {limit:,} are allowed"
            return

    def line(match: re.Match[str]) -> int:
        return first_line + body.count("\n", 0, match.start())

    yield from find_stray_markup(body, first_line, ERRORS)
    for pattern, message in _FORBIDDEN.items():
        for match in pattern.finditer(body):
            yield line(match), message.format(match[0])
    for match in (*LINK.finditer(body), *_AUTOLINK.finditer(body)):
        target = match["target"]
        problem = _invalid_target(target, index)
        if problem and not (page_links and _PAGE_LINK.fullmatch(target)):
            yield line(match), problem


def _invalid_target(target: str, index: NameIndex) -> str | None:
    """Return a message if a link may not lead to its target."""
    entry = ENTRY_LINK.fullmatch(target)
    if entry is None:
        problem = address_problem(target)
        if problem is None or intended_address(target):
            return problem and f"the link {problem}"
        return f"the link {quoted(target)} is not valid; link to https://… or ../<year>/<id>.md"
    if entry["id"] not in index.ids["entries"] or not entry["id"].startswith(entry["year"]):
        return f"the link {quoted(target)} leads to no entry; check its year and id"
    return None
