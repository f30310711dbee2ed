"""Charts and tables of series: what goes together, and how it is drawn. They hold no numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from helpline_report.errors import ChapterError
from helpline_report.figures.model import (
    Chart,
    Crosstab,
    Figure,
    Mark,
    PopulationSpec,
    Series,
    Table,
)
from helpline_report.parameters.edition import Edition

ChartKind = Literal["columns", "bars", "heatmap", "daily", "changes"]
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
    if kind == "heatmap":
        raise ChapterError(f"'{name}': a series is shown as columns, bars or daily, not as {kind}")
    if kind == "changes" and source.kind != "change":
        raise ChapterError(f"'{name}': a series of {source.kind}s holds no changes to show")
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


def flow_of(series: Series, figures: Sequence[Figure]) -> Chart:
    """A chart of counts from their whole, by way of groups of codes, to each code.

    Raises:
        ChapterError: no counts that add up, or a figure that is no part of the same whole.
    """
    name = f"{series.id}.chart"
    if series.kind != "count" or series.overlapping:
        raise ChapterError(
            f"'{name}': a flow shows counts that add up, and '{series.id}' has none",
            next_step="show it as bars: chapter.chart(…)",
        )
    whole = [item for item in figures if item.population == series.population]
    for item in figures:
        if item.unit != "count" or not _within(item.population, series):
            raise ChapterError(
                f"'{name}': '{item.id}' is no count of the whole of '{series.id}', nor of a group",
                next_step=f"name the whole, and groups of the codes of {series.by}",
            )
    if len(whole) != 1:
        raise ChapterError(
            f"'{name}': a flow begins at one whole, and {len(whole)} are named",
            next_step="count the population of the series, and name that figure first",
        )
    return Chart(id=name, kind="flow", series=series.id, figures=tuple(item.id for item in figures))


def _within(population: PopulationSpec, series: Series) -> bool:
    """Whether a population is that of a series, narrowed by the field of the series at most."""
    others = tuple(item for item in population.conditions if item.field != series.by)
    whole = tuple(item for item in series.population.conditions if item.field != series.by)
    same = {"conditions": ()}
    return others == whole and (
        population.model_copy(update=same) == series.population.model_copy(update=same)
    )


def _fitting(series: Series) -> ChartKind:
    if series.kind == "change":
        return "changes"
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
