"""The questions that a new entry asks of somebody at a terminal, one key after the other."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from timeline.contributing.drafting import understood
from timeline.model.entry import Entry
from timeline.model.entry_parts import Source, Step
from timeline.model.fields import Known
from timeline.model.shape import Slot, slot
from timeline.model.vocabulary import EFFECT_STAGES, Stage
from timeline.source.reading import message, typed

# What most entries have; the rest is written into the file.
KEYS = ("title", "date", "type", "regulators", "topics", "newsletters", "sources", "instruments")
SOURCE = ("kind", "publisher", "title", "lang", "url")


class Questions:
    """Asks until the answer is one that the check takes.

    `ask` shows a prompt and returns a line, `say` shows a line.
    """

    def __init__(self, known: Known, ask: Callable[[str], str], say: Callable[[str], None]) -> None:
        self.known = known
        self.ask = ask
        self.say = say

    def entry(self, said: dict[str, Any]) -> None:
        """Fill in the keys that are missing."""
        for key in KEYS:
            if key in said:
                continue
            if key == "sources":
                said[key] = self._rows("source", self._source)
            elif key == "instruments":
                said[key] = self._rows("instrument", self._step)
            else:
                said[key] = self._key(Entry, key)

    def text(self) -> str:
        """Lines up to an empty one."""
        self.say("The text, in your own words; an empty line ends it, and it may be empty.")
        lines: list[str] = []
        while line := self.ask("| ").strip():
            lines.append(line)
        return "\n".join(lines)

    def agreed(self, question: str) -> bool:
        """Whether the answer is yes."""
        return self.ask(f"{question} [y/N] ").strip().lower() in {"y", "yes"}

    def _key(self, model: type[BaseModel], key: str) -> Any:
        """One value, or a list where the key holds many."""
        found = slot(model, key)
        assert found is not None
        required = model.model_fields[key].is_required() and key != "regulators"
        while True:
            line = self.ask(_prompt(model, key, found)).strip()
            if not line:
                if not required:
                    return [] if key == "regulators" else None
                self.say("  is needed")
                continue
            wrong = self._wrong(model, key, line)
            if not wrong:
                return line
            for complaint in wrong:
                self.say(f"  {complaint}")

    def _wrong(self, model: type[Any], key: str, said: Any) -> list[str]:
        """What the check would say of this key."""
        values = understood(model, {key: said}, self.known)
        if issubclass(model, Entry):
            _, errors = typed(model, values, self.known)
            return [message(e, model) for e in errors if e["loc"][0] == key]
        # A row of a list is looked at as the only one of its list.
        outer = "sources" if model is Source else "instruments"
        _, errors = typed(Entry, {outer: [values]}, self.known)
        return [message(e, Entry) for e in errors if e["loc"][:3] == (outer, 0, key)]

    def _rows(self, what: str, row: Callable[[], dict[str, Any] | None]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        one = "an" if what[0] in "aeiou" else "a"
        while self.agreed(f"Add {'another' if rows else one} {what}?"):
            found = row()
            if found:
                rows.append(found)
        return rows

    def _source(self) -> dict[str, Any]:
        return {key: self._key(Source, key) for key in SOURCE}

    def _step(self) -> dict[str, Any]:
        step = {key: self._key(Step, key) for key in ("id", "stage")}
        stage = understood(Step, step, self.known).get("stage")
        if stage == Stage.CONSULTATION:
            step["comments_close"] = self._key(Step, "comments_close")
        if stage in EFFECT_STAGES:
            step["effective"] = self._key(Step, "effective")
        return step


def _prompt(model: type[BaseModel], key: str, found: Slot) -> str:
    told = model.model_fields[key].description or ""
    words = f": {', '.join(found.words)}" if found.words else ""
    several = "; commas between several" if found.many and found.model is None else ""
    return f"{key} ({told}{words}{several}): "
