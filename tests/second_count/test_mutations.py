"""Errors planted in one of the two counts: each makes them differ, and is named."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpline_report.figures import counting, intervals, measures, population, rates
from helpline_report.figures.counting import lines_of
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Calendar
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import Period
from helpline_report.second_count import cell_values, database, recount_script, row_tables
from helpline_report.second_count.database import open_database
from helpline_report.second_count.differences import (
    Difference,
    Recounted,
    compare_counts,
    find_lines,
)
from helpline_report.second_count.recount import count_figures, count_twice, fields_of
from helpline_report.tables import dataset_reader, typed_columns
from helpline_report.tables.dataset import RowOutcomes, Table
from helpline_report.tables.dataset_reader import load_dataset
from tests.audit.in_process import dataset, ledger_of
from tests.conftest import copy_project

Plant = Callable[[pytest.MonkeyPatch], None]


def counted(root: Path) -> Recounted:
    """Both counts of a project of a test's own, and what differs."""
    dataset.cache_clear()
    project = Project(root)
    edition, before = project.edition("2017"), project.edition("2016")
    lists = project.codelists()
    earlier = Register(before, load_dataset(project, before), lists)
    register = Register(edition, load_dataset(project, edition), lists, earlier)
    ledger, editions = ledger_of(root), [edition, before]
    second = count_twice(project, editions, ledger)
    recounted = compare_counts(ledger, second, editions, lists)
    return find_lines(
        project, editions, ledger, recounted, lines=lambda spec: lines_of(register, spec)
    )


def test_the_two_counts_agree(project: Path) -> None:
    """Without an error planted no figure differs, and each has been counted."""
    recounted = counted(project)
    assert recounted.differences == ()
    with_values = [f for f in ledger_of(project).figures.values() if f.status == "ok"]
    assert recounted.figures == len(with_values) > 1300


def planted(where: object, name: str) -> Callable[[Callable[..., Any]], Plant]:
    """An error in a function: what stands in its place is given the right one first."""

    def decorate(wrong: Callable[..., Any]) -> Plant:
        def plant(monkeypatch: pytest.MonkeyPatch) -> None:
            right = getattr(where, name)

            def instead(*given: Any, **named: Any) -> Any:
                return wrong(right, *given, **named)

            monkeypatch.setattr(where, name, instead)

        plant.__name__ = wrong.__name__
        return plant

    return decorate


@planted(counting, "_condition_mask")
def lost_match(right: Any, register: Any, table: Any, condition: Any) -> Any:
    """A condition on channels leaves out the first row that meets it."""
    rows = right(register, table, condition)
    rows[np.flatnonzero(rows)[:1]] &= condition.field != "channel"
    return rows


@planted(Table, "down")
def widened_join(right: Any, self: Any, values: Any, owner: Any) -> Any:
    """Each row of a lower table is joined to the row above the one that it hangs on."""
    if owner is self or self.parent is None or self.parent_rows is None:
        return right(self, values, owner)
    return self.parent.down(values, owner)[np.maximum(self.parent_rows - 1, 0)]


@planted(typed_columns, "label_reader")
def wrong_code(right: Any, labels: Any, *given: Any) -> Any:
    """The chapters take e-mails for telephone calls."""
    return right(labels | {"E-mail": "phone"} if "E-mail" in labels else labels, *given)


@planted(cell_values, "create_table")
def wrong_code_in_sql(right: Any, *given: Any) -> Any:
    """The second count takes e-mails for telephone calls."""
    return right(*given).replace("'E-mail': 'email'", "'E-mail': 'phone'")


@planted(row_tables, "_select")
def lost_join_in_sql(right: Any, source: Any, table: str, values: Any) -> Any:
    """The second count loses the persons of a year."""
    text = right(source, table, values)
    return (
        text.replace("WHERE ", "WHERE editions.edition <> '2016' AND ")
        if table == "persons"
        else text
    )


@planted(measures, "count_days")
def one_more(right: Any, *given: Any) -> Any:
    """A mean is divided by a day too many."""
    return right(*given) + 1


@planted(dataset_reader, "_finish")
def lost_row(right: Any, ordered: Any) -> Any:
    """The chapters count without the last follow-up, after the balance of its file was made."""
    tables = right(ordered)
    whole = tables["followups"]
    shorter = replace(whole, frame=whole.frame[:-1], parent_rows=whole.parent_rows[:-1])
    return {**tables, "followups": shorter}


@planted(dataset_reader, "make_traffic")
def thousands_dropped(right: Any, *given: Any) -> Any:
    """The chapters read `2.641` users as two, after their reports were held to agree."""
    traffic = right(*given)
    whole = traffic.frame["value"] // 1000
    value = whole.where(whole > 0, traffic.frame["value"])
    return replace(traffic, frame=traffic.frame.assign(value=value))


