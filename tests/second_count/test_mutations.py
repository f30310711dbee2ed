"""Errors planted in one of the two counts: each makes them differ, and is named."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpline_report.figures import counting, intervals, rates
from helpline_report.figures.counting import list_lines
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.population import Population
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.second_count import cell_values, database, recount, row_tables
from helpline_report.second_count.database import open_database
from helpline_report.second_count.differences import (
    Difference,
    Recounted,
    compare_counts,
    find_lines,
)
from helpline_report.second_count.recount import CountedNumbers, recount_figures, recount_ledger
from helpline_report.second_count.row_tables import list_fields
from helpline_report.tables import dataset_reader
from helpline_report.tables.dataset import RowOutcomes, Table
from tests.audit.in_process import dataset, ledger_of, register_of
from tests.cases import read_cases
from tests.conftest import copy_project

pytestmark = pytest.mark.slow

Plant = Callable[[pytest.MonkeyPatch], None]


def planted(where: object, name: str) -> Callable[[Callable[..., Any]], Plant]:
    """An error in a function: what stands in its place is given the right one first."""

    def decorate(wrong: Callable[..., Any]) -> Plant:
        def plant(monkeypatch: pytest.MonkeyPatch) -> None:
            right = getattr(where, name)

            def instead(*arguments: Any, **named: Any) -> Any:
                return wrong(right, *arguments, **named)

            monkeypatch.setattr(where, name, instead)

        plant.__name__ = wrong.__name__
        return plant

    return decorate


@planted(counting, "has_code")
def lost_match(right: Any, register: Any, table: Any, field: str, codes: Any) -> Any:
    """A condition on channels leaves out the first row that meets it."""
    rows = right(register, table, field, codes)
    rows[np.flatnonzero(rows)[:1]] &= field != "channel"
    return rows


@planted(Table, "down")
def widened_join(right: Any, self: Any, values: Any, owner: Any) -> Any:
    """Each row of a lower table is joined to the row above the one that it hangs on."""
    if owner is self or self.parent is None or self.parent_rows is None:
        return right(self, values, owner)
    return self.parent.down(values, owner)[np.maximum(self.parent_rows - 1, 0)]


@planted(cell_values, "create_table")
def wrong_code_in_sql(right: Any, *arguments: Any) -> Any:
    """The second count takes e-mails for telephone calls."""
    return right(*arguments).replace("'E-mail': 'email'", "'E-mail': 'phone'")


@planted(row_tables, "_select")
def lost_join_in_sql(right: Any, source: Any, table: str, values: Any) -> Any:
    """The second count loses the persons of a year."""
    text = right(source, table, values)
    return (
        text.replace("WHERE ", "WHERE editions.edition <> '2016' AND ")
        if table == "persons"
        else text
    )


@planted(dataset_reader, "_make_tables")
def lost_row(right: Any, ordered: Any) -> Any:
    """The chapters count without the last follow-up, after the balance of its file was made."""
    tables = right(ordered)
    whole = tables["followups"]
    shorter = replace(whole, frame=whole.frame[:-1], parent_rows=whole.parent_rows[:-1])
    return {**tables, "followups": shorter}


@planted(database, "read_script")
def thousands_dropped_in_sql(right: Any, name: str) -> Any:
    """The second count reads `2.641` users as two."""
    return right(name).replace(r"regexp_replace(cell, '\D', '', 'g')", "split_part(cell, '.', 1)")


@planted(dataset_reader, "make_traffic")
def month_for_the_year(right: Any, *arguments: Any) -> Any:
    """The chapters take the page views of a month for those of the year."""
    frame, notes = right(*arguments)
    frame = frame.copy()
    views = frame["measure"] == "page_views"
    of_month = frame["value"][views & (frame["grain"] == "month")]
    frame.loc[views & (frame["grain"] == "year"), "value"] = of_month.iloc[0]
    return frame, notes


@planted(RowOutcomes, "counts")
def repaired_too_many(right: Any, self: Any) -> Any:
    """The chapters say of a row that stands as the source wrote it that it was mended."""
    counts = right(self)
    return {**counts, "used": counts["used"] - 1, "repaired B61": 1}


@planted(Population, "during")
def longer_window(right: Any, self: Any, start: Any, end: Any) -> Any:
    """The chapters take more days around each campaign than the parameters say."""
    return right(self, start - timedelta(days=1), end)


@planted(Population, "where")
def wrong_target(right: Any, self: Any, *arguments: Any, **conditions: Any) -> Any:
    """The chapters count a campaign's target group by other ages than the parameters say."""
    if conditions.get("age_class") == ["age_60_plus"]:
        conditions["age_class"] = ["age_45_59", "age_60_plus"]
    return right(self, *arguments, **conditions)


