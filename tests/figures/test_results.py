"""Tidy frames of series, cross-tables and figures, and which charts and tables can be made."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from pandas import isna

from helpline_report.figures.breakdown import count_series, crosstab, share_series, top
from helpline_report.figures.measures import count, share
from helpline_report.figures.model import Breakdown, Chart, Figure, Mark, Reason
from helpline_report.figures.register import Register
from helpline_report.figures.results import (
    frame_breakdowns,
    frame_figures,
    make_chart,
    make_flow,
    tabulate,
)
from tests.figures.drawn import refusal, whole
from tests.present import present


def label(field: str, code: str) -> str:
    return f"{field} {code}"


def by_id(figures: Iterable[Figure]) -> dict[str, Figure]:
    return {figure.id: figure for figure in figures}


def of_series(register: Register, by: str, name: str = "x") -> tuple[Breakdown, dict[str, Figure]]:
    series, figures = count_series(name, whole(register), by)
    return series, by_id(figures)


def test_a_series_has_a_row_a_code(year: Register) -> None:
    """The column of codes is called after its field, and labels stand beside codes."""
    series, figures = of_series(year, "channel")
    frame = frame_breakdowns(figures, [series], label)
    assert frame.to_csv(index=False).splitlines()[:3] == [
        "channel,label,year,value,low,high,status,figure",
        "phone,channel phone,2017,3.0,,,ok,x.phone",
        "email,channel email,2017,1.0,,,ok,x.email",
    ]
    empty = frame_breakdowns(figures, [series.model_copy(update={"members": ()})], label)
    assert empty.dtypes.to_dict() == frame.dtypes.to_dict()
    named = frame_breakdowns(figures, [series.model_copy(update={"by": ("status",)})], label)
    assert (named.columns[0], list(named["status"].unique())) == ("status_code", ["ok"])


def test_a_frame_has_intervals_days_and_missing_values_with_status(year: Register) -> None:
    """Intervals as `low` and `high`, days as days, and a missing value as NaN, with its status."""
    series, shares = share_series("s", whole(year), "channel")
    row = frame_breakdowns(by_id(shares), [series], label).iloc[0]
    interval = present(shares[0].interval)
    assert (row["low"], row["high"]) == (interval.low, interval.high)
    days, counts = of_series(year, "date")
    frame = frame_breakdowns(counts, [days], label)
    assert str(frame["date"].dtype) == "datetime64[us]"
    assert frame.loc[frame["date"] == "2017-01-03", "value"].item() == 2
    series, figures = of_series(year, "channel")
    none = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
    figures["x.chat"] = figures["x.chat"].model_copy(update=none)
    hidden: Any = frame_breakdowns(figures, [series], label).set_index("channel").loc["chat"]
    assert isna(hidden["value"])
    assert hidden["status"] == "suppressed"


def test_cross_tables_and_single_figures(year: Register) -> None:
    """Two columns of codes and the labels of both; a label has no number, and its code."""
    tab, figures = crosstab("t", whole(year), "helpline", "channel")
    frame = frame_breakdowns(by_id(figures), [tab], label)
    assert frame.to_csv(index=False).splitlines()[:2] == [
        "helpline,channel,row,column,year,value,low,high,status,figure",
        "north,phone,helpline north,channel phone,2017,3.0,,,ok,t.north.phone",
    ]
    phone = whole(year).where(channel="phone")
    alone = [share("s", phone, whole(year)), top("t", whole(year), "channel")]
    frame = frame_figures(alone, lambda figure: f"<{figure.id}>")
    columns = frame[["code", "label", "value", "figure"]]
    assert columns.to_csv(index=False).splitlines()[1:] == [",<s>,60.0,s", "phone,<t>,,t"]


# Charts and tables


def series(year: Register, by: str, name: str = "x") -> Breakdown:
    return of_series(year, by, name)[0]


def plotted(df: object, ax: object) -> None:
    """A function as it lies in notebooks/plots.py."""


@pytest.mark.parametrize(
    ("by", "kind"),
    [("month", "columns"), ("weekday", "columns"), ("date", "daily"), ("channel", "bars")],
)
def test_a_series_is_drawn_as_its_field_asks(year: Register, by: str, kind: str) -> None:
    """Months stand upright, days are a line, other codes lie; a cross-table is a heatmap."""
    chart = make_chart(series(year, by))
    assert (chart.id, chart.kind, chart.breakdown) == ("x.chart", kind, "x")
    tab = crosstab("t", whole(year), "role", "helpline")[0]
    assert make_chart(tab) == Chart(id="t.chart", kind="heatmap", breakdown="t")


REFUSALS = """\
'x.chart': a series is shown as columns, bars, lines or daily, not as heatmap
'x.chart': a series of counts holds no changes to show
't.chart': a cross-table is shown as a heatmap, by itself
'x.chart': count by month can't stand against percent by month
'x.chart': 'y' isn't by month, and can't stand in its table
'x.chart': pages are drawn without the notebook, and a function in it isn't there
  → move it to notebooks/plots.py as def lines(df, ax): …, and import it here: \
