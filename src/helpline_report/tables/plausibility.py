"""Find what makes a year look wrong: months and codes fallen silent, codes ten times up.

Each rule says that something is so unlikely that somebody has to look, and stops the run until it
is acknowledged. So none of them may speak by chance: see `FEWEST`, `DUE` and `EVEN`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
import pandas as pd

from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Dataset, Table, rows_with

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
NUMBERS = {"hour": "contacts", "age": "persons"}
REGISTRATION = ("contacts", "persons", "followups")
Lists = Mapping[str, CodeList]


@dataclass(frozen=True)
class Oddity:
    """Something odd: `code` names its kind, `about` the month, column or code; of which table."""

    code: str
    about: str
    table: str
    what: str


@dataclass(frozen=True)
class Tally:
    """One field of one table in one year, in the order of its code list.

    `counts` are rows a code, codes that mean unknown left out; `missing` are rows in which nothing
    is known. `labelled` are the codes that the year's layout has a label for on some day of it.
    """

    table: str
    field: str
    rows: int
    counts: Mapping[str, int]
    missing: int
    labelled: frozenset[str] = frozenset()


class RowMonths:
    """The months of the contacts that the rows of a table hang on: `names` in order (`2017-03`)."""

    def __init__(self, table: Table) -> None:
        months = table.dates().astype("datetime64[M]")
        first = months.min() if len(months) else np.datetime64("1970-01")
        last = months.max() if len(months) else first - 1
        self.names: list[str] = np.arange(first, last + 1).astype(str).tolist()
        self._places = (months - first).astype(np.int16)

    def count(self, rows: Mask | slice = slice(None)) -> dict[str, int]:
        """How many rows each month has, or how many of some rows."""
        counts = np.bincount(self._places[rows], minlength=len(self.names)).tolist()
        return dict(zip(self.names, counts, strict=True))


def tally_fields(
    dataset: Dataset,
    lists: Lists,
    breaks: Sequence[Break],
    labelled: Mapping[str, frozenset[str]],
) -> dict[str, Tally]:
    """The tally of each field of the registration tables; a field with few codes or with hours.

    Of a field that a break starts, the rows from that day on.
    """
    tallies: dict[str, Tally] = {}
    for table, field in _registered_fields(dataset, lists):
        since = _rows_since(table, field, breaks)
        missing = int((since & _rows_without(table, field, lists)).sum())
        counts = {
            code: int((since & rows_with(table.frame, field, {code})).sum())
            for code in ([] if field in NUMBERS else _known_codes(lists[field]))
        }
        codes = labelled.get(field, frozenset()) if counts else frozenset()
        tallies[field] = Tally(table.name, field, int(since.sum()), counts, missing, codes)
    return tallies


def _registered_fields(dataset: Dataset, lists: Lists) -> Iterator[tuple[Table, str]]:
    """The fields of the registration tables that have few codes, hours or ages."""
    for name in REGISTRATION:
        if name in dataset.tables:
            for field in sorted(dataset.tables[name].fields):
                if NUMBERS.get(field) == name or (field in lists and not lists[field].open):
                    yield dataset.tables[name], field


def _known_codes(codelist: CodeList) -> list[str]:
    """The codes that don't mean unknown."""
    return [code.code for code in codelist.codes if not code.missing]


def _rows_without(table: Table, field: str, lists: Lists) -> Mask:
    """The rows in which nothing is known of a field: blank, or a code that means so."""
    if field in NUMBERS:
        missing: Mask = table.frame[field].to_numpy() < 0
        return missing
    return ~rows_with(table.frame, field, _known_codes(lists[field]))


def _rows_since(table: Table, field: str, breaks: Sequence[Break]) -> Mask:
    """The rows from the day on which the field, or its whole table, began to be registered."""
    starts = [
        item.date
        for item in breaks
        if item.kind == "starts"
        and (item.field == field or (item.field is None and table.name in item.tables))
    ]
    if not starts or not table.has("date"):
        return np.ones(len(table), dtype=np.bool_)
    since: Mask = table.dates() >= np.datetime64(max(starts))
    return since


