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
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import DERIVED, UNKNOWN
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
# The reasons for which a field has no codes at all.
NO_CODES = ("no_field", "no_source", "no_comparison")


def count_codes(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    """Counts by code in the order of the codes, zeros included, or why there are none.

    Codes that didn't exist in the period and a condition on the field itself leave codes out; the
    code 'unknown' of hours and ages stands only where it occurs. A row that may have several codes
    counts under those of the condition alone: the others are rows of another population.

    Raises:
        PopulationError: there is no such field, it belongs to another table, it is the year of age,
            a row may have several codes and the condition leaves some of them out, or small counts
            are hidden and the codes of an open list would say that there are people with each.
    """
    spec, register = population.spec, population.register
    is_traffic, condition = spec.table == "traffic", spec.condition(by)
    _refuse_codes(population, by)
    absent = measures.explain_uncounted(population)
    if absent:
        return {}, absent
    if register.released is not None:
        return register.released.breakdown(spec, by)
    if is_traffic:
        return counting.sum_traffic_by(population, by)
    if not register.gives(spec.table, by):
        return {}, Reason(code="no_field", about=by)
    tally = counting.count_by_code(population, by)
    if condition is not None:
        tally = {code: number for code, number in tally.items() if code in condition.codes}
    elif by in ("month", "date"):
        code_of = register.edition.period.month_code if by == "month" else str
        # In the order of time: of a year from July to June, July comes first.
        in_time = dict.fromkeys(code_of(day) for day in spec.period.each_day())
        tally = {code: tally[code] for code in in_time if code in tally}
    counts = [item for item in tally.items() if item[1] or _may_be_zero(population, by, item[0])]
    return dict(counts), None


def _refuse_codes(population: Population, by: str) -> None:
    spec, register = population.spec, population.register
    condition, is_traffic = spec.condition(by), spec.table == "traffic"
    if not (is_traffic and by in counting.TRAFFIC_DAYS):
        population.refuse_foreign(by)
    if by == "age":
        raise make_error(PopulationError, "year_of_age")
    measures.refuse_open_list(population, by)
    if condition and condition.negated and register.has_several(spec.table, by):
        raise make_error(PopulationError, "some_of_several", field=by)


def _may_be_zero(population: Population, by: str, code: str) -> bool:
    """Whether a code without rows counts as zero, since it could have been registered.

    If small counts are hidden, 'unknown' and other helplines always count. If they were there only
    with people in them, everybody would know that a hidden count of them isn't zero.
    """
    register = population.register
    if by in DERIVED:
        return code != UNKNOWN or register.is_protected
    lines = () if register.is_protected else register.edition.helpline.lines
    if by == "helpline" and lines and code not in lines:
        return False  # it is none of the helplines that the report is about
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
    kind: BreakdownKind = "count",
    make: Callable[[str, Population], Figure] | None = None,
    *,
    absent: Reason | None = None,
) -> BreakdownFigures:
    """A figure for each code of a field; `make` makes it of its id and the rows with the code.

    Without `make` each figure is a count. A field that no source gives has no codes in this
    edition. If nothing can be counted for another reason, each code (but not each day) is a figure
    without a value, since a text may name it.
    """
    register = population.register
    counts, uncounted = count_codes(population, by)
    absent = absent or uncounted
    without_codes = absent if absent and absent.code in NO_CODES else None
    codes = [] if without_codes else list(counts)
    if absent and not without_codes and by != "date":
        condition = population.spec.condition(by)
        codes = [
            code
            for code in register.codes(by) or []
            if _may_be_zero(population, by, code)
            and (condition is None or (code in condition.codes) != condition.negated)
        ]
    has_counts = kind in ("count", "share")
    figures: list[Figure] = []
    for code in codes:
        part = Population(register, narrow(population.spec, by, code), absent)
        facts: dict[str, Any] = {"code": code, "by": (by,)} if has_counts else {"code": code}
        if make is not None or absent:
            figure = (make or measures.count)(f"{name}.{code}", part)
        else:
            figure = measures.count_of(f"{name}.{code}", part.spec, counts[code])
        figures.append(figure.model_copy(update=facts))
    codelist = register.codelists.get(by)
    series = Breakdown(
        id=name,
        by=(by,),
        unit=UNITS[kind],
        kind=kind,
        members=tuple(Member(codes=(str(figure.code),), figure=figure.id) for figure in figures),
        population=population.spec,
        overlapping=register.has_several(population.spec.table, by),
        open=has_counts and codelist is not None and codelist.open,
        reason=without_codes,
    )
    return series, figures


def count_series(name: str, population: Population, by: str) -> BreakdownFigures:
    """Counts by the codes of a field."""
    return make_series(name, population, by)


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
    """A series of the year before, with the codes of the year that it stands beside.

    Only months whose codes have their year differ. A month that the other year lacks is left out.
    """
    series, figures = before
    if series.by != ("month",) or then is now:
        return before
    code_now = {code_then: code for code, code_then in match_months(now, then).items()}
    members, aligned = list[Member](), list[Figure]()
    for member, figure in zip(series.members, figures, strict=True):
        if member.codes[0] in code_now:
            members.append(Member(codes=(code_now[member.codes[0]],), figure=member.figure))
            aligned.append(figure)
    return series.model_copy(update={"members": tuple(members)}), aligned


