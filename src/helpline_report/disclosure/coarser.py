"""Count in wider classes what is too fine to publish: weeks for days, groups for codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
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
from helpline_report.figures.register import UNKNOWN, Register

# The first hour of each part of a day; the last one goes on until the first begins.
DAY_PARTS = {"morning": 6, "afternoon": 12, "evening_night": 18}
DAYS = 7
NEW_FIELDS = {"week": "date", "day_part": "hour"}


@dataclass(frozen=True)
class Classes:
    """Wider classes of a field, in order: by code, the codes that each holds.

    `field` is the name of the classes, where they aren't groups of the same code list.
    """

    field: str
    codes: Mapping[str, tuple[str, ...]]


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


def _weeks(register: Register) -> dict[str, tuple[str, ...]]:
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


def _day_parts() -> dict[str, tuple[str, ...]]:
    parts: dict[str, list[str]] = {name: [] for name in DAY_PARTS}
    names = list(DAY_PARTS)
    for hour in range(24):
        begun = [name for name in names if DAY_PARTS[name] <= hour]
        parts[begun[-1] if begun else names[-1]].append(f"{hour:02d}")
    return {**{name: tuple(hours) for name, hours in parts.items()}, UNKNOWN: (UNKNOWN,)}


def count_coarser(ledger: Ledger, register: Register, coarser: Mapping[str, str]) -> Ledger:
    """The ledger with wider classes in place of the fields that `coarser` names.

    Series and cross-tables of counts are counted in wider classes, and charts by day are drawn by
    week. A figure of one code has no value any more, and `merged` says which figure it went into.
    """
    ledgers = _Merger(register, coarser)
    series = {name: ledgers.series(each, ledger) for name, each in ledger.series.items()}
    crosstabs = {name: ledgers.crosstab(each, ledger) for name, each in ledger.crosstabs.items()}
    merged = ledgers.merged
    if not merged:
        return ledger
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
            "figures": {**ledger.figures, **ledgers.figures},
            "merged": merged,
            "chapters": tuple(_renamed(chapter, merged) for chapter in ledger.chapters),
        }
    )


def _renamed(chapter: ChapterRecord, merged: Mapping[str, str]) -> ChapterRecord:
    cells = [
        cell.model_copy(
            update={
                "figures": tuple(
                    dict.fromkeys(
                        name
                        for figure in cell.figures
                        for name in (figure, merged.get(figure, figure))
                    )
                )
            }
        )
        for cell in chapter.cells
    ]
    return chapter.model_copy(update={"cells": tuple(cells)})


class _Merger:
    """Counts series and cross-tables in wider classes, and keeps the new figures."""

    def __init__(self, register: Register, coarser: Mapping[str, str]) -> None:
        self.register = register
        self.coarser = coarser
        self.figures: dict[str, Figure] = {}
        self.merged: dict[str, str] = {}

    def series(self, series: Series, ledger: Ledger) -> Series:
        """A series by the wider classes of its field."""
        if not self._applies(series.by, series.population) or series.kind not in ("count", "share"):
            return series
        classes = self._classes(series.by, series.population)
        figures = {member.code: ledger.figures[member.figure] for member in series.members}
        members = []
        for code, codes in classes.codes.items():
            inside = [figures[each] for each in codes if each in figures]
            if inside:
                name = f"{series.id}.{code}"
                self._merge(name, inside, {series.by: (code, codes)})
                members.append(Member(code=code, figure=name))
        return series.model_copy(update={"by": classes.field, "members": tuple(members)})

    def crosstab(self, crosstab: Crosstab, ledger: Ledger) -> Crosstab:
        """A cross-table by the wider classes of its fields."""
        fields = (crosstab.rows, crosstab.columns)
        if not any(self._applies(field, crosstab.population) for field in fields):
            return crosstab
        rows, columns = (self._classes(field, crosstab.population) for field in fields)
        figures = {(c.row, c.column): ledger.figures[c.figure] for c in crosstab.cells}
        cells = []
        for (row, inside_row), (column, inside_column) in product(
            rows.codes.items(), columns.codes.items()
        ):
            inside = [figures[key] for key in product(inside_row, inside_column) if key in figures]
            if inside:
                name = f"{crosstab.id}.{row}.{column}"
                codes = {fields[0]: (row, inside_row), fields[1]: (column, inside_column)}
                self._merge(name, inside, codes)
                cells.append(CrosstabCell(row=row, column=column, figure=name))
        update = {"rows": rows.field, "columns": columns.field, "cells": tuple(cells)}
        return crosstab.model_copy(update=update)

    def _applies(self, field: str, population: PopulationSpec) -> bool:
        return field in self.coarser and population.table != "traffic"

    def _classes(self, field: str, population: PopulationSpec) -> Classes:
        """The wider classes of a field, or its own codes where it isn't to be coarser."""
        if self._applies(field, population):
            return classes_of(self._year(population), field, self.coarser[field])
        codes = self._year(population).codes(field) or ()
        return Classes(field, {code: (code,) for code in codes})

    def _year(self, population: PopulationSpec) -> Register:
        then = self.register.previous
        return then if then and then.edition.edition == population.edition else self.register

    def _merge(
        self, name: str, inside: list[Figure], codes: Mapping[str, tuple[str, tuple[str, ...]]]
    ) -> None:
        """One figure in place of several, which says of how many rows it is made."""
        first = inside[0]
        if len(inside) == 1 and first.id == name:
            return
        spec = first.population
        others = [item for item in spec.conditions if item.field not in codes]
        new = [_condition(field, *codes[field]) for field in codes]
        conditions = tuple(sorted((*others, *new), key=lambda item: item.field))
        spec = spec.model_copy(update={"conditions": conditions})
        self.merged.update({figure.id: name for figure in inside if figure.id != name})
        update: dict[str, object] = {"id": name, "population": spec, "code": None}
        if all(figure.status == "ok" for figure in inside):
            number = int(mask(Population(self._year(spec), spec)).sum())
            value: float = number
            if first.kind == "share" and first.denominator:
                value = number / first.denominator * 100
            update |= {"value": value, "numerator": float(number), "interval": None}
        self.figures[name] = first.model_copy(update=update)


def _condition(field: str, code: str, codes: tuple[str, ...]) -> Condition:
    """A condition on all codes of a class; consecutive days and hours are said by their ends."""
    if field == "date" and len(codes) > 1:
        return Condition(field=field, codes=codes, given=(codes[0], codes[-1]), form="between")
    own = codes if field in NEW_FIELDS.values() else (code,)
    return Condition(field=field, codes=codes, given=own)
