"""Say whether an edition may be made at all, and what of it was approved before."""

from __future__ import annotations

from pathlib import Path

from helpline_report.errors import RefusedError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project


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


def approved_ledgers(project: Project, name: str) -> Path:
    """Where the released ledger of every approved version of an edition is kept."""
    return project.private / "approved" / name
