"""Figures by the codes of a field: series, cross-tables and rankings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from helpline_report.errors import PopulationError, nearest
from helpline_report.figures import counting, measures, rates, traffic
from helpline_report.figures.counting import clusters_by
from helpline_report.figures.measures import (
    Sized,
    clustered,
    count_of,
    exists,
    refuse_other_rows,
    refuse_weights,
    share_of,
    sized,
    unavailable,
    why_uncounted,
)
from helpline_report.figures.model import (
    Condition,
    Crosstab,
    CrosstabCell,
    Exposure,
    Figure,
    Member,
    PopulationSpec,
    Reason,
    Series,
    SeriesKind,
    Unit,
)
from helpline_report.figures.population import Population, months_before
from helpline_report.figures.register import DERIVED, UNKNOWN, Register

SeriesFigures = tuple[Series, list[Figure]]
# A figure from its id, a code, and the population with that code.
MakeFigure = Callable[[str, str, Population], Figure]
Ranking = list[tuple[str, int]]


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
    tally = counting.counts(population, by)
    asked = _asked(population, by)
    named = {
        code: number
        for code, number in tally.items()
        if (asked is None or code in asked) and (number or _is_zero(population, by, code))
    }
    return named, None


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
        days, whole = population.spec.period.each_day(), population.register.edition.period
        return {whole.month_code(day) if by == "month" else day.isoformat() for day in days}
    return None


def _is_zero(population: Population, by: str, code: str) -> bool:
    """Whether no row with a code is a zero: it could have been registered."""
    if by in DERIVED:
        return code != UNKNOWN
    lines = population.register.edition.helpline.lines
    if by == "helpline" and lines and code not in lines:
        return False  # neither another helpline nor a code that no layout maps is one
    return exists(population.register, population.spec, by, code)


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
    others = [condition for condition in spec.conditions if condition.field != by]
    own = Condition(field=by, codes=(code,), given=(code,))
    conditions = sorted((*others, own), key=lambda item: item.field)
    return spec.model_copy(update={"conditions": tuple(conditions)})


def count_series(name: str, population: Population, by: str) -> SeriesFigures:
    """Counts by the codes of a field, a figure each, and in groups where the code list has them."""
    tally, absent = breakdown(population, by)

    def make(figure: str, code: str, part: Population) -> Figure:
        return measures.count(figure, part) if absent else count_of(figure, part.spec, tally[code])

    series, figures = _series_of(name, population, by, make, ("count", "count"))
    return _of_codes(series, figures, population)


def beside(before: SeriesFigures, now: Register, then: Register) -> SeriesFigures:
    """A series of the year before under the codes of the year that it stands beside.

    Months with their year alone have others. One that the year beside it hasn't got is left out.
    """
    series, figures = before
    if series.by != "month" or then is now:
        return before
    codes = {other: code for code, other in months_before(now, then).items()}
    members = [
        member.model_copy(update={"code": codes[member.code]})
        for member in series.members
        if member.code in codes
    ]
    names = {member.figure for member in members}
    own = [figure for figure in figures if figure.id in names]
    return series.model_copy(update={"members": tuple(members)}), own


def share_series(
    name: str, population: Population, by: str, whole: Population | None = None
) -> SeriesFigures:
    """Shares of the codes of a field in the population (or in `whole`), a figure each."""
    of = whole or population
    refuse_other_rows(name, population, of)
    tally, absent = breakdown(population, by)
    trials = Sized(0, absent) if absent else sized(of)
    hits = dict(_sizes(population, by, tally))

    def make(figure: str, code: str, part: Population) -> Figure:
        return share_of(figure, part, of, hits.get(code, Sized(0, absent)), trials)

    series, figures = _series_of(name, population, by, make, ("share", "percent"))
    return _of_codes(series.model_copy(update={"of": of.spec}), figures, population)


def _of_codes(series: Series, figures: Sequence[Figure], population: Population) -> SeriesFigures:
    """A series whose figures say over which field they are, and whether that list is open."""
    codelist, by = population.register.codelists.get(series.by), {"by": (series.by,)}
    opened = series.model_copy(update={"open": codelist.open if codelist else False})
    return opened, [figure.model_copy(update=by) for figure in figures]


def _sizes(
    population: Population, by: str, tally: Mapping[str, int]
) -> Iterator[tuple[str, Sized]]:
    """Each code with the size of its part of the population."""
    if clustered(population) and tally:
        for code, rows in clusters_by(population, by):
            if code in tally:
                yield code, Sized(tally[code], None, rows)
        return
    weighed = population.spec.table == "traffic"
    for code, number in tally.items():
        part = Population(population.register, narrowed(population.spec, by, code))
        yield code, sized(part) if weighed else Sized(number)


def promised(population: Population, by: str) -> list[str]:
    """The codes that a text may name even where no source gives the field; days aren't named."""
    codes = (population.register.codes(by) or []) if by != "date" else []
    if by in DERIVED:
        return [code for code in codes if code != UNKNOWN]
    return [code for code in codes if exists(population.register, population.spec, by, code)]


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
        tally = counting.cross_counts(population, (rows, columns))
        for row, column in product(row_counts, column_counts):
            part = narrowed(narrowed(population.spec, rows, row), columns, column)
            number = tally.get((row, column), 0)
            figure = count_of(f"{name}.{row}.{column}", part, number, by=(rows, columns))
            figures.append(figure)
            cells.append(CrosstabCell(row=row, column=column, figure=figure.id))
    spec = population.spec
    return Crosstab(
        id=name, rows=rows, columns=columns, cells=tuple(cells), population=spec
    ), figures


