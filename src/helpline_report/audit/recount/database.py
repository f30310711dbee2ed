"""A database of an edition's exports: their texts as they were read, and the tables made of them.

The reading of files (bytes to rows of text) is what both counts share; nothing after it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from helpline_report.audit.recount.connection import connected
from helpline_report.audit.recount.files import fed
from helpline_report.audit.recount.held import AS_TEXTS, Held
from helpline_report.audit.recount.holding import held_small
from helpline_report.audit.recount.plainly import with_plain_forms
from helpline_report.audit.recount.preamble import Made
from helpline_report.audit.recount.small import Columns, drop, store_small
from helpline_report.audit.recount.statements import made_of, statements
from helpline_report.audit.recount.texts import LeftOut, Texts, texts_of
from helpline_report.audit.recount.untouched import Standing, Untouched
from helpline_report.audit.recount.web_traffic import TEXTS, text_tables
from helpline_report.audit.recount.writing import MACROS, name
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project

# From how many rows on it pays to look at the cells of a file before they are stored.
MANY = 100_000


def open_database(
    project: Project,
    editions: Sequence[Edition],
    left_out: LeftOut | None = None,
    standing: Standing | None = None,
    *,
    lists: Mapping[str, CodeList] | None = None,
) -> duckdb.DuckDBPyConnection:
    """The tables of some editions, from their exports as they are corrected.

    `left_out` are the lines of the rows that a draft leaves out, by edition and file; `standing`
    the files of which their reading left all rows as they are. Every table has the rows of all
    editions: `contacts`, `persons`, `followups`, `traffic`, `files`, and `calendar`.
    """
    database = connected(project.private, editions[0].edition)
    database.execute(MACROS)
    lists = project.codelists() if lists is None else lists
    layouts = {
        source.layout: load_layout(project.layout_file(source.layout), project.root)
        for edition in editions
        for source in edition.sources
    }
    found = [
        texts_of(project, edition, layouts, left_out=left_out or {}, standing=standing or {})
        for edition in editions
    ]
    made = made_of(editions, layouts)
    database.register("rows_read", _rows_read(found, made))
    for table, frame in text_tables([file for texts in found for file in texts.web]).items():
        database.register("web_texts", frame)
        database.execute(f"CREATE TABLE {table} ({TEXTS[table]})")
        database.execute(f"INSERT INTO {table} SELECT * FROM web_texts")
        database.unregister("web_texts")
    texts = {table: given for one in found for table, given in one.tables}
    held = _stored(database, editions, made, lists, texts)
    left = list(made)
    parts, made_by = zip(*statements(editions, layouts, lists, held=held), strict=True)
    for part, statement in zip(parts, with_plain_forms(database, made_by), strict=True):
        database.execute(statement)
        # A year of millions is held as texts no longer than it takes to make tables of it.
        done = {item.export for item in left if item.name == part}
        left = [item for item in left if item.name != part]
        for table in sorted(done - {item.export for item in left}):
            drop(database, table, held)
    database.unregister("rows_read")
    return database


def _stored(
    database: duckdb.DuckDBPyConnection,
    editions: Sequence[Edition],
    made: Sequence[Made],
    lists: Mapping[str, CodeList],
    texts: dict[str, pd.DataFrame | Untouched],
) -> Held:
    """Store all texts; says how the tables that are made of them are held."""
    feeds = {item.export: item for item in made}
    many = any(_rows(given) >= MANY for table, given in texts.items() if table in feeds)
    known = Columns()
    for table in list(texts):
        given = texts.pop(table)
        if table in feeds and isinstance(given, Untouched) and given.rows >= MANY:
            store_small(database, table, given, feeds[table].file, known)
        else:
            _store(database, table, given)
    return held_small(database, editions, made, lists, known) if many else AS_TEXTS


def _rows(given: pd.DataFrame | Untouched) -> int:
    return given.rows if isinstance(given, Untouched) else len(given)


def _store(
    database: duckdb.DuckDBPyConnection, table: str, given: pd.DataFrame | Untouched
) -> None:
    """Keep texts as a table: every statement would else read them, or their categories, again."""
    if isinstance(given, Untouched):
        database.execute(f"CREATE TABLE {table} AS {given.sql()}")
        return
    database.register("texts_as_read", given)
    columns = ", ".join(
        f"CAST({name(column)} AS VARCHAR) AS {name(column)}" if kind == "category" else name(column)
        for column, kind in zip(map(str, given.columns), given.dtypes, strict=True)
    )
    database.execute(f"CREATE TABLE {table} AS SELECT {columns} FROM texts_as_read")
    database.unregister("texts_as_read")


def _rows_read(found: Sequence[Texts], made: Sequence[Made]) -> pd.DataFrame:
    """How many rows the reading found in each file of rows."""
    read = {texts.edition.edition: texts.read for texts in found}
    files = {(item.edition, item.name): read[item.edition][item.shown] for item in fed(made)}
    return pd.DataFrame(
        {
            "edition": pd.Series([edition for edition, _ in files], dtype="str"),
            "file": pd.Series([name for _, name in files], dtype="str"),
            "rows": pd.Series([*files.values()], dtype="int64"),
        }
    )
