"""What holds large arrays, pickled beside them: a result of another process comes in shared memory.

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
from typing import Any, TypeVar

from helpline_report.processes.beside import beside

Result = TypeVar("Result")
# Where an array may begin: so that each of its numbers lies in one line of the processor's memory.
ALIGNED = 64


@dataclass(frozen=True)
class Parcel:
    """A pickle without its arrays, and where each of these begins and ends among their bytes."""

    pickled: bytes
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, held: object) -> tuple[Parcel, list[memoryview]]:
        """A parcel, and its arrays: each to be put where its span begins."""
        arrays: list[pickle.PickleBuffer] = []
        pickled = pickle.dumps(held, protocol=5, buffer_callback=arrays.append)
        contents, spans, at = [array.raw() for array in arrays], list[tuple[int, int]](), 0
        for content in contents:
            spans.append((at, at + content.nbytes))
            at += -(-content.nbytes // ALIGNED) * ALIGNED
        return cls(pickled, tuple(spans)), contents

    @property
    def size(self) -> int:
        """How many bytes the arrays take; those that are empty take none, wherever they begin."""
        return max((end for start, end in self.spans if end > start), default=0)

    def opened(self, content: memoryview) -> Any:
        """What was put in; its arrays lie where `content` is, and are written to there.

        A pickle can run code: this one must have been written by this program.
        """
        arrays = [content[start:end] for start, end in self.spans]
        return pickle.loads(self.pickled, buffers=arrays)  # noqa: S301


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


def _sent(work: Callable[[], object], memory: int) -> Parcel:
    parcel, contents = Parcel.of(work())
    for (start, _), content in zip(parcel.spans, contents, strict=True):
        _write(memory, content, start)
    return parcel


def _write(memory: int, content: memoryview, at: int) -> None:
    """Write all of it: one call takes no more than 2 GiB."""
    while content.nbytes:
        done = os.pwrite(memory, content, at)
        content, at = content[done:], at + done


def _received(parcel: Parcel, memory: int) -> Any:
    """What was sent: its arrays are this process's own as soon as it writes to them."""
    size = parcel.size
    return parcel.opened(
        memoryview(mmap.mmap(memory, size, access=mmap.ACCESS_COPY) if size else b"")
    )
