"""Names of the parameters that lead nowhere are found before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import check_names


@pytest.fixture
def given(project: Path) -> Project:
    """A project folder of its own."""
    return Project(project, {})


def refused(given: Project, *overrides: str) -> str:
    """What is said of the edition of 2017 with these overrides."""
    with pytest.raises(ParametersError) as error:
        check_names(given, given.edition("2017", overrides), given.codelists())
    return error.value.what


def test_a_helpline_that_no_list_knows(given: Project) -> None:
    """The nearest one is named."""
    assert refused(given, "helpline.lines=[antwerp]") == (
        "params/2017.yaml: helpline.lines: no helpline 'antwerp' in the code list, "
        "did you mean 'antwerpen'?"
    )


def test_a_target_group_that_nobody_is_in(given: Project) -> None:
    """A code of a campaign's target is held to its field."""
    assert refused(given, "campaigns.0.target.persons={age_class: [age_60_plu]}") == (
        "params/2017.yaml: campaigns.older_people.target: 'age_class' has no code 'age_60_plu', "
        "did you mean 'age_60_plus'?"
    )


def test_a_target_of_no_field(given: Project) -> None:
    """A misspelt field is no group of people."""
    assert refused(given, "campaigns.0.target.persons={problm: [child_abuse]}") == (
        "params/2017.yaml: campaigns.older_people.target: there is no field 'problm', "
        "did you mean 'problem'?"
    )


def test_printed_figures_that_are_not_there(given: Project) -> None:
    """A file that is missing is missed before the chapters run."""
    assert refused(given, "printed=[data/printed/2018.csv]") == (
        "params/2017.yaml: printed: there is no file 'data/printed/2018.csv'"
    )


def test_a_closing_day_stands_once(given: Project) -> None:
    """A day typed twice hides another that was meant."""
    day = "{date: 2017-05-01, reason: {nl: x, en: x}}"
    with pytest.raises(ParametersError, match="the closing day 2017-05-01 stands twice"):
        given.edition("2017", [f"calendar.closed=[{day}, {day}]"])


def test_the_editions_of_this_project_name_what_is_there(given: Project) -> None:
    """Both years of the sample pass."""
    for name in ("2016", "2017"):
        check_names(given, given.edition(name), given.codelists())


def test_a_layout_that_there_is_not(given: Project) -> None:
    """The nearest one is named; where none is near, all there are."""
    assert refused(given, "sources.0.layout=registratie-1712") == (
        "params/2017.yaml: sources.0.layout: there is no layout 'registratie-1712', "
        "did you mean 'registration-1712'?"
    )
    assert refused(given, "sources.0.layout=crm").endswith(
        "there is no layout 'crm'; there are: google-analytics-nl, linea144, registration-1712, "
        "web-analytics"
    )
