"""Rows of plain text cut at their delimiters all at once, where no cell stands in quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.exports.many_texts import KEPT, NOT_ASCII, WORD, ManyTexts, Words, hashed
from helpline_report.exports.text import Codes, TextColumn

Offsets = npt.NDArray[np.int64]
CHUNK = 250_000
# A longer cell is no key and no label: texts of such a width would fill the memory.
LONGEST = 64
# So many texts are kept as such; of more, as bytes.
FEW = 20_000


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
    growing = {at: _Growing() for at in wanted}
    try:
        for first in range(0, len(starts), CHUNK):
            chunk = slice(first, first + CHUNK)
            _add(text, starts[chunk], ends[chunk], (ord(delimiter), width), growing)
        return {at: column.finished() for at, column in growing.items()}
    except _OddError:
        return None


def _add(
    text: bytes,
    starts: Offsets,
    ends: Offsets,
    cells: tuple[int, int],
    growing: dict[int, _Growing],
) -> None:
    """Add the cells of some rows to the columns."""
    delimiter, width = cells
    low, high = int(starts[0]), int(ends[-1])
    # A word at the end of the last cell reads beyond it.
    piece = np.zeros(high - low + LONGEST + WORD, dtype=np.uint8)
    piece[: high - low] = np.frombuffer(text, dtype=np.uint8, count=high - low, offset=low)
    starts, ends = starts - low, ends - low
    found = np.flatnonzero(piece[: high - low] == delimiter)
    if found.size != (width - 1) * len(starts):
        rows = np.searchsorted(starts, found, side="right") - 1
        found = found[found < ends[rows]]
    if found.size != (width - 1) * len(starts):
        raise _OddError
    borders = found.reshape(len(starts), width - 1)
    for at, column in growing.items():
        left = starts if at == 0 else borders[:, at - 1] + 1
        right = ends if at == width - 1 else borders[:, at]
        column.add(_words(piece, left, right - left))


def _words(piece: npt.NDArray[np.uint8], starts: Offsets, lengths: Offsets) -> Words:
    """The bytes of cells as words, zeros behind them."""
    longest = int(lengths.max())
    if longest > LONGEST:
        raise _OddError
    width = max(1, -(-longest // WORD))
    windows = np.ndarray(
        (piece.size - WORD * width + 1,), dtype=f"V{WORD * width}", buffer=piece, strides=(1,)
    )
    words = windows[starts].view(np.uint64).reshape(len(starts), width)
    for place in range(width):
        words[:, place] &= KEPT[np.clip(lengths - WORD * place, 0, WORD)]
    return words


def _distinct(words: Words) -> tuple[Codes, Words]:
    """For each row of words its place among the distinct ones, which are in order of appearance."""
    new = np.zeros(len(words), dtype=np.bool_)
    new[0] = True
    for word in words.T:
        new[1:] |= word[1:] != word[:-1]
    begun = words[new]
    numbers = begun[:, 0] if words.shape[1] == 1 else hashed(begun)
    codes, seen = pd.factorize(numbers)
    first = np.empty(len(seen), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    found = begun[first]
    words_alike = (np.array_equal(a[codes], b) for a, b in zip(found.T, begun.T, strict=True))
    if words.shape[1] > 1 and not all(words_alike):
        raise _OddError  # two texts with one hash
    runs = np.cumsum(new, dtype=np.int32) - np.int32(1)
    return codes.astype(np.int32)[runs], found


@dataclass
class _Growing:
    """A column that grows by chunks of rows; its distinct texts stand in order of appearance."""

    codes: list[Codes] = field(default_factory=list)
    found: list[Words] = field(default_factory=list)

    def add(self, words: Words) -> None:
        """Add the texts of a chunk."""
        codes, found = _distinct(words)
        self.codes.append(codes)
        self.found.append(found)

    def finished(self) -> TextColumn:
        """The column of all chunks."""
        width = max(words.shape[1] for words in self.found)
        padded = [np.pad(words, ((0, 0), (0, width - words.shape[1]))) for words in self.found]
        sizes = [len(words) for words in self.found]
        self.found.clear()
        places, distinct = _distinct(np.concatenate(padded))
        begins = np.cumsum([0, *sizes])
        codes = np.concatenate(
            [places[begin:][codes] for begin, codes in zip(begins, self.codes, strict=False)]
        )
        self.codes.clear()
        texts = ManyTexts(distinct)
        if len(distinct) > FEW and not (distinct & NOT_ASCII).any():
            return TextColumn(texts, codes)
        return TextColumn(list(texts), codes)
