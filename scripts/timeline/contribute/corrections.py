"""Answer an issue that asks for a correction.

The answer names the entry or page concerned and gives the corrected file for a person to paste; no
file is changed.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel
from ruamel.yaml.comments import CommentedMap

from timeline.checks import Loaded, check_entry_text
from timeline.checks.duplicates import canonical_address
from timeline.config import Site
from timeline.content.characters import INVISIBLE
from timeline.content.collection import Collection
from timeline.content.dates import mentions, plain_digits
from timeline.content.front_matter import Value, edited, parse_text, styled_value
from timeline.content.interpret import interpret
from timeline.contribute.issue_forms import CORRECTION, DEAD_LINK, KEYS, PAGE, WRONG
from timeline.contribute.issues import (
    MAX_LENGTH,
    code_block,
    code_lines,
    parse_answers,
    parse_extra,
)
from timeline.contribute.links import archive_of
from timeline.schema.addresses import address_problem, intended_address, is_web_address
from timeline.schema.entry import Entry
from timeline.schema.introspect import field_specs
from timeline.schema.terms import TERMS
from timeline.schema.types import ENTRY_ID, TERM_ID, NameIndex, fold_name

THANKS = (
    "Thank you. A maintainer will check this against the sources. If it is right, the entry will "
    "be corrected and the change noted under `changes`."
)
MAX_SUGGESTIONS = 3
MAX_NOTE = 200  # characters
_PAGE = re.compile(rf"(?P<kind>{'|'.join(TERMS)})/(?P<id>{TERM_ID})")
_ID = re.compile(rf"(?<![a-z0-9-]){ENTRY_ID}")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

Answers = dict[str, str]  # key of the question -> answer, empty if there is none


@dataclass(frozen=True)
class CorrectionContext:
    """A checkout, its content, and the site where its files can be edited."""

    root: Path
    loaded: Loaded
    site: Site
    day: str  # of the correction


def correction(text: str, context: CorrectionContext) -> str:
    """Return the answer to the text of an issue, as Markdown."""
    by_label = parse_answers(text[:MAX_LENGTH], CORRECTION)
    given = {question.key: by_label.get(question.label, "") for question in CORRECTION.questions}
    for question in DEAD_LINK:  # an address may lack its https://
        given[question.key] = intended_address(given[question.key]) or given[question.key]
    collection, reference = context.loaded.valid, given[PAGE.key]
    entry, page = find_entry(reference, collection), find_page(reference, context.loaded.index)
    if entry:
        parts = _about_entry(entry, given, context)
    else:
        parts = _about_page(page, given, context) if page else _not_found(reference, collection)
    return "\n\n".join([THANKS, *parts])


def find_entry(text: str, collection: Collection) -> Entry | None:
    """Return the entry that a text names by its title, current or former id, path or address."""
    named = {name: entry for entry in collection.entries for name in (entry.id, *entry.aliases)}
    found = (named.get(match[0]) for match in _ID.finditer(text.lower()))
    titled = (entry for entry in collection.entries if fold_name(entry.title) == fold_name(text))
    return next(filter(None, found), None) or next(titled, None)


def find_page(text: str, index: NameIndex) -> str | None:
    """Return the file of the vocabulary page that a text names by its path or address."""
    for match in _PAGE.finditer(text.lower()):
        if any(kind == match["kind"] and match["id"] in index.ids[kind] for kind in TERMS):
            return f"docs/{match[0]}.md"
    return None


def _about_page(path: str, given: Answers, context: CorrectionContext) -> Iterator[str]:
    """Say where a page of docs/ can be edited, and which of its lines have the dead address."""
    yield f"The file of this page can be edited here: {context.site.edit_uri}{path}"
    dead = given["dead"]
    if not dead:
        return
    lines = (context.root / path).read_text(encoding="utf-8").splitlines()
    found = [f"{path}:{at}: {line.strip()}" for at, line in enumerate(lines, 1) if dead in line]
    if found:
        yield "The dead address is here:"
        yield code_lines(found)
    else:
        yield "The dead address is not in this file."


def _not_found(reference: str, collection: Collection) -> Iterator[str]:
    names = {entry.title.lower(): entry.id for entry in collection.entries}
    names |= {name: e.id for e in collection.entries for name in (e.id, *e.aliases)}
    match = _ID.search(reference.lower())
    word = (match[0] if match else reference.lower())[:MAX_NOTE]
    close = difflib.get_close_matches(word, names, n=MAX_SUGGESTIONS, cutoff=0.5)
    yield f"No entry matches what is given under “{PAGE.label}”. Edit the issue to try again."
    if close:
        yield "Entries with a similar name:"
        yield code_lines(dict.fromkeys(names[name] for name in close))


def _about_entry(entry: Entry, given: Answers, context: CorrectionContext) -> Iterator[str]:
    yield f"The file of this entry can be edited here: {context.site.edit_uri}{entry.path}"
    yield code_lines([f"{entry.id}: {entry.title}"])
    has_dead_link = _has_address(entry, given["dead"])
    values, problems = _corrected_values(given, context)
    if given["dead"]:
        yield from _dead_link(given) if has_dead_link else _other_link(entry)
        has_replacement = has_dead_link and (given["url"] or given["archived"])
        if not (values or problems or has_replacement):
            return
    before = (context.root / entry.path).read_text(encoding="utf-8")
    after = before if problems else _corrected(before, entry, given, values, context.day)
    found = check_entry_text(after, entry.path, context.loaded.index)
    problems += [f"line {problem.line}: {problem.message}" for problem in found]
    if problems:
        yield "The proposed correction cannot be written to the file:"
        yield code_lines(problems)
    else:
        yield from _proposal(before, after, entry.path)


def _proposal(before: str, after: str, path: str) -> Iterator[str]:
    """Show the change for a maintainer to paste, and what the change may have missed."""
    yield "The proposed change; reword its note for readers:"
    yield code_block(_difference(before, after, path), "diff")
    fewer = [*_lost_items(parse_text(before).values, parse_text(after).values)]
    if fewer:
        yield "Items would be lost; give such a list in full, with the items that stay:"
        yield code_lines(fewer)
    old = list(_old_dates(before, after))
    if old:
        yield "The text still has the old date; correct it there too:"
        yield code_lines(f"{path}:{line}: {text}" for line, text in old)
    yield "The whole file, to paste over the old one:"
    yield code_block(after, "markdown")


def _dead_link(given: Answers) -> Iterator[str]:
    yield "The dead address is in the entry."
    if not (given["url"] or given["archived"]):
        yield "Look for a copy:"
        yield code_lines([archive_of(given["dead"])])


def _other_link(entry: Entry) -> Iterator[str]:
    known = [source.url for source in entry.sources if source.url]
    yield "The dead address is not in the entry, whose sources are at:"
    yield code_lines(known or ["no address"])


def _has_address(entry: Entry, address: str) -> bool:
    known = {canonical_address(source.url) for source in entry.sources if source.url}
    return is_web_address(address) and canonical_address(address) in known


def _corrected_values(
    given: Answers, context: CorrectionContext
) -> tuple[dict[str, Value], list[str]]:
    """Return the corrected keys, and the problems with the answers."""
    extra = parse_extra(given[KEYS.key], KEYS.label)
    found = (
        (question.label, address_problem(given[question.key]))
        for question in DEAD_LINK
        if given[question.key]
    )
    problems = [f"'{label}': {problem}" for label, problem in found if problem]
    values = interpret(Entry, extra.values, context.loaded.index)
    return values, [*problems, *extra.problems]


def _corrected(text: str, entry: Entry, given: Answers, values: dict[str, Value], day: str) -> str:
    """Return the file's text with the corrected address and values, and a note in `changes`."""
    changes: list[Value] = [{"date": str(one.date), "note": one.note} for one in entry.changes]
    changes.append({"date": day, "note": _note(given, values)})

    def correct(front: CommentedMap) -> None:
        if _has_address(entry, given["dead"]):
            _replace_address(front, given)
        _set_keys(front, values | {"changes": changes}, Entry)

    return edited(text, correct)


