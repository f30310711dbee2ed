"""A population: what is counted, built up from conditions that are kept as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.conditions import Wanted, hint, make_condition
from helpline_report.figures.counting import mask, rows_frame, table_of
from helpline_report.figures.model import Condition, Noun, PopulationSpec, Reason
from helpline_report.figures.register import NOUN_TABLES, Register, is_above
from helpline_report.figures.traffic import traffic_rows
from helpline_report.parameters.edition import Break
from helpline_report.parameters.values import Period

TableName = Literal["contacts", "persons", "followups", "traffic"]


@dataclass(frozen=True, eq=False)
class Population:
    """Rows of one table of one register, by conditions.

    `absent` says why it can't be counted at all: no source gives its table or one of its fields.
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
            known = list(NOUN_TABLES)
            raise PopulationError(f"there is no population '{noun}'{hint(str(noun), known)}")
        table = NOUN_TABLES[noun]
        spec = PopulationSpec.model_validate(
            {
                "table": table,
                "noun": noun,
                "edition": register.edition.edition,
                "period": register.edition.period,
            }
        )
        absent = None if register.holds(table) else Reason(code="no_source", about=table)
        return cls(register, spec, absent)

    @property
    def noun(self) -> Noun:
        """What is counted."""
        return self.spec.noun

    def where(self, *unnamed: object, **conditions: Wanted) -> Population:
        """The rows that meet a condition on each named field.

        A condition is a code, a list of codes (one of which applies), `range(18, 26)`,
        `between(low, high)` or `not_(…)`.

        Raises:
            PopulationError: an unknown field or code, a field of a lower table, or a condition that
                names no field.
        """
        if unnamed:
            raise PopulationError(
                "a condition names its field", next_step=f"say {self.noun}.where(field='code')"
            )
        population = self
        for field, wanted in conditions.items():
            population = population._where(field, wanted)
        return population

    def _where(self, field: str, wanted: Wanted) -> Population:
        self.refuse_foreign(field)
        if self.spec.condition(field):
            raise PopulationError(
                f"the field '{field}' has a condition already",
                next_step="give all codes in one condition, as a list",
            )
        condition = make_condition(self.register, field, wanted)
        conditions = sorted((*self.spec.conditions, condition), key=lambda item: item.field)
        spec = self.spec.model_copy(update={"conditions": tuple(conditions)})
        return replace(self, spec=spec, absent=self.absent or self._missing_field(field))

    def refuse_foreign(self, field: str) -> None:
        """Refuse a field that the rows of this population haven't one of.

        Raises:
            PopulationError: there is no such field, or it belongs to another table.
        """
        owner, table = self.register.field_table(field), self.spec.table
        if is_above(owner, table):
            return
        if is_above(table, owner):
            raise PopulationError(
                f"'{field}' is a field of {owner}, not of {table}: "
                f"a row of {table} may have several",
                next_step=f"count {owner}, or say {self.noun}.having({owner}.where({field}=…))",
            )
        raise PopulationError(
            f"'{field}' is a field of {owner}, and the rows of {table} don't hang on {owner}"
        )

    def _missing_field(self, field: str) -> Reason | None:
        if self.absent or self.register.gives(self.spec.table, field):
            return None
        return Reason(code="no_field", about=field)

    def having(self, lower: Population) -> Population:
        """The rows on which at least one row of `lower` hangs.

        Raises:
            PopulationError: `lower` doesn't hang on this table, or is of another period.
        """
        mine, theirs = self.spec, lower.spec
        if mine.table == theirs.table or not is_above(mine.table, theirs.table):
            raise PopulationError(f"{theirs.table} don't hang on {mine.table}")
        if self.register is not lower.register or mine.period != theirs.period:
            raise PopulationError("both sides of 'having' are of one edition and one period")
        spec = mine.model_copy(update={"having": (*mine.having, theirs)})
        return replace(self, spec=spec, absent=self.absent or lower.absent)

    def during(self, start: dt.date, end: dt.date, without: Period | None = None) -> Population:
        """The rows of a window of the period, less the days of `without`.

        Raises:
            PopulationError: the window doesn't lie in the period.
        """
        window = Period(start=start, end=end)
        if not window.within(self.register.edition.period):
            raise PopulationError(f"{start} to {end} doesn't lie in the period of the edition")
        if without is not None and not without.within(window):
            raise PopulationError(
                f"{without.start} to {without.end} can't be left out: "
                f"it doesn't lie in {start} to {end}"
            )
        return replace(self, spec=_in_window(self.spec, window, without))

    def fields(self) -> set[str]:
        """Every field that a condition names, at any depth."""
        return _fields(self.spec)

    def previous(self, *bridge: str, by: Sequence[str] = ()) -> Population:
        """The same population in the comparison year.

        `bridge` names the declared breaks that lie between the years and that this comparison is
        carried across; `by` names fields over which it will be broken down.

        Raises:
            PopulationError: a break is crossed without being named, or can't be bridged.
        """
        return previous(self, bridge, by)

    @property
    def df(self) -> pd.DataFrame:
        """The rows of the population, to explore them: never published, whatever is done with it.

        Returns:
            A row a row of the register, with the fields of its table and of those above it: codes
            as categories in the order of the code list, `form:physical` (bool) for each code of a
            field that a row may have several codes of, `date` (datetime64), `hour` and `age`
            (Int16, missing where unknown), `month`, `weekday` and `age_class`. No keys. Of website
            traffic: the rows of the reports, with `value`.

        Raises:
            PopulationError: no source gives these rows.
        """
        if self.spec.table == "traffic":
            return traffic_rows(self)
        table = table_of(self)
        return rows_frame(self.register, table)[mask(self)].reset_index(drop=True)

    def is_part_of(self, whole: Population) -> bool:
        """Whether every row of this population is, by its conditions, a row of `whole`."""
        mine, theirs = self.spec, whole.spec
        same = mine.table == theirs.table and mine.noun == theirs.noun
        if not same or self.register is not whole.register or mine.period != theirs.period:
            return False
        return mine.without == theirs.without and _narrower(self.register, mine, theirs)

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415

        return f"<code>{escape(describe(self.spec))}</code>"


