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
    """Every figure by its line, and the names that figures have."""
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
    """The file of each chart and table (its codes, labels and values), and of what others printed.

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
    points = {point.id: point for point in (ledger.trend.points if ledger.trend else ())}
    for noun in dict.fromkeys(point.noun for point in points.values()):
        name = f"data/trend.{noun}.csv"
        for line in read_lines(folder / name):
            value = str(points[line["id"]].value)
            if line["printed"] != value:
                yield Misreading(name, "printed", line["id"], line["printed"], value)
    drawn = {*ledger.charts, *(f"trend.{point.noun}" for point in points.values())}
    for path in (folder / "data/charts").glob("*.png"):
        if path.stem not in drawn:
            yield Misreading(f"data/charts/{path.name}", "its name", path.stem, "", "a chart")


def _read_line(
    file: str, cells: Sequence[str], row: Row, expected: Expectations
) -> Iterator[Misreading]:
    """A line of a data file: codes with their labels, then values. Learns the labels."""
    figures = expected.ledger.figures
    place, codes = f"line '{cells[0]}'", [row.code]
    names: tuple[str, ...] = (row.code,)
    values = cells[1:]
    if row.field:
        codes, names = row.code.split("|"), tuple(name or "" for name in row.figures)
        values = cells[2 * len(codes) :]
        for at, (by, code) in enumerate(zip(row.field.split("|"), codes, strict=True)):
            label = expected.label(by, code) or cells[2 * at + 1]
            expected.labels.setdefault((by, code), label)
            if plain(cells[2 * at + 1]) != plain(label):
                yield Misreading(file, place, names[0], cells[2 * at + 1], f"'{label}' ({code})")
    written = cells[: 2 * len(codes) : 2] if row.field else cells[:1]
    if [*map(plain, written)] != [*map(plain, codes)]:
        yield Misreading(file, place, names[0], ", ".join(written), ", ".join(codes))
    for name, text in zip(names, values, strict=False):
        value = figures[name].value if name in figures else None
        if not _is_value(text, value):
            yield Misreading(file, place, name, text, str(value or "nothing"))


def read_reconciliation(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """What earlier reports printed: each computed value is a figure's, and so is each number.

    A number of a reason may also be one that was printed, or follow from two others of its text.
    """
    figures = expected.ledger.figures
    lines = [
        (file, line) for file in (RECONCILIATION, CLAIMS) for line in read_lines(folder / file)
    ]
    printed = " ".join(line["printed"] for _, line in lines)
    values = {str(figure.value) for figure in figures.values()}
    for file, line in lines:
        name, computed = line.get("figure") or line["id"], line.get("computed", "")
        if computed and computed not in values:
            yield Misreading(file, "computed", name, computed, "the value of a figure")
        for token in expected.unexplained(line["reason"], [name]):
            size = token.lstrip("-−+")
            others = {
                expected.read_number(t) for t in NUMERAL.findall(line["reason"]) if t != token
            }
            same = computed and DIGIT.match(computed.lstrip("-"))
            if not (
                size in NUMERAL.findall(printed)
                or (same and _is_written(size, float(computed), expected))
                or any(_is_written(size, each, expected) for each in _follow(others))
            ):
                yield Misreading(file, "reason", name, line["reason"], f"not {token}")


def _is_written(size: str, value: float, expected: Expectations) -> bool:
    return size == expected.number(value, len(size.partition(expected.number(0.1, 1)[1])[2]))


def _follow(numbers: set[float]) -> Iterator[float]:
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
    for (name, lines), part in zip(numbered, _tables(expected), strict=False):
        yield from _read_sheet(f"sheet '{name}'", lines, part, expected)
    # Name, definition, value.
    listed = [(name, line) for name, lines in sheets.items() for line in lines if len(line) > 2]  # noqa: PLR2004
    for name, line in listed:
        figure = expected.ledger.figures.get(str(line[0]))
        value = _in_workbook(figure) if figure else None
        hidden = figure is not None and figure.value is None and DIGIT.search(str(line[2]))
        if figure and (hidden or (value is not None and _numbers(line[1:3]) != [value])):
            wanted = "no number" if hidden else str(value)
            yield Misreading(WORKBOOK, f"sheet '{name}'", figure.id, str(line[2]), wanted)


def _read_sheet(
    place: str, lines: list[list[Any]], part: Chart | ReportTable, expected: Expectations
) -> Iterator[Misreading]:
    """A table: its rows under their names, each with the numbers of its figures, and its total."""
    figures, rows = expected.ledger.figures, expected.rows(part)
    labels = [
        plain((expected.label(row.field, row.code) or row.code) if row.field else definition)
        for row in rows
        for definition in [expected.definitions.get(row.code, "")]
    ]
    names = [plain(str(line[0])) for line in lines]
    starts = [at for at, text in enumerate(names) if text == labels[0]]
    whole = [at for at in starts if names[at : at + len(labels)] == labels]
    body = lines[(whole or starts or [0])[0] :]
    for label, row, line in zip(labels, rows, body, strict=False):
        if plain(str(line[0])) != label:
            yield Misreading(WORKBOOK, place, row.code, str(line[0]), f"'{label}'")
            continue
        wanted = [_in_workbook(figures[name]) for name in row.figures if name in figures]
        known, numbers = [each for each in wanted if each is not None], _numbers(line[1:])
        # Beside a single figure stand its interval and the year before.
        if (numbers if row.field else numbers[: len(known)]) != known:
            own = next(filter(None, row.figures), row.code)
            where = f"{place}, row '{line[0]}'"
            yield Misreading(WORKBOOK, where, own, str(numbers), str(known))
    total = figures.get(part.total or "") if isinstance(part, ReportTable) else None
    if total is not None and rows[0].field and len(body) > len(rows):
        numbers = _numbers(body[len(rows)][1:])
        if set(numbers) - {_in_workbook(total)}:
            where = f"{place}, total"
            yield Misreading(WORKBOOK, where, total.id, str(numbers), str(total.value))


def _numbers(cells: Sequence[Any]) -> list[float]:
    return [_digits(cell) for cell in cells if isinstance(cell, float)]


def _in_workbook(figure: Figure) -> float | None:
    """The number that a cell of a workbook holds: a percentage as a part of one."""
    if not has_number(figure) or figure.unit in ("month", "weekday"):
        return None
    number = figure.number / (100 if figure.unit in ("percent", "percent change") else 1)
    # As the workbook's file writes it: rounded twice, a number can end otherwise than at once.
    return _digits(float(f"{number:.16G}"))


def _digits(value: float) -> float:
    """A number with the digits that a workbook keeps for certain."""
    return float(f"{value:.14g}")


def _tables(expected: Expectations) -> Iterator[Chart | ReportTable]:
    """The charts and tables of the report in its order, each content once."""
    ledger, contents = expected.ledger, set[tuple[str | None, ...]]()
    parts: dict[str, dict[str, Any]] = {"chart": ledger.charts, "table": ledger.tables}
    for reference in (r for c in ledger.chapters for cell in c.cells for r in cell.shows):
        part: Chart | ReportTable | None = parts.get(reference.kind, {}).get(reference.id)
        rows = expected.rows(part) if part is not None else []
        content = tuple(name for row in rows for name in row.figures)
        if isinstance(part, ReportTable) and part.total:
            content = (*content, part.total)
        if part is not None and rows and content not in contents:
            contents.add(content)
            yield part
