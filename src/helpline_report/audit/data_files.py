"""Read the CSV files and the workbook of an edition back, and hold them to the released ledger."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from helpline_report.audit.expectations import (
    CALENDAR,
    DIGIT,
    NUMERAL,
    Expectations,
    Misreading,
    Row,
    has_number,
    plain,
)
from helpline_report.figures.model import Chart, Figure, ReportTable, Value

WORKBOOK, FIGURES = "data/tabellen.xlsx", "data/figures.csv"
RECONCILIATION, CLAIMS = "audit/reconciliation.csv", "audit/claims.csv"
# Columns of `figures.csv` that hold numbers, and what of a figure each is.
NUMBERS = {"numerator": "numerator", "denominator": "denominator"} | {
    f"interval_{part}": part for part in ("low", "high", "dispersion")
}


def read_lines(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file, by the names of their columns; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is_value(text: str, value: Value | None) -> bool:
    """Whether a field of a data file is a value, not rounded; empty where there is none."""
    if value is None or isinstance(value, str):
        return plain(text) == plain(value or "")
    try:
        return float(text) == float(value)
    except ValueError:
        return False


def read_figures(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """Every figure by its line; learns the names that figures have."""
    figures = dict(expected.ledger.figures)
    for line in read_lines(folder / FIGURES):
        name = line["id"]
        figure = figures.pop(name, None)
        if figure is None:
            yield Misreading(FIGURES, name, name, line["value"], "no such figure")
            continue
        expected.definitions[name] = line["definition"]
        parts = expected.parts(figure) if figure.value is not None else {}
        wanted: dict[str, Value | None] = {"value": figure.value}
        wanted |= {column: parts.get(part) for column, part in NUMBERS.items()}
        for column, value in wanted.items():
            if not _is_value(line[column], value):
                yield Misreading(FIGURES, column, name, line[column], str(value or "nothing"))
    for name in figures:
        yield Misreading(FIGURES, "the whole file", name, "no line", "a line")


def read_data_files(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """The file of each chart and table: its codes, labels and values. Learns the labels.

    Each chart has a picture of its own name, and there is no other one.
    """
    ledger = expected.ledger
    parts: list[Chart | ReportTable] = [*ledger.charts.values(), *ledger.tables.values()]
    for part in parts:
        name = f"data/{part.id}.csv"
        lines, rows = read_lines(folder / name), expected.rows(part)
        if crosstab := ledger.crosstabs.get(part.crosstab or ""):
            by = f"{crosstab.rows}|{crosstab.columns}"
            cells = crosstab.cells
            rows = [Row(by, f"{cell.row}|{cell.column}", (cell.figure,)) for cell in cells]
        if len(lines) != len(rows):
            yield Misreading(name, "the whole file", part.id, f"{len(lines)} lines", str(len(rows)))
        for line, row in zip(lines, rows, strict=False):
            yield from _read_line(name, list(line.values()), row, expected)
    points = ledger.trend.points if ledger.trend else ()
    series = {f"trend.{point.noun}" for point in points}
    for name in sorted(series):
        file = f"data/{name}.csv"
        for line in read_lines(folder / file):
            if not _is_value(line["printed"], value := expected.figures[line["id"]].value):
                yield Misreading(file, "printed", line["id"], line["printed"], str(value))
    for path in (folder / "data/charts").glob("*.png"):
        if path.stem not in {*ledger.charts, *series}:
            yield Misreading(f"data/charts/{path.name}", "its name", path.stem, "", "a chart")


def _read_line(
    file: str, cells: Sequence[str], row: Row, expected: Expectations
) -> Iterator[Misreading]:
    """A line of a data file: codes with their labels, then values; of figures their ids."""
    codes = row.code.split("|")
    place, own = f"line '{cells[0]}'", row.figures[0] or row.code
    written, values = list(cells[:1]), cells[1:]
    if row.field:
        written, values = list(cells[: 2 * len(codes) : 2]), cells[2 * len(codes) :]
        for at, (by, code) in enumerate(zip(row.field.split("|"), codes, strict=True)):
            named = cells[2 * at + 1]
            label = expected.labels.setdefault((by, code), expected.label(by, code) or named)
            if plain(named) != plain(label):
                yield Misreading(file, place, own, named, f"'{label}' ({code})")
    if [*map(plain, written)] != [*map(plain, codes)]:
        yield Misreading(file, place, own, ", ".join(written), ", ".join(codes))
    for name, text in zip(row.figures, values, strict=False):
        value = expected.figures[name].value if name in expected.figures else None
        if not _is_value(text, value):
            yield Misreading(file, place, name or "", text, str(value or "nothing"))


def read_reconciliation(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """What earlier reports printed: each computed value is a figure's, and so is each number.

    A number of a reason may also be one that was printed, or follow from two others of its text.
    """
    files = (RECONCILIATION, CLAIMS)
    lines = [(file, line) for file in files for line in read_lines(folder / file)]
    printed = {number for _, line in lines for number in NUMERAL.findall(line["printed"])}
    values = {str(figure.value) for figure in expected.ledger.figures.values()}
    for file, line in lines:
        name, computed = line.get("figure") or line["id"], line.get("computed", "")
        if computed and computed not in values:
            yield Misreading(file, "computed", name, computed, "the value of a figure")
        numerals = NUMERAL.findall(line["reason"])
        for token in expected.unexplained(line["reason"], [name]):
            size = token.lstrip("-−+")
            numbers = {expected.read_number(each) for each in numerals if each != token}
            candidates = [*map(abs, _combine(numbers))]
            if DIGIT.match(computed.lstrip("-")):
                candidates.append(abs(float(computed)))
            if size not in printed and not any(expected.is_written(size, c) for c in candidates):
                yield Misreading(file, "reason", name, line["reason"], f"not {token}")


def _combine(numbers: set[float]) -> Iterator[float]:
    """What follows from two numbers: sum, difference, product, part, share and change."""
    for one, other in permutations(numbers, 2):
        yield from (one + other, one - other, one * other / 100)
        if other:
            yield from (one / other, 100 * one / other, 100 * (one - other) / other)


def read_workbook(path: Path, expected: Expectations) -> Iterator[Misreading]:
    """Every table of the workbook, in the order of the report, and the list of all figures."""
    book = CalamineWorkbook.from_path(str(path))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    numbered = [(name, lines) for name, lines in sheets.items() if re.match(r"\d+ ", name)]
    for (name, lines), part in zip(numbered, _list_tables(expected), strict=False):
        yield from _read_sheet(f"sheet '{name}'", lines, part, expected)
    # A line of the list of all figures begins with name, definition and value.
    for name, cells in ((name, cells) for name, lines in sheets.items() for cells in lines):
        figure = expected.ledger.figures.get(str(cells[0])) if cells else None
        if figure is not None and cells[2:]:
            value = _in_workbook(figure)
            hidden = figure.value is None and DIGIT.search(str(cells[2]))
            if hidden or (value is not None and _numbers(cells[1:3]) != [value]):
                wanted = "no number" if hidden else str(value)
                yield Misreading(WORKBOOK, f"sheet '{name}'", figure.id, str(cells[2]), wanted)


def _read_sheet(
    place: str, lines: list[list[Any]], part: Chart | ReportTable, expected: Expectations
) -> Iterator[Misreading]:
    """A table: each of its rows stands under its name, with the numbers of its figures."""
    figures = expected.ledger.figures
    for row in expected.rows(part):
        label = expected.definitions.get(row.code, "")
        if row.field:
            label = expected.label(row.field, row.code) or row.code
        values = [_in_workbook(figures[name]) for name in row.figures if name in figures]
        wanted = [each for each in values if each is not None]
        called = [_numbers(line[1:]) for line in lines if plain(str(line[0])) == plain(label)]
        # Beside a single figure stand its interval and the year before.
        if not any((own if row.field else own[: len(wanted)]) == wanted for own in called):
            name = next(filter(None, row.figures), row.code)
            yield Misreading(WORKBOOK, f"{place}, row '{label}'", name, str(called), str(wanted))


def _numbers(cells: Sequence[Any]) -> list[float]:
    return [_limit_digits(cell) for cell in cells if isinstance(cell, float)]


def _in_workbook(figure: Figure) -> float | None:
    """The number that a cell of a workbook holds: a percentage as a part of one."""
    if not has_number(figure) or figure.unit in CALENDAR:
        return None
    number = figure.number / (100 if figure.unit in ("percent", "percent change") else 1)
    # As the workbook's file writes it: rounded twice, a number can end otherwise than at once.
    return _limit_digits(float(f"{number:.16G}"))


def _limit_digits(value: float) -> float:
    """A number with the digits that a workbook keeps for certain."""
    return float(f"{value:.14g}")


def _list_tables(expected: Expectations) -> Iterator[Chart | ReportTable]:
    """The charts and tables of the report in its order, each content once."""
    ledger, contents = expected.ledger, set[tuple[str, ...]]()
    for reference in (r for c in ledger.chapters for cell in c.cells for r in cell.shows):
        part: Chart | ReportTable | None = None
        if reference.kind == "chart":
            part = ledger.charts[reference.id]
        elif reference.kind == "table":
            part = ledger.tables[reference.id]
        content = tuple(expected.figures_of(part))
        if part is not None and content and content not in contents:
            contents.add(content)
            yield part
