"""What making the pages again loads: nothing that counts, reads exports or runs chapters."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.report.small_projects import chapter, count, text

# What pages are made without: what counts, reads exports, runs chapters, or draws by itself.
HEAVY = ("pandas", "numpy", "scipy", "duckdb", "pandera", "papermill", "matplotlib")
PUBLISH = f"""
import sys
from helpline_report.cli import app
app(["publish", "2017"], standalone_mode=False)
print([name for name in {HEAVY} if name in sys.modules])
"""


@pytest.mark.slow
def test_a_sentence_loads_what_pages_need(small: Path, tmp_path: Path) -> None:
    """Pages made again load nothing that counts, reads exports or runs chapters."""
    root = shutil.copytree(small, tmp_path / "project")
    chapter(root, count("contacts.total"), text("said", "In al: {{ contacts.total | noun }}."))
    shutil.rmtree(root / "data" / "sample")
    ended = subprocess.run(
        [sys.executable, "-c", PUBLISH], cwd=root, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"
    assert "In al: " in (root / "output" / "2017" / "index.html").read_text(encoding="utf-8")