def silent_months(edition: Edition, dataset: Dataset, lists: Lists) -> Iterator[Oddity]:
    """Months without a contact, of all helplines or of one, where `DUE` or more were due.

    What is due follows the open days. A month in which the helpline was closed has none due, nor
    has one before a declared start, or one that the code list gives a helpline only in part.
    """
    contacts = dataset.tables.get("contacts")
    if contacts is None:
        return
    months = RowMonths(contacts)
    silent = _find_silent(months.count(), _open_days(edition))
    for month, due in silent.items():
        what = f"no contact in {month}, where about {due:.0f} are due"
        yield Oddity("silent_month", month, "contacts", what)
    if "helpline" not in contacts.fields or "helpline" not in lists:
        return
    open_days = _open_days(edition, "helpline")
    for line, item in lists["helpline"].by_code.items():
        of_line = {
            month: days
            for month, days in open_days.items()
            if month not in silent and _existed(item, *_days_of(month))
        }
        counts = months.count(rows_with(contacts.frame, "helpline", {line}))
        for month, due in _find_silent(counts, of_line).items():
            what = f"no contact with helpline '{line}' in {month}, where about {due:.0f} are due"
            yield Oddity("silent_month", f"helpline.{line} {month}", "contacts", what)


def _find_silent(counts: Mapping[str, int], open_days: Mapping[str, int]) -> dict[str, float]:
    """The months without a row, and how many are due by the open days of the others."""
    days = sum(number for month, number in open_days.items() if counts.get(month))
    rows = sum(counts.get(month, 0) for month in open_days)
    return {
        month: rows * number / days
        for month, number in sorted(open_days.items())
        if days and not counts.get(month) and rows * number >= DUE * days
    }


def _open_days(edition: Edition, field: str = "") -> Counter[str]:
    """How many days the helpline was open, by month, since the register or the field began."""
    return Counter(f"{day:%Y-%m}" for day in _days_since_start(edition, field))


def _days_since_start(edition: Edition, field: str = "") -> list[dt.date]:
    """The open days on which contacts, or a field of theirs, were registered."""
    starts = [
        item.date
        for item in edition.breaks
        if item.kind == "starts" and ("contacts" in item.tables or field == item.field)
    ]
    start = max([edition.period.start, *starts])
    days = edition.period.each_day()
    return [day for day in days if day >= start and edition.calendar.is_open(day)]


