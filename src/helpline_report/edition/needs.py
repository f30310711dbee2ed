"""What a cell needs: its `needs:` tags against what the edition's sources give."""

from __future__ import annotations

from collections.abc import Iterable

from nbformat import NotebookNode

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Reason

PREFIX = "needs:"
TABLES = ("contacts", "persons", "followups", "traffic")

# Fields that are derived from what a source gives, by the field they come from.
DERIVED = {"month": "date", "weekday": "date", "age_class": "age"}


def needs(cell: NotebookNode) -> list[str]:
    """What the tags of a cell say that it needs, in their order."""
    tags: Iterable[str] = cell.get("metadata", {}).get("tags", [])
    return [tag.removeprefix(PREFIX) for tag in tags if tag.startswith(PREFIX)]


def lacks(cell: NotebookNode, ledger: Ledger, *, compared: bool) -> Reason | None:
    """Why a cell is left out: the first thing it needs that isn't there, or None."""
    for need in needs(cell):
        if need == "previous":
            if not compared:
                return Reason(code="no_comparison")
        elif need in TABLES:
            if not ledger.table_available(need):
                return Reason(code="no_source", about=need)
        elif not _has_field(need, ledger):
            return Reason(code="no_field", about=need.rpartition(".")[2])
    return None


def _has_field(need: str, ledger: Ledger) -> bool:
    """`channel`, in whichever table; or `persons.gender`, in that one."""
    table, _, field = need.rpartition(".")
    given = (
        ledger.fields.get(table, ()) if table else [f for fs in ledger.fields.values() for f in fs]
    )
    return field in given or DERIVED.get(field) in given
