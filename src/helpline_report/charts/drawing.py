"""Draw charts of the released ledger: as SVG, and the same in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpline_report.charts.alternatives import alternative
from helpline_report.charts.chart_figures import why_not
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.frames import chart_frame, trend_frame
from helpline_report.charts.own_functions import Job, draw_jobs, own_colours
from helpline_report.charts.style import INK, WIDE, Theme, variable
from helpline_report.charts.svg import rewrite
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from helpline_report.parameters.earlier_reports import OtherYears
from helpline_report.prose.writer import Writer

COLOURS = {value: variable(name) for name, value in INK.items()}


def draw(
    chart: Chart,
    ledger: Ledger,
    writer: Writer,
    theme: Theme = WIDE,
    function: Callable[[pd.DataFrame, Any], None] | None = None,
) -> Drawing:
    """Draw a chart at the width of `theme`: the same bytes each time.

    A chart by a `function` of the project's own is drawn in this process, as a notebook shows it;
    for a page see `draw_own`.

    Raises:
        ValueError: nothing in it has a value (ask `why_not` first).
    """
    frame, alt = _frame(chart, ledger, writer)
    if function is None:
        # A flow whose whole has no value is shown as bars.
        kind = "bars" if chart.kind == "flow" and "level" not in frame else chart.kind
        return draw_frame(chart.id, kind, frame, theme, alt)
    from helpline_report.charts.painting import paint_own  # noqa: PLC0415 - as in `draw_frame`

    drawn = paint_own(chart.id, function, frame, theme)
    return _drawing(*drawn, frame, theme, alt, own=True)


def draw_own(
    charts: Sequence[tuple[Chart, Ledger, Writer]],
    themes: Sequence[Theme],
    sources: Mapping[str, str],
) -> dict[str, tuple[Drawing, ...]]:
    """Draw charts by functions of the project's own, in one guarded process.

    Args:
        charts: each with the ledger where its numbers are, and what labels them.
        themes: the sizes that each is drawn in.
        sources: the modules of the functions (`own_functions.read_sources`).

    Returns:
        By the id of the chart its drawings, one a theme.

    Raises:
        ChapterError: a function isn't there, fails, does what it may not, or takes too long.
    """
    frames = [(chart, *_frame(chart, ledger, writer)) for chart, ledger, writer in charts]
    jobs = [
        Job(chart.id, chart.function, frame, theme)
        for chart, frame, _ in frames
        for theme in themes
    ]
    drawn = iter(draw_jobs(jobs, sources) if jobs else [])
    return {
        chart.id: tuple(_drawing(*next(drawn), frame, theme, alt, own=True) for theme in themes)
        for chart, frame, alt in frames
    }


def draw_trend(name: str, printed: OtherYears, writer: Writer, theme: Theme, alt: str) -> Drawing:
    """Draw printed totals of one noun."""
    return draw_frame(name, "trend", trend_frame(printed, Words(writer)), theme, alt)


def _frame(chart: Chart, ledger: Ledger, writer: Writer) -> tuple[pd.DataFrame, str]:
    if why_not(chart, ledger) is not None:
        raise ValueError(f"the chart '{chart.id}' has nothing to draw")
    words = Words(writer)
    frame = chart_frame(chart, ledger, words)
    return frame, alternative(chart, frame, ledger, words)


def draw_frame(name: str, kind: str, frame: pd.DataFrame, theme: Theme, alt: str) -> Drawing:
    """Draw a tidy frame as a kind of chart."""
    # seaborn takes a second to load, and a build's kernels, which have this module, draw nothing.
    from helpline_report.charts.painting import paint  # noqa: PLC0415

    return _drawing(*paint(name, kind, frame, theme), frame, theme, alt)


def _drawing(
    svg: str, height: float, frame: pd.DataFrame, theme: Theme, alt: str, *, own: bool = False
) -> Drawing:
    colours = COLOURS | own_colours() if own else COLOURS
    written = rewrite(svg, colours=colours, family=theme.font.family, alternative=alt)
    return Drawing(written, alt, theme.width, height, frame.attrs.get("left_out", 0))
