"""Names of the parameters that lead nowhere, and codes that no break tells of."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import (
    check_edition,
    check_names,
    find_undeclared_breaks,
)
from tests.cases import read_cases

CASES = read_cases(Path(__file__).with_name("cases.yaml"))

# Names of the parameters that lead nowhere are found before anything runs


@pytest.fixture
def copy(tmp_path: Path, repository: Path) -> Project:
    """A project folder of its own, without chapters and exports."""
    for part in ("params", "data"):
        skip = shutil.ignore_patterns("raw", "sample", "nl", "en")
        shutil.copytree(repository / part, tmp_path / part, ignore=skip)
    return Project(tmp_path, {})


def refused(copy: Project, *overrides: str) -> str:
    with pytest.raises(ParametersError) as error:
        check_names(copy, copy.edition("2017", overrides), copy.codelists())
    return error.value.what


@pytest.mark.parametrize(("override", "message"), CASES["references"])
def test_a_name_that_leads_nowhere(repository: Path, override: str, message: str) -> None:
    """The nearest one is named; where none is near, all there are."""
    assert refused(Project(repository), override) == f"params/2017.yaml: {message}"


def test_a_break_names_codes_that_a_list_holds_or_is_open_for(repository: Path) -> None:
    """Ages that aren't known have a class too."""
    project = Project(repository)
    lists = project.codelists()
    lists["channel"] = lists["channel"].model_copy(update={"open": True})
    item = "{id: %s, kind: starts, date: 2017-01-01, note: x, field: %s, new: [%s]}"
    for named in (("a", "channel", "pigeon"), ("b", "age_class", "unknown")):
        check_names(project, project.edition("2017", [f"breaks.0={item % named}"]), lists)


def test_the_editions_of_this_project_name_what_is_there(repository: Path) -> None:
    """Both years of the sample pass; a day typed twice, which hides another, doesn't."""
    copy = Project(repository)
    for name in ("2016", "2017"):
        check_names(copy, copy.edition(name), copy.codelists())
    day = "{date: 2017-05-01, reason: {nl: x, en: x}}"
    with pytest.raises(ParametersError, match="the closing day 2017-05-01 stands twice"):
        copy.edition("2017", [f"calendar.closed=[{day}, {day}]"])


@pytest.mark.parametrize(
    ("dated", "listed"),
    [
        ({"leisure": {"start": dt.date(2010, 1, 1)}}, ""),
        ({key: {"start": dt.date(2010, 1, 1)} for key in ("sport", "leisure")}, "2010-01-01"),
        ({"sport_leisure": {"until": dt.date(2009, 12, 31)}}, "2010-01-01"),
        ({"sport_leisure": {"until": dt.date(2016, 12, 31)}}, ""),
    ],
)
def test_a_split_into_a_code_that_was_there_before(
    repository: Path, dated: dict[str, dict[str, dt.date]], listed: str
) -> None:
    """Its day is held to the starts if all new codes have one, and to the old code's end."""
    project = Project(repository)
    lists, undated = project.codelists(), {"start": None, "until": None}
    context = lists["context"]
    codes = [
        code.model_copy(update={**undated, **dated.get(code.code, {})}) for code in context.codes
    ]
    lists = {**lists, "context": context.model_copy(update={"codes": codes})}
    edition = project.edition("2017")
    (split,) = (item for item in edition.breaks if item.kind == "split")
    edition = edition.model_copy(update={"breaks": [split]})
    wrong = f"breaks.{split.id}: the split is on 2017-01-01, by the code list on {listed}"
    if not listed:
        check_names(project, edition, lists)
        return
    with pytest.raises(ParametersError, match=wrong):
        check_names(project, edition, lists)


# A code that begins or ends within the years compared is told of by a break

WHAT = (
    "params/2017.yaml: breaks: the codes of '{field}' change on {day} ({code}), and no break "
    "says so; add there, or say which code was split with 'kind: split':\n"
    "      - id: {field}_{slug}\n"
    "        kind: revision\n"
    "        field: {field}\n"
    "        date: {day}\n"
    '        note: {{nl: "…", en: "…"}}'
)
LAYOUT = ("params/layouts/registration-1712.yaml", "E-mail: email", "E-mail: {%s}")
LIST = ("data/codelists/handling.yaml", "{code: case,", "{%s,")


@pytest.mark.parametrize(
    ("place", "dated", "day"),
    [
        (LAYOUT, "code: email, from: 2017-03-01", "2017-03-01"),
        # `until` is counted: the day after it is that of the change.
        (LAYOUT, "code: email, until: 2017-02-28", "2017-03-01"),
        # The comparison crosses what changed in the year before, but not what changed earlier.
        (LAYOUT, "code: email, from: 2016-03-01", "2016-03-01"),
        (LAYOUT, "code: email, from: 2014-03-01, until: 2017-12-31", ""),
        # The system was adapted on that day: a revision of contacts says so.
        (LAYOUT, "code: email, from: 2017-01-01", ""),
        # Dates of a code list count as those of a layout do, for codes that the layout gives.
        (LIST, "code: case, from: 2017-06-01", "2017-06-01"),
    ],
)
def test_a_code_that_is_dated_without_a_break(
    copy: Project, place: tuple[str, str, str], dated: str, day: str
) -> None:
    """The lines to add are ready to be pasted; where a break tells of the day, nothing is said."""
    name, old, new = place
    path = copy.root / name
    path.write_text(path.read_text("utf-8").replace(old, new % dated), encoding="utf-8")
    complaints = list(find_undeclared_breaks(copy, copy.edition("2017"), copy.codelists()))
    assert len(complaints) == bool(day)
    if day:
        field, code = ("channel", "email") if place is LAYOUT else ("handling", "case")
        slug = day.replace("-", "_")
        assert refused(copy) == WHAT.format(field=field, day=day, code=code, slug=slug)


def test_what_the_comparison_names_may_be_gone(copy: Project) -> None:
    """Staff are handed the parameters of that year, and not what these name."""
    parameters = copy.parameters_file("2017").read_text("utf-8")
    third = parameters.replace('edition: "2017"', 'edition: "2018"')
    third = third.replace('comparison: "2016"', 'comparison: "2017"')
    copy.parameters_file("2018").write_text(third, "utf-8")
    copy.parameters_file("2016").unlink()
    gone = parameters.replace("data/printed/2017.csv", "data/printed/gone.csv")
    copy.parameters_file("2017").write_text(gone, "utf-8")
    check_edition(copy, "2018")
