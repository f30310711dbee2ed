"""The gate: what of a ledger may be published."""

from __future__ import annotations

from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Reason
from helpline_report.parameters.edition import Edition


def release(ledger: Ledger, edition: Edition) -> Ledger:
    """The released ledger: every figure of rows that are synthetic or public.

    There is no disclosure control yet, so that confidential rows are never released. A draft of
    them is for their owner alone, and is kept outside `output/`; a number of a chapter's own code
    waits there for an approval by name.

    Raises:
        RefusedError: the rows are confidential, and this is no draft.
    """
    require_release(edition)
    none = {"value": None, "status": "suppressed", "reason": Reason(code="not_approved")}
    waiting = _unapproved(ledger, edition)
    withheld = {figure.id: figure.model_copy(update=none) for figure in waiting}
    return ledger.model_copy(update={"figures": {**ledger.figures, **withheld}})


def withheld_lines(ledger: Ledger, edition: Edition) -> list[str]:
    """What the editor is told of each number that waits for an approval, with what to add."""
    return [
        f"'{figure.id}' is withheld: it is a number of the chapter's own code, of confidential rows"
        f"\n  → see that it says nothing of single people, and add to "
        f"params/{edition.edition}.yaml:\n    approved_figures:\n      - id: {figure.id}\n"
        "        approved_by: a name\n        approved_on: a date\n"
        "        reason: {nl: waarom, en: why}"
        for figure in _unapproved(ledger, edition)
    ]


def _unapproved(ledger: Ledger, edition: Edition) -> list[Figure]:
    """Numbers of chapters' own code, of confidential rows, that nobody approved by name."""
    if edition.rows != "confidential":
        return []
    approved = {item.id for item in edition.approved_figures}
    figures = ledger.figures.values()
    return [each for each in figures if each.kind == "own" and each.id not in approved]


def require_release(edition: Edition) -> None:
    """Refuse an edition that may not be made, before any chapter runs.

    Raises:
        RefusedError: the rows are confidential, and this is no draft.
    """
    if edition.rows == "confidential" and not edition.draft:
        raise RefusedError(
            "the rows are confidential, and there is no disclosure control yet: no edition of them "
            "is published",
            where=f"params/{edition.edition}.yaml",
            next_step=f"notebooks and 'helpline-report check {edition.edition}' work; a draft for "
            f"your own eyes: helpline-report build {edition.edition} --draft",
        )
