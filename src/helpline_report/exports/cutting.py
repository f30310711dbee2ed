"""Rows of plain text cut at their delimiters all at once, where no cell stands in quotes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from helpline_report.exports.growing import GrowingColumn, TwoTextsError
from helpline_report.exports.many_texts import KEPT, WORD, Words
from helpline_report.exports.text import TextColumn

Offsets = npt.NDArray[np.signedinteger]
Bytes = npt.NDArray[np.uint8]
# So many rows at a time: what is made of them stays near the processor.
CHUNK = 1 << 15
# A longer cell is no key and no label: texts of such a width would fill the memory.
LONGEST = 64


class _OddError(Exception):
    """Rows that can't be cut so: another reader takes them."""


def cut(
    text: bytes,
    starts: Offsets,
    ends: Offsets,
    *,
    delimiter: str,
    width: int,
    wanted: Sequence[int],
) -> dict[int, TextColumn] | None:
    """Columns (0-based) of rows that are known to have `width` fields each, by their bytes.

    None where cells stand in quotes or are long: then the rows have to be read one by one.
    """
    if b'"' in text or not len(starts):
        return None
    growing = {at: GrowingColumn() for at in wanted}
    try:
        for first in range(0, len(starts), CHUNK):
            chunk = slice(first, first + CHUNK)
            piece = _Piece(text, starts[chunk], ends[chunk], ord(delimiter), width)
            for at, column in growing.items():
                column.add(piece.words(at))
        return {at: column.finished() for at, column in growing.items()}
    except (_OddError, TwoTextsError):
        return None


class _Piece:
    """Some rows of a text: their bytes, and what stands before and after each of their cells."""

    def __init__(
        self, text: bytes, starts: Offsets, ends: Offsets, delimiter: int, width: int
    ) -> None:
        low, high = int(starts[0]), int(ends[-1])
        # A word at the end of the last cell reads beyond it.
        piece = np.zeros(high - low + LONGEST + WORD, dtype=np.uint8)
        piece[: high - low] = np.frombuffer(text, dtype=np.uint8, count=high - low, offset=low)
        # A word for each byte that one may begin with: nothing is copied, and none is aligned.
        shape, every = (piece.size - WORD + 1,), (1,)
        self._windows: Words = np.ndarray(shape, dtype=np.uint64, buffer=piece, strides=every)
        self._edges = np.empty((width + 1, len(starts)), dtype=np.int64)
        self._edges[0], self._edges[-1] = starts - (low + 1), ends - low
        self._edges[1:-1] = self._delimiters(piece[: high - low] == delimiter).T

    def _delimiters(self, found: npt.NDArray[np.bool_]) -> Offsets:
        """The places of the delimiters of each row, and of none that stands between rows."""
        rows, inner = self._edges.shape[1], len(self._edges) - 2
        places = np.flatnonzero(found)
        if places.size != inner * rows:
            row = np.searchsorted(self._edges[0], places, side="left") - 1
            places = places[places < self._edges[-1][row]]
        if places.size != inner * rows:
            raise _OddError
        return places.reshape(rows, inner)

    def words(self, at: int) -> Words:
        """The cells of a column as rows of words, each word by itself; zeros behind a cell."""
        starts = self._edges[at] + 1
        lengths = self._edges[at + 1] - starts
        shortest, longest = int(lengths.min()), int(lengths.max())
        if longest > LONGEST:
            raise _OddError
        words = np.empty((max(1, -(-longest // WORD)), len(starts)), dtype=np.uint64)
        for place in range(len(words)):
            begun = WORD * place
            words[place] = self._windows[starts + begun if begun else starts]
            if shortest < begun + WORD:
                words[place] &= KEPT.take(np.clip(lengths - begun, 0, WORD))
        return words.T
