"""Sheets of workbooks: cells become texts as a delimited export has them, or are refused."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from _pytest.mark import ParameterSet
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.filters import FilterColumn, Filters
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from helpline_report.parameters.row_layouts import RowFile
from tests.exports.conftest import codes, list_shown, mended, messages, texts
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
from tests.present import present

ROWS: list[Sequence[object]] = [HEADER, *([f"k{number}", DAY, "x"] for number in range(1, 9))]
COLUMNS = [*HEADER, "hour", "age"]
WHOLE = layout({**HOUR, **AGE})
MOMENT = dt.datetime(2017, 3, 2, 14, 30, 5)
STAMPED = layout({"day": {"field": "date", "kind": "datetime"}}, stamps="yyyy-mm-ddThh:mm:ssZ")


def both(name: str, rows: Sequence[Sequence[object]], *values: object) -> Iterator[ParameterSet]:
    """The same rows in both kinds of workbook."""
    for write, file in WRITERS:
        yield pytest.param(file, write(rows), *values, id=f"{name}-{file[-4:].strip('.')}")


def one(name: str, raw: bytes, *values: object) -> ParameterSet:
    file = "contacts.ods" if b"opendocument.spreadsheet" in raw[:200] else "contacts.xlsx"
    return pytest.param(file, raw, *values, id=name)


def _text(text: str) -> str:
    return f'<c t="str"><v>{text}</v></c>'


def _write_with_header(*cells: str) -> bytes:
    """An XLSX workbook with the header and one row of XML, which don't say where they stand."""
    header = "".join(map(_text, HEADER))
    return xlsx_of(f"<row>{header}</row><row>{''.join(cells)}</row>")


COMMENT = Raw(
    '<table:table-cell office:value-type="string"><office:annotation><text:p>n</text:p>'
    '</office:annotation><text:p>a<text:span>b<text:s text:c="2"/></text:span>c</text:p>'
    "<text:p>d</text:p></table:table-cell>"
)
END = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell'
REPEATED = [
    HEADER,
    '<table:table-row table:number-rows-repeated="2">'
    + ods_cell("k", 'table:number-columns-repeated="3"')
    + '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>',
    f'{END} table:number-columns-repeated="16384"/></table:table-row>',
]
GAPS = '<row r="4"><c t="str"><v>k</v></c><c r="C4" t="str"><v>x</v></c></row>'
HEAD = "".join(map(_text, HEADER))


IN_1904: list[Sequence[object]] = [HEADER, [1, DAY, "x"], [2, "02/03/2017", "x"], [3, 41334, "x"]]
SINCE_1904 = (
    '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
    "</table:calculation-settings>"
)


def _write_in_1904() -> bytes:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in IN_1904:
        book.worksheets[0].append(row)
    return saved(book)


def _with_hour_format(value: object, form: str) -> bytes:
    """A workbook whose hour is a number, shown in a format."""

    def show(sheet: Worksheet) -> None:
        sheet["D2"].value, sheet["D2"].number_format = value, form

    return xlsx([[*HEADER, "hour"], ["k", DAY, "x"]], show)


