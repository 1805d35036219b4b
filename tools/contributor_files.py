#!/usr/bin/env python3
"""Write the generated contributor files: issue forms, editor snippets, guide tables and citation.

usage: contributor_files.py

The example in CONTRIBUTING.md is written by hand, with bodies and instruments of the site. This
program adds the explanation of each key and the keys of vocabulary pages; the issue forms show
parts of the example. If the example is not valid, as in a fork, the entry with the most keys
replaces it. Exit status: 0, or 1 if there is no such entry; then nothing is written.

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

from timeline.checks import Project, check_entry_text  # noqa: E402
from timeline.config import read_site  # noqa: E402
from timeline.content.front_matter import Value, file_text, parse_text  # noqa: E402
from timeline.contribute.issue_forms import FORMS  # noqa: E402
from timeline.problems import Problem  # noqa: E402
from timeline.schema.entry import Entry  # noqa: E402
from timeline.schema.introspect import FieldSpec, field_specs  # noqa: E402
from timeline.schema.terms import TERMS  # noqa: E402
from timeline.schema.types import Document  # noqa: E402

FORM_FOLDER = ".github/ISSUE_TEMPLATE"
SNIPPETS = ".vscode/front-matter.code-snippets"
GUIDE, CITATION = "CONTRIBUTING.md", "CITATION.cff"
EXAMPLE, PAGES = (
    re.compile(f"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    for name in ("example", "pages")
)
TODAY = "$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE"
_KEY = re.compile(r"(?P<indent> *)(?:- )?(?P<key>[a-z_]+):")
_SPECIAL = re.compile(r"[$}\\]")


def contributor_files(root: Path) -> dict[str, str]:
    """Return the path and the intended text of each file."""
    guide = (root / GUIDE).read_text(encoding="utf-8")
    values, _ = example(root, _guide_example(guide))
    guide = EXAMPLE.sub(lambda _: f"```yaml\n{explained(values)}```\n", guide)
    guide = PAGES.sub(lambda _: "\n".join(_page_keys()), guide)
    forms = {f"{FORM_FOLDER}/{form.file}": _yaml(form.content(values)) for form in FORMS}
    forms[f"{FORM_FOLDER}/config.yml"] = _yaml({"blank_issues_enabled": True})
    return forms | {GUIDE: guide, SNIPPETS: snippets(), CITATION: citation(root)}


def example(root: Path, shown: str) -> tuple[dict[str, Value], list[Problem]]:
    """Return the values of the example, or of an entry in its place, and any problems."""
    values, loaded = parse_text(shown).values, Project(root).load()
    path = f"entries/{str(values['date'])[:4]}/{values['date']}-example.md"
    problems = check_entry_text(shown, path, loaded.index)
    if not problems or not loaded.valid.entries:
        return values, problems
    entries = (root / entry.path for entry in loaded.valid.entries)
    found = [parse_text(file.read_text(encoding="utf-8")).values for file in entries]
    return max(found, key=lambda values: (len(values), str(values))), []


def citation(root: Path) -> str:
    """Return the text of CITATION.cff with the name and description of the site."""
    site = read_site(root)
    text: dict[str, Any] = yaml.safe_load((root / CITATION).read_text(encoding="utf-8"))
    text |= {"title": site.name, "abstract": site.description}
    return _yaml(text | {"authors": [{"name": f"Contributors to the {site.name}"}]})


def _yaml(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)


def _guide_example(guide: str) -> str:
    """Return the example in the guide. Raises ValueError if it has no place for one."""
    found = EXAMPLE.search(guide)
    if not found:
        raise ValueError("the guide needs the lines <!-- example --> and <!-- /example -->")
    return found[0].removeprefix("```yaml\n").removesuffix("```\n")


def _page_keys() -> Iterator[str]:
    """Yield a Markdown table of the keys of each kind of vocabulary page."""
    for kind, model in TERMS.items():
        yield from ("", f"In `docs/{kind}/`:", "", "| key | what it holds |", "|---|---|")
        for name, spec in field_specs(model).items():
            inner = f"; keys: {', '.join(field_specs(spec.model))}" if spec.model else ""
            yield f"| `{name}` | {_meaning(spec)}{inner} |"
    yield from ("", "")


def explained(example: dict[str, Value]) -> str:
    """Return the text of an example entry, with a comment above each key."""
    lines = (line for key in example for line in _annotated(key, example[key]))
    text = "What happened, who did it, what it requires of whom, by when: 60 to 180 words."
    return "\n".join(["---", *lines, "---", text, ""])


def _annotated(key: str, value: Value) -> Iterator[str]:
    """Yield the lines of a key of an entry, with a comment above each key's first use."""
    models: dict[int, type[BaseModel]] = {0: Entry}  # by the column of their keys
    explained: set[tuple[type[BaseModel], str]] = set()
    for line in file_text(Entry, {key: value}, "").split("\n")[1:]:
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
    """Return VS Code snippets for each kind of file and each key of an entry, as JSON."""
    files = {model.__name__: _file_snippet(model) for model in (Entry, *TERMS.values())}
    keys = {
        f"{model.__name__}: {name}": _snippet(
            name, _lines(spec, itertools.count(1)), spec.description
        )
        for model in _models(Entry)
        for name, spec in field_specs(model).items()
    }
    return json.dumps(files | keys, ensure_ascii=False, indent=2) + "\n"


