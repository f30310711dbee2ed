"""What was published before, or is beside what is hidden, says of counts: numbers and limits."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from helpline_report.disclosure.count_blocks import ANY, PEOPLE
from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import list_missing_codes, narrow
from helpline_report.figures.counting import make_mask
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count_days
from helpline_report.figures.model import Figure, Key, PopulationSpec, is_protected, make_key
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register, list_years

# Why a figure has no value, where that says of its counts that they are 0.
EMPTY = ("no_rows", "zero_denominator")


@dataclass(frozen=True)
class PublishedRange:
    """What was published before of the count of a population: it is from `low` to `high`.

    A count that was hidden before is from 0 to infinity. With `less`, so many more these are than
    `times` those of another population. What is `assumed` nobody knows: other registers keep to it,
    so that what readers do know, such as a rank, stays true in them. A ratio says the count to who
    knows that of the population `beside` it, and the other way round: it is from `ratio[0]` to
    `ratio[1]` times that one.
    """

    spec: PopulationSpec
    low: float
    high: float
    less: PopulationSpec | None = None
    times: float = 1
    assumed: bool = False
    beside: PopulationSpec | None = None
    ratio: tuple[float, float] = (0, np.inf)


def tells_counts(figure: Figure) -> bool:
    """Whether a figure says counts by its value, or by why it has none."""
    if figure.reason is not None:
        return figure.reason.code in EMPTY
    return figure.status == "ok" and figure.kind != "own"


def read_counts(published: Ledger, register: Register) -> Iterator[PublishedRange]:
    """What a released ledger says of counts, and which of them it hides."""
    of_people = [f for f in published.figures.values() if f.population.table in PEOPLE]
    for figure in of_people:
        if figure.kind == "count" and is_protected(figure):
            yield PublishedRange(figure.population, 0, np.inf)
        if tells_counts(figure):
            for spec, number in _list_numbers(figure, register):
                if spec is not None and number is not None:
                    yield PublishedRange(spec, number, number)
            # It may be of a field that no longer exists.
            with suppress(PopulationError):
                yield from read_order(figure, register)
    tops = [f for f in of_people if f.kind == "top" and f.status == "ok" and not f.lowest]
    for by in sorted({f.by for f in tops}):
        with suppress(PopulationError):
            yield from limit_beside_tops([f for f in tops if f.by == by], register)


def _list_numbers(
    figure: Figure, register: Register
) -> Iterator[tuple[PopulationSpec | None, float | None]]:
    """The counts that a released figure says as numbers: of what, and how many."""
    spec, of, number, whole = figure.population, figure.of, figure.numerator, figure.denominator
    unit = figure.exposure.unit if figure.exposure else ""
    if figure.kind in ("top", "rank"):
        for code in (figure.code, *figure.tied) if figure.code else ():
            yield narrow(spec, figure.by[0], code), 0 if figure.reason else number
        yield None if figure.lowest else spec, whole
    elif figure.kind != "maximum":
        if figure.reason and (unit or figure.kind in ("share", "change")):
            whole = 0
        yield from ((spec, number), (spec.all_contacts() if unit == "contact" else of, whole))
    if figure.exposure is not None and unit == "rest_of_year":
        for side, expected in ((spec, figure.exposure.own), (of, figure.exposure.other)):
            if side is not None and expected is not None:
                # How many rows its own days would have if they were as busy as the others.
                rest, year = make_rest_of_year(side, register), find_register(side, register)
                own, others = (
                    count_days(Population(year, each), "open_day") for each in (side, rest)
                )
                yield rest, round(expected * others / own) if own else None


def read_order(figure: Figure, register: Register) -> Iterator[PublishedRange]:
    """What a maximum, a ranking or a flag says of counts without their numbers.

    Which count is the largest, or which codes are before one, it may not say: it is assumed that
    these are those that they are.
    """
    years = [each.edition.edition for each in list_years(register) if each.dataset.tables]
    sides = [figure.population, *([figure.of] if figure.of and figure.kind == "flag" else [])]
    for spec in (each for each in sides if each.edition in years):
        if figure.kind == "maximum" and figure.status == "ok":
            yield from _limit_by_maximum(figure, register)
        elif figure.kind in ("top", "rank", "flag") and figure.by:
            yield from _compare_codes(figure, spec, register)
        elif figure.kind == "flag":
            number = _count(spec, register)
            yield PublishedRange(spec, number, number, assumed=True)


def _limit_by_maximum(figure: Figure, register: Register) -> Iterator[PublishedRange]:
    """No count is larger than it, and one is as large; which day has so many isn't looked at."""
    is_of_day, most = "date" in figure.by, figure.number
    year = find_register(figure.population, register)
    parts = list_parts(figure.population, figure.by, year)
    for part in parts:
        yield PublishedRange(part, 0, most, assumed=is_of_day)
    if not is_of_day:
        largest = max(parts, key=lambda part: _count(part, register))
        yield PublishedRange(largest, most, most, assumed=True)


