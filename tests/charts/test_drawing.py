"""Every kind of chart as SVG: well formed, in named colours, the same bytes, and in words."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpline_report.charts.chart_figures import ChartWords, explain_empty_chart, rank_codes
from helpline_report.charts.style import COLOURS, NARROW, WIDE, Theme
from helpline_report.figures.model import Chart, Interval
from helpline_report.parameters.codelists import Code
from helpline_report.prose.writer import Writer
from tests.charts.conftest import every_kind_of_chart
from tests.charts.marks import draw, parsed, texts
from tests.report.small_publication import codelist, edition

THEMES = (WIDE, NARROW)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_kind(theme: Theme) -> None:
    """One element with a role and an alternative, without ids; its colours are variables.

    So many can stand in a page, in its colours; on paper colours are colours. No text is smaller
    than can be read at the width it is drawn for. A campaign's window has its name.
    """
    ledger, charts = every_kind_of_chart()
    for chart in charts:
        drawing = draw(chart, ledger, theme)
        svg, root = drawing.svg, parsed(drawing.svg)
        assert root.get("role") == "img"
        assert root.get("aria-label", "").endswith(".")
        assert not re.search(r"\sid=|url\(|(fill|stroke):#", svg)
        assert set(re.findall(r"var\(--([\w-]+)\)", svg)) <= {*COLOURS, "page"}
        assert "var(" not in drawing.in_colours(COLOURS).svg
        assert min(map(float, re.findall(r"font-size:([\d.]+)px", svg))) >= 9
        assert ("lentecampagne <b>" in texts(svg)) == (chart.kind in ("daily", "weeks"))
        if chart.kind == "intervals":
            assert "Verhouding van het aantal contactnames" in drawing.alt
            assert ": 1,30, marge 0,80 tot 2,18." in drawing.alt


def test_ends_of_an_interval_are_rounded_half_up(make: Any) -> None:
    """In the alternative as in a table: 1.125 is 1,13, and 2 has the decimals of its unit."""
    interval = Interval(low=1.125, high=2, method="exact_conditional", null_value=1)
    facts = {"kind": "rate_ratio", "unit": "ratio", "of": make.population(2016)}
    make.figure("r", 1.5, interval=interval, **facts)
    drawing = draw(Chart(id="c", kind="intervals", figures=("r",)), make.ledger())
    assert "1,50, marge 1,13 tot 2,00." in drawing.alt


@pytest.mark.parametrize(
    ("by", "most", "order"),
    [("channel", 2, "BC"), ("channel", None, "BCA"), ("age_class", None, "ABC")],
)
def test_bars_are_ranked(make: Any, by: str, most: int | None, order: str) -> None:
    """From most to least, but codes that have an order keep it; what is left out is counted."""
    make.by("c", by, {"a": 1, "b": 3, "c": 2})
    drawing = draw(Chart(id="c", kind="bars", breakdown="c", most=most), make.ledger())
    assert [text for text in texts(drawing.svg) if text in "ABC"] == list(order)
    assert drawing.left_out == 3 - len(order)


def test_rest_is_ranked_last(make: Any) -> None:
    """What has no code of its own stands after what has, and before what isn't known."""
    codes = [
        Code(code="a", nl="A", en="A", missing=True),
        Code(code="b", nl="B", en="B", rest=True),
    ]
    codes += [Code(code=code, nl=code.upper(), en=code) for code in "cd"]
    make.by("c", "channel", {"a": 9, "b": 8, "c": 1, "d": 2})
    ledger, lists = make.ledger(), {"channel": codelist().model_copy(update={"codes": codes})}
    words = ChartWords(Writer(ledger, edition(2017), None, lists, "nl"))
    figures = {code: ledger.figures[f"c.{code}"] for code in "abcd"}
    assert rank_codes([*"abcd"], figures, "channel", words) == [*"dcba"]


@pytest.mark.parametrize(
    ("names", "least", "most"),
    [("a {} c", -1, WIDE.text), ("{}", WIDE.text / 2, 99)],
    ids=["into the room of its neighbours", "no neighbour"],
)
def test_a_name_of_two_lines_has_room(make: Any, names: str, least: float, most: float) -> None:
    """It reaches into the room of its neighbours, where these have one: no line a bar is added."""
    heights: list[float] = []
    for long in ("kort", "een heel lange naam van een code, die op twee regels staat"):
        codes = [long if name == "{}" else name for name in names.split()]
        make.by(f"c{len(heights)}", "own", {code: 3 - at for at, code in enumerate(codes)})
        chart = Chart(id="c", kind="bars", breakdown=f"c{len(heights)}")
        heights.append(float(parsed(draw(chart, make.ledger()).svg).get("viewBox", "").split()[3]))
    assert least < heights[1] - heights[0] < most