def _fields(spec: PopulationSpec) -> set[str]:
    fields = {condition.field for condition in spec.conditions}
    return fields.union(*(_fields(lower) for lower in spec.having))


def _in_window(spec: PopulationSpec, window: Period, without: Period | None) -> PopulationSpec:
    having = tuple(_in_window(lower, window, without) for lower in spec.having)
    return spec.model_copy(update={"period": window, "without": without, "having": having})


def _narrower(register: Register, mine: PopulationSpec, theirs: PopulationSpec) -> bool:
    for condition in theirs.conditions:
        own = mine.condition(condition.field)
        if own is None or not set(own.codes) <= set(condition.codes):
            return False
        # A row may have a code that is asked for beside one that is left out.
        several = register.has_several(theirs.table, condition.field)
        if condition.negated and not own.negated and several:
            return False
    return all(
        any(own.table == lower.table and _narrower(register, own, lower) for own in mine.having)
        for lower in theirs.having
    )


def describe(spec: PopulationSpec) -> str:
    """A population as short code, for messages: `persons where problem=child_abuse`."""
    parts = [f"{c.field}={written(c)}" for c in spec.conditions]
    parts += [f"having ({describe(lower)})" for lower in spec.having]
    text = spec.noun + (f" where {', '.join(parts)}" if parts else "")
    return f"{text} [{spec.period.start} – {spec.period.end}]"


def written(condition: Condition) -> str:
    """A condition as short code: `phone|email`, `18–25`, `not phone`."""
    codes = ("–" if condition.form == "between" else "|").join(condition.given)
    return f"not {codes}" if condition.negated else codes


