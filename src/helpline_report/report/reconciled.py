"""What earlier reports printed beside what is counted now: how many of each verdict, and which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from helpline_report.figures.model import Figure
from helpline_report.figures.printed import Reconciled, Verdict
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.publication import Publication
from helpline_report.report.views import CellView, Left, RowView, TableView, View
from helpline_report.report.words import EditionWords

AGREEING = frozenset({"agrees", "agrees_rounded"})


def reconciliation_views(publication: Publication, words: EditionWords) -> Sequence[View]:
    """A table of the verdicts, and one of the figures that come out otherwise than printed."""
    if not publication.reconciled:
        return [Left(words.say("reconciliation.none"))]
    views = [_verdicts(publication.reconciled, words)]
    others = [
        (number, item)
        for number, item in enumerate(publication.reconciled, 1)
        if item.verdict not in AGREEING
    ]
    return [*views, _others(others, publication, words)] if others else views


def _verdicts(reconciled: Sequence[Reconciled], words: EditionWords) -> TableView:
    counts = Counter(item.verdict for item in reconciled)
    rows = [
        RowView(
            capital(words.say(f"verdict.{verdict}")),
            (CellView(words.number(counts[verdict], "count"), address=_verdict_address(verdict)),),
        )
        for verdict in get_args(Verdict)
        if counts[verdict]
    ]
    rows.append(
        RowView(
            capital(words.say("part.total")),
            (CellView(words.number(len(reconciled), "count"), address=_verdict_address("total")),),
            total=True,
        )
    )
    return TableView(
        id="reconciliation",
        caption=words.say("reconciliation.caption"),
        subtitle=words.say("reconciliation.subtitle"),
        heads=tuple(capital(words.say(f"reconciliation.{key}")) for key in ("verdict", "count")),
        rows=tuple(rows),
        numeric=(True,),
    )


def _verdict_address(verdict: str) -> str:
    return f"audit/index.html#{verdict_anchor(verdict)}"


def verdict_anchor(verdict: str) -> str:
    """Where the audit counts a verdict; `total` stands for all of them."""
    return f"verdict-{verdict}"


def printed_anchor(number: int) -> str:
    """Where the audit holds a printed figure, by its number from 1: reports may share its name."""
    return f"printed-{number}"


def _others(
    items: Sequence[tuple[int, Reconciled]], publication: Publication, words: EditionWords
) -> TableView:
    keys = ("figure", "printed", "computed", "verdict", "reason")
    return TableView(
        id="reconciliation.others",
        caption=words.say("reconciliation.detail"),
        subtitle=words.say("reconciliation.detail_subtitle"),
        heads=tuple(capital(words.say(f"reconciliation.{key}")) for key in keys),
        rows=tuple(_row(number, item, publication, words) for number, item in items),
        numeric=(False, False, False, False),
    )


def _row(number: int, item: Reconciled, publication: Publication, words: EditionWords) -> RowView:
    figure = publication.ledger.figures.get(item.held)
    name = capital(words.name(figure)) if figure else item.printed.id
    computed = words.value(figure) if figure else item.computed
    address = f"audit/index.html#{printed_anchor(number)}"
    cells = (
        CellView(as_published(item, figure, words), address=address),
        CellView(computed, figure.id if figure else None, address="" if figure else address),
        CellView(words.say(f"verdict.{item.verdict}")),
        CellView(item.reason),
    )
    return RowView(name, cells)


def as_published(item: Reconciled, figure: Figure | None, words: EditionWords) -> str:
    """A printed figure as it was printed; of a released ledger, its value as we write it."""
    if figure is None or not item.printed.released:
        return item.printed.printed
    value = item.printed.value
    then = value if isinstance(figure.value, str) else float(value)
    return words.value(figure.model_copy(update={"value": then}))
