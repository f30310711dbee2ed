"""A workbook, XLSX or ODS, becomes sheets of text cells, or it is refused."""

from __future__ import annotations

from helpline_report.exports.cells import Written
from helpline_report.exports.findings import Findings
from helpline_report.exports.heading import header_row
from helpline_report.exports.named import NAMED, ODS_FILE, OLD_FILE, XLSX_FILE
from helpline_report.exports.ods import read_ods
from helpline_report.exports.package import UnfitError, encrypted, open_package
from helpline_report.exports.rows import NONE, Rows, read_rows
from helpline_report.exports.sheet import Sheet
from helpline_report.exports.sheet_grid import SheetGrid
from helpline_report.exports.signatures import LOOKED_AT, ZIP, binary_kind, markup_kind
from helpline_report.exports.workbook_columns import check_cells
from helpline_report.exports.workbook_sheets import choose_sheet, refuse_unseen
from helpline_report.exports.xlsx import read_xlsx
from helpline_report.parameters.row_layouts import RowFile

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The names of the streams in an OLE2 file, which says what it is.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
RENAME = {XLSX_FILE: "name it .xlsx", ODS_FILE: "name it .ods", "text": "name it .csv"}
RESAVE = "export the rows again as .xlsx, as .ods, or as CSV in UTF-8"


def read_workbook(raw: bytes, name: str, file: RowFile, findings: Findings) -> Rows:
    """The rows of a workbook that is named `name`, of the one sheet that holds them.

    Refuses what `open_sheets` and `read_rows` do, and B07 (no sheet holds anything), B08 (not what
    its name says), B16 (merged cells), B33 (something is hidden or filtered, or two sheets hold
    something) and what single cells may be (B37, B38, B40 to B42); mends B36 and B45.
    """
    decimal = file.numbers.decimal if file.numbers is not None else "."
    if not _is_what_it_is_named(raw, name, findings):
        return NONE
    sheets = open_sheets(raw, findings, decimal=decimal)
    sheet = choose_sheet(sheets, file, findings) if sheets is not None else None
    if sheet is None:
        return NONE
    findings.cell = lambda line, _: f"sheet {sheet.number}" + (f", row {line}" if line else "")
    bare = SheetGrid(sheet, file)
    grid = SheetGrid(sheet, file, header_row(bare, file))
    findings.cell = grid.place
    refuse_unseen(grid, findings)
    return check_cells(grid, read_rows(grid, file, findings), file, findings)


def _is_what_it_is_named(raw: bytes, name: str, findings: Findings) -> bool:
    """Refuse a file that isn't what its name says (B07, B08); what it holds, others look at."""
    if not raw.strip():
        findings.refuse("B07", "the file is empty", next_step=RESAVE)
        return False
    due = next(kind for ending, kind in NAMED.items() if name.lower().endswith(ending))
    found = _kind(raw)
    if found in {due, OLD_FILE}:
        return True
    findings.refuse(
        "B08",
        f"the file is {found}",
        expected=f"{due}, as its name says",
        next_step=RENAME.get(found, RESAVE),
    )
    return False


def _kind(raw: bytes) -> str:
    """What a file is, by its first bytes: a workbook of some kind, or anything else."""
    if raw.startswith(ZIP):
        return ODS_FILE if ODS in raw[:LOOKED_AT] else XLSX_FILE
    if raw.startswith(OLE2):
        return OLD_FILE
    return binary_kind(raw) or markup_kind(raw) or "text"


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
