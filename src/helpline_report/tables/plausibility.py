"""Find what makes a year look wrong: months and codes fallen silent, codes ten times up.

Each rule says that something is so unlikely that somebody has to look, and stops the run until it
is acknowledged. So none of them may speak by chance: see `has_enough`, `DUE` and `EVEN`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import pandas as pd

from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.values import Period
from helpline_report.tables.code_tallies import (
    RowMonths,
    Tally,
    first_day,
    registered_fields,
    rows_since,
    rows_with,
    rows_without,
)
from helpline_report.tables.dataset import Dataset

# Rows that should be there before their absence says something. Were 20 due, none at all would be
# found by chance once in 485 million (Poisson, e^-20); persons of one contact share what they have,
# so that it happens more often than that, and still never in a lifetime of reports.
DUE = 20
# A table with fewer rows has no share to speak of.
FEWEST = 100
# Of a code that few rows had last year, ten times as many is a handful.
FEWEST_BEFORE = 30
TIMES = 10
# A code that has twice its even share of the rows or more. With labels drawn at random, as in
# exports that are made to try the program, each code has about its even share (1 in 4 of four
# labels), which may be far more than it has in a real year, and is nothing odd.
EVEN = 2
EMPTY, FILLED = 0.95, 0.5
# Days and codes have seasons and habits, so that twice as many rows must be due as of a month.
DUE_IN_PART = 2 * DUE
# All rows of a code in a part of the year, though any month was as likely: so rarely by chance.
CHANCE = 1e-6


@dataclass(frozen=True)
class Oddity:
    """Something odd: `code` names its kind, `about` the month, column or code; of which table."""

    code: str
    about: str
    table: str
    what: str


def silent_months(
    edition: Edition, dataset: Dataset, lists: Mapping[str, CodeList]
) -> Iterator[Oddity]:
    """Months without a contact, of all helplines or of one, where `DUE` or more were due.

    What is due follows the open days. A month in which the helpline was closed has none due, nor
    has one before a declared start, or one that the code list gives a helpline only in part.
    """
    contacts = dataset.tables.get("contacts")
    period = _since_start(edition)
    if contacts is None or period is None:
        return
    months = RowMonths.of_table(contacts)
    silent = _find_silent(months.count(), _open_days(edition, period))
    for month, due in silent.items():
        what = f"no contact in {month}, where about {due:.0f} are due"
        yield Oddity("silent_month", month, "contacts", what)
    period = _since_start(edition, "helpline")
    if period is None or "helpline" not in contacts.fields or "helpline" not in lists:
        return
    open_days = _open_days(edition, period)
    for line, item in lists["helpline"].by_code.items():
        of_line = {m: n for m, n in open_days.items() if m not in silent and _is_whole(item, m)}
        counts = months.count(rows_with(contacts, "helpline", {line}))
        for month, due in _find_silent(counts, of_line).items():
            what = f"no contact with helpline '{line}' in {month}, where about {due:.0f} are due"
            yield Oddity("silent_month", f"helpline.{line} {month}", "contacts", what)


def silent_days(
    edition: Edition, dataset: Dataset, silent: Collection[str] = ()
) -> Iterator[Oddity]:
    """Open days one after another without a contact, where `DUE_IN_PART` or more were due.

    Days of the months in `silent` are told as these.
    """
    contacts = dataset.tables.get("contacts")
    period = _since_start(edition)
    if contacts is None or period is None:
        return
    days = [
        day
        for day in period.each_day()
        if edition.calendar.is_open(day) and f"{day:%Y-%m}" not in silent
    ]
    by_day = contacts.frame["date"].value_counts()
    days_with = pd.DatetimeIndex(by_day.index).date.tolist()
    counts = dict(zip(days_with, by_day.tolist(), strict=True))
    each = sum(counts.get(day, 0) for day in days) / max(1, len(days))
    for has_contacts, group in groupby(days, key=counts.__contains__):
        run = list(group)
        if not has_contacts and each * len(run) >= DUE_IN_PART:
            span = f"{run[0]}" if len(run) == 1 else f"{run[0]} to {run[-1]}"
            what = f"no contact from {span}, where about {each * len(run):.0f} are due"
            yield Oddity("silent_days", span, "contacts", what)


def silent_parts(
    edition: Edition, dataset: Dataset, lists: Mapping[str, CodeList], breaks: Sequence[Break]
) -> Iterator[Oddity]:
    """Codes that begin or end within the year, where `DUE_IN_PART` rows or more were due.

    By whole months at either end. What explains it: the dates of the code in its list, and a break
    of its field.
    """
    by_table: dict[str, RowMonths] = {}
    for table, field in registered_fields(dataset, lists):
        revised = any(
            item.field == field and item.kind != "starts" and edition.period.holds(item.date)
            for item in breaks
        )
        # Of helplines each month is told: see `silent_months`.
        if field not in lists or field == "helpline" or revised:
            continue
        months = by_table.setdefault(table.name, RowMonths.of_table(table))
        since = rows_since(table, field, breaks)
        rows = months.count(since & ~rows_without(table, field, lists))
        for code in (code for code in lists[field].codes if not code.missing):
            counts = months.count(since & rows_with(table, field, {code.code}))
            filled = [place for place, month in enumerate(months.names) if counts[month]]
            if not filled or not _existed(code, edition.period):
                continue
            first, last = filled[0], filled[-1] + 1
            number = sum(counts.values())
            inside = sum(rows[name] for name in months.names[first:last])
            # A rare code stands in few months by chance.
            if (inside / sum(rows.values())) ** number > CHANCE:
                continue
            share = number / inside
            for run in (months.names[:first], months.names[last:]):
                due = share * sum(rows[month] for month in run)
                if due >= DUE_IN_PART:
                    span = run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}"
                    where = f"in {span}, where about {due:.0f} are due"
                    what = f"no row with {field} '{code.code}' {where}"
                    yield Oddity("silent_code", f"{field}.{code.code} {span}", table.name, what)


def _open_days(edition: Edition, period: Period) -> Counter[str]:
    """How many days the helpline was open, by month."""
    return Counter(f"{day:%Y-%m}" for day in period.each_day() if edition.calendar.is_open(day))


def _find_silent(counts: Mapping[str, int], open_days: Mapping[str, int]) -> dict[str, float]:
    """The months without a row, and how many are due by the open days of the others."""
    days = sum(number for month, number in open_days.items() if counts.get(month))
    rows = sum(counts.get(month, 0) for month in open_days)
    return {
        month: rows * number / days
        for month, number in sorted(open_days.items())
        if days and not counts.get(month) and rows * number >= DUE * days
    }


def _is_whole(code: Code, month: str) -> bool:
    """Whether a code existed on all days of a month."""
    first = dt.date.fromisoformat(f"{month}-01")
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return _existed(code, Period(start=first, end=last))


def _existed(code: Code, period: Period) -> bool:
    """Whether a code existed on all days of a period."""
    start, until = code.start or dt.date.min, code.until or dt.date.max
    return start <= period.start and until >= period.end


def _since_start(edition: Edition, field: str | None = None) -> Period | None:
    """The part of the period in which contacts, or a field of theirs, were registered."""
    starts = [
        item.date
        for item in edition.breaks
        if item.kind == "starts"
        and ("contacts" in item.tables or (field is not None and item.field == field))
    ]
    start, end = max([edition.period.start, *starts]), edition.period.end
    return Period(start=start, end=end) if start <= end else None


def odd_fields(
    now: Mapping[str, Tally],
    before: Mapping[str, Tally],
    lists: Mapping[str, CodeList],
    breaks: Sequence[Break],
    period: Period,
) -> Iterator[Oddity]:
    """What is odd about the fields of a year, held against the tallies of the year before."""
    for field, tally in now.items():
        then = before.get(field)
        if then is None or not (has_enough(tally) and has_enough(then)):
            continue
        if tally.missing >= EMPTY * tally.rows and then.missing <= FILLED * then.rows:
            what = (
                f"{field} is blank or unknown in {tally.missing} of {tally.rows} rows; "
                f"the year before in {then.missing} of {then.rows}"
            )
            yield Oddity("empty_column", field, tally.table, what)
            continue
        split = {item.old for item in breaks if item.kind == "split" and item.field == field}
        for code in tally.counts:
            share, earlier = tally.share(code), then.share(code)
            due = min(earlier * tally.rows, then.counts.get(code, 0))
            # A code that ends in the period may well be silent.
            whole = code not in split and _existed(lists[field].by_code[code], period)
            if whole and not tally.counts[code] and code in tally.labelled and due >= DUE:
                what = (
                    f"no row with {field} '{code}'; the year before {then.counts[code]} of "
                    f"{then.rows} rows had it"
                )
                yield Oddity("silent_code", f"{field}.{code}", tally.table, what)
            uneven = share * len(tally.labelled) >= EVEN
            enough = then.counts.get(code, 0) >= FEWEST_BEFORE
            if enough and uneven and share >= TIMES * earlier:
                what = (
                    f"{field} '{code}' stands in {tally.counts[code]} of {tally.rows} rows; the "
                    f"year before in {then.counts[code]} of {then.rows}"
                )
                yield Oddity("tenfold", f"{field}.{code}", tally.table, what)


def has_enough(tally: Tally) -> bool:
    """Whether a table has rows enough that each code would be due `DUE` times, evenly spread."""
    return tally.rows >= max(FEWEST, DUE * len(tally.labelled))


def empty_months(
    dataset: Dataset,
    lists: Mapping[str, CodeList],
    breaks: Sequence[Break],
    before: Mapping[str, Tally] | None,
) -> Iterator[Oddity]:
    """Fields that are blank or unknown in some months, and mostly filled in the others.

    `before` are the tallies of the year before, in which they were mostly filled too; None where
    there is no such year. A field that starts, or a revision of it, explains what it explains.
    """
    by_table: dict[str, RowMonths] = {}
    for table, field in registered_fields(dataset, lists):
        then = before.get(field) if before is not None else None
        if before is not None and (then is None or then.missing > FILLED * then.rows):
            continue
        if table.name not in by_table:
            by_table[table.name] = RowMonths.of_table(table)
        since = rows_since(table, field, breaks)
        rows = by_table[table.name].count(since)
        missing = by_table[table.name].count(since & rows_without(table, field, lists))
        empty = {month for month in rows if rows[month] and missing[month] >= EMPTY * rows[month]}
        others = sum(missing[month] for month in rows if month not in empty)
        filled = sum(rows[month] for month in rows if month not in empty)
        if not filled or others > FILLED * filled:
            continue
        share = 1 - others / filled
        due = [month for month in rows if rows[month] * share >= DUE]
        for is_empty, group in groupby(due, key=empty.__contains__):
            run = list(group)
            if is_empty and not _is_revised(field, run[0], breaks):
                span = run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}"
                blank, all_rows = (sum(map(each.__getitem__, run)) for each in (missing, rows))
                what = (
                    f"{field} is blank or unknown in {blank} of {all_rows} rows of {span}; in "
                    f"other months in {others} of {filled}"
                )
                yield Oddity("empty_column", f"{field} {span}", table.name, what)


def _is_revised(field: str, month: str, breaks: Sequence[Break]) -> bool:
    """Whether a revision of a field comes before the end of a month."""
    end = dt.date.fromisoformat(f"{month}-01") + dt.timedelta(days=31)
    return any(
        item.kind == "revision" and item.field == field and item.date < end for item in breaks
    )


@dataclass(frozen=True)
class OneYearCode:
    """A code of one of two years: `new` in this one, or `gone` from the one before.

    `why` is what explains it, and is empty where nothing does: then `add` is the break to declare.
    """

    kind: Literal["new", "gone"]
    field: str
    code: str
    rows: int
    why: str = ""
    add: str = ""


@dataclass(frozen=True)
class TwoYears:
    """Two years: their tallies and periods, the later one's tables, and all declared breaks."""

    now: Mapping[str, Tally]
    before: Mapping[str, Tally]
    period: Period
    period_before: Period
    dataset: Dataset
    breaks: Sequence[Break]
    lists: Mapping[str, CodeList]


