"""Rows and fields by their places, held against the csv module on texts of quotes and newlines."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports.delimited import DelimitedText
from helpline_report.exports.structure import scan

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
    """Their cells, their physical lines, and which of them are blank."""
    text = _written(table, csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL)
    text = text if ended else text[:-1]
    grid = DelimitedText(text.encode(), ";", scan(text.encode(), ";"))
    assert grid.structure.open_quote is None
    assert [grid.cells(row) for row in range(len(grid.lines))] == table
    assert grid.widths.tolist() == [len(row) for row in table]
    assert grid.blank().tolist() == [not any(cell.strip() for cell in row) for row in table]
    newlines = [sum(cell.count("\n") for cell in row) + 1 for row in table]
    assert grid.lines.tolist() == [1 + sum(newlines[:at]) for at in range(len(table))]


@given(st.text('a;"\n', min_size=1, max_size=30))
def test_what_is_not_refused_a_strict_reader_reads_alike(text: str) -> None:
    """Wherever quotes stand: as many rows, or the text is refused (B30)."""
    found = scan(text.encode(), ";")
    if found.open_quote is None:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        assert sum(1 for _ in reader) == len(found.starts)
