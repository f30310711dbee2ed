"""A new year begins with what the last one leaves: its parameters, its closing days, its text."""

import datetime as dt
import re
from textwrap import dedent
from typing import Any

import pytest
import yaml

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Calendar, Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import Period
from helpline_report.setup.new_year import (
    NewEdition,
    move_closing_days,
    move_period,
    propose_year,
    write_edition,
)
from helpline_report.setup.yaml_text import YamlText
from tests.conftest import refusal
from tests.setup.proposals import decided

WITH_EVERYTHING = """\
# Of 2017.
edition: "2017"
title: {nl: Verslag 2017, en: Report 2017}
rows: confidential
draft: true
period: {start: 2017-01-01, end: 2017-12-31}
helpline: {name: x, full_name: {nl: x, en: x}, website: x}
publisher: {name: {nl: x, en: x}, licence: x, responsible: x, email: x@y.be, accessibility: {
  conformity: partial, prepared_on: 2018-01-01, tested: {nl: x, en: x}}}
sources:
  - {layout: registration-1712, folder: exports/2017, files: {contacts: c-2017.csv}}
  - {layout: google-analytics-nl, folder: "${SHARE}/2017"}
acknowledged:
  - {fault: B56, rows: 3, reason: {nl: x, en: x}}
control_totals: [{table: contacts, rows: 9}]
disclosure: {threshold: 0, decided_by: x, decided_on: 2018-01-01, reason: {nl: x, en: x}}
calendar: {working_days: [1], closed: [{date: 2017-04-17, reason: {nl: Paasmaandag, en: x}}]}
age_classes: [{code: all, from: 0, label: {nl: x, en: x}}]
person_ages: [{code: all, from: 0, label: {nl: x, en: x}}]
breaks:
  - {id: old, kind: starts, field: context, date: 2017-01-01, note: {nl: x, en: x}}
  # It lies within the year before.
  - {id: young, kind: starts, field: context, date: 2017-07-01, note: {nl: x, en: x}}
facts:
  phone: "1712"
"""


@pytest.fixture
def everything(project: Project) -> Project:
    """A project whose edition of 2017 says all there is to say."""
    project.parameters_file("2017").write_text(WITH_EVERYTHING, encoding="utf-8")
    return project


def begun(project: Project, name: str = "2018", before: str | None = None) -> NewEdition:
    new = propose_year(project, name, before)
    write_edition(project, new)
    return new


def read(project: Project, name: str = "2018") -> Edition:
    """The edition with every proposal taken as it stands."""
    path = project.parameters_file(name)
    answers = {"decided_by": "me", "decided_on": "2019-01-31", "nl": "omdat", "en": "because"}
    answers |= {"address": "een straat"}
    path.write_text(decided(path.read_text(encoding="utf-8"), answers), encoding="utf-8")
    return project.edition(name)


def test_a_year_asks_what_only_people_know(project: Project) -> None:
    """Each question is told with its line, and nothing runs before all are answered."""
    begun(project)
    message = refusal(ParametersError, project.edition, "2018")
    assert re.findall(r"to decide: ([a-z0-9_.]+):", message) == [
        "rows",
        "comparison",
        "publisher.responsible",
        "publisher.accessibility",
        "publisher.address",
        "sources",
        "control_totals",
        "printed",
        "calendar.closed",
        *(f"calendar.closed.{number}" for number in range(6)),
        "age_classes",
        "person_ages",
        "campaigns",
        "events",
        "breaks",
        "facts",
    ]
    assert message.splitlines()[:2] == [
        "params/2018.yaml:8: to decide: rows: confidential (of real people), public (published "
        "rows) or synthetic (made up)?",
        "params/2018.yaml:11: to decide: comparison: the exports of 2017 are read again, by its "
        "own parameters: are both as published?",
    ]
    # Questions that are open aren't handed on.
    with pytest.raises(ParametersError, match=r"params/2018\.yaml:8: to decide: rows"):
        propose_year(project, "2019")


