"""The questions of `new.py`: a new entry asked for at a terminal, one key after the other."""

import contextlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from timeline.content.interpret import interpret
from timeline.content.messages import error_message
from timeline.content.parser import validate
from timeline.schema.entry import Entry, Penalty, Source, Step
from timeline.schema.introspect import FieldSpec, field_specs
from timeline.schema.types import NameIndex
from timeline.schema.vocabulary import EFFECT_STAGES, EntryType, Stage

# What most entries have; the rest is written into the file.
KEYS = (
    *("title", "date", "type", "regulators", "topics", "newsletters", "sources", "instruments"),
    *("parties", "penalties"),
)
ROWS: dict[str, tuple[str, type[BaseModel], tuple[str, ...]]] = {
    "sources": ("source", Source, ("kind", "publisher", "title", "lang", "url", "quote")),
    "instruments": ("instrument", Step, ("id", "stage")),
    "penalties": ("penalty", Penalty, ("party", "measure", "amount", "currency")),
}
PENALISING = {EntryType.ENFORCEMENT, EntryType.JUDICIAL}
LIST, PAST = "?", "-"  # answers that show what there is, and go past a question
END = "."  # not an empty line, since a text that is pasted has several paragraphs


class Questions:
    """Asks until the answer is one that the check accepts, or nobody wants to give one.

    `ask` shows a prompt and returns a line, `say` shows a line. What is answered is stored at once,
    so that nothing is lost where somebody leaves.
    """

    def __init__(
        self, index: NameIndex, ask: Callable[[str], str], say: Callable[[str], None]
    ) -> None:
        self.index = index
        self.ask = ask
        self.say = say

    def entry(self, given: dict[str, Any], look: Callable[[], bool]) -> bool:
        """Fill in the keys that are missing. `look` is called once date and bodies are known.

        Returns whether it found the entry worth going on with.
        """
        self.say(f"{LIST} lists what there is, {PAST} goes past a question.")
        looked = False
        for key in KEYS:
            if not looked and {"date", "regulators"} <= given.keys():
                looked = True
                if not look():
                    return False
            if key in given or (key in {"parties", "penalties"} and not self._penalises(given)):
                continue
            if key in ROWS:
                self._rows(given, key)
            else:
                given[key] = self._key(Entry, key)
        return True

    def _penalises(self, given: dict[str, Any]) -> bool:
        return interpret(Entry, {"type": given.get("type")}, self.index).get("type") in PENALISING

    def text(self, lines: list[str]) -> None:
        """Add lines up to one that is only a full stop, or the end of the input."""
        self.say(f"The text, in your own words; a line with only {END} ends it.")
        with contextlib.suppress(EOFError):
            while (line := self.ask("| ").rstrip()) != END:
                lines.append(line)

    def agreed(self, question: str) -> bool:
        """Whether the answer is yes; asked again where it is neither yes nor no."""
        while True:
            answer = self.ask(f"{question} [y/N] ").strip().lower()
            if answer in {"", "n", "no", "y", "yes"}:
                return answer.startswith("y")
            self.say("  answer y or n; what is asked for comes next")

    def _key(self, model: type[BaseModel], key: str) -> Any:
        """One value, or a list where the key holds one; None where the question is passed by."""
        spec = field_specs(model)[key]
        required = spec.required and key != "regulators"
        while True:
            line = self.ask(_prompt(spec)).strip()
            if line == PAST or (not line and not required):
                return [] if key == "regulators" else None
            wrong = self._wrong(model, key, line) if line and line != LIST else []
            if line and line != LIST and not wrong:
                return line
            for message in wrong or (self._known(spec) if line else ["is required"]):
                self.say(f"  {message}")

    def _known(self, spec: FieldSpec) -> list[str]:
        """What a key can hold, or what it is for."""
        if spec.choices:
            return [f"{choice}: {choice.label}" for choice in spec.choices]
        if spec.kind is None:
            return [spec.description]
        names: dict[str, list[str]] = defaultdict(list)
        for name, page in sorted(self.index.names[spec.kind].items()):
            names[page] += [name] if name != page else []
        return [": ".join(filter(None, [page, ", ".join(names[page])])) for page in sorted(names)]

    def _wrong(self, model: type[Any], key: str, written: Any) -> list[str]:
        """What the check would say of this key."""
        values = interpret(model, {key: written}, self.index)
        location: tuple[str | int, ...] = (key,)
        if model is not Entry:  # a row of a list is checked as the only one of its list
            outer = next(outer for outer, (_, of_rows, _) in ROWS.items() if of_rows is model)
            values, location = {outer: [values]}, (outer, 0, key)
        _, errors = validate(Entry, values, self.index)
        found = [error for error in errors if error["loc"][: len(location)] == location]
        # A list whose items are all wrong is not called empty as well.
        own = [error for error in found if error["type"] != "too_short" or not error["input"]]
        return [error_message(error, Entry, self.index) for error in own]

    def _rows(self, given: dict[str, Any], key: str) -> None:
        what, model, keys = ROWS[key]
        rows: list[dict[str, Any]] = given.setdefault(key, [])
        article = "an" if what[0] in "aeiou" else "a"
        while self.agreed(f"Add {'another' if rows else article} {what}?"):
            row: dict[str, Any] = {}
            rows.append(row)
            for name in keys:
                row[name] = self._key(model, name)
            self._dates_of(row)
        if not rows:
            del given[key]

    def _dates_of(self, row: dict[str, Any]) -> None:
        """The dates that go with a stage."""
        stage = interpret(Step, row, self.index).get("stage")
        if stage == Stage.CONSULTATION:
            row["comments_close"] = self._key(Step, "comments_close")
        if stage in EFFECT_STAGES:
            row["effective"] = self._key(Step, "effective")


def _prompt(spec: FieldSpec) -> str:
    choices = f": {', '.join(spec.choices)}" if spec.choices else ""
    between = "commas" if spec.kind else "semicolons"  # a company's name may hold a comma
    several = f"; {between} between several" if spec.is_list and spec.model is None else ""
    return f"{spec.name} ({spec.description}{choices}{several}): "
