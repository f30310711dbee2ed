"""What is wrong with a sheet is refused, with the sheet's number and the cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import numbers
from openpyxl.worksheet.filters import FilterColumn, Filters
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tests.exports.conftest import mended, texts, told
from tests.exports.workbook_files import (
    AGE,
    DAY,
    HEADER,
    HOUR,
    WRITERS,
    Raw,
    layout,
    ods,
    ods_cell,
    ods_row,
    ods_table,
    read,
    saved,
    xlsx,
    xlsx_of,
)

Write = Callable[..., bytes]
both = pytest.mark.parametrize(("write", "name"), WRITERS, ids=["xlsx", "ods"])
ROWS = [HEADER, *([f"k{number}", DAY, "x"] for number in range(1, 9))]
ANEW = (
    "export the rows again, and don't open and save them in a spreadsheet; "
    "or write the cells as text"
)
SHOW = "show everything, and see whether it belongs to the export"
SPLIT = "split the merged cells, and fill in what each stands for"
ONE = "leave the others out, or name the one with the rows in the layout of the file: sheet"


def _told(export: object, name: str) -> list[str]:
    """Every problem, with the file's name as `FILE`."""
    return [text.replace(name, "FILE") for text in told(export)]  # type: ignore[arg-type]


# ---- single cells ----


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("contacts.xlsx", xlsx([HEADER, ["k", DAY, "=1+1"]])),
        (
            "contacts.ods",
            ods([HEADER, ["k", DAY, Raw('<table:table-cell table:formula="of:=1+1"/>')]]),
        ),
    ],
)
def test_a_formula_without_a_value_is_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B37: a program wrote it that calculates nothing; it is no blank cell."""
    assert _told(read(raw, tmp_path, name), name) == [
        "[B37] FILE, sheet 1, cell C2, column channel: a formula without a stored value "
        "→ open the workbook, let it calculate, save it"
    ]


def test_a_formula_of_text_without_a_value_is_refused(tmp_path: Path) -> None:
    """B37: an empty text is a value, and none is none."""
    header = "".join(f'<c t="str"><v>{cell}</v></c>' for cell in HEADER)
    raw = xlsx_of(f'<row>{header}</row><row><c t="b"><v>1</v></c><c t="str"><f>"a"</f></c></row>')
    problems = read(raw, tmp_path, "contacts.xlsx").findings.problems
    assert [(problem.code, problem.cell) for problem in problems] == [("B37", "sheet 1, cell B2")]


def test_a_formula_with_a_value_is_its_value(tmp_path: Path) -> None:
    """B37: also where the value is an empty text."""
    header = "".join(f'<c t="str"><v>{cell}</v></c>' for cell in HEADER)
    cells = (
        '<c t="str"><f>"a"</f><v>a</v></c><c t="str"><f>""</f><v></v></c><c><f>1+1</f><v>2</v></c>'
    )
    raw = xlsx_of(f"<row>{header}</row><row>{cells}</row>")
    assert texts(read(raw, tmp_path, "contacts.xlsx")) == [["2", "a", "", "2"]]
    cell = Raw(ods_cell("x", 'table:formula="of:=A1"'))
    rows = [HEADER, ["k", DAY, cell]]
    assert texts(read(ods(rows), tmp_path, "contacts.ods"))[0][3] == "x"


ERROR = Raw(
    '<table:table-cell office:value-type="string" calcext:value-type="error" '
    'office:string-value="" table:formula="of:=NA()"><text:p>#N/A</text:p></table:table-cell>'
)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("contacts.xlsx", xlsx([HEADER, ["k", DAY, "#N/A"], ["m", DAY, "x"]])),
        ("contacts.ods", ods([HEADER, ["k", DAY, ERROR], ["m", DAY, "x"]])),
    ],
)
def test_an_error_of_a_spreadsheet_is_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B38: with the name that the spreadsheet gives it; the other rows are read."""
    export = read(raw, tmp_path, name)
    assert _told(export, name) == [
        "[B38] FILE, sheet 1, cell C2, column channel: an error of the spreadsheet (#N/A) "
        "→ correct the cell, or export the rows again"
    ]
    assert export.rows.table is not None
    assert export.rows.table.lines.tolist() == [3]
    assert (export.rows.read, export.rows.whole) == (2, False)
    assert export.findings.faulty == {"B38": [2]}


