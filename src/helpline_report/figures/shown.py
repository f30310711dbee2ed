"""Charts and tables of series: what goes together, and how it is drawn. They hold no numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from helpline_report.errors import ChapterError
from helpline_report.figures.model import Chart, Crosstab, Figure, Mark, Series, Table
from helpline_report.params.edition import Edition

ChartKind = Literal["columns", "bars", "heatmap", "daily", "intervals"]
Shown = Series | Crosstab | Figure

UPRIGHT = ("month", "weekday", "hour")


def chart_of(
    source: Series | Crosstab,
    kind: ChartKind | None = None,
    *,
    against: Series | None = None,
    marks: Sequence[Mark] = (),
    most: int | None = None,
) -> Chart:
    """A chart of a series, or of a cross-table as a heatmap.

    Raises:
        ChapterError: a kind that can't show this, or a comparison over another field.
    """
    name = f"{source.id}.chart"
    if isinstance(source, Crosstab):
        if (kind or "heatmap") != "heatmap" or against is not None:
            raise ChapterError(f"'{name}': a cross-table is shown as a heatmap, by itself")
        return Chart(id=name, kind="heatmap", crosstab=source.id)
    if kind in ("heatmap", "intervals"):
        raise ChapterError(f"'{name}': a series is shown as columns, bars or daily, not as {kind}")
    if against is not None and (against.by, against.unit) != (source.by, source.unit):
        raise ChapterError(
            f"'{name}': {source.unit} by {source.by} can't stand against "
            f"{against.unit} by {against.by}"
        )
    return Chart(
        id=name,
        kind=kind or _fitting(source),
        series=source.id,
        against=against.id if against else None,
        marks=tuple(marks),
        most=most,
    )


def _fitting(series: Series) -> ChartKind:
    if series.by == "date":
        return "daily"
    return "columns" if series.by in UPRIGHT else "bars"


def marks_of(edition: Edition) -> list[Mark]:
    """The campaigns and events of an edition."""
    campaigns = [Mark(kind="campaign", id=item.id) for item in edition.campaigns]
    return [*campaigns, *(Mark(kind="event", id=item.id) for item in edition.events)]


def table_of(sources: Sequence[Shown], most: int | None = None) -> Table:
    """A table of series of one field, of one cross-table, or of figures.

    Raises:
        ChapterError: nothing to show, or sources that don't go together.
    """
    if not sources:
        raise ChapterError("a table of nothing")
    first = sources[0]
    name = f"{first.id}.table"
    if isinstance(first, Crosstab):
        if len(sources) > 1:
            raise ChapterError(f"'{name}': a cross-table stands alone")
        return Table(id=name, crosstab=first.id, most=most)
    if isinstance(first, Figure):
        if not all(isinstance(item, Figure) for item in sources):
            raise ChapterError(f"'{name}': figures and series don't go in one table")
        return Table(id=name, figures=tuple(item.id for item in sources))
    series = [item for item in sources if isinstance(item, Series)]
    if len(series) != len(sources) or {item.by for item in series} != {first.by}:
        raise ChapterError(f"'{name}': series of one field go side by side")
    return Table(id=name, series=tuple(item.id for item in series), most=most)
