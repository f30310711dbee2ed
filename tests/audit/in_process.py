"""The chapters of a project run one after another in this process: a ledger within seconds."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpline_report import chapter as notebook_names
from helpline_report.audit.sources import add_sources
from helpline_report.chapter import Chapter
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.prose.writer import Writer
from helpline_report.report.publication import Publication
from helpline_report.run.records import RUN, collect
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from tests.released import released

OPENS = "open_chapter("


@cache
def dataset(root: Path, edition: str) -> Dataset:
    """The tables of an edition of a project; a folder's exports must not change between two."""
    project = Project(root)
    return load_dataset(project, project.edition(edition))


def register_of(root: Path, edition: str = "2017") -> Register:
    """The tables of an edition of a project, and of the one that it is compared with."""
    project = Project(root)
    parameters = project.edition(edition)
    earlier = register_of(root, parameters.comparison) if parameters.comparison else None
    return Register(parameters, dataset(root, edition), project.codelists(), earlier)


def ledger_of(root: Path, edition: str = "2017", chapter: str = "*") -> Ledger:
    """What the chapters of a project record, with the sources that they were counted from."""
    return ledger_from(root, register_of(root, edition), chapter)


def ledger_from(root: Path, register: Register, chapter: str = "*") -> Ledger:
    """The same, of a register that is at hand."""
    paths = sorted(Project(root).notebooks.glob(f"*_{chapter}.ipynb"))
    executed = {path.stem.partition("_")[2]: _execute(path, register) for path in paths}
    return add_sources(collect(register.edition.edition, executed), register, ())


def _execute(path: Path, register: Register) -> NotebookNode:
    """Run the cells of one notebook, and put what they record into their outputs."""
    node: NotebookNode = nbformat.read(path, as_version=4)
    node.metadata[RUN] = {"file": path.name}
    chapter = Chapter(path.stem.partition("_")[2], register)
    vars(chapter)["_preview"] = lambda *_: {}
    names: dict[str, Any] = {name: getattr(notebook_names, name) for name in notebook_names.__all__}
    names["chapter"] = chapter
    for cell in node.cells:
        tagged = "parameters" in cell.metadata.get("tags", [])
        if cell.cell_type == "code" and not tagged and OPENS not in cell.source:
            bundles: list[dict[str, Any]] = []
            with patch("helpline_report.chapter._show_bundle", bundles.append):
                exec(cell.source, names)  # noqa: S102 - the project's own chapters
            cell.outputs = [new_output("display_data", data=bundle) for bundle in bundles]
    return node


def compose_publication(root: Path, ledger: Ledger, **changes: Any) -> Publication:
    """A project's chapters and a ledger, ready to be published."""
    project = Project(root)
    edition = project.edition(ledger.edition)
    notebooks = {
        path.stem.partition("_")[2]: path for path in sorted(project.notebooks.glob("*.ipynb"))
    }
    values: dict[str, Any] = {
        "edition": edition,
        "comparison": project.edition(edition.comparison) if edition.comparison else None,
        "codelists": project.codelists(),
        "ledger": ledger,
        "notebooks": released(
            {name: nbformat.read(path, as_version=4) for name, path in notebooks.items()}, ledger
        ),
        "files": {name: path.name for name, path in notebooks.items()},
        "version": "0",
    }
    publication = Publication(**(values | changes))
    return replace(publication, layouts=project.layouts(publication.counted))


def writer_of(root: Path, ledger: Ledger, language: str = "nl") -> Writer:
    project = Project(root)
    edition = project.edition(ledger.edition)
    comparison = project.edition(edition.comparison) if edition.comparison else None
    return Writer(ledger, edition, comparison, project.codelists(), language)
