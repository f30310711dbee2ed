"""Delimited text by csv and by pyarrow, and messages that hold no value of it."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports import delimited_text
from helpline_report.exports.delimited_text import iterate_rows, open_text
from helpline_report.exports.faults import FaultError
from helpline_report.parameters.row_layouts import RowFile
from tests.exports.conftest import messages, texts

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
        rows_read = list(iterate_rows(text.encode(), ";"))
    except FaultError:
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    assert len(list(reader)) == len(rows_read)


cells = st.lists(st.text("ab ", max_size=2), min_size=1, max_size=5)


@given(table=st.lists(cells, min_size=1, max_size=9))
def test_every_row_is_in_the_grid(table: list[list[str]]) -> None:
    """Rows as wide as the header and others: cells, widths, and which are blank."""
    columns = {"b": {"field": "date", "kind": "date"}}
    document = {"name": "x.csv", "delimiter": ";", "dates": "dd/mm/yyyy"}
    document["tables"] = {"contacts": {"key": "a", "columns": columns}}  # type: ignore[assignment]
    text = _written(table, csv.QUOTE_MINIMAL).encode()
    grid = open_text(text, RowFile.model_validate(document), Counter())
    width = len(grid.columns)
    assert [grid.cells(row) for row in range(len(table))] == [row[:width] for row in table]
    assert grid.widths.tolist() == [len(row) for row in table]
    assert grid.blank.tolist() == [not any(cell.strip() for cell in row) for row in table]


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
    """B25: no row is so long, and its cells would take many times its size."""
    (problem,) = read(HEADER + text + "\n").findings.problems
    assert (problem.code, problem.line, problem.what) == ("B25", 2, what)


@pytest.mark.parametrize(("limit", "noun"), [("MOST_LINES", "lines"), ("MOST_CELLS", "fields")])
def test_more_than_any_year_has_is_refused(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, limit: str, noun: str
) -> None:
    """B11: counted before anything is cut."""
    monkeypatch.setattr(delimited_text, limit, 3)
    (problem,) = read(HEADER + "1;02/03/2017;x\n" * 5).findings.problems
    number = 6 if noun == "lines" else 18
    assert (problem.code, problem.what) == ("B11", f"the file has {number} {noun}")
    assert problem.expected == "3 at most"


# No message holds a value: files whose every cell is a canary, at fault in every way

CANARY = "Zeemeeuw"
ROW = "Zeemeeuw1;Zeemeeuw2;Zeemeeuw3\n"
FAULTY = {
    "no header": ROW * 3,
    "one name": "nr;Zeemeeuw;Zeemeeuw2\n" + ROW,
    "column twice": "nr;day;channel;Zeemeeuw;Zeemeeuw\n" + "Zeemeeuw;" * 4 + "x\n",
    "column near": "nr;day;chanel\n" + ROW,
    "title": "Zeemeeuw;Zeemeeuw;Zeemeeuw\n" + HEADER + ROW,
    "groups": "Zeemeeuw;;Zeemeeuw\n" + HEADER + ROW,
    "titles": "Zeemeeuw\n" * 30 + HEADER + ROW,
    "other delimiter": (HEADER + ROW).replace(";", "|"),
    "total": HEADER + ROW + "Totaal;Zeemeeuw\n",
    "wrong total": HEADER + ROW + "Totaal Zeemeeuw;;87654321\n",
    "footer": HEADER + ROW + "Zeemeeuw:\n",
    "stray": HEADER + ROW + ";;Zeemeeuw\n",
    "long": HEADER + ROW + ROW[:-1] + ";Zeemeeuw\n",
    "all long": HEADER + ROW[:-1] + ";Zeemeeuw\n",
    "short": HEADER + "Zeemeeuw1;Zeemeeuw\n" + ROW,
    "broken": HEADER + "Zeemeeuw1;Zee\nmeeuw;Zeemeeuw\n" + ROW,
    "cut": HEADER + ROW + "Zeemeeuw1;Zeemeeuw",
    "cut in quotes": HEADER + ROW + 'Zeemeeuw1;"Zeemeeuw',
    "open quote": HEADER + 'Zeemeeuw"1;Zeemeeuw;Zeemeeuw\n' + ROW,
    "swallowed": HEADER + 'Zeemeeuw1;"Zeemeeuw;Zeemeeuw\nZeemeeuw1;Zeemeeuw";Zeemeeuw\n' + ROW,
    "mojibake": HEADER + "Zeemeeuw1;ZeemeeuwÃ©;Zeemeeuw\n",
    "NUL": HEADER + "Zeemeeuw1;Zeemeeuw\0;Zeemeeuw\n",
    "markup": "<table><td>Zeemeeuw",
    "JSON": '[{"Zeemeeuw": "Zeemeeuw"}]',
    "other encoding": (HEADER + "Zeemeeuw1;Zeemeeuwé;x\n").encode("windows-1252"),
    "two encodings": HEADER.encode() + b"Zeemeeuw1;Zeemeeuw\xe9;Zeemeeuw\xc3\xa9\n",
    "half UTF-16": b"\xff\xfe" + (HEADER + ROW).encode("utf-16-le")[:-1],
}


@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY)
def test_no_message_holds_a_value(read: Callable[..., Any], content: bytes | str) -> None:
    """What is told is where, what and what to do; of a value, its shape."""
    text = "\n".join(messages(read(content)))
    assert text
    assert CANARY.casefold() not in text.casefold()
    assert "87654321" not in text


# Large text read by pyarrow: the same as by csv, whatever stands in it

pytest.importorskip("pyarrow")


ROWS = "".join(f"C{at};02/03/2017;{'xé'[at % 2]}\n" for at in range(40))
TEXTS = {
    **FAULTY,
    "titles": "Title\n\n;;\n" + HEADER + ROWS,
    "separator": "sep=;\n" + HEADER + ROWS,
    "blanks": HEADER + "\n;;\n \n" + ROWS + "\n;; \n",
    "texts": HEADER + "007;NA;1E05\n; None ;NULL\n" + ROWS,
    "header again": HEADER + ROWS + HEADER + ROWS.replace("C", "D"),
    "total and footer": HEADER + ROWS + "Totaal;;40\nSource\n",
    "no end": HEADER + ROWS[:-1],
    "a mark": HEADER + ROWS + "\ufeffC99;02/03/2017;x\n",
    "wide": HEADER.replace("\n", ";;\n") + ROWS.replace("\n", ";;\n"),
    "longer and shorter": HEADER + ROWS + "C98;02/03/2017;x;y\nC99;z\n" + ROWS.replace("C", "D"),
    "all uneven": HEADER + ROWS + "C9;x\n" * 12,
}


@pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS)
def test_the_same_as_by_csv(
    read: Callable[..., Any], content: bytes | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts, lines, problems and what was repaired or left out."""
    by_csv = read(content)
    monkeypatch.setattr(delimited_text, "LARGE", 0)
    monkeypatch.setattr(delimited_text, "MOST_UNEVEN", 9)
    by_arrow = read(content)
    assert messages(by_arrow) == messages(by_csv)
    for name in ("noted", "excluded", "faulty"):
        assert getattr(by_arrow.findings, name) == getattr(by_csv.findings, name)
    assert by_arrow.whole == by_csv.whole
    assert (by_arrow.table is None) == (by_csv.table is None)
    if by_csv.table is not None:
        assert texts(by_arrow) == texts(by_csv)


def test_pyarrow_reads_large_texts(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """csv reads small ones and ones with quotes, and all of them without pyarrow."""
    read_large, sizes = delimited_text._read_large, list[int]()

    def count_and_read(text: bytes, *others: Any) -> Any:
        sizes.append(len(text))
        return read_large(text, *others)

    monkeypatch.setattr(delimited_text, "_read_large", count_and_read)
    read(HEADER + ROWS)
    monkeypatch.setattr(delimited_text, "LARGE", 0)
    read(HEADER + ROWS + 'C99;02/03/2017;"x;y"\n')
    assert not sizes
    read(HEADER + ROWS)
    assert len(sizes) == 1
    monkeypatch.setattr(delimited_text, "find_spec", lambda name: None)
    read(HEADER + ROWS)
    assert len(sizes) == 1
