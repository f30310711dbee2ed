"""Find what makes a year look wrong: codes fallen silent, ten times up, or in each other's place.

What a rule finds stops the run until somebody looks and acknowledges it. So the limits below are
such that chance alone hardly ever reaches them.
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
from helpline_report.parameters.edition import AgeClass, Break, Edition
from helpline_report.tables.dataset import Dataset, Table, mask_rows

# Rows that must be due before their absence is odd. Where 20 are due, there are none by chance once
# in 485 million times (Poisson, e^-20). Persons of one contact have much in common, so it happens
# more often than that, and still never in a lifetime of reports.
DUE = 20
# Fewer rows must be due of a code that stood in each of twelve months: whatever its rate, such a
# code has no row in the next year about once in 16 million pairs of years.
DUE_MONTHS = 12
# Shares of a table with fewer rows aren't compared.
FEWEST = 100
# A code is odd if its share is `TIMES` that of last year, when it had at least so many rows.
FEWEST_BEFORE = 30
TIMES = 10
# It must also have twice its even share (1 in 4 of four labels) or more. In exports made to try the
# program, labels drawn at random give each code its even share, and that may be ten times the real.
EVEN = 2
# Two labels changed places if each has now the share that the other had: their shares differed by
# `APART` or more, each is nearer to the other's (at most `CROSSED` of the distance to its own), and
# their numbers differ by `BEYOND` standard deviations. Chance does so once in two million; people
# may do so too, for instance those who called last year and chat now.
APART, CROSSED, BEYOND = 0.1, 0.25, 5
# A field is empty if this share of its rows is missing or more, and filled if this one or less is.
EMPTY, FILLED = 0.95, 0.5
# A code has seasons: twice as many rows must be due in a part of a year as in a month.
DUE_IN_PART = 2 * DUE
# Contacts that must be due on some days in a row before their absence is odd. None come by chance
# once in 3^20 times, even where days vary three times as much as Poisson counts (negative
# binomial), as in the known registers that vary most.
DUE_IN_RUN = 40
# Below this probability, chance doesn't explain why a code has no row in some months.
CHANCE = 1e-6
# A field should be filled in each channel and each helpline.
PARTS = ("channel", "helpline")
# The fields that are numbers, with their tables.
NUMBERS = {"hour": "contacts", "age": "persons"}
REGISTRATION = ("contacts", "persons", "followups")
ByMonth = Mapping[str, int]


@dataclass(frozen=True)
class Oddity:
    """Something odd about a year.

    `code` names its kind; `about` is the month, column or code of `table` that is odd. `case` and
    `values` make its message.
    """

    code: str
    about: str
    table: str
    case: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class FieldCounts:
    """How many rows a field of a table has in each month of a year (`2017-03`), without gaps.

    `rows` counts all rows since the field is registered, `missing` those in which nothing is known,
    and `codes` those with each code that doesn't mean unknown, in the order of the list; a field of
    numbers has no codes. `parts` has, for each channel and helpline (`channel.chat`), its rows and
    its rows in which nothing is known. `labelled` are the codes for which the layout has a label on
    some day of the year.
    """

    table: str
    rows: ByMonth
    missing: ByMonth
    codes: Mapping[str, ByMonth]
    parts: Mapping[str, tuple[int, int]]
    labelled: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """The rows of all months."""
        return sum(self.rows.values())

    @property
    def has_enough_rows(self) -> bool:
        """Whether `DUE` rows are due for each code, if codes were evenly spread."""
        return self.total >= max(FEWEST, DUE * len(self.labelled))

    @property
    def total_missing(self) -> int:
        """The rows in which nothing is known."""
        return sum(self.missing.values())

    def count(self, code: str) -> int:
        """The rows with a code."""
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
    ages: Sequence[AgeClass] = (),
) -> dict[str, FieldCounts]:
    """The counts of each field of the registration tables that has a closed list, hours or ages.

    If a break starts a field, its rows count from that day on. Known ages also count by class.
    """
    counts: dict[str, FieldCounts] = {}
    for table in (table for name, table in dataset.tables.items() if name in REGISTRATION):
        months, parts = _list_months(table), _list_parts(table)
        for field, known, masks in _mask_codes(table, lists, ages):
            rows = _rows_since(table, field, breaks)
            if field == "age_class":
                # Missing ages are counted under `age`.
                rows &= known
            missing = rows & ~known
            counts[field] = FieldCounts(
                table.name,
                _count(months[rows]),
                _count(months[missing]),
                {code: _count(months[rows & each]) for code, each in masks.items()},
                {
                    name: (int((rows & each).sum()), int((missing & each).sum()))
                    for name, each in parts.items()
                },
                labelled.get(field, frozenset(masks)),
            )
    return counts


def _list_months(table: Table) -> pd.Categorical:
    """The month of each row; categories are all months from the first to the last."""
    months = table.dates().astype("datetime64[M]")
    if not len(months):
        return pd.Categorical([])
    first = months.min()
    names = pd.Index(np.arange(first, months.max() + np.timedelta64(1, "M")).astype(str))
    return pd.Categorical.from_codes((months - first).astype(np.int16), names)


def _count(months: pd.Categorical) -> dict[str, int]:
    return {str(month): int(rows) for month, rows in months.value_counts().items()}


def _list_parts(table: Table) -> dict[str, Mask]:
    """The rows of each channel and of each helpline that the contacts of a table have."""
    parts: dict[str, Mask] = {}
    for field in PARTS:
        owner = table.owner(field)
        if owner is not None and field not in owner.multiple:
            codes = table.down(owner.frame[field].cat.codes.to_numpy(), owner)
            for place, code in enumerate(owner.frame[field].cat.categories):
                parts[f"{field}.{code}"] = codes == place
    return parts


def _mask_codes(
    table: Table, lists: Mapping[str, CodeList], ages: Sequence[AgeClass]
) -> Iterator[tuple[str, Mask, dict[str, Mask]]]:
    """Each field, the rows in which it is known, and those with each of its codes."""
    for field in sorted(table.fields):
        if NUMBERS.get(field) == table.name:
            numbers = table.frame[field].to_numpy()
            yield field, numbers >= 0, {}
            classes: dict[str, Mask] = {}
            for item in ages if field == "age" else ():
                end = math.inf if item.to is None else item.to
                classes[item.code] = (numbers >= item.start) & (numbers <= end)
            if classes:
                yield "age_class", numbers >= 0, classes
        elif field in lists and not lists[field].open:
            codes = [code.code for code in lists[field].codes if not code.missing]
            masks = {code: mask_rows(table.frame, field, [code]) for code in codes}
            yield field, mask_rows(table.frame, field, codes), masks


def _is_about(item: Break, field: str) -> bool:
    """Whether a break is about a field; ages and their classes are one field."""
    return item.field == field or {item.field, field} == {"age", "age_class"}


def _rows_since(table: Table, field: str, breaks: Sequence[Break]) -> Mask:
    """The rows from the day on which the field, or its whole table, began to be registered."""
    of_table = [each for each in breaks if each.field is None and table.name in each.tables]
    of_field = [each for each in breaks if _is_about(each, field)]
    starts = [each.date for each in (*of_table, *of_field) if each.kind == "starts"]
    if not starts or not table.has("date"):
        return np.ones(len(table), dtype=np.bool_)
    since: Mask = table.dates() >= np.datetime64(max(starts))
    return since


def find_silent_spans(year: CountedYear) -> Iterator[Oddity]:
    """Months, and stretches of open days, without a contact where many were due.

    `DUE` contacts must be due in a month, by its open days. A month in which the helpline was
    closed has none due, nor has one before a declared start.
    """
    contacts = year.dataset.tables.get("contacts")
    if contacts is None:
        return
    open_days = _list_open_days(year)
    by_month = Counter(f"{day:%Y-%m}" for day in open_days)
    counts = _count(_list_months(contacts))
    # How many contacts a month without one is due by its open days, and by those of the others.
    days_with = sum(number for month, number in by_month.items() if counts.get(month))
    rows = sum(counts.get(month, 0) for month in by_month)
    silent = [month for month in sorted(by_month) if days_with and not counts.get(month)]
    due_by_month = {month: rows * by_month[month] / days_with for month in silent}
    silent = [month for month in silent if due_by_month[month] >= DUE]
    for month in silent:
        values: dict[str, object] = {"month": month, "due": due_by_month[month]}
        yield Oddity("silent_month", month, "contacts", "all", values)
    days = pd.DatetimeIndex([day for day in open_days if f"{day:%Y-%m}" not in silent])
    numbers = contacts.frame["date"].value_counts().reindex(days, fill_value=0)
    for name, stretch, due in find_silent_stretches(numbers):
        span, number = _span(stretch.strftime("%Y-%m-%d").tolist()), len(stretch)
        values = {"number": number, "days": name, "span": span, "due": due}
        about, case = (f"{number} {name} {span}", "days") if number > 1 else (span, "one_day")
        yield Oddity("silent_days", about, "contacts", case, values)


def find_silent_stretches(numbers: pd.Series) -> Iterator[tuple[str, pd.DatetimeIndex, float]]:
    """Find days one after another without a contact, on which `DUE_IN_RUN` contacts are due.

    `numbers` are the contacts of each open day, in order, with the days as index. A stretch is one
    of open days or, among the days that are in none of these, of one weekday. Each comes as the
    name of such days (`open days`, `Fridays`), the days, and how many contacts are due on them.
    """
    weekdays = pd.DatetimeIndex(numbers.index).day_name() + "s"
    reported, total = pd.DatetimeIndex([]), numbers.sum()
    for name, days in [("open days", numbers), *numbers.groupby(weekdays)]:
        left = days.drop(days.index.intersection(reported))
        for _, run in left[left == 0].groupby((left > 0).cumsum()):
            # First what is quick: are too few contacts due by the mean of all other days?
            if len(run) * total < DUE_IN_RUN * (len(numbers) - len(run)):
                continue
            silent = pd.DatetimeIndex(run.index)
            due = len(silent) * _expect(numbers, silent)
            if due >= DUE_IN_RUN:
                reported = reported.union(silent)
                yield name, silent, due


def _expect(numbers: pd.Series, silent: pd.DatetimeIndex) -> float:
    """How many contacts are due on each of some days: the least of three means of other open days.

    These are the mean of all of them, of those in the same months, and of those on the same
    weekdays: in some months, or on some weekdays, hardly anybody calls.
    """
    others = numbers.drop(silent)
    index = pd.DatetimeIndex(others.index)
    of_months = others[index.to_period("M").isin(silent.to_period("M"))]
    of_weekdays = others[index.day_of_week.isin(silent.day_of_week)]
    parts = (others, of_months, of_weekdays)
    return min((float(part.mean()) for part in parts if not part.empty), default=0)


def _list_open_days(year: CountedYear) -> list[dt.date]:
    """The open days on which contacts were registered."""
    edition = year.edition
    of_contacts = [
        item.date for item in edition.breaks if item.kind == "starts" and "contacts" in item.tables
    ]
    start = max([edition.period.start, *of_contacts])
    days = edition.period.each_day()
    return [day for day in days if day >= start and edition.calendar.is_open(day)]


def _days_of(month: str) -> tuple[dt.date, dt.date]:
    period = pd.Period(month)
    return period.start_time.date(), period.end_time.date()


def _exists_throughout(code: Code, first: dt.date, last: dt.date) -> bool:
    return (code.start or dt.date.min) <= first and (code.until or dt.date.max) >= last


def _span(run: Sequence[str]) -> str:
    return run[0] if run[0] == run[-1] else f"{run[0]} to {run[-1]}"


def find_odd_counts(year: CountedYear, before: CountedYear | None = None) -> list[Oddity]:
    """What is odd about the fields of a year: first of whole fields, then of their parts."""
    odd_fields: list[Oddity] = []
    empty = list(_find_empty_months(year, before))
    if before is not None:
        odd_fields += _find_odd_fields(year, before)
        empty += _find_empty_parts(year, before)
    # If a field is odd as a whole, its months, channels and helplines are so for the same reason.
    odd_names = {item.about for item in odd_fields}
    empty = [item for item in empty if item.about.split()[0] not in odd_names]
    return [*odd_fields, *_find_silent_codes(year, before), *empty]


def _find_odd_fields(year: CountedYear, before: CountedYear) -> Iterator[Oddity]:
    """Empty columns, and codes that fell silent, came ten times as often or changed places."""
    for field, now in year.fields.items():
        then = before.fields.get(field)
        if then is None or not (now.has_enough_rows and then.has_enough_rows):
            continue
        if now.total_missing >= EMPTY * now.total and then.total_missing <= FILLED * then.total:
            values = {"field": field, "missing": now.total_missing, "rows": now.total}
            values |= {"then": then.total_missing, "rows_then": then.total}
            yield Oddity("empty_column", field, now.table, "year", values)
            continue
        changes = [each for each in year.breaks if _is_about(each, field) and each.kind != "starts"]
        split = {each.old for each in changes if each.kind == "split"}
        for code in now.codes:
            item, period = year.lists[field].by_code[code], year.edition.period
            exists = code not in split and _exists_throughout(item, period.start, period.end)
            yield from _find_odd_code(field, code, now, then, exists=exists)
        if not changes:
            yield from _find_exchanged(field, now, then)


def _find_odd_code(
    field: str, code: str, now: FieldCounts, then: FieldCounts, *, exists: bool
) -> Iterator[Oddity]:
    """Whether a code fell silent (if it `exists` all year), or came ten times as often."""
    number, number_then = now.count(code), then.count(code)
    share, share_then = number / now.total, number_then / then.total
    values = {"field": field, "name": code, "number": number, "rows": now.total}
    values |= {"then": number_then, "rows_then": then.total}
    months_then = then.codes.get(code, {}).values()
    stood_in_each_month = len(months_then) >= DUE_MONTHS and all(months_then)
    least = DUE_MONTHS if stood_in_each_month else DUE
    is_due = min(share_then * now.total, number_then) >= least
    if exists and not number and code in now.labelled and is_due:
        yield Oddity("silent_code", f"{field}.{code}", now.table, "year", values)
    is_uneven = share * len(now.labelled) >= EVEN
    if number_then >= FEWEST_BEFORE and is_uneven and share >= TIMES * share_then:
        yield Oddity("tenfold", f"{field}.{code}", now.table, "", values)


def _find_empty_parts(year: CountedYear, before: CountedYear) -> Iterator[Oddity]:
    """Fields that are blank or unknown in one channel or helpline, and weren't the year before."""
    for field, now in year.fields.items():
        then = before.fields.get(field)
        if then is None or any(e.kind == "revision" and _is_about(e, field) for e in year.breaks):
            continue
        for part, (rows, missing) in now.parts.items():
            rows_then, missing_then = then.parts.get(part, (0, 0))
            known_then = rows_then - missing_then
            due = min(rows * known_then / rows_then, known_then) if rows_then else 0
            if due >= DUE and missing >= EMPTY * rows and missing_then <= FILLED * rows_then:
                values = {"field": field, "part": part.replace(".", " ", 1), "missing": missing}
                values |= {"rows": rows, "then": missing_then, "rows_then": rows_then}
                yield Oddity("empty_column", f"{field} {part}", now.table, "part", values)


