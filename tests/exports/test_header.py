"""The header: found below titles, in one row, and matched with the columns of the layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HEADER = "nr;day;channel\n"
ROWS = "C1;02/03/2017;x\nC2;03/03/2017;y\n"
ADD = "leave it out of the export, or list it in the layout under 'ignored' with the reason"


def test_the_order_of_columns_is_free(read: Callable[..., Any]) -> None:
    """B24: columns are found by name."""
    assert read("channel;nr;day\nx;1;02/03/2017\n").texts == [["2", "1", "02/03/2017", "x"]]


def test_case_and_spaces_of_names_are_mended(read: Callable[..., Any]) -> None:
    """B21: also no-break spaces and characters without width."""
    export = read("\u00a0NR ;Day\u200b;channel\n1;02/03/2017;x\n")
    assert export.texts == [["2", "1", "02/03/2017", "x"]]
    assert export.noted == {"B21": 2}


def test_a_missing_column_is_refused_with_the_nearest(read: Callable[..., Any]) -> None:
    """B22: the cell that may be meant is told by its place, for a first line may be a row."""
    assert read("nr;day;chanel\n1;02/03/2017;x\n").told == [
        "[B23] contacts.csv:1: the column at position 3 ('aaaaaa') isn't in the layout, the "
        "nearest is 'channel'; expected no other columns, for one may identify somebody\n"
        f"  → {ADD}",
        "[B22] contacts.csv:1, column channel: the column 'channel' is missing, is it the column "
        "at position 3?\n  → export the column, or give its new name in the layout",
    ]


def test_a_file_without_header_is_one_problem(read: Callable[..., Any]) -> None:
    """B22: nothing of the first row is shown."""
    assert read("1;02/03/2017;x\n2;02/03/2017;x\n").told == [
        "[B22] contacts.csv:1: no header: none of 3 expected columns stands here; expected nr, "
        "day, channel\n  → export the file with its header, or name its columns in the layout"
    ]


def test_an_ignored_column_goes_no_further(read: Callable[..., Any]) -> None:
    """B23: what the layout ignores is not in the table, and may be absent."""
    export = read("nr;day;channel;remark\n1;02/03/2017;x;secret\n")
    assert export.texts == [["2", "1", "02/03/2017", "x"]]


def test_any_other_column_is_refused(read: Callable[..., Any]) -> None:
    """B23: it may identify somebody; its name is shown by shape only."""
    assert read("nr;day;channel;e-mail\n1;02/03/2017;x;secret\n").told == [
        "[B23] contacts.csv:1: the column at position 4 ('a-aaaa') isn't in the layout; expected "
        f"no other columns, for one may identify somebody\n  → {ADD}"
    ]


def test_a_column_twice_is_refused(read: Callable[..., Any]) -> None:
    """B20: with both places, also where only case differs."""
    assert read("nr;day;channel;Day\n1;02/03/2017;x;03/03/2017\n").told == [
        "[B20] contacts.csv:1, column day: the column 'day' twice, at positions 2 and 4\n"
        "  → export the file with each column once"
    ]


def test_columns_without_name_and_content_are_none(read: Callable[..., Any]) -> None:
    """A spreadsheet writes delimiters for cells that were once filled."""
    export = read("nr;day;channel;;\n1;02/03/2017;x;;\n2;03/03/2017;y; ;\n")
    assert [row[1:] for row in export.texts] == [["1", "02/03/2017", "x"], ["2", "03/03/2017", "y"]]


def test_a_column_without_name_that_holds_something_is_refused(read: Callable[..., Any]) -> None:
    """B23: nobody says what it is."""
    assert read("nr;day;channel;\n1;02/03/2017;x;\n2;03/03/2017;y;secret\n").told == [
        "[B23] contacts.csv:1: the column at position 4 (blank) isn't in the layout; expected no "
        f"other columns, for one may identify somebody\n  → {ADD}"
    ]


@pytest.mark.parametrize(
    ("titles", "number"),
    [
        ("Export of contacts\n", 1),
        ("Export of contacts;;\n;;\n", 1),
        ("Export\n\nPeriod: 2017\n", 2),
        ('"Export; 2017"\n', 1),
        ("x\n" * 19, 19),
    ],
)
def test_titles_above_the_header_are_noted(
    read: Callable[..., Any], titles: str, number: int
) -> None:
    """B15: they are no rows, and count in no balance; lines stay physical."""
    export = read(titles + HEADER + ROWS)
    first = titles.count("\n") + 2
    assert export.texts == [
        [str(first), "C1", "02/03/2017", "x"],
        [str(first + 1), "C2", "03/03/2017", "y"],
    ]
    assert export.noted == {"B15": number}
    assert export.export.rows.read == 2


def test_blank_lines_above_the_header_are_nothing(read: Callable[..., Any]) -> None:
    """Neither titles nor rows."""
    export = read("\n;;\n" + HEADER + ROWS)
    assert export.noted == {}
    assert export.excluded == {}


def test_more_titles_than_twenty_lines_are_refused(read: Callable[..., Any]) -> None:
    """B15: a header so far down is perhaps none."""
    assert read("x\n" * 20 + HEADER + ROWS).told == [
        "[B15] contacts.csv:21: the header stands below 20 other rows; expected it within 20 "
        "lines\n  → leave out what stands above the header"
    ]


@pytest.mark.parametrize("row", ["C9;01/03/2017;z\n", "C9\n", "C9;;\n", "Period;2016;2017\n"])
def test_a_row_above_the_header_is_refused(read: Callable[..., Any], row: str) -> None:
    """B15: who sorts a file may sort its header among the rows."""
    assert read("\n" + row + HEADER + ROWS).told == [
        "[B15] contacts.csv:2: a row above the header, which is no title\n"
        "  → put the header first, above all rows"
    ]


@pytest.mark.parametrize(
    "groups", ["Contact;;Channel\n", "Contact;Contact;Channel\n", "nr;day;Group\n;;channel\n"]
)
def test_a_header_of_two_rows_is_refused(read: Callable[..., Any], groups: str) -> None:
    """B16: groups above the names, and names that stand in two rows."""
    header = HEADER if "nr" not in groups else ""
    assert read(groups + header + ROWS).told == [
        "[B16] contacts.csv:1: a header of two rows, or of merged cells; expected one row with a "
        "name for each column\n  → export without groups of columns and without merged cells"
    ]


@pytest.mark.parametrize("again", [HEADER, HEADER.upper(), '"nr";"day"; channel\n'])
def test_a_header_again_is_left_out(read: Callable[..., Any], again: str) -> None:
    """B17: excluded and counted, as paged reports and files pasted together have it."""
    export = read(HEADER + "C1;02/03/2017;x\n" + again + "C2;03/03/2017;y\n")
    assert [row[0] for row in export.texts] == ["2", "4"]
    assert export.excluded == {"B17": 1}
    assert export.export.rows.read == 3
    assert export.export.rows.whole


def test_headers_alone_are_no_rows(read: Callable[..., Any]) -> None:
    """B07: however often the header stands there."""
    assert [problem[:5] for problem in read(HEADER * 3).told] == ["[B07]"]


def test_a_name_in_a_cell_is_no_header(read: Callable[..., Any]) -> None:
    """B17: every cell has to be the name of its column."""
    export = read(HEADER + "nr;02/03/2017;channel\n")
    assert export.texts == [["2", "nr", "02/03/2017", "channel"]]
