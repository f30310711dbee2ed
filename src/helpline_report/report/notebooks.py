"""Chapters as a run takes them: valid notebooks, without outputs, that are declarative."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

import nbformat
from nbformat import NotebookNode

from helpline_report.parameters.project import Project
from helpline_report.report.notebook_files import (
    NotebookFile,
    check_cells,
    no_notebook,
    notebook_files,
)


@dataclass(frozen=True)
class Notebook:
    """One chapter: its name, its file's name, and its cells without outputs."""

    name: str
    file: str
    node: NotebookNode

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"notebooks/{self.file}"

    def code(self) -> list[str]:
        """What stands in its cells of code."""
        return [cell.source for cell in self.node.cells if cell.cell_type == "code"]


def read_notebooks(project: Project) -> tuple[Notebook, ...]:
    """Every chapter of the project, in the order of their file names.

    Raises:
        ChapterError: none, or one that can't be run as it stands; names file and cell.
    """
    return tuple(_notebook(file) for file in notebook_files(project))


def _notebook(file: NotebookFile) -> Notebook:
    node = _valid(file)
    check_cells(file)
    _without_outputs(node)
    return Notebook(name=file.name, file=file.file, node=node)


def _valid(file: NotebookFile) -> NotebookNode:
    """The notebook as it stands: nbformat would mend an older one with random ids."""
    try:
        nbformat.validate(file.raw)
        return cast("NotebookNode", nbformat.reads(json.dumps(file.raw), as_version=4))
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise no_notebook(file.where, error) from None


def _without_outputs(node: NotebookNode) -> None:
    """A researcher may have saved outputs: what counts is what a run gives."""
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