@both
def test_a_row_that_is_refused_is_not_mended_too(tmp_path: Path, write: Write, name: str) -> None:
    """B36, B40: each row counts once in the balance."""
    rows = [[*HEADER, "age"], ["k", DAY, DAY, "17"], ["m", DAY, "x", "18"]]
    export = read(write(rows), tmp_path, name, layout(AGE))
    assert export.findings.faulty == {"B40": [2]}
    assert mended(export) == {"B36": [3]}


@both
def test_a_code_made_a_date_is_refused(tmp_path: Path, write: Write, name: str) -> None:
    """B40: labels, keys and numbers that a spreadsheet took for a date or a time."""
    rows = [[*HEADER, "age"], ["k", DAY, DAY, dt.time(12)], [DAY, DAY, "x", 2]]
    export = read(write(rows), tmp_path, name, layout(AGE))
    assert _told(export, name) == [
        "[B40] FILE, sheet 1, cell D2, column age: a time cell, where the layout has whole "
        f"numbers → {ANEW}",
        "[B40] FILE, sheet 1, cell C2, column channel: a date cell, where the layout has labels "
        f"→ {ANEW}",
        f"[B40] FILE, sheet 1, cell A3, column nr: a date cell, where the layout has keys → {ANEW}",
    ]


@both
def test_keys_that_lost_their_zeros_are_refused(tmp_path: Path, write: Write, name: str) -> None:
    """B41: a number among keys that are texts with leading zeros was such a key."""
    rows = [HEADER, ["007", DAY, "x"], ["12", DAY, "x"], [13, DAY, "x"]]
    assert _told(read(write(rows), tmp_path, name), name) == [
        "[B41] FILE, sheet 1, cell A4, column nr: a number among texts with leading zeros ('99') "
        f"→ {ANEW}"
    ]


@both
def test_keys_of_too_many_digits_are_refused(tmp_path: Path, write: Write, name: str) -> None:
    """B41: a spreadsheet keeps fifteen digits of a number, and makes zeros of the rest."""
    rows = [HEADER, [1234567890123456, DAY, "x"], [123456789012345, DAY, "x"]]
    assert _told(read(write(rows), tmp_path, name), name) == [
        "[B41] FILE, sheet 1, cell A2, column nr: a number of 16 digits, of which a spreadsheet "
        f"keeps 15 → {ANEW}"
    ]


def _in_powers_of_ten(sheet: Worksheet) -> None:
    sheet["A2"].number_format = numbers.FORMAT_GENERAL
    sheet["A2"].number_format = "0.00E+00"


