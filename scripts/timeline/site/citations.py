"""How a page, and the act that it reports, are cited: the memo line, BibTeX, RIS and CSL-JSON."""

import base64
import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry as Record
from bibtexparser.model import Field

from timeline.analysis.history import HistoryAsOf
from timeline.analysis.news import last_changed
from timeline.analysis.snapshot import Snapshot
from timeline.config import Site
from timeline.content.text import CHARACTER
from timeline.schema.dates import PartialDate, long_day, long_days
from timeline.schema.entry import Entry
from timeline.schema.terms import Instrument
from timeline.schema.vocabulary import DRAFT_STAGES, SourceKind
from timeline.site.render import StatusWords
from timeline.urls import entry_url, term_url

MAX_STATUSES = 3  # of the instruments that an entry concerns


class WorkType(NamedTuple):
    """What is cited, in the terms of the formats."""

    bibtex: str
    ris: str
    csl: str


PAGE = WorkType("online", "ELEC", "webpage")
INSTRUMENT = WorkType("legislation", "STAT", "legislation")
DECISION = WorkType("misc", "GEN", "document")  # what is no instrument: a penalty, a statement


@dataclass(frozen=True)
class Citation:
    """What the memo line and the formats are made of.

    A page of the site has the site as its author and the date of its last change, so that of what
    it reports stands in the title, which every style prints; an act has the bodies that issued it,
    the date on which they did, and where there is one the address of the official text. `accessed`
    is the date of the build: a static page knows no other, and a script replaces it by the
    reader's.
    """

    id: str
    address: str
    site: str
    type: WorkType
    authors: tuple[str, ...]
    title: str
    title_zh: str | None
    number: str | None
    event: str  # of its date: published, issued, last changed
    date: PartialDate | None
    effective: tuple[datetime.date, ...]
    status: str
    accessed: datetime.date

    @property
    def is_act(self) -> bool:
        """Whether an act is cited, not a page of the site."""
        return self.type is not PAGE

    @property
    def language(self) -> str:
        """The language of its title."""
        return "zh" if CHARACTER.search(self.title) else "en"

    @property
    def note(self) -> str:
        """What the formats have no field for."""
        said = []
        if self.effective:
            said.append(f"Effective {long_days(self.effective)}")
        if self.status:
            said.append(f"Status as of {long_day(self.accessed)}: {self.status}")
        return "".join(f"{part}. " for part in said).strip()


class Citations:
    """Makes the citations of a snapshot."""

    def __init__(self, snapshot: Snapshot, site: Site, words: StatusWords) -> None:
        self._snapshot = snapshot
        self._site = site
        self._words = words

    def of(self, document: Entry | Instrument) -> tuple[Citation, ...]:
        """The citation of the page of an entry or an instrument, then of the act, if it is one."""
        if isinstance(document, Entry):
            page = self._page(document, entry_url(document.id), self._entry_status(document))
            act = None if document.withdrawn else self._act_of_entry(document)
            return (page, act) if act else (page,)
        status = self._words.validity(document.id)
        pending = self._words.pending(document.id)
        status += f"; {pending}" if pending else ""
        page = self._page(document, term_url("instruments", document.id), status)
        return (page, self._act(document, status))

    def _page(self, document: Entry | Instrument, url: str, status: str) -> Citation:
        as_of = self._snapshot.as_of
        entries = self._snapshot.collection.of("instruments").get(document.id, ())
        about = (document,) if isinstance(document, Entry) else entries
        changed = max((last_changed(entry, as_of) for entry in about), default=None)
        return Citation(
            id=document.id,
            address=self._site.absolute(url),
            site=self._site.name,
            type=PAGE,
            authors=(self._site.name,),
            title=_page_title(document),
            title_zh=None,
            number=None,
            event="Last changed",
            date=PartialDate.of(changed) if changed else None,
            effective=(),
            status=status,
            accessed=as_of,
        )

    def _entry_status(self, entry: Entry) -> str:
        if entry.withdrawn:
            return f"entry withdrawn on {long_day(entry.withdrawn.date)}"
        moved = dict.fromkeys(step.id for step in entry.instruments if step.stage)
        return "; ".join(self._words.named(name) for name in list(moved)[:MAX_STATUSES])

    def _act_of_entry(self, entry: Entry) -> Citation | None:
        """What an entry reports, unless it has neither an instrument nor an official title."""
        instruments = self._snapshot.collection.instruments
        step = next((step for step in entry.instruments if step.stage), None)
        effects = {effect.date for step in entry.instruments for effect in step.effective}
        chinese = chinese_title(entry, instruments)
        official = next((s for s in entry.sources if s.kind is SourceKind.OFFICIAL and s.url), None)
        found = chinese or official.title if official else None
        title = instruments[step.id].name if step else found
        if title is None:
            return None
        if step and step.stage in DRAFT_STAGES:  # the text adopted later may be another
            title = f"{title} (draft)"
            chinese = chinese if chinese != instruments[step.id].name_zh else None
        return Citation(
            id=f"{entry.id}-act",
            address=(official and official.url) or self._site.absolute(entry_url(entry.id)),
            site=self._site.name,
            type=INSTRUMENT if step else DECISION,
            authors=self._names(entry.regulators),
            title=title,
            title_zh=chinese if step else None,
            number=entry.number,
            event=step.stage.label if step and step.stage else "Published",
            date=entry.date,
            effective=tuple(sorted(effects)),
            status="",
            accessed=self._snapshot.as_of,
        )

    def _act(self, instrument: Instrument, status: str) -> Citation:
        known = HistoryAsOf(self._snapshot.histories[instrument.id], self._snapshot.as_of)
        adopted = known.adoptions[0] if known.adoptions else None
        current = (text for text in instrument.text if text.until is None)
        official = (text.url for text in current if text.kind is SourceKind.OFFICIAL)
        return Citation(
            id=f"{instrument.id}-act",
            address=next(official, self._site.absolute(term_url("instruments", instrument.id))),
            site=self._site.name,
            type=INSTRUMENT,
            authors=self._names(instrument.issuers),
            title=instrument.name,
            title_zh=instrument.name_zh,
            number=instrument.number,
            event=adopted.step.stage.label if adopted and adopted.step.stage else "",
            date=adopted.entry.date if adopted else None,
            effective=known.effects,
            status=status,
            accessed=self._snapshot.as_of,
        )

    def _names(self, bodies: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._snapshot.collection.regulators[body].name for body in bodies)


