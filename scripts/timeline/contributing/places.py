"""Where in an issue the cause of a problem stands that the check found in a file made of it."""

from timeline.contributing.form import Form
from timeline.contributing.forms import NEW, REST, TEXT
from timeline.contributing.further import located
from timeline.contributing.issues import ROWS, Converted
from timeline.model.document import Location, Parts, UnreadableError, take_apart
from timeline.model.entry import Entry
from timeline.model.problems import Problem


def told(problem: Problem, found: Converted, form: Form) -> str:
    """The check's words, after the label of the field that they are about."""
    draft = next(draft for draft in found.drafts if draft.path == problem.path)
    if not draft.path.startswith("entries/"):
        kind = draft.path.split("/")[1]
        heading = next(label for key, label in NEW.items() if key == kind)
        return f"'{heading}', {draft.id}: {problem.message}"
    try:
        parts = take_apart(draft.text)
    except UnreadableError:
        return problem.message
    if problem.line >= parts.body_line:
        return f"'{TEXT.label}': {problem.message}"
    at = _at(problem, parts)
    label = _label(at, problem.message, found, form)
    if label:
        return f"'{label}': {problem.message}"
    line = found.further.parts.lines.get(_in_answer(at, found))
    return located(REST.label, line, problem.message) if at and line else problem.message


def _at(problem: Problem, parts: Parts) -> Location:
    """The location on the problem's line: of the key that it names, else the outermost."""
    here = [at for at, line in parts.lines.items() if at and line == problem.line]
    named = (at for at in here if f"'{at[-1]}'" in problem.message)
    return next(named, min(here, key=len, default=()))


def _label(at: Location, message: str, found: Converted, form: Form) -> str | None:
    """The label of a field, None where the value comes from none."""
    key = at[0] if at else None
    if key in found.rows and at[1:2] != (0,):
        return None
    model = ROWS[str(key)] if key in found.rows else Entry
    mine = [q for q in form.questions if q.model is model]
    if model is Entry:
        said = key not in found.further.values
        return next((q.label for q in mine if q.key == key and said), None)
    inner = at[2] if len(at) > 2 else None
    fitting = (q.label for q in mine if q.key == inner or f"'{q.key}'" in message)
    return next(fitting, mine[0].label)


def _in_answer(at: Location, found: Converted) -> Location:
    """The location in what was said as YAML: without the item that has fields of its own."""
    if len(at) > 1 and at[0] in found.rows and isinstance(at[1], int):
        at = (at[0], at[1] - 1, *at[2:])
    lines = found.further.parts.lines
    while at and at not in lines:
        at = at[:-1]
    return at
