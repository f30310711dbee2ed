"""Paint tidy frames with matplotlib: the one door to what takes a second to load."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from helpline_report.charts import estimates, flow, heatmap, trend
from helpline_report.charts.axes import house_axes, sheet, sheet_height
from helpline_report.charts.kinds import KINDS, Kind
from helpline_report.charts.style import Theme, write_number
from helpline_report.errors import ChapterError

# Loading them registers their kinds.
__all__ = ["NothingDrawn", "estimates", "flow", "heatmap", "paint", "paint_own", "trend"]


class NothingDrawn(ChapterError):
    """A function of the project's own drew nothing on the axes that it was given."""


def paint(name: str, kind: str, frame: pd.DataFrame, theme: Theme) -> tuple[str, float]:
    """A frame as matplotlib writes it, drawn as a kind of chart; and its height in pixels."""
    with house_axes(theme, f"{name} {theme.name}") as axes:
        KINDS[kind](frame, axes)
        for artist in sheet(axes).findobj():
            artist.set_clip_on(False)
        return _written(axes), sheet_height(axes)


def paint_own(name: str, function: Kind, frame: pd.DataFrame, theme: Theme) -> tuple[str, float]:
    """As `paint`, by a function of the project's own, which needn't know the house style.

    Numbers on its axes are written as the page writes them, and no name of a column stands there.

    Raises:
        NothingDrawn: the axes are empty.
    """
    with house_axes(theme, f"{name} {theme.name}") as axes:
        function(frame.copy(), axes)
        if not any(each.has_data() or each.texts or each.tables for each in sheet(axes).axes):
            raise NothingDrawn(
                f"the chart '{name}' is empty: its function draws nothing on the axes",
                next_step="give 'ax' to what draws: sns.lineplot(df, …, ax=ax), ax.plot(…), and "
                "not plt.plot(…)",
            )
        _use_house_style(axes, frame)
        return _written(axes), sheet_height(axes)


def _written(axes: Axes) -> str:
    """The drawing as SVG. `savefig` would draw it twice."""
    out, canvas = StringIO(), FigureCanvasSVG(sheet(axes))
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
