"""Whether a process is there still."""

from __future__ import annotations

import psutil


def runs(process: int) -> bool:
    """Whether a process is there, and no mere entry in the system's list."""
    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
