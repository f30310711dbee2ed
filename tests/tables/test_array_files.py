"""Values with large arrays in a file: as they were, and this process's own."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpline_report.tables.store import ALIGNED, open_pieces, pieces_of

FRAME = pd.DataFrame({"line": np.arange(5, dtype=np.int32), "code": pd.Categorical([*"abcab"])})


def written(value: object, path: Path) -> memoryview:
    """The content of the value's file, mapped into memory."""
    path.write_bytes(b"".join(pieces_of(value)))
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))


def test_a_value_comes_back(tmp_path: Path) -> None:
    """Arrays of whatever kind, and what stands around them."""
    value = {"frame": FRAME, "empty": np.zeros(0), "n": 3}
    back = open_pieces(written(value, tmp_path / "file"))
    pd.testing.assert_frame_equal(back["frame"], FRAME)
    assert (back["empty"].size, back["n"]) == (0, 3)


@pytest.mark.parametrize("value", ["nothing", [np.zeros(0)]])
def test_without_arrays(value: object, tmp_path: Path) -> None:
    """A value that holds none, or empty ones, comes as it is."""
    assert repr(open_pieces(written(value, tmp_path / "file"))) == repr(value)


def test_arrays_are_this_process_s_own(tmp_path: Path) -> None:
    """They can be written to, and the file stays as it is."""
    path = tmp_path / "file"
    content = written([np.zeros(1000), np.ones(1000)], path)
    before = path.read_bytes()
    zeros, ones = open_pieces(content)
    zeros[:] = 7
    assert (zeros.sum(), ones.sum()) == (7000, 1000)
    assert path.read_bytes() == before


def test_arrays_begin_where_the_processor_reads_them_well(tmp_path: Path) -> None:
    """Whatever the lengths of those before."""
    value = [np.zeros(3, dtype=np.int8), np.zeros(9), np.zeros(1)]
    arrays = open_pieces(written(value, tmp_path / "file"))
    assert [array.ctypes.data % ALIGNED for array in arrays] == [0, 0, 0]
