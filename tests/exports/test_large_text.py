"""Large text read by pyarrow: the same as by csv, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpline_report.exports import delimited_text
from helpline_report.exports.delimited_text import ArrowTexts
from tests.exports.test_silence import FAULTY

pytest.importorskip("pyarrow")

HEADER = "nr;day;channel\n"
ROWS = "".join(f"C{at};02/03/2017;{'xé'[at % 2]}\n" for at in range(40))
TEXTS = {
    **FAULTY,
    "sound": HEADER + ROWS,
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
}


@pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS)
def test_the_same_as_by_csv(
    read: Callable[..., Any], content: bytes | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts, lines, problems and what was repaired or left out."""
    by_csv = read(content)
    monkeypatch.setattr(delimited_text, "LARGE", 0)
    monkeypatch.setattr(delimited_text, "FEW", 5)
    by_arrow = read(content)
    assert by_arrow.told == by_csv.told
    assert (by_arrow.noted, by_arrow.excluded) == (by_csv.noted, by_csv.excluded)
    assert by_arrow.export.findings.faulty == by_csv.export.findings.faulty
    assert by_arrow.export.rows.whole == by_csv.export.rows.whole
    assert (by_arrow.export.rows.table is None) == (by_csv.export.rows.table is None)
    if by_csv.export.rows.table is not None:
        assert by_arrow.texts == by_csv.texts


def test_many_texts_stay_bytes(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A sequence of texts like any, of which few are made."""
    monkeypatch.setattr(delimited_text, "LARGE", 0)
    monkeypatch.setattr(delimited_text, "FEW", 5)
    column = read(HEADER + ROWS).export.rows.table.columns["nr"]
    keys = column.distinct
    assert isinstance(keys, ArrowTexts)
    assert (len(keys), keys[3], keys[38:], "C7" in keys) == (40, "C3", ["C38", "C39"], True)
    assert list(column.take(column.codes > 37).compact().distinct) == ["C38", "C39"]


def test_what_csv_reads(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Quotes, and any text where pyarrow isn't installed."""
    monkeypatch.setattr(delimited_text, "LARGE", 0)
    monkeypatch.setattr(delimited_text, "read_columns", None)
    assert len(read(HEADER + ROWS + 'C99;02/03/2017;"x;y"\n').texts) == 41
    monkeypatch.setattr(delimited_text, "find_spec", lambda name: None)
    assert len(read(HEADER + ROWS).texts) == 40
