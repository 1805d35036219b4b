"""Citations of pages and of the acts that they report: text, BibTeX, RIS and CSL-JSON."""

import base64
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry as Record
from bibtexparser.model import Field
from pydantic_core import to_json

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

MAX_STATUSES = 3  # of an entry's instruments


class WorkType(NamedTuple):
    """The type of a cited work in each format."""

    bibtex: str
    ris: str
    csl: str


PAGE = WorkType("online", "ELEC", "webpage")
INSTRUMENT = WorkType("legislation", "STAT", "legislation")
DECISION = WorkType("misc", "GEN", "document")  # an act other than an instrument, such as a penalty


@dataclass(frozen=True)
class Citation:
    """The data of a citation in any format.

    A page is cited with the site as its author and the date of its last change; the date of the
    development that it reports is part of the title, which every style prints. An act is cited with
    the bodies that issued it, the date of issue and, if there is one, the address of the official
    text. `accessed` is the date of the build, since a static page knows no other; a script replaces
    it with the reader's date.
    """

    id: str
    address: str
    site: str
    type: WorkType
    authors: tuple[str, ...]
    title: str
    title_zh: str | None
    number: str | None
    event: str  # what happened on `date`: published, issued, last changed
    date: PartialDate | None
    effective: tuple[datetime.date, ...]
    status: str
    accessed: datetime.date

    @property
    def is_act(self) -> bool:
        """Whether the citation is of an act rather than a page of the site."""
        return self.type is not PAGE

    @property
    def language(self) -> str:
        """The language of the title."""
        return "zh" if CHARACTER.search(self.title) else "en"

    @property
    def files(self) -> "Iterator[CitationFile]":
        """The citation as files, one for each format."""
        for one in FORMATS:
            address = _data_url(one.type, one.write(self))
            yield CitationFile(one.name, f"{self.id}.{one.extension}", address)

    @property
    def note(self) -> str:
        """Effective dates and status, for which the formats have no field."""
        parts = []
        if self.effective:
            parts.append(f"Effective {long_days(self.effective)}.")
        if self.status:
            parts.append(f"Status as of {long_day(self.accessed)}: {self.status}.")
        return " ".join(parts)


class Citations:
    """The citations of the pages and acts of a snapshot."""

    def __init__(self, snapshot: Snapshot, site: Site, words: StatusWords) -> None:
        self._snapshot = snapshot
        self._site = site
        self._words = words

    def of(self, document: Entry | Instrument) -> tuple[Citation, ...]:
        """Return the citation of an entry's or instrument's page, then that of the act, if any."""
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
        if isinstance(document, Entry):
            entries = (document,)
        changed = max((last_changed(entry, as_of) for entry in entries), default=None)
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
        concerned = dict.fromkeys(step.id for step in entry.instruments if step.stage)
        return "; ".join(self._words.named(name) for name in list(concerned)[:MAX_STATUSES])

    def _act_of_entry(self, entry: Entry) -> Citation | None:
        """Return the citation of the act that an entry reports.

        None if the entry has neither an instrument that reaches a stage nor an official title.
        """
        instruments = self._snapshot.collection.instruments
        step = next((step for step in entry.instruments if step.stage), None)
        effects = {effect.date for step in entry.instruments for effect in step.effective}
        chinese = chinese_title(entry, instruments)
        official = next((s for s in entry.sources if s.kind is SourceKind.OFFICIAL and s.url), None)
        official_title = chinese or official.title if official else None
        title = instruments[step.id].name if step else official_title
        if title is None:
            return None
        if step and step.stage in DRAFT_STAGES:  # the text adopted later may differ
            title = f"{title} (draft)"
            chinese = chinese if chinese != instruments[step.id].name_zh else None
        return Citation(
            id=f"{entry.id}-act",
            address=(official and official.url) or self._site.absolute(entry_url(entry.id)),
            site=self._site.name,
            type=INSTRUMENT if step else DECISION,
            authors=self._body_names(entry.regulators),
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
            authors=self._body_names(instrument.issuers),
            title=instrument.name,
            title_zh=instrument.name_zh,
            number=instrument.number,
            event=adopted.step.stage.label if adopted and adopted.step.stage else "",
            date=adopted.entry.date if adopted else None,
            effective=known.effects,
            status=status,
            accessed=self._snapshot.as_of,
        )

    def _body_names(self, bodies: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._snapshot.collection.regulators[body].name for body in bodies)


