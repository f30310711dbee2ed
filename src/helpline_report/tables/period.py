"""Which rows lie in the edition's period, and whether their codes existed on their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from helpline_report.params.codelists import Code, CodeList
from helpline_report.params.values import Period
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask

Days = npt.NDArray[np.datetime64]
MOST_OUTSIDE = 0.01


def exclude_outside(part: Part, period: Period) -> None:
    """Leave out contacts dated outside the period, and rows that hang on them (B49).

    More than one contact in a hundred outside means that this is another export: refused.
    """
    if part.parent is not None:
        part.exclude("B49", _below(part, ~_inside(part.parent, "B49")))
        return
    dates = part.columns["date"].to_numpy()
    start, end = np.datetime64(period.start), np.datetime64(period.end)
    outside = ((dates < start) | (dates > end)) & part.kept()
    total, found = int(part.kept().sum()), int(outside.sum())
    if found > MOST_OUTSIDE * total:
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


def days_of(part: Part) -> Days:
    """The day of the contact that each row hangs on; NaT where it hangs on none."""
    if part.parent is None:
        days: Days = part.columns["date"].to_numpy().astype("datetime64[D]")
        return days
    assert part.parent_rows is not None  # noqa: S101 - linked before
    above = days_of(part.parent)[part.parent_rows]
    above[part.parent_rows < 0] = np.datetime64("NaT")
    return above


def refuse_undated(part: Part, lists: Mapping[str, CodeList]) -> None:
    """Refuse rows with a code that didn't exist on the day of their contact (B60)."""
    sources = {column.field: name for name, column in part.layout.columns.items()}
    for field in sorted(part.fields & lists.keys()):
        for place, code in enumerate(lists[field].codes):
            if code.start is None and code.until is None:
                continue
            if field in part.multiple:
                held = part.columns[f"{field}:{code.code}"].to_numpy(dtype=np.bool_)
            else:
                held = part.columns[field].cat.codes.to_numpy() == place
            rows = held & part.kept()
            if rows.any():
                _refuse_days(part, sources.get(field, field), code, rows)


def _refuse_days(part: Part, column: str, code: Code, rows: Mask) -> None:
    days = days_of(part)
    early = days < np.datetime64(code.start or dt.date.min)
    late = days > np.datetime64(code.until or dt.date.max)
    first = f" from {code.start}" if code.start else ""
    last = f" until {code.until}" if code.until else ""
    for row in np.flatnonzero(rows & (early | late)):
        part.findings.refuse(
            "B60",
            "what stands here didn't exist on the day of the contact",
            line=int(part.text.lines[row]),
            column=column,
            expected=f"it{first}{last} only",
            next_step="correct the row in the source, or the dates of the code in its code list",
            row=True,
        )
