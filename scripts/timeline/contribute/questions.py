"""Ask for a new entry at a terminal, one key after the other, for `new.py`."""

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

# The keys that most entries have; others are written into the file.
KEYS = (
    *("title", "date", "type", "regulators", "topics", "newsletters", "sources", "instruments"),
    *("parties", "penalties"),
)
# Key of a list -> the name of an item, and the keys to ask for.
ITEMS = {
    "sources": ("source", ("kind", "publisher", "title", "lang", "url", "quote")),
    "instruments": ("instrument", ("id", "stage")),
    "penalties": ("penalty", ("party", "measure", "amount", "currency")),
}
PENALISING = {EntryType.ENFORCEMENT, EntryType.JUDICIAL}
LIST, SKIP = "?", "-"  # answers that list the possible values, and skip a question
END = "."  # not an empty line, since a pasted text may have several paragraphs


class Questions:
    """A series of questions, each repeated until the answer passes the check or is skipped.

    `ask` shows a prompt and returns a line, `say` shows a line. Each answer is stored at once, so
    that nothing is lost if the user leaves.
    """

    def __init__(
        self, index: NameIndex, ask: Callable[[str], str], say: Callable[[str], None]
    ) -> None:
        self.index = index
        self.ask = ask
        self.say = say

    def entry(self, given: dict[str, Any], confirm: Callable[[], bool]) -> bool:
        """Fill in the keys that are missing. Returns whether to continue with the entry.

        `confirm` decides that. It is called as soon as the date and the bodies are known.
        """
        self.say(f"Type {LIST} to list the possible values, {SKIP} to skip a question.")
        confirmed = False
        for key in KEYS:
            if not confirmed and {"date", "regulators"} <= given.keys():
                confirmed = confirm()
                if not confirmed:
                    return False
            if key in given or (key in {"parties", "penalties"} and not self._penalises(given)):
                continue
            if key in ITEMS:
                self._items(given, key)
            else:
                given[key] = self._value(key)
        return True

    def _penalises(self, given: dict[str, Any]) -> bool:
        return interpret(Entry, {"type": given.get("type")}, self.index).get("type") in PENALISING

    def text(self, lines: list[str]) -> None:
        """Add the lines up to a single full stop, or up to the end of the input."""
        self.say(f"The text, in your own words; a line with only '{END}' ends it.")
        with contextlib.suppress(EOFError):
            while (line := self.ask("| ").rstrip()) != END:
                lines.append(line)

    def confirms(self, question: str) -> bool:
        """Ask a question, until the answer is yes or no. Returns whether it is yes."""
        while True:
            answer = self.ask(f"{question} [y/N] ").strip().lower()
            if answer in {"", "n", "no", "y", "yes"}:
                return answer.startswith("y")
            self.say("  answer y or n; the details are asked for next")

    def _value(self, *location: str | int) -> Any:
        """Ask for the value of a key. Returns the answer, or an empty value if it is skipped.

        `location` is that of the key in an entry; an item is asked for as if it were the first.
        """
        spec = spec_at(Entry, location)
        assert spec is not None
        may_be_empty = spec.name == "regulators"
        while True:
            line = self.ask(_prompt(spec)).strip()
            if line == SKIP or (not line and (may_be_empty or not spec.required)):
                return [] if may_be_empty else None
            if not line:
                messages = ["is required"]
            elif line == LIST:
                messages = self._possible_values(spec)
            else:
                messages = self._errors(location, line)
                if not messages:
                    return line
            for message in messages:
                self.say(f"  {message}")

    def _possible_values(self, spec: FieldSpec) -> list[str]:
        """Return a line for each possible value of a key, or its description if any is possible."""
        if spec.choices:
            return [f"{choice}: {choice.label}" for choice in spec.choices]
        if spec.kind is None:
            return [spec.description]
        names: dict[str, list[str]] = defaultdict(list)
        for name, page in sorted(self.index.names[spec.kind].items()):
            names[page] += [name] if name != page else []
        return [": ".join(filter(None, [page, ", ".join(names[page])])) for page in sorted(names)]

    def _errors(self, location: Location, answer: str) -> list[str]:
        """Return the messages of the check for an answer."""
        key, *within = location
        value: Any = [{within[-1]: answer}] if within else answer
        _, errors = validate(Entry, interpret(Entry, {str(key): value}, self.index), self.index)
        found = [error for error in errors if error["loc"][: len(location)] == location]
        # A list that is only empty because all of its items are wrong is not reported as empty.
        own = [error for error in found if error["type"] != "too_short" or not error["input"]]
        return [error_message(error, Entry, self.index) for error in own]

    def _items(self, given: dict[str, Any], key: str) -> None:
        name, keys = ITEMS[key]
        items: list[dict[str, Any]] = given.setdefault(key, [])
        article = "an" if name[0] in "aeiou" else "a"
        while self.confirms(f"Add {'another' if items else article} {name}?"):
            item: dict[str, Any] = {}
            items.append(item)
            for inner in keys:
                item[inner] = self._value(key, 0, inner)
            stage = interpret(Step, item, self.index).get("stage") if "stage" in keys else None
            if stage == Stage.CONSULTATION:
                item["comments_close"] = self._value(key, 0, "comments_close")
            elif stage in EFFECT_STAGES:
                item["effective"] = self._value(key, 0, "effective")
        if not items:
            del given[key]


def _prompt(spec: FieldSpec) -> str:
    choices = f": {', '.join(spec.choices)}" if spec.choices else ""
    separator = "commas" if spec.kind else "semicolons"  # a company's name may contain a comma
    several = f"; separate several by {separator}" if spec.is_list and spec.model is None else ""
    return f"{spec.name} ({spec.description}{choices}{several}): "
