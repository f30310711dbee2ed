"""Tables that are kept: arrays as they were, and anew where anything changed."""

from __future__ import annotations

import mmap
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpline_report.errors import ExportError
from helpline_report.tables import store
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.store import ALIGNED, load_kept, open_pieces, pieces_of
from tests.tables.conftest import CONTACTS

# Tables are kept, and read anew from the exports when anything changes that they are made from

posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="the system has no users")


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that the exports themselves are read."""
    found: list[str] = []

    def counted(project: Any, edition: Any) -> Dataset:
        found.append(edition.edition)
        return load_dataset(project, edition)

    monkeypatch.setattr(store, "load_dataset", counted)
    return found


def cached(desk: Any) -> Dataset:
    """The tables of a desk, by way of the cache."""
    return load_kept(desk.project, desk.edition)


def stored(desk: Any) -> list[Path]:
    """The files of the cache."""
    return sorted((desk.root / ".helpline" / "steps" / "tables").glob("*"))


def test_exports_are_read_once(desk: Any, readings: list[str]) -> None:
    """The second time, the tables come from the cache."""
    cached(desk)
    cached(desk)
    assert readings == ["2017"]


def test_stored_tables_are_the_same_tables(desk: Any) -> None:
    """Frames, the rows above, balances."""
    first, second = cached(desk), cached(desk)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table.frame, second.tables[name].frame)
    assert second.tables["persons"].parent is second.tables["contacts"]
    assert second.balances == first.balances


@pytest.mark.parametrize(
    "path",
    ["raw/contacts.csv", "params/layouts/small.yaml", "data/codelists/channel.yaml"],
)
def test_any_change_is_read_anew(desk: Any, readings: list[str], path: str) -> None:
    """A byte more in an export, a layout or a code list."""
    cached(desk)
    with (desk.root / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    cached(desk)
    assert len(readings) == 2


def test_corrections_are_read_anew(desk: Any, readings: list[str]) -> None:
    """A file of corrections that comes, changes or goes is a change of the exports."""
    cached(desk)
    path = desk.root / "raw" / "corrections.csv"
    head = "file,key,column,stands,becomes,reason\n"
    for channel in ("Telefoon", "Andere"):
        path.write_text(
            head + f"contacts.csv,2,channel,E-mail,{channel},agreed\n", encoding="utf-8"
        )
        cached(desk)
        cached(desk)
    path.unlink()
    cached(desk)
    assert len(readings) == 3


def test_a_draft_leaves_nothing_for_a_build(desk: Any) -> None:
    """Rows that a draft left out stop the build, whatever lies in the cache."""
    desk.put("contacts.csv", CONTACTS.replace("09:15", "25:15"))
    load_kept(desk.project, desk.edition.model_copy(update={"draft": True}))
    with pytest.raises(ExportError):
        cached(desk)


def test_another_period_is_read_anew(desk: Any, readings: list[str]) -> None:
    """Parameters that matter are part of the key."""
    cached(desk)
    period = desk.edition.period.model_copy(
        update={"start": desk.edition.period.start.replace(2016)}
    )
    load_kept(desk.project, desk.edition.model_copy(update={"period": period}))
    assert len(readings) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"acknowledged": [{"fault": "B56", "rows": 3, "reason": {"nl": "x", "en": "x"}}]},
        {"control_totals": [{"table": "contacts", "rows": 3}]},
        {"draft": True},
    ],
)
def test_what_is_said_of_the_rows_is_part_of_the_key(
    desk: Any, readings: list[str], said: dict[str, object]
) -> None:
    """What is known, totals seen elsewhere, a draft: each may let a run pass or stop it."""
    cached(desk)
    desk.said = {**desk.said, **said}
    cached(desk)
    assert len(readings) == 2


def test_stored_tables_can_be_written_to(desk: Any) -> None:
    """As those that were read: their arrays are their own."""
    cached(desk)
    table = cached(desk).tables["persons"]
    assert table.parent_rows is not None
    table.parent_rows[:] = 0
    table.frame.loc[0, "age"] = 1
    assert cached(desk).tables["persons"].parent_rows.tolist() != table.parent_rows.tolist()


def test_a_file_that_was_cut_off_is_read_past(desk: Any, readings: list[str]) -> None:
    """And replaced."""
    cached(desk)
    path = stored(desk)[0]
    path.write_bytes(path.read_bytes()[:-1])
    cached(desk)
    cached(desk)
    assert readings == ["2017", "2017"]


def test_no_cache_is_only_slower(desk: Any) -> None:
    """Where the private folder can't be made, the tables are read."""
    (desk.root / ".helpline").write_text("a file in its way", encoding="utf-8")
    assert len(cached(desk).tables["contacts"]) == 3


def test_refused_exports_are_refused_each_time(desk: Any) -> None:
    """Nothing is stored of them."""
    desk.put("contacts.csv", "nr | day | time | channel\n1 | 31/04/2017 | |")
    for _ in range(2):
        with pytest.raises(ExportError):
            cached(desk)
    assert stored(desk) == []


def test_an_export_that_changes_while_it_is_read_is_not_stored(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read is not what the key was made of."""

    def changed(project: Any, edition: Any, **how: bool) -> Dataset:
        with (desk.root / "raw" / "contacts.csv").open("a", encoding="utf-8") as file:
            file.write("\n")
        return load_dataset(project, edition, **how)

    monkeypatch.setattr(store, "load_dataset", changed)
    cached(desk)
    assert stored(desk) == []


def test_several_at_once_get_the_same_tables(desk: Any) -> None:
    """Kernels start together: each has whole tables, and no half file stays."""
    found: list[Dataset] = []
    threads = [threading.Thread(target=lambda: found.append(cached(desk))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(dataset.tables["persons"]) for dataset in found] == [3] * 8
    assert len(stored(desk)) == 1


# Values with large arrays in a file: as they were, and this process's own

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