EXPONENT = (
    '<number:number-style style:name="N1"><number:scientific-number/></number:number-style>'
    '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
)
BY_CELL = Raw(ods_cell(100000, 'table:style-name="ce1"'))
BY_COLUMN = '<table:table-column table:default-cell-style-name="ce1"/><table:table-column/>'


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("contacts.xlsx", xlsx([HEADER, [100000, DAY, "x"]], _in_powers_of_ten)),
        ("contacts.ods", ods([HEADER, [BY_CELL, DAY, "x"]], styles=EXPONENT)),
        (
            "contacts.ods",
            ods(
                styles=EXPONENT,
                tables=ods_table([HEADER, [100000, DAY, "x"]], columns=BY_COLUMN),
            ),
        ),
    ],
)
def test_a_key_in_powers_of_ten_is_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B41: `1E05` was a text, and is a hundred thousand now."""
    assert _told(read(raw, tmp_path, name), name) == [
        "[B41] FILE, sheet 1, cell A2, column nr: a number shown in powers of ten ('999999') "
        f"→ {ANEW}"
    ]


@both
def test_dates_that_were_read_month_first_are_refused(
    tmp_path: Path, write: Write, name: str
) -> None:
    """B42: days up to 12 became date cells, swapped; from 13 they stayed text."""
    rows = [HEADER, ["a", dt.date(2017, 2, 3), "x"], ["b", "13/02/2017", "x"]]
    assert _told(read(write(rows), tmp_path, name), name) == [
        "[B42] FILE, sheet 1, column day: date cells with days up to 12, and texts with days "
        "from 13: a spreadsheet took day for month in the first "
        "→ export the rows again, and don't open and save them in a spreadsheet"
    ]


@both
def test_a_time_where_a_date_is_due_is_left_to_the_layout(
    tmp_path: Path, write: Write, name: str
) -> None:
    """B42 is said by who reads dates, as of a text: here it stays what it is."""
    rows = [[*HEADER, "hour"], ["a", dt.time(12), "x", "noon"]]
    export = read(write(rows), tmp_path, name, layout(HOUR))
    assert texts(export)[0][2:] == ["12:00:00", "x", "noon"]


@both
def test_columns_that_the_layout_ignores_may_hold_anything(
    tmp_path: Path, write: Write, name: str
) -> None:
    """A remark is read by nobody, so that an error or a date in it is no fault."""
    error = ERROR if name.endswith("ods") else "#N/A"
    rows = [[*HEADER, "remark"], ["k", DAY, "x", error], ["m", DAY, "x", DAY]]
    assert len(texts(read(write(rows), tmp_path, name))) == 2


# ---- rows and columns ----


@both
def test_a_sheet_without_anything_is_empty(tmp_path: Path, write: Write, name: str) -> None:
    """B07: no cell holds anything, or only the header's do."""
    assert _told(read(write([]), tmp_path, name), name) == [
        "[B07] FILE: the workbook is empty → export the rows again"
    ]
    assert _told(read(write([HEADER]), tmp_path, name), name) == [
        "[B07] FILE, sheet 1, row 1: a header and no rows "
        "→ export the file again; don't open and save it in a spreadsheet"
    ]


@both
def test_a_column_too_many_and_one_too_few_are_refused(
    tmp_path: Path, write: Write, name: str
) -> None:
    """B22, B23: as in a text, by the row of the header."""
    export = read(write([["nr", "day", "naam"], ["k", DAY, "x"]]), tmp_path, name)
    assert [problem.cell for problem in export.findings.problems] == ["sheet 1, row 1"] * 2
    assert sorted(problem.code for problem in export.findings.problems) == ["B22", "B23"]


@both
def test_a_cell_beside_the_columns_is_refused(tmp_path: Path, write: Write, name: str) -> None:
    """B25: something stands where no column is."""
    rows = [HEADER, ["k", DAY, "x"], ["m", DAY, "x", None, "y"], ["n", DAY]]
    assert _told(read(write(rows), tmp_path, name), name) == [
        "[B25] FILE, sheet 1, row 3: 5 field(s); expected 3, as in the header "
        "→ export the file again; don't open and save it in a spreadsheet"
    ]


@both
def test_a_stray_cell_under_the_data_is_refused(tmp_path: Path, write: Write, name: str) -> None:
    """B32: by its row."""
    rows = [*ROWS, [], [None, None, "y"]]
    assert _told(read(write(rows), tmp_path, name), name) == [
        "[B32] FILE, sheet 1, row 11: a stray cell under the data → leave it out of the export"
    ]


MERGED = [(5, 1, 6, 1), (3, 2, 3, 3), (1, 1, 1, 2)]


def _merge(sheet: Worksheet) -> None:
    for top, left, bottom, right in MERGED:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def _spanned(value: object, across: int, down: int) -> Raw:
    spans = f'table:number-columns-spanned="{across}" table:number-rows-spanned="{down}"'
    return Raw(ods_cell(value, spans))


