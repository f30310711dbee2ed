"""docs/pictures/performance.svg: the designs beside the floor, and how the program grows."""

from __future__ import annotations

from io import StringIO

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import NullLocator

from bench.cases import ROOT
from bench.goals import GB
from bench.growth import MILLIONS
from bench.results import FLOOR, Results
from helpline_report.charts.style import SOURCE_SANS
from helpline_report.parameters.look.tokens import tokens

FILE = ROOT / "docs" / "pictures" / "performance.svg"
# Air around, in inches.
PADDED = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15)
COLOURS = tokens().colours.light
SAYS = {
    "papermill": "papermill and nbconvert",
    "book_1": "Jupyter Book 1",
    "book_2": "Jupyter Book 2, no HTML",
    "marimo": "marimo",
    FLOOR: "the charts alone (the floor)",
}
PROGRAM = "helpline-report"
SIZES = {
    5_000: "5\nthousand",
    50_000: "50\nthousand",
    500_000: "500\nthousand",
    MILLIONS: "5\nmillion",
}


def picture(results: Results) -> str:
    """The picture as SVG, the same bytes for the same results.

    Its type is drawn: a picture on a page of somebody else's brings no font along.
    """
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "performance"}):
        figure = Figure(figsize=(9.5, 3.6), facecolor=COLOURS["page"], layout=PADDED)
        if results.growth:
            left, right = figure.subplots(1, 2, width_ratios=(5, 4))
            _growth(right, results)
        else:
            left = figure.subplots()
        _designs(left, results)
        out = StringIO()
        FigureCanvasSVG(figure).print_figure(
            out, format="svg", metadata={"Date": None, "Creator": None}
        )
    return out.getvalue()


def _designs(axes: Axes, results: Results) -> None:
    """One bar a design, as a multiple of the floor of its own run."""
    ratios = {PROGRAM: results.program.ratio("cold"), FLOOR: 1.0}
    if results.designs is not None:
        ratios |= {name: results.designs.ratio(name) for name in results.designs.cases}
    ranked = sorted(ratios.items(), key=lambda item: item[1])
    labels = [SAYS.get(name, name) for name, _ in ranked]
    colours = [COLOURS["main"] if name == PROGRAM else COLOURS["compare"] for name, _ in ranked]
    bars = axes.barh(labels, [ratio for _, ratio in ranked], height=0.62, color=colours)
    texts = [f"{ratio:.1f} ×" for _, ratio in ranked]
    axes.bar_label(bars, texts, padding=5, color=COLOURS["ink"], fontproperties=_type(11))
    axes.margins(x=0.12)
    axes.set_xticks([])
    axes.set_ylim(-0.5, max(len(ranked), 5) - 0.5)
    _plain(axes, "The same chapters, in times of their charts alone")


def _growth(axes: Axes, results: Results) -> None:
    """Seconds over contacts, both on logarithmic scales, with the peak of memory beside."""
    sizes = sorted(results.growth)
    walls = [results.growth[size].first.wall for size in sizes]
    axes.loglog(sizes, walls, color=COLOURS["main"], marker="o", markersize=5)
    for size, wall in zip(sizes, walls, strict=True):
        said = f"{wall:.0f} s, {results.growth[size].first.peak / GB:.1f} GB"
        axes.annotate(
            said,
            (size, wall),
            xytext=(7, -11),
            textcoords="offset points",
            color=COLOURS["ink"],
            fontproperties=_type(11),
        )
    axes.set_xticks(sizes, [SIZES[size] for size in sizes])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_yticks([])
    axes.set_xlim(sizes[0] / 2, sizes[-1] * 8)
    axes.margins(y=0.2)
    _plain(axes, "A year of so many contacts: time, memory")


def _plain(axes: Axes, title: str) -> None:
    axes.set_facecolor(COLOURS["page"])
    axes.set_title(
        title, loc="left", color=COLOURS["ink"], fontproperties=_type(13, bold=True), pad=12
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelcolor=COLOURS["ink"])
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(_type(11))


def _type(size: float, *, bold: bool = False) -> FontProperties:
    return FontProperties(
        fname=str(SOURCE_SANS.semibold if bold else SOURCE_SANS.regular), size=size
    )
