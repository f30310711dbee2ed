"""Notebooks as a run would leave them, released: outputs are what a ledger says of each cell."""

from collections.abc import Mapping
from copy import deepcopy

import nbformat.v4 as nb
from nbformat import NotebookNode

from helpline_report.figures.ledger import RECORD_MIME, CellRecord, Ledger, Reference
from helpline_report.report.released_notebooks import release_notebook


def released(notebooks: Mapping[str, NotebookNode], ledger: Ledger) -> dict[str, NotebookNode]:
    """The notebooks of chapters, by name, as the gate lets them out."""
    return {
        name: release_notebook(executed(node, ledger, name), ledger)
        for name, node in notebooks.items()
    }


def executed(node: NotebookNode, ledger: Ledger, name: str) -> NotebookNode:
    """A chapter's notebook with an output for each record of the ledger."""
    records = {
        cell.id: cell
        for chapter in ledger.chapters
        if chapter.name == name
        for cell in chapter.cells
    }
    whole = deepcopy(node)
    for cell in whole.cells:
        if cell.cell_type == "code":
            cell.outputs = _outputs(records.get(cell.id, CellRecord(id=cell.id)))
    return whole


def _outputs(record: CellRecord) -> list[NotebookNode]:
    counted = [recorded(record.figures)] if record.figures else []
    return counted + [recorded((), shows) for shows in record.shows]


def recorded(figures: tuple[str, ...] = (), shows: Reference | None = None) -> NotebookNode:
    """An output as `chapter.…` leaves it."""
    payload: dict[str, object] = {"ledger": {"figures": {name: {} for name in figures}}}
    if shows is not None:
        payload["shows"] = shows.model_dump(mode="json")
    return NotebookNode(nb.new_output("display_data", data={RECORD_MIME: payload}))
