from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.watched import Failed, watch

MEGABYTE = 10**6
# A process that does nothing but wait for a child, which takes 80 megabytes and keeps them a while.
PARENT = """
import subprocess, sys
child = "import time; kept = bytearray(b'x') * 80_000_000; time.sleep(0.7)"
subprocess.run([sys.executable, "-c", child], check=True)
"""


def test_memory_is_of_the_whole_tree(tmp_path: Path) -> None:
    """What a process's child takes counts."""
    found = watch((sys.executable, "-c", PARENT), tmp_path)
    assert found.peak > 80 * MEGABYTE


def test_another_end_is_no_measurement(tmp_path: Path) -> None:
    """A command that fails, where it shouldn't, stops the bench with what it said."""
    command = (sys.executable, "-c", "import sys; sys.exit('no such year')")
    with pytest.raises(Failed, match="no such year"):
        watch(command, tmp_path)


def test_a_refusal_can_be_measured(tmp_path: Path) -> None:
    """A command that is to end with 2, and does, is measured, and leaves nothing behind."""
    watch((sys.executable, "-c", "import sys; sys.exit(2)"), tmp_path, code=2)
    assert [*tmp_path.iterdir()] == []
