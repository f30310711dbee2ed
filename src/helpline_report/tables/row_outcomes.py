"""Give every row of a file its outcome: used, repaired, or left out, and for which fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpline_report.exports.text_tables import Mask

USED = "used"


class RowOutcomes:
    """The outcome of each row, as one categorical column.

    It is `used`, or a kind and the code of a fault: `repaired B61`, `excluded B49` (the row is left
    out), `faulty B46` (a draft leaves it out for a fault of its own). A row that was repaired for
    two faults has the first of their codes; a row that is left out stays so.
    """

    def __init__(self, rows: int) -> None:
        self._categories = [USED]
        self._codes = np.zeros(rows, dtype=np.int8)

    @property
    def column(self) -> pd.Categorical[str]:
        """The outcome of each row."""
        index = pd.Index(self._categories, dtype="str")
        return pd.Categorical.from_codes(self._codes, categories=index)

    def having(self, *outcomes: str) -> Mask:
        """The rows with one of some outcomes."""
        wanted = np.array([each in outcomes for each in self._categories])
        rows: Mask = wanted[self._codes]
        return rows

    def of_kind(self, *kinds: str) -> Mask:
        """The rows whose outcome is of one of some kinds."""
        return self.having(*(each for each in self._categories if each.split()[0] in kinds))

    def in_table(self) -> Mask:
        """The rows that make up the table: used or repaired."""
        return self.of_kind(USED, "repaired")

    def repair(self, code: str, rows: Mask) -> None:
        """Mark rows as repaired for a fault."""
        outcome = f"repaired {code}"
        later = [
            each for each in self._categories if each.startswith("repaired") and each > outcome
        ]
        self._set(outcome, rows & self.having(USED, *later))

    def leave_out(self, outcome: str, rows: Mask) -> None:
        """Leave out rows that weren't left out already."""
        self._set(outcome, rows & self.in_table())

    def _set(self, outcome: str, rows: Mask) -> None:
        if not rows.any():
            return
        if outcome not in self._categories:
            self._categories.append(outcome)
        self._codes[rows] = self._categories.index(outcome)

    def counts(self) -> dict[str, int]:
        """How many rows have each outcome."""
        counts = pd.Series(self.column).value_counts()
        return {str(outcome): int(count) for outcome, count in counts.items() if count}


def counts_by_code(counts: Mapping[str, int], *kinds: str) -> dict[str, int]:
    """How many rows have each code, of the outcomes of some kinds."""
    by_code: Counter[str] = Counter()
    for outcome, count in counts.items():
        kind, _, code = outcome.partition(" ")
        if kind in kinds:
            by_code[code] += count
    return {code: count for code, count in sorted(by_code.items()) if count}
