"""Read one export file, from its path to named columns of text."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpline_report.exports.decoding import decode, is_named_workbook
from helpline_report.exports.delimited_text import open_text
from helpline_report.exports.faults import Findings
from helpline_report.exports.rows import NONE, Rows, read_rows
from helpline_report.exports.workbooks import read_workbook
from helpline_report.parameters.row_layouts import RowFile

# Five million contacts are 400 MB. What is larger is no year of a helpline, and would fill the
# memory: its text and the places of its rows take some five times as much.
LARGEST = 2 * 2**30


@dataclass(frozen=True)
class Export:
    """A file of rows as it was read: `file` is how messages name it."""

    file: str
    sha256: str
    rows: Rows
    findings: Findings


def read_bytes(path: Path, findings: Findings) -> bytes | None:
    """The bytes of a file, or None where there is none, it can't be read, or it is too large.

    Refuses B00 and B11. A file is looked at before it is opened: a pipe would never end.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode) or _is_readable(status, findings):
            return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        findings.add("B00", "missing" if path.parent.is_dir() else "no_folder")
    except OSError as error:
        findings.add("B00", "unreadable", reason=error.strerror)
    return None


def _is_readable(status: os.stat_result, findings: Findings) -> bool:
    if not stat.S_ISREG(status.st_mode):
        findings.add("B00", "no_file")
        return False
    if status.st_size > LARGEST:
        findings.add("B11", "file", bytes=status.st_size, most=LARGEST)
        return False
    return True


def read_export(path: Path, shown: str, file: RowFile) -> Export:
    """Read a file of rows by its layout; `shown` is its name in messages.

    Its rows are told apart and named; what stands in their cells is looked at by `check_cells`,
    once corrections are made. Nothing is raised for what is wrong with the file: it is in the
    findings.
    """
    findings = Findings(shown)
    raw = read_bytes(path, findings)
    sha256 = hashlib.sha256(raw or b"").hexdigest()
    if raw is None:
        return Export(shown, sha256, NONE, findings)
    if is_named_workbook(path.name):
        return Export(shown, sha256, read_workbook(raw, path.name, file, findings), findings)
    text = decode(raw, file.encodings, findings)
    grid = open_text(text, file, findings) if text is not None else None
    if grid is None:
        return Export(shown, sha256, NONE, findings)
    rows = read_rows(grid, file, findings)
    for code, lines in grid.repaired.items():
        # A header or a title that was repaired is no row.
        others = lines.size if rows.table is None else (~np.isin(lines, rows.table.lines)).sum()
        if others:
            findings.noted[code] += int(others)
    return Export(shown, sha256, replace(rows, mended=grid.repaired), findings)
