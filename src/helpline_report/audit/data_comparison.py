"""Hold the files of `data/` to their description: each says what its nodes say, and nothing more.

A difference is a mistake of what wrote the file. What the nodes mean isn't looked at here.
"""

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from helpline_report.audit.expectations import Misreading
from helpline_report.audit.workbook_cells import SpreadsheetCell, read_workbook_cells
from helpline_report.description import Node

# What begins a formula in some spreadsheet; the full-width forms are these to it.
FORMULA = frozenset("=+-@")
SHIELD = "'"
# The kinds of nodes that begin a row of a sheet; others stand beside them.
BEGINNINGS = ("title", "lead", "row", "note")


# What a foot line of a sheet has beside its text: the sizes of letters, and the number of the page.
FOOT = re.compile(r"&L&8 (.*)&R&8 ?P / &N", re.DOTALL)


class CellLine(NamedTuple):
    """A line of a file: where it stands, which figure it is about, and its cells."""

    place: str
    about: str
    cells: Sequence[str]


def compare_lines(
    file: str, lines: Sequence[Sequence[str]], expected: Sequence[CellLine]
) -> Iterator[Misreading]:
    """Each cell that says something else than expected, and lines that are too few or too many."""
    if len(lines) != len(expected):
        number = f"{len(lines)} lines"
        yield Misreading(file, "the whole file", "", number, str(len(expected)))
    for cells, line in zip(lines, expected, strict=False):
        if cells != line.cells:
            for cell, wanted in zip_longest(cells, line.cells):
                if cell != wanted:
                    stands = "no cell" if cell is None else cell
                    yield Misreading(
                        file, line.place, line.about, stands, _quote(wanted, "no cell")
                    )


def _quote(text: str | None, nothing: str) -> str:
    return nothing if text is None else f"'{text}'"


# CSV


def compare_csv(file: str, path: Path, nodes: Sequence[Node]) -> Iterator[Misreading]:
    """A CSV file: its heads, and its rows cell by cell; texts are shielded from spreadsheets."""
    heads = [node for node in nodes if node.kind == "head"]
    rows = [node for node in nodes if node.kind == "row"]
    types = [head.form for head in heads]
    expected = [CellLine("heads", "", [head.text for head in heads])]
    for number, (node, cells) in enumerate(zip(rows, read_rows(rows), strict=True), 1):
        shielded = [
            shield(cell) if kind == "string" or (kind == "any" and not is_number(cell)) else cell
            for cell, kind in zip(cells, types, strict=True)
        ]
        expected.append(CellLine(f"row {number}", node.about, shielded))
    content = path.read_bytes().decode()
    yield from compare_lines(file, [*csv.reader(io.StringIO(content, newline=""))], expected)


def read_rows(nodes: Sequence[Node]) -> list[list[str]]:
    """The cells of nodes of rows."""
    text = "".join(f"{node.text}\n" for node in nodes)
    return [*csv.reader(io.StringIO(text, newline=""))]


def shield(text: str) -> str:
    """A text with an apostrophe before it where a spreadsheet would take it for a formula.

    Spaces and what nobody sees, such as a mark of direction, don't keep it from that.
    """
    if text.startswith(("\t", "\r")):
        return SHIELD + text
    for letter in text:
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf"):
            return SHIELD + text if unicodedata.normalize("NFKC", letter) in FORMULA else text
    return text


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


# The workbook


def compare_workbook(file: str, path: Path, nodes: Sequence[Node]) -> Iterator[Misreading]:
    """A workbook: its sheets in order, each with its lines, heads beside cells, and formats."""
    content = read_workbook_cells(path)
    title, *others = nodes
    if content.title != title.text:
        yield Misreading(file, "its properties", "", content.title, f"'{title.text}'")
    sheets: list[list[Node]] = []
    for node in others:
        if node.kind == "sheet":
            sheets.append([])
        sheets[-1].append(node)
    names = [sheet.name for sheet in content.sheets]
    wanted = [sheet[0].text for sheet in sheets]
    if names != wanted:
        yield Misreading(file, "its sheets", "", ", ".join(names), ", ".join(wanted))
    for sheet, (head, *others) in zip(content.sheets, sheets, strict=False):
        place, foot = f"sheet '{head.text}'", head.form.replace("&", "&&")
        if not FOOT.fullmatch(sheet.foot) or FOOT.sub(r"\1", sheet.foot) != foot:
            yield Misreading(file, f"foot of {place}", "", sheet.foot, f"'{head.form}'")
        lines = [[*map(_write_cell, row)] for row in sheet.rows]
        yield from compare_lines(file, lines, _lay_out(others, place))


def _write_cell(cell: SpreadsheetCell) -> str:
    """A cell of a workbook as one text: its column, what stands there, its format and its link."""
    text = cell.text if cell.number is None else repr(cell.number)
    return _join(cell.column, text, cell.format, cell.target)


def _join(column: int, text: str, form: str, target: str) -> str:
    more = "".join((f" as {form}" if form else "", f" to {target}" if target else ""))
    return f"column {column + 1}: {text}{more}"


def _lay_out(nodes: Sequence[Node], place: str) -> list[CellLine]:
    """The nodes of a sheet as lines of cells; heads are one line."""
    rows: list[list[Node]] = []
    before = ""
    for node in nodes:
        if node.kind in BEGINNINGS or (node.kind == "head" and before != "head"):
            rows.append([])
        rows[-1].append(node)
        before = node.kind
    return [
        CellLine(
            f"{place}, line '{row[0].text}'",
            next((node.about for node in row if node.about), ""),
            [_join(column, node.text, node.form, node.target) for column, node in enumerate(row)],
        )
        for row in rows
    ]


# JSON


def compare_json(file: str, path: Path, nodes: Sequence[Node]) -> Iterator[Misreading]:
    """A file of JSON: the same values by the same keys, in the same order."""
    values = [*list_values(json.loads(path.read_bytes()), "")]
    expected = [(f"{node.place}/{node.kind}", node.text, node.form) for node in nodes]
    if len(values) != len(expected):
        number = f"{len(values)} values"
        yield Misreading(file, "the whole file", "", number, str(len(expected)))
    for value, wanted in zip(values, expected, strict=False):
        if value != wanted:
            yield Misreading(file, wanted[0], "", " ".join(value), " ".join(wanted))


def list_values(tree: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Each value of JSON: its keys and the numbers of items, as text, and its type."""
    if isinstance(tree, dict):
        pairs = [*tree.items()]
    elif isinstance(tree, list):
        pairs = [*enumerate(tree)]
    else:
        yield place, str(tree), type(tree).__name__
        return
    for key, value in pairs:
        yield from list_values(value, f"{place}/{key}")


def compare_hashes(file: str, path: Path) -> Iterator[Misreading]:
    """The size and the hash that a data package says of each of its files."""
    for resource in json.loads(path.read_bytes())["resources"]:
        place = path.parent / resource["path"]
        content = place.read_bytes() if place.exists() else b""
        found = len(content), f"sha256:{hashlib.sha256(content).hexdigest()}"
        if found != (resource["bytes"], resource["hash"]):
            stands = f"{resource['bytes']} {resource['hash']}"
            yield Misreading(file, str(resource["path"]), "", stands, "those of the file")
