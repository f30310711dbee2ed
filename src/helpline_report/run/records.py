"""Collect what executed chapters recorded, and keep each chapter until its sources change.

The key of a kept chapter holds its code, the modules beside the notebooks, the tables, and the
parameters that can change a number. A chapter that reads anything else isn't kept.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from pydantic import ValidationError

from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import RECORD_MIME, CellRecord, ChapterRecord, Ledger, Reference
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import make_error
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook, read_tags
from helpline_report.steps import digest

# What a fragment of the ledger holds by name, and what one thing of it is called.
PARTS = {
    "figures": "figure",
    "breakdowns": "series or cross-table",
    "charts": "chart",
    "tables": "table",
    "highlights": "list of highlights",
    "campaigns": "list of campaigns",
    "quality": "list of files",
    "missing": "list of missing values",
}

# In the metadata of an executed notebook: its file, and what it was made from.
RUN = "helpline_report"

Origins = dict[tuple[str, str], str]


def collect(edition: str, notebooks: Mapping[str, NotebookNode]) -> Ledger:
    """One ledger of what the cells of all chapters recorded; `notebooks` are the executed ones.

    What else a cell left (a print, a frame, a drawing) is for its author, and goes nowhere.

    Raises:
        ChapterError: a record is none of this program, or a name is recorded twice.
    """
    ledger = Ledger(edition=edition)
    origins: Origins = {}
    chapters = []
    for name, node in notebooks.items():
        file = node.metadata[RUN]["file"]
        cells = [
            _collect_cell(cell, f"notebooks/{file}, cell '{cell.id}'", ledger, origins)
            for cell in node.cells
            if cell.cell_type == "code"
        ]
        recorded = tuple(cell for cell in cells if cell.figures or cell.shows)
        chapters.append(ChapterRecord(name=name, cells=recorded))
    return ledger.model_copy(update={"chapters": tuple(chapters)})


def _collect_cell(cell: NotebookNode, where: str, ledger: Ledger, origins: Origins) -> CellRecord:
    """Add the records of a cell to the ledger; `origins` are the cells where names stood first."""
    figures: list[str] = []
    shows: list[Reference] = []
    for output in filter(_is_record, cell.outputs):
        payload: Any = output.data[RECORD_MIME]
        try:
            fragment = Ledger.model_validate(payload["ledger"])
            shows += [Reference.model_validate(payload["shows"])] if "shows" in payload else []
        except (ValidationError, KeyError, TypeError):
            raise make_error(ChapterError, "no_record", where) from None
        if fragment.edition != ledger.edition:
            editions = {"edition": fragment.edition, "due": ledger.edition}
            raise make_error(ChapterError, "other_edition_counted", where, **editions)
        figures += fragment.figures
        for part, kind in PARTS.items():
            for name, item in getattr(fragment, part).items():
                first = origins.setdefault((part, name), where)
                if name in getattr(ledger, part):
                    case = "computed_twice" if first != where else "computed_twice_here"
                    how = " (chapter.chart(…, name='…'))" if part == "charts" else ""
                    values = {"kind": kind, "name": name, "first": first, "how": how}
                    raise make_error(ChapterError, case, where, **values)
                getattr(ledger, part)[name] = item
    return CellRecord(id=cell.id, figures=tuple(figures), shows=tuple(shows))


def _is_record(output: NotebookNode) -> bool:
    return RECORD_MIME in output.get("data", {})


def list_unpublished_cells(node: NotebookNode) -> list[str]:
    """The ids of cells that left something which is no record."""
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    return [cell.id for cell in code if not all(map(_is_record, cell.outputs))]


def strip_outputs(notebook: Notebook) -> NotebookNode:
    """A copy of a chapter without the outputs that were saved in it."""
    node = deepcopy(notebook.node)
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # In the order in which Jupyter writes them, so that executed and kept cells are alike.
    node.cells = [from_dict(dict(sorted(cell.items()))) for cell in node.cells]
    return node


def write_notebook_text(node: NotebookNode) -> str:
    """An executed notebook as a file holds it.

    nbformat's own writer sorts all keys, and would lose the order of the figures in a record.
    """
    return f"{json.dumps(node, indent=1, ensure_ascii=False)}\n"


@dataclass(frozen=True)
class ChapterStore:
    """The executed chapters of a project that are made from the same tables and parameters.

    `made_from` says which these are and what chapters are given, as values that JSON can write.
    """

    project: Project
    made_from: Any

    def get(self, notebook: Notebook) -> NotebookNode | None:
        """The chapter as it was executed, with the texts of today; None where it must run."""
        content = self.project.steps.read(_name_step(notebook), self._key(notebook))
        if content is None:
            return None
        executed: NotebookNode = nbformat.reads(content.decode(), as_version=4)
        code = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
        executed.cells = []
        for cell in strip_outputs(notebook).cells:
            as_executed = code.get(cell.id, cell)
            as_executed.metadata = cell.metadata
            executed.cells.append(as_executed)
            if TAG_PARAMETERS in read_tags(cell):
                executed.cells.append(code[INJECTED])
        return executed

    def put(self, notebook: Notebook, node: NotebookNode) -> None:
        """Keep an executed chapter, unless it read what its key doesn't say.

        A module may have changed while it ran: nobody knows then which one it took.
        """
        if not node.metadata[RUN]["outside"] and self._hash_modules() == self._modules:
            key, content = self._key(notebook), write_notebook_text(node).encode()
            self.project.steps.write(_name_step(notebook), key, content, suffix=".ipynb")

    @cached_property
    def _modules(self) -> Mapping[str, str]:
        return self._hash_modules()

    def _hash_modules(self) -> dict[str, str]:
        """The SHA-256 of the modules beside the notebooks, by their paths."""
        folder = self.project.notebooks
        # An editor's lock has such a name, and leads nowhere.
        paths = filter(Path.is_file, folder.rglob("*.py"))
        return {path.relative_to(folder).as_posix(): digest(path) for path in paths}

    def _key(self, notebook: Notebook) -> str:
        code = [[cell.id, cell.source] for cell in notebook.cells if cell.cell_type == "code"]
        made_from = (notebook.file, notebook.node.metadata, code, self._modules, self.made_from)
        return self.project.steps.key(_name_step(notebook), *made_from)


def _name_step(notebook: Notebook) -> str:
    return f"chapter-{notebook.name}"
