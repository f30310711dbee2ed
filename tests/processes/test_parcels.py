"""Results with large arrays: as they were, and this process's own."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
import pytest

from helpline_report.errors import RefusedError
from helpline_report.processes import parcels
from helpline_report.processes.parcels import Parcel, beside_with_arrays

FRAME = pd.DataFrame({"line": np.arange(5, dtype=np.int32), "code": pd.Categorical([*"abcab"])})


def test_gives_the_result() -> None:
    """Arrays of whatever kind, and what stands around them."""
    with beside_with_arrays(lambda: {"frame": FRAME, "empty": np.zeros(0), "n": 3}) as result:
        found = result()
    pd.testing.assert_frame_equal(found["frame"], FRAME)
    assert (found["empty"].size, found["n"]) == (0, 3)


def test_arrays_are_this_process_s_own() -> None:
    """They can be written to, also after the memory that they came in was left."""
    with beside_with_arrays(lambda: [np.zeros(1000), np.ones(1000)]) as result:
        zeros, ones = result()
    zeros[:] = 7
    assert (zeros.sum(), ones.sum()) == (7000, 1000)


def test_without_arrays() -> None:
    """A result that holds none comes as it is."""
    with beside_with_arrays(lambda: "nothing") as result:
        assert result() == "nothing"


def test_where_there_is_no_such_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result comes as any other does."""
    monkeypatch.setattr(parcels, "_memory", lambda: None)
    with beside_with_arrays(lambda: np.arange(3)) as result:
        assert result().tolist() == [0, 1, 2]


def test_tells_what_the_work_raised() -> None:
    """As if it had been done here."""

    def refuse() -> NoReturn:
        raise RefusedError("the counts differ", where="here", next_step="see why")

    with (
        pytest.raises(RefusedError, match="the counts differ"),
        beside_with_arrays(refuse) as result,
    ):
        result()


def test_leaves_no_file_open() -> None:
    """Neither after a result, nor after work whose result nobody asked for."""
    open_files = Path("/proc/self/fd")
    if not open_files.is_dir():
        pytest.skip("this system doesn't tell which files are open")
    before = len([*open_files.iterdir()])
    with beside_with_arrays(lambda: np.zeros(10)) as result:
        result()
    with beside_with_arrays(lambda: np.zeros(10)):
        pass
    assert len([*open_files.iterdir()]) == before


def test_arrays_begin_where_the_processor_reads_them_well() -> None:
    """Whatever the lengths of those before."""
    parcel, contents = Parcel.of([np.zeros(3, dtype=np.int8), np.zeros(9), np.zeros(1)])
    assert [start % parcels.ALIGNED for start, _ in parcel.spans] == [0, 0, 0]
    assert [end - start for start, end in parcel.spans] == [each.nbytes for each in contents]
