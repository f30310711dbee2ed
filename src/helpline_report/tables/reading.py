"""What a text stands for, and the rows that were mended on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """What one text stands for: a value, perhaps mended (`repair`), or a `fault` by its code.

    Where not even the shape of the text may be told, it isn't `shown`.
    """

    value: int = -1
    repair: str = ""
    fault: str = ""
    what: str = ""
    expected: str = ""
    next_step: str = ""
    shown: bool = True


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
