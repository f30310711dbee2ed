"""Find what makes a year look wrong: codes fallen silent, ten times up, or in each other's place.

What a rule finds stops the run until somebody looks and acknowledges it. So the limits below are
such that chance alone hardly ever reaches them.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.edition import AgeClass, Break, Edition
from helpline_report.parameters.row_layouts import ROW_TABLES
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


@dataclass(frozen=True, eq=False)
class FieldCounts:
    """How many rows a field of a table has in each month of a year (`2017-03`), without gaps.

    `months` has a row a month, with the column `rows` (all since the field is registered) and
    `missing` (those in which nothing is known). `codes` has the same rows, and a column for each
    code that doesn't mean unknown, in the order of the list; a field of numbers has none. `parts`
    has the columns of `months`, and a row for each channel and helpline (`channel.chat`).
    `labelled` are the codes for which the layout has a label on some day of the year.
    """

    table: str
    months: pd.DataFrame
    codes: pd.DataFrame
    parts: pd.DataFrame
    labelled: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """The rows of all months."""
        return int(self.months["rows"].sum())

    @property
    def has_enough_rows(self) -> bool:
        """Whether `DUE` rows are due for each code, if codes were evenly spread."""
        return self.total >= max(FEWEST, DUE * len(self.labelled))

    def count(self, code: str) -> int:
        """The rows with a code."""
        return int(self.codes[code].sum()) if code in self.codes else 0


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
    for table in (table for name, table in dataset.tables.items() if name in ROW_TABLES):
        months, parts = _list_months(table), _list_parts(table)
        for field, known, masks in _mask_codes(table, lists, ages):
            rows = _rows_since(table, field, breaks)
            if field == "age_class":
                # Missing ages are counted under `age`.
                rows &= known
            both = {"rows": rows, "missing": rows & ~known}
            in_parts = {
                name: {part: int((each & mask).sum()) for part, mask in parts.items()}
                for name, each in both.items()
            }
            counts[field] = FieldCounts(
                table.name,
                _count_months(months, both),
                _count_months(months, {code: rows & mask for code, mask in masks.items()}),
                pd.DataFrame(in_parts, dtype=np.int64),
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


def _count_months(months: pd.Categorical, masks: Mapping[str, Mask]) -> pd.DataFrame:
    """How many rows each mask has in each month: a column a mask."""
    counts = {name: months[mask].value_counts().to_numpy() for name, mask in masks.items()}
    return pd.DataFrame(counts, index=months.categories)


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
    contacts, edition = year.dataset.tables.get("contacts"), year.edition
    if contacts is None:
        return
    started = [e.date for e in edition.breaks if e.kind == "starts" and "contacts" in e.tables]
    start = max([edition.period.start, *started])
    open_days = filter(edition.calendar.is_open, edition.period.each_day())
    days = pd.DatetimeIndex([day for day in open_days if day >= start])
    months = days.strftime("%Y-%m")
    number_of_days = months.value_counts().sort_index()
    rows = _list_months(contacts).value_counts().rename(index=str)
    rows = rows.reindex(number_of_days.index, fill_value=0)
    # How many contacts a month without one is due by its open days, and by those of the others.
    due = rows.sum() * number_of_days / number_of_days[rows > 0].sum()
    silent = due[(rows == 0) & (due >= DUE)]
    for month, number in silent.items():
        yield Oddity("silent_month", str(month), "contacts", "all", {"month": month, "due": number})
    days = days[~months.isin(silent.index)]
    numbers = contacts.frame["date"].value_counts().reindex(days, fill_value=0)
    for name, stretch, due_on_days in find_silent_stretches(numbers):
        span, length = _span(stretch.strftime("%Y-%m-%d")), len(stretch)
        values = {"number": length, "days": name, "span": span, "due": due_on_days}
        about, case = (f"{length} {name} {span}", "days") if length > 1 else (span, "one_day")
        yield Oddity("silent_days", about, "contacts", case, values)


def _find_runs(wanted: pd.Series) -> Iterator[pd.Index]:
    """The index of each run of rows that are wanted, one after another."""
    for _, run in wanted[wanted].groupby((~wanted).cumsum()):
        yield run.index


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
        for silent in map(pd.DatetimeIndex, _find_runs(left == 0)):
            # First what is quick: are too few contacts due by the mean of all other days?
            if len(silent) * total < DUE_IN_RUN * (len(numbers) - len(silent)):
                continue
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


def _days_of(month: str) -> tuple[dt.date, dt.date]:
    period = pd.Period(month)
    return period.start_time.date(), period.end_time.date()


def _exists_throughout(code: Code, first: dt.date, last: dt.date) -> bool:
    return code.days[0] <= first and code.days[1] >= last


def _span(run: Sequence[str] | pd.Index) -> str:
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
        (rows, missing), (rows_then, missing_then) = now.months.sum(), then.months.sum()
        if missing >= EMPTY * rows and missing_then <= FILLED * rows_then:
            values = {"field": field, "missing": missing, "rows": rows}
            values |= {"then": missing_then, "rows_then": rows_then}
            yield Oddity("empty_column", field, now.table, "year", values)
            continue
        changes = [each for each in year.breaks if _is_about(each, field) and each.kind != "starts"]
        split = {each.old for each in changes if each.kind == "split"}
        for code in map(str, now.codes):
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
    stood_in_each_month = code in then.codes and bool(then.codes[code].all())
    least = DUE_MONTHS if stood_in_each_month and len(then.codes) >= DUE_MONTHS else DUE
    is_due = min(share_then * now.total, number_then) >= least
    if exists and not number and code in now.labelled and is_due:
        yield Oddity("silent_code", f"{field}.{code}", now.table, "year", values)
    is_uneven = share * len(now.labelled) >= EVEN
    if number_then >= FEWEST_BEFORE and is_uneven and share >= TIMES * share_then:
        yield Oddity("tenfold", f"{field}.{code}", now.table, "", values)


def _find_exchanged(field: str, now: FieldCounts, then: FieldCounts) -> Iterator[Oddity]:
    """Pairs of codes that changed places: each has the share of the rows that the other had."""
    for one, other in combinations(map(str, now.codes), 2):
        number, of_other = now.count(one), now.count(other)
        number_then, of_other_then = then.count(one), then.count(other)
        share, share_other = number / now.total, of_other / now.total
        earlier, earlier_other = number_then / then.total, of_other_then / then.total
        own = abs(share - earlier) + abs(share_other - earlier_other)
        crossed = abs(share - earlier_other) + abs(share_other - earlier)
        # A code without rows is silent. Codes whose numbers are near may seem to change places.
        least_apart = BEYOND * math.sqrt(number + of_other)
        if not (number and of_other) or abs(number - of_other) < least_apart:
            continue
        if abs(earlier - earlier_other) >= APART and crossed <= CROSSED * own:
            values = {"field": field, "name": one, "other": other, "rows": now.total}
            values |= {"number": number, "number_of_other": of_other, "rows_then": then.total}
            values |= {"then": number_then, "then_of_other": of_other_then}
            yield Oddity("exchanged", f"{field}.{one} and {other}", now.table, "", values)


def _find_empty_parts(year: CountedYear, before: CountedYear) -> Iterator[Oddity]:
    """Fields that are blank or unknown in one channel or helpline, and weren't the year before."""
    for field, now in year.fields.items():
        then = before.fields.get(field)
        if then is None or any(e.kind == "revision" and _is_about(e, field) for e in year.breaks):
            continue
        parts_then = then.parts.rename(columns={"rows": "rows_then", "missing": "then"})
        parts = now.parts.join(parts_then, how="inner")
        known_then = parts["rows_then"] - parts["then"]
        due = (parts["rows"] * known_then / parts["rows_then"]).clip(upper=known_then)
        is_empty = parts["missing"] >= EMPTY * parts["rows"]
        was_filled = parts["then"] <= FILLED * parts["rows_then"]
        for part, counts in parts[(due >= DUE) & is_empty & was_filled].iterrows():
            values = {"field": field, "part": str(part).replace(".", " ", 1), **counts}
            yield Oddity("empty_column", f"{field} {part}", now.table, "part", values)


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
            item = year.lists[field].by_code[str(code)]
            months = [each for each in counts.index if _exists_throughout(item, *_days_of(each))]
            known = (now.months["rows"] - now.months["missing"])[months]
            counts_then = then.codes.get(code) if then is not None else None
            for run, due in _find_silent_runs(counts, known):
                rows = int(known[run].sum())
                is_within = run[0] != months[0] and run[-1] != months[-1]
                may_have_season = is_within and before is None and field != "helpline"
                due_by_then = _due_by_then(counts_then, run, int(counts.sum()))
                if min(due, due_by_then) >= least and not may_have_season:
                    span = _span(run)
                    values = {"field": field, "name": code, "span": span, "rows": rows}
                    values |= {"others": int(counts.sum()), "filled": int(known.sum()) - rows}
                    yield Oddity("silent_code", f"{field}.{code} {span}", now.table, "span", values)


