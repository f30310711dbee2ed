"""Correct the rows of exports as text, by the files of corrections beside them, and check them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from helpline_report.errors import ParametersError
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.corrections import (
    Correction,
    CorrectionFaults,
    Corrections,
    read_corrections,
)
from helpline_report.exports.export_files import Export, check_cells
from helpline_report.exports.text_tables import CellKind, Mask, TextColumn, TextTable, WorkbookCell
from helpline_report.parameters.edition import Edition, Source, all_reasons
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import ROW, RowFile, RowTable

CORRECTED, LEFT_OUT, HANGS = "corrected", "left_out", "hangs"
LOWEST_FIRST: tuple[RowTable, ...] = ("followups", "persons", "contacts")
ABOVE = {"persons": "contacts", "followups": "persons"}
TAKE_OUT = "if the source was mended, take this line out; else look the record up again"
BY_LINE = "address the row by its line: 'key' is then such as: line 123"


def key_column(layout: RowFile) -> str | None:
    """The column that tells the rows of a file apart; None where they have no key."""
    keys = [layout.tables[name].key for name in LOWEST_FIRST if name in layout.tables]
    return next((key for key in keys if key != ROW), None)


@dataclass
class CorrectedFile:
    """A file of rows in the making, by the name that its corrections give it.

    `corrected` are its corrected rows, `reasons` counts why.
    """

    name: str
    layout: RowFile
    export: Export
    corrected: Mask | None = None
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def depth(self) -> int:
        """How high its highest table stands; a row hangs on rows of higher tables only."""
        return -max(LOWEST_FIRST.index(name) for name in self.layout.tables)


@dataclass(frozen=True)
class CorrectedExports:
    """Exports with their rows corrected and checked, and the files that said how."""

    exports: tuple[Export, ...]
    corrections: tuple[Corrections, ...]
    files: Mapping[str, CorrectedFile]

    def corrected_rows(self, export: Export) -> Mask | None:
        """Which of the rows of an export had a cell corrected; None where none had."""
        file, table = self.files.get(export.file), export.rows.table
        before = file.export.rows.table if file is not None else None
        if file is None or file.corrected is None or table is None or before is None:
            return None
        rows = np.isin(table.lines, before.lines[file.corrected])
        return rows if rows.any() else None

    def reasons(self, file: str) -> Mapping[str, int]:
        """How many corrections of a file were made for each reason."""
        corrected = self.files.get(file)
        return dict(sorted(corrected.reasons.items())) if corrected is not None else {}


def corrections_files(project: Project, edition: Edition) -> dict[Path, str]:
    """Where corrections may lie, and how messages name each."""
    return {
        project.resolve(source.folder) / source.corrections: (
            f"{source.folder.rstrip('/')}/{source.corrections}"
        )
        for source in edition.sources
    }


def correct_exports(
    project: Project, edition: Edition, layouts: Mapping[str, RowFile], exports: Sequence[Export]
) -> CorrectedExports:
    """Apply the corrections that lie beside the exports, then check what stands in their cells.

    `layouts` are those of the exports, by the name that messages give each file.

    Raises:
        CorrectionsError: a line that is wrong by itself, or that the exports don't bear out.
        ParametersError: a file of corrections that the parameters name isn't there.
        MachineError: one that can't be read.
    """
    faults = CorrectionFaults()
    reasons = all_reasons(edition.correction_reasons)
    read: list[tuple[Corrections, list[CorrectedFile]]] = []
    others = {export.file: export for export in exports}
    # A file lies beside the corrections of the deepest folder that it lies in.
    places = corrections_files(project, edition).items()
    for path, label in sorted(places, key=lambda place: -place[1].count("/")):
        folder = f"{label.rpartition('/')[0]}/"
        beside = [others.pop(file) for file in list(others) if file.startswith(folder)]
        corrections = read_corrections(path, label, reasons, faults)
        if corrections is not None:
            files = [
                CorrectedFile(export.file.removeprefix(folder), layouts[export.file], export)
                for export in beside
            ]
            read.append((corrections, files))
    _refuse_absent(project, edition)
    for corrections, files in read:
        _apply(corrections, files, faults)
    faults.stop()
    corrected = {file.export.file: file for _, files in read for file in files}
    checked = [
        check_cells(
            corrected[item.file].export if item.file in corrected else item, layouts[item.file]
        )
        for item in exports
    ]
    return CorrectedExports(tuple(checked), tuple(each for each, _ in read), corrected)


def _refuse_absent(project: Project, edition: Edition) -> None:
    """A name that the parameters give leads somewhere: misspelt, it would correct nothing."""
    usual = Source.model_fields["corrections"].default
    for index, source in enumerate(edition.sources):
        path = project.resolve(source.folder) / source.corrections
        if source.corrections != usual and not path.is_file():
            raise ParametersError(
                f"sources.{index}.corrections: there is no such file",
                where=f"params/{edition.edition}.yaml",
                next_step="put it beside the exports, or take the name out of the parameters",
            )


def _apply(
    corrections: Corrections, files: Sequence[CorrectedFile], faults: CorrectionFaults
) -> None:
    """Correct and leave out rows of `files`; what doesn't go with them is a fault.

    Rows that hang on a row that is left out are left out with it. A file that was refused as a
    whole has no rows to correct.
    """
    by_name: dict[str, list[Correction]] = {file.name: [] for file in files}
    for item in corrections.corrections:
        if item.file in by_name:
            by_name[item.file].append(item)
        else:
            step = f"the files of rows are: {', '.join(by_name)}"
            faults.add(corrections.label, item.line, "there is no such file here", next_step=step)
    gone: dict[str, set[str]] = {}
    for file in files:
        table = file.export.rows.table
        if table is not None and by_name[file.name]:
            finder = _RowFinder(file, table, corrections.label, faults)
            _change(file, table, list(finder.find_all(by_name[file.name])), gone)
    for file in sorted(files, key=lambda file: file.depth):
        _leave_out_hanging(file, gone)


# A correction, and the place of its row in the text table.
PlacedCorrection = tuple[Correction, int]


class _RowFinder:
    """Finds the row of each correction of one file, and holds it against what is expected."""

    def __init__(
        self, file: CorrectedFile, table: TextTable, label: str, faults: CorrectionFaults
    ) -> None:
        self._name = file.name
        self._key = key_column(file.layout)
        self._table = table
        self._shown = label
        self._faults = faults
        self._columns = {plain(name): name for name in table.columns}

    def find_all(self, corrections: Sequence[Correction]) -> Iterator[PlacedCorrection]:
        """The corrections that go with the file as it is, each with its row and column name."""
        by_key = self._rows_of({item.key for item in corrections if item.key})
        by_line = {int(line): row for row, line in enumerate(self._table.lines)}
        changed: dict[tuple[int, str], int] = {}
        left_out: dict[int, int] = {}
        for item in corrections:
            column = self._columns.get(plain(item.column), "")
            row = self._row_of(item, by_key) if item.key else by_line.get(item.row)
            if row is None and not item.key:
                self._fault(item, f"no row begins on that line of {self._name}", TAKE_OUT)
            if row is None or not self._fits(item, column, row):
                continue
            before = left_out.get(row) or changed.get((row, "" if item.leaves_out else column))
            if before:
                what = f"corrects what line {before} corrects too"
                self._fault(item, what, "keep one of the two")
                continue
            changed[row, column] = changed[row, ""] = item.line
            if item.leaves_out:
                left_out[row] = item.line
            yield replace(item, column=column), row

    def _rows_of(self, keys: set[str]) -> dict[str, list[int]]:
        """The rows of each key that is asked for."""
        if not keys or self._key is None:
            return {}
        column = self._table.columns[self._key]
        places = {
            at: text.strip() for at, text in enumerate(column.distinct) if text.strip() in keys
        }
        rows: dict[str, list[int]] = {}
        for row in np.flatnonzero(column.holding(list(places))).tolist():
            rows.setdefault(places[int(column.codes[row])], []).append(row)
        return rows

    def _row_of(self, item: Correction, rows_by_key: Mapping[str, Sequence[int]]) -> int | None:
        rows = rows_by_key.get(item.key, [])
        if self._key is None:
            self._fault(item, f"the rows of {self._name} have no key", BY_LINE)
        elif not rows:
            self._fault(item, f"no row of {self._name} has this key", TAKE_OUT)
        elif len(rows) > 1:
            self._fault(item, f"{len(rows)} rows of {self._name} have this key", BY_LINE)
        else:
            return rows[0]
        return None

    def _fits(self, item: Correction, column: str, row: int) -> bool:
        """Whether the column is there and holds what the correction says that it holds."""
        if item.column and not column:
            step = f"the columns are: {', '.join(self._table.columns)}"
            self._fault(item, f"{self._name} has no such column", step)
        elif column and self._table.columns[column].value(row).strip() != item.stands:
            self._fault(item, f"something else stands in {self._name} now", TAKE_OUT)
        else:
            return True
        return False

    def _fault(self, item: Correction, what: str, next_step: str) -> None:
        self._faults.add(self._shown, item.line, what, next_step=next_step)


def _change(
    file: CorrectedFile,
    table: TextTable,
    placed: Sequence[PlacedCorrection],
    gone: dict[str, set[str]],
) -> None:
    """Put the new texts in place, and leave out the rows that are to be left out."""
    out = np.zeros(len(table), dtype=np.bool_)
    changes: dict[str, dict[int, str]] = {}
    for item, row in placed:
        file.reasons[item.reason] += 1
        if item.leaves_out:
            out[row] = True
        else:
            changes.setdefault(item.column, {})[row] = item.becomes
    file.corrected = np.zeros(len(table), dtype=np.bool_)
    columns, cells = dict(table.columns), dict(table.cells)
    for name, texts in changes.items():
        file.corrected[list(texts)] = True
        columns[name] = columns[name].put(texts).compact()
        if name in cells:
            # Whatever kind of cell stood there, it is none any more.
            cells[name] = cells[name].put(
                {row: WorkbookCell(t, CellKind.EMPTY) for row, t in texts.items()}
            )
    _leave_out(file, replace(table, columns=columns, cells=cells), out, LEFT_OUT, gone)


def _leave_out(
    file: CorrectedFile, table: TextTable, out: Mask, code: str, gone: dict[str, set[str]]
) -> None:
    """Leave rows out and count them; keys that stand on none of the others are gone."""
    if out.any():
        file.export.findings.excluded[code] += int(out.sum())
        file.corrected = file.corrected[~out] if file.corrected is not None else None
        for name, layout in file.layout.tables.items():
            if layout.key != ROW:
                column = table.columns[layout.key]
                lost = _keys(column.take(out)) - _keys(column.take(~out))
                gone.setdefault(name, set()).update(lost)
        table = table.take(~out)
    file.export = replace(file.export, rows=replace(file.export.rows, table=table))


def _keys(column: TextColumn) -> set[str]:
    return {column.distinct[at].strip() for at in np.unique(column.codes)}


def _leave_out_hanging(file: CorrectedFile, gone: dict[str, set[str]]) -> None:
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
            out |= column.holding(places)
    if out.any():
        _leave_out(file, table, out, HANGS, gone)
