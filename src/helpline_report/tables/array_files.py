"""Write a value that holds large arrays to a file, where they lie as in memory.

Whoever maps the file into memory has the arrays at once, and shares them with others that do.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

# The bytes that say how long the pickle at the end of a file is.
LENGTH = 8
# Where an array may begin: so that each of its numbers lies in one line of the processor's memory.
ALIGNED = 64


def pieces_of(value: object) -> Iterator[bytes | memoryview]:
    """What a file of the value holds: its arrays, a pickle of the rest, and how long that is.

    It comes piece by piece, so that no second copy of the arrays is made on the way.
    """
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    spans, at = list[tuple[int, int]](), 0
    for buffer in buffers:
        array = buffer.raw()
        spans.append((at, at + array.nbytes))
        yield array
        padding = -array.nbytes % ALIGNED
        yield bytes(padding)
        at += array.nbytes + padding
    rest = pickle.dumps((pickled, spans))
    yield rest
    yield len(rest).to_bytes(LENGTH)


def open_pieces(content: memoryview) -> Any:
    """The value of such a file; its arrays lie where `content` is, and are written to there.

    A pickle can run code: this program must have written the file.
    """
    begins = len(content) - LENGTH
    rest = content[begins - int.from_bytes(content[begins:]) : begins]
    pickled, spans = pickle.loads(rest)  # noqa: S301
    return pickle.loads(pickled, buffers=[content[start:end] for start, end in spans])  # noqa: S301
