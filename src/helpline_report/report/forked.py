"""Chapters in processes that are forked from this one, which has the tables in memory already.

Each chapter has a process of its own, at most so many at a time. This process has one thread, and
only looks on: it hears where each chapter is, and ends one that takes too long or prints too much.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import IO, cast

from nbformat import from_dict

from helpline_report.processes.ends import end
from helpline_report.processes.forking import fork, lead_group
from helpline_report.processes.guard import Guard, guarded
from helpline_report.report import limits
from helpline_report.report.endings import Due, Ending, How, Task

LOOK_SECONDS = 0.2


def run_forked(
    chapters: Sequence[Due], folder: Path, workers: int, prepare: Callable[[], None]
) -> Generator[Ending]:
    """Run chapters in `folder`; each process calls `prepare` first, which costs this one nothing.

    Closed before its end, it ends what runs.
    """
    # Loaded once, before the first fork: every worker has it then.
    from helpline_report.report import worker as _  # noqa: F401, PLC0415

    waiting, running = deque(chapters), list[Running]()
    with guarded() as guard:
        try:
            while waiting or running:
                while waiting and sum(not each.rests for each in running) < workers:
                    started = _start(waiting.popleft(), folder, prepare, guard)
                    if isinstance(started, Ending):
                        yield started
                        return
                    running.append(started)
                ready = set(wait([each.heard for each in running], LOOK_SECONDS))
                for each in [*running]:
                    ending = each.look(hear=each.heard in ready)
                    if ending is not None:
                        running.remove(each)
                        each.end(guard)
                        yield ending
        finally:
            for each in running:
                each.end(guard)


def _start(due: Due, folder: Path, prepare: Callable[[], None], guard: Guard) -> Running | Ending:
    """Fork a process for a chapter."""
    with ExitStack() as kept:
        try:
            own = Path(tempfile.mkdtemp(prefix="chapter-"))
            kept.callback(shutil.rmtree, own, ignore_errors=True)
            printed = (
                kept.enter_context(tempfile.TemporaryFile()),
                kept.enter_context(tempfile.TemporaryFile()),
            )
            heard, told = Pipe(duplex=False)
            kept.callback(heard.close)
            kept.callback(told.close)
            process = fork()
        except OSError as error:
            return Ending(due.name, "no_start", 0.0, kind=type(error).__name__)
        kept.pop_all()
    if process == 0:
        _be_worker(Task(due, folder, own, printed, told), prepare)
    told.close()
    lead_group(process)
    limits.limit_memory(process)
    guard.watch(process, own)
    return Running(due, process, own, printed, heard)


def _be_worker(task: Task, prepare: Callable[[], None]) -> None:
    """What the new process does, to its end: it never returns to what this one was doing."""
    try:
        lead_group(0)
        from helpline_report.report.worker import work  # noqa: PLC0415 - loaded already

        work(task, prepare)
    finally:
        os._exit(0)


class Running:
    """A chapter that runs, as it is seen from outside.

    One that `rests` only waits for what its last cell may still print: another may run meanwhile.
    """

    def __init__(
        self,
        due: Due,
        process: int,
        own: Path,
        printed: tuple[IO[bytes], IO[bytes]],
        heard: Connection,
    ) -> None:
        self.heard, self.rests = heard, False
        self._due, self._process, self._own, self._printed = due, process, own, printed
        self._cell = ""
        self._start = self._since = time.monotonic()

    def look(self, *, hear: bool) -> Ending | None:
        """What there is to say of it: its ending, or nothing yet; `hear` where it has spoken."""
        ending = self._hear() if hear else None
        while ending is None and self.heard.poll():
            ending = self._hear()
        if (ending is None or ending.how == "died") and self._flooded():
            return self._ending("flooded")
        if ending is None and time.monotonic() - self._since > limits.CELL_SECONDS:
            return self._ending("too_long")
        return ending

    def _flooded(self) -> bool:
        return sum(os.fstat(file.fileno()).st_size for file in self._printed) > limits.FLOOD

    def _hear(self) -> Ending | None:
        try:
            how, *said = cast("tuple[str, ...]", self.heard.recv())
        except (EOFError, OSError):
            return self._ending("died")
        if how == "cell":
            self._cell, self._since = said[0], time.monotonic()
            return None
        if how == "rests":
            self.rests = True
            return None
        if how == "ran":
            return self._ending("ran", node=from_dict(json.loads(said[0])))
        if how == "raised":
            return self._ending("raised", kind=said[0], text=said[1])
        return self._ending("no_start", kind=said[0])

    def _ending(self, how: How, **more: object) -> Ending:
        seconds = time.monotonic() - self._start
        return Ending(self._due.name, how, seconds, self._cell, **more)  # type: ignore[arg-type]

    def end(self, guard: Guard) -> None:
        """End it, and all that it has started; nothing of it is left."""
        end(self._process)
        os.waitpid(self._process, 0)
        guard.release(self._process)
        self.heard.close()
        for file in self._printed:
            file.close()
        shutil.rmtree(self._own, ignore_errors=True)
