"""Languages and countries by their English names, after Unicode's locale data."""

import functools

import babel


@functools.cache
def language(code: str) -> str:
    """`Chinese` for `zh-Hans`."""
    try:
        return babel.Locale.parse(code.partition("-")[0]).get_language_name("en") or code
    except (ValueError, babel.UnknownLocaleError):
        return code


@functools.cache
def territory(code: str) -> str:
    """`Singapore` for `SG`; a part of a country is named by the country."""
    names = babel.Locale.parse("en").territories
    return "International" if code == "INT" else names.get(code.partition("-")[0], code)
