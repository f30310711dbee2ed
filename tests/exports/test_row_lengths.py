"""Rows of another length than the header: cut off, broken by a newline, or simply so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HEADER = "nr;day;channel\n"
ROWS = "C1;02/03/2017;x\nC2;03/03/2017;y\n"
RESAVE = "export the file again; don't open and save it in a spreadsheet"


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