READ = [
    *both(
        "texts that stay texts",
        [HEADER, ["007", "NA", "1E05"], ["a  b ", "None", "x\ny"]],
        ["2|007|NA|1E05", "3|a  b |None|x\ny"],
    ),
    *both(
        "whole numbers, decimals of the layout, and numbers as text",
        [
            [*HEADER, "age"],
            [1, DAY, "x", 17.0],
            ["1", "02/03/2017", "4", 1.5],
            [2.0, DAY, "x", "9"],
        ],
        ["2|1|02/03/2017|x|17", "3|1|02/03/2017|4|1,5", "4|2|02/03/2017|x|9"],
        layout(AGE),
        {"B36": [3, 4]},
    ),
    *both(
        "dates as the layout writes them",
        [HEADER, [1, DAY, True], [2, MOMENT, False]],
        ["2|1|3/2/2017|TRUE", "3|2|3/2/2017|FALSE"],
        layout(dates="m/d/yyyy"),
    ),
    *both(
        "times, with seconds, of a date, at midnight, blank or as text",
        [
            [*HEADER, "hour"],
            *([1, DAY, "x", time] for time in (dt.time(14, 30), dt.time(23, 59, 59), MOMENT)),
            *([1, dt.time(12), "x", time] for time in (dt.time(0), "", "noon")),
        ],
        [
            *(f"{line}|1|02/03/2017|x|{time}" for line, time in ((2, "14:30"), (3, "23:59"))),
            *("4|1|02/03/2017|x|14:30", "5|1|12:00:00|x|00:00", "6|1|12:00:00|x|"),
            "7|1|12:00:00|x|noon",
        ],
        layout(HOUR),
    ),
    *both(
        "moments as the layout stamps them",
        [HEADER, [1, MOMENT, "x"], [2, DAY, "x"]],
        ["2|1|2017-03-02T14:30:05Z|x", "3|2|2017-03-02T00:00:00Z|x"],
        STAMPED,
    ),
    *both("serial numbers", [HEADER, [1, 42796, "x"]], ["2|1|42796|x"]),
    *(
        one(
            "dates since 1904",
            raw,
            ["2|1|02/03/2017|x", "3|2|02/03/2017|x", "4|3|02/03/2017|x"],
            layout(serial_dates=True),
            {"B36": [3], "B45": [2, 4]},
        )
        for raw in (_write_in_1904(), ods(IN_1904, before=SINCE_1904))
    ),
    one("a row that is left out", xlsx_of(f"<row>{HEAD}</row>{GAPS}"), ["4|k||x"]),
    one(
        "formulas with a value, also an empty text",
        _write_with_header(
            '<c t="str"><f>"a"</f><v>a</v></c>',
            '<c t="str"><f>""</f><v></v></c>',
            "<c><f>1+1</f><v>2</v></c>",
        ),
        ["2|a||2"],
    ),
    one(
        "a formula of ODS with a value",
        ods([HEADER, ["k", DAY, Raw(ods_cell("x", 'table:formula="of:=A1"'))]]),
        ["2|k|02/03/2017|x"],
    ),
    one("a comment is no text", ods([HEADER, [COMMENT, DAY, "x"]]), ["2|ab  c\nd|02/03/2017|x"]),
    one("repeated cells and rows", ods(REPEATED), ["2|k|k|k", "3|k|k|k"]),
    *both("blanks above the header", [[None], [], HEADER, ["k", DAY, "x"]], ["4|k|02/03/2017|x"]),
    one("blanks below the data", ods([*ROWS[:2], [None] * 5, [None]]), ["2|k1|02/03/2017|x"]),
    one(
        "a duration", _with_hour_format(0.5, "[h]:mm:ss"), ["2|k|02/03/2017|x|12:00"], layout(HOUR)
    ),
    *both(
        "columns that the layout ignores",
        [[*HEADER, "remark"], ["k", DAY, "x", DAY]],
        ["2|k|02/03/2017|x"],
    ),
]


@pytest.mark.parametrize(
    ("name", "raw", "rows", *("file", "repaired")),
    [
        pytest.param(*case.values, *((layout(), {})[len(case.values) - 3 :]), id=case.id)
        for case in READ
    ],
)
def test_a_workbook_is_read_as_its_text_would_be(
    tmp_path: Path,
    name: str,
    raw: bytes,
    *,
    rows: Sequence[str],
    file: RowFile,
    repaired: Mapping[str, list[int]],
) -> None:
    """Texts as a delimited export has them, whatever type a spreadsheet gave; mended by row."""
    export = read(raw, tmp_path, name, file)
    assert messages(export) == []
    assert texts(export) == list(rows)
    assert mended(export) == repaired


