"""Count in wider classes what is too fine to publish: weeks for days, groups for codes.

Intervals are made again as well: with all their digits they tell how rows hang together.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import product

from helpline_report.figures.counting import mask
from helpline_report.figures.intervals import Z, exact_rate_ratio, wilson
from helpline_report.figures.ledger import ChapterRecord, Ledger
from helpline_report.figures.model import (
    Condition,
    CrosstabCell,
    Figure,
    Interval,
    Member,
    PopulationSpec,
)
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import UNKNOWN

# The first hour of each part of a day; the last one goes on until the first begins.
DAY_PARTS = {"morning": range(6, 12), "afternoon": range(12, 18), "evening_night": range(18, 30)}
DAYS = 7
NEW_FIELDS = {"week": "date", "day_part": "hour"}
# The steps of φ, and the smallest ones of how much more rows in clusters vary than single ones.
STEP = 0.1
# What is left of a number after the rounding of floats.
EXACT = 6

Codes = tuple[str, ...]


def wider_classes(register: Register, field: str, into: str | None) -> Mapping[str, Codes]:
    """The codes in each wider class of a field, in order; without `into`, each code is its own.

    Wider are a `week`, a `day_part`, or a `parent` in the code list.
    """
    if into == "week":
        return _weeks(register)
    if into == "day_part":
        parts = {
            name: tuple(f"{hour % 24:02d}" for hour in hours) for name, hours in DAY_PARTS.items()
        }
        return {**parts, UNKNOWN: (UNKNOWN,)}
    if into is None:
        return {code: (code,) for code in register.codes(field) or ()}
    groups: dict[str, Codes] = {}
    for code in register.codes(field) or ():
        group = register.codelists[field].by_code[code].parent or code
        groups[group] = (*groups.get(group, ()), code)
    return groups


def _weeks(register: Register) -> Mapping[str, Codes]:
    """The weeks of the period from Monday on; a broken one goes with the whole one beside it."""
    weeks: dict[dt.date, list[str]] = {}
    for day in register.edition.period.each_day():
        weeks.setdefault(day - dt.timedelta(days=day.weekday()), []).append(day.isoformat())
    whole = [monday for monday, days in weeks.items() if len(days) == DAYS]
    joined: dict[dt.date, list[str]] = {}
    for monday, days in weeks.items():
        into = min(max(monday, whole[0]), whole[-1]) if whole else monday
        joined.setdefault(into, []).extend(days)
    return {f"{monday:%G-W%V}": tuple(days) for monday, days in joined.items()}


def count_coarser(ledger: Ledger, register: Register) -> Ledger:
    """The ledger with wider classes in place of the fields that the parameters name.

    Series and cross-tables of counts are counted in wider classes, and charts by day are drawn by
    week. A figure of one code has no value any more, and `merged` says which figure it went into;
    so do the figures that go into one row (`one_row`).
    """
    merger = _Merger(register, ledger)
    series, crosstabs, edition = dict(ledger.series), dict(ledger.crosstabs), register.edition
    for name, each in series.items():
        if each.kind in ("count", "share"):
            old: dict[Codes, str] = {(member.code,): member.figure for member in each.members}
            (by,), new = merger.count(name, each.population, (each.by,), old)
            members = tuple(Member(code=code, figure=figure) for (code,), figure in new.items())
            series[name] = each.model_copy(update={"by": by, "members": members})
    for name, table in crosstabs.items():
        old = {(cell.row, cell.column): cell.figure for cell in table.cells}
        (rows, columns), new = merger.count(
            name, table.population, (table.rows, table.columns), old
        )
        cells = tuple(
            CrosstabCell(row=r, column=c, figure=figure) for (r, c), figure in new.items()
        )
        crosstabs[name] = table.model_copy(
            update={"rows": rows, "columns": columns, "cells": cells}
        )
    merged = merger.merged
    for into, patterns in edition.one_row.items():
        names = (name for name in ledger.figures if name != into)
        alike = [name for name in names if any(fnmatchcase(name, each) for each in patterns)]
        merged |= dict.fromkeys(alike, into) if into in ledger.figures else {}
    charts = {
        name: chart.model_copy(update={"kind": "weeks"})
        if chart.kind == "daily" and chart.series and series[chart.series].by == "week"
        else chart
        for name, chart in ledger.charts.items()
    }
    return ledger.model_copy(
        update={
            "series": series,
            "crosstabs": crosstabs,
            "charts": charts,
            "figures": {**ledger.figures, **merger.figures},
            "merged": merged,
            "chapters": tuple(_renamed(chapter, merged) for chapter in ledger.chapters),
        }
    )


def _renamed(chapter: ChapterRecord, merged: Mapping[str, str]) -> ChapterRecord:
    """The chapter, whose cells have the new figures after those that went into them."""

    def with_new(figures: Iterable[str]) -> Codes:
        both = ((name, merged.get(name, name)) for name in figures)
        return tuple(dict.fromkeys(name for pair in both for name in pair))

    cells = [cell.model_copy(update={"figures": with_new(cell.figures)}) for cell in chapter.cells]
    return chapter.model_copy(update={"cells": tuple(cells)})


class _Merger:
    """Counts series and cross-tables in wider classes, and keeps the new figures."""

    def __init__(self, register: Register, ledger: Ledger) -> None:
        self.register = register
        self.ledger = ledger
        self.figures: dict[str, Figure] = {}
        self.merged: dict[str, str] = {}

    def count(
        self, name: str, spec: PopulationSpec, fields: Sequence[str], old: Mapping[Codes, str]
    ) -> tuple[Sequence[str], Mapping[Codes, str]]:
        """The fields and the figures (by their codes) of a breakdown, in wider classes."""
        then, decided = self.register.previous, self.register.edition.disclosure
        year = then if then and then.edition.edition == spec.edition else self.register
        wider = dict(decided.wider) if decided and spec.table != "traffic" else {}
        if name in self.register.edition.by_groups:
            wider[self.register.edition.by_groups[name]] = "parent"
        if wider.keys().isdisjoint(fields):
            return fields, old
        axes = [wider_classes(year, field, wider.get(field)) for field in fields]
        new: dict[Codes, str] = {}
        for classes in product(*(axis.items() for axis in axes)):
            combinations = product(*(codes for _, codes in classes))
            inside = [old[codes] for codes in combinations if codes in old]
            if inside:
                codes = tuple(code for code, _ in classes)
                new[codes] = ".".join((name, *codes))
                pairs = zip(fields, classes, strict=True)
                conditions = [_condition(field, *each) for field, each in pairs]
                self._merge(new[codes], inside, year, conditions)
        names = {source: into for into, source in NEW_FIELDS.items() if source in wider}
        return [names.get(field, field) for field in fields], new

    def _merge(
        self, name: str, inside: Sequence[str], year: Register, conditions: Sequence[Condition]
    ) -> None:
        """One figure in place of several, which says of how many rows it is made."""
        if list(inside) == [name]:
            return
        figures = [self.ledger.figures[each] for each in inside]
        first, fields = figures[0], {each.field for each in conditions}
        others = [each for each in first.population.conditions if each.field not in fields]
        every = tuple(sorted((*others, *conditions), key=lambda item: item.field))
        spec = first.population.model_copy(update={"conditions": every})
        self.merged.update((each, name) for each in inside if each != name)
        update: dict[str, object] = {"id": name, "population": spec, "code": None}
        if all(figure.status == "ok" for figure in figures):
            number = int(mask(Population(year, spec)).sum())
            share = first.kind == "share" and first.denominator
            value = number / share * 100 if share else number
            update |= {"value": value, "numerator": float(number), "interval": None}
        self.figures[name] = first.model_copy(update=update)


def _condition(field: str, code: str, codes: Codes) -> Condition:
    """A condition on all codes of a class; consecutive days and hours are said by their ends."""
    if field == "date" and len(codes) > 1:
        return Condition(field=field, codes=codes, given=(codes[0], codes[-1]), form="between")
    own = codes if field in NEW_FIELDS.values() else (code,)
    return Condition(field=field, codes=codes, given=own)


def coarsen_interval(figure: Figure, threshold: int) -> Figure:
    """The figure with an interval from which nothing follows that its counts don't say.

    An interval with all its digits gives φ away, and how many rows share a contact, as a whole
    number. So φ is rounded up, and so is the design effect, in steps of as many pairs of rows in
    one contact as no small count has. What can't be made so has no interval.
    """
    interval, first, second = figure.interval, figure.numerator, figure.denominator
    if interval is None or first is None or second is None:
        return figure
    phi = interval.dispersion and math.ceil(round(interval.dispersion / STEP, EXACT)) * STEP
    phi = phi and round(phi, 1)
    limits = _limits(figure, interval, (first, second), phi or 1, threshold)
    if limits is None:
        return figure.model_copy(update={"interval": None})
    low, high = limits
    if figure.kind == "change":
        low, high = 100 * (low - 1), 100 * (high - 1)
    coarse = interval.model_copy(update={"low": low, "high": high, "dispersion": phi})
    # A flag says whether the interval lies above 'no difference'.
    value = int(low > 1) if figure.kind == "flag" else figure.value
    return figure.model_copy(update={"interval": coarse, "value": value})


def _limits(
    figure: Figure, interval: Interval, counts: tuple[float, float], phi: float, threshold: int
) -> tuple[float, float] | None:
    """The limits of the interval; those of a change are those of its ratio."""
    first, second = counts
    ends = (interval.low, interval.high)
    if figure.kind == "change":
        ends = (1 + interval.low / 100, 1 + interval.high / 100)
    match interval.method:
        case "wilson":
            return ends
        case "wilson_clustered":
            share = first / second
            # What is left of the product of both limits says how many single rows vary as much.
            sides = [(1 - share, 1 - end / 100) for end in ends]
            if first == second:
                sides = [(share, end / 100) for end in ends]
            inverse = math.prod(exact / end for exact, end in sides)
            effect = second * (inverse - 1) / Z**2
            rows = second / _step_up(effect, min(first, second - first) or second, threshold)
            low, high = wilson(share * rows, rows)
            return 100 * low, 100 * high
        case "exact_conditional":
            if figure.population.table != "contacts" and not min(counts):
                return None
            of = figure.exposure
            exposures = (of.of, of.against or 1) if of else (1.0, 1.0)
            return exact_rate_ratio((first / phi, second / phi), exposures)
    ratio, spread = math.sqrt(ends[0] * ends[1]), math.log(ends[1] / ends[0]) / 2
    if interval.method == "log_normal":
        spread *= math.sqrt(phi / (interval.dispersion or 1))
    else:
        single = 1 / first + 1 / second
        effect = (spread / Z) ** 2 / single
        spread = Z * math.sqrt(_step_up(effect, min(counts), threshold) * single)
    return ratio / math.exp(spread), ratio * math.exp(spread)


def _step_up(effect: float, rows: float, threshold: int) -> float:
    """A design effect, rounded up: each pair of so many rows in one contact adds 2 / rows to it."""
    step = max(STEP, 2 * (threshold + 1) / rows)
    return 1 + step * (math.floor(round((effect - 1) / step, EXACT)) + 1)
