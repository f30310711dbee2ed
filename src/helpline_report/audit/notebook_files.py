"""Write released notebooks with what was released of each cell, for who opens them in Jupyter."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import ClassVar
from xml.etree import ElementTree as ET

import nbformat
from markupsafe import escape
from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpline_report.description import Node
from helpline_report.report import views
from helpline_report.report.chapters import ChapterReader, find_lack, text_of
from helpline_report.report.released_notebooks import OWN, is_left_out, remove_comments

# How much of the SHA-256 of a picture tells it from others.
DIGEST = 16


@dataclass(frozen=True)
class TextOutput:
    """A line that a cell gave; it is `about` a part of the report."""

    kind: ClassVar[str] = "line"
    text: str
    about: str


@dataclass(frozen=True)
class TableOutput:
    """A table that a cell gave, its heads first if it has any, and what each row is about."""

    kind: ClassVar[str] = "table"
    rows: tuple[tuple[str, ...], ...]
    about: tuple[str, ...]
    heads: tuple[str, ...] = ()


@dataclass(frozen=True)
class PictureOutput:
    """A picture that a cell gave: the drawing of a chart, as SVG, and what it says in words."""

    kind: ClassVar[str] = "picture"
    text: str
    about: str
    svg: str


Output = TextOutput | TableOutput | PictureOutput


@dataclass(frozen=True)
class ReleasedCell:
    """A cell of a released notebook: its name, text or code, and what was released of it."""

    id: str
    kind: str
    source: str
    number: int = 0
    outputs: tuple[Output, ...] = ()


def make_notebook(name: str, node: NotebookNode, reader: ChapterReader) -> list[ReleasedCell]:
    """The cells of a released notebook, with its texts and what was released."""
    cells, number = [], 0
    for cell in node.cells:
        if is_left_out(cell):
            text = f"*{reader.words.say('part.cell_left_out')}*"
            cells.append(ReleasedCell(cell.id, cell.cell_type, text))
        elif cell.cell_type == "markdown":
            text = remove_comments(text_of(reader.publication, name, cell)[0])
            cells.append(ReleasedCell(cell.id, cell.cell_type, text))
        else:
            number += 1
            outputs = tuple(_list_outputs(name, cell, reader))
            cells.append(ReleasedCell(cell.id, cell.cell_type, cell.source, number, outputs))
    return cells


def describe_notebook(cells: Sequence[ReleasedCell]) -> Iterator[Node]:
    """What a notebook says, cell by cell: texts, code, and what was released of it."""
    for cell in cells:
        form = str(cell.number) if cell.number else ""
        yield Node(cell.id, "code" if cell.number else "text", cell.source, form=form)
        for output in cell.outputs:
            match output:
                case TextOutput():
                    yield Node(cell.id, "line", output.text, output.about)
                case PictureOutput():
                    digest = hashlib.sha256(output.svg.encode()).hexdigest()[:DIGEST]
                    yield Node(cell.id, "picture", output.text, output.about, form=digest)
                case TableOutput():
                    if output.heads:
                        yield Node(cell.id, "heads", "\t".join(output.heads))
                    for row, about in zip(output.rows, output.about, strict=True):
                        yield Node(cell.id, "row", "\t".join(row), about)
                    yield Node(cell.id, "end")


def write_notebook(node: NotebookNode, cells: Sequence[ReleasedCell]) -> str:
    """The file of a notebook with these cells, and the metadata of `node`."""
    notebook = deepcopy(node)
    for cell, released in zip(notebook.cells, cells, strict=True):
        cell.source = released.source
        if released.number:
            cell.execution_count = released.number
            cell.outputs = [*map(_write_output, released.outputs)]
    return f"{nbformat.writes(notebook)}\n"


def _list_outputs(name: str, cell: NotebookNode, reader: ChapterReader) -> Iterator[Output]:
    """What was released of a cell: its figures, and each chart or table that it shows."""
    record, writer = reader.publication.record_of(name, cell.id), reader.words.writer
    if record.figures:
        figures = [reader.publication.ledger.figures[figure] for figure in record.figures]
        rows = tuple((f.id, writer.cell_text(f), writer.definition(f)) for f in figures)
        yield TableOutput(rows, tuple(figure.id for figure in figures))
    # What the report leaves out isn't shown here either.
    for reference in record.shows if find_lack(cell, reader.words) is None else ():
        for view in reader.parts.of(reference):
            yield from _show_view(view)


def _show_view(view: views.View) -> Iterator[Output]:
    match view:
        case views.ChartView(paper=drawing):
            yield PictureOutput(drawing.alt, view.id, drawing.svg)
        case views.TableView():
            yield TextOutput(view.caption, view.id)
            rows = tuple(tuple(cell.text for cell in row) for row in view.rows)
            yield TableOutput(rows, tuple(row[0].code for row in view.rows), view.heads)
            if text := " ".join((*view.notes, view.source)).strip():
                yield TextOutput(text, view.id)
        case views.HighlightsView():
            rows = tuple((item.name, item.value.text) for item in view.entries)
            yield TableOutput(rows, tuple(item.value.figure or "" for item in view.entries))
        case views.CampaignView():
            yield TextOutput(f"{view.name} ({view.period})", view.id)
            yield from _show_view(view.table)
        case views.TermsView():
            yield TableOutput(view.entries, view.about or ("",) * len(view.entries))
        case views.Left():
            yield TextOutput(view.text, view.about)


def _write_output(output: Output) -> NotebookNode:
    data = {}
    match output:
        case TextOutput():
            data = {"text/plain": output.text}
        case PictureOutput():
            # A picture: JupyterLab shows no SVG of a notebook that it doesn't trust.
            source = base64.b64encode(output.svg.encode()).decode("ascii")
            address = f"data:image/svg+xml;base64,{source}"
            image = f'<img alt="{escape(output.text)}" src="{address}">'
            data = {"text/html": image, "text/plain": output.text}
        case TableOutput():
            lines = [output.heads, *output.rows] if output.heads else output.rows
            data = {
                "text/html": _write_table(output),
                "text/plain": "\n".join(map("\t".join, lines)),
            }
    written: NotebookNode = new_output("display_data", data=data, metadata={OWN: "released"})
    return written


def _write_table(output: TableOutput) -> str:
    table = ET.Element("table")
    for line in [output.heads, *output.rows] if output.heads else output.rows:
        row = ET.SubElement(table, "tr")
        for text in line:
            ET.SubElement(row, "th" if line is output.heads else "td").text = text
    return ET.tostring(table, "unicode", method="html")