def _page_title(document: Entry | Instrument) -> str:
    if isinstance(document, Entry):
        return f"{document.title} ({document.date.long})"
    return document.name


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


def bibtex(citation: Citation) -> str:
    """A BibTeX entry, in the types and fields of biblatex (its manual, sections 2.1 and 2.2)."""
    # Inner braces: the names are of bodies, and no style may change the capitals.
    authors = " and ".join(f"{{{_tex(name)}}}" for name in citation.authors)
    fields = {
        "author": authors,
        "title": f"{{{_tex(citation.title)}}}",
        "origtitle": _tex(citation.title_zh or ""),
        "number": _tex(citation.number or ""),
        "date": str(citation.date or ""),
        "organization": "" if citation.is_act else f"{{{_tex(citation.site)}}}",
        "note": _tex(citation.note),
        "url": citation.address,
        "urldate": citation.accessed.isoformat(),
        "langid": "chinese" if citation.language == "zh" else "english",
    }
    kept = [Field(name, f"{{{value}}}") for name, value in fields.items() if value]
    record = Record(citation.type.bibtex, citation.id, kept)
    return write_string(Library([record]), unparse_stack=[])


class _RisWriter(rispy.RisWriter):  # type: ignore[misc] # comes without types
    """A file of one reference needs no number."""

    def set_header(self, count: int) -> str:
        del count
        return ""


_RIS = _RisWriter()


def ris(citation: Citation) -> str:
    """A RIS record of type STAT or ELEC."""
    date = citation.date
    fields = {
        "type_of_reference": citation.type.ris,
        "id": citation.id,
        "authors": [_ris_body(name) for name in citation.authors],
        "title": citation.title,
        "original_publication": citation.title_zh,
        "number": citation.number,
        "year": f"{date.year:04}" if date else None,
        "date": _ris_date(date) if date else None,
        "publisher": None if citation.is_act else citation.site,
        "notes": [citation.note] if citation.note else None,
        "language": citation.language,
        "urls": [citation.address],
        "access_date": _ris_date(PartialDate.of(citation.accessed)),
    }
    kept = {name: value for name, value in fields.items() if value}
    return str(_RIS.formats([kept]))


def csl(citation: Citation) -> str:
    """CSL-JSON, as of the citation style language 1.0.2: a list of one item.

    Its `status` is that of a publication, as "in press", which styles print in place of the year:
    whether a law applies stands in the note, with the day.
    """
    date = citation.date
    fields: dict[str, Any] = {
        "id": citation.id,
        "type": citation.type.csl,
        "author": [{"literal": name} for name in citation.authors],
        "title": citation.title,
        "original-title": citation.title_zh,
        "number": citation.number,
        "container-title": None if citation.is_act else citation.site,
        "publisher": None if citation.is_act else citation.site,
        "issued": _csl_date(date) if date else None,
        "note": citation.note,
        "URL": citation.address,
        "accessed": _csl_date(PartialDate.of(citation.accessed)),
        "language": citation.language,
    }
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
