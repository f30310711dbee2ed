"""What a cell gets back: a part of the ledger with its frame, which shows itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from helpline_report.figures.frames import frame_crosstab, frame_figures, frame_series
from helpline_report.figures.model import Crosstab, Figure, Series, Value


class Words(Protocol):
    """What puts codes and figures into words; the writer of the prose is one."""

    def label(self, field: str, code: str, /) -> str:
        """The label of a code of a field."""

    def definition(self, figure: Figure, /) -> str:
        """What a figure is, in one phrase."""


@dataclass(frozen=True, eq=False)
class Result:
    """A part of the ledger; `show` shows it in a cell that asks for it again."""

    words: Words
    show: Callable[[], None]

    def _ipython_display_(self) -> None:
        self.show()


@dataclass(frozen=True, eq=False)
class FigureResult(Result):
    """A single figure. `value` is a number, a code, or None where there is none."""

    figure: Figure

    @property
    def id(self) -> str:
        """The name of the figure."""
        return self.figure.id

    @property
    def value(self) -> Value | None:
        """The value, not rounded."""
        return self.figure.value

    @property
    def df(self) -> pd.DataFrame:
        """One row: see `frames.frame_figures`."""
        return frame_figures([self.figure], self.words.definition)


@dataclass(frozen=True, eq=False)
class SeriesResult(Result):
    """A series, and the same series of the year before where that was counted with it."""

    series: Series
    before: Series | None
    figures: Mapping[str, Figure]

    @property
    def id(self) -> str:
        """The name of the series."""
        return self.series.id

    @property
    def df(self) -> pd.DataFrame:
        """A row a code and year: see `frames.frame_series`."""
        series = [self.series] if self.before is None else [self.series, self.before]
        return frame_series(self.figures, series, self.words.label)


@dataclass(frozen=True, eq=False)
class CrosstabResult(Result):
    """A cross-table."""

    crosstab: Crosstab
    figures: Mapping[str, Figure]

    @property
    def id(self) -> str:
        """The name of the cross-table."""
        return self.crosstab.id

    @property
    def df(self) -> pd.DataFrame:
        """A row a cell: see `frames.frame_crosstab`."""
        return frame_crosstab(self.figures, self.crosstab, self.words.label)
