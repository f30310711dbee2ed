"""Charts and tables of series: what goes together, and how it is drawn. They hold no numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Literal

from helpline_report.errors import ChapterError
from helpline_report.figures.model import (
    Chart,
    Crosstab,
    Figure,
    Mark,
    PopulationSpec,
    ReportTable,
    Series,
)
from helpline_report.parameters.edition import Edition

ChartKind = Literal["columns", "bars", "lines", "heatmap", "daily", "weeks", "changes"]
# Draws a tidy frame onto matplotlib axes.
PlotFunction = Callable[..., Any]
Shown = Series | Crosstab | Figure

UPRIGHT = ("month", "weekday", "hour")


def chart_of(
    source: Series | Crosstab,
    kind: ChartKind | PlotFunction | None = None,
    *,
    against: Series | None = None,
    beside: Sequence[Series] = (),
    marks: Sequence[Mark] = (),
    most: int | None = None,
    name: str | None = None,
) -> Chart:
    """A chart of a series, or of a cross-table as a heatmap; or of either by a function.

    Without a `name` it is called after what it shows.

    Raises:
        ChapterError: a kind that can't show this, a function that isn't there when pages are drawn,
            or a comparison or a table over another field.
    """
    name = name or f"{source.id}.chart"
    function = function_name(name, kind) if callable(kind) else ""
    drawn_as = "own" if callable(kind) else kind
    if isinstance(source, Crosstab):
        if drawn_as not in (None, "heatmap", "own") or against is not None:
            raise ChapterError(f"'{name}': a cross-table is shown as a heatmap, by itself")
        return Chart(id=name, kind=drawn_as or "heatmap", function=function, crosstab=source.id)
    if kind == "heatmap":
        raise ChapterError(
            f"'{name}': a series is shown as columns, bars, lines or daily, not as {kind}"
        )
    if kind == "changes" and source.kind != "change":
        raise ChapterError(f"'{name}': a series of {source.kind}s holds no changes to show")
    if against is not None and (against.by, against.unit) != (source.by, source.unit):
        raise ChapterError(
            f"'{name}': {source.unit} by {source.by} can't stand against "
            f"{against.unit} by {against.by}"
        )
    other = next((series.id for series in beside if series.by != source.by), None)
    if other is not None:
        raise ChapterError(
            f"'{name}': '{other}' isn't by {source.by}, and can't stand in its table"
        )
    return Chart(
        id=name,
        kind=drawn_as or _fitting(source),
        function=function,
        series=source.id,
        against=against.id if against else None,
        beside=tuple(series.id for series in beside),
        marks=tuple(marks),
        most=most,
    )


def function_name(chart: str, function: PlotFunction) -> str:
    """The module and the name of a function that lies beside the notebooks: `plots.lines`.

    Raises:
        ChapterError: it lies elsewhere. Pages are drawn later, without the notebook.
    """
    module = getattr(function, "__module__", None) or "__main__"
    name = getattr(function, "__qualname__", "<lambda>")
    if module == "__main__" or not name.isidentifier():
        raise ChapterError(
            f"'{chart}': pages are drawn without the notebook, and a function in it isn't there",
            next_step="move it to notebooks/plots.py as def lines(df, ax): …, and import it here: "
            "from plots import lines",
        )
    if not module.isidentifier():
        raise ChapterError(
            f"'{chart}': {module}.{name} is a function of a library",
            next_step="call it in a function of yours in notebooks/plots.py: def lines(df, ax): …",
        )
    if not _takes_two(function):
        raise ChapterError(
            f"'{chart}': {module}.{name} doesn't take a frame and axes",
            next_step=f"let it begin with def {name}(df, ax):",
        )
    return f"{module}.{name}"


def _takes_two(function: PlotFunction) -> bool:
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        return False
    except ValueError:  # one of C says nothing of its arguments
        return True
    return True


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


def table_of(sources: Sequence[Shown], most: int | None = None) -> ReportTable:
    """A table of series of one field, of one cross-table, or of figures.

    Raises:
        ChapterError: nothing to show, or sources that don't go together.
    """
    if not sources:
        raise ChapterError(
            "a table of nothing", next_step="give it a series, a cross-table or figures"
        )
    first = sources[0]
    name = f"{first.id}.table"
    if isinstance(first, Crosstab):
        if len(sources) > 1:
            raise ChapterError(f"'{name}': a cross-table stands alone")
        return ReportTable(id=name, crosstab=first.id, most=most)
    if isinstance(first, Figure):
        if not all(isinstance(item, Figure) for item in sources):
            raise ChapterError(f"'{name}': figures and series don't go in one table")
        return ReportTable(id=name, figures=tuple(item.id for item in sources))
    series = [item for item in sources if isinstance(item, Series)]
    if len(series) != len(sources) or {item.by for item in series} != {first.by}:
        raise ChapterError(f"'{name}': series of one field go side by side")
    return ReportTable(id=name, series=tuple(item.id for item in series), most=most)
