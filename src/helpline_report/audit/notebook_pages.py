"""Convert released notebooks for the auditor: to pages with traces, and to files to download."""

import base64
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import nbformat
from jinja2 import Environment
from markupsafe import Markup, escape
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from helpline_report.audit.trace import REPORT, Tracer, find_address
from helpline_report.prose.markdown import parse
from helpline_report.prose.nodes import Element, Node, Placeholder, Value, plain
from helpline_report.prose.rendering import TextGrid, html
from helpline_report.report.chapters import ChapterReader, find_lack, text_of
from helpline_report.report.markup import display_output, load_macros, trust_markup
from helpline_report.report.released_notebooks import (
    OutputRecord,
    is_left_out,
    read_output_records,
    remove_comments,
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


class TracedCells(Preprocessor):
    """Puts the traces of figures in the place of outputs, and explanations in that of texts."""

    def __init__(self, tracer: Tracer, reader: ChapterReader, environment: Environment) -> None:
        super().__init__(enabled=True)
        self.tracer, self.reader, self.environment = tracer, reader, environment

    def preprocess(
        self, node: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook for the auditor, and the title of its chapter in `resources`."""
        name = resources["title"] = resources["chapter"]
        headed = False
        # A text that nobody misses in the report is none of this edition.
        words = self.reader.words
        node.cells = [
            cell for cell in node.cells if cell.cell_type == "code" or find_lack(cell, words) != ""
        ]
        for cell in node.cells:
            if cell.cell_type == "markdown":
                titled = resources["title"] != name
                title, cell.source = self._explain(name, cell, titled=titled)
                resources["title"] = title or resources["title"]
                headed = headed or "<h2" in cell.source
            else:
                # The first cell of code needs a heading above it where no text gives one.
                cell.metadata["first"] = not headed
                headed = True
                cell.outputs = [*map(display_output, self._trace_cell(name, cell))]
        return node, resources

    def _trace_cell(self, name: str, cell: NotebookNode) -> Iterator[Markup]:
        """The traces of a cell of code, and what of it the report shows, or why it doesn't."""
        write, line = load_macros(self.environment), find_lack(cell, self.reader.words)
        if line is not None:
            yield trust_markup(write.note(line or self.tracer.words.say("page.code_left_out")))
        for record in read_output_records(cell):
            for trace in self.tracer.trace_all(cell.id, record.figures):
                yield trust_markup(write.trace(trace))
            if record.shows is not None and line is None:
                views = self.reader.parts.of(record.shows)
                charts = [view for view in views if isinstance(view, ChartView)]
                yield trust_markup(write.part(record.shows, f"{REPORT}#chapter-{name}", charts))

    def _explain(self, name: str, cell: NotebookNode, *, titled: bool) -> tuple[str, Markup]:
        """The title of a text (its heading of level 1, or nothing), and the rest as HTML.

        Once a chapter is `titled`, another such heading is one of its sections.

        A placeholder stands as it is written, and leads to the trace of its figure.
        """
        write, publication = load_macros(self.environment), self.tracer.publication
        if is_left_out(cell):
            return "", trust_markup(write.left_out(cell.id))
        text, where = text_of(publication, name, cell)
        blocks, title = parse(text, where), ""
        if blocks and blocks[0].kind == "heading" and blocks[0].level == 1 and not titled:
            title, blocks = plain(blocks[0].children), blocks[1:]

        def written(value: Value) -> Markup:
            return Markup("<code>{}</code>").format(value.text)

        def link(value: Value) -> Markup:
            href, code = find_address(value.figure or "", publication), written(value)
            return Markup('<a href="{}">{}</a>').format(href, code) if href else code

        nodes = tuple(map(_write_back, blocks))
        markup = html(nodes, prefix=f"text-{where.cell}", figure=link, in_link=written)
        replacement = publication.texts_of(name).get(cell.id)
        is_own = replacement is not None and replacement.file.startswith("params/")
        line = find_lack(cell, self.reader.words)
        return title, trust_markup(write.text(cell.id, markup, is_own, line))


def _write_back(node: Node) -> Node:
    """A node of a text with its placeholders as they are written, and its links into the report."""
    if isinstance(node, Placeholder):
        form = f" | {node.form}" if node.form else ""
        return Value(text=f"{{{{ {node.name}{form} }}}}", figure=node.name)
    if not isinstance(node, Element):
        return node
    return replace(
        node,
        children=tuple(map(_write_back, node.children)),
        level=max(2, min(3, node.level)) if node.kind == "heading" else 0,
        href=f"{REPORT}{node.href}" if node.href.startswith("#") else node.href,
    )


def write_notebook(name: str, node: NotebookNode, reader: ChapterReader) -> str:
    """The file of a released notebook: its texts and what was released, for who opens it."""
    notebook = deepcopy(node)
    number = 0
    for cell in notebook.cells:
        if is_left_out(cell):
            cell.source = f"*{reader.words.say('part.cell_left_out')}*"
        elif cell.cell_type == "markdown":
            text, _ = text_of(reader.publication, name, cell)
            cell.source = remove_comments(text)
        elif cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            # What the report leaves out isn't shown here either.
            shows = find_lack(cell, reader.words) is None
            for output, record in zip(cell.outputs, read_output_records(cell), strict=True):
                output.data |= _write_output(record, reader, shows=shows)
    return f"{nbformat.writes(notebook)}\n"


def _write_output(record: OutputRecord, reader: ChapterReader, *, shows: bool) -> dict[str, str]:
    """What was released of a record, by kind: a drawing, tables, and both as plain text."""
    views = reader.parts.of(record.shows) if record.shows is not None and shows else ()
    if charts := [view.paper for view in views if isinstance(view, ChartView)]:
        pictures = []
        for chart in charts:
            # A picture: JupyterLab shows no SVG of a notebook that it doesn't trust.
            source = base64.b64encode(chart.svg.encode()).decode("ascii")
            picture = f'<img alt="{escape(chart.alt)}" src="data:image/svg+xml;base64,{source}">'
            pictures.append(picture)
        alternatives = "\n".join(chart.alt for chart in charts)
        return {"text/html": "\n".join(pictures), "text/plain": alternatives}
    grids = [grid for view in views for grid in _list_grids(view)]
    if record.figures:
        writer = reader.words.writer
        figures = [reader.publication.ledger.figures[name] for name in record.figures]
        rows = [(f.id, writer.cell_text(f), writer.definition(f)) for f in figures]
        grids.append(TextGrid(rows=rows))
    return {
        "text/html": "\n".join(grid.html for grid in grids),
        "text/plain": "\n\n".join(grid.text for grid in grids),
    }


def _list_grids(view: View) -> Iterator[TextGrid]:
    match view:
        case TableView():
            rows = [(row.head, *(cell.text for cell in row.cells)) for row in view.rows]
            yield TextGrid(view.caption, rows, view.heads)
            yield TextGrid(" ".join((*view.notes, view.source)).strip())
        case HighlightsView():
            yield TextGrid(rows=[(item.name, item.value.text) for item in view.entries])
        case CampaignView():
            yield TextGrid(f"{view.name} ({view.period})")
            yield from _list_grids(view.table)
        case TermsView():
            yield TextGrid(rows=[(item.term, item.text) for item in view.entries])
        case Left():
            yield TextGrid(view.text)
