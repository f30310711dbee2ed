"""A command run to its end: how long, how much work, and how much memory all its processes took."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from bench.results import Taken

# How often memory is looked at, in seconds: seldom enough to cost the measured nothing.
EVERY = 0.1


class Failed(Exception):
    """A command that ended with another code than it should: what it wrote to standard error."""


def watch(
    command: Sequence[str | Path],
    folder: Path,
    *,
    code: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Taken:
    """Run a command in a folder: wall clock and CPU in seconds, peak memory in bytes.

    CPU and memory are of the command and of what it started. Memory that processes share counts
    once: each has its proportional part.

    Raises:
        Failed: it didn't end with `code`.
    """
    began = time.perf_counter()
    log = folder / "watched.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        peak = _Peak(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        peak.stop()
    # Popen is told that nobody has to wait for the process any more.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != code:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise Failed(f"{command[0]} ended with {process.returncode}, not {code}:\n{said}")
    log.unlink()
    return Taken(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=peak.bytes)


class _Peak(threading.Thread):
    """Looks at a tree of processes again and again, and keeps the most memory that it had."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.bytes = 0
        self._pid = pid
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        """Until told to stop."""
        while not self._over.wait(EVERY):
            self.bytes = max(self.bytes, _memory(self._pid))

    def stop(self) -> None:
        """The command is through."""
        self._over.set()
        self.join()


def _memory(pid: int) -> int:
    """What a process and its descendants have, in bytes; 0 once it is gone."""
    try:
        tree = [psutil.Process(pid)]
        tree += tree[0].children(recursive=True)
    except psutil.Error:
        return 0
    return sum(_of_process(process) for process in tree)


def _of_process(process: psutil.Process) -> int:
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(found, "pss", found.uss))
