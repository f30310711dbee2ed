from __future__ import annotations

from pathlib import Path

from bench.cases import CASES, edit_code, edit_parameter, edit_prose
from bench.notebooks import write_notebooks
from helpline_report.parameters.project import Project
from helpline_report.prepared import check_parameters


def test_every_turn_changes_a_parameter(project: Path) -> None:
    """The days around the first campaign are others each turn, and nothing else is."""
    seen = []
    for turn in (0, 1, 2):
        edit_parameter(project, turn)
        edition = Project(project).edition("2017")
        seen.append([campaign.around_days for campaign in edition.campaigns])
    assert seen == [[20, 28], [21, 28], [22, 28]]


def test_the_changes_are_sound(project: Path) -> None:
    """What is changed, twice, is still an edition that can be made."""
    for turn in (0, 1):
        for change in (edit_prose, edit_parameter, edit_code):
            change(project, turn)
    assert check_parameters(Project(project), "2017").edition.edition == "2017"


def test_the_floor_is_first() -> None:
    """The cases build on each other: the floor, then the whole edition from nothing."""
    assert [case.name for case in CASES][:3] == ["floor", "cold", "nothing"]


def test_plain_chapters_have_no_placeholder(project: Path, tmp_path: Path) -> None:
    """The other designs get each chapter, its prose without our placeholders, and one run."""
    written = write_notebooks(tmp_path / "plain", project / "data")
    texts = [path.read_text(encoding="utf-8") for path in written]
    assert len(texts) == len([*(project / "notebooks").glob("*.ipynb")])
    assert [text for text in texts if "{{" in text or "helpline_report" in text] == []
    assert any("floor.contacts_by_month(tables);" in text for text in texts)
