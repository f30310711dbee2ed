"""Cells become the text that a delimited export would have, whatever type a spreadsheet gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from helpline_report.exports.workbooks import write_number
from tests.exports.conftest import mended, texts, told
from tests.exports.workbook_files import (
    AGE,
    DAY,
    HEADER,
    HOUR,
    WRITERS,
    Raw,
    edited,
    layout,
    ods,
    ods_cell,
    read,
    saved,
    xlsx,
    xlsx_of,
)

Write = Callable[..., bytes]
both = pytest.mark.parametrize(("write", "name"), WRITERS, ids=["xlsx", "ods"])


@both
def test_texts_stay_the_texts_that_they_are(tmp_path: Path, write: Write, name: str) -> None:
    """Neither `007` nor `NA` nor `1E05` nor spaces become anything else."""
    raw = write([HEADER, ["007", "NA", "1E05"], ["a  b ", "None", "x\ny"]])
    assert texts(read(raw, tmp_path, name)) == [
        ["2", "007", "NA", "1E05"],
        ["3", "a  b ", "None", "x\ny"],
    ]


@both
def test_a_whole_number_is_written_without_decimals(
    tmp_path: Path, write: Write, name: str
) -> None:
    """A key of 1 is the text `1`, though a spreadsheet keeps 1.0; a decimal is the layout's."""
    raw = write([[*HEADER, "age"], [1, DAY, "x", 17.0], [2.0, DAY, "x", 1.5]])
    export = read(raw, tmp_path, name, layout(AGE))
    assert [[row[1], row[4]] for row in texts(export)] == [["1", "17"], ["2", "1,5"]]


@both
def test_a_number_and_the_same_text_are_one_text(tmp_path: Path, write: Write, name: str) -> None:
    """So that one key is one key, whichever of the two a spreadsheet made of it."""
    export = read(write([HEADER, [1, DAY, "x"], ["1", DAY, "x"]]), tmp_path, name)
    assert export.rows.table is not None
    assert export.rows.table.columns["nr"].distinct == ["1"]


@both
def test_date_cells_are_written_as_the_layout_reads_them(
    tmp_path: Path, write: Write, name: str
) -> None:
    """A date cell has no order of day and month to get wrong; a time beside it is left out."""
    rows = [HEADER, [1, DAY, "x"], [2, dt.datetime(2017, 3, 2, 14, 30), "x"]]
    assert [row[2] for row in texts(read(write(rows), tmp_path, name))] == ["02/03/2017"] * 2
    us = layout(dates="m/d/yyyy")
    assert [row[2] for row in texts(read(write(rows), tmp_path, name, us))] == ["3/2/2017"] * 2


@both
def test_time_cells_are_fractions_of_a_day(tmp_path: Path, write: Write, name: str) -> None:
    """With seconds, of a date, at midnight, or as text: the layout's HH:MM."""
    times = [dt.time(14, 30), dt.time(23, 59, 59), dt.datetime(2017, 3, 2, 9, 5), dt.time(0), ""]
    rows = [[number, DAY, "x", time] for number, time in enumerate(times)]
    export = read(write([[*HEADER, "hour"], *rows]), tmp_path, name, layout(HOUR))
    assert [row[4] for row in texts(export)] == ["14:30", "23:59", "09:05", "00:00", ""]


@both
def test_a_moment_is_written_as_the_layout_stamps_it(
    tmp_path: Path, write: Write, name: str
) -> None:
    """Date and time of one cell, in the form that `stamps` gives."""
    column = {"day": {"field": "date", "kind": "datetime"}}
    file = layout(column, stamps="yyyy-mm-ddThh:mm:ssZ")
    raw = write([HEADER, [1, dt.datetime(2017, 3, 2, 14, 30, 5), "x"], [2, DAY, "x"]])
    assert [row[2] for row in texts(read(raw, tmp_path, name, file))] == [
        "2017-03-02T14:30:05Z",
        "2017-03-02T00:00:00Z",
    ]