def crosstab(name: str, population: Population, rows: str, columns: str) -> BreakdownFigures:
    """Counts by two fields, a figure a cell, zeros included; of a released year there are none.

    Raises:
        PopulationError: twice the same field, a field of another table, or no rows to count.
    """
    measures.refuse_traffic(name, population)
    if rows == columns:
        raise PopulationError(f"'{name}': '{rows}' can't be crossed with itself")
    by, spec = (rows, columns), population.spec
    row_counts, absent = count_codes(population, rows)
    column_counts, absent_columns = count_codes(population, columns)
    members, figures = list[Member](), list[Figure]()
    if not (absent or absent_columns or population.register.released is not None):
        tally = counting.count_crossed(population, by)
        for row, column in product(row_counts, column_counts):
            part = narrow(narrow(spec, rows, row), columns, column)
            number = tally.get((row, column), 0)
            figure = measures.count_of(f"{name}.{row}.{column}", part, number, by=by)
            figures.append(figure)
            members.append(Member(codes=(row, column), figure=figure.id))
    return Breakdown(id=name, by=by, members=tuple(members), population=spec), figures


def monthly_mean(name: str, population: Population) -> Figure:
    """The mean of the counts of the months of the period, if all of them are known.

    The users of a year divided by its months are another number: somebody who comes back in another
    month is one user of the year, and one user of each of the two months.
    """
    facts: dict[str, Any] = {"kind": "mean", "unit": "mean", "by": ("month",)}
    tally, absent = count_codes(population, "month")
    total, months = sum(tally.values()), population.spec.period.months
    missing = Reason(code="not_in_source", about=population.noun)
    reason = absent or (missing if len(tally) < months else None)
    if reason:
        return measures.make_unavailable(name, population, reason, **facts)
    facts |= {"numerator": total, "denominator": months}
    facts["exposure"] = Exposure(unit="month", own=months)
    return Figure(id=name, value=total / months, population=population.spec, **facts)


def _rank_codes(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    """Codes with their counts, most first; ties in the order of the code list."""
    tally, absent = count_codes(population, by)
    return dict(sorted(tally.items(), key=lambda item: -item[1])), absent


def list_missing_codes(register: Register, by: str) -> frozenset[str]:
    """The codes of a field that stand for what is missing: they take no place in a ranking."""
    codelist = register.codelists.get(by)
    missing = (each.code for each in codelist.codes if each.missing) if codelist else (UNKNOWN,)
    return frozenset(missing)


def _drop_missing(population: Population, by: str, ranked: dict[str, int]) -> dict[str, int]:
    missing = list_missing_codes(population.register, by)
    return {code: number for code, number in ranked.items() if code not in missing}


def _list_tied(placed: dict[str, int], code: str) -> tuple[str, ...]:
    """The other codes with as many rows as `code`."""
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
    tally, absent = _rank_codes(population, by)
    ranked = {code: number for code, number in tally.items() if number}
    facts = {"by": (by,), "place": place}
    return _label_of_place(name, population, ranked, absent, facts)


def quietest_working_day(name: str, population: Population) -> Figure:
    """The working day of the week with the fewest rows, be it none; of several the earliest."""
    days = tuple(str(day) for day in population.register.edition.calendar.working_days)
    tally, absent = count_codes(population, "weekday")
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
    """The code in a place of a ranking; `ranked` also has the codes of what is missing."""
    by, place, total = facts["by"][0], facts["place"], sum(ranked.values())
    placed = _drop_missing(population, by, ranked)
    first = list(placed)[:place]
    code = first[-1] if len(first) == place else ""
    unplaced = [number for each, number in ranked.items() if each not in placed]
    if first != list(ranked)[:place] or placed.get(code) in unplaced:
        facts["among"] = tuple(placed)
    is_dated = by == "month" and population.register.edition.period.repeats_months
    unit = by if by in ("month", "weekday") and not is_dated else "label"
    facts |= {"kind": "top", "unit": unit}
    reason = absent or (None if total and code else NO_ROWS)
    if reason:
        return measures.make_unavailable(name, population, reason, **facts)
    facts |= {"numerator": placed[code], "denominator": total, "code": code}
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
    ranked, absent = _rank_codes(population, by)
    number = ranked.get(code)
    placed = _drop_missing(population, by, ranked)
    if len(placed) < len(ranked):
        facts["among"] = tuple(placed)
    # Whether it has rows isn't said: that may be what is hidden.
    is_missing = code in list_missing_codes(population.register, by)
    unplaced = Reason(code="not_registered", about=by) if is_missing else None
    reason = absent or unplaced or (None if number else NO_ROWS)
    if reason:
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
    ranked, absent = _rank_codes(population, by)
    ranked_then, absent_then = _rank_codes(then, by)
    placed = _drop_missing(population, by, ranked)
    placed_then = _drop_missing(population, by, ranked_then)
    first, first_then = _list_first(placed, length), _list_first(placed_then, length)
    if first != _list_first(ranked, length) or first_then != _list_first(ranked_then, length):
        facts["among"] = tuple(dict.fromkeys((*placed, *placed_then)))
    is_long_enough = min(len(first), len(first_then)) >= length
    reason = absent or absent_then or (None if is_long_enough else NO_ROWS)
    if reason:
        return measures.make_unavailable(name, population, reason, **facts)
    same = int(first == first_then)
    return Figure(id=name, value=same, population=population.spec, **facts)


def _list_first(ranked: dict[str, int], length: int) -> set[str]:
    """The codes in the first places that have rows, with all that tie for the last of these."""
    numbers = [number for number in ranked.values() if number][:length]
    return {code for code, number in ranked.items() if numbers and number >= numbers[-1]}
