"""Check the dates of a whole file: outside the period, swapped days and months, two systems."""

import datetime as dt

import numpy as np
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
# Dates are in order if they rise or fall with their rows: their rank correlation with the rows is
# above IN_ORDER, even if one in a hundred was entered late. If a spreadsheet swapped the days and
# months of a year wherever it could, it is below MISPLACED.
IN_ORDER, MISPLACED = 0.98, 0.9
# At least so many different days: ten days of a shuffled file are never in order by chance.
FEWEST = 10


def exclude_outside(rows: TableRows, period: Period) -> None:
    """Leave out contacts dated outside the period, and rows that hang on them (B49).

    If more than one contact in a hundred (and more than one) is outside, it must be acknowledged.
    If most are outside, this is another export, and it is refused. Faults that all dates
    together show are refused too (B42, B45, B50).
    """
    if rows.parent is not None:
        assert rows.parent_rows is not None  # noqa: S101 - linked before
        outside = rows.parent.outcomes.having(OUTSIDE)[rows.parent_rows] & (rows.parent_rows >= 0)
        rows.outcomes.leave_out(OUTSIDE, outside)
        return
    days = rows.days()
    serial = np.zeros(len(days), dtype=np.bool_)
    for rows_of_system in rows.serial.values():
        serial |= rows_of_system
    _refuse_far_dates(rows, days, period)
    _refuse_two_systems(rows, days, serial & rows.in_table(), period)
    form = rows.file.dates or rows.file.stamps or ""
    # Month and day can't be swapped in `yyyy-mm-dd`, nor in dates without a day.
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
    counted_from_1900 = "B44" in rows.serial
    shift = BETWEEN_SYSTEMS if counted_from_1900 else -BETWEEN_SYSTEMS
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
            system="1904" if counted_from_1900 else "true",
        )
        rows.misdated |= other


def _ask_about_order(rows: TableRows, days: Days, as_text: Mask, period: Period) -> None:
    """Ask whether days and months are swapped, if every date can be read both ways (B42)."""
    in_period = as_text & _inside(days, period)
    dates = [stamp.date() for stamp in pd.to_datetime(pd.unique(days[in_period]))]
    if len(dates) < 2 or any(day.day > MONTHS for day in dates):  # noqa: PLR2004
        return
    swapped = [dt.date(day.year, day.day, day.month) for day in dates]
    if swapped != dates and all(map(period.holds, swapped)):
        number = int(in_period.sum())
        rows.findings.ask("B42", "either", rows=number, column=rows.title("date"))


def _refuse_swapped(rows: TableRows, days: Days, as_text: Mask) -> None:
    """Refuse dates if a spreadsheet took their day for the month wherever it could (B42).

    A date with a day above 12 can be read one way only. If all dates are in order once day and
    month of the other dates are swapped, and aren't in order as they are, a spreadsheet did it.
    """
    dated = np.flatnonzero(as_text & ~np.isnat(days) & ~rows.misdated)
    read = days[dated]
    months = read.astype("datetime64[M]")
    day, month = (read - months).astype(np.int64) + 1, months.astype(np.int64) % MONTHS + 1
    certain = day > MONTHS
    either = ~certain & (day != month)
    if min(len(pd.unique(read[certain])), len(pd.unique(read[either]))) < FEWEST:
        return
    swapped = (months - (month - 1) + (day - 1)).astype("datetime64[D]") + (month - 1)
    mended = np.where(either, swapped, read)
    if _correlate_with_rows(read) < MISPLACED and _correlate_with_rows(mended) >= IN_ORDER:
        places = dated[either]
        rows.findings.add(
            "B42",
            "order",
            line=int(rows.text.lines[places].min()),
            column=rows.title("date"),
            number=places.size,
            total=dated.size,
        )
        rows.misdated[places] = True


def _correlate_with_rows(days: Days) -> float:
    """How far days rise or fall with their rows: the absolute rank correlation."""
    ranks = pd.Series(days.astype(np.int64)).rank()
    return float(abs(ranks.corr(pd.Series(np.arange(len(days))))))


def _inside(days: Days, period: Period) -> Mask:
    inside: Mask = (days >= np.datetime64(period.start)) & (days <= np.datetime64(period.end))
    return inside
