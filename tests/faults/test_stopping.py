"""A build that is stopped from without while a chapter runs."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import PLAIN
from tests.faults.runs import PROGRAM, environment, left_running, run, state
from tests.report.small_projects import bare, chapter

pytestmark = pytest.mark.slow
STARTS = "import subprocess\nstarted = subprocess.Popen(['sleep', '300'])"
WAITS = "import time, pathlib\npathlib.Path('asleep').touch()\ntime.sleep(300)"
STOPS = {
    signal.SIGINT: (130, "interrupted"),
    signal.SIGTERM: (143, "terminated"),
    signal.SIGHUP: (129, "the terminal was closed"),
}


@pytest.fixture
def running(root: Path, kernels: str) -> Iterator[subprocess.Popen[str]]:
    """A build in a cell that doesn't end, after one that has started a program."""
    bare(root, STARTS, WAITS)
    command = [*PROGRAM, "build", "2017"]
    asleep = root / "notebooks" / "asleep"
    with subprocess.Popen(
        command, cwd=root, env=environment(root, kernels), stderr=subprocess.PIPE, text=True
    ) as process:
        end = time.monotonic() + 60
        while not asleep.exists():
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.05)
        yield process
        process.kill()


@pytest.mark.parametrize("number", STOPS)
def test_a_signal(number: signal.Signals, running: subprocess.Popen[str]) -> None:
    """Ctrl-C, the system, a closed terminal: it ends soon and in good order, and says so."""
    ended, word = STOPS[number]
    running.send_signal(number)
    _, said = running.communicate(timeout=15)
    assert running.returncode == ended
    assert said.endswith(f"helpline-report: {word}; the last edition stands\n")
    assert "Traceback" not in said


def test_a_killed_driver(root: Path, running: subprocess.Popen[str]) -> None:
    """What it has started, and what cells have, ends by itself; the next build goes through."""
    before = state(root)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert left_running(root) == []
    chapter(root, *PLAIN)
    found = run(root, "build", "2017", "--again")
    assert found.returncode == 0, found.stderr
    assert state(root) == before


def test_two_builds_at_once(root: Path, running: subprocess.Popen[str]) -> None:
    """The second is refused, and told which process is the first."""
    found = run(root, "build", "2017")
    assert found.returncode == 1
    assert f"process {running.pid} makes the edition 2017 already\n  → wait" in found.stderr