@both
def test_yes_and_no_are_english_words(tmp_path: Path, write: Write, name: str) -> None:
    """A boolean is TRUE or FALSE, which a layout lists under 'yes' and 'no'."""
    raw = write([HEADER, [1, DAY, True], [2, DAY, False]])
    assert [row[3] for row in texts(read(raw, tmp_path, name))] == ["TRUE", "FALSE"]


@both
def test_numbers_and_dates_as_text_are_mended(tmp_path: Path, write: Write, name: str) -> None:
    """B36: where numbers, dates or times are due, counted by row; keys and labels may be texts."""
    rows = [["1", DAY, "x", 17], ["2", "02/03/2017", "x", "18"], ["3", DAY, "4", "19"]]
    export = read(write([[*HEADER, "age"], *rows]), tmp_path, name, layout(AGE))
    assert [row[2] for row in texts(export)] == ["02/03/2017"] * 3
    assert mended(export) == {"B36": [3, 4]}


@both
def test_a_serial_number_is_left_to_the_layout(tmp_path: Path, write: Write, name: str) -> None:
    """B44: a date that is shown as a number is one, and `serial_dates` says what it means."""
    raw = write([HEADER, [1, 42796, "x"]])
    assert texts(read(raw, tmp_path, name))[0][2] == "42796"


