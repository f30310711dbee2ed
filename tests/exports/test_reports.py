"""Reports of web analytics become a banner and blocks of text, each row with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.exports.reports import Report, read_report
from helpline_report.parameters.report_layouts import ReportFile

ReadReport = Callable[[str], Report]

REPORT = """\
# ----------------------------------------
# Devices
# 20170101-20171231
# ----------------------------------------

Device,Users,New
desktop,2.546,"99,88%"
mobile,118,"1,50%"
,2.664,"98,00%"

Day,Sessions
01-01-17,25
02-01-17,19
,44
"""


@pytest.fixture
def read(tmp_path: Path) -> ReadReport:
    """Read a report of users by device, and of sessions by day."""
    devices = {
        "column": "Device",
        "grain": "year",
        "dimension": "device",
        "codes": {"desktop": "desktop", "mobile": "mobile"},
        "measures": {"Users": {"measure": "users", "total": "sum"}},
        "ignored": {"New": "a ratio"},
    }
    days = {
        "column": "Day",
        "grain": "day",
        "dates": "dd-mm-yy",
        "measures": {"Sessions": {"measure": "sessions", "total": "sum"}},
    }
    layout = ReportFile.model_validate(
        {
            "name": "devices.csv",
            "delimiter": ",",
            "period": "yyyymmdd",
            "numbers": {"thousands": ".", "decimal": ","},
            "blocks": [devices, days],
        }
    )

    def read_it(content: str) -> Report:
        (tmp_path / "devices.csv").write_text(content, encoding="utf-8")
        return read_report(tmp_path / "devices.csv", "devices.csv", layout)

    return read_it


def told(report: Report) -> list[str]:
    """Every problem of a report, as a message tells it."""
    return [str(problem) for problem in report.findings.problems]


def test_blocks_are_told_apart_by_their_first_column(read: ReadReport) -> None:
    """Each has its own columns, its own lines and its own total; ignored columns go no further."""
    report = read(REPORT)
    devices, days = report.blocks["Device"], report.blocks["Day"]
    assert devices.columns == {"Device": ["desktop", "mobile"], "Users": ["2.546", "118"]}
    assert devices.lines == [7, 8]
    assert (devices.total, devices.total_line) == ({"Device": "", "Users": "2.664"}, 9)
    assert days.columns == {"Day": ["01-01-17", "02-01-17"], "Sessions": ["25", "19"]}
    assert days.lines == [12, 13]
    assert told(report) == []


def test_rows_and_total_rows_are_read_rows(read: ReadReport) -> None:
    """Two and a total, twice."""
    assert read(REPORT).read == 6


def test_the_banner_is_kept_without_its_marks(read: ReadReport) -> None:
    """B66: comment lines above the first header."""
    assert read(REPORT).banner[1:3] == ["Devices", "20170101-20171231"]


def test_a_report_saved_again_by_a_spreadsheet_is_the_same(read: ReadReport) -> None:
    """Comment lines end in a comma then, and the blank line is gone."""
    lines = REPORT.replace("-\n\n", "-\n").splitlines()
    saved = "\r\n".join(f"{line}," if line.startswith("#") else line for line in lines)
    assert read(saved).banner == read(REPORT).banner
    assert read(saved).blocks["Day"].columns == read(REPORT).blocks["Day"].columns


def test_a_missing_block_is_refused(read: ReadReport) -> None:
    """B22: told by the column that it begins with."""
    assert told(read(REPORT.partition("Day,")[0])) == [
        "[B22] devices.csv: the block that begins with the column 'Day' is missing\n"
        "  → export the report with this block"
    ]


def test_a_block_without_total_row_is_refused(read: ReadReport) -> None:
    """B09: the service always writes one, so the file was cut off."""
    assert told(read(REPORT.removesuffix(",44\n"))) == [
        "[B09] devices.csv: the block 'Day' has no total row\n  → export the report again, whole"
    ]


def test_rows_below_a_total_row_are_refused(read: ReadReport) -> None:
    """B19: no footer is known."""
    assert told(read(REPORT + "made by,somebody\n")) == [
        "[B19] devices.csv:15: a row below the total row of the block 'Day'\n"
        "  → leave it out of the export, or describe its block in the layout"
    ]


def test_rows_before_any_header_are_refused_once(read: ReadReport) -> None:
    """B22: the first header is named."""
    problems = told(read("x,1\ny,2\n"))
    assert problems[0] == (
        "[B22] devices.csv:1: rows before the header that begins with 'Device'\n"
        "  → export the report again"
    )
    assert len(problems) == 3


def test_a_row_of_another_length_is_refused(read: ReadReport) -> None:
    """B26: against the header of its own block."""
    assert told(read(REPORT.replace("01-01-17,25", "01-01-17"))) == [
        "[B26] devices.csv:12: 1 field(s); expected 2, as in the header of the block"
    ]
