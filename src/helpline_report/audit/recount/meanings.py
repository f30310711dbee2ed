"""What the cells of a column mean, as SQL: a column has a dozen texts, and each is told once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from helpline_report.audit.recount import cells
from helpline_report.audit.recount.days import Moment
from helpline_report.audit.recount.held import Held
from helpline_report.audit.recount.writing import name
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import Column, RowFile, TableLayout


@dataclass(frozen=True)
class Meaning:
    """What the cells of some columns mean: expressions of them by their names.

    `plainly` are plain forms of the cells, of which other expressions may tell.
    """

    columns: tuple[str, ...]
    told: Mapping[str, str]
    plainly: Mapping[str, str] = field(default_factory=dict)


def told(meaning: Meaning, export: str) -> str:
    """A SELECT of the cells of an export and what they mean, each once."""
    named = [f"{expression} AS {called}" for called, expression in meaning.told.items()]
    listed = ",\n  ".join([", ".join([cells_of(meaning), *meaning.plainly]), *named])
    rows = f"(SELECT DISTINCT {cells_of(meaning)} FROM {export})"
    if meaning.plainly:
        plain = ", ".join(f"{form} AS {called}" for called, form in meaning.plainly.items())
        rows = f"(SELECT {cells_of(meaning)}, {plain} FROM {rows})"
    return f"SELECT {listed}\n  FROM {rows}"


def cells_of(meaning: Meaning) -> str:
    """The columns of the cells."""
    return ", ".join(map(name, meaning.columns))


def meanings(
    file: RowFile,
    layout: TableLayout,
    moment: Moment | None,
    lists: Mapping[str, CodeList],
    held: Held,
) -> Iterator[Meaning]:
    """What is told of the cells of each column of one table."""
    if moment is not None:
        said = {cells.DAY: moment.day}
        if moment.hour is not None:
            said[cells.HOUR] = held.hour(moment.hour)
        said[cells.WHEN_MENDED] = " OR ".join(moment.mended) or "false"
        yield Meaning(moment.columns, said)
    for title, column in layout.columns.items():
        if column.kind == "integer":
            said = {
                cells.code(title): cells.integer(file, title, column),
                cells.mended(title): cells.integer_mended(file, title, column),
            }
            yield Meaning((title,), said)
        elif column.kind == "coded":
            said = _labels(title, column, held, opened=lists[column.field].open)
            yield Meaning((title,), said, {} if column.separator else _plainly(title))
    for flags in layout.flags.values():
        for title, test in cells.flags_mended(flags):
            yield Meaning((title,), {cells.mended(title): test}, _plainly(title))


def _labels(title: str, column: Column, held: Held, *, opened: bool) -> dict[str, str]:
    """The codes of labels, but for those that mean one or another by the day of their row."""
    said = {}
    if not by_day(column):
        code = cells.coded(title, column, "", opened=opened)
        said[cells.code(title)] = held.code(column.field, code)
    said[cells.mended(title)] = cells.label_mended(title, column, opened=opened)
    return said


def _plainly(title: str) -> dict[str, str]:
    return {cells.plainly(title): f"plain({name(title)})"}


def by_day(column: Column) -> bool:
    """Whether a label of a column means one code or another by the day of its row."""
    return any(len(codes) > 1 for codes in column.meanings().values())
