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
    return _RowReader(grid, file, findings).read()


class CellPattern(NamedTuple):
    """What some cells have in common: their kinds of characters and their least length.

    `every` are the kinds that all cells have, `any` those that at least one has. For the keys
    `C-1` and `C-23x`, `every` is capitals, digits and hyphens, and `any` small letters as well.
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


def _are_groups(cells: Sequence[str]) -> bool:
    """Whether cells name groups of columns: with gaps between them, or a name twice in a row."""
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(filled) < 2:  # noqa: PLR2004 - one group is a title
        return False
    has_gaps = filled[-1] - filled[0] >= len(filled)
    has_doubles = any(one and plain(one) == plain(other) for one, other in pairwise(cells))
    return has_gaps or has_doubles


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
    for position, (cell, name) in enumerate(zip(cells, named, strict=True), start=1):
        if name is None:
            yield "B23", "", {"position": position, "shape": shape(cell), "header": cell}


def _parse_grouped(text: str) -> int | None:
    return int(re.sub(r"\D", "", text)) if GROUPED.fullmatch(text) else None


# `total` or `footer`, its line, and the number of rows that it gives.
StatedNumber = tuple[str, int, int]


class _RowReader:
    """Reads the rows of a grid: finds its header, and tells rows from what isn't one.

    Cells that identify a row are its keys or, in a file without keys, its dates. A row fits the
    pattern of such a cell.
    """

    def __init__(self, grid: Grid, file: RowFile, findings: Findings) -> None:
        self._grid, self._file, self._findings = grid, file, findings
        self._head = find_header_row(grid, file)
        self._line = int(grid.lines[self._head])
        self._names = grid.cells(self._head)
        self._patterns = self._find_patterns()

    def read(self) -> Rows:
        """Read the rows between the header and what stands under them."""
        grid, findings, head, line = self._grid, self._findings, self._head, self._line
        read = len(grid.lines) - head - 1
        self._check_above()
        footers, claims = self._take_footers()
        data = ~grid.blank & ~footers
        data[: head + 1] = False
        positions = self._match_header(data)
        if not data.any():
            raise FaultError("B07", "no_rows", line=line)
        blank = int(grid.blank[head + 1 :].sum())
        findings.excluded.update({"B32": blank} if blank else {})
        sound = self._find_sound_rows(data)
        if not sound.any():
            return Rows(read=read)
        if positions is None:
            self._refuse_personal_columns(sound)
            return Rows(read=read)
        columns = {name: drop_unused(grid.columns[at][sound]) for name, at in positions.items()}
        table = TextTable(columns, grid.lines[sound].astype(np.int32))
        plain_names = list(map(plain, columns))
        repeats = find_rows_where_all(
            list(columns.values()), lambda at, text: plain(text) == plain_names[at], len(table)
        )
        number = int(repeats.sum())
        self._check_claims(claims, int(data.sum()) - number)
        if number:
            findings.excluded["B17"] += number
            table = table.take(~repeats)
        if not len(table):
            findings.add("B07", "no_rows", line=line)
            return Rows(read=read)
        return Rows(table, read, whole=bool((sound == data).all()))

    def _find_patterns(self) -> dict[int, CellPattern]:
        """The pattern of the cells that identify rows, by their position (0-based).

        They are made from the first half of the rows at most: the last ones may be a footer.
        """
        tables = self._file.tables.values()
        keys = {plain(key) for table in tables for key in table.key_columns()}
        columns = [item for table in tables for item in table.columns.items()]
        identifying = keys or {plain(name) for name, column in columns if column.kind == "date"}
        below = np.flatnonzero(~self._grid.blank)
        below = below[below > self._head]
        whole = below[self._grid.widths[below] == len(self._names)]
        below = whole if whole.size else below[:1]
        examples = below[: min(MOST_EXAMPLES, (len(below) + 1) // 2)].tolist()
        rows = list(map(self._grid.cells, examples))
        patterns = {}
        for at, name in enumerate(self._names):
            filled = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
            if plain(name) in identifying and filled:
                kinds = list(map(_list_kinds, filled))
                every, some = frozenset.intersection(*kinds), frozenset.union(*kinds)
                patterns[at] = CellPattern(every, some, min(map(len, filled)))
        return patterns

    def _is_row(self, cells: Sequence[str]) -> bool:
        """Whether cells look like a row, or a part of one: one fits the pattern of its column."""
        return any(at < len(cells) and each.fits(cells[at]) for at, each in self._patterns.items())

    def _begins_row(self, cells: Sequence[str]) -> bool:
        """Whether there is one cell alone, which looks like the beginning of a row."""
        first = self._patterns.get(0)
        return len(cells) == 1 and first is not None and _list_kinds(cells[0]) <= first.any

    def _is_ignored(self, cell: str) -> bool:
        return any(fnmatchcase(plain(cell), plain(pattern)) for pattern in self._file.ignored)

    def _check_above(self) -> None:
        """Refuse anything but titles above the header (B15), and a header of two rows (B16)."""
        grid = self._grid
        above = np.flatnonzero(~grid.blank[: self._head])
        if self._line > WITHIN and above.size:
            raise FaultError("B15", "below", line=self._line, rows=above.size, most=WITHIN)
        split = self._find_two_row_header()
        if split is not None:
            raise FaultError("B16", "two_rows", line=grid.lines[split])
        for row in above.tolist():
            # A title has few cells, or one alone, and none like those of a row.
            cells = grid.cells(row)
            filled = sum(bool(cell.strip()) for cell in cells)
            if self._is_row(cells) or (filled > 1 and filled * 2 >= len(self._names)):
                raise FaultError("B15", "row", line=grid.lines[row])
        if above.size:
            self._findings.noted["B15"] += int(above.size)

    def _find_two_row_header(self) -> int | None:
        """The first of two rows of a header: groups above names, or names in both; else None."""
        grid, head, file = self._grid, self._head, self._file
        above = grid.cells(head - 1) if head else []
        below = grid.cells(head + 1) if head + 1 < len(grid.lines) else []
        if _are_groups(above):
            return head - 1
        named, named_above = (find_expected_names(cells, file) for cells in (self._names, above))
        others = (named_above | find_expected_names(below, file)) - named
        if others and 0 < len(named) < len({plain(name) for name in file.expected()}):
            return head - 1 if named_above else head
        return None

    def _match_header(self, data: Mask) -> dict[str, int] | None:
        """The position (0-based) of each expected column, in the order of the layout.

        None if the header is refused: B20 (a column twice), B22 (missing), B23 (unknown). A name in
        another case, or with other spaces or accents, is repaired (B21). Columns at the end that
        hold neither a name nor anything are left out. Messages have the shape of a cell: if there
        is no header, the first line is somebody's row.
        """
        cells, rows = self._names, data & (self._grid.widths == len(self._names))
        while rows.any() and len(cells) > 1 and not cells[-1].strip():
            texts = self._grid.columns[len(cells) - 1][rows].unique()
            if any(map(str.strip, texts)):
                break
            cells = cells[:-1]
        expected = self._file.expected()
        known = {plain(name): name for name in (*self._file.ignored, *expected)}
        named = [known.get(plain(cell), cell if self._is_ignored(cell) else None) for cell in cells]
        if not any(named):
            columns, names = len(expected), ", ".join(expected)
            self._findings.add("B22", "no_header", line=self._line, columns=columns, names=names)
            return None
        faults = list(_find_header_faults(cells, named, expected))
        for code, case, values in faults:
            column = values.get("name") or ""
            self._findings.add(code, case, line=self._line, column=column, **values)
        if faults:
            return None
        repaired = sum(name not in (None, cell) for cell, name in zip(cells, named, strict=True))
        if repaired:
            self._findings.noted["B21"] += repaired
        return {name: named.index(name) for name in expected}

    def _take_footers(self) -> tuple[Mask, list[StatedNumber]]:
        """The rows under the data, from the last one upwards, and what they say of those above.

        Total rows (B18) and footers that the layout knows (B19) are left out; any other footer
        (B19), a stray cell (B32) and a total row without a number (B18) are refused.
        """
        grid, width = self._grid, len(self._names)
        footers: Mask = np.zeros(len(grid.lines), dtype=np.bool_)
        claims: list[StatedNumber] = []
        filled = np.flatnonzero(~grid.blank)
        for row in filled[filled > self._head][: -MOST_FOOTERS - 1 : -1].tolist():
            # A newline may have broken one row into the row above and this one.
            above, here = int(grid.widths[row - 1]), int(grid.widths[row])
            if 1 < above < width and above + here == width + 1:
                break
            of_row = self._read_footer(grid.cells(row), int(grid.lines[row]))
            if of_row is None:
                break
            footers[row] = True
            claims += of_row
        return footers, claims

    def _read_footer(self, cells: Sequence[str], line: int) -> list[StatedNumber] | None:
        """The numbers of rows that a footer gives, perhaps none; None if the row is no footer."""
        findings = self._findings
        filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell.strip()]
        if not filled:
            return None
        at, text = filled[0]
        matches = (re.fullmatch(pattern, text) for pattern in self._file.footer)
        footer = next((match for match in matches if match is not None), None)
        if len(filled) == 1 and footer is not None:
            findings.excluded["B19"] += 1
            rows = footer.groupdict().get("rows")
            count = _parse_grouped(rows) if rows is not None else None
            if rows is not None and count is None:
                findings.add("B19", "no_number", line=line)
            return [("footer", line, count)] if count is not None else []
        if self._is_row(cells):
            return None
        if any(TOTAL.match(cell) for _, cell in filled):
            findings.excluded["B18"] += 1
            # The number may stand in the cell of its label: `Totaal: 4.812`.
            texts = (TOTAL.sub("", cell, count=1).strip(" :=") for _, cell in filled)
            numbers = [number for number in map(_parse_grouped, texts) if number is not None]
            if not numbers:
                findings.add("B18", "no_number", line=line)
            return [("total", line, number) for number in numbers]
        whole = len(filled) > 1 and len(cells) >= len(self._names)
        if whole or self._begins_row(cells):
            return None
        code, case = ("B32", "stray") if len(filled) == 1 and at > 0 else ("B19", "unknown")
        findings.add(code, case, line=line, row=True)
        return []

    def _check_claims(self, claims: Sequence[StatedNumber], number: int) -> None:
        """Refuse total rows (B18) and footers (B10, B70) that give another number of rows."""
        for kind, line, claimed in claims:
            if claimed != number and kind == "total":
                self._findings.add("B18", "wrong", line=line, rows=number)
            elif claimed != number:
                code = "B10" if number < claimed else "B70"
                self._findings.add(code, "footer", line=line, count=claimed, rows=number)

    def _find_sound_rows(self, data: Mask) -> Mask:
        """The rows of `data` that have as many cells as the header; the others are refused.

        If each row has one cell more than the header, that is one problem (B27). Two short rows
        that together make one were broken by a newline in a field (B28). The last row may be cut
        off (B09).
        """
        grid, findings, due = self._grid, self._findings, len(self._names)
        widths, lines = grid.widths, grid.lines
        longer, shorter = data & (widths > due), data & (widths < due)
        if longer.any() and bool((widths[data] == due + 1).all()):
            rows = int(data.sum())
            findings.add("B27", line=self._line, rows=rows, fields=due + 1, due=due)
            return data & ~longer
        if grid.cut_off and shorter[-1]:
            findings.add("B09", "row", line=lines[-1], row=True, fields=widths[-1], due=due)
            shorter[-1] = False
        for row in np.flatnonzero(shorter)[:SHORT_ROWS]:
            first = self._find_broken(int(row), data) if shorter[row] else None
            if first is not None:
                next_line = int(lines[first + 1])
                findings.add("B28", line=lines[first], row=True, next_line=next_line)
                findings.faulty["B28"].append(next_line)
                shorter[[first, first + 1]] = False
        for code, case, faulty in (("B25", "row", longer), ("B26", "", shorter)):
            fields = [{"fields": number} for number in widths[faulty][:MOST_PROBLEMS]]
            of_row = fields.__getitem__
            findings.add_rows(code, case, lines=lines[faulty], of_row=of_row, due=due)
        sound: Mask = data & (widths == due)
        return sound

    def _find_broken(self, row: int, data: Mask) -> int | None:
        """The first of two rows that a newline made of one, of which `row` is one; else None.

        It and the next have the fields of one row together, and the next doesn't look like a row;
        or it is one field below a whole row, and doesn't look like the beginning of a row.
        """
        grid, widths, due = self._grid, self._grid.widths, len(self._names)
        if widths[row] > 1 or self._begins_row(grid.cells(row)):
            has_next = row + 1 < len(data) and data[row + 1]
            fits = has_next and widths[row] + widths[row + 1] == due + 1
            return row if fits and not self._is_row(grid.cells(row + 1)) else None
        is_below_row = row > 0 and data[row - 1] and widths[row - 1] == due
        return row - 1 if is_below_row else None

    def _refuse_personal_columns(self, rows: Mask) -> None:
        """Refuse each column that the layout doesn't know and that holds personal data (B65)."""
        expected = {plain(name) for name in self._file.expected()}
        lines = self._grid.lines[rows]
        for at, cell in enumerate(self._names):
            if plain(cell) in expected or self._is_ignored(cell):
                continue
            column = drop_unused(self._grid.columns[at][rows])
            texts = column.categories.tolist()
            places: dict[str, list[int]] = {}
            for place, text in enumerate(texts):
                places.setdefault(find_personal_kind(text), []).append(place)
            if is_free_text(texts):
                places[FREE_TEXT] = list(range(len(texts)))
            for kind in sorted(places.keys() - {""}):
                personal = np.isin(column.codes, places[kind])
                line, number = lines[personal.argmax()], int(personal.sum())
                values: dict[str, Any] = {"position": at + 1, "kind": kind, "rows": number}
                self._findings.add("B65", "column", line=line, **values)
