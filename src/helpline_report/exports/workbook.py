"""A workbook, XLSX or ODS, becomes sheets of text cells, or it is refused."""

from __future__ import annotations

from helpline_report.exports.cells import Written
from helpline_report.exports.findings import Findings
from helpline_report.exports.ods import read_ods
from helpline_report.exports.package import UnfitError, encrypted, open_package
from helpline_report.exports.sheet import Sheet
from helpline_report.exports.xlsx import read_xlsx

ZIP, OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The names of the streams in an OLE2 file, which says what it is.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
KINDS = {".xlsx": "an XLSX workbook", ".ods": "an ODS workbook"}
RESAVE = "export the rows again as .xlsx, as .ods, or as CSV in UTF-8"


def is_named_workbook(name: str) -> bool:
    """Whether a file's name says that it is a workbook, of a kind that can be read or not."""
    return name.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".xltx", ".xltm"))


def open_sheets(
    raw: bytes, findings: Findings, *, dates: str = "yyyy-mm-dd", decimal: str = "."
) -> list[Sheet] | None:
    """The sheets of a workbook in the order of its tabs, cells as text; None where it is refused.

    Dates are written as `dates` says (times as HH:MM, both with a space between), numbers without
    grouping and with `decimal`, booleans as TRUE and FALSE. Nothing is said of what is hidden,
    merged or filtered: each sheet knows.

    Refused: B08 (no workbook, or encrypted), B09 (damaged), B11 (too large), B12 (macros, links).
    """
    try:
        return _sheets(raw, Written(dates, decimal))
    except UnfitError as error:
        findings.refuse(error.code, error.what, expected=error.expected, next_step=error.next_step)
    return None


def _sheets(raw: bytes, written: Written) -> list[Sheet]:
    if raw.startswith(OLE2):
        if ENCRYPTED in raw:
            raise encrypted()
        raise UnfitError("B08", "the file is an old workbook (.xls)", next_step=RESAVE)
    if not raw.startswith(ZIP):
        raise UnfitError("B08", "the file is no workbook", next_step=RESAVE)
    package = open_package(raw)
    if "mimetype" in package and package.read("mimetype").strip() == ODS:
        return read_ods(package, written)
    if "xl/workbook.bin" in package:
        raise UnfitError("B08", "the file is a binary workbook (.xlsb)", next_step=RESAVE)
    if "[Content_Types].xml" not in package:
        raise UnfitError("B08", "the file is a zip archive and no workbook", next_step=RESAVE)
    return read_xlsx(package, written)
