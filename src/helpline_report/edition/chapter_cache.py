"""What a chapter recorded, kept until something that it is computed from is another thing.

The key is everything that a chapter's process reads: its own code, the program that counts, the
tables of both years (exports, layouts, code lists), and what of the parameters can move a number.
A sentence isn't: a chapter whose text alone changed doesn't run.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from helpline_report.edition.notebooks import Notebook
from helpline_report.edition.private import private_folder, write_private
from helpline_report.errors import MachineError
from helpline_report.params.edition import Edition
from helpline_report.params.project import Project
from helpline_report.params.published import comparison_ledger
from helpline_report.tables.store import tables_key

PACKAGE = Path(__file__).resolve().parent.parent
COUNTS = ("chapter.py", "preview.py", "figures/*.py")
COUNTS_WITH = ("numpy", "pandas", "scipy")
# What the parameters say in words, or about the pages: no count depends on it.
WORDS: Any = {
    "title": True,
    "language": True,
    "locale": True,
    "publisher": True,
    "printed": True,
    "disclosure": True,
    "facts": True,
    "helpline": {"name", "full_name", "website"},
}
KEPT = 60


@dataclass(frozen=True)
class ChapterCache:
    """A private folder of recorded chapters; `base` is the key of all that they share."""

    folder: Path
    base: str

    def get(self, notebook: Notebook) -> NotebookNode | None:
        """The chapter as it ran, its code cells and their outputs; None where it must run."""
        try:
            kept = json.loads(self._place(notebook).read_text(encoding="utf-8"))
            cells = [_cell(cell["id"], cell["outputs"]) for cell in kept]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        found: NotebookNode = from_dict({"cells": cells})
        return found

    def put(self, notebook: Notebook, node: NotebookNode) -> None:
        """Keep what a chapter recorded; what can't be kept is only slower."""
        cells = [
            {"id": cell.id, "outputs": cell.outputs}
            for cell in node.cells
            if cell.cell_type == "code"
        ]
        try:
            write_private(self._place(notebook), json.dumps(cells))
        except MachineError:
            return
        self._forget_old()

    def _place(self, notebook: Notebook) -> Path:
        code = [[cell.id, cell.source] for cell in notebook.node.cells if cell.cell_type == "code"]
        text = json.dumps([self.base, notebook.name, code])
        return self.folder / f"{notebook.name}-{hashlib.sha256(text.encode()).hexdigest()}.json"

    def _forget_old(self) -> None:
        kept = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in kept[:-KEPT]:
            path.unlink(missing_ok=True)


def _cell(name: str, outputs: list[object]) -> dict[str, object]:
    return {"cell_type": "code", "id": name, "outputs": outputs}


def chapter_cache(project: Project, editions: Sequence[Edition]) -> ChapterCache | None:
    """The chapters that were recorded from the same tables; None where a file can't be read."""
    ledger = comparison_ledger(project, editions[0])
    keys = [tables_key(project, edition) for edition in (editions[:1] if ledger else editions)]
    tables = [key[1] for key in keys if key is not None]
    if len(tables) < len(keys):
        return None
    if ledger is not None:
        tables.append(_digest(ledger))
    parts = {
        "tables": tables,
        "parameters": [edition.model_dump(mode="json", exclude=WORDS) for edition in editions],
        "program": [_digest(path) for pattern in COUNTS for path in sorted(PACKAGE.glob(pattern))],
        "versions": [sys.version, *(version(name) for name in COUNTS_WITH)],
    }
    base = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    folder = private_folder(private_folder(project.private) / "chapters") / editions[0].edition
    return ChapterCache(private_folder(folder), base)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