def _days_of(month: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a month."""
    first = dt.date.fromisoformat(f"{month}-01")
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _existed(code: Code, first: dt.date, last: dt.date) -> bool:
    """Whether a code existed on all days from the first to the last."""
    return (code.start or dt.date.min) <= first and (code.until or dt.date.max) >= last


def silent_days(
    edition: Edition, dataset: Dataset, silent: Collection[str] = ()
) -> Iterator[Oddity]:
    """Open days one after another without a contact, where `DUE_IN_PART` or more were due.

    Days of the months in `silent` are told as these.
    """
    if "contacts" not in dataset.tables:
        return
    days = [day for day in _days_since_start(edition) if f"{day:%Y-%m}" not in silent]
    by_day = dataset.tables["contacts"].frame["date"].value_counts()
    counts = dict(zip(pd.DatetimeIndex(by_day.index).date, by_day.tolist(), strict=True))
    each = sum(counts.get(day, 0) for day in days) / max(1, len(days))
    for has_contacts, group in groupby(days, key=counts.__contains__):
        run = [str(day) for day in group]
        if not has_contacts and each * len(run) >= DUE_IN_PART:
            what = f"no contact from {_span(run)}, where about {each * len(run):.0f} are due"
            yield Oddity("silent_days", _span(run), "contacts", what)


def _span(run: Sequence[str]) -> str:
    return run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}"


def silent_parts(
    edition: Edition, dataset: Dataset, lists: Lists, breaks: Sequence[Break]
) -> Iterator[Oddity]:
    """Codes that begin or end within the year, where `DUE_IN_PART` rows or more were due.

    By whole months at either end. What explains it: the dates of the code in its list, and a break
    of its field.
    """
    period = edition.period
    revised = {item.field for item in breaks if item.kind != "starts" and period.holds(item.date)}
    by_table = {name: RowMonths(table) for name, table in _registration(dataset)}
    for table, field in _registered_fields(dataset, lists):
        # Of helplines each month is told: see `silent_months`.
        if field not in lists or field in {"helpline", *revised}:
            continue
        months, since = by_table[table.name], _rows_since(table, field, breaks)
        rows = months.count(since & ~_rows_without(table, field, lists))
        for code in _known_codes(lists[field]):
            counts = months.count(since & rows_with(table.frame, field, {code}))
            filled = [place for place, month in enumerate(months.names) if counts[month]]
            item = lists[field].by_code[code]
            if not filled or not _existed(item, period.start, period.end):
                continue
            first, last = filled[0], filled[-1] + 1
            number = sum(counts.values())
            inside = sum(rows[name] for name in months.names[first:last])
            # A rare code stands in few months by chance.
            if (inside / sum(rows.values())) ** number > CHANCE:
                continue
            for run in (months.names[:first], months.names[last:]):
                due = number / inside * sum(rows[month] for month in run)
                if due >= DUE_IN_PART:
                    where = f"in {_span(run)}, where about {due:.0f} are due"
                    what = f"no row with {field} '{code}' {where}"
                    yield Oddity("silent_code", f"{field}.{code} {_span(run)}", table.name, what)


def _registration(dataset: Dataset) -> list[tuple[str, Table]]:
    return [(name, dataset.tables[name]) for name in REGISTRATION if name in dataset.tables]


def odd_fields(
    now: Mapping[str, Tally],
    before: Mapping[str, Tally],
    lists: Lists,
    breaks: Sequence[Break],
    period: Period,
) -> Iterator[Oddity]:
    """What is odd about the fields of a year, held against the tallies of the year before."""
    for field, tally in now.items():
        then = before.get(field)
        # Rows enough that each code would be due `DUE` times, evenly spread.
        if then is None or any(
            each.rows < max(FEWEST, DUE * len(each.labelled)) for each in (tally, then)
        ):
            continue
        if tally.missing >= EMPTY * tally.rows and then.missing <= FILLED * then.rows:
            what = (
                f"{field} is blank or unknown in {tally.missing} of {tally.rows} rows; "
                f"the year before in {then.missing} of {then.rows}"
            )
            yield Oddity("empty_column", field, tally.table, what)
            continue
        split = {item.old for item in breaks if item.kind == "split" and item.field == field}
        for code, number in tally.counts.items():
            number_then = then.counts.get(code, 0)
            share, earlier = number / tally.rows, number_then / then.rows
            due = min(earlier * tally.rows, number_then)
            # A code that ends in the period may well be silent.
            item = lists[field].by_code[code]
            whole = code not in split and _existed(item, period.start, period.end)
            if whole and not number and code in tally.labelled and due >= DUE:
                what = f"the year before {number_then} of {then.rows} rows had it"
                what = f"no row with {field} '{code}'; {what}"
                yield Oddity("silent_code", f"{field}.{code}", tally.table, what)
            uneven = share * len(tally.labelled) >= EVEN
            if number_then >= FEWEST_BEFORE and uneven and share >= TIMES * earlier:
                what = (
                    f"{field} '{code}' stands in {number} of {tally.rows} rows; the "
                    f"year before in {number_then} of {then.rows}"
                )
                yield Oddity("tenfold", f"{field}.{code}", tally.table, what)


def empty_months(
    dataset: Dataset,
    lists: Lists,
    breaks: Sequence[Break],
    before: Mapping[str, Tally] | None,
) -> Iterator[Oddity]:
    """Fields that are blank or unknown in some months, and mostly filled in the others.

    `before` are the tallies of the year before, in which they were mostly filled too; None where
    there is no such year. A field that starts, or a revision of it, explains what it explains.
    """
    by_table = {name: RowMonths(table) for name, table in _registration(dataset)}
    for table, field in _registered_fields(dataset, lists):
        then = before.get(field) if before is not None else None
        if before is not None and (then is None or then.missing > FILLED * then.rows):
            continue
        since = _rows_since(table, field, breaks)
        rows = by_table[table.name].count(since)
        missing = by_table[table.name].count(since & _rows_without(table, field, lists))
        empty = {month for month in rows if rows[month] and missing[month] >= EMPTY * rows[month]}
        others = sum(missing[month] for month in rows if month not in empty)
        filled = sum(rows[month] for month in rows if month not in empty)
        if not filled or others > FILLED * filled:
            continue
        revised = [item.date for item in breaks if (item.kind, item.field) == ("revision", field)]
        due = [month for month in rows if rows[month] * (1 - others / filled) >= DUE]
        for is_empty, group in groupby(due, key=empty.__contains__):
            run = list(group)
            # A revision explains what comes after it.
            if is_empty and not any(day <= _days_of(run[0])[1] for day in revised):
                blank, all_rows = (sum(map(each.__getitem__, run)) for each in (missing, rows))
                what = (
                    f"{field} is blank or unknown in {blank} of {all_rows} rows of {_span(run)}; "
                    f"in other months in {others} of {filled}"
                )
                yield Oddity("empty_column", f"{field} {_span(run)}", table.name, what)


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
    lists: Lists


def one_year_codes(both: TwoYears) -> Iterator[OneYearCode]:
    """The codes of one year alone, field by field in the order of their lists."""
    for field, now in both.now.items():
        then = both.before.get(field)
        if then is None or not now.rows or not then.rows:
            continue
        for code, rows in now.counts.items():
            rows_then = then.counts.get(code, 0)
            if rows and not rows_then:
                why = _explain(both, now, then, code)
                table = both.dataset.tables[now.table]
                day = str(table.dates()[rows_with(table.frame, field, {code})].min())[:10]
                yield _describe("new", field, code, rows, why=why, day=day)
            elif rows_then and not rows:
                why = _explain(both, then, now, code)
                day = str(both.period.start)
                yield _describe("gone", field, code, rows_then, why=why, day=day)


def _explain(both: TwoYears, with_it: Tally, without: Tally, code: str) -> str:
    """What explains a code that stands in one of two years; nothing where nothing does."""
    field, item = with_it.field, both.lists[with_it.field].by_code[code]
    is_new = without is both.before.get(field)
    for each in both.breaks:
        if each.field == field and (each.kind == "revision" or code in (each.old, *each.new)):
            return f"the break '{each.id}' of {each.date} is declared"
    if is_new and item.start is not None and item.start > both.period_before.start:
        return f"it exists from {item.start}, says its code list"
    if not is_new and item.until is not None and item.until < both.period.end:
        return f"it existed until {item.until}, says its code list"
    if code not in without.labelled:
        stood = "of the year before stood" if is_new else "of this year stands"
        return f"no label {stood} for it, says its layout"
    is_rare = with_it.counts[code] / with_it.rows * without.rows < DUE
    return "so few that it may be chance" if is_rare else ""


def _describe(
    kind: Literal["new", "gone"], field: str, code: str, rows: int, *, why: str, day: str
) -> OneYearCode:
    name, note = f"{field}_{code}_{kind}".replace(".", "_"), 'note: {nl: "…", en: "…"}'
    add = f"- {{id: {name}, kind: revision, field: {field}, date: {day}, {note}}}"
    return OneYearCode(kind, field, code, rows, why, "" if why else add)
