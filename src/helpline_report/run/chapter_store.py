"""Keep each executed chapter as a step, until something that it is made from changes.

Its key holds its code, the tables, and the parameters that can change a number. Which modules and
files it read besides is known only once it ran: they stand in what is kept, with their hashes, and
if one of them changed the chapter runs again.
"""

from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpline_report.parameters.project import Project
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook, read_tags
from helpline_report.run.records import RUN, strip_outputs, write_notebook_text
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
        content = self.project.steps.read(_name_step(notebook), self._key(notebook))
        if content is None:
            return None
        executed: NotebookNode = nbformat.reads(content.decode(), as_version=4)
        if find_changed_files(executed.metadata[RUN]["files"], self.project.root):
            return None
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
        """Keep an executed chapter.

        Of one that asked outside of this machine nobody knows when it must run again.
        """
        if not node.metadata[RUN]["outside"]:
            key, content = self._key(notebook), write_notebook_text(node).encode()
            self.project.steps.write(_name_step(notebook), key, content, suffix=".ipynb")

    def _key(self, notebook: Notebook) -> str:
        code = [[cell.id, cell.source] for cell in notebook.cells if cell.cell_type == "code"]
        made_from = (notebook.file, notebook.node.metadata, code, self.made_from)
        return self.project.steps.key(_name_step(notebook), *made_from)


def _name_step(notebook: Notebook) -> str:
    return f"chapter-{notebook.name}"
