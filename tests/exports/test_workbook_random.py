"""Whatever stands in a table: text, XLSX and ODS are read to the same rows."""

import csv
import datetime as dt
import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from helpline_report.exports.cell_texts import is_mojibake
from helpline_report.exports.faults import FaultError
from helpline_report.exports.workbooks import open_sheets
from tests.exports.conftest import texts
from tests.exports.workbook_files import AGE, HEADER, HOUR, Rows, changed, layout, ods, read, xlsx

# What XML can hold: no control characters, no half characters, and a newline that is one character.
LETTERS = st.characters(
    exclude_categories=["Cs", "Cc", "Cn", "Co"],
    include_characters="\n",
    exclude_characters="\u2028",
)


def _is_label(text: str) -> bool:
    """Whether every writer writes it: no escape, and spaces beside something only."""
    spaces = bool(text) and not text.strip()
    return "_x" not in text and not is_mojibake(text) and text.strip() != "channel" and not spaces


LABELS = st.text(LETTERS, max_size=20).filter(_is_label)
ROWS = st.lists(
    st.tuples(
        st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
        LABELS,
        st.none() | st.times().map(lambda time: time.replace(second=0, microsecond=0, fold=0)),
        st.integers(-5, 10**12),
    ),
    min_size=1,
    max_size=12,
)
COLUMNS = [*HEADER, "hour", "age"]


def _texts(rows: list[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, day, label, time, age in rows:
        hour = f"{time:%H:%M}" if isinstance(time, dt.time) else ""
        writer.writerow([key, f"{day:%d/%m/%Y}", label, hour, age])
    return out.getvalue().encode()


def _as_texts(sheet: Worksheet) -> None:
    """Texts that begin with '=' or '#' are texts, and no formulas or errors."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"


@settings(max_examples=15, deadline=None)
@given(drawn=ROWS)
def test_three_kinds_of_file_are_read_alike(drawn: list[tuple[object, ...]]) -> None:
    """Dates, times and numbers are cells of their own kind in a workbook, and text in a text."""
    rows = [(f"k{number:03}", *row) for number, row in enumerate(drawn)]
    file = layout({**HOUR, **AGE})
    with tempfile.TemporaryDirectory() as folder:
        rows_read = [
            [row.partition("|")[2] for row in texts(read(raw, Path(folder), name, file))]
            for name, raw in (
                ("contacts.csv", _texts(rows)),
                ("contacts.xlsx", xlsx([COLUMNS, *rows], _as_texts)),
                ("contacts.ods", ods([COLUMNS, *rows])),
            )
        ]
    assert rows_read[1] == rows_read[0]
    assert rows_read[2] == rows_read[0]


SOME: Rows = [HEADER, ["k", dt.date(2017, 3, 2), "x"], [1, 2.5, True]]
WHOLE = {"xlsx": xlsx(SOME), "ods": ods(SOME)}
PARTS = [
    *(("xlsx", f"xl/{part}.xml") for part in ("workbook", "styles", "worksheets/sheet1")),
    *(("ods", f"{part}.xml") for part in ("content", "META-INF/manifest")),
]
PLACES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4)


def _with_other_bytes(raw: bytes, places: list[tuple[float, int]], end: float) -> bytes:
    other = bytearray(raw)
    for at, byte in places:
        other[int(at * len(other))] = byte
    return bytes(other[: int(end * len(other))])


def _is_read_or_refused(raw: bytes) -> bool:
    try:
        open_sheets(raw)
    except FaultError as error:
        return error.code != ""
    return True


@settings(max_examples=150, deadline=None)
@given(part=st.sampled_from(PARTS), places=PLACES, end=st.sampled_from([1.0, 1.0, 0.7]))
def test_any_part_is_read_or_refused(
    part: tuple[str, str], places: list[tuple[float, int]], end: float
) -> None:
    """The same of a whole package, of which one part has other bytes."""
    kind, name = part
    with zipfile.ZipFile(io.BytesIO(WHOLE[kind])) as package:
        other = _with_other_bytes(package.read(name), places, end)
    assert _is_read_or_refused(changed(WHOLE[kind], {name: other}))
