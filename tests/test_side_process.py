"""Work in a process beside this one: what it gives and raises, and that nothing is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psutil
import pytest

from helpline_report import side_process
from helpline_report.errors import MachineError, RefusedError
from helpline_report.side_process import ahead, can_fork
from tests.conftest import wait_until

forks = pytest.mark.skipif(not can_fork(), reason="this system forks no processes")

RUN = """
import os, time
import subprocess
from helpline_report.side_process import ahead

def work(wait):
    started = subprocess.Popen(["sleep", "60"])
    print(os.getpid(), started.pid, flush=True)
    time.sleep(60)

with ahead(work) as begun:
    begun(None)()
"""


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """A piece of work that needs nothing more."""
    with ahead(lambda _: work()) as begun:
        yield begun(None)


def runs(process: int) -> bool:
    """Whether a process is there, and no mere entry in the system's list."""
    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def refuse() -> NoReturn:
    raise RefusedError("the counts differ", where="contacts.total", next_step="see why")


def fail() -> NoReturn:
    raise ValueError("a value of a row")


def test_gives_the_result() -> None:
    """What the work returns comes back, and this process went on meanwhile."""
    with beside(lambda: sum(range(5))) as result:
        assert result() == 10


@forks
def test_in_a_process_of_its_own() -> None:
    """The work changes nothing in the memory of this process."""
    seen: list[int] = []

    def work() -> int:
        seen.append(1)
        return os.getpid()

    with beside(work) as result:
        assert result() != os.getpid()
    assert seen == []


def test_raises_what_the_work_raised() -> None:
    """An error of ours comes back with its class and its whole message."""
    with beside(refuse) as result, pytest.raises(RefusedError) as raised:
        result()
    assert str(raised.value) == "contacts.total: the counts differ\n  → see why"


@forks
def test_a_fault_is_told_without_its_text() -> None:
    """Of another error its class is told; what it says may hold a value of a row."""
    with beside(fail) as result, pytest.raises(MachineError) as raised:
        result()
    assert "a fault of the program: ValueError, side_process.py" in str(raised.value)
    assert "a value of a row" not in str(raised.value)


@forks
def test_a_killed_process_is_told() -> None:
    """A process that was killed says nothing: that is told, with what to do."""
    killed = beside(lambda: os.kill(os.getpid(), signal.SIGKILL))
    with killed as result, pytest.raises(MachineError) as raised:
        result()
    assert "ended, or had too little memory\n  → end other programs" in str(raised.value)


@forks
def test_ended_where_nobody_waits() -> None:
    """Left before its result was asked for, the work is ended."""
    # What other tests have started may still be ending: it isn't of this work.
    before = set(psutil.Process().children())
    with beside(lambda: time.sleep(60)):
        running = set(psutil.Process().children()) - before
        assert len(running) == 1
    assert [process for process in running if process.is_running()] == []


def test_begins_before_what_it_needs_is_there() -> None:
    """What the work waits for is handed over when it is asked for the result."""
    with ahead(lambda wait: sum(wait())) as begun:
        assert begun([1, 2, 3])() == 6


@forks
def test_much_that_it_needs() -> None:
    """More than a pipe holds comes through, and as much comes back."""
    whole = b"row" * 1_000_000
    with ahead(lambda wait: wait()) as begun:
        assert begun(whole)() == whole


@forks
def test_nobody_waits_to_hand_it_over(tmp_path: Path) -> None:
    """However much it is, and while the work is at something else still."""
    handed = tmp_path / "handed"

    def busy(wait: Callable[[], bytes]) -> int:
        wait_until(handed.exists)
        return len(wait())

    with ahead(busy) as begun:
        result = begun(b"row" * 1_000_000)
        handed.touch()
        assert result() == 3_000_000


@forks
def test_ends_before_it_is_given_what_it_needs() -> None:
    """Work that fails while it still has nothing to wait for says why."""
    before = set(psutil.Process().children())
    with ahead(lambda wait: refuse()) as begun:
        (work,) = set(psutil.Process().children()) - before
        wait_until(lambda: not runs(work.pid))
        result = begun(b"row" * 1_000_000)
        with pytest.raises(RefusedError, match=r"^contacts\.total: the counts differ"):
            result()


def test_without_fork_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, when what it needs is there and its result is asked for."""
    monkeypatch.setattr(side_process, "can_fork", lambda: False)
    with ahead(lambda wait: (os.getpid(), wait())) as begun:
        assert begun(1)() == (os.getpid(), 1)


def test_without_room_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started any more, the work is done in this one."""

    def full() -> NoReturn:
        raise BlockingIOError

    monkeypatch.setattr(side_process.os, "fork", full)
    with beside(os.getpid) as result:
        assert result() == os.getpid()


@forks
def test_ends_with_a_killed_run() -> None:
    """Where this process is killed, the work ends all the same, with what it has started."""
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        processes = [int(number) for number in run.stdout.readline().split()]
        run.kill()
    wait_until(lambda: not any(map(runs, processes)))
