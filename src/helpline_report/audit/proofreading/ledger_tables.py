"""Which figure stands in which cell of a table of our own page."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from helpline_report.figures.ledger import CampaignEffects, Ledger
from helpline_report.figures.model import Chart, Crosstab, Figure, Series, Table
from helpline_report.figures.printed import Verdict
from helpline_report.prose.numbers import Idiom, number

# A figure, a text that is to stand there as it is, or nothing that can be told.
Cells = tuple[Figure | str | None, ...]
NL = Idiom("nl", "nl_BE")


@dataclass(frozen=True)
class Beside:
    """What stands beside a page: the facts of its parameters, and the reconciliation as CSV."""

    facts: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    reconciliation: str = ""


def expected_rows(identifier: str, ledger: Ledger, beside: Beside) -> list[Cells] | None:
    """The cells of each row of a table, by its id on the page; None where it is unknown."""
    name = identifier.removesuffix(".rows").removesuffix(".table-of-chart")
    if name in ledger.tables:
        return _table(ledger.tables[name], ledger)
    if name in ledger.charts:
        return _chart(ledger.charts[name], ledger)
    if name in ledger.missing:
        return [_missing(ledger.figures[item]) for _, item in ledger.missing[name].figures]
    effects = {
        f"campaign.{e.campaign}": e for item in ledger.campaigns.values() for e in item.effects
    }
    if name in effects:
        return _campaign(effects[name], ledger)
    if name in ("reconciliation", "reconciliation.others"):
        return _reconciled(name, ledger, beside)
    return None


def _table(table: Table, ledger: Ledger) -> list[Cells]:
    if table.crosstab is not None:
        return _crosstab(ledger.crosstabs[table.crosstab], ledger.figures)
    series = [ledger.series[name] for name in table.series if name in ledger.series]
    if series:
        rows = _series(series, ledger.figures, table.most)
        total = ledger.figures.get(table.total) if table.total else None
        return [*rows, _total(series, total)] if total else rows
    return _figures([ledger.figures[n] for n in table.figures if n in ledger.figures], ledger)


def _chart(chart: Chart, ledger: Ledger) -> list[Cells]:
    if chart.crosstab is not None:
        return _crosstab(ledger.crosstabs[chart.crosstab], ledger.figures)
    if chart.series is not None:
        names = [name for name in (chart.series, chart.against) if name in ledger.series]
        return _series([ledger.series[str(name)] for name in names], ledger.figures, None)
    return _figures([ledger.figures[name] for name in chart.figures], ledger)


def _series(
    series: Sequence[Series], figures: Mapping[str, Figure], most: int | None
) -> list[Cells]:
    """A row a code; with `most` the largest ones, the largest first."""
    codes = list(dict.fromkeys(member.code for item in series for member in item.members))
    columns = [{member.code: member.figure for member in item.members} for item in series]
    rows: list[Cells] = [tuple(figures.get(c.get(code, "")) for c in columns) for code in codes]
    if most is None or len(rows) <= most:
        return rows
    return sorted(rows, key=_largest_first)[:most]


def _largest_first(row: Cells) -> float:
    first = row[0]
    has = isinstance(first, Figure) and first.value is not None and not isinstance(first.value, str)
    return -first.number if isinstance(first, Figure) and has else 1.0


def _total(series: Sequence[Series], total: Figure) -> Cells:
    return tuple(
        total
        if item.unit == total.unit and item.population.edition == total.population.edition
        else ""
        for item in series
    )


def _crosstab(crosstab: Crosstab, figures: Mapping[str, Figure]) -> list[Cells]:
    by_place = {(cell.row, cell.column): cell.figure for cell in crosstab.cells}
    rows = dict.fromkeys(row for row, _ in by_place)
    columns = dict.fromkeys(column for _, column in by_place)
    return [
        tuple(figures.get(by_place.get((row, column), "")) for column in columns) for row in rows
    ]


def _figures(figures: Sequence[Figure], ledger: Ledger) -> list[Cells]:
    before = [ledger.figures.get(f"{figure.id}.previous") for figure in figures]
    rows: list[Cells] = []
    for figure, earlier in zip(figures, before, strict=True):
        row: list[Figure | str | None] = [figure]
        if any(item.interval for item in figures):
            row.append(figure)
        if any(before):
            row.append(earlier)
        rows.append(tuple(row))
    return rows


def _missing(figure: Figure) -> Cells:
    sizes = (figure.numerator, figure.denominator)
    return (*("" if size is None else number(NL, size) for size in sizes), figure)


def _campaign(effects: CampaignEffects, ledger: Ledger) -> list[Cells]:
    names = [(effects.contacts, effects.around, effects.previous)]
    if effects.target is not None:
        names.append((effects.target, effects.target_around or "", effects.target_previous or ""))
    return [tuple(ledger.figures.get(name) for name in row) for row in names]


def _reconciled(name: str, ledger: Ledger, beside: Beside) -> list[Cells] | None:
    """The tables of the reconciliation, from the CSV beside the page."""
    if not beside.reconciliation:
        return None
    items = list(csv.DictReader(io.StringIO(beside.reconciliation)))
    counts = Counter(item["verdict"] for item in items)
    if name == "reconciliation":
        rows: list[Cells] = [(number(NL, counts[v]),) for v in get_args(Verdict) if counts[v]]
        return [*rows, (number(NL, len(items)),)]
    agree = ("agrees", "agrees_rounded")
    return [
        (item["printed"], ledger.figures.get(item["id"]), None, item["reason"])
        for item in items
        if item["verdict"] not in agree
    ]
