"""What the dates of a whole file give away: day and month the other way, two systems, placeholders.

Asked of contacts, before rows outside the period are left out.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.params.values import Period
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask
from helpline_report.tables.telling import refuse_rows

Days = npt.NDArray[np.datetime64]

MONTHS = 12
YEARS_BEFORE, YEARS_AFTER = 20, 1
# From one system of serial numbers to the other.
BETWEEN_SYSTEMS = np.timedelta64(1462, "D")
MOST = 0.01


def refuse_far_dates(part: Part, days: Days, period: Period) -> None:
    """Refuse dates long before and after the period (B50): 1900, 1970, the future.

    Where most dates are such, the file is of another year, which is told once (B49).
    """
    first, last = _years(period.start, -YEARS_BEFORE), _years(period.end, YEARS_AFTER)
    kept = part.kept()
    far = ((days < np.datetime64(first)) | (days > np.datetime64(last))) & kept
    if not far.any() or 2 * int(far.sum()) > int(kept.sum()):
        return
    refuse_rows(
        part.findings,
        "B50",
        part.text.lines[far],
        "a date so far from the period that it stands for something else",
        column=_date_column(part),
        expected=f"dates from {period.start} to {period.end}",
        next_step="correct the date in the source",
    )
    part.misdated |= far


def refuse_two_systems(part: Part, days: Days, period: Period) -> None:
    """Refuse serial numbers some of which count from 1900 and some from 1904 (B45)."""
    codes = part.repairs.by_code
    rows = part.kept() & _serial(part)
    outside = rows & ~_inside(days, period)
    moved = BETWEEN_SYSTEMS if "B44" in codes else -BETWEEN_SYSTEMS
    other = outside & _inside(days + moved, period)
    found, total = int(other.sum()), int(rows.sum())
    if found <= MOST * total:
        return
    whole = found == total
    system = "1904" if "B44" in codes else "true"
    part.findings.refuse(
        "B45",
        f"{found} of {total} serial numbers lie in the period only if they count from another "
        "year than the layout says",
        line=int(part.text.lines[other.argmax()]),
        column=_date_column(part),
        expected="serial numbers that count from one year, 1900 or 1904",
        next_step=f"say in the layout of the file: serial_dates: {system}"
        if whole
        else "two files were put together: export the dates as text",
    )
    part.misdated |= other


def ask_about_order(part: Part, days: Days, period: Period) -> None:
    """Ask whether days are days and months are months, where every date could be either (B42).

    That is: more than one date, none of a day above 12, and all in the period the other way too.
    """
    written = part.file.dates or part.file.stamps or ""
    if written.startswith("y") or "d" not in written or "m" not in written:
        return
    rows = part.kept() & _inside(days, period) & ~_serial(part)
    found = [stamp.date() for stamp in pd.to_datetime(pd.unique(days[rows]))]
    if len(found) < 2 or any(day.day > MONTHS for day in found):  # noqa: PLR2004 - more than one
        return
    swapped = [dt.date(day.year, day.day, day.month) for day in found]
    if swapped == found or not all(period.holds(day) for day in swapped):
        return
    part.findings.acknowledge(
        "B42",
        "date(s), all of which could be read with day and month the other way round",
        rows=int(rows.sum()),
        column=_date_column(part),
        next_step="compare a few with the source: correct the layout, or acknowledge it",
    )


def _date_column(part: Part) -> str:
    columns = part.layout.columns.items()
    return next((name for name, column in columns if "date" in column.fields()), "")


def _inside(days: Days, period: Period) -> Mask:
    inside: Mask = (days >= np.datetime64(period.start)) & (days <= np.datetime64(period.end))
    return inside


def _serial(part: Part) -> Mask:
    """The rows whose date was a serial number."""
    none = np.zeros(len(part.text), dtype=np.bool_)
    by_code = part.repairs.by_code
    return by_code.get("B44", none) | by_code.get("B45", none)


def _years(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
