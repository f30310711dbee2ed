"""A year that looks wrong: a silent month, a silent code, an empty column, a code ten times up.

Each rule says that something is so unlikely that somebody has to look, and stops the run until it
is acknowledged. So none of them may speak by chance: see `enough`, `DUE` and `EVEN`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline_report.exports.faults import FAULTS
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.values import Period
from helpline_report.tables.model import Dataset, Table
from helpline_report.tables.months import Months
from helpline_report.tables.tallies import Tally, holding

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
    months = Months.of(contacts, dataset.period.start)
    silent = _silent_of(Counter(months.count()), _open_days(edition, period))
    for month, due in silent.items():
        what = f"no contact in {month}, where about {due:.0f} are due"
        yield Oddity("silent_month", month, "contacts", what)
    yield from _silent_helplines(edition, contacts, months, lists, but=silent)


def _silent_helplines(
    edition: Edition,
    contacts: Table,
    months: Months,
    lists: Mapping[str, CodeList],
    *,
    but: Iterable[str],
) -> Iterator[Oddity]:
    """The silent months of each helpline, `but` those in which all are silent."""
    period = _since_start(edition, "helpline")
    if period is None or "helpline" not in contacts.fields or "helpline" not in lists:
        return
    open_days = _open_days(edition, period)
    for line, item in lists["helpline"].by_code.items():
        held = months.count(holding(contacts, "helpline", {line}))
        theirs = {
            month: number
            for month, number in open_days.items()
            if month not in but and _is_whole(item, month)
        }
        for month, due in _silent_of(Counter(held), theirs).items():
            what = f"no contact with helpline '{line}' in {month}, where about {due:.0f} are due"
            yield Oddity("silent_month", f"helpline.{line} {month}", "contacts", what)


def _open_days(edition: Edition, period: Period) -> Counter[str]:
    """How many days the helpline was open, by month."""
    return Counter(f"{day:%Y-%m}" for day in period.each_day() if edition.calendar.is_open(day))


def _silent_of(found: Counter[str], open_days: Mapping[str, int]) -> dict[str, float]:
    """The months without a row, and how many are due by the open days of the others."""
    heard = sum(number for month, number in open_days.items() if found[month])
    rows = sum(found[month] for month in open_days)
    return {
        month: rows * number / heard
        for month, number in sorted(open_days.items())
        if heard and not found[month] and rows * number >= DUE * heard
    }


def _is_whole(code: Code, month: str) -> bool:
    """Whether a code existed on all days of a month."""
    first = dt.date.fromisoformat(f"{month}-01")
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return (code.start or dt.date.min) <= first and (code.until or dt.date.max) >= last


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
        if then is None or not (enough(tally) and enough(then)):
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
            if code not in split and _existed(lists[field], code, period):
                yield from _silent(tally, then, code)
            yield from _tenfold(tally, then, code)


def enough(tally: Tally) -> bool:
    """Whether a table has rows enough that each code would be due `DUE` times, evenly spread."""
    return tally.rows >= max(FEWEST, DUE * len(tally.said))


def _silent(now: Tally, then: Tally, code: str) -> Iterator[Oddity]:
    due = then.share(code) * now.rows
    if not now.counts[code] and code in now.said and due >= DUE and then.counts[code] >= DUE:
        what = (
            f"no row with {now.field} '{code}'; the year before {then.counts[code]} of "
            f"{then.rows} rows had it"
        )
        yield Oddity("silent_code", f"{now.field}.{code}", now.table, what)


def _tenfold(now: Tally, then: Tally, code: str) -> Iterator[Oddity]:
    share, earlier = now.share(code), then.share(code)
    uneven = share * len(now.said) >= EVEN
    if then.counts.get(code, 0) >= FEWEST_BEFORE and uneven and share >= TIMES * earlier:
        what = (
            f"{now.field} '{code}' stands in {now.counts[code]} of {now.rows} rows; the year "
            f"before in {then.counts[code]} of {then.rows}"
        )
        yield Oddity("tenfold", f"{now.field}.{code}", now.table, what)


def _existed(codelist: CodeList, code: str, period: Period) -> bool:
    """Whether a code existed on all days of a period: one that ends in it may well be silent."""
    item = codelist.by_code[code]
    start, until = item.start or dt.date.min, item.until or dt.date.max
    return start <= period.start and until >= period.end
