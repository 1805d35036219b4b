"""Citation -> BibTeX, RIS and CSL-JSON."""

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry as Record
from bibtexparser.model import Field
from pylatexenc.latexencode import (
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
)

from timeline.citation import Citation, Citations
from timeline.dates import PartialDate
from timeline.entry import Entry
from timeline.site import Site
from timeline.standing import Standing
from timeline.status_words import StatusWords
from timeline.terms import Instrument

# What TeX takes for a command; all else stays UTF-8. A bare brace, even behind a backslash, counts
# when BibTeX looks for the end of a field.
_SPECIALS = {
    "\\": r"\textbackslash",
    "{": r"\textbraceleft",
    "}": r"\textbraceright",
    "~": r"\textasciitilde",
    "^": r"\textasciicircum",
} | {character: f"\\{character}" for character in "&%$#_"}
_ENCODER = UnicodeToLatexEncoder(
    conversion_rules=[
        UnicodeToLatexConversionRule(RULE_DICT, {ord(c): tex for c, tex in _SPECIALS.items()})
    ],
    replacement_latex_protection="braces",
    unknown_char_policy="keep",
    unknown_char_warning=False,
)


def bibtex(citation: Citation) -> str:
    """A BibTeX entry, in the types and fields of biblatex (its manual, sections 2.1 and 2.2)."""
    # Inner braces: the names are of bodies, and no style may change the capitals.
    authors = " and ".join(f"{{{_tex(name)}}}" for name in _authors(citation))
    fields = {
        "author": authors,
        "title": f"{{{_tex(citation.title)}}}",
        "origtitle": _tex(citation.title_zh or ""),
        "number": _tex(citation.number or ""),
        "date": str(_date(citation) or ""),
        "eventdate": str(citation.date or "") if not citation.legislation else "",
        "organization": f"{{{_tex(citation.site)}}}" if citation.legislation else "",
        "note": _tex(citation.note),
        "url": citation.address,
        "urldate": citation.accessed.isoformat(),
        "langid": "english",
    }
    kept = [Field(name, value) for name, value in fields.items() if value]
    kind = "legislation" if citation.legislation else "online"
    return write_string(Library([Record(kind, citation.id, kept)]))


class _RisWriter(rispy.RisWriter):  # type: ignore[misc] # comes without types
    """A file of one reference needs no number over it."""

    def set_header(self, count: int) -> str:
        del count
        return ""


def ris(citation: Citation) -> str:
    """A RIS record of type STAT or ELEC."""
    date = _date(citation)
    fields = {
        "type_of_reference": "STAT" if citation.legislation else "ELEC",
        "id": citation.id,
        "authors": list(_authors(citation)),
        "title": citation.title,
        "original_publication": citation.title_zh,
        "number": citation.number,
        "year": f"{date.year:04}" if date else None,
        "date": _ris_date(date) if date else None,
        "publisher": citation.site,
        "notes": [citation.note] if citation.note else None,
        "language": "en",
        "urls": [citation.address],
        "access_date": _ris_date(_partial(citation.accessed)),
    }
    kept = {name: value for name, value in fields.items() if value}
    return str(rispy.dumps([kept], implementation=_RisWriter))


def csl(citation: Citation) -> str:
    """CSL-JSON, as of the citation style language 1.0.2: a list of one item."""
    date = _date(citation)
    fields: dict[str, Any] = {
        "id": citation.id,
        "type": "legislation" if citation.legislation else "webpage",
        "author": [{"literal": name} for name in _authors(citation)],
        "title": citation.title,
        "original-title": citation.title_zh,
        "number": citation.number,
        "container-title": citation.site,
        "issued": _csl_date(date) if date else None,
        "status": citation.status,
        "note": citation.note,
        "URL": citation.address,
        "accessed": _csl_date(_partial(citation.accessed)),
        "language": "en",
    }
    if citation.date and not citation.legislation:
        fields["event-date"] = _csl_date(citation.date)
    kept = {name: value for name, value in fields.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Citation], str]] = {"BibTeX": bibtex, "RIS": ris, "CSL-JSON": csl}


def citation_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> content: each format of each entry and instrument."""
    citations = Citations(standing, site, StatusWords(standing))
    collection = standing.collection
    documents: tuple[Entry | Instrument, ...] = (
        *collection.entries,
        *collection.instruments.values(),
    )
    for document in documents:
        citation = citations.of(document)
        folder = citation.address.removeprefix(site.url)
        for name, file in citation.files.items():
            yield f"{folder}{file}", FORMATS[name](citation).encode()


def _authors(citation: Citation) -> tuple[str, ...]:
    """Who made it: of legislation its issuers, of a page of the site the site."""
    return citation.issuers if citation.legislation else (citation.site,)


def _date(citation: Citation) -> PartialDate | None:
    """The day of the thing cited: of legislation its own, of a page of the site its last change."""
    if citation.legislation:
        return citation.date
    return _partial(citation.changed) if citation.changed else None


def _partial(day: datetime.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _tex(text: str) -> str:
    return str(_ENCODER.unicode_to_latex(text))


def _ris_date(date: PartialDate) -> str:
    """`2022/04/29/`; what is not known stays empty between the slashes."""
    parts = [f"{date.year:04}", *(f"{part:02}" if part else "" for part in (date.month, date.day))]
    return "/".join(parts) + "/"


def _csl_date(date: PartialDate) -> dict[str, list[list[int]]]:
    return {"date-parts": [[part for part in (date.year, date.month, date.day) if part]]}
