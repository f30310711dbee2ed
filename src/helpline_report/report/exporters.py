"""Two exporters of nbconvert with templates of their own: a chapter as HTML, and as Typst."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib.metadata import files
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import DataTypeFilter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from helpline_report.report.chapters import ChapterReader, in_book_order
from helpline_report.report.house import colours
from helpline_report.report.markup import (
    audit_address,
    card_of,
    every_sheet,
    made,
    prose_html,
    prose_typst,
    svg_html,
    typst_literal,
)
from helpline_report.report.views import View
from helpline_report.steps import Steps

TEMPLATES = Path(__file__).parent / "templates"
HTML, TYPST = "text/html", "text/x-typst"
TEMPLATE = "template"
MOST_TEMPLATES = 100

# A view as markup; the text before the ids of its headings keeps these apart on a page.
Write = Callable[[View, str], Markup]
Order = Callable[[Sequence[View]], Sequence[View]]


@cache
def nbconvert_templates() -> Path:
    """The folder of templates that nbconvert itself brought, whatever else the host has."""
    for file in files("nbconvert") or ():
        if file.match("templates/base/null.j2"):
            return Path(str(file.locate())).resolve().parents[1]
    return Path(sys.prefix) / "share" / "jupyter" / "nbconvert" / "templates"


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


class KeptTemplates(BytecodeCache):
    """Keeps templates as jinja compiles them: that takes longer than to fill them in."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    def load_bytecode(self, bucket: Bucket) -> None:
        """The compiled template, if it is kept."""
        content = self.steps.read(TEMPLATE, self._key(bucket))
        if content is not None:
            bucket.bytecode_from_string(bytes(content))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        content = bucket.bytecode_to_string()
        self.steps.write(TEMPLATE, self._key(bucket), [content], most=MOST_TEMPLATES)

    def _key(self, bucket: Bucket) -> str:
        # Two environments write the values of one template in two ways. A filter may be another in
        # each: none is given a literal, which it would be asked for when the template is compiled.
        environment = bucket.environment
        writes = [environment.autoescape, getattr(environment.finalize, "__qualname__", "")]
        return self.steps.key(TEMPLATE, bucket.key, bucket.checksum, writes)


class CellsExporter(TemplateExporter):
    """nbconvert's exporter with templates of this package, which walk the cells of a notebook.

    `preprocessor` puts what is released into the cells, `environment` has the templates. Neither
    folders with templates nor configuration of other Jupyter tools reach it: the same chapter gives
    the same bytes on every machine.
    """

    export_from_notebook = ""

    def __init__(self, environment: Environment, preprocessor: Preprocessor) -> None:
        self._own_environment = environment
        super().__init__(template_paths=[str(TEMPLATES)], default_preprocessors=[])
        self.register_preprocessor(preprocessor)

    def convert(self, name: str, node: NotebookNode) -> tuple[str, str]:
        """The title of a chapter, and its released notebook as this exporter's markup."""
        text, resources = self.from_notebook_node(node, {"chapter": name})
        return str(resources["title"]), str(text)

    def _create_environment(self) -> Environment:
        return self._own_environment

    def _load_template(self) -> Any:
        return self.environment.get_template(self.template_file)


class HtmlChapterExporter(CellsExporter):
    """A chapter as a section of the page; everything that isn't made markup is escaped."""

    file_extension = ".html"
    output_mimetype = HTML

    def __init__(self, reader: ChapterReader, files: Mapping[str, str]) -> None:
        environment = html_environment(reader)
        environment.globals["files"] = files

        def write(view: View, prefix: str) -> Markup:
            return Markup(macros(environment).show(view, prefix))

        super().__init__(environment, ReleasedParts(reader, write, HTML))

    def _template_file_default(self) -> str:
        return "chapter.html.j2"


class TypstChapterExporter(CellsExporter):
    """A chapter as Typst; every value that isn't made markup becomes a string literal."""

    file_extension = ".typ"
    output_mimetype = TYPST

    def __init__(self, reader: ChapterReader) -> None:
        environment = typst_environment(reader)

        def write(view: View, prefix: str) -> Markup:  # noqa: ARG001 - as of HTML
            return Markup(macros(environment, "parts.typ.j2").show(view))

        super().__init__(environment, ReleasedParts(reader, write, TYPST, in_book_order))

    def _template_file_default(self) -> str:
        return "chapter.typ.j2"


def html_environment(reader: ChapterReader) -> Environment:
    """Templates of pages: autoescaped, and an unknown name is an error."""
    environment = _environment(reader, autoescape=True)
    traced = partial(audit_address, publication=reader.publication)
    environment.filters |= {
        "every_sheet": partial(every_sheet, colour=colours(reader.publication).light["accent"]),
        "filter_data_type": DataTypeFilter(display_data_priority=[HTML]),
        "prose": partial(prose_html, address=traced),
        "address": lambda cell: cell.address or traced(cell.figure or cell.about),
        "svg": svg_html,
        "card": lambda figure: card_of(figure, reader.publication, reader.words),
    }
    environment.globals["say"] = reader.words.say
    return environment


def typst_environment(reader: ChapterReader) -> Environment:
    """Templates of the PDF: each expression is written as a Typst literal."""
    environment = _environment(reader, autoescape=False, finalize=typst_literal)
    environment.filters |= {
        "filter_data_type": DataTypeFilter(display_data_priority=[TYPST]),
        "prose": prose_typst,
        "made": made,
    }
    environment.globals["say"] = reader.words.say
    return environment


def _environment(reader: ChapterReader, **options: Any) -> Environment:
    steps = reader.publication.steps
    return cells_environment(TEMPLATES, steps, keep_trailing_newline=False, **options)


def macros(environment: Environment, file: str = "parts.html.j2") -> Any:
    """The macros of a template, as functions that give markup."""
    return environment.get_template(file).module


def cells_environment(templates: Path, steps: Steps | None, **options: Any) -> Environment:
    """Templates of a folder, which may extend those that nbconvert brought; kept in `steps`."""
    return Environment(
        loader=FileSystemLoader([templates, nbconvert_templates()]),
        bytecode_cache=KeptTemplates(steps) if steps else None,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
