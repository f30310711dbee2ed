"""What a figure's value must be, from the numbers of the second count alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from helpline_report.figures.model import Figure, Value

Rows = Sequence[tuple[object, ...]]
Ranked = list[tuple[str, int]]


def value_of(figure: Figure, counted: Mapping[str, Rows], order: Sequence[str]) -> Value | None:
    """The value that the counts give; None where they give none.

    `counted` are the rows of each of the figure's statements, by what they give; `order` the codes
    of the field that a ranking is over, in which ties are decided.
    """
    match figure.kind:
        case "count":
            return _one(counted["count"])
        case "share":
            return _ratio(100 * _one(counted["numerator"]), _one(counted["denominator"]))
        case "change":
            now, then = _one(counted["numerator"]), _one(counted["against"])
            return _ratio(100 * (now - then), then)
        case "mean":
            return _ratio(_one(counted["numerator"]), _one(counted["divisor"]))
        case "rate_ratio":
            return _rate_ratio(counted)
        case "maximum":
            return _one(counted["maximum"])
        case "top":
            return _top(figure, ranked(counted["ranking"], order))
        case "rank":
            return _rank(figure, ranked(counted["ranking"], order))
        case "flag" if figure.by:
            return _same_top(figure, counted, order)
    # What an interval says follows from the counts, which are compared one by one.
    return figure.value


def _one(rows: Rows) -> int:
    """The number of a statement that gives one; an empty sum is no number at all."""
    number = rows[0][0]
    return int(str(number)) if number is not None else 0


def _ratio(above: int, below: int) -> float | None:
    return float(Fraction(above, below)) if below else None


def _rate_ratio(counted: Mapping[str, Rows]) -> float | None:
    now, then = _one(counted["numerator"]), _one(counted["against"])
    days, days_then = _one(counted["observed"]), _one(counted["observed_against"])
    return _ratio(now * days_then, then * days) if days and days_then else None


def ranked(rows: Rows, order: Sequence[str]) -> Ranked:
    """Codes with their counts, most first; ties in the order of the codes."""
    places = {code: place for place, code in enumerate(order)}
    found = [(str(row[0]), int(str(row[1]))) for row in rows]
    return sorted(found, key=lambda item: (-item[1], places.get(item[0], len(places)), item[0]))


def _top(figure: Figure, found: Ranked) -> Value | None:
    if figure.among:
        counts = dict(found)
        found = [(code, counts.get(code, 0)) for code in figure.among]
        found.sort(key=lambda item: item[1] if figure.lowest else -item[1])
    elif figure.lowest:
        found.sort(key=lambda item: item[1])
    place = (figure.place or 1) - 1
    if place >= len(found):
        return None
    code = found[place][0]
    return int(code) if figure.unit in ("month", "weekday") else code


def _rank(figure: Figure, found: Ranked) -> int | None:
    places = {code: place for place, (code, _) in enumerate(found, start=1)}
    return places.get(figure.code or "")


def _same_top(figure: Figure, counted: Mapping[str, Rows], order: Sequence[str]) -> int:
    tops = [
        {code for code, _ in ranked(counted[gives], order)[: figure.place]}
        for gives in ("ranking", "ranking_before")
    ]
    return int(tops[0] == tops[1])
