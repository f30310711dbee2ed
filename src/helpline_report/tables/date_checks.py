"""Check the dates of a whole file: outside the period, swapped days and months, two systems."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Days
from helpline_report.tables.table_rows import TableRows

OUTSIDE = "excluded B49"
MOST_OUTSIDE = 0.01
MONTHS = 12
YEARS_BEFORE, YEARS_AFTER = 20, 1
# A serial number is this much later a day if it counts from 1904 than if it counts from 1900.
BETWEEN_SYSTEMS = np.timedelta64(1462, "D")
MOST_OF_OTHER_SYSTEM = 0.01
# A date is certain if its day is above 12. At least this share of the certain dates is in order;
# of the others at least this share fits between them if swapped, and at most this share as it is.
IN_ORDER, FITTING, MISPLACED = 0.98, 0.95, 0.5
# Least number of different days: ten of a shuffled file are never in order by chance.
FEWEST = 10
# Each date is compared with the median of this many certain dates: one entered late doesn't count.
AROUND = 5


def exclude_outside(rows: TableRows, period: Period) -> None:
    """Leave out contacts dated outside the period, and rows that hang on them (B49).

    More than one contact in a hundred must be acknowledged, if it is more than one. If most are
    outside, this is another export, and it is refused. What the dates as a whole show is refused
    too (B42, B45, B50).
    """
    if rows.parent is not None:
        assert rows.parent_rows is not None  # noqa: S101 - linked before
        outside = rows.parent.outcomes.having(OUTSIDE)[rows.parent_rows] & (rows.parent_rows >= 0)
        rows.outcomes.leave_out(OUTSIDE, outside)
        return
    days = rows.days()
    serial = np.zeros(len(days), dtype=np.bool_)
    for of_system in rows.serial.values():
        serial |= of_system
    _refuse_far_dates(rows, days, period)
    _refuse_two_systems(rows, days, serial & rows.in_table(), period)
    form = rows.file.dates or rows.file.stamps or ""
    # In `yyyy-mm-dd` nobody swaps month and day, nor in dates without a day.
    if not form.startswith("y") and "d" in form and "m" in form:
        as_text = rows.in_table() & ~serial
        _ask_about_order(rows, days, as_text, period)
        _refuse_swapped(rows, days, as_text)
    outside = ~_inside(days, period) & ~np.isnat(days) & rows.in_table() & ~rows.misdated
    total, number = int(rows.in_table().sum()), int(outside.sum())
    if 2 * number > total:
        rows.findings.add("B49", "most", number=number, total=total, period=period)
    elif number > max(1, MOST_OUTSIDE * total):
        lines = rows.text.lines[outside]
        rows.findings.ask("B49", "some", rows=number, lines=lines, total=total, period=period)
    rows.outcomes.leave_out(OUTSIDE, outside)


def _refuse_far_dates(rows: TableRows, days: Days, period: Period) -> None:
    """Refuse dates long before and after the period (B50): 1900, 1970, the future."""
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    earliest = np.datetime64((first - pd.DateOffset(years=YEARS_BEFORE)).date())
    latest = np.datetime64((last + pd.DateOffset(years=YEARS_AFTER)).date())
    far = ((days < earliest) | (days > latest)) & rows.in_table()
    if 2 * int(far.sum()) <= int(rows.in_table().sum()):
        lines = rows.text.lines[far]
        rows.findings.add_rows("B50", lines=lines, column=rows.title("date"), period=period)
        rows.misdated |= far


def _refuse_two_systems(rows: TableRows, days: Days, serial: Mask, period: Period) -> None:
    """Refuse serial numbers some of which count from 1900 and some from 1904 (B45)."""
    shift = BETWEEN_SYSTEMS if "B44" in rows.serial else -BETWEEN_SYSTEMS
    other = serial & ~_inside(days, period) & _inside(days + shift, period)
    number, total = int(other.sum()), int(serial.sum())
    if number > MOST_OF_OTHER_SYSTEM * total:
        rows.findings.add(
            "B45",
            "all" if number == total else "most",
            line=rows.text.lines[other.argmax()],
            column=rows.title("date"),
            number=number,
            total=total,
            system="1904" if "B44" in rows.serial else "true",
        )
        rows.misdated |= other


def _ask_about_order(rows: TableRows, days: Days, as_text: Mask, period: Period) -> None:
    """Ask whether days are days and months are months, where every date could be either (B42)."""
    in_period = as_text & _inside(days, period)
    dates = [stamp.date() for stamp in pd.to_datetime(pd.unique(days[in_period]))]
    if len(dates) < 2 or any(day.day > MONTHS for day in dates):  # noqa: PLR2004
        return
    swapped = [dt.date(day.year, day.day, day.month) for day in dates]
    if swapped != dates and all(map(period.holds, swapped)):
        number = int(in_period.sum())
        rows.findings.ask("B42", "either", rows=number, column=rows.title("date"))


def _refuse_swapped(rows: TableRows, days: Days, as_text: Mask) -> None:
    """Refuse dates of which a spreadsheet took the day for the month where it could (B42).

    Dates of a day above 12 can only be read one way. Where these are in order, from the first row
    on or from the last, and the others only are with day and month the other way round, the file
    was changed.
    """
    dated = np.flatnonzero(as_text & ~np.isnat(days) & ~rows.misdated)
    for order in (dated, dated[::-1]):
        swapped = order[_find_swapped(days[order])]
        if swapped.size:
            rows.findings.add(
                "B42",
                "order",
                line=int(rows.text.lines[swapped].min()),
                column=rows.title("date"),
                number=swapped.size,
                total=dated.size,
            )
            rows.misdated[swapped] = True
            return


def _find_swapped(days: Days) -> npt.NDArray[np.intp]:
    """The places of dates that fit between those that can be read one way only if swapped.

    None, unless these are in order, most of the others don't fit, and nearly all do if swapped.
    """
    as_read, nothing = days.astype(np.float64), np.empty(0, dtype=np.intp)
    # All dates are in order: nothing was swapped.
    if np.all(np.diff(as_read) >= 0):
        return nothing
    months = days.astype("datetime64[M]")
    day, month = (days - months).astype(np.int64) + 1, months.astype(np.int64) % MONTHS + 1
    certain = day > MONTHS
    either = ~certain & (day != month)
    if min(pd.Series(days[each]).nunique() for each in (certain, either)) < FEWEST:
        return nothing
    # The certain ones aren't in order: they tell nothing.
    if np.mean(np.diff(as_read[certain]) >= 0) < IN_ORDER:
        return nothing
    swapped = (months - (month - 1) + (day - 1)).astype("datetime64[D]") + (month - 1)
    certain_days = pd.Series(np.where(certain, as_read, np.nan))
    before, after = (
        each.dropna().rolling(AROUND, min_periods=1).median().reindex(certain_days.index)
        for each in (certain_days, certain_days[::-1])
    )
    first, last = before.ffill().fillna(-np.inf)[either], after.bfill().fillna(np.inf)[either]
    fits, fits_swapped = (
        np.mean((each >= first) & (each <= last))
        for each in (as_read[either], swapped[either].astype(np.float64))
    )
    return nothing if fits > MISPLACED or fits_swapped < FITTING else np.flatnonzero(either)


def _inside(days: Days, period: Period) -> Mask:
    inside: Mask = (days >= np.datetime64(period.start)) & (days <= np.datetime64(period.end))
    return inside
