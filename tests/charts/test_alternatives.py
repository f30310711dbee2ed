from __future__ import annotations

from typing import Any

from helpline_report.charts.drawing import draw
from helpline_report.figures.model import Chart


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
