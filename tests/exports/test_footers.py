"""What stands under the data: totals, footers, stray cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HEADER = "nr;day;channel\n"
ROWS = "C1;02/03/2017;x\nC2;03/03/2017;y\n"
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
