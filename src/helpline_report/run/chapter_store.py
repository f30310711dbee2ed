"""Keep executed chapters as steps: each until something that it is executed from is another thing.

That is its code, the tables, and the parameters that can change a number, all of which are in its
key. Which modules and files of its own it read is known once it ran, and stands in what is kept:
where one of them changed, the chapter runs again.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpline_report.parameters.project import Project
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook
from helpline_report.run.records import RUN, node_of, notebook_text
from helpline_report.steps import changed_files


@dataclass(frozen=True)
class ChapterStore:
    """The executed chapters of a project that are made from the same tables and parameters.

    `made_from` says which these are, as values that JSON can write. `overrides` are what the
    chapters are given.
    """

    project: Project
    made_from: Any
    overrides: tuple[str, ...]

    def get(self, notebook: Notebook) -> NotebookNode | None:
        """The chapter as it was executed, with the texts of today; None where it must run."""
        content = self.project.steps.read(_step(notebook), self._key(notebook))
        if content is None:
            return None
        node = nbformat.reads(bytes(content).decode(), as_version=4)
        files = node.metadata[RUN]["files"]
        return None if changed_files(files, self.project.root) else _with_texts(node, notebook)

    def put(self, notebook: Notebook, node: NotebookNode) -> None:
        """Keep an executed chapter.

        Of one that asked outside of this machine nobody knows when it must run again.
        """
        if not node.metadata[RUN]["outside"]:
            key, content = self._key(notebook), notebook_text(node).encode()
            self.project.steps.write(_step(notebook), key, [content], suffix=".ipynb")

    def _key(self, notebook: Notebook) -> str:
        code = [[cell.id, cell.source] for cell in notebook.cells if cell.cell_type == "code"]
        # Else they go no further than to the edition, which is among what it is made from.
        overrides = list(self.overrides) if _names_overrides(notebook) else None
        notebook_parts = notebook.file, notebook.metadata, code
        return self.project.steps.key(_step(notebook), *notebook_parts, overrides, self.made_from)


def _step(notebook: Notebook) -> str:
    return f"chapter-{notebook.name}"


def _names_overrides(notebook: Notebook) -> bool:
    """Whether a chapter looks at the overrides otherwise than by handing them on when it opens."""
    items = (item for source in notebook.code() for item in ast.walk(ast.parse(source)))
    names = [
        item.id for item in items if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)
    ]
    return names.count("overrides") > 1


def _with_texts(executed: NotebookNode, notebook: Notebook) -> NotebookNode:
    """The notebook of today with what its cells of code left when they were executed."""
    code = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
    executed.cells = []
    for cell in node_of(notebook).cells:
        own = code.get(cell.id, cell)
        own.metadata = cell.metadata
        executed.cells.append(own)
        if TAG_PARAMETERS in cell.metadata.get("tags", []):
            executed.cells.append(code[INJECTED])
    return executed
