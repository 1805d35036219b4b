"""The house: imports run one way, modules stay small, only the hook knows MkDocs."""

import ast
from pathlib import Path

from conftest import ROOT

# Each module may import those before it.
ORDER = [
    "problems",
    "site",
    "addresses",
    "dates",
    "vocabulary",
    "document",
    "body",
    "fields",
    "entry",
    "terms",
    "shape",
    "writing",
    "drafting",
    "repairs",
    "mending",
    "guide",
    "forms",
    "issues",
    "reading",
    "questions",
    "spellings",
    "rules",
    "collection",
    "channels",
    "agreement",
    "project",
    "published",
    "review",
    "compared",
    "view",
    "outline",
    "duplicates",
    "answers",
    "preview",
    "links",
    "as_of",
    "deadlines",
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
    "typed_data",
    "records",
    "api",
    "tables",
    "data_package",
    "front_matter_schema",
    "timeline_views",
    "bulletin",
    "term_views",
    "charts",
    "page",
    "data_page",
    "activity",
    "ledger_pages",
    "instrument_pages",
    "locale_names",
    "facets",
    "search_words",
    "search_records",
    "search_index",
    "explore_page",
    "changes_pages",
    "pages",
    "body_html",
    "review_pages",
    "rendering",
    "items",
    "feeds",
    "calendars",
    "plain_text",
    "bulletin_files",
    "plain_markdown",
    "twins",
    "moved",
    "llms",
    "status_words",
    "citation",
    "citation_formats",
    "line_breaking",
    "card",
    "cards",
    "schema_org",
    "linked_data",
    "sharing",
    "downloads",
    "output",
    "generator",
    "reporting",
]
PACKAGE = ROOT / "scripts" / "timeline"
LONGEST = 250


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
    modules = {file.stem for file in PACKAGE.glob("*.py")} - {"__init__"}
    assert modules == set(ORDER)
    for place, module in enumerate(ORDER):
        own = {name.removeprefix("timeline.") for name in imported(PACKAGE / f"{module}.py")}
        assert own & set(ORDER) <= set(ORDER[:place]), module


def test_only_the_hook_knows_mkdocs() -> None:
    knowing = {
        file.name
        for file in (ROOT / "scripts").rglob("*.py")
        if any(name.split(".")[0] in {"mkdocs", "material"} for name in imported(file))
    }
    assert knowing == {"mkdocs_hook.py"}


def test_modules_are_small() -> None:
    for module in ORDER:
        lines = (PACKAGE / f"{module}.py").read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST, f"{module}: {lines} lines"