def _note(given: Answers, values: dict[str, Value]) -> str:
    """Return the note of the correction for `changes`."""
    if values or not (given["url"] or given["archived"]):
        words = " ".join(given[WRONG.key].split())
        return INVISIBLE.sub("", words)[:MAX_NOTE] or "…"
    if given["url"]:
        return "A dead link to a source was replaced."
    return "An archived copy was added for a dead link to a source."


def _replace_address(front: CommentedMap, given: Answers) -> None:
    """Give each source at the dead address the new address, the archived copy, or both."""
    dead = canonical_address(given["dead"])
    for source in front.get("sources", ()):
        address = source.get("url")
        if address and canonical_address(str(address)) == dead:
            if given["url"]:
                source["url"] = given["url"]
            if given["archived"] and "archived" in source:
                source["archived"] = given["archived"]
            elif given["archived"]:
                source.insert(list(source).index("url") + 1, "archived", given["archived"])


# Lists whose items can be corrected one by one -> the key that identifies an item.
_ITEM_KEYS = {"sources": "url", "instruments": "id", "deadlines": "what", "penalties": "party"}


def _set_keys(front: CommentedMap, values: dict[str, Value], model: type[BaseModel]) -> None:
    """Set keys in place, insert new ones in the order of the model, and merge lists by item."""
    order = list(field_specs(model))
    for key, value in values.items():
        written = styled_value(model, key, value)
        items, item_key = front.get(key), _ITEM_KEYS.get(key)
        inner = field_specs(model)[key].model if key in order else None
        if inner and item_key and isinstance(items, list) and isinstance(value, list):
            for item, new in zip(value, written, strict=True):
                known = _same_item(items, item, item_key)
                if known is None:
                    items.append(new)
                elif isinstance(item, dict):
                    _set_keys(known, item, inner)
        elif key in front:
            front[key] = written
        else:
            later = (i for i, name in enumerate(front) if order.index(name) > order.index(key))
            front.insert(next(later, len(front)), key, written)


