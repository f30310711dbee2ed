"""Rows of a grid: as long as the header, whole, and apart from what stands under them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

# Text becomes rows: delimiters, quotes, lengths, blank rows, and the line of each row

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


# Rows of another length than the header: cut off, broken by a newline, or simply so

ROWS = "C1;02/03/2017;x\nC2;03/03/2017;y\n"


def _broken(line: int) -> str:
    return (
        f"[B28] contacts.csv:{line}: a newline in a field without quotes: the row goes on in line "
        f"{line + 1}; expected quotes around a field with a newline\n  → {RESAVE}"
    )


@pytest.mark.parametrize(
    "row", ["C3;02/0\n3/2017;x\n", "C\n3;02/03/2017;x\n", "C3;02/03/2017;\nx\n"]
)
def test_a_row_that_a_newline_breaks_is_refused_at_its_first_line(
    read: Callable[..., Any], row: str
) -> None:
    """B28: one problem, not two short rows; also where the last field is what broke."""
    export = read(HEADER + ROWS + row + "C4;02/03/2017;x\n")
    told = [problem.partition("\n")[0][:22] for problem in export.told]
    assert told == ["[B28] contacts.csv:4: "]


def test_both_lines_of_a_broken_row_are_at_fault(read: Callable[..., Any]) -> None:
    """B28: a draft that leaves the row out leaves out both."""
    export = read(HEADER + "C3;02/0\n3/2017;x\n" + ROWS)
    assert export.told == [_broken(2)]
    assert export.export.findings.faulty == {"B28": [2, 3]}


def test_a_field_that_stands_alone_is_the_rest_of_the_row_above(read: Callable[..., Any]) -> None:
    """B28: the last field of the row above broke."""
    export = read(HEADER + ROWS + "y\n" + "C4;02/03/2017;x\n")
    assert export.told == [_broken(3)]


def test_two_short_rows_that_make_no_row_are_two_problems(read: Callable[..., Any]) -> None:
    """B26: their fields don't add up."""
    export = read(HEADER + "C3;a\nC4;b;c;d\nC5\n" + ROWS)
    assert [problem[:5] for problem in export.told] == ["[B26]", "[B25]", "[B26]"]


@pytest.mark.parametrize("cut", ["C", "C3", "C3;", "C3;02/0"])
def test_a_file_that_ends_within_its_last_row_is_cut_off(
    read: Callable[..., Any], cut: str
) -> None:
    """B09: also within the key."""
    export = read(HEADER + ROWS + cut)
    assert [problem[:5] for problem in export.told] == ["[B09]"]
    assert not export.export.rows.whole


def test_a_file_that_ends_within_quotes_is_cut_off(read: Callable[..., Any]) -> None:
    """B09: the quote that stays open is the file's last."""
    assert read(HEADER + ROWS + 'C3;"02/0').told == [
        "[B09] contacts.csv:4: the file is cut off: its last quote stays open; expected quotes "
        f'around a whole field, and two ("") for one inside it\n  → {RESAVE}'
    ]


@pytest.mark.parametrize(
    "rows", ['"C3;02/03/2017;x\nC4";02/03/2017;x\n', 'C3;"02/03/2017;x\nC4;x";y\n']
)
def test_a_quote_that_swallows_a_row_is_refused(read: Callable[..., Any], rows: str) -> None:
    """B30: two stray quotes make one field of what stands between them."""
    assert read(HEADER + ROWS + rows).told == [
        "[B30] contacts.csv:4: a quote that opens in one row and closes in another; expected "
        f'quotes around a whole field, and two ("") for one inside it\n  → {RESAVE}'
    ]


def test_a_quoted_text_of_lines_is_a_text(read: Callable[..., Any]) -> None:
    """B29: a newline and a delimiter in quotes are no row."""
    assert read(HEADER + ROWS + 'C3;02/03/2017;"a\nb;c"\n').told == []


