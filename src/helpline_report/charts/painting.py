"""Paint tidy frames with matplotlib: the one door to what takes a second to load."""

from __future__ import annotations

from io import StringIO

import pandas as pd

from helpline_report.charts import estimates, flow, heatmap, trend
from helpline_report.charts.axes import INK, house_axes, sheet, sheet_height
from helpline_report.charts.kinds import KINDS, Kind
from helpline_report.charts.style import Theme, variable
from helpline_report.charts.svg import rewrite

# Loading them registers their kinds.
__all__ = ["estimates", "flow", "heatmap", "paint", "trend"]

COLOURS = {value: variable(name) for name, value in INK.items()}


def paint(name: str, kind: str, frame: pd.DataFrame, theme: Theme, alt: str) -> tuple[str, float]:
    """A frame as SVG, and its height in pixels."""
    svg, height = paint_raw(KINDS[kind], frame, theme, f"{name} {theme.name}", clipped=False)
    return rewrite(svg, colours=COLOURS, family=theme.font.family, alternative=alt), height


def paint_raw(
    draw: Kind, frame: pd.DataFrame, theme: Theme, salt: str, *, clipped: bool
) -> tuple[str, float]:
    """A frame as matplotlib writes it, and its height; `clipped` to its axes."""
    out = StringIO()
    with house_axes(theme, salt) as axes:
        draw(frame, axes)
        if not clipped:
            for artist in sheet(axes).findobj():
                artist.set_clip_on(False)
        sheet(axes).savefig(out, format="svg", metadata={"Date": None})
        return out.getvalue(), sheet_height(axes)
