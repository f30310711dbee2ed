"""Find what an export or its handling does to rows: pasted twice, cut off, heaped, shifted.

Such an export can be read, and is wrong. Each threshold leaves room, so that what chance, a busy
day or a habit of staff brings about stays below it. Two contacts that look alike are never taken
for one caller: only many of them point to an import.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.exports.cell_texts import shape
from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.row_layouts import ROW, ROW_TABLES, SOURCE_FIELDS
from helpline_report.parameters.values import Period
from helpline_report.tables.cell_readers import MINUTES_A_DAY
from helpline_report.tables.dataset import Dataset, SettledFault, Table
from helpline_report.tables.plausibility import DUE, FEWEST, CountedYear, Oddity
from helpline_report.tables.table_rows import TableRows

# At least so many rows must repeat earlier ones, and so many different ones be among them: if all
# rows are alike, two parts of a file are the same by chance.
MIN_REPEATED_ROWS = 50
MIN_DISTINCT_ROWS = 20
# In the tables below rows that stand twice, so many different repeated rows are enough.
MIN_DISTINCT_BELOW = 3
# Rows one after another make a number with this base, modulo 2^64: equal rows make equal numbers.
BASE = np.uint64(6364136223846793005)
# As many rows as systems and spreadsheets give at most: a file has just so many once in thousands.
# One in the order of dates isn't looked at: if its end were missing, days without contacts tell.
ROW_LIMIT = re.compile("[125]0{3,}|65535|65536|1048575")
# One day, one day of each month or one time of the day has a tenth of the rows. In known registers
# the busiest day has 0.8 %, a day of each month 4 % and the commonest minute 0.5 %.
HEAP_SHARE = 0.1
# Where a line is open for few hours and rounds its times, many times of the day have a tenth of the
# rows. So a time heaps only if it stands three times as often as the fifth commonest.
TIME_TO_FIFTH = 3
# Nearly all times are on the hour. A clock puts 1.7 % there, a habit of rounding seldom a third.
ON_THE_HOUR_SHARE = 0.9
# A clock of twelve hours puts the afternoon in hours 1 to 6. A line that is open in the mornings
# only, or at night, has a smaller share in these hours.
NOON = 12
END_OF_AFTERNOON = 7
AFTERNOON_SHARE = 0.1
# An age stands three times as often as each neighbour, and for a hundredth of the persons. Round
# ages reach one and a half times; where staff guess ages they may reach more, so that an age that
# systems don't write for 'unknown' is compared with the next round ones, too.
AGE_TO_NEIGHBOUR = 3
AGE_SHARE = 0.01
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
ROUND_NEIGHBOURS = (-10, -5, 5, 10)
AGES_FOR_NONE = (0, 1, 88, 98, 99, 110, 111, 120, 150)
# One contact in a hundred is equal to another, to the minute; and this is five times as often as
# contacts are equal but for an hour, which happens by chance.
DUPLICATE_SHARE = 0.01
DUPLICATES_TO_CHANCE = 5
# By how much the share of persons without a follow-up may grow from the year before, and that of
# contacts at other times than usual. Between 2016 and 2017 both differ by 0.01.
EXCESS = 0.05
EXCESS_ON_CLOSED_DAYS = 0.03
# Days up to the twelfth can be swapped with a month.
LAST_MONTH_NUMBER = 12
# In a shorter period, or of fewer contacts, a day may well have a tenth.
MIN_DAYS = 28
MIN_DATES = 250
# An hour of the day with less than a hundredth of the contacts is an unusual one.
RARE_HOUR_SHARE = 0.01
# The fields and tables that an artefact distorts, by its code in `exports/faults.yaml`: headlines
# may not be about these.
DISTORTED = {
    "B10": ROW_TABLES,  # cut off
    "B73": ("followups",),
    "B75": ROW_TABLES,  # imported twice
    "B79": ROW_TABLES,  # struck through
    "silent_month": ("date",),
    "silent_days": ("date",),
}


def list_distorted_fields(
    known: Iterable[SettledFault], titles: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """The fields and tables that artefacts distort: no headline may be about these.

    `titles` has the fields of each column by its title: a heap names the title.
    """
    distorted: set[str] = set()
    for item in known:
        if item.code == "B74":  # a heap
            distorted.update(titles.get(item.about, ()))
        elif item.code == "B76":  # unusual days or hours
            distorted.add("hour" if item.about == "hours" else "date")
        elif item.code in ("silent_code", "empty_column", "tenfold", "exchanged"):
            distorted.add(item.about.split()[0].split(".")[0])
        else:
            distorted.update(DISTORTED.get(item.code, ()))
    derived = {field for field, source in SOURCE_FIELDS.items() if source in distorted}
    return frozenset(distorted | derived)


def find_artefacts(tables: Sequence[TableRows], period: Period) -> None:
    """Find the artefacts of the files of a year; they are in the findings of each file.

    Rows that stand in a file several times as a whole are refused (B72). Rows that are missing at
    the end (B10, B73), values that heap (B74), and contacts that are equal in all but their key, to
    the minute (B75), must be acknowledged.
    """
    by_name = {rows.name: rows for rows in tables}
    pasted: set[str] = set()
    # Follow-ups are passed over: if their file was cut off, persons without one say more.
    for rows in {rows.export.file: rows for rows in reversed(tables)}.values():
        is_limit = ROW_LIMIT.fullmatch(str(len(rows.text.lines))) is not None
        days = rows.days()
        steps = np.diff(days[~np.isnat(days)]).astype(np.int64)
        is_in_order = (steps >= 0).all() or (steps <= 0).all()
        if is_limit and rows.name != "followups" and not is_in_order:
            rows.findings.ask("B10", "limit", rows=len(rows.text.lines))
    for rows in tables:
        # Rows that a number of persons makes are alike.
        has_own_rows = rows.layout.key == ROW and rows.layout.number is None
        if has_own_rows and rows.export.file not in pasted and _refuse_pasted(rows):
            pasted.add(rows.export.file)
    if "contacts" in by_name:
        contacts = by_name["contacts"]
        if (period.end - period.start).days >= MIN_DAYS:
            _ask_about_days(contacts)
        # If times heap, many contacts are equal for that reason alone.
        if contacts.minutes is not None and not _ask_about_times(contacts, contacts.minutes):
            _ask_about_imports(contacts, contacts.minutes)
    if "persons" in by_name and by_name["persons"].title("age"):
        _ask_about_ages(by_name["persons"])
    if "followups" in by_name and by_name["followups"].export.file not in pasted:
        _ask_about_end(by_name["persons"], by_name["followups"])


def _refuse_pasted(rows: TableRows) -> bool:
    """Refuse rows without keys that stand twice: a block, or each, or each below a repeat (B72)."""
    chosen = np.flatnonzero(rows.in_table())
    if len(chosen) < MIN_REPEATED_ROWS:
        return _refuse_below_repeats(rows)
    codes = _number_rows(rows, list(rows.text.columns), chosen)
    noun = rows.name.replace("followups", "follow-ups")
    repetition = _find_repetition(codes)
    if repetition is not None:
        *places, number = repetition
        again, first = (int(rows.text.lines[chosen[place]]) for place in places)
        rows.findings.add("B72", "block", line=again, rows=number, first=first, noun=noun)
        return True
    numbers = np.bincount(codes)
    times = math.gcd(*numbers.tolist())
    if times > 1 and len(numbers) >= MIN_DISTINCT_ROWS:
        rows.findings.add("B72", "each", rows=len(codes), times=times, noun=noun)
        return True
    return _refuse_below_repeats(rows)


def _refuse_below_repeats(rows: TableRows) -> bool:
    """Refuse rows without keys that stand twice wherever the row above them does (B72).

    So it is where two exports that both hold some days were put together. The rows above have
    keys, by which their repeats are left out.
    """
    parent = rows.parent
    if parent is None or parent.first is None or rows.parent_rows is None:
        return False
    repeated = np.unique(parent.first[parent.outcomes.having("excluded B52")])
    hanging = np.flatnonzero(rows.in_table() & np.isin(rows.parent_rows, repeated))
    codes = _number_rows(rows, list(rows.text.columns), hanging)
    numbers = np.bincount(codes)
    times = math.gcd(*numbers.tolist())
    if times == 1 or len(numbers) < MIN_DISTINCT_BELOW:
        return False
    again = hanging[pd.Series(codes).duplicated().to_numpy()]
    line, noun = int(rows.text.lines[again[0]]), rows.name.replace("followups", "follow-ups")
    above = parent.export.file
    rows.findings.add(
        "B72", "below", line=line, rows=len(codes), times=times, above=above, noun=noun
    )
    return True


def _find_repetition(codes: npt.NDArray[np.int64]) -> tuple[int, int, int] | None:
    """The first block of rows that repeats earlier ones: its place, theirs, and how many rows."""
    numbers = codes.astype(np.uint64)
    windows = numbers
    for row in range(1, MIN_REPEATED_ROWS):
        windows = windows[:-1] * BASE + numbers[row:]
    places = pd.Series(np.arange(len(windows)))
    # How far above each window the same one stands; it stays the same within a block.
    distances = (places - places.groupby(windows).shift()).dropna()
    blocks = (distances.diff() != 0) | (distances.index.to_series().diff() != 1)
    for _, block in distances.groupby(blocks.cumsum()):
        at, number = int(block.index[0]), len(block) + MIN_REPEATED_ROWS - 1
        if len(np.unique(codes[at : at + number])) >= MIN_DISTINCT_ROWS:
            return at, at - int(block.iloc[0]), number
    return None


def _number_rows(
    rows: TableRows, columns: Sequence[str], chosen: npt.NDArray[np.intp]
) -> npt.NDArray[np.int64]:
    """A number for each row from 0 on, equal where its cells are."""
    codes = {name: rows.text.columns[name].codes[chosen] for name in columns}
    frame = pd.DataFrame({"": np.zeros(len(chosen), dtype=np.int8), **codes})
    numbers = frame.groupby([*frame], sort=False).ngroup()
    return np.array(numbers, dtype=np.int64)


def _ask_about_times(rows: TableRows, minutes: npt.NDArray[np.int64]) -> bool:
    """Ask about times on the hour, at one time of the day, and none after 12 (B74); whether so."""
    timed = rows.in_table() & (minutes >= 0)
    total, hours = int(timed.sum()), minutes // 60
    if total < FEWEST:
        return False
    on_the_hour = timed & (minutes % 60 == 0)
    numbers = np.bincount(minutes[timed], minlength=MINUTES_A_DAY)
    commonest, fifth = int(numbers.argmax()), int(np.sort(numbers)[-5])
    at_one_time = timed & (minutes == commonest)
    heaps: dict[str, Mask] = {}
    if at_one_time.sum() >= max(HEAP_SHARE * total, TIME_TO_FIFTH * fifth):
        heaps["one_time"] = at_one_time
    if on_the_hour.sum() >= ON_THE_HOUR_SHARE * total:
        heaps["on_the_hour"] = on_the_hour
    # Only one of these two is reported. If all times are on the hour, one hour has a tenth anyway.
    # If the commonest is 00:00, it is a placeholder, which explains the full hours.
    if len(heaps) > 1:
        del heaps["on_the_hour" if commonest == 0 else "one_time"]
    in_afternoon = timed & (hours >= 1) & (hours < END_OF_AFTERNOON)
    if in_afternoon.sum() >= AFTERNOON_SHARE * total and hours[timed].max() <= NOON:
        heaps["twelve_hours"] = in_afternoon
    # The shape of a time, never a value.
    written = re.sub("[hms0-9]", "9", rows.file.times)
    for case, heap in heaps.items():
        _ask(rows, case, heap, "hour", total=total, shape=f"'{written}'")
    return bool(heaps)


def _ask_about_days(rows: TableRows) -> None:
    """Ask about dates on one day, or else on one day of each month (B74)."""
    days = rows.days()
    known = rows.in_table() & ~np.isnat(days)
    total = int(known.sum())
    if total < MIN_DATES:
        return
    of_month = (days - days.astype("datetime64[M]")).astype(np.int64)
    looked_at = known
    for case, values in (("one_day", days), ("day_of_month", of_month)):
        numbers = pd.Series(values[looked_at]).value_counts().sort_index()
        commonest = values == numbers.index.to_numpy()[numbers.argmax()]
        if numbers.max() >= HEAP_SHARE * total:
            _ask(rows, case, known & commonest, "date", total=total)
            return
        # One busy day is no day of each month.
        looked_at = known & ~commonest


def _ask_about_ages(rows: TableRows) -> None:
    """Ask about an age that seems to mean 'unknown', by how often its neighbours stand (B74)."""
    ages = rows.columns["age"].to_numpy()
    counted = rows.in_table() & (ages >= 0)
    total = int(counted.sum())
    numbers: Counter[int] = Counter(ages[counted].tolist())
    for age, number in sorted(numbers.items()):
        steps = NEIGHBOURS if age in AGES_FOR_NONE else (*NEIGHBOURS, *ROUND_NEIGHBOURS)
        most = max(numbers[other] for other in {age + step for step in steps} - {*AGES_FOR_NONE})
        if number >= max(DUE, AGE_SHARE * total, AGE_TO_NEIGHBOUR * most):
            _ask(rows, "age", counted & (ages == age), "age", total=total, shape=shape(str(age)))


def _ask(rows: TableRows, case: str, heap: Mask, field: str, *, total: int, **more: str) -> None:
    number, lines, title = int(heap.sum()), rows.text.lines[heap], rows.title(field)
    values = {"share": round(100 * number / total), "total": total, **more}
    rows.findings.ask("B74", case, rows=number, lines=lines, column=title, **values)


def _ask_about_imports(rows: TableRows, minutes: npt.NDArray[np.int64]) -> None:
    """Ask about contacts that are equal in all but their key, to the minute (B75)."""
    chosen = np.flatnonzero(rows.in_table() & (minutes >= 0) & ~np.isnat(rows.days()))
    if rows.layout.key == ROW or len(chosen) < FEWEST:
        return
    moments = (rows.title("date"), rows.title("hour"))
    others = [name for name in rows.layout.value_columns() if name not in moments]
    codes = _number_rows(rows, others, chosen)
    stamps = rows.days()[chosen].astype(np.int64) * MINUTES_A_DAY + minutes[chosen]
    stamps -= stamps.min()
    # Contents and minute as one number; `+ 61` makes room, so that `+ 60` gives no other contents.
    # Pairs an hour apart measure how many equal contacts chance makes.
    keyed = codes * (int(stamps.max()) + 61) + stamps
    again = pd.Series(keyed).duplicated().to_numpy()
    once = pd.Series(keyed[~again])
    an_hour_on = int((once + 60).isin(once).sum())
    number = int(again.sum())
    if number >= max(DUE, DUPLICATE_SHARE * len(chosen), DUPLICATES_TO_CHANCE * an_hour_on):
        lines = rows.text.lines[chosen[again]]
        rows.findings.ask("B75", rows=number, lines=lines, total=len(chosen))


def _ask_about_end(persons: TableRows, followups: TableRows) -> None:
    """Ask about persons without a follow-up from one row on, or from one day on (B73)."""
    if not followups.export.whole:
        return
    in_table = np.flatnonzero(persons.in_table())
    has_followup = followups.parents_of(followups.in_table())
    by_day = in_table[np.argsort(persons.days()[in_table], kind="stable")]
    for case, order in (("row", in_table), ("month", by_day)):
        with_one = np.flatnonzero(has_followup[order])
        end = int(with_one[-1]) + 1 if with_one.size else len(order)
        number = len(order) - end
        # At the share from before the end, at least `DUE` persons after it would have a follow-up.
        if number and end >= FEWEST and with_one.size * number >= DUE * end:
            values: dict[str, Any] = {
                "share": round(100 * with_one.size / end),
                "file": persons.export.file,
                "line": int(persons.text.lines[order[end]]),
                "month": str(persons.days()[order[end]])[:7],
            }
            followups.findings.ask("B73", case, rows=number, **values)
            return


def find_odd_persons(year: CountedYear, before: CountedYear) -> Iterator[Oddity]:
    """Contacts about several persons that are gone, and many more persons without a follow-up."""
    both = [each.dataset.tables for each in (year, before)]
    if not all("persons" in tables for tables in both):
        return
    sizes, sizes_then = (pd.Series(each["persons"].parent_rows).value_counts() for each in both)
    then, total_then = int((sizes_then > 1).sum()), len(sizes_then)
    is_due = then >= DUE and then / total_then * len(sizes) >= DUE
    if is_due and len(sizes) >= FEWEST and not (sizes > 1).any():
        values = {"then": then, "rows_then": total_then}
        yield Oddity("silent_code", "persons.several", "persons", "several", values)
    total, total_then = (len(tables["persons"]) for tables in both)
    if not all("followups" in tables for tables in both) or min(total, total_then) < FEWEST:
        return
    with_one = [pd.Series(tables["followups"].parent_rows).nunique() for tables in both]
    number, then = total - with_one[0], total_then - with_one[1]
    many = number - then / total_then * total >= max(DUE, EXCESS * total)
    if many and not _is_known(year.dataset, "B73", "followups"):
        values = {"number": number, "total": total, "then": then, "total_then": total_then}
        yield Oddity("B73", "", "followups", "year", values)


def find_odd_times(year: CountedYear, before: CountedYear | None = None) -> Iterator[Oddity]:
    """Contacts far more often than usual on closed days, or at unusual hours (B76)."""
    contacts = year.dataset.tables.get("contacts")
    then = before.dataset.tables.get("contacts") if before is not None else None
    if contacts is None:
        return
    closed = _flag_closed_days(year.edition, contacts)
    # Two things are usual: the share on days from the 13th on, which can't be swapped with a month,
    # and the share in the year before, by that year's own calendar.
    late = contacts.frame["date"].dt.day.to_numpy() > LAST_MONTH_NUMBER
    values = _find_excess(closed[~late], closed[late], EXCESS_ON_CLOSED_DAYS)
    if values is None and before is not None and then is not None:
        closed_then = _flag_closed_days(before.edition, then)
        values = _find_excess(closed, closed_then, EXCESS_ON_CLOSED_DAYS)
    if values:
        yield Oddity("B76", "closed days", "contacts", "days", values)
    if then is not None and not _is_known(year.dataset, "B74", "contacts"):
        yield from _find_odd_hours(contacts, then)


def _find_odd_hours(contacts: Table, then: Table) -> Iterator[Oddity]:
    """Hours of the day that filled since the year before, or else hours that emptied."""
    if not (contacts.has("hour") and then.has("hour")):
        return
    hours, hours_then = (table.frame["hour"].to_numpy() for table in (contacts, then))
    hours, hours_then = hours[hours >= 0], hours_then[hours_then >= 0]
    rare = np.bincount(hours, minlength=24) < RARE_HOUR_SHARE * len(hours)
    rare_then = np.bincount(hours_then, minlength=24) < RARE_HOUR_SHARE * len(hours_then)
    filled = _find_excess(rare_then[hours], rare_then[hours_then], EXCESS)
    emptied = _find_excess(rare[hours_then], rare[hours], EXCESS)
    if filled:
        yield Oddity("B76", "hours", "contacts", "hours", filled)
    elif emptied:
        yield Oddity("B76", "hours", "contacts", "emptied", emptied)


def _find_excess(rows: Mask, usual: Mask, excess: float) -> dict[str, int] | None:
    """How many rows are unusual, if they are too many; None if they aren't.

    `usual` says which rows of a comparison are unusual: their share is the usual one. The share of
    `rows` must be higher by the `excess`, and their number than twice the usual number by `DUE`.
    """
    number, total = int(rows.sum()), len(rows)
    share = float(usual.mean()) if min(total, len(usual)) >= FEWEST else 1
    if number >= max(2 * share * total + DUE, (share + excess) * total):
        return {"number": number, "total": total, "usual": round(share * total)}
    return None


def _flag_closed_days(edition: Edition, contacts: Table) -> Mask:
    days = contacts.frame["date"]
    return days.isin(
        [d for d in days.unique() if not edition.calendar.is_open(d.date())]
    ).to_numpy()


def _is_known(dataset: Dataset, code: str, table: str) -> bool:
    """Whether the file of a table has this artefact already: acknowledged, or waiting to be."""
    files = {balance.file for balance in dataset.balances if balance.table == table}
    known = (*dataset.acknowledged, *dataset.waiting)
    return any(item.code == code and item.file in files for item in known)
