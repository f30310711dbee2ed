"""Correct the rows of exports as text, by the files of corrections beside them, and check them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from helpline_report.errors import CorrectionsError, ParametersError
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.corrections import (
    Correction,
    CorrectionFault,
    Corrections,
    read_corrections,
)
from helpline_report.exports.export_files import Export, check_cells
from helpline_report.exports.text_tables import CellKind, Mask, TextTable, WorkbookCell
from helpline_report.parameters.edition import Edition, Source, all_reasons
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import PARENTS, ROW, RowFile, RowTable

CORRECTED, LEFT_OUT, HANGS = "corrected", "left_out", "hangs"
LOWEST_FIRST: tuple[RowTable, ...] = ("followups", "persons", "contacts")
MENDED = "if the source was mended, take this line out; else look the record up again"
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
    faults: list[CorrectionFault] = []
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
    usual = Source.model_fields["corrections"].default
    for index, source in enumerate(edition.sources):
        path = project.resolve(source.folder) / source.corrections
        # Misspelt, a name would correct nothing.
        if source.corrections != usual and not path.is_file():
            raise ParametersError(
                f"sources.{index}.corrections: there is no such file",
                where=f"params/{edition.edition}.yaml",
                next_step="put it beside the exports, or take the name out of the parameters",
            )
    for corrections, files in read:
        _apply(corrections, files, faults)
    if faults:
        raise CorrectionsError(sorted(faults))
    corrected = {file.export.file: file for _, files in read for file in files}
    checked = [
        check_cells(
            corrected[item.file].export if item.file in corrected else item, layouts[item.file]
        )
        for item in exports
    ]
    return CorrectedExports(tuple(checked), tuple(each for each, _ in read), corrected)


def _apply(
    corrections: Corrections, files: Sequence[CorrectedFile], faults: list[CorrectionFault]
) -> None:
    """Correct and leave out rows of `files`; what doesn't go with them is a fault.

    Rows that hang on a row that is left out are left out with it. A file that was refused as a
    whole has no rows to correct.
    """

    def report(item: Correction, what: str, next_step: str) -> None:
        faults.append((corrections.label, item.line, what, next_step))

    by_name: dict[str, list[Correction]] = {file.name: [] for file in files}
    for item in corrections.corrections:
        if item.file in by_name:
            by_name[item.file].append(item)
        else:
            step = f"the files of rows are: {', '.join(by_name)}"
            report(item, "there is no such file here", step)
    gone: dict[str, set[str]] = {}
    for file in files:
        table = file.export.rows.table
        if table is not None and by_name[file.name]:
            placed = list(_place_corrections(file, table, by_name[file.name], report))
            _change(file, table, placed, gone)
    # From the highest table down: a row hangs on rows of higher tables only.
    for file in sorted(files, key=lambda file: -max(map(LOWEST_FIRST.index, file.layout.tables))):
        _leave_out_hanging(file, gone)


def _place_corrections(
    file: CorrectedFile,
    table: TextTable,
    corrections: Sequence[Correction],
    report: Callable[[Correction, str, str], None],
) -> Iterator[tuple[Correction, int]]:
    """The corrections that go with a file as it is, each with its row; the others are reported."""
    key, columns = key_column(file.layout), {plain(name): name for name in table.columns}
    by_key = _rows_of(table, key, {item.key for item in corrections if item.key})
    changed: dict[tuple[int, str], int] = {}
    left_out: dict[int, int] = {}
    for item in corrections:
        column = columns.get(plain(item.column), "")
        rows = by_key.get(item.key, [])
        if not item.key:
            rows = np.flatnonzero(table.lines == item.row).tolist()
        if item.key and key is None:
            report(item, f"the rows of {file.name} have no key", BY_LINE)
        elif not rows:
            what = f"no row of {file.name} has this key"
            report(item, what if item.key else f"no row begins on that line of {file.name}", MENDED)
        elif len(rows) > 1:
            report(item, f"{len(rows)} rows of {file.name} have this key", BY_LINE)
        elif item.column and not column:
            step = f"the columns are: {', '.join(table.columns)}"
            report(item, f"{file.name} has no such column", step)
        elif column and table.columns[column].value(rows[0]).strip() != item.stands:
            report(item, f"something else stands in {file.name} now", MENDED)
        else:
            (row,) = rows
            before = left_out.get(row) or changed.get((row, "" if item.leaves_out else column))
            if before:
                report(item, f"corrects what line {before} corrects too", "keep one of the two")
                continue
            changed[row, column] = changed[row, ""] = item.line
            if item.leaves_out:
                left_out[row] = item.line
            yield replace(item, column=column), row


def _rows_of(table: TextTable, name: str | None, keys: set[str]) -> dict[str, list[int]]:
    """The rows of each key that is asked for, of the key column of that name."""
    if not keys or name is None:
        return {}
    column = table.columns[name]
    rows: dict[str, list[int]] = {}
    for row in np.flatnonzero(column.rows_where(partial(_is_one_of, keys))).tolist():
        rows.setdefault(column.value(row).strip(), []).append(row)
    return rows


def _change(
    file: CorrectedFile,
    table: TextTable,
    placed: Sequence[tuple[Correction, int]],
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
                lost, others = (
                    {text.strip() for text in column.take(rows).used()} for rows in (out, ~out)
                )
                gone.setdefault(name, set()).update(lost - others)
        table = table.take(~out)
    file.export = replace(file.export, rows=replace(file.export.rows, table=table))


def _is_one_of(keys: set[str], text: str) -> bool:
    return text.strip() in keys


def _leave_out_hanging(file: CorrectedFile, gone: dict[str, set[str]]) -> None:
    """Leave out rows whose row in the table above is left out."""
    table = file.export.rows.table
    if table is None:
        return
    out = np.zeros(len(table), dtype=np.bool_)
    for name, layout in file.layout.tables.items():
        keys = gone.get(PARENTS.get(name, ""), set())
        if keys and layout.parent is not None and layout.parent != ROW:
            out |= table.columns[layout.parent].rows_where(partial(_is_one_of, keys))
    if out.any():
        _leave_out(file, table, out, HANGS, gone)
