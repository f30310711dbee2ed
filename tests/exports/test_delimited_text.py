"""Delimited text by csv and by pyarrow, and messages that hold no value of it."""

import csv
import io
from collections.abc import Callable
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports import delimited_text
from helpline_report.exports.delimited_text import iterate_rows
from helpline_report.exports.faults import FaultError
from tests.exports.conftest import messages, texts
from tests.exports.test_text_files import ACCEPTED, REFUSED

HEADER = "nr;day;channel\n"
rows = st.lists(
    st.lists(st.text('ab;" \n', max_size=5), min_size=1, max_size=4), min_size=1, max_size=6
)


def _write_csv(table: list[list[str]], quoting: Literal[0, 1]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=quoting, lineterminator="\n").writerows(table)
    return out.getvalue()


@given(table=rows, all_quoted=st.booleans(), has_last_newline=st.booleans())
def test_rows_are_read_as_they_were_written(
    table: list[list[str]], *, all_quoted: bool, has_last_newline: bool
) -> None:
    """Cells and physical lines are the same, whatever stands in quotes."""
    text = _write_csv(table, csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL)
    text = text if has_last_newline else text[:-1]
    newlines = [sum(cell.count("\n") for cell in row) + 1 for row in table]
    lines = [1 + sum(newlines[:at]) for at in range(len(table))]
    assert list(iterate_rows(text.encode(), ";")) == list(zip(lines, table, strict=True))


@given(st.text('a;"\n', min_size=1, max_size=30))
def test_a_strict_reader_reads_as_many_rows(text: str) -> None:
    """A text with quotes in any place is refused (B30), or `csv` reads as many rows of it."""
    try:
        rows_read = list(iterate_rows(text.encode(), ";"))
    except FaultError:
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    assert len(list(reader)) == len(rows_read)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1;02/03/2017;" + "x" * 200_000, "a field of more than 131,072 characters"),
        ("1;02/03/2017;" + ";" * 9_000_000, "a line of more than 4,194,304 bytes"),
        ('1;02/03/2017;"' + '""' * 9_000_000 + '"', "a line of more than 4,194,304 bytes"),
        ('1;02/03/2017;"' + "x\n" * 90_000 + '"', "a field of more than 131,072 characters"),
    ],
    ids=["field", "delimiters", "quotes", "quoted lines"],
)
def test_what_would_eat_memory_is_refused(read: Callable[..., Any], text: str, what: str) -> None:
    """B25: no real row is so long, and its cells would take many times its size in memory."""
    (problem,) = read(HEADER + text + "\n").findings.problems
    assert (problem.code, problem.line, problem.what) == ("B25", 2, what)


@pytest.mark.parametrize(("limit", "noun"), [("MOST_LINES", "lines"), ("MOST_CELLS", "fields")])
def test_more_than_any_year_has_is_refused(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, limit: str, noun: str
) -> None:
    """B11: lines and fields are counted before the text is split."""
    monkeypatch.setattr(delimited_text, limit, 3)
    (problem,) = read(HEADER + "1;02/03/2017;x\n" * 5).findings.problems
    number = 6 if noun == "lines" else 18
    assert (problem.code, problem.what) == ("B11", f"the file has {number} {noun}")
    assert problem.expected == "3 at most"


# Large text read by pyarrow: the same as by csv, whatever stands in it

pytest.importorskip("pyarrow")


ROWS = "".join(f"C{at};02/03/2017;{'xé'[at % 2]}\n" for at in range(40))
LARGE = {
    "titles": "Title\n\n;;\n" + HEADER + ROWS,
    "header again": HEADER + ROWS + HEADER + ROWS.replace("C", "D"),
    "total and footer": HEADER + ROWS + "Totaal;;40\nSource\n",
    "a mark": HEADER + ROWS + "\ufeffC99;02/03/2017;x\n",
    "wide": HEADER.replace("\n", ";;\n") + ROWS.replace("\n", ";;\n"),
    "longer and shorter": HEADER + ROWS + "C98;02/03/2017;x;y\nC99;z\n" + ROWS.replace("C", "D"),
    "all uneven": HEADER + ROWS + "C9;x\n" * 12,
}
TEXTS = {case.id: case.values[0] for case in (*REFUSED, *ACCEPTED)} | LARGE


@pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS)
def test_the_same_as_by_csv(
    read: Callable[..., Any], content: bytes | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both give the same texts, lines and problems, and repair and leave out the same rows."""
    by_csv = read(content)
    monkeypatch.setattr(delimited_text, "LARGE", 0)
    by_arrow = read(content)
    assert messages(by_arrow) == messages(by_csv)
    for name in ("noted", "excluded", "faulty"):
        assert getattr(by_arrow.findings, name) == getattr(by_csv.findings, name)
    assert by_arrow.whole == by_csv.whole
    assert (by_arrow.table is None) == (by_csv.table is None)
    if by_csv.table is not None:
        assert texts(by_arrow) == texts(by_csv)


@pytest.mark.parametrize(
    ("name", "value", "rows", "by_arrow"),
    [
        ("LARGE", 10**9, ROWS, False),
        ("LARGE", 0, ROWS, True),
        ("LARGE", 0, ROWS + 'C99;02/03/2017;"x;y"\n', False),
        ("find_spec", lambda _: None, ROWS, False),
    ],
    ids=["small", "large", "with quotes", "without pyarrow"],
)
def test_pyarrow_reads_large_texts(
    read: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: object,
    rows: str,
    *,
    by_arrow: bool,
) -> None:
    """csv reads small texts and texts with quotes, and without pyarrow all texts."""
    calls = list[bytes]()
    read_large = delimited_text._read_large

    def read_counted(text: bytes, *more: Any) -> Any:
        calls.append(text)
        return read_large(text, *more)

    monkeypatch.setattr(delimited_text, "LARGE", 0)
    monkeypatch.setattr(delimited_text, name, value)
    monkeypatch.setattr(delimited_text, "_read_large", read_counted)
    read(HEADER + rows)
    assert bool(calls) == by_arrow
