"""Write names, values, tables of values and the conditions of a population as SQL."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpline_report.figures.model import Condition
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.parameters.yaml import read_resource

WIDTH = 98
# What the key of each table of rows is called.
KEYS: Mapping[str, str] = {"contacts": "contact", "persons": "person", "followups": "followup"}
# The one field whose column holds numbers; unknown is NULL there.
AGE = "age"
# The first and the last code of fields that are texts, so that a span has both ends.
ENDS = {"month": ("01", "12"), "weekday": ("1", "7"), "hour": ("00", "23")}
# The columns of each table of literals, with their types.
COLUMNS: Mapping[str, str] = read_resource(__package__, "columns.yaml").data
# A value that SQL can be given as it is; a sequence is a list there, and a mapping a MAP.
Literal = str | int | bool | dt.date | None | Sequence["Literal"] | Mapping[str, "Literal"]


def quote_name(column: str) -> str:
    """A name of a column of an export, in quotes."""
    return '"' + column.replace('"', '""') + '"'


def quote(value: Literal) -> str:
    """A value as a literal."""
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value).lower()
        case dt.date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case Mapping():
            pairs = ", ".join(f"{quote(key)}: {quote(item)}" for key, item in value.items())
            return f"MAP {{{pairs}}}"
    return "[" + ", ".join(map(quote, value)) + "]"


def quote_list(values: Iterable[Literal]) -> str:
    """Values in brackets, for `IN`."""
    return "(" + ", ".join(map(quote, values)) + ")"


def create_table(name: str, rows: Sequence[Sequence[Literal]] = ()) -> str:
    """A table of literals, one of `COLUMNS`, with as many rows a line as it has room for."""
    lines = [""]
    for row in rows:
        written = f" {quote_list(row)},"
        if len(lines[-1]) + len(written) > WIDTH and lines[-1]:
            lines.append("")
        lines[-1] += written
    values = "\n".join(f" {line}" for line in lines).removesuffix(",")
    created = f"CREATE OR REPLACE TABLE {name} ({COLUMNS[name]});"
    return f"{created}\nINSERT INTO {name} VALUES\n{values};" if rows else created


SCRIPTS = Environment(  # noqa: S701 - of SQL nothing is escaped as HTML; values go through `sql`
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
SCRIPTS.filters |= {"sql": quote, "name": quote_name, "in_brackets": quote_list}
SCRIPTS.globals["create_table"] = create_table


def read_script(script: str, /, **values: object) -> str:
    """A script of SQL of this package by its file name, filled in as a template."""
    return SCRIPTS.get_template(script).render(values).strip()


def write_where(tests: Iterable[str]) -> Iterator[str]:
    """The lines of WHERE, a test a line."""
    for place, test in enumerate(tests):
        yield ("WHERE " if place == 0 else "  AND ") + test


def is_any(tests: Sequence[str]) -> str:
    """A test that holds if one of some does; without any, it never holds."""
    if not tests:
        return "false"
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


@dataclass(frozen=True)
class Fields:
    """The fields of rows: their code lists, and which of them hold several codes a row.

    `editions` are those that have rows. The months of `dated_months` have their year in their code.
    """

    lists: Mapping[str, CodeList]
    several: frozenset[str]
    editions: frozenset[str]
    dated_months: frozenset[str] = frozenset()

    def groups(self, name: str) -> frozenset[str]:
        """The groups of codes of a field."""
        known = self.lists.get(name)
        return frozenset(group.code for group in known.groups) if known else frozenset()


def write_condition(condition: Condition, fields: Fields, column: str = "") -> str:
    """A condition as a test of a row; a group stands for the codes below it in the code list.

    It is written from the chapter's terms, and not from the codes that the first count makes of
    them. `column` is the field's column, if it has another name.
    """
    name = condition.field
    if condition.form == "between":
        test = _test_span(column or name, name, condition.terms)
    else:
        test = _test_any(column or name, name, condition.terms, fields)
    if not condition.negated:
        return test
    if name in fields.several:
        return f"(len({name}) > 0 AND NOT {test})"
    return f"NOT coalesce({test}, false)" if name == AGE else f"NOT ({test})"


def _test_span(column: str, name: str, ends: Sequence[str]) -> str:
    """A test of a span of numbers or days, with one end or two; unknown is in no span."""
    low, high = (end or outer for end, outer in zip(ends, ENDS.get(column, ("", "")), strict=True))
    if name == "date":
        low, high = (end and f"DATE '{end}'" for end in (low, high))
    elif name != AGE:
        low, high = quote(low), quote(high)
    if low and high:
        return f"{column} BETWEEN {low} AND {high}"
    return f"{column} >= {low}" if low else f"{column} <= {high}"


def _test_any(column: str, name: str, terms: Sequence[str], fields: Fields) -> str:
    """Whether the field has one of some codes, or one below one of some groups."""
    groups = [code for code in terms if code in fields.groups(name)]
    codes = [code for code in terms if code not in groups]
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
