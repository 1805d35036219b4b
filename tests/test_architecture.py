"""Rules that import-linter cannot express: it checks the layers of one package (pyproject.toml)."""

import ast
from pathlib import Path

from conftest import ROOT

CODE = sorted((ROOT / "scripts").rglob("*.py"))
TESTS = {file.stem for file in (ROOT / "tests").glob("*.py")} | {"tests", "pytest"}


def imported(file: Path) -> set[str]:
    """Return the top-level packages that a file imports, including imports within functions."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_ = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | from_}


def test_only_the_hook_imports_mkdocs() -> None:
    assert [f.name for f in CODE if imported(f) & {"mkdocs", "material"}] == ["mkdocs_hook.py"]


def test_the_code_does_not_import_the_tests() -> None:
    assert [file.name for file in CODE if imported(file) & TESTS] == []


def test_every_module_is_named_after_its_subject() -> None:
    assert {file.stem for file in CODE} & {"common", "helpers", "misc", "util", "utils"} == set()
