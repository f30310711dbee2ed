"""A field that goes blank or unknown for a part of the year: of a whole year that is no share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.tables.model import Dataset, Table
from helpline_report.tables.months import Months
from helpline_report.tables.odd_year import DUE, EMPTY, FILLED, Oddity
from helpline_report.tables.tallies import Tally, registered_fields, rows_since, rows_without

NUMBERS = ("rows", "missing")


@dataclass(frozen=True)
class Month:
    """A month of one field: how many rows it has, and in how many of them nothing is known."""

    name: str
    rows: int
    missing: int

    @property
    def empty(self) -> bool:
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
    by_table: dict[str, Months] = {}
    for table, field in registered_fields(dataset, lists):
        then = before.get(field) if before is not None else None
        if before is not None and (then is None or then.missing > FILLED * then.rows):
            continue
        if table.name not in by_table:
            by_table[table.name] = Months.of(table, dataset.period.start)
        months = list(_months(table, field, by_table[table.name], lists, breaks))
        others = [month for month in months if not month.empty]
        rows, missing = (sum(getattr(month, name) for month in others) for name in NUMBERS)
        if not rows or missing > FILLED * rows:
            continue
        share = 1 - missing / rows
        for run in _runs([month for month in months if month.rows * share >= DUE]):
            if not _revised(breaks, field, run[0].name):
                yield _oddity(table, field, run, (missing, rows))


def _months(
    table: Table,
    field: str,
    months: Months,
    lists: Mapping[str, CodeList],
    breaks: Sequence[Break],
) -> Iterator[Month]:
    """The months of a period in which a field was registered, from first to last."""
    held = rows_since(table, field, breaks)
    rows = months.count(held)
    missing = months.count(held & rows_without(table, field, lists))
    for name in months.names:
        if rows[name]:
            yield Month(name, rows[name], missing[name])


def _runs(months: Sequence[Month]) -> Iterator[list[Month]]:
    """Empty months that follow one another."""
    run: list[Month] = []
    for month in months:
        if month.empty:
            run.append(month)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _revised(breaks: Sequence[Break], field: str, month: str) -> bool:
    """Whether a declared revision of the field comes before a month ends."""
    first = dt.date.fromisoformat(f"{month}-01")
    return any(
        item.kind == "revision"
        and item.field == field
        and item.date < first + dt.timedelta(days=31)
        for item in breaks
    )


def _oddity(table: Table, field: str, run: Sequence[Month], others: tuple[int, int]) -> Oddity:
    first, last = run[0].name, run[-1].name
    rows, missing = (sum(getattr(month, name) for month in run) for name in NUMBERS)
    span = first if len(run) == 1 else f"{first} to {last}"
    what = (
        f"{field} is blank or unknown in {missing} of {rows} rows of {span}; in other months in "
        f"{others[0]} of {others[1]}"
    )
    return Oddity("empty_column", f"{field} {span}", table.name, what)
