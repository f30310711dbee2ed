from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from helpline_report.charts.draw import draw
from helpline_report.charts.style import NARROW_PAGE, WIDE_PAGE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Interval

CHART = Chart(id="c", kind="changes", series="c")


def changes(make: Any, intervals: dict[str, tuple[float, float] | None]) -> Ledger:
    """Changes of 10 % by code, from 100 to 110, with these intervals; None is one without value."""
    make.by("c", "kind", {code: None if ends is None else 10 for code, ends in intervals.items()})
    make.series["c"] = make.series["c"].model_copy(
        update={"kind": "change", "unit": "percent change"}
    )
    for code, ends in intervals.items():
        if ends is not None:
            found = Interval(low=ends[0], high=ends[1], none=0, method="log_normal_clustered")
            update = {"interval": found, "numerator": 110.0, "denominator": 100.0, "kind": "change"}
            name = f"c.{code}"
            make.figures[name] = make.figures[name].model_copy(update=update)
    made: Ledger = make.ledger()
    return made


def texts(svg: str) -> list[str]:
    return [item.text or "" for item in ET.fromstring(svg).iter() if item.tag.endswith("text")]  # noqa: S314


@pytest.mark.parametrize("theme", [WIDE_PAGE, NARROW_PAGE], ids=["wide", "narrow"])
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
    assert one.svg.count("<path") < both.svg.count("<path")