@planted(database, "read_script")
def thousands_dropped_in_sql(right: Any, name: str) -> Any:
    """The second count reads `2.641` users as two."""
    return right(name).replace(r"regexp_replace(cell, '\D', '', 'g')", "split_part(cell, '.', 1)")


@planted(dataset_reader, "make_traffic")
def month_for_the_year(right: Any, *given: Any) -> Any:
    """The chapters take the page views of a month for those of the year."""
    traffic = right(*given)
    frame = traffic.frame.copy()
    views = frame["measure"] == "page_views"
    of_month = frame["value"][views & (frame["grain"] == "month")]
    frame.loc[views & (frame["grain"] == "year"), "value"] = of_month.iloc[0]
    return replace(traffic, frame=frame)


def devices_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters add up the users of all devices where those of one are asked for."""
    right = counting._chosen

    def wrong(rows: Any, population: Any) -> Any:
        return rows if population.spec.condition("device") else right(rows, population)

    monkeypatch.setattr(counting, "_chosen", wrong)
    monkeypatch.setattr(counting, "_adds_up", lambda *_: True)


@planted(recount_script, "traffic_tables")
def wrong_site_in_sql(right: Any, *given: Any) -> Any:
    """The second count takes the pages for children for those for young people."""
    return [each.replace("'children'", "'youth'") for each in right(*given)]


@planted(RowOutcomes, "counts")
def repaired_too_many(right: Any, self: Any) -> Any:
    """The chapters say of a row that stands as the source wrote it that it was mended."""
    counts = right(self)
    return {**counts, "used": counts["used"] - 1, "repaired B61": 1}


@planted(CodeList, "expand")
def lost_member(right: Any, self: Any, code: str) -> Any:
    """The chapters leave a code out of each group."""
    codes = right(self, code)
    return codes[1:] if len(codes) > 1 else codes


@planted(rates, "_against_days")
def longer_window(right: Any, name: str, inside: Any, whole: Any, days: Any) -> Any:
    """The chapters take more days around each campaign than the parameters say."""
    return right(name, inside, whole, (days[0] - timedelta(days=1), days[1]))


@planted(population, "_same_day")
def shifted_year(right: Any, *given: Any) -> Any:
    """The chapters take a day later for the same day of the year before."""
    return right(*given) + timedelta(days=1)


@planted(population, "_shifted")
def shorter_year(right: Any, *given: Any) -> Any:
    """The chapters leave the first day of the year before out."""
    spec = right(*given)
    later = spec.period.start + timedelta(days=1)
    return spec.model_copy(update={"period": Period(start=later, end=spec.period.end)})


@planted(population, "_old_condition")
def wrong_bridge(right: Any, condition: Any, item: Any) -> Any:
    """The chapters carry sport and leisure across their split by another code."""
    changed = dict.fromkeys(("codes", "given"), ("other",))
    old = right(condition, item)
    return old if old == condition else old.model_copy(update=changed)


@planted(Population, "where")
def wrong_target(right: Any, self: Any, *given: Any, **conditions: Any) -> Any:
    """The chapters count a campaign's target group by other ages than the parameters say."""
    if conditions.get("age_class") == ["age_60_plus"]:
        conditions["age_class"] = ["age_45_59", "age_60_plus"]
    return right(self, *given, **conditions)


@planted(counting, "_having_mask")
def any_person(right: Any, register: Any, table: Any, lower: Any) -> Any:
    """The chapters count a contact with any person where one in a context is asked for."""
    return right(register, table, lower.model_copy(update={"conditions": ()}))


@planted(counting, "_age_classes")
def older_class(right: Any, register: Any, table: Any) -> Any:
    """The chapters put who is as old as a class begins into the class before it."""
    ages = register.edition.person_ages
    later = [item.model_copy(update={"start": item.start + 1}) for item in ages]
    edition = register.edition.model_copy(update={"person_ages": later})
    return right(replace(register, edition=edition), table)


def narrow_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take intervals of 90 % for intervals of 95 %."""
    monkeypatch.setattr(intervals, "Z", 1.6448536269514722)


def narrow_exact_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of exact ones."""
    monkeypatch.setattr(intervals, "LEVEL", 0.9)


@planted(intervals, "wilson")
def swapped_ends(right: Any, *given: Any) -> Any:
    """The chapters write the high end of a share's interval first."""
    return right(*given)[::-1]


@planted(intervals, "estimate_dispersion")
def lost_dispersion(*_: Any) -> Any:
    """The chapters take days for Poisson."""
    return 1.0


@planted(Calendar, "is_open")
def closed_days(*_: Any) -> Any:
    """The chapters take closed days for open ones where they see how much days vary."""
    return True


@planted(intervals, "clustered_share_interval")
def lost_clusters(_: Any, hits: Any, trials: Any) -> Any:
    """The chapters take the rows of a contact for independent in the interval of a share."""
    return intervals.share_interval(hits.rows, trials.rows)


