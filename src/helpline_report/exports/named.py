"""What the name of a file says of it: that it is a workbook, or an export of web analytics."""

from __future__ import annotations

from pathlib import Path

from helpline_report.parameters.edition import Source

XLSX_FILE, ODS_FILE, OLD_FILE = "an XLSX workbook", "an ODS workbook", "an old workbook"
NAMED = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm"), XLSX_FILE),
    ".ods": ODS_FILE,
    ".xls": OLD_FILE,
}
OF_WEB = (".csv", ".tsv", ".json", ".xlsx", ".ods")


def is_named_workbook(name: str) -> bool:
    """Whether a file's name says that it is a workbook, of a kind that can be read or not."""
    return name.lower().endswith(tuple(NAMED))


def web_exports_in(folder: Path, source: Source) -> list[str]:
    """The web analytics exports in a folder, whatever they are called; none where there is none."""
    return sorted(
        path.name
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.suffix.lower() in OF_WEB
        and not path.name.startswith((".", "~$"))
        and path.name != source.corrections
    )
