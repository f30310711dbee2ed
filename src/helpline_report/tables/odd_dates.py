"""What the dates of a whole file give away: day and month the other way, two systems, placeholders.

Asked of contacts, before rows outside the period are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.parameters.row_layouts import ROW
from helpline_report.parameters.values import Period
from helpline_report.tables.labels import AS_TEXT
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask, Values
from helpline_report.tables.telling import refuse_rows

Days = npt.NDArray[np.datetime64]
Rows = npt.NDArray[np.intp]

MONTHS = 12
YEARS_BEFORE, YEARS_AFTER = 20, 1
# From one system of serial numbers to the other.
BETWEEN_SYSTEMS = np.timedelta64(1462, "D")
MOST = 0.01
# Dates that are in order but for a few that were entered late, and rows that fit in between.
IN_ORDER, FITTING, MISPLACED = 0.98, 0.95, 0.5
# Days that the order must be seen on: ten of a shuffled file are never in order by chance.
FEWEST = 10
# Of so many dates in a row the middle one stands: one that was entered late doesn't count.
AROUND = 5
NONE = np.empty(0, dtype=np.intp)


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
    if not _could_be_either(part):
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


def refuse_swapped(part: Part, days: Days) -> None:
    """Refuse dates of which a spreadsheet took the day for the month where it could (B42).

    Dates of a day above 12 can only be read one way. Where these are in order, by row or by key,
    and the others only are with day and month the other way round, the file was changed.
    """
    if not _could_be_either(part):
        return
    rows = np.flatnonzero(part.kept() & ~_serial(part) & ~np.isnat(days) & ~part.misdated)
    for order in _orders(part, rows):
        swapped = order[_misplaced(days[order])]
        if swapped.size:
            part.findings.refuse(
                "B42",
                f"{swapped.size} of {rows.size} dates are out of the order of the others, and in "
                "it with day and month the other way round",
                line=int(part.text.lines[swapped].min()),
                column=_date_column(part),
                expected="dates of one form",
                next_step=AS_TEXT,
            )
            part.misdated[swapped] = True
            return


def _orders(part: Part, rows: Rows) -> Iterator[Rows]:
    """The orders in which rows may follow their dates: as they stand, by key, and backwards."""
    yield rows
    yield rows[::-1]
    if part.layout.key == ROW:
        return
    keys = part.text.columns[part.layout.key]
    order = _in_order(keys.distinct)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    by_key = rows[np.argsort(place[keys.codes[rows]], kind="stable")]
    if not np.array_equal(by_key, rows):
        yield by_key
        yield by_key[::-1]


def _in_order(keys: Sequence[str]) -> Sequence[int] | Rows:
    """The places of keys by their length, and then by their letters."""
    return sorted(range(len(keys)), key=lambda at: (len(keys[at]), keys[at]))


def _misplaced(days: Days) -> Rows:
    """The places of dates that fit between those that can be read one way only if swapped.

    None, unless these are in order, most of the others don't fit, and nearly all do if swapped.
    """
    if (days[1:] >= days[:-1]).all():
        return NONE  # each fits as it stands
    months = days.astype("datetime64[M]")
    day, month = (days - months).astype(np.int64) + 1, months.astype(np.int64) % MONTHS + 1
    certain = day > MONTHS
    either = ~certain & (day != month)
    sure = days[certain].astype(np.int64)
    if len(np.unique(sure)) < FEWEST or len(np.unique(days[either])) < FEWEST:
        return NONE
    if np.mean(np.diff(sure) >= 0) < IN_ORDER:
        return NONE
    # How many sure ones stand before each of the others: those of one gap have the same.
    gaps, gap = np.unique(np.cumsum(certain)[either], return_inverse=True)
    first = _middle(sure, gaps - AROUND, none=-np.inf)[gap]
    last = _middle(sure, gaps, none=np.inf)[gap]
    other = (months - (month - 1) + (day - 1)).astype("datetime64[D]") + (month - 1)
    fits, fits_swapped = (
        (found >= first) & (found <= last)
        for found in (days[either].astype(np.int64), other[either].astype(np.int64))
    )
    if fits.mean() > MISPLACED or fits_swapped.mean() < FITTING:
        return NONE
    return np.flatnonzero(either)


def _middle(values: Values, places: Rows, none: float) -> npt.NDArray[np.float64]:
    """The middle one of so many values from each place on, `none` where there isn't any.

    Beyond the first and the last value it is as if these went on.
    """
    around = np.clip(places[:, np.newaxis] + np.arange(AROUND), 0, len(values) - 1)
    outside = (places + AROUND <= 0) | (places >= len(values))
    return np.where(outside, none, np.median(values[around], axis=1))


def _could_be_either(part: Part) -> bool:
    """Whether day and month stand side by side in a date, in numbers."""
    written = part.file.dates or part.file.stamps or ""
    return not written.startswith("y") and "d" in written and "m" in written


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
