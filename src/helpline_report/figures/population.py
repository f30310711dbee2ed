"""A population: what is counted, built up from conditions that are kept as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.arguments import Wanted, hint, make_condition
from helpline_report.figures.counting import explore_rows
from helpline_report.figures.model import Condition, Noun, PopulationSpec, Reason
from helpline_report.figures.register import NOUN_TABLES, Register, is_above
from helpline_report.parameters.edition import Break
from helpline_report.parameters.values import Period
from helpline_report.parameters.yaml import make_error


@dataclass(frozen=True, eq=False)
class Population:
    """Rows of one table of one register, by conditions.

    `absent` is why it can't be counted, if no source gives its table or one of its fields.
    """

    register: Register
    spec: PopulationSpec
    absent: Reason | None = None

    @classmethod
    def whole(cls, register: Register, noun: str) -> Population:
        """All contacts, persons, follow-ups, users, page views or sessions of the period.

        Raises:
            PopulationError: there is no such population.
        """
        if noun not in NOUN_TABLES:
            close = hint(str(noun), list(NOUN_TABLES))
            raise PopulationError(f"there is no population '{noun}'{close}")
        table, edition = NOUN_TABLES[noun], register.edition
        facts = {"table": table, "noun": noun, "edition": edition.edition, "period": edition.period}
        absent = None if register.holds(table) else Reason(code="no_source", about=table)
        return cls(register, PopulationSpec.model_validate(facts), absent)

    @property
    def noun(self) -> Noun:
        """What is counted."""
        return self.spec.noun

    def where(self, *unnamed: object, **conditions: Wanted) -> Population:
        """The rows that meet a condition on each named field.

        A condition is a code, a list of codes (one of which applies), `range(18, 26)`,
        `between(low, high)`, what the code list marks (`known`, `named`, `missing`) or `not_(…)`.

        Raises:
            PopulationError: an unknown field or code, a field of a lower table, or a condition that
                names no field.
        """
        if unnamed:
            raise make_error(PopulationError, "unnamed_condition", noun=self.noun)
        named, absent = {each.field: each for each in self.spec.conditions}, self.absent
        for field, wanted in conditions.items():
            self.refuse_foreign(field)
            if field in named:
                raise make_error(PopulationError, "second_condition", field=field)
            named[field] = make_condition(self.register, field, wanted)
            if not self.register.gives(self.spec.table, field):
                absent = absent or Reason(code="no_field", about=field)
        update = {"conditions": tuple(named[field] for field in sorted(named))}
        return replace(self, spec=self.spec.model_copy(update=update), absent=absent)

    def refuse_foreign(self, field: str) -> None:
        """Refuse a field that belongs neither to the table of this population nor to one above it.

        Raises:
            PopulationError: there is no such field, or it belongs to another table.
        """
        owner, table = self.register.field_table(field), self.spec.table
        if is_above(owner, table):
            return
        if is_above(table, owner):
            names = {"field": field, "owner": owner, "table": table, "noun": self.noun}
            raise make_error(PopulationError, "field_below", **names)
        raise PopulationError(
            f"'{field}' is a field of {owner}, and the rows of {table} don't hang on {owner}"
        )

    def having(self, lower: Population) -> Population:
        """The rows on which at least one row of `lower` hangs.

        Raises:
            PopulationError: `lower` doesn't hang on this table, or is of another period.
        """
        spec, table = self.spec, lower.spec.table
        if spec.table == table or not is_above(spec.table, table):
            raise PopulationError(f"{table} don't hang on {spec.table}")
        if self.register is not lower.register or spec.period != lower.spec.period:
            raise PopulationError("both sides of 'having' are of one edition and one period")
        spec = spec.model_copy(update={"having": (*spec.having, lower.spec)})
        return replace(self, spec=spec, absent=self.absent or lower.absent)

    def during(self, start: dt.date, end: dt.date) -> Population:
        """The rows of a window of the period.

        Raises:
            PopulationError: the window doesn't lie in the period.
        """
        window = Period(start=start, end=end)
        if not window.within(self.register.edition.period):
            raise PopulationError(f"{start} to {end} doesn't lie in the period of the edition")
        return replace(self, spec=self.spec.update_each(lambda _: {"period": window}))

    def fields(self) -> set[str]:
        """Every field that a condition names, at any depth."""
        return {field for spec in self.spec.list_nested() for field in spec.fields}

    def previous(self, *bridge: str, by: Sequence[str] = ()) -> Population:
        """The same population in the comparison year.

        `bridge` names the declared breaks between the years that this comparison may cross; other
        names do no harm. `by` names fields over which it will be broken down.

        Raises:
            PopulationError: a break is crossed without being named, or can't be bridged.
        """
        now, then = self.register, self.register.previous
        if then is None:
            return replace(self, absent=self.absent or Reason(code="no_comparison"))
        crossed = find_crossed_breaks(self, by)
        unbridged = [item for item in crossed if item.id not in bridge]
        if unbridged:
            notes = [f"'{e.id}' ({e.date}: {e.note.in_language('en')})" for e in unbridged]
            ids = ", ".join(f'"{item.id}"' for item in crossed)
            raise make_error(PopulationError, "crossed_break", breaks=", ".join(notes), ids=ids)
        spec = _move_to_year(self.spec, now, then)
        absent = self._explain_absent(then, spec, crossed)
        for item in crossed:
            spec = _bridge_break(spec, item, by)
        return Population(then, spec, absent)

    def _explain_absent(
        self, then: Register, spec: PopulationSpec, crossed: Sequence[Break]
    ) -> Reason | None:
        """Why this population, moved to the comparison year, can't be counted there; else None."""
        if not then.holds(spec.table):
            return Reason(code="no_source", about=spec.table)
        for field in sorted(self.fields()):
            table = spec.table if spec.table == "traffic" else then.field_table(field)
            if not then.gives(table, field):
                return Reason(code="no_field", about=field)
        for item in crossed:
            if item.kind == "starts" and item.date > spec.period.end:
                return Reason(code="break", about=item.id)
        return None

    @property
    def df(self) -> pd.DataFrame:
        """The rows of the population, to explore them: never published, whatever is done with it.

        Returns:
            A row a row of the register, with the fields of its table and of those above it: codes
            as categories in the order of the code list, `form:physical` (bool) for each code of a
            field that a row may have several codes of, `date` (datetime64), `hour` and `age`
            (Int16, missing where unknown), `month`, `weekday` and `age_class`. No keys. For
            website traffic: the rows of the reports, with `value`.

        Raises:
            PopulationError: no source gives these rows.
        """
        return explore_rows(self)

    def is_part_of(self, whole: Population) -> bool:
        """Whether every row of this population is, by its conditions, a row of `whole`."""
        spec, other = self.spec, whole.spec
        counts = [(each.noun, each.period, each.without) for each in (spec, other)]
        same = self.register is whole.register and counts[0] == counts[1]
        return same and _is_narrower(self.register, spec, other)

    def __repr__(self) -> str:
        return describe(self.spec)


