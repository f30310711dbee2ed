"""Render chapters with nbconvert, by exporters with templates of their own: as HTML, as Typst."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from helpline_report.report.chapters import ChapterReader, in_book_order
from helpline_report.report.markup import (
    HTML,
    TEMPLATES,
    TYPST,
    html_environment,
    macros,
    made,
    typst_environment,
)
from helpline_report.report.views import View

# A view as markup; the text before the ids of its headings keeps these apart on a page.
Write = Callable[[View, str], Markup]
Order = Callable[[Sequence[View]], Sequence[View]]


class ReleasedParts(Preprocessor):
    """Puts released texts, tables and charts in the place of texts and outputs; the rest goes."""

    def __init__(
        self, reader: ChapterReader, write: Write, mimetype: str, order: Order = tuple
    ) -> None:
        super().__init__(enabled=True)
        self.reader = reader
        self.write = write
        self.mimetype = mimetype
        self.order = order

    def preprocess(
        self, node: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook with what its chapter shows, and the chapter's title in `resources`."""
        name = resources["chapter"]
        chapter = self.reader.read(name, node)
        texts = {cell.id for cell in node.cells if cell.cell_type == "markdown"}
        views = enumerate(self.order(chapter.views), 1)
        parts = [
            (part.cell, self.write(view, f"{name}-{at}"))
            for part, (at, view) in zip(chapter.parts, views, strict=True)
        ]
        node.cells = [
            self._cell(cell, [markup for _, markup in group], text=cell in texts)
            for cell, group in groupby(parts, key=lambda part: part[0])
        ]
        resources["title"] = chapter.title
        return node, resources

    def _cell(self, name: str, markups: Sequence[Markup], *, text: bool) -> Any:
        # nbformat's own functions validate each by itself; nbconvert validates the whole after it.
        cell = {"id": name, "metadata": {}}
        if text:
            return from_dict(
                {**cell, "cell_type": "markdown", "source": Markup("\n").join(markups)}
            )
        outputs = [display_output(self.mimetype, each) for each in markups]
        code = {"cell_type": "code", "source": "", "execution_count": None, "outputs": outputs}
        return from_dict({**cell, **code})


def display_output(mimetype: str, text: str) -> NotebookNode:
    """What a cell shows, as an output of a notebook."""
    output = {"output_type": "display_data", "metadata": {}, "data": {mimetype: text}}
    return cast("NotebookNode", from_dict(output))


class CellsExporter(TemplateExporter):
    """nbconvert's exporter with templates of this package, which walk the cells of a notebook.

    `preprocessor` puts what is released into the cells, `environment` has the templates, and
    `template` names the one. Neither folders with templates nor configuration of other Jupyter
    tools reach it: the same chapter gives the same bytes on every machine.
    """

    export_from_notebook = ""

    def __init__(
        self,
        environment: Environment,
        preprocessor: Preprocessor,
        template: str,
        mimetype: str = HTML,
    ) -> None:
        self._own_environment = environment
        self.output_mimetype = mimetype
        super().__init__(
            template_paths=[str(TEMPLATES)], template_file=template, default_preprocessors=[]
        )
        self.register_preprocessor(preprocessor)

    def convert(self, name: str, node: NotebookNode) -> tuple[str, str]:
        """The title of a chapter, and its released notebook as this exporter's markup."""
        text, resources = self.from_notebook_node(node, {"chapter": name})
        return str(resources["title"]), str(text)

    def _create_environment(self) -> Environment:
        return self._own_environment

    def _load_template(self) -> Any:
        return self.environment.get_template(self.template_file)


def html_exporter(reader: ChapterReader, files: Mapping[str, str]) -> CellsExporter:
    """Chapters as sections of the page; `files` are the CSV of its charts and tables, by id."""
    environment = html_environment(reader.words)
    environment.globals["files"] = files

    def write(view: View, prefix: str) -> Markup:
        return made(macros(environment).show(view, prefix))

    return CellsExporter(environment, ReleasedParts(reader, write, HTML), "chapter.html.j2")


def typst_exporter(reader: ChapterReader) -> CellsExporter:
    """Chapters as Typst; every value that isn't made markup becomes a string literal."""
    environment = typst_environment(reader.words)

    def write(view: View, prefix: str) -> Markup:  # noqa: ARG001 - as of HTML
        return made(macros(environment, "parts.typ.j2").show(view))

    parts = ReleasedParts(reader, write, TYPST, in_book_order)
    return CellsExporter(environment, parts, "chapter.typ.j2", TYPST)


def convert_all(exporter: CellsExporter, reader: ChapterReader) -> Markup:
    """Every chapter of a publication as an exporter's markup, one below the other."""
    notebooks = reader.publication.notebooks.items()
    return made("\n".join(exporter.convert(name, node)[1] for name, node in notebooks))
