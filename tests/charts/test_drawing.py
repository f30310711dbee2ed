"""Every kind of chart as SVG: well formed, in named colours, the same bytes, and in words."""

from __future__ import annotations

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
def test_every_kind(every_kind: EveryKind, labels: Any, theme: Theme) -> None:
    """One element with a role and an alternative, without ids; its colours are variables.

    So many can stand in a page, in its colours; on paper colours are colours. No text is smaller
    than can be read at the width it is drawn for.
    """
    ledger, charts = every_kind()
    for chart in charts:
        drawing = draw(chart, ledger, labels, theme)
        svg, root = drawing.svg, parsed(drawing.svg)
        assert root.get("role") == "img"
        assert root.get("aria-label", "").endswith(".")
        assert not re.search(r"\sid=|url\(|(fill|stroke):#", svg)
        assert set(re.findall(r"var\(--([\w-]+)\)", svg)) <= {*COLOURS, "page"}
        assert "var(" not in drawing.in_colours(COLOURS).svg
        assert min(map(float, re.findall(r"font-size:([\d.]+)px", svg))) >= 9


def test_text_stays_text_and_is_escaped(make: Any, labels: Any) -> None:
    """A label of the data is text, whatever it holds."""
    hostile = "<script>alert(1)</script>"
    make.by("c", "channel", {hostile: 1, "$x$": 2, "a\x00b": 3, "\N{GRINNING FACE}": 4})
    svg = draw(Chart(id="c", kind="bars", series="c"), make.ledger(), labels).svg
    assert "<script" not in svg
    assert {hostile, "$x$", "Ab"} <= {text.replace("ab", "Ab") for text in texts(svg)}


@pytest.mark.parametrize(
    ("by", "most", "shown"),
    [("channel", 2, "BC"), ("channel", None, "BCA"), ("age_class", None, "ABC")],
)
def test_bars_are_ranked(make: Any, labels: Any, by: str, most: int | None, shown: str) -> None:
    """From most to least, but codes that have an order keep it; what is left out is counted."""
    make.by("c", by, {"a": 1, "b": 3, "c": 2})
    drawing = draw(Chart(id="c", kind="bars", series="c", most=most), make.ledger(), labels)
    assert [text for text in texts(drawing.svg) if text in "ABC"] == list(shown)
    assert drawing.left_out == 3 - len(shown)


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


def test_campaign_is_named(every_kind: EveryKind, labels_with_campaign: Any) -> None:
    """A campaign's window stands in the chart by its name."""
    ledger, charts = every_kind()
    days = next(chart for chart in charts if chart.kind == "daily")
    assert "lentecampagne" in texts(draw(days, ledger, labels_with_campaign).svg)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_nothing_but_zeros_and_gaps(make: Any, labels: Any, theme: Theme) -> None:
    """A year in which nothing was counted can be drawn, and a cross-table with empty cells."""
    make.by("d", "date", {f"2017-01-{day:02d}": 0 for day in range(1, 32)})
    make.tab("t", {("1", "9"): 0, ("1", "10"): None, ("2", "9"): 0})
    for chart in (
        Chart(id="d", kind="daily", series="d"),
        Chart(id="t", kind="heatmap", crosstab="t"),
    ):
        assert draw(chart, make.ledger(), labels, theme).svg


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


def test_alternatives_name_all_or_the_extremes(make: Any, labels: Any) -> None:
    """Of a long series the highest and the lowest, of a short one all, and what has no value."""
    make.by("m", "month", {f"{month:02d}": 10 * month for month in range(1, 13)})
    make.by("c", "channel", {"a": 1, "b": 2, "c": None})
    ledger = make.ledger()
    assert [
        draw(Chart(id=name, kind=kind, series=name), ledger, labels).alt
        for name, kind in (("m", "columns"), ("c", "bars"))
    ] == [
        "Kolommendiagram. opschrift m. Hoogste: 12 120. Laagste: 01 10.",
        "Staafdiagram. opschrift c. b 2; a 1. Zonder waarde: c.",
    ]


def test_says_intervals(every_kind: Any, labels: Any) -> None:
    """Of a ratio the interval is said."""
    ledger, charts = every_kind()
    alt = draw(next(c for c in charts if c.kind == "intervals"), ledger, labels).alt
    assert "1.3, onzekerheid 0,8 tot 2,18" in alt