def _is_narrower(register: Register, part: PopulationSpec, whole: PopulationSpec) -> bool:
    """Whether the conditions of a part imply those of the whole."""
    for condition in whole.conditions:
        of_part = part.condition(condition.field)
        if of_part is None or not set(of_part.codes) <= set(condition.codes):
            return False
        # A row may have a code of the part beside one that the whole leaves out.
        several = register.has_several(whole.table, condition.field)
        if condition.negated and not of_part.negated and several:
            return False
    return all(
        any(
            each.table == lower.table and _is_narrower(register, each, lower)
            for each in part.having
        )
        for lower in whole.having
    )


def describe(spec: PopulationSpec) -> str:
    """A population as short code, for messages: `persons where problem=child_abuse`."""
    parts = []
    for condition in spec.conditions:
        codes = ("–" if condition.form == "between" else "|").join(condition.terms)
        parts.append(f"{condition.field}={'not ' if condition.negated else ''}{codes}")
    parts += [f"having ({describe(lower)})" for lower in spec.having]
    text = spec.noun + (f" where {', '.join(parts)}" if parts else "")
    days = f"{spec.period.start} – {spec.period.end}"
    if spec.without is not None:
        days += f" without {spec.without.start} – {spec.without.end}"
    return f"{text} [{days}]"


# The comparison year


def find_crossed_breaks(population: Population, by: Sequence[str] = ()) -> list[Break]:
    """The breaks of fields that lie between this population and its comparison year."""
    now, then = population.register, population.register.previous
    if then is None:
        return []
    start = _move_to_year(population.spec, now, then).period.start
    breaks = _breaks_between(population, start, population.spec.period.end, by)
    return [item for item in breaks if item.kind != "revision"]


def list_breaks(now: Population, then: Population) -> tuple[str, ...]:
    """The ids of all breaks, bridged ones and revisions, that lie between two populations."""
    if then.absent:
        return ()
    specs = [now.spec, then.spec]
    if then.register is now.register.previous:
        specs.append(_move_to_year(now.spec, now.register, then.register))
    start, end = (min(s.period.start for s in specs), max(s.period.end for s in specs))
    breaks = _breaks_between(now, start, end)
    return tuple(item.id for item in sorted(breaks, key=lambda item: item.kind == "revision"))


