"""One export file, from its path to named columns of text."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpline_report.exports.decoding import decode
from helpline_report.exports.delimited_text import DelimitedText, open_text
from helpline_report.exports.file_types import is_named_workbook
from helpline_report.exports.findings import Findings
from helpline_report.exports.rows import NONE, Rows, read_rows
from helpline_report.exports.text_tables import Grid, Lines
from helpline_report.exports.workbooks import read_workbook
from helpline_report.parameters.row_layouts import RowFile

# Five million contacts are 400 MB. What is larger is no year of a helpline, and would fill the
# memory: its text and the places of its rows take some five times as much.
LARGEST = 2 * 2**30
PUT = "put the export there, or name it in the parameters under 'sources'"


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
        found = path.stat()
        if stat.S_ISDIR(found.st_mode) or _is_readable(found, findings):
            return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        folder = path.parent.is_dir()
        what = "there is no such file" if folder else "there is no such folder"
        step = "the folder there" if not folder else "the export there"
        findings.refuse(
            "B00", what, next_step=f"put {step}, or name it in the parameters under 'sources'"
        )
    except OSError as error:
        findings.refuse(
            "B00",
            f"the file can't be read ({error.strerror})",
            next_step="give the account that runs this the right to read it",
        )
    return None


def _is_readable(found: os.stat_result, findings: Findings) -> bool:
    if not stat.S_ISREG(found.st_mode):
        findings.refuse("B00", "there is something here that is no file", next_step=PUT)
        return False
    if found.st_size > LARGEST:
        findings.refuse(
            "B11",
            f"the file has {found.st_size:,} bytes",
            expected=f"{LARGEST:,} at most",
            next_step="export the period in parts, or look whether this is the export",
        )
        return False
    return True


def read_export(path: Path, shown: str, file: RowFile) -> Export:
    """Read a file of rows by its layout; `shown` is its name in messages.

    Nothing is raised for what is wrong with the file: it is in the findings.
    """
    findings = Findings(shown)
    raw = read_bytes(path, findings)
    sha256 = hashlib.sha256(raw or b"").hexdigest()
    if raw is not None and is_named_workbook(path.name):
        return Export(shown, sha256, read_workbook(raw, path.name, file, findings), findings)
    grid = _grid(raw, file, findings) if raw is not None else None
    if grid is None:
        return Export(shown, sha256, NONE, findings)
    rows = read_rows(grid, file, findings)
    return Export(shown, sha256, replace(rows, mended=_mended(grid, rows, findings)), findings)


def _mended(grid: Grid, rows: Rows, findings: Findings) -> Mapping[str, Lines]:
    """Rows of a text that were mended; a header or title that was mended is noted."""
    mended = grid.repaired if isinstance(grid, DelimitedText) else {}
    for code, lines in mended.items():
        no_rows = lines.size if rows.table is None else (~np.isin(lines, rows.table.lines)).sum()
        if no_rows:
            findings.noted[code] += int(no_rows)
    return mended


def _grid(raw: bytes, file: RowFile, findings: Findings) -> Grid | None:
    """What a file holds, by its first bytes: the rows of a delimited text."""
    text = decode(raw, file.encodings, findings)
    return open_text(text, file, findings) if text is not None else None
