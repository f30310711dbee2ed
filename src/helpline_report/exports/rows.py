"""Find the header of a grid, and read the rows between it and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from helpline_report.exports.cell_texts import (
    FREE_TEXT,
    find_personal_kind,
    is_free_text,
    plain,
    shape,
)
from helpline_report.exports.faults import MOST_PROBLEMS, FaultError, Findings
from helpline_report.exports.text_tables import (
    Grid,
    Lines,
    Mask,
    TextTable,
    drop_unused,
    find_rows_where_all,
)
from helpline_report.parameters.row_layouts import RowFile

# A header must stand in the first `WITHIN` lines. It is searched in `SEARCHED` rows, so that one
# that stands too low isn't called missing.
WITHIN, SEARCHED = 20, 1_000
# The patterns of cells are made from at most this many rows.
MOST_EXAMPLES = 20
# At most this many rows are taken for a footer; more are rows of something else.
MOST_FOOTERS = 50
# At most this many short rows are examined for a newline in a field (B28), since it takes time.
SHORT_ROWS = 10_000
TOTAL = re.compile(
    r"(?:(?:algemeen|grand|general|sub|eind)[\s-]*)?"
    r"(?:totaal|totalen|total|totals|totale|totaux|som|somme|sum|gesamt\w*|summe|insgesamt)\b",
    re.IGNORECASE,
)
GROUPED = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d+", re.ASCII)


@dataclass(frozen=True)
class Rows:
    """What one file holds: a table of the rows that can be read, and the number of rows in all.

    `read` counts the rows below the header. `whole` says that no row was refused: otherwise a
    missing key is no fault. `mended` are the lines of rows whose text was mended before any value
    was read, by the code of the fault.
    """

    table: TextTable | None = None
    read: int = 0
    whole: bool = False
    mended: Mapping[str, Lines] = field(default_factory=dict)


def read_rows(grid: Grid, file: RowFile, findings: Findings) -> Rows:
    """Read the expected columns of a grid; columns that the layout ignores go no further.

    Refuses B09, B18 to B20, B22, B23, B25 to B28, and a stray cell (B32). Leaves out repeated
    headers (B17), a total row (B18), footers (B19) and blank rows (B32). Notes title lines (B15)
    and repaired names (B21).

    Raises:
        FaultError: there is nothing (B07), or the header doesn't stand alone (B15, B16).
    """
    if grid.blank.all():
        raise FaultError("B07", "blank")
    head = find_header_row(grid, file)
    line, read = int(grid.lines[head]), len(grid.lines) - head - 1
    patterns = RowPatterns.of(grid, head, file)
    _check_above(grid, head, patterns, file, findings)
    footers, claims = _take_footers(grid, head, patterns, file, findings)
    data = ~grid.blank & ~footers
    data[: head + 1] = False
    positions = _match_header(_list_header_cells(grid, head, data), file, findings, line=line)
    if not data.any():
        raise FaultError("B07", "no_rows", line=line)
    blank = int(grid.blank[head + 1 :].sum())
    findings.excluded.update({"B32": blank} if blank else {})
    sound = _find_sound_rows(grid, data, head, patterns, findings)
    if not sound.any():
        return Rows(read=read)
    if positions is None:
        _refuse_personal_columns(grid, sound, grid.cells(head), file, findings)
        return Rows(read=read)
    columns = {name: drop_unused(grid.columns[at][sound]) for name, at in positions.items()}
    table = TextTable(columns, grid.lines[sound].astype(np.int32))
    repeats = _find_repeated_headers(table)
    number = int(repeats.sum())
    _check_claims(claims, int(data.sum()) - number, findings)
    if number:
        findings.excluded["B17"] += number
        table = table.take(~repeats)
    if not len(table):
        findings.add("B07", "no_rows", line=line)
        return Rows(read=read)
    return Rows(table, read, whole=bool((sound == data).all()))


def _find_repeated_headers(table: TextTable) -> Mask:
    """Which rows repeat the header: every cell is the name of its column."""
    names = list(map(plain, table.columns))
    columns = list(table.columns.values())
    return find_rows_where_all(columns, lambda at, text: plain(text) == names[at], len(table))


class CellPattern(NamedTuple):
    """What some cells have in common: their kinds of characters and their least length.

    `every` are the kinds that all cells have, `any` those that at least one has. Of the keys `C-1`
    and `C-23x` these are capitals, digits and hyphens; and small letters besides.
    """

    every: frozenset[str]
    any: frozenset[str]
    shortest: int

    def fits(self, cell: str) -> bool:
        """Whether a cell fits the pattern."""
        return self.every <= _list_kinds(cell) <= self.any and len(cell.strip()) >= self.shortest


def _list_kinds(text: str) -> frozenset[str]:
    def kind(character: str) -> str:
        if character.isalpha():
            return "A" if character.isupper() else "a"
        return "9" if character.isdigit() else character

    return frozenset(map(kind, text.strip()))


@dataclass(frozen=True)
class RowPatterns:
    """The width of the rows below a header, and the pattern of the cells that identify them.

    Those cells are the keys or, in a file without keys, the dates; by their position (0-based).
    """

    width: int
    cells: Mapping[int, CellPattern]

    @classmethod
    def of(cls, grid: Grid, head: int, file: RowFile) -> RowPatterns:
        """The patterns of the first half of the rows at most: the last ones may be a footer."""
        tables = file.tables.values()
        keys = {plain(key) for table in tables for key in table.key_columns()}
        columns = [item for table in tables for item in table.columns.items()]
        dates = {plain(name) for name, column in columns if column.kind == "date"}
        identifying = keys or dates
        names = grid.cells(head)
        below = np.flatnonzero(~grid.blank)
        below = below[below > head]
        whole = below[grid.widths[below] == len(names)]
        below = whole if whole.size else below[:1]
        rows = [grid.cells(int(row)) for row in below[: min(MOST_EXAMPLES, (len(below) + 1) // 2)]]
        patterns = {}
        for at, name in enumerate(names):
            filled = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
            if plain(name) in identifying and filled:
                kinds = [_list_kinds(cell) for cell in filled]
                every, some = frozenset.intersection(*kinds), frozenset.union(*kinds)
                patterns[at] = CellPattern(every, some, min(map(len, filled)))
        return cls(len(names), patterns)

    def is_row(self, cells: Sequence[str]) -> bool:
        """Whether cells look like a row, or a part of one: one fits the pattern of its column."""
        return any(at < len(cells) and each.fits(cells[at]) for at, each in self.cells.items())

    def begins_row(self, cells: Sequence[str]) -> bool:
        """Whether there is one cell alone, which looks like the beginning of a row."""
        return len(cells) == 1 and 0 in self.cells and _list_kinds(cells[0]) <= self.cells[0].any

    def is_title(self, cells: Sequence[str]) -> bool:
        """Whether cells are a title: few, or one alone, and none like those of a row."""
        filled = sum(bool(cell.strip()) for cell in cells)
        return (filled * 2 < self.width or filled == 1) and not self.is_row(cells)


def find_expected_names(cells: Sequence[str], file: RowFile) -> set[str]:
    """The expected columns that are named in some cells, in their plain form."""
    return {plain(cell) for cell in cells} & {plain(name) for name in file.expected()}


def find_best_header(rows: Iterable[Sequence[str]], file: RowFile) -> int:
    """The first row that names more than half of the columns, or else the row that names the most.

    If no row names a column, it is the first that isn't blank, or else 0.
    """
    due = len({plain(name) for name in file.expected()})
    best, most = -1, 0
    for at, cells in enumerate(rows):
        named = len(find_expected_names(cells, file))
        if named * 2 > due:
            return at
        if named > most or (best < 0 and any(map(str.strip, cells))):
            best, most = at, named
    return max(best, 0)


def find_header_row(grid: Grid, file: RowFile) -> int:
    """The row of a grid that is the best header, among the first rows."""
    return find_best_header(map(grid.cells, range(min(len(grid.lines), SEARCHED))), file)


def _check_above(
    grid: Grid, head: int, patterns: RowPatterns, file: RowFile, findings: Findings
) -> None:
    """Refuse anything but titles above the header (B15), and a header of two rows (B16)."""
    above = np.flatnonzero(~grid.blank[:head])
    line, split = int(grid.lines[head]), _find_two_row_header(grid, head, file)
    rows = [row for row in above.tolist() if not patterns.is_title(grid.cells(row))]
    if line > WITHIN and above.size:
        raise FaultError("B15", "below", line=line, rows=above.size, most=WITHIN)
    if split is not None:
        raise FaultError("B16", "two_rows", line=grid.lines[split])
    if rows:
        raise FaultError("B15", "row", line=grid.lines[rows[0]])
    if above.size:
        findings.noted["B15"] += int(above.size)


def _find_two_row_header(grid: Grid, head: int, file: RowFile) -> int | None:
    """The first row of a header of two rows: groups above names, or names in both; else None."""
    above = grid.cells(head - 1) if head else []
    below = grid.cells(head + 1) if head + 1 < len(grid.lines) else []
    if _are_groups(above):
        return head - 1
    named = find_expected_names(grid.cells(head), file)
    named_above = find_expected_names(above, file)
    others = (named_above | find_expected_names(below, file)) - named
    expected = {plain(name) for name in file.expected()}
    if others and 0 < len(named) < len(expected):
        return head - 1 if named_above else head
    return None


def _are_groups(cells: Sequence[str]) -> bool:
    """Whether cells name groups of columns: with gaps between them, or a name twice in a row."""
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(filled) < 2:  # noqa: PLR2004 - one group is a title
        return False
    has_gaps = filled[-1] - filled[0] >= len(filled)
    has_doubles = any(one and plain(one) == plain(other) for one, other in pairwise(cells))
    return has_gaps or has_doubles


def _list_header_cells(grid: Grid, head: int, data: Mask) -> list[str]:
    """The cells of the header, without columns at its end that hold neither a name nor anything."""
    cells = grid.cells(head)
    rows = data & (grid.widths == len(cells))
    while rows.any() and len(cells) > 1 and not cells[-1].strip():
        column = grid.columns[len(cells) - 1][rows]
        if any(map(str.strip, column.unique())):
            break
        cells = cells[:-1]
    return cells


def _is_ignored(cell: str, file: RowFile) -> bool:
    return any(fnmatchcase(plain(cell), plain(pattern)) for pattern in file.ignored)


def _match_header(
    cells: Sequence[str], file: RowFile, findings: Findings, *, line: int
) -> dict[str, int] | None:
    """The position (0-based) of each expected column, in the order of the layout.

    None if the header is refused: B20 (a column twice), B22 (missing), B23 (unknown). A name in
    another case, or with other spaces or accents, is repaired (B21). Messages have the shape of a
    cell: if there is no header, the first line is somebody's row.
    """
    expected = file.expected()
    known = {plain(name): name for name in (*file.ignored, *expected)}
    named = [known.get(plain(cell), cell if _is_ignored(cell, file) else None) for cell in cells]
    if not any(named):
        names = ", ".join(expected)
        findings.add("B22", "no_header", line=line, columns=len(expected), names=names)
        return None
    faults = list(_find_header_faults(cells, named, expected))
    for code, case, values in faults:
        findings.add(code, case, line=line, column=values.get("name") or "", **values)
    if faults:
        return None
    repaired = sum(name not in (None, cell) for cell, name in zip(cells, named, strict=True))
    if repaired:
        findings.noted["B21"] += repaired
    return {name: named.index(name) for name in expected}


def _find_header_faults(
    cells: Sequence[str], named: Sequence[str | None], expected: Sequence[str]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Names that stand twice (B20), are missing (B22) or unknown (B23), with the nearest."""
    first_of: dict[str, int] = {}
    for position, (cell, name) in enumerate(zip(cells, named, strict=True), start=1):
        first = first_of.setdefault(plain(cell), position)
        if first < position and plain(cell):
            values = {"name": name, "shape": shape(cell), "first": first, "second": position}
            yield "B20", "named" if name else "unnamed", {**values, "header": cell}
    unnamed = {plain(cells[at]): at for at, name in enumerate(named) if name is None}
    for name in expected:
        if name not in named:
            close = get_close_matches(plain(name), list(unnamed), n=1, cutoff=0.6)
            hint = f", is it the column at position {unnamed[close[0]] + 1}?" if close else ""
            yield "B22", "missing", {"name": name, "hint": hint}
    original = {plain(name): name for name in expected}
    for position, (cell, name) in enumerate(zip(cells, named, strict=True), start=1):
        if name is None:
            close = get_close_matches(plain(cell), list(original), n=1)
            hint = f", the nearest is '{original[close[0]]}'" if close else ""
            values = {"position": position, "shape": shape(cell), "hint": hint, "header": cell}
            yield "B23", "", values