ERROR = Raw(
    '<table:table-cell office:value-type="string" calcext:value-type="error" '
    'office:string-value="" table:formula="of:=NA()"><text:p>#N/A</text:p></table:table-cell>'
)
COVERED = Raw("<table:covered-table-cell/>")
COLLAPSED = 'table:visibility="collapse"'
HIDDEN_COLUMNS = (
    '<table:table-column table:number-columns-repeated="2"/>'
    f'<table:table-column {COLLAPSED} table:number-columns-repeated="1000"/>'
)
DATABASE = (
    '<table:database-ranges><table:database-range table:target-range-address="{of}.A1:{of}.C9">'
    '<table:filter><table:filter-condition table:field-number="0"/></table:filter>'
    "</table:database-range></table:database-ranges>"
)


POWERS = (
    '<number:number-style style:name="N1"><number:scientific-number/></number:number-style>'
    '<style:style style:name="power" style:family="table-cell" style:data-style-name="N1"/>'
    # A style may share its name with a format.
    '<style:style style:name="N1" style:family="table-cell"/>'
)
STYLED = [(1, ""), (2, 'table:style-name="power"'), (3, 'table:style-name="N1"')]


def _show_powers(sheet: Worksheet) -> None:
    sheet["A2"].number_format = "0.00E+00"


def _merge(sheet: Worksheet) -> None:
    for area in ("A5:A6", "B3:C3", "A1:B1"):
        sheet.merge_cells(area)


def _span(value: object, across: int, down: int) -> Raw:
    spans = f'table:number-columns-spanned="{across}" table:number-rows-spanned="{down}"'
    return Raw(ods_cell(value, spans))


def _hide(sheet: Worksheet) -> None:
    for row in (3, 4, 6, 20):
        sheet.row_dimensions[row].hidden = True
    for column in ("C", "Z"):
        sheet.column_dimensions[column].hidden = True


