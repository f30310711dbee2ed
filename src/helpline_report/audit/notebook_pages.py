"""Released notebooks for the auditor: as a page with the trace of each figure, and to download."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import nbformat
import nbformat.v4 as nb
from jinja2 import Environment
from markupsafe import Markup, escape
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from helpline_report.audit.series import traces
from helpline_report.audit.trace import Tracer
from helpline_report.audit.uses import REPORT, address_of, place_of, text_of
from helpline_report.figures.ledger import CellRecord
from helpline_report.prose.markdown import parse
from helpline_report.prose.nodes import (
    Block,
    BulletList,
    Emphasis,
    Heading,
    Inline,
    Item,
    Link,
    Note,
    OrderedList,
    Placeholder,
    Quote,
    Strong,
    Value,
    plain,
)
from helpline_report.prose.place import Place
from helpline_report.prose.render_html import html
from helpline_report.report.chapters import ChapterReader, lacks
from helpline_report.report.exporters import CellsExporter, macros
from helpline_report.report.markup import made
from helpline_report.report.parts import Parts
from helpline_report.report.released_notebooks import (
    OutputRecord,
    is_left_out,
    records_of,
    without_comments,
)
from helpline_report.report.views import (
    CampaignView,
    ChartView,
    HighlightsView,
    Left,
    TableView,
    TermsView,
    View,
)

Address = Callable[[str], str | None]
Listed = TypeVar("Listed", BulletList, OrderedList)


def explanation(text: str, where: Place, address: Address) -> tuple[str, Markup]:
    """The title of a text (its first heading of level 1, or nothing), and the rest as HTML.

    Raises:
        TextError: the text holds Markdown that can't be set.
    """
    blocks = parse(text, where)
    title = ""
    if blocks and isinstance(blocks[0], Heading) and blocks[0].level == 1:
        title, blocks = plain(blocks[0].children), blocks[1:]
    shown = tuple(_block(block) for block in blocks)
    return title, html(shown, prefix=f"text-{where.cell}", figure=lambda v: _named(v, address))


def _named(value: Value, address: Address) -> Markup:
    """A placeholder as it is written, and the trace of its figure."""
    written = Markup("<code>{}</code>").format(value.text)
    href = address(value.figure or "")
    return Markup('<a href="{}">{}</a>').format(href, written) if href else written


def _block(block: Block) -> Block:
    match block:
        case Note():
            return block
        case BulletList():
            return _listed(block)
        case OrderedList():
            return _listed(block)
        case Heading():
            level = max(2, min(3, block.level))
            return replace(block, level=level, children=_inlines(block.children))
        case Quote():
            return Quote(tuple(_block(child) for child in block.children))
    return replace(block, children=_inlines(block.children))


def _listed(block: Listed) -> Listed:
    return replace(block, items=tuple(_item(item) for item in block.items))


def _item(item: Item) -> Item:
    return replace(item, children=tuple(_block(child) for child in item.children))


def _inlines(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    return tuple(_inline(child) for child in children)


def _inline(node: Inline) -> Inline:
    match node:
        case Placeholder():
            form = f" | {node.form}" if node.form else ""
            return Value(text=f"{{{{ {node.name}{form} }}}}", figure=node.name)
        case Link():
            href = f"{REPORT}{node.href}" if node.href.startswith("#") else node.href
            return Link(href, _inlines(node.children), node.line)
        case Emphasis():
            return Emphasis(_inlines(node.children))
        case Strong():
            return Strong(_inlines(node.children))
    return node


class TracedCells(Preprocessor):
    """Puts the traces of figures in the place of outputs, and explanations in that of texts."""

    def __init__(self, tracer: Tracer, parts: Parts, environment: Environment) -> None:
        super().__init__(enabled=True)
        self.tracer = tracer
        self.publication = tracer.publication
        self.parts = parts
        self.environment = environment

    def preprocess(
        self, node: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook for the auditor, and the title of its chapter in `resources`."""
        name = resources["chapter"]
        resources["title"] = name
        headed = False
        for cell in node.cells:
            if cell.cell_type == "markdown":
                title, cell.source = self._text(name, cell)
                resources["title"] = title or resources["title"]
                headed = headed or "<h2" in cell.source
            else:
                # The first cell of code needs a heading above it where no text gives one.
                cell.metadata["first"] = not headed
                headed = True
                cell.outputs = [
                    nb.new_output("display_data", data={"text/html": markup})
                    for record in records_of(cell, name)
                    for markup in self._record(name, cell.id, record)
                ]
        return node, resources

    def _text(self, name: str, cell: NotebookNode) -> tuple[str, Markup]:
        write = macros(self.environment)
        if is_left_out(cell):
            return "", made(write.left_out(cell.id))
        own = cell.id in self.publication.texts.get(name, {})
        place = Place(self.publication.files.get(name, name), cell.id)
        address = partial(address_of, publication=self.publication)
        title, text = explanation(text_of(self.publication, name, cell), place, address)
        clause = (lacks(cell, self.publication, self.tracer.words.edition) or "").rstrip(".")
        return title, made(write.text(cell.id, text, own, clause))

    def _record(self, name: str, cell: str, record: OutputRecord) -> Iterator[Markup]:
        write = macros(self.environment)
        for trace in traces(CellRecord(id=cell, figures=record.figures), self.tracer):
            yield made(write.trace(trace))
        if record.shows is not None:
            charts = [v for v in self.parts.of(record.shows) if isinstance(v, ChartView)]
            yield made(write.shown(record.shows, place_of(name, record.shows), charts))