def test_proposals_taken_as_they_stand_are_an_edition(project: Project) -> None:
    """It is of another year with its own exports, and compared with the year before."""
    begun(project)
    edition = read(project)
    assert edition.title.nl == "Jaarverslag 2018"
    assert (edition.rows, edition.comparison, edition.year) == ("confidential", "2017", "2018")
    assert [source.folder for source in edition.sources] == [
        "data/raw/2018",
        "data/raw/2018/google-analytics",
    ]
    lists = [edition.printed, edition.printed_claims, edition.campaigns, edition.events]
    assert [*lists, edition.breaks] == [[], [], [], [], []]
    assert (edition.facts, edition.disclosure) == (project.edition("2017").facts, None)


def test_what_is_said_of_the_helpline_goes_on(project: Project) -> None:
    """Its chapter isn't about the year; a title may be one text."""
    texts = project.texts("2017", "nl")
    (texts / "helpline.md").write_text("=== title ===\n# Wij\n", encoding="utf-8")
    path = project.parameters_file("2017")
    title = "title: {nl: Jaarverslag 2017, en: Annual report 2017}"
    text = path.read_text(encoding="utf-8")
    assert title in text
    path.write_text(text.replace(title, "title: Verslag van 2017"), encoding="utf-8")
    begun(project)
    assert (project.texts("2018", "nl") / "helpline.md").read_text("utf-8").endswith("# Wij\n")
    assert read(project).title.in_language("en") == "Verslag van 2018"


def test_a_year_changes_nothing_in_others(project: Project) -> None:
    """No byte of what was there; folders of exports, which are of people, are their owner's.

    Every comment of 2017 that isn't inside what is asked anew stands in 2018.
    """
    texts = project.texts("2018", "nl")
    texts.mkdir(parents=True)
    (texts / "contacts.md").write_text("somebody may have begun to write\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    new = begun(project)
    assert {path: path.read_bytes() for path in before} == before
    old = project.parameters_file("2017").read_text(encoding="utf-8")
    comments = [line for line in old.splitlines() if line.startswith("#")]
    comments = [line.replace("2017", "2018") for line in comments]
    assert [line for line in new.text.splitlines() if line in comments] == comments
    added = {p for p in project.root.rglob("*") if p.is_file()} - set(before)
    names = {path.relative_to(project.root).as_posix() for path in added}
    assert names == {"params/2018.yaml"}
    folder = project.root / "data" / "raw" / "2018" / "google-analytics"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_git_takes_no_exports_along(project: Project) -> None:
    """It ignores a new folder beside last year's; a folder that was there stays as it is."""
    path = project.parameters_file("2017")
    for old in ("data/sample/2017/google-analytics", "data/sample/2017"):
        new = old.replace("sample/2017", "line-2017").replace("/google", "-google")
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    (project.root / "data" / "line-2018-google-analytics").mkdir(parents=True)
    begun(project)
    ignored = sorted(each.parent.name for each in project.root.glob("data/*/.gitignore"))
    assert ignored == ["line-2018"]


def test_what_is_of_last_year_alone_goes(everything: Project) -> None:
    """Acknowledged faults, totals, decisions, the draft, breaks that no comparison crosses now."""
    begun(everything)
    edition = read(everything)
    assert edition.disclosure is None
    assert (edition.acknowledged, edition.control_totals, edition.draft) == ([], [], False)
    assert [item.id for item in edition.breaks] == ["young"]
    assert edition.sources[0].files == {"contacts": "c-2018.csv"}
    assert [source.folder for source in edition.sources] == ["exports/2018", "${SHARE}/2018"]
    assert not (everything.root / "${SHARE}").exists()
    assert [str(item.date) for item in edition.calendar.closed] == ["2018-04-02"]


def test_an_edition_may_be_named_by_more_than_its_year(project: Project) -> None:
    """A helpline of elsewhere, which has no closing days; the edition to begin from can be said."""
    new = begun(project, "linea144-2022")
    assert new.before == "linea144-2021"
    assert new.folders == ()
    edition = read(project, "linea144-2022")
    assert edition.comparison == "linea144-2021"
    assert edition.sources[0].files == {"consultations": "linea144-2022.csv"}
    begun(project, "2020", "2017")
    edition = read(project, "2020")
    assert edition.year == "2020"
    assert "2020-04-13" in [item.date.isoformat() for item in edition.calendar.closed]


FROM = "\n  → say from which: helpline-report new-year YEAR --from EDITION"
NAMED = "\n  → name it by its year: helpline-report new-year 2018"
THERE_ARE = "(there are: 2016, 2017, linea144-2020, linea144-2021)"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "2017",
            "params/2017.yaml: there is an edition '2017' already\n"
            "  → edit it, and see what it lacks: helpline-report check 2017; "
            "or take it away, and begin anew",
        ),
        (
            "2019",
            "params/2018.yaml: there is no edition '2018' to begin from, did you mean '2017'? "
            + THERE_ARE
            + FROM,
        ),
        ("next", "no year in 'next'" + NAMED),
        ("2017-2018", "more than one year in '2017-2018'" + NAMED),
        ("../2018", f"'../2018' can't name an edition: small letters, digits, '-' and '_'{NAMED}"),
    ],
)
def test_a_year_that_cant_begin_is_told(project: Project, name: str, message: str) -> None:
    """With what to type instead."""
    assert refusal(ParametersError, propose_year, project, name) == message


