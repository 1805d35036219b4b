"""What a report says: the stage reached, its nature, its topics, sums, counts and companies."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from timeline.importer.vocabulary import Span, Vocabulary
from timeline.importer.words import LISTS, alternatives, pattern
from timeline.schema.terms import Instrument, Regulator
from timeline.schema.vocabulary import (
    CAMPAIGN_STAGES,
    AuthorityType,
    EntryType,
    Rank,
    Stage,
    stages_of,
)

MAX_TOPICS = 4
_CURRENCIES = {
    "RMB": "CNY", "CNY": "CNY", "yuan": "CNY", "元": "CNY", "¥": "CNY", "US$": "USD", "USD": "USD",
    "美元": "USD", "$": "USD", "HK$": "HKD", "S$": "SGD", "EUR": "EUR", "euro": "EUR", "€": "EUR",
    "£": "GBP", "欧元": "EUR", "新元": "SGD", "港元": "HKD", "日元": "JPY",
}  # fmt: skip
_SCALES = {"million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}
_NUMERALS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_MONEY = "|".join(map(re.escape, sorted(_CURRENCIES, key=len, reverse=True)))
_AMOUNT = re.compile(
    rf"(?<![A-Za-z0-9.,-])(?:(?P<sign>{_MONEY})\s*)?(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?|"
    rf"{'|'.join(_NUMERALS)}\b)\s*(?P<scale>{'|'.join(_SCALES)})?\s*"
    rf"(?P<unit>{_MONEY}|%|{alternatives('counted')})?",
    re.IGNORECASE,
)
_COMPANY = pattern("company", case=True)
_COURT, _SANCTION, _STATEMENT = map(pattern, ("court", "sanction", "statement"))
_PAPER, _POLICY_KIND = map(pattern, ("paper", "policy_kind"))
# In the order of words.yml the first that a text has is the one.
_SECTIONS = {kind: pattern(x) for x in LISTS for kind in EntryType if x == f"{kind}_section"}
_STAGES = {stage: pattern(x) for x in LISTS for stage in Stage if x == stage}


class Sum(NamedTuple):
    """An amount of money or a count, as printed and as a number."""

    text: str
    value: float
    unit: str


def sums(text: str) -> list[Sum]:
    """The amounts and counts in a text, each once."""
    found = {}
    for match in _AMOUNT.finditer(text):
        sign, number = (match["sign"] or match["unit"] or "").lower(), match["number"].lower()
        if sign:
            is_word = number in _NUMERALS
            value = _NUMERALS.index(number) + 2.0 if is_word else float(number.replace(",", ""))
            value *= _SCALES.get((match["scale"] or "").lower(), 1)
            unit = next((code for name, code in _CURRENCIES.items() if name.lower() == sign), sign)
            found[value, unit] = Sum(match[0].strip(), value, unit)
    return list(found.values())


def parties(text: str, others: Iterable[Span]) -> list[str]:
    """The companies that a text names, but for the `others`; no private person is looked for."""
    found = [Span(*match.span(), match[0]) for match in _COMPANY.finditer(text)]
    names = (span.name for span in found if not span.overlaps(others))
    return list(dict.fromkeys(re.sub(r"^(?:The|And|Both)\s+", "", name) for name in names))


def topics(vocabulary: Vocabulary, heading: str, text: str, laws: list[str | None]) -> list[str]:
    """The topics that a text names most, and those of other entries on the same instruments."""
    points: Counter[str] = Counter()
    for words, weight in ((heading, 3), (text, 1)):
        for span in vocabulary.topics.find(words):
            points[span.id or ""] += weight
    for law in laws:
        for entry in vocabulary.collection.of("instruments").get(law or "", ())[:5]:
            points.update(dict.fromkeys(entry.topics, 2))
    sure = [name for name, count in points.most_common(MAX_TOPICS) if name and count > 1]
    return sure or [name for name in points if name][:2]


def stages(text: str, law: Instrument | None = None, *, is_draft: bool = False) -> list[Stage]:
    """The stages of which a text tells, the likeliest first, and only what the law can reach."""
    told = [one for one, words in _STAGES.items() if words.search(text)]
    if is_draft and not {Stage.CONSULTATION, Stage.READING, Stage.SUBMITTED} & set(told):
        told.insert(0, Stage.CONSULTATION)
    if law is None:
        return told
    if law.rank is Rank.CAMPAIGN:
        return [one for one in told if one in CAMPAIGN_STAGES] or [Stage.LAUNCHED]
    return [one for one in told if one in stages_of(law.rank)]


def section_type(section: str | None) -> EntryType | None:
    """The nature of the developments in a section, by its heading."""
    return next((kind for kind, words in _SECTIONS.items() if words.search(section or "")), None)


def nature(
    section: EntryType | None,
    lead: str,
    laws: list[Instrument | str],
    reached: Stage | None,
    actors: list[Regulator],
) -> EntryType:
    """The nature of a development. `laws` holds those of the site, and the names of others."""
    kinds = {actor.kind for actor in actors}
    if EntryType.INTERNATIONAL is section or kinds & {
        AuthorityType.FOREIGN,
        AuthorityType.INTERNATIONAL,
    }:
        return EntryType.INTERNATIONAL
    papers = [law for law in laws if isinstance(law, str) and _PAPER.search(law)]
    is_document = len(laws) > len(papers) or reached is Stage.CONSULTATION
    is_court = bool(kinds) and kinds <= {AuthorityType.COURT, AuthorityType.PROCURATORATE}
    if is_court or (not is_document and _COURT.search(lead)):
        return EntryType.JUDICIAL
    is_statement = bool(_STATEMENT.search(lead)) and not is_document
    is_sanction = not is_statement and not is_document and bool(_SANCTION.search(lead))
    if section is EntryType.ENFORCEMENT:
        is_sanction = not is_statement or bool(_SANCTION.search(lead))
    is_batch = reached in CAMPAIGN_STAGES and any(map(_is_campaign, laws))
    if reached is Stage.LAUNCHED or is_batch or is_sanction:
        return EntryType.ENFORCEMENT
    if kinds <= {AuthorityType.INSTITUTE, AuthorityType.ASSOCIATION} and not is_document:
        return EntryType.INDUSTRY
    if is_statement or reached is Stage.PLANNED or any(map(_is_policy, laws)):
        return EntryType.POLICY
    return EntryType.REGULATORY if is_document else EntryType.POLICY


def _is_campaign(law: Instrument | str) -> bool:
    return isinstance(law, Instrument) and law.rank is Rank.CAMPAIGN


def _is_policy(law: Instrument | str) -> bool:
    if isinstance(law, Instrument):
        return law.rank in {Rank.PLAN, Rank.PARTY_DOCUMENT}
    return _POLICY_KIND.search(law) is not None
