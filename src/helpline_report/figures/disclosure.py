"""The gate: what of a ledger may be published."""

from __future__ import annotations

from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.edition import Edition


def release(ledger: Ledger, edition: Edition) -> Ledger:
    """The released ledger: every figure of rows that are synthetic or public.

    There is no disclosure control yet, so that confidential rows are never released. A draft of
    them is for their owner alone, and is kept outside `output/`.

    Raises:
        RefusedError: the rows are confidential, and this is no draft.
    """
    require_release(edition)
    return ledger


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
