from __future__ import annotations

from typing import Any

import pytest

from helpline_report.charts.drawing import draw
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from tests.charts.marks import texts

CHART = Chart(id="c", kind="changes", series="c")


def changes(make: Any, intervals: dict[str, tuple[float, float] | None]) -> Ledger:
    make.changes("c", intervals)
    made: Ledger = make.ledger()
    return made


@pytest.mark.parametrize("theme", [WIDE, NARROW], ids=["wide", "narrow"])
def test_change_stands_with_its_counts(make: Any, labels: Any, theme: Theme) -> None:
    """A percentage of few is told from one of many: both counts stand under the name."""
    svg = draw(CHART, changes(make, {"a": (2, 18), "b": (3, 19)}), labels, theme).svg
    assert texts(svg).count("van 100 naar 110") == 2


@pytest.mark.parametrize(("ends", "said"), [((2, 18), False), ((-2, 22), True)])
def test_hollow_dot_is_explained(
    make: Any, labels: Any, ends: tuple[float, float], *, said: bool
) -> None:
    """Where no difference at all fits the numbers too, the dot is hollow, and that is said."""
    drawing = draw(CHART, changes(make, {"a": ends, "b": (3, 19)}), labels)
    assert ("open punt: dit verschil kan toeval zijn" in texts(drawing.svg)) == said


def test_code_without_a_year_before_has_no_dot(make: Any, labels: Any) -> None:
    """A code that wasn't registered last year is said in words, and has no dot."""
    both = draw(CHART, changes(make, {"a": (2, 18), "b": (3, 19)}), labels)
    one = draw(CHART, changes(make, {"a": (2, 18), "b": None}), labels)
    assert "niets" in texts(one.svg)
    assert "niets" in one.alt
    assert one.svg.count("<circle") < both.svg.count("<circle")
