"""The settings of the site in mkdocs.yml, read without MkDocs."""

import datetime
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from yaml_env_tag import construct_env_tag

CONFIG = "mkdocs.yml"
CHECKOUT = Path(__file__).resolve().parent.parent.parent  # the one that contains this code
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": LICENCE_ADDRESS,
}
_GITHUB = re.compile(r"(?P<repository>https://github\.com/[^/]+/[^/]+/)edit/(?P<branch>[^/]+)/")
TAG_YEAR = 2026  # a year in which the site held the authority; permanent, as part of every id


@dataclass(frozen=True)
class GitHub:
    """A repository on GitHub and the branch from which the site is built.

    https://docs.github.com/en/issues/tracking-your-work-with-issues/creating-an-issue
    """

    repository: str  # its address, with a slash at the end
    branch: str

    @property
    def new_file(self) -> str:
        """The address for new files; append a folder, and prefill with `filename` and `value`."""
        return f"{self.repository}new/{self.branch}/"

    @property
    def new_issue(self) -> str:
        """The address for new issues; `template` chooses the form, field ids prefill it."""
        return f"{self.repository}issues/new"

    def file(self, path: str) -> str:
        """Return the address of a file's page."""
        return f"{self.repository}blob/{self.branch}/{path}"


@dataclass(frozen=True)
class Site:
    """The settings of the site. `url` and `edit_uri` end with a slash.

    `authority` is the host in permanent ids. After a move of the site, `extra.authority` in
    mkdocs.yml keeps the former host, so that subscriptions continue.
    """

    name: str
    description: str
    url: str
    edit_uri: str
    authority: str
    copyright: str  # one sentence
    jurisdiction: str = ""  # default of entries
    zone: datetime.tzinfo = field(default=datetime.UTC)  # determines the date of today

    def absolute(self, url: str) -> str:
        """Return the absolute address of a page or file of the site, such as `entries/<id>/`."""
        return self.url + url

    def webcal(self, url: str) -> str:
        """Return the address with which a calendar program subscribes to a file of the site."""
        return f"webcal://{self.absolute(url).partition('://')[2]}"

    def tag(self, name: str) -> str:
        """Return a permanent, globally unique id (RFC 4151)."""
        return f"tag:{self.authority},{TAG_YEAR}:{name}"

    @property
    def github(self) -> GitHub | None:
        """The repository, parsed from `edit_uri`, or None if it is not on GitHub."""
        found = _GITHUB.fullmatch(self.edit_uri)
        return GitHub(found["repository"], found["branch"]) if found else None


class _Loader(yaml.SafeLoader):
    """A YAML loader that supports `!ENV [NAME, default]` as MkDocs does."""


_Loader.add_constructor("!ENV", construct_env_tag)


def _read(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings in mkdocs.yml, and those under `extra`."""
    text = (root / CONFIG).read_text(encoding="utf-8")
    config = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with one more tag
    return config, config.get("extra") or {}


@cache
def field_words() -> dict[str, Any]:
    """Return `extra.words`: the words of the field of law for the checks and the importer."""
    return _read(CHECKOUT)[1].get("words") or {}


def read_site(root: Path) -> Site:
    """Return the settings of a checkout's site. Raises OSError if there is no mkdocs.yml."""
    config, extra = _read(root)
    url = config["site_url"].rstrip("/") + "/"
    return Site(
        name=config["site_name"],
        description=config["site_description"],
        url=url,
        edit_uri=config["edit_uri"].rstrip("/") + "/",
        authority=extra.get("authority") or urlsplit(url).hostname or "localhost",
        copyright=config["copyright"],
        jurisdiction=extra.get("jurisdiction", ""),
        zone=ZoneInfo(extra.get("time_zone", "UTC")),
    )
