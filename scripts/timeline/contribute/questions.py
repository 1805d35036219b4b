"""The questions of `new.py`: a new entry asked for at a terminal, one key after the other."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from timeline.content.interpret import interpret
from timeline.content.parser import error_message, validate
from timeline.schema.entry import Entry, Source, Step
from timeline.schema.introspect import FieldSpec, field_specs
from timeline.schema.types import NameIndex
from timeline.schema.vocabulary import EFFECT_STAGES, Stage

# What most entries have; the rest is written into the file.
KEYS = ("title", "date", "type", "regulators", "topics", "newsletters", "sources", "instruments")
SOURCE_KEYS = ("kind", "publisher", "title", "lang", "url")


class Questions:
    """Asks until the answer is one that the check accepts.

    `ask` shows a prompt and returns a line, `say` shows a line.
    """

    def __init__(
        self, index: NameIndex, ask: Callable[[str], str], say: Callable[[str], None]
    ) -> None:
        self.index = index
        self.ask = ask
        self.say = say

    def entry(self, given: dict[str, Any]) -> None:
        """Fill in the keys that are missing."""
        for key in KEYS:
            if key in given:
                continue
            if key == "sources":
                given[key] = self._rows("source", self._source)
            elif key == "instruments":
                given[key] = self._rows("instrument", self._step)
            else:
                given[key] = self._key(Entry, key)

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
        """One value, or a list where the key holds one."""
        spec = field_specs(model)[key]
        required = spec.required and key != "regulators"
        while True:
            line = self.ask(_prompt(spec)).strip()
            if not line:
                if not required:
                    return [] if key == "regulators" else None
                self.say("  is required")
                continue
            wrong = self._wrong(model, key, line)
            if not wrong:
                return line
            for message in wrong:
                self.say(f"  {message}")

    def _wrong(self, model: type[Any], key: str, written: Any) -> list[str]:
        """What the check would say of this key."""
        values = interpret(model, {key: written}, self.index)
        location: tuple[str | int, ...] = (key,)
        if model is not Entry:  # a row of a list is checked as the only one of its list
            outer = "sources" if model is Source else "instruments"
            values, location = {outer: [values]}, (outer, 0, key)
        _, errors = validate(Entry, values, self.index)
        found = [error for error in errors if error["loc"][: len(location)] == location]
        # A list whose items are all wrong is not called empty as well.
        own = [error for error in found if error["type"] != "too_short" or not error["input"]]
        return [error_message(error, Entry, self.index) for error in own]

    def _rows(self, what: str, row: Callable[[], dict[str, Any] | None]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        article = "an" if what[0] in "aeiou" else "a"
        while self.agreed(f"Add {'another' if rows else article} {what}?"):
            found = row()
            if found:
                rows.append(found)
        return rows

    def _source(self) -> dict[str, Any]:
        return {key: self._key(Source, key) for key in SOURCE_KEYS}

    def _step(self) -> dict[str, Any]:
        step = {key: self._key(Step, key) for key in ("id", "stage")}
        stage = interpret(Step, step, self.index).get("stage")
        if stage == Stage.CONSULTATION:
            step["comments_close"] = self._key(Step, "comments_close")
        if stage in EFFECT_STAGES:
            step["effective"] = self._key(Step, "effective")
        return step


def _prompt(spec: FieldSpec) -> str:
    choices = f": {', '.join(spec.choices)}" if spec.choices else ""
    several = "; commas between several" if spec.is_list and spec.model is None else ""
    return f"{spec.name} ({spec.description}{choices}{several}): "
