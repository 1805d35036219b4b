"""The questions of `new.py`: a new entry asked for at a terminal, one key after the other."""

import contextlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from timeline.content.interpret import interpret
from timeline.content.messages import error_message
from timeline.content.parser import validate
from timeline.problems import Location
from timeline.schema.entry import Entry, Step
from timeline.schema.introspect import FieldSpec, spec_at
from timeline.schema.types import NameIndex
from timeline.schema.vocabulary import EFFECT_STAGES, EntryType, Stage

# What most entries have; the rest is written into the file.
KEYS = (
    *("title", "date", "type", "regulators", "topics", "newsletters", "sources", "instruments"),
    *("parties", "penalties"),
)
# Lists of rows: what a row is called, and the keys that are asked for.
ROWS = {
    "sources": ("source", ("kind", "publisher", "title", "lang", "url", "quote")),
    "instruments": ("instrument", ("id", "stage")),
    "penalties": ("penalty", ("party", "measure", "amount", "currency")),
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
                given[key] = self._value(key)
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

    def _value(self, *location: str | int) -> Any:
        """What is answered for a key; empty where the question is passed by.

        `location` is that of the key in an entry; a row is asked for as if it were the first.
        """
        spec = spec_at(Entry, location)
        assert spec is not None
        may_be_empty = spec.name == "regulators"
        while True:
            line = self.ask(_prompt(spec)).strip()
            if line == PAST or (not line and (may_be_empty or not spec.required)):
                return [] if may_be_empty else None
            if not line:
                messages = ["is required"]
            elif line == LIST:
                messages = self._known(spec)
            else:
                messages = self._wrong(location, line)
                if not messages:
                    return line
            for message in messages:
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

    def _wrong(self, location: Location, written: str) -> list[str]:
        """What the check would say of this value."""
        key, *within = location
        value: Any = [{within[-1]: written}] if within else written
        _, errors = validate(Entry, interpret(Entry, {str(key): value}, self.index), self.index)
        found = [error for error in errors if error["loc"][: len(location)] == location]
        # A list whose items are all wrong is not called empty as well.
        own = [error for error in found if error["type"] != "too_short" or not error["input"]]
        return [error_message(error, Entry, self.index) for error in own]

    def _rows(self, given: dict[str, Any], key: str) -> None:
        what, keys = ROWS[key]
        rows: list[dict[str, Any]] = given.setdefault(key, [])
        article = "an" if what[0] in "aeiou" else "a"
        while self.agreed(f"Add {'another' if rows else article} {what}?"):
            row: dict[str, Any] = {}
            rows.append(row)
            for name in keys:
                row[name] = self._value(key, 0, name)
            stage = interpret(Step, row, self.index).get("stage") if "stage" in keys else None
            if stage == Stage.CONSULTATION:
                row["comments_close"] = self._value(key, 0, "comments_close")
            elif stage in EFFECT_STAGES:
                row["effective"] = self._value(key, 0, "effective")
        if not rows:
            del given[key]


def _prompt(spec: FieldSpec) -> str:
    choices = f": {', '.join(spec.choices)}" if spec.choices else ""
    between = "commas" if spec.kind else "semicolons"  # a company's name may hold a comma
    several = f"; {between} between several" if spec.is_list and spec.model is None else ""
    return f"{spec.name} ({spec.description}{choices}{several}): "
