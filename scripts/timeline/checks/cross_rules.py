"""Rules that compare files: ids, stages by rank, circular relations, postponements, use."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from timeline.analysis.effective import EffectiveDate, effective_dates
from timeline.content.collection import Collection, closure, steps_by_instrument, terms_of
from timeline.content.loader import ParsedSite
from timeline.content.parser import ParsedFile
from timeline.problems import Location, Problem, join_words, suggestion
from timeline.schema.entry import Entry, Step
from timeline.schema.terms import TERMS, Instrument, Regulator, Topic
from timeline.schema.types import Kind, fold_name
from timeline.schema.vocabulary import ADOPTION_STAGES, Commencement, Rank, Stage, stages_of


def check_across(site: ParsedSite) -> Iterator[Problem]:
    """Yield every problem between files, including files that have other problems."""
    yield from _duplicate_ids(site.entries)
    yield from _stages_of_other_ranks(site)
    yield from _needless_effective_dates(site)
    for relation in ("replaces", "overtakes", "displaces"):
        yield from _circular_relations(site, relation)
    yield from _stages_after_repeal(site)
    yield from _repeated_adoptions(site)
    yield from _duplicate_names(site)
    yield from _unrecorded_postponements(site.entries)
    if all(parsed.valid_item for parsed in site.entries):  # otherwise their pages are not known
        yield from _unused(site)


def _duplicate_ids(entries: Iterable[ParsedFile[Entry]]) -> Iterator[Problem]:
    claims: dict[str, list[tuple[ParsedFile[Entry], Location]]] = defaultdict(list)
    for parsed in entries:
        if parsed.item is not None:
            claims[parsed.item.id].append((parsed, ()))
            aliases = () if "aliases" in parsed.failed else parsed.item.aliases
            for index, alias in enumerate(aliases):
                claims[alias].append((parsed, ("aliases", index)))
    for name, places in claims.items():
        for place in places if len(places) > 1 else ():
            others = join_words(other.path for other, at in places if (other, at) != place)
            parsed, location = place
            yield parsed.problem_at(
                location, f"duplicate id {name!r} (also used by {others}); choose another"
            )


def _steps(site: ParsedSite) -> Iterator[tuple[ParsedFile[Entry], Entry, int, Step]]:
    """Yield (file, entry, index, step) for every entry whose instruments are valid."""
    for parsed in site.entries:
        if parsed.item is not None and "instruments" not in parsed.failed:
            for index, step in enumerate(parsed.item.instruments):
                yield parsed, parsed.item, index, step


def _ranks(site: ParsedSite) -> dict[str, Rank]:
    """Return the rank of each instrument whose rank is valid."""
    return {
        parsed.item.id: parsed.item.rank
        for parsed in site.instruments
        if parsed.item is not None and "rank" not in parsed.failed
    }


def _stages_of_other_ranks(site: ParsedSite) -> Iterator[Problem]:
    ranks = _ranks(site)
    for parsed, _, index, step in _steps(site):
        rank = ranks.get(step.id)
        if rank is not None and step.stage and step.stage not in stages_of(rank):
            yield parsed.problem_at(
                ("instruments", index, "stage"),
                f"a {rank.label.lower()} ({step.id}) has no stage {step.stage.value!r}; write one "
                f"of {join_words(stages_of(rank))}",
            )


def _needless_effective_dates(site: ParsedSite) -> Iterator[Problem]:
    """Allow `no_effective_date` only for ranks whose texts may take effect on publication."""
    ranks = _ranks(site)
    for parsed, _, index, step in _steps(site):
        rank = ranks.get(step.id)
        if rank is None or not step.no_effective_date:
            continue
        if rank.commencement is not Commencement.STATED_OR_PUBLICATION:
            why = (
                "always states its effective date; find it and leave out 'no_effective_date'"
                if rank.commencement is Commencement.STATED
                else "needs no effective date; leave out 'no_effective_date'"
            )
            yield parsed.problem_at(
                ("instruments", index, "no_effective_date"), f"a {rank.label.lower()} {why}"
            )


def _circular_relations(site: ParsedSite, relation: str) -> Iterator[Problem]:
    related = {
        parsed.item.id: [other.id for other in getattr(parsed.item, relation)]
        for parsed in site.instruments
        if parsed.item is not None and not parsed.failed
    }
    for parsed in site.instruments:
        name = parsed.item.id if parsed.item else ""
        if name in closure(related.get(name, ()), lambda one: related.get(one, ())):
            message = (
                f"circular {relation!r} chain: {name!r} {relation} itself through others; remove "
                "one link of the chain"
            )
            yield parsed.problem_at((relation,), message)


def _stages_after_repeal(site: ParsedSite) -> Iterator[Problem]:
    """Reject stages of an instrument after its repeal."""
    steps = [found for found in _steps(site) if found[0].valid_item]
    repeals = {step.id: entry for _, entry, _, step in steps if step.stage is Stage.REPEALED}
    for parsed, entry, index, step in steps:
        repeal = repeals.get(step.id)
        if repeal and step.stage and entry.date > repeal.date:
            yield parsed.problem_at(
                ("instruments", index, "stage"),
                f"the stage {step.stage.value!r} comes after the repeal of {step.id!r} "
                f"({repeal.id}); correct the stage or one of the dates",
            )


def _repeated_adoptions(site: ParsedSite) -> Iterator[Problem]:
    """Warn of a stage that an earlier entry records with another effective date."""
    adoptions: dict[tuple[str, Stage, int | None], tuple[Entry, Step]] = {}
    steps = [found for found in _steps(site) if found[0].valid_item and found[3].effective]
    for parsed, entry, index, step in sorted(steps, key=lambda found: found[1].date.first_day):
        if step.stage not in ADOPTION_STAGES or entry.withdrawn:
            continue
        first, adopted = adoptions.setdefault((step.id, step.stage, step.round), (entry, step))
        recorded = {effect.date for effect in adopted.effective}
        other = [
            effect.date
            for effect in step.effective
            if not (effect.instead_of or effect.applies_to or effect.date in recorded)
        ]
        if other and first is not entry:
            yield parsed.problem_at(
                ("instruments", index, "effective"),
                f"{first.id} records this stage with effect from {min(recorded)}, not {other[0]}; "
                "if the date was moved, add 'instead_of'; if this entry only reports that the "
                "date has arrived, leave out 'stage' and 'effective'",
                warning=True,
            )


def _duplicate_names(site: ParsedSite) -> Iterator[Problem]:
    """Warn of two pages with the same name, unless one followed the other."""
    pages: dict[tuple[Kind, str], list[ParsedFile[Any]]] = defaultdict(list)
    for kind, parsed in site.vocabulary():
        if isinstance(parsed.valid_item, Regulator | Topic | Instrument):
            names = filter(None, (parsed.valid_item.name, parsed.valid_item.name_zh))
            for name in dict.fromkeys(map(fold_name, names)):
                pages[kind, name].append(parsed)
    reported: set[str] = set()
    for (kind, _), same in pages.items():
        for parsed in same:
            item = parsed.valid_item
            others = (x for x in same if x is not parsed and not _are_related(item, x.valid_item))
            other = next(others, None)
            if other and parsed.path not in reported:
                reported.add(parsed.path)
                relation = "successors" if kind == "regulators" else "replaces"
                message = f"{other.path} has the same name; if both mean the same, use one page"
                if kind != "topics":
                    message += f"; if one followed the other, record it under {relation!r}"
                yield parsed.problem_at((), message, warning=True)


def _are_related(*pages: Any) -> bool:
    """Return whether one page names another under `successors` or `replaces`."""
    named = {
        other.id
        for page in pages
        for relation in ("successors", "replaces")
        for other in getattr(page, relation, ())
    }
    return any(page.id in named for page in pages)


def _unrecorded_postponements(entries: Iterable[ParsedFile[Entry]]) -> Iterator[Problem]:
    """Reject the replacement of a date that no earlier entry records.

    Nothing is reported unless every entry can be read, since any may record the date.
    """
    files: dict[str, ParsedFile[Entry]] = {}
    current: list[Entry] = []
    for parsed in entries:
        if parsed.item is None or parsed.failed & {"date", "instruments", "withdrawn"}:
            return
        files[parsed.item.id] = parsed
        if parsed.item.withdrawn is None:
            current.append(parsed.item)
    for steps in steps_by_instrument(Collection.ordered(current)).values():
        for date in effective_dates(steps):
            old = date.effect.instead_of
            # A date before the entry's own is reported by `postponed_in_time`.
            if old and not date.replaces and old >= date.recorded.day:
                place = next(i for i, step in enumerate(steps) if step.entry is date.entry)
                location = ("instruments", date.recorded.index, "effective", date.number)
                message = _unrecorded_date(date, effective_dates(steps[:place]))
                yield files[date.entry.id].problem_at((*location, "instead_of"), message)


def _unrecorded_date(date: EffectiveDate, before: list[EffectiveDate]) -> str:
    """Return the message for a date whose `instead_of` is not among the dates recorded before."""
    old = date.effect.instead_of
    current = [earlier for earlier in before if earlier.replaced_by is None]
    for new in current:
        if any(gone.date == old for gone in new.lineage[1:]):
            return (
                f"{new.entry.id} already moved {old} to {new.date}; set 'instead_of' to {new.date}"
            )
    ahead = sorted({str(one.date) for one in current if one.date >= date.recorded.day})
    if not ahead:
        return (
            f"'instead_of' names {old}, but no earlier entry records an effective date of "
            f"{date.instrument!r} that was still to come; correct it, or add the missing entry"
        )
    return (
        f"'instead_of' names {old}, which no earlier entry records as an effective date of "
        f"{date.instrument!r}; write one that is recorded and still to come: {join_words(ahead)}"
        + suggestion(str(old), {one: one for one in ahead})
    )


def _unused(site: ParsedSite) -> Iterator[Problem]:
    """Warn of pages that nothing names, and of instruments that only other pages name."""
    named: dict[Kind, set[str]] = {kind: set() for kind in TERMS}
    for parsed in site.entries:
        for kind in TERMS:
            named[kind].update(terms_of(parsed.item, kind) if parsed.item else ())
    used = {kind: set(names) for kind, names in named.items()}
    for page in filter(None, (parsed.valid_item for parsed in site.regulators)):
        used["regulators"].update([page.parent] if page.parent else [])
        used["regulators"].update(successor.id for successor in page.successors)
    for law in filter(None, (parsed.valid_item for parsed in site.instruments)):
        used["regulators"].update(law.issuers)
        used["instruments"].update(law.related)
    for kind, term in site.vocabulary():
        name = term.item.id if term.item else ""
        if name and name not in used[kind]:
            yield term.problem_at((), "nothing uses this page", warning=True)
        elif name and kind == "instruments" and name not in named[kind]:
            yield term.problem_at((), "no entry names this instrument", warning=True)
