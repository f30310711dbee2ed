"""Thirteen months: both counts tell the two Decembers apart, and the two years that share one."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline_report.figures.breakdown import count_series, top
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count
from helpline_report.figures.population import Population
from helpline_report.figures.rates import make_change_series
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.second_count.differences import compare_counts
from helpline_report.second_count.recount import recount_ledger
from helpline_report.tables.dataset_reader import load_dataset
from tests.report.small_projects import copy_small

FILES = {"contactnames": 0, "gemelde_personen": 1, "gevolggevingen": 0}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The sample, where the edition of 2017 has the December before it as well."""
    root, keys = copy_small(tmp_path / "project"), set[str]()
    for name, column in FILES.items():
        one, other = (root / f"data/sample/{year}/{name}.csv" for year in (2017, 2016))
        rows = [line.split(";") for line in other.read_text("utf-8-sig").splitlines()[1:]]
        own = [row for row in rows if "/12/2016" in row[1] or row[column] in keys]
        keys = {row[0] for row in own}
        with one.open("a", encoding="utf-8") as file:
            file.writelines(f"{';'.join(row)}\n" for row in own)
    for year, start in ((2017, "2016-12-01"), (2016, "2015-12-01")):
        path = root / f"params/{year}.yaml"
        text = path.read_text("utf-8").replace(f"start: {year}-01-01", f"start: {start}")
        path.write_text(text.replace("acknowledged:", ""), "utf-8")
        text = "\n".join(
            line for line in path.read_text("utf-8").splitlines() if "analytics" not in line
        )
        path.write_text(text, "utf-8")
    return Project(root)


def test_both_counts_of_thirteen_months(project: Project) -> None:
    """323 contacts of December 2016 and 343 of December 2017, by pandas and by DuckDB."""
    edition, before = project.edition("2017"), project.edition("2016")
    lists = project.codelists()
    earlier = Register(before, load_dataset(project, before), lists)
    register = Register(edition, load_dataset(project, edition), lists, earlier)
    contacts, persons = (Population.whole(register, noun) for noun in ("contacts", "persons"))
    _, months = count_series("month", contacts, "month")
    figures = [
        *months,
        *count_series("persons", persons, "month")[1],
        *count_series("before", contacts.previous(), "month")[1],
        *make_change_series("change", contacts, "month")[1],
        top("busiest", contacts, "month"),
        count("december", contacts.where(month="2016-12")),
        count("since", contacts.where(month=["2016-12", "2017-12"], channel="phone")),
    ]
    values = {figure.id: figure.value for figure in figures}
    assert (values["month.2016-12"], values["month.2017-12"]) == (323, 343)
    assert values["change.2017-12"] == pytest.approx(100 * 20 / 323)
    ledger = Ledger(edition="2017", figures={figure.id: figure for figure in figures})
    second = recount_ledger(project, [edition, before], ledger)
    recounted = compare_counts(ledger, second, [edition, before], lists)
    assert recounted.differences == ()
    assert recounted.figures == sum(figure.status == "ok" for figure in figures)
