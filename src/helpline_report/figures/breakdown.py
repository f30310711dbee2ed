"""Figures by the codes of a field: series and cross-tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from helpline_report.errors import PopulationError
from helpline_report.figures import counting, traffic
from helpline_report.figures.clusters import clusters_by
from helpline_report.figures.measures import (
    refuse_other_rows,
    refuse_weights,
    share_of,
    unavailable,
)
from helpline_report.figures.model import (
    Cell,
    Condition,
    Crosstab,
    Figure,
    Member,
    PopulationSpec,
    Reason,
    Series,
    Unit,
)
from helpline_report.figures.population import Population
from helpline_report.figures.register import DERIVED, UNKNOWN
from helpline_report.figures.sizes import Sized, clustered, exists, sized, why_uncounted


def breakdown(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    """Counts by code in the order of the codes, zeros included, or why there are none.

    Codes that didn't exist in the period and a condition on the field itself leave codes out; the
    code 'unknown' of hours and ages stands only where it occurs.

    Raises:
        PopulationError: there is no such field, or its rows are of another table.
    """
    weighed = population.spec.table == "traffic"
    if not (weighed and by in traffic.DERIVED):
        population.refuse_foreign(by)
    _refuse_breakdown(population, by)
    absent = why_uncounted(population)
    if absent:
        return {}, absent
    if population.register.released is not None:
        return population.register.released.breakdown(population.spec, by)
    if weighed:
        return _weights(population, by)
    if not population.register.gives(population.spec.table, by):
        return {}, Reason(code="no_field", about=by)
    found = counting.counts(population, by)
    asked = _asked(population, by)
    kept = {
        code: number
        for code, number in found.items()
        if (asked is None or code in asked) and (number or _is_zero(population, by, code))
    }
    return kept, None


def _refuse_breakdown(population: Population, by: str) -> None:
    """Refuse a field of which a code doesn't say what its part of the population is."""
    if by == "age":
        raise PopulationError(
            "a breakdown by year of age has too many codes",
            next_step="break down by 'age_class', whose classes the parameters say",
        )
    condition = population.spec.condition(by)
    if condition and condition.negated and is_overlapping(population, by):
        raise PopulationError(
            f"a row may have several codes of '{by}', and not_(…) leaves some of them out",
            next_step=f"break down by '{by}' without that condition",
        )


def _asked(population: Population, by: str) -> set[str] | None:
    """The codes that the condition on the field, or else the period, leaves; None for all.

    A row that may have several codes counts under those of the condition alone: the others are
    rows of another population.
    """
    condition = population.spec.condition(by)
    if condition is not None:
        return set(condition.codes)
    if by in ("month", "date"):
        pattern = "%m" if by == "month" else "%Y-%m-%d"
        return {day.strftime(pattern) for day in population.spec.period.each_day()}
    return None


def _is_zero(population: Population, by: str, code: str) -> bool:
    """Whether no row with a code is a zero: it could have been registered."""
    if by in DERIVED:
        return code != UNKNOWN
    return exists(population, by, code) and _is_ours(population, by, code)


def _is_ours(population: Population, by: str, code: str) -> bool:
    """A helpline that isn't one of the edition's, or a code that no layout maps, isn't a zero."""
    lines = population.register.edition.helpline.lines
    return by != "helpline" or not lines or code in lines


