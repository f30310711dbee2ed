"""Correct the rows of exports as text, by the files of corrections beside them, and check them."""

import csv
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpline_report.errors import CorrectionsError, unread
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.export_files import Export, check_cells
from helpline_report.exports.text_tables import (
    CellKind,
    Mask,
    TextTable,
    WorkbookCell,
    drop_unused,
    find_rows_where,
    get_value,
    put_values,
)
from helpline_report.parameters.edition import REASONS, Edition
from helpline_report.parameters.layouts import CORRECTIONS
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import PARENTS, ROW, ROW_TABLES, RowFile
from helpline_report.parameters.yaml import read_resource, refuse_large

COLUMNS = ("file", "key", "column", "stands", "becomes", "reason")
EXCLUDE = "exclude"
# Corrections of a hundred thousand rows; what is larger is no such file.
MOST_BYTES = 10_000_000
CORRECTED, LEFT_OUT, HANGS = "corrected", "left_out", "hangs"
AT_LINE = re.compile(r"line (\d{1,9})", re.ASCII | re.IGNORECASE)
MESSAGES: Mapping[str, Sequence[str]] = read_resource(__package__, "corrections.yaml").data


def find_key_column(layout: RowFile) -> str | None:
    """The column that tells the rows of a file apart; None where they have no key."""
    keys = [layout.tables[name].key for name in reversed(ROW_TABLES) if name in layout.tables]
    return next((key for key in keys if key != ROW), None)


def list_corrections_files(project: Project, edition: Edition) -> dict[Path, str]:
    """Where corrections may lie, and how messages name each."""
    return {
        project.resolve(source.folder) / CORRECTIONS: source.label(CORRECTIONS)
        for source in edition.sources
    }


class Correction(NamedTuple):
    """One correction, on `line` of its own file; the others are its cells, `reason` as a code.

    The row is found by its `key` or, where that is `line 12`, by its physical line. `becomes` is
    the new text of the cell, or `exclude`: then the row is left out.
    """

    line: int
    file: str
    key: str
    column: str
    stands: str
    becomes: str
    reason: str

    @property
    def leaves_out(self) -> bool:
        """Whether the whole row is left out."""
        return self.becomes.casefold() == EXCLUDE


@dataclass(frozen=True)
class Corrections:
    """A file of corrections as it was applied: `label` is how messages name it."""

    label: str
    sha256: str
    rows: int


def correct_exports(
    project: Project, edition: Edition, exports: Sequence[Export]
) -> tuple[list[Export], tuple[Corrections, ...]]:
    """Apply the corrections that lie beside the exports, then check what stands in their cells.

    Returned are the exports, and the files of corrections that were applied.

    Raises:
        CorrectionsError: a line that is wrong by itself, or that the exports don't bear out.
        ParametersError: a file of corrections is too large.
        MachineError: one that can't be read.
    """
    faults: list[tuple[str, int, str, str]] = []
    applied: list[Corrections] = []
    # A reason is given in Dutch, in English, or by its code.
    codes = {
        plain(text): code
        for code, reason in {**REASONS, **edition.correction_reasons}.items()
        for text in (reason.in_language("nl"), reason.in_language("en"), code)
    }
    corrected = {export.file: export for export in exports}
    unassigned = set(corrected)
    places = list_corrections_files(project, edition).items()
    # A file belongs to the corrections of the deepest folder that holds both.
    for path, label in sorted(places, key=lambda place: -place[1].count("/")):
        folder = f"{label.rpartition('/')[0]}/"
        beside = [file for file in corrected if file in unassigned and file.startswith(folder)]
        unassigned.difference_update(beside)
        try:
            refuse_large(path, label, MOST_BYTES)
            raw = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise unread(error, label) from None
        corrector = _Corrector({file.removeprefix(folder): corrected[file] for file in beside})
        rows = corrector.correct(list(corrector.read(raw, codes)))
        applied.append(Corrections(label, hashlib.sha256(raw).hexdigest(), rows))
        corrected |= {export.file: export for export in corrector.files.values()}
        faults += [(label, *fault) for fault in corrector.faults]
    if faults:
        raise CorrectionsError(sorted(faults))
    checked = [check_cells(export) for export in corrected.values()]
    return checked, tuple(applied)


