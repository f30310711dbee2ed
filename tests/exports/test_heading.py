"""The header is found below titles, in one row; a row is never taken for a title."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HEADER = "nr;day;channel\n"
ROWS = "C1;02/03/2017;x\nC2;03/03/2017;y\n"


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
