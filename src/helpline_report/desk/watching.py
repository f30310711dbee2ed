"""Which files changed since they were looked at last, by their times and sizes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

LOOK_EVERY = 0.2

Stamps = dict[Path, tuple[int, int]]


def stamps(paths: Iterable[Path]) -> Stamps:
    """The time of the last change and the size of each file that is there."""
    found: Stamps = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def changed(before: Stamps, now: Stamps) -> list[Path]:
    """The files that came, went or changed, in the order of their names."""
    return sorted(path for path in before.keys() | now if before.get(path) != now.get(path))


def wait_for_change(look: Callable[[], Stamps], before: Stamps) -> Stamps:
    """Look until something differs, and on until nothing does: an editor may write in steps."""
    now = before
    while now == before:
        time.sleep(LOOK_EVERY)
        now = look()
    while True:
        time.sleep(LOOK_EVERY / 4)
        again = look()
        if again == now:
            return now
        now = again