@planted(counting, "_find_age_classes")
def older_class(right: Any, register: Any, table: Any) -> Any:
    """The chapters put who is as old as a class begins into the class before it."""
    ages = register.edition.person_ages
    later = [item.model_copy(update={"start": item.start + 1}) for item in ages]
    edition = register.edition.model_copy(update={"person_ages": later})
    return right(replace(register, edition=edition), table)


@planted(intervals, "wilson")
def swapped_ends(right: Any, *arguments: Any) -> Any:
    """The chapters write the high end of a share's interval first."""
    return right(*arguments)[::-1]


@planted(rates, "_width")
def narrower_of_two(right: Any, limits: Any) -> Any:
    """Of clustering and φ the chapters take the narrower interval."""
    return 1 / right(limits)


@planted(rates, "supports_rise")
def supported_rise(right: Any, *arguments: Any, **named: Any) -> Any:
    """The chapters call a rise supported that its interval doesn't bear out."""
    return right(*arguments, **named).model_copy(update={"value": 1})


def statement(name: str, pattern: str, wrong: str) -> Plant:
    """An error in a statement of the second count: what it has where a pattern is found."""

    @planted(recount._Answers, "rows")
    def plant(right: Any, self: Any, text: str) -> Any:
        return right(self, re.sub(pattern, wrong, text))

    plant.__name__ = name
    return plant


# An error in a statement of the second count, and what differs then.
COUNTED_WRONG_BY_SQL = [
    (statement(name, pattern, wrong), figure, what)
    for cases in read_cases(Path(__file__).with_name("statements.yaml")).values()
    for name, figure, what, pattern, wrong in cases
]


