"""List hidden counts for the editor of an edition, with the reason of each."""

from __future__ import annotations

from collections.abc import Iterator

from helpline_report.disclosure.release import Decision
from helpline_report.figures.ledger import Protected

WHY = {
    "small": "below the threshold, or of too few contacts",
    "gives_away": "a small count would follow from it",
    "narrows": "a small count would be known too closely",
}


def list_hidden(decision: Decision) -> Iterator[str]:
    """How many counts are hidden, and each of them by its reason: not to be passed on."""
    yield sum_up(decision.ledger.protected)
    if decision.tables:
        yield f"mostly hidden, so not published at all: {', '.join(decision.tables)}"
    for why, text in WHY.items():
        cells = [cell for cell in decision.hidden if cell.why == why]
        if cells:
            yield f"{text}: {len(cells)}"
            width = max(len(cell.id) for cell in cells)
            yield from (f"  {cell.id:<{width}} {cell.value:>6}" for cell in cells)


def sum_up(protected: Protected | None) -> str:
    """How many counts of people are hidden, with which threshold."""
    if protected is None:
        return "no count of people is hidden: there is no threshold"
    return (
        f"with a threshold of {protected.threshold}, {protected.hidden} of {protected.cells} "
        "counts of people are hidden"
    )