@pytest.mark.parametrize("blank", ['"";"";""', "  ;\t;", "\u00a0;;", '""', "   "])
def test_rows_of_blanks_are_left_out(read: Callable[..., Any], blank: str) -> None:
    """B32: spaces and empty quotes are nothing, as empty cells are."""
    export = read(HEADER + "C1;02/03/2017;x\n" + blank + "\nC2;03/03/2017;y\n")
    assert [row[0] for row in export.texts] == ["2", "4"]
    assert export.excluded == {"B32": 1}


def test_of_many_faulty_rows_some_are_told_and_all_are_counted(read: Callable[..., Any]) -> None:
    """Messages are made for a thousand."""
    export = read(HEADER + ROWS + "C3;x\n" * 3_000)
    assert export.export.findings.counted == {"B26": 3_000}
    assert len(export.told) == 1_000


# Rows that were wrapped in quotes as a whole (B71)


def _mended(export: Any) -> list[int]:
    return [int(line) for line in export.export.rows.mended.get("B71", [])]


@pytest.mark.parametrize("after", ["", ";", ";;", ";;;;"])
def test_a_wrapped_row_is_read_as_a_row(read: Callable[..., Any], after: str) -> None:
    """B71: also where blanks stand behind it; its line says that it was mended."""
    export = read(HEADER + f'C1;02/03/2017;x\n"C2;02/03/2017;""a;b"""{after}\n')
    assert export.texts == [["2", "C1", "02/03/2017", "x"], ["3", "C2", "02/03/2017", "a;b"]]
    assert _mended(export) == [3]
    assert export.noted == {}


def test_a_whole_file_may_be_wrapped(read: Callable[..., Any]) -> None:
    """B71: the header is no row, and noted."""
    export = read('"nr;day;channel"\n"C1;02/03/2017;x"\n')
    assert export.texts == [["2", "C1", "02/03/2017", "x"]]
    assert export.noted == {"B71": 1}


def test_lines_stay_physical(read: Callable[..., Any]) -> None:
    """B71: a newline in a field of a wrapped row is one still."""
    export = read(HEADER + '"C1;02/03/2017;""a\nb"""\nC2;02/03/2017;x\n')
    assert [row[0] for row in export.texts] == ["2", "4"]
    assert export.texts[0][3] == "a\nb"


def test_a_field_that_holds_delimiters_is_no_wrapped_row(read: Callable[..., Any]) -> None:
    """A quoted text with fewer fields than a row has stays what it is."""
    assert read(HEADER + '"C1;a";02/03/2017;x\n').texts == [["2", "C1;a", "02/03/2017", "x"]]


def test_a_wrapped_row_that_is_too_short_is_refused(read: Callable[..., Any]) -> None:
    """B26: it can't be told from a field."""
    export = read(HEADER + '"C1;02/03/2017"\nC2;02/03/2017;x\n')
    assert [problem[:5] for problem in export.told] == ["[B26]"]


def test_rows_that_are_wrapped_together_are_refused(read: Callable[..., Any]) -> None:
    """B30: two rows in one pair of quotes are no row."""
    export = read(HEADER + '"C1;02/03/2017;x\nC2;02/03/2017;x"\nC3;02/03/2017;x\n')
    assert [problem[:5] for problem in export.told] == ["[B30]"]


# What stands under the data: totals, footers, stray cells

FOOTER = ["Source: .*", r"(?P<rows>\S+) rows"]


@pytest.mark.parametrize(
    "total",
    ["Totaal;;2", "Totaal;2", "TOTAL: 2", ";;Somme 2", "Eindtotaal;2;2", "Grand total;;2\n\n;;"],
)
def test_a_total_row_that_is_right_is_left_out(read: Callable[..., Any], total: str) -> None:
    """B18: it says how many rows stand above it."""
    export = read(HEADER + ROWS + total + "\n")
    assert [row[0] for row in export.texts] == ["2", "3"]
    assert export.excluded["B18"] == 1
    assert export.export.rows.whole


def test_thousands_of_a_total_may_be_marked(read: Callable[..., Any]) -> None:
    """B18: `1.002` rows are a thousand and two."""
    rows = "".join(f"C{at};02/03/2017;x\n" for at in range(1_002))
    assert read(HEADER + rows + "Totaal;;1.002\n").told == []


