"""One export file, from its path to named columns of text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from helpline_report.exports.decoding import decode
from helpline_report.exports.delimited import open_text
from helpline_report.exports.findings import Findings
from helpline_report.exports.grid import Grid
from helpline_report.exports.rows import Rows, read_rows
from helpline_report.params.row_layouts import RowFile


@dataclass(frozen=True)
class Export:
    """A file of rows as it was read: `file` is how messages name it."""

    file: str
    sha256: str
    rows: Rows
    findings: Findings


def read_bytes(path: Path, findings: Findings) -> bytes | None:
    """The bytes of a file, or None where there is none or it can't be read (B00)."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        folder = path.parent.is_dir()
        what = "there is no such file" if folder else "there is no such folder"
        step = "the folder" if not folder else "the export there"
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


def read_export(path: Path, shown: str, file: RowFile) -> Export:
    """Read a file of rows by its layout; `shown` is its name in messages.

    Nothing is raised for what is wrong with the file: it is in the findings.
    """
    findings = Findings(shown)
    raw = read_bytes(path, findings)
    sha256 = hashlib.sha256(raw or b"").hexdigest()
    grid = _grid(raw, file, findings) if raw is not None else None
    if grid is None:
        return Export(shown, sha256, Rows(None, 0, whole=False), findings)
    return Export(shown, sha256, read_rows(grid, file, findings), findings)


def _grid(raw: bytes, file: RowFile, findings: Findings) -> Grid | None:
    """What a file holds, by its first bytes: the rows of a delimited text."""
    text = decode(raw, file.encodings, findings)
    return open_text(text, file, findings) if text is not None else None
