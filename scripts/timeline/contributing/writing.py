"""Front matter and text -> a file as the house writes it: keys in order, short lists in a line."""

from typing import Any

import yaml
from pydantic import BaseModel

from timeline.model.dates import FORM
from timeline.model.document import Value
from timeline.model.fields import Document
from timeline.model.shape import slot

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_TEXT = "tag:yaml.org,2002:str"


def file_text(model: type[Document], values: dict[str, Value], body: str) -> str:
    """The whole file. Keys that the model does not know stand last, for the check to tell of."""
    return f"---\n{front_matter(model, values)}---\n{body.strip()}\n"


def front_matter(model: type[Document], values: dict[str, Value]) -> str:
    """The front matter alone, without its marks."""
    return yaml.dump(
        ordered(model, values),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )


def ordered(model: type[BaseModel], values: dict[str, Value]) -> dict[str, Value]:
    """The same with every mapping's keys in the order in which its class has them."""
    names = list(model.model_fields)
    keys = sorted(values, key=lambda key: names.index(key) if key in names else len(names))
    return {key: _inside(model, key, values[key]) for key in keys}


def _inside(model: type[BaseModel], key: str, value: Value) -> Value:
    found = slot(model, key)
    if found is None or found.model is None:
        return value
    if isinstance(value, list):
        inner = found.model
        return [ordered(inner, v) if isinstance(v, dict) else v for v in value]
    return ordered(found.model, value) if isinstance(value, dict) else value


class _Dumper(yaml.SafeDumper):
    """Block style, but lists and mappings of plain values in one line; dates without quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless  # list items stand indented below their key
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    match = FORM.fullmatch(text)
    tag = _TIMESTAMP if match and match[3] else _TEXT
    quoted = tag != _TIMESTAMP and _needs_quotes(text)
    return dumper.represent_scalar(tag, text, style='"' if quoted else None)


def _list(dumper: yaml.SafeDumper, values: list[Value]) -> yaml.Node:
    plain = not any(isinstance(value, dict | list) for value in values)
    node = dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=plain)
    for item in node.value if plain else ():
        if item.tag == _TEXT and _needs_quotes([item.value]):  # a comma does only here
            item.style = '"'
    return node


def _needs_quotes(value: str | list[str]) -> bool:
    shown = yaml.safe_dump(value, allow_unicode=True, width=10_000, default_flow_style=True)
    return shown.startswith(("'", "['"))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
