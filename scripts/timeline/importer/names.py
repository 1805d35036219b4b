"""Find the names of bodies and instruments in a newsletter, with or without a vocabulary page.

A newsletter defines short forms in brackets. Those of bodies hold throughout the newsletter. Those
of instruments only hold within an item, so they are not recorded.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from timeline.content.dates import MONTH
from timeline.content.text import CHARACTER
from timeline.importer.vocabulary import Span, Vocabulary, alternatives, longest, pattern, stems
from timeline.schema.vocabulary import Level

ACTION, _NOT_ACTING = map(pattern, ("action", "not_acting"))
MAX_WORDS = 14  # of a described instrument; more would be a sentence
CONTEXT = 300  # characters examined before a name
_ORDINAL = re.compile(r"\b\d+th (?=National|Municipal|Provincial|People)")
_WORD = rf"(?!(?:{alternatives('headline_verb')})\b)(?:[A-Z0-9][\w’'&/+.-]*[\w’'+]|[A-Z0-9&])"
_SMALL = "of|on|for|the|and|in|to|by|with|from|under|at|a|an|as|or|its|regarding|concerning"
_RUN = re.compile(
    rf"{_WORD}(?:(?:\s+|\s*[–—:-]\s*)(?:[“\"]?{_WORD}[”\"]?|(?:{_SMALL})(?=\s)|\([A-Z]\w{{1,6}}\)|"
    r"\(\d{4}[^()]{0,10}\)))*"
)
_NOUN = alternatives("kind")
_OF = r"\s+(?:on|of|for|to|regarding|concerning)\b"
_KIND = re.compile(rf"\b(?:{_NOUN})(?=$|{_OF}|\s*[\d(–—:“\"-])")
_NOT_BODY = re.compile(rf"{_KIND.pattern}|^\w+ing the ")  # `Strengthening the Administration of …`
_JOINED = re.compile(rf"\s+and the\s+(?=(?:\w+\s+){{0,2}}(?:{_NOUN}){_OF})")
_CHINESE = re.compile(r"\s*[(（]?\s*《(?P<title>(?:[^《》]|《[^《》]*》){2,120})》\s*[)）]?")
_CAMPAIGN = re.compile(
    r"(?:(?P<kind>action|campaign|drive)(?:, |,? (?:called|named|dubbed|entitled) (?:the )?))?"
    r"[“\"](?P<name>[^”\"]{3,90})[”\"](?(kind)| (?:special )?(?:action|campaign|drive)\b)"
)
_DESCRIBED = re.compile(
    rf"\b(?P<name>(?:(?!(?:{alternatives('leading')}|\w+ed|\w+ish) )[a-z’'-]+ ){{0,3}}?"
    rf"(?:{alternatives('described')}) (?:on|for|of|regarding|against|relating to|to) "
    rf"(?!(?:be|the public|\d+|{MONTH})\b)[^,.;:()“|]{{3,150}}?)"
    rf"(?=\s*[,.;:()|]|\s+(?:which|that|were|was|is|are|has|have|will|on \d|from {MONTH}|"
    r"for (?:public|comment|consult))|$)"
)
_DRAFT = re.compile(
    r"\s*[(（][^()（）]*(?:draft|comment|consultation|征求意见|草案|送审|审议)[^()（）]*[)）]",
    re.IGNORECASE,
)
_DRAFT_OF = re.compile(r"[Dd]raft(?: of(?: the)?)?\s*$")
_EDITION_BEFORE = re.compile(
    r"\b(20\d\d(?=\s$)|\w+ (?:edition|version)(?= (?:of )?(?:the )?$))", re.IGNORECASE
)
_EDITION_AFTER = re.compile(
    r"\s*[(（]((?:\d{4}|\w+)[ -](?:edition|version)|20\d\d(?:年?版)?)[)）]", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"\s*[(（][A-Za-z0-9]{2,12}[)）]$")
_ASIDE = re.compile(r"\s*[(（](?!\d{4}|Trial|Interim|试行|暂行)[^()（）]*[)）]$")
_DEFINITION = re.compile(
    r"\s*[(（]\s*(?:(?:the|hereinafter|collectively|together|referred to as|以下简称|下称|简称)"
    r"[\s,:：]*)*[“\"'‘「]?(?P<term>[^()（）“”\"‘’「」,]{2,60}?)[”\"'’」]?"
    r"(?:(?:,|;| or)\s[^()（）]{0,60})?\s*[)）]"
)
_SHORT_FORM = re.compile(r"(?<=[(（])(?:the |以下简称)?[“\"《][^()（）]{2,60}(?=[)）])")
_HEAD_ZH = alternatives("body_head_zh")
_BODY = re.compile(
    rf"(?<!on the )(?<!for the ){_WORD}(?:\s+(?:(?:and|of|for|the|&)\s+)*(?:{_WORD}|No\.))*"
    r"(?:\s+(?:government|police|court)\b)?|"
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[日由经和及与对据]))[\u4e00-\u9fff]{{2,16}}?(?:{_HEAD_ZH})"
)
_BODY_HEAD = re.compile(
    rf"\b(?:{alternatives('body_head')}|government|police|court)(?!\w)|(?:{_HEAD_ZH})$"
)
_PLACE = re.compile(
    rf"\b(?P<place>{alternatives('place')})"
    rf"(?:(?:[’']s)? (?:(?:{alternatives('of_place')}) )?|, the (?:provincial|municipal) )$|"
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[日由经和及与、]))(?P<zh>(?:{alternatives('place_zh')})[省市]?)$"
)
_OFFICES = re.compile(r"\b(General Office)s of (?:the )?(?:[^.,;]{3,60} and (?:of )?(?:the )?)?$")
_OF_PLACE = re.compile(
    rf" of (?:the )?(?:{alternatives('place')})(?: (?:Municipality|Province|City))?(?!\w)"
)
_OWNER = re.compile(r"((?:[A-Z]\w+ ?){1,4})[’']s $")
_LEADING = re.compile(
    rf"(?:[’']s)?\s*(?:(?:\([A-Z]\w*\)|{MONTH}(?: \d{{1,2}},?)?(?: \d{{4}},?)?|"
    rf".{{0,80}}{MONTH} \d{{4}}:|{alternatives('leading')})\s+)*",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf"(?:\s+(?:on|of|dated)\s+(?:\d{{1,2}}\s+)?{MONTH}.*|\s+as (?:its )?(?:Order|Decree)\b.*|"
    rf"\s+(?:{_SMALL})|\s*\([A-Z]\w*[A-Z]\w*\)|[\s–—:,-])+$"
)


def before(text: str, position: int) -> str:
    """Return the text immediately before a position."""
    return text[max(0, position - CONTEXT) : position]


class Names:
    """The names in a newsletter. Its short forms are added to the `vocabulary`."""

    def __init__(self, vocabulary: Vocabulary, paragraphs: Iterable[str]) -> None:
        self.vocabulary = vocabulary
        for bracket in (x for text in paragraphs for x in _DEFINITION.finditer(text)):
            term, context = bracket["term"].strip(), before(bracket.string, bracket.start())
            for body in self.bodies(context)[-1:] if not term[0].islower() else ():
                if body.end == len(context):
                    vocabulary.bodies.add(term, body.name, body.id)

    def bodies(self, text: str) -> list[Span]:
        """Return the bodies that a text names, except those that are only acted upon."""
        plain = _ORDINAL.sub(lambda match: " " * len(match[0]), text)
        found = [self._local(text, span) for span in self.vocabulary.bodies.find(plain)]
        for span in found:
            plain = plain[: span.start] + "," * (span.end - span.start) + plain[span.end :]
        for match in _BODY.finditer(plain):
            start, end = _trimmed(text, *match.span())
            span = Span(start, end, text[start:end])
            is_body = _BODY_HEAD.search(span.name) and not _NOT_BODY.search(span.name)
            if is_body and len(stems(span.name)) > 1:
                found.append(replace(span, id=self.vocabulary.find_body(span.name)))
        acting = (body for body in found if not _NOT_ACTING.search(before(text, body.start)))
        return sorted(acting, key=lambda body: body.start)

    def owners(self, section: str) -> list[Span]:
        """Return the body, if any, whose name is the whole heading of a section."""
        name = _ABBREVIATED.sub("", section)
        return [body for body in self.bodies(name) if body.end - body.start == len(name)]

    def _local(self, text: str, span: Span) -> Span:
        """Return the local body or office that the words around a body's name specify.

        Without such words, the span is returned unchanged.
        """
        if offices := _OFFICES.search(before(text, span.start)):
            name = f"{offices[1]} of the {text[span.start : span.end]}"
            office = next(self.vocabulary.bodies.find(name), span)
            return replace(span, name=office.name, id=office.id)
        page = self.vocabulary.collection.regulators.get(span.id or "")
        if page is None or page.level is not Level.CENTRAL:
            return span
        context = before(text, span.start)
        owner, place = _OWNER.search(context), _PLACE.search(context)
        if owner and self._is_abroad(owner[1]):
            return replace(span, id=None)
        if after := _OF_PLACE.match(text, span.end):
            name = text[span.start : after.end()]
            return Span(span.start, after.end(), name, self.vocabulary.find_body(name))
        if place is None:
            return span
        start, name = span.start - len(place[0]), text[span.start : span.end]
        place_name = place["place"] or place["zh"]
        local_name = name.rpartition(" of ")[0] or name  # without the country
        usual = f"{place_name} {local_name}", f"{place_name} Branch of the {page.name}"
        known = ((x, s) for x in usual for s in self.vocabulary.bodies.find(x))
        local = (span.id for x, span in known if span.end - span.start == len(x))
        return Span(start, span.end, text[start : span.end], next(local, None))

    def _is_abroad(self, owner: str) -> bool:
        """Return whether a phrase ends with the name of a foreign country."""
        words = owner.lower().split()
        names = (" ".join(words[first:]) for first in range(len(words)))
        codes = (self.vocabulary.territories.get(name, "") for name in names)
        return not all(map(self.vocabulary.home.startswith, codes))

    def titles(self, text: str) -> list[Span]:
        """Return the instruments that a text names, in order."""
        written = longest(_written_titles(text, self.bodies(text)))
        defined = [Span(*match.span(), "") for match in _SHORT_FORM.finditer(text)]
        titles = (x for x in written if not replace(x, end=x.start + 1).overlaps(defined))
        found = [replace(title, name=title.name + _edition(text, title)) for title in titles]
        for span in self.vocabulary.instruments.find(text):
            title = next((title for title in found if span.overlaps([title])), None)
            name = text[span.start : span.end]
            known = replace(span, name=name + _edition(text, span))
            if span.id and self.vocabulary.is_other_edition(span.id, known.name):
                known = replace(known, id=None, other_edition=span.id)
            if title is None:
                found.append(known)
                continue
            share = 1 if CHARACTER.match(title.name) else 0.7  # one word tells Chinese names apart
            if title.id is None and len(stems(known.name)) >= share * len(stems(title.name)):
                found[found.index(title)] = replace(
                    title, id=known.id, other_edition=known.other_edition
                )
        return sorted(found, key=lambda title: title.start)


def described(text: str) -> list[Span]:
    """Return the first instrument that a text describes by subject: `a circular on tide tables`."""
    match = _DESCRIBED.search(text)
    if match is None:
        return []
    name, long = match["name"], len(match["name"].split()) > MAX_WORDS
    return [Span(*match.span("name"), name.rpartition(" for ")[0] or name if long else name)]


def _written_titles(text: str, bodies: list[Span]) -> Iterator[Span]:
    """Yield capitalised titles of instruments, quoted names of campaigns and Chinese titles."""
    for run in _RUN.finditer(text):
        start = max((b.end for b in bodies if b.start == run.start()), default=run.start())
        ends = [*(m.start() for m in _JOINED.finditer(text, start, run.end())), run.end()]
        for first, last in zip([start, *ends], ends, strict=False):
            left, right = _trimmed(text, first, last)
            is_body = any(b.start <= left and right <= b.end for b in bodies)
            if not is_body and _KIND.search(name := text[left:right]) and " " in name:
                yield _title(text, left, right)
    for match in _CAMPAIGN.finditer(text):
        yield Span(*match.span("name"), match["name"])
    for match in _CHINESE.finditer(text):
        name = _DRAFT.sub("", match["title"])
        yield Span(*match.span(), name, None, name, name != match["title"])


def _edition(text: str, span: Span) -> str:
    """Return the edition given before or after a name, in brackets: ` (second edition)`."""
    preceding = _EDITION_BEFORE.search(text, max(0, span.start - 40), span.start)
    found = preceding or _EDITION_AFTER.match(text, span.end)
    return f" ({found[1]})" if found else ""


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the start and end of a name without words that do not belong to it."""
    lead = _LEADING.match(text, start, end)
    tail = _TRAILING.search(text[start:end])
    return (lead.end() if lead else start), (start + tail.start() if tail else end)


def _title(text: str, start: int, end: int) -> Span:
    """Return the title between two positions, with the Chinese title and draft note after it."""
    after = _DRAFT.match(text, end)
    chinese = _CHINESE.match(text, after.end() if after else end)
    whole = text[start : after.end() if after else end]
    is_draft = bool(_DRAFT.search(whole) or _DRAFT_OF.search(text[:start]))
    name = _ASIDE.sub("", _DRAFT.sub("", whole)).strip(" ,“”\"'")
    name_zh = _DRAFT.sub("", chinese["title"]) if chinese else None
    end = chinese.end() if chinese else start + len(whole)
    return Span(start, end, name, None, name_zh, is_draft)
