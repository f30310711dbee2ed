"""Which charts and tables can be made of which series."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial

import pytest

from helpline_report.errors import ChapterError
from helpline_report.figures.breakdown import count_series, crosstab, share_series
from helpline_report.figures.measures import count
from helpline_report.figures.model import Chart, Series
from helpline_report.figures.register import Register
from helpline_report.figures.results import chart_of, table_of
from tests.figures.drawn import whole


def series(given: Register, by: str, name: str = "x") -> Series:
    return count_series(name, whole(given), by)[0]


@pytest.mark.parametrize(
    ("by", "kind"),
    [("month", "columns"), ("weekday", "columns"), ("date", "daily"), ("channel", "bars")],
)
def test_a_series_is_drawn_as_its_field_asks(year: Register, by: str, kind: str) -> None:
    """Months stand upright, days are a line, other codes lie."""
    made = chart_of(series(year, by))
    assert (made.id, made.kind, made.series) == ("x.chart", kind, "x")


def test_a_cross_table_is_a_heatmap(year: Register) -> None:
    """By itself."""
    tab = crosstab("t", whole(year), "role", "helpline")[0]
    assert chart_of(tab) == Chart(id="t.chart", kind="heatmap", crosstab="t")


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            lambda year: chart_of(series(year, "month"), "heatmap"),
            "'x.chart': a series is shown as columns, bars, lines or daily, not as heatmap",
        ),
        (
            lambda year: chart_of(crosstab("t", whole(year), "role", "month")[0], "bars"),
            "'t.chart': a cross-table is shown as a heatmap, by itself",
        ),
        (
            lambda year: chart_of(series(year, "month"), against=series(year, "weekday")),
            "'x.chart': count by month can't stand against count by weekday",
        ),
        (
            lambda year: chart_of(series(year, "month"), beside=[series(year, "weekday", "y")]),
            "'x.chart': 'y' isn't by month, and can't stand in its table",
        ),
        (
            lambda year: chart_of(
                series(year, "month"), against=share_series("s", whole(year), "month")[0]
            ),
            "'x.chart': count by month can't stand against percent by month",
        ),
        (
            lambda year: chart_of(series(year, "month"), textwrap.dedent),
            "'x.chart': textwrap.dedent doesn't take a frame and axes\n"
            "  → let it begin with def dedent(df, ax):",
        ),
        (
            lambda year: table_of([]),
            "a table of nothing\n  → give it a series, a cross-table or figures",
        ),
        (
            lambda year: table_of([crosstab("t", whole(year), "role", "month")[0]] * 2),
            "'t.table': a cross-table stands alone",
        ),
        (
            lambda year: table_of([count("n", whole(year)), series(year, "month")]),
            "'n.table': figures and series don't go in one table",
        ),
        (
            lambda year: table_of([series(year, "month"), series(year, "weekday")]),
            "'x.table': series of one field go side by side",
        ),
    ],
)
def test_what_doesnt_go_together_is_refused(
    year: Register, made: Callable[[Register], object], message: str
) -> None:
    """When the cell runs, and not when the page is made."""
    with pytest.raises(ChapterError) as error:
        made(year)
    assert str(error.value) == message


def test_a_table_sets_series_side_by_side(year: Register) -> None:
    """Named after the first."""
    made = table_of([series(year, "month"), series(year, "month", "y")], most=3)
    assert (made.id, made.series, made.most) == ("x.table", ("x", "y"), 3)


def plotted(df: object, ax: object) -> None:
    """A function as it lies in notebooks/plots.py."""


def test_a_function_is_named_by_its_module(year: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """A series and a cross-table are drawn by one, as the ledger says."""
    monkeypatch.setattr(plotted, "__module__", "plots")
    tab = crosstab("t", whole(year), "role", "helpline")[0]
    one, other = chart_of(series(year, "month"), plotted), chart_of(tab, plotted)
    assert (one.kind, one.function, one.series) == ("own", "plots.plotted", "x")
    assert (other.kind, other.function, other.crosstab) == ("own", "plots.plotted", "t")


@pytest.mark.parametrize(
    ("name", "module", "step"),
    [
        ("<lambda>", "plots", "move it to notebooks/plots.py"),
        ("lines", "__main__", "move it to notebooks/plots.py"),
        ("outer.<locals>.lines", "plots", "move it to notebooks/plots.py"),
        ("lineplot", "seaborn.relational", "call it in a function of yours"),
    ],
    ids=["lambda", "notebook", "within another", "library"],
)
def test_a_function_that_pages_have_not(
    year: Register, monkeypatch: pytest.MonkeyPatch, name: str, module: str, step: str
) -> None:
    """Pages are drawn without the notebook: a function in it is told to move."""
    monkeypatch.setattr(plotted, "__module__", module)
    monkeypatch.setattr(plotted, "__qualname__", name)
    with pytest.raises(ChapterError) as raised:
        chart_of(series(year, "month"), plotted)
    assert raised.value.next_step.startswith(step)


def test_a_function_that_holds_a_value_is_told_to_move(year: Register) -> None:
    """An argument that a notebook binds, such as a row, isn't there when pages are drawn."""
    bound = partial(plotted, remark="a row")
    with pytest.raises(ChapterError, match="pages are drawn without the notebook"):
        chart_of(series(year, "month"), bound)
