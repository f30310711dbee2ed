"""A delimited file as rows of cells, how it is to be written, and the bytes that come of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

# In every text that is put in. No message may hold it.
CANARY = "zeemeeuw"


@dataclass
class Sheet:
    """A file in the making: `rows` with the header first, lines above and below, and its dress."""

    name: str
    rows: list[list[str]]
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    delimiter: str = ";"
    quoted: bool = False
    line_end: str = "\n"
    last_end: bool = True
    wrapped: frozenset[int] = frozenset()
    encoding: str = "utf-8"
    mark: bytes = b""
    bytewise: list[Callable[[bytes], bytes]] = field(default_factory=list)

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return self.rows[0]

    def some_cell(self, rng: random.Random) -> tuple[list[str], int]:
        """A row of data and the place of a cell in it."""
        row = rng.choice([row for row in self.rows[1:] if row])
        return row, rng.randrange(len(row))

    def written(self) -> bytes:
        """The bytes of the file."""
        lines = [self._line(at, row) for at, row in enumerate(self.rows)]
        text = self.line_end.join([*self.above, *lines, *self.below])
        if self.last_end:
            text += self.line_end
        raw = self.mark + text.encode(self.encoding, errors="replace")
        for change in self.bytewise:
            raw = change(raw)
        return raw

    def _line(self, at: int, row: list[str]) -> str:
        line = self.delimiter.join(map(self._cell, row))
        return '"' + line.replace('"', '""') + '"' if at in self.wrapped else line

    def _cell(self, cell: str) -> str:
        if self.quoted or any(mark in cell for mark in ('"', self.delimiter, "\n", "\r")):
            return '"' + cell.replace('"', '""') + '"'
        return cell


def parsed(name: str, text: str) -> Sheet:
    """A sound file of the sample: no quotes, semicolons, each line a row."""
    return Sheet(name, [line.split(";") for line in text.splitlines()])
