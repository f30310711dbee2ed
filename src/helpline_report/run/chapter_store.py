"""Keep executed chapters as steps: each until something that it is executed from is another thing.

That is its code, the tables, what it is given and the parameters that can change a number, all of
which are in its key. Which modules and files of its own it read is known once it ran, and stands in
what is kept: where one of them changed, the chapter runs again.
"""

from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpline_report.parameters.project import Project
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook, read_tags
from helpline_report.run.records import RUN, make_node, write_notebook_text
from helpline_report.steps import find_changed_files


@dataclass(frozen=True)
class ChapterStore:
    """The executed chapters of a project that are made from the same tables and parameters.

    `made_from` says which these are and what chapters are given, as values that JSON can write.
    """

    project: Project
    made_from: Any

    def get(self, notebook: Notebook) -> NotebookNode | None:
        """The chapter as it was executed, with the texts of today; None where it must run."""
        content = self.project.steps.read(_step(notebook), self._key(notebook))
        if content is None:
            return None
        executed: NotebookNode = nbformat.reads(content.decode(), as_version=4)
        if find_changed_files(executed.metadata[RUN]["files"], self.project.root):
            return None
        code = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
        executed.cells = []
        for cell in make_node(notebook).cells:
            own = code.get(cell.id, cell)
            own.metadata = cell.metadata
            executed.cells.append(own)
            if TAG_PARAMETERS in read_tags(cell):
                executed.cells.append(code[INJECTED])
        return executed

    def put(self, notebook: Notebook, node: NotebookNode) -> None:
        """Keep an executed chapter.

        Of one that asked outside of this machine nobody knows when it must run again.
        """
        if not node.metadata[RUN]["outside"]:
            key, content = self._key(notebook), write_notebook_text(node).encode()
            self.project.steps.write(_step(notebook), key, content, suffix=".ipynb")

    def _key(self, notebook: Notebook) -> str:
        code = [[cell.id, cell.source] for cell in notebook.cells if cell.cell_type == "code"]
        made_from = (notebook.file, notebook.node.metadata, code, self.made_from)
        return self.project.steps.key(_step(notebook), *made_from)


def _step(notebook: Notebook) -> str:
    return f"chapter-{notebook.name}"
