"""Find what an export or its handling does to rows: pasted twice, cut off, heaped, shifted.

Such a year reads well and is wrong. Each threshold is chosen with room, so that no sound register
is asked: what chance, a busy day or a habit of staff brings about stays below. Two contacts that
look alike are never taken for one caller; it is their number that points to an import.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.exports.cell_texts import shape
from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.row_layouts import ROW
from helpline_report.parameters.values import Period
from helpline_report.tables.cell_readers import MINUTES_A_DAY
from helpline_report.tables.dataset import Dataset, SettledFault, Table
from helpline_report.tables.plausibility import DUE, FEWEST, CountedYear, Oddity
from helpline_report.tables.table_rows import TableRows

# How many rows repeat the head of a file, and how many different ones are among them: of a file
# whose rows are alike, two parts may be the same by chance.
MIN_REPEATED_ROWS = 50
MIN_DISTINCT_ROWS = 20
# One day or one time of the day with a tenth of the rows: the busiest day of the registers that
# are known has 0.8 %, the commonest minute 0.5 %.
HEAP_SHARE = 0.1
# All times on the hour: a clock brings 1.7 % there, the habit of rounding seldom more than a third.
ON_THE_HOUR_SHARE = 0.9
# A clock of twelve hours has the afternoon in hours 1 to 6; a line that is open in the mornings
# alone, or at night, has less than this there.
NOON = 12
END_OF_AFTERNOON = 7
AFTERNOON_SHARE = 0.1
# An age as often as three of its neighbours, and in a hundredth of the persons: round ages reach
# one and a half times their neighbours. Only ages that systems write for none are looked at.
AGE_TO_NEIGHBOUR = 3
AGE_SHARE = 0.01
NEIGHBOURS = 3
AGES_FOR_NONE = (0, 1, 88, 90, 98, 99, 100, 110, 111, 120, 150)
# Contacts that are equal to the minute, in a hundred; and five times as often as those an hour
# apart, which are so by chance.
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
    # Rows missing at the end.
    "B73": ("followups",),
    # Contacts imported twice.
    "B75": ("contacts", "persons", "followups"),
    # Rows that are struck through.
    "B79": ("contacts", "persons", "followups"),
    "silent_month": ("date",),
    "silent_days": ("date",),
}
DERIVED_FIELDS = {"date": ("month", "weekday"), "age": ("age_class",)}


def list_distorted_fields(
    known: Iterable[SettledFault], titles: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """The fields and tables that artefacts make look other than they are: no finding of a year.

    `titles` are the fields of a column by its title, which a heap is about.
    """
    distorted: set[str] = set()
    for item in known:
        # B74 is a heap; B76 are unusual days or hours.
        if item.code == "B74":
            distorted.update(titles.get(item.about, ()))
        elif item.code == "B76":
            distorted.add("hour" if item.about == "hours" else "date")
        elif item.code in ("silent_code", "empty_column", "tenfold", "exchanged"):
            distorted.add(item.about.split()[0].split(".")[0])
        else:
            distorted.update(DISTORTED.get(item.code, ()))
    derived = {name for of, names in DERIVED_FIELDS.items() if of in distorted for name in names}
    return frozenset(distorted | derived)


def find_artefacts(tables: Sequence[TableRows], period: Period) -> None:
    """Find the artefacts of the files of a year; they are in the findings of each file.

    Refused are rows that stand in a file several times as a whole (B72). To be acknowledged are
    rows that are missing at the end (B73), values that heap (B74) and contacts that are equal in
    all but their key, to the minute (B75).
    """
    by_name = {rows.name: rows for rows in tables}
    pasted: set[str] = set()
    for rows in tables:
        # Persons that are given as a number are alike.
        numbered = rows.layout.number is not None
        if rows.layout.key == ROW and not numbered and rows.export.file not in pasted:
            pasted |= {rows.export.file} if _refuse_pasted(rows) else set()
    if "contacts" in by_name:
        contacts = by_name["contacts"]
        if (period.end - period.start).days >= MIN_DAYS:
            _ask_about_days(contacts)
        # Of contacts whose times heap many are equal by that alone.
        if contacts.minutes is not None and not _ask_about_times(contacts, contacts.minutes):
            _ask_about_imports(contacts, contacts.minutes)
    if "persons" in by_name and by_name["persons"].title("age"):
        _ask_about_ages(by_name["persons"])
    if "followups" in by_name and by_name["followups"].export.file not in pasted:
        _ask_about_end(by_name["persons"], by_name["followups"])


def _refuse_pasted(rows: TableRows) -> bool:
    """Refuse rows without keys that stand twice: the tail of the file is its head, or each row."""
    chosen = np.flatnonzero(rows.in_table())
    if len(chosen) < MIN_REPEATED_ROWS:
        return False
    codes = _number_rows(rows, list(rows.text.columns), chosen)
    noun = rows.name.replace("followups", "follow-ups")
    at = _find_repetition(codes)
    if at:
        first, again = (int(rows.text.lines[chosen[place]]) for place in (0, at))
        number = len(codes) - at
        rows.findings.add("B72", "block", line=again, rows=number, first=first, noun=noun)
        return True
    numbers = np.bincount(codes)
    times = math.gcd(*numbers.tolist())
    if times > 1 and len(numbers) >= MIN_DISTINCT_ROWS:
        rows.findings.add("B72", "each", rows=len(codes), times=times, noun=noun)
        return True
    return False


def _find_repetition(codes: npt.NDArray[np.int64]) -> int:
    """The place from which rows are those from the first on, to the end; 0 where there is none."""
    begins = np.flatnonzero(codes[1 : len(codes) - MIN_REPEATED_ROWS + 1] == codes[0]) + 1
    for place in range(1, MIN_REPEATED_ROWS):
        begins = begins[codes[begins + place] == codes[place]]
    for at in begins.tolist():
        if (
            np.array_equal(codes[at:], codes[:-at])
            and len(pd.unique(codes[at:])) >= MIN_DISTINCT_ROWS
        ):
            return int(at)
    return 0


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
    by_hour = np.bincount(hours[timed & (minutes % 60 == 0)], minlength=1)
    top = int(by_hour.argmax())
    heaps = {
        "one_time": (timed & (minutes == 60 * top), HEAP_SHARE),
        "on_the_hour": (timed & (minutes % 60 == 0), ON_THE_HOUR_SHARE),
        "twelve_hours": (timed & (hours >= 1) & (hours < END_OF_AFTERNOON), AFTERNOON_SHARE),
    }
    cases = [case for case, (heap, share) in heaps.items() if heap.sum() >= share * total]
    if "twelve_hours" in cases and (hours[timed] > NOON).any():
        cases.remove("twelve_hours")
    # One of these two is reported. If all times are on the hour, one hour has a tenth anyway. If
    # the commonest is 00:00, it is a placeholder, which explains the full hours.
    if {"one_time", "on_the_hour"} <= set(cases):
        cases.remove("on_the_hour" if top == 0 else "one_time")
    # The shape of a time, never a value.
    written = re.sub("[hms0-9]", "9", rows.file.times)
    for case in cases:
        _ask(rows, case, heaps[case][0], "hour", total=total, shape=f"'{written}'")
    return bool(cases)


def _ask_about_days(rows: TableRows) -> None:
    days = rows.days()
    chosen = rows.in_table() & ~np.isnat(days)
    total = int(chosen.sum())
    numbers = pd.Series(days[chosen]).value_counts().sort_index()
    if total >= MIN_DATES and numbers.max() >= HEAP_SHARE * total:
        busiest = chosen & (days == numbers.index.to_numpy()[numbers.argmax()])
        _ask(rows, "one_day", busiest, "date", total=total)


def _ask_about_ages(rows: TableRows) -> None:
    """Ask about an age that stands for none, by how often its neighbours stand (B74)."""
    ages = rows.columns["age"].to_numpy()
    counted = rows.in_table() & (ages >= 0)
    total = int(counted.sum())
    numbers = np.bincount(ages[counted], minlength=max(AGES_FOR_NONE) + NEIGHBOURS + 2)
    for age in AGES_FOR_NONE:
        around = {*range(max(0, age - NEIGHBOURS), age + NEIGHBOURS + 1)} - {*AGES_FOR_NONE}
        most = max((int(numbers[each]) for each in around), default=0)
        if numbers[age] >= max(DUE, AGE_SHARE * total, AGE_TO_NEIGHBOUR * most):
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
    # Contents and minute as one number. Room for 60 minutes more keeps `+ 60` below the next
    # contents: pairs an hour apart measure how many equal contacts chance makes.
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
    has = followups.parents_of(followups.in_table())
    by_day = in_table[np.argsort(persons.days()[in_table], kind="stable")]
    for case, order in (("row", in_table), ("month", by_day)):
        with_one = np.flatnonzero(has[order])
        end = int(with_one[-1]) + 1 if with_one.size else len(order)
        number = len(order) - end
        # At the share of those before, at least `DUE` with a follow-up should come after.
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
    yield from _find_lone_persons(year, before)
    counts: list[tuple[int, int]] = []
    for tables in (year.dataset.tables, before.dataset.tables):
        followups, persons = tables.get("followups"), tables.get("persons")
        if followups is None or persons is None or len(persons) < FEWEST:
            return
        with_one = pd.Series(followups.parent_rows).nunique()
        counts.append((len(persons) - with_one, len(persons)))
    (number, total), (then, total_then) = counts
    many = number - then / total_then * total >= max(DUE, EXCESS * total)
    if many and not _is_known(year.dataset, "B73", "followups"):
        values = {"number": number, "total": total, "then": then, "total_then": total_then}
        yield Oddity("B73", "", "followups", "year", values)


def _find_lone_persons(year: CountedYear, before: CountedYear) -> Iterator[Oddity]:
    """No contact about several persons, where many of the year before were (silent_code)."""
    counts: list[tuple[int, int]] = []
    for tables in (year.dataset.tables, before.dataset.tables):
        persons = tables.get("persons")
        if persons is None:
            return
        of_contact = pd.Series(persons.parent_rows).value_counts()
        counts.append((int((of_contact > 1).sum()), len(of_contact)))
    (several, total), (then, total_then) = counts
    if not several and total >= FEWEST and min(then, then / total_then * total) >= DUE:
        values = {"then": then, "rows_then": total_then}
        yield Oddity("silent_code", "persons.several", "persons", "several", values)


def find_odd_times(year: CountedYear, before: CountedYear | None = None) -> Iterator[Oddity]:
    """Contacts far more often than usual on closed days, or at unusual hours (B76).

    Of closed days two things are usual: what stands on days from the 13th on, which can't be
    swapped with a month; and the year before, as its own calendar says. Of hours it is those of the
    year before with a hundredth of its contacts. Times of the year before that lie in hours with
    less than a hundredth now, are as odd.
    """
    contacts = year.dataset.tables.get("contacts")
    then = before.dataset.tables.get("contacts") if before is not None else None
    if contacts is None:
        return
    closed = _flag_closed_days(year.edition, contacts)
    late = contacts.frame["date"].dt.day.to_numpy() > LAST_MONTH_NUMBER
    comparisons = [(closed[~late], closed[late], EXCESS_ON_CLOSED_DAYS)]
    if before is not None and then is not None:
        closed_then = _flag_closed_days(before.edition, then)
        comparisons.append((closed, closed_then, EXCESS_ON_CLOSED_DAYS))
    values = _find_excess(comparisons)
    if values:
        yield Oddity("B76", "closed days", "contacts", "days", values)
    if then is None or not (contacts.has("hour") and then.has("hour")):
        return
    hours, hours_then = (table.frame["hour"].to_numpy() for table in (contacts, then))
    hours, hours_then = hours[hours >= 0], hours_then[hours_then >= 0]
    if _is_known(year.dataset, "B74", "contacts"):
        return
    rare, rare_then = (
        np.bincount(each, minlength=24) < RARE_HOUR_SHARE * len(each)
        for each in (hours, hours_then)
    )
    # Hours that filled, or else hours that emptied.
    for case, comparison in (
        ("hours", (rare_then[hours], rare_then[hours_then], EXCESS)),
        ("emptied", (rare[hours_then], rare[hours], EXCESS)),
    ):
        values = _find_excess([comparison])
        if values:
            yield Oddity("B76", "hours", "contacts", case, values)
            return


def _find_excess(comparisons: Iterable[tuple[Mask, Mask, float]]) -> dict[str, int] | None:
    """The values of the first comparison in which more rows are unusual than should be, or None.

    A comparison has flags of rows, flags of the rows that say what is usual, and the excess: the
    unusual ones must exceed the usual share by that part of all rows, and twice their usual number
    by `DUE`.
    """
    for rows, usual, excess in comparisons:
        number, total = int(rows.sum()), len(rows)
        share = float(usual.mean()) if min(total, len(usual)) >= FEWEST else 1
        if number >= max(2 * share * total + DUE, (share + excess) * total):
            return {"number": number, "total": total, "usual": round(share * total)}
    return None


def _flag_closed_days(edition: Edition, contacts: Table) -> Mask:
    places, days = pd.factorize(contacts.frame["date"])
    closed = [not edition.calendar.is_open(day.date()) for day in pd.DatetimeIndex(days)]
    on_closed: Mask = np.array(closed, dtype=np.bool_)[places]
    return on_closed


def _is_known(dataset: Dataset, code: str, table: str) -> bool:
    """Whether the file of a table has this artefact already: acknowledged, or waiting to be."""
    files = {balance.file for balance in dataset.balances if balance.table == table}
    known = [(item.code, item.file) for item in dataset.acknowledged]
    known += [(item.code, item.file) for item in dataset.waiting]
    return any((code, file) in known for file in files)
