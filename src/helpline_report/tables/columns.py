"""One column of text is read: each distinct text once, and the same for all its rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.personal_data import LEAVE_OUT, is_free_text
from helpline_report.exports.shapes import shape
from helpline_report.exports.text_tables import Lines, TextColumn
from helpline_report.tables.odd import ColumnKind, odd_reading
from helpline_report.tables.reading import Mask, Reader, Reading, Repairs, Values
from helpline_report.tables.telling import refuse_rows

# A text is taken for free text, and not for a mistyped label, where it is faulty in these ways.
UNKNOWN_TEXTS = ("B36", "B42", "B59", "B63")


@dataclass(frozen=True)
class Cells:
    """A column of cells under its name, and the line of each."""

    name: str
    kind: ColumnKind
    column: TextColumn
    lines: Lines


def read_column(cells: Cells, reader: Reader, *, repairs: Repairs, findings: Findings) -> Values:
    """The value of each row; repairs are marked, and each row with a fault becomes a problem."""
    column = cells.column
    readings = [reader(text) for text in column.distinct]
    mark_repairs(column, readings, repairs)
    faulty = {place: reading for place, reading in enumerate(readings) if reading.fault}
    if faulty:
        refuse_faulty(cells, faulty, findings)
    values = np.array([reading.value for reading in readings], dtype=np.int64)
    return values[column.codes]


def mark_repairs(column: TextColumn, readings: Sequence[Reading], repairs: Repairs) -> None:
    """Mark the rows whose text was mended."""
    for code in sorted({reading.repair for reading in readings if reading.repair}):
        mended = np.array([reading.repair == code for reading in readings])[column.codes]
        if mended.any():
            repairs.add(code, mended)


def refuse_faulty(cells: Cells, faulty: Mapping[int, Reading], findings: Findings) -> None:
    """Refuse the rows whose text is faulty; a column of free text is one problem."""
    column = cells.column
    used = np.bincount(column.codes, minlength=len(column.distinct)) > 0
    odd = {
        place: odd_reading(column.distinct[place], reading, cells.kind)
        for place, reading in faulty.items()
        if used[place]
    }
    free = [place for place, reading in odd.items() if reading.fault in UNKNOWN_TEXTS]
    if is_free_text([column.distinct[place] for place in free]):
        refuse_free_text(cells, free, findings)
        odd = {place: reading for place, reading in odd.items() if place not in set(free)}
    for code in sorted({reading.fault for reading in odd.values()}):
        _refuse(cells, {place: r for place, r in odd.items() if r.fault == code}, findings)


def refuse_free_text(cells: Cells, places: Sequence[int], findings: Findings) -> None:
    """Refuse a column that holds sentences where labels are due (B65): once."""
    rows = rows_of(cells.column, places)
    findings.refuse(
        "B65",
        f"free text in {int(rows.sum())} row(s)",
        line=int(cells.lines[rows.argmax()]),
        column=cells.name,
        next_step=LEAVE_OUT,
    )


def rows_of(column: TextColumn, places: Sequence[int]) -> Mask:
    """The rows that hold one of some distinct texts."""
    return column.holding(places)


def _refuse(cells: Cells, faulty: Mapping[int, Reading], findings: Findings) -> None:
    """Refuse the rows of one fault; what is expected and to be done may differ by text."""
    by_words: dict[tuple[str, str], list[int]] = {}
    for place, reading in faulty.items():
        by_words.setdefault((reading.expected, reading.next_step), []).append(place)
    for (expected, next_step), places in by_words.items():
        rows = np.flatnonzero(rows_of(cells.column, places))
        texts = cells.column.codes[rows]

        def what(at: int, texts: np.ndarray = texts) -> str:
            reading, text = faulty[int(texts[at])], cells.column.distinct[int(texts[at])]
            return f"{shape(text)} {reading.what}" if reading.shown else f"a cell {reading.what}"

        refuse_rows(
            findings,
            faulty[places[0]].fault,
            cells.lines[rows],
            what,
            column=cells.name,
            expected=expected,
            next_step=next_step,
        )
