"""More than a thousand hostile files, generated from `hostile.yml`, each with its own path.

Every entry has a different date, and therefore its own id and title.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from bad_files import TEXT

_FIRST_DAY = datetime.date(2012, 1, 1)


def hostile_files() -> dict[str, bytes]:
    """Return the hostile files: path in a checkout -> content."""
    listed = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    texts = listed["texts"]
    entries = [_entry({}, body) for body in _bodies(listed)]
    entries += [_entry(_filled(keys, text)) for keys in listed["fields"] for text in texts]
    entries += [_entry({}, more=front) for front in listed["fronts"]]
    names = [f"{_FIRST_DAY + datetime.timedelta(days=n)}-hostile" for n in range(len(entries))]
    found = {}
    for place, (name, entry) in enumerate(zip(names, entries, strict=True)):
        text = entry.replace("2012-01-01", name[:10]).replace("{own}", name)
        text = text.replace("{previous}", names[place - 1])
        text = text.replace("{next}", names[(place + 1) % len(names)])
        found[f"entries/{name[:4]}/{name}.md"] = text
    for kind, keys in listed["terms"].items():
        for number, text in enumerate(texts):
            found[f"docs/{kind}/hostile-{number}.md"] = _file(_filled(keys, text), TEXT)
    for number, text in enumerate(texts):
        found[f"docs/topics/headed-{number}.md"] = _file({"name": "A topic"}, f"# {text}")
        keys = {"title": text, "description": text}
        found[f"docs/headed-{number}.md"] = _file(keys, f"# {text}")
        found[f"docs/titled-{number}.md"] = _file(keys, TEXT)
    for number, inner in enumerate(listed["drawings"]):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
        found[f"docs/assets/hostile-{number}.svg"] = svg
    page = _file({"title": "A page", "description": "A page."}, TEXT)
    found |= dict.fromkeys(listed["files"], page)
    return {path: text.encode("utf-8", "surrogatepass") for path, text in found.items()}


def _bodies(listed: dict[str, Any]) -> Iterator[str]:
    for context in listed["contexts"]:
        yield from (context.replace("{}", text) for text in listed["texts"])
    for mark, times, *around in listed["repeated"]:
        before, after = (*around, "", "")[:2]
        yield f"{before}{mark * times}{after}"


def _filled(keys: Any, text: str) -> Any:
    """Return the keys with each value `{}` replaced by the text."""
    if isinstance(keys, dict):
        return {key: _filled(value, text) for key, value in keys.items()}
    if isinstance(keys, list):
        return [_filled(value, text) for value in keys]
    return text if keys == "{}" else keys


def _entry(keys: dict[str, Any], body: str = "It happened.", more: str = "") -> str:
    """Return an entry with a placeholder date."""
    day = "2012-01-01"
    front = {"title": f"Report of {day}", "date": day, "type": "policy", "regulators": ["toa"]}
    front |= {"topics": ["tides"], "newsletters": ["gull-2021-06"], "added": day}
    return _file(front | keys, body, more)


def _file(keys: dict[str, Any], body: str, more: str = "") -> str:
    front = yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=100_000)
    return f"---\n{front}{more}\n---\n{body}\n\n{TEXT}\n"
