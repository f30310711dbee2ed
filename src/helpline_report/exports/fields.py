"""The fields of one row of delimited text."""

from __future__ import annotations

QUOTE = '"'
KEPT_DELIMITER = "\0"


def fields_of(row: str, delimiter: str) -> list[str]:
    """The fields of a row, however long they are; quotes around and within a field are undone.

    Quotes must be balanced, as `structure.scan` sees to; a row holds no NUL.
    """
    if QUOTE not in row:
        return row.split(delimiter)
    pieces = row.split(QUOTE)
    pieces[1::2] = [piece.replace(delimiter, KEPT_DELIMITER) for piece in pieces[1::2]]
    return [_unquoted(field, delimiter) for field in QUOTE.join(pieces).split(delimiter)]


def _unquoted(field: str, delimiter: str) -> str:
    if not field.startswith(QUOTE):
        return field
    return field[1:-1].replace(QUOTE * 2, QUOTE).replace(KEPT_DELIMITER, delimiter)


def count_fields(row: bytes, delimiter: bytes) -> int:
    """How many fields a row has, 0 if it is more rows than one; what stands in quotes is text."""
    outside = row.split(b'"')[0::2]
    if any(b"\n" in piece for piece in outside):
        return 0
    return sum(piece.count(delimiter) for piece in outside) + 1
