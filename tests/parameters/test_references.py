"""Names of the parameters that lead nowhere, and codes that no break tells of."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import check_names, find_undeclared_breaks

# Names of the parameters that lead nowhere are found before anything runs


@pytest.fixture
def copy(project: Path) -> Project:
    """A project folder of its own."""
    return Project(project, {})


def refused(copy: Project, *overrides: str) -> str:
    """What is said of the edition of 2017 with these overrides."""
    with pytest.raises(ParametersError) as error:
        check_names(copy, copy.edition("2017", overrides), copy.codelists())
    return error.value.what


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "helpline.lines=[antwerp]",
            "helpline.lines: no helpline 'antwerp' in the code list, did you mean 'antwerpen'?",
        ),
        (
            "campaigns.0.target.persons={age_class: [age_60_plu]}",
            "campaigns.older_people.target: 'age_class' has no code 'age_60_plu', did you mean "
            "'age_60_plus'?",
        ),
        (
            "campaigns.0.target.persons={problm: [child_abuse]}",
            "campaigns.older_people.target: there is no field 'problm', did you mean 'problem'?",
        ),
        (
            "printed=[data/printed/2018.csv]",
            "printed: there is no file 'data/printed/2018.csv'",
        ),
        (
            "sources.0.layout=registratie-1712",
            "sources.0.layout: there is no layout 'registratie-1712', did you mean "
            "'registration-1712'?",
        ),
        (
            "sources.0.layout=crm",
            "sources.0.layout: there is no layout 'crm'; there are: google-analytics-nl, linea144, "
            "registration-1712, web-analytics",
        ),
    ],
)
def test_a_name_that_leads_nowhere(copy: Project, override: str, message: str) -> None:
    """The nearest one is named; where none is near, all there are."""
    assert refused(copy, override) == f"params/2017.yaml: {message}"


def test_a_closing_day_stands_once(copy: Project) -> None:
    """A day typed twice hides another that was meant."""
    day = "{date: 2017-05-01, reason: {nl: x, en: x}}"
    with pytest.raises(ParametersError, match="the closing day 2017-05-01 stands twice"):
        copy.edition("2017", [f"calendar.closed=[{day}, {day}]"])


def test_the_editions_of_this_project_name_what_is_there(copy: Project) -> None:
    """Both years of the sample pass."""
    for name in ("2016", "2017"):
        check_names(copy, copy.edition(name), copy.codelists())


# A code that begins or ends within the years compared is told of by a break

WHAT = (
    "params/{year}.yaml: breaks: the codes of '{field}' change on {day} ({codes}), and no break "
    "says so; add there, or say which code was split with 'kind: split':\n"
    "      - id: {field}_{slug}\n"
    "        kind: revision\n"
    "        field: {field}\n"
    "        date: {day}\n"
    '        note: {{nl: "…", en: "…"}}'
)


def message_of(field: str, day: str, codes: str) -> str:
    """The message on one day."""
    return WHAT.format(year="2017", field=field, day=day, codes=codes, slug=day.replace("-", "_"))


def date_a_label(copy: Project, dated: str) -> None:
    """Date the label of e-mails in the layout."""
    path = copy.layout_file("registration-1712")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("E-mail: email", f"E-mail: {dated}"), encoding="utf-8")


def complaints(copy: Project) -> list[str]:
    """What is said of codes that are dated without a break."""
    return list(find_undeclared_breaks(copy, copy.edition("2017"), copy.codelists()))


def test_the_breaks_of_the_sample_tell_of_its_code_lists(copy: Project) -> None:
    """Contexts began on 1 July 2016, and two of them on 1 January 2017."""
    assert complaints(copy) == []


@pytest.mark.parametrize(
    ("dated", "day"),
    [
        ("{code: email, from: 2017-03-01}", "2017-03-01"),
        # `until` is counted: the day after it is that of the change.
        ("{code: email, until: 2017-02-28}", "2017-03-01"),
        # The comparison crosses what changed in the year before.
        ("{code: email, from: 2016-03-01}", "2016-03-01"),
    ],
)
def test_a_label_that_is_dated_without_a_break(copy: Project, dated: str, day: str) -> None:
    """The lines to add are ready to be pasted."""
    date_a_label(copy, dated)
    assert refused(copy) == message_of("channel", day, "email")


@pytest.mark.parametrize(
    "dated",
    [
        # Nothing is compared across what changed before both years.
        "{code: email, from: 2014-03-01, until: 2017-12-31}",
        # The system was adapted on that day: a revision of contacts says so.
        "{code: email, from: 2017-01-01}",
    ],
)
def test_a_label_that_needs_no_break_of_its_own(copy: Project, dated: str) -> None:
    """Its days lie before both years, or a break tells of them."""
    date_a_label(copy, dated)
    assert complaints(copy) == []


def test_a_code_list_that_is_dated_without_a_break(copy: Project) -> None:
    """Dates of a code list count as those of a layout do, for codes that the layout gives."""
    path = copy.root / "data" / "codelists" / "handling.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("{code: case,", "{code: case, from: 2017-06-01,"), encoding="utf-8"
    )
    assert refused(copy) == message_of("handling", "2017-06-01", "case")
