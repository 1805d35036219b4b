"""The vocabulary pages that an issue describes with the entry that names them first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from timeline.contributing.drafting import Draft, draft_term, page_id, understood
from timeline.contributing.forms import NEW
from timeline.model.fields import Kind, Known
from timeline.model.terms import TERMS

MOST_PAGES = 20
_KEY_VALUE = re.compile(r"(?P<key>[a-z_]+):(?P<value>.*)")
_NAMES = ("name", "name_zh", "abbreviation", "short")


@dataclass(frozen=True)
class Described:
    """What an issue says of a new page."""

    kind: Kind
    said: dict[str, str]  # `text` is the page's text, whatever else the kind calls so

    @property
    def name(self) -> str:
        """What the page is called after."""
        return self.said.get("abbreviation") or self.said.get("short") or self.said.get("name", "")

    def draft(self, known: Known) -> Draft:
        """The page. Raises ValueError where nothing can be made of it."""
        model = TERMS[self.kind]
        unknown = [key for key in self.said if key not in {*model.keys(), "text"}]
        if unknown:
            raise ValueError(f"{unknown[0][:40]!r} is no key")
        front = {key: value for key, value in self.said.items() if key != "text"}
        values = understood(model, front, known)
        return draft_term(self.kind, self.name, values, self.said.get("text", ""))


def new_pages(answers: dict[str, str], known: Known) -> tuple[list[Draft], Known, list[str]]:
    """The pages, what is known together with them, and what is wrong with them.

    `answers`: label of the field -> answer. A page may name another that is as new.
    """
    described = [Described(k, said) for k, label in NEW.items() for said in _blocks(answers, label)]
    problems = [f"more than {MOST_PAGES} new pages"] if len(described) > MOST_PAGES else []
    described = described[:MOST_PAGES]
    known = _with(described, known)
    drafts = []
    for page in described:
        try:
            drafts.append(page.draft(known))
        except ValueError as error:
            problems.append(f"'{NEW[page.kind]}': {error}")
    return drafts, known, problems


def _blocks(answers: dict[str, str], label: str) -> Iterator[dict[str, str]]:
    """Each run of `key: value` lines; a line without a key goes on with the value before it."""
    for block in re.split(r"\n\s*\n", answers.get(label, "")):
        values: dict[str, str] = {}
        last = ""
        for line in block.split("\n"):
            match = _KEY_VALUE.fullmatch(line.strip())
            if match and match["key"] not in values:
                last = match["key"]
                values[last] = match["value"].strip()
            elif last:
                values[last] += " " + line.strip()
        if values:
            yield values


def _with(described: list[Described], known: Known) -> Known:
    """What is known together with the new pages, by their ids and names."""
    ids, names = dict(known.ids), {kind: dict(known.names[kind]) for kind in known.names}
    for page in described:
        try:
            name = page_id(page.name)
        except ValueError:
            continue  # told where it is drafted
        ids[page.kind] = ids[page.kind] | {name}
        for spelling in (*(page.said.get(key, "") for key in _NAMES), name):
            if spelling:
                names[page.kind].setdefault(spelling.lower(), name)
    return replace(known, ids=ids, names=names)