def _snippet(prefix: str, body: list[str], description: str) -> dict[str, Any]:
    return {"scope": "markdown", "prefix": prefix, "body": body, "description": description}


def _file_snippet(model: type[Document]) -> dict[str, Any]:
    """Return a snippet for a whole file with its required keys, and for an entry a source."""
    stops = itertools.count(1)
    specs = [s for s in field_specs(model).values() if s.required or s.name == "sources"]
    body = ["---", *(line for spec in specs for line in _lines(spec, stops)), "---", "$0"]
    name = model.__name__.lower()
    return _snippet(name, body, f"a new {name} with its required keys")


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a model and the models of its values, each once."""
    inner = (spec.model for spec in field_specs(model).values() if spec.model)
    yield from dict.fromkeys([model, *(deeper for one in inner for deeper in _models(one))])


def _lines(spec: FieldSpec, stops: Iterator[int]) -> list[str]:
    """Return a key with a placeholder for each required value, numbered by `stops`."""
    if spec.model is None:
        return [f"{spec.name}: {_value(spec, stops)}"]
    specs = list(field_specs(spec.model).values())
    required = [inner for inner in specs if inner.required] or specs[:1]
    lines = [line for inner in required for line in _lines(inner, stops)]
    first, rest = ("  - ", "    ") if spec.is_list else ("  ", "  ")
    return [f"{spec.name}:", *(f"{rest if n else first}{line}" for n, line in enumerate(lines))]


def _value(spec: FieldSpec, stops: Iterator[int]) -> str:
    """Return the placeholder of a value: its choices, today's date or its description."""
    if spec.value_type is bool:
        return "true"
    number = next(stops)
    if spec.choices:
        return f"${{{number}|{','.join(spec.choices)}|}}"
    description = _SPECIAL.sub(lambda match: f"\\{match[0]}", spec.description)
    placeholder = f"${{{number}:{TODAY if spec.is_date else description}}}"
    return f"[{placeholder}]" if spec.is_list else placeholder


def main(root: Path = ROOT) -> int:
    """Write the files and return the exit status."""
    guide = (root / GUIDE).read_text(encoding="utf-8")
    shown = _guide_example(guide)
    first_line = guide.count("\n", 0, guide.index(shown))
    _, problems = example(root, shown)
    for problem in problems:
        print(f"{GUIDE}:{first_line + problem.line}: {problem.message}", file=sys.stderr)
    for path, text in () if problems else contributor_files(root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        print(path)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
