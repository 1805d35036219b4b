"""Where the site stands and what it is called: mkdocs.yml, read without MkDocs."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml_env_tag import construct_env_tag

CONFIG = "mkdocs.yml"


@dataclass(frozen=True)
class Site:
    """The site as a whole. `url` and `edit_uri` end with a slash."""

    name: str
    description: str
    url: str
    edit_uri: str
    copyright: str  # one sentence

    def absolute(self, url: str) -> str:
        """The whole address of a page or file of the site, such as `entries/<id>/`."""
        return self.url + url


class _Loader(yaml.SafeLoader):
    """Reads MkDocs' `!ENV [NAME, default]` as MkDocs does."""


_Loader.add_constructor("!ENV", construct_env_tag)


def read_site(root: Path) -> Site:
    """The site of a checkout. Raises OSError where there is no mkdocs.yml."""
    text = (root / CONFIG).read_text(encoding="utf-8")
    config = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with one tag more
    return Site(
        name=config["site_name"],
        description=config["site_description"],
        url=config["site_url"].rstrip("/") + "/",
        edit_uri=config["edit_uri"].rstrip("/") + "/",
        copyright=config["copyright"],
    )