def previous(population: Population, bridge: Sequence[str], by: Sequence[str]) -> Population:
    """See `Population.previous`."""
    now = population.register
    then = now.previous
    if then is None:
        return replace(population, absent=population.absent or Reason(code="no_comparison"))
    crossed = crossed_breaks(population, by)
    _all_named(crossed, bridge)
    spec = shifted = _shifted(population.spec, now, then)
    for item in crossed:
        spec = _bridged(spec, item, by)
    absent = _absence(population, spec, then)
    late = next((b for b in crossed if b.kind == "starts" and b.date > shifted.period.end), None)
    if late is not None:
        absent = absent or Reason(code="break", about=late.id)
    return replace(population, register=then, spec=spec, absent=absent)


def crossed_breaks(population: Population, by: Sequence[str] = ()) -> list[Break]:
    """The breaks of fields that lie between this population and its comparison year."""
    now, then = population.register, population.register.previous
    if then is None:
        return []
    start = _shifted(population.spec, now, then).period.start
    return [
        item
        for item in _between(now, start, population.spec.period.end)
        if item.kind != "revision" and _touches(item, population, by)
    ]


def noted(now: Population, then: Population) -> tuple[str, ...]:
    """The ids of all breaks, bridged ones and revisions, that lie between two populations."""
    if then.absent:
        return ()
    start = min(now.spec.period.start, then.spec.period.start)
    if then.register is now.register.previous:
        start = min(start, _shifted(now.spec, now.register, then.register).period.start)
    end = max(now.spec.period.end, then.spec.period.end)
    breaks = [item for item in _between(now.register, start, end) if _touches(item, now)]
    return tuple(item.id for item in sorted(breaks, key=lambda item: item.kind == "revision"))


def _between(now: Register, start: dt.date, end: dt.date) -> list[Break]:
    """The breaks of these days that the edition declares, or the one it is compared with."""
    declared = {item.id: item for item in now.edition.breaks}
    for item in now.previous.edition.breaks if now.previous else ():
        declared.setdefault(item.id, item)
    return [item for item in declared.values() if start < item.date <= end]


def _touches(item: Break, population: Population, by: Sequence[str] = ()) -> bool:
    """Whether a break is one of a field, or else of a table, that the population is made of."""
    if item.field is not None and item.field in population.fields() | set(by):
        return True
    whole = item.field is None or item.kind == "revision"
    return whole and not set(item.tables).isdisjoint(_tables(population.spec))


def _tables(spec: PopulationSpec) -> set[str]:
    return {spec.table}.union(*(_tables(lower) for lower in spec.having))


def _all_named(crossed: list[Break], bridge: Sequence[str]) -> None:
    """A bridge is a permission: naming a break that another edition declares does no harm."""
    unnamed = [item for item in crossed if item.id not in bridge]
    if unnamed:
        names = ", ".join(
            f"'{item.id}' ({item.date}: {item.note.in_language('en')})" for item in unnamed
        )
        ids = ", ".join(f'"{item.id}"' for item in crossed)
        raise PopulationError(
            f"the comparison crosses a declared break: {names}",
            next_step=f"say that it is bridged: chapter.previous(…, bridge=[{ids}]), "
            "or don't compare",
        )


def _shifted(spec: PopulationSpec, now: Register, then: Register) -> PopulationSpec:
    whole = spec.period == now.edition.period
    years = now.edition.period.years_to(then.edition.period)
    period = then.edition.period if whole else _other_year(spec.period, years)
    without = _other_year(spec.without, years) if spec.without else None
    return spec.model_copy(
        update={
            "edition": then.edition.edition,
            "period": period,
            "without": without,
            "conditions": tuple(_same_time(each, now, then) for each in spec.conditions),
            "having": tuple(_shifted(lower, now, then) for lower in spec.having),
        }
    )


def _other_year(period: Period, years: int) -> Period:
    return Period(start=_same_day(period.start, years), end=_same_day(period.end, years))


