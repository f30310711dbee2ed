"""The schema of a finished table, held by pandera: types, categories, ranges, no other column."""

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from helpline_report.parameters.codelists import CodeList
from helpline_report.tables.dataset import Dataset, Table

FIXED = {
    "line": pa.Column("int32", pa.Check.ge(1)),
    "date": pa.Column("datetime64[s]"),
    "start": pa.Column("datetime64[s]"),
    "end": pa.Column("datetime64[s]"),
    "hour": pa.Column("int8", pa.Check.in_range(-1, 23)),
    "age": pa.Column("int16", pa.Check.in_range(-1, 200)),
    "value": pa.Column("int64", pa.Check.ge(0)),
    "measure": pa.Column(pd.CategoricalDtype),
    "grain": pa.Column(pd.CategoricalDtype),
    "file": pa.Column(pd.CategoricalDtype),
}


def check_tables(dataset: Dataset, lists: Mapping[str, CodeList]) -> None:
    """Hold the tables of a year against their schemas.

    Raises:
        pandera.errors.SchemaErrors: a table breaks its own.
    """
    for table in dataset.tables.values():
        schema_of(table, lists).validate(table.frame, lazy=True)


def schema_of(table: Table, lists: Mapping[str, CodeList]) -> pa.DataFrameSchema:
    """The columns that a table has by its fields: a key or a free text is never one of them."""
    names = ["line", *(["file", "start", "end", "value"] if table.name == "traffic" else [])]
    columns = {name: FIXED[name] for name in names}
    for field in sorted(table.fields):
        if field in table.multiple:
            columns |= {f"{field}:{code}": pa.Column(bool) for code in lists[field].order}
        else:
            columns[field] = FIXED.get(field) or _category(table, field, lists[field])
    return pa.DataFrameSchema(columns, strict=True, unique_column_names=True, name=table.name)


def _category(table: Table, field: str, codes: CodeList) -> pa.Column:
    # A list that is open has grown by what the files hold.
    order = list(table.frame[field].cat.categories) if codes.open else codes.order
    dtype = pd.CategoricalDtype(pd.Index(order, dtype="str"))
    return pa.Column(dtype, nullable=table.name == "traffic")
