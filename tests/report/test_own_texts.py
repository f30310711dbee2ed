"""Figures that texts name, and that only chapters count which an edition leaves out."""

from pathlib import Path

from helpline_report.parameters.project import Project
from helpline_report.report.own_texts import find_figures_elsewhere
from helpline_report.run.notebooks import read_notebooks


def test_figures_of_chapters_that_are_left_out(repository: Path) -> None:
    """The summary names them all the same: a series by its field, a figure by none."""
    project = Project(repository)
    edition = project.edition("2017", ["chapters=[summary]"])
    fields = find_figures_elsewhere(project, edition, read_notebooks(project, edition))
    assert (fields["contacts.total"], fields["problems"]) == ("", "problem")
    assert "contacts" not in fields
