"""Which rows lie in the edition's period."""

from __future__ import annotations

import numpy as np

from helpline_report.parameters.values import Period
from helpline_report.tables.dated import days_of, refuse_undated
from helpline_report.tables.odd_dates import (
    ask_about_order,
    refuse_far_dates,
    refuse_swapped,
    refuse_two_systems,
)
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask

__all__ = ["days_of", "exclude_outside", "refuse_undated"]

MOST_OUTSIDE = 0.01


def exclude_outside(part: Part, period: Period) -> None:
    """Leave out contacts dated outside the period, and rows that hang on them (B49).

    More than one contact in a hundred outside means that this is another export: refused; a single
    one means nothing. What the dates as a whole give away is told too (B42, B45, B50).
    """
    if part.parent is not None:
        part.exclude("B49", _below(part, ~_inside(part.parent, "B49")))
        return
    days = days_of(part)
    refuse_far_dates(part, days, period)
    refuse_two_systems(part, days, period)
    ask_about_order(part, days, period)
    refuse_swapped(part, days)
    start, end = np.datetime64(period.start), np.datetime64(period.end)
    outside = ((days < start) | (days > end)) & part.kept() & ~part.misdated
    total, found = int(part.kept().sum()), int(outside.sum())
    if found > max(1, MOST_OUTSIDE * total) or found == total > 0:
        part.findings.refuse(
            "B49",
            f"{found} of {total} contacts lie outside the period",
            expected=f"dates from {period.start} to {period.end}",
            next_step="name the export of this period in the parameters, or change the period",
        )
    part.exclude("B49", outside)


def _inside(part: Part, code: str) -> Mask:
    return ~part.excluded.get(code, np.zeros(len(part.text), dtype=np.bool_))


def _below(part: Part, of_parent: Mask) -> Mask:
    assert part.parent_rows is not None  # noqa: S101 - linked before
    return of_parent[part.parent_rows] & (part.parent_rows >= 0)
