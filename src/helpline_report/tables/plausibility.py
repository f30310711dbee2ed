"""Find what makes a year look wrong: months and codes fallen silent, codes ten times up.

Each rule says that something is so unlikely that somebody has to look, and stops the run until it
is acknowledged. So none of them may speak by chance: see `has_enough`, `DUE` and `EVEN`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from helpline_report.exports.faults import FAULTS
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
from helpline_report.tables.dataset import Dataset, Table

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


@dataclass(frozen=True)
class Oddity:
    """Something odd: `code` names its kind, `about` the month, column or code; of which table."""

    code: str
    about: str
    table: str
    what: str

    @property
    def next_step(self) -> str:
        """What to do about it."""
        return FAULTS[self.code].step


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
            # A code that ends in the period may well be silent.
            if code not in split and _existed(lists[field].by_code[code], period):
                yield from _silent_code(tally, then, code)
            yield from _tenfold_code(tally, then, code)


def has_enough(tally: Tally) -> bool:
    """Whether a table has rows enough that each code would be due `DUE` times, evenly spread."""
    return tally.rows >= max(FEWEST, DUE * len(tally.labelled))


def _silent_code(now: Tally, then: Tally, code: str) -> Iterator[Oddity]:
    due = then.share(code) * now.rows
    if not now.counts[code] and code in now.labelled and min(due, then.counts.get(code, 0)) >= DUE:
        what = (
            f"no row with {now.field} '{code}'; the year before {then.counts[code]} of "
            f"{then.rows} rows had it"
        )
        yield Oddity("silent_code", f"{now.field}.{code}", now.table, what)


def _tenfold_code(now: Tally, then: Tally, code: str) -> Iterator[Oddity]:
    share, earlier = now.share(code), then.share(code)
    uneven = share * len(now.labelled) >= EVEN
    if then.counts.get(code, 0) >= FEWEST_BEFORE and uneven and share >= TIMES * earlier:
        what = (
            f"{now.field} '{code}' stands in {now.counts[code]} of {now.rows} rows; the year "
            f"before in {then.counts[code]} of {then.rows}"
        )
        yield Oddity("tenfold", f"{now.field}.{code}", now.table, what)


@dataclass(frozen=True)
class _Month:
    """A month of one field: how many rows it has, and in how many of them nothing is known."""

    name: str
    rows: int
    missing: int

    @property
    def is_empty(self) -> bool:
        """Whether it is blank or unknown in nearly all rows."""
        return self.missing >= EMPTY * self.rows


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
        months = _months_of_field(table, field, by_table[table.name], lists, breaks)
        rows, missing = _sums([month for month in months if not month.is_empty])
        if not rows or missing > FILLED * rows:
            continue
        share = 1 - missing / rows
        due = [month for month in months if month.rows * share >= DUE]
        for is_empty, run in groupby(due, key=lambda month: month.is_empty):
            if is_empty:
                yield from _empty_run(table, field, list(run), breaks, others=(missing, rows))


def _months_of_field(
    table: Table,
    field: str,
    months: RowMonths,
    lists: Mapping[str, CodeList],
    breaks: Sequence[Break],
) -> list[_Month]:
    """The months in which a field was registered, from first to last."""
    since = rows_since(table, field, breaks)
    rows = months.count(since)
    missing = months.count(since & rows_without(table, field, lists))
    return [_Month(name, rows[name], missing[name]) for name in months.names if rows[name]]


def _sums(months: Iterable[_Month]) -> tuple[int, int]:
    """How many rows some months have, and in how many of them nothing is known."""
    rows, missing = 0, 0
    for month in months:
        rows, missing = rows + month.rows, missing + month.missing
    return rows, missing


def _empty_run(
    table: Table,
    field: str,
    run: Sequence[_Month],
    breaks: Sequence[Break],
    *,
    others: tuple[int, int],
) -> Iterator[Oddity]:
    """Empty months that follow one another, unless a revision of the field comes before them."""
    end_of_first = dt.date.fromisoformat(f"{run[0].name}-01") + dt.timedelta(days=31)
    for item in breaks:
        if item.kind == "revision" and item.field == field and item.date < end_of_first:
            return
    rows, missing = _sums(run)
    span = run[0].name if len(run) == 1 else f"{run[0].name} to {run[-1].name}"
    what = (
        f"{field} is blank or unknown in {missing} of {rows} rows of {span}; in other months in "
        f"{others[0]} of {others[1]}"
    )
    yield Oddity("empty_column", f"{field} {span}", table.name, what)


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
            earlier = then.counts.get(code, 0)
            if rows and not earlier:
                yield _new(both, now, then, code)
            elif earlier and not rows:
                yield _gone(both, now, then, code)


def _new(both: TwoYears, now: Tally, then: Tally, code: str) -> OneYearCode:
    item = both.lists[now.field].by_code[code]
    why = _declared(both, now.field, code)
    if not why and item.start is not None and item.start > both.period_before.start:
        why = f"it exists from {item.start}, says its code list"
    if not why and code not in then.labelled:
        why = "no label of the year before stood for it, says its layout"
    rows = now.counts[code]
    if why:
        return OneYearCode("new", now.field, code, rows, why)
    if rows / now.rows * then.rows < DUE:
        return OneYearCode("new", now.field, code, rows, "so few that it may be chance")
    day = first_day(both.dataset.tables[now.table], now.field, code)
    return OneYearCode("new", now.field, code, rows, add=_line(now.field, code, day, "new"))


def _gone(both: TwoYears, now: Tally, then: Tally, code: str) -> OneYearCode:
    item = both.lists[now.field].by_code[code]
    why = _declared(both, now.field, code)
    if not why and item.until is not None and item.until < both.period.end:
        why = f"it existed until {item.until}, says its code list"
    if not why and code not in now.labelled:
        why = "no label of this year stands for it, says its layout"
    rows = then.counts[code]
    if not why and rows / then.rows * now.rows < DUE:
        why = "so few that it may be chance"
    add = "" if why else _line(now.field, code, both.period.start, "gone")
    return OneYearCode("gone", now.field, code, rows, why, add)


def _declared(both: TwoYears, field: str, code: str) -> str:
    for item in both.breaks:
        if item.field == field and (item.kind == "revision" or code in (item.old, *item.new)):
            return f"the break '{item.id}' of {item.date} is declared"
    return ""


def _line(field: str, code: str, day: dt.date, kind: str) -> str:
    name = f"{field}_{code}_{kind}".replace(".", "_")
    return f"- {{id: {name}, kind: revision, field: {field}, date: {day}, note: {{nl: …, en: …}}}}"
