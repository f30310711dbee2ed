"""Limit what a chapter's kernel takes of the machine, and end it with the build.

A kernel runs `BEGIN` when it starts and `REPORT` after the last cell; both are in `observation`,
which loads IPython, and which the build goes without.
"""

import os
import resource
import shutil
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

# What a chapter may take of the machine. Import this module, not the values: tests set others.
CELL_SECONDS = 600
START_SECONDS = 120
# How many characters a cell may print and show; records don't count.
FLOOD = 1_000_000
# The part of the memory: two chapters run at a time, and the program itself holds the tables.
MEMORY_SHARE = 0.5
POLL_SECONDS = 0.5

REPORT_MIME = "application/vnd.helpline-report.run+json"
OBSERVATION = f"__import__('{__package__}.observation', fromlist=['start_observation'])"
BEGIN, REPORT = f"{OBSERVATION}.start_observation()", f"{OBSERVATION}.display_report()"


def end_group(process: int) -> None:
    """End a process that leads a group, and those that it has started."""
    with suppress(OSError):  # it has ended already
        os.killpg(process, signal.SIGKILL)


def end_with(parent: Callable[[], object], folder: str) -> None:
    """Once `parent` returns, delete `folder`, and end this process and all that it has started.

    The process leads a group. Its parent may be killed, and can't end it then.
    """

    def wait() -> None:
        parent()
        shutil.rmtree(folder, ignore_errors=True)
        end_group(os.getpid())

    threading.Thread(target=wait, daemon=True).start()


def most_memory() -> int | None:
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
    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, most_memory())):
        if most is not None:
            _, hard = resource.getrlimit(limit)
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            # macOS takes no limit below what a process holds already.
            with suppress(OSError, ValueError):
                resource.setrlimit(limit, (allowed, allowed))
