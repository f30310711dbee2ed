"""What a reader finds in one file: problems, what waits to be acknowledged, what was mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from helpline_report.errors import Problem
from helpline_report.exports.faults import FAULTS, FaultError, make_problem

# Of one fault a file may have millions; so many are told one by one, and all are counted.
KEPT = 1_000

Cell = Callable[[int, str], str]


@dataclass(frozen=True)
class ToAcknowledge:
    """Something that stops a run unless the parameters say that it is known.

    `lines` are the physical lines of its rows, as many as are told; `rows` is how many there are.
    """

    code: str
    what: str
    rows: int
    lines: Sequence[int] = ()
    column: str = ""
    next_step: str = ""


@dataclass
class Findings:
    """The problems of one file so far, and counts by the code of the fault.

    `problems` holds the first `KEPT` of each code, `counted` counts all of them. `faulty` are the
    physical lines of rows that are at fault by themselves, by code: a draft leaves them out.
    `excluded` counts rows that are left out; `noted` counts what was found and mended without
    touching a row: a byte order mark, an encoding, a header cell. `cell` says, for a workbook,
    which cell a row and a column are.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    faulty: dict[str, list[int]] = field(default_factory=dict)
    to_acknowledge: list[ToAcknowledge] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    cell: Cell | None = None

    def add(
        self,
        code: str,
        case: str = "",
        *,
        line: int = 0,
        column: str = "",
        row: bool = False,
        **values: Any,
    ) -> None:
        """Add a problem: the file can't be used as it stands. `values` fill in its message.

        With `row` the fault is of the row on `line` alone: without that row the file is sound.
        """
        if self._count(code, int(line), row=row):
            cell = self.cell(line, column) if self.cell is not None else ""
            place = {"file": self.file, "line": int(line), "column": column, "cell": cell}
            self.problems.append(make_problem(code, case, values, **place))

    def count(self, code: str, lines: Sequence[int]) -> None:
        """Count the same problem of more rows, on these lines, beyond those that are told."""
        if lines:
            self.counted[code] += len(lines)
            self.faulty.setdefault(code, []).extend(lines)

    def add_error(self, error: FaultError) -> None:
        """Add what stopped the reading of the file."""
        self.add(error.code, error.case, line=error.line, **error.values)

    def _count(self, code: str, line: int, *, row: bool) -> bool:
        """Count a problem; whether it is one of those that are told."""
        self.counted[code] += 1
        if row:
            self.faulty.setdefault(code, []).append(line)
        return self.counted[code] <= KEPT

    def ask(
        self,
        code: str,
        case: str = "",
        *,
        rows: int,
        lines: Iterable[int] = (),
        column: str = "",
        **values: Any,
    ) -> None:
        """Add something that stops the run unless the parameters say that it is known.

        Its message goes on after the number of rows: "contact(s) with more than 20 persons".
        """
        first = [int(line) for line in islice(lines, KEPT)]
        message = FAULTS[code].message(case)
        what, step = message.says.format_map(values), message.step.format_map(values)
        self.to_acknowledge.append(ToAcknowledge(code, what, rows, first, column, step))
