"""Draw charts of the released ledger: as SVG, and the same in words.

This module loads pandas, matplotlib and seaborn, which takes a second: who may do without them
imports it where a drawing is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from helpline_report.charts import estimates, flow, heatmap, time_charts
from helpline_report.charts.axes import ChartSheet, house_axes
from helpline_report.charts.chart_figures import ChartWords, why_not
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.frames import alternative, chart_frame, trend_frame
from helpline_report.charts.kinds import KINDS, Kind
from helpline_report.charts.own_functions import Job, draw_jobs, own_colours
from helpline_report.charts.style import INK, WIDE, Theme, variable, write_number
from helpline_report.charts.svg import rewrite
from helpline_report.errors import ChapterError
from helpline_report.figures.model import Chart
from helpline_report.parameters.earlier_reports import OtherYears

# Loading them registers their kinds.
__all__ = [
    "NothingDrawn",
    "draw",
    "draw_own",
    "draw_trend",
    "estimates",
    "flow",
    "heatmap",
    "time_charts",
]

COLOURS = {value: variable(name) for name, value in INK.items()}


class NothingDrawn(ChapterError):
    """A function of the project's own drew nothing on the axes that it was given."""


def draw(
    chart: Chart,
    words: ChartWords,
    theme: Theme = WIDE,
    function: Kind | None = None,
) -> Drawing:
    """Draw a chart at the width of `theme`: the same bytes each time.

    A chart by a `function` of the project's own is drawn in this process, as a notebook shows it;
    for a page see `draw_own`.

    Raises:
        ValueError: nothing in it has a value (ask `why_not` first).
        NothingDrawn: the function leaves the axes empty.
    """
    frame, alt = _frame(chart, words)
    if function is None:
        # A flow whose whole has no value is shown as bars.
        kind = "bars" if chart.kind == "flow" and "level" not in frame else chart.kind
        return _drawing(*_paint(chart.id, kind, frame, theme), frame, theme, alt)
    painted = paint_own(chart.id, function, frame, theme)
    return _drawing(*painted, frame, theme, alt, own=True)


def draw_own(
    charts: Sequence[tuple[Chart, ChartWords]],
    themes: Sequence[Theme],
    sources: Mapping[str, str],
) -> dict[str, tuple[Drawing, ...]]:
    """Draw charts by functions of the project's own, in one guarded process.

    Args:
        charts: each with what labels it, and has its numbers.
        themes: the sizes that each is drawn in.
        sources: the modules of the functions (`own_functions.read_sources`).

    Returns:
        By the id of the chart its drawings, one a theme.

    Raises:
        ChapterError: a function isn't there, fails, does what it may not, or takes too long.
    """
    frames = [(chart, *_frame(chart, words)) for chart, words in charts]
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


def draw_trend(
    name: str, printed: OtherYears, words: ChartWords, theme: Theme, alt: str
) -> Drawing:
    """Draw printed totals of one noun."""
    frame = trend_frame(printed, words)
    return _drawing(*_paint(name, "trend", frame, theme), frame, theme, alt)


def _frame(chart: Chart, words: ChartWords) -> tuple[pd.DataFrame, str]:
    if why_not(chart, words.ledger) is not None:
        raise ValueError(f"the chart '{chart.id}' has nothing to draw")
    frame = chart_frame(chart, words)
    return frame, alternative(chart, frame, words)


def _paint(name: str, kind: str, frame: pd.DataFrame, theme: Theme) -> tuple[str, float]:
    """A frame as matplotlib writes it, drawn as a kind of chart; and its height in pixels."""
    with house_axes(theme, f"{name} {theme.name}") as axes:
        KINDS[kind](frame, axes)
        sheet = ChartSheet(axes)
        for artist in sheet.figure.findobj():
            artist.set_clip_on(False)
        return _written(sheet), sheet.height


def paint_own(name: str, function: Kind, frame: pd.DataFrame, theme: Theme) -> tuple[str, float]:
    """As `_paint`, by a function of the project's own, which needn't know the house style.

    Numbers on its axes are written as the page writes them, and no name of a column stands there.

    Raises:
        NothingDrawn: the axes are empty.
    """
    with house_axes(theme, f"{name} {theme.name}") as axes:
        function(frame.copy(), axes)
        if not any(each.has_data() or each.texts or each.tables for each in axes.figure.axes):
            raise NothingDrawn(
                f"the chart '{name}' is empty: its function draws nothing on the axes",
                next_step="give 'ax' to what draws: sns.lineplot(df, …, ax=ax), ax.plot(…), and "
                "not plt.plot(…)",
            )
        _use_house_style(axes, frame)
        return _written(ChartSheet(axes)), ChartSheet(axes).height


def _written(sheet: ChartSheet) -> str:
    """The drawing as SVG. `savefig` would draw it twice."""
    out, canvas = StringIO(), FigureCanvasSVG(sheet.figure)
    write: Any = canvas.print_svg
    write(out, metadata={"Date": None})
    return out.getvalue()


def _use_house_style(axes: Axes, frame: pd.DataFrame) -> None:
    columns, locale = set(map(str, frame.columns)), frame.attrs["locale"]
    for axis in (axes.xaxis, axes.yaxis):
        if axis.get_label_text() in columns:
            axis.set_label_text("")
        if type(axis.get_major_formatter()) is ScalarFormatter:
            axis.set_major_formatter(FuncFormatter(lambda x, _: write_number(x, "count", locale)))
    legend = axes.get_legend()
    if legend is not None and legend.get_title().get_text() in columns:
        legend.set_title("")


def _drawing(
    svg: str, height: float, frame: pd.DataFrame, theme: Theme, alt: str, *, own: bool = False
) -> Drawing:
    colours = COLOURS | own_colours() if own else COLOURS
    written = rewrite(svg, colours=colours, family=theme.font.family, alternative=alt)
    return Drawing(written, alt, theme.width, height, frame.attrs.get("left_out", 0))
