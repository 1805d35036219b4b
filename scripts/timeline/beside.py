"""Work in a second process, beside that of the first."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait


def beside(work: Callable[[], object]) -> Callable[[], None]:
    """Start the work, and return what waits for its end and raises the error that ended it.

    The process has everything that the first one has, and only files come back from it. Where a
    system cannot copy a process, the work is done at once.
    """
    if sys.platform != "linux":
        work()
        return lambda: None
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, sender))
    process.start()
    sender.close()

    def end() -> None:
        try:
            error = receiver.recv()
        except EOFError:
            error = OSError("the system ended a process of the build; is there enough memory?")
        process.join()
        if error:
            raise error

    return end


def _run(work: Callable[[], object], sender: Connection) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the first process says it
        sender.send(error)
    else:
        sender.send(None)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
