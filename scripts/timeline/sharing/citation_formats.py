"""Citation -> BibTeX, RIS and CSL-JSON."""

import base64
import datetime
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.middlewares import AddEnclosingMiddleware
from bibtexparser.model import Entry as Record
from bibtexparser.model import Field

from timeline.model.dates import PartialDate
from timeline.sharing.citation import Citation

# What TeX takes for a command; all else stays UTF-8. A bare brace, even behind a backslash, counts
# when BibTeX looks for the end of a field.
_SPECIALS = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{character: f"\\{character}" for character in "&%$#_"},
    }
)
# As by default, but without a copy of the library, which takes longer than all else.
_BRACES = AddEnclosingMiddleware(
    reuse_previous_enclosing=False,
    enclose_integers=True,
    default_enclosing="{",
    allow_inplace_modification=True,
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
        "organization": f"{{{_tex(citation.site)}}}" if citation.issuers else "",
        "note": _tex(citation.note),
        "url": citation.address,
        "urldate": citation.accessed.isoformat(),
        "langid": "english",
    }
    kept = [Field(name, value) for name, value in fields.items() if value]
    kind = "legislation" if citation.legislation else "online"
    return write_string(Library([Record(kind, citation.id, kept)]), unparse_stack=[_BRACES])


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
        "authors": [_ris_body(name) for name in _authors(citation)],
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
    """CSL-JSON, as of the citation style language 1.0.2: a list of one item.

    Its `status` is that of a publication, as "in press", which styles print in place of the year:
    whether a law applies stands in the note, with the day.
    """
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
        "note": citation.note,
        "URL": citation.address,
        "accessed": _csl_date(_partial(citation.accessed)),
        "language": "en",
    }
    if citation.date and not citation.legislation:
        fields["event-date"] = _csl_date(citation.date)
    kept = {name: value for name, value in fields.items() if value}
    return json.dumps([kept], ensure_ascii=False) + "\n"


class Format(NamedTuple):
    """A format of citations: its file's ending and type (as registered, or as is usual)."""

    name: str
    ending: str
    type: str
    write: Callable[[Citation], str]


FORMATS = (
    Format("BibTeX", "bib", "application/x-bibtex", bibtex),
    Format("RIS", "ris", "application/x-research-info-systems", ris),
    Format("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", csl),
)


class CitationFile(NamedTuple):
    """A file that stands in the page itself, as the `data:` address of a link (RFC 2397).

    Three files more beside each page would take as long to write as all pages together.
    """

    format: str
    name: str
    address: str


def citation_files(citation: Citation) -> tuple[CitationFile, ...]:
    """The citation in every format."""
    return tuple(
        CitationFile(
            one.name, f"{citation.id}.{one.ending}", _address(one.type, one.write(citation))
        )
        for one in FORMATS
    )


def _address(kind: str, text: str) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def _authors(citation: Citation) -> tuple[str, ...]:
    """The bodies that issued it or acted; where none is known, of a page of the site the site."""
    return citation.issuers or (() if citation.legislation else (citation.site,))


def _date(citation: Citation) -> PartialDate | None:
    """The day on which its authors acted; where the site is the author, of its last change."""
    if citation.legislation or citation.issuers:
        return citation.date
    return _partial(citation.changed) if citation.changed else None


def _partial(day: datetime.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _tex(text: str) -> str:
    return text.translate(_SPECIALS)


def _ris_body(name: str) -> str:
    """A body as an author: a comma ends the surname, so one stands at the end, and none within.

    Without it, reference managers take the last word of a body for the surname of a person.
    """
    return name.replace(",", "") + ","


def _ris_date(date: PartialDate) -> str:
    """`2022/04/29/`; what is not known stays empty between the slashes."""
    parts = [f"{date.year:04}", *(f"{part:02}" if part else "" for part in (date.month, date.day))]
    return "/".join(parts) + "/"


def _csl_date(date: PartialDate) -> dict[str, list[list[int]]]:
    return {"date-parts": [[part for part in (date.year, date.month, date.day) if part]]}
