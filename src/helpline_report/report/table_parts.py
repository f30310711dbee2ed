"""Make tables of series side by side, of cross-tables and of single figures: rows of text."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.charts.chart_figures import ranked
from helpline_report.figures.model import (
    Crosstab,
    Figure,
    PopulationSpec,
    ReportTable,
    Series,
)
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.prose.vocabulary import UNKNOWN
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.views import CellView, RowView, TableView


def table_view(table: ReportTable, words: EditionWords) -> TableView | None:
    """A table of the ledger as it is shown; None where nothing of it is there."""
    ledger = words.ledger
    if table.crosstab is not None:
        crosstab = ledger.crosstabs.get(table.crosstab)
        return crosstab_view(table.id, crosstab, words) if crosstab else None
    series = [ledger.series[name] for name in table.series if name in ledger.series]
    if series:
        total = ledger.figures.get(table.total or "")
        return series_view(table.id, series, words, most=table.most, total=total)
    figures = [ledger.figures[name] for name in table.figures if name in ledger.figures]
    return figures_view(table.id, figures, words) if figures else None


def series_view(
    name: str,
    series: Sequence[Series],
    words: EditionWords,
    *,
    most: int | None = None,
    total: Figure | None = None,
) -> TableView | None:
    """Series of one field side by side, a row a code; None where they have no members."""
    field, figures = series[0].by, words.ledger.figures
    columns = [{m.code: figures.get(m.figure) for m in item.members} for item in series]
    codes = list(dict.fromkeys(code for column in columns for code in column))
    if not codes:
        return None
    left_out = len(codes) - len(codes[:most])
    if left_out:
        codes = ranked(codes, columns[0], field, words)[:most]
    known = [is_of_known(item, words) for item in series]
    rows = [
        RowView(
            capital(words.label(field, code)),
            tuple(
                # What isn't known is no part of what is.
                CellView("–") if of_known and code not in column else cell(column.get(code), words)
                for column, of_known in zip(columns, known, strict=True)
            ),
        )
        for code in codes
    ]
    if total is not None:
        rows.append(_total(series, total, words))
    notes = notes_of([figure for column in columns for figure in column.values()], words)
    if left_out:
        notes = (*notes, words.say("part.left_out", count=str(left_out)))
    return TableView(
        id=name,
        caption=words.caption(series[0]),
        subtitle=_subtitle(series, words),
        heads=(capital(words.writer.field(field)), *column_heads(series, words)),
        rows=tuple(rows),
        numeric=(True,) * len(series),
        notes=notes,
        source=words.source(series[0].population),
    )


def _subtitle(series: Sequence[Series], words: EditionWords) -> str:
    """What the first series shows, and the other periods that stand beside it."""
    text = words.writer.subtitle(series[0])
    periods = dict.fromkeys(words.period(item.population) for item in series)
    for period in list(periods)[1:]:
        text = words.say("part.beside", subtitle=text, period=period)
    return text


def _total(series: Sequence[Series], total: Figure, words: EditionWords) -> RowView:
    edition = total.population.edition
    cells = [
        cell(total, words)
        if (item.unit, item.population.edition) == (total.unit, edition)
        else CellView("")
        for item in series
    ]
    return RowView(capital(words.say("part.total")), tuple(cells), total=True)


def column_heads(series: Sequence[Series], words: EditionWords) -> tuple[str, ...]:
    """A head a series: what is counted, and whichever of period and unit tell them apart."""
    parts = [
        (
            words.writer.population(_without_known(item, words), period=False),
            words.say("kind.share_known" if is_of_known(item, words) else f"kind.{item.kind}"),
            words.period(item.population),
        )
        for item in series
    ]
    telling = [place for place in range(3) if len({part[place] for part in parts}) > 1]
    if not telling:
        telling = [0 if series[0].kind == "count" else 1]
    return tuple(capital(", ".join(part[place] for place in telling)) for part in parts)


def is_of_known(series: Series, words: EditionWords) -> bool:
    """Whether shares are of the rows of which the field that they are broken down by is known."""
    condition = series.population.condition(series.by)
    if series.kind != "share" or condition is None:
        return False
    codelist = words.writer.codelists.get(series.by)
    if codelist is None:
        return condition.negated and condition.given == (UNKNOWN,)
    known = {item.code for item in codelist.codes if not item.missing}
    return known == set(condition.codes)


def _without_known(series: Series, words: EditionWords) -> PopulationSpec:
    """The population of a series, without the condition that the field is known."""
    if not is_of_known(series, words):
        return series.population
    others = tuple(c for c in series.population.conditions if c.field != series.by)
    return series.population.model_copy(update={"conditions": others})


def crosstab_view(name: str, crosstab: Crosstab, words: EditionWords) -> TableView | None:
    """A cross-table, a row a code of its first field; None where it has no cells."""
    if not crosstab.cells:
        return None
    known = words.ledger.figures
    figures = {(item.row, item.column): known.get(item.figure) for item in crosstab.cells}
    columns = dict.fromkeys(column for _, column in figures)
    labels = [capital(words.label(crosstab.columns, column)) for column in columns]
    rows = [
        RowView(
            capital(words.label(crosstab.rows, row)),
            tuple(cell(figures.get((row, column)), words) for column in columns),
        )
        for row in dict.fromkeys(row for row, _ in figures)
    ]
    return TableView(
        id=name,
        caption=words.caption(crosstab),
        subtitle=words.writer.subtitle(crosstab),
        heads=(capital(words.writer.field(crosstab.rows)), *labels),
        rows=tuple(rows),
        numeric=(True,) * len(columns),
        notes=notes_of(list(figures.values()), words),
        source=words.source(crosstab.population),
    )


def figures_view(name: str, figures: Sequence[Figure], words: EditionWords) -> TableView:
    """Figures below each other, with their intervals and the year before where there are any."""
    before = [words.ledger.figures.get(f"{figure.id}.previous") for figure in figures]
    heads = list(words.titles("part.what", "part.value"))
    with_interval = any(figure.interval for figure in figures)
    if with_interval:
        heads += words.titles("part.interval")
    if any(before):
        heads.append(next(capital(words.period(item.population)) for item in before if item))
    rows = []
    for figure, earlier in zip(figures, before, strict=True):
        cells = [cell(figure, words)]
        if with_interval:
            cells.append(CellView(interval_text(figure, words), about=figure.id, parts="low high"))
        if any(before):
            cells.append(cell(earlier, words) if earlier else CellView(""))
        rows.append(RowView(capital(words.name(figure)), tuple(cells)))
    return TableView(
        id=name,
        caption=words.say("part.figures"),
        subtitle=words.writer.population(figures[0].population),
        heads=tuple(heads),
        rows=tuple(rows),
        numeric=(True,) * len(heads[1:]),
        notes=notes_of(figures, words),
        source=words.source(figures[0].population),
    )


def interval_text(figure: Figure, words: EditionWords) -> str:
    """A figure's interval as text; empty where it has none."""
    if figure.interval is None or figure.value is None:
        return ""
    low = words.decimals(figure.interval.low, figure.unit)
    high = words.decimals(figure.interval.high, figure.unit)
    return words.say("part.interval_value", low=low, high=high)


def cell(figure: Figure | None, words: EditionWords) -> CellView:
    """A figure in a cell; one that a series doesn't have was not registered.

    A change stands with its interval: what was counted is exact, a difference in the world isn't.
    """
    if figure is None:
        return CellView(words.value(None))
    text = words.value(figure)
    if figure.kind == "change" and figure.interval is not None:
        text = f"{text} ({interval_text(figure, words)})"
    return CellView(text, figure.id)


def notes_of(figures: Sequence[Figure | None], words: EditionWords) -> tuple[str, ...]:
    """The notes of the breaks that figures are marked with, each once."""
    breaks = dict.fromkeys(name for figure in figures if figure for name in figure.breaks)
    return tuple(words.sentence(words.writer.break_note(name)) for name in breaks)
