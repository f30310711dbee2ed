"""The steps in pandas that the audit shows give, run over the rows, the values that it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpline_report.audit.pandas_steps import PandasSteps
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.population import Population
from helpline_report.parameters.project import Project
from tests.audit.conftest import spec
from tests.audit.in_process import register_of

COUNTED = ("contacts", "persons", "followups")


@pytest.fixture(scope="module")
def names(repository: Path) -> dict[str, Any]:
    """What a chapter of 2017 has."""
    register = register_of(repository)
    return {
        "pd": pd,
        **{name: Population.whole(register, name) for name in COUNTED},
        **{f"{name}_2016": Population.whole(register.previous, name) for name in COUNTED},
    }


@pytest.fixture(scope="module")
def steps(repository: Path, sample_ledger: Ledger) -> PandasSteps:
    project = Project(repository)
    periods = [project.edition(year).period for year in ("2017", "2016")]
    return PandasSteps("2017", periods, sample_ledger.multiple)


def result(lines: tuple[str, ...], names: dict[str, Any]) -> Any:
    """What the last step gives when all are run in their order."""
    within = dict(names)
    exec("\n".join(lines[:-1]), within)  # noqa: S102 - what the audit shows is what is tested
    return eval(lines[-1], within)  # noqa: S307


def first(value: Any) -> Any:
    """The number that the last step gives, or that of the first code, where it ranks all."""
    return pytest.approx(value.iloc[0] if isinstance(value, pd.Series) else value)


def test_steps_give_the_values_of_the_sample(
    sample_ledger: Ledger, steps: PandasSteps, names: dict[str, Any]
) -> None:
    """Of every figure that is counted from rows; a ranking begins with its number."""
    wrong = []
    for figure in sample_ledger.figures.values():
        lines = steps.figure(figure)
        if not lines or figure.value is None or figure.kind in ("rank", "flag"):
            continue
        shown = figure.numerator if figure.kind == "top" else figure.value
        if first(result(lines, names)) != shown:
            wrong.append((figure.id, figure.value, lines))
    assert wrong == []


def test_steps_give_each_code_of_a_series(
    sample_ledger: Ledger, steps: PandasSteps, names: dict[str, Any]
) -> None:
    """Counts by month, and by a field of which a person may have several codes."""
    for name in ("contacts.by_month", "contacts.by_channel"):
        series = sample_ledger.series[name]
        counts = result(steps.broken_down(series.population, [series.by]), names)
        for member in series.members:
            value = sample_ledger.figures[member.figure].value
            assert counts.get(member.code, 0) == value


@pytest.mark.parametrize("table", ["traffic", "calendar", "files"])
def test_what_is_not_counted_from_rows_has_no_steps(steps: PandasSteps, table: str) -> None:
    """Reports are looked up."""
    population = spec().model_copy(update={"table": table})
    assert steps.broken_down(population, ["month"]) == ()
