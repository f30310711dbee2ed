"""The end of a process that runs a chapter, with all that the chapter has started."""

from __future__ import annotations

import os
import signal
import sys


def end(process: int) -> None:
    """End a process that leads a group, and those that it has started."""
    try:
        if sys.platform == "win32":
            os.kill(process, signal.SIGTERM)
        else:
            os.killpg(process, signal.SIGKILL)
    except OSError:
        pass  # it has ended already
