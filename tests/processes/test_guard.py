from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from helpline_report.processes import guard
from tests.processes.running import runs

RUN = """
import subprocess, sys, time
from pathlib import Path
from helpline_report.processes.guard import guarded
with guarded() as guard:
    for name in ("kept", "released"):
        started = subprocess.Popen(["sleep", "60"], start_new_session=True)
        guard.watch(started.pid, Path(sys.argv[1]) / name)
        print(started.pid, flush=True)
    guard.release(started.pid)
    {}
    time.sleep(60)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no groups of processes")


def start(folder: Path, last: str = "") -> tuple[subprocess.Popen[str], list[int]]:
    """A run that has started two processes, and said of one that it is gone."""
    for name in ("kept", "released"):
        (folder / name).mkdir()
    command = [sys.executable, "-c", RUN.replace("{}", last), str(folder)]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    return run, [int(run.stdout.readline()) for _ in range(2)]


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[list[int]]:
    """The processes of a run that was killed while it had two."""
    run, processes = start(tmp_path)
    with run:
        time.sleep(0.2)
        run.kill()
    yield processes
    for process in processes:
        guard.subprocess.run(["kill", "-9", str(process)], capture_output=True, check=False)


def test_what_a_killed_run_started_ends(killed: list[int], tmp_path: Path) -> None:
    """Within five seconds, its folder with it; what was said to be gone is let alone."""
    end = time.monotonic() + 5
    while (runs(killed[0]) or (tmp_path / "kept").exists()) and time.monotonic() < end:
        time.sleep(0.05)
    assert [runs(process) for process in killed] == [False, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["released"]


def test_without_a_guard_a_run_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no process can be started for it, nothing is guarded and nothing fails."""
    monkeypatch.setattr(guard.sys, "executable", str(tmp_path / "none"))
    before = psutil.Process().children()
    with guard.guarded() as found:
        found.watch(1, tmp_path)
        found.release(1)
        assert psutil.Process().children() == before


def test_a_guard_that_ends_before_its_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A guard that is gone can be told what it likes."""
    monkeypatch.setattr(guard, "LOOK_ON", "")
    before = psutil.Process().children()
    with guard.guarded() as found:
        (process,) = [each for each in psutil.Process().children() if each not in before]
        time.sleep(0.2)
        assert not runs(process.pid)
        found.watch(1, tmp_path)
        found.release(1)
