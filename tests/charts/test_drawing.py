"""Every kind of chart as SVG: well formed, in named colours, the same bytes, and in words."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpline_report.charts.chart_figures import why_not
from helpline_report.charts.style import COLOURS, NARROW, WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from tests.charts.marks import draw, parsed, texts

THEMES = (WIDE, NARROW)
EveryKind = Callable[[], tuple[Ledger, list[Chart]]]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_kind_is_well_formed(every_kind: EveryKind, labels: Any, theme: Theme) -> None:
    """Each kind of chart is one SVG element with a role and an alternative."""
    ledger, charts = every_kind()
    for chart in charts:
        root = parsed(draw(chart, ledger, labels, theme).svg)
        assert root.get("role") == "img"
        assert root.get("aria-label", "").endswith(".")


def test_no_ids(every_kind: EveryKind, labels: Any) -> None:
    """Nothing in a drawing has an id, so that many can stand in one page."""
    ledger, charts = every_kind()
    assert not any(re.search(r"\sid=|url\(", draw(chart, ledger, labels).svg) for chart in charts)


def test_colours_are_variables_in_the_page(every_kind: EveryKind, labels: Any) -> None:
    """In the page no colour is fixed: each is a variable of the style sheet."""
    ledger, charts = every_kind()
    for chart in charts:
        svg = draw(chart, ledger, labels, WIDE).svg
        assert not re.search(r"(fill|stroke):#", svg)
        assert set(re.findall(r"var\(--([\w-]+)\)", svg)) <= {*COLOURS, "page"}


def test_colours_are_plain_on_paper(every_kind: EveryKind, labels: Any) -> None:
    """On paper colours are colours."""
    ledger, charts = every_kind()
    for chart in charts:
        svg = draw(chart, ledger, labels).in_colours(COLOURS).svg
        assert "var(" not in svg


def test_text_stays_text_and_is_escaped(make: Any, labels: Any) -> None:
    """A label of the data is text, whatever it holds."""
    hostile = "<script>alert(1)</script>"
    make.by("c", "channel", {hostile: 1, "$x$": 2, "a\x00b": 3, "\N{GRINNING FACE}": 4})
    svg = draw(Chart(id="c", kind="bars", series="c"), make.ledger(), labels).svg
    assert "<script" not in svg
    assert {hostile, "$x$", "Ab"} <= {text.replace("ab", "Ab") for text in texts(svg)}


def test_bars_are_ranked(make: Any, labels: Any) -> None:
    """Bars go from most to least; what is left out is counted."""
    make.by("c", "channel", {"a": 1, "b": 3, "c": 2})
    drawing = draw(Chart(id="c", kind="bars", series="c", most=2), make.ledger(), labels)
    assert [text for text in texts(drawing.svg) if text in "ABC"] == ["B", "C"]
    assert drawing.left_out == 1


def test_ages_keep_their_order(make: Any, labels: Any) -> None:
    """Codes that have an order of their own are never ranked."""
    make.by("a", "age_class", {"a": 1, "b": 3, "c": 2})
    svg = draw(Chart(id="a", kind="bars", series="a"), make.ledger(), labels).svg
    assert [text for text in texts(svg) if text in "ABC"] == ["A", "B", "C"]


def test_unavailable_is_said_and_not_zero(make: Any, labels: Any) -> None:
    """A member without a value is drawn in words."""
    for kind, by in (("bars", "channel"), ("columns", "month")):
        make.by(kind, by, {"01": 5, "02": None})
        svg = draw(Chart(id=kind, kind=kind, series=kind), make.ledger(), labels).svg
        assert "niets" in texts(svg)
        assert "0" not in texts(svg)


def test_member_of_the_comparison_alone(make: Any, labels: Any) -> None:
    """A code that only last year had is shown as not registered this year."""
    make.by("now", "channel", {"a": 1})
    make.by("then", "channel", {"a": 1, "old": 4}, 2016)
    chart = Chart(id="c", kind="bars", series="now", against="then")
    assert "niet geregistreerd" in texts(draw(chart, make.ledger(), labels).svg)


@pytest.mark.parametrize("values", [{"01": 0, "02": 0}, {"01": 0.0}, {"01": -3, "02": 5}])
@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_odd_values(make: Any, labels: Any, kind: Any, values: dict[str, float]) -> None:
    """Zeros, a single member and negative values can be drawn."""
    make.by("s", "month", values)
    for theme in THEMES:
        assert draw(Chart(id="s", kind=kind, series="s"), make.ledger(), labels, theme).svg


def test_days_of_zeros(make: Any, labels: Any) -> None:
    """A year in which nothing was counted can be drawn."""
    days = [dt.date(2017, 1, 1) + dt.timedelta(days=at) for at in range(365)]
    make.by("d", "date", {day.isoformat(): 0 for day in days})
    assert draw(Chart(id="d", kind="daily", series="d"), make.ledger(), labels).svg


def test_campaign_is_named(every_kind: EveryKind, labels_with_campaign: Any) -> None:
    """A campaign's window stands in the chart by its name."""
    ledger, charts = every_kind()
    days = next(chart for chart in charts if chart.kind == "daily")
    assert "lentecampagne" in texts(draw(days, ledger, labels_with_campaign).svg)


