"""What each distinct text of a column stands for, and the same for all its rows at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from helpline_report.exports.findings import Findings
from helpline_report.exports.shapes import shape
from helpline_report.exports.text import Lines, TextColumn

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """What one text stands for: a value, perhaps mended (`repair`), or a `fault` by its code."""

    value: int = -1
    repair: str = ""
    fault: str = ""
    what: str = ""
    expected: str = ""
    next_step: str = ""


Reader = Callable[[str], Reading]


@dataclass
class Repairs:
    """Rows that were mended, by the code of the fault; each row counts once in a balance."""

    rows: int
    by_code: dict[str, Mask] = field(default_factory=dict)

    def add(self, code: str, rows: Mask) -> None:
        """Mark rows as mended for a fault."""
        self.by_code[code] = self.by_code.get(code, np.zeros(self.rows, dtype=np.bool_)) | rows

    def count(self, kept: Mask) -> dict[str, int]:
        """Mended rows among `kept`; a row mended twice counts under the first of its codes."""
        left = kept.copy()
        counts: dict[str, int] = {}
        for code, rows in sorted(self.by_code.items()):
            counted = left & rows
            if counted.any():
                counts[code] = int(counted.sum())
            left &= ~rows
        return counts


def read_column(
    name: str,
    column: TextColumn,
    lines: Lines,
    reader: Reader,
    *,
    repairs: Repairs,
    findings: Findings,
) -> Values:
    """The value of each row; repairs are marked, and each row with a fault becomes a problem."""
    readings = [reader(text) for text in column.distinct]
    used = np.bincount(column.codes, minlength=len(readings)) > 0
    for code in sorted({reading.repair for reading in readings if reading.repair}):
        mended = np.array([reading.repair == code for reading in readings])
        if (mended & used).any():
            repairs.add(code, mended[column.codes])
    faulty = np.array([bool(reading.fault) for reading in readings], dtype=np.bool_)
    if faulty.any():
        for row in np.flatnonzero(faulty[column.codes]):
            place = column.codes[row]
            reading, text = readings[place], column.distinct[place]
            findings.refuse(
                reading.fault,
                f"{shape(text)} {reading.what}",
                line=int(lines[row]),
                column=name,
                expected=reading.expected,
                next_step=reading.next_step,
                row=True,
            )
    values = np.array([reading.value for reading in readings], dtype=np.int64)
    return values[column.codes]