def test_headers_and_blank_rows_count_in_no_total(read: Callable[..., Any]) -> None:
    """B18: a total is of rows."""
    assert read(HEADER + ROWS + "\n" + HEADER + "C3;02/03/2017;x\nTotaal;;3\n").told == []


def test_a_total_row_that_is_wrong_is_refused(read: Callable[..., Any]) -> None:
    """B18: rows are missing, or it counts something else."""
    assert read(HEADER + ROWS + "Totaal;;3\n").told == [
        "[B18] contacts.csv:4: a total row with another number than that of the rows above it; "
        "expected 2\n  → export the file again, whole and without a total row"
    ]


def test_a_total_row_without_a_number_is_refused(read: Callable[..., Any]) -> None:
    """B18: nothing can be held against it."""
    assert read(HEADER + ROWS + "Totaal;;\n").told == [
        "[B18] contacts.csv:4: a total row without a number of rows\n  → export the file without it"
    ]


@pytest.mark.parametrize("text", ["Source: system", "Source: system;;", ";;\n\nSource: system"])
def test_a_footer_that_the_layout_knows_is_left_out(read: Callable[..., Any], text: str) -> None:
    """B19: excluded and counted."""
    export = read(HEADER + ROWS + text + "\n", footer=FOOTER)
    assert len(export.texts) == 2
    assert export.excluded["B19"] == 1
    assert export.told == []


@pytest.mark.parametrize("text", ["Printed on 1/1/2018", "Printed;on 1/1/2018", '"a\nb"', "- 1 -"])
def test_any_other_footer_is_refused(read: Callable[..., Any], text: str) -> None:
    """B19: with the way to make it known."""
    export = read(HEADER + ROWS + "\n" + text + "\n", footer=FOOTER)
    assert export.told == [
        "[B19] contacts.csv:5: a footer that the layout doesn't know\n"
        "  → leave it out of the export, or give its pattern in the layout under 'footer'"
    ]
    assert len(export.texts) == 2


def test_a_footer_that_says_the_number_of_rows_is_held_to_it(read: Callable[..., Any]) -> None:
    """B10, B70: rows are missing, or there are too many."""
    right = read(HEADER + ROWS + "2 rows\n", footer=FOOTER)
    fewer = read(HEADER + ROWS + "3 rows\n", footer=FOOTER)
    more = read(HEADER + ROWS + "1 rows\n", footer=FOOTER)
    assert right.told == []
    assert fewer.told == [
        "[B10] contacts.csv:4: the footer says 3 row(s), and 2 stand above it\n"
        "  → export the file again, whole"
    ]
    assert more.told == [
        "[B70] contacts.csv:4: the footer says 1 row(s), and 2 stand above it\n"
        "  → export the file again, whole"
    ]


def test_a_footer_whose_number_is_none_is_refused(read: Callable[..., Any]) -> None:
    """B19: the layout said that it would be one."""
    assert read(HEADER + ROWS + "no rows\n", footer=FOOTER).told == [
        "[B19] contacts.csv:4: a footer whose 'rows' is no number\n"
        "  → correct its pattern in the layout under 'footer'"
    ]


def test_a_stray_cell_is_refused(read: Callable[..., Any]) -> None:
    """B32: somebody calculated or noted something under the data."""
    assert read(HEADER + ROWS + ";;\n;;zzz\n").told == [
        "[B32] contacts.csv:5: a stray cell under the data\n  → leave it out of the export"
    ]


def test_a_last_row_that_holds_its_key_alone_is_a_row(read: Callable[..., Any]) -> None:
    """It is somebody's, and the layout says what its blanks mean."""
    export = read(HEADER + ROWS + "C3;;\n")
    assert export.texts[-1] == ["4", "C3", "", ""]


def test_a_key_is_known_by_the_characters_that_all_keys_have(read: Callable[..., Any]) -> None:
    """Keys of letters and digits in any order, such as a hash."""
    rows = "".join(f"{key};02/03/2017;x\n" for key in ("a3f9", "09bc", "7e1d", "c0de"))
    export = read(HEADER + rows + "e4e4;;\n")
    assert len(export.texts) == 5
    assert export.told == []