def _weights(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    weighed = traffic.weights(population, by)
    codelist = population.register.codelists.get(by)
    order = codelist.order if codelist else []
    if codelist is not None and codelist.open:
        most_first = sorted(weighed.numbers.items(), key=lambda item: (-item[1], item[0]))
        return dict(most_first), weighed.absent
    listed = {code: weighed.numbers[code] for code in order if code in weighed.numbers}
    rest = {code: n for code, n in weighed.numbers.items() if code not in listed}
    if by in traffic.DERIVED:
        return dict(sorted(rest.items())), weighed.absent
    return {**listed, **dict(sorted(rest.items()))}, weighed.absent


def is_overlapping(population: Population, by: str) -> bool:
    """Whether a row may count under several codes of the field."""
    return population.register.has_several(population.spec.table, by)


def narrowed(spec: PopulationSpec, by: str, code: str) -> PopulationSpec:
    """The population with one code of a field, in place of a condition on it."""
    kept = [condition for condition in spec.conditions if condition.field != by]
    made = Condition(field=by, codes=(code,), given=(code,))
    conditions = sorted((*kept, made), key=lambda item: item.field)
    return spec.model_copy(update={"conditions": tuple(conditions)})


def count_series(name: str, population: Population, by: str) -> tuple[Series, list[Figure]]:
    """Counts by the codes of a field, a figure each, and in groups where the code list has them."""
    found, absent = breakdown(population, by)
    figures = [
        Figure(
            id=f"{name}.{code}",
            kind="count",
            unit="count",
            value=number,
            numerator=number,
            population=narrowed(population.spec, by, code),
            by=(by,),
            code=code,
        )
        for code, number in found.items()
    ]
    if absent:
        figures = _absent_members(name, population, by, absent, {"kind": "count", "unit": "count"})
    return _series(name, population, by, figures), figures


def share_series(
    name: str, population: Population, by: str, whole: Population | None = None
) -> tuple[Series, list[Figure]]:
    """Shares of the codes of a field in the population (or in `whole`), a figure each."""
    of = whole or population
    refuse_other_rows(name, population, of)
    found, absent = breakdown(population, by)
    if absent:
        made: dict[str, Any] = {"kind": "share", "unit": "percent", "of": of.spec}
        figures = _absent_members(name, population, by, absent, made)
        return _series(name, population, by, figures, unit="percent", of=of.spec), figures
    trials = sized(of)
    figures = [
        share_of(f"{name}.{code}", part, of, hits, trials, by=(by,), code=code)
        for code, part, hits in _parts(population, by, found)
    ]
    return _series(name, population, by, figures, unit="percent", of=of.spec), figures


def _parts(
    population: Population, by: str, found: Mapping[str, int]
) -> Iterator[tuple[str, Population, Sized]]:
    """Each code with its part of the population, and the size of that."""
    parts = {
        code: Population(population.register, narrowed(population.spec, by, code)) for code in found
    }
    if clustered(population):
        for code, rows in clusters_by(population, by):
            if code in found:
                yield code, parts[code], Sized(found[code], None, rows)
        return
    weighed = population.spec.table == "traffic"
    for code, part in parts.items():
        yield code, part, sized(part) if weighed else Sized(found[code])


def promised(population: Population, by: str) -> list[str]:
    """The codes that a text may name even where no source gives the field; days aren't named."""
    codes = (population.register.codes(by) or []) if by != "date" else []
    if by in DERIVED:
        return [code for code in codes if code != UNKNOWN]
    return [code for code in codes if exists(population, by, code)]


def _absent_members(
    name: str, population: Population, by: str, absent: Reason, made: dict[str, Any]
) -> list[Figure]:
    """The members that a closed list of codes promises, without a value and with the reason."""
    codes = promised(population, by)
    return [
        unavailable(f"{name}.{code}", population, absent, by=(by,), code=code, **made).model_copy(
            update={"population": narrowed(population.spec, by, code)}
        )
        for code in codes
    ]


def _series(
    name: str,
    population: Population,
    by: str,
    figures: Sequence[Figure],
    *,
    unit: Unit = "count",
    of: PopulationSpec | None = None,
) -> Series:
    members = tuple(Member(code=str(figure.code), figure=figure.id) for figure in figures)
    codelist = population.register.codelists.get(by)
    return Series(
        id=name,
        by=by,
        unit=unit,
        kind="share" if unit == "percent" else "count",
        members=members,
        population=population.spec,
        of=of,
        overlapping=is_overlapping(population, by),
        open=codelist.open if codelist else False,
    )


def crosstab(
    name: str, population: Population, rows: str, columns: str
) -> tuple[Crosstab, list[Figure]]:
    """Counts by two fields, a figure a cell, zeros included.

    Raises:
        PopulationError: twice the same field, a field of another table, or no rows to count.
    """
    refuse_weights(name, population)
    if rows == columns:
        raise PopulationError(f"'{name}': '{rows}' can't be crossed with itself")
    row_counts, absent = breakdown(population, rows)
    column_counts, absent_columns = breakdown(population, columns)
    cells, figures = [], []
    if not (absent or absent_columns or population.register.released is not None):
        found = counting.cross_counts(population, (rows, columns))
        for row, column in product(row_counts, column_counts):
            figure = _cell(name, population, (rows, row), (columns, column), found)
            figures.append(figure)
            cells.append(Cell(row=row, column=column, figure=figure.id))
    spec = population.spec
    return Crosstab(
        id=name, rows=rows, columns=columns, cells=tuple(cells), population=spec
    ), figures


def _cell(
    name: str,
    population: Population,
    row: tuple[str, str],
    column: tuple[str, str],
    found: Any,
) -> Figure:
    number = found.get((row[1], column[1]), 0)
    spec = narrowed(narrowed(population.spec, *row), *column)
    return Figure(
        id=f"{name}.{row[1]}.{column[1]}",
        kind="count",
        unit="count",
        value=number,
        numerator=number,
        population=spec,
        by=(row[0], column[0]),
    )
