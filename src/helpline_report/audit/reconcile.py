"""Hold the figures that earlier reports printed against the ledger, and give each a verdict."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from helpline_report.audit.held import Held
from helpline_report.audit.own_numbers import Report, contradiction, read_report
from helpline_report.audit.printing import agreement
from helpline_report.audit.read_printed import read_printed
from helpline_report.audit.reasons import Reasons, noun_of
from helpline_report.audit.revisions import with_notes
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure
from helpline_report.figures.printed import PrintedFigure, Reconciled, Verdict
from helpline_report.prose.numbers import raw
from helpline_report.prose.writer import Writer
from helpline_report.report.open_data import ROWS, SYNTHETIC

__all__ = ["read_printed", "reconcile", "write_reconciliation"]

COLUMNS = (
    "id",
    "printed",
    "value",
    "computed",
    "verdict",
    "reason",
    "population",
    "claimed",
    "section",
    "source",
    "edition",
)

Judged = tuple[Verdict, str]


def reconcile(
    printed: Sequence[PrintedFigure], ledger: Ledger, writer: Writer
) -> tuple[Reconciled, ...]:
    """Each printed figure beside the computed one, with a verdict found by computing.

    Give it the released ledger: what is suppressed there is 'not computable' here. It raises
    nothing over what the exports hold: a figure without a value has a verdict like any other.
    """
    reasons, held = Reasons(writer), Held(ledger)
    reports = _reports(printed, ledger, held)
    found = [_reconciled(item, held, reports[item.source], reasons) for item in printed]
    return with_notes(found, writer.names.edition, partial(reasons.say, "reason.note"))


def _reports(printed: Sequence[PrintedFigure], ledger: Ledger, held: Held) -> Mapping[str, Report]:
    by_source: dict[str, list[PrintedFigure]] = {}
    for item in printed:
        by_source.setdefault(item.source, []).append(item)
    return {source: read_report(items, ledger, held.of) for source, items in by_source.items()}


def _reconciled(item: PrintedFigure, held: Held, report: Report, reasons: Reasons) -> Reconciled:
    figure = held.of(item)
    if figure is None or figure.value is None:
        computed, (verdict, reason) = "", _not_there(figure, reasons)
    else:
        computed, (verdict, reason) = raw(figure.value), _judged(item, figure, report, reasons)
    return Reconciled(
        printed=item,
        computed=computed,
        verdict=verdict,
        reason=reason,
        figure=figure.id if figure is not None and figure.id != item.id else "",
    )


def _not_there(figure: Figure | None, reasons: Reasons) -> Judged:
    if figure is not None and figure.reason is not None and figure.of is not None:
        compares = figure.kind in ("change", "rate_ratio", "flag")
        if compares and figure.reason.code == "break":
            return "not_comparable", reasons.not_comparable(figure)
    return "not_computable", reasons.unavailable(figure)


def _judged(item: PrintedFigure, figure: Figure, report: Report, reasons: Reasons) -> Judged:
    if item.unit != figure.unit:
        return "redefined", reasons.say("reason.unit")
    of, found = noun_of(figure).replace("_", " "), agreement(item, figure)
    if found and of != item.claimed:
        return "wrong_population", reasons.wrong_population(item, of)
    if found:
        exactly = found == "exact"
        return "agrees" if exactly else "agrees_rounded", reasons.agrees(figure, exactly=exactly)
    if _claims_a_rise(item, figure):
        return "not_supported", reasons.not_supported(figure)
    evidence = contradiction(item, figure, report)
    if evidence is not None:
        return "contradicts", reasons.contradicts(item, evidence)
    if of != item.population:
        return "redefined", reasons.redefined(item, of)
    return "revised", reasons.revised(item, figure)


def _claims_a_rise(item: PrintedFigure, figure: Figure) -> bool:
    """A rise in the words of the print, where the rate ratio's interval doesn't lie above 1."""
    return figure.kind == "flag" and figure.exposure is not None and item.value == "1"


def write_reconciliation(
    reconciled: Sequence[Reconciled], path: Path, edition: str = "", *, synthetic: bool = False
) -> None:
    """Write a line a printed figure, in their order, as comma-separated UTF-8.

    `edition` is the year of those that don't say theirs. What was computed from `synthetic` rows is
    marked as such in a last column.
    """
    mark = {ROWS: SYNTHETIC} if synthetic else {}
    columns = (*COLUMNS, *mark)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for item in reconciled:
        own = {"computed": item.computed, "verdict": item.verdict, "reason": item.reason} | mark
        cells = item.printed.model_dump() | own
        cells["edition"] = item.printed.edition or edition
        writer.writerow([cells[column] for column in columns])
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
