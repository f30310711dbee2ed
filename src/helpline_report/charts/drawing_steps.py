"""Draw the charts of a report, and keep each drawing as a step under what it is drawn from.

What draws (pandas, matplotlib, seaborn) takes seconds to load: it loads when a drawing is due.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from typing import Any

from helpline_report.charts.chart_figures import ChartWords, ledger_of, why_not
from helpline_report.charts.style import Theme, in_colours
from helpline_report.figures.model import Chart
from helpline_report.parameters.earlier_reports import OtherYears
from helpline_report.steps import Steps

STEP = "drawing"
# So many drawings are kept: of a few editions, each with what was tried in it lately.
MOST = 400


def _load_drawing() -> Any:
    """What draws: loaded when it is due."""
    return import_module("helpline_report.charts.drawing")


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


@dataclass(frozen=True)
class Drawings:
    """The drawings of the charts of a released ledger, one of each of the `themes`.

    `words` label them, `plots` are the sources of the modules whose functions draw charts, by
    their names. Without `steps` nothing is kept.
    """

    words: ChartWords
    themes: tuple[Theme, ...]
    plots: Mapping[str, str] = field(default_factory=dict)
    steps: Steps | None = None
    _own: dict[str, tuple[Drawing, ...]] = field(default_factory=dict, init=False, repr=False)

    def of_chart(self, chart: Chart) -> tuple[Drawing, ...]:
        """The drawings of a chart that has something to draw (`why_not`).

        Raises:
            ChapterError: a function of the project's own isn't there, or doesn't draw.
        """
        if chart.kind == "own":
            self._own.update(self._own or self._draw_own())
            return self._own[chart.id]
        made_from = self._made_from(chart)
        drawings = self._read(made_from)
        if drawings is None:
            part = self._part_of(chart)
            drawn = [_load_drawing().draw(chart, part, theme) for theme in self.themes]
            drawings = self._keep(made_from, drawn)
        return drawings

    def of_trend(self, name: str, printed: OtherYears, alt: str) -> tuple[Drawing, ...]:
        """The drawings of printed totals; `alt` says in words what they show."""
        made_from = [name, printed.model_dump(mode="json"), alt, self.words.locale]
        drawings = self._read(made_from)
        if drawings is None:
            draw, words = _load_drawing().draw_trend, self.words
            drawn = [draw(name, printed, words, theme, alt) for theme in self.themes]
            drawings = self._keep(made_from, drawn)
        return drawings

    def _draw_own(self) -> dict[str, tuple[Drawing, ...]]:
        """The charts by functions of the project's own, the due ones in one guarded process."""
        ledger, drawings, due = self.words.ledger, {}, []
        for name, chart in ledger.charts.items():
            if chart.kind == "own" and why_not(chart, ledger) is None:
                drawings[name] = self._read(self._made_from(chart))
                due += [(chart, self._part_of(chart))] if drawings[name] is None else []
        if due:
            for name, drawn in _load_drawing().draw_own(due, self.themes, self.plots).items():
                drawings[name] = self._keep(self._made_from(ledger.charts[name]), drawn)
        return {name: drawn for name, drawn in drawings.items() if drawn is not None}

    def _part_of(self, chart: Chart) -> ChartWords:
        """All that a chart is drawn from, and so all that its key has to cover."""
        return ChartWords(replace(self.words.writer, ledger=ledger_of(chart, self.words.ledger)))

    def _made_from(self, chart: Chart) -> list[Any]:
        writer = self.words.writer
        editions = [writer.edition, *([writer.comparison] if writer.comparison else [])]
        return [
            ledger_of(chart, self.words.ledger).to_json(),
            [edition.model_dump(mode="json", exclude={"house_style"}) for edition in editions],
            {name: codes.model_dump(mode="json") for name, codes in writer.codelists.items()},
            writer.language,
            dict(self.plots) if chart.kind == "own" else {},
        ]

    def _key(self, steps: Steps, made_from: Sequence[Any]) -> str:
        looks = [
            [
                [theme.name, theme.width, theme.text, theme.small, dict(theme.colours)],
                [theme.font.family],
                [steps.digest(file) for file in (theme.font.regular, theme.font.semibold)],
            ]
            for theme in self.themes
        ]
        return steps.key(STEP, looks, *made_from)

    def _read(self, made_from: Sequence[Any]) -> tuple[Drawing, ...] | None:
        content = self.steps and self.steps.read(STEP, self._key(self.steps, made_from))
        return tuple(Drawing(**item) for item in json.loads(bytes(content))) if content else None

    def _keep(self, made_from: Sequence[Any], drawings: Sequence[Drawing]) -> tuple[Drawing, ...]:
        if self.steps is not None:
            content = json.dumps([asdict(drawing) for drawing in drawings]).encode()
            self.steps.write(STEP, self._key(self.steps, made_from), [content], most=MOST)
        return tuple(drawings)