def test_dates_since_1904_are_the_same_dates(tmp_path: Path) -> None:
    """B45: the workbook says from which day it counts; mended, counted by row."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (HEADER, [1, DAY, "x"], [2, "02/03/2017", "x"]):
        sheet.append(row)
    export = read(saved(book), tmp_path, "contacts.xlsx")
    assert [row[2] for row in texts(export)] == ["02/03/2017", "02/03/2017"]
    assert mended(export) == {"B36": [3], "B45": [2]}


@pytest.mark.parametrize("zero", ["1904-01-01", "1899-12-30"])
def test_serial_numbers_of_1904_count_from_the_usual_day(tmp_path: Path, zero: str) -> None:
    """B45: where the layout takes serial numbers as dates, they are those of 1900."""
    settings = f'<table:calculation-settings><table:null-date table:date-value="{zero}"/>'
    raw = ods([HEADER, [1, 41334, "x"]], before=f"{settings}</table:calculation-settings>")
    export = read(raw, tmp_path, "contacts.ods", layout(serial_dates=True))
    late = zero == "1904-01-01"
    assert texts(export)[0][2] == ("42796" if late else "41334")
    assert mended(export) == ({"B45": [2]} if late else {})


def test_texts_in_runs_are_one_text(tmp_path: Path) -> None:
    """Shared and inline, with formatting within; how a text is pronounced is no part of it."""
    strings = (
        "<si><t>nr</t></si><si><t>day</t></si><si><t>channel</t></si>"
        '<si><r><rPr><b/></rPr><t>Tele</t></r><r><t xml:space="preserve">foon </t></r>'
        '<rPh sb="0" eb="1"><t>te</t></rPh></si>'
    )
    header = "".join(f'<c r="{at}1" t="s"><v>{n}</v></c>' for n, at in enumerate("ABC"))
    inline = (
        '<c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t>_x0041__x000D_&#10;b</t></r></is></c>'
    )
    raw = xlsx_of(
        f'<row r="1">{header}</row><row r="2">{inline}<c r="C2" t="s"><v>3</v></c></row>',
        strings=strings,
    )
    assert texts(read(raw, tmp_path, "contacts.xlsx")) == [["2", "aA\nb", "", "Telefoon "]]


def test_spaces_around_a_text_are_kept_where_it_says_so(tmp_path: Path) -> None:
    """As XML says it, and as spreadsheets show it."""
    texts_ = ("", ' xml:space="preserve"')
    header = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in HEADER)
    cells = "".join(f'<c t="inlineStr"><is><t{space}> k </t></is></c>' for space in texts_)
    raw = xlsx_of(f"<row>{header}</row><row>{cells}</row>")
    assert texts(read(raw, tmp_path, "contacts.xlsx")) == [["2", "k", " k ", ""]]


def test_rows_and_cells_need_not_say_where_they_stand(tmp_path: Path) -> None:
    """They stand after the one before; a row that is left out is a blank row."""
    row = "".join(f'<c t="str"><v>{cell}</v></c>' for cell in HEADER)
    raw = xlsx_of(
        f'<row>{row}</row><row r="4"><c t="str"><v>k</v></c><c r="C4" t="str"><v>x</v></c></row>'
    )
    export = read(raw, tmp_path, "contacts.xlsx")
    assert texts(export) == [["4", "k", "", "x"]]
    assert (export.rows.read, export.findings.excluded) == (3, {"B32": 2})


def test_a_strict_workbook_writes_dates_in_words(tmp_path: Path) -> None:
    """ISO 29500 Strict: other namespaces, and dates as ISO 8601."""
    row = "".join(f'<c t="str"><v>{cell}</v></c>' for cell in HEADER)
    cells = '<c t="str"><v>k</v></c><c t="d"><v>2017-03-02T00:00:00</v></c><c t="str"><v>x</v></c>'
    raw = xlsx_of(f"<row>{row}</row><row>{cells}</row>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = edited(
        raw, "xl/worksheets/sheet1.xml", main, "http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    assert texts(read(strict, tmp_path, "contacts.xlsx")) == [["2", "k", "02/03/2017", "x"]]


def test_a_comment_is_no_text_of_a_cell(tmp_path: Path) -> None:
    """An ODS cell holds its comment beside its paragraphs."""
    key = Raw(
        '<table:table-cell office:value-type="string"><office:annotation><text:p>n</text:p>'
        '</office:annotation><text:p>a<text:span>b<text:s text:c="2"/></text:span>c</text:p>'
        "<text:p>d</text:p></table:table-cell>"
    )
    export = read(ods([HEADER, [key, DAY, "x"]]), tmp_path, "contacts.ods")
    assert texts(export)[0][1] == "ab  c\nd"


def test_repeated_cells_and_rows_are_written_out(tmp_path: Path) -> None:
    """ODS says once what stands several times; what is blank to the end of the sheet is nothing."""
    end = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell'
    rows = [
        HEADER,
        '<table:table-row table:number-rows-repeated="2">'
        + ods_cell("k", 'table:number-columns-repeated="3"')
        + '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>',
        f'{end} table:number-columns-repeated="16384"/></table:table-row>',
    ]
    export = read(ods(rows), tmp_path, "contacts.ods")
    assert texts(export) == [["2", "k", "k", "k"], ["3", "k", "k", "k"]]
    assert export.rows.read == 2


@both
def test_formats_below_the_data_are_no_rows(tmp_path: Path, write: Write, name: str) -> None:
    """Blank cells, however they look, end no sheet."""
    del write
    styled = xlsx([HEADER, ["k", DAY, "x"]], _colour_blank_cells)
    raw = styled if name.endswith("xlsx") else ods([HEADER, ["k", DAY, "x"], [None] * 5, [None]])
    assert read(raw, tmp_path, name).rows.read == 1


def _colour_blank_cells(sheet: Worksheet) -> None:
    for row in range(3, 9):
        sheet.cell(row, 7).font = openpyxl.styles.Font(bold=True)


@both
def test_title_lines_blank_rows_and_other_order_are_as_in_text(
    tmp_path: Path, write: Write, name: str
) -> None:
    """B15, B17, B21, B24, B32: what isn't of the kind of file is read the same."""
    header = ["Channel ", "nr", "day"]
    rows = [["Export"], [], header, ["x", "1", DAY], [], header, ["x", "2", DAY]]
    export = read(write(rows), tmp_path, name)
    assert texts(export) == [["4", "1", "02/03/2017", "x"], ["7", "2", "02/03/2017", "x"]]
    assert export.findings.noted == {"B15": 1, "B21": 1}
    assert export.findings.excluded == {"B17": 1, "B32": 1}


