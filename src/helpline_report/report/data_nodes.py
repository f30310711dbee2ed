"""Describe the files of `data/` as nodes: what each says, in the order in which it is read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helpline_report.description import Node
from helpline_report.report.open_data import DataFile, write_rows
from helpline_report.report.sheets import TableSheet


def describe_rows(file: DataFile) -> Iterator[Node]:
    """A CSV file: a head for each column with its type, then a node for each row.

    The text of a row has its cells as CSV, and as they are meant: nothing shields them from
    spreadsheets. A row of a figure is about it.
    """
    place = file.name.removesuffix(".csv")
    for column in file.columns:
        yield Node(place, "head", column.name, form=column.type)
    abouts = file.about or [row[0] for row in file.rows]
    for about, row in zip(abouts, file.rows, strict=True):
        yield Node(place, "row", write_rows([row]).rstrip("\n"), about)


def write_digits(number: float) -> str:
    """A number by the sixteen digits that a workbook holds of it."""
    return repr(float(f"{number:.16g}"))


def describe_sheets(sheets: Sequence[TableSheet], title: str) -> Iterator[Node]:
    """A workbook: its `title`, and sheet by sheet names, lines, heads and cells.

    The text of a number is that which a spreadsheet holds, and its form how it is written.
    """
    yield Node("workbook", "document-title", title)
    for sheet in sheets:
        place = sheet.about
        yield Node(place, "sheet", sheet.name, form=sheet.foot)
        yield Node(place, "title", sheet.title)
        for line in sheet.lead:
            yield Node(place, "lead", line.text, line.about)
        for head, column in zip(sheet.heads, sheet.columns, strict=True):
            yield Node(place, "head", head, column)
        for row in sheet.rows:
            for place_in_row, cell in enumerate(row):
                number = cell.number
                kind = "row" if place_in_row == 0 else "value" if number is None else "number"
                text = cell.text if number is None else write_digits(number)
                yield Node(place, kind, text, cell.about, cell.target, cell.format)
        for line in sheet.notes:
            yield Node(place, "note", line.text, line.about)


def describe_tree(tree: Any, place: str = "") -> Iterator[Node]:
    """A file of JSON: a node for each of its values, which is called by its key.

    Its place are the keys above it, and the numbers of items of lists; its form is its type.
    """
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if isinstance(value, Mapping | list):
                yield from describe_tree(value, f"{place}/{key}")
            else:
                yield Node(place, key, str(value), form=type(value).__name__)
    else:
        for number, value in enumerate(tree):
            if isinstance(value, Mapping | list):
                yield from describe_tree(value, f"{place}/{number}")
            else:
                yield Node(place, str(number), str(value), form=type(value).__name__)
