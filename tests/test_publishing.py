"""What stands before chapters run and before pages are made again, and what these load."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report import pipeline
from helpline_report.errors import ProseError
from helpline_report.params.project import Project
from helpline_report.publishing import check_parameters
from tests.conftest import copy_project
from tests.edition.small_projects import chapter, copy_small, count, text

MISSPELT = "=== channel ===\nDat is {{ contacts.share.fone }}, en {{ contacts.share.email }}.\n"
# What pages are made without: what counts, reads exports, runs chapters, or draws by itself.
HEAVY = ("pandas", "numpy", "scipy", "duckdb", "pandera", "papermill", "matplotlib")
PUBLISH = f"""
import sys
from helpline_report.cli import app
app(["publish", "2017"], standalone_mode=False)
print([name for name in {HEAVY} if name in sys.modules])
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project in which a text names a figure that no chapter makes."""
    root = copy_project(tmp_path / "project")
    (root / "params/2017/nl/contacts.md").write_text(MISSPELT, encoding="utf-8")
    return Project(root)


def test_misspelt_figure_is_told_before_a_run(project: Project) -> None:
    """The names that the chapters can give are in their code: nobody waits for a run."""
    with pytest.raises(ProseError) as refused:
        check_parameters(project, "2017", to_run=True)
    said = str(refused.value)
    assert "params/2017/nl/contacts.md, cell 'channel', line 2: there is no figure" in said
    assert "'contacts.share.fone', did you mean 'contacts.share.phone'?" in said
    assert "contacts.share.email" not in said


def test_where_a_ledger_is_there_it_is_asked(project: Project) -> None:
    """A preview then tells all that is wrong with a text at once, and not its names first."""
    texts = check_parameters(project, "2017").texts
    assert texts["contacts"]["channel"] == (MISSPELT.partition("\n")[2], 2)


@pytest.mark.slow
def test_a_sentence_loads_what_pages_need(tmp_path: Path) -> None:
    """Pages made again load nothing that counts, reads exports or runs chapters."""
    root = copy_small(tmp_path / "project")
    chapter(root, count("contacts.total"), text("said", "Er waren {{ contacts.total | noun }}."))
    pipeline.build(Project(root), "2017")
    chapter(root, count("contacts.total"), text("said", "In al: {{ contacts.total | noun }}."))
    shutil.rmtree(root / "data" / "sample")
    ended = subprocess.run(
        [sys.executable, "-c", PUBLISH], cwd=root, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"
    assert "In al: " in (root / "output" / "2017" / "index.html").read_text(encoding="utf-8")
