"""What the book shows in another order than the page, so that no page stands empty."""

from __future__ import annotations

import pytest

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.report.chapters import in_book_order
from helpline_report.report.views import ChartView, Left, TableView, View

TEXT = Left("tekst")


def table(name: str) -> TableView:
    return TableView(name, "c", "", ("a", "b"), (), (True,))


def chart(height: float) -> ChartView:
    """A chart of so many units high, and a hundred wide."""
    drawn = Drawing("<svg/>", "a", 100, height)
    return ChartView("chart", "c", "", drawn, drawn, drawn, table("own"))


TALL, LOW = chart(105), chart(60)


@pytest.mark.parametrize(
    ("page", "book"),
    [
        ((TEXT, TALL, table("t"), TEXT), (TEXT, table("t"), TALL, TEXT)),
        ((TEXT, LOW, table("t")), (TEXT, LOW, table("t"))),
        ((TALL, TEXT, table("t")), (TALL, TEXT, table("t"))),
        ((TALL,), (TALL,)),
        ((), ()),
    ],
    ids=["behind its table", "low", "a text between", "alone", "nothing"],
)
def test_tall_chart_stands_behind_its_table(page: tuple[View, ...], book: tuple[View, ...]) -> None:
    """A chart as high as a page leaves the page of its text to the table."""
    assert in_book_order(page) == book