class _Corrector:
    """Reads a file of corrections, and corrects `files`: exports, by the names that it uses.

    `faults` are its lines that are wrong, each with what is wrong and what to do.
    """

    def __init__(self, files: dict[str, Export]) -> None:
        self.files = files
        self.faults: list[tuple[int, str, str]] = []
        # The keys of rows that were left out and that no other row has, by table.
        self._lost_keys = defaultdict[str, set[str]](set)

    def _report(self, line: int, case: str, **values: object) -> None:
        what, step = (text.format_map(values) for text in MESSAGES[case])
        self.faults.append((line, what, step))

    def read(self, raw: bytes, codes: Mapping[str, str]) -> Iterator[Correction]:
        """The corrections of a file that are whole by themselves; `codes` are of the reasons."""
        listed = ", ".join(dict.fromkeys(codes.values()))
        for item in self._read_lines(raw):
            reason = codes.get(plain(item.reason), "")
            is_case = {
                "no_row": not item.key,
                "no_reason": not item.reason,
                "other_reason": item.reason and not reason,
                "no_column": not item.leaves_out and not item.column,
                "bare_line": item.leaves_out and AT_LINE.fullmatch(item.key) and not item.column,
                "no_change": item.column and item.stands == item.becomes,
            }
            cases = [case for case, is_so in is_case.items() if is_so]
            if not item.becomes and not item.reason:
                cases = ["not_filled"]
            for case in cases:
                self._report(item.line, case, reasons=listed, exclude=EXCLUDE)
            if not cases:
                yield item._replace(reason=reason)

    def _read_lines(self, raw: bytes) -> Iterator[Correction]:
        """The cells of each line that isn't blank, by the name of their column."""
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._report(raw.count(b"\n", 0, error.start) + 1, "no_utf8")
            return
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        head: list[str] = []
        line = 1
        try:
            for row in reader:
                cells = [cell.strip() for cell in row]
                if any(cells) and not head:
                    head = [cell.casefold() for cell in cells]
                    # The cells aren't named: without a header they are a row's.
                    wrong = [
                        f"'{name}' {'stands twice' if name in head else 'is missing'}"
                        for name in COLUMNS
                        if head.count(name) != 1
                    ]
                    for position, name in enumerate(head, start=1):
                        wrong += [] if name in COLUMNS else [f"column {position} is none of them"]
                    if wrong:
                        columns = ", ".join(COLUMNS)
                        self._report(line, "other_columns", wrong="; ".join(wrong), columns=columns)
                        return
                elif any(cells) and len(cells) == len(head):
                    yield Correction(line, **dict(zip(head, cells, strict=True)))
                elif any(cells):
                    self._report(line, "fields", fields=len(cells), due=len(head))
                line = reader.line_num + 1
        except csv.Error as error:
            case = "long_field" if "field limit" in str(error) else "open_quote"
            self._report(line, case)
            return
        if not head:
            self._report(1, "empty", columns=", ".join(COLUMNS))

    def correct(self, corrections: Sequence[Correction]) -> int:
        """Correct and leave out rows of the files; returns how many corrections there are."""
        for item in corrections:
            if item.file not in self.files:
                self._report(item.line, "no_file", files=", ".join(self.files))
        for name, export in self.files.items():
            own = [item for item in corrections if item.file == name]
            if own and export.table is not None:
                placed = list(self._place(own, name, export.table, export.layout))
                self.files[name] = self._change_rows(export, export.table, placed)
        # Persons first: follow-ups hang on them.
        for table_name in ("persons", "followups"):
            keys = self._lost_keys[PARENTS[table_name]]
            for name, export in self.files.items() if keys else ():
                layout, table = export.layout.tables.get(table_name), export.table
                if layout is not None and layout.parent not in (None, ROW) and table is not None:
                    hanging = _find_rows_with(table, str(layout.parent), keys)
                    self.files[name] = self._leave_out(export, table, hanging, HANGS)
        return len(corrections)

    def _place(
        self, corrections: Sequence[Correction], name: str, table: TextTable, layout: RowFile
    ) -> Iterator[tuple[Correction, int]]:
        """The corrections that fit a file as it is, each with its row; others are reported."""
        columns = {plain(column): column for column in table.columns}
        key = find_key_column(layout)
        rows_by_key = _index_rows(corrections, table, key)
        # The line of the correction that changed a cell, or any cell of a row (''), or left it out.
        changed: dict[tuple[int, str], int] = {}
        left_out: dict[int, int] = {}
        for item in corrections:
            column, rows = columns.get(plain(item.column), ""), rows_by_key[item.key]
            row, before = rows[0] if rows else 0, 0
            if not rows and AT_LINE.fullmatch(item.key):
                case = "no_such_line"
            elif not rows:
                case = "no_keys" if key is None else "no_such_key"
            elif len(rows) > 1:
                case = "several"
            elif item.column and not column:
                case = "no_such_column"
            elif column and get_value(table.columns[column], row).strip() != item.stands:
                case = "other_text"
            else:
                cell = row, "" if item.leaves_out else column
                before = left_out.get(row) or changed.get(cell, 0)
                case = "twice" if before else ""
            if case:
                values = {"file": name, "columns": ", ".join(columns.values())}
                self._report(item.line, case, rows=len(rows), before=before, **values)
                continue
            changed[row, column] = changed[row, ""] = item.line
            if item.leaves_out:
                left_out[row] = item.line
            yield item._replace(column=column), row

    def _change_rows(
        self, export: Export, table: TextTable, placed: Sequence[tuple[Correction, int]]
    ) -> Export:
        """The export with the corrections that have a place in its rows."""
        left_out = np.zeros(len(table), dtype=np.bool_)
        left_out[[row for item, row in placed if item.leaves_out]] = True
        changes = defaultdict[str, dict[int, str]](dict)
        for item, row in placed:
            if not item.leaves_out:
                changes[item.column][row] = item.becomes
        lines = table.lines[sorted({row for texts in changes.values() for row in texts})]
        columns, cells = dict(table.columns), dict(table.cells)
        for name, texts in changes.items():
            columns[name] = drop_unused(put_values(columns[name], texts))
            if name in cells:
                # A corrected text is read as text, whatever kind of cell the workbook had there.
                new_cells = {row: WorkbookCell(text, CellKind.EMPTY) for row, text in texts.items()}
                cells[name] = put_values(cells[name], new_cells)
        mended = {**export.mended, CORRECTED: lines} if lines.size else export.mended
        reasons = Counter(item.reason for item, _ in placed)
        export = replace(export, mended=mended, reasons=reasons)
        table = replace(table, columns=columns, cells=cells)
        return self._leave_out(export, table, left_out, LEFT_OUT)

    def _leave_out(self, export: Export, table: TextTable, out: Mask, code: str) -> Export:
        """The export with the rows of a table but those `out`, which are counted under a code."""
        if out.any():
            export.findings.excluded[code] += int(out.sum())
            for name, layout in export.layout.tables.items():
                if layout.key != ROW:
                    column = table.columns[layout.key]
                    lost, other = (
                        set(map(str.strip, column[rows].unique())) for rows in (out, ~out)
                    )
                    self._lost_keys[name] |= lost - other
            table = table.take(~out)
        return replace(export, table=table)


def _index_rows(
    corrections: Sequence[Correction], table: TextTable, key: str | None
) -> defaultdict[str, list[int]]:
    """The rows of each key and line that corrections name; `key` is the column of keys, if any."""
    rows_by_key = defaultdict[str, list[int]](list)
    names = {item.key for item in corrections}
    if key is not None:
        for row in np.flatnonzero(_find_rows_with(table, key, names)).tolist():
            rows_by_key[get_value(table.columns[key], row).strip()].append(row)
    for name, match in ((name, AT_LINE.fullmatch(name)) for name in names):
        if match is not None:
            rows_by_key[name] = np.flatnonzero(table.lines == int(match[1])).tolist()
    return rows_by_key


def _find_rows_with(table: TextTable, column: str, keys: set[str]) -> Mask:
    return find_rows_where(table.columns[column], lambda text: text.strip() in keys)