COVERED = Raw("<table:covered-table-cell/>")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("contacts.xlsx", xlsx(ROWS, _merge)),
        (
            "contacts.ods",
            ods(
                [
                    [_spanned("nr", 2, 1), COVERED, "channel"],
                    ROWS[1],
                    ["k2", _spanned(DAY, 2, 1), COVERED],
                    ROWS[3],
                    [_spanned("k4", 1, 2), DAY, "x"],
                    [COVERED, DAY, "x"],
                ]
            ),
        ),
    ],
)
def test_merged_cells_are_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B16: from the header on, each with its range; a value of two cells is of neither."""
    told_ = [text for text in _told(read(raw, tmp_path, name), name) if "B16" in text]
    assert told_ == [
        f"[B16] FILE, sheet 1, row {row}: merged cells ({area}); expected a value in each cell "
        f"→ {SPLIT}"
        for row, area in [(1, "A1:B1"), (3, "B3:C3"), (5, "A5:A6")]
    ]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        (
            "contacts.xlsx",
            xlsx([["Export"], *ROWS], lambda sheet: sheet.merge_cells("A1:C1")),
        ),
        ("contacts.ods", ods([[_spanned("Export", 3, 1), COVERED, COVERED], *ROWS])),
    ],
)
def test_a_title_above_the_header_may_be_merged(tmp_path: Path, name: str, raw: bytes) -> None:
    """B15: it holds nothing of a row."""
    export = read(raw, tmp_path, name)
    assert len(texts(export)) == 8
    assert export.findings.noted == {"B15": 1}


def _hide(sheet: Worksheet) -> None:
    for row in (3, 4, 6, 20):
        sheet.row_dimensions[row].hidden = True
    for column in ("C", "Z"):
        sheet.column_dimensions[column].hidden = True


COLLAPSED = 'table:visibility="collapse"'
HIDDEN_COLUMNS = (
    '<table:table-column table:number-columns-repeated="2"/>'
    f'<table:table-column {COLLAPSED} table:number-columns-repeated="1000"/>'
)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("contacts.xlsx", xlsx(ROWS, _hide)),
        (
            "contacts.ods",
            ods(
                tables=ods_table(
                    [
                        ods_row(row, COLLAPSED if at in {2, 3, 5} else "")
                        for at, row in enumerate(ROWS)
                    ],
                    columns=HIDDEN_COLUMNS,
                )
            ),
        ),
    ],
)
def test_hidden_rows_and_columns_are_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B33: which they are; what is hidden beyond the data hides nothing."""
    assert _told(read(raw, tmp_path, name), name) == [
        f"[B33] FILE, sheet 1: 1 hidden column: C → {SHOW}",
        f"[B33] FILE, sheet 1: 3 hidden rows: 3 to 4, 6 → {SHOW}",
    ]


