"""The page with the form by which an entry is made in the browser."""

from timeline.contributing.form_fields import URL, Field, entry_fields, new_page_fields
from timeline.contributing.forms import FORMS
from timeline.model.fields import Kind
from timeline.source.collection import Collection
from timeline.standing.standing import Standing
from timeline.views.page import Page, head, path_of

GUIDE = "CONTRIBUTING.md"


def contribute(standing: Standing) -> Page:
    """`/contribute/`: every field from the models; what is known is loaded in the browser."""
    collection = standing.collection
    prose = collection.prose.get("contribute")
    title, description = head(prose, "Contribute")
    common, rare = entry_fields()
    context = {
        "document": prose,
        "common": common,
        "rare": rare,
        "new": {
            kind: (label, tuple(field for field in fields if _used(kind, field, collection)))
            for kind, (label, fields) in new_page_fields().items()
        },
        "forms": FORMS,
        "guide": GUIDE,
    }
    path, template, source = f"{URL}index.md", "contribute.md.j2", path_of(prose)
    scripts = ("contribute/contribute.js",)
    return Page(path, URL, template, title, description, source, context, scripts)


def _used(kind: Kind, field: Field, collection: Collection) -> bool:
    """Whether a page of the site has it: of names in Chinese, say, not every subject knows."""
    terms = getattr(collection, kind).values()
    return field.required or any(getattr(term, field.key) for term in terms)
