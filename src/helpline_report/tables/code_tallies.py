"""Count how often each code of a field stands in a year, by month too, and where nothing stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Dataset, Table
from helpline_report.tables.source_files import InputFile

NUMBERS = {"hour": "contacts", "age": "persons"}
REGISTRATION = ("contacts", "persons", "followups")
CodesOfFields = Mapping[str, frozenset[str]]


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

    def share(self, code: str) -> float:
        """The part of the rows in which a code stands, 0 to 1."""
        return self.counts.get(code, 0) / self.rows


@dataclass(frozen=True)
class RowMonths:
    """The months of the contacts that rows hang on.

    `names` are months in order (`2017-03`), `places` the place among them of each row of a table.
    """

    names: tuple[str, ...]
    places: npt.NDArray[np.int16]

    @classmethod
    def of_table(cls, table: Table) -> RowMonths:
        """The months of a table's rows."""
        months = table.dates().astype("datetime64[M]")
        if not len(months):
            return cls((), np.empty(0, dtype=np.int16))
        names = np.arange(months.min(), months.max() + 1).astype(str).tolist()
        return cls(tuple(names), (months - months.min()).astype(np.int16))

    def count(self, rows: Mask | None = None) -> dict[str, int]:
        """How many rows each month has, or how many of some rows."""
        places = self.places if rows is None else self.places[rows]
        counts = np.bincount(places, minlength=len(self.names)).tolist()
        return dict(zip(self.names, counts, strict=True))


def tally_fields(
    dataset: Dataset,
    lists: Mapping[str, CodeList],
    breaks: Sequence[Break],
    labelled: CodesOfFields,
) -> dict[str, Tally]:
    """The tally of each field of the registration tables; a field with few codes or with hours.

    Of a field that a break starts, the rows from that day on.
    """
    tallies: dict[str, Tally] = {}
    for table, field in registered_fields(dataset, lists):
        since = rows_since(table, field, breaks)
        missing = int((since & rows_without(table, field, lists)).sum())
        counts = {} if field in NUMBERS else _count_codes(table, lists[field], since)
        codes = labelled.get(field, frozenset()) if counts else frozenset()
        tallies[field] = Tally(table.name, field, int(since.sum()), counts, missing, codes)
    return tallies


def registered_fields(
    dataset: Dataset, lists: Mapping[str, CodeList]
) -> Iterator[tuple[Table, str]]:
    """The fields of the registration tables that have few codes, hours or ages."""
    for name in REGISTRATION:
        if name in dataset.tables:
            for field in sorted(dataset.tables[name].fields):
                if NUMBERS.get(field) == name or (field in lists and not lists[field].open):
                    yield dataset.tables[name], field


def rows_with(table: Table, field: str, codes: set[str]) -> Mask:
    """The rows of a table to which one of these codes of its own field applies."""
    rows = np.zeros(len(table), dtype=np.bool_)
    if field in table.multiple:
        for code in codes:
            rows |= table.frame[f"{field}:{code}"].to_numpy(dtype=np.bool_)
        return rows
    column = table.frame[field].cat
    # One more at the end: a row without a code has the place -1.
    wanted = np.array([*(code in codes for code in column.categories), False], dtype=np.bool_)
    return wanted[column.codes.to_numpy()]


def rows_without(table: Table, field: str, lists: Mapping[str, CodeList]) -> Mask:
    """The rows in which nothing is known of a field: blank, or a code that means so."""
    if field in NUMBERS:
        missing: Mask = table.frame[field].to_numpy() < 0
        return missing
    return ~rows_with(table, field, {code.code for code in lists[field].codes if not code.missing})


def rows_since(table: Table, field: str, breaks: Sequence[Break]) -> Mask:
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


def first_day(table: Table, field: str, code: str) -> dt.date:
    """The first day of a contact on which a code stands."""
    days = table.dates()[rows_with(table, field, {code})]
    return dt.date.fromisoformat(str(days.min())[:10])


def labelled_codes(files: Iterable[InputFile], period: Period) -> CodesOfFields:
    """The codes of each field that a label of the layouts stands for on some day of a period."""
    codes: dict[str, set[str]] = {}
    for file in files:
        if not isinstance(file.layout, RowFile):
            continue
        for table in file.layout.tables.values():
            for column in table.columns.values():
                meanings = [code for each in column.codes.values() for code in each]
                others = {
                    code.code
                    for code in meanings
                    if code.days[0] > period.end or code.days[1] < period.start
                }
                others -= {code.code for code in meanings if code.code not in others}
                codes.setdefault(column.field, set()).update({*column.all_codes()} - others)
            for field, flags in table.flags.items():
                codes.setdefault(field, set()).update(flags.columns.values())
    return {field: frozenset(of_field) for field, of_field in codes.items()}


def _count_codes(table: Table, codelist: CodeList, rows: Mask) -> dict[str, int]:
    """The rows of each code that doesn't mean unknown."""
    codes = [code.code for code in codelist.codes if not code.missing]
    if codelist.field in table.multiple:
        return {
            code: int((rows & rows_with(table, codelist.field, {code})).sum()) for code in codes
        }
    counts = table.frame[codelist.field][rows].value_counts()
    return {code: int(counts.get(code, 0)) for code in codes}
