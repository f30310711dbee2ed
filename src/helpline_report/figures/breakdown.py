"""Figures by the codes of a field: series, cross-tables and rankings."""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

from helpline_report.errors import PopulationError, nearest
from helpline_report.figures import counting, measures
from helpline_report.figures.model import (
    Breakdown,
    BreakdownKind,
    Condition,
    Exposure,
    Figure,
    Member,
    PopulationSpec,
    Reason,
    Unit,
)
from helpline_report.figures.population import Population, match_months
from helpline_report.figures.register import DERIVED, Register
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.parameters.yaml import make_error

BreakdownFigures = tuple[Breakdown, list[Figure]]
UNITS: dict[BreakdownKind, Unit] = {
    "count": "count",
    "share": "percent",
    "change": "percent change",
    "mean": "mean",
    "maximum": "count",
    "rank": "rank",
}
NO_ROWS = Reason(code="no_rows")
# Why a field has no codes at all.
NOTHING = ("no_field", "no_source", "no_comparison")


def breakdown(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    """Counts by code in the order of the codes, zeros included, or why there are none.

    Codes that didn't exist in the period and a condition on the field itself leave codes out; the
    code 'unknown' of hours and ages stands only where it occurs. A row that may have several codes
    counts under those of the condition alone: the others are rows of another population.

    Raises:
        PopulationError: there is no such field, it belongs to another table, it is the year of age,
            or a row may have several codes and the condition leaves some of them out.
    """
    spec, register = population.spec, population.register
    is_traffic, condition = spec.table == "traffic", spec.condition(by)
    if not (is_traffic and by in counting.TRAFFIC_DAYS):
        population.refuse_foreign(by)
    if by == "age":
        raise make_error(PopulationError, "year_of_age")
    if condition and condition.negated and register.has_several(spec.table, by):
        raise make_error(PopulationError, "some_of_several", field=by)
    if absent := measures.explain_uncounted(population):
        return {}, absent
    if register.released is not None:
        return register.released.breakdown(spec, by)
    if is_traffic:
        return counting.sum_traffic_by(population, by)
    if not register.gives(spec.table, by):
        return {}, Reason(code="no_field", about=by)
    tally = counting.count_by_code(population, by)
    asked = set(condition.codes) if condition else set(tally)
    if condition is None and by in ("month", "date"):
        code_of = register.edition.period.month_code if by == "month" else str
        asked = {code_of(day) for day in spec.period.each_day()}
    named = {
        code: number
        for code, number in tally.items()
        if code in asked and (number or _may_be_zero(population, by, code))
    }
    return named, None


def _may_be_zero(population: Population, by: str, code: str) -> bool:
    """Whether a code without rows counts as zero, since it could have been registered.

    Where small counts are hidden, 'unknown' and other helplines always count. If they stood there
    only with people in them, a hidden count of them would be known not to be zero.
    """
    register = population.register
    if by in DERIVED:
        return code != UNKNOWN or register.is_protected
    lines = () if register.is_protected else register.edition.helpline.lines
    if by == "helpline" and lines and code not in lines:
        return False  # neither another helpline nor a code that no layout maps is one
    return measures.may_occur(register, population.spec, by, code)


def narrow(spec: PopulationSpec, by: str, code: str) -> PopulationSpec:
    """The population with one code of a field, in place of a condition on it."""
    others = [condition for condition in spec.conditions if condition.field != by]
    own = Condition(field=by, codes=(code,), terms=(code,))
    conditions = sorted((*others, own), key=lambda item: item.field)
    return spec.model_copy(update={"conditions": tuple(conditions)})


def make_series(
    name: str,
    population: Population,
    by: str,
    kind: BreakdownKind,
    make: Callable[[str, Population], Figure],
    *,
    absent: Reason | None = None,
) -> BreakdownFigures:
    """A figure for each code of a field, which `make` makes of its id and its rows.

    A field that no source gives has no codes in this edition. Where nothing can be counted for
    another reason, each code but a day is a figure without a value, since a text may name it.
    """
    register = population.register
    counts, uncounted = breakdown(population, by)
    absent = absent or uncounted
    without = absent if absent and absent.code in NOTHING else None
    codes = [] if without else list(counts)
    if absent and not without and by != "date":
        codes = [code for code in register.codes(by) or [] if _may_be_zero(population, by, code)]
    figures, listed = [], kind in ("count", "share")
    for code in codes:
        part = Population(register, narrow(population.spec, by, code), absent)
        facts = {"code": code} | ({"by": (by,)} if listed else {})
        figures.append(make(f"{name}.{code}", part).model_copy(update=facts))
    codelist = register.codelists.get(by)
    series = Breakdown(
        id=name,
        by=(by,),
        unit=UNITS[kind],
        kind=kind,
        members=tuple(Member(codes=(str(figure.code),), figure=figure.id) for figure in figures),
        population=population.spec,
        overlapping=register.has_several(population.spec.table, by),
        open=listed and codelist is not None and codelist.open,
        reason=without,
    )
    return series, figures


def count_series(name: str, population: Population, by: str) -> BreakdownFigures:
    """Counts by the codes of a field."""
    tally, absent = breakdown(population, by)

    def make(figure: str, part: Population) -> Figure:
        number = tally.get(figure.removeprefix(f"{name}."), 0)
        if absent:
            return measures.count(figure, part)
        return measures.count_of(figure, part.spec, number)

    return make_series(name, population, by, "count", make)


def share_series(
    name: str, population: Population, by: str, whole: Population | None = None
) -> BreakdownFigures:
    """Shares of the codes of a field in the population, or in `whole`."""
    of = whole or population
    measures.refuse_other_rows(name, population, of)
    make = partial(measures.share_of, whole=of)
    series, figures = make_series(name, population, by, "share", make)
    return series.model_copy(update={"of": of.spec}), figures


def rank_series(name: str, population: Population, by: str) -> BreakdownFigures:
    """The place of each code among the codes of its field; one without rows has none."""

    def make(figure: str, _: Population) -> Figure:
        return rank(figure, population, by=by, code=figure.removeprefix(f"{name}."))

    return make_series(name, population, by, "rank", make)


def align_months(before: BreakdownFigures, then: Register, now: Register) -> BreakdownFigures:
    """A series of the year before under the codes of the year that it stands beside.

    Months with their year alone have others. One that the year beside it hasn't got is left out.
    """
    series, figures = before
    if series.by != ("month",) or then is now:
        return before
    codes = {other: code for code, other in match_months(now, then).items()}
    pairs = [
        (member.model_copy(update={"codes": (codes[member.codes[0]],)}), figure)
        for member, figure in zip(series.members, figures, strict=True)
        if member.codes[0] in codes
    ]
    members = tuple(member for member, _ in pairs)
    return series.model_copy(update={"members": members}), [figure for _, figure in pairs]


def crosstab(name: str, population: Population, rows: str, columns: str) -> BreakdownFigures:
    """Counts by two fields, a figure a cell, zeros included; of a released year there are none.

    Raises:
        PopulationError: twice the same field, a field of another table, or no rows to count.
    """
    measures.refuse_traffic(name, population)
    if rows == columns:
        raise PopulationError(f"'{name}': '{rows}' can't be crossed with itself")
    (row_counts, absent), (column_counts, absent_columns) = (
        breakdown(population, by) for by in (rows, columns)
    )
    members, figures, spec = [], [], population.spec
    if not (absent or absent_columns or population.register.released is not None):
        tally = counting.count_crossed(population, (rows, columns))
        for row, column in product(row_counts, column_counts):
            part = narrow(narrow(spec, rows, row), columns, column)
            number = tally.get((row, column), 0)
            figure = measures.count_of(f"{name}.{row}.{column}", part, number, by=(rows, columns))
            figures.append(figure)
            members.append(Member(codes=(row, column), figure=figure.id))
    by = (rows, columns)
    return Breakdown(id=name, by=by, members=tuple(members), population=spec), figures


def monthly_mean(name: str, population: Population) -> Figure:
    """The mean of what was counted of each month of the period, where all of them are known.

    Users of a year over its months are another number: who comes back in another month is one user
    of the year, and one of both months.
    """
    facts: dict[str, Any] = {"kind": "mean", "unit": "mean", "by": ("month",)}
    tally, absent = breakdown(population, "month")
    total, months = sum(tally.values()), population.spec.period.months
    missing = Reason(code="not_in_source", about=population.noun)
    if reason := absent or (missing if len(tally) < months else None):
        return measures.make_unavailable(name, population, reason, **facts)
    facts |= {"numerator": total, "denominator": months}
    facts["exposure"] = Exposure(unit="month", own=months)
    return Figure(id=name, value=total / months, population=population.spec, **facts)


def _ranking(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    """Codes with their counts, most first; ties in the order of the code list."""
    tally, absent = breakdown(population, by)
    return dict(sorted(tally.items(), key=lambda item: -item[1])), absent


def list_missing_codes(register: Register, by: str) -> frozenset[str]:
    """The codes of a field that stand for what is missing: they take no place in a ranking."""
    codelist = register.codelists.get(by)
    missing = (each.code for each in codelist.codes if each.missing) if codelist else (UNKNOWN,)
    return frozenset(missing)


def _drop_missing(population: Population, by: str, ranked: dict[str, int]) -> dict[str, int]:
    """Those of the codes that take a place."""
    missing = list_missing_codes(population.register, by)
    return {code: number for code, number in ranked.items() if code not in missing}


def _list_tied(placed: dict[str, int], code: str) -> tuple[str, ...]:
    """The other codes that have as many rows as one of them."""
    return tuple(each for each, number in placed.items() if number == placed[code] and each != code)


def top(name: str, population: Population, by: str, place: int = 1) -> Figure:
    """The code with the most rows, or the one in another place, as a label.

    Ties go to the first in the order of the codes. A code without rows is in no place, nor is one
    of what is missing; its rows are part of the whole.

    Raises:
        PopulationError: the place isn't 1 or more.
    """
    if place < 1:
        raise PopulationError(f"'{name}': the first place is 1, and not {place}")
    tally, absent = _ranking(population, by)
    ranked = {code: number for code, number in tally.items() if number}
    facts = {"by": (by,), "place": place}
    return _label_of_place(name, population, ranked, absent, facts)


def quietest_working_day(name: str, population: Population) -> Figure:
    """The working day of the week with the fewest rows, be it none; of several the earliest."""
    days = tuple(str(day) for day in population.register.edition.calendar.working_days)
    tally, absent = breakdown(population, "weekday")
    fewest = sorted((number, day) for day, number in tally.items() if day in days)
    ranked = {day: number for number, day in fewest}
    facts = {"by": ("weekday",), "place": 1, "lowest": True, "among": days}
    return _label_of_place(name, population, ranked, absent, facts)


def _label_of_place(
    name: str,
    population: Population,
    ranked: dict[str, int],
    absent: Reason | None,
    facts: dict[str, Any],
) -> Figure:
    by, total = facts["by"][0], sum(ranked.values())
    placed = _drop_missing(population, by, ranked)
    first, place = [*placed][: facts["place"]], facts["place"]
    number = placed[first[-1]] if len(first) == place else None
    unplaced = [ranked[each] for each in ranked.keys() - placed.keys()]
    if first != [*ranked][:place] or number in unplaced:
        facts["among"] = tuple(placed)
    dated = by == "month" and population.register.edition.period.repeats_months
    unit = by if by in ("month", "weekday") and not dated else "label"
    facts |= {"kind": "top", "unit": unit}
    if reason := absent or (None if total and number is not None else NO_ROWS):
        return measures.make_unavailable(name, population, reason, **facts)
    code = first[-1]
    facts |= {"numerator": number, "denominator": total, "code": code}
    facts["tied"] = _list_tied(placed, code)
    value = code if unit == "label" else int(code)
    return Figure(id=name, value=value, population=population.spec, **facts)


def rank(name: str, population: Population, *, by: str, code: str) -> Figure:
    """The place of a code among the codes of its field, 1 for the one with the most rows.

    A code of what is missing takes no place.

    Raises:
        PopulationError: the field has no such code.
    """
    codes = population.register.codes(by)
    if codes is not None and code not in codes:
        close = nearest(code, codes)
        raise PopulationError(f"'{name}': the field '{by}' has no code '{code}'{close}")
    facts: dict[str, Any] = {"kind": "rank", "unit": "rank", "by": (by,), "code": code}
    ranked, absent = _ranking(population, by)
    number = ranked.get(code)
    placed = _drop_missing(population, by, ranked)
    if len(placed) < len(ranked):
        facts["among"] = tuple(placed)
    absent = absent or (None if number else NO_ROWS)
    unplaced = None if code in placed else Reason(code="not_registered", about=by)
    if reason := absent or unplaced:
        return measures.make_unavailable(name, population, reason, **facts)
    facts["tied"] = _list_tied(placed, code)
    place = list(placed).index(code) + 1
    return Figure(id=name, value=place, population=population.spec, numerator=number, **facts)


def same_top(name: str, population: Population, *, by: str, length: int) -> Figure:
    """1 if the first `length` codes are those of the comparison year, in whatever order, else 0.

    All codes that tie for the last place are among the first: no order of codes decides.

    Raises:
        PopulationError: a declared break of the field lies between the two years.
    """
    then = population.previous(by=(by,))
    facts: dict[str, Any] = {"kind": "flag", "unit": "flag", "of": then.spec, "by": (by,)}
    facts["place"] = length
    (ranked, absent), (before, absent_then) = _ranking(population, by), _ranking(then, by)
    placed, placed_then = (_drop_missing(population, by, each) for each in (ranked, before))
    first, first_then = (_list_first(each, length) for each in (placed, placed_then))
    if [first, first_then] != [_list_first(each, length) for each in (ranked, before)]:
        facts["among"] = tuple(dict.fromkeys((*placed, *placed_then)))
    enough = min(len(first), len(first_then)) >= length
    if reason := absent or absent_then or (None if enough else NO_ROWS):
        return measures.make_unavailable(name, population, reason, **facts)
    same = int(first == first_then)
    return Figure(id=name, value=same, population=population.spec, **facts)


def _list_first(ranked: dict[str, int], length: int) -> set[str]:
    """The codes in the first places that have rows, with all that tie for the last of these."""
    numbers = [number for number in ranked.values() if number][:length]
    return {code for code, number in ranked.items() if numbers and number >= numbers[-1]}