def _filter(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:C9"
    sheet.auto_filter.add_filter_column(0, ["k1"])
    sheet.row_dimensions[3].hidden = True


def _filter_table(sheet: Worksheet) -> None:
    table = Table(displayName="T", ref="A1:C9")
    table._initialise_columns()
    table.autoFilter.filterColumn.append(FilterColumn(colId=0, filters=Filters(filter=["k1"])))
    sheet.add_table(table)


def _write_two_sheets(name: str, *, hidden: bool = False, second: object = "y") -> bytes:
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


ONE_ROW = ods([ROWS[0], ROWS[1], ods_row(ROWS[2], 'table:visibility="filter"')])
BARE = Raw("<table:table-cell><text:p>a b</text:p></table:table-cell>")
FORMULA = Raw('<table:table-cell table:formula="of:=1+1"/>')
LIKE_HIDDEN = [ods_row(row, COLLAPSED if at in {2, 3, 5} else "") for at, row in enumerate(ROWS)]


def sheet_1(place: str) -> list[str]:
    """The code and the cell or row of a problem on the first sheet: `B38 C2 channel`."""
    code, where, *column = place.split()
    cell = f"row {where}" if where.isdecimal() else f"cell {where}"
    return [" ".join([code, f"sheet 1, {cell}", *column])]


# A day or a time, however it is written.
MOMENTS = r"\d+/\d+/\d{4}|\d{4}-\d\d|\d:\d\d"


def list_cells(raw: bytes) -> list[str]:
    """The texts and numbers that stand in the sheets of a workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = [
            package.read(name).decode()
            for name in package.namelist()
            if re.search(r"worksheets/\w+\.xml|sharedStrings|content\.xml", name)
        ]
    return re.findall(r"""(?:>|office:value=")([^<>"]+)""", "".join(parts))


REFUSED = [
    one("a formula", xlsx([HEADER, ["k", DAY, "=1+1"]]), sheet_1("B37 C2 channel")),
    one("a formula of ODS", ods([HEADER, ["k", DAY, FORMULA]]), sheet_1("B37 C2 channel")),
    one(
        "a formula of text",
        _write_with_header('<c t="b"><v>1</v></c>', '<c t="str"><f>"a"</f></c>'),
        sheet_1("B37 B2 day"),
    ),
    one("an error", xlsx([HEADER, ["k", DAY, "#N/A"]]), sheet_1("B38 C2 channel")),
    one(
        "an error that no spreadsheet knows",
        _write_with_header('<c t="b"><v>1</v></c>', '<c t="e"><v>#KANARIE!</v></c>'),
        ["B09 0"],
    ),
    one("an error of ODS", ods([HEADER, ["k", DAY, ERROR]]), sheet_1("B38 C2 channel")),
    one("a text without a type", ods([HEADER, ["k", DAY, BARE]]), sheet_1("B38 C2 channel")),
    one(
        "a time below zero", _with_hour_format(-0.5, "hh:mm"), sheet_1("B38 D2 hour"), layout(HOUR)
    ),
    *both(
        "codes made dates",
        [[*HEADER, "age"], ["k", DAY, DAY, dt.time(12)], [DAY, DAY, "x", 2]],
        [*sheet_1("B40 D2 age"), *sheet_1("B40 C2 channel"), *sheet_1("B40 A3 nr")],
        layout(AGE),
    ),
    *both(
        "keys that lost their zeros",
        [HEADER, ["007", DAY, "x"], ["12", DAY, "x"], [98765, DAY, "x"]],
        sheet_1("B41 A4 nr"),
    ),
    *both(
        "keys of too many digits",
        [HEADER, [1234567890123456, DAY, "x"], [123456789012345, DAY, "x"]],
        sheet_1("B41 A2 nr"),
    ),
    one("powers of ten", xlsx([HEADER, [100000, DAY, "x"]], _show_powers), sheet_1("B41 A2 nr")),
    one(
        "powers of ten of ODS, by the style of a cell or else of its column",
        ods(
            tables=ods_table(
                [HEADER, *([Raw(ods_cell(number, style)), DAY, "x"] for number, style in STYLED)],
                columns='<table:table-column table:default-cell-style-name="power"/>',
            ),
            styles=POWERS,
        ),
        [*sheet_1("B41 A2 nr"), *sheet_1("B41 A3 nr")],
    ),
    *both(
        "days taken for months",
        [HEADER, ["a", dt.date(2017, 2, 3), "x"], ["b", "13/02/2017", "x"]],
        ["B42 sheet 1 day"],
    ),
    *both("nothing", [], ["B07 0"]),
    *both("a header", [HEADER], sheet_1("B07 1")),
    *both(
        "a column too many and one too few",
        [["nr", "day", "naam"], ["k", DAY, "x"]],
        [*sheet_1("B23 1"), *sheet_1("B22 1 channel")],
    ),
    *both(
        "a cell beside the columns",
        [HEADER, ["k", DAY, "x"], ["m", DAY, "x", None, "y"], ["n", DAY]],
        sheet_1("B25 3"),
    ),
    *both("a stray cell", [*ROWS, [], [None, None, "y"]], sheet_1("B32 11")),
    one("hidden rows and columns", xlsx(ROWS, _hide), ["B33 sheet 1"] * 2),
    one(
        "hidden rows and columns of ODS",
        ods(tables=ods_table(LIKE_HIDDEN, columns=HIDDEN_COLUMNS)),
        ["B33 sheet 1"] * 2,
    ),
    one("a filter", xlsx(ROWS, _filter), ["B33 sheet 1"]),
    one("a filter of a table", xlsx(ROWS, _filter_table), ["B33 sheet 1"]),
    one(
        "what is left of a filter",
        xlsx(ROWS, lambda sheet: setattr(sheet.sheet_properties, "filterMode", True)),
        ["B33 sheet 1"],
    ),
    one(
        "a filter of a sheet with a quote",
        ods(tables=ods_table(ROWS, name="it's"), after=DATABASE.format(of="$'it''s'")),
        ["B33 sheet 1"],
    ),
    one("a filtered row", ONE_ROW, ["B33 sheet 1"]),
    *(
        one(
            f"{case}, {name}",
            _write_two_sheets(name, **more),
            ["B33 0"] * number,
            layout(None, **changes),
        )
        for name in ("a.xlsx", "a.ods")
        for case, more, number, changes in (
            ("a second sheet with data", {}, 1, {}),
            ("a hidden sheet", {"hidden": True}, 2, {}),
            ("a hidden sheet by name", {"hidden": True}, 1, {"sheet": "rows"}),
            ("no such sheet", {}, 1, {"sheet": "row"}),
        )
    ),
]


@pytest.mark.parametrize(
    ("name", "raw", "places", "file"),
    [
        pytest.param(*case.values, *(() if case.values[3:] else (layout(),)), id=case.id)
        for case in REFUSED
    ],
)
def test_a_faulty_workbook_is_refused_with_sheet_and_cell(
    tmp_path: Path, name: str, raw: bytes, places: Sequence[str], file: RowFile
) -> None:
    """With the sheet's number and the cell, and no value: even a sheet's name may be one."""
    export = read(raw, tmp_path, name, file)
    assert codes(export) == list(places)
    # Which error of a formula a cell holds is said.
    assert list_shown(list_cells(raw), [*COLUMNS, "#n/a"], export) == []
    assert not re.search(MOMENTS, "\n".join(messages(export)))


def test_a_message_lists_what_is_hidden_and_what_to_do(tmp_path: Path) -> None:
    """B33: the first of the rows and columns, the sheets that hold something."""
    show = "show everything, and see whether it belongs to the export"
    assert messages(read(xlsx(ROWS, _hide), tmp_path, "a.xlsx")) == [
        f"[B33] a.xlsx, sheet 1: 1 hidden column(s), the first of which is C → {show}",
        f"[B33] a.xlsx, sheet 1: 3 hidden row(s), the first of which is 3 → {show}",
    ]
    assert messages(read(_write_two_sheets("a.xlsx", hidden=True), tmp_path, "a.xlsx")) == [
        "[B33] a.xlsx: 2 sheets hold something: 1, 2; expected one → leave the others out, or name "
        "the one with the rows in the layout of the file: sheet",
        f"[B33] a.xlsx: sheet 2 is hidden and holds 9 row(s) → {show}",
    ]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        one("xlsx", xlsx(ROWS, _merge)),
        one(
            "ods",
            ods(
                [
                    [_span("nr", 2, 1), COVERED, "channel"],
                    ROWS[1],
                    ["k2", _span(DAY, 2, 1), COVERED],
                    ROWS[3],
                    [_span("k4", 1, 2), DAY, "x"],
                    [COVERED, DAY, "x"],
                ]
            ),
        ),
    ],
)
def test_merged_cells_are_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B16: from the header on, each with its range; a value of two cells is of neither."""
    problems = read(raw, tmp_path, name).findings.problems
    assert sorted((each.line, each.what) for each in problems if each.code == "B16") == [
        (1, "merged cells (A1:B1)"),
        (3, "merged cells (B3:C3)"),
        (5, "merged cells (A5:A6)"),
    ]


