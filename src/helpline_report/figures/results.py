"""What a cell gets back: a part of the ledger with its tidy frame, which shows itself.

A frame has a row a figure and a column a fact. A notebook gets frames of the figures that it has
just computed, and a chart gets the same frames of the figures that were released.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from helpline_report.figures.model import Crosstab, Figure, Series, Value

# The label of a code of a field, and the words for a figure, in a language.
CodeLabel = Callable[[str, str], str]
FigureLabel = Callable[[Figure], str]

# What each frame says of a figure, after its codes and labels.
FACTS = ("year", "value", "low", "high", "status", "figure")
LABELS = ("label", "row", "column")
# The types of the columns that hold no text.
TYPES = {
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "date": "datetime64[us]",
}


def frame_series(
    figures: Mapping[str, Figure], series: Sequence[Series], label: CodeLabel
) -> pd.DataFrame:
    """Series over one field, below each other: of two years, or of one.

    Args:
        figures: the figures of a ledger by id; a series names its figures.
        series: the series, each in the order of its codes.
        label: puts a code of a field into words.

    Returns:
        A row a code and series. The first column has the name of the field (`month`) and holds its
        codes; of `date` it holds days (datetime64[us]). Then `label` (text), `year` (the edition of
        the population, text), `value`, `low` and `high` (the interval; float, NaN where there is
        none), `status` and `figure` (its id).

    Raises:
        ValueError: there are no series, or they aren't over one field.
    """
    fields = {item.by for item in series}
    if len(fields) != 1:
        raise ValueError(f"series of one field make a frame, not of {sorted(fields)}")
    field = fields.pop()
    rows = [
        (member.code, label(field, member.code), *_facts(figures[member.figure]))
        for item in series
        for member in item.members
    ]
    return _frame((_free_name(field), "label", *FACTS), rows)


def frame_crosstab(
    figures: Mapping[str, Figure], crosstab: Crosstab, label: CodeLabel
) -> pd.DataFrame:
    """A cross-table, a row a cell.

    Returns:
        Two columns of codes, each with the name of its field; `row` and `column` (their labels);
        then as `frame_series`.
    """
    rows = [
        (
            cell.row,
            cell.column,
            label(crosstab.rows, cell.row),
            label(crosstab.columns, cell.column),
            *_facts(figures[cell.figure]),
        )
        for cell in crosstab.cells
    ]
    codes = (_free_name(crosstab.rows), _free_name(crosstab.columns))
    return _frame((*codes, "row", "column", *FACTS), rows)


def frame_figures(figures: Iterable[Figure], label: FigureLabel) -> pd.DataFrame:
    """Single figures below each other.

    Returns:
        `code` (text: the code that a figure is about or names, such as that of the first problem;
        missing where it is about none) and `label` (text: what the figure is); then as
        `frame_series`.
    """
    rows = [(figure.code, label(figure), *_facts(figure)) for figure in figures]
    return _frame(("code", "label", *FACTS), rows)


def _facts(figure: Figure) -> tuple[object, ...]:
    value = figure.value
    number = float("nan") if value is None or isinstance(value, str) else float(value)
    interval = figure.interval
    low, high = (interval.low, interval.high) if interval else (float("nan"), float("nan"))
    return (figure.population.edition, number, low, high, figure.status, figure.id)


def _frame(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Rows under the names of their columns; columns without rows have their types too."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    typed = {
        name: pd.Series(list(column), dtype=TYPES.get(name, "str"))
        for name, column in zip(names, columns, strict=True)
    }
    return pd.DataFrame(typed)


def _free_name(field: str) -> str:
    """The name of a column of codes: its field, unless another column of the frame is called so."""
    return f"{field}_code" if field in (*FACTS, *LABELS) else field


class Labels(Protocol):
    """What puts codes and figures into words; the writer of the prose is one."""

    def label(self, field: str, code: str, /) -> str:
        """The label of a code of a field."""

    def definition(self, figure: Figure, /) -> str:
        """What a figure is, in one phrase."""


@dataclass(frozen=True, eq=False)
class Result:
    """A part of the ledger; `show` shows it in a cell that asks for it again."""

    labels: Labels
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
        """One row: see `frame_figures`."""
        return frame_figures([self.figure], self.labels.definition)


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
        """A row a code and year: see `frame_series`."""
        series = [self.series] if self.before is None else [self.series, self.before]
        return frame_series(self.figures, series, self.labels.label)


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
        """A row a cell: see `frame_crosstab`."""
        return frame_crosstab(self.figures, self.crosstab, self.labels.label)
