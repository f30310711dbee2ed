"""Many distinct texts as bytes of one width: a register has a key for each of millions of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
WORD = 8
# The bytes of a word that are left of a text with so many bytes in it.
KEPT = np.array([(1 << 8 * size) - 1 for size in range(WORD + 1)], dtype=np.uint64)
EACH = np.uint64(0x0101010101010101)
NOT_ASCII = EACH * np.uint64(0x80)
TWO_WORDS = 2
# So many rows at a time: what is made of them stays near the processor.
CHUNK = 1 << 15


class ManyTexts(Sequence[str]):
    """Texts of ASCII without NUL: a row of words each, in the order of their bytes, zeros behind.

    A text is made when it is asked for; what looks at all of them looks at `words` or `flat`.
    """

    def __init__(self, words: Words) -> None:
        self.words = np.ascontiguousarray(words)
        self._bytes = self.words.view(f"S{WORD * words.shape[1]}").ravel()

    def __reduce__(self) -> tuple[type[ManyTexts], tuple[Words]]:
        return ManyTexts, (self.words,)

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [text.decode() for text in self._bytes[at].tolist()]
        return bytes(self._bytes[at]).decode()

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), 1 << 16):
            yield from self[start : start + (1 << 16)]

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str) or len(text.encode()) > WORD * self.words.shape[1]:
            return False
        found = np.arange(len(self))
        wanted = widened(words_of([text]), self.words.shape[1])[0]
        for word, due in zip(self.words.T, wanted, strict=True):
            found = found[word[found] == due]
        return bool(found.size)

    @cached_property
    def bytes_held(self) -> npt.NDArray[np.bool_]:
        """Of each of the 256 bytes whether it stands in any text; a NUL never does."""
        counts = np.zeros(256, dtype=np.int64)
        flat = self.words.reshape(-1).view(np.uint8)
        for start in range(0, len(flat), 1 << 20):
            counts += np.bincount(flat[start : start + (1 << 20)], minlength=256)
        counts[0] = 0
        held: npt.NDArray[np.bool_] = counts > 0
        return held

    def first(self, place: int = 0) -> npt.NDArray[np.uint8]:
        """A byte of each, by its place from the front (below 8); 0 where the text is shorter."""
        shifted = self.words[:, 0] >> np.uint64(8 * place)
        return shifted.astype(np.uint8)

    def edges(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """The first and the last byte of each; 0 of one that is empty."""
        width = WORD * self.words.shape[1]
        table = self.words.view(np.uint8).reshape(len(self), width)
        lengths = self.lengths()
        last = table[np.arange(len(self)), np.maximum(lengths, 1) - 1]
        return table[:, 0], last

    def lengths(self) -> npt.NDArray[np.int64]:
        """How many bytes each has."""
        # A byte that isn't 0 gets its highest bit, and none carries into the next.
        return self._bits(lambda word: word + EACH * np.uint64(0x7F))

    def digits(self) -> npt.NDArray[np.int64]:
        """How many digits each has."""
        # A digit is 0 to 9 when the bits of `0` are taken away; what is more gets its highest bit.
        zeros, carried = EACH * np.uint64(ord("0")), EACH * np.uint64(0x80 - 10)
        return self._bits(lambda word: ~((word ^ zeros) + carried))

    def _bits(self, marked: Callable[[Words], Words]) -> npt.NDArray[np.int64]:
        """How many bytes of each text have their highest bit, as a word is marked."""
        found = np.zeros(len(self), dtype=np.int64)
        for word in self.words.T:
            found += np.bitwise_count(marked(word) & NOT_ASCII)
        return found

    def letters(self) -> tuple[bool, bool]:
        """Whether there are small letters in any, and capitals."""
        held = self.bytes_held
        return bool(held[ord("a") : ord("z") + 1].any()), bool(held[ord("A") : ord("Z") + 1].any())

    def numbers(self, others: ManyTexts | None = None) -> tuple[Words, Words] | None:
        """A number for each text and for each of `others`, in the order of the bytes of the texts.

        None where they are too long, and what they begin with alike is too short, for 8 bytes to
        tell them apart.
        """
        both = [self.words] if others is None else [self.words, others.words]
        if any(words.shape[1] > TWO_WORDS or not len(words) for words in both):
            return None
        behind = max(int(t.lengths().max()) for t in (self, others) if t is not None) - WORD
        shift = np.uint64(8 * max(behind, 0))
        whole = np.uint64(8 * WORD)
        begin = both[0][0, 0].byteswap() >> (whole - shift) if shift else None
        found = []
        for words in both:
            number = words[:, 0].byteswap()
            if begin is not None:
                if (number >> (whole - shift) != begin).any():
                    return None
                number <<= shift
                if words.shape[1] == TWO_WORDS:
                    number |= words[:, 1].byteswap() >> (whole - shift)
            found.append(number)
        return found[0], found[-1]

    def by_length(self) -> npt.NDArray[np.int64]:
        """The places of the texts in order: the shorter first, then by their bytes."""
        lengths = self.lengths()
        if (lengths == lengths[:1]).all() and ascends(self.words):
            return np.arange(len(self))
        order = [word.byteswap() for word in self.words.T[::-1]]
        found: npt.NDArray[np.int64] = np.lexsort([*order, lengths])
        return found


def words_of(texts: Sequence[str]) -> Words:
    """The words of texts, whatever they hold but NUL."""
    if isinstance(texts, ManyTexts):
        return texts.words
    written = [text.encode() for text in texts]
    width = max(1, -(-max(map(len, written), default=0) // WORD))
    made = np.array(written, dtype=f"S{WORD * width}")
    return made.view(np.uint64).reshape(len(written), width)


def widened(words: Words, width: int) -> Words:
    """Rows of words with zeros behind, up to so many words."""
    missing = width - words.shape[1]
    return np.pad(words, ((0, 0), (0, missing))) if missing else words


def ascends(words: Words) -> bool:
    """Whether each row of words comes after the one before, by the bytes of its text.

    A register is numbered in the order in which it was filled: then no text stands twice.
    """
    for start in range(0, len(words) - 1, CHUNK):
        above = np.zeros(min(CHUNK, len(words) - 1 - start), dtype=np.bool_)
        same = ~above
        for word in words.T:
            found = word[start : start + CHUNK + 1].byteswap()
            above |= same & (found[1:] > found[:-1])
            same &= found[1:] == found[:-1]
        if not above.all():
            return False
    return True


def hashed(words: Words) -> Words:
    """A number of 64 bits for each row of words; zeros behind a text change nothing.

    The same in every process and on every machine; it can be compared, and not read back.
    """
    found = np.zeros(len(words), dtype=np.uint64)
    for start in range(0, len(words), CHUNK):
        piece = slice(start, start + CHUNK)
        found[piece] = _hashed(words[piece])
    return found


def _hashed(words: Words) -> Words:
    found = np.zeros(len(words), dtype=np.uint64)
    for word in words.T:
        mixed = _mixed(found ^ word * np.uint64(0x9E3779B97F4A7C15))
        found = np.where(word != 0, mixed ^ word, found)
    return found


def _mixed(number: Words) -> Words:
    """The bits of numbers spread over all of them (splitmix64)."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = number ^ (number >> np.uint64(31))
    return mixed
