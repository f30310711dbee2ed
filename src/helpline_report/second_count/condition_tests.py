"""Write the conditions of a population as tests of a row, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpline_report.figures.model import Condition
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.second_count.sql import is_any, quote, quote_list

# The one field that is a number in its column; what is unknown is NULL there.
AGE = "age"
# The first and the last code of fields that are texts, so that a span has both ends.
ENDS = {"month": ("01", "12"), "weekday": ("1", "7"), "hour": ("00", "23")}


@dataclass(frozen=True)
class Fields:
    """The fields of rows: their code lists, and which of them hold several codes a row."""

    lists: Mapping[str, CodeList]
    several: frozenset[str] = field(default_factory=frozenset)

    def groups(self, name: str) -> frozenset[str]:
        """The groups of codes of a field."""
        known = self.lists.get(name)
        return frozenset(group.code for group in known.groups) if known else frozenset()


def condition_test(condition: Condition, fields: Fields, column: str = "") -> str:
    """A condition as a test of a row; a group stands for the codes below it in the code list.

    It is written from what the chapter gave, not from the codes that the first count makes of it.
    `column` is where the field stands, if not in a column of its name.
    """
    name = condition.field
    if condition.form == "between":
        test = _test_span(column or name, name, condition.given)
    else:
        test = _test_any(column or name, name, condition.given, fields)
    if not condition.negated:
        return test
    if name in fields.several:
        return f"(len({name}) > 0 AND NOT {test})"
    return f"NOT coalesce({test}, false)" if name == AGE else f"NOT ({test})"


def _test_span(column: str, name: str, ends: Sequence[str]) -> str:
    """A span of numbers or days, with both ends or with one; what is unknown lies in none."""
    low, high = (end or outer for end, outer in zip(ends, ENDS.get(name, ("", "")), strict=True))
    if name == "date":
        low, high = (end and f"DATE '{end}'" for end in (low, high))
    elif name != AGE:
        low, high = quote(low), quote(high)
    if low and high:
        return f"{column} BETWEEN {low} AND {high}"
    return f"{column} >= {low}" if low else f"{column} <= {high}"


def _test_any(column: str, name: str, given: Sequence[str], fields: Fields) -> str:
    """Whether the field has one of some codes, or one below one of some groups."""
    groups = [code for code in given if code in fields.groups(name)]
    codes = [code for code in given if code not in groups]
    members = f"FROM codes WHERE field = {quote(name)} AND {_test_codes('parent', groups)}"
    tests = []
    if name in fields.several:
        tests += [f"list_has_any({name}, [{', '.join(map(quote, codes))}])"] if codes else []
        tests += [f"list_has_any({name}, (SELECT list(code) {members}))"] if groups else []
        return is_any(tests)
    if name == AGE and UNKNOWN in codes:
        codes.remove(UNKNOWN)
        tests.append(f"{column} IS NULL")
    tests += [_test_codes(column, codes)] if codes else []
    tests += [f"{column} IN (SELECT code {members})"] if groups else []
    return is_any(tests)


def _test_codes(column: str, codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return f"{column} = {quote(codes[0])}"
    return f"{column} IN {quote_list(codes)}"
