"""What stands before chapters run: what of a text can be told without any figure."""

from pathlib import Path

import pytest

from helpline_report.errors import PopulationError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from tests.conftest import copy_project

TYPED = "=== channel ===\nDat is {{ contacts.share.fone }}, of 412.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project in which a text types a number."""
    root = copy_project(tmp_path / "project")
    (root / "params/2017/nl/contacts.md").write_text(TYPED, encoding="utf-8")
    return Project(root)


def test_a_typed_number_is_told_before_a_run(project: Project) -> None:
    """Nobody waits for a run."""
    with pytest.raises(ProseError) as refused:
        check_parameters(project, "2017", to_run=True)
    place = "params/2017/nl/contacts.md, cell 'channel', line 2, column 38"
    assert f"{place}: '412' is a number that is typed" in str(refused.value)


HALF = ["period.end=2017-06-30", "calendar.closed=[]", "campaigns=[]", "events=[]"]


def test_years_of_unequal_length_are_told_before_a_run(tmp_path: Path) -> None:
    """Where a chapter of the edition gives a change in percent."""
    project = Project(copy_project(tmp_path / "project"))
    with pytest.raises(PopulationError) as refused:
        check_parameters(project, "2017", HALF, to_run=True)
    assert str(refused.value) == (
        "notebooks/03_website.ipynb, cell 'count-totals': "
        "'website.users.change': 181 days against 366 are no change in percent\n"
        "  → use chapter.rate_ratio(…, exposure='calendar_day'), or take 'comparison' out of the "
        "parameters, to compare with no year"
    )


@pytest.mark.parametrize(
    "changes",
    [[*HALF, "chapters=[helpline, media]"], []],
    ids=["no change in percent", "leap year"],
)
def test_years_that_are_compared(changes: list[str], tmp_path: Path) -> None:
    """Unequal ones without a change in percent, and a year with the leap year before it."""
    project = Project(copy_project(tmp_path / "project"))
    assert check_parameters(project, "2017", changes, to_run=True).comparison is not None


def test_where_a_ledger_is_there_it_is_asked(project: Project) -> None:
    """It then tells all that is wrong with a text at once, and offers figures."""
    texts = check_parameters(project, "2017").texts
    text = texts["nl"]["contacts"]["channel"]
    assert (text.markdown, text.line) == (TYPED.partition("\n")[2], 2)
