"""What a reader finds in one file: problems that refuse it, and what was mended or left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from helpline_report.errors import Problem


@dataclass
class Findings:
    """The problems of one file so far, and counts by the code of the fault.

    `excluded` counts rows that are left out; `noted` counts what was found and mended without
    touching a row: a byte order mark, an encoding, a header cell.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)

    def refuse(
        self,
        code: str,
        what: str,
        *,
        line: int = 0,
        column: str = "",
        expected: str = "",
        next_step: str = "",
    ) -> None:
        """Add a problem: the file can't be used as it stands."""
        self.problems.append(Problem(self.file, int(line), column, code, what, expected, next_step))