def ranking(population: Population, by: str) -> tuple[Ranking, Reason | None]:
    """Codes with their counts, most first; ties in the order of the code list."""
    tally, absent = breakdown(population, by)
    return sorted(tally.items(), key=lambda item: -item[1]), absent


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

    Raises:
        PopulationError: the place isn't 1 or more.
    """
    if place < 1:
        raise PopulationError(f"'{name}': the first place is 1, and not {place}")
    dated = by == "month" and population.register.edition.period.repeats_months
    unit = by if by in ("month", "weekday") and not dated else "label"
    facts: dict[str, Any] = {"kind": "top", "unit": unit, "by": (by,), "place": place}
    facts |= {"lowest": lowest, "among": tuple(among or ())}
    ranked, absent = ranking(population, by)
    if among is not None:
        ranked = [item for item in ranked if item[0] in among]
    if lowest:
        ranked = sorted(ranked, key=lambda item: item[1])
    total = sum(number for _, number in ranked)
    if not lowest:
        ranked = [item for item in ranked if item[1] > 0]
    reason = absent or (None if total and len(ranked) >= place else Reason(code="no_rows"))
    if reason:
        return unavailable(name, population, reason, **facts)
    code, number = ranked[place - 1]
    value = int(code) if unit != "label" else code
    return Figure(
        id=name,
        value=value,
        population=population.spec,
        numerator=number,
        denominator=total,
        code=code,
        **facts,
    )


def rank(name: str, population: Population, by: str, code: str) -> Figure:
    """The place of a code among the codes of its field, 1 for the one with the most rows.

    Raises:
        PopulationError: the field has no such code.
    """
    known = population.register.codes(by)
    if known is not None and code not in known:
        close = nearest(code, known)
        raise PopulationError(f"'{name}': the field '{by}' has no code '{code}'{close}")
    facts: dict[str, Any] = {"kind": "rank", "unit": "rank", "by": (by,), "code": code}
    ranked, absent = ranking(population, by)
    places = {item[0]: index for index, item in enumerate(ranked, start=1)}
    reason = absent or (None if dict(ranked).get(code) else Reason(code="no_rows"))
    if reason:
        return unavailable(name, population, reason, **facts)
    number = dict(ranked)[code]
    return Figure(
        id=name, value=places[code], population=population.spec, numerator=number, **facts
    )


def same_top(name: str, now: Population, then: Population, by: str, length: int) -> Figure:
    """1 if the first `length` codes are the same ones in both years, in whatever order, else 0."""
    facts: dict[str, Any] = {"kind": "flag", "unit": "flag", "of": then.spec, "by": (by,)}
    facts["place"] = length
    ranked, absent = ranking(now, by)
    before, absent_then = ranking(then, by)
    enough = min(sum(n > 0 for _, n in ranked), sum(n > 0 for _, n in before)) >= length
    reason = absent or absent_then or (None if enough else Reason(code="no_rows"))
    if reason:
        return unavailable(name, now, reason, **facts)
    same = {code for code, _ in ranked[:length]} == {code for code, _ in before[:length]}
    return Figure(id=name, value=int(same), population=now.spec, **facts)


def change_series(
    name: str, population: Population, by: str, bridge: Sequence[str] = ()
) -> SeriesFigures:
    """The change in percent of each code against the same code in the comparison year.

    Raises:
        PopulationError: a declared break of the field lies between the two years.
    """
    population.previous(*bridge, by=(by,))

    def make(figure: str, _: str, part: Population) -> Figure:
        return rates.change(figure, part, part.previous(*bridge))

    return _series_of(name, population, by, make, ("change", "percent change"))


def mean_series(name: str, population: Population, by: str, per: str) -> SeriesFigures:
    """The count of each code divided by months, open days or calendar days."""

    def make(figure: str, _: str, part: Population) -> Figure:
        return measures.mean(figure, part, (per,))

    return _series_of(name, population, by, make, ("mean", "mean"))


def monthly_mean(name: str, population: Population) -> Figure:
    """The mean of what was counted of each month of the period, where all of them are known.

    Users of a year over its months are another number: who comes back in another month is one user
    of the year, and one of both months.
    """
    facts: dict[str, Any] = {"kind": "mean", "unit": "mean", "by": ("month",)}
    tally, absent = breakdown(population, "month")
    months = population.spec.period.months
    missing = Reason(code="not_in_source", about=population.noun)
    if reason := absent or (missing if len(tally) < months else None):
        return unavailable(name, population, reason, **facts)
    total = sum(tally.values())
    return Figure(
        id=name,
        value=total / months,
        population=population.spec,
        numerator=total,
        denominator=months,
        exposure=Exposure(unit="month", of=months),
        **facts,
    )


def maximum_series(name: str, population: Population, by: str, over: str) -> SeriesFigures:
    """The most rows that each code has on one day (or in one month, at one weekday)."""

    def make(figure: str, _: str, part: Population) -> Figure:
        return measures.maximum(figure, part, (over,))

    return _series_of(name, population, by, make, ("maximum", "count"))


def rank_series(name: str, population: Population, by: str) -> SeriesFigures:
    """The place of each code among the codes of its field; one without rows has none."""

    def make(figure: str, code: str, _: Population) -> Figure:
        return rank(figure, population, by, code)

    return _series_of(name, population, by, make, ("rank", "rank"))


def _series_of(
    name: str, population: Population, by: str, make: MakeFigure, measure: tuple[SeriesKind, Unit]
) -> SeriesFigures:
    """A series of what `make` gives for each code, from an id, the code and its rows."""
    counts, absent = breakdown(population, by)
    figures = []
    for code in promised(population, by) if absent else counts:
        part = Population(population.register, narrowed(population.spec, by, code), absent)
        figure = make(f"{name}.{code}", code, part)
        figures.append(figure.model_copy(update={"code": code}))
    kind, unit = measure
    series = Series(
        id=name,
        by=by,
        unit=unit,
        kind=kind,
        members=tuple(Member(code=str(figure.code), figure=figure.id) for figure in figures),
        population=population.spec,
        overlapping=is_overlapping(population, by),
    )
    return series, figures
