"""Rows that were wrapped in quotes as a whole, so that a reader sees one field and blanks (B71)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from helpline_report.exports.fields import count_fields
from helpline_report.exports.grid import Lines
from helpline_report.exports.structure import QUOTE, Structure


def unwrap(
    text: bytes, structure: Structure, delimiter: str, least: int
) -> tuple[bytes, Lines] | None:
    """The text with such rows unwrapped, and their lines; None where there are none.

    A row is unwrapped when its first field holds at least `least` fields and nothing follows it.
    """
    if b'"' not in text:
        return None
    mended: list[bytes] = []
    rows: list[int] = []
    for row in _one_quoted_field(text, structure, delimiter):
        whole = text[structure.starts[row] : structure.ends[row]]
        inner = _unwrapped(whole, delimiter.encode(), int(structure.fields[row]))
        if inner is not None and count_fields(inner, delimiter.encode()) >= least:
            mended.append(inner)
            rows.append(int(row))
    if not rows:
        return None
    return _spliced(text, structure, rows, mended), structure.lines[rows]


def _one_quoted_field(text: bytes, structure: Structure, delimiter: str) -> npt.NDArray[np.int64]:
    """Rows that begin with a quote and, but for delimiters after it, end with one."""
    buffer = np.frombuffer(text, dtype=np.uint8)
    length = structure.ends - structure.starts
    rows = np.flatnonzero(length > structure.fields + 1)
    starts, ends, fields = structure.starts[rows], structure.ends[rows], structure.fields[rows]
    found = (buffer[starts] == QUOTE) & (buffer[ends - fields] == QUOTE)
    found &= (fields == 1) | (buffer[ends - 1] == ord(delimiter))
    one: npt.NDArray[np.int64] = rows[found]
    return one


def _unwrapped(row: bytes, delimiter: bytes, fields: int) -> bytes | None:
    field = row.removesuffix(delimiter * (fields - 1)) if fields > 1 else row
    if len(row) - len(field) != fields - 1:
        return None
    return field[1:-1].replace(b'""', b'"')


def _spliced(text: bytes, structure: Structure, rows: list[int], mended: list[bytes]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for row, inner in zip(rows, mended, strict=True):
        pieces += [text[at : structure.starts[row]], inner]
        at = int(structure.ends[row])
    return b"".join([*pieces, text[at:]])