def one_year_codes(both: TwoYears) -> Iterator[OneYearCode]:
    """The codes of one year alone, field by field in the order of their lists."""
    for field, now in both.now.items():
        then = both.before.get(field)
        if then is None or not now.rows or not then.rows:
            continue
        for code, rows in now.counts.items():
            if bool(rows) != bool(then.counts.get(code, 0)):
                yield _explain(both, now, then, code)


def _explain(both: TwoYears, now: Tally, then: Tally, code: str) -> OneYearCode:
    """What explains a code that stands in one of two years, or the break to declare."""
    field, item = now.field, both.lists[now.field].by_code[code]
    is_new = now.counts[code] > 0
    with_it, without = (now, then) if is_new else (then, now)
    rows = with_it.counts[code]
    why = next(
        (
            f"the break '{each.id}' of {each.date} is declared"
            for each in both.breaks
            if each.field == field and (each.kind == "revision" or code in (each.old, *each.new))
        ),
        "",
    )
    if not why and is_new and item.start is not None and item.start > both.period_before.start:
        why = f"it exists from {item.start}, says its code list"
    if not why and not is_new and item.until is not None and item.until < both.period.end:
        why = f"it existed until {item.until}, says its code list"
    if not why and code not in without.labelled:
        stood = "of the year before stood" if is_new else "of this year stands"
        why = f"no label {stood} for it, says its layout"
    if not why and rows / with_it.rows * without.rows < DUE:
        why = "so few that it may be chance"
    kind: Literal["new", "gone"] = "new" if is_new else "gone"
    if why:
        return OneYearCode(kind, field, code, rows, why)
    contacts = both.dataset.tables[now.table]
    day = first_day(contacts, field, code) if is_new else both.period.start
    name = f"{field}_{code}_{kind}".replace(".", "_")
    note = 'note: {nl: "…", en: "…"}'
    add = f"- {{id: {name}, kind: revision, field: {field}, date: {day}, {note}}}"
    return OneYearCode(kind, field, code, rows, add=add)