@pytest.mark.parametrize(
    ("name", "raw", "noted"),
    [
        one(
            "a merged title",
            xlsx([["Export"], *ROWS], lambda sheet: sheet.merge_cells("A1:C1")),
            {"B15": 1},
        ),
        one(
            "a merged title of ODS",
            ods([[_span("Export", 3, 1), COVERED, COVERED], *ROWS]),
            {"B15": 1},
        ),
        one(
            "buttons of a filter", xlsx(ROWS, lambda s: setattr(s.auto_filter, "ref", "A1:C9")), {}
        ),
        one("a filter of another sheet", ods(ROWS, after=DATABASE.format(of="Other")), {}),
        one("an empty second sheet", _write_two_sheets("a.xlsx", second=None), {}),
        one("an empty second sheet of ODS", _write_two_sheets("a.ods", second=None), {}),
    ],
)
def test_what_hides_nothing_is_accepted(
    tmp_path: Path, name: str, raw: bytes, noted: Mapping[str, int]
) -> None:
    """B15, B16, B33: what holds or hides no row; a spreadsheet makes three sheets."""
    export = read(raw, tmp_path, name)
    assert len(texts(export)) == 8
    assert export.findings.noted == noted


@pytest.mark.parametrize("name", ["contacts.xlsx", "contacts.ods"])
def test_a_sheet_may_be_named_by_the_layout(tmp_path: Path, name: str) -> None:
    """B33: others may hold anything; messages say the sheet by its number, and the cell."""
    export = read(_write_two_sheets(name), tmp_path, name, layout(sheet="rows"))
    assert len(texts(export)) == 8
    cell = present(export.findings.cell)
    places = [cell(2, "nr"), cell(2, "other")]
    assert places == ["sheet 2, cell A2", "sheet 2, row 2"]


