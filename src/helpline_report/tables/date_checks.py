"""Check the dates of a whole file: outside the period, swapped days and months, two systems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.row_layouts import ROW
from helpline_report.parameters.values import Period
from helpline_report.tables.cell_readers import Values
from helpline_report.tables.table_rows import TableRows

Days = npt.NDArray[np.datetime64]
Places = npt.NDArray[np.intp]
OUTSIDE = "excluded B49"
MOST_OUTSIDE = 0.01
MONTHS = 12
YEARS_BEFORE, YEARS_AFTER = 20, 1
# From one system of serial numbers to the other.
BETWEEN_SYSTEMS = np.timedelta64(1462, "D")
MOST_OF_OTHER_SYSTEM = 0.01
# Dates that are in order but for a few that were entered late, and rows that fit in between.
IN_ORDER, FITTING, MISPLACED = 0.98, 0.95, 0.5
# Days that the order must be seen on: ten of a shuffled file are never in order by chance.
FEWEST = 10
# Of so many dates in a row the middle one stands: one that was entered late doesn't count.
AROUND = 5
NONE = np.empty(0, dtype=np.intp)


def exclude_outside(rows: TableRows, period: Period) -> None:
    """Leave out contacts dated outside the period, and rows that hang on them (B49).

    A single one means nothing, more than one contact in a hundred is to be acknowledged; where most
    are outside this is another export: refused. What the dates as a whole give away is told too
    (B42, B45, B50).
    """
    if rows.parent is not None:
        assert rows.parent_rows is not None  # noqa: S101 - linked before
        outside = rows.parent.outcomes.having(OUTSIDE)[rows.parent_rows] & (rows.parent_rows >= 0)
        rows.outcomes.leave_out(OUTSIDE, outside)
        return
    days = rows.days()
    _refuse_far_dates(rows, days, period)
    _refuse_two_systems(rows, days, period)
    _ask_about_order(rows, days, period)
    _refuse_swapped(rows, days)
    outside = ~_inside(days, period) & ~np.isnat(days) & rows.in_table() & ~rows.misdated
    total, number = int(rows.in_table().sum()), int(outside.sum())
    if 2 * number > total:
        rows.findings.add("B49", "most", number=number, total=total, period=period)
    elif number > max(1, MOST_OUTSIDE * total):
        lines = rows.text.lines[outside]
        rows.findings.ask("B49", "some", rows=number, lines=lines, total=total, period=period)
    rows.outcomes.leave_out(OUTSIDE, outside)


def _refuse_far_dates(rows: TableRows, days: Days, period: Period) -> None:
    """Refuse dates long before and after the period (B50): 1900, 1970, the future.

    Where most dates are such, the file is of another year, which is told once (B49).
    """
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    earliest = np.datetime64((first - pd.DateOffset(years=YEARS_BEFORE)).date())
    latest = np.datetime64((last + pd.DateOffset(years=YEARS_AFTER)).date())
    far = ((days < earliest) | (days > latest)) & rows.in_table()
    if 2 * int(far.sum()) > int(rows.in_table().sum()):
        return
    rows.findings.add_rows(
        "B50",
        lines=rows.text.lines[far],
        column=_date_column(rows),
        period=period,
    )
    rows.misdated |= far


def _refuse_two_systems(rows: TableRows, days: Days, period: Period) -> None:
    """Refuse serial numbers some of which count from 1900 and some from 1904 (B45)."""
    serial = rows.in_table() & _serial(rows)
    moved = BETWEEN_SYSTEMS if "B44" in rows.serial else -BETWEEN_SYSTEMS
    other = serial & ~_inside(days, period) & _inside(days + moved, period)
    number, total = int(other.sum()), int(serial.sum())
    if number <= MOST_OF_OTHER_SYSTEM * total:
        return
    rows.findings.add(
        "B45",
        "all" if number == total else "most",
        line=rows.text.lines[other.argmax()],
        column=_date_column(rows),
        number=number,
        total=total,
        system="1904" if "B44" in rows.serial else "true",
    )
    rows.misdated |= other


def _ask_about_order(rows: TableRows, days: Days, period: Period) -> None:
    """Ask whether days are days and months are months, where every date could be either (B42).

    That is: more than one date, none of a day above 12, and all in the period the other way too.
    """
    in_period = rows.in_table() & _inside(days, period) & ~_serial(rows)
    dates = [stamp.date() for stamp in pd.to_datetime(pd.unique(days[in_period]))]
    if not _could_be_either(rows) or len(dates) < 2 or any(day.day > MONTHS for day in dates):  # noqa: PLR2004
        return
    swapped = [dt.date(day.year, day.day, day.month) for day in dates]
    if swapped != dates and all(map(period.holds, swapped)):
        number = int(in_period.sum())
        rows.findings.ask("B42", "either", rows=number, column=_date_column(rows))


def _refuse_swapped(rows: TableRows, days: Days) -> None:
    """Refuse dates of which a spreadsheet took the day for the month where it could (B42).

    Dates of a day above 12 can only be read one way. Where these are in order, by row or by key,
    and the others only are with day and month the other way round, the file was changed.
    """
    if not _could_be_either(rows):
        return
    dated = np.flatnonzero(rows.in_table() & ~_serial(rows) & ~np.isnat(days) & ~rows.misdated)
    for order in _orders(rows, dated):
        swapped = order[_misplaced(days[order])]
        if swapped.size:
            rows.findings.add(
                "B42",
                "order",
                line=rows.text.lines[swapped].min(),
                column=_date_column(rows),
                number=swapped.size,
                total=dated.size,
            )
            rows.misdated[swapped] = True
            return


def _orders(rows: TableRows, dated: Places) -> Iterator[Places]:
    """The orders in which rows may follow their dates: as they stand, by key, and backwards."""
    yield dated
    yield dated[::-1]
    if rows.layout.key == ROW:
        return
    keys = rows.text.columns[rows.layout.key]
    # By their length, and then by their letters.
    in_order = sorted(
        range(len(keys.distinct)), key=lambda at: (len(keys.distinct[at]), keys.distinct[at])
    )
    place = np.empty(len(in_order), dtype=np.int64)
    place[in_order] = np.arange(len(in_order))
    by_key = dated[np.argsort(place[keys.codes[dated]], kind="stable")]
    if not np.array_equal(by_key, dated):
        yield by_key
        yield by_key[::-1]


def _misplaced(days: Days) -> Places:
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
    first = _medians(sure, gaps - AROUND, none=-np.inf)[gap]
    last = _medians(sure, gaps, none=np.inf)[gap]
    swapped = (months - (month - 1) + (day - 1)).astype("datetime64[D]") + (month - 1)
    fits, fits_swapped = (
        (each >= first) & (each <= last)
        for each in (days[either].astype(np.int64), swapped[either].astype(np.int64))
    )
    if fits.mean() > MISPLACED or fits_swapped.mean() < FITTING:
        return NONE
    return np.flatnonzero(either)


def _medians(values: Values, places: Places, none: float) -> npt.NDArray[np.float64]:
    """The middle one of so many values from each place on, `none` where there isn't any.

    Beyond the first and the last value it is as if these went on.
    """
    around = np.clip(places[:, np.newaxis] + np.arange(AROUND), 0, len(values) - 1)
    outside = (places + AROUND <= 0) | (places >= len(values))
    return np.where(outside, none, np.median(values[around], axis=1))


def _could_be_either(rows: TableRows) -> bool:
    """Whether day and month stand side by side in a date, in numbers."""
    written = rows.file.dates or rows.file.stamps or ""
    return not written.startswith("y") and "d" in written and "m" in written


def _date_column(rows: TableRows) -> str:
    columns = rows.layout.columns.items()
    return next((name for name, column in columns if "date" in column.fields()), "")


def _inside(days: Days, period: Period) -> Mask:
    inside: Mask = (days >= np.datetime64(period.start)) & (days <= np.datetime64(period.end))
    return inside


def _serial(rows: TableRows) -> Mask:
    """The rows whose date was a serial number."""
    serial = np.zeros(len(rows.text), dtype=np.bool_)
    for each in rows.serial.values():
        serial |= each
    return serial
