"""An entry beside its sources: which words support each date, figure, body and title.

It shows where to look, not that anything is right: a reviewer opens the sources.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from timeline.checks import Loaded
from timeline.checks.duplicates import Duplicates, fingerprint
from timeline.checks.permalinks import kind_of
from timeline.content.collection import Collection, terms_of
from timeline.content.front_matter import UnreadableError, edited
from timeline.contribute.issues import code_block, code_lines
from timeline.problems import Problem
from timeline.schema.dates import MONTHS, PartialDate
from timeline.schema.entry import Entry, OtherDates, Source, Step
from timeline.schema.terms import TERMS
from timeline.urls import ENFORCEMENT, entry_url, month_url, term_url, year_url

MAX_ENTRIES = 12  # shown in one comment
_FIGURE = re.compile(r"(?<![\w.])[0-9]+(?:[,. ][0-9]+)*(?![\w])")


@dataclass(frozen=True)
class Fact:
    """One claim of an entry, and each source that supports it: its publisher and the words."""

    kind: str  # date, figure, body or title
    value: str
    support: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """What a reviewer compares. `differences` is what other files say of the same instruments."""

    entry: Entry
    facts: tuple[Fact, ...]
    differences: tuple[str, ...]

    @property
    def unsupported(self) -> tuple[Fact, ...]:
        """The facts that no quotation and no title of a source supports."""
        return tuple(fact for fact in self.facts if not fact.support)


def review(entry: Entry, collection: Collection) -> Review:
    """Compare an entry with its sources and with the others on its instruments."""
    facts = (
        Fact(kind, value, tuple(_supporting(entry.sources, spellings)))
        for kind, value, spellings in (*_dates(entry), *_figures(entry), *_names(entry, collection))
    )
    return Review(entry, tuple(facts), tuple(_differences(entry, collection)))


def _supporting(sources: Iterable[Source], spellings: set[str]) -> Iterator[str]:
    """The sources whose quotation, title or publisher has one of the spellings."""
    either = "|".join(re.escape(one) for one in sorted(spellings) if one)
    whole = rf"(?<![a-z0-9])(?<![0-9]\.)(?:{either})(?![a-z0-9]|\.[0-9])"  # 1 is not in 1.2
    pattern = re.compile(whole if either else "(?!)")
    for source in sources:
        for words in (source.quote, source.title, source.publisher):
            if words and pattern.search(_folded(words)):
                yield f"{source.publisher}: {words}"
                break


def _folded(text: str) -> str:
    """In lower case, without marks between thousands."""
    return re.sub(r"(?<=\d)[, ](?=\d{3})", "", text).lower()


def _dates(entry: Entry) -> Iterator[tuple[str, str, set[str]]]:
    found: list[tuple[str, PartialDate]] = [("became public", entry.date)]
    if entry.dates:
        others = ((name, getattr(entry.dates, name)) for name in OtherDates.model_fields)
        found += [(name, date) for name, date in others if date]
    days: list[tuple[str, datetime.date]] = []
    for step in entry.instruments:
        if step.comments_close:
            days.append((f"comments on {step.id} close", step.comments_close))
        days += [(f"{step.id} takes effect", effect.date) for effect in step.effective]
    days += [(deadline.what, deadline.date) for deadline in entry.deadlines]
    found += [(what, PartialDate.of(day)) for what, day in days]
    for what, date in found:
        yield "date", f"{date} ({what})", _spellings(date)


def _spellings(date: PartialDate) -> set[str]:
    """2022-04-29, 29 April 2022, April 29, 2022年4月29日, 4月29日, 2022/4/29, 2022.4.29."""
    spellings = {str(date), date.long.lower(), date.short.lower()}
    if date.month:
        month = MONTHS[date.month - 1].lower()
        chinese = f"{date.month}月" + (f"{date.day}日" if date.day else "")
        spellings.add(f"{date.year}年{chinese}")
        if date.day:
            spellings |= {chinese, f"{month} {date.day}", f"{date.day} {month}"}
            numbers = (date.year, date.month, date.day)
            spellings |= {mark.join(map(str, numbers)) for mark in "/."}
    return spellings


def _figures(entry: Entry) -> Iterator[tuple[str, str, set[str]]]:
    """The numbers of the title, the text and the penalties, except years."""
    text = re.sub(r"\]\([^)]*\)", "]", f"{entry.title}\n{entry.body}")
    undated = re.sub(rf"\b\d{{1,2}} (?={'|'.join(MONTHS)})", "", text)
    found = [match[0] for match in _FIGURE.finditer(undated)]
    found += [f"{p.amount:f}" for p in entry.penalties if p.amount is not None]
    for figure in dict.fromkeys(found):
        if not re.fullmatch(r"(19|20)\d\d", figure):
            yield "figure", figure, {_folded(figure)}


def _names(entry: Entry, collection: Collection) -> Iterator[tuple[str, str, set[str]]]:
    for name in entry.regulators:
        body = collection.regulators[name]
        spellings = (body.name, body.abbreviation, body.name_zh, *body.aliases)
        yield "body", body.name, {spelling.lower() for spelling in spellings if spelling}
    for step in entry.instruments:
        law = collection.instruments[step.id]
        titles = (law.name, law.short, law.name_zh, *law.former_titles, *law.aliases)
        yield "title", law.name_zh or law.name, {title.lower() for title in titles if title}


def _differences(entry: Entry, collection: Collection) -> Iterator[str]:
    for step in entry.instruments:
        if step.stage is None:
            continue
        issuers = set(collection.instruments[step.id].issuers)
        if issuers and entry.regulators and not issuers & set(entry.regulators):
            yield f"{step.id}: its page says that it is issued by {', '.join(sorted(issuers))}"
        for other in collection.steps(step.id):
            if other.entry.id != entry.id and other.step.stage is not None:
                yield from _between(step, other.entry, other.step)


def _between(step: Step, other: Entry, theirs: Step) -> Iterator[str]:
    """What another entry says differently about the same instrument."""
    if step.stage is theirs.stage and step.round == theirs.round:
        yield f"{step.id}: {other.id} reports the same stage, {step.stage}, on {other.date}"
    mine, others = ([str(effect.date) for effect in one.effective] for one in (step, theirs))
    moved = {str(effect.instead_of) for effect in (*step.effective, *theirs.effective)}
    if mine and others and mine != others and not moved & {*mine, *others}:
        dates = f"{', '.join(others)}, not on {', '.join(mine)}"
        yield f"{step.id}: {other.id} says that it takes effect on {dates}"


def mark_checked(text: str, day: datetime.date, numbers: set[int]) -> str:
    """The file's text with `checked: day` in its sources of these numbers, from 1.

    Nothing else changes. Raises ValueError where a source is missing or the file cannot be edited.
    """

    def mark(front: CommentedMap) -> None:
        sources = front.get("sources") or []
        wrong = sorted(number for number in numbers if not 1 <= number <= len(sources))
        if wrong or not numbers:
            missing = wrong[0] if wrong else 1
            raise ValueError(f"there is no source {missing}; the entry has {len(sources)}")
        for number in numbers:
            sources[number - 1]["checked"] = day.replace()  # a copy: for one day YAML has an alias

    try:
        return edited(text, mark)
    except UnreadableError as error:
        raise ValueError(f"line {error.line}: {error}") from None


def comment(root: Path, loaded: Loaded, paths: Iterable[str]) -> str:
    """A comment on a pull request, as Markdown: each entry, its pages, sources and duplicates.

    `paths` are the changed files, relative to the project.
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
    duplicates = Duplicates(loaded.sound)
    for entry in entries[:MAX_ENTRIES]:
        parts += _about_entry(root, entry, loaded.sound, duplicates)
    if len(entries) > MAX_ENTRIES:
        parts.append(f"Not shown here: {len(entries) - MAX_ENTRIES} more.")
    pages = [path for path in chosen if path.startswith("docs/") and (root / path).is_file()]
    if pages:
        parts += ["Pages written or changed:", code_lines(pages)]
    return "\n\n".join(parts)


def _about_problems(problems: list[Problem], *, is_sound: bool) -> list[str]:
    if problems:
        return ["What the check says of them:", code_lines(map(str, sorted(problems)))]
    if is_sound:
        return ["The check finds nothing wrong in them."]
    return ["The check finds nothing wrong in them, but other files have errors; see the check."]


def _about_entry(
    root: Path, entry: Entry, collection: Collection, duplicates: Duplicates
) -> Iterator[str]:
    yield f"### `{entry.id}`"
    yield code_block((root / entry.path).read_text(encoding="utf-8"), "markdown")
    yield from ("It appears on:", code_lines(_pages_of(entry)))
    near = duplicates.near(fingerprint(entry, collection))
    if near:
        yield "Possible duplicates:"
        yield code_lines(f"{match.id} ({', '.join(match.reasons)})" for match in near)
    found = review(entry, collection)
    if found.unsupported:
        yield "Not supported by any quotation; a reviewer verifies these:"
        yield code_lines(f"{fact.kind}: {fact.value}" for fact in found.unsupported)
    if found.differences:
        yield "Other files on its instruments say:"
        yield code_lines(found.differences)


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
