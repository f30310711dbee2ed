"""What a cell gets back: a part of the ledger with its tidy frame; and what can be shown of it.

A frame has a row a figure and a column a fact. A notebook gets frames of the figures that it has
just computed, and a chart gets the same frames of the figures that were released. Charts and tables
hold no numbers: they name what they show.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from helpline_report.errors import ChapterError
from helpline_report.figures.model import Breakdown, Chart, Figure, Mark, ReportTable, Value
from helpline_report.parameters.yaml import make_error

ChartKind = Literal["columns", "bars", "lines", "heatmap", "daily", "weeks", "changes"]
# Draws a tidy frame onto matplotlib axes.
PlotFunction = Callable[..., Any]
# The label of a code of a field, and the words for a figure, in a language.
CodeLabel = Callable[[str, str], str]
FigureLabel = Callable[[Figure], str]

# What each frame says of a figure, after its codes and labels.
FACTS = ("year", "value", "low", "high", "status", "figure")
# The types of the columns that hold no text.
TYPES = dict.fromkeys(("value", "low", "high"), "float64") | {"date": "datetime64[us]"}
# The kind of chart of a series if the chapter names none, by field; by other fields it is bars.
USUAL_KINDS: dict[str, ChartKind] = {"date": "daily"}
USUAL_KINDS |= dict.fromkeys(("month", "weekday", "hour"), "columns")
BY_WEEK = ("daily", "weeks")


def frame_breakdowns(
    figures: Mapping[str, Figure], breakdowns: Sequence[Breakdown], label: CodeLabel
) -> pd.DataFrame:
    """Series over one field, below each other (of two years, or of one); or a cross-table.

    Args:
        figures: the figures of a ledger by id; a breakdown names its figures.
        breakdowns: one or more over the same fields, each in the order of its codes.
        label: puts a code of a field into words.

    Returns:
        A row a figure. The first column has the name of the field (`month`) and holds its codes;
        of `date` it holds days (datetime64[us]). Then `label` (text), `year` (the edition of the
        population, text), `value`, `low` and `high` (the interval; float, NaN where there is none),
        `status` and `figure` (its id). A cross-table has two columns of codes, and in the place of
        `label` the labels of both: `row` and `column`.
    """
    by = breakdowns[0].by
    # A field may have the name of another column of the frame.
    taken = (*FACTS, "label", "row", "column")
    names = [f"{each}_code" if each in taken else each for each in by]
    labels = ("row", "column") if breakdowns[0].is_crossed else ("label",)
    members = [member for item in breakdowns for member in item.members]
    rows = [((*m.codes, *map(label, by, m.codes)), figures[m.figure]) for m in members]
    return _frame((*names, *labels), rows)


def frame_figures(figures: Iterable[Figure], label: FigureLabel) -> pd.DataFrame:
    """Single figures below each other.

    Returns:
        `code` (text: the code that a figure is about or names, such as that of the first problem;
        missing where it is about none) and `label` (text: what the figure is); then as
        `frame_breakdowns`.
    """
    return _frame(("code", "label"), [((each.code, label(each)), each) for each in figures])


def _frame(
    names: Sequence[str], rows: Sequence[tuple[tuple[str | None, ...], Figure]]
) -> pd.DataFrame:
    """Codes and labels with the facts of their figures; without rows columns have types too."""
    lines = []
    for codes, figure in rows:
        value, interval = figure.value, figure.interval
        number = None if isinstance(value, str) else value
        ends = (interval.low, interval.high) if interval else (None, None)
        year = figure.population.edition
        lines.append((*codes, year, number, *ends, figure.status, figure.id))
    frame = pd.DataFrame(lines, columns=[*names, *FACTS], dtype=object)
    return frame.astype({name: TYPES.get(name, "str") for name in (*names, *FACTS)})


@dataclass(frozen=True, eq=False)
class Result:
    """A part of the ledger; `show` shows it in a cell that asks for it again."""

    show: Callable[[], None] = field(repr=False)
    frame: Callable[[], pd.DataFrame] = field(repr=False)

    @property
    def df(self) -> pd.DataFrame:
        """Its tidy frame: see `frame_figures` and `frame_breakdowns`."""
        return self.frame()

    def _ipython_display_(self) -> None:
        self.show()


@dataclass(frozen=True, eq=False)
class FigureResult(Result):
    """A single figure."""

    figure: Figure

    @property
    def value(self) -> Value | None:
        """The value, not rounded: a number, a code, or None where there is none."""
        return self.figure.value

    @property
    def parts(self) -> list[Figure]:
        """What a table shows of it."""
        return [self.figure]


@dataclass(frozen=True, eq=False)
class BreakdownResult(Result):
    """A series or cross-table, and the series of the year before if it was counted with it."""

    breakdown: Breakdown
    before: Breakdown | None

    @property
    def parts(self) -> list[Breakdown]:
        """The breakdown, and the one of the year before where there is one."""
        return [self.breakdown] if self.before is None else [self.breakdown, self.before]


def make_chart(
    source: Breakdown,
    kind: ChartKind | PlotFunction | None = None,
    *,
    against: Breakdown | None = None,
    beside: Sequence[Breakdown] = (),
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
    name, by = name or f"{source.id}.chart", source.by[0]
    function = _name_function(name, kind) if callable(kind) else ""
    drawn_as = "own" if callable(kind) else kind
    facts: dict[str, Any] = {"id": name, "function": function, "breakdown": source.id}
    if source.is_crossed:
        if against or beside or drawn_as not in (None, "heatmap", "own"):
            raise ChapterError(f"'{name}': a cross-table is shown as a heatmap, by itself")
        # It is shown whole, and without marks.
        return Chart.model_validate({**facts, "kind": drawn_as or "heatmap"})
    fault = ""
    if kind in ("heatmap", "trend"):
        fault = f"a series is shown as columns, bars, lines or daily, not as {kind}"
    elif kind == "changes" and source.kind != "change":
        fault = f"a series of {source.kind}s holds no changes to show"
    elif against is not None and (against.by, against.unit) != (source.by, source.unit):
        sides = [f"{each.unit} by {' and '.join(each.by)}" for each in (source, against)]
        fault = " can't stand against ".join(sides)
    if fault:
        raise ChapterError(f"'{name}': {fault}")
    _refuse_other_fields(name, source, beside)
    usual = "changes" if source.kind == "change" else USUAL_KINDS.get(by, "bars")
    drawn_as = drawn_as or usual
    # Days of another year are other days: a chart by week draws one year alone.
    before = None if against is None or drawn_as in BY_WEEK else against.id
    facts |= {"kind": drawn_as, "against": before, "most": most}
    facts |= {"beside": [each.id for each in beside], "marks": marks}
    return Chart.model_validate(facts)


def _refuse_other_fields(chart: str, series: Breakdown, beside: Sequence[Breakdown]) -> None:
    other = next((each.id for each in beside if each.by != series.by), None)
    if other is not None:
        what = f"'{other}' isn't by {series.by[0]}, and can't stand in its table"
        raise ChapterError(f"'{chart}': {what}")


def _name_function(chart: str, function: PlotFunction) -> str:
    """The module and the name of a function that lies beside the notebooks: `plots.lines`."""
    module = getattr(function, "__module__", None) or "__main__"
    name = getattr(function, "__qualname__", "<lambda>")
    if module == "__main__" or not name.isidentifier():
        raise make_error(ChapterError, "function_in_notebook", chart=chart)
    full_name = f"{module}.{name}"
    if not module.isidentifier():
        raise make_error(ChapterError, "function_of_library", chart=chart, function=full_name)
    return full_name


def make_flow(
    series: Breakdown, figures: Sequence[Figure], beside: Sequence[Breakdown] = ()
) -> Chart:
    """A chart of counts from their whole, by way of groups of codes, to each code.

    Raises:
        ChapterError: no counts that add up, a figure that is no part of the same whole, or a table
            over another field.
    """
    name, whole = f"{series.id}.chart", series.population
    if not series.adds_up:
        raise make_error(ChapterError, "no_flow", chart=name, series=series.id)
    conditions = [each for each in whole.conditions if each.field not in series.by]
    for item in figures:
        # A group differs from the whole in conditions on the field of the series alone.
        others = [each for each in item.population.conditions if each.field not in series.by]
        same = item.population.model_copy(update={"conditions": whole.conditions}) == whole
        if item.unit != "count" or others != conditions or not same:
            names = {"figure": item.id, "series": series.id, "field": series.by[0]}
            raise make_error(ChapterError, "no_group_of_flow", chart=name, **names)
    wholes = sum(item.population == whole for item in figures)
    if wholes != 1:
        raise make_error(ChapterError, "wholes_of_flow", chart=name, wholes=wholes)
    _refuse_other_fields(name, series, beside)
    facts = {"figures": [item.id for item in figures], "beside": [each.id for each in beside]}
    return Chart.model_validate({"id": name, "kind": "flow", "breakdown": series.id, **facts})


def tabulate(sources: Sequence[Breakdown | Figure], most: int | None = None) -> ReportTable:
    """A table of series of one field, of one cross-table, or of figures.

    Raises:
        ChapterError: nothing to show, or sources that don't go together.
    """
    if not sources:
        raise make_error(ChapterError, "empty_table")
    first, ids = sources[0], tuple(item.id for item in sources)
    name = f"{first.id}.table"
    if isinstance(first, Figure):
        fits = all(isinstance(item, Figure) for item in sources)
        rule = "figures and series don't go in one table"
        table = ReportTable(id=name, figures=ids)
    elif first.is_crossed:
        # It is shown whole: its rows have no order by size.
        fits, rule = len(sources) == 1, "a cross-table stands alone"
        table = ReportTable(id=name, breakdowns=ids)
    else:
        fits = all(isinstance(item, Breakdown) and item.by == first.by for item in sources)
        rule = "series of one field go side by side"
        table = ReportTable(id=name, breakdowns=ids, most=most)
    if not fits:
        raise ChapterError(f"'{name}': {rule}")
    return table
