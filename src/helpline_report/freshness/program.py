"""The program that makes an edition, and what is installed beside it, as the file system has them.

Asked before each build: no file is read, and no library asked what version it is of.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from helpline_report import __version__

PACKAGE = Path(__file__).resolve().parents[1]
# Python's own marks of what is installed: `pandas-3.1.1.dist-info`.
INSTALLED = (".dist-info", ".egg-info")


def program(package: Path = PACKAGE) -> list[Any]:
    """The program and its Python: version, and when and how large each of its files is."""
    return [__version__, sys.version, sorted(_stamps(str(package)))]


def _stamps(folder: str) -> Iterator[list[str | int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _stamps(entry.path) if entry.name != "__pycache__" else ()
            else:
                found = entry.stat()
                yield [entry.path, found.st_size, found.st_mtime_ns]


def libraries(folders: Sequence[str]) -> list[str]:
    """What is installed in folders that Python looks in, each by its name and version."""
    found: set[str] = set()
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                found.update(entry.name for entry in entries if entry.name.endswith(INSTALLED))
        except OSError:
            continue  # a folder that isn't there, or an archive
    return sorted(found)