def _find_exchanged(field: str, now: FieldCounts, then: FieldCounts) -> Iterator[Oddity]:
    """Pairs of codes that changed places: each has the share of the rows that the other had."""
    shares = {
        code: (now.count(code) / now.total, then.count(code) / then.total) for code in now.codes
    }
    for one, other in combinations(now.codes, 2):
        (share, earlier), (share_other, earlier_other) = shares[one], shares[other]
        own = abs(share - earlier) + abs(share_other - earlier_other)
        crossed = abs(share - earlier_other) + abs(share_other - earlier)
        # A code without rows is silent. Codes whose numbers are near may seem to change places.
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


def _find_silent_codes(year: CountedYear, before: CountedYear | None) -> Iterator[Oddity]:
    """Codes without a row in some months in which many rows are due, while other codes have rows.

    A run of months is odd if `DUE_IN_PART` rows (for a helpline `DUE`) are due in it, both by the
    other months and by the same months of the year before. Without a year before, only runs at the
    beginning or end of the year count, except for helplines: the code may have a season.
    """
    period = year.edition.period
    changes = [item for item in year.breaks if item.kind != "starts" and period.holds(item.date)]
    for field, now in year.fields.items():
        if any(_is_about(item, field) for item in changes):
            continue
        least = DUE if field == "helpline" else DUE_IN_PART
        then = before.fields.get(field) if before is not None else None
        for code, counts in now.codes.items():
            item, number = year.lists[field].by_code[code], now.count(code)
            known = {
                month: rows - now.missing[month]
                for month, rows in now.rows.items()
                if _exists_throughout(item, *_days_of(month))
            }
            months_then = then.codes.get(code, {}) if then is not None else {}
            for run, due in _find_silent_runs(counts, known):
                is_within = run[0] != min(known) and run[-1] != max(known)
                may_have_season = is_within and before is None and field != "helpline"
                is_due = min(due, _due_by_then(months_then, run, number)) >= least
                if is_due and not may_have_season:
                    span = _span(run)
                    values = {"field": field, "name": code, "span": span, "due": due}
                    yield Oddity("silent_code", f"{field}.{code} {span}", now.table, "span", values)


