"""The issue forms as the files that GitHub reads."""

from typing import Any

import yaml

from timeline.contributing.form import Form
from timeline.contributing.forms import FORMS

FOLDER = ".github/ISSUE_TEMPLATE"


def form_files() -> dict[str, str]:
    """Path -> YAML of every issue form, and of the page on which one chooses."""
    files = {f"{FOLDER}/{form.file}": _yaml(_form(form)) for form in FORMS}
    return files | {f"{FOLDER}/config.yml": _yaml({"blank_issues_enabled": True})}


def _form(form: Form) -> dict[str, Any]:
    return {
        "name": form.name,
        "description": form.description,
        "labels": [form.label],
        "body": [question.block() for question in form.questions],
    }


def _yaml(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
