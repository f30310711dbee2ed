"""The gate: what of a ledger may be published."""

from __future__ import annotations

from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.edition import Edition


def release(ledger: Ledger, edition: Edition) -> Ledger:
    """The released ledger: every figure, under a decision that says so.

    Disclosure control isn't built yet. Rows that are synthetic or public need none; for others a
    named decision with a threshold of 0 stands in the parameters, and is published with them.

    Raises:
        RefusedError: the rows are confidential and nobody decided.
    """
    if edition.rows == "confidential" and edition.disclosure is None:
        raise RefusedError(
            "the rows are confidential and nobody decided what may be published",
            where=f"params/{edition.edition}.yaml",
            next_step="add 'disclosure' with threshold 0, who decided it, when and why",
        )
    return ledger