def _breaks_between(
    population: Population, start: dt.date, end: dt.date, by: Sequence[str] = ()
) -> list[Break]:
    """The breaks on these days, of either year, that concern a field or table of a population."""
    now, then = population.register.edition, population.register.previous
    declared = {item.id: item for item in now.breaks}
    for item in then.edition.breaks if then else ():
        declared.setdefault(item.id, item)
    fields = population.fields() | set(by)
    tables = {spec.table for spec in population.spec.list_nested()}

    def concerns(item: Break) -> bool:
        of_system = item.field is None or item.kind == "revision"
        return item.field in fields or (of_system and not tables.isdisjoint(item.tables))

    return [each for each in declared.values() if start < each.date <= end and concerns(each)]


def _move_to_year(spec: PopulationSpec, now: Register, then: Register) -> PopulationSpec:
    """A population moved to the other year: the whole period, or the same days of it."""
    period, other = now.edition.period, then.edition.period
    years = period.years_to(other)

    def move(days: Period) -> Period:
        return Period(start=_same_day(days.start, years), end=_same_day(days.end, years))

    def change(part: PopulationSpec) -> dict[str, Any]:
        return {
            "edition": then.edition.edition,
            "period": other if part.period == period else move(part.period),
            "without": part.without and move(part.without),
            "conditions": tuple(_move_condition(each, now, then) for each in part.conditions),
        }

    return spec.update_each(change)


def match_months(now: Register, then: Register) -> dict[str, str]:
    """The code of a month in the other year by its code in this year, for months of both."""
    period, other = now.edition.period, then.edition.period
    if not (period.repeats_months or other.repeats_months):
        return {code: code for code in now.codes("month") or ()}
    years = period.years_to(other)
    codes = {(day.year - years, day.month): other.month_code(day) for day in other.each_day()}
    days = {(day.year, day.month): period.month_code(day) for day in period.each_day()}
    return {code: codes[month] for month, code in days.items() if month in codes}


def _move_condition(condition: Condition, now: Register, then: Register) -> Condition:
    """A condition on days or months, moved to the other year; a span has that year's leap day."""
    years = now.edition.period.years_to(then.edition.period)

    def move(codes: Sequence[str]) -> list[str]:
        return [
            code and _same_day(dt.date.fromisoformat(code), years).isoformat() for code in codes
        ]

    update: dict[str, Any] = {}
    if condition.field == "month":
        pairs = match_months(now, then)
        if any(code != other for code, other in pairs.items()):
            codes = tuple(pairs[code] for code in condition.codes if code in pairs)
            update = {"codes": codes, "terms": codes, "form": "codes", "negated": False}
    elif condition.field == "date" and condition.form == "codes" and not condition.negated:
        codes = tuple(dict.fromkeys(move(condition.codes)))
        update = {"codes": codes, "terms": codes}
    elif condition.field == "date":
        days, terms = then.codes("date") or [], move(condition.terms)
        wanted = set(terms)
        if condition.form == "between":
            low, high = terms
            wanted = {day for day in days if (low or day) <= day <= (high or day)}
        codes = tuple(day for day in days if (day in wanted) != condition.negated)
        update = {"codes": codes, "terms": tuple(terms)}
    return condition.model_copy(update=update)


def _same_day(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _bridge_break(spec: PopulationSpec, item: Break, by: Sequence[str]) -> PopulationSpec:
    """A population of the comparison year, carried across a break."""
    if item.kind == "starts":
        start = max(spec.period.start, min(item.date, spec.period.end))
        return spec.update_each(lambda part: {"period": Period(start=start, end=part.period.end)})
    if item.field in by:
        names = {"field": item.field, "id": item.id, "old": item.old, "new": ", ".join(item.new)}
        raise make_error(PopulationError, "code_by_code", **names)
    return spec.update_each(
        lambda part: {"conditions": tuple(_old_condition(each, item) for each in part.conditions)}
    )


def _old_condition(condition: Condition, item: Break) -> Condition:
    """A condition with the old code of a break in the place of all codes that it became."""
    if condition.field != item.field or item.old is None:
        return condition
    parts, codes = set(item.new) & set(condition.codes), condition.codes
    if parts and parts != set(item.new):
        codes_alone, new = ", ".join(sorted(parts)), ", ".join(item.new)
        about = {"id": item.id, "date": item.date, "old": item.old}
        raise make_error(PopulationError, "part_of_code", parts=codes_alone, new=new, **about)
    others = tuple(code for code in codes if code not in {item.old, *parts})
    if parts:
        codes = (item.old, *others)
        terms = condition.terms if condition.negated else codes
    elif condition.negated and item.old in codes:
        # Where all parts of an old code are left out, the old code is left out as well.
        codes, terms = others, (*condition.terms, item.old)
    else:
        return condition
    return condition.model_copy(update={"codes": codes, "terms": terms})
