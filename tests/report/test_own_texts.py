"""Figures that texts name, and that only chapters count which an edition leaves out."""

from pathlib import Path

from helpline_report.parameters.project import Project
from helpline_report.report.own_texts import Chapters, find_figures_elsewhere, read_own_texts
from helpline_report.run.notebooks import read_notebooks
from tests.report.small_projects import copy_small


def test_figures_of_chapters_that_are_left_out(repository: Path) -> None:
    """The summary names them all the same: a series by its field, a figure by none."""
    project = Project(repository)
    edition = project.edition("2017", ["chapters=[summary]"])
    fields = find_figures_elsewhere(project, edition, read_notebooks(project, edition))
    assert (fields["contacts.total"], fields["problems"]) == ("", "problem")
    assert "contacts" not in fields


def test_a_foreword_without_words_is_none(tmp_path: Path) -> None:
    """Nothing stands before the first chapter, not even a title."""
    project = Project(copy_small(tmp_path / "project"))
    path = project.texts("2017", "nl") / "foreword.md"
    path.parent.mkdir(parents=True)
    texts: list[Chapters] = []
    for words in ("", "Dag."):
        path.write_text(f"=== foreword ===\n{words}\n", encoding="utf-8")
        texts.append(read_own_texts(project, project.edition("2017"), {})["nl"])
    assert [list(each) for each in texts] == [[], ["foreword"]]
