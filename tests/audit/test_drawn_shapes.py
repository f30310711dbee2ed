"""Where the shapes and texts of a drawing stand."""

import pytest

from helpline_report.audit.drawn_shapes import (
    ACROSS,
    DOWN,
    DrawnShape,
    Label,
    read_label,
    read_shape,
)
from helpline_report.audit.expectations import Element, parse_page

SVG = """<svg><g style="font-size:10"><text x="5" y="20" data-figure="a">7</text></g>
<text x="5" y="20" transform="rotate(-90 5 20)" style="font-size:10;fill:var(--muted)">8</text>
<path d="M0 10L4 10L4 2L0 2z" data-figure="a" style="fill:var(--main)"/>
<circle cx="3" cy="4" data-figure="b"/></svg>"""


@pytest.fixture
def svg() -> Element:
    (drawing,) = parse_page(SVG).iter("svg")
    return drawing


def test_a_shape(svg: Element) -> None:
    """A path has the first and last pixel of its points along each axis; a circle has a point."""
    bar, dot = (read_shape(item) for item in svg.xpath(".//path|.//circle"))
    assert (bar.figure, bar.find_ends(ACROSS), bar.find_ends(DOWN)) == ("a", (0, 4), (2, 10))
    assert bar.fill == "main"
    assert (dot.figure, dot.points, dot.fill) == ("b", [(3, 4)], "")


def test_a_label(svg: Element) -> None:
    """It stands on the middle of its letters; of an upright one these are left of its place."""
    lying, upright = (read_label(item) for item in svg.xpath(".//text"))
    assert lying == Label("7", "a", ("value",), (5, 16.5), "start", False, False, "")  # noqa: FBT003
    assert (upright.middle, upright.is_upright, upright.is_muted) == ((1.5, 20), True, True)


@pytest.mark.parametrize(("place", "distance"), [((2, 5), 0), ((7, 14), 5), ((2, 12), 2)])
def test_a_distance(place: tuple[float, float], distance: float) -> None:
    """From the edge of a shape; none inside."""
    assert DrawnShape("a", [(0, 0), (4, 10)], "").measure_distance(place) == distance