def test_heatmap_of_zeros_and_gaps(make: Any, labels: Any) -> None:
    """A cross-table with empty cells can be drawn."""
    make.tab("t", {("1", "9"): 0, ("1", "10"): None, ("2", "9"): 0})
    for theme in THEMES:
        assert draw(Chart(id="t", kind="heatmap", crosstab="t"), make.ledger(), labels, theme).svg


@pytest.mark.parametrize("values", [{}, {"a": None, "b": None}])
def test_nothing_to_draw(make: Any, labels: Any, values: dict[str, None]) -> None:
    """A series without a value can't be drawn, and says why."""
    make.by("s", "channel", values)
    chart = Chart(id="s", kind="bars", series="s")
    assert why_not(chart, make.ledger()) is not None
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(chart, make.ledger(), labels)


def test_unknown_series_has_a_reason(make: Any) -> None:
    """A chart of a series that isn't in the ledger can't be drawn."""
    assert why_not(Chart(id="s", kind="bars", series="s"), make.ledger()) is not None


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_is_large_enough(every_kind: EveryKind, labels: Any, theme: Theme) -> None:
    """No text is smaller than can be read at the width it is drawn for."""
    ledger, charts = every_kind()
    for chart in charts:
        sizes = re.findall(r"font-size:([\d.]+)px", draw(chart, ledger, labels, theme).svg)
        assert min(map(float, sizes)) >= 9


def test_elements_that_look_alike_have_their_style_once(make: Any, labels: Any) -> None:
    """A page holds a cross-table of hundreds of values: squares of a shade are one group."""
    make.tab("t", {("1", str(hour)): hour % 2 for hour in range(24)})
    svg = draw(Chart(id="t", kind="heatmap", crosstab="t"), make.ledger(), labels).svg
    assert svg.count("<path") == 24
    assert svg.count("fill:var(--seq") <= 4
    assert svg.count("font-size") <= 4


def test_nothing_is_loaded_where_nothing_is_drawn(repository: Path) -> None:
    """Pages of kept drawings, and a check, wait for no library that draws."""
    script = "import sys, helpline_report.report.publish; print('matplotlib' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


def test_names_the_extremes(make: Any, labels: Any) -> None:
    """Of a long series the highest and the lowest are said."""
    make.by("m", "month", {f"{month:02d}": 10 * month for month in range(1, 13)})
    alt = draw(Chart(id="m", kind="columns", series="m"), make.ledger(), labels).alt
    assert alt == "Kolommendiagram. opschrift m. Hoogste: 12 120. Laagste: 01 10."


def test_names_all_of_a_short_series(make: Any, labels: Any) -> None:
    """Of a short series every value is said, and what has none."""
    make.by("c", "channel", {"a": 1, "b": 2, "c": None})
    alt = draw(Chart(id="c", kind="bars", series="c"), make.ledger(), labels).alt
    assert alt == "Staafdiagram. opschrift c. b 2; a 1. Zonder waarde: c."


def test_says_intervals(every_kind: Any, labels: Any) -> None:
    """Of a ratio the interval is said."""
    ledger, charts = every_kind()
    alt = draw(next(c for c in charts if c.kind == "intervals"), ledger, labels).alt
    assert "1.3, onzekerheid 0,8 tot 2,18" in alt