# `total` or `footer`, its line, and the number of rows that it gives.
StatedNumber = tuple[str, int, int]


def _take_footers(
    grid: Grid, head: int, patterns: RowPatterns, file: RowFile, findings: Findings
) -> tuple[Mask, list[StatedNumber]]:
    """The rows under the data, from the last one upwards, and what they say of those above.

    Total rows (B18) and footers that the layout knows (B19) are left out; any other footer (B19), a
    stray cell (B32) and a total row without a number (B18) are refused.
    """
    footers: Mask = np.zeros(len(grid.lines), dtype=np.bool_)
    claims: list[StatedNumber] = []
    filled = np.flatnonzero(~grid.blank)
    for row in filled[filled > head][: -MOST_FOOTERS - 1 : -1].tolist():
        # A newline may have broken one row into the row above and this one.
        above, here = int(grid.widths[row - 1]), int(grid.widths[row])
        if 1 < above < patterns.width and above + here == patterns.width + 1:
            break
        cells, line = grid.cells(row), int(grid.lines[row])
        of_row = _read_footer(cells, line, patterns, file, findings)
        if of_row is None:
            break
        footers[row] = True
        claims += of_row
    return footers, claims


def _check_claims(claims: Sequence[StatedNumber], number: int, findings: Findings) -> None:
    """Refuse total rows (B18) and footers (B10, B70) that give another number of rows."""
    for kind, line, claimed in claims:
        if claimed != number and kind == "total":
            findings.add("B18", "wrong", line=line, rows=number)
        elif claimed != number:
            code = "B10" if number < claimed else "B70"
            findings.add(code, "footer", line=line, count=claimed, rows=number)


