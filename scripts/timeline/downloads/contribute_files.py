"""What the form in the browser knows: names, rules and words of the check, and the entries by year.

The schema beside it (`front_matter_schema`) says what one value may be; this says the rest, so that
the form restates no rule. An entry stands here without its text, and only in the file of its year:
nobody downloads the whole collection to add one entry.
"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticKnownError

from timeline.contributing import drafting
from timeline.contributing.form import Form
from timeline.contributing.form_fields import URL
from timeline.contributing.forms import FORMS
from timeline.contributing.outline import plain_address
from timeline.model import addresses, body, dates, document
from timeline.model.entry import Entry
from timeline.model.fields import ENTRY_ID, TERM_ID
from timeline.model.outputs import schema_path
from timeline.model.site import Site
from timeline.model.terms import TERMS, Instrument, Newsletter, Term
from timeline.model.vocabulary import EFFECT_STAGES, Rank, Stage, stages_of
from timeline.model.wording import Wording
from timeline.source import rules
from timeline.source.reading import EXPECTED, FOUND
from timeline.source.reading import FORMS as FORMS_OF_CODES
from timeline.source.spellings import spellings
from timeline.standing.standing import Standing

Data = dict[str, Any]
# Type in JSON Schema -> pydantic's name of the error where something else stands there.
_TYPES = {
    "string": "string_type",
    "boolean": "bool_type",
    "integer": "int_type",
    "array": "list_type",
}
_NUMBERS: dict[str, dict[str, Any]] = {
    "greater_than_equal": {"ge": 0},
    "less_than_equal": {"le": 0},
    "decimal_max_places": {"decimal_places": 2},
    "decimal_max_digits": {"max_digits": 2},
}


def contribute_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> JSON."""
    years = _years(standing)
    known = {**_rules(), **_names(standing), **_ways(site), "years": sorted(years)}
    known["schemas"] = {kind: schema_path(model.__name__.lower()) for kind, model in TERMS.items()}
    yield f"{URL}known.json", _json(known)
    for year, found in years.items():
        yield f"{URL}years/{year}.json", _json(found)


def _rules() -> Data:
    """What the check holds against a file, beside the schema."""
    return {
        "wording": {said.name.lower(): said.value for said in Wording} | _numbers(),
        "patterns": {
            "unseen": document.UNSEEN.pattern,
            "html": body.HTML.pattern,
            "nested": body.NESTED.pattern,
            "picture": body.IMAGE.pattern,
            "link": body.LINK.pattern,
            "entry": body.ENTRY.pattern,
            "address": addresses.FORM,
            "host": addresses.HOST.pattern,
            "entry_id": ENTRY_ID,
            "term_id": TERM_ID,
        },
        "most": {
            "text": body.MOST_TEXT,
            "brackets": body.MOST_BRACKETS,
            "front": document.MOST_FRONT,
            "id": rules.LONGEST_ID,
            "slug": drafting.LONGEST_SLUG,
        },
        "small": drafting.SMALL,
        "range": [dates.YEARS[0], dates.YEARS[-1]],
        "forms": FORMS_OF_CODES,
        "expected": {kind: EXPECTED[name] for kind, name in _TYPES.items()},
        "found": {"string": FOUND[str], "boolean": FOUND[bool], "array": FOUND[list]},
        "unseen": _unseen_names(),
        "effect": [stage for stage in Stage if stage in EFFECT_STAGES],
        "comments": Stage.CONSULTATION,
        "campaign": Rank.CAMPAIGN,
        "ranks": {rank: {"label": rank.label, "stages": stages_of(rank)} for rank in Rank},
    }


def _numbers() -> dict[str, str]:
    """Pydantic's own words on numbers, which the check passes on in lower case."""
    told = {
        name: PydanticKnownError(name, context).message_template  # type: ignore[arg-type]
        for name, context in _NUMBERS.items()
    }
    return {name: f"{said[:1].lower()}{said[1:]}" for name, said in told.items()}


def _unseen_names() -> dict[str, str]:
    """Code point -> name of the characters that show nothing, where they have one."""
    found = (chr(code) for code in range(0x10000) if document.UNSEEN.fullmatch(chr(code)))
    named = {f"{ord(character):04X}": unicodedata.name(character, "") for character in found}
    return {code: name for code, name in named.items() if name}


def _names(standing: Standing) -> Data:
    """Kind -> id -> the names by which a page is found, the shown ones first."""
    collection = standing.collection
    ends = {
        step.id: [str(entry.date), entry.id]
        for entry in collection.listed
        for step in entry.instruments
        if step.stage is Stage.REPEALED
    }
    names = {
        kind: {term.id: _named(term) for term in getattr(collection, kind).values()}
        for kind in TERMS
    }
    ranks = {instrument.id: instrument.rank for instrument in collection.instruments.values()}
    return {"names": names, "rank": ranks, "ends": ends}


def _named(term: Term) -> list[str]:
    """The name, the Chinese one or nothing, and every other spelling."""
    chinese = "" if isinstance(term, Newsletter) else term.name_zh or ""
    more = [term.title] if isinstance(term, Newsletter) else []
    if isinstance(term, Instrument):
        more += [*term.former_titles, *([term.number] if term.number else [])]
    known = [term.name, chinese]
    others = (name for name in (*spellings(term), *more) if name not in {*known, term.id})
    return [*known, *dict.fromkeys(others)]


def _ways(site: Site) -> Data:
    """Where what was made goes, and what the issue form takes that takes everything."""
    github = site.github
    where = {"new_file": github.new_file, "new_issue": github.new_issue} if github else None
    form = FORMS[0]
    return {"github": where, "issue": {"template": form.file, "fields": _questions(form)}}


def _questions(form: Form) -> list[Data]:
    """The fields that an address fills in, `front` telling that the key is one of an entry.

    No list is among them, and nothing of a first row: rows go whole with all else that there is.
    """
    return [
        {"id": question.id, "label": f"“{question.label}”", "key": question.key,
         "front": question.model is Entry}
        for question in form.questions
        if question.model in {None, Entry} and not question.words
    ]  # fmt: skip


def _years(standing: Standing) -> dict[str, Data]:
    """Year -> the entries, and every id that is taken, in it."""
    years: dict[str, Data] = defaultdict(lambda: {"entries": [], "taken": []})
    for entry in standing.collection.entries:
        for name in (entry.id, *entry.aliases):
            years[name[:4]]["taken"].append(name)
        if not entry.withdrawn:
            years[f"{entry.date.year:04}"]["entries"].append(_outline(entry))
    return dict(years)


def _outline(entry: Entry) -> Data:
    """What a development is recognised by."""
    return {
        "id": entry.id,
        "title": entry.title,
        "date": str(entry.date),
        "regulators": entry.regulators,
        "topics": entry.topics,
        "instruments": {step.id: step.stage for step in entry.instruments},
        "addresses": [plain_address(s.url) for s in entry.sources if s.url],
    }


def _json(value: Data) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
