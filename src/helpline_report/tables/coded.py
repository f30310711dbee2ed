"""Coded columns: one code a cell, several codes a cell, and columns of yes and no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpline_report.exports.personal_data import is_free_text
from helpline_report.exports.shapes import plain
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import UNKNOWN, Column, DatedCode, Flags
from helpline_report.tables.columns import refuse_free_text, rows_of
from helpline_report.tables.labels import (
    flag_reader,
    growing_reader,
    label_reader,
    several_reader,
    unknown_first,
)
from helpline_report.tables.reading import Mask, Reader

if TYPE_CHECKING:
    from helpline_report.tables.part import Part


@dataclass(frozen=True)
class DatedRows:
    """The rows of a label that the layout dates, and what it means on which days.

    `places` are those of its codes in the field's list, one for each of `meanings`.
    """

    column: str
    field: str
    rows: Mask
    meanings: Sequence[DatedCode]
    places: Sequence[int]


def add_coded(part: Part, name: str, column: Column, codes: CodeList) -> None:
    """The category of a field with one code a cell, or a column a code where there are several."""
    order = list(codes.order)
    labels = {label: found[0].code for label, found in column.codes.items()}
    reader = growing_reader if codes.open else label_reader
    one = reader(labels, column.blank, order)
    if codes.open:
        order += [code for code in column.all_codes() if code not in order]
        _refuse_sentences(part, name, labels)
    if column.unknown:
        one = unknown_first(one, column.unknown, order.index(UNKNOWN))
    if column.separator is not None:
        _add_several(part, name, column, one, order)
    else:
        values = part.read(name, one, "coded").astype(np.int32)
        index = pd.Index(order, dtype="str")
        part.columns[column.field] = pd.Series(pd.Categorical.from_codes(values, categories=index))
    grown = order if codes.open else column.all_codes()
    part.codes[column.field] = frozenset(grown)
    part.dated += _dated(part, name, column, order)


def _refuse_sentences(part: Part, name: str, labels: Mapping[str, str]) -> None:
    """An open list takes any label, and free text is none (B65)."""
    cells = part.cells(name, "coded")
    own = [at for at, text in enumerate(cells.column.distinct) if text and text not in labels]
    if is_free_text([cells.column.distinct[at] for at in own]):
        refuse_free_text(cells, own, part.findings)


def _add_several(part: Part, name: str, column: Column, one: Reader, order: Sequence[str]) -> None:
    assert column.separator is not None  # noqa: S101 - the caller looked
    blank = order.index(column.blank) if column.blank is not None else None
    reader, sets = several_reader(one, column.separator, blank)
    values = part.read(name, reader, "coded")
    for place, code in enumerate(order):
        # The last stands for cells that can't be read: they hold nothing.
        holds = np.array([*(place in held for held in sets), False], dtype=np.bool_)
        part.columns[f"{column.field}:{code}"] = pd.Series(holds[values])
    part.multiple.add(column.field)


def _dated(part: Part, name: str, column: Column, order: Sequence[str]) -> list[DatedRows]:
    cells = part.text.columns[name]
    found = []
    for label, meanings in column.codes.items():
        if not any(code.dated for code in meanings):
            continue
        texts = [at for at, text in enumerate(cells.distinct) if _holds(text, label, column)]
        places = [order.index(code.code) for code in meanings]
        found.append(DatedRows(name, column.field, rows_of(cells, texts), meanings, places))
    return found


def _holds(text: str, label: str, column: Column) -> bool:
    parts = [text] if column.separator is None else text.split(column.separator)
    return any(plain(part) == plain(label) for part in parts)


def add_flags(part: Part, field: str, flags: Flags, codes: CodeList) -> None:
    """A column a code of the list, in its order; a code without a column is nobody's."""
    reader = flag_reader(flags.yes, flags.no)
    given: Mapping[str, str] = {code: column for column, code in flags.columns.items()}
    for code in codes.order:
        if code in given:
            held = pd.Series(part.read(given[code], reader, "flag") == 1)
        else:
            held = pd.Series(np.zeros(len(part.text), dtype=np.bool_))
        part.columns[f"{field}:{code}"] = held
    part.codes[field] = frozenset(given)
    part.multiple.add(field)
