"""What an issue form is: questions, each of which GitHub shows as a field.

https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from timeline.model.shape import slot
from timeline.model.vocabulary import EntryType


@dataclass(frozen=True)
class Question:
    """One field of a form. `key` is that of `model`; without a model the answer stands alone."""

    key: str
    label: str
    model: type[BaseModel] | None = None
    required: bool = False
    long: bool = False  # several lines
    hint: str = ""
    example: str = ""  # of front matter; the answer is YAML as it stands in a file

    @property
    def words(self) -> tuple[str, ...]:
        """The labels of the closed list that it takes its answer from."""
        found = slot(self.model, self.key) if self.model else None
        return tuple(word.label for word in found.words) if found else ()

    @property
    def id(self) -> str:
        """By which an address fills the field in.

        Never the name of a parameter that GitHub knows itself, such as title or type.
        """
        return "field-" + "-".join(re.findall("[a-z]+", self.label.lower()))

    def block(self) -> dict[str, Any]:
        """The field as GitHub's form schema has it."""
        kind = "dropdown" if self.words else "textarea" if self.long else "input"
        attributes: dict[str, Any] = {"label": self.label}
        told = self.model.model_fields[self.key].description if self.model else ""
        if told or self.hint:
            attributes["description"] = "; ".join(filter(None, [told, self.hint]))
        if self.words:
            attributes["options"] = list(self.words)
        if self.example:  # GitHub shows the answer as code: nothing in it is Markdown
            attributes |= {"placeholder": self.example, "render": "yaml"}
        # No address fills a list in, so what comes from the form of the site has no answer there;
        # the converter asks for it.
        required = {"required": self.required and not self.words}
        return {"type": kind, "id": self.id, "attributes": attributes, "validations": required}


@dataclass(frozen=True)
class Form:
    """One issue form. `type` is that of the entries that come of it, where it is fixed."""

    kind: str
    name: str
    description: str
    questions: tuple[Question, ...]
    type: EntryType | None = None

    @property
    def label(self) -> str:
        """The label by which the workflow knows an issue of this form."""
        return f"form: {self.kind}"

    @property
    def file(self) -> str:
        """The name of its file, by which an address chooses it."""
        return f"{self.kind}.yml"
