"""How often each code of a field stands in a year, and in how many rows nothing stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.parameters.values import Period
from helpline_report.tables.model import Dataset, Mask, Table
from helpline_report.tables.sources import SourceFile

NUMBERS = {"hour": "contacts", "age": "persons"}
REGISTRATION = ("contacts", "persons", "followups")

Said = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Tally:
    """One field of one table in one year, in the order of its code list.

    `counts` are rows a code, codes that mean unknown left out; `missing` are rows in which nothing
    is known. `said` are the codes that the year's layout has a label for on some day of the year.
    """

    table: str
    field: str
    rows: int
    counts: Mapping[str, int]
    missing: int
    said: frozenset[str] = frozenset()

    def share(self, code: str) -> float:
        """The part of the rows in which a code stands, 0 to 1."""
        return self.counts.get(code, 0) / self.rows


def tallies(
    dataset: Dataset, lists: Mapping[str, CodeList], breaks: Sequence[Break], said: Said
) -> dict[str, Tally]:
    """The tally of each field of the registration tables; a field with few codes or with hours.

    Of a field that a break starts, the rows from that day on.
    """
    found: dict[str, Tally] = {}
    for table, field in registered_fields(dataset, lists):
        held = rows_since(table, field, breaks)
        missing = int((held & rows_without(table, field, lists)).sum())
        rows = int(held.sum())
        if field in NUMBERS:
            found[field] = Tally(table.name, field, rows, {}, missing)
            continue
        counts = _counts(table, lists[field], held)
        of_year = said.get(field, frozenset())
        found[field] = Tally(table.name, field, rows, counts, missing, of_year)
    return found


def registered_fields(
    dataset: Dataset, lists: Mapping[str, CodeList]
) -> Iterator[tuple[Table, str]]:
    """The fields of the registration tables that have few codes, hours or ages."""
    for name in REGISTRATION:
        table = dataset.tables.get(name)
        for field in sorted(table.fields) if table is not None else ():
            if NUMBERS.get(field) == name or (field in lists and not lists[field].open):
                assert table is not None  # noqa: S101 - it has a field
                yield table, field


def rows_without(table: Table, field: str, lists: Mapping[str, CodeList]) -> Mask:
    """The rows in which nothing is known of a field: blank, or a code that means so."""
    if field in NUMBERS:
        missing: Mask = table.frame[field].to_numpy() < 0
        return missing
    return ~holding(table, field, {code.code for code in lists[field].codes if not code.missing})


def sayable(files: Iterable[SourceFile], period: Period) -> Said:
    """The codes of each field that a label of the layouts stands for on some day of a period."""
    found: dict[str, set[str]] = {}
    for file in files:
        if not isinstance(file.layout, RowFile):
            continue
        for table in file.layout.tables.values():
            for column in table.columns.values():
                codes = found.setdefault(column.field, set())
                codes |= set(column.all_codes())
                dated = [code for given in column.meanings().values() for code in given]
                on_days = {
                    code.code
                    for code in dated
                    if code.days[0] <= period.end and code.days[1] >= period.start
                }
                codes -= {code.code for code in dated} - on_days
            for field, flags in table.flags.items():
                found.setdefault(field, set()).update(flags.columns.values())
    return {field: frozenset(codes) for field, codes in found.items()}


def first_day(table: Table, field: str, code: str) -> dt.date:
    """The first day of a contact on which a code stands."""
    owner = table.owner("date")
    assert owner is not None  # noqa: S101 - contacts have dates
    days = table.down(owner.frame["date"].to_numpy(), owner)[holding(table, field, {code})]
    return dt.date.fromisoformat(str(days.min())[:10])


def holding(table: Table, field: str, codes: set[str]) -> Mask:
    """The rows of a table to which one of these codes of its own field applies."""
    held = np.zeros(len(table), dtype=np.bool_)
    if field in table.multiple:
        for code in codes:
            held |= table.frame[f"{field}:{code}"].to_numpy(dtype=np.bool_)
        return held
    column = table.frame[field].cat
    places = [place for place, code in enumerate(column.categories) if code in codes]
    # One more at the end: a row without a code has the place -1.
    wanted = np.zeros(len(column.categories) + 1, dtype=np.bool_)
    wanted[places] = True
    rows: Mask = wanted[column.codes.to_numpy()]
    return rows


def rows_since(table: Table, field: str, breaks: Sequence[Break]) -> Mask:
    """The rows from the day on which the field, or its whole table, began to be registered."""
    starts = [
        item.date
        for item in breaks
        if item.kind == "starts"
        and (item.field == field or (item.field is None and table.name in item.tables))
    ]
    owner = table.owner("date")
    if not starts or owner is None:
        return np.ones(len(table), dtype=np.bool_)
    days = owner.frame["date"].to_numpy()
    return table.down(days >= np.datetime64(max(starts)), owner).astype(np.bool_)


def _counts(table: Table, codelist: CodeList, held: Mask) -> dict[str, int]:
    """The rows of each code that doesn't mean unknown."""
    real = [code.code for code in codelist.codes if not code.missing]
    if codelist.field in table.multiple:
        return {code: int((held & holding(table, codelist.field, {code})).sum()) for code in real}
    column = table.frame[codelist.field].cat
    places = np.bincount(column.codes.to_numpy()[held], minlength=len(column.categories)).tolist()
    by_code = dict(zip(column.categories, places, strict=True))
    return {code: by_code[code] for code in real}