@pytest.mark.parametrize(
    ("name", "raw"),
    list(
        both(
            "", [[*HEADER, "age"], ["k", DAY, DAY, "17"], ["1", DAY, "x", 1], ["m", DAY, "x", "18"]]
        )
    ),
)
def test_a_row_that_is_refused_is_not_mended_too(tmp_path: Path, name: str, raw: bytes) -> None:
    """B36, B40: each row counts once in the balance; `1` and `1` are one text."""
    export = read(raw, tmp_path, name, layout(AGE))
    assert export.findings.faulty == {"B40": [2]}
    assert mended(export) == {"B36": [4]}
    assert present(export.table).lines.tolist() == [3, 4]
    assert (export.read, export.whole) == (3, False)


STRIKING = (
    '<style:style style:name="gone" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
)
GONE = Raw(ods_cell("3", 'table:style-name="gone"'))


def _strike(sheet: Worksheet) -> None:
    for cell in ("B3", "D2", "A1"):
        sheet[cell].font = Font(strike=True)


@pytest.mark.parametrize(
    ("name", "raw", "lines"),
    [
        one("a cell", xlsx([HEADER, ["1", DAY, "x"], ["2", DAY, "x"]], _strike), [3]),
        one(
            "a cell of ODS", ods([HEADER, ["2", DAY, "x"], [GONE, DAY, "x"]], styles=STRIKING), [3]
        ),
    ],
)
def test_a_struck_through_row_is_to_be_acknowledged(
    tmp_path: Path, name: str, raw: bytes, lines: list[int]
) -> None:
    """B79: a struck blank cell or header is none."""
    asked = read(raw, tmp_path, name).findings.to_acknowledge
    assert [(problem.code, rows, problem.line) for problem, rows in asked] == [
        ("B79", 1, line) for line in lines
    ]


@pytest.mark.parametrize(
    ("value", "form"),
    [(dt.timedelta(hours=33, minutes=15), "[h]:mm"), (1.385, "hh:mm"), (1, "hh:mm"), (1, "[h]:mm")],
)
def test_a_duration_of_days_is_no_time(tmp_path: Path, value: object, form: str) -> None:
    """B79: however it is shown; as a time of the day it would count in some hour."""
    (problem,) = read(
        _with_hour_format(value, form), tmp_path, "a.xlsx", layout(HOUR)
    ).findings.problems
    assert (problem.code, problem.cell, problem.column) == ("B79", "sheet 1, cell D2", "hour")
    assert problem.what == "a duration of a day or more where a time of the day is due"
