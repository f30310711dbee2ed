"""One table in the making: typed columns of the rows of one file, and what became of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpline_report.exports.findings import Findings
from helpline_report.exports.read import Export
from helpline_report.exports.text import TextTable
from helpline_report.params.codelists import CodeList
from helpline_report.params.row_layouts import UNKNOWN, Column, Flags, RowFile, TableLayout
from helpline_report.tables.labels import flag_reader, label_reader
from helpline_report.tables.model import Rows
from helpline_report.tables.reading import Mask, Reader, Repairs, read_column
from helpline_report.tables.values import date_reader, hour_reader, integer_reader


@dataclass
class Part:
    """A table before its rows are chosen: `columns` as `Table.frame` has them, all rows.

    `parent_rows[i]` is the row, in the parent part, that row `i` hangs on; -1 where there is none.
    """

    name: str
    export: Export
    text: TextTable
    layout: TableLayout
    repairs: Repairs
    columns: dict[str, pd.Series] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    multiple: set[str] = field(default_factory=set)
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    excluded: dict[str, Mask] = field(default_factory=dict)
    parent: Part | None = None
    parent_rows: Rows | None = None

    @property
    def findings(self) -> Findings:
        """The findings of the file that the rows stand in."""
        return self.export.findings

    def kept(self) -> Mask:
        """The rows that are left out for no reason."""
        kept = np.ones(len(self.text), dtype=np.bool_)
        for rows in self.excluded.values():
            kept &= ~rows
        return kept

    def exclude(self, code: str, rows: Mask) -> None:
        """Leave out rows that weren't left out already."""
        rows = rows & self.kept()
        if rows.any():
            self.excluded[code] = self.excluded.get(code, np.zeros_like(rows)) | rows


def make_part(
    name: str, export: Export, text: TextTable, file: RowFile, lists: Mapping[str, CodeList]
) -> Part:
    """The typed columns of one table; what can't be typed is a problem of the file."""
    layout = file.tables[name]  # type: ignore[index]
    part = Part(name, export, text, layout, Repairs(len(text)))
    for code, lines in export.rows.mended.items():
        part.repairs.add(code, np.isin(text.lines, lines))
    for column_name, column in layout.columns.items():
        values = _read(part, column_name, _reader(column, file, lists))
        part.columns[column.field] = _typed(values, column, lists)
        part.fields.add(column.field)
        if column.kind == "coded":
            part.codes[column.field] = frozenset(column.all_codes())
    for field_name, flags in layout.flags.items():
        _add_flags(part, field_name, flags, lists[field_name])
    return part


def _read(part: Part, column: str, reader: Reader) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return read_column(
        column,
        part.text.columns[column],
        part.text.lines,
        reader,
        repairs=part.repairs,
        findings=part.findings,
    )


def _reader(column: Column, file: RowFile, lists: Mapping[str, CodeList]) -> Reader:
    match column.kind:
        case "date":
            assert file.dates is not None  # noqa: S101 - the layout's schema says so
            return date_reader(file.dates)
        case "time":
            return hour_reader(column.blank)
        case "integer":
            assert column.low is not None  # noqa: S101
            assert column.high is not None  # noqa: S101
            unknown = column.outside == UNKNOWN
            return integer_reader(
                column.low, column.high, outside_unknown=unknown, blank=column.blank
            )
    labels = {label: codes[0].code for label, codes in column.meanings().items()}
    return label_reader(labels, column.blank, lists[column.field].order)


def _typed(
    values: np.ndarray[tuple[int], np.dtype[np.int64]],
    column: Column,
    lists: Mapping[str, CodeList],
) -> pd.Series:
    match column.kind:
        case "date":
            return pd.Series(values.astype("datetime64[D]").astype("datetime64[s]"))
        case "time":
            return pd.Series(values.astype(np.int8))
        case "integer":
            return pd.Series(values.astype(np.int16))
    order = pd.Index(lists[column.field].order, dtype="str")
    return pd.Series(pd.Categorical.from_codes(values.astype(np.int32), categories=order))


def _add_flags(part: Part, field_name: str, flags: Flags, codes: CodeList) -> None:
    """A column a code of the list, in its order; a code without a column is nobody's."""
    reader = flag_reader(flags.yes, flags.no)
    given = {code: column for column, code in flags.columns.items()}
    for code in codes.order:
        if code in given:
            held = pd.Series(_read(part, given[code], reader) == 1)
        else:
            held = pd.Series(np.zeros(len(part.text), dtype=np.bool_))
        part.columns[f"{field_name}:{code}"] = held
    part.codes[field_name] = frozenset(given)
    part.fields.add(field_name)
    part.multiple.add(field_name)
