"""The schema of each finished table, and its complaints told without the values."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpline_report.errors import Problem
from helpline_report.parameters.codelists import CodeList
from helpline_report.tables.model import Table

HOURS, AGES = (-1, 23), (-1, 200)
TRAFFIC = ("file", "start", "end", "value")
# Of more rows only those are held against the schema that tell of all.
FEW = 100_000
# Numbers, dates, and yes and no, as numpy names their kinds.
ORDERED = "biufM"
# Complaints about a column as a whole, which pandera tells as a failure of the table.
WHOLE_COLUMN = ("column_in_schema", "column_in_dataframe")


def check_table(table: Table, lists: Mapping[str, CodeList], file: str) -> list[Problem]:
    """Hold a finished table against its schema: types, categories, ranges, nothing missing.

    A complaint here is a fault of the program, since each value was read by the layout; pandera's
    own messages print the values, so only places and the names of checks come out.
    """
    # pandera takes half a second to import: a table from the cache never needs it.
    import pandera.errors as pe  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415

    columns = {name: _column(table, name, lists) for name in _names(table, lists)}
    schema = pa.DataFrameSchema(columns, strict=True, unique_column_names=True, name=table.name)
    try:
        schema.validate(_telling(table.frame), lazy=True)
    except pe.SchemaErrors as error:
        return _places(table, error.failure_cases, file)
    return []


def _telling(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that tell of all: those with the lowest and the highest value of a column.

    Where these lie in its range, all do; and what is missing is the lowest code.
    """
    if len(frame) <= FEW:
        return frame
    rows: set[int] = set()
    for name in frame:
        column = frame[name]
        values = column.cat.codes.to_numpy() if hasattr(column, "cat") else column.to_numpy()
        if values.dtype.kind in ORDERED:  # another kind is told whatever it holds
            rows |= {int(values.argmin()), int(values.argmax())}
    return frame.iloc[sorted(rows)]


def _names(table: Table, lists: Mapping[str, CodeList]) -> list[str]:
    """The columns that a table has by its fields: a key or a free text is never one of them."""
    flags = [f"{field}:{code}" for field in table.multiple for code in lists[field].order]
    fixed = ["line", *TRAFFIC] if table.name == "traffic" else ["line"]
    return list(dict.fromkeys([*fixed, *flags, *sorted(table.fields - table.multiple)]))


def _column(table: Table, name: str, lists: Mapping[str, CodeList]) -> object:
    import pandera.pandas as pa  # noqa: PLC0415

    field = name.partition(":")[0]
    if ":" in name:
        return pa.Column(bool)
    match name:
        case "line":
            return pa.Column("int32", pa.Check.ge(1))
        case "date" | "start" | "end":
            return pa.Column("datetime64[s]")
        case "hour":
            return pa.Column("int8", pa.Check.in_range(*HOURS))
        case "age":
            return pa.Column("int16", pa.Check.in_range(*AGES))
        case "value":
            return pa.Column("int64", pa.Check.ge(0))
        case "measure" | "grain" | "file":
            return pa.Column(pd.CategoricalDtype)
    order = lists[field].order
    # A list that is open has grown by what the files hold.
    grown = list(table.frame[name].cat.categories) if lists[field].open else order
    dtype = pd.CategoricalDtype(pd.Index(grown, dtype="str"))
    return pa.Column(dtype, nullable=table.name == "traffic")


def _places(table: Table, failures: pd.DataFrame, file: str) -> list[Problem]:
    lines = table.frame["line"].to_numpy()
    problems = set()
    told = failures[["column", "check", "index", "failure_case"]]
    for column, check, index, case in told.itertuples(index=False):
        row = None if pd.isna(index) else int(index)
        problems.add(
            Problem(
                file,
                0 if row is None else int(lines[row]),
                str(case if check in WHOLE_COLUMN else column),
                "B59",
                f"the finished table breaks its schema ({str(check).partition('(')[0]})",
                next_step="this is a fault of the program: report it with this message",
            )
        )
    return sorted(problems)
