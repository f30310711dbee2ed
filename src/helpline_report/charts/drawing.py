"""Draw a chart of the released ledger: as SVG, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from helpline_report.charts.alternatives import alternative
from helpline_report.charts.frames import chart_frame, why_not
from helpline_report.charts.style import WIDE, Theme, in_colours
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from helpline_report.prose.writer import Writer


@dataclass(frozen=True)
class Drawing:
    """A drawn chart, its size in pixels; `left_out` members are in the table alone."""

    svg: str
    alt: str
    width: float
    height: float
    left_out: int = 0

    def in_colours(self, colours: Mapping[str, str]) -> Drawing:
        """The same drawing for paper, or for a file that stands alone."""
        return replace(self, svg=in_colours(self.svg, colours))


def draw(chart: Chart, ledger: Ledger, writer: Writer, theme: Theme = WIDE) -> Drawing:
    """Draw a chart at the width of `theme`: the same bytes each time.

    Raises:
        ValueError: nothing in it has a value (ask `why_not` first).
    """
    if why_not(chart, ledger) is not None:
        raise ValueError(f"the chart '{chart.id}' has nothing to draw")
    words = Words(writer)
    frame = chart_frame(chart, ledger, words)
    # A flow whose whole has no value is shown as bars.
    kind = "bars" if chart.kind == "flow" and "level" not in frame else chart.kind
    alt = alternative(chart, frame, ledger, words)
    return draw_frame(chart.id, kind, frame, theme, alt)


def draw_frame(name: str, kind: str, frame: pd.DataFrame, theme: Theme, alt: str) -> Drawing:
    """Draw a tidy frame as a kind of chart."""
    # matplotlib and seaborn take a second to load: where drawings are kept, nothing needs them.
    from helpline_report.charts.painting import paint  # noqa: PLC0415

    svg, height = paint(name, kind, frame, theme, alt)
    return Drawing(svg, alt, theme.width, height, frame.attrs.get("left_out", 0))