# What an error in the chapters' counting makes wrong: figures, and what of each differs.
COUNTED_WRONG = [
    (lost_match, "contacts.share.phone", "numerator"),
    (widened_join, "persons.by_month.01", "count"),
    (older_class, "persons.by_age.age_6_11", "count"),
    (longer_window, "media.campaign.buses.before", "comparison"),
    (wrong_target, "media.campaign.older_people.target.contacts", "comparison"),
    (swapped_ends, "contacts.share.phone", "interval"),
    (narrower_of_two, "problems.change.child_abuse", "low"),
    (supported_rise, "sectors.sport_leisure.sexual.change", "value"),
]
# An error in the reading of the exports, by the chapters, and by the second count.
READ_WRONG = [
    (month_for_the_year, "website.pageviews"),
    (repaired_too_many, "quality.gemelde_personen.repaired"),
]
READ_WRONG_BY_SQL = [
    (thousands_dropped_in_sql, "website.users.by_month.01"),
    (wrong_code_in_sql, "contacts.share.phone"),
    (lost_join_in_sql, "problems.change.child_abuse"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(copy_project(tmp_path_factory.mktemp("counted") / "project"))


@pytest.fixture(scope="module")
def sound(project: Project) -> Ledger:
    return ledger_of(project.root)


def editions(project: Project) -> list[Edition]:
    return [project.edition("2017"), project.edition("2016")]


def compare(project: Project, ledger: Ledger, numbers: CountedNumbers) -> Recounted:
    return compare_counts(ledger, numbers, editions(project), project.codelists())


def leave_few(ledger: Ledger, figure: str) -> Ledger:
    """The figures that are named like one: some of them are compared with each other."""
    beginning = ".".join(figure.split(".")[:2])
    figures = {name: each for name, each in ledger.figures.items() if name.startswith(beginning)}
    campaigns = ledger.campaigns if beginning == "media.campaign" else {}
    return ledger.model_copy(update={"figures": figures, "campaigns": campaigns})


Counted = Callable[..., Recounted]
Recount = Callable[[Ledger], CountedNumbers]


@pytest.fixture(scope="module")
def chapters(sound: Ledger) -> Mapping[str, str]:
    return {
        figure: chapter.name
        for chapter in sound.chapters
        for cell in chapter.cells
        for figure in cell.figures
    }


@pytest.fixture(scope="module")
def count_again(project: Project) -> Iterator[Recount]:
    """The second count of figures, whose tables stand."""
    years = editions(project)
    fields = list_fields(years, project.layouts(years), project.codelists())
    with open_database(project, years) as database:
        yield lambda ledger: recount_figures(database, ledger, fields)


@pytest.fixture(scope="module")
def count_wrongly(project: Project, chapters: Mapping[str, str], count_again: Recount) -> Counted:
    """Counts, with an error planted, figures like one."""

    def count_both(plant: Plant, figure: str) -> Recounted:
        with pytest.MonkeyPatch.context() as monkeypatch:
            plant(monkeypatch)
            ledger = leave_few(ledger_of(project.root, chapter=chapters[figure]), figure)
        return compare(project, ledger, count_again(ledger))

    return count_both


def figures(recounted: Recounted) -> set[str]:
    return {each.figure for each in recounted.differences}


@pytest.mark.parametrize(("plant", "figure", "what"), COUNTED_WRONG)
def test_an_error_in_the_counting_is_caught(
    count_wrongly: Counted, plant: Plant, figure: str, what: str
) -> None:
    """Planted in conditions, windows, groups, classes, intervals or flags, it is caught."""
    differences = count_wrongly(plant, figure).differences
    assert (figure, what) in {(each.figure, each.what) for each in differences}


@pytest.mark.parametrize(("plant", "figure", "what"), COUNTED_WRONG_BY_SQL)
def test_an_error_in_the_counting_by_sql_is_caught(
    project: Project, sound: Ledger, count_again: Recount, *, plant: Plant, figure: str, what: str
) -> None:
    """Planted in a statement, it is caught at a figure that it makes wrong."""
    alone = {"figures": {figure: sound.figures[figure]}, "campaigns": {}}
    ledger = sound.model_copy(update=alone)
    with pytest.MonkeyPatch.context() as monkeypatch:
        plant(monkeypatch)
        numbers = count_again(ledger)
    differences = compare(project, ledger, numbers).differences
    assert (figure, what) in {(each.figure, each.what) for each in differences}


@pytest.mark.parametrize(("plant", "figure"), READ_WRONG_BY_SQL)
def test_an_error_in_the_reading_by_sql_is_caught(
    project: Project,
    chapters: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    plant: Plant,
    figure: str,
) -> None:
    ledger = ledger_of(project.root, chapter=chapters[figure])
    plant(monkeypatch)
    numbers = recount_ledger(project, editions(project), ledger)
    assert figure in figures(compare(project, ledger, numbers))


@pytest.fixture
def _read_anew() -> Iterator[None]:
    """Exports that are read here are kept for no other test."""
    dataset.cache_clear()
    yield
    dataset.cache_clear()


@pytest.mark.usefixtures("_read_anew")
@pytest.mark.parametrize(("plant", "figure"), READ_WRONG)
def test_an_error_of_reading_is_caught(count_wrongly: Counted, plant: Plant, figure: str) -> None:
    assert figure in figures(count_wrongly(plant, figure))


@pytest.mark.usefixtures("_read_anew")
def test_a_row_that_differs_is_named(project: Project, count_wrongly: Counted) -> None:
    """A row that only SQL counts is told by its line: the last one of the file of follow-ups."""
    every = count_wrongly(lost_row, "followup.total")
    total = next(each for each in every.differences if each.figure == "followup.total")
    recounted = replace(every, differences=(total,))
    # Its tables are those that were read just now.
    register, ledger = register_of(project.root), ledger_of(project.root, chapter="followup")
    years = editions(project)
    with_lines = find_lines(
        project, years, ledger, recounted, lines=lambda spec: list_lines(register, spec)
    )
    assert with_lines.differences == (
        Difference("followup.total", "count", 11004, 11005, "followups", (), (11006,)),
    )
