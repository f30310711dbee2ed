"""The header against the layout: columns missing, too many, twice, in another order or case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
