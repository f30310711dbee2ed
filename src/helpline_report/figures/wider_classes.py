"""Count series and cross-tables of a ledger in wider classes: weeks for days, groups for codes."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import product

from helpline_report.figures.counting import make_mask
from helpline_report.figures.ledger import ChapterRecord, Ledger
from helpline_report.figures.model import Condition, Figure, Member, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import UNKNOWN

# The first hour of each part of a day; the last one goes on until the first begins.
DAY_PARTS = {"morning": range(6, 12), "afternoon": range(12, 18), "evening_night": range(18, 30)}
DAYS = 7
NEW_FIELDS = {"date": "week", "hour": "day_part"}

Codes = tuple[str, ...]


def wider_classes(register: Register, field: str, into: str | None) -> Mapping[str, Codes]:
    """The codes in each wider class of a field, in order; without `into`, each code is its own.

    Wider are a `week`, a `day_part`, or a `parent` in the code list.
    """
    if into == "week":
        return _weeks(register)
    if into == "day_part":
        hours = {part: tuple(f"{hour % 24:02d}" for hour in DAY_PARTS[part]) for part in DAY_PARTS}
        return {**hours, UNKNOWN: (UNKNOWN,)}
    classes: dict[str, Codes] = {}
    for code in register.codes(field) or ():
        parent = register.codelists[field].by_code[code].parent if into else None
        classes[parent or code] = (*classes.get(parent or code, ()), code)
    return classes


def _weeks(register: Register) -> Mapping[str, Codes]:
    """The weeks of the period from Monday on; a broken one goes with the whole one beside it."""
    weeks: dict[dt.date, Codes] = {}
    for day in register.edition.period.each_day():
        monday = day - dt.timedelta(days=day.weekday())
        weeks[monday] = (*weeks.get(monday, ()), day.isoformat())
    whole = [monday for monday, days in weeks.items() if len(days) == DAYS]
    joined: dict[str, Codes] = {}
    for monday, days in weeks.items():
        name = f"{min(max(monday, whole[0]), whole[-1]) if whole else monday:%G-W%V}"
        joined[name] = (*joined.get(name, ()), *days)
    return joined


def count_coarser(ledger: Ledger, register: Register) -> Ledger:
    """The ledger with wider classes in place of the fields that the parameters name.

    Series and cross-tables of counts are counted in wider classes, and charts by day are drawn by
    week. `merged` says into which figure that of a code went; so do the figures that go into one
    row (`one_row`).
    """
    wider = _WiderCounts(register, ledger)
    breakdowns, charts = dict(ledger.breakdowns), dict(ledger.charts)
    for name, each in ledger.breakdowns.items():
        if each.kind in ("count", "share"):
            old = {member.codes: member.figure for member in each.members}
            by, new = wider.count(name, each.population, each.by, old)
            members = tuple(Member(codes=codes, figure=figure) for codes, figure in new.items())
            breakdowns[name] = each.model_copy(update={"by": by, "members": members})
    merged = dict(wider.merged)
    for into, patterns in register.edition.one_row.items():
        names = [each for each in ledger.figures if each != into and into in ledger.figures]
        alike = (each for each in names if any(fnmatchcase(each, pattern) for pattern in patterns))
        merged |= dict.fromkeys(alike, into)
    for name, chart in charts.items():
        by_week = chart.breakdown and breakdowns[chart.breakdown].by == ("week",)
        if chart.kind == "daily" and by_week:
            charts[name] = chart.model_copy(update={"kind": "weeks"})
    everything = {
        "breakdowns": breakdowns,
        "charts": charts,
        "figures": {**ledger.figures, **wider.figures},
        "merged": merged,
        "chapters": tuple(_renamed(chapter, merged) for chapter in ledger.chapters),
    }
    return ledger.model_copy(update=everything)


class _WiderCounts:
    """Counts breakdowns in wider classes: the new `figures`, and into which each old one went."""

    def __init__(self, register: Register, ledger: Ledger) -> None:
        self.register, self.ledger = register, ledger
        self.figures: dict[str, Figure] = {}
        self.merged: dict[str, str] = {}

    def count(
        self, name: str, spec: PopulationSpec, fields: Codes, old: Mapping[Codes, str]
    ) -> tuple[Codes, Mapping[Codes, str]]:
        """The fields and the figures (by their codes) of a breakdown, in wider classes."""
        then, edition = self.register.previous, self.register.edition
        year = then if then and then.edition.edition == spec.edition else self.register
        decided = edition.disclosure if spec.table != "traffic" else None
        wider = dict(decided.wider) if decided else {}
        if name in edition.by_groups:
            wider[edition.by_groups[name]] = "parent"
        if wider.keys().isdisjoint(fields):
            return fields, old
        axes = [wider_classes(year, field, wider.get(field)).items() for field in fields]
        new: dict[Codes, str] = {}
        for classes in product(*axes):
            inside = [old[each] for each in product(*(c for _, c in classes)) if each in old]
            if inside:
                codes = tuple(code for code, _ in classes)
                new[codes] = ".".join((name, *codes))
                conditions = tuple(map(_condition, fields, *zip(*classes, strict=True)))
                self._merge(new[codes], inside, year, conditions)
        return tuple(NEW_FIELDS.get(each, each) if each in wider else each for each in fields), new

    def _merge(
        self, name: str, inside: Sequence[str], year: Register, conditions: Sequence[Condition]
    ) -> None:
        """One figure in place of several, which says of how many rows it is made."""
        if [*inside] == [name]:
            return
        figures = [self.ledger.figures[each] for each in inside]
        first, fields = figures[0], {each.field for each in conditions}
        others = [each for each in first.population.conditions if each.field not in fields]
        every = tuple(sorted((*others, *conditions), key=lambda item: item.field))
        spec = first.population.model_copy(update={"conditions": every})
        self.merged.update((each, name) for each in inside if each != name)
        update: dict[str, object] = {"id": name, "population": spec, "code": None}
        if all(figure.status == "ok" for figure in figures):
            number = int(make_mask(Population(year, spec)).sum())
            share = first.kind == "share" and first.denominator
            value = number / share * 100 if share else number
            update |= {"value": value, "numerator": float(number), "interval": None}
        self.figures[name] = first.model_copy(update=update)


def _condition(field: str, code: str, codes: Codes) -> Condition:
    """A condition on all codes of a class; consecutive days and hours are said by their ends."""
    if field == "date" and len(codes) > 1:
        return Condition(field=field, codes=codes, terms=(codes[0], codes[-1]), form="between")
    return Condition(field=field, codes=codes, terms=codes if field in NEW_FIELDS else (code,))


def _renamed(chapter: ChapterRecord, merged: Mapping[str, str]) -> ChapterRecord:
    """The chapter, whose cells have the new figures after those that went into them."""

    def with_new(figures: Iterable[str]) -> Codes:
        both = ((name, merged.get(name, name)) for name in figures)
        return tuple(dict.fromkeys(name for pair in both for name in pair))

    cells = [cell.model_copy(update={"figures": with_new(cell.figures)}) for cell in chapter.cells]
    return chapter.model_copy(update={"cells": tuple(cells)})
