"""Do a piece of work in a process of its own, while this one goes on with another.

Where the system has no fork, the work is done in this process when its result is asked for.
"""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import NoReturn, TypeVar

from helpline_report.errors import HelplineError, MachineError, place_of

Needed = TypeVar("Needed")
Result = TypeVar("Result")
Work = Callable[[Callable[[], Needed]], Result]

LOOK_SECONDS = 0.5


def can_fork() -> bool:
    """Whether a process can be forked here with what it has loaded: nowhere but on Linux.

    Windows has no such thing, and the libraries of macOS don't bear it.
    """
    return sys.platform == "linux"


def end_group(process: int) -> None:
    """End a process that leads a group, and those that it has started."""
    with suppress(OSError):  # it has ended already
        if sys.platform == "win32":
            os.kill(process, signal.SIGTERM)
        else:
            os.killpg(process, signal.SIGKILL)


def end_with(parent: Callable[[], object], folder: str | None = None) -> None:
    """Once `parent` returns, end this process, which leads a group, and all that it has started.

    For a process whose parent may be killed, and can end nothing itself then. `folder` goes too.
    """

    def wait() -> None:
        parent()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        end_group(os.getpid())

    threading.Thread(target=wait, daemon=True).start()


def wait_for_end(parent: int) -> None:
    """Return when the process that started this one is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)


@contextmanager
def ahead(work: Work[Needed, Result]) -> Iterator[Callable[[Needed], Callable[[], Result]]]:
    """Begin a piece of work before all that it needs is there: it is given a function to wait by.

    The function that this gives hands over what is needed; what that gives in turn waits for the
    result. Both are pickled on their way; what the work changes in memory stays in its own process.
    Left before the result was asked for, the work is ended.

    Raises, when asked:
        HelplineError: what the work raised.
        MachineError: its process died, or it raised something else.
    """
    try:
        process, pipe = _begin(work)
    except OSError:  # no fork, or no room for another process: there may be room for the work
        yield lambda needed: lambda: work(lambda: needed)
        return
    try:
        yield partial(_hand_over, pipe)
    finally:
        pipe.close()
        end_group(process)
        os.waitpid(process, 0)


def _begin(work: Work[Needed, Result]) -> tuple[int, Connection]:
    if not can_fork():
        raise OSError
    ours, its = Pipe()
    parent = os.getpid()
    try:
        with warnings.catch_warnings():
            # Python warns of threads, which here are those of libraries that wait for work.
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
    except OSError:
        ours.close()
        its.close()
        raise
    # Both say who leads the group, whoever comes first.
    with suppress(OSError):
        os.setpgid(process, process)
    if process == 0:
        ours.close()
        _be_beside(work, its, parent)
    its.close()
    return process, ours


def _be_beside(work: Work[Needed, Result], pipe: Connection, parent: int) -> NoReturn:
    """What the new process does, to its end: it never returns to what this one was doing."""
    try:
        end_with(partial(wait_for_end, parent))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        # What was there before the fork stays shared: the collector would write to all of it.
        gc.freeze()
        came = SimpleQueue[Needed]()
        # Taken in while the work goes on, so that nobody waits to hand it over.
        threading.Thread(target=_take, args=(pipe, came), daemon=True).start()
        pipe.send_bytes(_outcome(lambda: work(came.get)))
    finally:
        os._exit(0)


def _take(pipe: Connection, came: SimpleQueue[Needed]) -> None:
    with suppress(EOFError, OSError):  # nobody wants the result any more
        came.put(pipe.recv())


def _outcome(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((True, work()), protocol=pickle.HIGHEST_PROTOCOL)
    except HelplineError as error:
        fault = error
    except MemoryError:
        fault = _too_little_memory()
    except Exception as error:  # noqa: BLE001 - its text may hold a value of a row
        fault = MachineError(
            f"a fault of the program: {type(error).__name__}, {place_of(error)}",
            next_step="please report this line, and what you ran; the last edition stands",
        )
    return pickle.dumps((False, fault))


def _hand_over(pipe: Connection, needed: Needed) -> Callable[[], Result]:
    with suppress(ConnectionError):  # it has ended, and may have said why
        pipe.send(needed)
    return partial(_result, pipe)


def _result(pipe: Connection) -> Result:  # type: ignore[type-var]
    try:
        # What comes was written by a fork of this very process.
        done, result = pickle.loads(pipe.recv_bytes())  # noqa: S301
    except (EOFError, OSError):
        raise _too_little_memory() from None
    if not done:
        raise result
    return result  # type: ignore[no-any-return]


def _too_little_memory() -> MachineError:
    return MachineError(
        "a process of the program was ended, or had too little memory",
        next_step="end other programs and run again; the last edition stands",
    )
