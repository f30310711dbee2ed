"""Codes and labels that exist for a part of the time only: which rows lie outside it (B60)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.parameters.codelists import CodeList
from helpline_report.tables.coded import DatedRows
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask
from helpline_report.tables.telling import refuse_rows

Days = npt.NDArray[np.datetime64]
OF_LIST = "correct the row in the source, or the dates of the code in its code list"
OF_LAYOUT = "correct the row in the source, or the dates of the label in the layout"


def days_of(part: Part) -> Days:
    """The day of the contact that each row hangs on; NaT where it hangs on none."""
    if part.parent is None:
        days: Days = part.columns["date"].to_numpy().astype("datetime64[D]")
        return days
    assert part.parent_rows is not None  # noqa: S101 - linked before
    above = days_of(part.parent)[part.parent_rows]
    above[part.parent_rows < 0] = np.datetime64("NaT")
    return above


def settle_dated(part: Part) -> None:
    """Give each row of a dated label the code that it means on the day of its contact.

    A label on a day that the layout gives it no code for is refused (B60).
    """
    for label in part.dated:
        days = days_of(part)
        left = label.rows & part.kept() & ~np.isnat(days)
        for meaning, place in zip(label.meanings, label.places, strict=True):
            first, last = (np.datetime64(day) for day in meaning.days)
            inside = left & (days >= first) & (days <= last)
            if len(label.meanings) > 1:
                _set_code(part, label, inside, place)
            left &= ~inside
        if left.any():
            _refuse_label(part, label, left)


def _set_code(part: Part, label: DatedRows, rows: Mask, place: int) -> None:
    column = part.columns[label.field]
    codes = column.cat.codes.to_numpy().astype(np.int32)
    codes[rows] = place
    made = pd.Categorical.from_codes(codes, categories=column.cat.categories)
    part.columns[label.field] = pd.Series(made)


def _refuse_label(part: Part, label: DatedRows, rows: Mask) -> None:
    refuse_rows(
        part.findings,
        "B60",
        part.text.lines[rows],
        "what stands here has no code on the day of the contact",
        column=label.column,
        expected=" or ".join(_span(code.start, code.until) for code in label.meanings),
        next_step=OF_LAYOUT,
    )


def refuse_undated(part: Part, lists: Mapping[str, CodeList]) -> None:
    """Refuse rows with a label, or a code, that didn't exist on the day of their contact (B60)."""
    settle_dated(part)
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
            if not rows.any():
                continue
            days = days_of(part)
            early = days < np.datetime64(code.start or dt.date.min)
            late = days > np.datetime64(code.until or dt.date.max)
            refuse_rows(
                part.findings,
                "B60",
                part.text.lines[rows & (early | late)],
                "what stands here didn't exist on the day of the contact",
                column=sources.get(field, field),
                expected=_span(code.start, code.until),
                next_step=OF_LIST,
            )


def _span(start: dt.date | None, until: dt.date | None) -> str:
    first = f" from {start}" if start else ""
    last = f" until {until}" if until else ""
    return f"it{first}{last} only"
