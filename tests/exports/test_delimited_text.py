"""Rows of delimited text: held against the csv module, and against what eats memory or time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports import delimited_text
from helpline_report.exports import rows as row_reader
from helpline_report.exports.delimited_text import iterate_rows, open_text
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.parameters.row_layouts import RowFile

HEADER = "nr;day;channel\n"
rows = st.lists(
    st.lists(st.text('ab;" \n', max_size=5), min_size=1, max_size=4), min_size=1, max_size=6
)


def _written(table: list[list[str]], quoting: int) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=quoting, lineterminator="\n").writerows(table)
    return out.getvalue()


@given(table=rows, all_quoted=st.booleans(), ended=st.booleans())
def test_rows_are_found_as_they_were_written(
    table: list[list[str]], *, all_quoted: bool, ended: bool
) -> None:
    """Their cells and their physical lines, whatever stands in quotes."""
    text = _written(table, csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL)
    text = text if ended else text[:-1]
    newlines = [sum(cell.count("\n") for cell in row) + 1 for row in table]
    lines = [1 + sum(newlines[:at]) for at in range(len(table))]
    assert list(iterate_rows(text.encode(), ";")) == list(zip(lines, table, strict=True))


@given(st.text('a;"\n', min_size=1, max_size=30))
def test_what_is_not_refused_a_strict_reader_reads_alike(text: str) -> None:
    """Wherever quotes stand: as many rows, or the text is refused (B30)."""
    try:
        found = list(iterate_rows(text.encode(), ";"))
    except FaultError:
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    assert len(list(reader)) == len(found)


@given(
    table=st.lists(
        st.lists(st.text("ab ", max_size=2), min_size=1, max_size=5), min_size=1, max_size=9
    )
)
def test_every_row_is_in_the_grid(table: list[list[str]]) -> None:
    """Rows as wide as the header and others: cells, widths, and which are blank."""
    layout = RowFile.model_validate(
        {
            "name": "x.csv",
            "delimiter": ";",
            "dates": "dd/mm/yyyy",
            "tables": {
                "contacts": {"key": "a", "columns": {"b": {"field": "date", "kind": "date"}}}
            },
        }
    )
    grid = open_text(_written(table, csv.QUOTE_MINIMAL).encode(), layout, Findings("x.csv"))
    assert grid is not None
    assert [grid.cells(row) for row in range(len(grid.lines))] == table
    assert grid.widths.tolist() == [len(row) for row in table]
    assert grid.blank().tolist() == [not any(cell.strip() for cell in row) for row in table]


def test_of_many_rows_of_another_length_the_first_and_last_are_at_hand(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a problem all the same, and what stands under the data is looked at."""
    monkeypatch.setattr(delimited_text, "FIRST_OTHERS", 4)
    monkeypatch.setattr(delimited_text, "LAST_OTHERS", 2)
    monkeypatch.setattr(row_reader, "SHORT_ROWS", 2)
    export = read(HEADER + "1;02/03/2017;x\n" + "2;x\n" * 9 + "Totaal: 10\n")
    assert export.export.findings.counted == {"B26": 9}
    assert export.excluded == {"B18": 1}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1;02/03/2017;" + "x" * 200_000, "a field of more than 131,072 characters"),
        ("1;02/03/2017;" + "x" * 9_000_000, "a line of more than 4,194,304 bytes"),
        ("1;02/03/2017;" + ";" * 9_000_000, "a line of more than 4,194,304 bytes"),
        ('1;02/03/2017;"' + '""' * 9_000_000 + '"', "a line of more than 4,194,304 bytes"),
        ('1;02/03/2017;"' + "x\n" * 90_000 + '"', "a field of more than 131,072 characters"),
    ],
    ids=["field", "line", "delimiters", "quotes", "quoted lines"],
)
def test_what_would_eat_memory_is_refused(read: Callable[..., Any], text: str, what: str) -> None:
    """B25: no row is so long, and its cells would take many times its size."""
    (problem,) = read(HEADER + text + "\n").export.findings.problems
    assert (problem.code, problem.line, problem.what) == ("B25", 2, what)


@pytest.mark.parametrize(("limit", "noun"), [("MOST_LINES", "lines"), ("MOST_CELLS", "fields")])
def test_more_than_any_year_has_is_refused(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, limit: str, noun: str
) -> None:
    """B11: counted before anything is cut."""
    monkeypatch.setattr(delimited_text, limit, 3)
    (problem,) = read(HEADER + "1;02/03/2017;x\n" * 5).export.findings.problems
    number = 6 if noun == "lines" else 18
    assert (problem.code, problem.what) == ("B11", f"the file has {number} {noun}")
    assert problem.expected == "3 at most"
