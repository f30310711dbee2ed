"""The files of a year read at once: the same as one after another."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from helpline_report.exports import several
from helpline_report.exports.read import Export
from helpline_report.exports.several import RowsOf, read_exports
from helpline_report.parameters.row_layouts import RowFile

HEADER = "nr;day;channel\n"
CONTENTS = {
    "a.csv": HEADER + "".join(f"C{at:05};01/02/2017;Telefoon\n" for at in range(900)),
    "b.csv": HEADER + "C1;01/02/2017;Telefoon;x\nC2;02/02/2017;\n",
    "c.csv": "\ufeff" + HEADER + "".join(f"K{at % 7};01/02/2017;é\n" for at in range(500)),
}


@pytest.fixture
def files(tmp_path: Path, layout: RowFile) -> list[RowsOf]:
    """Three files: of many keys, of a row that is refused, and of one that isn't there."""
    for name, content in CONTENTS.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    names = [*CONTENTS, "gone.csv"]
    return [RowsOf(tmp_path / name, f"raw/{name}", layout) for name in names]


def told(export: Export) -> object:
    """All that an export says, in forms that can be compared."""
    table, found = export.rows.table, export.findings
    assert table is None or all(column.codes.flags.writeable for column in table.columns.values())
    return (
        export.file,
        export.sha256,
        (export.rows.read, export.rows.whole),
        None if table is None else table.frame().astype(str).to_numpy().tolist(),
        (found.problems, found.counted, found.faulty, found.excluded, found.noted),
    )


def test_the_same_as_one_after_another(
    files: list[RowsOf], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts, lines, problems and what was mended, in the order of the files."""
    alone = [told(export) for export in read_exports(files)]
    monkeypatch.setattr(several, "WORTH_A_PROCESS", 1)
    assert [told(export) for export in read_exports(files)] == alone


def test_what_is_small_is_read_here(files: list[RowsOf], monkeypatch: pytest.MonkeyPatch) -> None:
    """A process costs more than it saves."""
    monkeypatch.setattr(several, "beside_with_arrays", None)
    assert [export.file for export in read_exports(files)] == [file.shown for file in files]


def test_workbooks_are_read_here(tmp_path: Path, layout: RowFile) -> None:
    """What they know of their cells doesn't go through a pipe."""
    (tmp_path / "a.xlsx").write_bytes(bytes(1000))
    assert RowsOf(tmp_path / "a.xlsx", "raw/a.xlsx", layout).size() == 0


@pytest.mark.parametrize(
    ("sizes", "there"),
    [([5, 6, 5], [1]), ([9, 1, 1, 1], [1, 2, 3]), ([9], []), ([], []), ([0, 9, 0, 4], [3])],
)
def test_the_lesser_half_is_read_there(
    sizes: list[int], there: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their bytes; one file alone has no half."""
    monkeypatch.setattr(several, "WORTH_A_PROCESS", 1)
    assert several._lesser_half(sizes) == there


def test_keys_that_are_read_there_are_the_same_bytes(
    files: list[RowsOf], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column of many keys stays one of bytes."""
    from helpline_report.exports import growing  # noqa: PLC0415
    from helpline_report.exports.many_texts import ManyTexts  # noqa: PLC0415

    monkeypatch.setattr(several, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(growing, "FEW", 5)
    process = os.getpid()
    for export in read_exports([files[0], files[0]]):
        assert export.rows.table is not None
        keys = export.rows.table.columns["nr"]
        assert isinstance(keys.distinct, ManyTexts)
        assert keys.distinct[899] == "C00899"
        assert np.array_equal(keys.codes, np.arange(900))
    assert os.getpid() == process
