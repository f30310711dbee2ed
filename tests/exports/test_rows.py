"""Text becomes rows: delimiters, quotes, lengths, blank rows, and the line of each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HEADER = "nr;day;channel\n"
RESAVE = "export the file again; don't open and save it in a spreadsheet"


def test_text_stays_the_text_that_it_is(read: Callable[..., Any]) -> None:
    """Neither `NA` nor `1E05` nor a space becomes anything else."""
    export = read(HEADER + "007;NA;1E05\n; None ;NULL\n")
    assert export.texts == [["2", "007", "NA", "1E05"], ["3", "", " None ", "NULL"]]


def test_numbers_stay_texts_in_a_column_of_numbers(read: Callable[..., Any]) -> None:
    """`01`, ` 1` and `1` are three texts, also where every text of the column is a number."""
    export = read(HEADER + "01;TRUE;1.0\n 1;False;1\n1;true;1,0\n")
    assert [row[1:] for row in export.texts] == [
        ["01", "TRUE", "1.0"],
        [" 1", "False", "1"],
        ["1", "true", "1,0"],
    ]


def test_another_delimiter_is_refused_by_name(read: Callable[..., Any]) -> None:
    """B13: the one found is named."""
    assert read((HEADER + "1;02/03/2017;x\n").replace(";", ",")).told == [
        "[B13] contacts.csv:1: the columns are separated by a comma; expected a semicolon\n"
        "  → export with the delimiter of the layout, or say delimiter: in the layout"
    ]


def test_a_first_line_that_names_the_separator_is_mended(read: Callable[..., Any]) -> None:
    """B14: spreadsheets write it; the header is the next line."""
    export = read("sep=;\n" + HEADER + "1;02/03/2017;x\n")
    assert export.texts == [["3", "1", "02/03/2017", "x"]]
    assert export.noted == {"B14": 1}


def test_a_header_alone_is_refused(read: Callable[..., Any]) -> None:
    """B07: blank rows are no rows."""
    assert read(HEADER + ";;\n").told == [
        f"[B07] contacts.csv:1: a header and no rows\n  → {RESAVE}"
    ]


def test_rows_too_long_and_too_short_are_refused(read: Callable[..., Any]) -> None:
    """B25, B26: each with its line; the others are read all the same."""
    export = read(HEADER + "1;02/03/2017;x\n2;02/03/2017;x;y\n3;02/03/2017\n4;02/03/2017;x\n")
    assert export.told == [
        f"[B25] contacts.csv:3: 4 field(s); expected 3, as in the header\n  → {RESAVE}",
        f"[B26] contacts.csv:4: 2 field(s); expected 3, as in the header\n  → {RESAVE}",
    ]
    assert [row[0] for row in export.texts] == ["2", "5"]
    assert not export.export.rows.whole


def test_all_rows_one_field_too_long_are_one_problem(read: Callable[..., Any]) -> None:
    """B27: a name is missing in the header, not a thousand fields too many."""
    assert read(HEADER + "1;02/03/2017;x;y\n2;02/03/2017;x;y\n").told == [
        "[B27] contacts.csv:1: all 2 rows have 4 fields, the header has 3\n"
        "  → export the file with a name for every column"
    ]


def test_a_last_row_that_is_cut_off_is_told_as_such(read: Callable[..., Any]) -> None:
    """B09: half a row, and no newline after it."""
    assert read(HEADER + "1;02/03/2017;x\n2;02/0").told == [
        "[B09] contacts.csv:3: the last row is cut off: 2 field(s); expected 3, as in the "
        f"header\n  → {RESAVE}"
    ]


def test_a_last_row_needs_no_newline(read: Callable[..., Any]) -> None:
    """A whole row at the end of the file is a row."""
    assert read(HEADER + "1;02/03/2017;x").texts == [["2", "1", "02/03/2017", "x"]]


def test_quotes_keep_delimiters_newlines_and_quotes(read: Callable[..., Any]) -> None:
    """B29: a quoted newline belongs to its field, and the next row has its physical line."""
    export = read(HEADER + '1;02/03/2017;"a;b\nc ""d"""\n2;02/03/2017;x\n')
    assert export.texts == [
        ["2", "1", "02/03/2017", 'a;b\nc "d"'],
        ["4", "2", "02/03/2017", "x"],
    ]


def test_an_open_quote_is_refused_at_the_line_that_opens_it(read: Callable[..., Any]) -> None:
    """B30: not at the end of the file, where a reader notices."""
    export = read(HEADER + '1;02/03/2017;x\n2;02/03/2017;"x\n3;02/03/2017;"x"\n4;02/03/2017;x\n')
    assert export.told == [
        "[B30] contacts.csv:3: a quote that doesn't open and close a field; expected quotes "
        f'around a whole field, and two ("") for one inside it\n  → {RESAVE}'
    ]


def test_a_quote_within_a_field_is_refused(read: Callable[..., Any]) -> None:
    """B30: readers disagree on what it means."""
    export = read(HEADER + '1;02/03/2017;x "y" z\n')
    assert [problem.line for problem in export.export.findings.problems] == [2]


def test_an_empty_quoted_field_is_a_blank(read: Callable[..., Any]) -> None:
    """Two quotes that enclose nothing are no stray quote, at any place of a row."""
    export = read('nr;day;channel\n"";"";""\n1;"";""\n')
    assert export.texts[-1] == ["3", "1", "", ""]


def test_blank_rows_are_left_out_and_counted(read: Callable[..., Any]) -> None:
    """B32: empty lines and rows of delimiters, wherever they stand; lines stay physical."""
    export = read(HEADER + "\n1;02/03/2017;x\n;;\n\n2;02/03/2017;x\n\n")
    assert [row[0] for row in export.texts] == ["3", "6"]
    assert export.export.rows.read == 6
    assert export.excluded == {"B32": 4}
    assert export.export.rows.whole


@pytest.mark.parametrize("content", [";;\n;;\n", ";", '"";""\n', "sep=;\n", "sep=;\n;;\n"])
def test_a_file_of_delimiters_is_empty(read: Callable[..., Any], content: str) -> None:
    """B07: blank rows alone, or a line that names the separator."""
    assert read(content).told == [f"[B07] contacts.csv: the file is empty\n  → {RESAVE}"]


def test_a_row_wider_than_any_table_is_refused_at_once(read: Callable[..., Any]) -> None:
    """B25: lines that lost their ends; not each of its cells is a problem."""
    assert read(HEADER + "1;02/03/2017;x;" * 10_000).told == [
        f"[B25] contacts.csv:2: 30001 field(s) in one row; expected 16384 at most\n  → {RESAVE}"
    ]


def test_a_mark_within_the_file_stays_in_its_cell(read: Callable[..., Any]) -> None:
    """Files that were pasted together have one: no cell loses a character in silence."""
    rows = "\ufeff1;02/03/2017;x\n\ufeff2;03/03/2017;y\n"
    assert [row[1] for row in read(HEADER + rows).texts] == ["\ufeff1", "\ufeff2"]
