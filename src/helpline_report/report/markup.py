"""Turn text into markup, and render chapters with nbconvert by templates: as HTML, as Typst.

This is the one place that says of a string that it needs no escaping.
"""

import re
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.metadata import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.prose import rendering
from helpline_report.prose.nodes import Element, Value
from helpline_report.report.chapters import ChapterReader, list_chapters
from helpline_report.report.house import colours
from helpline_report.report.views import CARD, ChapterPart, ChapterView

TEMPLATES = Path(__file__).parent / "templates"
# How the templates of the page end, and those of the book.
HTML, TYPST = "html", "typ"

# What the released notebook of a chapter shows.
Read = Callable[[str, NotebookNode], ChapterView]
# A part of a chapter as markup; the text before the ids of its headings keeps these apart.
Write = Callable[[ChapterPart, str], Markup]

# The headings of a text are one level lower than written: the chapter's own heading is an h2.
SHIFT = 1

# A number in a text. What touches it, such as brackets and a full stop, stays beside it: a browser
# would break a line around the button.
NUMBER = Markup('<button type="button" class="number" popovertarget="{anchor}">{number}</button>')
VALUE = Markup(
    '<data value="{value.raw}" data-figure="{value.figure}" data-form="{form}">{value.text}</data>'
)
TOUCHING = re.compile(
    r"(?:(?<![^\s<>])([^\s<>]*))?(<button type=\"button\" class=\"number\"[^>]*>)(.*?)</button>"
    r"([^\s<>]*)"
)
# A value of several words, more of which follow its number: the number alone is the button, since a
# browser breaks no line inside one.
PHRASE = re.compile(
    r"(<data[^>]*>)([^<]*?)(?<![^\s>])([(\[\"'«“„‘‚]*)"
    r"([^\s&<]*\d[^\s&<]*(?:[\u00a0\u202f][^\s&<]+)*)( [^<]*</data>)"
)


def render_prose(nodes: tuple[Element, ...], prefix: str, *, back: str) -> Markup:
    """A text as HTML, in which each figure is a button that opens its card; in a link it is none.

    `back` is what the link of a footnote says that leads back to its text.
    """

    def number(value: Value) -> Markup:
        return VALUE.format(value=value, form=value.form or "")

    def button(value: Value) -> Markup:
        return NUMBER.format(anchor=CARD.format(value.figure or ""), number=number(value))

    text = rendering.html(
        nodes, shift=SHIFT, prefix=prefix, figure=button, in_link=number, back=back
    )
    return Markup(TOUCHING.sub(_write_button, str(text)))


def _write_button(number: re.Match[str]) -> str:
    """The button of a number, kept beside what touches it; of a phrase its number alone."""
    before, start, inside, after = number.groups(default="")
    phrase = None if before else PHRASE.fullmatch(inside)
    if phrase is None:
        return _keep_together(before, f"{start}{inside}</button>", after)
    data, words, opening, value, rest = phrase.groups()
    return f"{data}{words}{_keep_together(opening, f'{start}{value}</button>', '')}{rest}{after}"


def _keep_together(before: str, button: str, after: str) -> str:
    return f'<span class="touching">{before}{button}{after}</span>' if before or after else button


def embed_svg(drawing: Drawing) -> Markup:
    """A drawing as a part of the page; `charts.svg` has escaped what it holds."""
    return Markup(drawing.svg)


def write_foot(text: str, colour: str) -> Markup:
    """A rule of a style sheet that prints a text at the foot of every sheet of paper.

    Every letter that could end it is written by its number; `colour` is one of the tokens.
    """
    safe = "".join(c if c.isalnum() or c in " .,:;" else f"\\{ord(c):06x}" for c in text)
    foot = f'content: "{safe}"; color: {colour}; font: 600 10pt sans-serif'
    return Markup(f"@page {{ margin-bottom: 20mm; @bottom-center {{ {foot} }} }}")


def trust_markup(text: str) -> Markup:
    """A text that a template or style sheet of this package wrote: it is escaped already."""
    return Markup(text)


