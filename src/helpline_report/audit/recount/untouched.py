"""Exports that stand as they were written, which the database reads from the file itself.

Nothing of such a file was mended or left out by its reading, and each of its rows is one line: then
the rows of text are the lines below the first, cut at their delimiters, and DuckDB cuts them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline_report.audit.recount.writing import name, text
from helpline_report.parameters.digests import digest
from helpline_report.parameters.row_layouts import RowFile

PIECE = 1 << 22
# No cell holds it: an empty one is a text too.
NO_TEXT = "\x01\x02\x01"


@dataclass(frozen=True)
class AsRead:
    """What the first reading says of a file in which it had nothing to mend or to leave out."""

    sha256: str
    rows: int


Standing = Mapping[tuple[str, str], AsRead]


@dataclass(frozen=True)
class Untouched:
    """A file of rows to be read as it stands: its header, and the columns that are wanted."""

    path: Path
    delimiter: str
    header: tuple[str, ...]
    wanted: tuple[str, ...]
    rows: int

    def sql(self) -> str:
        """The rows of the file as a table of texts, each with its physical line."""
        wanted = ", ".join(name(column) for column in self.wanted)
        line = "row_number() OVER () + 1 AS physical_line, false AS read_mended"
        return f"SELECT {line}, {wanted}\nFROM {self.rows_sql()}"

    def rows_sql(self) -> str:
        """The rows of the file, for FROM: texts, in the order of the file."""
        columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in self.header)
        return (
            f"read_csv({text(self.path.as_posix())}, columns = {{{columns}}}, header = true,\n"
            f"  auto_detect = false, delim = {text(self.delimiter)}, quote = '\"', escape = '\"',\n"
            f"  nullstr = {text(NO_TEXT)}, strict_mode = true, encoding = 'utf-8')"
        )


def untouched(path: Path, file: RowFile, read: AsRead | None) -> Untouched | None:
    """The file as it stands; None where it isn't the one that was read, or a row isn't a line."""
    if read is None:
        return None
    try:
        first, sha256, newlines = _looked_through(path)
    except OSError:
        return None
    header = _header(first, file.delimiter)
    if sha256 != read.sha256 or newlines != read.rows + 1:
        return None
    lowered = [column.lower() for column in header]
    if len(set(lowered)) < len(lowered) or not set(file.expected()) <= set(header):
        return None
    return Untouched(path, file.delimiter, header, tuple(file.expected()), read.rows)


def _looked_through(path: Path) -> tuple[bytes, str, int]:
    """The first line of a file, its SHA-256 and how many lines end in it."""
    newlines = 0
    with path.open("rb") as file:
        first = file.readline(PIECE)
        file.seek(0)
        while piece := file.read(PIECE):
            newlines += piece.count(b"\n")
    return first, digest(path), newlines


def _header(line: bytes, delimiter: str) -> tuple[str, ...]:
    written = line.decode(errors="replace").rstrip("\r\n")
    return tuple(next(csv.reader(io.StringIO(written), delimiter=delimiter), []))
