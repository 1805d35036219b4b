"""The house: imports run one way, modules stay small, only the hook knows MkDocs."""

import ast
from pathlib import Path

from conftest import ROOT

# Each module may import those before it: of its own package, and of the packages before that.
ORDER = {
    "model": [
        "problems",
        "wording",
        "site",
        "addresses",
        "outputs",
        "anchors",
        "dates",
        "vocabulary",
        "document",
        "body",
        "fields",
        "entry_parts",
        "entry",
        "terms",
        "shape",
        "locale_names",
    ],
    "source": [
        "reading",
        "spellings",
        "checkout",
        "rules",
        "collection",
        "effects",
        "moving",
        "agreement",
        "project",
        "published",
        "corrected",
        "as_of",
    ],
    "standing": [
        "channels",
        "deadlines",
        "due_names",
        "history",
        "known",
        "validity",
        "pending",
        "status",
        "moves",
        "news",
        "ledger",
        "coverage",
        "standing",
    ],
    "views": [
        "view",
        "timeline_views",
        "bulletin",
        "term_views",
        "charts",
        "page",
        "activity",
        "facets",
    ],
    "contributing": [
        "writing",
        "drafting",
        "repairs",
        "mending",
        "guide",
        "snippets",
        "form",
        "forms",
        "form_files",
        "further",
        "new_pages",
        "issues",
        "places",
        "form_fields",
        "questions",
        "review",
        "compared",
        "outline",
        "duplicates",
        "answers",
        "preview",
        "links",
        "correcting",
        "corrections",
    ],
    "search": [
        "search_words",
        "search_records",
        "search_index",
    ],
    "rendering": [
        "body_html",
        "rendering",
        "status_words",
    ],
    "downloads": [
        "typed_data",
        "records",
        "api",
        "columns",
        "tables",
        "data_package",
        "front_matter_schema",
        "contribute_files",
        "items",
        "feeds",
        "appointments",
        "calendars",
        "plain_text",
        "bulletin_files",
        "plain_markdown",
        "twins",
        "moved",
        "llms",
        "downloads",
    ],
    "pages": [
        "data_page",
        "ledger_pages",
        "instrument_pages",
        "entry_pages",
        "explore_page",
        "changes_pages",
        "contribute_page",
        "pages",
        "review_pages",
    ],
    "sharing": [
        "citation",
        "citation_formats",
        "line_breaking",
        "card",
        "cards",
        "schema_org",
        "linked_data",
        "sharing",
    ],
    "build": [
        "banner",
        "output",
        "generator",
        "reporting",
        "watching",
    ],
}
PACKAGE = ROOT / "scripts" / "timeline"
MODULES = [f"{package}.{module}" for package, modules in ORDER.items() for module in modules]
LONGEST = 250


def file_of(module: str) -> Path:
    return PACKAGE / f"{module.replace('.', '/')}.py"


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def test_imports_run_one_way() -> None:
    files = {path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"}
    assert files == {file_of(module) for module in MODULES}
    for place, module in enumerate(MODULES):
        own = {name.removeprefix("timeline.") for name in imported(file_of(module))}
        assert own & set(MODULES) <= set(MODULES[:place]), module


def test_only_the_hook_knows_mkdocs() -> None:
    knowing = {
        file.name
        for file in (ROOT / "scripts").rglob("*.py")
        if any(name.split(".")[0] in {"mkdocs", "material"} for name in imported(file))
    }
    assert knowing == {"mkdocs_hook.py"}


def test_modules_are_small() -> None:
    for module in MODULES:
        lines = file_of(module).read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST, f"{module}: {lines} lines"
