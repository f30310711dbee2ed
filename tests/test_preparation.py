"""What stands before chapters run: names that no chapter gives are told before any does."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline_report.errors import ProseError
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from tests.conftest import copy_project

MISSPELT = "=== channel ===\nDat is {{ contacts.share.fone }}, en {{ contacts.share.email }}.\n"


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
    assert (
        "params/2017/nl/contacts.md, cell 'channel', line 2, column 8: there is no figure" in said
    )
    assert "'contacts.share.fone', did you mean 'contacts.share.phone'?" in said
    assert "contacts.share.email" not in said


def test_where_a_ledger_is_there_it_is_asked(project: Project) -> None:
    """A preview then tells all that is wrong with a text at once, and not its names first."""
    texts = check_parameters(project, "2017").texts
    text = texts["nl"]["contacts"]["channel"]
    assert (text.markdown, text.line) == (MISSPELT.partition("\n")[2], 2)
