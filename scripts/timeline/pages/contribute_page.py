"""The page with the form by which an entry is made in the browser."""

from timeline.contributing.form_fields import URL, entry_fields, new_page_fields
from timeline.contributing.forms import FORMS
from timeline.standing.standing import Standing
from timeline.views.page import Page, head, path_of

GUIDE = "CONTRIBUTING.md"


def contribute(standing: Standing) -> Page:
    """`/contribute/`: every field from the models; what is known is loaded in the browser."""
    prose = standing.collection.prose.get("contribute")
    title, description = head(prose, "Contribute")
    common, rare = entry_fields()
    context = {
        "document": prose,
        "common": common,
        "rare": rare,
        "new": new_page_fields(),
        "forms": FORMS,
        "guide": GUIDE,
    }
    path, template, source = f"{URL}index.md", "contribute.md.j2", path_of(prose)
    scripts = ("contribute/contribute.js",)
    return Page(path, URL, template, title, description, source, context, scripts)
