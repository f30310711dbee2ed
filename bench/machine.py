"""What was measured on, and when: cores, processor, memory and versions, and no name."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

LIBRARIES = ("papermill", "nbconvert", "pandas", "matplotlib", "scipy", "duckdb", "typst")


def machine() -> dict[str, str]:
    """What the page says of the machine; how busy it was before anything was measured, too."""
    memory = psutil.virtual_memory().total / 2**30
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def today() -> str:
    """The day of the measurement."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()
