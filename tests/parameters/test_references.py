"""Names of the parameters that lead nowhere, and codes that no break tells of."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import check_names, find_undeclared_breaks

# Names of the parameters that lead nowhere are found before anything runs


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


# A code that begins or ends within the years compared is told of by a break

WHAT = (
    "params/{year}.yaml: breaks: the codes of '{field}' change on {day} ({codes}), and no break "
    "says so; add there, or say which code was split with 'kind: split':\n"
    "      - id: {field}_{slug}\n"
    "        kind: revision\n"
    "        field: {field}\n"
    "        date: {day}\n"
    "        note: {{nl: …, en: …}}"
)


def told(field: str, day: str, codes: str) -> str:
    """The message on one day."""
    return WHAT.format(year="2017", field=field, day=day, codes=codes, slug=day.replace("-", "_"))


def date_a_label(given: Project, dated: str) -> None:
    """Date the label of e-mails in the layout."""
    path = given.layout_file("registration-1712")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("E-mail: email", f"E-mail: {dated}"), encoding="utf-8")


def check(given: Project, *overrides: str) -> None:
    """Look at the edition of 2017."""
    check_names(given, given.edition("2017", overrides), given.codelists())


def complaints(given: Project) -> list[str]:
    """What is said of codes that are dated without a break."""
    return list(find_undeclared_breaks(given, given.edition("2017"), given.codelists()))


def test_the_breaks_of_the_sample_tell_of_its_code_lists(given: Project) -> None:
    """Contexts began on 1 July 2016, and two of them on 1 January 2017."""
    assert complaints(given) == []


def test_a_label_that_is_dated_without_a_break(given: Project) -> None:
    """The lines to add are ready to be pasted."""
    date_a_label(given, "{code: email, from: 2017-03-01}")
    with pytest.raises(ParametersError) as error:
        check(given)
    assert error.value.what == told("channel", "2017-03-01", "email")


def test_a_code_list_that_is_dated_without_a_break(given: Project) -> None:
    """Dates of a code list count as those of a layout do, for codes that the layout gives."""
    path = given.root / "data" / "codelists" / "handling.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("{code: case,", "{code: case, from: 2017-06-01,"), encoding="utf-8"
    )
    with pytest.raises(ParametersError) as error:
        check(given)
    assert error.value.what == told("handling", "2017-06-01", "case")


def test_the_day_after_a_label_ends_is_the_day_of_the_change(given: Project) -> None:
    """`until` is counted."""
    date_a_label(given, "{code: email, until: 2017-02-28}")
    with pytest.raises(ParametersError) as error:
        check(given)
    assert error.value.what == told("channel", "2017-03-01", "email")


def test_a_label_that_changed_in_the_comparison_year_is_told_of_too(given: Project) -> None:
    """The comparison crosses it."""
    date_a_label(given, "{code: email, from: 2016-03-01}")
    with pytest.raises(ParametersError) as error:
        check(given)
    assert error.value.what == told("channel", "2016-03-01", "email")


def test_a_label_that_changed_before_both_years_needs_no_break(given: Project) -> None:
    """Nothing is compared across it."""
    date_a_label(given, "{code: email, from: 2014-03-01, until: 2017-12-31}")
    assert complaints(given) == []


def test_a_revision_of_the_table_on_that_day_tells_of_it(given: Project) -> None:
    """The system was adapted on 1 January 2017: every comparison of contacts says so."""
    date_a_label(given, "{code: email, from: 2017-01-01}")
    check(given)
