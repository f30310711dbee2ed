"""Count series and cross-tables of a ledger in wider classes: weeks for days, groups for codes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import product

from helpline_report.figures.counting import make_mask
from helpline_report.figures.ledger import ChapterRecord, Ledger
from helpline_report.figures.model import Breakdown, Condition, Figure, Member
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import UNKNOWN

# The first hour of each part of a day; the last one goes on until the first begins.
DAY_PARTS = {"morning": range(6, 12), "afternoon": range(12, 18), "evening_night": range(18, 30)}
DAYS = 7
NEW_FIELDS = {"date": "week", "hour": "day_part"}

Codes = tuple[str, ...]


def wider_classes(register: Register, field: str, into: str | None) -> Mapping[str, Codes]:
    """The codes in each wider class of a field, in order; without `into`, each code is a class.

    `into` is `week`, `day_part`, or `parent`: the parent in the code list.
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
    """The days of each week; a broken week at an end of the period joins the week beside it."""
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

    Series and cross-tables of counts are counted in wider classes; charts by day are drawn by week.
    `merged` names the new figure of each old one, also of those that go into one row (`one_row`).
    """
    wider = _WiderCounts(register, ledger)
    breakdowns = {name: wider.widen(each) for name, each in ledger.breakdowns.items()}
    merged = dict(wider.merged)
    for into, patterns in register.edition.one_row.items():
        for name in ledger.figures if into in ledger.figures else ():
            if name != into and any(fnmatchcase(name, pattern) for pattern in patterns):
                merged[name] = into
    charts = dict(ledger.charts)
    for name, chart in charts.items():
        by_week = chart.breakdown and breakdowns[chart.breakdown].by == ("week",)
        if chart.kind == "daily" and by_week:
            charts[name] = chart.model_copy(update={"kind": "weeks"})
    everything = {
        "breakdowns": breakdowns,
        "charts": charts,
        "figures": {**ledger.figures, **wider.figures},
        "merged": merged,
        "chapters": tuple(_name_merged(chapter, merged) for chapter in ledger.chapters),
    }
    return ledger.model_copy(update=everything)


class _WiderCounts:
    """Counts breakdowns in wider classes.

    `figures` are the new figures, and `merged` names the new figure of each old one.
    """

    def __init__(self, register: Register, ledger: Ledger) -> None:
        self.register, self.ledger = register, ledger
        self.figures: dict[str, Figure] = {}
        self.merged: dict[str, str] = {}

    def widen(self, breakdown: Breakdown) -> Breakdown:
        """The breakdown with wider classes of the fields that the parameters name."""
        edition, spec, fields = self.register.edition, breakdown.population, breakdown.by
        rules = edition.disclosure if spec.table != "traffic" else None
        wider = dict(rules.wider) if rules else {}
        if breakdown.id in edition.by_groups:
            wider[edition.by_groups[breakdown.id]] = "parent"
        if breakdown.kind not in ("count", "share") or wider.keys().isdisjoint(fields):
            return breakdown
        then = self.register.previous
        year = then if then and then.edition.edition == spec.edition else self.register
        figures = {member.codes: member.figure for member in breakdown.members}
        members: list[Member] = []
        axes = [wider_classes(year, field, wider.get(field)).items() for field in fields]
        # A cell of the wider table has a class of each field, with the codes in it.
        for classes in product(*axes):
            names = tuple(name for name, _ in classes)
            old_cells = product(*(codes for _, codes in classes))
            inside = [figures[codes] for codes in old_cells if codes in figures]
            if inside:
                figure = ".".join((breakdown.id, *names))
                pairs = zip(fields, classes, strict=True)
                conditions = [_condition(field, *each) for field, each in pairs]
                self._merge(figure, inside, year, conditions)
                members.append(Member(codes=names, figure=figure))
        by = tuple(NEW_FIELDS.get(each, each) if each in wider else each for each in fields)
        return breakdown.model_copy(update={"by": by, "members": tuple(members)})

    def _merge(
        self, name: str, inside: Sequence[str], year: Register, conditions: Sequence[Condition]
    ) -> None:
        """Count one figure in the place of several; `inside` are their ids."""
        if [*inside] == [name]:
            return
        figures = [self.ledger.figures[each] for each in inside]
        first, fields = figures[0], {condition.field for condition in conditions}
        others = [each for each in first.population.conditions if each.field not in fields]
        sorted_conditions = tuple(sorted((*others, *conditions), key=lambda item: item.field))
        spec = first.population.model_copy(update={"conditions": sorted_conditions})
        self.merged.update((each, name) for each in inside if each != name)
        update: dict[str, object] = {"id": name, "population": spec, "code": None}
        if all(figure.status == "ok" for figure in figures):
            number = int(make_mask(Population(year, spec)).sum())
            whole = first.denominator if first.kind == "share" else None
            value = number / whole * 100 if whole else number
            update |= {"value": value, "numerator": float(number), "interval": None}
        self.figures[name] = first.model_copy(update=update)


def _condition(field: str, code: str, codes: Codes) -> Condition:
    """A condition on all codes of a class; days one after another are written by their ends."""
    if field == "date" and len(codes) > 1:
        return Condition(field=field, codes=codes, terms=(codes[0], codes[-1]), form="between")
    return Condition(field=field, codes=codes, terms=codes if field in NEW_FIELDS else (code,))


def _name_merged(chapter: ChapterRecord, merged: Mapping[str, str]) -> ChapterRecord:
    """The chapter, whose cells name each new figure after those that went into it."""
    cells = []
    for cell in chapter.cells:
        names: dict[str, None] = {}
        for name in cell.figures:
            names |= {name: None, merged.get(name, name): None}
        cells.append(cell.model_copy(update={"figures": tuple(names)}))
    return chapter.model_copy(update={"cells": tuple(cells)})
