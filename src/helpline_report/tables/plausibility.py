"""Find what makes a year look wrong: codes fallen silent, ten times up, or in each other's place.

Each rule says that something is so unlikely that somebody has to look, and stops the run until it
is acknowledged. So none of them may speak by chance: see `FEWEST`, `DUE` and `EVEN`.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

import numpy as np
import pandas as pd

from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.tables.dataset import Dataset, Table, mask_rows

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
# Labels that changed places: two codes, a tenth of the rows apart, of which each has now the share
# that the other had, four times as nearly as its own, and by five standard deviations more or
# fewer rows than the other. Chance does so once in two million; people may, who for instance chat
# now and called last year.
APART, CROSSED, BEYOND = 0.1, 0.25, 5
EMPTY, FILLED = 0.95, 0.5
# Days and codes have seasons and habits, so that twice as many rows must be due as of a month.
DUE_IN_PART = 2 * DUE
# All rows of a code in a part of the year, though any month was as likely: so rarely by chance.
CHANCE = 1e-6
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = {"hour": "contacts", "age": "persons"}
REGISTRATION = ("contacts", "persons", "followups")
ByMonth = Mapping[str, int]


@dataclass(frozen=True)
class Oddity:
    """Something odd: `code` names its kind, `about` the month, column or code; of which table.

    `case` and `values` are those of its message.
    """

    code: str
    about: str
    table: str
    case: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class FieldCounts:
    """How many rows a field of a table has in each month of a year (`2017-03`), without gaps.

    `rows` are all since the field is registered, `missing` those in which nothing is known, and
    `codes` those of each code that doesn't mean unknown, in the order of the list; numbers have
    none. `labelled` are the codes that the year's layout has a label for on some day of it.
    """

    table: str
    rows: ByMonth
    missing: ByMonth
    codes: Mapping[str, ByMonth]
    labelled: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """The rows of all months."""
        return sum(self.rows.values())

    @property
    def total_missing(self) -> int:
        """Those in which nothing is known."""
        return sum(self.missing.values())

    def count(self, code: str) -> int:
        """Those with a code."""
        return sum(self.codes.get(code, {}).values())


@dataclass(frozen=True)
class CountedYear:
    """A year and the counts of its fields; `breaks` are those that matter for them."""

    edition: Edition
    dataset: Dataset
    lists: Mapping[str, CodeList]
    breaks: Sequence[Break]
    fields: Mapping[str, FieldCounts]


def count_fields(
    dataset: Dataset,
    lists: Mapping[str, CodeList],
    breaks: Sequence[Break],
    labelled: Mapping[str, frozenset[str]],
) -> dict[str, FieldCounts]:
    """The counts of each field of the registration tables with few codes, hours or ages.

    Of a field that a break starts, the rows from that day on.
    """
    counts: dict[str, FieldCounts] = {}
    for name, table in dataset.tables.items():
        months = _RowMonths(table) if name in REGISTRATION else None
        for field in sorted(table.fields if months is not None else ()):
            is_number = NUMBERS.get(field) == name
            if months is None or not (is_number or (field in lists and not lists[field].open)):
                continue
            since = _rows_since(table, field, breaks)
            codes = [] if is_number else [c.code for c in lists[field].codes if not c.missing]
            known: Mask = (
                table.frame[field].to_numpy() >= 0
                if is_number
                else mask_rows(table.frame, field, codes)
            )
            counts[field] = FieldCounts(
                name,
                months.count(since),
                months.count(since & ~known),
                {
                    code: months.count(since & mask_rows(table.frame, field, [code]))
                    for code in codes
                },
                labelled.get(field, frozenset()),
            )
    return counts


class _RowMonths:
    def __init__(self, table: Table) -> None:
        months = table.dates().astype("datetime64[M]")
        first = months.min() if len(months) else np.datetime64("1970-01")
        last = months.max() if len(months) else first - 1
        self._names: list[str] = np.arange(first, last + 1).astype(str).tolist()
        self._places = (months - first).astype(np.int16)

    def count(self, rows: Mask | slice = slice(None)) -> dict[str, int]:
        """How many rows each month has, or how many of some rows."""
        counts = np.bincount(self._places[rows], minlength=len(self._names)).tolist()
        return dict(zip(self._names, counts, strict=True))


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


def find_silent_spans(year: CountedYear) -> Iterator[Oddity]:
    """Months, weekdays, and open days one after another, without a contact where many were due.

    `DUE` contacts must be due in a month, of all helplines or of one, and `DUE_IN_PART` in days.
    What is due follows the open days. A month in which the helpline was closed has none due, nor
    has one before a declared start, or one that the code list gives a helpline only in part.
    """
    contacts, lines = year.dataset.tables.get("contacts"), year.fields.get("helpline")
    if contacts is None:
        return
    silent = _find_silent(_RowMonths(contacts).count(), _open_days(year))
    for month, due in silent.items():
        yield Oddity("silent_month", month, "contacts", "all", {"month": month, "due": due})
    for line, counts in lines.codes.items() if lines is not None else ():
        item = year.lists["helpline"].by_code[line]
        of_line = Counter(
            {
                month: days
                for month, days in _open_days(year, "helpline").items()
                if month not in silent and _exists_throughout(item, *_days_of(month))
            }
        )
        for month, due in _find_silent(counts, of_line).items():
            values = {"name": line, "month": month, "due": due}
            about = f"helpline.{line} {month}"
            yield Oddity("silent_month", about, "contacts", "helpline", values)
    days = [day for day in _days_since_start(year) if f"{day:%Y-%m}" not in silent]
    by_day = contacts.frame["date"].value_counts()
    on_day = dict(zip(pd.DatetimeIndex(by_day.index).date, by_day.tolist(), strict=True))
    each = sum(on_day.get(day, 0) for day in days) / max(1, len(days))
    for has_contacts, group in groupby(days, key=on_day.__contains__):
        run = [str(day) for day in group]
        span, due = _span(run), each * len(run)
        if not has_contacts and due >= DUE_IN_PART:
            yield Oddity("silent_days", span, "contacts", "span", {"span": span, "due": due})
    for number, weekday in enumerate(WEEKDAYS):
        alike = [day for day in days if day.weekday() == number]
        due = each * len(alike)
        if due >= DUE_IN_PART and not any(day in on_day for day in alike):
            values = {"weekday": weekday, "due": due}
            yield Oddity("silent_days", weekday, "contacts", "weekday", values)


def _find_silent(counts: ByMonth, open_days: Counter[str]) -> dict[str, float]:
    """The months without a row, and how many are due by the open days of the others."""
    days = sum(number for month, number in open_days.items() if counts.get(month))
    rows = sum(counts.get(month, 0) for month in open_days)
    return {
        month: rows * number / days
        for month, number in sorted(open_days.items())
        if days and not counts.get(month) and rows * number >= DUE * days
    }


def _open_days(year: CountedYear, field: str = "") -> Counter[str]:
    """How many days the helpline was open, by month, since the register or the field began."""
    return Counter(f"{day:%Y-%m}" for day in _days_since_start(year, field))


def _days_since_start(year: CountedYear, field: str = "") -> list[dt.date]:
    """The open days on which contacts, or a field of theirs, were registered."""
    edition = year.edition
    starts = [
        item.date
        for item in edition.breaks
        if item.kind == "starts" and ("contacts" in item.tables or field == item.field)
    ]
    start = max([edition.period.start, *starts])
    days = edition.period.each_day()
    return [day for day in days if day >= start and edition.calendar.is_open(day)]


def _days_of(month: str) -> tuple[dt.date, dt.date]:
    period = pd.Period(month)
    return period.start_time.date(), period.end_time.date()


def _exists_throughout(code: Code, first: dt.date, last: dt.date) -> bool:
    return (code.start or dt.date.min) <= first and (code.until or dt.date.max) >= last


def _span(run: Sequence[str]) -> str:
    return run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}"


def find_odd_counts(year: CountedYear, before: CountedYear | None = None) -> list[Oddity]:
    """What is odd about the fields of a year, as wholes before their months."""
    whole = [*_odd_fields(year, before)] if before is not None else []
    fields = {item.about for item in whole}
    parts = [item for item in _empty_months(year, before) if item.about.split()[0] not in fields]
    return [*whole, *_silent_parts(year), *parts]


def _odd_fields(year: CountedYear, before: CountedYear) -> Iterator[Oddity]:
    period = year.edition.period
    for field, now in year.fields.items():
        then = before.fields.get(field)
        # Rows enough that each code would be due `DUE` times, evenly spread.
        if then is None or any(
            each.total < max(FEWEST, DUE * len(each.labelled)) for each in (now, then)
        ):
            continue
        rows, rows_then = now.total, then.total
        values: dict[str, object] = {"field": field, "rows": rows, "rows_then": rows_then}
        if now.total_missing >= EMPTY * rows and then.total_missing <= FILLED * rows_then:
            values |= {"missing": now.total_missing, "then": then.total_missing}
            yield Oddity("empty_column", field, now.table, "year", values)
            continue
        changes = [each for each in year.breaks if each.field == field and each.kind != "starts"]
        split = {each.old for each in changes if each.kind == "split"}
        for code in now.codes:
            number, number_then = now.count(code), then.count(code)
            share, earlier = number / rows, number_then / rows_then
            about = f"{field}.{code}"
            of_code = {**values, "name": code, "number": number, "then": number_then}
            # A code that ends in the period may well be silent.
            item = year.lists[field].by_code[code]
            whole = code not in split and _exists_throughout(item, period.start, period.end)
            due = min(earlier * rows, number_then)
            if whole and not number and code in now.labelled and due >= DUE:
                yield Oddity("silent_code", about, now.table, "year", of_code)
            uneven = share * len(now.labelled) >= EVEN
            if number_then >= FEWEST_BEFORE and uneven and share >= TIMES * earlier:
                yield Oddity("tenfold", about, now.table, "", of_code)
        if not changes:
            yield from _find_exchanged(field, now, then)


def _find_exchanged(field: str, now: FieldCounts, then: FieldCounts) -> Iterator[Oddity]:
    """Two codes of which each has the share of the rows that the other one had."""
    shares = {
        code: (now.count(code) / now.total, then.count(code) / then.total) for code in now.codes
    }
    for one, other in combinations(now.codes, 2):
        (share, earlier), (share_other, earlier_other) = shares[one], shares[other]
        own = abs(share - earlier) + abs(share_other - earlier_other)
        crossed = abs(share - earlier_other) + abs(share_other - earlier)
        # A code without rows is silent, and codes of labels at random are near each other.
        numbers = now.count(one), now.count(other)
        if not min(numbers) or abs(numbers[0] - numbers[1]) < BEYOND * math.sqrt(sum(numbers)):
            continue
        if abs(earlier - earlier_other) >= APART and crossed <= CROSSED * own:
            values = {
                "field": field,
                "name": one,
                "other": other,
                "number": numbers[0],
                "number_of_other": numbers[1],
                "rows": now.total,
                "then": then.count(one),
                "then_of_other": then.count(other),
                "rows_then": then.total,
            }
            yield Oddity("exchanged", f"{field}.{one} and {other}", now.table, "", values)


def _silent_parts(year: CountedYear) -> Iterator[Oddity]:
    """Codes that begin or end within the year, where `DUE_IN_PART` rows or more were due."""
    period = year.edition.period
    revised = {
        item.field for item in year.breaks if item.kind != "starts" and period.holds(item.date)
    }
    for field, now in year.fields.items():
        names = list(now.rows)
        known = {month: now.rows[month] - now.missing[month] for month in names}
        # The months of each helpline are checked by `find_silent_spans`.
        for code, counts in now.codes.items() if field not in {"helpline", *revised} else ():
            filled = [place for place, month in enumerate(names) if counts[month]]
            item = year.lists[field].by_code[code]
            if not filled or not _exists_throughout(item, period.start, period.end):
                continue
            first, last = filled[0], filled[-1] + 1
            number, inside = now.count(code), sum(known[name] for name in names[first:last])
            # A rare code stands in few months by chance.
            if (inside / sum(known.values())) ** number > CHANCE:
                continue
            for run in (names[:first], names[last:]):
                due = number / inside * sum(known[month] for month in run)
                if due >= DUE_IN_PART:
                    span = _span(run)
                    values = {"field": field, "name": code, "span": span, "due": due}
                    yield Oddity("silent_code", f"{field}.{code} {span}", now.table, "span", values)


def _empty_months(year: CountedYear, before: CountedYear | None) -> Iterator[Oddity]:
    """Fields that are blank or unknown in some months, and mostly filled in the others.

    They were mostly filled in the year before too, where there is one. A field that starts, or a
    revision of it, explains what it explains.
    """
    for field, now in year.fields.items():
        then = before.fields.get(field) if before is not None else None
        if before is not None and (then is None or then.total_missing > FILLED * then.total):
            continue
        rows, missing = now.rows, now.missing
        empty = {month for month in rows if rows[month] and missing[month] >= EMPTY * rows[month]}
        others = sum(missing[month] for month in rows if month not in empty)
        filled = sum(rows[month] for month in rows if month not in empty)
        if not filled or others > FILLED * filled:
            continue
        revisions = [
            item.date for item in year.breaks if (item.kind, item.field) == ("revision", field)
        ]
        due = [month for month in rows if rows[month] * (1 - others / filled) >= DUE]
        for is_empty, group in groupby(due, key=empty.__contains__):
            run = list(group)
            # A revision explains what comes after it.
            if is_empty and not any(day <= _days_of(run[0])[1] for day in revisions):
                blank, every = (sum(each[month] for month in run) for each in (missing, rows))
                values = {"field": field, "span": _span(run), "missing": blank, "rows": every}
                values |= {"others": others, "filled": filled}
                about = f"{field} {values['span']}"
                yield Oddity("empty_column", about, now.table, "span", values)