def _filter(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:C9"
    sheet.auto_filter.add_filter_column(0, ["k1"])
    sheet.row_dimensions[3].hidden = True


def _filter_table(sheet: Worksheet) -> None:
    table = Table(displayName="T", ref="A1:C9")
    table._initialise_columns()
    column = FilterColumn(colId=0, filters=Filters(filter=["k1"]))
    table.autoFilter.filterColumn.append(column)
    sheet.add_table(table)


DATABASE = (
    '<table:database-ranges><table:database-range table:target-range-address="{of}.A1:{of}.C9">'
    '<table:filter><table:filter-condition table:field-number="0"/></table:filter>'
    "</table:database-range></table:database-ranges>"
)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("contacts.xlsx", xlsx(ROWS, _filter)),
        ("contacts.xlsx", xlsx(ROWS, _filter_table)),
        ("contacts.xlsx", xlsx(ROWS, lambda s: setattr(s.sheet_properties, "filterMode", True))),
        ("contacts.ods", ods(ROWS, after=DATABASE.format(of="Sheet1"))),
        (
            "contacts.ods",
            ods(
                tables=ods_table(ROWS, name="it's"),
                after=DATABASE.format(of="$'it''s'"),
            ),
        ),
        (
            "contacts.ods",
            ods([ROWS[0], ROWS[1], ods_row(ROWS[2], 'table:visibility="filter"')]),
        ),
    ],
)
def test_a_filter_is_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B33: of the sheet, of a table in it, or what is left of one; told once, not row by row."""
    assert _told(read(raw, tmp_path, name), name) == [
        "[B33] FILE, sheet 1: a filter hides rows → take the filter away"
    ]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("contacts.xlsx", xlsx(ROWS, lambda sheet: setattr(sheet.auto_filter, "ref", "A1:C9"))),
        ("contacts.ods", ods(ROWS, after=DATABASE.format(of="Other"))),
    ],
)
def test_a_filter_without_criteria_hides_nothing(tmp_path: Path, name: str, raw: bytes) -> None:
    """B33: buttons alone, or a filter of another sheet."""
    assert len(texts(read(raw, tmp_path, name))) == 8


# ---- sheets ----


def _two_sheets(name: str, *, hidden: bool = False, second: object = "y") -> bytes:
    """The rows on sheet 2, named 'rows'; sheet 1 holds `second`, sheet 3 nothing."""
    if name.endswith("ods"):
        style = '<style:style style:name="ta1" style:family="table"><style:table-properties'
        first = ods_table([[second]], name="first")
        rows = ods_table(ROWS, name="rows", attributes='table:style-name="ta1"')
        return ods(
            tables=first + rows + ods_table([], name="third"),
            styles=f'{style} table:display="{str(not hidden).lower()}"/></style:style>',
        )
    book = openpyxl.Workbook()
    first_sheet, sheet = book.worksheets[0], book.create_sheet("rows")
    book.create_sheet("third")
    first_sheet["A1"] = second
    for row in ROWS:
        sheet.append(row)
    sheet.sheet_state = "veryHidden" if hidden else "visible"
    return saved(book)


NAMES = pytest.mark.parametrize("name", ["contacts.xlsx", "contacts.ods"])


@NAMES
def test_a_second_sheet_with_data_is_refused(tmp_path: Path, name: str) -> None:
    """B33: by their numbers, unless the layout names one of them."""
    raw = _two_sheets(name)
    assert _told(read(raw, tmp_path, name), name) == [
        f"[B33] FILE: 2 sheets hold something: 1, 2; expected one → {ONE}"
    ]
    export = read(raw, tmp_path, name, layout(sheet="rows"))
    assert len(texts(export)) == 8
    assert export.findings.cell is not None
    assert export.findings.cell(2, "nr") == "sheet 2, cell A2"


@NAMES
def test_an_empty_second_sheet_is_accepted(tmp_path: Path, name: str) -> None:
    """B33: a spreadsheet makes three of them; the rows may stand on any."""
    assert len(texts(read(_two_sheets(name, second=None), tmp_path, name))) == 8


@NAMES
def test_a_hidden_sheet_with_data_is_refused(tmp_path: Path, name: str) -> None:
    """B33: hidden or very hidden, also where the layout names it."""
    raw = _two_sheets(name, hidden=True)
    hidden = f"[B33] FILE: sheet 2 is hidden and holds 9 row(s) → {SHOW}"
    two = f"[B33] FILE: 2 sheets hold something: 1, 2; expected one → {ONE}"
    assert _told(read(raw, tmp_path, name), name) == [two, hidden]
    assert _told(read(raw, tmp_path, name, layout(sheet="rows")), name) == [hidden]


@NAMES
def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    """B33: the layout's name is shown; those of the workbook may hold anything."""
    assert _told(read(_two_sheets(name), tmp_path, name, layout(sheet="row")), name) == [
        "[B33] FILE: the workbook has no sheet 'row', but 3 other(s) "
        "→ name its sheet in the layout of the file: sheet"
    ]
