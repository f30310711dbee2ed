"""Numbers that another edition published and that are counted otherwise now: known, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpline_report.errors import ExportError, Problem
from helpline_report.figures.printed import Reconciled
from helpline_report.figures.revisions import CODE, file_of, is_revised, known, revised
from helpline_report.parameters.acknowledging import ask, line
from helpline_report.parameters.edition import Edition

STEP = (
    "find out what changed: the exports of that year, a definition or the program; where the new "
    "number is right, acknowledge it with that as its reason, which the report then prints"
)


def refuse_unknown(reconciled: Sequence[Reconciled], edition: Edition) -> None:
    """Stop where a released ledger said another number, unless the parameters say that it is known.

    Of what earlier reports printed, typed over by hand, there are verdicts and nothing stops. Both
    numbers are published aggregates: the message shows them.

    Raises:
        ExportError: with each number that was published, and the one that is counted now.
    """
    found = revised(reconciled)
    unknown = [item for item in found if known(item, edition, len(found)) is None]
    if not unknown:
        return
    problems = [_problem(item) for item in unknown]
    lines = [
        line(CODE, file=file, rows=sum(file_of(item) == file for item in found))
        for file in dict.fromkeys(file_of(item) for item in unknown)
    ]
    raise ExportError(problems, asks=ask(edition, lines))


def with_notes(
    reconciled: Sequence[Reconciled], edition: Edition, say: Callable[..., str]
) -> tuple[Reconciled, ...]:
    """Each revised number with the note of its revision; `say` puts a `note` in words."""
    among = len(revised(reconciled))

    def noted(item: Reconciled) -> Reconciled:
        entry = known(item, edition, among) if is_revised(item) else None
        if entry is None:
            return item
        note = say(note=entry.reason.in_language(edition.language).strip().rstrip("."))
        return item.model_copy(update={"reason": f"{item.reason} {note}"})

    return tuple(noted(item) for item in reconciled)


def _problem(item: Reconciled) -> Problem:
    what = f"{item.held} was published as {item.printed.value}, and {item.computed} is counted now"
    return Problem(file_of(item), 0, "", CODE, what, next_step=STEP)
