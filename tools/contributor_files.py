#!/usr/bin/env python3
"""Write the files that follow from the models: issue forms, editor snippets, an example.

usage: contributor_files.py

The snippets are for VS Code, which reads them from the checkout without an extension:
https://code.visualstudio.com/docs/editing/userdefinedsnippets
"""

import itertools
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from timeline.content.front_matter import file_text  # noqa: E402
from timeline.contribute.issue_forms import EXAMPLE, FORMS  # noqa: E402
from timeline.schema.entry import Entry  # noqa: E402
from timeline.schema.introspect import FieldSpec, field_specs  # noqa: E402
from timeline.schema.terms import TERMS  # noqa: E402
from timeline.schema.types import Document  # noqa: E402

FORM_FOLDER = ".github/ISSUE_TEMPLATE"
SNIPPETS = ".vscode/front-matter.code-snippets"
GUIDE = "CONTRIBUTING.md"
BEGIN, END = "<!-- example -->\n", "<!-- /example -->\n"
TODAY = "$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE"
_KEY = re.compile(r"(?P<indent> *)(?:- )?(?P<key>[a-z_]+):")
_SPECIAL = re.compile(r"[$}\\]")


def contributor_files(root: Path) -> dict[str, str]:
    """Path -> text of each file as it should be."""
    guide = (root / GUIDE).read_text(encoding="utf-8")
    forms = {f"{FORM_FOLDER}/{form.file}": _yaml(form.content()) for form in FORMS}
    forms[f"{FORM_FOLDER}/config.yml"] = _yaml({"blank_issues_enabled": True})
    return forms | {GUIDE: with_example(guide), SNIPPETS: snippets()}


def _yaml(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)


def with_example(guide: str) -> str:
    """The guide with a new example. Raises ValueError where the lines around it are missing."""
    before, begin, rest = guide.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the guide needs the lines {BEGIN.strip()} and {END.strip()}")
    return before + BEGIN + example() + END + after


def example() -> str:
    """An entry with all its keys and what each means, as a code block."""
    lines = [
        "```yaml",
        "---",
        *(line for key in field_specs(Entry) for line in _annotated(key)),
        "---",
    ]
    lines.append("What happened, who did it, what it requires of whom, by when: 60 to 180 words.")
    return "\n".join([*lines, "```", ""])


def _annotated(key: str) -> Iterator[str]:
    """The lines of one key of an entry, each new key with what it means above it."""
    models: dict[int, type[BaseModel]] = {0: Entry}  # by the column of their keys
    explained: set[tuple[type[BaseModel], str]] = set()
    for line in file_text(Entry, {key: EXAMPLE[key]}, "").split("\n")[1:]:
        if line == "---":
            return
        match = _KEY.match(line)
        model = models.get(match.start("key")) if match else None
        spec = field_specs(model).get(match["key"]) if match and model else None
        if match and model and spec:
            if (model, spec.name) not in explained:
                explained.add((model, spec.name))
                yield f"{match['indent']}# {_meaning(spec)}"
            if spec.model:  # a mapping is two columns in, the items of a list four
                column = match.start("key")
                models |= {column + 2: spec.model, column + 4: spec.model}
        yield line


def _meaning(spec: FieldSpec) -> str:
    required = " (required)" if spec.required else ""
    choices = f": {', '.join(spec.choices)}" if spec.choices else ""
    return f"{spec.description}{required}{choices}"


def snippets() -> str:
    """A frame of each kind of file, and each key of an entry with what it may hold."""
    frames = {model.__name__: _frame(model) for model in (Entry, *TERMS.values())}
    keys = {
        f"{model.__name__}: {name}": _snippet(
            name, _lines(spec, itertools.count(1)), spec.description
        )
        for model in _models(Entry)
        for name, spec in field_specs(model).items()
    }
    return json.dumps(frames | keys, ensure_ascii=False, indent=2) + "\n"


def _snippet(prefix: str, body: list[str], description: str) -> dict[str, Any]:
    return {"scope": "markdown", "prefix": prefix, "body": body, "description": description}


def _frame(model: type[Document]) -> dict[str, Any]:
    """A whole file with its required keys, and for an entry a source."""
    stops = itertools.count(1)
    specs = [s for s in field_specs(model).values() if s.required or s.name == "sources"]
    body = ["---", *(line for spec in specs for line in _lines(spec, stops)), "---", "$0"]
    name = model.__name__.lower()
    return _snippet(name, body, f"a new {name} with its required keys")


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those of the values that it holds, each once."""
    inner = (spec.model for spec in field_specs(model).values() if spec.model)
    yield from dict.fromkeys([model, *(deeper for one in inner for deeper in _models(one))])


def _lines(spec: FieldSpec, stops: Iterator[int]) -> list[str]:
    """A key with a place for each required value. `stops` numbers the stops of the tab key."""
    if spec.model is None:
        return [f"{spec.name}: {_value(spec, stops)}"]
    specs = list(field_specs(spec.model).values())
    required = [inner for inner in specs if inner.required] or specs[:1]
    lines = [line for inner in required for line in _lines(inner, stops)]
    first, rest = ("  - ", "    ") if spec.is_list else ("  ", "  ")
    return [f"{spec.name}:", *(f"{rest if n else first}{line}" for n, line in enumerate(lines))]


def _value(spec: FieldSpec, stops: Iterator[int]) -> str:
    """The place of one value: a choice, today's date, or what it means."""
    if spec.value_type is bool:
        return "true"
    number = next(stops)
    if spec.choices:
        return f"${{{number}|{','.join(spec.choices)}|}}"
    description = _SPECIAL.sub(lambda match: f"\\{match[0]}", spec.description)
    place = f"${{{number}:{TODAY if spec.is_date else description}}}"
    return f"[{place}]" if spec.is_list else place


def main(root: Path = ROOT) -> int:
    """Write the files. Returns the exit status."""
    for path, text in contributor_files(root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
