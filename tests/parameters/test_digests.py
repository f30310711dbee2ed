"""The SHA-256 of files: counted once of a large one, and anew of one that changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from helpline_report.parameters import digests
from helpline_report.parameters.digests import digest


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An entry for each file that is read through."""
    found: list[str] = []
    real = hashlib.file_digest

    def reading(file: object, name: str) -> object:
        found.append(name)
        return real(file, name)  # type: ignore[arg-type]

    monkeypatch.setattr(digests.hashlib, "file_digest", reading)
    monkeypatch.setattr(digests, "LARGE", 4)
    monkeypatch.setattr(digests, "_counted", {})
    return found


def test_a_large_file_is_counted_once(tmp_path: Path, counted: list[str]) -> None:
    """Under another name too: it is the same file."""
    (tmp_path / "a").write_bytes(b"large")
    os.link(tmp_path / "a", tmp_path / "b")
    first = digest(tmp_path / "a")
    assert first == hashlib.sha256(b"large").hexdigest()
    assert digest(tmp_path / "b") == first
    assert digest(tmp_path / "b") == first
    assert len(counted) <= 2


def test_a_small_file_is_counted_each_time(tmp_path: Path, counted: list[str]) -> None:
    """It might change between two ticks of the clock."""
    (tmp_path / "a").write_bytes(b"abc")
    digest(tmp_path / "a")
    (tmp_path / "a").write_bytes(b"abd")
    assert digest(tmp_path / "a") == hashlib.sha256(b"abd").hexdigest()
    assert len(counted) == 2


def test_a_file_that_changed_is_counted_anew(tmp_path: Path, counted: list[str]) -> None:
    """By its times, where its size is the same."""
    (tmp_path / "a").write_bytes(b"large")
    digest(tmp_path / "a")
    (tmp_path / "a").write_bytes(b"LARGE")
    os.utime(tmp_path / "a", ns=(1, 1))
    assert digest(tmp_path / "a") == hashlib.sha256(b"LARGE").hexdigest()
    assert len(counted) == 2


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """The caller says what that means."""
    with pytest.raises(FileNotFoundError):
        digest(tmp_path / "a")
