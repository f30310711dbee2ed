"""Correct the rows of exports as text, by the files of corrections beside them, and check them."""

import csv
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

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
from helpline_report.parameters.row_layouts import PARENTS, ROW, RowFile, RowTable
from helpline_report.parameters.yaml import read_resource, refuse_large

COLUMNS = ("file", "key", "column", "stands", "becomes", "reason")
EXCLUDE = "exclude"
# Corrections of a hundred thousand rows; what is larger is no such file.
MOST_BYTES = 10_000_000
CORRECTED, LEFT_OUT, HANGS = "corrected", "left_out", "hangs"
LOWEST_FIRST: tuple[RowTable, ...] = ("followups", "persons", "contacts")
AT_LINE = re.compile(r"line (\d{1,9})", re.ASCII | re.IGNORECASE)
MESSAGES: Mapping[str, Sequence[str]] = read_resource(__package__, "corrections.yaml").data
# Adds a fault of a line: called with the line, the name of a message, and what fills it in.
ReportFault = Callable[..., None]


def find_key_column(layout: RowFile) -> str | None:
    """The column that tells the rows of a file apart; None where they have no key."""
    keys = [layout.tables[name].key for name in LOWEST_FIRST if name in layout.tables]
    return next((key for key in keys if key != ROW), None)


def list_corrections_files(project: Project, edition: Edition) -> dict[Path, str]:
    """Where corrections may lie, and how messages name each."""
    return {
        project.resolve(source.folder) / CORRECTIONS: source.label(CORRECTIONS)
        for source in edition.sources
    }


@dataclass(frozen=True)
class Correction:
    """One correction, on `line` of its own file.

    The row is found by `key`, or by `row`, its physical line (0 where a key is given). `becomes` is
    the new text of the cell, or `exclude`: then the row is left out.
    """

    line: int
    file: str
    key: str
    row: int
    column: str
    stands: str
    becomes: str
    reason: str

    @property
    def leaves_out(self) -> bool:
        """Whether the whole row is left out."""
        return self.becomes == EXCLUDE


@dataclass(frozen=True)
class Corrections:
    """A file of corrections as it was read: `label` is how messages name it."""

    label: str
    sha256: str
    corrections: tuple[Correction, ...]


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
        report = partial(_add_fault, faults, label)
        corrections = _read_corrections(path, label, codes, report)
        if corrections is not None:
            applied.append(corrections)
            files = {file.removeprefix(folder): corrected[file] for file in beside}
            _apply_corrections(corrections, files, report)
            corrected |= {export.file: export for export in files.values()}
    if faults:
        raise CorrectionsError(sorted(faults))
    checked = [check_cells(export) for export in corrected.values()]
    return checked, tuple(applied)


def _add_fault(
    faults: list[tuple[str, int, str, str]], label: str, line: int, case: str, **values: object
) -> None:
    what, step = (text.format_map(values) for text in MESSAGES[case])
    faults.append((label, line, what, step))


def _read_corrections(
    path: Path, label: str, codes: Mapping[str, str], report: ReportFault
) -> Corrections | None:
    """Read a file of corrections; None where there is none. `codes` are those of the reasons."""
    try:
        refuse_large(path, label, MOST_BYTES)
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unread(error, label) from None
    corrections = []
    for line, cells in _read_lines(raw, report):
        correction = _read_line(line, cells, codes, report)
        if correction is not None:
            corrections.append(correction)
    return Corrections(label, hashlib.sha256(raw).hexdigest(), tuple(corrections))