class AuditExporter(CellsExporter):
    """A released notebook with its code, and beside each step what it gave."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self, tracer: Tracer, parts: Parts, environment: Environment) -> None:
        super().__init__(environment, TracedCells(tracer, parts, environment))

    def _template_file_default(self) -> str:
        return "cells.html.j2"


def notebook_text(name: str, node: NotebookNode, reader: ChapterReader) -> str:
    """The file of a released notebook: its texts and what was released, for who opens it."""
    shown = deepcopy(node)
    number = 0
    for cell in shown.cells:
        if is_left_out(cell):
            cell.source = f"*{reader.words.say('part.cell_left_out')}*"
        elif cell.cell_type == "markdown":
            cell.source = without_comments(text_of(reader.publication, name, cell))
        elif cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            for output, record in zip(cell.outputs, records_of(cell, ""), strict=True):
                output.data |= _data(record, reader)
    return f"{nbformat.writes(shown)}\n"


def _data(record: OutputRecord, reader: ChapterReader) -> dict[str, str]:
    """What was released of a record, by kind: a drawing, tables, and both as plain text."""
    views = reader.parts.of(record.shows) if record.shows is not None else ()
    charts = [view.paper for view in views if isinstance(view, ChartView)]
    if charts:
        kind = "image/svg+xml" if len(charts) == 1 else "text/html"
        return {
            kind: "\n".join(chart.svg for chart in charts),
            "text/plain": "\n".join(chart.alt for chart in charts),
        }
    grids = [grid for view in views for grid in _grids(view)]
    if record.figures:
        grids.append(_figures(record, reader))
    return {
        "text/html": "\n".join(map(_grid_html, grids)),
        "text/plain": "\n\n".join(map(_grid_text, grids)),
    }


@dataclass(frozen=True)
class Grid:
    """A caption, and rows of text; the first cell of a row is its head."""

    caption: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = ()


def _figures(record: OutputRecord, reader: ChapterReader) -> Grid:
    writer = reader.words.writer
    figures = [reader.publication.ledger.figures[name] for name in record.figures]
    rows = [(each.id, writer.shown(each), writer.definition(each)) for each in figures]
    return Grid("", rows)


def _grids(view: View) -> Iterator[Grid]:
    match view:
        case TableView():
            rows = [(row.head, *(cell.text for cell in row.cells)) for row in view.rows]
            yield Grid(view.caption, rows, view.heads)
            yield Grid(" ".join((*view.notes, view.source)).strip(), ())
        case HighlightsView():
            yield Grid("", [(item.name, item.value.text) for item in view.entries])
        case CampaignView():
            yield Grid(f"{view.name} ({view.period})", ())
            yield from _grids(view.table)
        case TermsView():
            yield Grid("", [(item.term, item.text) for item in view.entries])
        case Left():
            yield Grid(view.text, ())


def _grid_html(grid: Grid) -> str:
    if not grid.rows:
        return f"<p>{escape(grid.caption)}</p>" if grid.caption else ""
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    heads = "".join(f"<th>{escape(head)}</th>" for head in grid.heads)
    top = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    lines = [
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}"
        "</tr>"
        for row in grid.rows
    ]
    return f"<table>{caption}{top}<tbody>{''.join(lines)}</tbody></table>"


def _grid_text(grid: Grid) -> str:
    lines = [grid.caption] if grid.caption else []
    lines += ["\t".join(row) for row in ([grid.heads] if grid.heads else []) + [*grid.rows]]
    return "\n".join(lines)
