"""The rows of a grid: header found, lengths checked, named columns of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from helpline_report.exports.below import Below, take_below
from helpline_report.exports.findings import Findings
from helpline_report.exports.header import match_header
from helpline_report.exports.heading import find_header
from helpline_report.exports.lengths import RESAVE, sound_rows
from helpline_report.exports.looks import Looks
from helpline_report.exports.shapes import is_mojibake, plain, shape
from helpline_report.exports.text_tables import Grid, Lines, Mask, TextTable, rows_where_all
from helpline_report.exports.unlisted import refuse_personal
from helpline_report.parameters.row_layouts import RowFile


@dataclass(frozen=True)
class Rows:
    """What one file holds: the rows that can be read, and how many rows stand below its header.

    `whole` is false where rows were refused: then a missing key says nothing. `mended` are the
    lines of rows that were mended before they were read, by the code of the fault.
    """

    table: TextTable | None
    read: int
    whole: bool
    mended: Mapping[str, Lines] = field(default_factory=dict)


NONE = Rows(None, 0, whole=False)


def read_rows(grid: Grid, file: RowFile, findings: Findings) -> Rows:
    """Read the expected columns of a grid; columns that the layout ignores go no further.

    Refuses B05, B07, B09, B15, B16, B18 to B20, B22, B23, B25 to B28, and a stray cell (B32);
    leaves out headers that stand again (B17), a total row (B18), footers (B19) and blank rows
    (B32); notes title lines (B15) and mended names (B21).
    """
    if grid.blank().all():
        findings.refuse("B07", "the file is empty", next_step=RESAVE)
        return NONE
    head = find_header(grid, file, findings)
    if head is None:
        return NONE
    line, read = int(grid.lines[head]), len(grid.lines) - head - 1
    looks = Looks.of(grid, head, file)
    below = take_below(grid, head, looks, file, findings)
    data = _data(grid, head, below)
    cells = _named(grid, head, data)
    positions = match_header(cells, file.expected(), file.ignored, findings, line=line)
    if not data.any():
        findings.refuse("B07", "a header and no rows", line=line, next_step=RESAVE)
        return NONE
    _leave_out("B32", grid.blank()[head + 1 :], findings)
    good = sound_rows(grid, data, head, looks, findings)
    if positions is None and good.any():
        refuse_personal(grid, good, grid.cells(head), [*file.ignored, *file.expected()], findings)
    if positions is None or not good.any():
        return Rows(None, read, whole=False)
    table = _table(grid, good, looks.width, positions)
    again = _headers(table)
    _leave_out("B17", again, findings)
    below.check(int(data.sum()) - int(again.sum()), findings)
    if again.all():
        findings.refuse("B07", "a header and no rows", line=line, next_step=RESAVE)
        return Rows(None, read, whole=False)
    table = table.take(~again) if again.any() else table
    _refuse_mojibake(table, findings)
    return Rows(table, read, whole=bool((good == data).all()))


def _data(grid: Grid, head: int, below: Below) -> Mask:
    data: Mask = ~grid.blank() & ~below.rows
    data[: head + 1] = False
    return data


def _named(grid: Grid, head: int, data: Mask) -> list[str]:
    """The cells of the header, without columns at its end that hold neither a name nor anything.

    A spreadsheet writes them for cells that were once filled.
    """
    cells = grid.cells(head)
    width = max((at + 1 for at, cell in enumerate(cells) if cell.strip()), default=0)
    rows = data & (grid.widths == len(cells))
    if width == len(cells) or not rows.any():
        return cells
    unnamed = grid.columns(rows, len(cells), range(width, len(cells)))
    empty = not any(text.strip() for column in unnamed.values() for text in column.distinct)
    return cells[:width] if empty else cells


def _leave_out(code: str, rows: Mask, findings: Findings) -> None:
    if rows.any():
        findings.excluded[code] += int(rows.sum())


def _table(grid: Grid, rows: Mask, width: int, positions: Mapping[str, int]) -> TextTable:
    columns = grid.columns(rows, width, list(positions.values()))
    lines = grid.lines[rows].astype(np.int32)
    return TextTable({name: columns[at] for name, at in positions.items()}, lines)


def _headers(table: TextTable) -> Mask:
    """Rows in which every cell is the name of its column: the header, standing there again."""
    names = [plain(name) for name in table.columns]
    columns = list(table.columns.values())
    return rows_where_all(columns, lambda at, text: plain(text) == names[at], len(table))


def _refuse_mojibake(table: TextTable, findings: Findings) -> None:
    for name, column in table.columns.items():
        broken = [at for at, text in enumerate(column.distinct) if is_mojibake(text)]
        for row in np.flatnonzero(column.holding(broken)):
            findings.refuse(
                "B05",
                f"letters were lost in an earlier conversion: "
                f"{shape(column.distinct[column.codes[row]])}",
                line=int(table.lines[row]),
                column=name,
                row=True,
                next_step="export the file again, and open it nowhere in between",
            )
