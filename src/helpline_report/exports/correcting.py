"""Corrections applied to the rows of exports as text, before anything is typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from helpline_report.exports.corrections import Correction, CorrectionFaults, Corrections
from helpline_report.exports.findings import Findings
from helpline_report.exports.read import Export
from helpline_report.exports.shapes import plain
from helpline_report.exports.text_tables import TextColumn, TextTable
from helpline_report.parameters.row_layouts import ROW, RowFile, RowTable

Mask = npt.NDArray[np.bool_]

LEFT_OUT, HANGS = "left_out", "hangs"
LOWEST_FIRST: tuple[RowTable, ...] = ("followups", "persons", "contacts")
ABOVE = {"persons": "contacts", "followups": "persons"}
MENDED = "if the source was mended, take this line out; else look the record up again"


@dataclass
class Correctable:
    """A file of rows in the making: `mended` are its corrected rows, `reasons` counts why."""

    name: str
    layout: RowFile
    export: Export
    mended: Mask | None = None
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def key(self) -> str | None:
        """The column that tells rows of this file apart; None where they have no key."""
        keys = [self.layout.tables[name].key for name in LOWEST_FIRST if name in self.layout.tables]
        return next((key for key in keys if key != ROW), None)

    @property
    def depth(self) -> int:
        """How high its highest table stands; a row hangs on rows of higher tables only."""
        return -max(LOWEST_FIRST.index(name) for name in self.layout.tables)


@dataclass(frozen=True)
class _Placed:
    """A correction and the place of its row in the text table."""

    told: Correction
    row: int


def apply_corrections(
    corrections: Corrections, files: Sequence[Correctable], faults: CorrectionFaults
) -> None:
    """Mend and leave out rows of `files`; what doesn't go with them is a fault.

    Rows that hang on a row that is left out are left out with it. A file that was refused as a
    whole has no rows to correct.
    """
    by_name = {file.name: file for file in files}
    told: dict[str, list[Correction]] = {}
    for item in corrections.corrections:
        if item.file not in by_name:
            step = f"the files of rows are: {', '.join(by_name)}"
            faults.add(corrections.shown, item.line, "there is no such file here", next_step=step)
        else:
            told.setdefault(item.file, []).append(item)
    gone: dict[str, set[str]] = {}
    for file in files:
        table = file.export.rows.table
        if table is not None and file.name in told:
            place = _Finder(file, table, corrections.shown, faults)
            _change(file, table, list(place.all(told[file.name])), gone)
    for file in sorted(files, key=lambda file: file.depth):
        _leave_out_hanging(file, gone)


class _Finder:
    """Finds the row of each correction of one file, and holds it against what is expected."""

    def __init__(
        self, file: Correctable, table: TextTable, shown: str, faults: CorrectionFaults
    ) -> None:
        self.file = file
        self.table = table
        self.shown = shown
        self.faults = faults
        self.columns = {plain(name): name for name in table.columns}

    def all(self, told: Sequence[Correction]) -> Iterator[_Placed]:
        """The corrections that go with the file as it is, each with its row and column name."""
        by_key = self._rows_of({item.key for item in told if item.key})
        by_line = {int(line): row for row, line in enumerate(self.table.lines)}
        seen: dict[tuple[int, str], int] = {}
        left_out: dict[int, int] = {}
        for item in told:
            column = self.columns.get(plain(item.column), "")
            if item.key:
                row = self._row_of(item, by_key)
            else:
                row = by_line.get(item.row)
                if row is None:
                    self._fault(item, f"no row begins on that line of {self.file.name}", MENDED)
            if row is None or not self._fits(item, column, row):
                continue
            before = left_out.get(row) or seen.get((row, "" if item.leaves_out else column))
            if before:
                what = f"corrects what line {before} corrects too"
                self._fault(item, what, "keep one of the two")
                continue
            seen[row, column] = seen[row, ""] = item.line
            if item.leaves_out:
                left_out[row] = item.line
            yield _Placed(replace(item, column=column), row)

    def _rows_of(self, wanted: set[str]) -> dict[str, list[int]]:
        """The rows of each key that is asked for."""
        if not wanted or self.file.key is None:
            return {}
        column = self.table.columns[self.file.key]
        texts = {at: text.strip() for at, text in enumerate(column.distinct)}
        places = {at: text for at, text in texts.items() if text in wanted}
        found: dict[str, list[int]] = {}
        for row in np.flatnonzero(np.isin(column.codes, list(places))):
            found.setdefault(places[int(column.codes[row])], []).append(int(row))
        return found

    def _row_of(self, item: Correction, rows: Mapping[str, Sequence[int]]) -> int | None:
        if self.file.key is None:
            what = f"the rows of {self.file.name} have no key"
            self._fault(item, what, "address the row by its line: 'key' is then such as: line 123")
            return None
        found = rows.get(item.key, [])
        if len(found) == 1:
            return found[0]
        if found:
            what = f"{len(found)} rows of {self.file.name} have this key"
            self._fault(item, what, "address the row by its line: 'key' is then such as: line 123")
        else:
            self._fault(item, f"no row of {self.file.name} has this key", MENDED)
        return None

    def _fits(self, item: Correction, column: str, row: int) -> bool:
        """Whether the column is there and holds what the correction says that it holds."""
        if item.column and not column:
            step = f"the columns are: {', '.join(self.table.columns)}"
            self._fault(item, f"{self.file.name} has no such column", step)
        elif column and self._text(column, row) != item.stands:
            self._fault(item, f"something else stands in {self.file.name} now", MENDED)
        else:
            return True
        return False

    def _text(self, column: str, row: int) -> str:
        texts = self.table.columns[column]
        text: str = texts.distinct[texts.codes[row]]
        return text.strip()

    def _fault(self, item: Correction, what: str, next_step: str) -> None:
        self.faults.add(self.shown, item.line, what, next_step=next_step)


def _change(
    file: Correctable, table: TextTable, placed: Sequence[_Placed], gone: dict[str, set[str]]
) -> None:
    """Put the new texts in place, and leave out the rows that are to be left out."""
    columns = dict(table.columns)
    mended = np.zeros(len(table), dtype=np.bool_)
    out = np.zeros(len(table), dtype=np.bool_)
    cells = set()
    for item in placed:
        file.reasons[item.told.reason] += 1
        if item.told.leaves_out:
            out[item.row] = True
        else:
            mended[item.row] = True
            cells.add((int(table.lines[item.row]), item.told.column))
    for name in dict.fromkeys(item.told.column for item in placed if not item.told.leaves_out):
        here = {i.row: i.told.becomes for i in placed if i.told.column == name and mended[i.row]}
        columns[name] = _mended(columns[name], here)
    _forget_cells(file.export.findings, cells)
    made = TextTable(columns, table.lines)
    file.mended = mended
    _leave_out(file, made, out, LEFT_OUT, gone)


def _mended(column: TextColumn, becomes: Mapping[int, str]) -> TextColumn:
    """A column with some texts replaced; a text that no row holds any more is forgotten."""
    places = {text: at for at, text in enumerate(column.distinct)}
    codes = column.codes.copy()
    for row, text in becomes.items():
        codes[row] = places.setdefault(text, len(places))
    texts = list(places)
    used, renumbered = np.unique(codes, return_inverse=True)
    return TextColumn([texts[at] for at in used], renumbered.astype(np.int32))


def _forget_cells(findings: Findings, cells: set[tuple[int, str]]) -> None:
    """Forget what was found in cells (line and column) that are mended since."""
    for problem in list(findings.problems):
        if (problem.line, problem.column) in cells:
            findings.problems.remove(problem)
            findings.counted[problem.code] -= 1
            if problem.line in findings.faulty.get(problem.code, ()):
                findings.faulty[problem.code].remove(problem.line)


def _forget_rows(findings: Findings, lines: set[int]) -> None:
    """Forget what was found in rows that are left out."""
    findings.problems[:] = [item for item in findings.problems if item.line not in lines]
    for code, faulty in findings.faulty.items():
        others = [line for line in faulty if line not in lines]
        findings.counted[code] -= len(faulty) - len(others)
        findings.faulty[code] = others


def _leave_out(
    file: Correctable, table: TextTable, out: Mask, code: str, gone: dict[str, set[str]]
) -> None:
    """Leave rows out and count them; keys that stand on none of the others are gone."""
    if out.any():
        file.export.findings.excluded[code] += int(out.sum())
        _forget_rows(file.export.findings, {int(line) for line in table.lines[out]})
        file.mended = file.mended[~out] if file.mended is not None else None
        for name, layout in file.layout.tables.items():
            if layout.key != ROW:
                column = table.columns[layout.key]
                gone.setdefault(name, set()).update(
                    _keys(column.take(out)) - _keys(column.take(~out))
                )
        table = table.take(~out)
    rows = replace(file.export.rows, table=table)
    file.export = replace(file.export, rows=rows)


def _keys(column: TextColumn) -> set[str]:
    return {column.distinct[at].strip() for at in np.unique(column.codes)}


def _leave_out_hanging(file: Correctable, gone: dict[str, set[str]]) -> None:
    """Leave out rows whose row in the table above is left out."""
    table = file.export.rows.table
    if table is None:
        return
    out = np.zeros(len(table), dtype=np.bool_)
    for name, layout in file.layout.tables.items():
        keys = gone.get(ABOVE.get(name, ""), set())
        if keys and layout.parent is not None and layout.parent != ROW:
            column = table.columns[layout.parent]
            places = [at for at, text in enumerate(column.distinct) if text.strip() in keys]
            out |= np.isin(column.codes, places)
    if out.any():
        _leave_out(file, table, out, HANGS, gone)
