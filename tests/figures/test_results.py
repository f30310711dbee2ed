"""The tidy frames of series, cross-tables and figures."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest

from helpline_report.figures.breakdown import count_series, crosstab, share_series, top
from helpline_report.figures.measures import count, share
from helpline_report.figures.model import Figure, Reason, Series
from helpline_report.figures.register import Register
from helpline_report.figures.results import frame_crosstab, frame_figures, frame_series
from tests.figures.drawn import whole


def label(field: str, code: str) -> str:
    return f"{field} {code}"


def by_id(figures: Iterable[Figure]) -> dict[str, Figure]:
    return {figure.id: figure for figure in figures}


def of_series(register: Register, by: str, name: str = "x") -> tuple[Series, dict[str, Figure]]:
    series, figures = count_series(name, whole(register), by)
    return series, by_id(figures)


def test_a_series_has_a_row_a_code(year: Register) -> None:
    """The column of codes is called after its field, and labels stand beside codes."""
    series, figures = of_series(year, "channel")
    frame = frame_series(figures, [series], label)
    assert frame.to_csv(index=False).splitlines() == [
        "channel,label,year,value,low,high,status,figure",
        "phone,channel phone,2017,3.0,,,ok,x.phone",
        "email,channel email,2017,1.0,,,ok,x.email",
        "chat,channel chat,2017,1.0,,,ok,x.chat",
        "unknown,channel unknown,2017,0.0,,,ok,x.unknown",
    ]


def test_the_year_before_is_rows(year: Register, before: Register) -> None:
    """With another `year`, below the rows of this one."""
    now, figures = of_series(year, "month")
    then, others = of_series(before, "month", "y")
    frame = frame_series(figures | others, [now, then], label)
    assert frame.groupby("year")["value"].sum().to_dict() == {"2016": 4.0, "2017": 5.0}
    assert list(frame["year"].unique()) == ["2017", "2016"]


def test_a_share_has_its_interval(year: Register) -> None:
    """As `low` and `high`, in percent."""
    series, figures = share_series("s", whole(year), "channel")
    row = frame_series(by_id(figures), [series], label).iloc[0]
    interval = figures[0].interval
    assert interval is not None
    assert (row["low"], row["high"]) == (interval.low, interval.high)


def test_days_are_days(year: Register) -> None:
    """So that a chart has an axis of time."""
    series, figures = of_series(year, "date")
    frame = frame_series(figures, [series], label)
    assert str(frame["date"].dtype) == "datetime64[us]"
    assert frame.loc[frame["date"] == "2017-01-03", "value"].item() == 2


def test_a_missing_value_is_not_zero(year: Register) -> None:
    """It is NaN, and `status` says why."""
    series, figures = of_series(year, "channel")
    none = {"value": None, "numerator": None, "status": "suppressed"}
    none |= {"reason": Reason(code="protected")}
    figures["x.chat"] = figures["x.chat"].model_copy(update=none)
    row = frame_series(figures, [series], label).set_index("channel").loc["chat"]
    assert math.isnan(row["value"])
    assert row["status"] == "suppressed"


def test_an_empty_series_has_the_same_types(year: Register) -> None:
    """So that a chart function needn't ask."""
    series, figures = of_series(year, "channel")
    empty = series.model_copy(update={"members": ()})
    frame = frame_series(figures, [empty], label)
    assert frame.dtypes.to_dict() == frame_series(figures, [series], label).dtypes.to_dict()


def test_series_of_two_fields_make_no_frame(year: Register) -> None:
    """Their rows would have another meaning."""
    series = [of_series(year, "channel")[0], of_series(year, "month")[0]]
    with pytest.raises(ValueError, match="series of one field"):
        frame_series({}, series, label)


def test_a_cross_table_has_a_row_a_cell(year: Register) -> None:
    """Two columns of codes, and the labels of both."""
    tab, figures = crosstab("t", whole(year), "helpline", "channel")
    frame = frame_crosstab(by_id(figures), tab, label)
    assert frame.to_csv(index=False).splitlines()[:2] == [
        "helpline,channel,row,column,year,value,low,high,status,figure",
        "north,phone,helpline north,channel phone,2017,3.0,,,ok,t.north.phone",
    ]
    assert frame["value"].sum() == 5


def test_a_field_may_be_called_like_another_column(year: Register) -> None:
    """Its codes then stand in a column with a longer name."""
    series, figures = of_series(year, "channel")
    named = series.model_copy(update={"by": "status"})
    frame = frame_series(figures, [named], label)
    assert frame.columns[0] == "status_code"
    assert list(frame["status"].unique()) == ["ok"]


def test_single_figures_stand_below_each_other(year: Register) -> None:
    """A label has no number; its code says which it is."""
    contacts = whole(year)
    figures = [
        count("n", contacts),
        share("s", contacts.where(channel="phone"), contacts),
        top("t", contacts, "channel"),
    ]
    frame = frame_figures(figures, lambda figure: f"<{figure.id}>")
    assert frame[["code", "label", "value", "figure"]].to_csv(index=False).splitlines() == [
        "code,label,value,figure",
        ",<n>,5.0,n",
        ",<s>,60.0,s",
        "phone,<t>,,t",
    ]
