"""Make tables of series side by side, of cross-tables and of single figures: rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from helpline_report.charts.chart_figures import ranked
from helpline_report.figures.model import Crosstab, Figure, ReportTable, Series
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
    first, figures = series[0], words.ledger.figures
    columns = [{m.code: figures.get(m.figure) for m in item.members} for item in series]
    codes = list(dict.fromkeys(code for column in columns for code in column))
    if not codes:
        return None
    notes = notes_of((figure for column in columns for figure in column.values()), words)
    left_out = len(codes) - len(codes[:most])
    if left_out:
        codes = ranked(codes, columns[0], first.by, words)[:most]
        notes = (*notes, words.say("part.left_out", count=str(left_out)))
    of_known = [is_of_known(item, words) for item in series]

    def cells(code: str) -> tuple[CellView, ...]:
        return tuple(
            # What isn't known is no part of what is.
            CellView("–") if known and code not in column else cell(column.get(code), words)
            for column, known in zip(columns, of_known, strict=True)
        )

    rows = [RowView(capital(words.label(first.by, code)), cells(code)) for code in codes]
    if total is not None:
        alike = (total.unit, total.population.edition)
        totals = [(item.unit, item.population.edition) == alike for item in series]
        whole = tuple(cell(total, words) if each else CellView("") for each in totals)
        rows.append(RowView(capital(words.say("part.total")), whole, total=True))
    subtitle = words.writer.subtitle(first)
    periods = dict.fromkeys(words.period(item.population) for item in series)
    for period in list(periods)[1:]:
        subtitle = words.say("part.beside", subtitle=subtitle, period=period)
    return TableView(
        id=name,
        caption=words.caption(first),
        subtitle=subtitle,
        heads=(capital(words.writer.field(first.by)), *column_heads(series, words)),
        rows=tuple(rows),
        numeric=(True,) * len(series),
        notes=notes,
        source=words.source(first.population),
    )


def column_heads(series: Sequence[Series], words: EditionWords) -> tuple[str, ...]:
    """A head a series: what is counted, and whichever of period and unit tell them apart."""
    parts = []
    for item in series:
        population, kind = item.population, str(item.kind)
        if is_of_known(item, words):
            # That the field is known is said by the kind.
            others = tuple(each for each in population.conditions if each.field != item.by)
            population, kind = population.model_copy(update={"conditions": others}), "share_known"
        noun = words.writer.population(population, period=False)
        parts.append((noun, words.say(f"kind.{kind}"), words.period(item.population)))
    telling = [place for place in range(3) if len({part[place] for part in parts}) > 1]
    telling = telling or [0 if series[0].kind == "count" else 1]
    return tuple(capital(", ".join(part[place] for place in telling)) for part in parts)


def is_of_known(series: Series, words: EditionWords) -> bool:
    """Whether shares are of the rows of which the field that they are broken down by is known."""
    condition = series.population.condition(series.by)
    if series.kind != "share" or condition is None:
        return False
    codelist = words.writer.codelists.get(series.by)
    if codelist is None:
        return condition.negated and condition.given == (UNKNOWN,)
    return {item.code for item in codelist.codes if not item.missing} == set(condition.codes)


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
        notes=notes_of(figures.values(), words),
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
    ends = (figure.interval.low, figure.interval.high)
    low, high = (words.decimals(end, figure.unit) for end in ends)
    return words.say("part.interval_value", low=low, high=high)


def cell(figure: Figure | None, words: EditionWords) -> CellView:
    """A figure in a cell; one that a series doesn't have was not registered.

    A change stands with its interval: what was counted is exact, a difference in the world isn't.
    """
    text = words.value(figure)
    if figure is not None and figure.kind == "change" and figure.interval is not None:
        text = f"{text} ({interval_text(figure, words)})"
    return CellView(text, figure.id if figure else None)


def notes_of(figures: Iterable[Figure | None], words: EditionWords) -> tuple[str, ...]:
    """The notes of the breaks that figures are marked with, each once."""
    breaks = dict.fromkeys(name for figure in figures if figure for name in figure.breaks)
    return tuple(words.sentence(words.writer.break_note(name)) for name in breaks)