def test_the_questions_are_counted(project: Project) -> None:
    """What is said to do next is short, and says how many there are."""
    new = begun(project)
    assert list(new.next_steps()) == [
        "put the exports of 2018 into data/raw/2018 and data/raw/2018/google-analytics",
        "answer the 21 questions of params/2018.yaml, each a !todo",
        "see what is missing, until nothing is: helpline-report check 2018",
        "write what the year has to say in params/2018/nl/",
        "make the report: helpline-report build 2018",
    ]


# Closing days, moved from one year to another

OLD, NEW = (Period(start=dt.date(year, 1, 1), end=dt.date(year, 12, 31)) for year in (2008, 2009))


def closed(*days: tuple[str, str]) -> Calendar:
    listed = [{"date": date, "reason": {"nl": name, "en": name}} for date, name in days]
    return Calendar.model_validate({"working_days": [1, 2, 3, 4, 5], "closed": listed})


def test_the_closing_days_of_2017_come_from_those_of_2016(project: Project) -> None:
    """But for those that fell in a weekend in 2016, which the question above them names."""
    old, new = project.edition("2016"), project.edition("2017")
    days = move_closing_days(old.calendar, old.period, new.period)
    lacking = {item.date for item in new.calendar.closed} - {*days}
    assert lacking == {dt.date(2017, 5, 1), dt.date(2017, 12, 25)}
    assert all(days[item.date].reason == item.reason for item in new.calendar.closed[:1])
    question = "  closed: !todo  # closed on which other days of 2018, such as a holiday that fell "
    assert f"{question}in a weekend in 2017?\n    - !todo {{date: 2018-04-02" in begun(project).text


@pytest.mark.parametrize(
    ("days", "moved"),
    [
        ([("2008-05-12", "Pinkstermaandag")], ["2009-06-01 Pinkstermaandag"]),
        ([("2008-12-25", "Kerstmis")], ["2009-12-25 Kerstmis"]),
        # The helpline needn't close on 15 August 2009, which was a Saturday.
        ([("2008-08-15", "Onze-Lieve-Vrouw-Hemelvaart")], []),
        # No day stands twice, and all stand in order.
        (
            [("2008-12-25", "Kerstmis"), ("2008-04-13", "x"), ("2008-03-24", "Paasmaandag")],
            ["2009-04-13 x", "2009-12-25 Kerstmis"],
        ),
    ],
)
def test_closing_days_move_by_what_they_are(days: list[tuple[str, str]], moved: list[str]) -> None:
    """With Easter, or by their date."""
    proposed = move_closing_days(closed(*days), OLD, NEW)
    assert [f"{day} {item.reason.nl}" for day, item in proposed.items()] == moved


