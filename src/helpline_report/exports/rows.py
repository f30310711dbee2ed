"""Read the rows of a grid into a table, without what stands under the data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from helpline_report.exports.cell_texts import FREE_TEXT, is_free_text, personal_kind, plain
from helpline_report.exports.faults import KEPT, Findings
from helpline_report.exports.header import RowPatterns, find_header, is_ignored, match_header
from helpline_report.exports.text_tables import (
    Lines,
    Mask,
    RowGrid,
    TextTable,
    rows_where_all,
)
from helpline_report.parameters.row_layouts import RowFile

# So many rows under the data are looked at; more are no footer, but rows of something else.
MOST_FOOTERS = 50
TOTAL = re.compile(
    r"(?:(?:algemeen|grand|general|sub|eind)[\s-]*)?"
    r"(?:totaal|totalen|total|totals|totale|totaux|som|somme|sum|gesamt\w*|summe|insgesamt)\b",
    re.IGNORECASE,
)
GROUPED = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d+", re.ASCII)
MARKS = re.compile(r"[.,' \u00a0\u202f]")


class Footers:
    """The rows under the data, taken from the last one upwards, and what they say of those above.

    `rows` says which rows of the grid they are. Total rows (B18) and footers that the layout knows
    (B19) are left out; any other footer (B19), a stray cell (B32) and a total row without a number
    (B18) are refused.
    """

    def __init__(
        self, grid: RowGrid, head: int, patterns: RowPatterns, file: RowFile, findings: Findings
    ) -> None:
        self.rows: Mask = np.zeros(len(grid.lines), dtype=np.bool_)
        self._patterns = patterns
        self._file = file
        self._findings = findings
        # Numbers of rows that total rows and footers give, with their line.
        self._totals: list[tuple[int, int]] = []
        self._counts: list[tuple[int, int]] = []
        filled = np.flatnonzero(~grid.blank())
        for row in filled[filled > head][: -MOST_FOOTERS - 1 : -1].tolist():
            # A row may be the rest of the one above it, which a newline broke.
            above, here = int(grid.widths[row - 1]), int(grid.widths[row])
            goes_on = 1 < above < patterns.width and above + here == patterns.width + 1
            if goes_on or not self._take(grid.cells(row), int(grid.lines[row])):
                break
            self.rows[row] = True

    def check(self, number: int) -> None:
        """Refuse totals that aren't the number of rows (B18), and footers that say more or less."""
        for line, total in self._totals:
            if total != number:
                self._findings.add("B18", "wrong", line=line, rows=number)
        for line, count in self._counts:
            if count != number:
                code = "B10" if number < count else "B70"
                self._findings.add(code, "footer", line=line, count=count, rows=number)

    def _take(self, cells: Sequence[str], line: int) -> bool:
        """Take one row, unless it is data."""
        filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell.strip()]
        if not filled:
            return False
        at, text = filled[0]
        matches = [re.fullmatch(pattern, text) for pattern in self._file.footer]
        footer = next((match for match in matches if match is not None), None)
        if len(filled) == 1 and footer is not None:
            self._take_footer(footer, line)
            return True
        if self._patterns.is_row(cells):
            return False
        if any(TOTAL.match(cell) for _, cell in filled):
            self._take_total([cell for _, cell in filled], line)
            return True
        whole = len(filled) > 1 and len(cells) >= self._patterns.width
        if whole or self._patterns.begins_row(cells):
            return False
        code, case = ("B32", "stray") if len(filled) == 1 and at > 0 else ("B19", "unknown")
        self._findings.add(code, case, line=line, row=True)
        return True

    def _take_footer(self, footer: re.Match[str], line: int) -> None:
        self._findings.excluded["B19"] += 1
        text = footer.groupdict().get("rows")
        count = _parse_grouped(text) if text is not None else None
        if count is not None:
            self._counts.append((line, count))
        elif text is not None:
            self._findings.add("B19", "no_number", line=line)

    def _take_total(self, cells: Sequence[str], line: int) -> None:
        """A total row; its numbers may stand in the cell of its label: `Totaal: 4.812`."""
        self._findings.excluded["B18"] += 1
        texts = [TOTAL.sub("", cell, count=1).strip(" :=") for cell in cells]
        numbers = [number for number in map(_parse_grouped, texts) if number is not None]
        if not numbers:
            self._findings.add("B18", "no_number", line=line)
        self._totals += [(line, number) for number in numbers]


def _parse_grouped(text: str) -> int | None:
    """A whole number, perhaps with marks between its thousands."""
    return int(MARKS.sub("", text)) if GROUPED.fullmatch(text) else None


# Of so many short rows it is told what made them so; each costs a look at its cells.
SHORT_ROWS = 10_000


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


