"""Count in wider classes what is too fine to publish: weeks for days, groups for codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product

from helpline_report.figures.counting import mask
from helpline_report.figures.ledger import ChapterRecord, Ledger
from helpline_report.figures.model import (
    Condition,
    Crosstab,
    CrosstabCell,
    Figure,
    Member,
    PopulationSpec,
    Series,
)
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import UNKNOWN

# The first hour of each part of a day; the last one goes on until the first begins.
DAY_PARTS = {"morning": 6, "afternoon": 12, "evening_night": 18}
DAYS = 7
NEW_FIELDS = {"week": "date", "day_part": "hour"}

Codes = tuple[str, ...]


@dataclass(frozen=True)
class Classes:
    """Wider classes of a field, in order: by code, the codes that each holds.

    `field` is the name of the classes, where they aren't groups of the same code list.
    """

    field: str
    codes: Mapping[str, Codes]


def classes_of(register: Register, field: str, into: str) -> Classes:
    """The wider classes of a field: `week`, `day_part`, or `parent` for groups of its code list."""
    if into == "week":
        return Classes("week", _weeks(register))
    if into == "day_part":
        return Classes("day_part", _day_parts())
    groups: dict[str, list[str]] = {}
    for code in register.codelists[field].codes:
        groups.setdefault(code.parent or code.code, []).append(code.code)
    return Classes(field, {code: tuple(members) for code, members in groups.items()})


def _weeks(register: Register) -> dict[str, Codes]:
    """The weeks of the period from Monday on; a broken one goes with the whole one beside it."""
    weeks: dict[dt.date, list[str]] = {}
    for day in register.edition.period.each_day():
        weeks.setdefault(day - dt.timedelta(days=day.weekday()), []).append(day.isoformat())
    broken = [monday for monday, days in weeks.items() if len(days) < DAYS]
    mondays = list(weeks)
    for monday in broken if len(weeks) > len(broken) else ():
        days = weeks.pop(monday)
        first, last = mondays[1], mondays[-2]
        if monday == mondays[0]:
            weeks[first] = days + weeks[first]
        else:
            weeks[last] += days
    return {f"{monday:%G-W%V}": tuple(days) for monday, days in sorted(weeks.items())}


def _day_parts() -> dict[str, Codes]:
    parts: dict[str, list[str]] = {name: [] for name in DAY_PARTS}
    names = list(DAY_PARTS)
    for hour in range(24):
        begun = [name for name in names if DAY_PARTS[name] <= hour]
        parts[begun[-1] if begun else names[-1]].append(f"{hour:02d}")
    return {**{name: tuple(hours) for name, hours in parts.items()}, UNKNOWN: (UNKNOWN,)}


def count_coarser(ledger: Ledger, register: Register) -> Ledger:
    """The ledger with wider classes in place of the fields that the parameters name.

    Series and cross-tables of counts are counted in wider classes, and charts by day are drawn by
    week. A figure of one code has no value any more, and `merged` says which figure it went into;
    so are the figures that go into one row (`one_row`).
    """
    merger = _Merger(register, ledger)
    series = {name: merger.series(each) for name, each in ledger.series.items()}
    crosstabs = {name: merger.crosstab(each) for name, each in ledger.crosstabs.items()}
    merged = merger.merged
    for into, patterns in register.edition.one_row.items():
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

    def series(self, series: Series) -> Series:
        """A series by the wider classes of its field."""
        if series.kind not in ("count", "share"):
            return series
        old: dict[Codes, str] = {(member.code,): member.figure for member in series.members}
        fields, new = self._count(series.id, series.population, (series.by,), old)
        members = tuple(Member(code=code, figure=name) for (code,), name in new.items())
        return series.model_copy(update={"by": fields[0], "members": members})

    def crosstab(self, table: Crosstab) -> Crosstab:
        """A cross-table by the wider classes of its fields."""
        old: dict[Codes, str] = {(cell.row, cell.column): cell.figure for cell in table.cells}
        fields, new = self._count(table.id, table.population, (table.rows, table.columns), old)
        cells = tuple(CrosstabCell(row=r, column=c, figure=name) for (r, c), name in new.items())
        return table.model_copy(update={"rows": fields[0], "columns": fields[1], "cells": cells})

    def _count(
        self, name: str, spec: PopulationSpec, fields: Sequence[str], old: Mapping[Codes, str]
    ) -> tuple[Sequence[str], Mapping[Codes, str]]:
        """The fields and the figures (by their codes) of a breakdown, in wider classes."""
        then, decided = self.register.previous, self.register.edition.disclosure
        year = then if then and then.edition.edition == spec.edition else self.register
        wider = decided.wider if decided and spec.table != "traffic" else {}
        if wider.keys().isdisjoint(fields):
            return fields, old
        axes = [
            classes_of(year, field, wider[field])
            if field in wider
            else Classes(field, {code: (code,) for code in year.codes(field) or ()})
            for field in fields
        ]
        new: dict[Codes, str] = {}
        for classes in product(*(axis.codes.items() for axis in axes)):
            inside = [
                old[codes] for codes in product(*(each for _, each in classes)) if codes in old
            ]
            if inside:
                code = tuple(code for code, _ in classes)
                new[code] = ".".join((name, *code))
                conditions = [_condition(*each) for each in zip(fields, classes, strict=True)]
                self._merge(new[code], inside, year, conditions)
        return [axis.field for axis in axes], new

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


def _condition(field: str, wider: tuple[str, Codes]) -> Condition:
    """A condition on all codes of a class; consecutive days and hours are said by their ends."""
    code, codes = wider
    if field == "date" and len(codes) > 1:
        return Condition(field=field, codes=codes, given=(codes[0], codes[-1]), form="between")
    own = codes if field in NEW_FIELDS.values() else (code,)
    return Condition(field=field, codes=codes, given=own)
