"""Statuses as plain text, in the words of the pages: one template says both."""

from markupsafe import Markup

from timeline.model.vocabulary import state_label
from timeline.rendering.rendering import environment
from timeline.standing.standing import Standing
from timeline.views.page import names


class StatusWords:
    """What pages, cards and citations say of the instruments of a day; each is worded once."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._names = names(standing.collection)
        self._said: dict[str, tuple[str, str]] = {}

    def validity(self, instrument: str) -> str:
        """`In force since 1 November 2021`."""
        return self._words(instrument)[0]

    def named(self, instrument: str) -> str:
        """`PIPL in force since 1 November 2021`."""
        said = self.validity(instrument)
        return f"{self._names['instruments'][instrument].short} {said[:1].lower()}{said[1:]}"

    def pending(self, instrument: str) -> str:
        """`Open for comments until 13 May 2022`; empty where nothing is pending."""
        return self._words(instrument)[1]

    def _words(self, instrument: str) -> tuple[str, str]:
        if instrument not in self._said:
            self._said[instrument] = self._worded(instrument)
        return self._said[instrument]

    def _worded(self, instrument: str) -> tuple[str, str]:
        status = self._standing.statuses[instrument]
        document = self._standing.collection.instruments[instrument]
        words = environment().get_template("status.html.j2").module
        validity = words.validity(status, document, state_label, self._names, str)  # type: ignore[attr-defined]
        pending = (words.pending(one, self._names, str) for one in status.pending)  # type: ignore[attr-defined]
        return _plain(validity), "; ".join(_plain(one) for one in pending)


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - tags are taken out, nothing is marked safe
