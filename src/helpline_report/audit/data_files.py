"""Read the CSV files and the workbook of an edition back, and hold them to the released ledger."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import permutations, zip_longest
from pathlib import Path

from python_calamine import CalamineWorkbook

from helpline_report.audit.expectations import (
    CALENDAR,
    DIGIT,
    NUMERAL,
    Expectations,
    Misreading,
    Part,
    plain,
)
from helpline_report.figures.model import ReportTable

WORKBOOK, FIGURES = "data/tabellen.xlsx", "data/figures.csv"
RECONCILIATION, CLAIMS = "audit/reconciliation.csv", "audit/claims.csv"
# The columns of a file of figures that hold numbers, and what of a figure each is.
NUMBERS = {"numerator": "numerator", "denominator": "denominator"}
NUMBERS |= {f"interval_{part}": part for part in ("low", "high", "dispersion")}
OF_FIGURES = ["id", "value", "unit", "status", *NUMBERS]

# What a line should say, a value a cell, with the figure that it is about.
Lines = Sequence[tuple[str, Sequence[object]]]


def read_csv(path: Path) -> list[list[str]]:
    """The lines of a CSV file, its heads first; an empty line of heads where there is no file."""
    if not path.exists():
        return [[]]
    with path.open(encoding="utf-8", newline="") as file:
        return [line for line in csv.reader(file) if line]


def read_records(lines: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """The lines of a CSV file below its heads, each by these heads."""
    heads, *rows = lines
    return [dict(zip(heads, row, strict=False)) for row in rows]


def _pick(lines: Sequence[Sequence[str]], columns: Sequence[str]) -> list[list[str]]:
    """Some columns of a file by their heads; empty texts where it has no such column."""
    return [[record.get(column, "") for column in columns] for record in read_records(lines)]


def _compare(
    file: str, lines: Sequence[Sequence[object]], wanted: Lines, place: str = ""
) -> Iterator[Misreading]:
    """Each cell of some lines that says something else, or stands elsewhere."""
    if len(lines) != len(wanted):
        number = f"{len(lines)} lines"
        yield Misreading(file, place or "the whole file", "", number, str(len(wanted)))
    for cells, (name, values) in zip(lines, wanted, strict=False):
        for cell, value in zip_longest(cells, values):
            text = plain(str("" if cell is None else cell))
            same = text == plain(str("" if value is None else value))
            with suppress(ValueError):
                same = same or float(text) == float(str(value))
            if not same:
                where = f"{place} line '{cells[0]}'".strip()
                yield Misreading(file, where, name, str(cell), str(value))


def read_data_files(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """The file of all figures, and that of each chart and table. Learns names and labels.

    Each chart has a picture of its own name, and there is no other one.
    """
    ledger = expected.ledger
    figures = read_csv(folder / FIGURES)
    expected.definitions |= {each["id"]: each["definition"] for each in read_records(figures)}
    origins = [name for name in ledger.origins() if name in ledger.figures]
    every = [*origins, *sorted({*ledger.figures} - {*origins})]
    yield from _compare(FIGURES, *_of_figures(figures, every, expected))
    parts: list[Part] = [*ledger.charts.values(), *ledger.tables.values()]
    for part in parts:
        name, rows = f"data/{part.id}.csv", expected.rows(part)
        lines = read_csv(folder / name)
        if rows and not rows[0].field:
            names = [row.code for row in rows]
            yield from _compare(name, *_of_figures(lines, names, expected))
        elif rows:
            yield from _read_codes(name, lines, part, expected)
    points = ledger.trend.points if ledger.trend else ()
    nouns = dict.fromkeys(point.noun for point in points)
    for noun in nouns:
        totals = [(each.id, [each.id, each.value]) for each in points if each.noun == noun]
        name = f"data/trend.{noun}.csv"
        yield from _compare(name, _pick(read_csv(folder / name), ["id", "printed"]), totals)
    for path in (folder / "data/charts").glob("*.png"):
        if path.stem not in {*ledger.charts, *(f"trend.{noun}" for noun in nouns)}:
            yield Misreading(f"data/charts/{path.name}", "its name", path.stem, "", "a chart")


def _read_codes(
    name: str, file: Sequence[Sequence[str]], part: Part, expected: Expectations
) -> Iterator[Misreading]:
    """A file with codes of one field or two, each with its label, and the values of figures."""
    ledger, rows = expected.ledger, expected.rows(part)
    fields, lines = [rows[0].field], [([row.code], row.figures) for row in rows]
    series = [ledger.series[each] for each in part.columns if each in ledger.series]
    # What the source can't give has no column.
    columns = [each.id for each in series if each.reason is None]
    if crosstab := ledger.crosstabs.get(part.crosstab or ""):
        fields, columns = [crosstab.rows, crosstab.columns], ["value"]
        lines = [([cell.row, cell.column], (cell.figure,)) for cell in crosstab.cells]
    (heads, *body), width = file, 2 * len(fields)
    if heads[width : width + len(columns)] != columns:
        yield Misreading(name, "head", "", ", ".join(heads), ", ".join(columns))
        return
    for at, field in enumerate(fields):
        for line in body:
            expected.labels.setdefault((field, line[2 * at]), line[2 * at + 1])
    wanted: list[tuple[str, Sequence[object]]] = []
    for codes, figures in lines:
        pairs = zip(fields, codes, strict=True)
        named = [text for by, code in pairs for text in (code, expected.label(by, code))]
        known = [ledger.figures.get(figure) for figure in figures]
        wanted.append((figures[0], [*named, *(figure and figure.value for figure in known)]))
    yield from _compare(name, [line[: width + len(columns)] for line in body], wanted)


def _of_figures(
    file: Sequence[Sequence[str]], names: Sequence[str], expected: Expectations
) -> tuple[list[list[str]], Lines]:
    """What a file with a line a figure says of each, and what it should say."""
    wanted = []
    for figure in map(expected.ledger.figures.__getitem__, names):
        parts: Mapping[str, float] = expected.parts(figure) if figure.value is not None else {}
        numbers = [parts.get(part) for part in NUMBERS.values()]
        wanted.append((figure.id, [figure.id, figure.value, figure.unit, figure.status, *numbers]))
    return _pick(file, OF_FIGURES), wanted


def read_reconciliation(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """What earlier reports printed: each computed value is a figure's, and so is each number.

    A number of a reason may also be one that was printed, or follow from two others of its text.
    """
    files = {file: read_records(read_csv(folder / file)) for file in (RECONCILIATION, CLAIMS)}
    lines = [(file, line) for file, each in files.items() for line in each]
    printed = {number for _, line in lines for number in NUMERAL.findall(line["printed"])}
    values = {str(figure.value) for figure in expected.ledger.figures.values()}
    for file, line in lines:
        name, computed = line.get("figure") or line["id"], line.get("computed", "")
        if computed and computed not in values:
            yield Misreading(file, "computed", name, computed, "the value of a figure")
        for token in expected.list_unexplained(line["reason"], [name]):
            others = {each for each in NUMERAL.findall(line["reason"]) if each != token}
            numbers = [*map(abs, _combine({*map(expected.read_number, others)}))]
            numbers += [abs(float(computed))] if DIGIT.match(computed.lstrip("-")) else []
            size = token.lstrip("-−+")
            if size not in printed and not any(expected.is_written(size, each) for each in numbers):
                yield Misreading(file, "reason", name, line["reason"], f"not {token}")


def _combine(numbers: set[float]) -> Iterator[float]:
    """What follows from two numbers: sum, difference, product, part, share and change."""
    for one, other in permutations(numbers, 2):
        yield from (one + other, one - other, one * other / 100)
        if other:
            yield from (one / other, 100 * one / other, 100 * (one - other) / other)


def read_workbook(path: Path, expected: Expectations) -> Iterator[Misreading]:
    """Every table of the workbook, in the order of the report, and the list of all figures."""
    workbook = CalamineWorkbook.from_path(path)
    book = {
        name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in workbook.sheet_names
    }
    numbered, tables = [name for name in book if re.match(r"\d+ ", name)], _list_tables(expected)
    yield from _compare(WORKBOOK, numbered, [("", name) for name in numbered[: len(tables)]])
    for name, part in zip(numbered, tables, strict=False):
        # Rows stand between a blank line with the heads below it, and another one.
        blank = [at for at, cells in enumerate(book[name]) if not any(map(str, cells))]
        body = book[name][blank[0] + 2 : (*blank, len(book[name]))[1]]
        wanted: list[tuple[str, Sequence[object]]] = []
        for row in expected.rows(part):
            # Beside a single figure stands the year before.
            names = row.figures if row.field else (row.code, f"{row.code}.previous")
            numbers = [_in_workbook(each, expected) for each in names]
            title = [expected.title(row), *(each for each in numbers if each is not None)]
            wanted.append((next(filter(None, names)), title))
        total = part.total if isinstance(part, ReportTable) and part.series else None
        if total is not None and body:
            numbers = [_in_workbook(total, expected)] * len(_numbers(body[-1][1:]))
            wanted.append((total, [body[-1][0], *numbers]))
        lines = [[cells[0], *_numbers(cells[1:])] for cells in body]
        yield from _compare(WORKBOOK, lines, wanted, f"sheet '{name}',")
    # A line of the list of all figures begins with name, definition and value.
    for name, cells in ((name, cells) for name, lines in book.items() for cells in lines):
        figure = str(cells[0])
        if figure in expected.ledger.figures and cells[2:]:
            value = _in_workbook(figure, expected)
            hidden = expected.figures[figure].value is None and DIGIT.search(str(cells[2]))
            if hidden or (value is not None and _numbers(cells[1:3]) != [value]):
                text = "no number" if hidden else str(value)
                yield Misreading(WORKBOOK, f"sheet '{name}'", figure, str(cells[2]), text)


def _numbers(cells: Sequence[object]) -> list[float]:
    return [float(f"{cell:.14g}") for cell in cells if isinstance(cell, int | float)]


def _in_workbook(name: str, expected: Expectations) -> float | None:
    """The number that a cell of a workbook holds: a percentage as a part of one."""
    value, figure = expected.numbers.get(name), expected.figures.get(name)
    if value is None or figure is None or figure.unit in CALENDAR:
        return None
    number = value / (100 if figure.unit in ("percent", "percent change") else 1)
    # As the workbook's file writes it: rounded twice, a number can end otherwise than at once.
    return float(f"{float(f'{number:.16G}'):.14g}")


def _list_tables(expected: Expectations) -> list[Part]:
    """The charts and tables of the report in its order, each content once."""
    ledger, contents = expected.ledger, dict[tuple[str, ...], Part]()
    for reference in (r for c in ledger.chapters for cell in c.cells for r in cell.shows):
        part: Part | None = None
        if reference.kind == "chart":
            part = ledger.charts[reference.id]
        elif reference.kind == "table":
            part = ledger.tables[reference.id]
        if part is not None and (content := tuple(expected.figures_of(part))):
            contents.setdefault(content, part)
    return [*contents.values()]
