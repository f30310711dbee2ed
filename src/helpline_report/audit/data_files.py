"""Read the CSV files and the workbook of an edition back, and hold them to the released ledger."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from helpline_report.audit.expectations import (
    DIGIT,
    Expectations,
    Misreading,
    Row,
    has_number,
    plain,
)
from helpline_report.figures.model import Chart, Figure, ReportTable

WORKBOOK = "data/tabellen.xlsx"
FIGURES = "data/figures.csv"
# Columns of `figures.csv` that hold numbers, and where a figure has them.
NUMBERS = {"numerator": "numerator", "denominator": "denominator"} | {
    f"interval_{part}": part for part in ("low", "high", "dispersion")
}


def read_lines(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file, by the names of their columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is_number(text: str, value: float | None) -> bool:
    """Whether a field of a data file is a number, not rounded; empty where there is none."""
    if value is None:
        return not text
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
        is_text = isinstance(figure.value, str)
        if is_text and plain(line["value"]) != plain(str(figure.value)):
            yield Misreading(FIGURES, "value", name, line["value"], str(figure.value))
        known = expected.parts(figure) if figure.value is not None else {}
        columns = NUMBERS if is_text else {"value": "value", **NUMBERS}
        for column, part in columns.items():
            if not _is_number(line[column], known.get(part)):
                wanted = str(known.get(part, "nothing"))
                yield Misreading(FIGURES, column, name, line[column], wanted)
    for name in figures:
        yield Misreading(FIGURES, "the whole file", name, "no line", "a line")


def read_data_files(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """The file of each chart and table: its codes, labels and values."""
    ledger = expected.ledger
    parts: list[Chart | ReportTable] = [*ledger.charts.values(), *ledger.tables.values()]
    for part in parts:
        name = f"data/{part.id}.csv"
        lines, rows = read_lines(folder / f"{part.id}.csv"), expected.rows(part)
        crosstab = ledger.crosstabs.get(part.crosstab or "")
        if crosstab is not None:
            both = f"{crosstab.rows}|{crosstab.columns}"
            cells = crosstab.cells
            rows = [Row(both, f"{cell.row}|{cell.column}", (cell.figure,)) for cell in cells]
        if len(lines) != len(rows):
            yield Misreading(name, "the whole file", part.id, f"{len(lines)} lines", str(len(rows)))
        for line, row in zip(lines, rows, strict=False):
            yield from _read_line(name, list(line.values()), row, expected)
    points = {point.id: point for point in (ledger.trend.points if ledger.trend else ())}
    for noun in dict.fromkeys(point.noun for point in points.values()):
        name = f"trend.{noun}.csv"
        for line in read_lines(folder / name):
            value = str(points[line["id"]].value)
            if line["printed"] != value:
                yield Misreading(f"data/{name}", "printed", line["id"], line["printed"], value)


def _read_line(
    file: str, cells: Sequence[str], row: Row, expected: Expectations
) -> Iterator[Misreading]:
    """A line of a data file: codes with their labels, then values. Learns the labels."""
    figures = expected.ledger.figures
    if not row.field:
        value = figures[row.code].value
        if cells[0] != row.code or not (isinstance(value, str) or _is_number(cells[1], value)):
            yield Misreading(
                file, f"line '{cells[0]}'", row.code, cells[1], str(value or "nothing")
            )
        return
    for at, (by, code) in enumerate(zip(row.field.split("|"), row.code.split("|"), strict=True)):
        label = expected.label(by, code) or cells[2 * at + 1]
        expected.labels.setdefault((by, code), label)
        own = row.figures[0] or ""
        if plain(cells[2 * at]) != plain(code) or plain(cells[2 * at + 1]) != plain(label):
            place = f"line '{cells[2 * at]}'"
            yield Misreading(file, place, own, cells[2 * at + 1], f"'{label}' ({code})")
    values = cells[2 * len(row.field.split("|")) :]
    for name, text in zip(row.figures, values, strict=False):
        figure = figures.get(name or "")
        value = figure.value if figure else None
        wrong = text != value if isinstance(value, str) else not _is_number(text, value)
        if wrong:
            yield Misreading(file, f"line '{cells[0]}'", name or "", text, str(value or "nothing"))


def read_workbook(path: Path, expected: Expectations) -> Iterator[Misreading]:
    """Every table of the workbook, in the order of the report, and the list of all figures."""
    book = CalamineWorkbook.from_path(str(path))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    numbered = [(name, lines) for name, lines in sheets.items() if re.match(r"\d+ ", name)]
    for (name, lines), part in zip(numbered, _tables(expected), strict=False):
        yield from _read_sheet(f"sheet '{name}'", lines, part, expected)
    for name, lines in sheets.items():
        for line in lines:
            figure = expected.ledger.figures.get(str(line[0]))
            # Name, definition, value.
            if figure is not None and len(line) > 2:  # noqa: PLR2004
                yield from _read_value(f"sheet '{name}'", figure, line[2])


def _read_value(place: str, figure: Figure, cell: Any) -> Iterator[Misreading]:
    value = _in_workbook(figure)
    if value is not None and (not isinstance(cell, float) or _digits(cell) != value):
        yield Misreading(WORKBOOK, place, figure.id, str(cell), str(value))
    if figure.value is None and DIGIT.search(str(cell)):
        yield Misreading(WORKBOOK, place, figure.id, str(cell), "no number")


def _read_sheet(
    place: str, lines: list[list[Any]], part: Chart | ReportTable, expected: Expectations
) -> Iterator[Misreading]:
    """A table: its rows under their names, each with the numbers of its figures, and its total."""
    figures, rows = expected.ledger.figures, expected.rows(part)
    labels = [plain(_label(row, expected)) for row in rows]
    names = [plain(str(line[0])) for line in lines]
    starts = [at for at, text in enumerate(names) if text == labels[0]]
    whole = [at for at in starts if names[at : at + len(labels)] == labels]
    body = lines[(whole or starts or [0])[0] :]
    for label, row, line in zip(labels, rows, body, strict=False):
        if plain(str(line[0])) != label:
            yield Misreading(WORKBOOK, place, row.code, str(line[0]), f"'{label}'")
            continue
        wanted = [_in_workbook(figures[name]) for name in row.figures if name in figures]
        known = [number for number in wanted if number is not None]
        numbers = _numbers(line)
        # Beside a single figure stand its interval and the year before.
        if (numbers if row.field else numbers[: len(known)]) != known:
            own = next(filter(None, row.figures), row.code)
            text = ", ".join(map(str, numbers))
            where = f"{place}, row '{line[0]}'"
            yield Misreading(WORKBOOK, where, own, text, ", ".join(map(str, known)))
    total = figures.get(part.total or "") if isinstance(part, ReportTable) else None
    if total is not None and rows[0].field and len(body) > len(rows):
        numbers = _numbers(body[len(rows)])
        if set(numbers) - {_in_workbook(total)}:
            text = ", ".join(map(str, numbers))
            yield Misreading(WORKBOOK, f"{place}, total", total.id, text, str(total.value))


def _label(row: Row, expected: Expectations) -> str:
    """The name of a row: of its code, or of its single figure."""
    if not row.field:
        return expected.definitions[row.code]
    return expected.label(row.field, row.code) or row.code


def _numbers(line: Sequence[Any]) -> list[float]:
    return [_digits(cell) for cell in line[1:] if isinstance(cell, float)]


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
    ledger = expected.ledger
    contents: set[tuple[str | None, ...]] = set()
    for reference in (r for c in ledger.chapters for cell in c.cells for r in cell.shows):
        part: Chart | ReportTable | None = None
        if reference.kind == "chart":
            part = ledger.charts[reference.id]
        elif reference.kind == "table":
            part = ledger.tables[reference.id]
        if part is None:
            continue
        rows = expected.rows(part)
        total = part.total if isinstance(part, ReportTable) else None
        content = tuple(name for row in rows for name in row.figures) + ((total,) if total else ())
        if rows and content not in contents:
            contents.add(content)
            yield part