from plots import lines
's.chart': a flow shows counts that add up, and 's' has none
  → show it as bars: chapter.chart(…)
'x.chart': 'p' is no count of the whole of 'x', nor of a group
  → name the whole, and groups of the codes of channel
'x.chart': a flow begins at one whole, and 0 are named
  → count the population of the series, and name that figure first
'x.chart': 't' isn't by channel, and can't stand in its table
a table of nothing
  → give it a series, a cross-table or figures
't.table': a cross-table stands alone
'p.table': figures and series don't go in one table
'x.table': series of one field go side by side"""


def test_what_doesnt_go_together_is_refused(year: Register) -> None:
    """When the cell runs, and not when the page is made."""
    months, weekdays = series(year, "month"), series(year, "weekday", "y")
    shares = share_series("s", whole(year), "month")[0]
    tab = crosstab("t", whole(year), "role", "month")[0]
    channels, persons = series(year, "channel"), count("p", whole(year, "persons"))
    messages = [
        refusal(make_chart, months, "heatmap"),
        refusal(make_chart, months, "changes"),
        refusal(make_chart, tab, "bars"),
        refusal(make_chart, months, against=shares),
        refusal(make_chart, months, beside=[weekdays]),
        refusal(make_chart, months, partial(plotted)),
        refusal(make_flow, shares, []),
        refusal(make_flow, channels, [persons]),
        refusal(make_flow, channels, []),
        refusal(make_flow, channels, [count("n", whole(year))], [channels, tab]),
        refusal(tabulate, []),
        refusal(tabulate, [tab, tab]),
        refusal(tabulate, [persons, months]),
        refusal(tabulate, [months, weekdays]),
    ]
    assert "\n".join(messages) == REFUSALS


def test_a_table_is_named_after_its_first_series(year: Register) -> None:
    """A table is named after its first series; a flow goes from the whole by way of groups."""
    table = tabulate([series(year, "month"), series(year, "month", "y")], most=3)
    assert (table.id, table.breakdowns, table.most) == ("x.table", ("x", "y"), 3)
    figures = [count("n", whole(year)), count("w", whole(year).where(channel="written"))]
    flow = make_flow(series(year, "channel"), figures, [series(year, "channel", "y")])
    assert (flow.kind, flow.figures, flow.beside) == ("flow", ("n", "w"), ("y",))
    # The whole may be a part of the register itself.
    victims = whole(year).where(role="victim")
    parts = [count("v", victims), count("p", victims.where(channel="phone"))]
    flow = make_flow(count_series("z", victims, "channel")[0], parts)
    assert flow.figures == ("v", "p")


def test_a_cross_table_is_shown_whole_and_without_marks(year: Register) -> None:
    """What would cut or mark a series leaves no trace in its chart or its table."""
    tab = crosstab("t", whole(year), "role", "helpline")[0]
    marks = [Mark(kind="event", id="strike")]
    assert make_chart(tab, marks=marks, most=1) == make_chart(tab)
    assert tabulate([tab], most=1) == tabulate([tab])


@pytest.mark.parametrize(
    ("name", "module", "step"),
    [
        ("plotted", "plots", ""),
        ("<lambda>", "plots", "move it to notebooks/plots.py"),
        ("lines", "__main__", "move it to notebooks/plots.py"),
        ("outer.<locals>.lines", "plots", "move it to notebooks/plots.py"),
        ("lineplot", "seaborn.relational", "call it in a function of yours"),
    ],
)
def test_a_function_lies_beside_the_notebooks(
    year: Register, monkeypatch: pytest.MonkeyPatch, name: str, module: str, step: str
) -> None:
    """Pages are drawn without the notebook: a function in it is told to move."""
    monkeypatch.setattr(plotted, "__module__", module)
    monkeypatch.setattr(plotted, "__qualname__", name)
    if step:
        assert f"→ {step}" in refusal(make_chart, series(year, "month"), plotted)
    else:
        chart = make_chart(series(year, "month"), plotted)
        assert (chart.kind, chart.function) == ("own", "plots.plotted")