@planted(rates, "_width")
def narrower_of_two(right: Any, limits: Any) -> Any:
    """Of clustering and φ the chapters take the narrower interval."""
    return 1 / right(limits)


@planted(rates, "supports_rise")
def supported_rise(right: Any, *given: Any, **named: Any) -> Any:
    """The chapters call a rise supported that its interval doesn't bear out."""
    return right(*given, **named).model_copy(update={"value": 1})


# What an error in the chapters' counting makes wrong, by a figure and what of it differs.
COUNTED_WRONG = [
    (lost_match, "contacts.share.phone", "numerator"),
    (widened_join, "persons.by_month.01", "count"),
    (one_more, "contacts.daily_mean", "divisor"),
    (lost_member, "followup.share.referred", "numerator"),
    (any_person, "sectors.sport.contacts", "count"),
    (older_class, "persons.by_age.age_6_11", "count"),
    (longer_window, "media.campaign.buses.before", "comparison"),
    (shifted_year, "media.campaign.buses.relative", "comparison"),
    (shorter_year, "contacts.total.change", "comparison"),
    (shorter_year, "contacts.total.rate_ratio", "comparison"),
    (shorter_year, "contacts.total.previous", "comparison"),
    (wrong_bridge, "sectors.sport_leisure.sexual.rate_ratio", "comparison"),
    (wrong_target, "media.campaign.older_people.target.contacts", "comparison"),
    (narrow_intervals, "contacts.share.phone", "low"),
    (narrow_intervals, "media.campaign.buses.relative", "high"),
    (narrow_exact_intervals, "contacts.total.rate_ratio", "low"),
    (swapped_ends, "contacts.share.phone", "interval"),
    (lost_dispersion, "contacts.total.change", "dispersion"),
    (closed_days, "contacts.total.change", "dispersion"),
    (lost_clusters, "problems.share.child_abuse", "low"),
    (narrower_of_two, "problems.change.child_abuse", "low"),
    (supported_rise, "sectors.sport_leisure.sexual.change", "value"),
    (devices_added, "website.users.share.mobile", "numerator"),
]
# An error in the reading of the exports, by either count.
READ_WRONG = [
    (thousands_dropped, "website.users"),
    (thousands_dropped_in_sql, "website.users.by_month.01"),
    (month_for_the_year, "website.pageviews"),
    (wrong_site_in_sql, "website.users.share.children"),
    (repaired_too_many, "quality.gemelde_personen.repaired"),
    (wrong_code, "contacts.share.phone"),
    (wrong_code_in_sql, "contacts.share.phone"),
    (lost_join_in_sql, "problems.change.child_abuse"),
    (lost_row, "followup.total"),
]


Counted = Callable[[Plant], Recounted]


@pytest.fixture(scope="module")
def count_wrongly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    """Counts with an error planted in the chapters; the tables of the second count stand."""
    root = copy_project(tmp_path_factory.mktemp("counted") / "project")
    project = Project(root)
    editions = [project.edition("2017"), project.edition("2016")]
    fields = fields_of(project, editions)
    with open_database(project, editions) as opened:

        def count(plant: Plant) -> Recounted:
            with pytest.MonkeyPatch.context() as monkeypatch:
                plant(monkeypatch)
                ledger = ledger_of(root)
            return compare_counts(
                ledger, count_figures(opened, ledger, fields), editions, project.codelists()
            )

        yield count


@pytest.mark.parametrize(
    ("plant", "figure", "what"),
    COUNTED_WRONG,
    ids=[f"{plant.__name__} {figure}" for plant, figure, _ in COUNTED_WRONG],
)
def test_an_error_in_the_counting(
    count_wrongly: Counted, plant: Plant, figure: str, what: str
) -> None:
    """Planted in conditions, windows, groups, classes, intervals or flags, it is caught."""
    differences = count_wrongly(plant).differences
    assert (figure, what) in {(each.figure, each.what) for each in differences}


@pytest.mark.parametrize(("plant", "figure"), READ_WRONG, ids=[p.__name__ for p, _ in READ_WRONG])
def test_an_error_in_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant, figure: str
) -> None:
    """An error planted in one of the readings is caught, at a figure that it makes wrong."""
    plant(monkeypatch)
    recounted = counted(copy_project(tmp_path / "project"))
    assert figure in {difference.figure for difference in recounted.differences}


def test_the_rows_that_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that only SQL counts is told by its line: the last one of the file of follow-ups."""
    lost_row(monkeypatch)
    recounted = counted(copy_project(tmp_path / "project"))
    total = next(d for d in recounted.differences if d.figure == "followup.total")
    assert total == Difference("followup.total", "count", 11004, 11005, "followups", (), (11006,))
