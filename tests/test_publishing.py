"""What making the pages again loads: nothing that counts, reads exports or runs chapters."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.errors import ProseError
from helpline_report.parameters.project import Project
from helpline_report.publishing import check_texts
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


FAULTS = """\
=== said ===
Er waren 4.812 oproepen, en {{ contacts.totl }}.
`x`

=== sed ===
Tekst.

=== chart a.b ===
hide
"""


@pytest.mark.slow
def test_a_check_says_every_fault_of_every_text(small: Path, tmp_path: Path) -> None:
    """At once, with file, line and column, beside what a build released; no chapter runs."""
    root = shutil.copytree(small, tmp_path / "project")
    folder = root / "params" / "2017" / "nl"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "foreword.md").write_text('Het waren er 12.\n\n![x](y.jpg "z")\n', encoding="utf-8")
    (folder / "contacts.md").write_text(FAULTS, encoding="utf-8")
    with pytest.raises(ProseError) as caught:
        check_texts(Project(root), "2017")
    assert [line.split(": ")[0] for line in caught.value.what.splitlines()] == [
        "params/2017/nl/contacts.md, cell 'said', line 3",
        "params/2017/nl/contacts.md, line 5",
        "params/2017/nl/contacts.md, cell 'chart a.b', line 8",
        "params/2017/nl/foreword.md, line 1, column 14",
        "params/2017/nl/foreword.md, cell 'foreword', line 3",
    ]
