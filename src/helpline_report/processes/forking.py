"""Forking this process, where the system bears it."""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import suppress


def can_fork() -> bool:
    """Whether a process can be forked here with what it has loaded: nowhere but on Linux.

    Windows has no such thing, and the libraries of macOS don't bear it.
    """
    return sys.platform == "linux"


def fork() -> int:
    """Fork this process: 0 in the new one, its number in this one.

    Raises:
        OSError: there is no room for another.
    """
    with warnings.catch_warnings():
        # Python warns of threads, which here are those of libraries that wait for work.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def lead_group(process: int) -> None:
    """Let a process lead a group, so that it ends with all that it started.

    Both it (by the number 0) and its parent say so, whoever comes first.
    """
    with suppress(OSError):  # it has ended already
        os.setpgid(process, process)
