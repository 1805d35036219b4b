"""What an issue says as YAML: keys of an entry as they stand in the front matter of a file."""

import re
from dataclasses import dataclass, field

from timeline.contributing.forms import NOT_ASKED, REST
from timeline.model.document import Parts, UnreadableError, Value, front_matter
from timeline.model.entry import Entry
from timeline.source.reading import unknown_key

_MARK = re.compile(r"---\s*")


@dataclass(frozen=True)
class Further:
    """The values, the line of the answer on which each stands, and what is wrong with them."""

    values: dict[str, Value] = field(default_factory=dict)
    parts: Parts = field(default_factory=lambda: Parts({}, "", 1, {}))
    problems: tuple[str, ...] = ()


def further(answer: str, label: str = REST.label) -> Further:
    """Read an answer as front matter is read: no aliases, no tags, no key twice, nothing deep.

    `label` is that of the field, by which problems are located.
    """
    if not answer.strip():
        return Further()
    try:
        parts = front_matter(_without_marks(answer))
    except UnreadableError as error:
        return Further(problems=(located(label, error.line, str(error)),))
    told = [*parts.complaints, *_refused(parts)]
    problems = tuple(located(label, line, said) for line, said in sorted(told))
    return Further(parts.values, parts, problems)


def located(label: str, line: int, said: str) -> str:
    """A problem with where it stands in the issue."""
    return f"'{label}', line {line}: {said}"


def _without_marks(answer: str) -> str:
    """Whoever copies from a file may take its two lines `---` along; the count of lines stays."""
    lines = answer.split("\n")
    for place in (0, -1):
        lines[place] = "" if _MARK.fullmatch(lines[place]) else lines[place]
    return "\n".join(lines)


def _refused(parts: Parts) -> list[tuple[int, str]]:
    """Keys that an entry has not, and those that are not for an issue to set."""
    found, known = [], Entry.keys()
    for at, line in parts.lines.items():
        key = at[-1] if at else ""
        if key in NOT_ASKED:
            found.append((line, f"{key!r} is set later, in review or correction; leave it out"))
        elif len(at) == 1 and key not in known:
            found.append((line, unknown_key(str(key), Entry)))
    return found
