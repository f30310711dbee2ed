"""From executed chapters to one ledger: outputs that are records, each name once, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nbformat import NotebookNode
from pydantic import ValidationError

from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import (
    RECORD_MIME,
    CellRecord,
    ChapterRecord,
    Ledger,
    Reference,
)
from helpline_report.report.notebooks import Notebook

# What a fragment of the ledger holds by name, and what one thing of it is called.
PARTS = {
    "figures": "figure",
    "series": "series",
    "crosstabs": "cross-table",
    "charts": "chart",
    "tables": "table",
    "highlights": "list of highlights",
    "campaigns": "list of campaigns",
    "quality": "list of files",
    "missing": "list of missing values",
}

Origins = dict[tuple[str, str], str]


def collect(
    edition: str, notebooks: Sequence[Notebook], executed: Sequence[NotebookNode]
) -> Ledger:
    """One ledger of what the cells of all chapters recorded.

    Raises:
        ChapterError: an output is no record, or a name is recorded twice.
    """
    ledger = Ledger(edition=edition)
    origins: Origins = {}
    chapters = []
    for notebook, node in zip(notebooks, executed, strict=True):
        cells = []
        for cell in node.cells:
            if cell.cell_type == "code":
                where = f"notebooks/{notebook.file}, cell '{cell.id}'"
                cells.append(_collect_cell(cell, where, ledger, origins))
        kept = tuple(cell for cell in cells if cell.figures or cell.shows)
        chapters.append(ChapterRecord(name=notebook.name, cells=kept))
    return ledger.model_copy(update={"chapters": tuple(chapters)})


def _collect_cell(cell: NotebookNode, where: str, ledger: Ledger, origins: Origins) -> CellRecord:
    figures: list[str] = []
    shows: list[Reference] = []
    for fragment, reference in _records(cell, where):
        if fragment.edition != ledger.edition:
            raise ChapterError(
                f"the cell counts the edition '{fragment.edition}', and '{ledger.edition}' is made",
                where=where,
                next_step="open the chapter with the edition that the parameters cell is given",
            )
        figures += fragment.figures
        _merge(fragment, ledger, where, origins)
        if reference is not None:
            shows.append(reference)
    return CellRecord(id=cell.id, figures=tuple(figures), shows=tuple(shows))


def _records(cell: NotebookNode, where: str) -> Iterator[tuple[Ledger, Reference | None]]:
    for output in cell.outputs:
        payload: Any = output.get("data", {}).get(RECORD_MIME)
        if payload is None:
            raise _stray(output, where)
        try:
            fragment = Ledger.model_validate(payload["ledger"])
            shown = Reference.model_validate(payload["shows"]) if "shows" in payload else None
        except (ValidationError, KeyError, TypeError):
            raise _stray(output, where) from None
        yield fragment, shown


def _merge(fragment: Ledger, ledger: Ledger, where: str, origins: Origins) -> None:
    for part, kind in PARTS.items():
        known = getattr(ledger, part)
        for name, item in getattr(fragment, part).items():
            first = origins.setdefault((part, name), where)
            if name in known:
                raise ChapterError(
                    f"the {kind} '{name}' is computed twice",
                    where=where,
                    next_step=f"it stands in {first} already: give one of them another name",
                )
            known[name] = item


def _stray(output: NotebookNode, where: str) -> ChapterError:
    kind = output.get("output_type", "")
    what = {
        "stream": f"the cell prints to {output.get('name', 'stdout')}",
        "error": "the cell raises an error",
    }.get(kind, "the cell shows something that is neither a figure, a chart nor a table")
    return stray(what, where)


def stray(what: str, where: str) -> ChapterError:
    """The error of an output that is no record."""
    return ChapterError(
        f"a stray output: {what}",
        where=where,
        next_step="only what chapter.… records may leave a cell: rows could leave with the rest",
    )
