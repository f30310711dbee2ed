"""Nothing of the rows, the machine or the people who made an edition is in any file of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end.canaries import WORD, planted
from tests.end.carriers import leaks

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-c", "from helpline_report.cli import main; main()"]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of exports, parameters, notebooks and a machine full of canaries."""
    project, variables = planted(tmp_path_factory.mktemp("planted"))
    ended = subprocess.run(
        [*PROGRAM, "build", "2017"],
        cwd=project,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return project / "output" / "2017"


def test_no_canary_is_in_it(edition: Path) -> None:
    """None of them stands in any file, nor in the name of one, however it is packed."""
    assert leaks(edition, WORD) == {}


def test_one_more_would_be_found(edition: Path) -> None:
    """The same search finds a canary that is put into a page of it."""
    page = edition / "index.html"
    said = page.read_text(encoding="utf-8")
    try:
        page.write_text(said.replace("</body>", f"<p>{WORD}proef</p></body>"), encoding="utf-8")
        assert leaks(edition, WORD) == {"index.html": [f"{WORD}proef"]}
    finally:
        page.write_text(said, encoding="utf-8")
