from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.charts import draw as drawing
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.draw import draw
from helpline_report.charts.style import COLOURS, NARROW_PAGE, PAPER, WIDE_PAGE, Theme
from helpline_report.charts.svg import number, rectangle, segment
from tests.charts.by_matplotlib import ByMatplotlib

places = st.floats(0, 600).map(lambda value: round(value, 3))
points = st.tuples(places, places)
sizes = st.floats(0.01, 300).map(lambda value: round(value, 3))
colours = st.sampled_from(sorted(COLOURS))
words = st.text(st.characters(codec="ascii", exclude_characters="\\"), max_size=12)
segments = st.lists(st.tuples(points, points), max_size=4)
boxes = st.lists(st.tuples(places, places, sizes, sizes), min_size=1, max_size=3)

Act = tuple[str, tuple[Any, ...], dict[str, Any]]


def named(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(options)


acts: st.SearchStrategy[Act] = st.one_of(
    st.tuples(
        st.just("bar"),
        st.tuples(points, sizes, sizes, colours),
        named(edge=st.none() | colours),
    ),
    st.tuples(st.just("squares"), st.tuples(boxes, colours), st.just({})),
    st.tuples(
        st.just("band"),
        st.tuples(st.tuples(points, points), st.tuples(points, points), colours),
        named(edge=colours),
    ),
    st.tuples(
        st.just("line"),
        st.tuples(segments, colours),
        named(thick=st.sampled_from([1, 1.5, 2]), behind=st.booleans()),
    ),
    st.tuples(st.just("dot"), st.tuples(points, st.sampled_from([3.0, 4.5]), colours), st.just({})),
    st.tuples(
        st.just("text"),
        st.tuples(places, places, words),
        named(
            colour=colours,
            size=st.sampled_from([None, 12.5, 13]),
            weight=st.sampled_from(["regular", "semibold"]),
            align=st.sampled_from(["left", "center", "right"]),
            upwards=st.booleans(),
        ),
    ),
)


def svg(canvas: Canvas, what: list[Act], height: float, told: str) -> str:
    for name, given_, options in what:
        getattr(canvas, name)(*given_, **options)
    return canvas.svg(height, told)


@given(
    what=st.lists(acts, min_size=1, max_size=6),
    height=st.integers(600, 900),
    theme=st.sampled_from([WIDE_PAGE, PAPER]),
    told=words,
)
def test_a_sheet_is_what_matplotlib_draws(
    what: list[Act], height: int, theme: Theme, told: str
) -> None:
    """Shapes and texts in any order are the SVG that matplotlib writes of them, byte for byte."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        theirs = svg(ByMatplotlib(theme, None), what, height, told)
    ours = svg(Canvas(theme, None), what, height, told)  # type: ignore[arg-type]
    if "<path" in ours or "<text" in ours:
        assert ours == theirs


@pytest.mark.parametrize("theme", [WIDE_PAGE, NARROW_PAGE, PAPER], ids=["wide", "narrow", "paper"])
def test_every_kind_is_what_matplotlib_draws(
    every_kind: Callable[[], Any], labels: Any, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chart of each kind is the one that matplotlib draws, byte for byte."""
    ledger, charts = every_kind()
    ours = [draw(chart, ledger, labels, theme) for chart in charts]
    monkeypatch.setattr(drawing, "Canvas", ByMatplotlib)
    assert ours == [draw(chart, ledger, labels, theme) for chart in charts]


def test_a_colour_that_no_chart_has() -> None:
    """A colour that the charts don't have is no colour of a shape."""
    with pytest.raises(KeyError):
        Canvas(WIDE_PAGE, None).dot((1, 1), 1, "page")  # type: ignore[arg-type]


def test_half_a_hundredth() -> None:
    """A half that a sum missed by a hair is rounded as the half that was meant."""
    assert [number(12.345 - 1e-12), number(2.0), number(-0.001)] == ["12.35", "2", "0"]


def test_shapes_are_short() -> None:
    """A rectangle and an upright line say each of their places once."""
    assert rectangle(1, 2, 10, 5) == "M1 2H11V7H1z"
    assert segment((1, 2), (1, 9)) == "M1 2V9"
