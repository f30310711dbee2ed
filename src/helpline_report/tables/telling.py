"""Rows of one fault are told: the first of them one by one, however many there are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from helpline_report.exports.findings import KEPT, Findings


def refuse_rows(
    findings: Findings,
    code: str,
    lines: npt.NDArray[np.integer],
    what: str | Callable[[int], str],
    *,
    column: str = "",
    expected: str = "",
    next_step: str = "",
) -> None:
    """Refuse each of `lines` for a fault that is its own alone.

    `what` may differ from row to row: it is asked with the place of a line in `lines`.
    """
    for place, line in enumerate(lines[:KEPT]):
        findings.refuse(
            code,
            what if isinstance(what, str) else what(place),
            line=int(line),
            column=column,
            expected=expected,
            next_step=next_step,
            row=True,
        )
    more = lines[KEPT:].tolist()
    if more:
        findings.counted[code] += len(more)
        findings.faulty.setdefault(code, []).extend(more)
