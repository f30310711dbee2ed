"""What a chapter recorded, kept until something that it is computed from is another thing.

The key is all that a chapter's kernel may read, but for the parameters: its own code, the program
that counts, and the tables of both years (exports, layouts, code lists). In a record stands which
of the parameters the chapter read, and what they said: a sentence isn't among them, nor a campaign
that it doesn't count. So do the modules and files of its own that it read.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpline_report.errors import MachineError
from helpline_report.figures.register import Register
from helpline_report.parameters.digests import digest
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.reading import says_the_same
from helpline_report.private_files import private_folder, write_private
from helpline_report.run.input_files import unchanged
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook
from helpline_report.run.records import RUN, notebook_text

PACKAGE = Path(__file__).resolve().parent.parent
COUNTS = ("chapter.py", "edition_register.py", "preview.py", "figures/*.py", "run/*.py")
COUNTS_WITH = ("numpy", "pandas", "scipy")
# Of each chapter: as it ran under the parameters that were tried last.
KEPT = 8


@dataclass(frozen=True)
class ChapterCache:
    """A private folder of recorded chapters; `base` is the key of all that they share."""

    folder: Path
    base: str
    root: Path
    overrides: tuple[str, ...]
    editions: tuple[Edition, ...]

    def get(self, notebook: Notebook) -> NotebookNode | None:
        """The chapter as it was executed, with the texts of today; None where it must run."""
        editions = {edition.edition: edition for edition in self.editions}
        for path in sorted(self.folder.glob(f"{self._key(notebook)}-*.json")):
            node = _read(path)
            if node is None:
                continue
            run = node.metadata[RUN]
            if says_the_same(run["read"], editions) and unchanged(run["files"], self.root):
                with suppress(OSError):  # what is of use is kept longest
                    path.touch()
                return _with_texts(node, notebook)
        return None

    def put(self, notebook: Notebook, node: NotebookNode) -> None:
        """Keep an executed chapter; what can't be kept is only slower.

        Of one that asked outside of this machine nobody knows when it must run again.
        """
        run = node.metadata[RUN]
        if run["outside"]:
            return
        content = notebook_text(node)
        inputs = json.dumps([run["read"], run["files"]], sort_keys=True)
        path = self.folder / f"{self._key(notebook)}-{_hash(inputs)[:16]}.json"
        try:
            write_private(path, f"{_hash(content)}\n{content}")
        except MachineError:
            return
        self._forget_old(notebook)

    def _key(self, notebook: Notebook) -> str:
        code = [[cell.id, cell.source] for cell in notebook.node.cells if cell.cell_type == "code"]
        # Else it knows of them by what it reads of the edition alone.
        given = self.overrides if _names_overrides(notebook) else ()
        return f"{notebook.name}-{_hash(json.dumps([self.base, notebook.file, code, given]))}"

    def _forget_old(self, notebook: Notebook) -> None:
        kept = self.folder.glob(f"{notebook.name}-*.json")
        for path in sorted(kept, key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
            path.unlink(missing_ok=True)


def _names_overrides(notebook: Notebook) -> bool:
    """Whether a chapter looks at the overrides otherwise than by handing them on when it opens."""
    names = [
        item.id
        for source in notebook.code()
        for item in ast.walk(ast.parse(source))
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)
    ]
    return names.count("overrides") > 1


def _read(path: Path) -> NotebookNode | None:
    """An executed chapter as it was kept; None if it isn't whole."""
    try:
        sealed, _, content = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return None
    return nbformat.reads(content, as_version=4) if _hash(content) == sealed else None


def _with_texts(executed: NotebookNode, notebook: Notebook) -> NotebookNode:
    """The notebook of today with what its cells of code left when they were executed."""
    code = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
    cells = []
    for cell in notebook.node.cells:
        kept = code.get(cell.id)
        if kept is not None:
            kept.metadata = cell.metadata
        cells.append(deepcopy(cell) if kept is None else kept)
        if TAG_PARAMETERS in cell.metadata.get("tags", []):
            cells.append(code[INJECTED])
    executed.cells = cells
    return executed


def reads_of_its_own(node: NotebookNode, project: Project) -> bool:
    """Whether an executed chapter read anything but the edition and modules beside it."""
    run = node.metadata[RUN]
    beside = project.notebooks.relative_to(project.root).as_posix()
    own = [path for path in run["files"] if not (path.startswith(beside) and path.endswith(".py"))]
    return bool(run["outside"] or own)


def chapter_cache(
    project: Project, register: Register, rows: str | None, overrides: Sequence[str]
) -> ChapterCache | None:
    """The chapters that were recorded from the same rows, by their key; None without a key."""
    if rows is None:
        return None
    parts = {
        "rows": rows,
        "program": [digest(path) for pattern in COUNTS for path in sorted(PACKAGE.glob(pattern))],
        "versions": [sys.version, *(version(name) for name in COUNTS_WITH)],
    }
    both = (register, register.previous)
    editions = tuple(each.edition for each in both if each is not None)
    folder = private_folder(private_folder(project.private) / "chapters") / editions[0].edition
    return ChapterCache(
        private_folder(folder),
        _hash(json.dumps(parts, sort_keys=True)),
        project.root,
        tuple(overrides),
        editions,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
