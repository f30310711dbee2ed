"""Draw the charts of a report, and keep each drawing as a step under what it is drawn from.

What draws (pandas, matplotlib, seaborn) takes seconds to load: it loads when a drawing is due.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import Any, Self

from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.style import WIDE, Theme, in_colours
from helpline_report.description import Node
from helpline_report.figures.model import Chart
from helpline_report.parameters.house_style import Palette
from helpline_report.steps import Steps, digest, hash_values

STEP = "drawing"
# How many drawings are kept: those of a few editions, and of what was tried in each lately.
MOST = 400


@dataclass(frozen=True)
class Drawing:
    """A drawn chart, its size in pixels; `left_out` members are in the table alone.

    `nodes` describe it: its alternative, and what is drawn of it at any width.
    """

    svg: str
    alt: str
    width: float
    height: float
    left_out: int = 0
    nodes: tuple[Node, ...] = ()

    def in_colours(self, colours: Palette) -> Self:
        """The same drawing for paper, or for a file that stands alone."""
        return replace(self, svg=in_colours(self.svg, colours))


@dataclass(frozen=True)
class Drawings:
    """The drawings of the charts of a ledger, one of each of the `themes`.

    `words` label them, `plots` are the sources of the modules whose functions draw charts, by
    their names. Without `steps` nothing is kept.
    """

    words: ChartWords
    themes: tuple[Theme, ...]
    plots: Mapping[str, str] = field(default_factory=dict)
    steps: Steps | None = None

    def of_chart(self, chart: Chart, most: int | None = None) -> tuple[Drawing, ...]:
        """The drawings of a chart that isn't empty (`explain_empty_chart`), in `most` themes.

        Raises:
            ChapterError: a function of the project's own isn't there, or doesn't draw.
        """
        plots = self.plots if chart.kind == "own" else {}
        steps, key = self.steps, ""
        if steps is not None:
            made_from = [chart.model_dump(mode="json"), dict(plots), most]
            key = steps.key(STEP, self._shared, *made_from)
            content = steps.read(STEP, key)
            if content is not None:
                return tuple(map(_read_drawing, json.loads(content)))
        drawings = tuple(_draw(chart, self.words, self.themes[:most], plots))
        if steps is not None:
            written = json.dumps([asdict(drawing) for drawing in drawings]).encode()
            steps.write(STEP, key, written, most=MOST)
        return drawings

    @cached_property
    def _shared(self) -> str:
        """The hash of what every drawing is made from: ledger, parameters, words and looks."""
        writer = self.words.writer
        editions = [writer.edition, *([writer.comparison] if writer.comparison else [])]
        looks = [
            [look.name, look.width, look.text, look.small, look.fonts[0].family]
            for look in self.themes
        ]
        fonts = [digest(face.file) for look in self.themes for face in look.fonts]
        return hash_values(
            writer.ledger.to_json(),
            [edition.model_dump(mode="json", exclude={"house_style"}) for edition in editions],
            {name: codes.model_dump(mode="json") for name, codes in writer.codelists.items()},
            writer.language,
            looks,
            fonts,
        )


def _read_drawing(item: dict[str, Any]) -> Drawing:
    """A drawing as its step keeps it."""
    return Drawing(**item | {"nodes": tuple(Node(*node) for node in item["nodes"])})


def draw_here(
    chart: Chart, words: ChartWords, function: Callable[..., None] | None = None
) -> Drawing:
    """A chart at the width of a page, as a notebook shows it: `function` draws in this process."""
    return _draw(chart, words, (WIDE,), function=function)[0]


def _draw(*arguments: Any, **named: Any) -> list[Drawing]:
    """Call `drawing.draw`, which is loaded now."""
    drawings: list[Drawing] = import_module("helpline_report.charts.drawing").draw(
        *arguments, **named
    )
    return drawings