def test_a_key_cell_of_a_wrong_row_is_named_by_its_place(tmp_path: Path) -> None:
    """A message of any later check says the sheet by its number, and the cell."""
    export = read(xlsx([HEADER, [1, DAY, "x"]]), tmp_path, "contacts.xlsx")
    export.findings.add("B59", "blank", line=2, column="channel", shape="a word")
    export.findings.add("B59", "blank", line=2, column="other", shape="a word")
    assert [each.split(" → ")[0] for each in told(export)] == [
        "[B59] contacts.xlsx, sheet 1, cell C2, column channel: a word is no label",
        "[B59] contacts.xlsx, sheet 1, row 2, column other: a word is no label",
    ]


def _as_formats(formats: dict[str, object]) -> bytes:
    """A workbook whose channels are values shown in some formats."""

    def show(sheet: Worksheet) -> None:
        for row, (code, value) in enumerate(formats.items(), start=2):
            sheet.cell(row, 3).value = value
            sheet.cell(row, 3).number_format = code

    return xlsx([HEADER, *([f"k{row}", DAY] for row in range(len(formats)))], show)


NUMBERS = ["General", "0.00", "#,##0.00 [$€-413];[Red]-#,##0.00 [$€-413]", '0" days"', "@", "0%"]
DATES = ["dd/mm/yyyy", "[$-813]d mmmm yyyy;@", "mmm", "d\\-mmm", "yyyy-mm-dd h:mm:ss"]
TIMES = ["hh:mm", "[h]:mm:ss", "mm:ss.0"]


def test_a_format_says_what_a_number_is(tmp_path: Path) -> None:
    """By its letters outside quotes and brackets; month and minutes share one."""
    formats = dict.fromkeys(NUMBERS, 5) | dict.fromkeys(DATES, 42796.5) | dict.fromkeys(TIMES, 0.5)
    export = read(_as_formats(formats), tmp_path, "contacts.xlsx")
    kinds = [problem.what[:6] for problem in export.findings.problems]
    assert kinds == ["a date"] * len(DATES) + ["a time"] * len(TIMES)
    assert export.rows.table is not None
    assert len(export.rows.table) == len(NUMBERS)


def test_a_duration_of_more_than_a_day_is_no_time(tmp_path: Path) -> None:
    """What `[h]:mm` shows as 36:00 isn't read as noon."""

    def show(sheet: Worksheet) -> None:
        sheet["D2"].value, sheet["D2"].number_format = 1.5, "[h]:mm"

    export = read(
        xlsx([[*HEADER, "hour"], ["k", DAY, "x"]], show), tmp_path, "a.xlsx", layout(HOUR)
    )
    assert texts(export)[0][4] == "36:00"


def test_a_time_below_zero_is_no_midnight(tmp_path: Path) -> None:
    """A spreadsheet shows it as `####`; it stays the number that it is."""

    def show(sheet: Worksheet) -> None:
        sheet["D2"].value, sheet["D2"].number_format = -0.5, "hh:mm"

    export = read(
        xlsx([[*HEADER, "hour"], ["k", DAY, "x"]], show), tmp_path, "a.xlsx", layout(HOUR)
    )
    assert texts(export)[0][4] == "-0,5"


def test_a_text_without_a_type_is_a_text(tmp_path: Path) -> None:
    """OpenDocument allows it, and a reader of values passes over it."""
    bare = Raw("<table:table-cell><text:p>a b</text:p></table:table-cell>")
    assert texts(read(ods([HEADER, ["k", DAY, bare]]), tmp_path, "contacts.ods"))[0][3] == "a b"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (1e5, "100000"),
        (1.5e-3, "0,0015"),
        (0.30000000000000004, "0,3"),
        (123456789012345678.0, "123456789012346000"),
        (float("nan"), "NaN"),
    ],
)
def test_a_number_is_written_out(number: float, text: str) -> None:
    """Without exponent, with the digits that a spreadsheet keeps, and the layout's decimal."""
    assert write_number(number, ",") == text
