"""What a chapter may take of the machine: time, memory and output.

Whoever runs chapters reads these when they are due, and not when it is imported.
"""

from __future__ import annotations

import os
import sys

CELL_SECONDS = 600
START_SECONDS = 120
# How many characters a cell may print and show, but for what it records.
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


def limit_process() -> None:
    """Limit the memory of this process, and let it leave no core dump when it crashes.

    A cell that asks for more memory gets a `MemoryError`. A core dump would hold rows. Without
    effect where a system knows no such limits.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, memory())):
        if most is None:
            continue
        _, hard = resource.getrlimit(limit)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(limit, (least, least))
        except (OSError, ValueError):
            continue  # macOS takes no limit below what a process holds already
