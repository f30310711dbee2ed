"""Figures by the codes of a field: series, cross-tables, tops and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpline_report.errors import PopulationError, nearest
from helpline_report.figures import counting, traffic
from helpline_report.figures.measures import exists, share, size, unavailable
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

Ranking = list[tuple[str, int]]


def breakdown(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    """Counts by code in the order of the codes, zeros included, or why there are none.

    Codes that didn't exist in the period and a condition on the field itself leave codes out; the
    code 'unknown' of hours and ages stands only where it occurs.
    """
    population.register.field_table(by) if population.spec.table != "traffic" else None
    if population.absent:
        return {}, population.absent
    if population.spec.table == "traffic":
        return _weights(population, by)
    if not population.register.gives(population.spec.table, by):
        return {}, Reason(code="no_field", about=by)
    found = counting.counts(population, by)
    if by == "month":
        months = {day.strftime("%m") for day in population.spec.period.each_day()}
        found = {code: number for code, number in found.items() if code in months}
    if by == "date":
        wanted = set(counting.day_codes(population.spec.period.start, population.spec.period.end))
        found = {code: number for code, number in found.items() if code in wanted}
    condition = population.spec.condition(by)
    kept = {
        code: number
        for code, number in found.items()
        if _stands(population, by, code, number, condition)
    }
    return kept, None


def _stands(
    population: Population, by: str, code: str, number: int, condition: Condition | None
) -> bool:
    if number:
        return True
    if condition is not None and code not in condition.codes:
        return False
    if by in ("hour", "age_class") and code == counting.UNKNOWN:
        return False
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
    table = population.register.table(population.spec.table)
    owner = table.owner(by) if table else None
    return owner is not None and by in owner.multiple


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
    return _series(name, population, by, "count", figures, None), figures


def share_series(
    name: str, population: Population, by: str, whole: Population | None = None
) -> tuple[Series, list[Figure]]:
    """Shares of the codes of a field in the population (or in `whole`), a figure each."""
    of = whole or population
    found, absent = breakdown(population, by)
    made: dict[str, Any] = {"kind": "share", "unit": "percent", "of": of.spec}
    if absent:
        figures = _absent_members(name, population, by, absent, made)
        return _series(name, population, by, "percent", figures, of.spec), figures
    figures = []
    for code in found:
        part = Population(population.register, narrowed(population.spec, by, code))
        figure = share(f"{name}.{code}", part, of)
        figures.append(figure.model_copy(update={"by": (by,), "code": code}))
    return _series(name, population, by, "percent", figures, of.spec), figures


def _absent_members(
    name: str, population: Population, by: str, absent: Reason, made: dict[str, Any]
) -> list[Figure]:
    """The members that a closed code list promises, each without a value and with the reason."""
    codelist = population.register.codelists.get(by)
    codes = [] if codelist is None else [c for c in codelist.order if exists(population, by, c)]
    if by == "month":
        codes = [f"{month:02d}" for month in range(1, 13)]
    return [
        unavailable(
            f"{name}.{code}", population, absent, by=(by,), code=code, **made
        ).model_copy(update={"population": narrowed(population.spec, by, code)})
        for code in codes
    ]


def _series(
    name: str,
    population: Population,
    by: str,
    unit: Unit,
    figures: Sequence[Figure],
    of: PopulationSpec | None,
) -> Series:
    members = tuple(Member(code=str(figure.code), figure=figure.id) for figure in figures)
    codelist = population.register.codelists.get(by)
    return Series(
        id=name,
        by=by,
        unit=unit,
        members=members,
        population=population.spec,
        of=of,
        overlapping=is_overlapping(population, by),
        open=codelist.open if codelist else False,
    )


def crosstab(
    name: str, population: Population, rows: str, columns: str
) -> tuple[Crosstab, list[Figure]]:
    """Counts by two fields, a figure a cell, zeros included."""
    row_counts, absent = breakdown(population, rows)
    column_counts, absent_columns = breakdown(population, columns)
    cells, figures = [], []
    if not (absent or absent_columns):
        found = counting.cross_counts(population, (rows, columns))
        for row in row_counts:
            for column in column_counts:
                figure = _cell(name, population, (rows, row), (columns, column), found)
                figures.append(figure)
                cells.append(Cell(row=row, column=column, figure=figure.id))
    spec = population.spec
    return Crosstab(id=name, rows=rows, columns=columns, cells=tuple(cells), population=spec), figures


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


def ranking(population: Population, by: str) -> tuple[Ranking, Reason | None]:
    """Codes with their counts, most first; ties in the order of the code list."""
    found, absent = breakdown(population, by)
    return sorted(found.items(), key=lambda item: -item[1]), absent


def top(
    name: str,
    population: Population,
    by: str,
    *,
    place: int = 1,
    lowest: bool = False,
    among: Sequence[str] | None = None,
) -> Figure:
    """The code with the most rows (or the fewest, or in another place), as a label.

    Ties go to the first in the order of the codes. A code without rows is in no place, except
    where the fewest are sought.
    """
    unit = by if by in ("month", "weekday") else "label"
    made: dict[str, Any] = {"kind": "top", "unit": unit, "by": (by,), "place": place}
    made["lowest"] = lowest
    ranked, absent = ranking(population, by)
    if among is not None:
        ranked = [item for item in ranked if item[0] in among]
    if lowest:
        ranked = sorted(sorted(ranked), key=lambda item: item[1])
    total = sum(number for _, number in ranked)
    if not lowest:
        ranked = [item for item in ranked if item[1] > 0]
    reason = absent or (None if total and len(ranked) >= place else Reason(code="no_rows"))
    if reason:
        return unavailable(name, population, reason, **made)
    code, number = ranked[place - 1]
    value = int(code) if unit != "label" else code
    return Figure(
        id=name,
        value=value,
        population=population.spec,
        numerator=number,
        denominator=total,
        code=code,
        **made,
    )


def rank(name: str, population: Population, by: str, code: str) -> Figure:
    """The place of a code among the codes of its field, 1 for the one with the most rows.

    Raises:
        PopulationError: the field has no such code.
    """
    codelist = population.register.codelists.get(by)
    if codelist is not None and not codelist.open and code not in codelist.by_code:
        close = nearest(code, codelist.order)
        raise PopulationError(f"'{name}': the field '{by}' has no code '{code}'{close}")
    made: dict[str, Any] = {"kind": "rank", "unit": "rank", "by": (by,), "code": code}
    ranked, absent = ranking(population, by)
    places = {item[0]: index for index, item in enumerate(ranked, start=1)}
    reason = absent or (None if dict(ranked).get(code) else Reason(code="no_rows"))
    if reason:
        return unavailable(name, population, reason, **made)
    number = dict(ranked)[code]
    return Figure(
        id=name, value=places[code], population=population.spec, numerator=number, **made
    )


def same_top(name: str, now: Population, then: Population, by: str, length: int) -> Figure:
    """1 if the first `length` codes are the same ones in both years, in whatever order, else 0."""
    made: dict[str, Any] = {"kind": "flag", "unit": "flag", "of": then.spec, "by": (by,)}
    made["place"] = length
    ranked, absent = ranking(now, by)
    before, absent_then = ranking(then, by)
    enough = min(sum(n > 0 for _, n in ranked), sum(n > 0 for _, n in before)) >= length
    reason = absent or absent_then or (None if enough else Reason(code="no_rows"))
    if reason:
        return unavailable(name, now, reason, **made)
    same = {code for code, _ in ranked[:length]} == {code for code, _ in before[:length]}
    return Figure(id=name, value=int(same), population=now.spec, **made)


def total_rows(population: Population) -> int:
    """The size of a population, 0 where it can't be counted."""
    return size(population)[0]
