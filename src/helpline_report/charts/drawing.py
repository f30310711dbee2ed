"""Draw charts of the released ledger: as SVG, and the same in words.

This module loads pandas, matplotlib and seaborn, which takes a second: who may do without them
imports it where a drawing is due.
"""

import colorsys
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from helpline_report.charts.alternatives import write_alternative
from helpline_report.charts.axes import CYCLE, house_axes
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.drawing_nodes import describe_drawing
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.frames import make_chart_frame
from helpline_report.charts.kinds import KINDS, Kind
from helpline_report.charts.own_functions import draw_apart
from helpline_report.charts.style import INK, Theme, variable, write_number
from helpline_report.charts.svg import rewrite
from helpline_report.errors import ChapterError
from helpline_report.figures.model import Chart

EMPTY_STEP = "give 'ax' to what draws: sns.lineplot(df, …, ax=ax), ax.plot(…), and not plt.plot(…)"


def draw(
    chart: Chart,
    words: ChartWords,
    themes: Sequence[Theme],
    sources: Mapping[str, str] | None = None,
    function: Kind | None = None,
) -> list[Drawing]:
    """Draw a chart that isn't empty (`explain_empty_chart`) in each theme; always the same bytes.

    A chart by a function of the project's own is drawn in a guarded process, by the `sources` of
    its modules (`own_functions.read_sources`); or in this one by `function`, as a notebook shows
    it.

    Raises:
        ChapterError: the function isn't there, fails, does what it may not, takes too long, or
            leaves the axes empty.
    """
    frame = make_chart_frame(chart, words)
    # A flow whose whole has no value is shown as bars.
    kind = "bars" if chart.kind == "flow" and "level" not in frame else chart.kind
    alt = write_alternative(chart, frame, words)
    nodes = describe_drawing(chart.id, kind, frame, alt)
    if function is not None:
        painted = [paint_own(chart.id, function, frame, theme) for theme in themes]
    elif kind == "own":
        painted = draw_apart(chart, frame, themes, sources or {})
    else:
        painted = [_paint(chart.id, kind, frame, theme) for theme in themes]
    drawings = []
    for (svg, height), theme in zip(painted, themes, strict=True):
        written = rewrite(svg, colours=COLOURS, family=theme.fonts[0].family, alternative=alt)
        left_out = frame.attrs.get("left_out", 0)
        drawings.append(Drawing(written, alt, theme.width, height, left_out, nodes))
    return drawings


def _paint(name: str, kind: str, frame: pd.DataFrame, theme: Theme) -> tuple[str, float]:
    """A frame as matplotlib writes it, drawn as a kind of chart; and its height in pixels."""
    with house_axes(theme, f"{name} {theme.name}") as (figure, axes):
        axes.spines["bottom"].set_visible(False)
        KINDS[kind](frame, axes)
        for artist in figure.findobj():
            artist.set_clip_on(False)
        return _write_svg(figure)


def paint_own(name: str, function: Kind, frame: pd.DataFrame, theme: Theme) -> tuple[str, float]:
    """As `_paint`, by a function of the project's own, which needn't know the house style.

    Numbers on its axes are written as the page writes them, and no name of a column stands there.

    Raises:
        ChapterError: the axes are empty.
    """
    with house_axes(theme, f"{name} {theme.name}") as (figure, axes):
        function(frame.copy(), axes)
        if not any(ax.has_data() or ax.texts or ax.tables for ax in figure.axes):
            what = f"the chart '{name}' is empty: its function draws nothing on the axes"
            raise ChapterError(what, next_step=EMPTY_STEP)
        columns, locale = set(map(str, frame.columns)), frame.attrs["locale"]
        for axis in (axes.xaxis, axes.yaxis):
            if axis.get_label_text() in columns:
                axis.set_label_text("")
            if type(axis.get_major_formatter()) is ScalarFormatter:
                write = FuncFormatter(lambda x, _: write_number(x, "count", locale))
                axis.set_major_formatter(write)
        legend = axes.get_legend()
        if legend is not None and legend.get_title().get_text() in columns:
            legend.set_title("")
        return _write_svg(figure)


def _write_svg(figure: Figure) -> tuple[str, float]:
    """The drawing as SVG, and its height in pixels. `savefig` would draw it twice."""
    out, canvas = StringIO(), FigureCanvasSVG(figure)
    write: Any = canvas.print_svg
    write(out, metadata={"Date": None})
    return out.getvalue(), float(figure.get_figheight()) * 72


def _pale_colours() -> Iterator[tuple[str, str]]:
    """What stands for the colours that seaborn makes of ours, at three quarters of saturation."""
    for name in CYCLE:
        red, green, blue = (int(INK[name][at : at + 2], 16) / 255 for at in (1, 3, 5))
        hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
        pale = colorsys.hls_to_rgb(hue, light, saturation * 0.75)
        yield "#" + "".join(f"{round(part * 255):02x}" for part in pale), variable(name)


COLOURS = dict(_pale_colours()) | {value: variable(name) for name, value in INK.items()}
