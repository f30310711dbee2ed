"""Work in a process beside this one: what it gives and raises, and that nothing is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import psutil
import pytest

from helpline_report.errors import MachineError, RefusedError
from helpline_report.processes import beside as module
from helpline_report.processes.beside import ahead, beside
from helpline_report.processes.forking import can_fork
from tests.processes.running import runs

forks = pytest.mark.skipif(not can_fork(), reason="this system forks no processes")

RUN = """
import os, time
from helpline_report.processes.beside import beside

def work():
    print(os.getpid(), flush=True)
    time.sleep(60)

with beside(work) as result:
    result()
"""


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
    assert "a fault of the program: ValueError, processes/beside.py" in str(raised.value)
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
    with beside(lambda: time.sleep(60)):
        running = psutil.Process().children()
        assert running
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

    def busy(wait: Callable[[], bytes]) -> tuple[bool, int]:
        until = time.monotonic() + 20
        while not handed.exists() and time.monotonic() < until:
            time.sleep(0.01)
        return handed.exists(), len(wait())

    with ahead(busy) as begun:
        result = begun(b"row" * 1_000_000)
        handed.touch()
        assert result() == (True, 3_000_000)


@forks
def test_ends_before_it_is_given_what_it_needs() -> None:
    """Work that fails while it still has nothing to wait for says why."""
    with ahead(lambda wait: refuse()) as begun:
        time.sleep(0.1)
        result = begun(b"row" * 1_000_000)
        with pytest.raises(RefusedError, match=r"^contacts\.total: the counts differ"):
            result()


def test_without_fork_it_waits_for_all() -> None:
    """Where there is no fork, the work begins when what it needs is there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "can_fork", lambda: False)
        with ahead(lambda wait: wait() + 1) as begun:
            assert begun(1)() == 2


def test_without_fork_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no fork the work is done in this process, once it is asked for."""
    monkeypatch.setattr(module, "can_fork", lambda: False)
    with beside(os.getpid) as result:
        assert result() == os.getpid()


def test_without_room_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started any more, the work is done in this one."""

    def full() -> NoReturn:
        raise BlockingIOError

    monkeypatch.setattr(module, "fork", full)
    with beside(os.getpid) as result:
        assert result() == os.getpid()


@forks
def test_ends_with_a_killed_run() -> None:
    """Where this process is killed and can end nothing itself, the work ends all the same."""
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        process = int(run.stdout.readline())
        run.kill()
    until = time.monotonic() + 5
    while runs(process) and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs(process)