def test_a_period_that_ends_with_february_still_does() -> None:
    """The new period ends on the last day of February, in leap years too."""
    period = Period(start=dt.date(2015, 3, 1), end=dt.date(2016, 2, 29))
    assert move_period(period, 1) == Period(start=dt.date(2016, 3, 1), end=dt.date(2017, 2, 28))
    assert move_period(move_period(period, 1), 3).end == dt.date(2020, 2, 29)


# Changes to a YAML text leave everything else as it stands, to the letter

TEXT = dedent(
    """\
    # The heading of 2017.
    name: "x"  # a name
    # Above the list.
    days:   # of the week
      - {day: 1, of: [a, b]}
      # between
      - day: 2
        of:
          - c
    # Above the end.
    end: {x: 1, y: 2}
    long: |
      one
      two
    asked: 1  # how many?
    last: 9
    """
)
DAYS = TEXT[TEXT.index("days:") : TEXT.index("# Above the end")]


@pytest.mark.parametrize(
    ("change", "arguments", "options", "old", "new"),
    [
        # A value is replaced in its place, a block on the line of its key, comments stay.
        ("replace", (("name",), "y"), {}, '"x"  #', "y  #"),
        ("replace", (("days",), "[]"), {}, DAYS, "days: []\n"),
        # A value to decide is tagged, and the question stands at the end of the line.
        ("decide", (("last",), "so many?"), {}, "last: 9", "last: !todo 9  # so many?"),
        (
            "decide",
            (("end", "x"), "why?"),
            {"value": "3"},
            "{x: 1, y: 2}",
            "{x: !todo 3, y: 2}  # why?",
        ),
        # Without a proposal the tag stands alone, but within braces YAML wants something behind it.
        ("decide", (("last",), "how?"), {"value": ""}, "last: 9", "last: !todo  # how?"),
        ("decide", (("asked",), "how?"), {}, "asked: 1  # how many?", "asked: !todo 1  # how?"),
        (
            "decide",
            (("end", "y"), "why?"),
            {"value": ""},
            "{x: 1, y: 2}",
            '{x: 1, y: !todo ""}  # why?',
        ),
        # A block is tagged on the line of its key, or gives way to a value.
        ("decide", (("days", 1, "of"), "all?"), {}, "    of:\n", "    of: !todo  # all?\n"),
        ("decide", (("days",), "which?"), {"value": "[]"}, DAYS, "days: !todo []  # which?\n"),
        # What isn't there is written behind another key, or not at all.
        (
            "decide",
            (("new",), "which?"),
            {"value": "[]", "after": "name"},
            "# a name\n",
            "# a name\nnew: !todo []  # which?\n",
        ),
        ("decide", (("new",), "which?"), {}, "", ""),
        # An item goes with its lines, and lines are inserted behind a text of several lines too.
        ("remove_item", (("days", 1),), {}, "  - day: 2\n    of:\n      - c\n", ""),
        ("insert_after", (("long",), "new: 1\n"), {}, "  two\n", "  two\nnew: 1\n"),
        # A word of the heading is replaced there alone.
        ("replace_in_heading", ("2017", "2018"), {}, "heading of 2017", "heading of 2018"),
    ],
)
def test_a_change_leaves_the_rest(
    change: str, arguments: tuple[Any, ...], options: dict[str, str], old: str, new: str
) -> None:
    """Comments, order and spacing stay as they are, and the text can be read."""
    text = YamlText(TEXT)
    getattr(text, change)(*arguments, **options)
    assert text.changed() == TEXT.replace(old, new)
    assert yaml.SafeLoader(text.changed()).get_single_node() is not None
