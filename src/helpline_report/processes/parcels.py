"""Work beside this process of which the result is large: its arrays come in memory of both.

Through a pipe each array would be copied four times, and be in memory twice at once.
"""

from __future__ import annotations

import mmap
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from helpline_report.processes.beside import beside

Result = TypeVar("Result")
# Where an array may begin: so that each of its numbers lies in one line of the processor's memory.
ALIGNED = 64


@dataclass(frozen=True)
class Parcel:
    """A pickle without its arrays, and where each of these begins and ends in shared memory."""

    pickled: bytes
    spans: tuple[tuple[int, int], ...]


@contextmanager
def beside_with_arrays(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """As `beside`, for a result that holds large arrays.

    They lie in memory that has no name and goes with the last array. Where the system has none
    such, they come as any other result.
    """
    memory = _memory()
    if memory is None:
        with beside(work) as result:
            yield result
        return
    with os.fdopen(memory, "w+b") as shared, beside(partial(_sent, work, memory)) as parcel:
        yield lambda: _received(parcel(), shared.fileno())


def _memory() -> int | None:
    if not hasattr(os, "memfd_create"):
        return None
    try:
        return os.memfd_create("helpline-report")
    except OSError:
        return None


def _sent(work: Callable[[], Result], memory: int) -> Parcel:
    arrays: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(work(), protocol=5, buffer_callback=arrays.append)
    spans, at = list[tuple[int, int]](), 0
    for array in arrays:
        content = array.raw()
        spans.append((at, at + content.nbytes))
        _write(memory, content, at)
        at += -(-content.nbytes // ALIGNED) * ALIGNED
    return Parcel(pickled, tuple(spans))


def _write(memory: int, content: memoryview, at: int) -> None:
    """Write all of it: one call takes no more than 2 GiB."""
    while content.nbytes:
        done = os.pwrite(memory, content, at)
        content, at = content[done:], at + done


def _received(parcel: Parcel, memory: int) -> Result:  # type: ignore[type-var]
    """What was sent: its arrays are this process's own as soon as it writes to them."""
    whole = max((end for _, end in parcel.spans), default=0)
    seen = memoryview(mmap.mmap(memory, whole, access=mmap.ACCESS_COPY) if whole else b"")
    # What comes was written by a fork of this very process.
    return pickle.loads(  # type: ignore[no-any-return]  # noqa: S301
        parcel.pickled, buffers=[seen[start:end] for start, end in parcel.spans]
    )
