"""Make tidy pandas frames of figures, series and cross-tables: a row a figure, a column a fact.

A notebook gets these frames of the figures that it has just computed, and a chart gets the same
frames of the figures that were released. They are pure functions of parts of a ledger and of a
function that puts codes into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from helpline_report.figures.model import Crosstab, Figure, Series

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