def read_rows(grid: RowGrid, file: RowFile, findings: Findings) -> Rows:
    """Read the expected columns of a grid; columns that the layout ignores go no further.

    Refuses B07, B09, B15, B16, B18 to B20, B22, B23, B25 to B28, and a stray cell (B32); leaves out
    headers that stand again (B17), a total row (B18), footers (B19) and blank rows (B32); notes
    title lines (B15) and repaired names (B21).
    """
    if grid.blank().all():
        findings.add("B07", "blank")
        return NONE
    head = find_header(grid, file, findings)
    if head is None:
        return NONE
    line, read = int(grid.lines[head]), len(grid.lines) - head - 1
    patterns = RowPatterns.of(grid, head, file)
    footers = Footers(grid, head, patterns, file, findings)
    data = ~grid.blank() & ~footers.rows
    data[: head + 1] = False
    positions = match_header(_named(grid, head, data), file, findings, line=line)
    if not data.any():
        findings.add("B07", "no_rows", line=line)
        return NONE
    findings.leave_out("B32", int(grid.blank()[head + 1 :].sum()))
    sound = _sound_rows(grid, data, head, patterns, findings)
    if positions is None and sound.any():
        _refuse_personal_columns(grid, sound, grid.cells(head), file, findings)
    if positions is None or not sound.any():
        return Rows(None, read, whole=False)
    columns = grid.columns(sound, patterns.width, list(positions.values()))
    texts = {name: columns[at] for name, at in positions.items()}
    table = TextTable(texts, grid.lines[sound].astype(np.int32))
    # Rows in which every cell is the name of its column: the header, standing there again.
    names = [plain(name) for name in texts]
    again = rows_where_all([*texts.values()], lambda at, text: plain(text) == names[at], len(table))
    findings.leave_out("B17", int(again.sum()))
    footers.check(int(data.sum()) - int(again.sum()))
    if again.all():
        findings.add("B07", "no_rows", line=line)
        return Rows(None, read, whole=False)
    table = table.take(~again) if again.any() else table
    return Rows(table, read, whole=bool((sound == data).all()))


def _named(grid: RowGrid, head: int, data: Mask) -> list[str]:
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


def _sound_rows(
    grid: RowGrid, data: Mask, head: int, patterns: RowPatterns, findings: Findings
) -> Mask:
    """The rows of `data` that have as many cells as the header; the others are refused.

    One name less than cells in each row is one problem (B27). Short rows that together make a row
    were broken by a newline in a field (B28); the last row may be cut off (B09).
    """
    widths, due = grid.widths, patterns.width
    longer, shorter = data & (widths > due), data & (widths < due)
    if longer.any() and bool((widths[data] == due + 1).all()):
        line, rows = grid.lines[head], int(data.sum())
        findings.add("B27", line=line, rows=rows, fields=due + 1, due=due)
        return data & ~longer
    if shorter.any() and grid.cut_off and shorter[-1]:
        findings.add("B09", "row", line=grid.lines[-1], row=True, fields=widths[-1], due=due)
        shorter[-1] = False
    for row in np.flatnonzero(shorter)[:SHORT_ROWS]:
        first = _find_broken(grid, int(row), data, patterns) if shorter[row] else None
        if first is not None:
            next_line = int(grid.lines[first + 1])
            findings.add("B28", line=grid.lines[first], row=True, next_line=next_line)
            findings.faulty["B28"].append(next_line)
            shorter[[first, first + 1]] = False
    for code, case, faulty in (("B25", "row", longer), ("B26", "", shorter)):
        fields = [{"fields": number} for number in widths[faulty][:KEPT]]
        lines = grid.lines[faulty]
        findings.add_rows(code, case, lines=lines, of_row=fields.__getitem__, due=due)
    sound: Mask = data & (widths == due)
    return sound


def _find_broken(grid: RowGrid, row: int, data: Mask, patterns: RowPatterns) -> int | None:
    """The first of two rows that were one, of which `row` is one that is short; None for others.

    Two rows whose fields make one row, the second no row by its look; or one field alone below a
    whole row, which was that row's last and no beginning of another.
    """
    widths, due = grid.widths, patterns.width
    goes_on = row + 1 < len(data) and data[row + 1] and widths[row] + widths[row + 1] == due + 1
    begun = widths[row] > 1 or patterns.begins_row(grid.cells(row))
    if goes_on and begun and not patterns.is_row(grid.cells(row + 1)):
        return row
    alone = row > 0 and data[row - 1] and widths[row - 1] == due and not begun
    return row - 1 if alone else None


def _refuse_personal_columns(
    grid: RowGrid, rows: Mask, cells: Sequence[str], file: RowFile, findings: Findings
) -> None:
    """Refuse each column of the header that the layout doesn't know and that is personal (B65).

    Such a column is refused as it is (B23); this says why it mustn't come in by being listed.
    """
    taken = {plain(name) for name in file.expected()}
    unlisted = [
        at
        for at, cell in enumerate(cells)
        if plain(cell) not in taken and not is_ignored(cell, file)
    ]
    lines = grid.lines[rows]
    for at, column in grid.columns(rows, len(cells), unlisted).items():
        places: dict[str, list[int]] = {}
        for place, text in enumerate(column.distinct):
            places.setdefault(personal_kind(text), []).append(place)
        if is_free_text(column.distinct):
            places[FREE_TEXT] = list(range(len(column.distinct)))
        for kind in sorted(places.keys() - {""}):
            personal = column.holding(places[kind])
            line, number = lines[personal.argmax()], int(personal.sum())
            findings.add("B65", "column", line=line, position=at + 1, kind=kind, rows=number)
