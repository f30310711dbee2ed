"""Make the charts and tables of a page: drawings with headline, notes and source, rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from helpline_report.charts.chart_figures import (
    LETTERS,
    ORDERED,
    flow_rows,
    number_of,
    ranked,
    shown_by,
)
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.figures.model import Chart, Crosstab, Figure, ReportTable, Series, is_protected
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.prose.vocabulary import UNKNOWN
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import themes
from helpline_report.report.views import CellView, ChartView, RowView, TableView


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
    # A year that there is none of has no column.
    series = [item for item in series if item.reason is None] or series
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


# What a headline may say of: counts, and shares of a whole. A change or a rank has none.
WITH_HEADLINE = ("count", "share")
# The nouns whose totals of other years are drawn.
NOUNS = ("contacts", "persons")


def chart_view(
    chart: Chart, table: TableView, drawings: Sequence[Drawing], words: EditionWords
) -> ChartView:
    """A drawn chart with the table of what it shows. `drawings` are the wide and the narrow one."""
    wide, narrow = drawings
    ledger, notes = words.ledger, list(table.notes)
    if wide.left_out:
        notes.append(words.say("part.left_out_chart", count=str(wide.left_out)))
    # Which counts are hidden, and why; in a cross-table they are squares with strokes.
    names = [cell.figure or "" for row in table.rows for cell in row.cells]
    figures = [ledger.figures[name] for name in names if name in ledger.figures]
    hidden = [each.reason for each in figures if each.status == "suppressed" and each.reason]
    for reason in dict.fromkeys(words.writer.reason(reason) for reason in hidden):
        hatched = chart.kind == "heatmap"
        notes.append(
            words.say("part.hatched", reason=reason) if hatched else words.sentence(reason)
        )
    finding, highest = headline(chart, words), _standing_out(chart, words)
    caption, series = table.caption, ledger.series.get(chart.series or "")
    if chart.kind == "daily" and series is not None:
        # Its table has the days.
        caption = words.caption(series.model_copy(update={"by": "week"}))
    subject = shown_by(chart, ledger) or ledger.figures[chart.figures[0]]
    what = words.say("part.shown", caption=caption, subtitle=table.subtitle)
    return ChartView(
        id=chart.id,
        caption=finding or caption,
        subtitle=what if finding else table.subtitle,
        source=words.source(subject.population),
        wide=wide,
        narrow=narrow,
        paper=wide.in_colours(themes(words.publication)[0].colours),
        # The chart above it has the source.
        table=replace(table, source=""),
        notes=tuple(notes),
        number=CellView(words.writer.value(highest.figure), highest.figure.id) if highest else None,
        # A sentence says what a single ratio is.
        folded=len(chart.figures) == 1,
        in_squares=chart.kind == "heatmap",
    )


def chart_table(chart: Chart, words: EditionWords) -> TableView | None:
    """The table of what a chart shows."""
    ledger = words.ledger
    if chart.crosstab is not None:
        return crosstab_view(chart.id, ledger.crosstabs[chart.crosstab], words)
    if isinstance(shown_by(chart, ledger), Series):
        series = [ledger.series[name] for name in chart.columns if name in ledger.series]
        return series_view(chart.id, series, words)
    figures = [ledger.figures[name] for name in chart.figures]
    if not figures:
        return None
    # What a chart of intervals shows; a single ratio is named here, not in the drawing.
    subtitle, other = words.say("part.intervals_subtitle"), figures[0].of
    if len(figures) == 1 and other is not None:
        noun, period = words.writer.noun(other.noun), words.period(figures[0].population)
        between = {"noun": noun, "period": period, "other": words.period(other)}
        subtitle = words.say("part.intervals_of", **between)
    table = figures_view(chart.id, figures, words)
    return replace(table, caption=words.say("part.intervals"), subtitle=subtitle)


class _Category(NamedTuple):
    """A category, or two of them, with its figure; `missing` says that nothing is known of it."""

    label: str
    figure: Figure
    missing: bool


def headline(chart: Chart, words: EditionWords) -> str:
    """The highest of what a chart shows, in one phrase; nothing where none stands out.

    Nothing is said of what is unknown, of a draw, or of figures that aren't counted.
    """
    source = shown_by(chart, words.ledger)
    if isinstance(source, Series) and chart.kind == "changes":
        return "" if words.ledger.is_artefact(source) else capital(_changes(source, words))
    highest = _standing_out(chart, words)
    if source is None or highest is None:
        return ""
    if isinstance(source, Crosstab):
        key = "time" if (source.rows, source.columns) == ("weekday", "hour") else "most"
    elif source.by in ("month", "weekday", "date"):
        # A time is busy, a category stands first.
        key = source.by
    else:
        key = "most" if source.by in ORDERED else "first"
    value = words.writer.value(highest.figure)
    if isinstance(source, Crosstab) or source.kind != "share":
        noun = words.writer.noun(source.population.noun, one=number_of(highest.figure) == 1)
        value = words.say("headline.count", value=value, noun=noun)
    return capital(words.say(f"headline.{key}", label=highest.label, what=value))


def _changes(series: Series, words: EditionWords) -> str:
    """The code whose count differs most, and by how much; nothing where two differ as much."""
    largest = _largest(
        [
            (abs(place.figure.numerator - place.figure.denominator), place)
            for place in _members(series, words)
            if place.figure.numerator is not None and place.figure.denominator is not None
        ]
    )
    if largest is None or largest.figure.value is None or largest.figure.of is None:
        return ""
    what, then = words.writer.value(largest.figure, "more_less"), words.period(largest.figure.of)
    return words.say("headline.change", label=largest.label, then=then, what=what)


def _standing_out(chart: Chart, words: EditionWords) -> _Category | None:
    """The highest place of what a chart shows; none where nobody can know it, or a draw."""
    source = shown_by(chart, words.ledger)
    # Of days it is weeks that stand out, and the figures are those of days.
    if source is None or words.ledger.is_artefact(source) or chart.kind in ("daily", "changes"):
        return None
    places: list[_Category] = []
    if isinstance(source, Crosstab):
        places = _cells(source, words)
    elif source.kind in WITH_HEADLINE:
        # Of a flow the parts that the whole branches into; none where it has no value.
        rows = flow_rows(chart, source, words) if chart.kind == "flow" else None
        places = [
            _Category(label, figure, words.missing(source.by, figure.code or ""))
            for level, label, figure in rows or ()
            if level == 1
        ] or _members(source, words)
    if any(is_protected(place.figure) for place in places):
        # What isn't shown may be higher.
        return None
    numbers = [(number_of(place.figure), place) for place in places]
    known = [(number, place) for number, place in numbers if number is not None]
    return _largest(known) if any(number > 0 for number, _ in known) else None


def _largest(places: Sequence[tuple[float, _Category]]) -> _Category | None:
    """The one of several places with the largest number; none of a draw, or where it is missing."""
    ranking = sorted(places, key=lambda item: item[0], reverse=True)
    if len(ranking) < 2 or ranking[0][0] == ranking[1][0]:  # noqa: PLR2004 - a draw of two
        return None
    return None if ranking[0][1].missing else ranking[0][1]


def _members(series: Series, words: EditionWords) -> list[_Category]:
    known = words.ledger.figures
    return [
        _Category(words.label(series.by, m.code), known[m.figure], words.missing(series.by, m.code))
        for m in series.members
        if m.figure in known
    ]


def _cells(crosstab: Crosstab, words: EditionWords) -> list[_Category]:
    rows, columns, known = crosstab.rows, crosstab.columns, words.ledger.figures
    categories = []
    for item in crosstab.cells:
        if item.figure in known:
            row, column = words.label(rows, item.row), words.label(columns, item.column)
            missing = words.missing(rows, item.row) or words.missing(columns, item.column)
            label = words.say("headline.cell", row=row, column=column)
            categories.append(_Category(label, known[item.figure], missing))
    return categories


def trend_views(words: EditionWords, drawings: Drawings) -> list[ChartView]:
    """The totals of other years as they were printed: a chart of each noun, with its table."""
    trend = words.ledger.trend or OtherYears(points=(), breaks=())
    views = []
    for noun in NOUNS:
        points = sorted((p for p in trend.points if p.noun == noun), key=lambda point: point.year)
        if points:
            # The breaks that lie among the years of the noun.
            years = range(points[0].year, points[-1].year + 1)
            breaks = sorted(trend.breaks, key=lambda item: item.date)
            within = tuple(item for item in breaks if item.date.year in years)
            own = OtherYears(points=tuple(points), breaks=within)
            views.append(_trend_view(noun, own, words, drawings))
    return views


def _trend_view(noun: str, trend: OtherYears, words: EditionWords, drawings: Drawings) -> ChartView:
    name, subtitle = f"trend.{noun}", words.say("trend.subtitle")
    caption = capital(words.say("trend.caption", noun=words.writer.noun(noun)))
    rows, values = [], []
    for point in trend.points:
        value = words.number(point.value, "count")
        hollow = f" ({words.say('trend.provisional')})" if point.standing != "final" else ""
        values.append(f"{point.year}: {value}{hollow}")
        total = CellView(value, address=f"audit/other-years.html#{point.id}")
        cells = (total, CellView(standing_of_print(point, words)), CellView(point.source))
        rows.append(RowView(str(point.year), cells))
    alt = f"{words.say('trend.kind')}. {caption}. {'; '.join(values)}."
    wide, narrow = drawings.of_trend(name, trend, alt)
    table = TableView(
        id=f"{name}.table",
        caption=caption,
        subtitle=subtitle,
        heads=words.titles("trend.year", "trend.value", "trend.standing", "trend.source"),
        rows=tuple(rows),
        numeric=(True, False, False),
    )
    return ChartView(
        id=name,
        caption=caption,
        subtitle=subtitle,
        wide=wide,
        narrow=narrow,
        paper=wide.in_colours(drawings.themes[0].colours),
        table=table,
        notes=tuple(_trend_notes(trend, words)),
        audit=f"audit/other-years.html#{trend.points[0].id}",
        folded=noun != NOUNS[0],
    )


def standing_of_print(point: PrintedYear, words: EditionWords) -> str:
    """How a total stands: as it was printed, or provisional, and why."""
    if point.standing == "final":
        return words.say("trend.final")
    why = words.translated(point.why) if point.why else ""
    return words.say("trend.provisional_why", why=why) if why else words.say("trend.provisional")


def _trend_notes(trend: OtherYears, words: EditionWords) -> list[str]:
    """That nothing was counted, what the letters are, and where prints contradict each other."""
    notes = [words.say("trend.not_counted")]
    notes += [
        words.say("trend.break", letter=letter, note=words.translated(item.note).rstrip("."))
        for letter, item in zip(LETTERS, trend.breaks, strict=False)
    ]
    final = [point for point in trend.points if point.standing == "final"]
    for year in dict.fromkeys(point.year for point in final):
        prints = [point for point in final if point.year == year]
        if len({point.value for point in prints}) > 1:
            values = [f"{words.number(p.value, 'count')} ({p.source})" for p in prints]
            both = words.writer.idiom.join(values)
            notes.append(words.say("trend.contradiction", year=str(year), prints=both))
    return notes