def _read_footer(
    cells: Sequence[str], line: int, patterns: RowPatterns, file: RowFile, findings: Findings
) -> list[StatedNumber] | None:
    """The numbers of rows that a footer gives, perhaps none; None if the row is no footer."""
    filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell.strip()]
    if not filled:
        return None
    at, text = filled[0]
    matches = (re.fullmatch(pattern, text) for pattern in file.footer)
    footer = next((match for match in matches if match is not None), None)
    if len(filled) == 1 and footer is not None:
        findings.excluded["B19"] += 1
        rows = footer.groupdict().get("rows")
        count = _parse_grouped(rows) if rows is not None else None
        if rows is not None and count is None:
            findings.add("B19", "no_number", line=line)
        return [("footer", line, count)] if count is not None else []
    if patterns.is_row(cells):
        return None
    if any(TOTAL.match(cell) for _, cell in filled):
        findings.excluded["B18"] += 1
        # The number may stand in the cell of its label: `Totaal: 4.812`.
        texts = (TOTAL.sub("", cell, count=1).strip(" :=") for _, cell in filled)
        numbers = [number for number in map(_parse_grouped, texts) if number is not None]
        if not numbers:
            findings.add("B18", "no_number", line=line)
        return [("total", line, number) for number in numbers]
    whole = len(filled) > 1 and len(cells) >= patterns.width
    if whole or patterns.begins_row(cells):
        return None
    code, case = ("B32", "stray") if len(filled) == 1 and at > 0 else ("B19", "unknown")
    findings.add(code, case, line=line, row=True)
    return []


