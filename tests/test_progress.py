"""Progress of a long build: a line for each step, and a counter on a terminal."""

import io
import logging
import sys

import pytest
from timeline.cli import LOG, PROGRESS_INTERVAL, with_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "level", "shown"),
    [
        (Terminal(), logging.INFO, 13),
        (io.StringIO(), logging.INFO, 0),  # as in CI
        (Terminal(), logging.ERROR, 0),  # with --quiet
    ],
)
def test_steps_are_logged_and_counted_on_a_terminal(
    stream: io.StringIO,
    level: int,
    shown: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with caplog.at_level(level, LOG.name):
        assert list(with_progress("Pages", range(1250))) == list(range(1250))
    assert [record.getMessage() for record in caplog.records] == (
        ["Pages: 1,250"] if level == logging.INFO else []
    )
    numbers = stream.getvalue().split("\r")[1::2]
    assert numbers == [f"{n:9,} of 1,250" for n in range(0, 1250, PROGRESS_INTERVAL)][:shown]
