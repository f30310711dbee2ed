"""What a cell that fails does to a build."""

from pathlib import Path

import pytest

from tests.faults.runs import run
from tests.report.small_projects import bare

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param("import os\nos.kill(os.getpid(), 9)", 1, marks=pytest.mark.long),
        ("int('a row')", 2),
    ],
)
def test_a_cell_that_fails(root: Path, source: str, code: int) -> None:
    """It ends the build by its kind, at its cell; the last edition stands, and no value is told."""
    bare(root, "1;", source, "2;")
    ended = run(root, "build", "2017")
    assert ended.returncode == code, ended.stderr
    assert "notebooks/01_contacts.ipynb, cell 'step-2'" in ended.stderr
    assert [word for word in ("a row", "Traceback") if word in ended.stderr] == []
