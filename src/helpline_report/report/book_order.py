"""The order of the book: what fills a page stands where it leaves none empty."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.report.views import ChartView, TableView, View

# From this height on, as a part of its width, a chart finds no room below the text of its section.
TALL = 0.9


def in_book_order(views: Sequence[View]) -> tuple[View, ...]:
    """The views of a chapter, a chart as high as a page behind the table that follows it.

    The page that its text stands on is then filled with rows; else most of it would be empty.
    """
    ordered = list(views)
    for at in range(len(ordered) - 1):
        one, other = ordered[at], ordered[at + 1]
        if isinstance(one, ChartView) and is_tall(one) and isinstance(other, TableView):
            ordered[at], ordered[at + 1] = other, one
    return tuple(ordered)


def is_tall(chart: ChartView) -> bool:
    """Whether a chart, on paper, takes most of a page."""
    return chart.paper.height > TALL * chart.paper.width