def _read_lines(raw: bytes, report: ReportFault) -> Iterator[tuple[int, dict[str, str]]]:
    """The cells of each line that isn't blank, by the name of their column."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report(raw.count(b"\n", 0, error.start) + 1, "no_utf8")
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
                wrong = list(_find_wrong_columns(head))
                if wrong:
                    columns = ", ".join(COLUMNS)
                    report(line, "other_columns", wrong="; ".join(wrong), columns=columns)
                    return
            elif any(cells) and len(cells) == len(head):
                yield line, dict(zip(head, cells, strict=True))
            elif any(cells):
                report(line, "fields", fields=len(cells), due=len(head))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            report(line, "long_field")
        else:
            report(line, "open_quote")
        return
    if not head:
        report(1, "empty", columns=", ".join(COLUMNS))


def _find_wrong_columns(head: Sequence[str]) -> Iterator[str]:
    """What is wrong with a header. Its cells aren't named: without a header they are a row's."""
    for name in COLUMNS:
        if head.count(name) != 1:
            yield f"'{name}' {'stands twice' if name in head else 'is missing'}"
    for position, name in enumerate(head, start=1):
        if name not in COLUMNS:
            yield f"column {position} is none of them"


def _read_line(
    line: int, cell: Mapping[str, str], codes: Mapping[str, str], report: ReportFault
) -> Correction | None:
    if not cell["becomes"] and not cell["reason"]:
        report(line, "not_filled")
        return None
    row = AT_LINE.fullmatch(cell["key"])
    reason = codes.get(plain(cell["reason"]), "")
    leaves_out, column = cell["becomes"].casefold() == EXCLUDE, cell["column"]
    is_case = {
        "no_row": not cell["key"],
        "no_reason": not cell["reason"],
        "other_reason": bool(cell["reason"]) and not reason,
        "no_column": not leaves_out and not column,
        "bare_line": leaves_out and row is not None and not column,
        "no_change": bool(column) and cell["stands"] == cell["becomes"],
    }
    cases = [case for case, is_so in is_case.items() if is_so]
    for case in cases:
        report(line, case, reasons=", ".join(dict.fromkeys(codes.values())), exclude=EXCLUDE)
    if cases:
        return None
    return Correction(
        line=line,
        file=cell["file"],
        key="" if row is not None else cell["key"],
        row=int(row[1]) if row is not None else 0,
        column=column,
        stands=cell["stands"],
        becomes=EXCLUDE if leaves_out else cell["becomes"],
        reason=reason,
    )


# By table: the keys of rows that were left out and that no other row has.
LostKeys = defaultdict[str, set[str]]


def _apply_corrections(
    corrections: Corrections, files: dict[str, Export], report: ReportFault
) -> None:
    """Correct and leave out rows of `files`, in place; corrections that don't fit are reported.

    `files` are the exports by the names that the corrections use.
    """
    by_name: dict[str, list[Correction]] = {name: [] for name in files}
    for item in corrections.corrections:
        if item.file in by_name:
            by_name[item.file].append(item)
        else:
            report(item.line, "no_file", files=", ".join(by_name))
    lost_keys = LostKeys(set)
    for name, export in files.items():
        if export.table is not None and by_name[name]:
            own = by_name[name]
            placed = list(_place_corrections(name, export.table, export.layout, own, report))
            files[name] = _change_rows(export, export.table, placed, lost_keys)
    # Contacts first, follow-ups last: a row hangs on rows of the tables above it.
    tables = {name: list(map(LOWEST_FIRST.index, files[name].layout.tables)) for name in files}
    for name in sorted(files, key=lambda name: max(tables[name]), reverse=True):
        export, table = files[name], files[name].table
        if table is None:
            continue
        hanging = np.zeros(len(table), dtype=np.bool_)
        for table_name, layout in export.layout.tables.items():
            keys = lost_keys[PARENTS.get(table_name, "")]
            if keys and layout.parent is not None and layout.parent != ROW:
                hanging |= _find_rows_with(table, layout.parent, keys)
        files[name] = _leave_out(export, hanging, HANGS, lost_keys)


def _find_rows_with(table: TextTable, column: str, keys: set[str]) -> Mask:
    return find_rows_where(table.columns[column], lambda text: text.strip() in keys)


def _place_corrections(
    name: str,
    table: TextTable,
    layout: RowFile,
    corrections: Sequence[Correction],
    report: ReportFault,
) -> Iterator[tuple[Correction, int]]:
    """The corrections that fit a file as it is, each with its row; others are reported."""
    columns = {plain(column): column for column in table.columns}
    key = find_key_column(layout)
    by_key = _index_rows(table, key, {item.key for item in corrections})
    # The line of the correction that changed a cell, or any cell of a row (''), or left a row out.
    changed: dict[tuple[int, str], int] = {}
    left_out: dict[int, int] = {}
    for item in corrections:
        column = columns.get(plain(item.column), "")
        rows = by_key[item.key] if item.key else np.flatnonzero(table.lines == item.row).tolist()
        row, before = rows[0] if rows else 0, 0
        if item.key and key is None:
            case = "no_keys"
        elif not rows:
            case = "no_such_key" if item.key else "no_such_line"
        elif len(rows) > 1:
            case = "several"
        elif item.column and not column:
            case = "no_such_column"
        elif column and get_value(table.columns[column], row).strip() != item.stands:
            case = "other_text"
        else:
            before = left_out.get(row) or changed.get((row, "" if item.leaves_out else column), 0)
            case = "twice" if before else ""
        if case:
            listed, number = ", ".join(table.columns), len(rows)
            report(item.line, case, file=name, columns=listed, rows=number, before=before)
            continue
        changed[row, column] = changed[row, ""] = item.line
        if item.leaves_out:
            left_out[row] = item.line
        yield replace(item, column=column), row


def _index_rows(table: TextTable, key: str | None, keys: set[str]) -> defaultdict[str, list[int]]:
    """The rows with each of some keys in the column `key`, if rows have keys."""
    by_key = defaultdict[str, list[int]](list)
    if key is not None:
        for row in np.flatnonzero(_find_rows_with(table, key, keys)).tolist():
            by_key[get_value(table.columns[key], row).strip()].append(row)
    return by_key


def _change_rows(
    export: Export, table: TextTable, placed: Sequence[tuple[Correction, int]], lost_keys: LostKeys
) -> Export:
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
    table = replace(table, columns=columns, cells=cells)
    export = replace(export, table=table, mended=mended, reasons=reasons)
    return _leave_out(export, left_out, LEFT_OUT, lost_keys)


def _leave_out(export: Export, out: Mask, code: str, lost_keys: LostKeys) -> Export:
    """Leave rows `out` and count them under a code; note the keys that no row has any more."""
    table = export.table
    if table is None or not out.any():
        return export
    export.findings.excluded[code] += int(out.sum())
    for name, of_table in export.layout.tables.items():
        if of_table.key != ROW:
            column = table.columns[of_table.key]
            keys = {text.strip() for text in column[out].unique()}
            other_keys = {text.strip() for text in column[~out].unique()}
            lost_keys[name].update(keys - other_keys)
    return replace(export, table=table.take(~out))
