"""The words a chart needs, which whoever has it drawn brings along."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from helpline_report.figures.model import Crosstab, Figure, Mark, PopulationSpec, Series, Unit


@dataclass(frozen=True)
class Window:
    """A campaign or an event as a chart marks it; an event is one day long."""

    name: str
    start: dt.date
    end: dt.date


class Words(Protocol):
    """Labels, numbers and phrases in the language of the edition."""

    def label(self, field: str, code: str) -> str:
        """The label of a code."""

    def short(self, field: str, code: str) -> str:
        """The label of a code where there is little room (`jan`, `ma`)."""

    def value(self, figure: Figure) -> str:
        """The value of a figure as the prose writes it, or why there is none."""

    def number(self, value: float, unit: Unit) -> str:
        """A number on an axis."""

    def caption(self, item: Series | Crosstab) -> str:
        """What a series or a cross-table shows."""

    def name(self, figure: Figure) -> str:
        """What a single figure is of, as short as can be."""

    def period(self, population: PopulationSpec) -> str:
        """The period of a population: `2017`."""

    def missing(self, field: str, code: str) -> bool:
        """Whether a code says that nothing is known."""

    def window(self, mark: Mark) -> Window | None:
        """The name and the days of a mark, if the edition knows it."""

    def say(self, key: str, **values: str) -> str:
        """A phrase of the catalogue."""
