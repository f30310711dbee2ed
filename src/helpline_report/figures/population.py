"""A population: what is counted, built up from conditions that are kept as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.columns import rows_frame
from helpline_report.figures.comparison import previous
from helpline_report.figures.conditions import Wanted, hint, make_condition
from helpline_report.figures.counting import mask, table_of
from helpline_report.figures.model import Condition, Noun, PopulationSpec, Reason
from helpline_report.figures.register import NOUN_TABLES, Register, is_above
from helpline_report.figures.traffic import traffic_rows
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
    found = {condition.field for condition in spec.conditions}
    return found.union(*(_fields(lower) for lower in spec.having))


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
    said = ("–" if condition.form == "between" else "|").join(condition.given)
    return f"not {said}" if condition.negated else said
