from __future__ import annotations

import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from helpline_report.report import exchange

fcntl = pytest.importorskip("fcntl")


def test_windows_syncs_files_alone_and_by_handles_that_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a folder has no handle, and a handle that only reads can't be synced."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.json").write_text("{}", encoding="utf-8")
    synced = []

    def as_windows_does(descriptor: int) -> None:
        assert fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
        synced.append(descriptor)

    monkeypatch.setattr(os, "fsync", as_windows_does)
    monkeypatch.setattr(os, "name", "nt")
    found = spec_from_file_location("exchange_there", exchange.__file__)
    assert found is not None
    assert found.loader is not None
    there = module_from_spec(found)
    found.loader.exec_module(there)
    there.sync(tmp_path)
    monkeypatch.undo()
    assert len(synced) == 1