def _find_silent_runs(counts: ByMonth, known: ByMonth) -> Iterator[tuple[list[str], float]]:
    """Runs of months without a code, not by chance, each with how many of its rows are due.

    `counts` are the rows of the code, `known` those of all codes.
    """
    number = sum(counts.values())
    for has_rows, group in groupby(known, key=lambda month: counts[month] > 0):
        run = list(group)
        inside = sum(known[month] for month in run)
        outside = sum(known.values()) - inside
        # The probability that none of its rows is inside.
        by_chance = not outside or (outside / (outside + inside)) ** number > CHANCE
        if not has_rows and not by_chance:
            # In proportion to the rows of other codes; all rows, if these have none outside.
            yield run, number / (outside - number) * inside if outside > number else inside


def _due_by_then(then: ByMonth, run: Sequence[str], number: int) -> float:
    """How many rows of a code are due in some months, by its share of them in the year before.

    `number` are its rows in the other months. Infinite if the year before says nothing: it lacks
    these months, or the code has no row in its other months.
    """
    in_run = {month: rows for month, rows in then.items() if month[5:] in {m[5:] for m in run}}
    others = sum(then.values()) - sum(in_run.values())
    return sum(in_run.values()) * number / others if in_run and others else math.inf


def _find_empty_months(year: CountedYear, before: CountedYear | None) -> Iterator[Oddity]:
    """Fields that are blank or unknown in some months, and mostly filled in the others.

    If there is a year before, they must be mostly filled there too. A revision of the field
    explains empty months after it.
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
            item.date for item in year.breaks if item.kind == "revision" and _is_about(item, field)
        ]
        due = [month for month in rows if rows[month] * (1 - others / filled) >= DUE]
        for is_empty, group in groupby(due, key=lambda month: month in empty):
            run = list(group)
            if not is_empty or any(day <= _days_of(run[0])[1] for day in revisions):
                continue
            span = _span(run)
            values = {"field": field, "span": span, "others": others, "filled": filled}
            values["missing"] = sum(missing[month] for month in run)
            values["rows"] = sum(rows[month] for month in run)
            yield Oddity("empty_column", f"{field} {span}", now.table, "span", values)
