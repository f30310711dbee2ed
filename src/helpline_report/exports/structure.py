"""Where the rows of a delimited text begin and end, found without reading their fields."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.signedinteger]
Numbers = npt.NDArray[np.signedinteger]
Bytes = npt.NDArray[np.uint8]
NEWLINE, QUOTE = 10, 34
# So many bytes at a time: what is made of them stays near the processor.
CHUNK = 1 << 20
# In a shorter text 32 bits hold every offset, and those of some bytes behind it.
NARROW = 2**31 - 2**16
# Space, tab, newline, quote, and the two bytes of a no-break space.
FILLING = (32, 9, NEWLINE, QUOTE, 0xC2, 0xA0)
PEELED = 200


@dataclass(frozen=True)
class Structure:
    """Rows of a text by their place: byte offsets, physical lines (1-based), fields a row.

    A newline or delimiter in quotes belongs to its field. `open_quote` is the line of a quote
    that opens and never closes properly; nothing after it can be trusted. `ends_in_quote` says
    that it stands in the last line, which doesn't end: as in a file that was cut off.
    """

    starts: Offsets
    ends: Offsets
    lines: Numbers
    fields: Numbers
    ends_in_newline: bool
    open_quote: int | None = None
    ends_in_quote: bool = False

    def blank(self) -> npt.NDArray[np.bool_]:
        """Rows that hold delimiters and nothing else."""
        nothing_else: npt.NDArray[np.bool_] = self.ends - self.starts == self.fields - 1
        return nothing_else

    def perhaps_blank(self, text: bytes, delimiter: str) -> Offsets:
        """Rows that begin as a row of blanks with spaces or quotes does, and may be one."""
        buffer = np.frombuffer(text, dtype=np.uint8)
        filling = np.zeros(256, dtype=np.bool_)
        filling[[*FILLING, ord(delimiter)]] = True
        # A row that holds something leaves after a few bytes; most leave at once.
        begins = filling[buffer[np.minimum(self.starts, buffer.size - 1)]]
        rows = np.flatnonzero(begins & ~self.blank())
        for place in range(1, PEELED):
            at = self.starts[rows] + place
            ended = at >= self.ends[rows]
            if ended.all():
                break
            rows = rows[ended | filling[buffer[np.minimum(at, buffer.size - 1)]]]
        return rows

    def after(self, row: int) -> Structure:
        """The rows below one of them."""
        below = slice(row + 1, None)
        return replace(
            self,
            starts=self.starts[below],
            ends=self.ends[below],
            lines=self.lines[below],
            fields=self.fields[below],
        )


def scan(text: bytes, delimiter: str) -> Structure:
    """Find the rows of `text` (UTF-8, lines ending in a newline)."""
    return _scan_quoted(text, delimiter) if b'"' in text else _scan_plain(text, delimiter)


def _scan_plain(text: bytes, delimiter: str) -> Structure:
    """The rows of a text without quotes: each is a line."""
    buffer = np.frombuffer(text, dtype=np.uint8)
    offset = np.int32 if len(text) < NARROW else np.int64
    ends, fields = [np.empty(0, dtype=offset)], [np.empty(0, dtype=np.int32)]
    begun = 0  # how many fields of a line ended in the piece before
    for low in range(0, len(text), CHUNK):
        piece = buffer[low : low + CHUNK]
        marks = np.flatnonzero((piece == NEWLINE) | (piece == ord(delimiter)))
        newlines = np.flatnonzero(piece[marks] == NEWLINE)
        ends.append((marks[newlines] + low).astype(offset))
        fields.append(np.diff(newlines, prepend=-1 - begun).astype(np.int32))
        begun = len(marks) - 1 - int(newlines[-1]) if len(newlines) else begun + len(marks)
    ends_in_newline = text.endswith(b"\n")
    if not ends_in_newline:
        ends.append(np.array([len(text)], dtype=offset))
        fields.append(np.array([begun + 1], dtype=np.int32))
    ended = np.concatenate(ends)
    starts = np.zeros_like(ended)
    starts[1:] = ended[:-1] + 1
    return Structure(
        starts=starts,
        ends=ended,
        lines=np.arange(1, len(ended) + 1, dtype=np.int32),
        fields=np.concatenate(fields),
        ends_in_newline=ends_in_newline,
    )


def _scan_quoted(text: bytes, delimiter: str) -> Structure:
    buffer = np.frombuffer(text, dtype=np.uint8)
    newlines = np.flatnonzero(buffer == NEWLINE)
    delimiters = np.flatnonzero(buffer == ord(delimiter))
    quotes = np.flatnonzero(buffer == QUOTE)
    ends = _outside(newlines, quotes)
    ends_in_newline = text.endswith(b"\n")
    if not ends_in_newline:
        ends = np.append(ends, len(text))
    starts = np.concatenate(([0], ends[:-1] + 1))
    delimiters = _outside(delimiters, quotes)
    stray = _stray_quote(buffer, quotes, ord(delimiter))
    return Structure(
        starts=starts,
        ends=ends,
        lines=np.searchsorted(newlines, starts) + 1,
        fields=np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1,
        ends_in_newline=ends_in_newline,
        open_quote=None if stray is None else int(np.searchsorted(newlines, stray)) + 1,
        ends_in_quote=stray is not None and stray == quotes[-1] and b"\n" not in text[stray:],
    )


def _outside(places: Offsets, quotes: Offsets) -> Offsets:
    """The places that stand in no quoted field: an even number of quotes before them."""
    if quotes.size == 0:
        return places
    outside: Offsets = places[np.searchsorted(quotes, places) % 2 == 0]
    return outside


def _stray_quote(buffer: Bytes, quotes: Offsets, delimiter: int) -> int | None:
    """The first quote that opens a field in its middle, or whose partner doesn't end the field.

    Two quotes in a row inside a field are one quote of its text, so an opening quote may follow
    a closing one directly.
    """
    if quotes.size == 0:
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    borders = (delimiter, NEWLINE)
    bad = (opening > 0) & ~np.isin(buffer[opening - 1], borders)
    bad[1:] &= opening[1:] - 1 != closing[: opening.size - 1]
    last = closing == buffer.size - 1
    after = buffer[np.minimum(closing + 1, buffer.size - 1)]
    unclosed = ~last & ~np.isin(after, borders)
    following = min(closing.size, opening.size - 1)
    unclosed[:following] &= closing[:following] + 1 != opening[1 : following + 1]
    bad[: closing.size] |= unclosed
    bad[closing.size :] = True
    return int(opening[bad.argmax()]) if bad.any() else None
