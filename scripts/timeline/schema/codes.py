"""Codes of languages, countries and currencies, checked against the lists of Unicode CLDR."""

import datetime
import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import babel
from babel import localedata
from babel.core import get_global
from babel.numbers import get_territory_currencies

INTERNATIONAL = "INT"
_SINCE = datetime.date(2010, 1, 1)  # older entries may use a currency withdrawn since then
# CLDR territories that are not countries: groups, private use, parts with no ISO code.
_NOT_COUNTRIES = frozenset("AC CP CQ DG EA EZ IC QO TA UN XA XB ZZ".split())  # noqa: SIM905
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_MANDARIN = frozenset({"mandarin", "putonghua", "普通话"})
_RENMINBI = frozenset({"rmb", "cnh", "yuan", "renminbi", "¥", "￥", "元", "人民币", "人民币元"})
_DOLLARS = {"us$": "USD", "hk$": "HKD", "s$": "SGD", "a$": "AUD", "港元": "HKD"}


@functools.cache
def _english() -> babel.Locale:
    return babel.Locale.parse("en")


@functools.cache
def _countries() -> frozenset[str]:
    return frozenset(c for c in map(str, _english().territories) if c.isalpha()) - _NOT_COUNTRIES


@functools.cache
def _currencies() -> frozenset[str]:
    found = (get_territory_currencies(c, _SINCE, datetime.date.max) for c in _countries())
    return frozenset(code for codes in found for code in codes)


def is_language(code: str) -> bool:
    """Return whether a text is a language code, with an optional script and country."""
    if not _LANGUAGE.fullmatch(code):
        return False
    language, *rest = code.split("-")
    return language in _english().languages and all(
        part in (_english().scripts if len(part) == 4 else _countries()) for part in rest
    )


def is_jurisdiction(code: str) -> bool:
    """Return whether a text is the code of a country or of part of one, or is `INT`."""
    country, _, part = code.partition("-")
    known = country in _countries() and re.fullmatch(r"[A-Z0-9]{1,3}", part or "X")
    return code == INTERNATIONAL or (bool(known) and not code.endswith("-"))


def is_currency(code: str) -> bool:
    """Return whether a text is a currency code."""
    return code in _currencies()


def intended_language(text: str) -> str | None:
    """Return the intended code, or None: `zh-Hans` for `cn` and `Chinese`, `ja` for `jp`."""
    word = text.strip().lower()
    word = "chinese" if word in _MANDARIN else re.sub(r" \(.*\)$", "", word)
    likely = get_global("likely_subtags")
    code = next(_codes_named(word, "languages"), word)
    language = get_global("language_aliases").get(code) or (code if code != word else None)
    if language is None and word.upper() in _countries():
        language = likely.get(f"und_{word.upper()}", "")
    full = likely.get(language, language) if language else ""
    language, script, *_ = f"{full}__".split("_")
    code = f"{language}-{script}" if localedata.exists(f"{language}_{script}") else language
    return code if is_language(code) else _in_standard_case(text)


def _in_standard_case(text: str) -> str | None:
    """Return a language code in standard form, or None: `zh-Hans` for `zh-hans` and `zh_Hans`."""
    parts = text.strip().replace("_", "-").split("-")
    cased = [p.title() if len(p) == 4 else p.upper() for p in parts]
    code = "-".join([cased[0].lower(), *cased[1:]])
    return code if is_language(code) else None


def intended_jurisdiction(text: str) -> str | None:
    """Return the intended code, or None: `GB` for `UK`, `US` for `USA`, `FR` for `France`."""
    word = text.strip()
    if is_jurisdiction(word.upper()):
        return word.upper()
    aliases = get_global("territory_aliases").get(word.upper(), ())
    if len(aliases) == 1:
        return str(aliases[0])
    return next((code for code in _codes_named(word, "territories") if code in _countries()), None)


def _codes_named(word: str, kind: str) -> Iterator[str]:
    """Yield the code of an English or Chinese name, or of the only name that starts with the word.

    `kind` is babel's attribute for the names: languages, territories or currencies.
    """
    for language in ("en", "zh_Hans"):
        names: Mapping[str, str] = getattr(babel.Locale.parse(language), kind)
        folded = {name.lower(): code for code, name in sorted(names.items(), reverse=True)}
        longer = [code for name, code in folded.items() if name.startswith(f"{word.lower()} ")]
        if word.lower() in folded:
            yield folded[word.lower()]
        elif len(longer) == 1:
            yield longer[0]


def intended_currency(text: str) -> str | None:
    """Return the intended code, or None: `CNY` for `RMB`, `EUR` for `euro`."""
    word = text.strip()
    if is_currency(word.upper()):
        return word.upper()
    if word.lower() in _RENMINBI or word.lower() in _DOLLARS:
        return _DOLLARS.get(word.lower(), "CNY")
    symbols = {_english().currency_symbols.get(code, code): code for code in _currencies()}
    named = (code for code in _codes_named(word, "currencies") if code in _currencies())
    return symbols.get(word.upper()) or next(named, None)


@dataclass(frozen=True)
class CodeList:
    """A list of codes: its description in messages, a test, and a lookup of intended codes."""

    expected: str
    is_code: Callable[[str], bool]
    intended: Callable[[str], str | None]


_LANGUAGES = CodeList("a language code such as en", is_language, intended_language)
CODES = {  # front matter key -> the list of its codes
    "lang": _LANGUAGES,
    "language": _LANGUAGES,
    "jurisdiction": CodeList(
        "an ISO 3166 code such as FR, US-CA or SG, or EU or INT",
        is_jurisdiction,
        intended_jurisdiction,
    ),
    "currency": CodeList("an ISO 4217 code such as EUR", is_currency, intended_currency),
}


@functools.cache
def language_name(code: str) -> str:
    """Return the English name of a language, `Chinese` for `zh-Hans`; an unknown code as it is."""
    return str(_english().languages.get(code.partition("-")[0], code))


@functools.cache
def territory_name(code: str) -> str:
    """Return the English name of a country, also for a part of it: `Singapore` for `SG`."""
    if code == INTERNATIONAL:
        return "International"
    return str(_english().territories.get(code.partition("-")[0], code))