def _same_item(items: list[CommentedMap], item: Value, key: str) -> CommentedMap | None:
    """Return the item with the same `key`; if there are several, the one with the same stage."""
    name = item.get(key) if isinstance(item, dict) else None
    found = [one for one in items if name and one.get(key) == name]
    if len(found) > 1 and isinstance(item, dict):
        found = [one for one in found if one.get("stage") == item.get("stage")]
    return found[0] if found else None


def _lost_items(before: Value, after: Value, name: str = "") -> Iterator[str]:
    """Yield a line for each list that has fewer items than before, with both numbers."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            yield from _lost_items(before[key], after[key], key)
    elif isinstance(before, list) and isinstance(after, list) and len(after) >= len(before):
        for one, other in zip(before, after, strict=False):
            yield from _lost_items(one, other, name)
    elif isinstance(before, list) and len(before) > 1:
        left = len(after) if isinstance(after, list) else 1
        yield f"{name}: {len(before)} items before, {left} after"


def _old_dates(before: str, after: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers and lines of the text that have a day which the keys no longer have."""
    old, new = parse_text(before), parse_text(after)
    days = set(_DAY.findall(str(old.values))) - set(_DAY.findall(str(new.values)))
    for number, line in enumerate(old.body.strip("\n").split("\n"), old.body_line):
        for one in mentions(plain_digits(line)):
            if any((one.year or int(y), one.month, one.day) == (int(y), int(m), int(d))
                   for y, m, d in days):  # fmt: skip
                yield number, line
                break


def _difference(before: str, after: str, path: str) -> str:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1))
