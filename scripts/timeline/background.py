"""Run a function in a background process."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Failure(NamedTuple):
    """An error in a background process, sent instead of a result."""

    error: Exception


def in_background(function: Callable[[], T]) -> Callable[[], T]:
    """Run a function in a background process and return a function that waits for its result.

    The returned function raises the error that ended the process, if any. The process starts as a
    copy of this one; of its changes, only files and the result outlive it. On a system that cannot
    copy a process, the function runs at once.
    """
    if sys.platform != "linux":
        result = function()
        return lambda: result
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(function, sender))
    process.start()
    sender.close()

    def get_result() -> T:
        try:
            result: T | Failure = receiver.recv()
        except EOFError:
            message = "the system ended a process of the build; is there enough memory?"
            result = Failure(OSError(message))
        process.join()
        if isinstance(result, Failure):
            raise result.error
        return result

    return get_result


def _run(function: Callable[[], object], sender: Connection) -> None:
    os.nice(2)  # the main process has the most to do
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    try:
        sender.send(function())
    except Exception as error:  # noqa: BLE001 - raised again in the parent process
        sender.send(Failure(error))


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
