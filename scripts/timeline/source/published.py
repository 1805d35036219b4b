"""Links for ever: what the branch that is merged into has published must still be there."""

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timeline.model.document import UnreadableError, decode, take_apart
from timeline.model.fields import Kind
from timeline.model.problems import Problem
from timeline.model.terms import TERMS
from timeline.source.checkout import SECTION_PAGE

# Few entries name former ids; taking all others apart would take long.
_MARK = "aliases"


class NoBaseError(Exception):
    """There is nothing to compare with: why, and what to do."""


@dataclass(frozen=True)
class Claim:
    """A file that answers under an id: its own, or a former one.

    `first` is the oldest of its ids, by which feeds, calendars and anchors know it.
    """

    path: str
    first: str
    alias: bool = False


Claims = dict[tuple[Kind, str], Claim]
File = tuple[str, bytes]  # path below the project; content, empty where it names no former id


def lost_ids(root: Path, base: str) -> list[Problem]:
    """Every id that `base`, a branch or commit, has published and that leads nowhere now.

    Or to an entry that goes by the first id of another: subscribers would take it for that one.
    Raises NoBaseError where `base` cannot be read.
    """
    commit = where_it_parted(root, base)
    here, there = claims_here(root), _claims(_files_of(root, commit))
    lost = [_problem(*key, there[key]) for key in there.keys() - here.keys()]
    others = [
        _taken_for_another(then, here[kind, name])
        for (kind, name), then in there.items()
        if not then.alias and (kind, name) in here and (kind, then.first) in here
        if here[kind, name].first != then.first
    ]
    return sorted(lost + others)


def where_it_parted(root: Path, base: str) -> str:
    """The last commit that both have: what the base added since then is not lost here.

    In a clone without history it is the base itself.
    """
    try:
        tip = git(root, "rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}").strip()
    except NoBaseError as error:
        raise NoBaseError(
            f"there is no {base!r} to compare with (git: {error}); fetch it, or name another branch"
        ) from None
    return git(root, "merge-base", "HEAD", tip, most=1).strip() or tip


def _problem(kind: Kind, name: str, claim: Claim) -> Problem:
    if claim.alias:
        said = f"the former id {name!r} leads nowhere any more; keep it in 'aliases'"
    elif kind == "entries":
        said = (
            f"the published entry {name!r} is gone; keep the file and say why in 'withdrawn', or "
            "name this id in the 'aliases' of the file that it has become"
        )
    else:
        said = "the published page is gone; put it back, since links lead to it"
    return Problem(claim.path, 1, said)


def _taken_for_another(then: Claim, now: Claim) -> Problem:
    if then.first == Path(now.path).stem:
        todo = (
            "only its own former ids belong there; an entry that repeats it keeps its file and "
            "says so in 'withdrawn'"
        )
    else:
        todo = f"put {then.first!r} first"
    said = (
        f"feeds, calendars and anchors know this entry as {then.first!r}, and by the first of "
        f"'aliases' would take it for {now.first!r}; {todo}"
    )
    return Problem(now.path, 1, said)


def claims_here(root: Path) -> Claims:
    """The files of the checkout under every id that they answer to."""
    return _claims(_files_here(root))


def _claims(files: Iterable[File]) -> Claims:
    """Ids of files by their names, and the aliases of entries."""
    found: Claims = {}
    for path, content in files:
        kind = _kind(path)
        if kind:
            own = Path(path).stem
            aliases = _aliases(content) if kind == "entries" else []
            first = aliases[0] if aliases else own
            found[kind, own] = Claim(path, first)
            for alias in aliases:
                found.setdefault((kind, alias), Claim(path, first, alias=True))
    return found


def _kind(path: str) -> Kind | None:
    """Of which kind a file is, by where it stands."""
    folder, _, name = path.rpartition("/")
    if not name.endswith(".md") or name == f"{SECTION_PAGE}.md":
        return None
    if folder.startswith("entries/"):
        return "entries"
    return next((kind for kind in TERMS if folder == f"docs/{kind}"), None)


def _aliases(content: bytes) -> list[str]:
    """The former ids that an entry names; none where it cannot be read, of which others tell."""
    try:
        named = take_apart(decode(content)).values.get(_MARK) if content else None
    except UnreadableError:
        named = None
    return [alias for alias in named if isinstance(alias, str)] if isinstance(named, list) else []


def _files_here(root: Path) -> Iterator[File]:
    for folder in ("entries", "docs"):
        for file in sorted((root / folder).rglob("*.md")):
            content = file.read_bytes() if file.is_file() and not file.is_symlink() else b""
            marked = _MARK.encode() in content
            yield file.relative_to(root).as_posix(), content if marked else b""


def _files_of(root: Path, commit: str) -> Iterator[File]:
    """The files of a commit, by git's lists that NUL bytes divide."""
    marked = git(root, "grep", "-lz", "--fixed-strings", _MARK, commit, "--", "entries", most=1)
    naming = {name.removeprefix(f"{commit}:") for name in marked.split("\0")}
    for path in git(root, "ls-tree", "-r", "-z", "--name-only", commit).split("\0"):
        text = git(root, "show", f"{commit}:./{path}") if path in naming and path else ""
        yield path, text.encode(errors="surrogateescape")


def git(root: Path, *arguments: str, most: int = 0) -> str:
    """What git prints. Raises NoBaseError where its status is above `most`, or there is no git."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except FileNotFoundError:
        raise NoBaseError("git is not installed") from None
    if done.returncode > most:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise NoBaseError(said[0] if said else "failed")
    return done.stdout.decode(errors="surrogateescape")
