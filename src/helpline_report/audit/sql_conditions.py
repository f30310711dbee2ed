"""Conditions and fields of a population of rows as SQL, over the columns of its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpline_report.audit.sql_query import Holds
from helpline_report.figures.model import Condition
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import AgeClass

DERIVED = {
    "month": "contacts",
    "weekday": "contacts",
    "hour": "contacts",
    "date": "contacts",
    "age_class": "persons",
}
# The column that a derived field is told from.
DATED = {"month": "date", "weekday": "date", "age_class": "age"}
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Columns:
    """Which table a field is a column of, and which fields hold several codes a row."""

    codelists: Mapping[str, CodeList]
    ages: Sequence[AgeClass]
    multiple: frozenset[str] = field(default_factory=frozenset)

    def table(self, name: str) -> str:
        """The table of a field."""
        return DERIVED[name] if name in DERIVED else self.codelists[name].table


def column_of(field_: str) -> str:
    """The column that a field is told from."""
    return DATED.get(field_, field_)


def condition_sql(condition: Condition, columns: Columns) -> Holds:
    """A condition on the rows of a population."""
    name, codes = condition.field, condition.codes
    if name in columns.multiple:
        return _as_said(f"list_has_any({name}, [{', '.join(text_of(code) for code in codes)}])")
    match name:
        case "hour":
            hours = [None if code == UNKNOWN else str(int(code)) for code in codes]
            return Holds(_either([_hour(hour) for hour in hours]), "hour", tuple(hours))
        case "age_class":
            return _as_said(_either([_age(code, columns.ages) for code in codes]))
    expression = expression_of(name, columns)
    return Holds(_equals(expression, codes), expression, tuple(codes))


def expression_of(name: str, columns: Columns) -> str:
    """A field as a column or as an expression over columns."""
    if name in columns.multiple:
        return f"one_{name}"
    match name:
        case "month":
            return "strftime(date, '%m')"
        case "weekday":
            return "isodow(date)::VARCHAR"
        case "age_class":
            cases = " ".join(
                f"WHEN {_age(a.code, columns.ages)} THEN '{a.code}'" for a in columns.ages
            )
            return f"CASE {cases} ELSE '{UNKNOWN}' END"
        case "date":
            return "date"
    return name


def text_of(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _as_said(said: str) -> Holds:
    """A test that says more than that something is one of some."""
    return Holds(said, said, ("true",))


def _equals(expression: str, codes: Sequence[str]) -> str:
    if not codes:
        return "false"
    listed = ", ".join(text_of(code) for code in codes)
    return f"{expression} = {listed}" if len(codes) == 1 else f"{expression} IN ({listed})"


def _hour(hour: str | None) -> str:
    return "hour IS NULL" if hour is None else f"hour = {hour}"


def _age(code: str, ages: Sequence[AgeClass]) -> str:
    found = next((item for item in ages if item.code == code), None)
    if found is None:
        return "age IS NULL"
    return (
        f"age >= {found.start}" if found.to is None else f"age BETWEEN {found.start} AND {found.to}"
    )


def _either(tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"
