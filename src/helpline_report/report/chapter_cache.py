"""What a chapter recorded, kept until something that it is computed from is another thing.

The key is all that a chapter's process may read, but for the parameters: its own code, the program
that counts, and the tables of both years (exports, layouts, code lists). Of the parameters it is
kept beside a record which of them the chapter read, and what they said: a sentence isn't among
them, nor a campaign that it doesn't count.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from nbformat import NotebookNode, from_dict

from helpline_report.errors import MachineError
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.reading import Read, says_the_same
from helpline_report.report.notebook_files import OPEN
from helpline_report.report.notebooks import Notebook
from helpline_report.report.private import private_folder, write_private

PACKAGE = Path(__file__).resolve().parent.parent
COUNTS = ("chapter.py", "preview.py", "figures/*.py")
COUNTS_WITH = ("numpy", "pandas", "scipy")
# With these a cell could come to the parameters by a way of its own.
WAYS = {"open", "eval", "exec", "compile", "globals", "vars", "__import__", "__builtins__"}
# Of each chapter: as it ran under the parameters that were tried last.
KEPT = 8


@dataclass(frozen=True)
class ChapterCache:
    """A private folder of recorded chapters; `base` is the key of all that they share."""

    folder: Path
    base: str
    editions: tuple[Edition, ...]

    def get(self, notebook: Notebook) -> NotebookNode | None:
        """The chapter as it ran, its code cells and their outputs; None where it must run."""
        if goes_its_own_way(notebook):
            return None
        editions = {edition.edition: edition for edition in self.editions}
        for path in sorted(self.folder.glob(f"{self._key(notebook)}-*.json")):
            read, cells = _parts(path)
            if read is not None and says_the_same(json.loads(read), editions):
                with suppress(OSError):  # what is of use is kept longest
                    path.touch()
                found: NotebookNode = from_dict({"cells": json.loads(cells)})
                return found
        return None

    def put(self, notebook: Notebook, node: NotebookNode, read: Read | None) -> None:
        """Keep what a chapter recorded; what can't be kept is only slower.

        Of one whose process didn't say what it `read`, or that could read something else, nobody
        knows when it must run again.
        """
        if read is None or goes_its_own_way(notebook):
            return
        cells = [
            {"cell_type": "code", "id": cell.id, "outputs": cell.outputs}
            for cell in node.cells
            if cell.cell_type == "code"
        ]
        told = json.dumps(read, sort_keys=True)
        content = f"{told}\n{json.dumps(cells)}"
        path = self.folder / f"{self._key(notebook)}-{_hash(told)[:16]}.json"
        try:
            write_private(path, f"{_hash(content)}\n{content}")
        except MachineError:
            return
        self._forget_old(notebook)

    def _key(self, notebook: Notebook) -> str:
        code = [[cell.id, cell.source] for cell in notebook.node.cells if cell.cell_type == "code"]
        return f"{notebook.name}-{_hash(json.dumps([self.base, notebook.name, code]))}"

    def _forget_old(self, notebook: Notebook) -> None:
        kept = self.folder.glob(f"{notebook.name}-*.json")
        for path in sorted(kept, key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
            path.unlink(missing_ok=True)


def _parts(path: Path) -> tuple[str | None, str]:
    """What a chapter read and what its cells left, as they were kept; None if not whole."""
    try:
        digest, _, content = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return None, ""
    if _hash(content) != digest:
        return None, ""
    read, _, cells = content.partition("\n")
    return read, cells


def goes_its_own_way(notebook: Notebook) -> bool:
    """Whether a chapter could read anything but what it opens: a file of its own, say.

    Such a one runs in every build.
    """
    names: list[str] = []
    for item in (item for cell in notebook.code() for item in ast.walk(ast.parse(cell))):
        if isinstance(item, ast.Import):
            return True
        if isinstance(item, ast.ImportFrom):
            if item.module != "helpline_report.chapter" or {a.name for a in item.names} != {OPEN}:
                return True
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load):
            names.append(item.id)
    return bool(WAYS.intersection(names)) or names.count("overrides") > 1


def chapter_cache(project: Project, register: Register, rows: str | None) -> ChapterCache | None:
    """The chapters that were recorded from the same rows, by their key; None without a key."""
    if rows is None:
        return None
    parts = {
        "rows": rows,
        "program": [_digest(path) for pattern in COUNTS for path in sorted(PACKAGE.glob(pattern))],
        "versions": [sys.version, *(version(name) for name in COUNTS_WITH)],
    }
    both = (register, register.previous)
    editions = tuple(each.edition for each in both if each is not None)
    folder = private_folder(private_folder(project.private) / "chapters") / editions[0].edition
    return ChapterCache(
        private_folder(folder),
        _hash(json.dumps(parts, sort_keys=True)),
        editions,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
