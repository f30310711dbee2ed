"""No message holds a value of a workbook, whatever is wrong with it and wherever it stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.exports.conftest import told
from tests.exports.workbook_files import (
    AGE,
    DAY,
    HEADER,
    HOUR,
    WRITERS,
    Raw,
    changed,
    layout,
    ods,
    ods_cell,
    ods_table,
    read,
    xlsx,
    xlsx_of,
)

CANARY = "Kanariepiet"
NUMBER = 987654321987654321
COLUMNS = [*HEADER, "hour", "age"]
GOOD = ["k", DAY, "x", dt.time(9), 3]
FAULTS = {
    "a key with its zeros and one without": [GOOD, ["0012", *GOOD[1:]], [987654321, *GOOD[1:]]],
    "a key of too many digits": [GOOD, [NUMBER, *GOOD[1:]]],
    "a label made a date": [GOOD, ["m", DAY, dt.date(1987, 6, 5), dt.time(9), 3]],
    "an age made a time": [GOOD, ["m", DAY, "x", dt.time(9), dt.time(9, 8, 7)]],
    "a cell too many": [GOOD, [*GOOD, CANARY]],
    "a stray cell": [GOOD, GOOD, [], [None, None, CANARY]],
    "a footer": [GOOD, GOOD, [CANARY]],
    "a header of two rows": [[CANARY, None, CANARY], COLUMNS, GOOD],
    "no header": [[CANARY, DAY, CANARY]],
    "letters lost": [GOOD, ["m", DAY, f"{CANARY}Ã©", dt.time(9), 3]],
    "swapped dates": [["k", dt.date(2017, 1, 2), CANARY, "", 3], ["m", "13/01/2017", CANARY]],
    "a row above": [["k", DAY, CANARY, dt.time(9), 3], COLUMNS, GOOD],
}


@pytest.mark.parametrize(("write", "name"), WRITERS, ids=["xlsx", "ods"])
@pytest.mark.parametrize("rows", FAULTS.values(), ids=FAULTS)
def test_a_refused_row_is_not_shown(
    tmp_path: Path, write: object, name: str, rows: list[list[object]]
) -> None:
    """Neither a name nor a number nor a date."""
    headed = rows if rows[0][0] == CANARY or COLUMNS in rows else [COLUMNS, *rows]
    raw = write(headed)  # type: ignore[operator]
    assert_silent(told(read(raw, tmp_path, name, layout({**HOUR, **AGE}))))


def assert_silent(messages: list[str]) -> None:
    """There is something to tell, and none of it is a value."""
    text = "\n".join(messages).casefold()
    assert text
    for value in (CANARY.casefold(), "9876", "1987", "13/01", "09:08"):
        assert value not in text


def _errors(sheet: Worksheet) -> None:
    sheet["C2"].data_type = "e"
    sheet["A3"].value = f'="{CANARY}"'
    sheet.merge_cells("A4:B4")
    sheet.row_dimensions[3].hidden = True


ERROR = f'<table:table-cell calcext:value-type="error"><text:p>#{CANARY.upper()}!</text:p>'
FORMULA = f'<table:table-cell table:formula="of:=&quot;{CANARY}&quot;"/>'
SPANNED = Raw(ods_cell(CANARY, 'table:number-columns-spanned="2"'))
TWO = ods_table([HEADER, ["k", DAY, CANARY]], name=CANARY) + ods_table([[CANARY]], name=CANARY * 2)
OUTSIDE = f"table:formula=\"of:=['file:///{CANARY}.ods'#$A.A1]\""
SEVERAL = {
    "an error, a formula, merged and hidden cells": (
        "a.xlsx",
        xlsx([HEADER, ["k", DAY, CANARY], [CANARY, DAY], [CANARY]], _errors),
    ),
    "an error, a formula and merged cells of ODS": (
        "a.ods",
        ods([HEADER, ["k", DAY, Raw(f"{ERROR}</table:table-cell>")], [Raw(FORMULA)], [SPANNED]]),
    ),
    "two sheets": ("a.ods", ods(tables=TWO)),
    "a link": ("a.ods", ods([[Raw(ods_cell(1, OUTSIDE))]])),
    "a part": ("a.xlsx", changed(xlsx([HEADER]), {f"xl/embeddings/{CANARY}.bin": b"x"})),
    "a type": ("a.xlsx", xlsx_of(f'<row><c t="{CANARY}"><v>{CANARY}</v></c></row>')),
    "a reference": ("a.xlsx", xlsx_of(f'<row r="{CANARY}"/>')),
    "a text": ("a.xlsx", CANARY.encode()),
}


@pytest.mark.parametrize(("name", "raw"), SEVERAL.values(), ids=SEVERAL)
def test_what_a_workbook_holds_is_not_shown(tmp_path: Path, name: str, raw: bytes) -> None:
    """Names of sheets, files and parts, formulas and texts of errors may say who somebody is."""
    assert_silent(told(read(raw, tmp_path, name)))
