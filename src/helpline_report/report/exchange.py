"""Two folders change places in one step, where the system has such a step."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
# The system, or this kind of file system, has no such step.
CANT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)
# Windows syncs a file only through a handle that may write to it.
TO_SYNC = os.O_RDWR if os.name == "nt" else os.O_RDONLY


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places: a reader finds either as it was or as it is, never nothing.

    False where that can't be done in one step; nothing has happened then.

    Raises:
        OSError: it fails for another reason: two disks, no right to write.
    """
    if sys.platform != "linux":
        return False
    step = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if step is None:
        return False
    done = step(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in CANT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def sync(folder: Path) -> None:
    """Have the disk hold all files of a folder, so that a power failure takes none of them."""
    paths = [*sorted(folder.rglob("*")), folder]
    # A disk that is told of many files at once writes them at once.
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_sync, [path for path in paths if not (path.is_dir() and os.name == "nt")]))


def _sync(path: Path) -> None:
    descriptor = os.open(path, TO_SYNC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_entries(folder: Path) -> None:
    """Have the disk hold which files and folders a folder has; where it can't be told so, no."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
