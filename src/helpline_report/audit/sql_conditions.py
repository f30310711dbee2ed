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
    "age": "persons",
    "age_class": "persons",
}
# The column that a derived field is told from.
DATED = {"month": "date", "weekday": "date", "age_class": "age"}
UNKNOWN = "unknown"
# Fields that follow each other as the numbers or days of an expression.
ORDERED = {
    "age": "age",
    "hour": "hour",
    "month": "month(date)",
    "weekday": "isodow(date)",
    "date": "date",
}
# Fields whose unknown values are NULL in a column, and yet have the code `unknown`.
NULLABLE = ("age", "age_class", "hour")


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
    if condition.form == "between":
        test = _as_said(_between(ORDERED[condition.field], condition))
    else:
        test = _one_of(condition.field, _asked(condition, columns), columns)
    return _negated(condition.field, test.text, columns) if condition.negated else test


def _asked(condition: Condition, columns: Columns) -> tuple[str, ...]:
    """The codes that a condition asks for, or those that it leaves out."""
    if not condition.negated or condition.field not in columns.codelists:
        return condition.given if condition.negated else condition.codes
    expand = columns.codelists[condition.field].expand
    return tuple(dict.fromkeys(code for name in condition.given for code in expand(name)))


def _one_of(name: str, codes: Sequence[str], columns: Columns) -> Holds:
    if name in columns.multiple:
        return _as_said(f"list_has_any({name}, [{', '.join(text_of(code) for code in codes)}])")
    match name:
        case "hour" | "age":
            numbers = [None if code == UNKNOWN else str(int(code)) for code in codes]
            return Holds(_either([_number(name, n) for n in numbers]), name, tuple(numbers))
        case "age_class":
            return _as_said(_either([_age(code, columns.ages) for code in codes]))
    expression = expression_of(name, columns)
    return Holds(_equals(expression, codes), expression, tuple(codes))


def _between(expression: str, condition: Condition) -> str:
    """A span of numbers or days, with both ends or with one."""
    of_day = condition.field == "date"
    low, high = (end and (f"DATE '{end}'" if of_day else str(int(end))) for end in condition.given)
    if low and high:
        return f"{expression} BETWEEN {low} AND {high}"
    return f"{expression} >= {low}" if low else f"{expression} <= {high}"


def _negated(name: str, test: str, columns: Columns) -> Holds:
    """The rows that have a code of the field, and not one of these."""
    if name in columns.multiple:
        return _as_said(f"(len({name}) > 0 AND NOT {test})")
    if name in NULLABLE:
        return _as_said(f"NOT coalesce({test}, false)")
    return _as_said(f"NOT ({test})")


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


def _number(name: str, number: str | None) -> str:
    return f"{name} IS NULL" if number is None else f"{name} = {number}"


def _age(code: str, ages: Sequence[AgeClass]) -> str:
    found = next((item for item in ages if item.code == code), None)
    if found is None:
        return "age IS NULL"
    return (
        f"age >= {found.start}" if found.to is None else f"age BETWEEN {found.start} AND {found.to}"
    )


def _either(tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"
