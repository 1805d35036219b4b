"""Work in a second process, beside that of the first."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import NamedTuple, TypeVar

T = TypeVar("T")


def beside(work: Callable[[], T]) -> Callable[[], T]:
    """Start the work, and return what waits for its result, or raises the error that ended it.

    The process has everything that the first one has; what it changes is lost but for files and
    the result. Where a system cannot copy a process, the work is done at once.
    """
    if sys.platform != "linux":
        result = work()
        return lambda: result
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, sender))
    process.start()
    sender.close()

    def end() -> T:
        try:
            result: T | Failure = receiver.recv()
        except EOFError:
            message = "the system ended a process of the build; is there enough memory?"
            result = Failure(OSError(message))
        process.join()
        if isinstance(result, Failure):
            raise result.error
        return result

    return end


class Failure(NamedTuple):
    """What ended the work of a process in place of a result."""

    error: Exception


def _run(work: Callable[[], object], sender: Connection) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        sender.send(work())
    except Exception as error:  # noqa: BLE001 - the first process says it
        sender.send(Failure(error))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
