"""Rows that were wrapped in quotes as a whole (B71)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

HEADER = "nr;day;channel\n"


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
