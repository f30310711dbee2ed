"""Errors planted in one of the two counts: each makes them differ, and is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpline_report.figures import counting, measures, rates, traffic
from helpline_report.figures.counting import lines_of
from helpline_report.figures.register import Register
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.project import Project
from helpline_report.second_count import cell_values, database, recount_script, row_tables
from helpline_report.second_count.recount import (
    Difference,
    Recounted,
    compare_counts,
    count_twice,
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
    second = count_twice(project, editions, lambda: ledger)
    recounted = compare_counts(ledger, second.numbers)
    return find_lines(
        project, editions, ledger, recounted, lines=lambda spec: lines_of(register, spec)
    )


def test_the_two_counts_agree(project: Path) -> None:
    """Without an error planted no figure differs, and each has been counted."""
    found = counted(project)
    assert found.differences == ()
    with_values = [f for f in ledger_of(project).figures.values() if f.status == "ok"]
    assert found.figures == len(with_values) > 1300


def inverted_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition on channels chooses the rows that it should leave out."""
    right = counting._condition_mask

    def wrong(register: Any, table: Any, condition: Any) -> Any:
        found = right(register, table, condition)
        return ~found if condition.field == "channel" else found

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
    right = traffic._chosen

    def wrong(rows: Any, population: Any) -> Any:
        if population.spec.condition("device"):
            return rows
        return right(rows, population)

    monkeypatch.setattr(traffic, "_chosen", wrong)
    monkeypatch.setattr(traffic, "_adds_up", lambda *_: True)


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


PLANTED = [
    (lost_member, "followup.share.referred"),
    (longer_window, "media.campaign.buses.before"),
    (thousands_dropped, "website.users"),
    (thousands_dropped_in_sql, "website.users.by_month.01"),
    (month_for_the_year, "website.pageviews"),
    (devices_added, "website.users.share.mobile"),
    (wrong_site_in_sql, "website.users.share.children"),
    (repaired_too_many, "quality.gemelde_personen.repaired"),
    (inverted_mask, "contacts.share.phone"),
    (widened_join, "persons.by_month.01"),
    (wrong_code, "contacts.share.phone"),
    (wrong_code_in_sql, "contacts.share.phone"),
    (lost_join_in_sql, "problems.change.child_abuse"),
    (one_more, "contacts.daily_mean"),
    (lost_row, "followup.total"),
]


@pytest.mark.parametrize(("plant", "figure"), PLANTED, ids=[p.__name__ for p, _ in PLANTED])
def test_an_error_in_one_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant, figure: str
) -> None:
    """An error planted in one of the counts is caught, at a figure that it makes wrong."""
    plant(monkeypatch)
    found = counted(copy_project(tmp_path / "project"))
    assert figure in {difference.figure for difference in found.differences}


def test_the_rows_that_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that only SQL counts is told by its line: the last one of the file of follow-ups."""
    lost_row(monkeypatch)
    found = counted(copy_project(tmp_path / "project"))
    total = next(d for d in found.differences if d.figure == "followup.total")
    assert total == Difference("followup.total", "count", 11004, 11005, "followups", (), (11006,))