def write_literal(value: Any) -> str:
    """A value as Typst writes it; text becomes a string, which can't hold markup.

    Raises:
        TypeError: it is nothing that a template may write.
    """
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return rendering.literal(value)
    if isinstance(value, Sequence):
        return "(" + "".join(f"{write_literal(item)}, " for item in value) + ")"
    raise TypeError(f"a {type(value).__name__} is no value of the report")


@cache
def find_nbconvert_templates() -> Path:
    """The folder of templates that nbconvert itself brought, whatever else the host has."""
    for file in files("nbconvert") or ():
        if file.match("templates/base/null.j2"):
            return Path(str(file.locate())).resolve().parents[1]
    return Path(sys.prefix) / "share" / "jupyter" / "nbconvert" / "templates"


def open_templates(templates: Path, **options: Any) -> Environment:
    """Templates of a folder, with those of the report and those that nbconvert brought."""
    return Environment(
        loader=FileSystemLoader([templates, TEMPLATES, find_nbconvert_templates()]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )


def load_macros(environment: Environment, file: str = "parts.html.j2") -> Any:
    """The macros of a template, as functions that give markup."""
    return environment.get_template(file).module


class ReleasedParts(Preprocessor):
    """Puts what a chapter shows in the place of its cells, a part a cell; the rest goes."""

    def __init__(self, read: Read, write: Write) -> None:
        super().__init__(enabled=True)
        self.read = read
        self.write = write

    def preprocess(
        self, node: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook with what its chapter shows, and the chapter's title in `resources`."""
        name = resources["chapter"]
        chapter = self.read(name, node)
        resources["title"] = chapter.title
        node.cells = [
            # nbformat's functions validate each by itself; nbconvert validates the whole after it.
            from_dict(
                {
                    "id": f"part-{at}",
                    "cell_type": "markdown",
                    "metadata": {},
                    "source": self.write(part, f"{name}-{at}"),
                }
            )
            for at, part in enumerate(chapter.parts, 1)
        ]
        return node, resources


class CellsExporter(TemplateExporter):
    """nbconvert's exporter with templates of this package, which walk the cells of a notebook.

    `preprocessor` puts what is released into the cells, `environment` has the templates, and
    `template` names the one. Neither folders with templates nor configuration of other Jupyter
    tools reach it: the same chapter gives the same bytes on every machine.
    """

    export_from_notebook = ""

    def __init__(self, environment: Environment, preprocessor: Preprocessor, template: str) -> None:
        self._own_environment = environment
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


def make_exporter(
    reader: ChapterReader, ending: str, read: Read | None = None, **named: Any
) -> CellsExporter:
    """Chapters as sections of the page (`html`), or of the book (`typ`).

    They show what the reader reads, or what `read` says instead. `named` is what their templates
    know too; a name that they don't know is an error. In pages each expression is escaped; in the
    book it is written as a Typst literal.
    """
    words, environment = reader.words, open_templates(TEMPLATES, autoescape=ending == HTML)
    if ending == HTML:
        colour = colours(words.publication).light["accent"]
        environment.filters["write_foot"] = partial(write_foot, colour=colour)
        environment.filters["prose"] = partial(render_prose, back=named["labels"].back)
        environment.filters["svg"] = embed_svg
    else:
        environment.finalize = write_literal
        environment.filters["prose"] = lambda nodes: trust_markup(rendering.typst(nodes))
    environment.filters["trusted"] = trust_markup
    environment.globals |= named
    write = load_macros(environment, f"parts.{ending}.j2").show
    parts = ReleasedParts(
        read or reader.read, lambda part, prefix: trust_markup(write(part, prefix))
    )
    return CellsExporter(environment, parts, f"chapter.{ending}.j2")


def convert_all(exporter: CellsExporter, reader: ChapterReader) -> Markup:
    """Every chapter of a publication as an exporter's markup, one below the other."""
    notebooks = list_chapters(reader.publication).items()
    return trust_markup("\n".join(exporter.convert(name, node)[1] for name, node in notebooks))
