from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from bench import floor
from bench.cases import ROOT
from helpline_report import pipeline
from helpline_report.parameters.project import Project

# Each chart of the floor, and that of the edition.
SAME = {
    "page_views": "website.pageviews.by_month.chart",
    "referrers": "website.referrers.chart",
    "contacts_by_month": "contacts.by_month.chart",
    "contacts_by_weekday": "contacts.by_weekday.chart",
    "contacts_by_hour": "contacts.by_weekday_hour.chart",
    "caller_roles": "callers.role.chart",
    "problems": "problems.chart",
    "problem_changes": "problems.change.chart",
    "problems_by_role": "problems.by_role.chart",
    "problems_by_form": "problems.problem_form.chart",
    "forms": "problems.by_form.share.chart",
    "contexts": "problems.by_context.share.chart",
    "ages": "persons.by_age.chart",
    "followups": "followup.chart",
    "contacts_by_day": "contacts.by_date.chart",
    "sport_and_leisure": "sectors.sport_leisure.sexual.chart",
    "contacts_of_years": "trend.contacts",
    "persons_of_years": "trend.persons",
}
# Of these the edition's file has other columns than a label and its values.
VALUES = {"sectors.sport_leisure.sexual.chart": ("value",), "trend": ("printed",)}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.conftest import copy_project  # noqa: PLC0415 - it is that of every test

    project = copy_project(tmp_path_factory.mktemp("floor") / "project")
    return pipeline.build(Project(project), "2017")


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, floor.pd.DataFrame]]:
    plt.switch_backend("svg")
    yield floor.read(ROOT / "data")
    plt.close("all")


@pytest.mark.slow
def test_the_floor_draws_the_charts_of_the_edition(edition: Path) -> None:
    """As many charts, and the same: a chart that the edition gains is drawn by the floor too."""
    drawn = {chart.__name__ for charts in floor.CHARTS.values() for chart in charts}
    published = {path.stem for path in (edition / "data" / "charts").glob("*.svg")}
    assert {SAME[name] for name in drawn} == published


@pytest.mark.slow
@pytest.mark.parametrize("name", SAME)
def test_the_floor_draws_the_same_numbers(
    edition: Path, tables: dict[str, floor.pd.DataFrame], name: str
) -> None:
    """What a chart of the floor shows is what the edition publishes under its chart."""
    figure = getattr(floor, name)(tables)
    published = numbers(edition / "data" / f"{SAME[name]}.csv", SAME[name])
    assert shown(figure) == pytest.approx(sorted(n for n in published if n))
    plt.close(figure)


def numbers(file: Path, chart: str) -> list[float]:
    rows = [*csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))]
    columns = VALUES.get(chart, VALUES.get(chart.partition(".")[0]))
    if columns is None:
        columns = ("value",) if "value" in rows[0] else tuple([*rows[0]][2:])
    return [float(row[column]) for row in rows for column in columns if row[column]]


def shown(figure: Figure) -> list[float]:
    """The numbers that a drawing holds, in order; a bar of nothing is none."""
    (axes,) = figure.axes
    lengths = [
        patch.get_height() if bars.orientation == "vertical" else patch.get_width()
        for bars in axes.containers
        if hasattr(bars, "orientation")
        for patch in bars.patches
    ]
    squares = [float(value) for image in axes.images for value in image.get_array().flat]
    dots = [float(y) for each in axes.collections for _, y in each.get_offsets()]
    if axes.containers and not lengths:
        dots = [float(x) for line in axes.lines[:1] for x in line.get_xdata()]
    lines = [] if axes.containers else [float(y) for line in axes.lines for y in line.get_ydata()]
    return sorted(value for value in [*lengths, *squares, *dots, *lines] if value)
