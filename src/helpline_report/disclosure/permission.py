"""Say whether an edition may be published at all, and what of the hash of an export."""

from __future__ import annotations

import hashlib

from helpline_report.errors import RefusedError
from helpline_report.parameters.edition import Edition


def require_release(edition: Edition) -> None:
    """Refuse an edition that may not be made, before any chapter runs.

    Raises:
        RefusedError: the rows are confidential, without a threshold, and this is no draft.
    """
    decided = edition.disclosure.threshold if edition.disclosure else 0
    if edition.rows == "confidential" and not edition.draft and not decided:
        raise RefusedError(
            "the rows are confidential, and no threshold for small numbers was decided",
            where=f"params/{edition.edition}.yaml",
            next_step="say under 'disclosure' the threshold (such as 5), decided_by, decided_on "
            "and reason; or make a draft for your own eyes: "
            f"helpline-report build {edition.edition} --draft",
        )


def veil(sha256: str) -> str:
    """What is published of the hash of an export: nobody can try contents against it.

    The hash itself stays private, and keys the hashes of what holds unreleased numbers.
    """
    return hashlib.sha256(sha256.encode()).hexdigest()
