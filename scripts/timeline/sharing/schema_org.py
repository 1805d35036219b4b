"""The words of schema.org for what the site speaks of: legal force, relations, works."""

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from timeline.model.entry_parts import Source
from timeline.model.terms import Text
from timeline.model.vocabulary import SourceKind, ValidityState

Data = dict[str, Any]
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

_UNSAFE_IN_SCRIPTS = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

# Where nothing is known, and for campaigns, nothing is said: https://schema.org/LegalForceStatus
LEGAL_FORCE = {
    ValidityState.IN_FORCE: "InForce",
    ValidityState.PARTLY_IN_FORCE: "PartiallyInForce",
    ValidityState.NOT_YET_ADOPTED: "NotInForce",
    ValidityState.NOT_YET_IN_FORCE: "NotInForce",
    ValidityState.SUPERSEDED: "NotInForce",
    ValidityState.REPEALED: "NotInForce",
    ValidityState.EXPIRED: "NotInForce",
    ValidityState.ABANDONED: "NotInForce",
}
RELATIONS = {
    "implements": "legislationEnsuresImplementationOf",
    "amends": "legislationAmends",
    "replaces": "legislationRepeals",
    "interprets": "about",  # schema.org has no word for it
}


def source(one: Source) -> Data:
    """Something that an entry rests on."""
    return work(one.kind, one.title, one.publisher, one.lang, one.url)


def work(
    kind: SourceKind | None, title: str | None, publisher: str, language: str, url: str | None
) -> Data:
    """Something that others wrote; what is no source of a kind is a newsletter."""
    return filled(
        {
            "@type": "CreativeWork",
            "name": title or publisher,
            "inLanguage": language,
            "publisher": {"@type": "Organization", "name": publisher},
            "genre": kind.label if kind else "Newsletter",
            "url": url,
        }
    )


def text(one: Text) -> Data:
    """Where an instrument can be read."""
    official = one.kind is SourceKind.OFFICIAL
    value = "OfficialLegalValue" if official else "UnofficialLegalValue"
    return filled(
        {
            "@type": "LegislationObject",
            "name": one.title,
            "inLanguage": one.lang,
            "publisher": {"@type": "Organization", "name": one.publisher},
            "legislationLegalValue": f"https://schema.org/{value}",
            "contentUrl": one.url,
        }
    )


def filled(data: Data) -> Data:
    """Without what is empty or unknown."""
    return {name: value for name, value in data.items() if value not in (None, "", [], ())}


def json_ld(graph: Sequence[Data]) -> Markup:
    """The graph as JSON-LD 1.1 for a script element, which no text in it can end."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return Markup(text.translate(_UNSAFE_IN_SCRIPTS))  # noqa: S704 - what could end it is escaped
