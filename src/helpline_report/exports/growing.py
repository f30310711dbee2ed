"""A column that grows by pieces: its distinct texts, and for each row the place of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.exports.many_texts import (
    NOT_ASCII,
    ManyTexts,
    Words,
    ascends,
    hashed,
    widened,
)
from helpline_report.exports.text import Codes, TextColumn, narrowed

# So many texts are kept as such; of more, as bytes.
FEW = 20_000
# So many are known by a table of their hashes. A column that has more, or of which most rows of the
# first piece differ, is one of keys.
KNOWN = 1 << 14
SLOTS = 18
SPREAD = np.uint64(0x9E3779B97F4A7C15)

Places = npt.NDArray[np.int32]


class TwoTextsError(Exception):
    """Two texts with one hash: another reader takes the rows."""


class GrowingColumn:
    """Takes the texts of a column, as rows of words, piece by piece.

    The distinct texts stand in order of appearance.
    """

    def __init__(self) -> None:
        self._labels = _Labels()
        self._keys: _Keys | None = None

    def add(self, words: Words) -> None:
        """Add the texts of a piece."""
        if self._keys is None and not self._labels.add(words):
            self._keys = _Keys(self._labels)
        if self._keys is not None:
            self._keys.add(words)

    def finished(self) -> TextColumn:
        """The column of all pieces."""
        distinct, codes = (self._keys or self._labels).finished()
        texts = ManyTexts(distinct)
        if len(distinct) > FEW and not (distinct & NOT_ASCII).any():
            return TextColumn(texts, codes)
        return TextColumn(list(texts), codes)


@dataclass
class _Labels:
    """Few texts, each in many rows: what a row holds is looked up by its hash, and compared."""

    known: Words = field(default_factory=lambda: np.empty((0, 1), dtype=np.uint64))
    codes: list[npt.NDArray[np.int16]] = field(default_factory=list)
    table: npt.NDArray[np.int16] = field(default_factory=lambda: np.empty(0, dtype=np.int16))

    def add(self, words: Words) -> bool:
        """Add the texts of a piece, unless there are too many."""
        if words.shape[1] > self.known.shape[1]:
            self.known = widened(self.known, words.shape[1])
        codes, unknown = self._look_up(words)
        if unknown.size and not self._learn(words, codes, unknown):
            return False
        self.codes.append(codes)
        return True

    def _look_up(self, words: Words) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.intp]]:
        """The place of each text among those that are known, and the rows of which it isn't."""
        if not len(self.known):
            return np.zeros(len(words), dtype=np.int16), np.arange(len(words))
        codes = self.table.take(_slots(words))
        places = codes.astype(np.intp)
        same = np.ones(len(words), dtype=np.bool_)
        for at, known in enumerate(self.known.T):
            held = known.take(places)
            same &= held == words[:, at] if at < words.shape[1] else held == 0
        return codes, np.flatnonzero(~same)

    def _learn(
        self, words: Words, codes: npt.NDArray[np.int16], rows: npt.NDArray[np.intp]
    ) -> bool:
        """Find or learn the texts of some rows; the table has one place for texts of one slot."""
        places, found = distinct_words(words[rows])
        if 2 * len(found) > len(words) > KNOWN:
            return False
        joined = np.concatenate([self.known, widened(found, self.known.shape[1])])
        among, known = distinct_words(joined)
        if len(known) > KNOWN:
            return False
        codes[rows] = among[len(self.known) :][places]
        if len(known) > len(self.known):
            self.known = np.asfortranarray(known)
            self.table = np.zeros(1 << SLOTS, dtype=np.int16)
            self.table[_slots(known)] = np.arange(len(known))
        return True

    def finished(self) -> tuple[Words, Codes]:
        """The distinct texts, and the places of all rows among them."""
        narrow = narrowed(len(self.known))
        return self.known, np.concatenate([codes.astype(narrow) for codes in self.codes])


def _slots(words: Words) -> npt.NDArray[np.intp]:
    """A number below `2 ** SLOTS` for each row of words; zeros behind a text change nothing."""
    mixed = words[:, 0] * SPREAD
    for at in range(1, words.shape[1]):
        mixed ^= (words[:, at] + np.uint64(at)) * words[:, at] * SPREAD
    mixed >>= np.uint64(64 - SLOTS)
    return mixed.astype(np.intp)


class _Keys:
    """Texts most of which stand in one row, or in rows that follow one another."""

    def __init__(self, before: _Labels) -> None:
        codes = [np.concatenate(before.codes).astype(np.int32)] if before.codes else []
        self._codes: list[Places] = codes
        self._found: list[Words] = [before.known] if before.codes else []

    def add(self, words: Words) -> None:
        """Add the texts of a piece."""
        new = _begins(words)
        begun = words if new.all() else words[new]
        self._codes.append(np.cumsum(new, dtype=np.int32) - np.int32(1))
        self._found.append(begun)

    def finished(self) -> tuple[Words, Codes]:
        """The distinct texts, and the places of all rows among them."""
        width = max(words.shape[1] for words in self._found)
        begins = np.cumsum([0, *map(len, self._found)])
        joined = np.empty((begins[-1], width), dtype=np.uint64)
        for at, words in enumerate(self._found):
            joined[begins[at] : begins[at + 1]] = widened(words, width)
        self._found.clear()
        places, distinct = distinct_words(joined)
        codes = [places[begins[at] :][codes] for at, codes in enumerate(self._codes)]
        self._codes.clear()
        return distinct, np.concatenate(codes)


def distinct_words(words: Words) -> tuple[Places, Words]:
    """For each row of words its place among the distinct ones, which are in order of appearance.

    Raises:
        TwoTextsError: two texts have one hash.
    """
    new = _begins(words)
    whole = bool(new.all())
    begun = words if whole else words[new]
    if ascends(begun):
        codes, found = np.arange(len(begun), dtype=np.int32), begun
    else:
        codes, found = _told_apart(begun)
    if whole:
        return codes, found
    runs = np.cumsum(new, dtype=np.int32) - np.int32(1)
    return codes[runs], found


def _begins(words: Words) -> npt.NDArray[np.bool_]:
    """The rows that aren't as the row before."""
    new = np.zeros(len(words), dtype=np.bool_)
    new[:1] = True
    for word in words.T:
        new[1:] |= word[1:] != word[:-1]
    return new


def _told_apart(words: Words) -> tuple[Places, Words]:
    numbers = words[:, 0] if words.shape[1] == 1 else hashed(words)
    codes, seen = pd.factorize(numbers)
    first = np.empty(len(seen), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    found = words[first]
    alike = (np.array_equal(a[codes], b) for a, b in zip(found.T, words.T, strict=True))
    if words.shape[1] > 1 and not all(alike):
        raise TwoTextsError
    return codes.astype(np.int32), found
