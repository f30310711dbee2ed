"""What a trace says where there is nothing to trace, or no rows behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline_report import build, publishing
from helpline_report.errors import ParametersError
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project


@pytest.fixture
def built(project: Path) -> Project:
    """A project whose edition was built: its released ledger is there, and holds no figure."""
    made = project / "output" / "2017" / "data" / "ledger.json"
    made.parent.mkdir(parents=True)
    made.write_text(Ledger(edition="2017").to_json(), encoding="utf-8")
    return Project(project)


def test_a_figure_that_there_is_not(built: Project) -> None:
    """An unknown figure is told, with the file in which all of them stand."""
    with pytest.raises(ParametersError) as caught:
        publishing.trace(built, "2017", "contacts.totl")
    assert str(caught.value) == (
        "the edition '2017' has no figure 'contacts.totl'\n"
        "  → all of them stand in output/2017/data/figures.csv"
    )


def test_rows_of_what_nobody_counted(built: Project) -> None:
    """Behind a number that others printed there are no rows, and none are written."""
    with pytest.raises(ParametersError) as caught:
        build.trace_rows(built, "2017", "trend.contacts.2012.1")
    assert "was printed elsewhere and isn't counted: no rows stand behind it" in str(caught.value)
    assert not (built.private / "rows").exists()


def test_an_edition_that_was_never_built(project: Path) -> None:
    """Without a released ledger there is nothing to trace; the message says how to make one."""
    with pytest.raises(ParametersError) as caught:
        publishing.trace(Project(project), "2017", "contacts.total")
    assert "there is no released ledger of '2017'" in str(caught.value)
