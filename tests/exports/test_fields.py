"""The fields of one row, as the csv module reads them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports.fields import count_fields, fields_of

cells = st.lists(st.text('ab;," \n', max_size=6), min_size=1, max_size=5)


def _written(row: list[str], quoting: int) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=quoting, lineterminator="").writerow(row)
    return out.getvalue()


@given(row=cells, all_quoted=st.booleans())
def test_what_was_written_is_read(row: list[str], *, all_quoted: bool) -> None:
    """Delimiters, quotes and newlines within quotes are text; doubled quotes are one."""
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    assert fields_of(_written(row, quoting), ";") == row


def test_a_field_may_be_longer_than_the_csv_module_reads() -> None:
    """A document pasted into a cell is no reason to fall."""
    assert fields_of('a;"' + "b;" * 100_000 + '"', ";") == ["a", "b;" * 100_000]


@pytest.mark.parametrize(
    ("row", "number"),
    [(b"a;b", 2), (b'a;"b;c"', 2), (b'"a\nb";c', 2), (b"", 1), (b"a;b\nc;d", 0)],
)
def test_fields_are_counted_outside_quotes(row: bytes, number: int) -> None:
    """Two rows are no row."""
    assert count_fields(row, b";") == number
