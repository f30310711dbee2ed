"""nbconvert's exporters for one notebook by hand: `jupyter nbconvert --to helpline-html …`.

A notebook that isn't released, as papermill leaves it, is headed by a line that says so.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode

from helpline_report.charts.own_functions import read_sources
from helpline_report.errors import HelplineError, ParametersError
from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference
from helpline_report.parameters.house_files import read_house
from helpline_report.parameters.project import Project, find_root
from helpline_report.prose.edition_values import parameter_forms
from helpline_report.prose.markdown import GRAMMAR, WRITTEN_OUT
from helpline_report.report.chapters import FIELDS, TABLES, ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.page import chapter_page
from helpline_report.report.parts import Parts
from helpline_report.report.pdf import chapter_book
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import INJECTED, PARAMETERS, release_notebook
from helpline_report.report.views import Left, View

MANIFEST = "manifest.json"
DICTIONARIES = (
    "figures",
    "series",
    "crosstabs",
    "charts",
    "tables",
    "highlights",
    "campaigns",
    "quality",
    "missing",
)


class NotebookExporter(Exporter):
    """What both kinds share: the words, figures and look that a notebook's own project gives."""

    export_from_notebook = ""
    write: Callable[[ChapterReader], str]

    def from_notebook_node(  # type: ignore[override]  # text, as of each exporter of nbconvert
        self, nb: NotebookNode, resources: Any = None, **settings: Any
    ) -> tuple[str, Any]:
        """A notebook as one page or book.

        Raises:
            ConversionException: the notebook isn't released and would be written into an edition,
                or its project can't be read.
        """
        node, resources = super().from_notebook_node(nb, resources, **settings)
        place = Path(resources["metadata"].get("path") or ".").resolve()
        name = str(resources["metadata"]["name"])
        try:
            project = Project(find_root(os.environ, place, Path.cwd()), dict(os.environ))
            released = _is_released(place / f"{name}.ipynb", project)
            if not released:
                self._refuse_output(project, place)
            publication = _publication(project, node, place, name, released=released)
            words = EditionWords(publication)
            reader = ChapterReader(words, _OwnParts(words))
            return type(self).write(reader), resources
        except HelplineError as error:
            raise ConversionException(str(error)) from None

    def _refuse_output(self, project: Project, place: Path) -> None:
        """Refuse to write what isn't released where editions lie."""
        folder = Path(str(self.config.FilesWriter.get("build_directory", "") or place))
        file = folder / str(self.config.NbConvertApp.get("output_base", ""))
        if file.resolve().is_relative_to(project.output.resolve()):
            raise ParametersError(
                "the notebook isn't released, and what lies in output/ is",
                next_step="write it elsewhere: --output-dir",
            )


class NotebookHtmlExporter(NotebookExporter):
    """A chapter as a page of its own, in the look of the report."""

    file_extension = ".html"
    output_mimetype = "text/html"
    write = staticmethod(chapter_page)


class NotebookTypstExporter(NotebookExporter):
    """A chapter as Typst."""

    file_extension = ".typ"
    output_mimetype = "text/x-typst"
    write = staticmethod(chapter_book)


class _OwnParts(Parts):
    """Parts of one notebook: of what another chapter computes the name stands there."""

    def _resolve(self, reference: Reference) -> Sequence[View]:
        try:
            return super()._resolve(reference)
        except HelplineError:
            return [Left(f"{reference.kind} {reference.id}")]


def _is_released(path: Path, project: Project) -> bool:
    """Whether a notebook lies in an edition whose manifest has it as it is."""
    edition = path.parents[2]
    if not path.is_file() or edition.parent != project.output.resolve():
        return False
    try:
        outputs = json.loads((path.parents[1] / MANIFEST).read_bytes())["outputs"]
    except (OSError, ValueError, KeyError):
        return False
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return bool(outputs.get(path.relative_to(edition).as_posix()) == digest)


def _publication(
    project: Project, node: NotebookNode, place: Path, name: str, *, released: bool
) -> Publication:
    """What a notebook alone, its project and, of a released one, its edition's ledger say."""
    parameters = _parameters(node)
    overrides = [text for text in parameters.get("overrides", []) if not text.endswith("…")]
    edition = project.edition(str(parameters.get("edition", "")), overrides)
    codelists = project.codelists()
    chapter = name.partition("_")[2] if name[:2].isdigit() else name
    if released:
        text = (place.parents[1] / "data" / "ledger.json").read_bytes()
        ledger = Ledger.model_validate_json(text)
    else:
        fields = (*codelists, *FIELDS)
        ledger = _own_ledger(node, edition.edition, dict.fromkeys(TABLES, fields))
        node = release_notebook(node, ledger)
    publication = Publication(
        edition=edition,
        comparison=project.edition(edition.comparison) if edition.comparison else None,
        codelists=codelists,
        ledger=ledger,
        notebooks={chapter: node},
        files={chapter: f"{name}.ipynb"},
        house=read_house(edition.house_style, project.root),
        unreleased=not released,
        plots=read_sources(project.notebooks, (chart.function for chart in ledger.charts.values())),
    )
    _name_others(node, publication)
    return publication


def _parameters(node: NotebookNode) -> dict[str, Any]:
    """The plain values that the cells of parameters set, the injected ones last."""
    values: dict[str, Any] = {}
    for tag in (PARAMETERS, INJECTED):
        for cell in node.cells:
            if cell.cell_type == "code" and tag in cell.metadata.get("tags", []):
                for statement in ast.parse(cell.source).body:
                    match statement:
                        case ast.Assign(targets=[ast.Name(id=name), *_], value=value):
                            values[name] = ast.literal_eval(value)
    return values


def _own_ledger(node: NotebookNode, edition: str, fields: Mapping[str, tuple[str, ...]]) -> Ledger:
    """What the cells of a notebook recorded; a name that stands twice is what came last."""
    ledger = Ledger(edition=edition, fields=dict(fields))
    for cell in node.cells:
        for output in cell.get("outputs", []):
            payload = output.get("data", {}).get(RECORD_MIME, {})
            if "ledger" in payload:
                fragment = Ledger.model_validate(payload["ledger"])
                for part in DICTIONARIES:
                    getattr(ledger, part).update(getattr(fragment, part))
    return ledger


def _name_others(node: NotebookNode, publication: Publication) -> None:
    """Write the names of figures that other chapters count in the place of their values."""
    writer = EditionWords(publication).writer
    known = {*publication.ledger.figures, *parameter_forms(writer)}

    def write(match: Any) -> str:
        inside = GRAMMAR.fullmatch(match["inside"])
        return str(match[0]) if inside is None or inside["name"] in known else f"*{inside['name']}*"

    for cell in node.cells:
        if cell.cell_type == "markdown":
            cell.source = WRITTEN_OUT.sub(write, cell.source)
