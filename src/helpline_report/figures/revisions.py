"""Numbers that a released ledger said and that are counted otherwise now: which, and why known."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.figures.printed import Reconciled
from helpline_report.parameters.acknowledgements import find_acknowledgement
from helpline_report.parameters.edition import Acknowledged, Edition
from helpline_report.parameters.layouts import ledger_name

CODE = "B69"


def revised(reconciled: Sequence[Reconciled]) -> tuple[Reconciled, ...]:
    """The revisions among printed figures; what was typed over from print is none."""
    return tuple(item for item in reconciled if is_revised(item))


def is_revised(item: Reconciled) -> bool:
    """Whether a released ledger said another number than is counted now."""
    return item.printed.released and item.verdict == "revised"


def known(item: Reconciled, edition: Edition, among: int) -> Acknowledged | None:
    """The entry of the parameters about this revision, or about as many as there are (`among`)."""
    return find_acknowledgement(edition, code=CODE, file=file_of(item), about=item.held, rows=among)


def file_of(item: Reconciled) -> str:
    """The name of the released ledger that said it."""
    return ledger_name(item.printed.edition)
