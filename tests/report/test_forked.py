"""In which order chapters are run, and which of them keeps a core."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpline_report.errors import MachineError
from helpline_report.parameters.project import Project
from helpline_report.processes.forking import can_fork
from helpline_report.report import forked, run, worker
from helpline_report.report.endings import Due, Ending
from helpline_report.report.notebooks import Notebook


def of_code(name: str, *cells: str) -> Notebook:
    """A chapter of these cells."""
    node = new_notebook(
        cells=[new_code_cell(cell, id=f"cell-{place}") for place, cell in enumerate(cells)]
    )
    return Notebook(name, f"{name}.ipynb", node)


def test_the_longest_chapter_begins_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By how much code it has; of equal ones the first."""
    begun: list[str] = []

    def engine(chapters: Sequence[Due], _: Path, __: int) -> Generator[Ending]:
        begun.extend(due.name for due in chapters)
        raise MachineError("enough")
        yield

    monkeypatch.setattr(run, "_engine", lambda *_: engine)
    chapters = [
        of_code("short", "1"),
        of_code("long", "1 + 1", "2 + 2"),
        of_code("other", "1 + 1", "3 + 3"),
    ]
    with pytest.raises(MachineError, match=r"^enough$"):
        run.run_chapters(Project(tmp_path), chapters, run.Given("2017", ()))
    assert begun == ["long", "other", "short"]


@pytest.mark.skipif(not can_fork(), reason="this system forks no processes")
def test_a_chapter_that_rests_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its last cell left behind sees the next chapter begin, where one runs at a time."""
    monkeypatch.setattr(worker, "LAST_SECONDS", 30)
    sign = tmp_path / "sign"
    watching = (
        "import os, pathlib, threading, time",
        f"sign = pathlib.Path({str(sign)!r})",
        "def watch():\n    while not sign.exists():\n        time.sleep(0.01)\n    os._exit(1)",
        "threading.Thread(target=watch, daemon=True).start()",
    )
    signing = (f"import pathlib; pathlib.Path({str(sign)!r}).touch()", "1 / 0")
    chapters = [
        Due(made.name, made.node, {})
        for made in (of_code("first", *watching), of_code("second", *signing))
    ]
    endings = forked.run_forked(chapters, tmp_path, 1, lambda: None)
    assert {ending.name: ending.how for ending in endings} == {"first": "died", "second": "raised"}
