"""From a chart of the ledger to a drawing: SVG, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from helpline_report.charts.alt import alternative
from helpline_report.charts.bars import Bar, bars_of, number_of, ranked, shown_by, why_empty
from helpline_report.charts.branches import Branch, branches
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.columns import draw_columns, not_too_narrow
from helpline_report.charts.daily import draw_daily
from helpline_report.charts.flow import draw_flow
from helpline_report.charts.heatmap import draw_heatmap
from helpline_report.charts.intervals import changes_of, draw_intervals, lines_of
from helpline_report.charts.lying import draw_bars
from helpline_report.charts.style import PAPER, Theme
from helpline_report.charts.type import set_in
from helpline_report.charts.words import Labels, Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Crosstab, Figure, Reason, Series


@dataclass(frozen=True)
class Drawing:
    """A drawn chart; `left_out` members of the series are in the table alone."""

    svg: str
    alt: str
    width: float
    height: float
    left_out: int = 0


def why_not(chart: Chart, ledger: Ledger) -> Reason | None:
    """Why a chart can't be drawn: nothing in it has a value. None where it can."""
    shown = shown_by(chart, ledger)
    if isinstance(shown, Series):
        return why_empty(bars_of(shown, None, ledger))
    figures = _figures(chart, shown, ledger)
    return why_empty([Bar("", figure, None) for figure in figures])


def _figures(chart: Chart, shown: Crosstab | None, ledger: Ledger) -> list[Figure]:
    names = [cell.figure for cell in shown.cells] if shown else list(chart.figures)
    return [ledger.figures[name] for name in names if name in ledger.figures]


def draw(chart: Chart, ledger: Ledger, labels: Labels, theme: Theme = PAPER) -> Drawing:
    """Draw a chart at the width and in the colours of `theme`: the same bytes each time.

    Raises:
        ValueError: nothing in it has a value (ask `why_not` first).
    """
    if why_not(chart, ledger) is not None:
        raise ValueError(f"the chart '{chart.id}' has nothing to draw")
    with set_in(theme.font):
        return _drawn(chart, ledger, Canvas(theme, Words(labels)))


def _drawn(chart: Chart, ledger: Ledger, canvas: Canvas) -> Drawing:
    theme, shown = canvas.theme, shown_by(chart, ledger)
    bars: list[Bar] = []
    left_out = 0
    whole: Branch | None = None
    if isinstance(shown, Series):
        bars, left_out = _bars(chart, shown, ledger, canvas.words)
        whole = branches(chart, shown, ledger, canvas.words) if chart.kind == "flow" else None
        height = (
            draw_flow(canvas, whole)
            if whole
            else _series(canvas, chart, shown, bars, against=_against(chart, ledger))
        )
    elif shown is not None:
        height = draw_heatmap(canvas, shown, ledger)
    else:
        height = draw_intervals(canvas, lines_of(canvas, _figures(chart, None, ledger)))
    alt = alternative(chart, bars, ledger, canvas.words, whole)
    return Drawing(canvas.svg(height, alt), alt, theme.width, height, left_out)


def _against(chart: Chart, ledger: Ledger) -> Series | None:
    """The comparison, if there is one with any value."""
    series = ledger.series.get(chart.against) if chart.against else None
    if series is None or all(
        number_of(ledger.figures.get(member.figure)) is None for member in series.members
    ):
        return None
    return series


def _bars(chart: Chart, series: Series, ledger: Ledger, words: Words) -> tuple[list[Bar], int]:
    bars = bars_of(series, _against(chart, ledger), ledger)
    if chart.kind in ("bars", "flow"):
        return ranked(bars, series.by, words, chart.most)
    return bars, 0


def _series(
    canvas: Canvas, chart: Chart, series: Series, bars: list[Bar], *, against: Series | None
) -> float:
    if chart.kind == "daily":
        return draw_daily(canvas, bars, series, chart.marks)
    if chart.kind == "changes":
        return draw_intervals(canvas, changes_of(canvas, bars, series.by))
    if chart.kind == "columns" and not_too_narrow(canvas, bars, series):
        return draw_columns(canvas, bars, series, against)
    return draw_bars(canvas, bars, series, against)
