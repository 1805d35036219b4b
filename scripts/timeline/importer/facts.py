"""Extract facts from a report: the stage reached, entry type, topics, amounts and companies."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from timeline.importer.vocabulary import LISTS, Span, Vocabulary, alternatives, pattern
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import AuthorityType, EntryType, Rank, Stage, stages_of

MAX_TOPICS = 4
_CURRENCIES = {word: code for code in LISTS if code.isupper() for word in LISTS[code]}
_SCALES = {"million": 10**6, "billion": 10**9, "m": 10**6, "bn": 10**9, "万": 10**4, "亿": 10**8}
_NUMERALS = {word: number for number, word in enumerate(LISTS["numeral"], 2)}
_MONEY = "|".join(map(re.escape, sorted(_CURRENCIES, key=len, reverse=True)))
_AMOUNT = re.compile(
    rf"(?<![A-Za-z0-9.,-])(?:(?P<sign>{_MONEY})\s*)?(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?|"
    rf"{'|'.join(_NUMERALS)}\b)\s*(?:(?P<scale>{'|'.join(_SCALES)})(?![a-z]))?\s*"
    rf"(?P<unit>{_MONEY}|%|{alternatives('counted')})?",
    re.IGNORECASE,
)
_COMPANY = re.compile(rf"(?!(?:{alternatives('headline_verb')})\b)(?:{alternatives('company')})")
_COURT, _SANCTION, _STATEMENT = map(pattern, ("court", "sanction", "statement"))
_PAPER, _POLICY_KIND, _DOCUMENT = map(pattern, ("paper", "policy_kind", "document"))
_ASSOCIATION = pattern("association")
# Both are in the order of words.yml, in which the first match counts.
_SECTIONS = {kind: pattern(x) for x in LISTS for kind in EntryType if x == f"{kind}_section"}
_STAGES = {stage: pattern(x) for x in LISTS for stage in Stage if x == stage}
_ABROAD = {AuthorityType.FOREIGN, AuthorityType.INTERNATIONAL}
_POLICIES = {Rank.PLAN, Rank.PARTY_DOCUMENT}


class Amount(NamedTuple):
    """An amount of money or a count, as printed and as a number."""

    text: str
    value: float
    unit: str


def amounts(text: str) -> list[Amount]:
    """Return the amounts of money, percentages and counts in a text, each once."""
    found = {}
    for match in _AMOUNT.finditer(text):
        sign, number = (match["sign"] or match["unit"] or "").lower(), match["number"].lower()
        if sign:
            value = float(_NUMERALS.get(number) or number.replace(",", ""))
            value *= _SCALES.get((match["scale"] or "").lower(), 1)
            unit = _CURRENCIES.get(sign, sign)
            found[value, unit] = Amount(match[0].strip(), value, unit)
    return list(found.values())


def parties(text: str, others: Iterable[Span]) -> list[str]:
    """Return the companies that a text names, except the `others`. Individuals are not sought."""
    found = [Span(*match.span(), match[0]) for match in _COMPANY.finditer(text)]
    return list(dict.fromkeys(span.name for span in found if not span.overlaps(others)))


def topics(vocabulary: Vocabulary, texts: list[str], instruments: list[str | None]) -> list[str]:
    """Return the topics that the texts and earlier entries on the instruments mention most."""
    points = Counter(span.id for span in vocabulary.topics.find(". ".join(texts)) if span.id)
    for instrument in instruments:
        for entry in vocabulary.collection.of("instruments").get(instrument or "", ())[:5]:
            points.update(dict.fromkeys(entry.topics, 2))
    frequent = [name for name, count in points.most_common(MAX_TOPICS) if count > 1]
    return frequent or list(points)[:2]


def stages(
    text: str, instrument: Instrument | None = None, *, is_draft: bool = False
) -> list[Stage]:
    """Return the stages that a text may report, the likeliest first.

    With an instrument, only those that an instrument of its rank can reach.
    """
    found = [stage for stage, words in _STAGES.items() if words.search(text)]
    if is_draft and not {Stage.CONSULTATION, Stage.READING, Stage.SUBMITTED} & set(found):
        found.insert(0, Stage.CONSULTATION)
    if instrument is None:
        return found
    reachable = stages_of(instrument.rank)
    return [x for x in found if x in reachable] or [x for x in reachable if x is Stage.LAUNCHED]


def entry_type(
    vocabulary: Vocabulary, section: str, lead: str, instruments: list[Span], actors: list[str]
) -> EntryType:
    """Return the type of a development.

    It depends on the heading of the section, the first sentence, the affected instruments and the
    ids or names of the acting bodies.
    """
    pages = vocabulary.collection.instruments
    known = vocabulary.collection.regulators
    kinds = {known[actor].kind for actor in actors if actor in known}
    kinds |= {
        AuthorityType.ASSOCIATION for x in actors if x not in known and _ASSOCIATION.search(x)
    }
    of_section = {kind for kind, words in _SECTIONS.items() if words.search(section)}
    is_home = vocabulary.home.startswith(vocabulary.territories.get(section.lower(), ""))
    # Foreign bodies have kinds of their own, so a known body may act at home despite the section.
    is_home |= bool(kinds)
    if not is_home or EntryType.INTERNATIONAL in of_section or kinds & _ABROAD:
        return EntryType.INTERNATIONAL
    reached = instruments[0].stage if instruments else next(iter(stages(lead)), None)
    is_document = any(x.id or not _PAPER.search(x.name) for x in instruments)
    is_document |= reached is Stage.CONSULTATION or bool(_DOCUMENT.search(lead))
    is_court = bool(kinds) and kinds <= {AuthorityType.COURT, AuthorityType.PROCURATORATE}
    if is_court or (not is_document and _COURT.search(lead)):
        return EntryType.JUDICIAL
    is_statement = bool(_STATEMENT.search(lead)) and not is_document
    is_sanction = not is_statement and not is_document and bool(_SANCTION.search(lead))
    if EntryType.ENFORCEMENT in of_section and EntryType.REGULATORY not in of_section:
        is_sanction = not is_statement or bool(_SANCTION.search(lead))
    if reached in {Stage.LAUNCHED, Stage.BATCH, Stage.CONCLUDED} or is_sanction:
        return EntryType.ENFORCEMENT
    is_own = kinds == {AuthorityType.ASSOCIATION} or not is_document
    is_private = kinds <= {AuthorityType.INSTITUTE, AuthorityType.ASSOCIATION}
    if is_private and is_own and (kinds or not actors):
        return EntryType.INDUSTRY
    is_policy = is_statement or reached is Stage.PLANNED
    for one in instruments:
        is_plan = one.id and pages[one.id].rank in _POLICIES
        is_policy |= bool(is_plan or (not one.id and _POLICY_KIND.search(one.name)))
    return EntryType.REGULATORY if is_document and not is_policy else EntryType.POLICY
