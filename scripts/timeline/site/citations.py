"""How an entry or an instrument is cited: the memo line, BibTeX, RIS and CSL-JSON."""

import base64
import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.middlewares import AddEnclosingMiddleware
from bibtexparser.model import Entry as Record
from bibtexparser.model import Field

from timeline.analysis.news import last_changed
from timeline.analysis.snapshot import Snapshot
from timeline.analysis.status import HistoryAsOf
from timeline.config import Site
from timeline.schema.dates import PartialDate, long_day, long_days
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import SourceKind
from timeline.site.render import StatusWords
from timeline.urls import entry_url, term_url

MAX_STATUSES = 3  # of the instruments that an entry concerns


@dataclass(frozen=True)
class Citation:
    """What the memo line and the formats are made of.

    `address` is the permalink. An entry is cited as a page of the site, an instrument as
    legislation. `accessed` is the date of the build: a static page knows no other, and a script
    replaces it by the reader's.
    """

    id: str
    address: str
    site: str
    is_legislation: bool
    title: str
    title_zh: str | None
    issuers: tuple[str, ...]
    number: str | None
    event: str  # of its date: made public, issued, passed
    date: PartialDate | None
    effective: tuple[datetime.date, ...]
    status: str
    changed: datetime.date | None  # the entry's last change; of an instrument, of its entries
    accessed: datetime.date

    @property
    def note(self) -> str:
        """What the formats have no field for."""
        said = []
        if self.date and not self.is_legislation:
            said.append(f"{self.event} {self.date.long}")
        if self.effective:
            said.append(f"Effective {long_days(self.effective)}")
        if self.status:
            said.append(f"Status as of {long_day(self.accessed)}: {self.status}")
        if self.changed:
            said.append(f"Page last changed {long_day(self.changed)}")
        return "".join(f"{part}. " for part in said).strip()


class Citations:
    """Makes the citations of a snapshot."""

    def __init__(self, snapshot: Snapshot, site: Site, words: StatusWords) -> None:
        self._snapshot = snapshot
        self._site = site
        self._words = words

    def of(self, document: Entry | Instrument) -> Citation:
        """The citation of an entry or an instrument."""
        return self._entry(document) if isinstance(document, Entry) else self._instrument(document)

    def _entry(self, entry: Entry) -> Citation:
        moved = list(dict.fromkeys(step.id for step in entry.instruments if step.stage))
        instruments = self._snapshot.collection.instruments
        effects = {effect.date for step in entry.instruments for effect in step.effective}
        return Citation(
            id=entry.id,
            address=self._site.absolute(entry_url(entry.id)),
            site=self._site.name,
            is_legislation=False,
            title=entry.title,
            title_zh=chinese_title(entry, instruments),
            issuers=self._names(entry.regulators),
            number=entry.number,
            event="Made public",
            date=entry.date,
            effective=tuple(sorted(effects)),
            status=self._status(entry, moved[:MAX_STATUSES]),
            changed=last_changed(entry, self._snapshot.as_of),
            accessed=self._snapshot.as_of,
        )

    def _status(self, entry: Entry, moved: list[str]) -> str:
        if entry.withdrawn:
            return f"entry withdrawn on {long_day(entry.withdrawn.date)}"
        return "; ".join(self._words.named(name) for name in moved)

    def _instrument(self, instrument: Instrument) -> Citation:
        as_of = self._snapshot.as_of
        known = HistoryAsOf(self._snapshot.histories[instrument.id], as_of)
        adopted = known.adoptions[0] if known.adoptions else None
        entries = self._snapshot.collection.of("instruments").get(instrument.id, ())
        pending = self._words.pending(instrument.id)
        status = self._words.validity(instrument.id) + (f"; {pending}" if pending else "")
        return Citation(
            id=instrument.id,
            address=self._site.absolute(term_url("instruments", instrument.id)),
            site=self._site.name,
            is_legislation=True,
            title=instrument.name,
            title_zh=instrument.name_zh,
            issuers=self._names(instrument.issuers),
            number=instrument.number,
            event=adopted.step.stage.label if adopted and adopted.step.stage else "",
            date=adopted.entry.date if adopted else None,
            effective=known.effects,
            status=status,
            changed=max((last_changed(e, as_of) for e in entries), default=None),
            accessed=self._snapshot.as_of,
        )

    def _names(self, bodies: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._snapshot.collection.regulators[body].name for body in bodies)


def chinese_title(entry: Entry, instruments: dict[str, Instrument]) -> str | None:
    """The title of its official source, else of the first instrument that reaches a stage."""
    for source in entry.sources:
        if source.kind is SourceKind.OFFICIAL and source.title and source.lang.startswith("zh"):
            return source.title
    moved = (instruments[step.id].name_zh for step in entry.instruments if step.stage)
    return next(moved, None)


# What TeX takes for a command; all else stays UTF-8. A bare brace counts, even after a backslash,
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
        "eventdate": str(citation.date or "") if not citation.is_legislation else "",
        "organization": f"{{{_tex(citation.site)}}}" if citation.issuers else "",
        "note": _tex(citation.note),
        "url": citation.address,
        "urldate": citation.accessed.isoformat(),
        "langid": "english",
    }
    kept = [Field(name, value) for name, value in fields.items() if value]
    kind = "legislation" if citation.is_legislation else "online"
    return write_string(Library([Record(kind, citation.id, kept)]), unparse_stack=[_BRACES])


class _RisWriter(rispy.RisWriter):  # type: ignore[misc] # comes without types
    """A file of one reference needs no number."""

    def set_header(self, count: int) -> str:
        del count
        return ""


def ris(citation: Citation) -> str:
    """A RIS record of type STAT or ELEC."""
    date = _date(citation)
    fields = {
        "type_of_reference": "STAT" if citation.is_legislation else "ELEC",
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
        "access_date": _ris_date(PartialDate.of(citation.accessed)),
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
        "type": "legislation" if citation.is_legislation else "webpage",
        "author": [{"literal": name} for name in _authors(citation)],
        "title": citation.title,
        "original-title": citation.title_zh,
        "number": citation.number,
        "container-title": citation.site,
        "issued": _csl_date(date) if date else None,
        "note": citation.note,
        "URL": citation.address,
        "accessed": _csl_date(PartialDate.of(citation.accessed)),
        "language": "en",
    }
    if citation.date and not citation.is_legislation:
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
    """A file within the page itself, as the `data:` address of a link (RFC 2397).

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
    """The bodies that issued it or acted; where there is none, the site for a page of its own."""
    return citation.issuers or (() if citation.is_legislation else (citation.site,))


def _date(citation: Citation) -> PartialDate | None:
    """The date on which its authors acted; where the site is the author, of its last change."""
    if citation.is_legislation or citation.issuers:
        return citation.date
    return PartialDate.of(citation.changed) if citation.changed else None


def _tex(text: str) -> str:
    return text.translate(_SPECIALS)


def _ris_body(name: str) -> str:
    """A body as an author: a comma ends the surname, so there is one at the end, and none within.

    Without it, reference managers take the last word of a body for the surname of a person.
    """
    return name.replace(",", "") + ","


def _ris_date(date: PartialDate) -> str:
    """`2022/04/29/`; what is not known stays empty between the slashes."""
    parts = [f"{date.year:04}", *(f"{part:02}" if part else "" for part in (date.month, date.day))]
    return "/".join(parts) + "/"


def _csl_date(date: PartialDate) -> dict[str, list[list[int]]]:
    return {"date-parts": [[part for part in (date.year, date.month, date.day) if part]]}
