"""Columns that the layout doesn't list: whether they hold what no export should (B65)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from helpline_report.exports.findings import Findings
from helpline_report.exports.personal import LEAVE_OUT, is_free_text, personal_kind
from helpline_report.exports.shapes import plain
from helpline_report.exports.text_tables import Grid, TextColumn

FREE_TEXT = "free text"


def refuse_personal(
    grid: Grid,
    good: npt.NDArray[np.bool_],
    cells: Sequence[str],
    known: Sequence[str],
    findings: Findings,
) -> None:
    """Refuse each column of `cells` that isn't `known` and holds personal data, or free text.

    Such a column is refused as it is; this says why it mustn't come in by being listed.
    """
    names = {plain(name) for name in known}
    unlisted = [at for at, cell in enumerate(cells) if plain(cell) not in names]
    lines = grid.lines[good]
    for at, column in grid.columns(good, len(cells), unlisted).items():
        for kind, rows in _kinds(column).items():
            findings.refuse(
                "B65",
                f"the column at position {at + 1} holds {kind} in {int(rows.sum())} row(s)",
                line=int(lines[rows.argmax()]),
                next_step=LEAVE_OUT,
            )


def _kinds(column: TextColumn) -> dict[str, npt.NDArray[np.bool_]]:
    """The rows of a column that hold personal data, by its kind; all rows of free text."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(column.distinct):
        kind = personal_kind(text)
        if kind:
            places.setdefault(kind, []).append(place)
    if is_free_text(column.distinct):
        places[FREE_TEXT] = list(range(len(column.distinct)))
    return {kind: np.isin(column.codes, found) for kind, found in sorted(places.items())}
