"""Numbers that another edition published and that are counted otherwise now: known, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpline_report.errors import ExportError, Problem
from helpline_report.figures.printed import Reconciled
from helpline_report.params.acknowledging import acknowledging, ask, line
from helpline_report.params.called import called_ledger
from helpline_report.params.edition import Edition
from helpline_report.params.known import Acknowledged

CODE = "B69"
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
    revised = [item for item in reconciled if _is_revised(item)]
    unknown = [item for item in revised if _known(item, edition, len(revised)) is None]
    if not unknown:
        return
    problems = [_problem(item) for item in unknown]
    lines = [
        line(CODE, file=file, rows=sum(_file(item) == file for item in revised))
        for file in dict.fromkeys(_file(item) for item in unknown)
    ]
    raise ExportError(problems, asks=ask(edition, lines))


def with_notes(
    reconciled: Sequence[Reconciled], edition: Edition, say: Callable[..., str]
) -> tuple[Reconciled, ...]:
    """Each revised number with the note of its revision; `say` puts a `note` in words."""
    revised = sum(_is_revised(item) for item in reconciled)

    def noted(item: Reconciled) -> Reconciled:
        entry = _known(item, edition, revised) if _is_revised(item) else None
        if entry is None:
            return item
        note = say(note=entry.reason.in_language(edition.language).strip().rstrip("."))
        return item.model_copy(update={"reason": f"{item.reason} {note}"})

    return tuple(noted(item) for item in reconciled)


def _is_revised(item: Reconciled) -> bool:
    return item.printed.released and item.verdict == "revised"


def _known(item: Reconciled, edition: Edition, revised: int) -> Acknowledged | None:
    """The entry of the parameters about this figure, or about so many of them."""
    return acknowledging(edition, code=CODE, file=_file(item), about=item.held, rows=revised)


def _file(item: Reconciled) -> str:
    return called_ledger(item.printed.edition)


def _problem(item: Reconciled) -> Problem:
    what = f"{item.held} was published as {item.printed.value}, and {item.computed} is counted now"
    return Problem(_file(item), 0, "", CODE, what, next_step=STEP)
