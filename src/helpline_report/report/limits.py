"""What a chapter may take of the machine: time, memory and output. Past it, it is ended and told.

Whoever runs chapters reads these when they are due, and not when it is imported.
"""

from __future__ import annotations

import os
import sys

CELL_SECONDS = 600
START_SECONDS = 120
# What a cell may print before it is stopped; anything that it prints is an error afterwards.
FLOOD = 1_000_000
# Of the machine's memory: two chapters run at a time, and the program itself holds the tables.
MEMORY_SHARE = 0.5


def memory() -> int | None:
    """How many bytes one chapter may hold; None where the system doesn't say what it has."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    return int(whole * MEMORY_SHARE)


def limit_memory(process: int) -> None:
    """Let a process hold so much and no more; a cell that asks for more gets a `MemoryError`.

    Without effect where a system can't limit another process.
    """
    most = memory()
    if sys.platform != "linux" or most is None:
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    try:
        _, hard = resource.prlimit(process, resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.prlimit(process, resource.RLIMIT_DATA, (most, hard))
    except (OSError, ValueError):
        pass  # it has ended already
