"""Two exporters of nbconvert with templates of their own: a chapter as HTML, and as Typst."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from helpline_report.report.book_order import in_book_order
from helpline_report.report.cards import audit_address, card_of
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.house import colours
from helpline_report.report.markup import (
    every_sheet,
    made,
    prose_html,
    prose_typst,
    svg_html,
    typst_literal,
)
from helpline_report.report.views import Chapter

TEMPLATES = Path(__file__).parent / "templates"


class ChapterExporter(TemplateExporter):
    """What both exporters share: this package's templates alone, and no default of nbconvert.

    Host folders with templates, configuration or preprocessors of other Jupyter tools don't reach
    it: the same chapter gives the same bytes on every machine.
    """

    export_from_notebook = ""
    reader: ChapterReader

    def __init__(self, reader: ChapterReader, **options: Any) -> None:
        self.reader = reader
        super().__init__(template_paths=[str(TEMPLATES)], **options)

    def convert(self, name: str, node: NotebookNode) -> str:
        """A chapter's notebook as this exporter's markup."""
        text, _ = self.from_notebook_node(node, {"chapter": name})
        return str(text)

    def _read(self, node: NotebookNode, name: str) -> Chapter:
        return self.reader.read(name, node)

    def _load_template(self) -> Any:
        return self.environment.get_template(self.template_file)

    def _init_preprocessors(self) -> None:
        """None: the views are made of the notebook as it is stored."""
        self._preprocessors: list[Any] = []


class HtmlChapterExporter(ChapterExporter):
    """A chapter as a section of the page; everything that isn't made markup is escaped."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def _template_file_default(self) -> str:
        return "chapter.html.j2"

    def _create_environment(self) -> Environment:
        return html_environment(self.reader, read=self._read)


class TypstChapterExporter(ChapterExporter):
    """A chapter as Typst; every value that isn't made markup becomes a string literal."""

    file_extension = ".typ"
    output_mimetype = "text/x-typst"

    def _template_file_default(self) -> str:
        return "chapter.typ.j2"

    def _create_environment(self) -> Environment:
        return typst_environment(self.reader, read=self._read, in_book_order=in_book_order)


def html_environment(reader: ChapterReader, **filters: Any) -> Environment:
    """Templates of pages: autoescaped, and an unknown name is an error."""
    environment = _environment(autoescape=True)
    traced = partial(audit_address, publication=reader.publication)
    environment.filters |= {
        "every_sheet": partial(every_sheet, colour=colours(reader.publication).light["accent"]),
        "prose": partial(prose_html, address=traced),
        "address": lambda cell: cell.address or traced(cell.figure or cell.about),
        "svg": svg_html,
        "card": lambda figure: card_of(figure, reader.publication, reader.words),
        **filters,
    }
    environment.globals["say"] = reader.words.say
    return environment


def typst_environment(reader: ChapterReader, **filters: Any) -> Environment:
    """Templates of the PDF: each expression is written as a Typst literal."""
    environment = _environment(autoescape=False, finalize=typst_literal)
    environment.filters |= {"prose": prose_typst, "made": made, **filters}
    environment.globals["say"] = reader.words.say
    return environment


def _environment(**options: Any) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        **options,
    )
