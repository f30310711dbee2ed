"""Codes of a field by how many rows they have: the first, the last, and the place of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpline_report.errors import PopulationError, nearest
from helpline_report.figures.breakdown import breakdown
from helpline_report.figures.measures import unavailable
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.population import Population

Ranking = list[tuple[str, int]]


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

    Raises:
        PopulationError: the place isn't 1 or more.
    """
    if place < 1:
        raise PopulationError(f"'{name}': the first place is 1, and not {place}")
    unit = by if by in ("month", "weekday") else "label"
    made: dict[str, Any] = {"kind": "top", "unit": unit, "by": (by,), "place": place}
    made |= {"lowest": lowest, "among": tuple(among or ())}
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
    known = population.register.codes(by)
    if known is not None and code not in known:
        close = nearest(code, known)
        raise PopulationError(f"'{name}': the field '{by}' has no code '{code}'{close}")
    made: dict[str, Any] = {"kind": "rank", "unit": "rank", "by": (by,), "code": code}
    ranked, absent = ranking(population, by)
    places = {item[0]: index for index, item in enumerate(ranked, start=1)}
    reason = absent or (None if dict(ranked).get(code) else Reason(code="no_rows"))
    if reason:
        return unavailable(name, population, reason, **made)
    number = dict(ranked)[code]
    return Figure(id=name, value=places[code], population=population.spec, numerator=number, **made)


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