def _compare_codes(
    figure: Figure, spec: PopulationSpec, register: Register
) -> Iterator[PublishedRange]:
    """Which codes have more rows than one, fewer or as many: that of a ranking.

    That no other has more than the first is known, and that one with a place has rows. A flag
    compares the first codes of two years: here it is the last of them. Where too few codes have
    rows, those that have none have none.
    """
    by, missing = figure.by[0], list_missing_codes(register, figure.by[0])
    codes = find_register(spec, register).codes(by) or ()
    numbers = {code: _count(narrow(spec, by, code), register) for code in codes}
    if figure.reason is not None:
        for code in (code for code, number in numbers.items() if not number):
            yield PublishedRange(narrow(spec, by, code), 0, 0, assumed=True)
        return
    placed = sorted((c for c in numbers if c not in missing), key=lambda code: -numbers[code])
    last = placed[: figure.place][-1] if figure.kind == "flag" and placed else figure.code
    if last is None or last not in numbers:
        return
    own = narrow(spec, by, last)
    if figure.kind != "flag" and not figure.lowest:
        yield PublishedRange(own, 1, np.inf)
    for code in (each for each in numbers if each != last):
        other, more = narrow(spec, by, code), numbers[code] - numbers[last]
        if figure.kind == "top" and figure.place == 1 and not (figure.lowest or code in missing):
            yield PublishedRange(own, 0, np.inf, less=other)
        elif more == 0:
            yield PublishedRange(own, 0, 0, less=other, assumed=True)
        else:
            larger, smaller = (other, own) if more > 0 else (own, other)
            yield PublishedRange(larger, 1, np.inf, less=smaller, assumed=True)


def _count(spec: PopulationSpec, register: Register) -> int:
    return int(make_mask(Population(find_register(spec, register), spec)).sum())


def limit_beside_tops(tops: Iterable[Figure], register: Register) -> Iterator[PublishedRange]:
    """What tops say of the counts that they don't name: these are smaller.

    Tops of a place behind the first say so where each place before it is named as well. If `among`
    isn't empty, a code of what is missing has more rows than one that is named. If the field has
    one such code only, readers know that its count isn't below the published one.
    """
    named: dict[tuple[Key, str], set[str]] = {}
    for figure in sorted(tops, key=lambda each: each.place or 0):
        spec, by, number = figure.population, figure.by[0], float(figure.numerator or 0)
        first = named.setdefault((make_key(spec), by), set())
        # Those that tie with it are named too.
        first |= {str(figure.code), *figure.tied}
        missing = list_missing_codes(register, by) if figure.among else frozenset[str]()
        of_missing = (number, np.inf) if len(missing) == 1 else ANY
        is_whole = len(first) >= (figure.place or 0)
        for code in (register.codes(by) or ()) if is_whole else ():
            if code not in first:
                low, high = of_missing if code in missing else (0, number - 1)
                yield PublishedRange(narrow(spec, by, code), low, high)


def list_parts(spec: PopulationSpec, by: Sequence[str], register: Register) -> list[PopulationSpec]:
    """The counts by some fields of which a maximum or a top is the largest."""
    parts = [spec]
    for field in by:
        parts = [narrow(p, field, code) for p in parts for code in register.codes(field) or ()]
    return parts


def make_rest_of_year(spec: PopulationSpec, register: Register) -> PopulationSpec:
    """The rows of a population outside its window."""
    period = find_register(spec, register).edition.period
    return spec.update_each(lambda part: {"period": period, "without": part.period})


def find_register(spec: PopulationSpec, register: Register) -> Register:
    """The register of the year that a population is of."""
    then = register.previous
    return then if then and then.edition.edition == spec.edition else register
