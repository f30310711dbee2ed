"""Tell who makes an edition which counts and numbers aren't published, and why: privately."""

from __future__ import annotations

from collections.abc import Iterator

from helpline_report.disclosure.release import Decision, unapproved
from helpline_report.figures.ledger import Ledger, Protected
from helpline_report.parameters.edition import Edition

# Why a count isn't published: by the field of `Protection` that it stands in.
WHY_HIDDEN = {
    "primary": "below the threshold, or of too few contacts",
    "secondary": "a small count would follow from it",
    "further": "a small count would be known too closely",
}


def sum_up(protected: Protected | None) -> str:
    """How many counts of people are hidden, with which threshold."""
    if protected is None:
        return "no count of people is hidden: there is no threshold"
    return (
        f"with a threshold of {protected.threshold}, {protected.hidden} of {protected.cells} "
        "counts of people are hidden"
    )


def list_hidden(decision: Decision) -> Iterator[str]:
    """How many counts are hidden, and each of them by its reason: not to be passed on."""
    yield sum_up(decision.ledger.protected)
    if decision.tables:
        yield f"mostly hidden, so not published at all: {', '.join(decision.tables)}"
    for why, text in WHY_HIDDEN.items():
        cells = [cell for cell in decision.hidden if cell.why == why]
        width = max((len(cell.id) for cell in cells), default=0)
        if cells:
            yield f"{text}: {len(cells)}"
            yield from (f"  {cell.id:<{width}} {cell.value:>6}" for cell in cells)


def hidden_lines(decision: Decision, edition: Edition) -> list[str]:
    """What the editor is told of hidden counts: how many, never which; and how to list them."""
    protected = decision.ledger.protected
    if protected is None:
        return []
    what = f"{protected.hidden} of {protected.cells} counts of people aren't published"
    return [f"{what} (helpline-report disclosure {edition.edition} lists them, for you alone)"]


def withheld_lines(ledger: Ledger, edition: Edition) -> list[str]:
    """What the editor is told of each number that waits for an approval, with what to add."""
    return [
        f"'{figure.id}' is withheld: it is a number of the chapter's own code, of confidential rows"
        f"\n  → see that it says nothing of single people, and add to "
        f"params/{edition.edition}.yaml:\n    approved_figures:\n      - id: {figure.id}\n"
        "        approved_by: a name\n        approved_on: a date\n"
        "        reason: {nl: waarom, en: why}"
        for figure in unapproved(ledger, edition)
    ]
