"""The SHA-256 of files, of a large one once while the file system says the same of it.

A year of millions of rows is held against what was read of it again and again: by what a build is
made from, by the cache of tables, by the second count, by the manifest.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

# A small file is hashed in no time, and might change twice between two ticks of the clock.
LARGE = 16 * 2**20

_counted: dict[tuple[int, ...], str] = {}


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        seen = _seen(file.fileno())
        known = _counted.get(seen)
        if known is not None:
            return known
        found = hashlib.file_digest(file, "sha256").hexdigest()
        if seen[0] >= LARGE and _seen(file.fileno()) == seen:
            _counted[seen] = found
        return found


def _seen(descriptor: int) -> tuple[int, ...]:
    """What the file system says: nobody changes a file and leaves all of these as they were."""
    found = os.fstat(descriptor)
    times = found.st_mtime_ns, found.st_ctime_ns
    return found.st_size, *times, found.st_ino, found.st_dev
