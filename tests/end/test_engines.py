"""Chapters in forked processes and chapters in kernels: one edition, to the byte."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.processes.forking import can_fork
from tests.report.small_projects import chapter, code, copy_small, count

pytestmark = pytest.mark.slow

SERIES = """contacts = chapter.populations("contacts")
monthly = chapter.counts("contacts.by_month", contacts, by="month")
chapter.chart(monthly)
chapter.table(monthly)"""
COMMAND = Path(sys.executable).with_name("helpline-report")


def made_by(engine: str, folder: Path) -> dict[str, bytes]:
    """Everything that an engine leaves of a small edition, by its name."""
    project = copy_small(folder / engine)
    chapter(project, count("contacts.total"), name="contacts", number=1)
    chapter(project, code("series", SERIES), name="callers", number=2)
    subprocess.run([COMMAND, "build", "2017", "--engine", engine], cwd=project, check=True)
    made = project / "output" / "2017"
    return {
        path.relative_to(made).as_posix(): path.read_bytes()
        for path in made.rglob("*")
        if path.is_file()
    }


@pytest.mark.skipif(not can_fork(), reason="this system forks no processes")
def test_both_engines_leave_the_same_bytes(tmp_path: Path) -> None:
    """Ledger, pages, data and audit don't depend on how the chapters were run."""
    forked, in_kernels = made_by("fork", tmp_path), made_by("kernel", tmp_path)
    assert "data/ledger.json" in forked
    assert forked == in_kernels
