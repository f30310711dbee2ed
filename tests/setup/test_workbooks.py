"""A layout is proposed for workbooks as for text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from helpline_report.errors import ExportError
from helpline_report.parameters.project import Project
from helpline_report.setup.layout import layout_text, propose_files
from tests.exports.workbook_files import Rows, ods, saved, xlsx

HEADER = ["nr", "datum", "kanaal", "leeftijd"]


def calls(number: int = 20) -> Rows:
    first = dt.date(2018, 1, 1)
    labels = ["Telefoon", "E-mail"]
    rows = [
        [f"K-{at:03}", first + dt.timedelta(days=at), labels[at % 2], 20 + at]
        for at in range(number)
    ]
    return [HEADER, *rows]


@pytest.mark.parametrize(("name", "write"), [("calls.xlsx", xlsx), ("calls.ods", ods)])
def test_a_workbook_is_looked_at_like_a_text(
    project: Project, tmp_path: Path, name: str, write: Callable[[Rows], bytes]
) -> None:
    """Its dates, numbers and labels, whatever its cells hold."""
    (tmp_path / name).write_bytes(write(calls()))
    text = layout_text(propose_files(project, [tmp_path / name], {}), "new")
    lines = [line.strip() for line in text.splitlines()]
    for line in (
        "# 20 rows. a workbook.",
        "dates: yyyy-mm-dd",
        "key: nr  # unique in every row: 'A-999'",
        "datum: {field: date, kind: date}",
        "Telefoon: phone",
        "leeftijd: !todo {field: age, kind: integer, from: 0, to: 120, outside: refuse}  # of the "
        "person reported, or of the caller?",
    ):
        assert line in lines


def test_of_several_sheets_the_longest_is_looked_at(project: Project, tmp_path: Path) -> None:
    """Its name is the user's to write: it may hold what nobody should read."""
    book = openpyxl.Workbook()
    book.active.title = "Jan Peeters"
    book.active.append(["x"])
    rows = book.create_sheet("Els Maes")
    for row in calls():
        rows.append(row)
    (tmp_path / "calls.xlsx").write_bytes(saved(book))
    text = layout_text(propose_files(project, [tmp_path / "calls.xlsx"], {}), "new")
    assert '    sheet: !todo ""  # of 2 sheets with data, sheet 2 was read\n' in text
    assert "Peeters" not in text
    assert "Maes" not in text


def test_hidden_rows_are_told(project: Project, tmp_path: Path) -> None:
    """Such a workbook is refused when it is read."""
    raw = xlsx(calls(), lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True))
    (tmp_path / "calls.xlsx").write_bytes(raw)
    text = layout_text(propose_files(project, [tmp_path / "calls.xlsx"], {}), "new")
    assert (
        "# 20 rows. a workbook; rows or columns are hidden in it, and such a workbook is refused.\n"
    ) in text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PK\x03\x04 cut", "[B09] calls.xlsx: the workbook is damaged or cut off"),
        (xlsx([]), "[B07] calls.xlsx: the workbook is empty"),
    ],
)
def test_a_workbook_that_cant_be_looked_at_is_told(
    project: Project, tmp_path: Path, raw: bytes, message: str
) -> None:
    """With the codes of any export."""
    (tmp_path / "calls.xlsx").write_bytes(raw)
    with pytest.raises(ExportError) as error:
        layout_text(propose_files(project, [tmp_path / "calls.xlsx"], {}), "new")
    assert str(error.value).splitlines()[1] == message
