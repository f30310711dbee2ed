"""What a run has started ends with it, also where the run is killed and can end nothing itself.

A small process of its own looks on. While the run lives it does nothing; when the run is gone it
ends the groups of processes that are left, and removes their folders.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

# It is told a line a process, `+ 123 folder` or `- 123`, and asks twice a second for its parent: a
# process that was forked from the run may hold the pipe open. Of a run that is gone it still hears
# all that was told.
LOOK_ON = """\
import os, select, shutil, signal, sys
run, left, heard = int(sys.argv[1]), {}, b""
while True:
    lives = os.getppid() == run
    if not select.select([0], [], [], 0.5 if lives else 0)[0]:
        if lives:
            continue
        break
    more = os.read(0, 65536)
    if not more:
        break
    *lines, heard = (heard + more).split(b"\\n")
    for line in lines:
        what, process, folder = line.split(b" ", 2)
        left[int(process)] = folder
        if what == b"-":
            del left[int(process)]
for process, folder in left.items():
    try:
        os.killpg(process, signal.SIGKILL)
    except OSError:
        pass
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
"""


class Guard:
    """What is told of processes that each lead a group of their own."""

    def __init__(self, told: IO[bytes] | None) -> None:
        self._told = told

    def watch(self, process: int, folder: Path | None = None) -> None:
        """A process has started, which keeps its files in `folder`."""
        self._tell("+", process, str(folder or ""))

    def release(self, process: int) -> None:
        """The process and its folder are gone."""
        self._tell("-", process, "")

    def _tell(self, what: str, process: int, folder: str) -> None:
        if self._told is None:
            return
        with suppress(OSError):  # nobody looks on any more
            self._told.write(f"{what} {process} {folder}\n".encode(errors="surrogateescape"))
            self._told.flush()


@contextmanager
def guarded() -> Iterator[Guard]:
    """A guard for as long as a run lasts; where none can be had, the run does without."""
    process = _looking_on()
    if process is None:
        yield Guard(None)
        return
    try:
        yield Guard(process.stdin)
    finally:
        with suppress(OSError):  # it has ended already
            process.communicate()


def _looking_on() -> subprocess.Popen[bytes] | None:
    if sys.platform == "win32":
        return None  # which has no groups of processes
    command = [sys.executable, "-I", "-S", "-c", LOOK_ON, str(os.getpid())]
    quiet = subprocess.DEVNULL
    try:
        # Ctrl-C goes to all processes of a terminal's group: this one has its own session.
        return subprocess.Popen(  # noqa: S603 - this very Python, on the text above
            command,
            stdin=subprocess.PIPE,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,
            cwd="/",
        )
    except OSError:
        return None