def months_before(now: Register, then: Register) -> dict[str, str]:
    """The code of each month of a year, and of the same month of the other year, if it has one."""
    period, other = now.edition.period, then.edition.period
    if not (period.repeats_months or other.repeats_months):
        return {code: code for code in now.codes("month") or ()}
    years, pairs = period.years_to(other), {}
    months = {f"{day:%Y-%m}": day for day in other.each_day()}
    for day in period.each_day():
        if (month := f"{day.year + years}-{day:%m}") in months:
            pairs[period.month_code(day)] = other.month_code(months[month])
    return pairs


def _same_time(condition: Condition, now: Register, then: Register) -> Condition:
    """A condition on days or months moved to the other year; a span has that year's leap day."""
    years = now.edition.period.years_to(then.edition.period)
    if condition.field == "month":
        pairs = months_before(now, then)
        if all(code == other for code, other in pairs.items()):
            return condition
        codes = tuple(pairs[code] for code in condition.codes if code in pairs)
        update = {"codes": codes, "given": codes, "form": "codes", "negated": False}
        return condition.model_copy(update=update)
    if condition.field != "date":
        return condition
    written = tuple(code and _moved(code, years) for code in condition.given)
    if condition.form == "codes" and not condition.negated:
        codes = tuple(dict.fromkeys(_moved(code, years) for code in condition.codes))
        return condition.model_copy(update={"codes": codes, "given": codes})
    days = then.codes("date") or []
    meant = set(written)
    if condition.form == "between":
        low, high = written
        meant = {day for day in days if (low or day) <= day <= (high or day)}
    codes = tuple(day for day in days if (day in meant) != condition.negated)
    return condition.model_copy(update={"codes": codes, "given": written})


def _moved(code: str, years: int) -> str:
    return _same_day(dt.date.fromisoformat(code), years).isoformat()


def _same_day(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _bridged(spec: PopulationSpec, item: Break, by: Sequence[str]) -> PopulationSpec:
    if item.kind == "starts":
        return _from_day(spec, item.date)
    if item.field in by:
        raise PopulationError(
            f"'{item.field}' can't be compared code by code across the break '{item.id}': "
            f"'{item.old}' became {', '.join(item.new)}"
        )
    return _with_old_code(spec, item)


def _from_day(spec: PopulationSpec, day: dt.date) -> PopulationSpec:
    start = max(spec.period.start, min(day, spec.period.end))
    period = Period(start=start, end=spec.period.end)
    having = tuple(_from_day(lower, day) for lower in spec.having)
    return spec.model_copy(update={"period": period, "having": having})


def _with_old_code(spec: PopulationSpec, item: Break) -> PopulationSpec:
    conditions = tuple(_old_condition(c, item) for c in spec.conditions)
    having = tuple(_with_old_code(lower, item) for lower in spec.having)
    return spec.model_copy(update={"conditions": conditions, "having": having})


def _old_condition(condition: Condition, item: Break) -> Condition:
    if condition.field != item.field or item.old is None:
        return condition
    parts = set(item.new) & set(condition.codes)
    if not parts:
        return _without_old_code(condition, item.old)
    if parts != set(item.new):
        raise PopulationError(
            f"{', '.join(sorted(parts))} alone can't be compared across the break '{item.id}': "
            f"before {item.date} it was part of '{item.old}'",
            next_step=f"take {', '.join(item.new)} together",
        )
    others = (code for code in condition.codes if code not in {item.old, *parts})
    codes = (item.old, *others)
    written = condition.given if condition.negated else codes
    return condition.model_copy(update={"codes": codes, "given": written})


def _without_old_code(condition: Condition, old: str) -> Condition:
    """Where all parts of an old code are left out, the old code is left out as well."""
    if not condition.negated or old not in condition.codes:
        return condition
    codes = tuple(code for code in condition.codes if code != old)
    return condition.model_copy(update={"codes": codes, "given": (*condition.given, old)})


def _absence(population: Population, spec: PopulationSpec, then: Register) -> Reason | None:
    if not then.holds(spec.table):
        return Reason(code="no_source", about=spec.table)
    for field in sorted(population.fields()):
        owner = then.field_table(field)
        table = spec.table if spec.table == "traffic" else owner
        if not then.gives(table, field):
            return Reason(code="no_field", about=field)
    return None
