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
from helpline_report.second_count.recount import (
    Difference,
    Recounted,
    compare_counts,
    count_figures,
    count_twice,
    fields_of,
    find_lines,
)
from helpline_report.tables import dataset_reader
from helpline_report.tables.cell_readers import label_reader
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
    recounted = compare_counts(ledger, second.numbers, editions)
    return find_lines(
        project, editions, ledger, recounted, lines=lambda spec: lines_of(register, spec)
    )


def test_the_two_counts_agree(project: Path) -> None:
    """Without an error planted no figure differs, and each has been counted."""
    found = counted(project)
    assert found.differences == ()
    with_values = [f for f in ledger_of(project).figures.values() if f.status == "ok"]
    assert found.figures == len(with_values) > 1300


def lost_match(monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition on channels leaves out the first row that meets it."""
    right = counting._condition_mask

    def wrong(register: Any, table: Any, condition: Any) -> Any:
        rows = right(register, table, condition)
        rows[np.flatnonzero(rows)[:1]] &= condition.field != "channel"
        return rows

    monkeypatch.setattr(counting, "_condition_mask", wrong)


def widened_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row of a lower table is joined to the row above the one that it hangs on."""
    right = Table.down

    def wrong(self: Table, values: Any, owner: Table) -> Any:
        if owner is self or self.parent is None or self.parent_rows is None:
            return right(self, values, owner)
        rows = np.maximum(self.parent_rows - 1, 0)
        return self.parent.down(values, owner)[rows]

    monkeypatch.setattr(Table, "down", wrong)


def wrong_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take e-mails for telephone calls."""

    def wrong(labels: Any, *given: Any) -> Any:
        changed = labels | {"E-mail": "phone"} if "E-mail" in labels else labels
        return label_reader(changed, *given)

    monkeypatch.setattr("helpline_report.tables.typed_columns.label_reader", wrong)


def wrong_code_in_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second count takes e-mails for telephone calls."""
    right = cell_values._candidates

    def wrong(column: Any) -> Any:
        found = right(column)
        return [
            (label, [(label, "phone" if one[1] == "email" else one[1], *one[2:]) for one in all_])
            for label, all_ in found
        ]

    monkeypatch.setattr(cell_values, "_candidates", wrong)


def lost_join_in_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second count loses the persons of a year."""
    right = row_tables._select

    def wrong(source: Any, table: str, values: Any) -> str:
        text = right(source, table, values)
        return f"{text}\nWHERE contacts.edition <> '2016'" if table == "persons" else text

    monkeypatch.setattr(row_tables, "_select", wrong)


def one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mean is divided by a day too many."""
    right = measures.observed
    monkeypatch.setattr(measures, "observed", lambda *given: right(*given) + 1)


def lost_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters count without the last follow-up, after the balance of its file was made."""
    right = dataset_reader._finish

    def wrong(ordered: Any) -> Any:
        tables = right(ordered)
        whole = tables["followups"]
        shorter = replace(whole, frame=whole.frame[:-1], parent_rows=whole.parent_rows[:-1])
        return {**tables, "followups": shorter}

    monkeypatch.setattr(dataset_reader, "_finish", wrong)


def with_traffic(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    """The chapters count from another table of traffic, after its reports were held to agree."""
    right = dataset_reader.make_traffic

    def wrong(*given: Any) -> Any:
        made = right(*given)
        return replace(made, frame=change(made.frame.copy()))

    monkeypatch.setattr(dataset_reader, "make_traffic", wrong)


def thousands_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters read `2.641` users as two."""

    def change(frame: Any) -> Any:
        whole = frame["value"] // 1000
        frame["value"] = whole.where(whole > 0, frame["value"])
        return frame

    with_traffic(monkeypatch, change)


def thousands_dropped_in_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second count reads `2.641` users as two."""
    right = database.read_script

    def wrong(name: str) -> str:
        return right(name).replace(
            r"regexp_replace(cell, '\D', '', 'g')", "split_part(cell, '.', 1)"
        )

    monkeypatch.setattr(database, "read_script", wrong)


def month_for_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take the page views of a month for those of the year."""

    def change(frame: Any) -> Any:
        of_month = frame["value"][(frame["measure"] == "page_views") & (frame["grain"] == "month")]
        whole = (frame["measure"] == "page_views") & (frame["grain"] == "year")
        frame.loc[whole, "value"] = of_month.iloc[0]
        return frame

    with_traffic(monkeypatch, change)


def devices_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters add up the users of all devices where those of one are asked for."""
    right = counting._chosen

    def wrong(rows: Any, population: Any) -> Any:
        if population.spec.condition("device"):
            return rows
        return right(rows, population)

    monkeypatch.setattr(counting, "_chosen", wrong)
    monkeypatch.setattr(counting, "_adds_up", lambda *_: True)


def wrong_site_in_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second count takes the pages for children for those for young people."""
    right = recount_script.traffic_tables

    def wrong(*given: Any) -> list[str]:
        return [each.replace("'children'", "'youth'") for each in right(*given)]

    monkeypatch.setattr(recount_script, "traffic_tables", wrong)


def repaired_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters say of a row that stands as the source wrote it that it was mended."""
    right = RowOutcomes.counts

    def wrong(self: RowOutcomes) -> dict[str, int]:
        counts = right(self)
        return {**counts, "used": counts["used"] - 1, "repaired B61": 1}

    monkeypatch.setattr(RowOutcomes, "counts", wrong)


def lost_member(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters leave a code out of each group."""
    right = CodeList.expand

    def wrong(self: CodeList, code: str) -> list[str]:
        found = right(self, code)
        return found[1:] if len(found) > 1 else found

    monkeypatch.setattr(CodeList, "expand", wrong)


def longer_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take more days around each campaign than the parameters say."""
    right = rates._against_days

    def wrong(name: str, inside: Any, whole: Any, days: Any) -> Any:
        return right(name, inside, whole, (days[0] - timedelta(days=1), days[1]))

    monkeypatch.setattr(rates, "_against_days", wrong)


def shifted_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take a day later for the same day of the year before."""
    right = population._same_day
    monkeypatch.setattr(population, "_same_day", lambda *given: right(*given) + timedelta(days=1))


def shorter_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters leave the first day of the year before out."""
    right = population._shifted

    def wrong(*given: Any) -> Any:
        spec = right(*given)
        later = spec.period.start + timedelta(days=1)
        return spec.model_copy(update={"period": Period(start=later, end=spec.period.end)})

    monkeypatch.setattr(population, "_shifted", wrong)


def wrong_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters count a campaign's target group by other ages than the parameters say."""
    right = Population.where

    def wrong(self: Any, *given: Any, **conditions: Any) -> Any:
        if conditions.get("age_class") == ["age_60_plus"]:
            conditions["age_class"] = ["age_45_59", "age_60_plus"]
        return right(self, *given, **conditions)

    monkeypatch.setattr(Population, "where", wrong)


def any_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters count a contact with any person where one in a context is asked for."""
    right = counting._having_mask

    def wrong(register: Any, table: Any, lower: Any) -> Any:
        return right(register, table, lower.model_copy(update={"conditions": ()}))

    monkeypatch.setattr(counting, "_having_mask", wrong)


def older_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters put who is as old as a class begins into the class before it."""
    right = counting._age_classes

    def wrong(register: Any, table: Any) -> Any:
        ages = [item.model_copy(update={"start": item.start + 1}) for item in classes(register)]
        edition = register.edition.model_copy(update={"person_ages": ages})
        return right(replace(register, edition=edition), table)

    def classes(register: Any) -> Any:
        return register.edition.person_ages

    monkeypatch.setattr(counting, "_age_classes", wrong)


def narrow_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take intervals of 90 % for intervals of 95 %."""
    monkeypatch.setattr(intervals, "Z", 1.6448536269514722)


def narrow_exact_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of exact ones."""
    monkeypatch.setattr(intervals, "LEVEL", 0.9)


def swapped_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters write the high end of a share's interval first."""
    right = intervals.wilson
    monkeypatch.setattr(intervals, "wilson", lambda *given: right(*given)[::-1])


def lost_dispersion(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take days for Poisson."""
    monkeypatch.setattr(intervals, "estimate_dispersion", lambda *_: 1.0)


def closed_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take closed days for open ones where they see how much days vary."""
    monkeypatch.setattr(Calendar, "is_open", lambda *_: True)


def lost_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters take the rows of a contact for independent in the interval of a share."""

    def wrong(hits: Any, trials: Any) -> Any:
        return intervals.share_interval(hits.rows, trials.rows)

    monkeypatch.setattr(intervals, "clustered_share_interval", wrong)


def narrower_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of clustering and φ the chapters take the narrower interval."""
    right = rates._width
    monkeypatch.setattr(rates, "_width", lambda limits: 1 / right(limits))


def supported_rise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chapters call a rise supported that its interval doesn't bear out."""
    right = rates.supports_rise

    def wrong(*given: Any, **named: Any) -> Any:
        return right(*given, **named).model_copy(update={"value": 1})

    monkeypatch.setattr(rates, "supports_rise", wrong)


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
            return compare_counts(ledger, count_figures(opened, ledger, fields), editions)

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
    found = counted(copy_project(tmp_path / "project"))
    assert figure in {difference.figure for difference in found.differences}


def test_the_rows_that_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that only SQL counts is told by its line: the last one of the file of follow-ups."""
    lost_row(monkeypatch)
    found = counted(copy_project(tmp_path / "project"))
    total = next(d for d in found.differences if d.figure == "followup.total")
    assert total == Difference("followup.total", "count", 11004, 11005, "followups", (), (11006,))