def test_member_of_the_comparison_alone(make: Any) -> None:
    """A code that only last year had is shown as not registered this year."""
    make.by("now", "channel", {"a": 1})
    make.by("then", "channel", {"a": 1, "old": 4}, 2016)
    chart = Chart(id="c", kind="bars", breakdown="now", against="then")
    assert "niet geregistreerd" in texts(draw(chart, make.ledger()).svg)


@pytest.mark.parametrize("values", [{"01": 0, "02": -0.0}, {"01": 0.0}, {"01": -3, "02": 5}])
@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_odd_values(make: Any, kind: Any, values: dict[str, float]) -> None:
    """Zeros, a single member and negative values can be drawn; there is no negative zero."""
    make.by("s", "month", values)
    for theme in THEMES:
        svg = draw(Chart(id="s", kind=kind, breakdown="s"), make.ledger(), theme).svg
        assert not re.search(r"(?<![\w.])-0(?![.,\d])", svg)


def test_nothing_but_zeros_and_gaps(make: Any) -> None:
    """A year in which nothing was counted can be drawn, and a cross-table with empty cells."""
    make.by("d", "date", {f"2017-01-{day:02d}": 0 for day in range(1, 32)})
    make.tab("t", {("1", "9"): 0, ("1", "10"): None, ("2", "9"): 0})
    days, hours = {"kind": "daily", "breakdown": "d"}, {"kind": "heatmap", "breakdown": "t"}
    for theme in THEMES:
        for chart in (days, hours):
            one = Chart.model_validate({"id": "c", **chart})
            assert draw(one, make.ledger(), theme).svg


@pytest.mark.parametrize("values", [{}, {"a": None, "b": None}])
def test_nothing_to_draw(make: Any, values: dict[str, None]) -> None:
    """A series without a value can't be drawn, and says why."""
    make.by("s", "channel", values)
    chart = Chart(id="s", kind="bars", breakdown="s")
    assert explain_empty_chart(chart, make.ledger()) is not None


def test_elements_that_look_alike_have_their_style_once(make: Any) -> None:
    """A page holds a cross-table of hundreds of values: squares of a shade are one group."""
    make.tab("t", {("1", str(hour)): hour % 2 for hour in range(24)})
    svg = draw(Chart(id="t", kind="heatmap", breakdown="t"), make.ledger()).svg
    assert svg.count("<path") == 24
    assert svg.count("fill:var(--seq") <= 4
    assert svg.count("font-size") <= 4


def test_nothing_is_loaded_where_nothing_is_drawn(repository: Path) -> None:
    """Pages of kept drawings, and the kernels of a build, wait for no library that draws."""
    script = "import sys, helpline_report.chapter, helpline_report.report.publish\n"
    script += "print('matplotlib' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


def test_alternatives_name_all_or_the_extremes(make: Any) -> None:
    """Of a long series the highest and the lowest, of a short one all, and what has no value."""
    make.by("m", "month", {f"{month:02d}": 10 * month for month in range(1, 13)})
    make.by("c", "channel", {"a": 1, "b": 2, "c": None})
    ledger = make.ledger()
    assert [
        draw(chart, ledger).alt
        for chart in (
            Chart(id="m", kind="columns", breakdown="m"),
            Chart(id="c", kind="bars", breakdown="c"),
        )
    ] == [
        "Kolommendiagram. Contactnames per maand. Hoogste: december, met 120. "
        "Laagste: januari, met 10.",
        "Staafdiagram. Contactnames per channel. B: 2; a: 1. Zonder waarde: c.",
    ]


def test_alternatives_name_each_of_a_draw(make: Any) -> None:
    """Of many three are named; where a chart leaves codes out, none is the lowest."""
    months = {f"{month:02d}": 7 if month in (1, 3) else 2 for month in range(1, 13)}
    make.by("m", "month", months)
    ledger = make.ledger()
    highest = "Hoogste: januari, met 7 (gelijk met maart)"
    lowest = "Laagste: februari, met 2 (gelijk met april, mei, juni en andere)"
    alt = draw(Chart(id="m", kind="columns", breakdown="m"), ledger).alt
    assert alt.endswith(f". {highest}. {lowest}.")
    cut = draw(Chart(id="m", kind="bars", breakdown="m", most=8), ledger).alt
    assert cut.endswith(f". {highest}.")


def test_alternatives_of_squares_name_each_of_a_draw(make: Any) -> None:
    """By row and column; where all are nothing, of the lowest."""
    make.tab("t", {(str(row), str(hour)): row for row in (1, 2) for hour in (9, 10)})
    tab = draw(Chart(id="t", kind="heatmap", breakdown="t"), make.ledger()).alt
    assert "Hoogste: dinsdag, 9 uur, met 2 (gelijk met dinsdag, 10 uur)." in tab
    make.tab("u", {(str(row), str(hour)): 0 for row in (1, 2) for hour in (9, 10)})
    tab = draw(Chart(id="u", kind="heatmap", breakdown="u"), make.ledger()).alt
    assert tab.endswith("Laagste: maandag, 9 uur, met 0 (gelijk met maandag, 10 uur en andere).")
