"""A piece of work in a process of its own, while this one goes on with another.

Where the system has no fork, the work is done in this process when its result is asked for.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import NoReturn, TypeVar

from helpline_report.errors import HelplineError, MachineError, place_of
from helpline_report.processes.ends import end
from helpline_report.processes.forking import can_fork, fork, lead_group
from helpline_report.processes.guard import Guard, guarded

Needed = TypeVar("Needed")
Result = TypeVar("Result")
Work = Callable[[Callable[[], Needed]], Result]


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Begin a piece of work; the function that this gives waits for it and returns its result.

    The result is pickled on its way; what the work changes in memory stays in its own process.
    Left before the result was asked for, the work is ended.

    Raises, when asked:
        HelplineError: what the work raised.
        MachineError: its process died, or it raised something else.
    """

    def at_once(_: Callable[[], None]) -> Result:
        return work()

    with ahead(at_once) as begun:
        yield begun(None)


@contextmanager
def ahead(work: Work[Needed, Result]) -> Iterator[Callable[[Needed], Callable[[], Result]]]:
    """Begin a piece of work before all that it needs is there: it is given a function to wait by.

    The function that this gives hands over what is needed, which is pickled on its way; what that
    gives in turn waits for the result. All else is as for `beside`.
    """
    if not can_fork():
        yield lambda needed: lambda: work(lambda: needed)
        return
    with guarded() as guard:
        try:
            process, pipe = _begin(work, guard)
        except OSError:  # no room for another process: there may be room for the work
            yield lambda needed: lambda: work(lambda: needed)
            return
        try:
            yield partial(_handed, pipe)
        finally:
            pipe.close()
            end(process)
            os.waitpid(process, 0)
            guard.release(process)


def _begin(work: Work[Needed, Result], guard: Guard) -> tuple[int, Connection]:
    ours, its = Pipe()
    try:
        process = fork()
    except OSError:
        ours.close()
        its.close()
        raise
    if process == 0:
        ours.close()
        _be_beside(work, its)
    its.close()
    lead_group(process)
    guard.watch(process)
    return process, ours


def _be_beside(work: Work[Needed, Result], pipe: Connection) -> NoReturn:
    """What the new process does, to its end: it never returns to what this one was doing."""
    try:
        lead_group(0)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        # What was there before the fork stays shared: the collector would write to all of it.
        gc.freeze()
        came = SimpleQueue[Needed]()
        # Taken in while the work goes on, so that nobody waits to hand it over.
        Thread(target=_take, args=(pipe, came), daemon=True).start()
        pipe.send_bytes(_told(lambda: work(came.get)))
    finally:
        os._exit(0)


def _take(pipe: Connection, came: SimpleQueue[Needed]) -> None:
    with suppress(EOFError, OSError):  # nobody wants the result any more
        came.put(pipe.recv())


def _told(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((True, work()), protocol=pickle.HIGHEST_PROTOCOL)
    except HelplineError as error:
        return pickle.dumps((False, error))
    except MemoryError:
        return pickle.dumps((False, _too_little_memory()))
    except Exception as error:  # noqa: BLE001 - its text may hold a value of a row
        fault = MachineError(
            f"a fault of the program: {type(error).__name__}, {place_of(error)}",
            next_step="please report this line, and what you ran; the last edition stands",
        )
        return pickle.dumps((False, fault))


def _handed(pipe: Connection, needed: Needed) -> Callable[[], Result]:
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