def _parse_grouped(text: str) -> int | None:
    return int(re.sub(r"\D", "", text)) if GROUPED.fullmatch(text) else None


def _find_sound_rows(
    grid: Grid, data: Mask, head: int, patterns: RowPatterns, findings: Findings
) -> Mask:
    """The rows of `data` that have as many cells as the header; the others are refused.

    If each row has one cell more than the header, that is one problem (B27). Two short rows that
    together make one were broken by a newline in a field (B28). The last row may be cut off (B09).
    """
    widths, due = grid.widths, patterns.width
    longer, shorter = data & (widths > due), data & (widths < due)
    if longer.any() and bool((widths[data] == due + 1).all()):
        line, rows = grid.lines[head], int(data.sum())
        findings.add("B27", line=line, rows=rows, fields=due + 1, due=due)
        return data & ~longer
    if grid.cut_off and shorter[-1]:
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
        fields = [{"fields": number} for number in widths[faulty][:MOST_PROBLEMS]]
        lines = grid.lines[faulty]
        findings.add_rows(code, case, lines=lines, of_row=fields.__getitem__, due=due)
    sound: Mask = data & (widths == due)
    return sound


def _find_broken(grid: Grid, row: int, data: Mask, patterns: RowPatterns) -> int | None:
    """The first of two rows that a newline made of one, of which `row` is one; else None.

    It and the next have the fields of one row together, and the next doesn't look like a row; or it
    is one field below a whole row, and doesn't look like the beginning of a row.
    """
    widths, due = grid.widths, patterns.width
    begins_row = widths[row] > 1 or patterns.begins_row(grid.cells(row))
    if begins_row:
        has_next = row + 1 < len(data) and data[row + 1]
        fits = has_next and widths[row] + widths[row + 1] == due + 1
        return row if fits and not patterns.is_row(grid.cells(row + 1)) else None
    is_below_row = row > 0 and data[row - 1] and widths[row - 1] == due
    return row - 1 if is_below_row else None


def _refuse_personal_columns(
    grid: Grid, rows: Mask, cells: Sequence[str], file: RowFile, findings: Findings
) -> None:
    """Refuse each column that the layout doesn't know and that holds personal data (B65)."""
    expected, lines = {plain(name) for name in file.expected()}, grid.lines[rows]
    for at, cell in enumerate(cells):
        if plain(cell) in expected or _is_ignored(cell, file):
            continue
        column = drop_unused(grid.columns[at][rows])
        texts = column.categories.tolist()
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            places.setdefault(find_personal_kind(text), []).append(place)
        if is_free_text(texts):
            places[FREE_TEXT] = list(range(len(texts)))
        for kind in sorted(places.keys() - {""}):
            personal = np.isin(column.codes, places[kind])
            line, number = lines[personal.argmax()], int(personal.sum())
            findings.add("B65", "column", line=line, position=at + 1, kind=kind, rows=number)