def _find_silent_runs(counts: pd.Series, known: pd.Series) -> Iterator[tuple[pd.Index, float]]:
    """Runs of months without a code, not by chance, each with how many of its rows are due.

    `counts` are the rows of the code, `known` those of all codes in the months of which it exists.
    """
    number, total = int(counts.sum()), int(known.sum())
    for run in _find_runs(counts[known.index] == 0):
        inside = int(known[run].sum())
        outside = total - inside
        # The probability that none of its rows is inside.
        if outside and (outside / total) ** number <= CHANCE:
            # In proportion to the rows of other codes; all rows, if these have none outside.
            yield run, number / (outside - number) * inside if outside > number else inside


def _due_by_then(then: pd.Series | None, run: pd.Index, number: int) -> float:
    """How many rows of a code are due in some months, by its share of them in the year before.

    `number` are its rows in the other months. Infinite if the year before says nothing: it lacks
    these months, or the code has no row in its other months.
    """
    if then is None:
        return math.inf
    in_run = then[then.index.str[5:].isin(run.str[5:])]
    others = then.sum() - in_run.sum()
    return float(in_run.sum() * number / others) if len(in_run) and others else math.inf


def _find_empty_months(year: CountedYear, before: CountedYear | None) -> Iterator[Oddity]:
    """Fields that are blank or unknown in some months, and mostly filled in the others.

    If there is a year before, they must be mostly filled there too. A revision of the field
    explains empty months after it.
    """
    for field, now in year.fields.items():
        then = before.fields.get(field) if before is not None else None
        missing_then = then.months["missing"].sum() if then is not None else math.inf
        if before is not None and (then is None or missing_then > FILLED * then.total):
            continue
        rows, missing = now.months["rows"], now.months["missing"]
        is_empty = (rows > 0) & (missing >= EMPTY * rows)
        others, filled = int(missing[~is_empty].sum()), int(rows[~is_empty].sum())
        if not filled or others > FILLED * filled:
            continue
        revisions = [
            item.date for item in year.breaks if item.kind == "revision" and _is_about(item, field)
        ]
        is_due = rows * (1 - others / filled) >= DUE
        for run in _find_runs(is_empty[is_due]):
            if any(day <= _days_of(run[0])[1] for day in revisions):
                continue
            span = _span(run)
            values = {"field": field, "span": span, "others": others, "filled": filled}
            values |= {"missing": missing[run].sum(), "rows": rows[run].sum()}
            yield Oddity("empty_column", f"{field} {span}", now.table, "span", values)