def _page_title(document: Entry | Instrument) -> str:
    if isinstance(document, Entry):
        return f"{document.title} ({document.date.long})"
    return document.name


def chinese_title(entry: Entry, instruments: dict[str, Instrument]) -> str | None:
    """Return the Chinese title of the act that an entry reports.

    The title of the official source comes first, then that of the first instrument with a stage.
    """
    for source in entry.sources:
        if source.kind is SourceKind.OFFICIAL and source.title and source.lang.startswith("zh"):
            return source.title
    titles = (instruments[step.id].name_zh for step in entry.instruments if step.stage)
    return next(titles, None)


# The characters with a meaning in TeX; all others stay as UTF-8. Braces become commands, since
# BibTeX counts a bare brace, even after a backslash, when it looks for the end of a field.
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
    """Write a BibTeX entry with the types and fields of biblatex (manual, sections 2.1 and 2.2)."""
    # Inner braces mark names as those of organisations and protect capitals from styles.
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
    filled = [Field(name, f"{{{value}}}") for name, value in fields.items() if value]
    record = Record(citation.type.bibtex, citation.id, filled)
    return write_string(Library([record]), unparse_stack=[])


class _RisWriter(rispy.RisWriter):  # type: ignore[misc] # the package has no types
    """A writer that does not number references, since each file has only one."""

    def set_header(self, count: int) -> str:
        del count
        return ""


_RIS = _RisWriter()


def ris(citation: Citation) -> str:
    """Write a RIS record."""
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
    return str(_RIS.formats([{name: value for name, value in fields.items() if value}]))


def csl(citation: Citation) -> str:
    """Write CSL-JSON (Citation Style Language 1.0.2): a list of one item.

    The status of an instrument is part of the note, with its date. CSL's own `status` is that of a
    publication, such as "in press", which styles print in place of the year.
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
    item = {name: value for name, value in fields.items() if value}
    return to_json([item]).decode() + "\n"


class Format(NamedTuple):
    """A citation format, with its file extension and its registered or customary media type."""

    name: str
    extension: str
    type: str
    write: Callable[[Citation], str]


FORMATS = (
    Format("BibTeX", "bib", "application/x-bibtex", bibtex),
    Format("RIS", "ris", "application/x-research-info-systems", ris),
    Format("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", csl),
)


class CitationFile(NamedTuple):
    """A citation file that a page contains as a `data:` link (RFC 2397).

    Separate files, three for each page, would take as long to write as all the pages together.
    """

    format: str
    name: str
    address: str


def _data_url(media_type: str, text: str) -> str:
    return f"data:{media_type};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def _tex(text: str) -> str:
    return text.translate(_SPECIALS)


def _ris_body(name: str) -> str:
    """Return the name of a body as a RIS author: a surname alone, which ends with the only comma.

    Without the comma, reference managers take the last word of the name for a person's surname.
    """
    return name.replace(",", "") + ","


def _ris_date(date: PartialDate) -> str:
    """Return a date as `2022/04/29/`; an unknown month or day leaves its place empty."""
    parts = [f"{date.year:04}", *(f"{part:02}" if part else "" for part in (date.month, date.day))]
    return "/".join(parts) + "/"


def _csl_date(date: PartialDate) -> dict[str, list[list[int]]]:
    return {"date-parts": [[part for part in (date.year, date.month, date.day) if part]]}
